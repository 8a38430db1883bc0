"""What a PersistentVolume's source may say: as a pod's volume of that kind, and what only volumes of the cluster may name.

Follows validate*PersistentVolumeSource in pkg/apis/core/validation of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import paths, validation_volumes
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.objects.fields import Problem

    Source = dict[str, Any]

SECRETS = ("controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef")
LONGEST_PORTAL = 64
LONG_PORTAL = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified."
NO_NAMESPACE = "if the endpointnamespace is set, it must be a valid namespace name"


def problems(kind: str, source: Source, at: str, volume: str) -> list[Problem]:
    """What is wrong with the source of that kind of the volume of that name."""
    found = [] if kind == "csi" else validation_volumes.of_kind(kind, source, at)
    if kind == "iscsi" and source.get("initiatorName") is not None and len(f"{volume}:{source.get('targetPortal', '')}") > LONGEST_PORTAL:
        found.append(fields.invalid(f"{at}.targetportal", source.get("targetPortal", ""), LONG_PORTAL))
    more = _MORE.get(kind)
    return found + (more(source, at) if more else [])


def _secret(source: Source, at: str, part: str) -> list[Problem]:
    reference = source.get("secretRef")
    return [fields.required(f"{at}.secretRef.{part}")] if reference is not None and not reference.get(part) else []


def _spaced(source: Source, at: str) -> list[Problem]:
    """That a secret is named is judged in any volume; here its namespace must be, too."""
    return _secret(source, at, "namespace")


def _iscsi(source: Source, at: str) -> list[Problem]:
    return _secret(source, at, "name")


def _glusterfs(source: Source, at: str) -> list[Problem]:
    namespace, field = source.get("endpointsNamespace"), f"{at}.endpointsNamespace"
    if namespace == "":
        return [fields.invalid(field, namespace, NO_NAMESPACE)]
    return [] if namespace is None else checks.worded(names.dns_label, namespace, field)


def _azure_file(source: Source, at: str) -> list[Problem]:
    return [fields.required(f"{at}.secretNamespace")] if source.get("secretNamespace") == "" else []


def _local(source: Source, at: str) -> list[Problem]:
    path = str(source.get("path") or "")
    return paths.no_climbing(path, f"{at}.path") if path else [fields.required(f"{at}.path")]


def _csi(source: Source, at: str) -> list[Problem]:
    found = checks.driver_name(source.get("driver") or "", f"{at}.driver")
    if not source.get("volumeHandle"):
        found.append(fields.required(f"{at}.volumeHandle"))
    for part in SECRETS:
        if (reference := source.get(part)) is not None:
            found += checks.named(names.dns_subdomain, reference.get("name") or "", f"{at}.{part}.name")
            found += checks.named(names.dns_label, reference.get("namespace") or "", f"{at}.{part}.namespace")
    return found


_MORE: dict[str, Callable[[Source, str], list[Problem]]] = {
    "azureFile": _azure_file,
    "cinder": _spaced,
    "csi": _csi,
    "glusterfs": _glusterfs,
    "iscsi": _iscsi,
    "local": _local,
    "storageos": _spaced,
}
