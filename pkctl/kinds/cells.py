"""Cells that the tables of several kinds share. Not here: what only one kind shows."""

from __future__ import annotations

from pkctl.kinds import columns
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

NONE, UNSET, UNKNOWN = "<none>", "<unset>", "<unknown>"
MOST = 3
"""How many items a cell shows."""
NAME = columns.Column(
    "Name",
    format="name",
    description="Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client "
    "to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration "
    "definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
)
AGE = columns.Column(
    "Age",
    description="CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be "
    "set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in "
    "UTC.",
)
CREATED_AT = columns.Column("Created At", format="date-time", description=AGE.description)
ACCESS_MODES = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
STORAGE_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"


def age(obj: meta.Object, now: float) -> str:
    """Time since creation, `<unknown>` for an object never created."""
    return times.since(meta.at(obj, "metadata", "creationTimestamp", default=""), now)


def some(items: Sequence[str], most: int = MOST, joint: str = ",", empty: str = NONE) -> str:
    """The first few items, ` + N more...` for the rest."""
    if not items:
        return empty
    text = joint.join(items[:most])
    return f"{text} + {len(items) - most} more..." if len(items) > most else text


def labels(mapping: Mapping[str, str] | None) -> str:
    """`a=b,c=d`, or `<none>`."""
    return ",".join(f"{key}={value}" for key, value in sorted((mapping or {}).items())) or NONE


def access_modes(modes: Iterable[str]) -> str:
    """`RWO,ROX`: each once, in Kubernetes' order."""
    found = set(modes)
    return ",".join(short for mode, short in ACCESS_MODES.items() if mode in found)


def storage_class(obj: meta.Object) -> str:
    """The class of a volume or claim: the old annotation wins over the field."""
    old = meta.annotations(obj).get(STORAGE_CLASS_ANNOTATION)
    return old if old is not None else meta.at(obj, "spec", "storageClassName", default="")


def param_kind(found: Mapping[str, Any] | None) -> str:
    """The kind of an admission policy's parameters."""
    return UNSET if found is None else f"{found.get('apiVersion', '')}/{found.get('kind', '')}"


def param_reference(found: Mapping[str, Any] | None) -> str:
    """The parameters of an admission policy's binding: a name in a namespace or any, else the selector as Go prints it."""
    if found is None:
        return UNSET
    if found.get("name"):
        return f"{found.get('namespace') or '*'}/{found['name']}"
    from pkctl.objects import selectors

    return UNSET if found.get("selector") is None else selectors.struct(found["selector"])


def host_port(host: str, port: object) -> str:
    """`host:port`, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def ingress_points(obj: meta.Object) -> list[str]:
    """The addresses of a load balancer's status, sorted, each once."""
    points = meta.at(obj, "status", "loadBalancer", "ingress", default=())
    return sorted({point.get("ip") or point.get("hostname") or "" for point in points} - {""})


def bool_word(value: Any) -> str:
    """Go's `true` and `false`."""
    return "true" if value else "false"
