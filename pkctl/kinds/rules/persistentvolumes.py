"""What a PersistentVolume may be, and what a VolumeAttachment may hold of one.

The fields of each source are in `volumesources`. Follows ValidatePersistentVolumeSpec and ValidatePersistentVolumeUpdate in
pkg/apis/core/validation of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import checks, persistentvolumeclaims
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOURCES = (
    "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi", "cinder",
    "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO", "local",
    "storageos", "csi",
)  # fmt: skip
"""The kinds of volumes, in the order in which a second one is refused."""

MISSPELT = {"cephfs": "cephFS"}
"""How upstream spells a field where a second kind is refused."""

RECLAIM = ("Delete", "Recycle", "Retain")
INLINE = "may not be specified in the context of inline volumes"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Modes, capacity, exactly one source, which never changes."""
    spec = new.get("spec") or {}
    found = _modes(spec, "spec") + _capacity(spec.get("capacity") or {})
    if spec.get("persistentVolumeReclaimPolicy") not in (None, "", *RECLAIM):
        found.append(fields.unsupported("spec.persistentVolumeReclaimPolicy", spec["persistentVolumeReclaimPolicy"], RECLAIM))
    found += _affinity(spec.get("nodeAffinity")) + _source(spec, "spec", meta.name(new))
    if spec.get("storageClassName"):
        found += checks.worded(names.dns_subdomain, spec["storageClassName"], "spec.storageClassName")
    if spec.get("volumeMode") not in (None, *persistentvolumeclaims.VOLUME_MODES):
        found.append(fields.unsupported("spec.volumeMode", spec["volumeMode"], persistentvolumeclaims.VOLUME_MODES))
    return found + _attributes(spec, "spec") + (_changed(spec, old.get("spec") or {}) if old else [])


def inline(spec: dict[str, Any], at: str) -> list[fields.Problem]:
    """The volume that an attachment describes instead of naming one: a driver's, with nothing about claims."""
    found = [fields.forbidden(f"{at}.{name}", INLINE) for name in ("claimRef", "capacity") if spec.get(name)]
    if spec.get("csi") is None:
        found.append(fields.required(f"{at}.csi", "has to be specified in the context of inline volumes"))
    found += _modes(spec, at)
    if spec.get("persistentVolumeReclaimPolicy") not in (None, "", "Retain"):
        found.append(fields.forbidden(f"{at}.persistentVolumeReclaimPolicy", "may only be Retain in the context of inline volumes"))
    if spec.get("nodeAffinity") is not None:
        found.append(fields.forbidden(f"{at}.nodeAffinity", INLINE))
    found += _source(spec, at, "")
    if spec.get("storageClassName"):
        found.append(fields.forbidden(f"{at}.storageClassName", INLINE))
    if spec.get("volumeMode") not in (None, "Filesystem"):
        text = "may not specify volumeMode other than Filesystem in the context of inline volumes"
        found.append(fields.forbidden(f"{at}.volumeMode", text))
    # Upstream leaves the attributes class of an inline volume unjudged: the option to judge it is never set.
    return found


def _modes(spec: dict[str, Any], at: str) -> list[fields.Problem]:
    modes, known = spec.get("accessModes") or [], persistentvolumeclaims.MODES
    found = [] if modes else [fields.required(f"{at}.accessModes")]
    found += [fields.unsupported(f"{at}.accessModes", mode, known) for mode in modes if mode not in known]
    if "ReadWriteOncePod" in modes and any(mode in known and mode != "ReadWriteOncePod" for mode in modes):
        found.append(fields.forbidden(f"{at}.accessModes", "may not use ReadWriteOncePod with other access modes"))
    return found


def _capacity(capacity: dict[str, Any]) -> list[fields.Problem]:
    found = [] if capacity else [fields.required("spec.capacity")]
    if set(capacity) != {"storage"}:
        found.append(fields.unsupported("spec.capacity", capacity or None, ["storage"]))
    return found + [problem for name in capacity for problem in checks.quantity(capacity[name], f"spec.capacity[{name}]", positive=True)]


def _source(spec: dict[str, Any], at: str, volume: str) -> list[fields.Problem]:
    from pkctl.kinds.rules import volumesources

    kinds = checks.only(SOURCES, spec)
    if not kinds:
        return [fields.required(at, "must specify a volume type")]
    found = [fields.forbidden(f"{at}.{MISSPELT.get(kind, kind)}", "may not specify more than 1 volume type") for kind in kinds[1:]]
    kind, source = kinds[0], spec[kinds[0]]
    found += volumesources.problems(kind, source, f"{at}.{kind}", volume)
    if kind == "local" and not spec.get("nodeAffinity"):
        found.append(fields.required(f"{at}.nodeAffinity", "Local volume requires node affinity"))
    if kind == "hostPath" and source.get("path") == "/" and spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        found.append(fields.forbidden(f"{at}.persistentVolumeReclaimPolicy", "may not be 'recycle' for a hostPath mount of '/'"))
    return found


def _attributes(spec: dict[str, Any], at: str) -> list[fields.Problem]:
    name, field = spec.get("volumeAttributesClassName"), f"{at}.volumeAttributesClassName"
    if name is None:
        return []
    found = checks.worded(names.dns_subdomain, name, field) if name else [fields.required(field, "an empty string is disallowed")]
    if spec.get("csi") is None:
        found.append(fields.required(f"{at}.csi", "has to be specified when using volumeAttributesClassName"))
    return found


def _affinity(affinity: dict[str, Any] | None) -> list[fields.Problem]:
    from pkctl.kinds.podspec import validation_scheduling

    if affinity is None:
        return []
    if affinity.get("required") is None:
        return [fields.required("spec.nodeAffinity.required", "must specify required node constraints")]
    return validation_scheduling.node_selector(affinity["required"], "spec.nodeAffinity.required")


def _changed(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    """What may not change; upstream names two of the fields without the `spec` they are in."""
    found: list[fields.Problem] = []
    after, secret = _held(spec), "controllerExpandSecretRef"
    if "csi" in after and before.get("csi") and before["csi"].get(secret) is None:
        after["csi"] = {name: value for name, value in after["csi"].items() if name != secret}
    if after != _held(before):
        found.append(fields.forbidden("spec.persistentvolumesource", "spec.persistentvolumesource is immutable after creation"))
    found += checks.unchanged(spec.get("volumeMode"), before.get("volumeMode"), "volumeMode")
    if before.get("nodeAffinity"):
        found += _same_affinity(spec.get("nodeAffinity"), before["nodeAffinity"])
    if before.get("volumeAttributesClassName") is not None and spec.get("volumeAttributesClassName") is None:
        found.append(fields.forbidden("spec.volumeAttributesClassName", "update from non-nil value to nil is forbidden"))
    return found


def _same_affinity(new: dict[str, Any] | None, old: dict[str, Any]) -> list[fields.Problem]:
    from pkctl.kinds import gostructs

    if new is None:
        return [fields.invalid("nodeAffinity", None, checks.IMMUTABLE)]
    if gostructs.same("VolumeAffinity", new, old):
        return []
    return [checks.struct("nodeAffinity", gostructs.shown("VolumeAffinity", new), checks.IMMUTABLE)]


def _held(spec: dict[str, Any]) -> dict[str, Any]:
    return {kind: spec[kind] for kind in checks.only(SOURCES, spec)}
