"""StatefulSets: defaults, rules and table.

Follows SetDefaults_StatefulSet and ValidateStatefulSetSpec of pkg/apis/apps.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, generic, workloads
from pkctl.kinds.podspec import defaults, validation
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.describing import Reader
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SPEC = (("podManagementPolicy", "OrderedReady"), ("replicas", 1), ("revisionHistoryLimit", 10))
RETENTION = (("whenDeleted", "Retain"), ("whenScaled", "Retain"))
RETENTIONS = ("Retain", "Delete")
CHANGEABLE = (
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
)  # fmt: skip
COLUMNS = (
    shared.NAME,
    columns.Column("Ready", description="Number of the pod with ready state"),
    shared.AGE,
    workloads.CONTAINERS,
    workloads.IMAGES,
)


def default(obj: Object) -> None:
    """See the package."""
    spec = obj.setdefault("spec", {})
    workloads.fill(spec, SPEC)
    strategy = spec.setdefault("updateStrategy", {})
    strategy["type"] = strategy.get("type") or "RollingUpdate"
    if strategy["type"] == "RollingUpdate":
        workloads.fill(strategy.setdefault("rollingUpdate", {}), (("partition", 0),))
    workloads.fill(spec.setdefault("persistentVolumeClaimRetentionPolicy", {}), RETENTION)
    for claim in spec.get("volumeClaimTemplates") or ():
        workloads.fill(claim, (("apiVersion", "v1"), ("kind", "PersistentVolumeClaim")))
        workloads.fill(claim.setdefault("spec", {}), (("volumeMode", "Filesystem"),))
        workloads.fill(claim.setdefault("status", {}), (("phase", "Pending"),))
    defaults.template(spec.setdefault("template", {}))


def prepare(new: Object, old: Object | None) -> None:
    """A new StatefulSet counts no pods yet."""
    if old is None:
        new["status"] = {"availableReplicas": 0, "replicas": 0}


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = _policies(spec)
    for name in ("replicas", "minReadySeconds"):
        problems += generic.not_negative(spec.get(name), f"spec.{name}")
    problems += generic.not_negative((spec.get("ordinals") or {}).get("start"), "spec.ordinals.start")
    problems += workloads.selector(spec.get("selector"), spec["template"], "spec", "statefulset")
    claims = [str((claim.get("metadata") or {}).get("name") or "") for claim in spec.get("volumeClaimTemplates") or ()]
    problems += validation.long_running_template(_with_claims(spec["template"], claims), "spec.template", "StatefulSet")
    for index, claim in enumerate(claims):
        problems += checks.named(names.dns_subdomain, claim, f"spec.volumeClaimTemplates[{index}].metadata.name")
    problems += generic.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    if old is not None:
        problems += _unchanged(spec, workloads.spec(old))
    elif spec.get("serviceName"):
        problems += checks.worded(names.dns_subdomain, spec["serviceName"], "spec.serviceName")
    return problems


def _with_claims(template: Object, claims: list[str]) -> Object:
    """The template with the claims as the volumes that its pods will have."""
    spec = template.get("spec") or {}
    kept = [volume for volume in spec.get("volumes") or () if volume.get("name") not in claims]
    added = [{"name": name, "persistentVolumeClaim": {"claimName": name}} for name in claims if not names.dns_label(name)]
    return {**template, "spec": {**spec, "volumes": [*kept, *added]}}


def _policies(spec: Object) -> list[Problem]:
    problems: list[Problem] = []
    management = spec.get("podManagementPolicy")
    if management not in ("OrderedReady", "Parallel"):
        problems.append(fields.invalid("spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'"))
    problems += _strategy(spec.get("updateStrategy") or {}, "spec.updateStrategy")
    retention = spec.get("persistentVolumeClaimRetentionPolicy") or {}
    for name in ("whenDeleted", "whenScaled"):
        problems += checks.chosen(retention.get(name), RETENTIONS, f"spec.persistentVolumeClaimRetentionPolicy.{name}")
    return problems


def _strategy(strategy: Object, path: str) -> list[Problem]:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "OnDelete":
        text = "only allowed for updateStrategy 'RollingUpdate'"
        return [] if rolling is None else [fields.invalid(f"{path}.rollingUpdate", rolling, text)]
    if kind != "RollingUpdate":
        text = f"Invalid value: {workloads.strategy_text(strategy)}: must be 'RollingUpdate' or 'OnDelete'"
        return [fields.Problem(path, "FieldValueInvalid", text)]
    problems = generic.not_negative((rolling or {}).get("partition"), f"{path}.rollingUpdate.partition")
    unavailable = (rolling or {}).get("maxUnavailable")
    if unavailable is not None:
        place = f"{path}.rollingUpdate.maxUnavailable"
        problems += workloads.count_or_percent(unavailable, place)
        problems += [fields.invalid(place, unavailable, "cannot be 0")] if workloads.is_zero(unavailable) else []
        problems += workloads.not_above_all(unavailable, place)
    return problems


def _unchanged(new: Object, old: Object) -> list[Problem]:
    if {**new, **dict.fromkeys(CHANGEABLE)} == {**old, **dict.fromkeys(CHANGEABLE)}:
        return []
    listed = ", ".join(f"'{name}'" for name in CHANGEABLE[:-1])
    text = f"updates to statefulset spec for fields other than {listed} and '{CHANGEABLE[-1]}' are forbidden"
    return [fields.forbidden("spec", text)]


def cells(obj: Object, now: float) -> list[Any]:
    """See the package."""
    spec = workloads.spec(obj)
    ready = f"{workloads.number(obj, 'readyReplicas')}/{spec.get('replicas', 1)}"
    return [obj["metadata"].get("name", ""), ready, shared.age(obj, now), *workloads.container_cells(spec.get("template"))]


def describe(obj: Object, reader: Reader) -> str:
    """kubectl describe's text."""
    from pkctl.kinds.podspec import describing

    return describing.statefulset(obj, reader)
