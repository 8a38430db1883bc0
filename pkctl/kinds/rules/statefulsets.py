"""What a StatefulSet may be. Follows ValidateStatefulSetSpec of pkg/apis/apps/validation."""

from __future__ import annotations

from pkctl.kinds import checks, gostructs, persistentvolumeclaims, workloads
from pkctl.kinds.podspec import validation
from pkctl.kinds.rules import rollouts
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

RETENTIONS = ("Retain", "Delete")
CHANGEABLE = (
    "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds",
)  # fmt: skip


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = _policies(spec)
    for name in ("replicas", "minReadySeconds"):
        problems += checks.not_negative(spec.get(name), f"spec.{name}")
    problems += checks.not_negative((spec.get("ordinals") or {}).get("start"), "spec.ordinals.start")
    problems += rollouts.selector(spec.get("selector"), spec["template"], "spec", "statefulset")
    claims = [str((claim.get("metadata") or {}).get("name") or "") for claim in spec.get("volumeClaimTemplates") or ()]
    if not rollouts.is_broken(spec.get("selector")):
        problems += validation.pod_template(_with_claims(spec["template"], claims), "spec.template")
    problems += validation.long_running(spec["template"].get("spec") or {}, "spec.template", "StatefulSet")
    for index, claim in enumerate(claims):
        problems += checks.named(names.dns_subdomain, claim, f"spec.volumeClaimTemplates[{index}].metadata.name")
        if old is None:
            claim_spec = spec["volumeClaimTemplates"][index].get("spec") or {}
            problems += persistentvolumeclaims.claim_spec(claim_spec, f"spec.volumeClaimTemplates[{index}].spec")
    problems += checks.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
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
        return [] if rolling is None else [checks.struct(f"{path}.rollingUpdate", gostructs.shown("Partitioned", rolling), text)]
    if kind != "RollingUpdate":
        text = f"Invalid value: {rollouts.strategy_text(strategy, 'PartitionedStrategy')}: must be 'RollingUpdate' or 'OnDelete'"
        return [fields.Problem(path, "FieldValueInvalid", text)]
    problems = checks.not_negative((rolling or {}).get("partition"), f"{path}.rollingUpdate.partition")
    unavailable = (rolling or {}).get("maxUnavailable")
    if unavailable is not None:
        place = f"{path}.rollingUpdate.maxUnavailable"
        problems += rollouts.count_or_percent(unavailable, place)
        problems += [fields.invalid(place, unavailable, "cannot be 0")] if rollouts.is_zero(unavailable) else []
        problems += rollouts.not_above_all(unavailable, place)
    return problems


def _unchanged(new: Object, old: Object) -> list[Problem]:
    if {**new, **dict.fromkeys(CHANGEABLE)} == {**old, **dict.fromkeys(CHANGEABLE)}:
        return []
    listed = ", ".join(f"'{name}'" for name in CHANGEABLE[:-1])
    text = f"updates to statefulset spec for fields other than {listed} and '{CHANGEABLE[-1]}' are forbidden"
    return [fields.forbidden("spec", text)]
