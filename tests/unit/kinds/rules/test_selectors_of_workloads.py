"""What the API says of a selector that can't be read: nothing is said then of the pods' template."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds.rules import deployments, replicasets, statefulsets

Object = dict[str, Any]
BROKEN = {"matchExpressions": [{"key": "a", "operator": "In"}]}
VALUE = '{"matchExpressions":[{"key":"a","operator":"In"}]}'
MISSING = "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
TEMPLATE = {"metadata": {"labels": {"a": "b"}}, "spec": {"restartPolicy": "Never", "containers": []}}
ROLLING = {"type": "RollingUpdate"}
RETAIN = {"whenDeleted": "Retain", "whenScaled": "Retain"}


def spec(**more: Any) -> Object:
    return {"metadata": {"name": "x"}, "spec": {"selector": BROKEN, "template": TEMPLATE, **more}}


DEPLOYMENT = spec(strategy={"type": "Recreate"})
SET = spec(podManagementPolicy="Parallel", updateStrategy=ROLLING, persistentVolumeClaimRetentionPolicy=RETAIN)
NEVER = 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'


@pytest.mark.parametrize(
    ("rules", "obj", "wanted"),
    [
        (deployments, DEPLOYMENT, [MISSING, f"spec.selector: Invalid value: {VALUE}: invalid label selector"]),
        (replicasets, spec(), [MISSING, f"spec.selector: Invalid value: {VALUE}: invalid label selector"]),
        (statefulsets, SET, [MISSING, f"spec.selector: Invalid value: {VALUE}", NEVER]),
    ],
)
def test_a_broken_selector_is_told_and_the_template_is_not_judged(rules: Any, obj: Object, wanted: list[str]) -> None:
    assert [str(problem) for problem in rules.validate(obj, None)] == wanted
