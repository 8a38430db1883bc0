"""The Endpoints of each service with a selector. Follows pkg/controller/endpoint/endpoints_controller.go and pkg/api/v1/endpoints."""

from __future__ import annotations

import ipaddress

from pkctl.controllers import endpointsets, plan
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

KIND = "endpoints"
MANAGED = {"endpoints.kubernetes.io/managed-by": "endpoint-controller"}
CHANGED = "endpoints.kubernetes.io/last-change-trigger-time"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bring one service's Endpoints up to date; without the service they go."""
    service, known = view.get("services", *key), view.get(KIND, *key)
    if service is None:
        return plan.Plan([plan.Write("delete", KIND, known)] if known is not None else [])
    if not endpointsets.is_selecting(service) or meta.is_deleting(service):
        return plan.Plan()
    wanted, labels = subsets(view, service), {**endpointsets.labels(service), **MANAGED}
    if known is None:
        metadata = {"name": key[1], "namespace": key[0], "labels": labels, "annotations": {CHANGED: times.stamp(view.now)}}
        made: Object = {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata}
        return plan.Plan([plan.Write("create", KIND, {**made, **({"subsets": wanted} if wanted else {})})])
    if (known.get("subsets") or []) == wanted and meta.labels(known) == labels:
        return plan.Plan()
    new = meta.clone(known)
    new["metadata"]["labels"] = labels
    new["metadata"]["annotations"] = {**meta.annotations(known), CHANGED: times.stamp(view.now)}
    new["subsets"] = wanted
    return plan.Plan([plan.Write("update", KIND, new)])


def subsets(view: plan.View, service: Object) -> list[Object]:
    """Addresses by the ports they offer, ready ones and others apart."""
    by_ports: dict[endpointsets.Ports, dict[str, list[Object]]] = {}
    unready = endpointsets.publishes_unready(service)
    for pod in endpointsets.pods(view, service):
        ports = endpointsets.ports(service, pod)
        if (meta.is_deleting(pod) and not unready) or not (ports or endpointsets.is_headless(service)):
            continue
        field = "addresses" if unready or meta.is_true(pod, "Ready") else "notReadyAddresses"
        by_ports.setdefault(ports, {}).setdefault(field, []).append(_address(service, pod))
    return [_subset(ports, found) for ports, found in sorted(by_ports.items(), key=lambda item: str(item[0]))]


def _subset(ports: endpointsets.Ports, found: dict[str, list[Object]]) -> Object:
    subset: Object = {field: sorted(found[field], key=_order) for field in ("addresses", "notReadyAddresses") if field in found}
    shown = [{key: value for key, value in port.items() if value != ""} for port in endpointsets.port_objects(ports)]
    return {**subset, **({"ports": shown} if shown else {})}


def _order(address: Object) -> tuple[int, str]:
    return int(ipaddress.ip_address(address["ip"])), meta.at(address, "targetRef", "uid", default="")


def _address(service: Object, pod: Object) -> Object:
    name = endpointsets.hostname(service, pod)
    return {
        "ip": meta.at(pod, "status", "podIP"),
        **({"hostname": name} if name else {}),
        "nodeName": meta.at(pod, "spec", "nodeName"),
        "targetRef": endpointsets.reference(pod),
    }
