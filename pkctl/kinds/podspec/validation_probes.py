"""What may be wrong with probes and lifecycle hooks.

Follows validateProbe, validateLifecycle and validateHandler in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

ACTIONS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
SCHEMES = ("HTTP", "HTTPS")


def hooks(container: Object, spec: Object, path: str) -> list[Problem]:
    """Lifecycle and the three probes of one container."""
    problems = _lifecycle(container.get("lifecycle") or {}, spec, f"{path}.lifecycle")
    for name, check in (("livenessProbe", _must_succeed_once), ("readinessProbe", _no_grace), ("startupProbe", _must_succeed_once)):
        probe = container.get(name)
        if probe is not None:
            problems += _probe(probe, spec, f"{path}.{name}") + check(probe, f"{path}.{name}")
    return problems


def _lifecycle(lifecycle: Object, spec: Object, path: str) -> list[Problem]:
    problems = [
        problem
        for name in ("postStart", "preStop")
        if lifecycle.get(name) is not None
        for problem in _action(lifecycle[name], spec, f"{path}.{name}")
    ]
    if lifecycle.get("stopSignal") and not (spec.get("os") or {}).get("name"):
        problems.append(fields.forbidden(f"{path}.stopSignal", "may not be set for containers with empty `spec.os.name`"))
    return problems


def _must_succeed_once(probe: Object, path: str) -> list[Problem]:
    value = probe.get("successThreshold")
    return [] if value == 1 else [fields.invalid(f"{path}.successThreshold", value, "must be 1")]


def _no_grace(probe: Object, path: str) -> list[Problem]:
    value = probe.get("terminationGracePeriodSeconds")
    place = f"{path}.terminationGracePeriodSeconds"
    return [] if value is None else [fields.invalid(place, value, "must not be set for readinessProbes")]


def _probe(probe: Object, spec: Object, path: str) -> list[Problem]:
    problems = _action(probe, spec, path)
    for name in NUMBERS:
        problems += checks.not_negative(probe.get(name), f"{path}.{name}")
    grace = probe.get("terminationGracePeriodSeconds")
    if grace is not None and grace <= 0:
        problems.append(fields.invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0"))
    return problems


def _action(action: Object, spec: Object, path: str) -> list[Problem]:
    given = checks.only(ACTIONS, action)
    if not given:
        return [fields.required(path, "must specify a handler type")]
    first, *others = given
    more = [fields.forbidden(f"{path}.{name}", "may not specify more than 1 handler type") for name in others]
    return [*_one_action(first, action[first], spec, f"{path}.{first}"), *more]


def _one_action(name: str, action: Object, spec: Object, path: str) -> list[Problem]:
    if name == "exec":
        return [] if action.get("command") else [fields.required(f"{path}.command")]
    if name == "httpGet":
        return _http_get(action, path)
    if name == "sleep":
        return _sleep(action.get("seconds") or 0, spec.get("terminationGracePeriodSeconds") or 0, path)
    return checks.port_or_name(action.get("port"), f"{path}.port")


def _http_get(action: Object, path: str) -> list[Problem]:
    problems = [] if action.get("path") else [fields.required(f"{path}.path")]
    problems += checks.port_or_name(action.get("port"), f"{path}.port")
    if action.get("scheme") not in SCHEMES:
        problems.append(fields.unsupported(f"{path}.scheme", action.get("scheme") or "", SCHEMES))
    for header in action.get("httpHeaders") or ():
        problems += checks.worded(names.http_header, header.get("name") or "", f"{path}.httpHeaders")
    return problems


def _sleep(seconds: int, grace: int, path: str) -> list[Problem]:
    if 0 <= seconds <= grace:
        return []
    return [fields.invalid(path, seconds, f"must be non-negative and less than terminationGracePeriodSeconds ({grace})")]
