"""What may be wrong with a pod's volumes: one source each, its required fields, modes and paths.

Follows ValidateVolumes and validateVolumeSource in pkg/apis/core/validation/validation.go. What only some storage systems ask for is in
`validation_storage`.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import paths, validation_environment, validation_storage
from pkctl.objects import fields, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

SOURCES = (
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs", "flocker",
    "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile",
    "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO", "csi", "ephemeral",
    "image",
)  # fmt: skip
"""Sources in the order that Kubernetes looks for them: the first one counts."""

MISSPELT = {"cephfs": "cephFS", "downwardAPI": "downwarAPI"}
"""Names that upstream gives to these sources when they are one too many."""

HOST_PATH_TYPES = ("", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket")
REQUIRED: dict[str, tuple[str, ...]] = {
    "awsElasticBlockStore": ("volumeID",),
    "azureDisk": ("diskName", "diskURI"),
    "azureFile": ("secretName", "shareName"),
    "cephfs": ("monitors",),
    "cinder": ("volumeID",),
    "csi": ("driver",),
    "flexVolume": ("driver",),
    "gcePersistentDisk": ("pdName",),
    "gitRepo": ("repository",),
    "glusterfs": ("endpoints", "path"),
    "iscsi": ("targetPortal", "iqn"),
    "nfs": ("server", "path"),
    "persistentVolumeClaim": ("claimName",),
    "photonPersistentDisk": ("pdID",),
    "portworxVolume": ("volumeID",),
    "rbd": ("monitors", "image"),
    "scaleIO": ("gateway", "system", "volumeName"),
    "vsphereVolume": ("volumePath",),
}
PROJECTIONS = ("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")
MODE_TEXT = "must be a number between 0 and 0777 (octal), both inclusive"
ONE_FIELD = "fieldRef and resourceFieldRef can not be specified simultaneously"
ONE_VOLUME = "may not specify more than 1 volume type"
NOT_EPHEMERAL = "cannot be set for an ephemeral volume"
OF_CLAIMS = {
    name: name
    for name in (
        "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "ownerReferences", "finalizers", "managedFields",
    )
} | {"uid": "uID"}  # fmt: skip
"""What the claim of an ephemeral volume gets by itself, in Go's order, and how upstream spells it."""

OWN_CLAIM = "must not reference a PVC that gets created for an ephemeral volume"


def volumes(found: Sequence[Object], path: str, pod: Object | None = None) -> tuple[dict[str, Object], list[Problem]]:
    """The good volumes by name, and every problem of the others; `pod` is a whole Pod's metadata, None for a template's volumes."""
    good: dict[str, Object] = {}
    problems: list[Problem] = []
    for index, volume in enumerate(found):
        place = f"{path}[{index}]"
        name = str(volume.get("name") or "")
        wrong = [*_source(volume, place, pod), *checks.named(names.dns_label, name, f"{place}.name")]
        if name in good:
            wrong.append(fields.duplicate(f"{place}.name", name))
        if not wrong:
            good[name] = volume
        problems += wrong
    return good, problems + (_own_claims(found, path, pod) if pod else [])


def _own_claims(found: Sequence[Object], path: str, pod: Object) -> list[Problem]:
    """Nobody may use a claim that will be made for an ephemeral volume of this very pod."""
    made = {f"{pod.get('name')}-{each.get('name')}" for each in found if each.get("ephemeral") is not None}
    used = [(index, (each.get("persistentVolumeClaim") or {}).get("claimName")) for index, each in enumerate(found)]
    return [fields.invalid(f"{path}[{index}].persistentVolumeClaim.claimName", claim, OWN_CLAIM) for index, claim in used if claim in made]


def _source(volume: Object, path: str, pod: Object | None) -> list[Problem]:
    given = checks.only(SOURCES, volume)
    if not given:
        return [fields.required(path, "must specify a volume type")]
    first, *others = given
    place, source = f"{path}.{first}", volume[first]
    problems = of_kind(first, source, place)
    if first == "image" and pod and not source.get("reference"):
        problems.append(fields.required(f"{place}.reference"))
    if first == "ephemeral" and pod and pod.get("name") and volume.get("name"):
        claim = f"{pod['name']}-{volume['name']}"
        texts = [f"PVC name {fields.quoted(claim)}: {text}" for text in names.dns_subdomain(claim)]
        problems += [fields.invalid(f"{path}.name", volume["name"], text) for text in texts]
    return problems + [fields.forbidden(f"{path}.{MISSPELT.get(name, name)}", ONE_VOLUME) for name in others]


def of_kind(kind: str, source: Object, path: str) -> list[Problem]:
    """What is wrong with a source of that kind."""
    check = _CHECKS.get(kind) or validation_storage.CHECKS.get(kind)
    problems = [fields.required(f"{path}.{name}") for name in REQUIRED.get(kind, ()) if not source.get(name)]
    return problems + (check(source, path) if check else [])


def _empty_dir(source: Object, path: str) -> list[Problem]:
    limit = source.get("sizeLimit")
    if limit is None or quantities.parse(limit) >= 0:
        return []
    return [fields.forbidden(f"{path}.sizeLimit", "SizeLimit field must be a valid resource quantity")]


def _host_path(source: Object, path: str) -> list[Problem]:
    target = str(source.get("path") or "")
    if not target:
        return [fields.required(f"{path}.path")]
    problems = paths.no_climbing(target, f"{path}.path")
    kind = source.get("type")
    if kind is not None and kind not in HOST_PATH_TYPES:
        problems.append(fields.unsupported(f"{path}.type", kind, HOST_PATH_TYPES))
    return problems


def _ephemeral(source: Object, path: str) -> list[Problem]:
    from pkctl.kinds import generic, persistentvolumeclaims

    claim, place = source.get("volumeClaimTemplate"), f"{path}.volumeClaimTemplate"
    if claim is None:
        return [fields.required(place)]
    metadata = claim.get("metadata") or {}
    problems = [
        *generic.annotation_map(metadata.get("annotations"), f"{place}.metadata.annotations"),
        *generic.label_map(metadata.get("labels"), f"{place}.metadata.labels"),
    ]
    stray = [fields.forbidden(f"{place}.metadata.{shown}", NOT_EPHEMERAL) for name, shown in OF_CLAIMS.items() if metadata.get(name)]
    return problems + stray + persistentvolumeclaims.claim_spec(claim.get("spec") or {}, f"{place}.spec")


def _git(source: Object, path: str) -> list[Problem]:
    directory = str(source.get("directory") or "")
    return paths.descending(directory, f"{path}.directory")


def _nfs(source: Object, path: str) -> list[Problem]:
    target = str(source.get("path") or "")
    return [] if target.startswith("/") else [fields.invalid(f"{path}.path", target, "must be an absolute path")]


def _mode(value: int | None, path: str) -> list[Problem]:
    return [] if value is None or 0 <= value <= 0o777 else [fields.invalid(path, value, MODE_TEXT)]


def _items(items: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, item in enumerate(items):
        place, target = f"{path}.items[{index}]", str(item.get("path") or "")
        problems += [] if item.get("key") else [fields.required(f"{place}.key")]
        problems += paths.not_reserved(target, f"{place}.path") if target else [fields.required(f"{place}.path")]
        problems += _mode(item.get("mode"), f"{place}.mode")
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
    problems = paths.not_reserved(target, f"{path}.path") if target else [fields.required(f"{path}.path")]
    field, resource = item.get("fieldRef"), item.get("resourceFieldRef")
    if field is not None:
        problems += validation_environment.field_ref(field, validation_environment.VOLUME_FIELDS, f"{path}.fieldRef")
        problems += [fields.invalid(path, "resource", ONE_FIELD)] if resource is not None else []
    elif resource is not None:
        problems += validation_environment.resource_ref(resource, f"{path}.resourceFieldRef", in_volume=True)
    else:
        problems.append(fields.required(path, "one of fieldRef and resourceFieldRef is required"))
    return problems + _mode(item.get("mode"), f"{path}.mode")


def _projected(source: Object, path: str) -> list[Problem]:
    problems = _mode(source.get("defaultMode"), f"{path}.defaultMode")
    taken: set[str] = set()
    for index, projection in enumerate(source.get("sources") or ()):
        place = f"{path}.sources[{index}]"
        given = checks.only(PROJECTIONS, projection)
        for name in given:
            problems += _projection(name, projection[name], f"{place}.{name}", path)
            problems += _clashes(name, projection[name], taken, path, f"{place}.{name}")
        if len(given) > 1:
            problems.append(fields.forbidden(place, "may not specify more than 1 volume type per source"))
    return problems


def _projection(name: str, source: Object, path: str, volume: str) -> list[Problem]:
    if name == "serviceAccountToken":
        return _token(source, path, volume)
    if name == "downwardAPI":
        return [problem for item in source.get("items") or () for problem in _downward_item(item, path)]
    if name == "clusterTrustBundle":
        return _bundle(source, path)
    if name == "podCertificate":
        from pkctl.kinds.podspec import validation_podcertificates

        return validation_podcertificates.projection(source, path)
    return _config_map(source, path) if name in ("secret", "configMap") else []


def _bundle(source: Object, path: str) -> list[Problem]:
    from pkctl.kinds import certificatesigningrequests

    name, signer = source.get("name"), source.get("signerName")
    if name is not None and signer is not None:
        from pkctl.kinds import gostructs

        text = "only one of name and signerName may be used"
        problems = [checks.struct(path, gostructs.shown("TrustBundle", source), text)]
    elif name is not None:
        problems = [] if name else [fields.required(f"{path}.name", "must be a valid object name")]
        problems += _bundle_name(name, f"{path}.name")
        if source.get("labelSelector") is not None:
            text = "labelSelector must be unset if name is specified"
            problems.append(fields.invalid(f"{path}.labelSelector", source["labelSelector"], text))
    elif signer is not None:
        problems = [] if signer else [fields.required(f"{path}.signerName", "must be a valid signer name")]
        problems += certificatesigningrequests.signer(signer, f"{path}.signerName")
        problems += checks.selector(source.get("labelSelector"), f"{path}.labelSelector")
    else:
        problems = [fields.required(path, "either name or signerName must be specified")]
    target = str(source.get("path") or "")
    problems += [] if target else [fields.required(f"{path}.path")]
    return problems + paths.not_reserved(target, f"{path}.path")


def _bundle_name(name: str, path: str) -> list[Problem]:
    """ValidateClusterTrustBundleName: a bundle of a signer has the signer's name before its own, with colons for slashes."""
    own = name.rpartition(":")[2]
    return [fields.invalid(path, name, f"not a valid clustertrustbundlename: {text}") for text in names.dns_subdomain(own)]


def _token(source: Object, path: str, volume: str) -> list[Problem]:
    seconds, place = source.get("expirationSeconds") or 0, f"{path}.expirationSeconds"
    problems: list[Problem] = []
    if seconds < 600:
        problems.append(fields.invalid(place, seconds, "may not specify a duration less than 10 minutes"))
    if seconds > 1 << 32:
        problems.append(fields.invalid(place, seconds, "may not specify a duration larger than 2^32 seconds"))
    # Upstream tells of the token's path as if it were the volume's.
    target = str(source.get("path") or "")
    return problems + (paths.not_reserved(target, f"{volume}.path") if target else [fields.required(f"{volume}.path")])


def _clashes(name: str, source: Object, taken: set[str], path: str, place: str) -> list[Problem]:
    if name == "podCertificate":
        from pkctl.kinds.podspec import validation_podcertificates

        return validation_podcertificates.clashes(source, taken, place)
    problems: list[Problem] = []
    items = [source] if name == "clusterTrustBundle" else source.get("items") or ()
    for item in items:
        target = item.get("path")
        if target and target in taken:
            shown = target if name in ("downwardAPI", "clusterTrustBundle") else source.get("name") or ""
            problems.append(fields.invalid(path, shown, "conflicting duplicate paths"))
        taken.add(target or "")
    return problems


def _partition(source: Object, path: str) -> list[Problem]:
    number = source.get("partition") or 0
    return [] if 0 <= number <= 255 else [fields.invalid(f"{path}.partition", number, "must be between 1 and 255, inclusive")]


def _csi(source: Object, path: str) -> list[Problem]:
    driver, secret = str(source.get("driver") or ""), source.get("nodePublishSecretRef")
    problems = [fields.too_long(f"{path}.driver", 63)] if len(driver) > 63 else []
    problems += [fields.invalid(f"{path}.driver", driver, text) for text in names.dns_subdomain(driver.lower())]
    if secret is not None and not secret.get("name"):
        problems.append(fields.required(f"{path}.nodePublishSecretRef.name"))
    return problems


def _image(source: Object, path: str) -> list[Problem]:
    return checks.chosen(source.get("pullPolicy"), ("Always", "IfNotPresent", "Never"), f"{path}.pullPolicy")


_CHECKS: dict[str, Callable[[Object, str], list[Problem]]] = {
    "awsElasticBlockStore": _partition,
    "configMap": _config_map,
    "csi": _csi,
    "downwardAPI": _downward,
    "emptyDir": _empty_dir,
    "ephemeral": _ephemeral,
    "gcePersistentDisk": _partition,
    "gitRepo": _git,
    "hostPath": _host_path,
    "image": _image,
    "nfs": _nfs,
    "projected": _projected,
    "secret": _secret,
}
