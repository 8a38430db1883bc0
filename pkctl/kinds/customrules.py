"""A CRD's own rules, `x-kubernetes-validations`: evaluating them over an object and its old state.

Follows apiextensions-apiserver's pkg/apiserver/schema/cel/validation.go. Not here: the language (`customcel`); whether a definition's
rules are right (`customstructure`, which compiles them).
"""

from __future__ import annotations

from pkctl.kinds import celtexts, customcel
from pkctl.kinds.customvalues import NEW
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.kinds.customnodes import Node
    from pkctl.objects.fields import Problem

    Rule = dict[str, Any]

UNCHECKED = "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"
BLOCKING = frozenset({"FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid"})
"""Reasons of problems that leave too little for a rule to look at."""

LONGEST_MESSAGE = 5120


class Compiled:
    """A rule ready to run; `wrong` is why it can't."""

    __slots__ = ("expression", "message", "rule", "wrong")

    def __init__(self, rule: Rule, node: Node) -> None:
        self.rule, self.wrong = rule, ""
        self.expression: customcel.Expression | None = None
        self.message: customcel.Expression | None = None
        is_optional = bool(rule.get("optionalOldSelf"))
        try:
            self.expression = customcel.Expression(rule["rule"], node, is_optional=is_optional)
            if rule.get("messageExpression"):
                self.message = customcel.Expression(rule["messageExpression"], node, is_optional=is_optional)
        except customcel.CelError as error:
            self.wrong = str(error)


def problems(node: Node, obj: dict[str, Any], old: Any, found: list[Problem]) -> list[Problem]:
    """What the rules have against an object, given what its values are already blamed for."""
    if not node.has_rules:
        return []
    if any(problem.reason in BLOCKING for problem in found):
        return [fields.invalid("<nil>", None, UNCHECKED)]
    return [problem for problem, is_tolerated in _walk(node, obj, old, "", is_root=True) if not is_tolerated]


def tolerated(node: Node, obj: dict[str, Any], old: dict[str, Any]) -> list[str]:
    """What the rules have against the parts of an object that an update leaves as they were, which are only warned of."""
    if not node.has_rules:
        return []
    return [str(problem) for problem, is_tolerated in _walk(node, obj, old, "", is_root=True) if is_tolerated]


def compiled(node: Node) -> list[Compiled]:
    """The rules of one place, compiled once."""
    if node.compiled is None:
        node.compiled = [Compiled(rule, node) for rule in node.rules if rule.get("rule")]
    found: list[Compiled] = node.compiled
    return found


def _walk(node: Node, value: Any, old: Any, path: str, *, is_root: bool = False, is_kept: bool = False) -> Iterator[tuple[Problem, bool]]:
    """(problem, whether it is tolerated); `is_kept` is said of what stands in something that the update leaves as it was."""
    if value is None or not node.has_rules:
        return
    is_kept = is_kept or (old is not NEW and old is not None and old == value)
    for rule in compiled(node):
        is_tolerated = is_kept and rule.expression is not None and not rule.expression.uses_old
        for problem, may_be_tolerated in _judge(rule, node, value, old, path, is_root):
            yield problem, is_tolerated and may_be_tolerated
    if isinstance(value, dict):
        before = old if isinstance(old, dict) and node.schema.get("x-kubernetes-map-type") != "atomic" else {}
        for name in sorted(value):
            part = node.field(name)
            if part is not None:
                yield from _walk(
                    part, value[name], before.get(name, NEW), _below(node, path, name), is_root=part.is_embedded, is_kept=is_kept
                )
    elif isinstance(value, list) and node.items is not None:
        for number, item in enumerate(value):
            before = node.old_item(old, item, NEW)
            yield from _walk(node.items, item, before, f"{path}[{number}]", is_root=node.items.is_embedded, is_kept=is_kept)


def _below(node: Node, path: str, name: str) -> str:
    if node.extra is not None:
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def _judge(rule: Compiled, node: Node, value: Any, old: Any, path: str, is_root: bool) -> Iterator[tuple[Problem, bool]]:
    """(problem, whether it may be tolerated): a rule that can't be evaluated never is."""
    place, kind, has_old = path or "<nil>", node.type, old is not NEW and old is not None
    if rule.expression is None:
        yield fields.invalid(place, kind, f"rule compile error: {rule.wrong}"), False
        return
    if rule.expression.uses_old and not has_old and not rule.rule.get("optionalOldSelf"):
        return
    try:
        if rule.expression.value(value, old, has_old, is_root=is_root) is True:
            return
    except customcel.CelError as error:
        yield fields.invalid(place, kind, _failure(str(error), rule.rule)), False
        return
    below = (rule.rule.get("fieldPath") or "").strip()
    at = (path + below).lstrip(".") or "<nil>" if below else place
    yield _refusal(rule, at, kind, _detail(rule, value, old, has_old, is_root)), True


def _failure(text: str, rule: Rule) -> str:
    told = rule.get("message", "").strip() or rule["rule"].strip()
    if text == celtexts.OUT_OF_BUDGET:
        return text
    if text.startswith("no such overload"):
        return f"'{text}': call arguments did not match a supported operator, function or macro signature for rule: {told}"
    return f"{text} evaluating rule: {told}"


def _detail(rule: Compiled, value: Any, old: Any, has_old: bool, is_root: bool) -> str:
    if rule.message is not None:
        try:
            text = str(rule.message.value(value, old, has_old, is_root=is_root)).strip()
        except customcel.CelError:
            text = ""
        if text and "\n" not in text and len(text) <= LONGEST_MESSAGE:
            return text
    return rule.rule.get("message", "").strip() or f"failed rule: {rule.rule['rule'].strip()}"


def _refusal(rule: Compiled, path: str, kind: str, detail: str) -> Problem:
    reason = rule.rule.get("reason") or "FieldValueInvalid"
    if reason == "FieldValueForbidden":
        return fields.forbidden(path, detail)
    if reason == "FieldValueRequired":
        return fields.required(path, detail)
    if reason == "FieldValueDuplicate":
        return fields.duplicate(path, kind)
    return fields.invalid(path, kind, detail)
