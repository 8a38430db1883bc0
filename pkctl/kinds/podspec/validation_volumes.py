"""What may be wrong with a pod's volumes: one source each, its required fields, modes and paths.

Follows ValidateVolumes and validateVolumeSource in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import validation_containers
from pkctl.objects import fields, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SOURCES = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs",
    "persistentVolumeClaim", "rbd", "cinder", "cephfs", "flocker", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile",
    "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral",
    "image",
)  # fmt: skip
HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
REQUIRED: dict[str, tuple[str, ...]] = {
    "awsElasticBlockStore": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "azureFile": ("secretName", "shareName"),
    "cephfs": ("monitors",),
    "cinder": ("volumeID",),
    "csi": ("driver",),
    "ephemeral": ("volumeClaimTemplate",),
    "flexVolume": ("driver",),
    "gcePersistentDisk": ("pdName",),
    "gitRepo": ("repository",),
    "glusterfs": ("endpoints", "path"),
    "image": ("reference",),
    "iscsi": ("targetPortal", "iqn"),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
    "portworxVolume": ("volumeID",),
    "rbd": ("monitors", "image"),
    "scaleIO": ("gateway", "system", "volumeName"),
    "vsphereVolume": ("volumePath",),
}
PROJECTIONS = ("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")
MODE_TEXT = "must be a number between 0 and 0777 (octal), both inclusive"
ONE_FIELD = "fieldRef and resourceFieldRef can not be specified simultaneously"


def volumes(found: Sequence[Object], path: str) -> tuple[set[str], list[Problem]]:
    """The names of the good volumes, and every problem of the others."""
    good: set[str] = set()
    problems: list[Problem] = []
    for index, volume in enumerate(found):
        place = f"{path}[{index}]"
        name = str(volume.get("name") or "")
        wrong = [*_source(volume, place), *checks.named(names.dns_label, name, f"{place}.name")]
        if name in good:
            wrong.append(fields.duplicate(f"{place}.name", name))
        if not wrong:
            good.add(name)
        problems += wrong
    return good, problems


def _source(volume: Object, path: str) -> list[Problem]:
    given = checks.only(SOURCES, volume)
    if not given:
        return [fields.required(path, "must specify a volume type")]
    first, *others = given
    check = _CHECKS.get(first)
    place = f"{path}.{first}"
    problems = [fields.required(f"{place}.{name}") for name in REQUIRED.get(first, ()) if not volume[first].get(name)]
    problems += check(volume[first], place) if check else []
    return problems + [fields.forbidden(f"{path}.{name}", "may not specify more than 1 volume type") for name in others]


def _empty_dir(source: Object, path: str) -> list[Problem]:
    limit = source.get("sizeLimit")
    if limit is None or quantities.parse(limit) >= 0:
        return []
    return [fields.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")]


def _host_path(source: Object, path: str) -> list[Problem]:
    target = str(source.get("path") or "")
    if not target:
        return [fields.required(f"{path}.path")]
    problems = validation_containers.no_climbing(target, f"{path}.path")
    kind = source.get("type")
    if kind is not None and kind not in HOST_PATH_TYPES:
        problems.append(fields.unsupported(f"{path}.type", kind, HOST_PATH_TYPES))
    return problems


def _ephemeral(source: Object, path: str) -> list[Problem]:
    from pkctl.kinds import persistentvolumeclaims

    claim = source.get("volumeClaimTemplate")
    return persistentvolumeclaims.claim_spec(claim.get("spec") or {}, f"{path}.volumeClaimTemplate.spec") if claim else []


def _git(source: Object, path: str) -> list[Problem]:
    directory = str(source.get("directory") or "")
    return validation_containers.descending(directory, f"{path}.directory")


def _nfs(source: Object, path: str) -> list[Problem]:
    target = str(source.get("path") or "/")
    return [] if target.startswith("/") else [fields.invalid(f"{path}.path", target, "must be an absolute path")]


def _mode(value: int | None, path: str) -> list[Problem]:
    return [] if value is None or 0 <= value <= 0o777 else [fields.invalid(path, value, MODE_TEXT)]


def _items(items: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, item in enumerate(items):
        place, target = f"{path}.items[{index}]", str(item.get("path") or "")
        problems += [] if item.get("key") else [fields.required(f"{place}.key")]
        problems += _not_reserved(target, f"{place}.path") if target else [fields.required(f"{place}.path")]
        problems += _mode(item.get("mode"), f"{place}.mode")
    return problems


def _not_reserved(target: str, path: str) -> list[Problem]:
    problems = validation_containers.descending(target, path)
    if target.startswith("..") and not target.startswith("../"):
        problems.append(fields.invalid(path, target, "must not start with '..'"))
    return problems


def _secret(source: Object, path: str) -> list[Problem]:
    problems = [] if source.get("secretName") else [fields.required(f"{path}.secretName")]
    return problems + _mode(source.get("defaultMode"), f"{path}.defaultMode") + _items(source.get("items") or (), path)


def _config_map(source: Object, path: str) -> list[Problem]:
    problems = [] if source.get("name") else [fields.required(f"{path}.name")]
    return problems + _mode(source.get("defaultMode"), f"{path}.defaultMode") + _items(source.get("items") or (), path)


def _downward(source: Object, path: str) -> list[Problem]:
    problems = _mode(source.get("defaultMode"), f"{path}.defaultMode")
    for item in source.get("items") or ():
        problems += _downward_item(item, path)
    return problems


def _downward_item(item: Object, path: str) -> list[Problem]:
    # Upstream names the whole source here and not the item's index.
    target = str(item.get("path") or "")
    problems = _not_reserved(target, f"{path}.path") if target else [fields.required(f"{path}.path")]
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if field is not None:
        problems += validation_containers.field_ref(field, validation_containers.VOLUME_FIELDS, f"{path}.fieldRef")
        problems += [fields.invalid(path, "resource", ONE_FIELD)] if resource is not None else []
    elif resource is not None:
        problems += validation_containers.resource_ref(resource, f"{path}.resourceFieldRef", in_volume=True)
    else:
        problems.append(fields.required(path, "one of fieldRef and resourceFieldRef is required"))
    return problems + _mode(item.get("mode"), f"{path}.mode")


def _projected(source: Object, path: str) -> list[Problem]:
    problems = _mode(source.get("defaultMode"), f"{path}.defaultMode")
    taken: set[str] = set()
    for index, projection in enumerate(source.get("sources") or ()):
        place = f"{path}.sources[{index}]"
        given = checks.only(PROJECTIONS, projection)
        problems += [fields.forbidden(f"{place}.{name}", "may not specify more than 1 volume type per source") for name in given[1:]]
        for name in given[:1]:
            problems += _projection(name, projection[name], f"{place}.{name}")
            problems += _clashes(projection[name], taken, path)
    return problems


def _projection(name: str, source: Object, path: str) -> list[Problem]:
    if name == "serviceAccountToken":
        seconds = source.get("expirationSeconds")
        text = "may not specify a duration less than 10 minutes"
        problems = [fields.invalid(f"{path}.expirationSeconds", seconds, text)] if seconds is not None and seconds < 600 else []
        target = str(source.get("path") or "")
        return problems + (_not_reserved(target, f"{path}.path") if target else [fields.required(f"{path}.path")])
    if name == "downwardAPI":
        return [problem for item in source.get("items") or () for problem in _downward_item(item, path)]
    if name in ("secret", "configMap"):
        return _config_map(source, path)
    return []


def _clashes(source: Object, taken: set[str], path: str) -> list[Problem]:
    problems: list[Problem] = []
    targets = [item.get("path") for item in source.get("items") or ()] or [source.get("path")]
    for target in targets:
        if target and target in taken:
            problems.append(fields.invalid(path, target, "conflicting duplicate paths"))
        taken.add(target or "")
    return problems


_CHECKS: dict[str, Callable[[Object, str], list[Problem]]] = {
    "configMap": _config_map,
    "downwardAPI": _downward,
    "emptyDir": _empty_dir,
    "ephemeral": _ephemeral,
    "gitRepo": _git,
    "hostPath": _host_path,
    "nfs": _nfs,
    "projected": _projected,
    "secret": _secret,
}
