"""Patches change objects as a real kubectl's `patch --local` does (recorded), and what is made by comparing leads where it should."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from typing import Any

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as some

from pkctl.objects import patches

RECORDED: dict[str, Any] = json.loads((Path(__file__).parents[3] / "testdata/recorded/patches.json").read_text())
_spec = importlib.util.spec_from_file_location("shape", Path(__file__).parent / "shape.py")
assert _spec is not None
assert _spec.loader is not None
shape = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(shape)

NAMES = some.sampled_from("abcd")
WITHOUT_BOOLEANS = some.recursive(
    some.none() | some.integers(0, 3) | NAMES,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
"""The library takes 0 for false."""
WITHOUT_NULLS = some.recursive(
    some.booleans() | some.integers(0, 3) | NAMES,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
OBJECTS = some.dictionaries(NAMES, WITHOUT_NULLS, max_size=4)


def _keyed(key: str, values: Any, **fields: Any) -> Any:
    return some.lists(some.fixed_dictionaries({key: values}, optional=fields), max_size=4, unique_by=lambda item: item[key])


CONTAINERS = _keyed(
    "name", NAMES,
    image=NAMES, env=_keyed("name", NAMES, value=NAMES), ports=_keyed("containerPort", some.integers(80, 83), protocol=NAMES),
    args=some.lists(NAMES, max_size=3), resources=some.fixed_dictionaries({"limits": some.dictionaries(NAMES, NAMES, max_size=2)}),
)  # fmt: skip
EMPTY = some.just({})
VOLUMES = _keyed("name", NAMES, emptyDir=EMPTY, hostPath=some.fixed_dictionaries({"path": NAMES}))
PODS = some.fixed_dictionaries({"containers": CONTAINERS}, optional={"volumes": VOLUMES, "tolerations": some.lists(NAMES, max_size=2)})
STRATEGIES = some.sampled_from([{"type": "Recreate"}, {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}])
METADATA = some.fixed_dictionaries(
    {"name": some.just("x")},
    optional={"labels": some.dictionaries(NAMES, NAMES, max_size=3), "finalizers": some.lists(NAMES, max_size=3, unique=True)},
)
SPECS = some.fixed_dictionaries(
    {"template": some.fixed_dictionaries({"spec": PODS})}, optional={"strategy": STRATEGIES, "replicas": some.integers(0, 3)}
)
DEPLOYMENTS = some.fixed_dictionaries({"metadata": METADATA, "spec": SPECS})


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _known(value: Any) -> Any:
    """Without directives, and without what is empty, which kubectl's types leave out."""
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items() if not key.startswith("$") and each not in ({}, [], None)}
    if isinstance(value, list):
        return [_known(each) for each in value if not (isinstance(each, dict) and "$patch" in each)]
    return value


@pytest.mark.parametrize("case", RECORDED["strategic"], ids=range(len(RECORDED["strategic"])))
def test_a_strategic_patch_does_what_kubectl_does(case: dict[str, Any]) -> None:
    try:
        outcome = {"result": _known(patches.strategic(case["object"], case["patch"], shape.DEPLOYMENT))}
    except patches.PatchError as error:
        outcome = {"error": str(error).strip()}
    assert outcome == ({"error": case["error"]} if "error" in case else {"result": _known(case["result"])})


@pytest.mark.parametrize("case", RECORDED["json"]["cases"], ids=lambda case: json.dumps(case["patch"]))
def test_a_json_patch_does_what_kubectl_does(case: dict[str, Any]) -> None:
    try:
        outcome = {"result": patches.apply_json(RECORDED["json"]["object"], case["patch"])}
    except patches.PatchError as error:
        outcome = {"error": str(error)}
    assert outcome == {name: case[name] for name in ("result", "error") if name in case}


@given(WITHOUT_BOOLEANS, WITHOUT_BOOLEANS)
def test_a_json_patch_made_by_the_library_leads_where_it_should(old: Any, new: Any) -> None:
    old, new = {"a": old}, {"a": new}
    assert _same(patches.apply_json(old, list(jsonpatch.make_patch(old, new))), new)


@given(OBJECTS, OBJECTS)
def test_a_merge_patch_leads_from_one_to_the_other(old: Any, new: Any) -> None:
    assert _same(patches.merge(old, patches.create_merge(old, new)), new)


def test_a_merge_patch_follows_the_examples_of_the_standard() -> None:
    doc = {"title": "Goodbye!", "author": {"givenName": "John", "familyName": "Doe"}, "tags": ["a", "b"], "content": "c"}
    patch = {"title": "Hello!", "phone": "1", "author": {"familyName": None}, "tags": ["a"]}
    assert patches.merge(doc, patch) == {"title": "Hello!", "author": {"givenName": "John"}, "tags": ["a"], "content": "c", "phone": "1"}


@given(OBJECTS, OBJECTS, OBJECTS)
def test_a_three_way_merge_is_done_once(original: Any, modified: Any, current: Any) -> None:
    after = patches.merge(current, patches.three_way_merge(original, modified, current))
    assert patches.three_way_merge(modified, modified, after) == {}


def test_a_three_way_merge_keeps_what_others_added() -> None:
    current = {"spec": {"mine": 1, "gone": 1, "others": 1}}
    patch = patches.three_way_merge({"spec": {"mine": 1, "gone": 1}}, {"spec": {"mine": 2}}, current)
    assert patches.merge(current, patch) == {"spec": {"mine": 2, "others": 1}}


@given(DEPLOYMENTS, DEPLOYMENTS)
def test_a_strategic_patch_leads_from_one_to_the_other(old: Any, new: Any) -> None:
    assert _same(patches.strategic(old, patches.create_strategic(old, new, shape.DEPLOYMENT), shape.DEPLOYMENT), new)


@given(DEPLOYMENTS, DEPLOYMENTS)
def test_applying_again_changes_nothing(original: Any, modified: Any) -> None:
    after = patches.strategic(original, patches.three_way(original, modified, original, shape.DEPLOYMENT), shape.DEPLOYMENT)
    assert _same(after, modified)
    assert patches.three_way(modified, modified, after, shape.DEPLOYMENT) == {}


def test_applying_keeps_the_container_that_another_put_in() -> None:
    one = {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "1"}]}}}}
    two = {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "2"}]}}}}
    live = {"spec": {"template": {"spec": {"containers": [{"name": "a", "image": "1", "args": ["d"]}, {"name": "side"}]}}}}
    patch = patches.three_way(one, two, live, shape.DEPLOYMENT)
    assert patch == {
        "spec": {"template": {"spec": {"$setElementOrder/containers": [{"name": "a"}], "containers": [{"name": "a", "image": "2"}]}}}
    }


def test_applying_removes_what_was_applied_before() -> None:
    one = {"metadata": {"labels": {"a": "1", "b": "2"}}}
    patch = patches.three_way(one, {"metadata": {"labels": {"a": "1"}}}, one, shape.DEPLOYMENT)
    assert patch == {"metadata": {"labels": {"b": None}}}


def test_a_changed_union_says_which_keys_stay() -> None:
    old = {"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}}
    patch = patches.create_strategic(old, {"spec": {"strategy": {"type": "Recreate"}}}, shape.DEPLOYMENT)
    assert patch == {"spec": {"strategy": {"$retainKeys": ["type"], "type": "Recreate", "rollingUpdate": None}}}


@given(DEPLOYMENTS, DEPLOYMENTS)
def test_what_is_given_stays_as_it_is(old: Any, new: Any) -> None:
    before = copy.deepcopy((old, new))
    patches.strategic(old, patches.create_strategic(old, new, shape.DEPLOYMENT), shape.DEPLOYMENT)
    assert (old, new) == before
