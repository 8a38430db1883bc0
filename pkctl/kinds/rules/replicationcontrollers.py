"""What a ReplicationController may be. Follows ValidateReplicationControllerSpec of pkg/apis/core/validation."""

from __future__ import annotations

from pkctl.kinds import checks, workloads
from pkctl.kinds.podspec import validation
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object


def validate(new: Object, _old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    selector, template = spec.get("selector"), spec.get("template")
    problems = checks.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += [] if selector else [fields.required("spec.selector")]
    problems += checks.not_negative(spec.get("replicas"), "spec.replicas")
    if template is None:
        return [*problems, fields.required("spec.template")]
    if selector:
        problems += validation.selector_matches({"matchLabels": selector}, template, "spec.template")
    return problems + validation.long_running_template(template, "spec.template", "ReplicationController")
