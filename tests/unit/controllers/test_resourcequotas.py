"""The status of quotas: what a namespace uses of what is limited."""

from __future__ import annotations

from typing import Any

import pytest

from pkctl.controllers import resourcequotas, wakes
from pkctl.objects import times
from tests.unit.controllers import things, views

Object = dict[str, Any]


def quota(spec: Object, **more: Any) -> Object:
    return {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": things.metadata("q"), "spec": spec, **more}


def simple(kind: str, name: str, **more: Any) -> Object:
    return {"apiVersion": "v1", "kind": kind, "metadata": things.metadata(name), **more}


def used(spec: Object, *objects: Object) -> Object:
    view = views.view_of(quota(spec), *objects)
    view.apply(resourcequotas.reconcile(view, ("demo", "q")))
    found = view.get("resourcequotas", "demo", "q")
    assert found is not None
    assert found["status"]["hard"] == spec["hard"]
    result: Object = found["status"]["used"]
    return result


ENDED = things.pod("ended", phase="Succeeded", spec=things.requesting("x", cpu="1")["spec"])
LATE = things.requesting("late", cpu="1")
LATE["metadata"] |= {"deletionTimestamp": "2020-01-01T00:00:30Z", "deletionGracePeriodSeconds": 30}
DEVICES = things.requesting("devices", **{"example.com/card": "2"})
CLAIM = simple("PersistentVolumeClaim", "c", spec={"storageClassName": "fast", "resources": {"requests": {"storage": "2Gi"}}})
GOLD = simple("PersistentVolumeClaim", "g", spec={"volumeAttributesClassName": "gold", "resources": {"requests": {"storage": "1Gi"}}})
BALANCER = simple(
    "Service",
    "b",
    spec={"type": "LoadBalancer", "allocateLoadBalancerNodePorts": False, "ports": [{"port": 1}, {"port": 2, "nodePort": 30000}]},
)
CASES: dict[str, tuple[Object, list[Object], Object]] = {
    "nothing there is 0": ({"hard": {"pods": "5", "cpu": "2"}}, [], {"pods": "0", "cpu": "0"}),
    "requests add up": ({"hard": {"cpu": "2"}}, [things.requesting("a", cpu="500m"), things.requesting("b", cpu="700m")], {"cpu": "1200m"}),
    "ended pods only have their place": (
        {"hard": {"cpu": "2", "pods": "3", "count/pods": "5"}},
        [ENDED],
        {"cpu": "0", "pods": "0", "count/pods": "1"},
    ),
    "pods past their grace only have their place": (
        {"hard": {"cpu": "2", "count/pods": "5"}},
        [LATE],
        {"cpu": "0", "count/pods": "1"},
    ),
    "devices count as requests": ({"hard": {"requests.example.com/card": "4"}}, [DEVICES], {"requests.example.com/card": "2"}),
    "kinds by name": (
        {"hard": {"count/deployments.apps": "4", "secrets": "2"}},
        [things.deployment()],
        {"count/deployments.apps": "1", "secrets": "0"},
    ),
    "kinds that are not served": ({"hard": {"count/cakes.example.com": "4", "pods": "2"}}, [], {"pods": "0"}),
    "claims": (
        {"hard": {"requests.storage": "9Gi", "fast.storageclass.storage.k8s.io/persistentvolumeclaims": "3"}},
        [CLAIM, GOLD],
        {"requests.storage": "3Gi", "fast.storageclass.storage.k8s.io/persistentvolumeclaims": "1"},
    ),
    "claims of a class": (
        {
            "hard": {"persistentvolumeclaims": "3"},
            "scopeSelector": {"matchExpressions": [{"scopeName": "VolumeAttributesClass", "operator": "In", "values": ["gold"]}]},
        },
        [CLAIM, GOLD],
        {"persistentvolumeclaims": "1"},
    ),
    "node ports": (
        {"hard": {"services.nodeports": "3", "services.loadbalancers": "1"}},
        [BALANCER],
        {"services.nodeports": "1", "services.loadbalancers": "1"},
    ),
    "a scope of pods counts no services": ({"hard": {"services": "3"}, "scopes": ["BestEffort"]}, [BALANCER], {"services": "0"}),
    "best effort": ({"hard": {"pods": "3"}, "scopes": ["BestEffort"]}, [things.pod("x"), things.requesting("b", cpu="1")], {"pods": "1"}),
    "terminating": (
        {"hard": {"pods": "3"}, "scopes": ["Terminating"]},
        [things.pod("x", spec={"activeDeadlineSeconds": 5}), things.pod("y")],
        {"pods": "1"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_use_is_counted(name: str) -> None:
    spec, objects, wanted = CASES[name]
    assert used(spec, *objects) == wanted


def test_what_is_known_is_not_written_again() -> None:
    view = views.view_of(quota({"hard": {"pods": "2"}}, status={"hard": {"pods": "2"}, "used": {"pods": "0"}}))
    assert resourcequotas.reconcile(view, ("demo", "q")).writes == []


def test_a_quota_that_is_gone_needs_nothing() -> None:
    assert resourcequotas.reconcile(views.view_of(), ("demo", "q")).writes == []


def test_only_what_it_counts_wakes_a_quota() -> None:
    view = views.view_of(quota({"hard": {"pods": "2"}}))
    assert list(wakes.quotas_that_count(view, things.pod("a"))) == [("demo", "q")]
    assert list(wakes.quotas_that_count(view, simple("Secret", "s"))) == []


def test_a_quota_wakes_itself_and_no_other() -> None:
    view = views.view_of(quota({"hard": {"pods": "2"}}))
    assert list(wakes.quotas_that_count(view, view.list("resourcequotas")[0])) == [("demo", "q")]
    assert list(wakes.quotas_that_count(view, simple("ResourceQuota", "other"))) == []


def test_a_quota_is_counted_again_when_a_pods_grace_is_over() -> None:
    going = things.requesting("going", cpu="1")
    view = views.view_of(quota({"hard": {"pods": "5"}}), going)
    going["metadata"] |= {"deletionTimestamp": times.stamp(view.now + 10), "deletionGracePeriodSeconds": 10}
    view = views.view_of(quota({"hard": {"pods": "5"}}), going)
    assert resourcequotas.reconcile(view, ("demo", "q")).again_after == 20
