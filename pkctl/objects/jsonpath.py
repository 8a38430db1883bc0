r"""kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}…{"\n"}{end}`, filters, unions, slices.

Follows client-go/util/jsonpath (parser.go, jsonpath.go) and the relaxed form of kubectl's get.RelaxedJSONPathExpression.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Node = tuple[Any, ...]

WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
ENDS = frozenset(" \t\r\n.,[]$@{}:'\"=!<>")
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "\\": "\\", "'": "'", '"': '"'}


class JSONPathError(ValueError):
    """An expression that can't be read, or does not fit the data; the text is client-go's."""


def relaxed(text: str) -> str:
    """`a.b`, `.a.b`, `{a.b}` and `{.a.b}` are all `{.a.b}`; JSONPathError for anything else."""
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if not text:
        return ""
    if "{" in inner or "}" in inner or (text.startswith("{") != text.endswith("}")):
        raise JSONPathError("unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'")
    return "{." + inner.removeprefix(".") + "}"


def parse(text: str, relaxed: bool = False) -> Template:
    """A template; with `relaxed` a bare path, as custom-columns and --sort-by take it. JSONPathError."""
    source = globals()["relaxed"](text) if relaxed else text
    try:
        return Template(text, _Parser(source).template())
    except JSONPathError as error:
        raise JSONPathError(f"error parsing jsonpath {text}, {error}") from None


class Template:
    """A parsed template: text, expressions, literals and ranges."""

    def __init__(self, text: str, parts: list[Node]) -> None:
        self.text, self._parts = text, parts

    def values(self, data: Any) -> list[Any]:
        """Every result of every expression; a missing key gives nothing."""
        found: list[Any] = []
        _run(self._parts, data, data, lambda results: found.extend(results), allow_missing=True)
        return found

    def render(self, data: Any, *, allow_missing: bool = True) -> str:
        """The template's text; results of one expression are joined by a blank. JSONPathError."""
        out: list[str] = []
        try:
            _run(self._parts, data, data, lambda results: out.append(" ".join(map(show, results))), allow_missing=allow_missing)
        except JSONPathError as error:
            raise JSONPathError(
                f"error executing jsonpath {_quoted(self.text)}: Error executing template: {error}. {_advice(self.text, data)}"
            ) from None
        return "".join(out)


def _advice(text: str, data: Any) -> str:
    return (
        f"Printing more information for debugging the template:\n\ttemplate was:\n\t\t{text}\n"
        f"\tobject given to jsonpath engine was:\n\t\t{_go_value(data)}\n\n\n"
    )


def _go_value(value: Any) -> str:
    """A value as Go's %#v shows decoded JSON."""
    if isinstance(value, dict):
        return f"map[string]interface {{}}{{{', '.join(f'{_quoted(key)}:{_go_value(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list):
        return f"[]interface {{}}{{{', '.join(map(_go_value, value))}}}"
    if isinstance(value, str):
        return _quoted(value)
    return "interface {}(nil)" if value is None else json.dumps(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def show(value: Any) -> str:
    """One result as text: strings bare, containers as compact JSON with sorted keys, null as nothing at all gives `null`."""
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        text = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return json.dumps(value)


class _Parser:
    """Reads a template left to right; a node is a tuple whose first item is its kind."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def template(self) -> list[Node]:
        parts, ended = self._parts()
        return [*parts, ("action", [[("fault", "not in range, nothing to end")]])] if ended else parts

    def _parts(self) -> tuple[list[Node], bool]:
        parts: list[Node] = []
        while self._at < len(self._text):
            start = self._text.find("{", self._at)
            if start < 0:
                parts.append(("text", self._text[self._at :]))
                self._at = len(self._text)
                break
            if start > self._at:
                parts.append(("text", self._text[self._at : start]))
            self._at = start + 1
            word = self._keyword()
            if word == "end":
                return parts, True
            if word == "range":
                paths = self._action()
                parts.append(("range", paths, self._parts()[0]))
            else:
                parts.append(("action", self._action()))
        return parts, False

    def _keyword(self) -> str:
        """`range` or `end` at the start of an action, taken; else nothing."""
        rest = self._text[self._at :].lstrip()
        for word in ("range", "end"):
            if rest.startswith(word) and rest[len(word) : len(word) + 1] in (" ", "\t", "}", "\n"):
                self._at = len(self._text) - len(rest) + len(word)
                if word == "end":
                    self._close()
                return word
        return ""

    def _close(self) -> None:
        end = self._text.find("}", self._at)
        if end < 0:
            raise JSONPathError("unclosed action")
        self._at = end + 1

    def _action(self) -> list[list[Node]]:
        """The expressions up to the closing brace; blanks part them, each being a path or a literal."""
        paths: list[list[Node]] = []
        current: list[Node] = []
        while True:
            char = self._peek()
            if char == "":
                raise JSONPathError("unclosed action")
            if char == "}":
                self._at += 1
                return [*paths, current] if current else paths
            if char in " \t\r\n@$":
                self._at += 1
            elif char in "'\"":
                paths += [current] if current else []
                paths.append([("literal", self._quoted(char))])
                current = []
            elif char.isdecimal() or (char in "+-" and self._text[self._at + 1 : self._at + 2].isdecimal()):
                paths += [current] if current else []
                paths.append([("literal", self._numeral())])
                current = []
            else:
                current += self._step(char)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _step(self, char: str) -> list[Node]:
        if char == ".":
            self._at += 1
            if self._peek() == ".":
                self._at += 1
                return [("deep",), self._field()]
            return [self._field()]
        if char == "[":
            return [self._bracket()]
        if char == "*":
            self._at += 1
            return [("all",)]
        if char.isalpha():
            return [self._identifier()]
        raise JSONPathError(f"unrecognized character in action: U+{ord(char):04X} '{char}'")

    def _identifier(self) -> Node:
        start = self._at
        while self._peek() and self._peek() not in " \t\r\n.,[]$@{}":
            self._at += 1
        word = self._text[start : self._at]
        if word in ("true", "false"):
            return ("literal", word == "true")
        return ("fault", f"unrecognized identifier {word}")

    def _field(self) -> Node:
        r"""A key after a dot; `\.` is a dot within it."""
        if self._peek() in ("[", "@", "$"):
            return ("self",)
        out: list[str] = []
        while (char := self._peek()) and char not in " \t\r\n.,[]$@{}":
            if char == "\\":
                self._at += 1
                char = self._peek()
            out.append(char)
            self._at += 1
        name = "".join(out)
        return ("all",) if name == "*" else ("field", name) if name else ("self",)

    def _quoted(self, quote: str) -> str:
        self._at += 1
        out: list[str] = []
        while (char := self._peek()) != quote:
            if not char:
                raise JSONPathError("unterminated quoted string")
            if char == "\\":
                self._at += 1
                char = ESCAPES.get(self._peek(), self._peek())
            out.append(char)
            self._at += 1
        self._at += 1
        return "".join(out)

    def _numeral(self) -> int | float:
        start = self._at
        while self._peek() and (self._peek() in "+-." or self._peek().isdecimal()):
            self._at += 1
        text = self._text[start : self._at]
        try:
            return int(text)
        except ValueError:
            pass
        try:
            return float(text)
        except ValueError:
            raise JSONPathError(f"cannot parse number {text}") from None

    def _bracket(self) -> Node:
        text = self._inside()
        if text.startswith("?(") and text.endswith(")"):
            return _filter(text[2:-1])
        parts = _split(text, ",")
        if len(parts) > 1:
            return ("union", [_subscript(part) for part in parts])
        return _subscript(text)

    def _inside(self) -> str:
        """The text between brackets, quotes and inner brackets respected."""
        self._at += 1
        start, depth, quote = self._at, 0, ""
        while char := self._peek():
            if quote:
                self._at += char == "\\"
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char in "[(":
                depth += 1
            elif char in "])" and depth:
                depth -= 1
            elif char == "]":
                self._at += 1
                return self._text[start : self._at - 1].strip()
            self._at += 1
        raise JSONPathError("unterminated array")


def _split(text: str, mark: str) -> list[str]:
    parts, start, quote = [], 0, ""
    for at, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == mark:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def _subscript(text: str) -> Node:
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return ("path", _path("." + text[1:-1]))
    if text == "*":
        return ("slice", None, None, None)
    if not text:
        return ("slice", 0, 1, None)
    parts = text.split(":")
    try:
        numbers = [int(part) if part else None for part in parts]
    except ValueError:
        raise JSONPathError(f"invalid array index {text}") from None
    if len(parts) > 3:
        raise JSONPathError(f"invalid array index {text}")
    if len(parts) == 1:
        return ("index", numbers[0])
    return ("slice", *numbers, *([None] * (3 - len(numbers))))


def _path(text: str) -> list[Node]:
    """A path as it stands within brackets or a filter, without braces."""
    found = _Parser("{" + text + "}").template()
    return [step for _, paths in found for path in paths for step in path]


COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")


def _filter(text: str) -> Node:
    """`@.a=="b"`, `@.n>=2`, `@.a`: one comparison, or existence."""
    at, quote = 0, ""
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        else:
            for sign in COMPARISONS:
                if text.startswith(sign, at):
                    return ("filter", _path(text[:at].strip()), sign, _path(text[at + len(sign) :].strip()))
        at += 1
    return ("filter", _path(text.strip()), "exists", [])


def _run(parts: list[Node], data: Any, root: Any, emit: Any, *, allow_missing: bool) -> None:
    for part in parts:
        if part[0] == "text":
            emit([part[1]])
        elif part[0] == "action":
            for path in part[1]:
                emit(_walk(path, [data], allow_missing))
        else:
            for path in part[1]:
                for item in _walk(path, [data], allow_missing):
                    _run(part[2], item, root, emit, allow_missing=allow_missing)


def _walk(path: list[Node], values: list[Any], allow_missing: bool) -> list[Any]:
    for step in path:
        values = STEPS[step[0]](step, values, allow_missing)
    return values


def _literal(step: Node, _values: list[Any], _allow: bool) -> list[Any]:
    return [step[1]]


def _fault(step: Node, _values: list[Any], _allow: bool) -> list[Any]:
    """What client-go notices only when it runs."""
    raise JSONPathError(step[1])


def _same(_step: Node, values: list[Any], _allow: bool) -> list[Any]:
    return values


def _fields(step: Node, values: list[Any], allow: bool) -> list[Any]:
    found = [value[step[1]] for value in values if isinstance(value, dict) and step[1] in value]
    if not found and not allow:
        raise JSONPathError(f"{step[1]} is not found")
    return found


def _all(_step: Node, values: list[Any], _allow: bool) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            found += [value[key] for key in sorted(value)]
        elif isinstance(value, list):
            found += value
    return found


def _deep(_step: Node, values: list[Any], _allow: bool) -> list[Any]:
    found: list[Any] = []
    for value in values:
        inner = [value[key] for key in sorted(value)] if isinstance(value, dict) else value if isinstance(value, list) else []
        found += [value] if isinstance(value, (dict, list)) else []
        found += _deep(_step, [each for each in inner if isinstance(each, (dict, list))], _allow)
    return found


def _index(step: Node, values: list[Any], _allow: bool) -> list[Any]:
    return [each for value in values for each in _sliced(value, step[1], None, None, single=True)]


def _slices(step: Node, values: list[Any], _allow: bool) -> list[Any]:
    return [each for value in values for each in _sliced(value, *step[1:], single=False)]


def _sliced(value: Any, start: int | None, end: int | None, step: int | None, *, single: bool) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise JSONPathError(f"{_go_type(value)} is not array or slice")
    size = len(value)
    if single:
        at = start if start is not None else 0
        if not -size <= at < size:
            raise JSONPathError(f"array index out of bounds: index {at if at >= 0 else at + size}, length {size}")
        return [value[at]]
    if step is not None and step < 0:
        raise JSONPathError("step must be >= 0")
    if start is not None and start > size or (start == 0 and end == 1 and not size and step is None):
        raise JSONPathError(f"array index out of bounds: index {start}, length {size}")
    return value[start:end:step]


def _go_type(value: Any) -> str:
    if isinstance(value, dict):
        return "map[string]interface {}"
    return "string" if isinstance(value, str) else "bool" if isinstance(value, bool) else "int64" if isinstance(value, int) else "float64"


def _union(step: Node, values: list[Any], allow: bool) -> list[Any]:
    return [each for inner in step[1] for each in _walk([inner], values, allow)]


def _inner_path(step: Node, values: list[Any], allow: bool) -> list[Any]:
    return _walk(step[1], values, allow)


def _filtered(step: Node, values: list[Any], allow: bool) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value is None:
            continue
        if not isinstance(value, list):
            raise JSONPathError(f"{_go_type(value)} is not array or slice and cannot be filtered")
        found += [item for item in value if _passes(item, step, allow)]
    return found


def _passes(item: Any, step: Node, allow: bool) -> bool:
    _, left_path, sign, right_path = step
    left = _walk(left_path, [item], allow or sign == "exists")
    if sign == "exists":
        return bool(left)
    right = _walk(right_path, [item], allow)
    if not left or not right:
        return False
    if len(left) > 1 or len(right) > 1:
        raise JSONPathError("can only compare one element at a time")
    return _compare(left[0], sign, right[0])


def _compare(left: Any, sign: str, right: Any) -> bool:
    if isinstance(left, bool) != isinstance(right, bool) or isinstance(left, str) != isinstance(right, str):
        if sign in ("==", "!="):
            return sign == "!="
        raise JSONPathError("incompatible types for comparison")
    if sign in ("==", "!="):
        return bool(left == right) == (sign == "==")
    try:
        return {"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[sign]
    except TypeError:
        raise JSONPathError("incompatible types for comparison") from None


STEPS = {
    "literal": _literal, "fault": _fault, "self": _same, "field": _fields, "all": _all, "deep": _deep, "index": _index, "slice": _slices, "union": _union,  # noqa: E501
    "path": _inner_path, "filter": _filtered,
}  # fmt: skip
