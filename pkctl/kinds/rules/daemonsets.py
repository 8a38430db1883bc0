"""What a DaemonSet may be. Follows ValidateDaemonSetSpec of pkg/apis/apps/validation."""

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
    selector = spec.get("selector")
    problems = checks.selector(selector, "spec.selector")
    problems += validation.selector_matches(selector, spec["template"], "spec.template")
    if selector is not None and not selector.get("matchLabels") and not selector.get("matchExpressions"):
        problems.append(fields.invalid("spec.selector", selector, "empty selector is invalid for daemonset"))
    problems += validation.long_running_template(spec["template"], "spec.template", "DaemonSet")
    problems += checks.not_negative(spec.get("minReadySeconds"), "spec.minReadySeconds")
    problems += _strategy(spec.get("updateStrategy") or {}, "spec.updateStrategy")
    problems += checks.not_negative(spec.get("revisionHistoryLimit"), "spec.revisionHistoryLimit")
    if old is not None:
        problems += generic.immutable(selector, workloads.spec(old).get("selector"), "spec.selector")
    return problems


def _strategy(strategy: Object, path: str) -> list[Problem]:
    kind = strategy.get("type")
    if kind == "OnDelete":
        return []
    if kind != "RollingUpdate":
        return [rollouts.wrong_strategy(path, strategy, ("RollingUpdate", "OnDelete"))]
    rolling, place = strategy.get("rollingUpdate") or {}, f"{path}.rollingUpdate"
    unavailable, surge = rolling.get("maxUnavailable"), rolling.get("maxSurge")
    problems = rollouts.count_or_percent(unavailable, f"{place}.maxUnavailable")
    problems += rollouts.count_or_percent(surge, f"{place}.maxSurge")
    problems += rollouts.not_above_all(unavailable, f"{place}.maxUnavailable")
    problems += rollouts.not_above_all(surge, f"{place}.maxSurge")
    if not rollouts.is_zero(unavailable) and not rollouts.is_zero(surge):
        problems.append(fields.invalid(f"{place}.maxSurge", surge, "may not be set when maxUnavailable is non-zero"))
    elif rollouts.is_zero(unavailable) and rollouts.is_zero(surge):
        problems.append(fields.required(f"{place}.maxUnavailable", "cannot be 0 when maxSurge is 0"))
    return problems
