"""Label and field selectors: parsed from text or from a LabelSelector, matched, and shown.

Follows apimachinery/pkg/labels/selector.go and pkg/fields/selector.go, error texts included.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

COMPARED = {"=": "=", "==": "=", "!=": "!=", ">": "gt", "<": "lt"}
OPERATORS = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}


class SelectorError(ValueError):
    """A selector that can't be read; the text is the API server's."""


class Requirement:
    """One condition on one key: in, notin, =, !=, exists, !, gt, lt."""

    __slots__ = ("key", "operator", "values")

    def __init__(self, key: str, operator: str, values: Iterable[str] = ()) -> None:
        self.key, self.operator, self.values = key, operator, tuple(sorted(values))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil it; `!=` and `notin` also hold where the key is missing."""
        value = labels.get(self.key)
        if self.operator in ("=", "in"):
            return value is not None and value in self.values
        if self.operator in ("!=", "notin"):
            return value is None or value not in self.values
        if self.operator in ("exists", "!"):
            return (value is not None) == (self.operator == "exists")
        return value is not None and _compare(value, self.operator, self.values[0])

    def __str__(self) -> str:
        if self.operator in ("exists", "!"):
            return f"{'!' if self.operator == '!' else ''}{self.key}"
        if self.operator in ("in", "notin"):
            return f"{self.key} {self.operator} ({','.join(self.values)})"
        return f"{self.key}{ {'gt': '>', 'lt': '<'}.get(self.operator, self.operator) }{self.values[0]}"


def _compare(value: str, operator: str, limit: str) -> bool:
    try:
        return int(value) > int(limit) if operator == "gt" else int(value) < int(limit)
    except ValueError:
        return False


class Requirements:
    """A whole selector: all of its requirements."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[Requirement]) -> None:
        self.items = tuple(sorted(items, key=lambda item: item.key))

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether labels fulfil every requirement; an empty selector matches everything."""
        return all(item.matches(labels) for item in self.items)

    def __str__(self) -> str:
        return ",".join(map(str, self.items))

    def __bool__(self) -> bool:
        return bool(self.items)


def from_map(labels: Mapping[str, str]) -> Requirements:
    """A selector of exact values, as Services have it."""
    return Requirements(Requirement(key, "=", (value,)) for key, value in labels.items())


def of(selector: Mapping[str, Any] | None) -> Requirements:
    """A LabelSelector's requirements; SelectorError for an operator nobody knows."""
    selector = selector or {}
    items = [Requirement(key, "=", (value,)) for key, value in (selector.get("matchLabels") or {}).items()]
    for each in selector.get("matchExpressions") or ():
        operator = OPERATORS.get(each.get("operator", ""))
        if operator is None:
            raise SelectorError(f'"{each.get("operator", "")}" is not a valid label selector operator')
        items.append(Requirement(each["key"], operator, each.get("values") or ()))
    return Requirements(items)


def matches(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether a LabelSelector matches; None selects nothing, an empty one everything."""
    return selector is not None and of(selector).matches(labels)


def show(selector: Mapping[str, Any] | None) -> str:
    """A LabelSelector as tables show it: `app=web,t in (a,b)`, `<none>`."""
    return str(of(selector)) or "<none>"


_SPECIAL = "=!(),<>"


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        end = at + 1
        if char in _SPECIAL:
            if text[at : at + 2] in ("==", "!="):
                end = at + 2
        else:
            while end < len(text) and text[end] not in _SPECIAL and not text[end].isspace():
                end += 1
        found.append(text[at:end])
        at = end
    return found


def parse(text: str) -> Requirements:
    """A selector as users write it: `a=b,c in (d,e),!f,g>1`; SelectorError with the server's words."""
    return _Parser(text).parse()


class _Parser:
    """Reads requirements from left to right, one token ahead."""

    def __init__(self, text: str) -> None:
        self._tokens, self._at = _tokens(text), 0

    def parse(self) -> Requirements:
        items: list[Requirement] = []
        if not self._peek():
            return Requirements(items)
        if not _is_word(self._peek()) and self._peek() != "!":
            raise SelectorError(f"found '{self._peek()}', expected: !, identifier, or 'end of string'")
        while True:
            items.append(self._requirement())
            token = self._next()
            if not token:
                return Requirements(items)
            if token != ",":
                raise SelectorError(f"found '{token}', expected: ',' or 'end of string'")
            if not _is_word(self._peek()) and self._peek() != "!":
                raise SelectorError(f"found '{self._peek()}', expected: identifier after ','")

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _requirement(self) -> Requirement:
        try:
            absent = self._peek() == "!"
            if absent:
                self._next()
            key = self._key()
            if absent or self._peek() in ("", ","):
                return Requirement(key, "!" if absent else "exists")
            return self._compared(key)
        except SelectorError as error:
            raise SelectorError(f"unable to parse requirement: {error}") from None

    def _key(self) -> str:
        from pkctl.objects import fields, names

        token = self._next()
        if not _is_word(token):
            raise SelectorError(f"found '{token}', expected: identifier")
        if wrong := names.qualified_name(token):
            raise SelectorError(f"<nil>: Invalid value: {fields.quoted(token)}: {'; '.join(wrong)}")
        return token

    def _compared(self, key: str) -> Requirement:
        operator = self._next()
        if operator in ("in", "notin"):
            return self._checked(key, operator, self._values())
        if operator in COMPARED:
            return self._checked(key, COMPARED[operator], (self._value(),))
        raise SelectorError(f"found '{operator}', expected: in, notin, =, ==, !=, gt, lt")

    def _checked(self, key: str, operator: str, values: tuple[str, ...]) -> Requirement:
        from pkctl.objects import fields, names

        wrong = []
        if operator in ("gt", "lt") and not values[0].lstrip("+-").isdecimal():
            told = "for 'Gt', 'Lt' operators, the value must be an integer"
            wrong.append(f"values[0]: Invalid value: {fields.quoted(values[0])}: {told}")
        for number, value in enumerate(sorted(values)):
            if found := names.label_value(value):
                wrong.append(f"values[{number}][{key}]: Invalid value: {fields.quoted(value)}: {'; '.join(found)}")
        if wrong:
            raise SelectorError(wrong[0] if len(wrong) == 1 else f"[{', '.join(wrong)}]")
        return Requirement(key, operator, values)

    def _value(self) -> str:
        if self._peek() in ("", ","):
            return ""
        token = self._next()
        if not _is_word(token):
            raise SelectorError(f"found '{token}', expected: identifier")
        return token

    def _values(self) -> tuple[str, ...]:
        """What stands in parentheses; nothing before or after a comma is an empty value."""
        if (token := self._next()) != "(":
            raise SelectorError(f"found '{token}' expected: '('")
        values: set[str] = set()
        before = ""
        while (token := self._next()) != ")":
            if token == ",":
                values |= {""} if before in ("", ",") else set()
            elif _is_word(token) and before in ("", ","):
                values.add(token)
            else:
                allowed = "',' or ')'" if _is_word(before) else "',', ')' or identifier"
                raise SelectorError(f"found '{token}', expected: {allowed}")
            before = token
        return tuple(values if _is_word(before) else values | {""})


def _is_word(token: str) -> bool:
    return bool(token) and token[0] not in _SPECIAL


def parse_fields(text: str) -> list[tuple[str, str, str]]:
    r"""A field selector as (field, "=" or "!=", value); `\,` `\=` `\\` escape within values. SelectorError."""
    found = []
    for term in _split(text):
        if not term:
            continue
        for mark, operator in (("!=", "!="), ("==", "="), ("=", "=")):
            field, sign, value = term.partition(mark)
            if sign:
                found.append((field, operator, _unescape(value)))
                break
        else:
            raise SelectorError(f"invalid selector: '{text}'; can't understand '{term}'")
    return found


def _split(text: str) -> list[str]:
    terms, start, at = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == ",":
            terms.append(text[start:at])
            start = at + 1
        at += 1
    return [*terms, text[start:]]


def _unescape(value: str) -> str:
    out, at = [], 0
    while at < len(value):
        if value[at] == "\\":
            if value[at + 1 : at + 2] not in ("\\", ",", "="):
                raise SelectorError(f"invalid field selector: invalid escape sequence {value[at : at + 2]!r}".replace("'", '"'))
            at += 1
        elif value[at] == "=":
            raise SelectorError("invalid field selector: found unescaped character: '='")
        out.append(value[at])
        at += 1
    return "".join(out)


def struct(selector: Mapping[str, Any]) -> str:
    """A label selector as Go prints it."""
    labels = "".join(f"{key}: {value}," for key, value in sorted((selector.get("matchLabels") or {}).items()))
    rules = "".join(
        f"LabelSelectorRequirement{{Key:{each['key']},Operator:{each['operator']},Values:[{' '.join(each.get('values') or ())}],}},"
        for each in selector.get("matchExpressions") or ()
    )
    expressions = f"[]LabelSelectorRequirement{{{rules}}}"
    return f"&LabelSelector{{MatchLabels:map[string]string{{{labels}}},MatchExpressions:{expressions},}}"
