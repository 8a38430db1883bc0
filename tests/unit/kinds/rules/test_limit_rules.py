"""What the API says of autoscalers' metrics, quotas and limit ranges."""

from __future__ import annotations

import pytest

from tests.unit.kinds import workload_cases as cases

SCOPED = "spec.scopeSelector.matchExpressions"
CPU = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}


def scaled(*metrics, **spec):
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"}
    body = {"maxReplicas": 3, "scaleTargetRef": target, "metrics": list(metrics), **spec}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "x"}, "spec": body}


def quota(**spec):
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "x"}, "spec": spec}


def scoped(**expression):
    return quota(hard={"pods": "1"}, scopeSelector={"matchExpressions": [expression]})


def limits(*found):
    return {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "x"}, "spec": {"limits": list(found)}}


M = "spec.metrics[0]"
CASES = {
    "metric without a type": (
        scaled({"resource": CPU}),
        f"{M}.type: Required value: must specify a metric source type",
        f'{M}.type: Unsupported value: "": supported values: "ContainerResource", "External", "Object", "Pods", "Resource"',
    ),
    "metric without its part": (
        scaled({"type": "Pods"}),
        f"{M}.pods: Required value: must populate information for the given metric source",
    ),
    "metric with two parts": (
        scaled({"type": "Resource", "resource": CPU, "pods": {"metric": {"name": "m"}, "target": {"type": "Value", "averageValue": "1"}}}),
        f"{M}.pods: Forbidden: must populate the given metric source only",
    ),
    "object metric": (
        scaled({"type": "Object", "object": {"metric": {"name": "m"}, "target": {"type": "Value"}, "describedObject": {"kind": "S"}}}),
        f"{M}.object.describedObject.name: Required value",
        f"{M}.object.target.averageValue: Required value: must set either a target value or averageValue",
    ),
    "external metric with two targets": (
        scaled({"type": "External", "external": {"metric": {"name": "m"}, "target": {"type": "Value", "value": "1", "averageValue": "1"}}}),
        f"{M}.external.target.value: Forbidden: may not set both a target value for metric and a per-pod target",
    ),
    "metric's name with a slash": (
        scaled({"type": "Pods", "pods": {"metric": {"name": "a/b"}, "target": {"type": "AverageValue", "averageValue": "1"}}}),
        f"{M}.pods.metric.name: Invalid value: \"a/b\": may not contain '/'",
    ),
    "container's metric": (
        scaled({"type": "ContainerResource", "containerResource": {**CPU, "name": "gpu"}}),
        f'{M}.containerResource.name: Invalid value: "gpu": must be a standard resource type or fully qualified',
        f'{M}.containerResource.name: Invalid value: "gpu": must be a standard resource for containers',
        f"{M}.containerResource.container: Required value: must specify a container",
    ),
    "target without a type": (
        scaled({"type": "Resource", "resource": {"name": "cpu", "target": {"averageValue": "0"}}}),
        f"{M}.resource.target.type: Required value: must specify a metric target type",
        f'{M}.resource.target.type: Invalid value: "": must be either Utilization, Value, or AverageValue',
        f'{M}.resource.target.averageValue: Invalid value: "0": must be positive',
    ),
    "tolerance": (
        scaled({"type": "Resource", "resource": CPU}, behavior={"scaleUp": {"tolerance": "-1"}}),
        'spec.behavior.scaleUp.tolerance: Invalid value: "-1": must be greater than or equal to 0',
    ),
    "quota on nonsense": (
        quota(hard={"apples": "1"}),
        'spec.hard[apples]: Invalid value: "apples": must be a standard resource type or fully qualified',
        'spec.hard[apples]: Invalid value: "apples": must be a standard resource for quota',
    ),
    "half a pod": (quota(hard={"pods": "500m"}), 'spec.hard[pods]: Invalid value: "500m": must be an integer'),
    "scope that counts only pods": (
        quota(hard={"cpu": "1"}, scopes=["BestEffort"]),
        'spec.scopes: Invalid value: ["BestEffort"]: unsupported scope applied to resource',
    ),
    "contrary scopes": (
        quota(hard={"pods": "1"}, scopes=["Terminating", "NotTerminating"]),
        'spec.scopes: Invalid value: ["Terminating","NotTerminating"]: conflicting scopes',
    ),
    "scope that only exists": (
        scoped(scopeName="Terminating", operator="DoesNotExist"),
        f"{SCOPED}.operator: Invalid value: \"DoesNotExist\": must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, "
        "ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or "
        "ResourceQuotaScopeCrossNamespacePodAffinity",
    ),
    "scope without values": (
        scoped(scopeName="PriorityClass", operator="In"),
        f"{SCOPED}.values: Required value: must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    ),
    "scope with needless values": (
        scoped(scopeName="PriorityClass", operator="Exists", values=["a"]),
        f"{SCOPED}.values: Invalid value: [\"a\"]: must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
    ),
    "scope of other objects": (
        quota(hard={"services": "1"}, scopeSelector={"matchExpressions": [{"scopeName": "PriorityClass", "operator": "Exists"}]}),
        f'{SCOPED}: Invalid value: {{"MatchExpressions":[{{"ScopeName":"PriorityClass","Operator":"Exists","Values":null}}]}}: unsupported '
        "scope applied to resource",
    ),
    "limits of nonsense": (
        limits({"type": "Node", "max": {"cpu": "1"}}),
        'spec.limits[0].type: Invalid value: "Node": must be a standard limit type or fully qualified',
    ),
    "limits of storage for containers": (
        limits({"type": "Container", "max": {"storage": "1Gi"}}),
        'spec.limits[0].max[storage]: Invalid value: "storage": must be a standard resource for containers',
        'spec.limits[0].default[storage]: Invalid value: "storage": must be a standard resource for containers',
        'spec.limits[0].defaultRequest[storage]: Invalid value: "storage": must be a standard resource for containers',
    ),
    "limits of claims without storage": (
        limits({"type": "PersistentVolumeClaim", "max": {"cpu": "1"}}),
        "spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided",
    ),
    "two defaults for a device": (
        limits({"type": "Container", "default": {"a.b/gpu": "2"}, "defaultRequest": {"a.b/gpu": "1"}}),
        'spec.limits[0].defaultRequest[a.b/gpu]: Invalid value: "1": default value 2 must equal to defaultRequest value 1 in a.b/gpu',
    ),
}


@pytest.mark.parametrize(("obj", "texts"), [(obj, list(texts)) for obj, *texts in CASES.values()], ids=CASES)
def test_a_wrong_limit_gets_the_servers_words(obj, texts):
    assert cases.problems(obj) == texts
