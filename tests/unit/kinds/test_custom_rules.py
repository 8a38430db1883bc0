"""A definition's rules in CEL, over an object and its old state."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import customcel, customnodes, customrules
from pkctl.kinds.customvalues import NEW
from pkctl.objects import fields

PART = {"type": "object", "properties": {
    "n": {"type": "integer"}, "f": {"type": "number"}, "s": {"type": "string"}, "on": {"type": "boolean"},
    "l": {"type": "array", "items": {"type": "integer"}}, "m": {"type": "object", "additionalProperties": {"type": "string"}},
    "x": {"x-kubernetes-int-or-string": True}, "namespace": {"type": "string"}, "a-b": {"type": "string"},
    "when": {"type": "string", "format": "date-time"}, "for": {"type": "string", "format": "duration"},
    "ps": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
           "items": {"type": "object", "properties": {"k": {"type": "string"}, "v": {"type": "integer"}}}},
}}  # fmt: skip
UNTIMED = {**PART, "properties": {name: each for name, each in PART["properties"].items() if name not in ("when", "for")}}
VALUE = {"n": 2, "f": 1, "s": "abc", "on": True, "l": [1, 2, 3], "m": {"a": "b"}, "x": "80%", "namespace": "d", "a-b": "c",
         "ps": [{"k": "a", "v": 1}]}  # fmt: skip


def _texts(rule: Any, value: Any = None, old: Any = NEW, part: Any = UNTIMED) -> list[str]:
    rule = {"rule": rule} if isinstance(rule, str) else rule
    node = customnodes.Node({"type": "object", "properties": {"spec": {**part, "x-kubernetes-validations": [rule]}}})
    before = old if old is NEW else {"spec": old}
    return [str(each) for each in customrules.problems(node, {"spec": VALUE if value is None else value}, before, [])]


HOLDS = (
    "self.n <= 3", "self.f < 1.5", "self.s.startsWith('a')", "self.s.matches('^[a-c]+$')", "self.l.all(i, i > 0)", "size(self.l) == 3",
    "self.l.exists_one(i, i == 2)", "self.m.all(k, self.m[k] == 'b')", "has(self.on) && !has(self.ps) || self.ps.exists(p, p.k == 'a')",
    "type(self.x) == string ? self.x == '80%' : self.x == 80", "self.__namespace__ == 'd'", "self.a__dash__b == 'c'",
    "self.l.isSorted()", "self.l.sum() == 6", "self.l.max() == 3", "self.l.indexOf(2) == 1", "sets.contains(self.l, [1, 2])",
    "self.s.find('[bc]+') == 'bc'", "self.s.findAll('.').size() == 3", "quantity('1Gi').isGreaterThan(quantity('500Mi'))",
    "quantity('1').add(quantity('500m')).compareTo(quantity('1500m')) == 0", "isQuantity('1Gi') && !isQuantity('x')",
    "url('https://a.b:80/c').getHostname() == 'a.b'", "isURL('/a')", "ip('10.0.0.1').family() == 4", "isIP('::1')",
    "cidr('10.0.0.0/8').containsIP('10.1.2.3')", "cidr('10.0.0.0/8').prefixLength() == 8", "self.s.upperAscii() == 'ABC'",
    "'%s-%d'.format([self.s, self.n]) == 'abc-2'", "self.?s.orValue('') == 'abc'", "self.s.split('b') == ['a', 'c']",
    "cel.bind(x, self.n, x * x == 4)", "math.greatest(self.n, 1) == 2", "duration('1h') > duration('59m')",
)  # fmt: skip


@pytest.mark.parametrize("rule", HOLDS, ids=HOLDS)
def test_a_rule_that_holds_says_nothing(rule: str) -> None:
    assert _texts(rule) == []


FAILS: dict[str, tuple[Any, str]] = {
    "the rule itself": ("self.n > 2", 'spec: Invalid value: "object": failed rule: self.n > 2'),
    "its message": ({"rule": "self.n > 2", "message": "too small"}, 'spec: Invalid value: "object": too small'),
    "a worked out message": ({"rule": "self.n > 2", "messageExpression": "'n is ' + string(self.n)", "message": "no"},
                             'spec: Invalid value: "object": n is 2'),
    "the message, when the other fails": ({"rule": "self.n > 2", "messageExpression": "self.m['z']", "message": "no"},
                                          'spec: Invalid value: "object": no'),
    "a field of it": ({"rule": "self.n > 2", "fieldPath": ".n"}, 'spec.n: Invalid value: "object": failed rule: self.n > 2'),
    "forbidden": ({"rule": "false", "reason": "FieldValueForbidden", "message": "no"}, "spec: Forbidden: no"),
    "required": ({"rule": "false", "reason": "FieldValueRequired", "message": "say"}, "spec: Required value: say"),
    "duplicate": ({"rule": "false", "reason": "FieldValueDuplicate", "message": "x"}, 'spec: Duplicate value: "object"'),
    "a missing key": ("self.m['z'] == ''", "spec: Invalid value: \"object\": no such key: z evaluating rule: self.m['z'] == ''"),
    "nothing to divide by": ("1 / (self.n - 2) == 1",
                             'spec: Invalid value: "object": division by zero evaluating rule: 1 / (self.n - 2) == 1'),
    "no such overload": ("self.x > 1", "spec: Invalid value: \"object\": 'no such overload': call arguments did not match a supported "
                                       "operator, function or macro signature for rule: self.x > 1"),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text"), FAILS.values(), ids=FAILS)
def test_a_rule_that_fails_says(rule: Any, text: str) -> None:
    assert _texts(rule) == [text]


def test_a_time_compares_as_a_time() -> None:
    rule = "self.when < timestamp('2026-01-02T00:00:00Z') && self.__for__ == duration('60m')"
    assert _texts(rule, {"when": "2026-01-01T23:00:00-01:00", "for": "1h"}, part=PART) == [
        f'spec: Invalid value: "object": failed rule: {rule}'
    ]
    assert _texts(rule, {"when": "2026-01-01T23:00:00+01:00", "for": "1h"}, part=PART) == []


def test_a_transition_rule_waits_for_an_old_value() -> None:
    assert _texts("self.n >= oldSelf.n") == []


def test_a_transition_rule_compares_with_the_old_value() -> None:
    assert _texts("self.n >= oldSelf.n", old={**VALUE, "n": 3}) == ['spec: Invalid value: "object": failed rule: self.n >= oldSelf.n']


@pytest.mark.parametrize(("old", "count"), [(NEW, 1), ({**VALUE, "n": 9}, 0)], ids=["without an old value", "with one"])
def test_an_optional_old_value_can_be_asked_for(old: Any, count: int) -> None:
    assert len(_texts({"rule": "oldSelf.hasValue() && oldSelf.value().n == 9", "optionalOldSelf": True}, old=old)) == count


def test_what_an_update_leaves_as_it_was_is_not_judged_again() -> None:
    assert _texts("self.n > 2", old=VALUE) == []


def test_a_map_lists_item_meets_its_old_self() -> None:
    items = {**UNTIMED["properties"]["ps"]["items"], "x-kubernetes-validations": [{"rule": "self.v >= oldSelf.v"}]}
    part = {"type": "object", "properties": {"ps": {**UNTIMED["properties"]["ps"], "items": items}}}
    new, old = {"ps": [{"k": "b", "v": 0}, {"k": "a", "v": 0}]}, {"ps": [{"k": "a", "v": 1}]}
    assert _texts("true", new, old, part) == ['spec.ps[1]: Invalid value: "object": failed rule: self.v >= oldSelf.v']


def test_rules_wait_until_the_values_are_right() -> None:
    node = customnodes.Node({"type": "object", "x-kubernetes-validations": [{"rule": "false"}]})
    found = customrules.problems(node, {}, NEW, [fields.required("spec.a")])
    assert [str(each) for each in found] == [f"<nil>: Invalid value: null: {customrules.UNCHECKED}"]


def test_the_root_rule_sees_its_objects_name() -> None:
    node = customnodes.Node({"type": "object", "properties": {}, "x-kubernetes-validations": [{"rule": "self.metadata.name == 'x'"}]})
    assert customrules.problems(node, {"metadata": {"name": "x"}}, NEW, []) == []


WRONG = {
    "syntax": ("self.n ==", "Syntax error"),
    "another variable": ("slef.n == 1", "undeclared reference to 'slef.n'"),
    "another field": ("self.z == 1", "ERROR: <input>:1:5: undefined field 'z'\n | self.z == 1\n | ....^"),
    "a field below": ("self.ps.all(p, true) && self.n.z", "undefined field 'z'"),
    "no boolean": ("self.l.sum() + 1", "must evaluate to a bool"),
    "what is missing here": ("self.l.all(i, v, v > i)", "undeclared reference"),
}


@pytest.mark.parametrize(("rule", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_rule_does_not_compile(rule: str, text: str) -> None:
    with pytest.raises(customcel.CelError) as caught:
        customcel.Expression(rule, customnodes.Node(UNTIMED))
    assert text in str(caught.value)
