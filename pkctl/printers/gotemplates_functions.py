"""The functions of Go templates: Go's own (text/template/funcs.go) and kubectl's `exists` and `base64decode`.

Each takes values and returns one, or raises CallError with Go's text. `and` and `or` are the runner's, since they stop early.
"""

from __future__ import annotations

from pkctl.printers import gotemplates_printf as printf
from pkctl.printers.gotemplates_parsing import Int

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class CallError(ValueError):
    """Why a function can't answer."""


class Missing:
    """A value that isn't there at all, unlike a null."""

    def __repr__(self) -> str:
        return "<no value>"


MISSING = Missing()
JS = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}
HTML = {"\0": "\ufffd", '"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;"}
ZERO = "reflect: call of reflect.Value.Type on zero Value"


def is_true(value: Any) -> bool:
    """Go's truth: not zero, not empty, there at all."""
    return value is not MISSING and bool(value)


def go(value: Any) -> Any:
    """A value for Go's fmt, to which a missing one is nil."""
    return None if value is MISSING else value


def length(value: Any) -> Int:
    """`len`: of strings in bytes."""
    if value is MISSING or value is None:
        raise CallError(ZERO if value is MISSING else "len of nil pointer")
    if isinstance(value, str):
        return Int(len(value.encode()))
    if isinstance(value, (dict, list)):
        return Int(len(value))
    raise CallError(f"len of type {printf.type_name(value)}")


def index(value: Any, *keys: Any) -> Any:
    """`index`: into maps by key, into lists and strings by number."""
    if value is MISSING or value is None:
        raise CallError("index of untyped nil")
    for key in keys:
        if isinstance(value, dict):
            value = _entry(value, key)
        elif isinstance(value, (list, str)):
            items = value.encode() if isinstance(value, str) else value
            at = _position(key, len(items), closed=False)
            value = items[at] if isinstance(value, list) else Int(items[at])
        elif value is MISSING or value is None:
            raise CallError("index of nil pointer")
        else:
            raise CallError(f"can't index item of type {printf.type_name(value)}")
    return value


def _entry(value: dict[str, Any], key: Any) -> Any:
    if key is MISSING or key is None:
        raise CallError("value is nil; should be of type string")
    if not isinstance(key, str):
        raise CallError(f"value has type {printf.type_name(key)}; should be string")
    return value.get(key, MISSING)


def _position(key: Any, size: int, *, closed: bool) -> int:
    if key is MISSING or key is None:
        raise CallError("cannot index slice/array with nil")
    if not isinstance(key, int) or isinstance(key, bool):
        raise CallError(f"cannot index slice/array with type {printf.type_name(key)}")
    if not 0 <= key < size + closed:
        raise CallError(f"index out of range: {int(key)}")
    return int(key)


def cut(value: Any, *keys: Any) -> Any:
    """`slice`: a part of a list or of a string's bytes."""
    if value is MISSING or value is None:
        raise CallError("slice of untyped nil")
    if len(keys) > 3:
        raise CallError(f"too many slice indexes: {len(keys)}")
    if not isinstance(value, (list, str)):
        raise CallError(f"can't slice item of type {printf.type_name(value)}")
    if isinstance(value, str) and len(keys) == 3:
        raise CallError("cannot 3-index slice a string")
    items = value.encode() if isinstance(value, str) else value
    ends = [_position(key, len(items), closed=True) for key in keys]
    for number, end in enumerate(ends[1:]):
        if ends[number] > end:
            raise CallError(f"invalid slice index: {ends[number]} > {end}")
    part = items[ends[0] if ends else 0 : ends[1] if len(ends) > 1 else len(items)]
    return part.decode(errors="replace") if isinstance(part, bytes) else part


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    kinds = ((int, "int"), (float, "float"), (complex, "complex"), (str, "string"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "")


def equal(first: Any, *others: Any) -> bool:
    """`eq`: whether the first equals any of the others."""
    if not others:
        raise CallError("missing argument for comparison")
    return any(_equal(first, other) for other in others)


def _equal(first: Any, other: Any) -> bool:
    kind = _kind(first)
    if kind != _kind(other):
        if not {id(first), id(other)} & {id(MISSING), id(None)}:
            raise CallError(f"incompatible types for comparison: {printf.type_name(first)} and {printf.type_name(other)}")
        return False
    if kind:
        return bool(first == other)
    if go(first) is None or go(other) is None:
        return go(first) is go(other)
    raise CallError(f"non-comparable type {printf.sprintf('%s', first)}: {printf.type_name(first)}")


def less(first: Any, other: Any) -> bool:
    """`lt`: of two numbers or two strings."""
    kind, second = _kind(first), _kind(other)
    if not kind or not second:
        raise CallError("invalid type for comparison")
    if kind != second:
        raise CallError(f"incompatible types for comparison: {printf.type_name(first)} and {printf.type_name(other)}")
    if kind in ("bool", "complex"):
        raise CallError("invalid type for comparison")
    return bool(first < other)


def printable(values: tuple[Any, ...]) -> str:
    """What html, js and urlquery work on: a lone string as it is, anything else as print shows it."""
    return printf.sprint(*("<no value>" if go(value) is None else value for value in values))


def html(*values: Any) -> str:
    """`html`: text that is safe within HTML."""
    return "".join(HTML.get(char, char) for char in printable(values))


def js(*values: Any) -> str:
    """`js`: text that is safe within a JavaScript string."""
    return "".join(JS.get(char) or (char if char.isprintable() else f"\\u{ord(char):04X}") for char in printable(values))


def urlquery(*values: Any) -> str:
    """`urlquery`: text that is safe within a URL's query."""
    from urllib.parse import quote_plus

    return quote_plus(printable(values))


def call(function: Any, *_: Any) -> Any:
    """`call`: objects hold no functions, so it always fails."""
    raise CallError("call of nil" if go(function) is None else f"non-function of type {printf.type_name(function)}")


def exists(value: Any, *keys: Any) -> bool:
    """kubectl's `exists`: whether a path of keys and indexes leads anywhere; no path at all does."""
    for key in keys:
        try:
            value = index(value, key)
        except CallError:
            return False
        if value is MISSING:
            return False
    return True


def base64decode(text: str) -> str:
    """kubectl's `base64decode`."""
    from base64 import b64decode

    from pkctl.objects import base64s

    fault = base64s.fault(text)
    if fault >= 0:
        raise CallError(f"base64 decode failed: illegal base64 data at input byte {fault}")
    return b64decode(text).decode(errors="replace")


def _print(*values: Any) -> str:
    return printf.sprint(*map(go, values))


def _println(*values: Any) -> str:
    return printf.sprintln(*map(go, values))


def _printf(form: str, *values: Any) -> str:
    return printf.sprintf(form, *map(go, values))


FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int | None]] = {
    "base64decode": (base64decode, 1, 1),
    "call": (call, 1, None),
    "eq": (equal, 1, None),
    "exists": (exists, 1, None),
    "ge": (lambda first, other: not less(first, other), 2, 2),
    "gt": (lambda first, other: not less(first, other) and not equal(first, other), 2, 2),
    "html": (html, 0, None),
    "index": (index, 1, None),
    "js": (js, 0, None),
    "le": (lambda first, other: less(first, other) or equal(first, other), 2, 2),
    "len": (length, 1, 1),
    "lt": (less, 2, 2),
    "ne": (lambda first, other: not equal(first, other), 2, 2),
    "not": (lambda value: not is_true(value), 1, 1),
    "print": (_print, 0, None),
    "printf": (_printf, 1, None),
    "println": (_println, 0, None),
    "slice": (cut, 1, None),
    "urlquery": (urlquery, 0, None),
}
"""Name: function, fewest and most arguments (None: any number)."""

STRINGS = frozenset(("base64decode", "printf"))
"""Functions whose first argument must be a string."""

NAMES = frozenset((*FUNCTIONS, "and", "or"))
