"""A definition's rules in CEL, over an object and its old state."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import celtypes, customcel, customnodes, customrules
from pkctl.kinds.customvalues import NEW
from pkctl.objects import fields

PART = {"type": "object", "properties": {
    "n": {"type": "integer"}, "f": {"type": "number"}, "s": {"type": "string"}, "on": {"type": "boolean"},
    "l": {"type": "array", "items": {"type": "integer"}}, "m": {"type": "object", "additionalProperties": {"type": "string"}},
    "x": {"x-kubernetes-int-or-string": True}, "namespace": {"type": "string"}, "a-b": {"type": "string"},
    "when": {"type": "string", "format": "date-time"}, "for": {"type": "string", "format": "duration"},
    "ps": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
           "items": {"type": "object", "properties": {"k": {"type": "string"}, "v": {"type": "integer"}}}},
    "ll": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    "mo": {"type": "object", "additionalProperties": {"type": "object", "properties": {"q": {"type": "string"}}}},
    "foo_bar": {"type": "string"}, "fooBar": {"type": "string"},
}}  # fmt: skip
VALUE = {"n": 2, "f": 1, "s": "abc", "on": True, "l": [1, 2, 3], "m": {"a": "b"}, "x": "80%", "namespace": "d", "a-b": "c",
         "ps": [{"k": "a", "v": 1}], "ll": [["a"]], "mo": {"z": {"q": "1"}}, "foo_bar": "", "fooBar": ""}  # fmt: skip


def _check(rule: str, part: Any = PART, **more: Any) -> None:
    customcel.check(rule, customnodes.Node(part), celtypes.Types(), **more)


def _texts(rule: Any, value: Any = None, old: Any = NEW, part: Any = PART) -> list[str]:
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
    "duration('1h') > duration('59m')", "self.n < 2.5 && self.f < 2", "quantity('1') == quantity('1000m')",
    "url('https://a.b/?x=1').getQuery()['x'] == ['1']", "string(ip('::0001')) == '::1'", "!isIP('::ffff:1.2.3.4')",
    "string(cidr('10.1.2.3/8').masked()) == '10.0.0.0/8'", "cidr('10.0.0.0/8').containsIP(ip('10.1.2.3'))",
    "semver('1.2.3-rc.1').isLessThan(semver('1.2.3')) && semver('v1.3', true).minor() == 3", "!isSemver('v1.0')",
    "format.dns1123Label().validate('Ab').hasValue()", "!format.named('uuid').value().validate('x').value().isSorted() || true",
    "!format.named('nope').hasValue()", "self.l.all(i, v, v > i)", "self.m.transformMap(k, v, v + k) == {'a': 'ba'}",
    "self.m.transformMapEntry(k, v, {v: k}) == {'b': 'a'}", "self.l.transformList(i, v, v > 1, i) == [1, 2]",
    "[3, 1, 2].sort() == [1, 2, 3]", "self.ps.sortBy(p, p.v)[0].k == 'a'", "[[1], [2]].flatten() == [1, 2]",
    "[1, 1].distinct() == [1]", "self.l.slice(0, 1) == [1]", "lists.range(2) == [0, 1]", "strings.quote('a') == '\"a\"'",
    "self.ll[0][0] == 'a' && self.mo['z'].q == '1' && self.foo_bar + self.fooBar == ''",
)  # fmt: skip


@pytest.mark.parametrize("rule", HOLDS, ids=HOLDS)
def test_a_rule_that_holds_says_nothing(rule: str) -> None:
    _check(rule)
    assert _texts(rule) == []


AT = 'spec: Invalid value: "object":'
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
    "a number that is none": ("int(self.s) == 1", f"{AT} type conversion error from 'string' to 'int' evaluating rule: int(self.s) == 1"),
    "a duration that is none": ("duration(self.s) == duration('1s')",
                                f"{AT} type conversion error from 'string' to 'google.protobuf.Duration' evaluating rule: "
                                "duration(self.s) == duration('1s')"),
    "an item that isn't there": ("self.l[9] == 1", 'spec: Invalid value: "object": index out of bounds: 9 evaluating rule: self.l[9] == 1'),
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


def test_what_an_update_leaves_as_it_was_is_warned_of() -> None:
    node = customnodes.Node({"type": "object", "properties": {"spec": {**PART, "x-kubernetes-validations": [{"rule": "self.n > 2"}]}}})
    assert customrules.tolerated(node, {"spec": VALUE}, {"spec": VALUE}) == ['spec: Invalid value: "object": failed rule: self.n > 2']


def test_an_item_of_a_list_that_stays_is_not_judged_again() -> None:
    items = {"type": "object", "properties": {"k": {"type": "string"}}, "x-kubernetes-validations": [{"rule": "self.k != 'a'"}]}
    part = {"type": "object", "properties": {"n": {"type": "integer"}, "l": {"type": "array", "items": items}}}
    assert _texts("true", {"n": 2, "l": [{"k": "a"}]}, {"n": 1, "l": [{"k": "a"}]}, part) == []
    assert len(_texts("true", {"n": 2, "l": [{"k": "a"}, {"k": "b"}]}, {"n": 1, "l": [{"k": "a"}]}, part)) == 1


def test_a_map_lists_item_meets_its_old_self() -> None:
    items = {**PART["properties"]["ps"]["items"], "x-kubernetes-validations": [{"rule": "self.v >= oldSelf.v"}]}
    part = {"type": "object", "properties": {"ps": {**PART["properties"]["ps"], "items": items}}}
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
    "another variable": ("slef.n == 1", "ERROR: <input>:1:1: undeclared reference to 'slef' (in container '')\n | slef.n == 1\n | ^"),
    "another field": ("self.z == 1", "ERROR: <input>:1:5: undefined field 'z'\n | self.z == 1\n | ....^"),
    "a field below": ("self.ps.all(p, p.z == 1)", "undefined field 'z'"),
    "a field of another line": ("self.on &&\n self.z", "ERROR: <input>:2:6: undefined field 'z'\n |  self.z\n | .....^"),
    "an operand of another type": ("self.s > 1", "found no matching overload for '_>_' applied to '(string, int)'"),
    "an amount that is no number": ("quantity('1') > 1", "found no matching overload for '_>_' applied to '(kubernetes.Quantity, int)'"),
    "no boolean": ("self.l.sum() + 1", "must evaluate to a bool"),
    "nothing known of": ("self.x", "must evaluate to a bool"),
    "a wrong duration": ("duration('x') == self.__for__", "ERROR: <input>:1:10: invalid duration argument"),
    "a wrong pattern": ("self.s.matches('(')", "invalid matches argument"),
    "a wrong time": ("timestamp('x') < self.when", "invalid timestamp argument"),
    "what only policies have": ("authorizer.group('').resource('pods').check('get').allowed()", "undeclared reference to 'authorizer'"),
    "what Kubernetes leaves out of the language": ("cel.bind(x, self.n, x == 2)", "undeclared reference to 'cel'"),
    "another library": ("math.greatest(self.n, 1) == 2", "undeclared reference to 'math'"),
    "another version of a library": ("self.s.reverse() == 'a'", "no matching overload for 'reverse'"),
}


@pytest.mark.parametrize(("rule", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_rule_does_not_compile(rule: str, text: str) -> None:
    with pytest.raises(customcel.CelError) as caught:
        _check(rule)
    assert text in str(caught.value)


def test_an_optional_old_value_is_checked_as_one() -> None:
    _check("oldSelf.orValue(self).n == 1", is_optional=True)
    with pytest.raises(customcel.CelError, match="no matching overload for '_==_'"):
        _check("oldSelf.n == 1", is_optional=True)


def test_a_message_gives_a_string() -> None:
    _check("'n is ' + string(self.n)", wanted="string")


def test_the_root_is_a_whole_object() -> None:
    _check("self.metadata.name == self.kind", is_root=True)
    with pytest.raises(customcel.CelError, match="undefined field 'labels'"):
        _check("self.metadata.labels == 1", is_root=True)


@pytest.mark.parametrize("other", ["FooBarEntry", "fooBar"])
def test_names_that_clash_to_protobuf_do_not_to_a_rule(other: str) -> None:
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    part = {"type": "object", "properties": {"foo_bar": texts, other: texts, "n": {"type": "integer"}}}
    _check(f"self.foo_bar.a == 'b' && self.{other}.a == 'b' && self.n == 1", part)
