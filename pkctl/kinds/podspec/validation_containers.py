"""What may be wrong with a pod's containers: names, images, ports, restarts; and which fields only some of them may have.

Follows validateContainers and what it calls in pkg/apis/core/validation/validation.go. Each function takes the user's JSON, defaulted,
and a field path, and returns every problem in the API server's order. Environment, mounts, probes, resources and security contexts
have modules of their own.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import validation_environment, validation_mounts, validation_resources, validation_security
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("File", "FallbackToLogsOnError")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
RESTART_ACTIONS = ("Restart", "RestartAllContainers")
EXIT_OPERATORS = ("In", "NotIn")
RESIZED, RESIZE_POLICIES = ("cpu", "memory"), ("NotRequired", "RestartContainer")
MOST_RULES, MOST_EXIT_CODES = 20, 255
ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"
NOT_EPHEMERAL = "cannot be set for an Ephemeral Container"
HOOKS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
BARRED_EPHEMERAL = ("ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", *HOOKS[1:], HOOKS[0])
BLANKS = "must not have leading or trailing whitespace"


def containers(spec: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    """The main containers; `volumes` are the pod's good volumes by name."""
    found = spec.get("containers") or []
    if not found:
        return [fields.required(path)]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, container in enumerate(found):
        place = f"{path}[{index}]"
        problems += _common(container, spec, volumes, place)
        problems += _once(container, seen, place)
        problems += _hooks(container, spec, place)
        problems += _restarts(container, place)
    return problems + _host_ports(found, path)


def init_containers(spec: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    """Init containers and sidecars, whose names the main ones may not share."""
    problems: list[Problem] = []
    seen = {str(each.get("name") or "") for each in spec.get("containers") or ()}
    for index, container in enumerate(spec.get("initContainers") or ()):
        place = f"{path}[{index}]"
        problems += _common(container, spec, volumes, place)
        problems += _restarts(container, place)
        problems += _once(container, seen, place) if container.get("name") else []
        problems += _host_ports([container], path)
        if container.get("restartPolicy") == "Always":
            problems += _hooks(container, spec, place)
        else:
            problems += _of_plain_init(container, place)
    return problems


def _of_plain_init(container: Object, path: str) -> list[Problem]:
    problems = [fields.forbidden(f"{path}.{name}", ONLY_SIDECARS) for name in HOOKS if container.get(name) is not None]
    text = "must not be set to 'RestartContainer' for non-sidecar initContainers"
    return problems + [
        fields.invalid(f"{path}.resizePolicy[{index}].restartPolicy", policy["restartPolicy"], text)
        for index, policy in enumerate(container.get("resizePolicy") or ())
        if policy.get("restartPolicy") == "RestartContainer"
    ]


def ephemeral_containers(spec: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    """Containers for debugging: no ports, probes or resources."""
    problems: list[Problem] = []
    others = {str(each.get("name") or "") for name in ("containers", "initContainers") for each in spec.get(name) or ()}
    seen = set(others)
    for index, container in enumerate(spec.get("ephemeralContainers") or ()):
        place = f"{path}[{index}]"
        problems += _common(container, spec, volumes, place)
        problems += no_blanks(container, place)
        problems += _once(container, seen, place)
        target = container.get("targetContainerName")
        if target and target not in others:
            problems.append(fields.not_found(f"{place}.targetContainerName", target))
        problems += [fields.forbidden(f"{place}.{name}", NOT_EPHEMERAL) for name in BARRED_EPHEMERAL if _is_set(container, name)]
        for number, mount in enumerate(container.get("volumeMounts") or ()):
            barred = [name for name in ("subPath", "subPathExpr") if mount.get(name)]
            problems += [fields.forbidden(f"{place}.volumeMounts[{number}].{name}", NOT_EPHEMERAL) for name in barred]
    return problems


def _is_set(container: Object, name: str) -> bool:
    """Whether a field is there for Go: an empty list or pointer is, a struct only with something in it."""
    value = container.get(name)
    return any(part is not None for part in (value or {}).values()) if name == "resources" else value is not None


def no_blanks(container: Object, path: str) -> list[Problem]:
    """An image without blanks around it: asked of whole Pods only, since templates always were allowed them."""
    image = str(container.get("image") or "")
    return [fields.invalid(f"{path}.image", image, BLANKS)] if image != image.strip() else []


def _once(container: Object, seen: set[str], path: str) -> list[Problem]:
    name = str(container.get("name") or "")
    if name in seen:
        return [fields.duplicate(f"{path}.name", name)]
    seen.add(name)
    return []


def _common(container: Object, spec: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    problems = checks.named(names.dns_label, container.get("name"), f"{path}.name")
    if not container.get("image"):
        problems.append(fields.required(f"{path}.image"))
    problems += checks.chosen(container.get("terminationMessagePolicy"), MESSAGE_POLICIES, f"{path}.terminationMessagePolicy")
    problems += _ports(container.get("ports") or (), f"{path}.ports")
    problems += validation_environment.env(container.get("env") or (), f"{path}.env")
    problems += validation_environment.env_from(container.get("envFrom") or (), f"{path}.envFrom")
    problems += validation_mounts.mounts(container, volumes, path)
    problems += validation_mounts.devices(container, volumes, f"{path}.volumeDevices")
    problems += checks.chosen(container.get("imagePullPolicy"), PULL_POLICIES, f"{path}.imagePullPolicy")
    claims = [each.get("name") for each in spec.get("resourceClaims") or ()]
    problems += validation_resources.requirements(container.get("resources") or {}, f"{path}.resources", claims)
    problems += _resizing(container.get("resizePolicy") or (), spec.get("restartPolicy"), f"{path}.resizePolicy")
    own_users = spec.get("hostUsers") is False
    return problems + validation_security.container(container.get("securityContext") or {}, f"{path}.securityContext", own_users=own_users)


def _resizing(policies: Sequence[Object], restart: str | None, path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, policy in enumerate(policies):
        resource, answer = str(policy.get("resourceName") or ""), str(policy.get("restartPolicy") or "")
        problems += [fields.duplicate(f"{path}[{index}]", resource)] if resource in seen else []
        seen.add(resource)
        problems += checks.chosen(resource, RESIZED, path) + checks.chosen(answer, RESIZE_POLICIES, path)
        if restart == "Never" and answer != "NotRequired":
            problems.append(fields.invalid(path, answer, "must be 'NotRequired' when `restartPolicy` is 'Never'"))
    return problems


def _restarts(container: Object, path: str) -> list[Problem]:
    """A container's own restart policy, and the rules that only go with one."""
    policy, rules = container.get("restartPolicy"), container.get("restartPolicyRules") or ()
    problems: list[Problem] = []
    if policy is not None and policy not in RESTART_POLICIES:
        problems.append(fields.unsupported(f"{path}.restartPolicy", policy, RESTART_POLICIES))
    if policy is None and rules:
        problems.append(fields.required(f"{path}.restartPolicy", "must specify restartPolicy when restart rules are used"))
    if len(rules) > MOST_RULES:
        problems.append(fields.too_many(f"{path}.restartPolicyRules", len(rules), MOST_RULES))
    for index, rule in enumerate(rules):
        problems += _restart_rule(rule, f"{path}.restartPolicyRules[{index}]")
    return problems


def _restart_rule(rule: Object, path: str) -> list[Problem]:
    action, codes = rule.get("action") or "", rule.get("exitCodes")
    problems = [] if action in RESTART_ACTIONS else [fields.unsupported(f"{path}.action", action, RESTART_ACTIONS)]
    if codes is None:
        return [*problems, fields.required(f"{path}.exitCodes", "must be specified")]
    operator, values = codes.get("operator") or "", codes.get("values") or ()
    if operator not in EXIT_OPERATORS:
        problems.append(fields.unsupported(f"{path}.exitCodes.operator", operator, EXIT_OPERATORS))
    if len(values) > MOST_EXIT_CODES:
        problems.append(fields.too_many(f"{path}.exitCodes.values", len(values), MOST_EXIT_CODES))
    return problems


def _ports(ports: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, port in enumerate(ports):
        place = f"{path}[{index}]"
        name = port.get("name")
        if name:
            wrong = checks.worded(names.port_name, name, f"{place}.name")
            problems += wrong or ([fields.duplicate(f"{place}.name", name)] if name in seen else [])
            seen.add(name)
        number = port.get("containerPort") or 0
        problems += checks.port(number, f"{place}.containerPort") if number else [fields.required(f"{place}.containerPort")]
        problems += checks.port(port["hostPort"], f"{place}.hostPort") if port.get("hostPort") else []
        problems += checks.chosen(port.get("protocol"), checks.PROTOCOLS, f"{place}.protocol")
    return problems


def _host_ports(found: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, container in enumerate(found):
        for index, port in enumerate(container.get("ports") or ()):
            if not port.get("hostPort"):
                continue
            taken = f"{port.get('protocol', '')}/{port.get('hostIP', '')}/{port['hostPort']}"
            if taken in seen:
                problems.append(fields.duplicate(f"{path}[{number}].ports[{index}].hostPort", taken))
            seen.add(taken)
    return problems


def host_network(spec: Object, path: str, *, in_pod: bool) -> list[Problem]:
    """With the host's network every host port is the container's own; a template may leave it to be filled in."""
    if not spec.get("hostNetwork"):
        return []
    text = "must match `containerPort` when `hostNetwork` is true"
    return [
        fields.invalid(f"{path}.containers[{number}].ports[{index}].hostPort", port.get("hostPort") or 0, text)
        for number, container in enumerate(spec.get("containers") or ())
        for index, port in enumerate(container.get("ports") or ())
        if (in_pod or port.get("hostPort")) and (port.get("hostPort") or 0) != port.get("containerPort")
    ]


def _hooks(container: Object, spec: Object, path: str) -> list[Problem]:
    from pkctl.kinds.podspec import validation_probes

    return validation_probes.hooks(container, spec, path)
