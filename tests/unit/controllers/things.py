"""Objects as the API would have stored them, for controllers to look at."""

from __future__ import annotations

import itertools
from typing import Any

from pkctl.objects import times
from tests.unit.controllers import views

Object = dict[str, Any]
_COUNTER = itertools.count(1)


def metadata(name: str, namespace: str = "demo", **more: Any) -> Object:
    return {
        "name": name,
        "namespace": namespace,
        "uid": f"u-{name}",
        "generation": 1,
        "creationTimestamp": times.stamp(views.NOW - 3600),
        **more,
    }


def template(image: str = "web:1", labels: dict[str, str] | None = None, **spec: Any) -> Object:
    container = {"name": "web", "image": image, "imagePullPolicy": "IfNotPresent"}
    return {"metadata": {"labels": labels or {"app": "web"}}, "spec": {"containers": [container], **spec}}


def deployment(replicas: int = 3, image: str = "web:1", **spec: Any) -> Object:
    strategy = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata("web"),
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "web"}},
            "template": template(image),
            "strategy": strategy,
            "progressDeadlineSeconds": 600,
            "revisionHistoryLimit": 10,
            **spec,
        },
    }


def replicaset(replicas: int = 2, name: str = "web-abc", **spec: Any) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata(name),
        "spec": {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template(), **spec},
    }


def pod(
    name: str, *, node: str = "", phase: str = "Pending", ready: bool = False, labels: dict[str, str] | None = None, **more: Any
) -> Object:
    status: Object = {"phase": phase}
    if ready:
        status["conditions"] = [{"type": "Ready", "status": "True", "lastTransitionTime": times.stamp(views.NOW - 60)}]
    spec = {"containers": [{"name": "web", "image": "web:1", "imagePullPolicy": "IfNotPresent"}], **({"nodeName": node} if node else {})}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata(name, labels=labels or {"app": "web"}, **more.pop("metadata", {})),
        "spec": {**spec, **more.pop("spec", {})},
        "status": {**status, **more.pop("status", {})},
    }


def node(name: str, *, cpu: str = "4", memory: str = "8Gi", pods: str = "110", labels: dict[str, str] | None = None, **spec: Any) -> Object:
    resources = {"cpu": cpu, "memory": memory, "pods": pods}
    number = next(_COUNTER)
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "uid": f"u-{name}", "labels": {"kubernetes.io/hostname": name, **(labels or {})}},
        "spec": {"podCIDR": "10.200.0.0/24", **spec},
        "status": {
            "capacity": resources,
            "allocatable": resources,
            "addresses": [{"type": "InternalIP", "address": f"192.0.2.{number % 250}"}],
            "conditions": [{"type": "Ready", "status": "True"}],
        },
    }


def namespace(name: str, **more: Any) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "uid": f"u-{name}", **more},
        "spec": {"finalizers": ["kubernetes"]},
    }


def requesting(name: str, **requests: str) -> Object:
    """A pod whose one container asks for resources."""
    container = {"name": "web", "image": "web:1", "resources": {"requests": requests}}
    return pod(name, spec={"containers": [container]})
