"""What may be wrong with a pod's containers: names, ports, environment, mounts, probes, resources.

Follows validateContainers and what it calls in pkg/apis/core/validation/validation.go. Each function takes the user's JSON, defaulted,
and a field path, and returns every problem in the API server's order.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import validation_resources, validation_security
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

PULL_POLICIES = ("Always", "IfNotPresent", "Never")
MESSAGE_POLICIES = ("FallbackToLogsOnError", "File")
RESTART_POLICIES = ("Always", "Never", "OnFailure")
PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
FIELD_LABELS = (
    "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.restartPolicy",
    "spec.schedulerName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.phase", "status.podIP", "status.podIPs",
)  # fmt: skip
ENV_FIELDS = (
    "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs",
    "status.podIP", "status.podIPs",
)  # fmt: skip
VOLUME_FIELDS = ("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid")
RESOURCE_FIELDS = (
    "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory",
)  # fmt: skip
ENV_SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")
MORE_THAN_ONE = "may not have more than one field specified at a time"
ONLY_SIDECARS = "may not be set for init containers without restartPolicy=Always"
HOOKS = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")


def containers(spec: Object, volumes: Collection[str], path: str) -> list[Problem]:
    """The main containers; `volumes` are the names of the pod's good volumes."""
    found = spec.get("containers") or []
    if not found:
        return [fields.required(path)]
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, container in enumerate(found):
        place = f"{path}[{index}]"
        problems += _common(container, volumes, place)
        problems += _once(container, seen, place)
        problems += _hooks(container, spec, place)
    return problems + _host_ports(found, path)


def init_containers(spec: Object, volumes: Collection[str], path: str) -> list[Problem]:
    """Init containers and sidecars, whose names the main ones may not share."""
    problems: list[Problem] = []
    seen = {str(each.get("name") or "") for each in spec.get("containers") or ()}
    for index, container in enumerate(spec.get("initContainers") or ()):
        place = f"{path}[{index}]"
        problems += _common(container, volumes, place)
        problems += _once(container, seen, place)
        if container.get("restartPolicy") == "Always":
            problems += _hooks(container, spec, place)
        else:
            problems += [fields.forbidden(f"{place}.{name}", ONLY_SIDECARS) for name in HOOKS if container.get(name) is not None]
        problems += _host_ports([container], path)
    return problems


def ephemeral_containers(spec: Object, volumes: Collection[str], path: str) -> list[Problem]:
    """Containers for debugging: no ports, probes or resources."""
    problems: list[Problem] = []
    seen = {str(each.get("name") or "") for name in ("containers", "initContainers") for each in spec.get(name) or ()}
    for index, container in enumerate(spec.get("ephemeralContainers") or ()):
        place = f"{path}[{index}]"
        problems += _common(container, volumes, place)
        problems += _once(container, seen, place)
        target = container.get("targetContainerName")
        if target and target not in {each.get("name") for each in spec.get("containers") or ()}:
            problems.append(fields.not_found(f"{place}.targetContainerName", target))
        for name in ("ports", *HOOKS, "resources", "resizePolicy"):
            if container.get(name):
                problems.append(fields.forbidden(f"{place}.{name}", "cannot be set for an Ephemeral Container"))
        for number, mount in enumerate(container.get("volumeMounts") or ()):
            if mount.get("subPath"):
                problems.append(fields.forbidden(f"{place}.volumeMounts[{number}].subPath", "cannot be set for an Ephemeral Container"))
    return problems


def _once(container: Object, seen: set[str], path: str) -> list[Problem]:
    name = str(container.get("name") or "")
    if name in seen:
        return [fields.duplicate(f"{path}.name", name)]
    seen.add(name)
    return []


def _common(container: Object, volumes: Collection[str], path: str) -> list[Problem]:
    problems = checks.named(names.dns_label, container.get("name"), f"{path}.name")
    if not container.get("image"):
        problems.append(fields.required(f"{path}.image"))
    problems += checks.chosen(container.get("terminationMessagePolicy"), MESSAGE_POLICIES, f"{path}.terminationMessagePolicy")
    problems += _ports(container.get("ports") or (), f"{path}.ports")
    problems += env(container.get("env") or (), f"{path}.env")
    problems += _env_from(container.get("envFrom") or (), f"{path}.envFrom")
    problems += _mounts(container, volumes, path)
    problems += _devices(container, volumes, f"{path}.volumeDevices")
    problems += checks.chosen(container.get("imagePullPolicy"), PULL_POLICIES, f"{path}.imagePullPolicy")
    problems += validation_resources.requirements(container.get("resources") or {}, f"{path}.resources")
    problems += validation_security.container(container.get("securityContext") or {}, f"{path}.securityContext")
    policy = container.get("restartPolicy")
    return problems + (checks.chosen(policy, RESTART_POLICIES, f"{path}.restartPolicy") if policy is not None else [])


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


def host_network(spec: Object, path: str) -> list[Problem]:
    """With the host's network every host port is the container's own."""
    if not spec.get("hostNetwork"):
        return []
    text = "must match `containerPort` when `hostNetwork` is true"
    return [
        fields.invalid(f"{path}.{kind}[{number}].ports[{index}].hostPort", port.get("hostPort") or 0, text)
        for kind in ("containers", "initContainers")
        for number, container in enumerate(spec.get(kind) or ())
        for index, port in enumerate(container.get("ports") or ())
        if (port.get("hostPort") or 0) != port.get("containerPort")
    ]


def env(variables: Sequence[Object], path: str) -> list[Problem]:
    """Environment variables and where their values come from."""
    problems: list[Problem] = []
    for index, variable in enumerate(variables):
        problems += checks.named(names.env_name, variable.get("name"), f"{path}[{index}].name")
        if variable.get("valueFrom") is not None:
            problems += _value_from(variable, f"{path}[{index}].valueFrom")
    return problems


def _value_from(variable: Object, path: str) -> list[Problem]:
    source = variable["valueFrom"]
    given = checks.only(ENV_SOURCES, source)
    problems: list[Problem] = []
    if "fieldRef" in given:
        problems += field_ref(source["fieldRef"], ENV_FIELDS, f"{path}.fieldRef")
    if "resourceFieldRef" in given:
        problems += resource_ref(source["resourceFieldRef"], f"{path}.resourceFieldRef", in_volume=False)
    for name in ("configMapKeyRef", "secretKeyRef"):
        if name in given:
            problems += [] if source[name].get("name") else [fields.required(f"{path}.{name}.name")]
            problems += checks.named(names.config_key, source[name].get("key"), f"{path}.{name}.key")
    if not given:
        listed = ", ".join(f"`{name}`" for name in ENV_SOURCES[:-1])
        problems.append(fields.invalid(path, "", f"must specify one of: {listed} or `{ENV_SOURCES[-1]}`"))
    if variable.get("value"):
        problems += [fields.invalid(path, "", "may not be specified when `value` is not empty")] if given else []
    elif len(given) > 1:
        problems.append(fields.invalid(path, "", MORE_THAN_ONE))
    return problems


def field_ref(reference: Object, allowed: Sequence[str], path: str) -> list[Problem]:
    """A reference to one of the pod's own fields."""
    label = str(reference.get("fieldPath") or "")
    for name in ("apiVersion", "fieldPath"):
        if not reference.get(name):
            return [fields.required(f"{path}.{name}")]
    plain, bracket, rest = label.partition("['")
    is_subscript = bool(bracket) and rest.endswith("']")
    wanted = plain if is_subscript else "spec.nodeName" if label == "spec.host" else label
    if reference["apiVersion"] != "v1":
        text = f"error converting fieldPath: unsupported pod version: {reference['apiVersion']}"
        return [fields.invalid(f"{path}.fieldPath", label, text)]
    if wanted not in FIELD_LABELS or (is_subscript and plain not in ("metadata.annotations", "metadata.labels")):
        return [fields.invalid(f"{path}.fieldPath", label, f"error converting fieldPath: field label not supported: {label}")]
    if is_subscript:
        key = rest[:-2]
        return checks.worded(names.qualified_name, key.lower() if plain == "metadata.annotations" else key, path)
    return [] if wanted in allowed else [fields.unsupported(f"{path}.fieldPath", wanted, allowed)]


def resource_ref(reference: Object, path: str, *, in_volume: bool) -> list[Problem]:
    """A reference to a container's resources."""
    resource = str(reference.get("resource") or "")
    if in_volume and not reference.get("containerName"):
        return [fields.required(f"{path}.containerName")]
    if not resource:
        return [fields.required(f"{path}.resource")]
    if resource not in RESOURCE_FIELDS and not resource.startswith(("limits.hugepages-", "requests.hugepages-")):
        return [fields.unsupported(f"{path}.resource", resource, RESOURCE_FIELDS)]
    return validation_resources.divisor(resource, reference.get("divisor"), f"{path}.divisor")


def _env_from(sources: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, source in enumerate(sources):
        place = f"{path}[{index}]"
        prefix = source.get("prefix")
        problems += checks.worded(names.env_name, prefix, f"{place}.prefix") if prefix else []
        given = checks.only(("configMapRef", "secretRef"), source)
        problems += [fields.required(f"{place}.{name}.name") for name in given if not source[name].get("name")]
        if not given:
            problems.append(fields.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(given) > 1:
            problems.append(fields.invalid(path, "", MORE_THAN_ONE))
    return problems


def _mounts(container: Object, volumes: Collection[str], path: str) -> list[Problem]:
    problems: list[Problem] = []
    devices = container.get("volumeDevices") or ()
    device_names, device_paths = {each.get("name") for each in devices}, {each.get("devicePath") for each in devices}
    seen: set[str] = set()
    for index, mount in enumerate(container.get("volumeMounts") or ()):
        place = f"{path}.volumeMounts[{index}]"
        name, target = str(mount.get("name") or ""), str(mount.get("mountPath") or "")
        problems += [] if name else [fields.required(f"{place}.name")]
        problems += [] if name in volumes else [fields.not_found(f"{place}.name", name)]
        problems += [] if target else [fields.required(f"{place}.mountPath")]
        problems += [fields.invalid(f"{place}.mountPath", target, "must be unique")] if target in seen else []
        seen.add(target)
        if name in device_names:
            problems.append(fields.invalid(f"{place}.name", name, "must not already exist in volumeDevices"))
        if target in device_paths:
            problems.append(fields.invalid(f"{place}.mountPath", target, "must not already exist as a path in volumeDevices"))
        problems += _sub_paths(mount, place) + _propagation(container, mount, f"{place}.mountPropagation")
    return problems


def _sub_paths(mount: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    plain, expanded = mount.get("subPath"), mount.get("subPathExpr")
    if plain:
        problems += descending(plain, f"{path}.subPath")
    if expanded:
        if plain:
            problems.append(fields.invalid(f"{path}.subPathExpr", expanded, "subPathExpr and subPath are mutually exclusive"))
        problems += descending(expanded, f"{path}.subPathExpr")
    return problems


def descending(value: str, path: str) -> list[Problem]:
    """A relative path that never climbs."""
    problems = [fields.invalid(path, value, "must be a relative path")] if value.startswith("/") else []
    return problems + no_climbing(value, path)


def no_climbing(value: str, path: str) -> list[Problem]:
    """A path without `..`."""
    return [fields.invalid(path, value, "must not contain '..'")] if ".." in value.split("/") else []


def _propagation(container: Object, mount: Object, path: str) -> list[Problem]:
    value = mount.get("mountPropagation")
    if value is None:
        return []
    if value not in PROPAGATIONS:
        return [fields.unsupported(path, value, PROPAGATIONS)]
    if value == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        return [fields.forbidden(path, "Bidirectional mount propagation is available only to privileged containers")]
    return []


def _devices(container: Object, volumes: Collection[str], path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[Any] = set()
    for index, device in enumerate(container.get("volumeDevices") or ()):
        place, name, target = f"{path}[{index}]", device.get("name") or "", device.get("devicePath") or ""
        problems += [] if name else [fields.required(f"{place}.name")]
        problems += [fields.invalid(f"{place}.devicePath", target, "must be unique")] if target in seen else []
        problems += [] if name in volumes else [fields.not_found(f"{place}.name", name)]
        problems += descending(target, f"{place}.devicePath")[1:] if target else [fields.required(f"{place}.devicePath")]
        seen.add(target)
    return problems


def _hooks(container: Object, spec: Object, path: str) -> list[Problem]:
    from pkctl.kinds.podspec import validation_probes

    return validation_probes.hooks(container, spec, path)
