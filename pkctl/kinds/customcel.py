"""CEL as Kubernetes has it: compiling and evaluating expressions over values that are typed by a schema.

The language is Google's own library's (cel-expr-python, imported when the first expression is met); Kubernetes' additions to it are
`customfunctions`. Follows apiserver/pkg/cel and apiextensions-apiserver/pkg/apiserver/schema/cel. Not here: which rules apply where.
"""

from __future__ import annotations

import json

from pkctl.kinds import customnodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pkctl.kinds.customnodes import Node

RESERVED = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop", "namespace", "null",
    "package", "return", "true", "var", "void", "while",
})  # fmt: skip
TIMES = {"date": "timestamp", "date-time": "timestamp", "datetime": "timestamp", "duration": "duration"}
OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run"
SEEN_METADATA = ("name", "generateName")


class CelError(Exception):
    """An expression that can't be compiled or evaluated; the text is Kubernetes'."""


class Expression:
    """One compiled expression over `self` and `oldSelf`."""

    __slots__ = ("_has_times", "_is_optional", "_node", "_program", "_text", "uses_old")

    def __init__(self, text: str, node: Node, *, wanted: str = "bool", is_optional: bool = False) -> None:
        """Raises CelError when `text` doesn't compile or doesn't give the `wanted` type; `is_optional` makes oldSelf an optional."""
        self._text, self._node, self._is_optional = text, node, is_optional
        self.uses_old = "oldSelf" in words(text)
        self._has_times = has_times(node)
        check_fields(text, node, skip_old=is_optional)
        self._program = self._compiled(wanted)

    def _compiled(self, wanted: str) -> Any:
        types = {} if self._has_times else {"self": self._node}
        if not self._is_optional:
            types |= {"oldSelf": self._node} if types else {}
        program = compiled(self._text, types)
        if program.return_type().name() not in (wanted.upper(), "DYN"):
            raise CelError(f"must evaluate to a {wanted}")
        return program

    def value(self, current: Any, old: Any, has_old: bool, *, is_root: bool) -> Any:
        """What the expression gives; CelError with what went wrong."""
        if not self._has_times and not self._is_optional:
            known = {"self": typed(self._node, current, is_root=is_root)}
            if has_old:
                known["oldSelf"] = typed(self._node, old, is_root=is_root)
            return result(self._program, known)
        return result(compiled(self._bound(current, old, has_old, is_root), {}), {})

    def _bound(self, current: Any, old: Any, has_old: bool, is_root: bool) -> str:
        """The expression with its variables written out: times and optionals can't be handed to the library as values."""
        text = f"({self._text}\n)"
        if has_old or self._is_optional:
            shown = literal(self._node, old, is_root=is_root) if has_old else ""
            if self._is_optional:
                shown = f"optional.of(dyn({shown}))" if has_old else "optional.none()"
            else:
                shown = f"dyn({shown})"
            text = f"cel.bind(oldSelf, {shown}, {text})"
        return f"cel.bind(self, dyn({literal(self._node, current, is_root=is_root)}), {text})"


def compiled(text: str, types: Mapping[str, Node]) -> Any:
    """A program of the library's; variables without a type are dynamic. Raises CelError."""
    try:
        return environment(("self", "oldSelf"), {name: cel_type(node) for name, node in types.items()}).compile(text)
    except RuntimeError as error:
        shown = str(error).removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]").rstrip("\n")
        raise CelError(f"compilation failed: {shown}") from None


def result(program: Any, known: Mapping[str, Any]) -> Any:
    """The plain value that a program gives; CelError with Kubernetes' text of what went wrong."""
    try:
        found = program.eval(data=dict(known))
    except RuntimeError as error:
        raise CelError(str(error)) from None
    if found.type().name() == "ERROR":
        raise CelError(_error_text(str(found.value())))
    return found.plain_value()


def _error_text(text: str) -> str:
    code, _, rest = text.partition(": ")
    if rest.startswith("Key not found in map"):
        return f"no such key: {rest.rpartition(': ')[2].strip(chr(34))}"
    if rest.startswith("No matching overloads found"):
        return "no such overload"
    if "budget exceeded" in rest:
        return OUT_OF_BUDGET
    return {"divide by zero": "division by zero"}.get(rest, rest or code)


_environments: dict[tuple[tuple[str, str], ...], Any] = {}
"""The library's environments by the names and types of their variables; they hold no state of a cluster."""


def environment(names: Iterable[str], types: Mapping[str, str]) -> Any:
    """The library's compiler for expressions over `names`, which are dynamic where `types` says nothing of them."""
    key = tuple(sorted((name, types.get(name, "dyn")) for name in names))
    if key not in _environments:
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

        from pkctl.kinds import customfunctions

        named = {name: cel.Type.DYN if form == "dyn" else cel.Type(form) for name, form in key}
        modules = (
            ext_bindings.ExtBindings(), ext_encoders.ExtEncoders(), ext_math.ExtMath(), ext_optional.ExtOptional(), ext_strings.ExtStrings()
        )  # fmt: skip
        _environments[key] = cel.NewEnv(variables=named, extensions=[*modules, customfunctions.extension(cel)])
    return _environments[key]


def cel_type(node: Node) -> str:
    """A schema's CEL type, in the library's notation; objects are dynamic, their fields are checked by `check_fields`."""
    if node.is_int_or_string or node.nullable:
        return "dyn"
    if node.type == "array" and node.items is not None:
        return f"list<{cel_type(node.items)}>"
    if node.type == "object" and node.extra is not None:
        return f"map<string, {cel_type(node.extra)}>"
    if node.type == "string" and node.schema.get("format") == "byte":
        return "bytes"
    return {"integer": "int", "number": "double", "boolean": "bool", "string": "string"}.get(node.type, "dyn")


def typed(node: Node | None, value: Any, *, is_root: bool = False) -> Any:
    """A value as expressions see it: fields by their escaped names, only those that the schema declares, numbers as doubles."""
    if isinstance(value, dict):
        if node is not None and node.extra is not None:
            return {key: typed(node.extra, each) for key, each in value.items()}
        return {escaped(name): each for name, each in _visible(node, value, is_root)}
    if isinstance(value, list):
        return [typed(node.items if node else None, each) for each in value]
    if node is None or node.is_int_or_string or value is None:
        return value
    return _scalar_typed(node, value)


def _scalar_typed(node: Node, value: Any) -> Any:
    """A value that isn't of its node's type stays what it is: it was stored under another schema."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if node.type == "number" and is_number:
        return float(value)
    if node.type == "integer" and is_number and float(value).is_integer():
        return int(value)
    if node.type == "string" and node.schema.get("format") == "byte" and isinstance(value, str):
        from binascii import Error, a2b_base64

        try:
            return a2b_base64(value)
        except Error:
            return value
    return value


def _visible(node: Node | None, value: dict[str, Any], is_root: bool) -> list[tuple[str, Any]]:
    found = [(name, typed(node.field(name), each)) for name, each in value.items() if node is not None and node.field(name) is not None]
    if is_root or (node is not None and node.is_embedded):
        found = [(name, each) for name, each in found if name not in ("apiVersion", "kind", "metadata")]
        found += [(name, value.get(name, "")) for name in ("apiVersion", "kind")]
        found.append(("metadata", _own(value)))
    return found


def _own(value: dict[str, Any]) -> dict[str, Any]:
    """What rules may see of metadata."""
    own = value.get("metadata")
    return {name: own[name] for name in SEEN_METADATA if name in own} if isinstance(own, dict) else {}


def escaped(name: str) -> str:
    """A property's name as an identifier of CEL."""
    if name in RESERVED:
        return f"__{name}__"
    for text, instead in (("__", "__underscores__"), (".", "__dot__"), ("-", "__dash__"), ("/", "__slash__")):
        name = name.replace(text, instead)
    return name


def has_times(node: Node) -> bool:
    """Whether a string here or below is a time or a duration to expressions."""
    return node.schema.get("format") in TIMES or any(has_times(part) for part in node.parts())


def literal(node: Node | None, value: Any, *, is_root: bool = False) -> str:
    """A value written in CEL."""
    if isinstance(value, dict):
        if node is not None and node.extra is not None:
            return _map({key: literal(node.extra, each) for key, each in value.items()})
        shown = {escaped(name): literal(node.field(name), value[name]) for name in value if node is not None and node.field(name)}
        if is_root or (node is not None and node.is_embedded):
            shown |= {name: literal(None, each) for name, each in _visible(None, value, True) if name != "metadata"}
            shown["metadata"] = _map({name: literal(None, each) for name, each in _own(value).items()})
        return _map(shown)
    if isinstance(value, list):
        return f"[{', '.join(literal(node.items if node else None, each) for each in value)}]"
    return _scalar(node, value)


def _map(shown: dict[str, str]) -> str:
    return "{" + ", ".join(f"{_quoted(key)}: {text}" for key, text in shown.items()) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _scalar(node: Node | None, value: Any) -> str:
    value = typed(node, value)
    if isinstance(value, bytes):
        return "b'" + "".join(f"\\x{byte:02x}" for byte in value) + "'"
    form = TIMES.get(str(node.schema.get("format"))) if node is not None else None
    if form and isinstance(value, str):
        return f"{form}({_quoted(value + 'T00:00:00Z' if len(value) == 10 and form == 'timestamp' else value)})"
    return _quoted(value)


def words(text: str) -> dict[str, int]:
    """The identifiers of an expression that start a path, by where they first stand; strings are looked over."""
    return {word: start for word, start, _ in paths(text)}


def paths(text: str) -> list[tuple[str, int, list[tuple[str, int]]]]:
    """Each path of an expression: its first identifier, where it stands, and the fields selected on it, each with its dot's place."""
    import re

    tokens = [
        (match.group(), match.start())
        for match in re.finditer(r"""[rR]?"(?:\\.|[^"\\])*"|[rR]?'(?:\\.|[^'\\])*'|[A-Za-z_]\w*|\.\??|\S""", text)
    ]
    found: list[tuple[str, int, list[tuple[str, int]]]] = []
    for at, (word, start) in enumerate(tokens):
        if not word.isidentifier() or (at and tokens[at - 1][0] in (".", ".?")):
            continue
        fields, next_at = [], at + 1
        while next_at + 1 < len(tokens) and tokens[next_at][0] in (".", ".?") and tokens[next_at + 1][0].isidentifier():
            if next_at + 2 < len(tokens) and tokens[next_at + 2][0] == "(":
                break
            fields.append((tokens[next_at + 1][0], tokens[next_at][1]))
            next_at += 2
        found.append((word, start, fields))
    return found


def check_fields(text: str, node: Node, *, skip_old: bool = False) -> None:
    """CelError for a field selected on self or oldSelf that the schema doesn't declare."""
    for word, _, selected in paths(text):
        if word not in ("self", "oldSelf") or (skip_old and word == "oldSelf"):
            continue
        place: Node | None = node
        for name, at in selected:
            if place is None or place.extra is not None or place.is_free or place.takes_any_key or place.is_int_or_string:
                break
            if name in customnodes.ROOT_FIELDS and (place is node or place.is_embedded):
                break
            known = {escaped(each): each for each in place.schema.get("properties") or ()}
            if name not in known:
                raise CelError(f"compilation failed: {pointed(text, at, f'undefined field {chr(39)}{name}{chr(39)}')}")
            place = place.field(known[name])


def pointed(text: str, at: int, problem: str) -> str:
    """A compiler's message, with the line and the place in it."""
    before, line = text[:at], text.splitlines()[text[:at].count("\n")]
    column = at - (before.rfind("\n") + 1)
    return f"ERROR: <input>:{before.count(chr(10)) + 1}:{column + 1}: {problem}\n | {line}\n | {'.' * column}^"
