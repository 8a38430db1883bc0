"""How `describe` shows volumes: a line for the type and the fields of each source, as data.

Follows the volume printers of kubectl/pkg/describe; PersistentVolume uses the same table.
"""

from __future__ import annotations

from pkctl.kinds import cells, describing, persistentvolumeclaims
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    Source = dict[str, Any]
    Show = Callable[[Source], object]


def _field(name: str, default: object = "") -> Show:
    return lambda source: describing.go(source[name]) if source.get(name) is not None else default


def _flag(name: str) -> Show:
    return lambda source: cells.bool_word(source.get(name))


def _list(name: str) -> Show:
    return lambda source: describing.go(source.get(name) or [])


def _reference(name: str) -> Show:
    return lambda source: _shown_reference(source[name]) if source.get(name) else "nil"


def _shown_reference(found: Source) -> str:
    """A PersistentVolume's reference names a namespace."""
    if "namespace" in found:
        return f"&SecretReference{{Name:{found.get('name', '')},Namespace:{found['namespace']},}}"
    return f"&LocalObjectReference{{Name:{found.get('name', '')},}}"


def _of_secret(name: str) -> Show:
    return lambda source: meta.at(source, "secretRef", name, default="")


READ_ONLY = ("ReadOnly:", _flag("readOnly"))
FS_TYPE = ("FSType:", _field("fsType"))
OPTIONAL = ("Optional:", _flag("optional"))
SECRET_REF = ("SecretRef:", _reference("secretRef"))
ISCSI = "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)"
GLUSTERFS = "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)"
SCALEIO = "ScaleIO (a persistent volume backed by a block device in ScaleIO)"
AZUREFILE = "AzureFile (an Azure File Service mount on the host and bind mount to the pod)"
CSI = "CSI (a Container Storage Interface (CSI) volume source)"
SCALEIO_FIELDS = (
    ("Gateway:", _field("gateway")), ("System:", _field("system")), ("Protection Domain:", _field("protectionDomain")),
    ("Storage Pool:", _field("storagePool")), ("Storage Mode:", _field("storageMode")), ("VolumeName:", _field("volumeName")),
)  # fmt: skip


def _size_limit(source: Source) -> str:
    limit = source.get("sizeLimit")
    return describing.quantity(limit) if limit and quantities.parse(limit) > 0 else describing.UNSET


# Each source: the Type line's text, then label (colon and all, as kubectl has it) and how to show it.
SOURCES: dict[str, tuple[str, tuple[tuple[str, Show], ...]]] = {
    "hostPath": ("HostPath (bare host directory volume)",
                 (("Path:", _field("path")), ("HostPathType:", _field("type", describing.NONE)))),
    "emptyDir": ("EmptyDir (a temporary directory that shares a pod's lifetime)",
                 (("Medium:", _field("medium")), ("SizeLimit:", _size_limit))),
    "gcePersistentDisk": ("GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
                          (("PDName:", _field("pdName")), FS_TYPE, ("Partition:", _field("partition", 0)), READ_ONLY)),
    "awsElasticBlockStore": ("AWSElasticBlockStore (a Persistent Disk resource in AWS)",
                             (("VolumeID:", _field("volumeID")), FS_TYPE, ("Partition:", _field("partition", 0)), READ_ONLY)),
    "gitRepo": ("GitRepo (a volume that is pulled from git when the pod is created)",
                (("Repository:", _field("repository")), ("Revision:", _field("revision")))),
    "secret": ("Secret (a volume populated by a Secret)", (("SecretName:", _field("secretName")), OPTIONAL)),
    "configMap": ("ConfigMap (a volume populated by a ConfigMap)", (("Name:", _field("name")), OPTIONAL)),
    "nfs": ("NFS (an NFS mount that lasts the lifetime of a pod)",
            (("Server:", _field("server")), ("Path:", _field("path")), READ_ONLY)),
    "iscsi": (ISCSI, (
        ("TargetPortal:", _field("targetPortal")), ("IQN:", _field("iqn")), ("Lun:", _field("lun", 0)),
        ("ISCSIInterface", _field("iscsiInterface")), FS_TYPE, READ_ONLY, ("Portals:", _list("portals")),
        ("DiscoveryCHAPAuth:", _flag("chapAuthDiscovery")), ("SessionCHAPAuth:", _flag("chapAuthSession")), SECRET_REF,
        ("InitiatorName:", _field("initiatorName", describing.NONE)))),
    "glusterfs": (GLUSTERFS, (("EndpointsName:", _field("endpoints")), ("Path:", _field("path")), READ_ONLY)),
    "persistentVolumeClaim": ("PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
                              (("ClaimName:", _field("claimName")), READ_ONLY)),
    "ephemeral": ("EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)", ()),
    "rbd": ("RBD (a Rados Block Device mount on the host that shares a pod's lifetime)", (
        ("CephMonitors:", _list("monitors")), ("RBDImage:", _field("image")), FS_TYPE, ("RBDPool:", _field("pool")),
        ("RadosUser:", _field("user")), ("Keyring:", _field("keyring")), SECRET_REF, READ_ONLY)),
    "quobyte": ("Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
                (("Registry:", _field("registry")), ("Volume:", _field("volume")), READ_ONLY)),
    "downwardAPI": ("DownwardAPI (a volume populated by information about the pod)", ()),
    "azureDisk": ("AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)", (
        ("DiskName:", _field("diskName")), ("DiskURI:", _field("diskURI")), ("Kind: ", _field("kind")), FS_TYPE,
        ("CachingMode:", _field("cachingMode")), READ_ONLY)),
    "vsphereVolume": ("vSphereVolume (a Persistent Disk resource in vSphere)",
                      (("VolumePath:", _field("volumePath")), FS_TYPE, ("StoragePolicyName:", _field("storagePolicyName")))),
    "cinder": ("Cinder (a Persistent Disk resource in OpenStack)", (("VolumeID:", _field("volumeID")), FS_TYPE, READ_ONLY, SECRET_REF)),
    "photonPersistentDisk": ("PhotonPersistentDisk (a Persistent Disk resource in photon platform)", (("PdID:", _field("pdID")), FS_TYPE)),
    "portworxVolume": ("PortworxVolume (a Portworx Volume resource)", (("VolumeID:", _field("volumeID")),)),
    "scaleIO": (SCALEIO, (*SCALEIO_FIELDS, FS_TYPE, READ_ONLY)),
    "cephfs": ("CephFS (a CephFS mount on the host that shares a pod's lifetime)", (
        ("Monitors:", _list("monitors")), ("Path:", _field("path")), ("User:", _field("user")),
        ("SecretFile:", _field("secretFile")), SECRET_REF, READ_ONLY)),
    "storageos": ("StorageOS (a StorageOS Persistent Disk resource)",
                  (("VolumeName:", _field("volumeName")), ("VolumeNamespace:", _field("volumeNamespace")), FS_TYPE, READ_ONLY)),
    "fc": ("FC (a Fibre Channel disk)", (
        ("TargetWWNs:", lambda source: ", ".join(source.get("targetWWNs") or ())), ("LUN:", _field("lun", describing.NONE)),
        FS_TYPE, READ_ONLY)),
    "azureFile": (AZUREFILE, (("SecretName:", _field("secretName")), ("ShareName:", _field("shareName")), READ_ONLY)),
    "flexVolume": ("FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)", (
        ("Driver:", _field("driver")), FS_TYPE, SECRET_REF, READ_ONLY,
        ("Options:", lambda source: describing.go(source.get("options") or {})))),
    "flocker": ("Flocker (a Flocker volume mounted by the Flocker agent)",
                (("DatasetName:", _field("datasetName")), ("DatasetUUID:", _field("datasetUUID")))),
    "projected": ("Projected (a volume that contains injected data from multiple sources)", ()),
    "csi": (CSI, (("Driver:", _field("driver")), FS_TYPE, READ_ONLY)),
    "image": ("Image (a container image or OCI artifact)", (("Reference:", _field("reference")), ("PullPolicy:", _field("pullPolicy")))),
    "local": ("LocalVolume (a persistent volume backed by local storage on a node)", (("Path:", _field("path")),)),
}  # fmt: skip

# Where a PersistentVolume's source shows other fields than a pod's volume of the same name.
PERSISTENT: dict[str, tuple[str, tuple[tuple[str, Show], ...]]] = {
    "glusterfs": (GLUSTERFS, (
        ("EndpointsName:", _field("endpoints")), ("EndpointsNamespace:", _field("endpointsNamespace", describing.UNSET)),
        ("Path:", _field("path")), READ_ONLY)),
    "scaleIO": (SCALEIO, (
        *SCALEIO_FIELDS, ("SecretName:", _of_secret("name")), ("SecretNamespace:", _of_secret("namespace")),
        FS_TYPE, READ_ONLY)),
    "azureFile": (AZUREFILE, (
        ("SecretName:", _field("secretName")), ("SecretNamespace:", _field("secretNamespace")), ("ShareName:", _field("shareName")),
        READ_ONLY)),
    "csi": (CSI, (("Driver:", _field("driver")), FS_TYPE, ("VolumeHandle:", _field("volumeHandle")), READ_ONLY)),
}  # fmt: skip


def section(page: describing.Page, volumes: Iterable[Source], space: str = "") -> None:
    """The Volumes of a pod or a template."""
    every = list(volumes)
    page.line(f"{space}Volumes:", *(() if every else (describing.NONE,)))
    for volume in every:
        page.line(f"{' ' if space else ''}{volume.get('name', '')}:", level=1)
        source(page, volume)


def source(page: describing.Page, holder: Source, *, persistent: bool = False) -> None:
    """The source that a volume (or, `persistent`, a PersistentVolume's spec) carries."""
    kind = next((name for name in SOURCES if holder.get(name) is not None), "")
    if not kind:
        page.line("<unknown>", level=1)
        return
    text, shown = (persistent and PERSISTENT.get(kind)) or SOURCES[kind]
    found = holder[kind]
    page.field("Type", text, 2)
    for label, show in shown:
        page.line(label, show(found), level=2)
    if kind == "csi":
        _attributes(page, found.get("volumeAttributes") or {})
    elif kind == "downwardAPI":
        _downward(page, found.get("items") or ())
    elif kind == "projected":
        _projected(page, found.get("sources") or ())
    elif kind == "ephemeral" and found.get("volumeClaimTemplate"):
        persistentvolumeclaims.describe_claim(page.nested(2), found["volumeClaimTemplate"])


def _attributes(page: describing.Page, found: dict[str, str]) -> None:
    lines = [f"{key}={found[key]}" for key in sorted(found)]
    most = describing.LONGEST_ANNOTATION
    page.put("VolumeAttributes:\t", 2)
    for number, line in enumerate(lines):
        if number:
            # kubectl indents each of the pieces it writes, so the continuation stands deeper than its first line.
            page.put("", 2)
            page.put("\t", 2)
        page.put(f"{line[:most]}...\n" if len(line) > most else f"{line}\n", 2)
    if not lines:
        page.put("<none>\n")


def _downward(page: describing.Page, items: Iterable[Source]) -> None:
    page.line("Items:", level=2)
    for item in items:
        what = meta.at(item, "fieldRef", "fieldPath") or meta.at(item, "resourceFieldRef", "resource", default="")
        page.line(f"{what} -> {item.get('path', '')}", level=3)


def _projected(page: describing.Page, sources: Iterable[Source]) -> None:
    for each in sources:
        for name, label in (("secret", "SecretName"), ("configMap", "ConfigMapName")):
            if each.get(name) is not None:
                page.field(label, each[name].get("name", ""), 2)
                page.field("Optional", cells.bool_word(each[name].get("optional")), 2)
        if each.get("downwardAPI") is not None:
            page.field("DownwardAPI", "true", 2)
        if each.get("serviceAccountToken") is not None:
            page.field("TokenExpirationSeconds", each["serviceAccountToken"].get("expirationSeconds") or 0, 2)
