"""The IPAddress of each address that a Service has been given. Follows pkg/registry/core/service/ipallocator/controller/repairip.go.

The keys are addresses. What is allocated is decided as a Service is written; these objects tell of it, and their wrong ones are mended.
"""

from __future__ import annotations

from pkctl.controllers import plan
from pkctl.objects import meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.objects.meta import Object

KIND = "ipaddresses.networking.k8s.io"
FAMILY, MANAGED, ALLOCATOR = "ipaddress.kubernetes.io/ip-family", "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Make, mend or delete the object of one address; one that another allocator made is left alone."""
    address = key[1]
    owner, known = _owners(view).get(address), view.get(KIND, "", address)
    if known is not None and meta.labels(known).get(MANAGED) != ALLOCATOR:
        return plan.Plan()
    parent = {"resource": "services", "namespace": owner[0], "name": owner[1]} if owner else None
    if known is not None:
        # Whose address it is never changes, so a wrong object goes, which asks for the right one.
        return plan.Plan([] if meta.at(known, "spec", "parentRef") == parent else [plan.Write("delete", KIND, known)])
    if parent is None:
        return plan.Plan()
    labels = {FAMILY: f"IPv{names.ip_family(address)}", MANAGED: ALLOCATOR}
    metadata = {"name": address, "labels": labels}
    made: Object = {"apiVersion": "networking.k8s.io/v1", "kind": "IPAddress", "metadata": metadata, "spec": {"parentRef": parent}}
    return plan.Plan([plan.Write("create", KIND, made)])


def of(service: Object) -> Iterator[str]:
    """The addresses that a Service has been given."""
    spec = service.get("spec") or {}
    if spec.get("type") != "ExternalName":
        yield from (address for address in spec.get("clusterIPs") or () if address != "None")


def _owners(view: plan.View) -> dict[str, plan.Key]:
    def build() -> dict[str, plan.Key]:
        return {address: meta.key(service) for service in view.list("services") for address in of(service)}

    found: dict[str, plan.Key] = view.memo("service-addresses", ("services",), build, _follow)
    return found


def _follow(value: dict[str, plan.Key], old: Object | None, new: Object | None) -> None:
    for address in of(old or {}):
        value.pop(address, None)
    for address in of(new or {}):
        value[address] = meta.key(new or {})
