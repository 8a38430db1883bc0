"""The metrics of a HorizontalPodAutoscaler: in a table's cell, in a description, and between v1 and v2.

Follows pkg/apis/autoscaling/v1/conversion.go and formatHPAMetrics of Kubernetes. What they may be is in `rules.hpametrics`.
"""

from __future__ import annotations

import json

from pkctl.kinds import cells, describing
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Metric = dict[str, Any]

PARTS = {"Object": "object", "Pods": "pods", "Resource": "resource", "ContainerResource": "containerResource", "External": "external"}
METRICS = "autoscaling.alpha.kubernetes.io/metrics"
CURRENT_METRICS = "autoscaling.alpha.kubernetes.io/current-metrics"
CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"
BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior"
SHOWN = 2


def current(obj: meta.Object, number: int, part: str) -> Metric:
    """What was last measured for a metric, {} when nothing was."""
    seen = meta.at(obj, "status", "currentMetrics", default=())
    return meta.at(seen[number], part, "current", default={}) if number < len(seen) else {}


def cell(obj: meta.Object) -> str:
    """The TARGETS cell: two metrics and how many more."""
    found = meta.at(obj, "spec", "metrics", default=())
    shown = [_shown(obj, number, metric) for number, metric in enumerate(found)]
    return cells.some(shown, SHOWN, ", ")


def _shown(obj: meta.Object, number: int, metric: Metric) -> str:
    kind = metric.get("type") or ""
    part = PARTS.get(kind, "")
    source = metric.get(part) or {}
    now, target = current(obj, number, part), source.get("target") or {}
    if kind in ("Resource", "ContainerResource"):
        name = source.get("name", "")
        if target.get("averageValue") is not None:
            return f"{name}: {_amount(now, 'averageValue')}/{describing.quantity(target['averageValue'])}"
        used = now.get("averageUtilization")
        wanted = target.get("averageUtilization")
        return f"{name}: {cells.UNKNOWN if used is None else f'{used}%'}/{'<auto>' if wanted is None else f'{wanted}%'}"
    if kind == "Pods":
        return f"{_amount(now, 'averageValue')}/{describing.quantity(target.get('averageValue'))}"
    if kind in ("External", "Object"):
        averaged = target.get("averageValue") is not None if kind == "External" else target.get("type") == "AverageValue"
        field = "averageValue" if averaged else "value"
        return f"{_amount(now, field)}/{describing.quantity(target.get(field))}{' (avg)' if averaged else ''}"
    return "<unknown type>"


def _amount(now: Metric, field: str) -> str:
    return describing.quantity(now[field]) if now.get(field) is not None else cells.UNKNOWN


def describe(page: describing.Page, obj: meta.Object) -> None:
    """The Metrics section."""
    page.field("Metrics", "( current / target )")
    for number, metric in enumerate(meta.at(obj, "spec", "metrics", default=())):
        kind = metric.get("type") or ""
        part = PARTS.get(kind)
        if part is None:
            page.line(f"<unknown metric type {fields.quoted(kind)}>", level=1)
            continue
        label, value = _described(kind, metric.get(part) or {}, current(obj, number, part))
        page.line(label, value, level=1)


def _described(kind: str, source: Metric, now: Metric) -> tuple[str, str]:
    target = source.get("target") or {}
    if kind in ("Resource", "ContainerResource"):
        of = f' of container "{source.get("container", "")}"' if kind == "ContainerResource" else ""
        label = f"resource {source.get('name', '')}{of} on pods"
        if target.get("averageValue") is not None:
            return f"{label}:", f"{_amount(now, 'averageValue')} / {describing.quantity(target['averageValue'])}"
        used, wanted = now.get("averageUtilization"), target.get("averageUtilization")
        shown = cells.UNKNOWN if used is None else f"{used}% ({describing.quantity(now.get('averageValue'))})"
        # kubectl indents the second half of this line once more.
        return f"{label}  (as a percentage of request):", f"{shown} / {'<auto>' if wanted is None else f'{wanted}%'}"
    name = fields.quoted(meta.at(source, "metric", "name", default=""))
    if kind == "Pods":
        return f"{name} on pods:", f"{_amount(now, 'averageValue')} / {describing.quantity(target.get('averageValue'))}"
    averaged = target.get("averageValue") is not None if kind == "External" else target.get("type") == "AverageValue"
    about = source.get("describedObject") or {}
    on = f" on {about.get('kind', '')}/{about.get('name', '')}" if kind == "Object" else ""
    field = "averageValue" if averaged else "value"
    return (
        f"{name}{on} (target {'average ' if averaged else ''}value):",
        f"{_amount(now, field)} / {describing.quantity(target.get(field))}",
    )


def _is_cpu(metric: Metric) -> bool:
    return metric.get("type") == "Resource" and meta.at(metric, "resource", "name") == "cpu"


def to_v1(obj: meta.Object) -> meta.Object:
    """A v2 object as v1: CPU in its own field, everything else in annotations."""
    new = meta.clone(obj)
    spec, status = new.get("spec") or {}, new.get("status") or {}
    metrics, seen = spec.pop("metrics", None) or [], status.pop("currentMetrics", None) or []
    notes: dict[str, Any] = {}
    main = next((each for each in metrics if _is_cpu(each) and meta.at(each, "resource", "target", "averageUtilization") is not None), None)
    if main:
        spec["targetCPUUtilizationPercentage"] = main["resource"]["target"]["averageUtilization"]
    cpu = next((each for each in seen if _is_cpu(each) and meta.at(each, "resource", "current", "averageUtilization") is not None), None)
    if cpu:
        status["currentCPUUtilizationPercentage"] = cpu["resource"]["current"]["averageUtilization"]
    for name, value in (
        (METRICS, [each for each in metrics if each is not main]),
        (CURRENT_METRICS, seen),
        (CONDITIONS, status.pop("conditions", None)),
        (BEHAVIOR, spec.pop("behavior", None)),
    ):
        if value:
            notes[name] = json.dumps(value, separators=(",", ":"))
    if notes:
        metadata = new.setdefault("metadata", {})
        metadata["annotations"] = {**(metadata.get("annotations") or {}), **notes}
    return {**new, "apiVersion": "autoscaling/v1"}


def to_v2(obj: meta.Object) -> meta.Object:
    """A v1 object as v2."""
    new = meta.clone(obj)
    spec, status = new.setdefault("spec", {}), new.get("status") or {}
    notes = (new.get("metadata") or {}).get("annotations") or {}
    found = {name: json.loads(notes.pop(name)) for name in (METRICS, CURRENT_METRICS, CONDITIONS, BEHAVIOR) if name in notes}
    percent = spec.pop("targetCPUUtilizationPercentage", None)
    metrics = list(found.get(METRICS) or ())
    if percent is not None:
        metrics.insert(0, cpu_metric(percent))
    used = status.pop("currentCPUUtilizationPercentage", None)
    seen = found.get(CURRENT_METRICS)
    if seen is None and used is not None:
        seen = [{"type": "Resource", "resource": {"name": "cpu", "current": {"averageUtilization": used}}}]
    for holder, name, value in (
        (spec, "metrics", metrics),
        (spec, "behavior", found.get(BEHAVIOR)),
        (status, "currentMetrics", seen),
        (status, "conditions", found.get(CONDITIONS)),
    ):
        if value:
            holder[name] = value
    if status:
        new["status"] = status
    return {**new, "apiVersion": "autoscaling/v2"}


def cpu_metric(percent: int) -> Metric:
    """A target for the CPU in percent of what is requested."""
    return {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": percent}}}
