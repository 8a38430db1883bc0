"""Walking to the field that a spec names, through lists, making what is missing where the spec says so (api/filters/fieldspec)."""

from __future__ import annotations

from pkctl.kustomize import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kustomize.nodes import Node

    Set = Callable[[Any], Any]


class Nameless(texts.KustomizeError):
    """A path with a field that has no name."""


def parts(path: str) -> list[str]:
    """A path's parts; it may begin with a slash, and `\\/` stands for one within a part."""
    made = [""]
    for part in path.split("/"):
        if made[-1].endswith("\\"):
            made[-1] = f"{made[-1][:-1]}/{part}"
        else:
            made.append(part)
    return made[1:] if made[1] or not made[2:] else made[2:]


def visit(node: Node, spec: dict[str, Any], change: Set, *, empty: Any = None) -> None:
    """Give each value at the spec's path to `change` and put what it returns there; `empty` is what a missing one is made as.

    Specs of other kinds do nothing. `change` may be given any JSON value. Raises Nameless."""
    if not node.obj or not node.id.is_selected(spec):
        return
    try:
        _into(node.obj, parts(spec["path"]), change, bool(spec.get("create")), empty)
    except Nameless as error:
        raise error.under(f"considering field '{spec['path']}' of object {node.id}") from None


def _into(value: Any, path: list[str], change: Set, create: bool, empty: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _into(each, path, change, create, empty)
        return
    if not isinstance(value, dict):
        return
    name, rest = path[0].removesuffix("[]"), path[1:]
    if not name:
        raise Nameless("cannot set or create an empty field name")
    if value.get(name) is None:
        if not create or path[0].endswith("[]"):
            return
        value[name] = {} if rest else empty() if callable(empty) else empty
    if rest:
        _into(value[name], rest, change, create, empty)
    else:
        value[name] = change(value[name])
