"""Warnings about files that would stand at one path of a volume, or nowhere. Follows warningsForOverlappingVirtualPaths of pkg/api/pod."""

from __future__ import annotations

from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pkctl.objects.meta import Object

SOURCES = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName"), ("downwardAPI", "DownwardAPI", ""))
"""Volumes whose files are listed: the field, its word in a warning, and what names the object that they come from."""

PROJECTED = (("configMap", "ConfigMap", "name"), ("secret", "Secret", "name"), ("downwardAPI", "DownwardAPI", ""))
ONE_FILE = (("serviceAccountToken", "ServiceAccountToken"), ("clusterTrustBundle", "ClusterTrustBundle"))


def overlapping(volumes: Sequence[Object]) -> Iterator[str]:
    """A text for each file that another hides."""
    for volume in volumes:
        name = fields.quoted(str(volume.get("name") or ""))
        for kind, word, key in SOURCES:
            source = volume.get(kind)
            if source is not None and source.get("items") is not None:
                yield from _clashes(_paths(source), f"volume {name} ({_titled(word, source, key)}): overlapping paths")
        if volume.get("projected") is not None:
            yield from _projected(volume["projected"].get("sources") or (), name)


def _titled(word: str, source: Object, key: str) -> str:
    return f"{word} {fields.quoted(str(source.get(key) or ''))}" if key else word


def _paths(source: Object) -> list[str]:
    return [str(item.get("path") or "") for item in source.get("items") or ()]


def _projected(sources: Sequence[Object], name: str) -> Iterator[str]:
    known: set[str] = set()
    paths: list[str] = []
    told = ""
    for source in sources:
        if all(part is None for part in source.values()):
            yield f"volume {name} (Projected) has no sources provided"
            continue
        # Upstream goes on with the source before where one lists no files.
        paths, told = _files(source) or (paths, told)
        if not paths:
            continue
        text = f"volume {name} (Projected {told}): overlapping paths"
        yield from _clashes(paths, text)
        yield from _clashes(sorted([*set(paths), *known]), text)
        known |= set(paths)


def _files(source: Object) -> tuple[list[str], str] | None:
    for kind, word, key in PROJECTED:
        held = source.get(kind)
        if held is not None and held.get("items") is not None:
            return _paths(held), _titled(word, held, key)
    for kind, word in ONE_FILE:
        held = source.get(kind)
        if held is not None:
            key = "" if kind == "serviceAccountToken" else "name" if held.get("name") is not None else "signerName"
            return [str(held.get("path") or "")], _titled(word, held, key)
    return None


def _clashes(paths: Iterable[str], text: str) -> Iterator[str]:
    seen: list[str] = []
    for path in (each.rstrip("/") for each in paths):
        other = next((each for each in seen if _overlap(each, path)), "") if path and "" not in seen else ""
        if other:
            yield f"{text}: {fields.quoted(path)} with {fields.quoted(other)}"
        seen.append(path)


def _overlap(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
