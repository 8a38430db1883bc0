"""JSON Patch as the API server applies it: RFC 6902 with the liberties and the words of evanphx/json-patch.

Replacing what isn't there adds it, copying it copies null, a missing value is null, and negative indexes count from the end.
"""

from __future__ import annotations

from pkctl.objects import jsonfaults, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

MISSING = "missing value"
NO_PATH, TELLING = "operation missing path field: ", ("move", "replace", "test")
"""What some operations say besides when they have no path."""


class Unfit(ValueError):
    """A patch that can't be read or does not fit; the text is the API server's."""


PLAIN = frozenset(("add", "copy", "move", "remove", "replace"))


def is_plain(operations: Any) -> bool:
    """Whether a patch has only operations that every implementation agrees on, as long as they succeed; tests compare in Go's way."""
    return isinstance(operations, list) and all(isinstance(each, dict) and each.get("op") in PLAIN for each in operations)


def apply(doc: Any, operations: Any) -> Any:
    """`doc` with the operations carried out one by one; both stay as they are. Unfit."""
    if not isinstance(operations, list):
        raise Unfit(f"json: cannot unmarshal {jsonfaults.word(operations)} into Go value of type jsonpatch.Patch")
    root = [meta.clone(doc)]
    for operation in operations:
        if not isinstance(operation, dict):
            raise Unfit(f"json: cannot unmarshal {jsonfaults.word(operation)} into Go value of type jsonpatch.Operation")
    for operation in operations:
        kind = operation.get("op", "unknown")
        if kind not in OPERATIONS:
            raise Unfit(f"Unexpected kind: {kind}")
        OPERATIONS[kind](root, operation)
    return root[0]


def _pointer(operation: dict[str, Any], name: str) -> str:
    path = operation.get(name)
    if not isinstance(path, str):
        kind = operation["op"]
        cause = "operation, missing from field: " if name == "from" else NO_PATH if kind in TELLING else ""
        raise Unfit(f"{kind} operation failed to decode {name}: {cause}{MISSING}")
    return path


def _find(root: list[Any], path: str) -> tuple[Any, str]:
    """The container that a path's last part is a key of, and that key; None where there is none."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")]
    if len(parts) < 2:
        return None, ""
    found = root[0]
    for part in parts[1:-1]:
        try:
            found = _get(found, part)
        except Unfit:
            return None, ""
    return (found if isinstance(found, (dict, list)) else None), parts[-1]


def _get(container: Any, key: str) -> Any:
    if isinstance(container, dict):
        if key not in container:
            raise Unfit(f"unable to get nonexistent key: {key}: {MISSING}")
        return container[key]
    if not isinstance(container, list):
        raise Unfit(MISSING)
    return container[_index(key, len(container))]


def _index(key: str, size: int) -> int:
    try:
        index = int(key)
    except ValueError:
        raise Unfit(f'strconv.Atoi: parsing "{key}": invalid syntax') from None
    if not -size <= index < size:
        raise Unfit(f"Unable to access invalid index: {index}: invalid index referenced")
    return index + size if index < 0 else index


def _put(container: Any, key: str, value: Any) -> None:
    """Sets a key, or inserts into a list."""
    if isinstance(container, dict):
        container[key] = value
    elif key == "-":
        container.append(value)
    else:
        try:
            index = _index(key, len(container) + 1)
        except Unfit as error:
            raise Unfit(f"value was not a proper array index: '{key}': {error}" if "Atoi" in str(error) else str(error)) from None
        container.insert(index, value)


def _pull(container: Any, key: str) -> Any:
    if isinstance(container, list):
        return container.pop(_index(key, len(container)))
    if key not in container:
        raise Unfit(f"Unable to remove nonexistent key: {key}: {MISSING}")
    return container.pop(key)


def _within(where: str, action: Callable[..., Any], *args: Any) -> Any:
    try:
        return action(*args)
    except Unfit as error:
        raise Unfit(f"{where}: {error}") from None


def _add(root: list[Any], operation: dict[str, Any]) -> None:
    path = _pointer(operation, "path")
    container, key = _find(root, path)
    if container is None:
        raise Unfit(f'add operation does not apply: doc is missing path: "{path}": {MISSING}')
    _within(f"error in add for path: '{path}'", _put, container, key, meta.clone(operation.get("value")))


def _remove(root: list[Any], operation: dict[str, Any]) -> None:
    path = _pointer(operation, "path")
    container, key = _find(root, path)
    if container is None:
        raise Unfit(f'remove operation does not apply: doc is missing path: "{path}": {MISSING}')
    _within(f"error in remove for path: '{path}'", _pull, container, key)


def _replace(root: list[Any], operation: dict[str, Any]) -> None:
    path, value = _pointer(operation, "path"), meta.clone(operation.get("value"))
    if not path:
        root[0] = value
        return
    container, key = _find(root, path)
    if container is None:
        raise Unfit(f"replace operation does not apply: doc is missing path: {path}: {MISSING}")
    if isinstance(container, dict):
        container[key] = value
        return
    try:
        container[_index(key, len(container))] = value
    except Unfit:
        raise Unfit(f"replace operation does not apply: doc is missing key: {path}: {MISSING}") from None


def _move(root: list[Any], operation: dict[str, Any]) -> None:
    source = _pointer(operation, "from")
    container, key = _find(root, source)
    if container is None:
        raise Unfit(f"move operation does not apply: doc is missing from path: {source}: {MISSING}")
    value = _within(f"error in move for path: '{key}'", _pull, container, key)
    path = _pointer(operation, "path")
    container, key = _find(root, path)
    if container is None:
        raise Unfit(f"move operation does not apply: doc is missing destination path: {path}: {MISSING}")
    _within(f"error in move for path: '{path}'", _put, container, key, value)


def _copy(root: list[Any], operation: dict[str, Any]) -> None:
    source = _pointer(operation, "from")
    container, key = _find(root, source)
    if container is None:
        raise Unfit(f"copy operation does not apply: doc is missing from path: {source}: {MISSING}")
    if isinstance(container, dict):
        value = container.get(key)
    else:
        value = _within(f"error in copy for from: '{source}'", _get, container, key)
    path = _pointer(operation, "path")
    container, key = _find(root, path)
    if container is None:
        raise Unfit(f"copy operation does not apply: doc is missing destination path: {path}: {MISSING}")
    _within("error while adding value during copy", _put, container, key, meta.clone(value))


def _test(root: list[Any], operation: dict[str, Any]) -> None:
    path = _pointer(operation, "path")
    container, key = _find(root, path) if path else (root, "0")
    if container is None:
        raise Unfit(f"test operation does not apply: is missing path: {path}: {MISSING}")
    if isinstance(container, dict):
        value = container.get(key)
    else:
        value = _within(f"error in test for path: '{path}'", _get, container, key)
    if not same(value, operation.get("value")):
        raise Unfit(f"testing value {path} failed: test failed")


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are equal; 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


OPERATIONS: dict[str, Callable[[list[Any], dict[str, Any]], None]] = {
    "add": _add, "copy": _copy, "move": _move, "remove": _remove, "replace": _replace, "test": _test,
}  # fmt: skip
