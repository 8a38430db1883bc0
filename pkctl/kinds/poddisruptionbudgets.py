"""PodDisruptionBudget. Follows pkg/apis/policy/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EVICTION_POLICIES = ("AlwaysAllow", "IfHealthyBudget")
PERCENT = (
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation "
    "is '[0-9]+%')"
)
COLUMNS = (
    shared.NAME,
    columns.Column("Min Available", description="The minimum number of pods that must be available."),
    columns.Column("Max Unavailable", description="The maximum number of pods that may be unavailable."),
    columns.Column("Allowed Disruptions", "integer", description="Calculated number of pods that may be disrupted at this time."),
    shared.AGE,
)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Status has its own subresource."""
    zero = dict.fromkeys(("currentHealthy", "desiredHealthy", "disruptionsAllowed", "expectedPods"), 0)
    new["status"] = meta.clone(old["status"]) if old and "status" in old else zero


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """One of the two bounds, and a selector."""
    spec = new.get("spec") or {}
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    found: list[fields.Problem] = []
    if least is not None and most is not None:
        value = {
            "MinAvailable": least,
            "Selector": spec.get("selector"),
            "MaxUnavailable": most,
            "UnhealthyPodEvictionPolicy": spec.get("unhealthyPodEvictionPolicy"),
        }
        found.append(checks.struct("spec", value, "minAvailable and maxUnavailable cannot be both set"))
    for name, bound in (("minAvailable", least), ("maxUnavailable", most)):
        if bound is not None:
            found += number_or_percent(bound, f"spec.{name}")
    found += checks.selector(spec.get("selector"), "spec.selector")
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in EVICTION_POLICIES:
        found.append(fields.unsupported("spec.unhealthyPodEvictionPolicy", policy, EVICTION_POLICIES))
    return found


def number_or_percent(value: int | str, field: str) -> list[fields.Problem]:
    """A count that is not negative, or a percentage up to 100."""
    if not isinstance(value, str):
        return checks.between(value, field, 0)
    if not value.endswith("%") or not value[:-1].isdigit():
        return [fields.invalid(field, value, PERCENT)]
    return [fields.invalid(field, value, "must not be greater than 100%")] if int(value[:-1]) > 100 else []


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """See `rules.statuses`."""
    from pkctl.kinds.rules import statuses

    return statuses.validate("poddisruptionbudgets", new, old)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    bounds = [str(spec[name]) if spec.get(name) is not None else "N/A" for name in ("minAvailable", "maxUnavailable")]
    return [meta.name(obj), *bounds, meta.at(obj, "status", "disruptionsAllowed", default=0), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Bounds and where things stand."""
    page, spec = describing.Page(), obj.get("spec") or {}
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    for label, name in (("Min available", "minAvailable"), ("Max unavailable", "maxUnavailable")):
        if spec.get(name) is not None:
            page.field(label, spec[name])
            break
    page.field("Selector", describing.UNSET if spec.get("selector") is None else selectors.show(spec["selector"]))
    page.line("Status:")
    for label, name in (
        ("Allowed disruptions", "disruptionsAllowed"),
        ("Current", "currentHealthy"),
        ("Desired", "desiredHealthy"),
        ("Total", "expectedPods"),
    ):
        page.field(label, meta.at(obj, "status", name, default=0), 2)
    return describing.end(page, obj, reader)
