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
CACHING, DISKS = ("None", "ReadOnly", "ReadWrite"), ("Dedicated", "Managed", "Shared")
MANAGED_DISK = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
BLOB_DISK = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"
PAIRS = "must be a host:port pair or multiple pairs separated by commas"
LONG_TENANT = "must be a UUID and may not exceed a length of 64 characters"
LONGEST_TENANT, LONGEST_PORTAL = 64, 64
LONG_PORTAL = "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified."
NO_NAMESPACE = "if the endpointnamespace is set, it must be a valid namespace name"


def problems(kind: str, source: Source, at: str, volume: str) -> list[Problem]:
    """What is wrong with the source of that kind of the volume of that name."""
    found = [] if kind == "csi" else validation_volumes.of_kind(kind, source, at)
    if kind == "iscsi" and source.get("initiatorName") is not None and len(f"{volume}:{source.get('targetPortal', '')}") > LONGEST_PORTAL:
        found.append(fields.invalid(f"{at}.targetportal", source.get("targetPortal", ""), LONG_PORTAL))
    more = _MORE.get(kind)
    return found + (more(source, at) if more else [])


def _secret(source: Source, at: str, parts: tuple[str, ...]) -> list[Problem]:
    reference = source.get("secretRef")
    return [fields.required(f"{at}.secretRef.{part}") for part in parts if reference is not None and not reference.get(part)]


def _cinder(source: Source, at: str) -> list[Problem]:
    return _secret(source, at, ("name", "namespace"))


def _iscsi(source: Source, at: str) -> list[Problem]:
    return _secret(source, at, ("name",))


def _glusterfs(source: Source, at: str) -> list[Problem]:
    namespace, field = source.get("endpointsNamespace"), f"{at}.endpointsNamespace"
    if namespace == "":
        return [fields.invalid(field, namespace, NO_NAMESPACE)]
    return [] if namespace is None else checks.worded(names.dns_label, namespace, field)


def _azure_file(source: Source, at: str) -> list[Problem]:
    return [fields.required(f"{at}.secretNamespace")] if source.get("secretNamespace") == "" else []


def _azure_disk(source: Source, at: str) -> list[Problem]:
    caching, kind, uri = source.get("cachingMode"), source.get("kind"), str(source.get("diskURI") or "")
    found = [] if caching in (None, *CACHING) else [fields.unsupported(f"{at}.cachingMode", caching, CACHING)]
    found += [] if kind in (None, *DISKS) else [fields.unsupported(f"{at}.kind", kind, DISKS)]
    start, form = ("/subscriptions/", MANAGED_DISK) if kind == "Managed" else ("https://", BLOB_DISK)
    return found if kind is None or uri.startswith(start) else [*found, fields.unsupported(f"{at}.diskURI", uri, (form,))]


def _local(source: Source, at: str) -> list[Problem]:
    path = str(source.get("path") or "")
    return paths.no_climbing(path, f"{at}.path") if path else [fields.required(f"{at}.path")]


def _quobyte(source: Source, at: str) -> list[Problem]:
    registry, found = str(source.get("registry") or ""), []
    if not registry:
        found = [fields.required(f"{at}.registry", PAIRS)]
    elif len(source.get("tenant") or "") > LONGEST_TENANT:
        found = [fields.required(f"{at}.tenant", LONG_TENANT)]
    else:
        found = [fields.invalid(f"{at}.registry", registry, PAIRS) for pair in registry.split(",") if not _is_pair(pair)]
    return found + ([] if source.get("volume") else [fields.required(f"{at}.volume")])


def _is_pair(text: str) -> bool:
    """Whether net.SplitHostPort takes it: a host with colons stands in brackets."""
    host, colon, _ = text.rpartition(":")
    return bool(colon) and ((host.startswith("[") and host.endswith("]")) or not any(letter in host for letter in ":[]"))


def _storageos(source: Source, at: str) -> list[Problem]:
    found = checks.named(names.dns_label, source.get("volumeName") or "", f"{at}.volumeName")
    if source.get("volumeNamespace"):
        found += checks.worded(names.dns_label, source["volumeNamespace"], f"{at}.volumeNamespace")
    return found + _secret(source, at, ("name", "namespace"))


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
    "azureDisk": _azure_disk,
    "azureFile": _azure_file,
    "cinder": _cinder,
    "csi": _csi,
    "glusterfs": _glusterfs,
    "iscsi": _iscsi,
    "local": _local,
    "quobyte": _quobyte,
    "storageos": _storageos,
}
