"""DeviceClass: pkctl stores it and does not act upon it. Follows pkg/apis/resource/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import devices
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (shared.NAME, shared.AGE)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Selectors, configurations and the name that containers may ask for it by; what stayed as it was isn't judged again."""
    spec, before = new.get("spec") or {}, (old or {}).get("spec") or {}
    found: list[fields.Problem] = []
    if old is None or spec.get("selectors") != before.get("selectors"):
        found += devices.selectors(spec.get("selectors") or [], "spec.selectors")
    if old is None or spec.get("config") != before.get("config"):
        found += devices.several(spec.get("config") or [], "spec.config", devices.configuration, devices.MOST)
    name = spec.get("extendedResourceName")
    if name is not None and not _is_extended(name):
        found.append(fields.invalid("spec.extendedResourceName", name, "must be a valid extended resource name"))
    return found


def _is_extended(name: str) -> bool:
    """Whether containers may ask for a resource of this name that Kubernetes doesn't know."""
    is_native = "/" not in name or "kubernetes.io/" in name
    return not is_native and not name.startswith("requests.") and not names.qualified_name(f"requests.{name}")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), shared.age(obj, now)]
