"""HorizontalPodAutoscaler, stored as v2. Metrics are in `hpametrics`.

Follows pkg/apis/autoscaling/{v2/defaults.go,validation} of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, hpametrics
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

V1 = "autoscaling/v1"
DEFAULT_CPU = 80
SELECT_POLICIES = ("Disabled", "Max", "Min")
POLICY_TYPES = ("Percent", "Pods")
LONGEST_PERIOD, LONGEST_WINDOW = 1800, 3600
SCALE_UP: dict[str, Any] = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}, {"type": "Percent", "value": 100, "periodSeconds": 15}],
}
SCALE_DOWN: dict[str, Any] = {"selectPolicy": "Max", "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}]}
COLUMNS = (
    shared.NAME,
    columns.Column("Reference", description="scaleTargetRef points to the target resource to scale."),
    columns.Column("Targets", description="metrics contains the specifications for which to use to calculate the desired replica count."),
    columns.Column("MinPods", description="minReplicas is the lower limit for the number of replicas."),
    columns.Column("MaxPods", description="maxReplicas is the upper limit for the number of replicas."),
    columns.Column("Replicas", description="currentReplicas is current number of replicas of pods managed by this autoscaler."),
    shared.AGE,
)


def convert(obj: meta.Object, api_version: str) -> meta.Object:
    """The same object in the form of `autoscaling/v1` or `autoscaling/v2`."""
    if obj.get("apiVersion") == api_version:
        return obj
    return hpametrics.to_v1(obj) if api_version == V1 else hpametrics.to_v2(obj)


def default(obj: meta.Object) -> None:
    """One replica at least, 80 % of the CPU, and the usual pace for what a behavior leaves open."""
    spec = obj["spec"] = obj.get("spec") or {}
    if spec.get("minReplicas") is None:
        spec["minReplicas"] = 1
    if not spec.get("metrics"):
        spec["metrics"] = [hpametrics.cpu_metric(DEFAULT_CPU)]
    behavior = spec.get("behavior")
    if behavior is not None:
        for name, rules in (("scaleUp", SCALE_UP), ("scaleDown", SCALE_DOWN)):
            given = {key: value for key, value in (behavior.get(name) or {}).items() if value is not None}
            behavior[name] = {**meta.clone(rules), **given}


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Status has its own subresource."""
    empty = {"currentMetrics": None, "desiredReplicas": 0}
    new["status"] = meta.clone(old["status"]) if old and "status" in old else empty


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Bounds, target, metrics, behavior."""
    from pkctl.kinds.rules import hpametrics as rules

    spec = new.get("spec") or {}
    least, most = spec.get("minReplicas"), spec.get("maxReplicas") or 0
    # Who scales to zero already may go on doing so.
    found = checks.between(least, "spec.minReplicas", 0 if meta.at(old or {}, "spec", "minReplicas") == 0 else 1)
    if most < 1:
        found.append(fields.invalid("spec.maxReplicas", most, "must be greater than 0"))
    if least is not None and most < least:
        found.append(fields.invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`"))
    found += _target(spec.get("scaleTargetRef") or {}, "spec.scaleTargetRef")
    found += rules.validate(spec.get("metrics") or [], "spec.metrics", from_zero=least == 0)
    for name in ("scaleUp", "scaleDown"):
        pace = (spec.get("behavior") or {}).get(name)
        if pace is not None:
            found += _rules(pace, f"spec.behavior.{name}")
    return found


def _target(target: dict[str, Any], field: str) -> list[fields.Problem]:
    version = target.get("apiVersion") or ""
    found = checks.named(names.path_segment, target.get("kind", ""), f"{field}.kind")
    found += checks.named(names.path_segment, target.get("name", ""), f"{field}.name")
    if version.count("/") > 1:
        found.append(fields.invalid(f"{field}.apiVersion", version, f"unexpected GroupVersion string: {version}"))
    elif "/" not in version and not (version == "v1" and target.get("kind") == "ReplicationController"):
        found.append(fields.invalid(f"{field}.apiVersion", version, "apiVersion must specify API group"))
    return found


def _rules(rules: dict[str, Any], field: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    window, select = rules.get("stabilizationWindowSeconds"), rules.get("selectPolicy")
    if window is not None and window < 0:
        found.append(fields.invalid(f"{field}.stabilizationWindowSeconds", window, "must be greater than or equal to zero"))
    elif window is not None and window > LONGEST_WINDOW:
        text = f"must be less than or equal to {LONGEST_WINDOW}"
        found.append(fields.invalid(f"{field}.stabilizationWindowSeconds", window, text))
    if select is not None and select not in SELECT_POLICIES:
        found.append(fields.unsupported(f"{field}.selectPolicy", select, SELECT_POLICIES))
    policies = rules.get("policies") or []
    if not policies:
        found.append(fields.required(f"{field}.policies", "must specify at least one Policy"))
    for number, policy in enumerate(policies):
        at, period = f"{field}.policies[{number}]", policy.get("periodSeconds") or 0
        if policy.get("type") not in POLICY_TYPES:
            found.append(fields.unsupported(f"{at}.type", policy.get("type", ""), POLICY_TYPES))
        if (policy.get("value") or 0) <= 0:
            found.append(fields.invalid(f"{at}.value", policy.get("value") or 0, "must be greater than zero"))
        if period <= 0:
            found.append(fields.invalid(f"{at}.periodSeconds", period, "must be greater than zero"))
        elif period > LONGEST_PERIOD:
            found.append(fields.invalid(f"{at}.periodSeconds", period, f"must be less than or equal to {LONGEST_PERIOD}"))
    return found + (checks.quantity(rules["tolerance"], f"{field}.tolerance") if rules.get("tolerance") is not None else [])


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("horizontalpodautoscalers", new, old)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    target, least = spec.get("scaleTargetRef") or {}, spec.get("minReplicas")
    return [
        meta.name(obj),
        f"{target.get('kind', '')}/{target.get('name', '')}",
        hpametrics.cell(obj),
        shared.UNSET if least is None else str(least),
        spec.get("maxReplicas") or 0,
        meta.at(obj, "status", "currentReplicas", default=0),
        shared.age(obj, now),
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Metrics, bounds, behavior, where things stand."""
    page, spec, status = describing.begin(obj), obj.get("spec") or {}, obj.get("status") or {}
    target = spec.get("scaleTargetRef") or {}
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    page.field("Reference", f"{target.get('kind', '')}/{target.get('name', '')}")
    hpametrics.describe(page, obj)
    least = spec.get("minReplicas")
    page.field("Min replicas", describing.UNSET if least is None else least)
    page.field("Max replicas", spec.get("maxReplicas") or 0)
    if spec.get("behavior"):
        page.line("Behavior:")
        _describe_rules(page, "Scale Up", spec["behavior"].get("scaleUp"))
        _describe_rules(page, "Scale Down", spec["behavior"].get("scaleDown"))
    counts = f"{status.get('currentReplicas') or 0} current / {status.get('desiredReplicas') or 0} desired"
    page.field(f"{target.get('kind', '')} pods", counts)
    describing.conditions(page, obj, ("Type", "Status", "Reason", "Message"), gap=())
    return describing.end(page, obj, reader)


def _describe_rules(page: describing.Page, title: str, rules: dict[str, Any] | None) -> None:
    if rules is None:
        return
    page.line(f"{title}:", level=1)
    if rules.get("stabilizationWindowSeconds") is not None:
        page.line(f"Stabilization Window: {rules['stabilizationWindowSeconds']} seconds", level=2)
    if rules.get("policies"):
        page.line(f"Select Policy: {rules.get('selectPolicy') or 'Max'}", level=2)
        page.line("Policies:", level=2)
    for policy in rules.get("policies") or ():
        value, period = policy.get("value") or 0, policy.get("periodSeconds") or 0
        page.line(f"- Type: {policy.get('type', '')}", f"Value: {value}", f"Period: {period} seconds", level=3)
