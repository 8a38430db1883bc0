"""Whatever an object or a definition holds, it is judged; nothing falls over."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from hypothesis.errors import HypothesisWarning

from pkctl import errors
from pkctl.kinds import custom, customresourcedefinitions, customrows, decoding, table

warnings.simplefilter("ignore", HypothesisWarning)
CALM = settings(max_examples=150, suppress_health_check=list(HealthCheck))
DEFINITION = table.BUILTIN.find("crd")
NAMES = ("apiVersion", "kind", "metadata", "spec", "n", "s", "l", "m", "p", "e", "x", "t", "zz")
VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(-3, 3)
    | some.floats(allow_nan=False, allow_infinity=False)
    | some.sampled_from(["", "a", "1Gi"]),
    lambda below: some.lists(below, max_size=3) | some.dictionaries(some.sampled_from(NAMES), below, max_size=4),
    max_leaves=12,
)
PART: dict[str, Any] = {"type": "object", "properties": {
    "n": {"type": "integer", "minimum": 0, "multipleOf": 2, "default": 2},
    "s": {"type": "string", "pattern": "^a", "format": "date-time", "nullable": True},
    "l": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["n"],
          "items": {"type": "object", "required": ["n"],
                    "properties": {"n": {"type": "integer"}, "s": {"type": "string", "default": "b"}}}},
    "m": {"type": "object", "additionalProperties": {"type": "number", "enum": [1, 2]}},
    "p": {"x-kubernetes-preserve-unknown-fields": True, "oneOf": [{"required": ["a"]}, {"minimum": 1}]},
    "e": {"type": "object", "x-kubernetes-embedded-resource": True, "x-kubernetes-preserve-unknown-fields": True},
    "x": {"x-kubernetes-int-or-string": True, "not": {"pattern": "^a"}},
    "t": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}, "maxItems": 2},
}, "x-kubernetes-validations": [
    {"rule": "self.n < 2 && self.l.all(i, i.n > self.x)", "messageExpression": "string(self.m['a'])"},
    {"rule": "self.s < oldSelf.s"},
]}  # fmt: skip


def _row(schema: Any) -> customrows.CustomRow:
    versions = [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]
    spec = {"group": "m.io", "names": {"kind": "Widget", "plural": "widgets"}, "versions": versions}
    return customrows.rows({"metadata": {"name": "widgets.m.io"}, "spec": spec})[0]


ROW = _row({"type": "object", "properties": {"spec": PART}})


@CALM
@given(some.dictionaries(some.sampled_from(NAMES), VALUES), some.dictionaries(some.sampled_from(NAMES), VALUES))
def test_any_object_is_judged(spec: Any, old: Any) -> None:
    obj = {"apiVersion": "m.io/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec}
    read, _ = decoding.decode(ROW, obj, "Warn")
    custom.default(ROW, read)
    before = {**read, "spec": old}
    assert all(str(problem) for problem in [*custom.validate(ROW, read, None), *custom.validate(ROW, read, before)])


@CALM
@given(some.dictionaries(some.sampled_from(NAMES), VALUES))
def test_what_was_read_once_reads_the_same_again(spec: Any) -> None:
    obj = {"apiVersion": "m.io/v1", "kind": "Widget", "metadata": {"name": "a"}, "spec": spec}
    read, _ = decoding.decode(ROW, obj, "Warn")
    custom.default(ROW, read)
    assert custom.outward(ROW, read) == read


WORDS = ("type", "properties", "items", "additionalProperties", "required", "enum", "default", "minimum", "pattern", "format", "nullable",
         "anyOf", "not", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-preserve-unknown-fields",
         "x-kubernetes-int-or-string", "x-kubernetes-embedded-resource", "x-kubernetes-validations", "rule", "a")  # fmt: skip
SCHEMAS = some.recursive(
    some.none()
    | some.booleans()
    | some.integers(0, 3)
    | some.sampled_from(["object", "array", "string", "integer", "map", "set", "self.a", "["]),
    lambda below: some.lists(below, max_size=2) | some.dictionaries(some.sampled_from(WORDS), below, max_size=5),
    max_leaves=25,
)


@CALM
@given(some.dictionaries(some.sampled_from(WORDS), SCHEMAS, max_size=6))
def test_any_definition_is_judged(schema: Any) -> None:
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    spec = {"group": "m.io", "names": {"kind": "Widget", "plural": "widgets"}, "scope": "Cluster", "versions": [version]}
    assert DEFINITION is not None
    try:
        read, _ = decoding.decode(DEFINITION, {"metadata": {"name": "widgets.m.io"}, "spec": spec}, "Warn")
    except errors.BadRequest:
        return
    customresourcedefinitions.default(read)
    assert all(str(problem) for problem in customresourcedefinitions.validate(read, None))
