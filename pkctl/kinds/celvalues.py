"""Values as CEL expressions see them: fields by their escaped names, only what a schema declares, times as times.

Follows apiextensions-apiserver's pkg/apiserver/schema/cel/values.go. Not here: the types that a schema gives (`celtypes`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.customnodes import Node

RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "namespace", "null",
    "package", "return", "true", "var", "void", "while",
})  # fmt: skip
TIMES = {"date": "timestamp", "date-time": "timestamp", "duration": "duration"}
SEEN_METADATA = ("name", "generateName")


def escaped(name: str) -> str:
    """A property's name as an identifier of CEL; "" for one that can't be."""
    if name in RESERVED:
        return f"__{name}__"
    for text, instead in (("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")):
        name = name.replace(text, instead)
    return name if name.isascii() and name.isidentifier() else ""


def typed(node: Node | None, value: Any, *, is_root: bool = False) -> Any:
    """A value as expressions see it; numbers as doubles where the schema says so, base64 as bytes, times as messages of protobuf."""
    if isinstance(value, dict):
        if node is not None and node.extra is not None:
            return {key: typed(node.extra, each) for key, each in value.items()}
        return {escaped(name): each for name, each in _visible(node, value, is_root)}
    if isinstance(value, list):
        return [typed(node.items if node else None, each) for each in value]
    if node is None or node.is_int_or_string or value is None:
        return value
    return _scalar(node, value)


def _scalar(node: Node, value: Any) -> Any:
    """A value that isn't of its node's type stays what it is: it was stored under another schema."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if node.type == "number" and is_number:
        return float(value)
    if node.type == "integer" and is_number and float(value).is_integer():
        return int(value)
    if node.type == "string" and isinstance(value, str):
        return _text(str(node.schema.get("format")), value)
    return value


def _text(form: str, value: str) -> Any:
    from binascii import Error, a2b_base64

    try:
        if form == "byte":
            return a2b_base64(value)
        return moment(TIMES[form], value) if form in TIMES else value
    except (Error, ValueError):
        return value


def moment(kind: str, text: str) -> Any:
    """A timestamp or a duration as the library takes it; ValueError for a text that is none."""
    from google.protobuf import duration_pb2, timestamp_pb2

    from pkctl.objects import times

    if kind == "duration":
        seconds = times.parse_duration(text)
    else:
        seconds = times.parse(f"{text}T00:00:00Z" if len(text) == 10 else text)
    whole = int(seconds)
    made = duration_pb2.Duration if kind == "duration" else timestamp_pb2.Timestamp
    if kind == "timestamp" and seconds < whole:
        whole -= 1
    return made(seconds=whole, nanos=round((seconds - whole) * 1e9))


def _visible(node: Node | None, value: dict[str, Any], is_root: bool) -> list[tuple[str, Any]]:
    known = [(name, node.field(name)) for name in value] if node is not None else []
    found = [(name, typed(part, value[name], is_root=part.is_embedded)) for name, part in known if part is not None and escaped(name)]
    if is_root or (node is not None and node.is_embedded):
        found = [(name, each) for name, each in found if name not in ("apiVersion", "kind", "metadata")]
        found += [(name, value.get(name, "")) for name in ("apiVersion", "kind")]
        found.append(("metadata", _own(value)))
    return found


def _own(value: dict[str, Any]) -> dict[str, Any]:
    """What rules may see of metadata."""
    own = value.get("metadata")
    return {name: own[name] for name in SEEN_METADATA if name in own} if isinstance(own, dict) else {}
