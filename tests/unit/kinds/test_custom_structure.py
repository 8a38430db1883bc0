"""What a definition's schema may not say, in the API server's words."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import customstructure

AT = "s"
INT, STRING = {"type": "integer"}, {"type": "string"}
PLACE = "s.properties[spec]"


def _texts(part: dict[str, Any]) -> list[str]:
    return [str(each) for each in customstructure.problems({"type": "object", "properties": {"spec": part}}, AT)]


def _array(**more: Any) -> dict[str, Any]:
    return {"type": "array", "items": STRING, **more}


def _ruled(rule: Any, **more: Any) -> dict[str, Any]:
    properties = {"a": INT, "l": {"type": "array", "items": {"type": "object", "properties": {"b": INT}}}}
    return {"type": "object", "properties": properties, "x-kubernetes-validations": [rule], **more}


def _list_map(**items: Any) -> dict[str, Any]:
    return {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"], "items": {"type": "object", **items}}


KEYED = {"properties": {"n": INT}, "required": ["n"]}
RULE = f"{PLACE}.x-kubernetes-validations[0]"
UNKEYED = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
RULE_IN_GO = '{"Rule":"self.a + 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}'

WRONG: dict[str, tuple[Any, list[str]]] = {
    "no type": ({}, [f"{PLACE}.type: Required value: must not be empty for specified object fields"]),
    "no type of items": ({"type": "array", "items": {}},
                         [f"{PLACE}.items.type: Required value: must not be empty for specified array items"]),
    "no items": ({"type": "array"}, [f"{PLACE}.items: Required value: must be specified"]),
    "a made up type": ({"type": "text"}, [f'{PLACE}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", '
                                          '"number", "object", "string"']),
    "properties of a map": ({"type": "object", "properties": {"a": INT}, "additionalProperties": INT},
                            [f"{PLACE}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"]),
    "unique items": (_array(uniqueItems=True), [f"{PLACE}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime "
                                                "complexity becomes quadratic"]),
    "pruning switched off by false": ({"type": "object", "x-kubernetes-preserve-unknown-fields": False},
                                      [f"{PLACE}.x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined"]),
    "an embedded string": ({**STRING, "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True},
                           [f'{PLACE}.type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true']),
    "a type in a junctor": ({**INT, "anyOf": [INT]}, [f"{PLACE}.anyOf[0].type: Forbidden: must be empty to be structural"]),
    "a field only in a junctor": ({"type": "object", "anyOf": [{"properties": {"a": {}}}]},
                                  [f"{PLACE}.properties[a]: Required value: because it is defined in {PLACE}.anyOf[0].properties[a]"]),
    "a bad pattern": ({**STRING, "pattern": "["}, [f'{PLACE}.pattern: Invalid value: "[": must be a valid regular expression, but isn\'t: '
                                                   "error parsing regexp: missing closing ]: `[`"]),
    "a map type of a string": ({**STRING, "x-kubernetes-map-type": "atomic"},
                               [f'{PLACE}.type: Invalid value: "string": must be object if x-kubernetes-map-type is specified']),
    "a made up list type": (_array(**{"x-kubernetes-list-type": "bag"}),
                            [f'{PLACE}.x-kubernetes-list-type: Unsupported value: "bag": supported values: "atomic", "set", "map"']),
    "a set of granular objects": ({"type": "array", "items": {"type": "object"}, "x-kubernetes-list-type": "set"},
                                  [f"{PLACE}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with "
                                   "x-kubernetes-list-type=set"]),
    "keys of no map": (_array(**{"x-kubernetes-list-map-keys": ["a"]}),
                       [f"{PLACE}.x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty"]),
    "a key that may be missing": (_list_map(properties={"n": INT}), [f"{PLACE}.items.properties[n].default: Required value: {UNKEYED}"]),
    "a key that isn't there": (_list_map(), [f'{PLACE}.x-kubernetes-list-map-keys: Invalid value: ["n"]: entries must all be names of item '
                                             "properties"]),
    "a default of another type": ({**INT, "default": "x"}, [f'{PLACE}.default: Invalid value: "string": {PLACE}.default in body must be of '
                                                            'type integer: "string"']),
    "a default with an unknown field": ({"type": "object", "default": {"a": 1}},
                                        [f'{PLACE}.default: Invalid value: {{"a":1}}: must not have unknown fields']),
    "a rule without a rule": (_ruled({"message": "x"}), [f"{RULE}.rule: Required value: rule is not specified"]),
    "a message of two lines": (_ruled({"rule": "true", "message": "a\nb"}),
                               [f'{RULE}.message: Invalid value: "a\\nb": message must not contain line breaks']),
    "a made up reason": (_ruled({"rule": "true", "reason": "Odd"}),
                         [f'{RULE}.reason: Unsupported value: "Odd": supported values: "FieldValueDuplicate", "FieldValueForbidden", '
                          '"FieldValueInvalid", "FieldValueRequired"']),
    "a path to nowhere": (_ruled({"rule": "true", "fieldPath": ".z"}),
                          [f'{RULE}.fieldPath: Invalid value: ".z": fieldPath must be a valid path']),
    "a rule that gives a number": (_ruled({"rule": "self.a + 1"}),
                                   [f'{RULE}.rule: Invalid value: {RULE_IN_GO}: cel expression must evaluate to a bool']),
    "an old self not asked for": (_ruled({"rule": "true", "optionalOldSelf": True}),
                                  [f"{RULE}.optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule"]),
    "an old self of an atomic list": ({"type": "array", "items": {"type": "object", "properties": {"b": INT}, "x-kubernetes-validations": [
        {"rule": "self.b == oldSelf.b"}]}},
        [f'{PLACE}.items.x-kubernetes-validations[0].rule: Invalid value: "self.b == oldSelf.b": oldSelf cannot be used on the '
         f"uncorrelatable portion of the schema within {PLACE}"]),
}  # fmt: skip
RIGHT: dict[str, Any] = {
    "int or string": {"x-kubernetes-int-or-string": True, "anyOf": [INT, STRING]},
    "anything": {"x-kubernetes-preserve-unknown-fields": True},
    "a list map": _list_map(**KEYED),
    "a list map with a default": _list_map(properties={"n": {**INT, "default": 1}}),
    "a set": _array(**{"x-kubernetes-list-type": "set"}),
    "a junctor over known fields": {"type": "object", "properties": {"a": INT}, "oneOf": [{"required": ["a"]}, {"properties": {"a": {}}}]},
    "a default": {"type": "object", "properties": {"a": {**INT, "default": 1}}, "default": {}},
    "a rule": _ruled({"rule": "self.a > 0 && self.a >= oldSelf.a", "message": "no", "reason": "FieldValueForbidden", "fieldPath": ".a"}),
}  # fmt: skip


@pytest.mark.parametrize(("part", "texts"), WRONG.values(), ids=WRONG)
def test_a_wrong_schema_is_told(part: Any, texts: list[str]) -> None:
    assert _texts(part) == texts


@pytest.mark.parametrize("part", RIGHT.values(), ids=RIGHT)
def test_a_right_schema_passes(part: Any) -> None:
    assert _texts(part) == []


ROOTS: dict[str, tuple[Any, list[str]]] = {
    "no type": ({}, ["s.type: Required value: must not be empty at the root"]),
    "a string": (STRING, ['s.type: Invalid value: "string": must be object at the root']),
    "nullable": ({"type": "object", "nullable": True}, ["s.nullable: Forbidden: nullable cannot be true at the root"]),
    "a map": ({"type": "object", "additionalProperties": INT}, ["s.additionalProperties: Forbidden: must not be used at the root"]),
    "labels": ({"type": "object", "properties": {"metadata": {"type": "object", "properties": {"labels": {"type": "object"}}}}},
               ["s.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly "
                "specified"]),
}  # fmt: skip


@pytest.mark.parametrize(("schema", "texts"), ROOTS.values(), ids=ROOTS)
def test_a_wrong_root_is_told(schema: Any, texts: list[str]) -> None:
    assert [str(each) for each in customstructure.problems(schema, AT)] == texts


def test_a_name_may_be_restricted() -> None:
    own = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 5}}}
    assert customstructure.problems({"type": "object", "properties": {"metadata": own}}, AT) == []
