"""Keys that stand twice in one mapping, as goyaml.v3 tells of them when kustomize reads an object again that it has written."""

from __future__ import annotations

from pkctl.objects import yamls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def clashes(text: str) -> list[str]:
    """What is told of the first document that has such keys, which is then read no further; [] for none.

    Lines are those of the document written again, which has fewer.
    """
    for part in yamls.split(text):
        node = yamls.compose(part)
        if node is None:
            continue
        lines = part.split("\n")
        gone = _gone(node, lines) | {number for number, line in enumerate(lines) if line.startswith("---")}
        places = [number - sum(other <= number for other in gone) + 1 for number in range(len(lines))]
        if found := list(_clashing(node, places)):
            return found
    return []


def _gone(node: Any, lines: list[str]) -> set[int]:
    """The lines that are no more when a document is written again: empty ones, and what goes on one line then."""
    blank = {number for number, line in enumerate(lines) if line.strip() in ("", "-")}
    for each in _nodes(node):
        first, last = each.start_mark.line, each.end_mark.line
        if each.id == "scalar" and each.style in ("|", ">"):
            last = max((number for number in range(first, last) if lines[number].strip()), default=first)
            blank -= set(range(first, last + 1))
        elif each.id == "scalar" or each.flow_style:
            blank |= set(range(first + 1, last + 1))
    return blank


def _nodes(node: Any) -> Iterator[Any]:
    yield node
    for each in () if node.id == "scalar" else node.value:
        for part in each if isinstance(each, tuple) else (each,):
            yield from _nodes(part)


def _clashing(node: Any, places: list[int]) -> Iterator[str]:
    pairs = [(key.value, places[key.start_mark.line]) for key, _ in node.value if key.id == "scalar"] if node.id == "mapping" else []
    found = [
        f'line {line}: mapping key "{key}" already defined at line {first}'
        for number, (key, first) in enumerate(pairs)
        for other, line in pairs[number + 1 :]
        if other == key
    ]
    yield from found
    if node.id != "scalar" and not found:
        for each in node.value:
            yield from _clashing(each[1] if node.id == "mapping" else each, places)
