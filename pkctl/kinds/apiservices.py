"""APIService: pkctl stores it and does not act upon it.

Follows kube-aggregator/pkg/apis/apiregistration/{v1/defaults.go,validation} and pkg/registry/apiservice/strategy.go.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Service", description="The reference to the service that hosts this API endpoint."),
    columns.Column("Available", description="Whether this service is available."),
    shared.AGE,
)
LOCAL = {"type": "Available", "status": "True", "reason": "Local", "message": "Local APIServices are always available"}
STATUSES = ("True", "False", "Unknown")
HIGHEST_GROUP, HIGHEST_VERSION = 20000, 1000


def default(obj: meta.Object) -> None:
    """SetDefaults_ServiceReference."""
    service = meta.at(obj, "spec", "service")
    if service is not None:
        service.setdefault("port", 443)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """One without a service is available from the start."""
    if old is None:
        stamp = meta.at(new, "metadata", "creationTimestamp")
        is_local = meta.at(new, "spec", "service") is None
        new["status"] = {"conditions": [{**LOCAL, "lastTransitionTime": stamp}]} if is_local else {}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Its name is made of version and group; priorities; how it is reached and trusted."""
    spec = new.get("spec") or {}
    group, version = spec.get("group") or "", spec.get("version") or ""
    found = _name(meta.name(new), f"{version}.{group}")
    if not group and version != "v1":
        found.append(fields.required("spec.group", "only v1 may have an empty group and it better be legacy kube"))
    found += checks.worded(names.dns_subdomain, group, "spec.group") if group else []
    found += checks.worded(names.dns1035_label, version, "spec.version")
    for field, most in (("groupPriorityMinimum", HIGHEST_GROUP), ("versionPriority", HIGHEST_VERSION)):
        value = spec.get(field) or 0
        if not 0 < value <= most:
            found.append(fields.invalid(f"spec.{field}", value, f"must be positive and less than {most}"))
    return found + _trust(spec)


def _name(name: str, wanted: str) -> list[fields.Problem]:
    if names.path_segment(name) or name == wanted:
        return []
    return [fields.invalid("metadata.name", name, f'must be `spec.version+"."+spec.group`: "{wanted}"')]


def _trust(spec: dict[str, Any]) -> list[fields.Problem]:
    service, bundle, is_insecure = spec.get("service"), spec.get("caBundle") or "", bool(spec.get("insecureSkipTLSVerify"))
    if service is None:
        found = [fields.invalid("spec.caBundle", f"{_size(bundle)} bytes", "local APIServices may not have a caBundle")] if bundle else []
        text = "local APIServices may not have insecureSkipTLSVerify"
        return found + ([fields.invalid("spec.insecureSkipTLSVerify", True, text)] if is_insecure else [])
    found = [fields.required(f"spec.service.{part}") for part in ("namespace", "name") if not service.get(part)]
    port = service.get("port")
    if port is not None and not 1 <= port <= 65535:
        text = "port is not valid: must be between 1 and 65535, inclusive"
        found.append(fields.invalid("spec.service.port", port, text))
    if is_insecure and bundle:
        found.append(fields.invalid("spec.insecureSkipTLSVerify", True, "may not be true if caBundle is present"))
    return found


def _size(text: str) -> int:
    import binascii

    return len(binascii.a2b_base64(text))


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Every condition has a status."""
    conditions = meta.at(new, "status", "conditions", default=())
    return [
        fields.unsupported(f"status.conditions[{number}].status", each.get("status") or "", STATUSES)
        for number, each in enumerate(conditions)
        if each.get("status") not in STATUSES
    ]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _service(meta.at(obj, "spec", "service")), _available(obj), shared.age(obj, now)]


def _service(found: dict[str, Any] | None) -> str:
    return f"{found.get('namespace', '')}/{found.get('name', '')}" if found else "Local"


def _available(obj: meta.Object) -> str:
    found = meta.condition(obj, "Available")
    if found is None:
        return "Unknown"
    return "True" if found.get("status") == "True" else f"{found.get('status', '')} ({found.get('reason', '')})"
