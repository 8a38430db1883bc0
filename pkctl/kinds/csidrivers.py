"""CSIDriver: pkctl stores it and does not act upon it. Follows pkg/apis/storage/{v1/defaults.go,validation} of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("AttachRequired", "boolean", description="Whether this CSI volume driver requires an attach operation."),
    columns.Column("PodInfoOnMount", "boolean", description="Whether this CSI volume driver requires additional pod information."),
    columns.Column("StorageCapacity", "boolean", description="Whether pod scheduling considers the capacity that the driver reports."),
    columns.Column("TokenRequests", description="The driver needs pods' service account tokens it is mounting volume for."),
    columns.Column("RequiresRepublish", "boolean", description="Whether the driver wants NodePublishVolume being periodically called."),
    columns.Column("Modes", description="Defines what kind of volumes this CSI volume driver supports."),
    shared.AGE,
)
DEFAULTS: dict[str, Any] = {
    "attachRequired": True,
    "podInfoOnMount": False,
    "storageCapacity": False,
    "fsGroupPolicy": "ReadWriteOnceWithFSType",
    "volumeLifecycleModes": ["Persistent"],
    "requiresRepublish": False,
    "seLinuxMount": False,
}


def default(obj: meta.Object) -> None:
    """SetDefaults_CSIDriver."""
    spec = obj["spec"] = obj.get("spec") or {}
    for name, value in DEFAULTS.items():
        if spec.get(name) is None or spec[name] == []:
            spec[name] = meta.clone(value)


GROUP_POLICIES = ("File", "None", "ReadWriteOnceWithFSType")
LIFECYCLES = ("Persistent", "Ephemeral")
SHORTEST_TOKEN, LONGEST_TOKEN, SHORTEST_PERIOD = 600, 1 << 32, 10


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Its policy, tokens and modes; attaching and the modes never change."""
    spec = new.get("spec") or {}
    found: list[fields.Problem] = []
    if spec.get("fsGroupPolicy") not in GROUP_POLICIES:
        found.append(fields.unsupported("spec.fsGroupPolicy", spec.get("fsGroupPolicy"), GROUP_POLICIES))
    found += _tokens(spec.get("tokenRequests") or [])
    modes = spec.get("volumeLifecycleModes") or []
    found += [fields.unsupported("spec.volumeLifecycleModes", mode, LIFECYCLES) for mode in modes if mode not in LIFECYCLES]
    period = spec.get("nodeAllocatableUpdatePeriodSeconds")
    if period is not None and period < SHORTEST_PERIOD:
        text = f"must be greater than or equal to {SHORTEST_PERIOD} seconds"
        found.append(fields.invalid("spec.nodeAllocatableUpdatePeriodSeconds", period, text))
    return found + (_changed(spec, old.get("spec") or {}) if old else [])


def _tokens(requests: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    for number, request in enumerate(requests):
        at, audience, seconds = f"spec.tokenRequests[{number}]", request.get("audience") or "", request.get("expirationSeconds")
        if audience in [each.get("audience") or "" for each in requests[:number]]:
            found.append(fields.duplicate(f"{at}.audience", audience))
        elif seconds is not None and seconds < SHORTEST_TOKEN:
            found.append(fields.invalid(f"{at}.expirationSeconds", seconds, "may not specify a duration less than 10 minutes"))
        elif seconds is not None and seconds > LONGEST_TOKEN:
            found.append(fields.invalid(f"{at}.expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds"))
    return found


def _changed(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    frozen = (("attachRequired", "attachedRequired"), ("volumeLifecycleModes", "volumeLifecycleModes"))
    return [
        fields.invalid(f"spec.{shown}", spec.get(name), "field is immutable")
        for name, shown in frozen
        if spec.get(name) != before.get(name)
    ]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    audiences = [request.get("audience", "") for request in spec.get("tokenRequests") or ()]
    return [
        meta.name(obj),
        spec.get("attachRequired", True),
        bool(spec.get("podInfoOnMount")),
        bool(spec.get("storageCapacity")),
        ",".join(audiences) if audiences else shared.UNSET,
        bool(spec.get("requiresRepublish")),
        ",".join(spec.get("volumeLifecycleModes") or ()) or shared.NONE,
        shared.age(obj, now),
    ]
