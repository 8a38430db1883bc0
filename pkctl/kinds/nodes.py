"""Node. Follows ValidateNode in pkg/apis/core/validation and NodeDescriber in kubectl/pkg/describe of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, gostructs, nodepods
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ROLE_PREFIX, ROLE_LABEL = "node-role.kubernetes.io/", "kubernetes.io/role"
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")
FROZEN = "node updates may only change labels, taints, or capacity (or configSource, if the DynamicKubeletConfig feature gate is enabled)"
FREE = ("unschedulable", "taints", "configSource", "podCIDR", "podCIDRs", "providerID")
FIELDS = {"spec.unschedulable": lambda obj: "true" if meta.at(obj, "spec", "unschedulable") else "false"}
COLUMNS = (
    shared.NAME,
    columns.Column("Status", description="The status of the node"),
    columns.Column("Roles", description="The roles of the node"),
    shared.AGE,
    columns.Column("Version", description="Kubelet Version reported by the node."),
    columns.Column("Internal-IP", priority=1, description="List of addresses reachable to the node."),
    columns.Column("External-IP", priority=1, description="List of addresses reachable to the node."),
    columns.Column("OS-Image", priority=1, description="OS Image reported by the node from /etc/os-release."),
    columns.Column("Kernel-Version", priority=1, description="Kernel Version reported by the node from 'uname -r'."),
    columns.Column("Container-Runtime", priority=1, description="ContainerRuntime Version reported by the node."),
)


def default(obj: meta.Object) -> None:
    """The single pod range and the plural one are two views of one thing; allocatable is the capacity unless told."""
    spec = obj["spec"] = obj.get("spec") or {}
    single, plural = spec.get("podCIDR"), spec.get("podCIDRs") or [""]
    if single and single != plural[0]:
        spec["podCIDRs"] = [single]
    elif plural[0]:
        spec["podCIDR"] = plural[0]
    status = obj.get("status") or {}
    if status.get("capacity") and not status.get("allocatable"):
        status["allocatable"] = dict(status["capacity"])


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """A node may be born with a status; afterwards it has its own subresource."""
    if old is not None:
        new["status"] = meta.clone(old.get("status") or {})


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Taints and pod ranges; an update changes little else."""
    spec = new.get("spec") or {}
    if old:
        return _changed(spec, old.get("spec") or {}) + _taints(spec.get("taints") or []) + _protected(spec, old.get("spec") or {})
    found, ranges = _taints(spec.get("taints") or []) + _amounts(new), spec.get("podCIDRs") or []
    for number, text in enumerate(ranges):
        found += checks.worded(names.cidr, text, f"spec.podCIDRs[{number}]")
    if len(ranges) > 1 and (len(ranges) > 2 or names.ip_family(ranges[0]) == names.ip_family(ranges[1])):
        found.append(fields.invalid("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family"))
    return found


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Amounts, and each address once."""
    points = meta.at(new, "status", "addresses", default=[])
    return _amounts(new) + [
        checks.twice(f"status.addresses[{number}]", {"Type": each.get("type", ""), "Address": each.get("address", "")})
        for number, each in enumerate(points)
        if each in points[:number]
    ]


def _amounts(obj: meta.Object) -> list[fields.Problem]:
    return [
        problem
        for part in ("capacity", "allocatable")
        for name, amount in sorted(meta.at(obj, "status", part, default={}).items())
        for problem in checks.quantity(amount, f"status.{part}[{name}]")
    ]


def _taints(taints: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    seen: set[tuple[str, str]] = set()
    for number, taint in enumerate(taints):
        field, pair = f"spec.taints[{number}]", (taint.get("key", ""), taint.get("effect", ""))
        found += checks.worded(names.qualified_name, pair[0], f"{field}.key")
        if wrong := names.label_value(taint.get("value") or ""):
            found.append(fields.invalid(f"{field}.value", taint["value"], ";".join(wrong)))
        found += checks.chosen(pair[1], EFFECTS, f"{field}.effect")
        if pair in seen:
            problem = checks.twice(field, gostructs.shown("Taint", taint))
            found.append(fields.Problem(field, problem.reason, f"{problem.message}: taints must be unique by key and effect pair"))
        seen.add(pair)
    return found


def _changed(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    return [
        fields.forbidden(f"spec.{field}", f'node updates may not change {shown} except from "" to valid')
        for field, shown in (("podCIDRs", "podCIDR"), ("providerID", "providerID"))
        if before.get(field) and before[field] != spec.get(field)
    ]


def _protected(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    """Upstream names no field here, and a path without one is shown as `[]`."""
    return [] if _rest(spec) == _rest(before) else [fields.forbidden("[]", FROZEN)]


def _rest(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if name not in FREE}


def roles(obj: meta.Object) -> list[str]:
    """The roles its labels give it, sorted."""
    found = set()
    for key, value in meta.labels(obj).items():
        if key.startswith(ROLE_PREFIX):
            found.add(key.removeprefix(ROLE_PREFIX))
        elif key == ROLE_LABEL:
            found.add(value)
    return sorted(found - {""})


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    seen = meta.at(obj, "status", "nodeInfo", default={})
    kernel, machine = seen.get("kernelVersion"), seen.get("architecture")
    return [
        meta.name(obj),
        _status(obj),
        ",".join(roles(obj)) or shared.NONE,
        shared.age(obj, now),
        seen.get("kubeletVersion", ""),
        _address(obj, "InternalIP"),
        _address(obj, "ExternalIP"),
        seen.get("osImage") or shared.UNKNOWN,
        (f"{kernel} ({machine})" if machine else kernel) if kernel else shared.UNKNOWN,
        seen.get("containerRuntimeVersion") or shared.UNKNOWN,
    ]


def _status(obj: meta.Object) -> str:
    ready = meta.condition(obj, "Ready")
    word = "Unknown" if ready is None else "Ready" if ready.get("status") == "True" else "NotReady"
    return f"{word},SchedulingDisabled" if meta.at(obj, "spec", "unschedulable") else word


def _address(obj: meta.Object, kind: str) -> str:
    for address in meta.at(obj, "status", "addresses", default=()):
        if address.get("type") == kind:
            return str(address["address"])
    return shared.NONE


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With its lease, its pods and what they ask for."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Roles", ",".join(roles(obj)) or describing.NONE)
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    describing.column(page, "Taints", [_taint(taint) for taint in sorted(meta.at(obj, "spec", "taints", default=()), key=_by_effect)])
    page.field("Unschedulable", shared.bool_word(meta.at(obj, "spec", "unschedulable")))
    _describe_lease(page, reader.get("leases.coordination.k8s.io", "kube-node-lease", meta.name(obj)), meta.name(obj))
    titles = ("Type", "Status", "LastHeartbeatTime", "LastTransitionTime", "Reason", "Message")
    describing.conditions(page, obj, titles, gap=titles[:5])
    _describe_room(page, obj)
    _describe_slices(page, reader.list("resourceslices.resource.k8s.io"), meta.name(obj))
    _describe_machine(page, obj)
    nodepods.describe(page, obj, reader)
    return describing.end(page, obj, reader)


def _by_effect(taint: dict[str, Any]) -> str:
    return f"{taint.get('effect', '')},{taint.get('key', '')}"


def _taint(taint: dict[str, Any]) -> str:
    key, value, effect = taint.get("key", ""), taint.get("value"), taint.get("effect")
    return f"{key}{f'={value}' if value else ''}{f':{effect}' if effect else ''}"


def _describe_lease(page: describing.Page, lease: meta.Object | None, name: str) -> None:
    if lease is None:
        page.field("Lease", f'Failed to get lease: leases.coordination.k8s.io "{name}" not found')
        return
    page.line("Lease:")
    spec = lease.get("spec") or {}
    page.field("HolderIdentity", spec.get("holderIdentity", describing.UNSET), 1)
    for label in ("AcquireTime", "RenewTime"):
        stamp = spec.get(label[0].lower() + label[1:])
        page.field(label, describing.moment(stamp) if stamp else describing.UNSET, 1)


def _describe_room(page: describing.Page, obj: meta.Object) -> None:
    page.line("Addresses:")
    for address in meta.at(obj, "status", "addresses", default=()):
        page.field(address.get("type", ""), address.get("address", ""), 1)
    for title in ("Capacity", "Allocatable"):
        amounts = meta.at(obj, "status", title.lower(), default={})
        if amounts:
            page.line(f"{title}:")
            for name in sorted(amounts):
                page.field(name, describing.quantity(amounts[name]), 1)


def _describe_slices(page: describing.Page, found: list[meta.Object], node: str) -> None:
    """How many slices and devices each driver's pool has on the node itself."""
    pools: dict[tuple[str, str], list[int]] = {}
    for spec in (each["spec"] for each in found if meta.at(each, "spec", "nodeName") == node):
        counts = pools.setdefault((spec["driver"], spec["pool"]["name"]), [0, 0])
        counts[0] += 1
        counts[1] += len(spec.get("devices") or ())
    if pools:
        page.line("Node-Local ResourceSlices:")
        page.rows(("Driver", "Pool", "Slices", "Devices"), [(*pool, *pools[pool]) for pool in sorted(pools)])


def _describe_machine(page: describing.Page, obj: meta.Object) -> None:
    page.line("System Info:")
    seen = meta.at(obj, "status", "nodeInfo", default={})
    for label, field in (
        ("Machine ID", "machineID"), ("System UUID", "systemUUID"), ("Boot ID", "bootID"), ("Kernel Version", "kernelVersion"),
        ("OS Image", "osImage"), ("Operating System", "operatingSystem"), ("Architecture", "architecture"),
        ("Container Runtime Version", "containerRuntimeVersion"), ("Kubelet Version", "kubeletVersion"),
    ):  # fmt: skip
        page.field(label, seen.get(field, ""), 1)
    spec = obj.get("spec") or {}
    for label, value in (
        ("PodCIDR", spec.get("podCIDR")),
        ("PodCIDRs", ",".join(spec.get("podCIDRs") or ())),
        ("ProviderID", spec.get("providerID")),
    ):
        if value:
            page.field(label, value)
