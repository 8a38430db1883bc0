"""What pkctl does not do for the kinds it serves, by kind: the words of its warnings, and of the README's table.

Kinds that are only stored are in `table.STORED_ONLY`, since a start needs them; fields of pods are in `podspec/unsupported`.
"""

from __future__ import annotations

from pkctl.kinds import table, warnings
from pkctl.kinds.podspec import unsupported

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

PARTLY = {
    "priorityclasses.scheduling.k8s.io": "pods get their priority, but none is preempted for another",
    "runtimeclasses.node.k8s.io": "its overhead is counted, but containers run in the node's own runtime",
    "services": "it gets addresses, ports and endpoints, but no traffic is routed to them and no name is answered",
}
"""Kinds that have less effect than in Kubernetes, and what is lacking."""


def of_kind(row: Row) -> str:
    """The warning for a new object of a kind, "" for one that has its whole effect."""
    if reason := table.STORED_ONLY.get(row.id):
        return f"pkctl stores {row.kind} but does not act on it: {reason}"
    reason = PARTLY.get(row.id)
    return f"pkctl acts on {row.kind} only in part: {reason}" if reason else ""


def of_fields(row: Row, new: Object, old: Object | None) -> list[str]:
    """The warnings for fields of a pod or pod template that have no effect and had none to lack before."""
    known = {path for path, _ in _fields(row, old)} if old else set()
    return [f"pkctl does not honour {path}: {reason}" for path, reason in _fields(row, new) if path not in known]


def _fields(row: Row, obj: Object) -> list[tuple[str, str]]:
    if row.id == "pods":
        return unsupported.found(obj.get("spec") or {})
    if row.id not in warnings.TEMPLATES:
        return []
    spec = warnings.template(row.id, obj).get("spec") or {}
    return unsupported.found(spec, ".".join((*warnings.TEMPLATES[row.id], "spec")))


def markdown() -> str:
    """The README's tables: kinds, then fields of pods."""
    lines = ["| kind | | why |", "|---|---|---|"]
    lines += [f"| {kind} | {state} | {reason} |" for kind, state, reason in sorted(_kinds())]
    lines += ["", "| field of a pod | why |", "|---|---|"]
    lines += [f"| {field} | {reason} |" for field, reason in _pod_fields()]
    return "\n".join(lines)


def _kinds() -> Iterator[tuple[str, str, str]]:
    for state, reasons in (("stored only", table.STORED_ONLY), ("in part", PARTLY)):
        for id, reason in reasons.items():
            row = table.BUILTIN.by_id(id)
            assert row is not None
            yield f"{row.kind} ({row.api_version})", state, reason


def _pod_fields() -> Iterator[tuple[str, str]]:
    yield from ((f"`{name}`", reason) for name, reason in unsupported.POD.items())
    yield "`hostUsers: false`", "containers share the node's users"
    yield from ((f"`securityContext.{name}`", reason) for name, reason in unsupported.SECURITY.items())
    kinds = ", ".join(f"`{kind}`" for kind in unsupported.VOLUMES if kind != "name")
    yield "volumes", f"of the kinds {kinds}; there is no driver for others"
    yield from ((f"`volumes[].projected.sources[].{name}`", reason) for name, reason in unsupported.PROJECTED.items())
    yield from ((f"`containers[].{name}`", reason) for name, reason in unsupported.CONTAINER.items())
    yield "`containers[].ports[].hostIP`", "a host port is open on every address"
    yield "`containers[].ports[].protocol: SCTP` with a `hostPort`", "host ports are TCP or UDP"
    yield "`containers[].resources.limits`", "only cpu and memory are limited"
    yield "`containers[].securityContext.runAsGroup` without `runAsUser`", "a group needs a user beside it"
    yield "`containers[].volumeMounts[].recursiveReadOnly`", "mounts within the volume stay writable"
