"""ResourceSlice, what a driver publishes of its devices: pkctl stores it and does not act upon it.

Follows pkg/apis/resource/{v1/defaults.go,validation/validation.go} of Kubernetes. A capacity's rules are `devicecapacities`.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, devicecapacities, devices, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.fields import Problem

COLUMNS = (
    shared.NAME,
    columns.Column("Node", description="NodeName identifies the node which provides the resources."),
    columns.Column("Driver", description="Driver identifies the DRA driver providing the capacity information."),
    columns.Column("Pool", description="Pool describes the pool that this ResourceSlice belongs to."),
    shared.AGE,
)
FIELDS = {
    "spec.driver": lambda obj: meta.at(obj, "spec", "driver", default=""),
    "spec.nodeName": lambda obj: meta.at(obj, "spec", "nodeName", default=""),
}
WHERE = ("nodeName", "nodeSelector", "allNodes", "perDeviceNodeSelection")
ONE_PLACE = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"
ONE_DEVICE_PLACE = (
    "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the "
    "ResourceSlice spec"
)
NO_DEVICE_PLACE = (
    "`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec"
)
TRUE = "must be either unset or set to true"
MOST_DEVICES, MOST_ADVANCED, MOST_COUNTER_SETS, MOST_COUNTERS, MOST_CONSUMED = 128, 64, 8, 32, 2
MOST_TAINTS, MOST_PARTS, LONGEST_VALUE = 16, 32, 64
LISTS = ("bools", "ints", "strings", "versions")
VALUES = ("int", "bool", "string", "version")
VERSION = (
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?"
)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """SetDefaults_DeviceTaint: a taint knows since when; and lists of values go, as the gate DRAListTypeAttributes is off in 1.36."""
    for device in meta.at(new, "spec", "devices", default=()):
        for attribute in (device.get("attributes") or {}).values():
            for name in LISTS:
                attribute.pop(name, None)
    for device in meta.at(new, "spec", "devices", default=()) if old is None else ():
        for taint in device.get("taints") or ():
            taint.setdefault("timeAdded", meta.at(new, "metadata", "creationTimestamp"))


def validate(new: meta.Object, old: meta.Object | None) -> list[Problem]:
    """Whose devices, in which pool, on which nodes, and each of them; whose and where never change."""
    spec, before = new.get("spec") or {}, (old or {}).get("spec") or {}
    found = checks.driver_name(spec.get("driver") or "", "spec.driver") + _pool(spec.get("pool") or {})
    if old is not None:
        for path, nothing in ((("pool", "name"), ""), (("driver",), ""), (("nodeName",), None)):
            found += checks.unchanged(meta.at(spec, *path, default=nothing), meta.at(before, *path), f"spec.{'.'.join(path)}")
    found += _place(spec)
    items, counters = spec.get("devices"), spec.get("sharedCounters")
    if items and counters:
        found.append(fields.invalid("spec", "", "only one of `sharedCounters` or `devices` is allowed"))
    is_advanced = any(each.get("taints") or each.get("consumesCounters") for each in items or ())
    known = {each.get("name"): each for each in before.get("devices") or ()}
    is_spread = bool(spec.get("perDeviceNodeSelection"))

    def judge(device: Any, at: str) -> list[Problem]:
        return _device(device, known.get(device.get("name")), at, is_spread)

    found += devices.several(items or [], "spec.devices", judge, MOST_ADVANCED if is_advanced else MOST_DEVICES, _name)
    return found + devices.several(counters or [], "spec.sharedCounters", _counters, MOST_COUNTER_SETS, _name)


def _name(item: dict[str, Any]) -> str:
    return item.get("name") or ""


def _pool(pool: dict[str, Any]) -> list[Problem]:
    found, slices, generation = (
        devices.pool(_name(pool), "spec.pool.name"),
        pool.get("resourceSliceCount") or 0,
        pool.get("generation") or 0,
    )
    if slices <= 0:
        found.append(fields.invalid("spec.pool.resourceSliceCount", slices, "must be greater than zero"))
    if generation < 0:
        found.append(fields.invalid("spec.pool.generation", generation, "must be greater than or equal to zero"))
    return found


def _place(spec: dict[str, Any]) -> list[Problem]:
    found, chosen = _chosen(spec, "spec", "must be either unset or set to a non-empty string")
    terms = meta.at(spec, "nodeSelector", "nodeSelectorTerms", default=[])
    if spec.get("nodeSelector") is not None and len(terms) != 1:
        at = "spec.nodeSelector.nodeSelectorTerms"
        found.append(fields.invalid(at, terms or None, "must have exactly one node selector term"))
    if not chosen:
        return [*found, fields.required("spec", ONE_PLACE)]
    text = f"{ONE_PLACE}, but multiple fields are set"
    return [*found, fields.invalid("spec", f"{{{', '.join(chosen)}}}", text)] if len(chosen) > 1 else found


def _chosen(spec: dict[str, Any], at: str, empty: str) -> tuple[list[Problem], list[str]]:
    """(what is wrong, which of the fields that say where are set)."""
    from pkctl.kinds.podspec import validation_scheduling

    found: list[Problem] = []
    name, selector = spec.get("nodeName"), spec.get("nodeSelector")
    if name:
        found += checks.worded(names.dns_subdomain, name, f"{at}.nodeName")
    elif name is not None:
        found.append(fields.invalid(f"{at}.nodeName", name, empty))
    if selector is not None:
        found += validation_scheduling.node_selector(selector, f"{at}.nodeSelector")
    found += [fields.invalid(f"{at}.{part}", False, TRUE) for part in WHERE[2:] if spec.get(part) is False]
    return found, [f"`{part}`" for part in WHERE if spec.get(part) or (part == "nodeSelector" and selector is not None)]


def _counters(counters: dict[str, Any], at: str) -> list[Problem]:
    found = devices.label(counters["name"], f"{at}.name") if counters.get("name") else [fields.required(f"{at}.name")]
    return found + _counted(counters.get("counters") or {}, f"{at}.counters")


def _counted(counters: dict[str, Any], at: str) -> list[Problem]:
    if not counters:
        return [fields.required(at)]
    if len(counters) > MOST_COUNTERS:
        return [fields.too_many(at, len(counters), MOST_COUNTERS)]
    return [problem for name in sorted(counters) for problem in devices.label(name, at)]


def _device(device: dict[str, Any], before: dict[str, Any] | None, at: str, is_spread: bool) -> list[Problem]:
    attributes, capacity = device.get("attributes") or {}, device.get("capacity") or {}
    found = devices.label(_name(device), f"{at}.name")
    parts = len(attributes) + len(capacity)
    if parts > MOST_PARTS:
        found.append(fields.invalid(at, parts, f"the total number of attributes and capacities must not exceed {MOST_PARTS}"))
    for name, attribute in sorted(attributes.items()):
        found += devices.qualified_name(name, f"{at}.attributes") + _attribute(attribute, f"{at}.attributes[{name}]")
    if before is None or (before.get("capacity") or {}) != capacity:
        for name, amount in sorted(capacity.items()):
            found += devices.qualified_name(name, f"{at}.capacity")
            found += devicecapacities.problems(amount, f"{at}.capacity[{name}]", is_shared=bool(device.get("allowMultipleAllocations")))
    if before is None or before.get("taints") != device.get("taints"):
        found += devices.several(device.get("taints") or [], f"{at}.taints", devices.taint, MOST_TAINTS)
    consumed = device.get("consumesCounters") or []
    found += devices.several(consumed, f"{at}.consumesCounters", _consumption, MOST_CONSUMED, lambda each: each.get("counterSet") or "")
    return [*found, *_device_place(device, at, is_spread), *devices.binding(device, at)]


def _device_place(device: dict[str, Any], at: str, is_spread: bool) -> list[Problem]:
    if not is_spread:
        is_placed = any(device.get(part) is not None for part in WHERE[:3])
        return [fields.invalid(at, None, NO_DEVICE_PLACE)] if is_placed else []
    found, chosen = _chosen(device, at, "must not be empty")
    if not chosen:
        return [*found, fields.required(at, ONE_DEVICE_PLACE)]
    return [*found, fields.invalid(at, f"{{{', '.join(chosen)}}}", ONE_DEVICE_PLACE)] if len(chosen) > 1 else found


def _attribute(attribute: dict[str, Any], at: str) -> list[Problem]:
    import re

    found: list[Problem] = []
    for part in ("string", "version"):
        text = attribute.get(part)
        if part == "version" and text is not None and not re.fullmatch(VERSION, text):
            found.append(fields.invalid(f"{at}.version", text, "must be a string compatible with semver.org spec 2.0.0"))
        if text is not None and len(text.encode()) > LONGEST_VALUE:
            found.append(fields.too_long(f"{at}.{part}", LONGEST_VALUE))
    given = checks.only(VALUES, attribute)
    if not given:
        return [*found, fields.invalid(at, "", "exactly one value must be specified")]
    shown = gostructs.shown("DeviceAttribute", attribute)
    return found if len(given) == 1 else [*found, checks.struct(at, shown, "exactly one value must be specified")]


def _consumption(consumption: dict[str, Any], at: str) -> list[Problem]:
    name = consumption.get("counterSet") or ""
    found = devices.label(name, f"{at}.counterSet") if name else [fields.required(f"{at}.counterSet")]
    return found + _counted(consumption.get("counters") or {}, f"{at}.counters")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        meta.at(obj, "spec", "nodeName", default=""),
        meta.at(obj, "spec", "driver", default=""),
        meta.at(obj, "spec", "pool", "name", default=""),
        shared.age(obj, now),
    ]
