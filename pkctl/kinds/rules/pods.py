"""What a Pod may be, new or changed. Follows ValidatePodCreate and validatePodMetadataAndSpec of pkg/apis/core/validation."""

from __future__ import annotations

from pkctl.kinds import workloads
from pkctl.kinds.podspec import validation, validation_annotations, validation_containers
from pkctl.kinds.rules import podupdates
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

NO_ACCOUNT = "must not be specified when serviceAccountName is not set"


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    problems = whole(new)
    if old is not None:
        return problems + podupdates.changes(new, old)
    spec = workloads.spec(new)
    if spec.get("ephemeralContainers"):
        problems.append(fields.forbidden("spec.ephemeralContainers", "cannot be set on create"))
    if spec.get("nodeName") and spec.get("schedulingGates"):
        problems.append(fields.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared"))
    return problems + validation_annotations.agreeing(new.get("metadata") or {}, spec, "spec")


def whole(new: Object) -> list[Problem]:
    """What every form of a Pod must keep, however it came about."""
    metadata, spec = new.get("metadata") or {}, workloads.spec(new)
    problems = validation_annotations.judged(metadata, spec, "metadata.annotations")
    problems += validation.pod_spec(spec, "spec", metadata)
    problems += [] if spec.get("serviceAccountName") else _tokens(spec)
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            problems += validation_containers.no_blanks(container, f"spec.{kind}[{index}]")
    return problems


def _tokens(spec: Object) -> list[Problem]:
    return [
        fields.forbidden(f"spec.volumes[{number}].projected.sources[{index}].serviceAccountToken", NO_ACCOUNT)
        for number, volume in enumerate(spec.get("volumes") or ())
        for index, source in enumerate((volume.get("projected") or {}).get("sources") or ())
        if source.get("serviceAccountToken") is not None
    ]
