"""What a ReplicaSet may be. Follows ValidateReplicaSetSpec of pkg/apis/apps/validation."""

from __future__ import annotations

from pkctl.kinds import checks, generic, workloads
from pkctl.kinds.podspec import validation
from pkctl.kinds.rules import rollouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = checks.not_negative(spec.get("replicas"), "spec.replicas")
    problems += checks.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += rollouts.selector(spec.get("selector"), spec["template"], "spec", "deployment")
    if not rollouts.is_broken(spec.get("selector")):
        problems += validation.long_running_template(spec["template"], "spec.template", "ReplicaSet")
    if old is not None:
        problems += generic.immutable(spec.get("selector"), workloads.spec(old).get("selector"), "spec.selector")
    return problems
