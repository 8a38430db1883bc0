"""The problems of a custom object's values, in the API server's words."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import customformats, customnodes, customvalues
from pkctl.objects import names


def _texts(part: dict[str, Any], value: Any, old: Any = customvalues.NEW) -> list[str]:
    node = customnodes.Node({"type": "object", "properties": {"spec": {"type": "object", "properties": {"a": part}}}})
    before = old if old is customvalues.NEW else {"spec": {"a": old}}
    return [str(problem) for problem in customvalues.problems(node, {"spec": {"a": value}}, before)]


def _array(**more: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string"}, **more}


INT, STRING = {"type": "integer"}, {"type": "string"}
EMBEDDED = {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True}
BODY = "spec.a in body"
NONE_VALID = '<nil>: Invalid value: "": "spec.a" must validate one and only one schema (oneOf). Found none valid'
WRONG: dict[str, tuple[Any, Any, list[str]]] = {
    "a string for an integer": (INT, "x", [f'spec.a: Invalid value: "string": {BODY} must be of type integer: "string"']),
    "a fraction for an integer": (INT, 1.5, [f'spec.a: Invalid value: "number": {BODY} must be of type integer: "number"']),
    "a boolean for an integer": (INT, True, [f'spec.a: Invalid value: "boolean": {BODY} must be of type integer: "boolean"']),
    "null for an integer": (INT, None, [f'spec.a: Invalid value: "null": {BODY} must be of type integer: "null"']),
    "an integer for a string": (STRING, 1, [f'spec.a: Invalid value: "integer": {BODY} must be of type string: "integer"']),
    "a list for an object": ({"type": "object"}, [], [f'spec.a: Invalid value: "array": {BODY} must be of type object: "array"']),
    "a boolean for int-or-string": ({"x-kubernetes-int-or-string": True}, True,
                                    [f'spec.a: Invalid value: "boolean": {BODY} must be of type integer,string: "boolean"']),
    "above the maximum": ({**INT, "maximum": 3}, 4, [f"spec.a: Invalid value: 4: {BODY} should be less than or equal to 3"]),
    "at an exclusive maximum": ({**INT, "maximum": 3, "exclusiveMaximum": True}, 3,
                                [f"spec.a: Invalid value: 3: {BODY} should be less than 3"]),
    "below the minimum": ({**INT, "minimum": 1}, 0, [f"spec.a: Invalid value: 0: {BODY} should be greater than or equal to 1"]),
    "below a fraction": ({"type": "number", "minimum": 0.5}, 0.25,
                         [f"spec.a: Invalid value: 0.25: {BODY} should be greater than or equal to 0.5"]),
    "no multiple": ({**INT, "multipleOf": 2}, 3, [f"spec.a: Invalid value: 3: {BODY} should be a multiple of 2"]),
    "too short": ({**STRING, "minLength": 2}, "x", [f'spec.a: Invalid value: "x": {BODY} should be at least 2 chars long']),
    "too long": ({**STRING, "maxLength": 2}, "xxx", ["spec.a: Too long: may not be more than 2 bytes"]),
    "another pattern": ({**STRING, "pattern": "^b"}, "a", [f"spec.a: Invalid value: \"a\": {BODY} should match '^b'"]),
    "an end before a line break": ({**STRING, "pattern": "^b$"}, "b\n", [f"spec.a: Invalid value: \"b\\n\": {BODY} should match '^b$'"]),
    "no such choice": ({**STRING, "enum": ["a", "b"]}, "c", ['spec.a: Unsupported value: "c": supported values: "a", "b"']),
    "no such number": ({**INT, "enum": [1, 2]}, 3, ['spec.a: Unsupported value: 3: supported values: "1", "2"']),
    "too few items": (_array(minItems=1), [], [f"spec.a: Invalid value: 0: {BODY} should have at least 1 items"]),
    "too many items": (_array(maxItems=1), ["a", "b"], ["spec.a: Too many: 2: must have at most 1 item"]),
    "a wrong item": (_array(), ["a", 1], ['spec.a[1]: Invalid value: "integer": spec.a[1] in body must be of type string: "integer"']),
    "too few fields": ({"type": "object", "minProperties": 1}, {},
                       [f"spec.a: Invalid value: 0: {BODY} should have at least 1 properties"]),
    "too many fields": ({"type": "object", "maxProperties": 1, "additionalProperties": INT}, {"x": 1, "y": 1},
                        ["spec.a: Too many: 2: must have at most 1 item"]),
    "a required field": ({"type": "object", "required": ["b"]}, {}, ["spec.a.b: Required value"]),
    "a wrong value of a map": ({"type": "object", "additionalProperties": INT}, {"x": "y"},
                               ['spec.a.x: Invalid value: "string": spec.a.x in body must be of type integer: "string"']),
    "a wrong format": ({**STRING, "format": "email"}, "x", [f'spec.a: Invalid value: "x": {BODY} must be of type email: "x"']),
    "twice in a set": (_array(**{"x-kubernetes-list-type": "set"}), ["a", "b", "a"], ['spec.a[2]: Duplicate value: "a"']),
    "a key twice": ({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"],
                     "items": {"type": "object", "properties": {"n": INT, "v": INT}}}, [{"n": 1, "v": 1}, {"n": 1, "v": 2}],
                    ['spec.a[1]: Duplicate value: {"n":1}']),
    "an embedded object without its kind": ({"type": "object", "x-kubernetes-embedded-resource": True}, {"apiVersion": "v1"},
                                            ["spec.a.kind: Required value"]),
    "a label of an embedded object": (EMBEDDED, {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"": "c"}}},
                                      [f'spec.a.metadata.labels: Invalid value: "": {each}' for each in names.qualified_name("")]),
    "a name of an embedded object": (EMBEDDED, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a/b"}},
                                     ["spec.a.metadata.name: Invalid value: \"a/b\": may not contain '/'"]),
    "an embedded object of no version": (EMBEDDED, {"apiVersion": "a/b/c", "kind": "Pod"},
                                         ['spec.a.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c']),
    "more than 32 bits": ({**INT, "format": "int32"}, 2**31,
                          ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.a']),
    "more than 64 bits": (INT, 2**63, ['<nil>: Invalid value: "": Checked value must be of type integer (default format) in spec.a']),
    "one of none": ({**INT, "oneOf": [{"minimum": 5}, {"maximum": 1}]}, 3,
                    [NONE_VALID, f"spec.a: Invalid value: 3: {BODY} should be greater than or equal to 5"]),
    "one of two": ({**INT, "oneOf": [{"minimum": 1}, {"maximum": 5}]}, 3,
                   [NONE_VALID.replace("Found none valid", "Found 2 valid alternatives")]),
    "not": ({**INT, "not": {"minimum": 1}}, 3, ['<nil>: Invalid value: "": "spec.a" must not validate the schema (not)']),
}  # fmt: skip
RIGHT: dict[str, tuple[Any, Any]] = {
    "a whole float": (INT, 3.0),
    "an integer for a number": ({"type": "number"}, 3),
    "null where it may be": ({**INT, "nullable": True}, None),
    "a string for int-or-string": ({"x-kubernetes-int-or-string": True}, "80%"),
    "any of two": ({**INT, "anyOf": [{"minimum": 5}, {"maximum": 3}]}, 3),
    "a multiple of a tenth": ({"type": "number", "multipleOf": 0.1}, 0.3),
    "a pattern in the midst": ({**STRING, "pattern": "b"}, "abc"),
    "a class by name": ({**STRING, "pattern": "^[[:alnum:]]+$"}, "aB1"),
    "an embedded template": (EMBEDDED, {"apiVersion": "v1", "kind": "Pod", "metadata": {"labels": {"a": "b"}}}),
    "a large int64": ({**INT, "format": "int64"}, 2**63 - 1),
    "an unknown format": ({**STRING, "format": "colour"}, "red"),
}  # fmt: skip


@pytest.mark.parametrize(("part", "value", "texts"), WRONG.values(), ids=WRONG)
def test_a_wrong_value_is_told(part: Any, value: Any, texts: list[str]) -> None:
    assert _texts(part, value) == texts


@pytest.mark.parametrize(("part", "value"), RIGHT.values(), ids=RIGHT)
def test_a_right_value_passes(part: Any, value: Any) -> None:
    assert _texts(part, value) == []


def test_what_an_update_leaves_as_it_was_is_not_judged_again() -> None:
    assert _texts({**INT, "maximum": 3}, 4, old=4) == []


def test_what_an_update_changes_is() -> None:
    assert _texts({**INT, "maximum": 3}, 4, old=5) == [f"spec.a: Invalid value: 4: {BODY} should be less than or equal to 3"]


FORMATS = {
    "byte": ("aGk=", "a"),
    "cidr": ("10.0.0.0/8", "10.0.0.0"),
    "creditcard": ("4111 1111 1111 1111", "4111 1111 1111 1112"),
    "date": ("2026-02-28", "2026-02-30"),
    "date-time": ("2026-01-01T00:00:00Z", "2026-01-01"),
    "duration": ("1h30m", "soon"),
    "email": ("a@b.c", "a"),
    "hexcolor": ("#ffffff", "white"),
    "hostname": ("a.example.com", "a_b"),
    "ipv4": ("10.0.0.1", "::1"),
    "ipv6": ("::1", "10.0.0.1"),
    "isbn": ("978-0-306-40615-7", "978-0-306-40615-8"),
    "isbn10": ("0-306-40615-2", "0-306-40615-3"),
    "mac": ("01:23:45:67:89:ab", "01:23"),
    "rgbcolor": ("rgb(1,2,3)", "rgb(1,2)"),
    "ssn": ("123-45-6789", "12-3"),
    "uri": ("https://example.com/a?b", "a b"),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    "uuid4": ("123e4567-e89b-42d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "good", "bad"), [(name, *pair) for name, pair in FORMATS.items()], ids=FORMATS)
def test_a_format_tells_good_from_bad(name: str, good: str, bad: str) -> None:
    assert (customformats.is_valid(name, good), customformats.is_valid(name, bad)) == (True, False)


def test_a_made_up_format_is_not_known() -> None:
    assert not customformats.is_known("colour")
