"""Rules that the API server would surely find too dear."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import customstructure

NAME = {"type": "string"}
NAMED = {"type": "object", "required": ["name"], "properties": {"name": NAME}}
PAIRS = "self.all(x, self.exists_one(y, x.name == y.name))"
PLACE = "s.properties[spec].properties[l].x-kubernetes-validations[0].rule: Forbidden: "


def _texts(rule: str, items: Any = NAMED, **more: Any) -> list[str]:
    part = {"type": "array", "items": items, **more, "x-kubernetes-validations": [{"rule": rule}]}
    spec = {"type": "object", "properties": {"l": part}}
    return [str(each) for each in customstructure.problems({"type": "object", "properties": {"spec": spec}}, "s")]


def test_a_rule_over_all_pairs_of_an_unlimited_list_is_too_dear() -> None:
    advice = "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)"
    assert _texts(PAIRS) == [
        f"{PLACE}estimated rule cost exceeds budget by factor of more than 100x {advice}",
        f"{PLACE}contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
        "s: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more "
        f"than 100x {advice}",
    ]


SHORT = {**NAMED, "properties": {"name": {**NAME, "maxLength": 63}}}
CHEAP: dict[str, tuple[str, Any, Any]] = {
    "limits": (PAIRS, SHORT, {"maxItems": 16}),
    "limits taken in": (PAIRS, SHORT, {"allOf": [{"maxItems": 16}]}),
    "one look at each": ("self.all(x, x.name != '')", NAMED, {}),
    "no look at all": ("size(self) < 5", NAMED, {}),
}


@pytest.mark.parametrize(("rule", "items", "more"), CHEAP.values(), ids=CHEAP)
def test_what_may_be_cheap_enough_is_let_through(rule: str, items: Any, more: Any) -> None:
    assert _texts(rule, items, **more) == []


def test_a_rule_of_items_runs_for_each_of_them() -> None:
    items = {**NAMED, "x-kubernetes-validations": [{"rule": "self.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')"}]}
    assert any("items.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost" in each for each in _texts("true", items))
    assert _texts("true", {**SHORT, "x-kubernetes-validations": items["x-kubernetes-validations"]}, maxItems=64) == []
