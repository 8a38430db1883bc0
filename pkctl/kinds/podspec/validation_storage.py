"""What the sources of some storage systems ask for, in a pod's volume or in a PersistentVolume.

Follows validate*VolumeSource in pkg/apis/core/validation/validation.go. What only a PersistentVolume may say is in rules/volumesources.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

INITIATORS = {
    "iqn": r"iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+\Z",
    "eui": r"\Aeui.[A-Za-z0-9]{16}\Z",
    "naa": r"\Anaa.[A-Za-z0-9]{32}\Z",
}
CACHING, DISKS = ("None", "ReadOnly", "ReadWrite"), ("Dedicated", "Managed", "Shared")
MANAGED_DISK = "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
BLOB_DISK = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"
PAIRS = "must be a host:port pair or multiple pairs separated by commas"
LONG_TENANT = "must be a UUID and may not exceed a length of 64 characters"
LONGEST_TENANT = 64


def _iscsi(source: Object, path: str) -> list[Problem]:
    problems = _initiator(source["iqn"], f"{path}.iqn") if source.get("iqn") else []
    problems += checks.between(source.get("lun") or 0, f"{path}.lun", 0, 255)
    if (source.get("chapAuthDiscovery") or source.get("chapAuthSession")) and source.get("secretRef") is None:
        problems.append(fields.required(f"{path}.secretRef"))
    name = source.get("initiatorName")
    return problems + (_initiator(name, f"{path}.initiatorname") if name is not None else [])


def _initiator(value: str, path: str) -> list[Problem]:
    import re

    form = next((form for start, form in INITIATORS.items() if value.startswith(start)), None)
    if form is None:
        return [fields.invalid(path, value, "must be valid format starting with iqn, eui, or naa")]
    return [] if re.search(form, value) else [fields.invalid(path, value, "must be valid format")]


def _fibre(source: Object, path: str) -> list[Problem]:
    targets, wide, lun = source.get("targetWWNs") or [], source.get("wwids") or [], source.get("lun")
    problems: list[Problem] = []
    if not targets and not wide:
        problems.append(fields.required(f"{path}.targetWWNs", "must specify either targetWWNs or wwids, but not both"))
    if targets and wide:
        text = "targetWWNs and wwids can not be specified simultaneously"
        problems.append(fields.invalid(f"{path}.targetWWNs", targets, text))
    if targets and lun is None:
        problems.append(fields.required(f"{path}.lun", "lun is required if targetWWNs is specified"))
    return problems + (checks.between(lun, f"{path}.lun", 0, 255) if targets else [])


def _flex(source: Object, path: str) -> list[Problem]:
    text = "kubernetes.io and k8s.io namespaces are reserved"
    return [
        fields.invalid(f"{path}.options[{key}]", key, text)
        for key in sorted(source.get("options") or ())
        if f".{key.partition('/')[0].lower()}".endswith((".kubernetes.io", ".k8s.io"))
    ]


def _flocker(source: Object, path: str) -> list[Problem]:
    name, uuid = str(source.get("datasetName") or ""), source.get("datasetUUID")
    problems: list[Problem] = []
    if not name and not uuid:
        problems.append(fields.required(path, "one of datasetName and datasetUUID is required"))
    if name and uuid:
        problems.append(fields.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"))
    return problems + ([fields.invalid(f"{path}.datasetName", name, "must not contain '/'")] if "/" in name else [])


def _azure_disk(source: Object, path: str) -> list[Problem]:
    caching, kind, uri = source.get("cachingMode"), source.get("kind"), str(source.get("diskURI") or "")
    found = [] if caching in (None, *CACHING) else [fields.unsupported(f"{path}.cachingMode", caching, CACHING)]
    found += [] if kind in (None, *DISKS) else [fields.unsupported(f"{path}.kind", kind, DISKS)]
    start, form = ("/subscriptions/", MANAGED_DISK) if kind == "Managed" else ("https://", BLOB_DISK)
    return found if kind is None or uri.startswith(start) else [*found, fields.unsupported(f"{path}.diskURI", uri, (form,))]


def _secret(source: Object, path: str) -> list[Problem]:
    """A reference to a secret names it."""
    reference = source.get("secretRef")
    return [fields.required(f"{path}.secretRef.name")] if reference is not None and not reference.get("name") else []


def _quobyte(source: Object, path: str) -> list[Problem]:
    registry, found = str(source.get("registry") or ""), []
    if not registry:
        found = [fields.required(f"{path}.registry", PAIRS)]
    elif len(source.get("tenant") or "") > LONGEST_TENANT:
        found = [fields.required(f"{path}.tenant", LONG_TENANT)]
    else:
        found = [fields.invalid(f"{path}.registry", registry, PAIRS) for pair in registry.split(",") if not _is_pair(pair)]
    return found + ([] if source.get("volume") else [fields.required(f"{path}.volume")])


def _is_pair(text: str) -> bool:
    """Whether net.SplitHostPort takes it: a host with colons stands in brackets."""
    host, colon, _ = text.rpartition(":")
    return bool(colon) and ((host.startswith("[") and host.endswith("]")) or not any(letter in host for letter in ":[]"))


def _storageos(source: Object, path: str) -> list[Problem]:
    found = checks.named(names.dns_label, source.get("volumeName") or "", f"{path}.volumeName")
    if source.get("volumeNamespace"):
        found += checks.worded(names.dns_label, source["volumeNamespace"], f"{path}.volumeNamespace")
    return found + _secret(source, path)


CHECKS: dict[str, Callable[[Object, str], list[Problem]]] = {
    "azureDisk": _azure_disk,
    "cinder": _secret,
    "fc": _fibre,
    "flexVolume": _flex,
    "flocker": _flocker,
    "iscsi": _iscsi,
    "quobyte": _quobyte,
    "storageos": _storageos,
}
