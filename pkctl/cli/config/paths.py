"""`set` and `unset` of one property by its dotted name (kubectl's cmd/config/navigation_step_parser.go, set.go, unset.go)."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.kubeconfigs import files, typed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

ELEMENTS = {"clusters": "Cluster", "contexts": "Context", "users": "AuthInfo"}
"""What each list holds; that a user acts `as` another is called `act-as` in properties."""


def split(name: str, *, is_whole: bool = False) -> tuple[str, str, str]:
    """(list or "", entry or "", field or "") of a property's name, `is_whole` for fields that hold more than a text too.

    CommandError for a name that isn't understood."""
    parts = name.split(".")
    head, rest = parts[0], parts[1:]
    if head not in typed.fields("Config"):
        raise errors.CommandError(f"unable to parse {name} after [] at api.Config")
    if head == "preferences" and rest:
        if rest != ["colors"]:
            raise errors.CommandError(f"unable to parse {'.'.join(rest)} after [preferences] at api.Preferences")
        return "", "preferences", "colors"
    if head not in ELEMENTS:
        if rest:
            raise errors.CommandError(f"unable to parse one or more field values of {name}")
        return "", "", head
    return _entry(name, head, rest, is_whole)


def _entry(name: str, head: str, rest: list[str], is_whole: bool) -> tuple[str, str, str]:
    known = typed.fields(ELEMENTS[head])
    names = {f"act-{field}" if field.startswith("as") else field: field for field in known}
    at = next((at for at in range(1, len(rest)) if rest[at] in names), len(rest))
    entry, tail = ".".join(rest[:at]), [names.get(each, each) for each in rest[at:]]
    if len(tail) > 1 or (tail and not is_whole and known[tail[0]].removesuffix("!") not in typed.EMPTY):
        raise errors.CommandError(f"unable to parse one or more field values of {name}")
    return head, entry, tail[0] if tail else ""


def value(kind: str, text: str, *, raw: bool) -> Any:
    """A property's text as a value of its type; CommandError in Go's words."""
    if kind == "b":
        from pkctl.cli import flags

        if text not in flags.BOOLS:
            raise errors.CommandError(f'strconv.ParseBool: parsing "{text}": invalid syntax')
        return flags.BOOLS[text]
    if kind == "d" and raw:
        import base64

        return base64.b64encode(text.encode()).decode()
    if kind == "d":
        try:
            return typed.recoded(text)
        except errors.CommandError as error:
            raise errors.CommandError(f"error decoding input value: {error}") from None
    return text


def kind_of(plural: str, entry: str, field: str) -> str:
    """The type of a field that `split` found."""
    struct = ELEMENTS.get(plural, "Preferences" if entry else "Config")
    return typed.fields(struct)[field].removesuffix("!")


def unset_list(ctx: Any, plural: str) -> None:
    """Empty a list in every file that has entries of it."""
    for each in files.of(ctx.settings)[plural]:
        files.put(ctx.settings, plural, each["name"], None)
