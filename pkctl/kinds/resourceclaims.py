"""ResourceClaim: pkctl stores it and does not act upon it. Follows pkg/apis/resource/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, devices, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem

COLUMNS = (
    shared.NAME,
    columns.Column("State", description="A summary of the current state (allocated, pending, reserved, etc.)."),
    shared.AGE,
)
MOST_USERS, MOST_CONDITIONS, LARGEST_DATA = 256, 8, 10 * 1024
MOST_ADDRESSES, LONGEST_INTERFACE, LONGEST_HARDWARE = 16, 256, 128
SOURCES = ("FromClaim", "FromClass")


def default(obj: meta.Object) -> None:
    """One device, unless told."""
    devices.default(obj.get("spec"))


def validate(new: meta.Object, old: meta.Object | None) -> list[Problem]:
    """What it asks for, which never changes."""
    spec = new.get("spec") or {}
    if old is None:
        return devices.claim(spec, "spec")
    if spec == (old.get("spec") or {}):
        return []
    return [checks.struct("spec", gostructs.shown("ResourceClaimSpec", spec), checks.IMMUTABLE)]


def validate_status(new: meta.Object, old: meta.Object | None) -> list[Problem]:
    """Who has reserved it, what it was given (which never changes), and what drivers tell of the devices."""
    status, before = new.get("status") or {}, (old or {}).get("status") or {}
    users, given = status.get("reservedFor") or [], status.get("allocation")
    found = devices.several(users, "status.reservedFor", _user, MOST_USERS, lambda user: user.get("uid") or "")
    held = [_device(each) for each in meta.at(given or {}, "devices", "results", default=())]
    told = status.get("devices") or []
    found += devices.several(told, "status.devices", lambda each, at: _told(each, at, held))
    found += [checks.twice(f"status.devices[{number}]", _device(each)) for number, each in enumerate(told)
              if _device(each) in [_device(other) for other in told[:number]]]  # fmt: skip
    if users and given is None:
        found.append(fields.forbidden("status.reservedFor", "may not be specified when `allocated` is not set"))
    elif users and meta.is_deleting(new) and any(user not in (before.get("reservedFor") or ()) for user in users):
        text = "new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set"
        found.append(fields.forbidden("status.reservedFor", text))
    if given is not None and before.get("allocation") is not None:
        return found if given == before["allocation"] else [*found, fields.invalid("status.allocation", given, checks.IMMUTABLE)]
    return found + (_allocation(given, devices.requests_of(new.get("spec"))) if given is not None else [])


def _user(user: dict[str, Any], at: str) -> list[Problem]:
    return [fields.required(f"{at}.{part}") for part in ("resource", "name", "uid") if not user.get(part)]


def _device(told: dict[str, Any]) -> dict[str, Any]:
    return gostructs.shown("SharedDeviceID", told)


def _named(device: dict[str, Any], at: str) -> list[Problem]:
    found = checks.driver_name(device.get("driver") or "", f"{at}.driver")
    found += devices.pool(device.get("pool") or "", f"{at}.pool")
    return found + devices.label(device.get("device") or "", f"{at}.device")


def _told(device: dict[str, Any], at: str, held: Sequence[dict[str, Any]]) -> list[Problem]:
    found, conditions = _named(device, at), device.get("conditions") or []
    if _device(device) not in held:
        found.append(checks.struct(at, _device(device), "must be an allocated device in the claim"))
    if len(conditions) > MOST_CONDITIONS:
        found.append(fields.too_many(f"{at}.conditions", len(conditions), MOST_CONDITIONS))
    found += checks.conditions(conditions, f"{at}.conditions")
    found += devices.raw(device["data"], f"{at}.data", LARGEST_DATA) if device.get("data") is not None else []
    return found + _network(device.get("networkData") or {}, f"{at}.networkData")


def _network(told: dict[str, Any], at: str) -> list[Problem]:
    found = [
        fields.too_long(f"{at}.{part}", most)
        for part, most in (("interfaceName", LONGEST_INTERFACE), ("hardwareAddress", LONGEST_HARDWARE))
        if len((told.get(part) or "").encode()) > most
    ]
    return found + devices.several(told.get("ips") or [], f"{at}.ips", _address, MOST_ADDRESSES, str)


def _address(text: str, at: str) -> list[Problem]:
    return checks.worded(names.interface_address, text, at)


def _allocation(given: dict[str, Any], known: dict[str, set[str]]) -> list[Problem]:
    from pkctl.kinds.podspec import validation_scheduling

    at, parts = "status.allocation.devices", given.get("devices") or {}
    found = devices.several(parts.get("results") or [], f"{at}.results", lambda each, place: _result(each, place, known), devices.MOST)
    configs = parts.get("config") or []
    found += devices.several(configs, f"{at}.config", lambda each, place: _config(each, place, known), 2 * devices.MOST)
    if given.get("nodeSelector") is not None:
        found += validation_scheduling.node_selector(given["nodeSelector"], "status.allocation.nodeSelector")
    return found


def _result(result: dict[str, Any], at: str, known: dict[str, set[str]]) -> list[Problem]:
    found = devices.reference(result.get("request") or "", f"{at}.request", known) + _named(result, at)
    found += devices.binding(result, at)
    return found + devices.several(result.get("tolerations") or [], f"{at}.tolerations", devices.toleration)


def _config(config: dict[str, Any], at: str, known: dict[str, set[str]]) -> list[Problem]:
    found = checks.chosen(config.get("source") or "", SOURCES, f"{at}.source")
    found += devices.references(config.get("requests") or [], f"{at}.requests", known)
    return found + devices.configuration(config, at)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _state(obj), shared.age(obj, now)]


def _state(obj: meta.Object) -> str:
    status = obj.get("status") or {}
    words = ["deleted"] if meta.is_deleting(obj) else []
    if not status.get("allocation"):
        return ",".join([*words, "pending"]) if not words else ",".join(words)
    words.append("allocated")
    if status.get("reservedFor"):
        words.append("reserved")
    return ",".join(words)
