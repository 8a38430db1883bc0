from __future__ import annotations

from pkctl.kinds.podspec import labelkeys
from tests.unit.kinds import workload_cases as cases


def spec(**term):
    return {"affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"labelSelector": {}, **term}]}}}


def expressions(made):
    return made["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][0]["labelSelector"].get("matchExpressions")


def test_keys_join_the_selector_with_the_pods_own_values():
    made = spec(matchLabelKeys=["a", "gone"], mismatchLabelKeys=["b"])
    labelkeys.apply(made, {"a": "1", "b": "2"})
    assert expressions(made) == [
        {"key": "a", "operator": "In", "values": ["1"]},
        {"key": "b", "operator": "NotIn", "values": ["2"]},
    ]


def test_a_term_without_keys_stays_as_it_is():
    made = spec()
    labelkeys.apply(made, {"a": "1"})
    assert expressions(made) is None


def test_a_spread_constraint_takes_keys_as_well():
    made = {"topologySpreadConstraints": [{"labelSelector": {}, "matchLabelKeys": ["a"]}]}
    labelkeys.apply(made, {"a": "1"})
    assert made["topologySpreadConstraints"][0]["labelSelector"]["matchExpressions"][0]["values"] == ["1"]


def test_a_key_that_the_selector_names_already_is_refused():
    term = {"topologyKey": "z", "labelSelector": {"matchLabels": {"a": "1"}}, "matchLabelKeys": ["a"]}
    pod = cases.pod(labels={"a": "1"}, affinity={"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}})
    path = "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0][0]"
    assert cases.problems(pod) == [f'{path}: Invalid value: "a": exists in both matchLabelKeys and labelSelector']
