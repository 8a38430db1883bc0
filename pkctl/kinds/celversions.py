"""CEL's semantic versions. Follows apiserver/pkg/cel/library/semverlib.go and blang/semver."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "kubernetes.Semver"
PART = r"(?:0|[1-9]\d*)"
PATTERN = rf"({PART})\.({PART})\.({PART})(?:-((?:{PART}|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:{PART}|\d*[A-Za-z-][0-9A-Za-z-]*))*))?"
BUILD = r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"


def _match(text: str) -> Any:
    import re

    found = re.fullmatch(PATTERN + BUILD, text)
    if found is None:
        parts = text.split(".", 2)
        if not text:
            raise ValueError("Version string empty")
        if len(parts) < 3:
            raise ValueError("No Major.Minor.Patch elements found")
        names = ("major", "minor", "patch")
        named = ((name, part) for name, part in zip(names, parts, strict=True) if not part.isdecimal())
        name, wrong = next(named, ("patch", parts[2]))
        raise ValueError(f'Invalid character(s) found in {name} number "{wrong}"')
    return found


def _normal(text: str) -> str:
    """As a version without its `v`, with its missing numbers, and without leading zeros."""
    parts = text.removeprefix("v").split(".", 2)
    for at, part in enumerate(parts):
        if len(part) > 1:
            bare = part.lstrip("0")
            parts[at] = bare if bare[:1].isdigit() else f"0{bare}"
    if len(parts) < 3 and ("+" in parts[-1] or "-" in parts[-1]):
        raise ValueError("short version cannot contain PreRelease/Build meta data")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def _version(text: str, is_normalized: bool = False) -> dict[str, str]:
    return {VERSION: str(_match(_normal(text) if is_normalized else text)[0])}


def _is_version(text: str, is_normalized: bool = False) -> bool:
    try:
        _version(text, is_normalized)
    except ValueError:
        return False
    return True


def _rank(version: Any) -> tuple[Any, ...]:
    """What versions are ordered by: a release comes after what precedes it, numbers before words; builds don't count."""
    found = _match(version[VERSION])
    before = [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in (found[4] or "").split(".") if part]
    return (*(int(found[at]) for at in (1, 2, 3)), not before, before)


def compare(one: Any, other: Any) -> int:
    """-1, 0 or 1."""
    mine, theirs = _rank(one), _rank(other)
    return int(mine > theirs) - int(mine < theirs)


FUNCTIONS: tuple[tuple[str, str, Any], ...] = (
    ("semver", "s>v", _version),
    ("semver", "sb>v", _version),
    ("isSemver", "s>b", _is_version),
    ("isSemver", "sb>b", _is_version),
    (".major", "v>i", lambda one: _rank(one)[0]),
    (".minor", "v>i", lambda one: _rank(one)[1]),
    (".patch", "v>i", lambda one: _rank(one)[2]),
)
"""As `customfunctions.FUNCTIONS`."""
