"""What may be wrong with where a container mounts its volumes and devices.

Follows ValidateVolumeMounts and ValidateVolumeDevices in pkg/apis/core/validation/validation.go; like them, what is wrong inside one
mount is often told of the whole list.
"""

from __future__ import annotations

from pkctl.kinds.podspec import paths
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

PROPAGATIONS = ("Bidirectional", "HostToContainer", "None")
RECURSIVE = ("Disabled", "Enabled", "IfPossible")
ONLY_CLAIMS = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"


def mounts(container: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    """Mounts of a container at `path`; `volumes` are the pod's good volumes by name."""
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
        problems += _sub_paths(mount, place, f"{path}.volumeMounts")
        problems += _propagation(container, mount, f"{path}.volumeMounts.mountPropagation")
        problems += _recursive(mount, f"{path}.volumeMounts.recursiveReadOnly")
    return problems


def _sub_paths(mount: Object, place: str, path: str) -> list[Problem]:
    problems: list[Problem] = []
    plain, expanded = mount.get("subPath"), mount.get("subPathExpr")
    if plain:
        problems += paths.descending(plain, f"{path}.subPath")
    if expanded:
        if plain:
            problems.append(fields.invalid(f"{place}.subPathExpr", expanded, "subPathExpr and subPath are mutually exclusive"))
        problems += paths.descending(expanded, f"{path}.subPathExpr")
    return problems


def _propagation(container: Object, mount: Object, path: str) -> list[Problem]:
    value = mount.get("mountPropagation")
    if value is None:
        return []
    if value not in PROPAGATIONS:
        return [fields.unsupported(path, value, PROPAGATIONS)]
    if value == "Bidirectional" and not (container.get("securityContext") or {}).get("privileged"):
        return [fields.forbidden(path, "Bidirectional mount propagation is available only to privileged containers")]
    return []


def _recursive(mount: Object, path: str) -> list[Problem]:
    value = mount.get("recursiveReadOnly")
    if value in (None, "Disabled"):
        return []
    if value not in RECURSIVE:
        return [fields.unsupported(path, value, RECURSIVE)]
    problems = [] if mount.get("readOnly") else [fields.forbidden(path, "may only be specified when readOnly is true")]
    if mount.get("mountPropagation") not in (None, "None"):
        problems.append(fields.forbidden(path, "may only be specified when mountPropagation is None or not specified"))
    return problems


def devices(container: Object, volumes: Mapping[str, Object], path: str) -> list[Problem]:
    """Block devices of a container; `path` is their own."""
    problems: list[Problem] = []
    taken = {each.get("name"): each.get("mountPath") for each in container.get("volumeMounts") or ()}
    seen_names: set[str] = set()
    seen_paths: set[str] = set()
    for index, device in enumerate(container.get("volumeDevices") or ()):
        place, name, target = f"{path}[{index}]", str(device.get("name") or ""), str(device.get("devicePath") or "")
        problems += _device_name(name, seen_names, volumes, f"{place}.name")
        problems += _device_path(target, seen_paths, f"{place}.devicePath")
        if name in taken:
            problems.append(fields.invalid(f"{place}.name", name, "must not already exist in volumeMounts"))
        if target in taken.values():
            problems.append(fields.invalid(f"{place}.devicePath", target, "must not already exist as a path in volumeMounts"))
        seen_names |= {name} - {""}
    return problems


def _device_name(name: str, seen: set[str], volumes: Mapping[str, Object], path: str) -> list[Problem]:
    problems = [] if name else [fields.required(path)]
    problems += [fields.invalid(path, name, "must be unique")] if name in seen else []
    if name not in volumes:
        return [*problems, fields.not_found(path, name)]
    is_claim = any(volumes[name].get(kind) is not None for kind in ("persistentVolumeClaim", "ephemeral"))
    return problems if is_claim else [*problems, fields.invalid(path, name, ONLY_CLAIMS)]


def _device_path(target: str, seen: set[str], path: str) -> list[Problem]:
    problems = [] if target else [fields.required(path)]
    problems += [fields.invalid(path, target, "must be unique")] if target in seen else []
    if ".." in target.split("/"):
        return [*problems, fields.invalid(path, target, "can not contain backsteps ('..')")]
    seen.add(target)
    return problems
