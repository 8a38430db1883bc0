"""What the metrics of a HorizontalPodAutoscaler may be. Follows validateMetrics of pkg/apis/autoscaling/validation."""

from __future__ import annotations

from pkctl.kinds import checks, hpametrics
from pkctl.kinds.podspec import validation_resources
from pkctl.objects import fields, meta, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Metric = dict[str, Any]

TARGET_TYPES = ("Utilization", "Value", "AverageValue")


def validate(found: list[Metric], field: str, *, from_zero: bool) -> list[fields.Problem]:
    """Each of a known type, with its own part and a target that says one thing."""
    problems: list[fields.Problem] = []
    for number, metric in enumerate(found):
        problems += _metric(metric, f"{field}[{number}]")
    if from_zero and not any(metric.get("type") in ("Object", "External") for metric in found):
        text = "must specify at least one Object or External metric to support scaling to zero replicas"
        problems.append(fields.forbidden(field, text))
    return problems


def _metric(metric: Metric, at: str) -> list[fields.Problem]:
    kind = metric.get("type") or ""
    part = hpametrics.PARTS.get(kind, "")
    problems = [] if kind else [fields.required(f"{at}.type", "must specify a metric source type")]
    if not part:
        problems.append(fields.unsupported(f"{at}.type", kind, sorted(hpametrics.PARTS)))
    given = checks.only(JUDGED, metric)
    for name in given[:1]:
        problems += JUDGED[name](metric[name], f"{at}.{name}")
    if part and part not in given:
        problems.append(fields.required(f"{at}.{part}", "must populate information for the given metric source"))
    others = [name for name in given if name != part] if len(given) > 1 else []
    return problems + [fields.forbidden(f"{at}.{name}", "must populate the given metric source only") for name in sorted(others)]


def _object(source: Metric, at: str) -> list[fields.Problem]:
    about, target = source.get("describedObject") or {}, source.get("target") or {}
    problems: list[fields.Problem] = []
    for name in ("kind", "name"):
        problems += checks.named(names.path_segment, about.get(name) or "", f"{at}.describedObject.{name}")
    problems += _named(source, at) + _target(target, f"{at}.target")
    if target.get("value") is None and target.get("averageValue") is None:
        problems.append(fields.required(f"{at}.target.averageValue", "must set either a target value or averageValue"))
    return problems


def _external(source: Metric, at: str) -> list[fields.Problem]:
    target = source.get("target") or {}
    problems = _named(source, at) + _target(target, f"{at}.target")
    given = checks.only(("value", "averageValue"), target)
    if not given:
        text = "must set either a target value for metric or a per-pod target"
        problems.append(fields.required(f"{at}.target.averageValue", text))
    if len(given) > 1:
        text = "may not set both a target value for metric and a per-pod target"
        problems.append(fields.forbidden(f"{at}.target.value", text))
    return problems


def _pods(source: Metric, at: str) -> list[fields.Problem]:
    target = source.get("target") or {}
    problems = _named(source, at) + _target(target, f"{at}.target")
    if target.get("averageValue") is None:
        problems.append(fields.required(f"{at}.target.averageValue", "must specify a positive target averageValue"))
    return problems


def _resource(source: Metric, at: str) -> list[fields.Problem]:
    problems = [] if source.get("name") else [fields.required(f"{at}.name", "must specify a resource name")]
    return problems + _used(source.get("target") or {}, f"{at}.target")


def _container_resource(source: Metric, at: str) -> list[fields.Problem]:
    name, container = source.get("name") or "", source.get("container") or ""
    if name:
        problems = validation_resources.container_resource(name, f"{at}.name")
    else:
        problems = [fields.required(f"{at}.name", "must specify a resource name")]
    if container:
        problems += checks.worded(names.dns_label, container, f"{at}.container")
    else:
        problems.append(fields.required(f"{at}.container", "must specify a container"))
    return problems + _used(source.get("target") or {}, f"{at}.target")


def _used(target: Metric, at: str) -> list[fields.Problem]:
    """The target of a resource: a share of what is requested, or an amount."""
    problems = _target(target, at)
    given = checks.only(("averageUtilization", "averageValue"), target)
    if not given:
        text = "must set either a target raw value or a target utilization"
        problems.append(fields.required(f"{at}.averageUtilization", text))
    if len(given) > 1:
        text = "may not set both a target raw value and a target utilization"
        problems.append(fields.forbidden(f"{at}.averageValue", text))
    return problems


def _named(source: Metric, at: str) -> list[fields.Problem]:
    name = meta.at(source, "metric", "name") or ""
    if not name:
        return [fields.required(f"{at}.metric.name", "must specify a metric name")]
    return checks.worded(names.path_segment, name, f"{at}.metric.name")


def _target(target: Metric, at: str) -> list[fields.Problem]:
    kind, use = target.get("type") or "", target.get("averageUtilization")
    problems = [] if kind else [fields.required(f"{at}.type", "must specify a metric target type")]
    if kind not in TARGET_TYPES:
        problems.append(fields.invalid(f"{at}.type", kind, "must be either Utilization, Value, or AverageValue"))
    problems += [
        fields.invalid(f"{at}.{name}", checks.shown(target[name]), "must be positive")
        for name in checks.only(("value", "averageValue"), target)
        if quantities.parse(target[name]) <= 0
    ]
    if use is not None and use < 1:
        problems.append(fields.invalid(f"{at}.averageUtilization", use, "must be greater than 0"))
    return problems


JUDGED: dict[str, Callable[[Metric, str], list[fields.Problem]]] = {
    "object": _object,
    "external": _external,
    "pods": _pods,
    "resource": _resource,
    "containerResource": _container_resource,
}
"""Sources in the order that Kubernetes looks at them: only the first one is judged."""
