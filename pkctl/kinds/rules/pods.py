"""What a Pod may be, new or changed. Follows ValidatePod of pkg/apis/core/validation."""

from __future__ import annotations

from pkctl.kinds import workloads
from pkctl.kinds.podspec import validation
from pkctl.kinds.rules import podupdates
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MIRROR = "kubernetes.io/config.mirror"


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = _annotations(new, spec)
    problems += validation.pod_spec(spec, "spec")
    problems += _images(spec)
    if old is not None:
        return problems + podupdates.changes(new, old)
    if spec.get("ephemeralContainers"):
        problems.append(fields.forbidden("spec.ephemeralContainers", "cannot be set on create"))
    return problems


def _annotations(new: Object, spec: Object) -> list[Problem]:
    value = ((new.get("metadata") or {}).get("annotations") or {}).get(MIRROR)
    if value is None or spec.get("nodeName"):
        return []
    return [fields.invalid(f"metadata.annotations[{MIRROR}]", value, "must set spec.nodeName if mirror pod annotation is set")]


def _images(spec: Object) -> list[Problem]:
    """Only of whole Pods, since templates always were allowed blanks."""
    problems: list[Problem] = []
    for kind in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(kind) or ()):
            image = str(container.get("image") or "")
            if image != image.strip():
                path = f"spec.{kind}[{index}].image"
                problems.append(fields.invalid(path, image, "must not have leading or trailing whitespace"))
    return problems
