"""ResourceClaimTemplate: pkctl stores it and does not act upon it. Follows pkg/apis/resource/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, devices, generic, gostructs
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (shared.NAME, shared.AGE)


def default(obj: meta.Object) -> None:
    """One device, unless told."""
    devices.default(meta.at(obj, "spec", "spec"))


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The claim it makes, which never changes."""
    spec = new.get("spec") or {}
    if old is None:
        return [*generic.template_meta(spec.get("metadata") or {}, "spec.metadata"), *devices.claim(spec.get("spec"), "spec.spec")]
    if spec == (old.get("spec") or {}):
        return []
    shown = {**(spec.get("metadata") or {}), "Spec": gostructs.shown("ResourceClaimSpec", spec.get("spec") or {})}
    return [checks.struct("spec", shown, checks.IMMUTABLE)]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), shared.age(obj, now)]
