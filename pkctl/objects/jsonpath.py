r"""kubectl's JSONPath templates: `{.items[*].metadata.name}`, `{range .items[*]}…{"\n"}{end}`, filters, unions, slices.

Follows client-go/util/jsonpath/jsonpath.go, error texts included, and the relaxed form of kubectl's RelaxedJSONPathExpression.
Reading templates is `jsonpath_parsing`.
"""

from __future__ import annotations

import json

from pkctl.objects import floats, jsonpath_parsing, jsontexts, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Step = tuple[Any, ...]

RELAXED = "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"


class JSONPathError(ValueError):
    """An expression that can't be read, or does not fit the data; the text is kubectl's, `reason` client-go's part of it."""

    def __init__(self, text: str, reason: str = "") -> None:
        super().__init__(text)
        self.reason = reason or text


def relaxed(text: str) -> str:
    """`a.b`, `.a.b`, `{a.b}` and `{.a.b}` are all `{.a.b}`; JSONPathError for anything else."""
    inner = text[1:-1] if text.startswith("{") and text.endswith("}") else text
    if not text:
        return ""
    if not inner or "{" in inner or "}" in inner:
        raise JSONPathError(RELAXED)
    return f"{{.{inner.removeprefix('.') or inner}}}"


def parse(text: str, relaxed: bool = False) -> Template:
    """A template; with `relaxed` a bare path, as custom-columns and --sort-by take it. JSONPathError."""
    source = _relaxed(text) if relaxed else text
    try:
        return Template(text, jsonpath_parsing.template(source))
    except jsonpath_parsing.Unreadable as error:
        raise JSONPathError(f"error parsing jsonpath {text}, {error}", str(error)) from None


_relaxed = relaxed


class Template:
    """A template that was read; it can be run on many objects."""

    __slots__ = ("_parts", "text")

    def __init__(self, text: str, parts: list[Step]) -> None:
        self.text, self._parts = text, parts

    def results(self, data: Any, *, allow_missing: bool = True) -> list[list[Any]]:
        """The results of every text and expression, in order; JSONPathError with the bare reason."""
        return _Running(self._parts, allow_missing).find(0, [data])

    def values(self, data: Any) -> list[Any]:
        """Every result of every expression; a missing key gives nothing. JSONPathError with the bare reason."""
        return [value for results in self.results(data) for value in results]

    def render(self, data: Any, *, allow_missing: bool = True, join: Callable[[list[Any]], str] | None = None) -> str:
        """The template's text; `join` shows the results of one expression, by default with blanks between them.

        JSONPathError with kubectl's whole text."""
        try:
            found = self.results(data, allow_missing=allow_missing)
        except JSONPathError as error:
            raise JSONPathError(
                f"error executing jsonpath {texts.quoted(self.text)}: Error executing template: {error}. "
                f"Printing more information for debugging the template:\n\ttemplate was:\n\t\t{self.text}\n"
                f"\tobject given to jsonpath engine was:\n\t\t{source(data)}\n\n\n",
                str(error),
            ) from None
        return "".join(map(join or _spaced, found))


def _spaced(results: list[Any]) -> str:
    return " ".join(map(show, results))


def source(value: Any) -> str:
    """A value as Go's %#v writes decoded JSON."""
    if isinstance(value, dict):
        return "map[string]interface {}{" + ", ".join(f"{source(key)}:{source(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(source, value)) + "}"
    if isinstance(value, float):
        return floats.decimal(value, 21)
    return "interface {}(nil)" if value is None else texts.quoted(value) if isinstance(value, str) else json.dumps(value)


def show(value: Any) -> str:
    """One result as text: strings bare, containers as compact JSON with sorted keys."""
    if isinstance(value, str):
        return value
    if isinstance(value, (dict, list)):
        return jsontexts.compact(value)
    return floats.decimal(value) if isinstance(value, float) else json.dumps(value)


def sprint(value: Any) -> str:
    """As `%v`."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{sprint(value[key])}' for key in sorted(value))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(sprint, value))}]"
    return "<nil>" if value is None else show(value)


def type_name(value: Any) -> str:
    """What Go calls the value's type."""
    for kind, name in ((dict, "map[string]interface {}"), (list, "[]interface {}"), (str, "string"), (bool, "bool"), (int, "int64")):
        if isinstance(value, kind):
            return name
    return "float64"


NOTHING = "<no value>"
"""What a null is within a range over it."""


class _Running:
    """One run. A range runs the parts after it for each of its results, up to its end; without an end, they then run once more."""

    def __init__(self, parts: list[Step], allow_missing: bool) -> None:
        self.parts, self.allow_missing = parts, allow_missing
        self.beginning = self.inside = self.ending = 0
        self.ended = -1

    def find(self, at: int, data: list[Any]) -> list[list[Any]]:
        """The results of the parts from `at` on, for one value or for none at all."""
        found: list[list[Any]] = []
        while at < len(self.parts):
            results = self._part(self.parts[at], data)
            if 0 < self.ending <= self.inside:
                self.ending -= 1
                self.ended = at
                break
            if self.beginning:
                self.beginning -= 1
                self.inside += 1
                found += [each for value in results for each in self.find(at + 1, [NOTHING if value is None else value])]
                if not results:
                    # A range over nothing still runs its parts once, on nothing, to find its end.
                    self.find(at + 1, [None])
                self.inside -= 1
                at = max(at, self.ended)
            else:
                found.append(results)
            at += 1
        return found

    def _part(self, part: Step, data: list[Any]) -> list[Any]:
        return [part[1]] if part[0] == "text" else self.walk(part[1], data)

    def walk(self, steps: list[Step], values: list[Any]) -> list[Any]:
        """The values that the steps lead to from these."""
        for step in steps:
            values = STEPS[step[0]](self, step, values)
        return values

    def _text(self, step: Step, _values: list[Any]) -> list[Any]:
        return [step[1]]

    def _value(self, step: Step, values: list[Any]) -> list[Any]:
        return [step[1]] * len(values)

    def _identifier(self, step: Step, values: list[Any]) -> list[Any]:
        if step[1] == "range":
            self.beginning += 1
            return values
        if step[1] != "end":
            raise JSONPathError(f"unrecognized identifier {step[1]}")
        if not self.inside:
            raise JSONPathError("not in range, nothing to end")
        self.ending += 1
        return []

    def _field(self, step: Step, values: list[Any]) -> list[Any]:
        name = step[1]
        found = [value[name] for value in values if isinstance(value, dict) and name in value]
        if values and not found and not self.allow_missing:
            raise JSONPathError(f"{name} is not found")
        return found

    def _wildcard(self, _step: Step, values: list[Any]) -> list[Any]:
        return [each for value in values for each in _inner(value)]

    def _recursive(self, step: Step, values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if isinstance(value, str):
                found += [value] if value else []
            elif inner := _inner(value):
                found += [value, *self._recursive(step, inner)]
        return found

    def _slice(self, step: Step, values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if value is None:
                continue
            if not isinstance(value, list):
                raise JSONPathError(f"{type_name(value)} is not array or slice")
            part = _cut(value, step)
            if part is None:
                return found
            found += part
        return found

    def _union(self, step: Step, values: list[Any]) -> list[Any]:
        return [each for steps in step[1] for each in self.walk(steps, values)]

    def _filter(self, step: Step, values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            if not isinstance(value, list):
                raise JSONPathError(f"{sprint(value)} is not array or slice and cannot be filtered")
            found += [item for item in value if self._passes(item, step)]
        return found

    def _passes(self, item: Any, step: Step) -> bool:
        _, left, operator, right = step
        if operator == "exists":
            try:
                return bool(self.walk(left, [item]))
            except JSONPathError:
                return False
        sides = []
        for side in (left, right):
            values = self.walk(side, [item])
            if not values:
                return False
            if len(values) > 1:
                raise JSONPathError("can only compare one element at a time")
            sides.append(values[0])
        if operator not in OPERATORS:
            raise JSONPathError(f"unrecognized filter operator {operator}")
        return OPERATORS[operator](*sides)


STEPS: dict[str, Callable[[_Running, Step, list[Any]], list[Any]]] = {
    "field": _Running._field, "filter": _Running._filter, "identifier": _Running._identifier, "recursive": _Running._recursive,
    "slice": _Running._slice, "text": _Running._text, "union": _Running._union, "value": _Running._value, "wildcard": _Running._wildcard,
}  # fmt: skip


def _inner(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, str):
        return list(value.encode())
    return value if isinstance(value, list) else []


def _cut(value: list[Any], step: Step) -> list[Any] | None:
    """A part of a list; None for one that begins where it ends, which stops the whole step."""
    _, begin, end, stride, single = step
    size = len(value)
    begin = (begin or 0) + (size if (begin or 0) < 0 else 0)
    if end is None:
        end = size
    elif end < 0 or (end == 0 and single):
        end += size
    if begin == end:
        return None
    if not 0 <= begin < size:
        raise JSONPathError(f"array index out of bounds: index {begin}, length {size}")
    if not 0 <= end <= size:
        raise JSONPathError(f"array index out of bounds: index {end - 1}, length {size}")
    if begin > end:
        raise JSONPathError(f"starting index {begin} is greater than ending index {end}")
    if stride is not None and stride <= 0:
        raise JSONPathError("step must be > 0")
    return value[begin:end:stride]


def _kind(value: Any) -> str:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "string")):
        if isinstance(value, kind):
            return name
    raise JSONPathError("invalid type for comparison")


def _equal(left: Any, right: Any) -> bool:
    if _kind(left) != _kind(right):
        raise JSONPathError("incompatible types for comparison")
    return bool(left == right)


def _less(left: Any, right: Any) -> bool:
    kind = _kind(left)
    if kind != _kind(right):
        raise JSONPathError("incompatible types for comparison")
    if kind == "bool":
        raise JSONPathError("invalid type for comparison")
    return bool(left < right)


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _less,
    "<=": lambda left, right: _less(left, right) or _equal(left, right),
    ">": lambda left, right: not _less(left, right) and not _equal(left, right),
    ">=": lambda left, right: not _less(left, right),
}
