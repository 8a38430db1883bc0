"""What a Deployment may be. Follows ValidateDeploymentSpec of pkg/apis/apps/validation."""

from __future__ import annotations

from pkctl.kinds import checks, generic, workloads
from pkctl.kinds.podspec import validation
from pkctl.kinds.rules import rollouts
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = checks.not_negative(spec.get("replicas"), "spec.replicas")
    problems += rollouts.selector(spec.get("selector"), spec["template"], "spec", "deployment")
    if not rollouts.is_broken(spec.get("selector")):
        problems += validation.long_running_template(spec["template"], "spec.template", "ReplicaSet")
    problems += _strategy(spec.get("strategy") or {}, "spec.strategy")
    problems += checks.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += checks.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    problems += _deadline(spec)
    if old is not None:
        problems += generic.immutable(spec.get("selector"), workloads.spec(old).get("selector"), "spec.selector")
    return problems


def _deadline(spec: Object) -> list[Problem]:
    path, deadline = "spec.progressDeadlineSeconds", spec.get("progressDeadlineSeconds")
    if deadline is None:
        return []
    problems = checks.not_negative(deadline, path)
    if deadline <= (spec.get("minReadySeconds") or 0):
        problems.append(fields.invalid(path, deadline, "must be greater than minReadySeconds"))
    return problems


def _strategy(strategy: Object, path: str) -> list[Problem]:
    kind, rolling = strategy.get("type"), strategy.get("rollingUpdate")
    if kind == "Recreate":
        text = "may not be specified when strategy `type` is 'Recreate'"
        return [] if rolling is None else [fields.forbidden(f"{path}.rollingUpdate", text)]
    if kind != "RollingUpdate":
        return [rollouts.wrong_strategy(path, strategy, ("Recreate", "RollingUpdate"))]
    return _rolling(rolling or {}, f"{path}.rollingUpdate")


def _rolling(rolling: Object, path: str) -> list[Problem]:
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    problems = rollouts.count_or_percent(unavailable, f"{path}.maxUnavailable")
    problems += rollouts.count_or_percent(surge, f"{path}.maxSurge")
    if rollouts.is_zero(unavailable) and rollouts.is_zero(surge):
        problems.append(fields.invalid(f"{path}.maxUnavailable", unavailable, "may not be 0 when `maxSurge` is 0"))
    return problems + rollouts.not_above_all(unavailable, f"{path}.maxUnavailable")
