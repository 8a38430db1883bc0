"""Claims and volumes: the default class, the finalizers that protect what is in use, growing only where the class allows it.

Follows plugin/pkg/admission/storage.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

CLASSES = "storageclasses.storage.k8s.io"
DEFAULT = "storageclass.kubernetes.io/is-default-class"
OLD_DEFAULT = "storageclass.beta.kubernetes.io/is-default-class"
OLD_CLASS = "volume.beta.kubernetes.io/storage-class"
FINALIZERS = {"persistentvolumeclaims": "kubernetes.io/pvc-protection", "persistentvolumes": "kubernetes.io/pv-protection"}


def set_class(request: Request) -> None:
    """A claim that names no class gets the default one, the newest if there are several."""
    claim = request.new
    if meta.at(claim, "spec", "storageClassName") is not None or OLD_CLASS in meta.annotations(claim):
        return
    defaults = [
        each
        for each in request.session.read_all(CLASSES)
        if "true" in (meta.annotations(each).get(DEFAULT), meta.annotations(each).get(OLD_DEFAULT))
    ]
    if defaults:
        newest = max(defaults, key=lambda each: (each["metadata"]["creationTimestamp"], meta.name(each)))
        claim["spec"]["storageClassName"] = meta.name(newest)


def protect(request: Request) -> None:
    """Keep it until nothing uses it."""
    metadata, name = request.new["metadata"], FINALIZERS[request.row.id]
    known = metadata.get("finalizers") or []
    if name not in known:
        metadata["finalizers"] = [*known, name]


def check_resize(request: Request) -> None:
    """Only a bound claim whose class allows expansion may ask for more."""
    old, new = request.old, request.new
    assert old is not None
    before, after = (meta.at(each, "spec", "resources", "requests", "storage", default="0") for each in (old, new))
    if quantities.compare(after, before) <= 0:
        return
    if meta.at(old, "status", "phase") != "Bound":
        raise refusals.forbidden(request.row, request.name, "Only bound persistent volume claims can be expanded")
    name = meta.annotations(old).get(OLD_CLASS) or meta.at(old, "spec", "storageClassName", default="")
    found = request.session.read(CLASSES, "", name) if name else None
    if not (found or {}).get("allowVolumeExpansion"):
        text = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize"
        raise refusals.forbidden(request.row, request.name, text)
