"""What may be wrong with a container's environment, and with references to a pod's own fields, resources and files.

Follows ValidateEnv, ValidateEnvFrom and what they call in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import containers, paths, validation_resources
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

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
LONGEST_FILE_KEY = 128


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
    problems = [problem for name in given for problem in _source(name, source[name], f"{path}.{name}")]
    if not given:
        listed = ", ".join(f"`{name}`" for name in ENV_SOURCES[:-1])
        problems.append(fields.invalid(path, "", f"must specify one of: {listed} or `{ENV_SOURCES[-1]}`"))
    elif variable.get("value"):
        problems.append(fields.invalid(path, "", "may not be specified when `value` is not empty"))
    elif len(given) > 1:
        problems.append(fields.invalid(path, "", MORE_THAN_ONE))
    return problems


def _source(name: str, source: Object, path: str) -> list[Problem]:
    if name == "fieldRef":
        return field_ref(source, ENV_FIELDS, path)
    if name == "resourceFieldRef":
        return resource_ref(source, path, in_volume=False)
    if name == "fileKeyRef":
        return _file_key(source, path)
    problems = checks.worded(names.dns_subdomain, source.get("name") or "", f"{path}.name")
    return problems + checks.named(names.config_key, source.get("key"), f"{path}.key")


def _file_key(source: Object, path: str) -> list[Problem]:
    key, target = str(source.get("key") or ""), str(source.get("path") or "")
    problems = checks.named(names.env_name, key, f"{path}.key")
    problems += [fields.too_long(f"{path}.key", LONGEST_FILE_KEY)] if len(key) > LONGEST_FILE_KEY else []
    problems += [] if source.get("volumeName") else [fields.required(f"{path}.volumeName")]
    return problems + (paths.not_reserved(target, f"{path}.path") if target else [fields.required(f"{path}.path")])


def files(spec: Object, path: str) -> list[Problem]:
    """Variables that come from files: their volumes must be there, and be directories of the pod's own."""
    sources = {each.get("name"): each for each in spec.get("volumes") or ()}
    problems: list[Problem] = []
    for container, at in containers.placed(spec, path):
        for index, variable in enumerate(container.get("env") or ()):
            name = ((variable.get("valueFrom") or {}).get("fileKeyRef") or {}).get("volumeName")
            place = f"{at}.env[{index}].valueFrom.fileKeyRef.volumeName"
            if name and name not in sources:
                problems.append(fields.not_found(place, name))
            elif name and sources[name].get("emptyDir") is None:
                problems.append(fields.invalid(place, name, "referenced volume must be of type emptyDir"))
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
    problems: list[Problem] = []
    if in_volume and not reference.get("containerName"):
        problems.append(fields.required(f"{path}.containerName"))
    elif not resource:
        problems.append(fields.required(f"{path}.resource"))
    elif resource not in RESOURCE_FIELDS and not resource.startswith(("limits.hugepages-", "requests.hugepages-")):
        problems.append(fields.unsupported(f"{path}.resource", resource, RESOURCE_FIELDS))
    return problems + validation_resources.divisor(resource, reference.get("divisor"), f"{path}.divisor")


def env_from(sources: Sequence[Object], path: str) -> list[Problem]:
    """Whole ConfigMaps and Secrets as environment."""
    problems: list[Problem] = []
    for index, source in enumerate(sources):
        place = f"{path}[{index}]"
        prefix = source.get("prefix")
        problems += checks.worded(names.env_name, prefix, f"{place}.prefix") if prefix else []
        given = checks.only(("configMapRef", "secretRef"), source)
        for name in given:
            problems += checks.named(_as_prefix, source[name].get("name"), f"{place}.{name}.name")
        if not given:
            problems.append(fields.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`"))
        elif len(given) > 1:
            problems.append(fields.invalid(path, "", MORE_THAN_ONE))
    return problems


def _as_prefix(name: str) -> list[str]:
    """Upstream judges these names as if more were to follow, so a dash at the end passes."""
    return names.dns_subdomain(name[:-1] + "a" if name.endswith("-") else name)
