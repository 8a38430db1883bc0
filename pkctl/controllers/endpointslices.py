"""The EndpointSlices of each service, and those that mirror Endpoints made by hand.

Follows endpointslice/{reconciler,utils}.go and pkg/controller/endpointslicemirroring.
"""

from __future__ import annotations

from pkctl.controllers import endpointsets, indexes, plan
from pkctl.objects import meta, owners, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

    Group = tuple[list[Object], list[Object]]

KIND = "endpointslices.discovery.k8s.io"
SERVICE, MANAGER = "kubernetes.io/service-name", "endpointslice.kubernetes.io/managed-by"
OURS, MIRRORED = "endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"
SKIP_MIRROR, LEADER = "endpointslice.kubernetes.io/skip-mirror", "control-plane.alpha.kubernetes.io/leader"
CHANGED = "endpoints.kubernetes.io/last-change-trigger-time"
ZONE = "topology.kubernetes.io/zone"

MOST = 100
"""Endpoints in one slice."""


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Bring the slices of one service up to date; those of a service that is gone go with it."""
    service = view.get("services", *key)
    known = indexes.labelled(view, KIND, key[0], {SERVICE: key[1]})
    if service is None or meta.is_deleting(service):
        return plan.Plan()
    if endpointsets.is_selecting(service):
        mine = [one for one in known if meta.labels(one).get(MANAGER) == OURS]
        return _settle(view, service, mine, _selected(view, service), {**endpointsets.labels(service), MANAGER: OURS})
    mine = [one for one in known if meta.labels(one).get(MANAGER) == MIRRORED]
    source = view.get("endpoints", *key)
    if source is None or not _is_mirrored(source) or meta.at(service, "spec", "selector"):
        return plan.Plan(plan.Write("delete", KIND, one) for one in mine)
    return _settle(view, source, mine, _mirrored(source), {**meta.labels(source), MANAGER: MIRRORED})


def _is_mirrored(source: Object) -> bool:
    return meta.labels(source).get(SKIP_MIRROR) != "true" and LEADER not in meta.annotations(source) and not meta.is_deleting(source)


def _selected(view: plan.View, service: Object) -> list[Group]:
    """(ports, endpoints) for each set of ports that the service's pods offer."""
    groups: dict[endpointsets.Ports, list[Object]] = {}
    for pod in endpointsets.pods(view, service):
        groups.setdefault(endpointsets.ports(service, pod), []).append(_endpoint(view, service, pod))
    return [(endpointsets.port_objects(ports), found) for ports, found in sorted(groups.items(), key=lambda item: str(item[0]))]


def _endpoint(view: plan.View, service: Object, pod: Object) -> Object:
    serving, ending = meta.is_true(pod, "Ready"), meta.is_deleting(pod)
    node = meta.at(pod, "spec", "nodeName", default="")
    zone = meta.labels(view.get("nodes", "", node) or {}).get(ZONE)
    name = endpointsets.hostname(service, pod)
    ready = endpointsets.publishes_unready(service) or (serving and not ending)
    return {
        "addresses": [meta.at(pod, "status", "podIP")],
        "conditions": {"ready": ready, "serving": serving, "terminating": ending},
        **({"hostname": name} if name else {}),
        "nodeName": node,
        "targetRef": endpointsets.reference(pod),
        **({"zone": zone} if zone else {}),
    }


def _mirrored(source: Object) -> list[Group]:
    groups: list[Group] = []
    for subset in source.get("subsets") or []:
        ports = [{"name": "", "protocol": "TCP", **port} for port in subset.get("ports") or []]
        found = [
            _mirrored_endpoint(address, ready=field == "addresses")
            for field in ("addresses", "notReadyAddresses")
            for address in subset.get(field) or []
        ]
        groups.append((ports, found))
    return groups


def _mirrored_endpoint(address: Object, *, ready: bool) -> Object:
    kept = {field: address[field] for field in ("hostname", "nodeName", "targetRef") if address.get(field)}
    return {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}


def _settle(view: plan.View, owner: Object, known: list[Object], groups: list[Group], labels: dict[str, str]) -> plan.Plan:
    """Put the endpoints into slices, those of one family and one set of ports together, changing as few slices as may be."""
    name = meta.name(owner)
    labels = {**labels, SERVICE: name}
    left = {meta.name(one): one for one in known}
    made: list[plan.Write] = []
    wanted = [(family, ports, found) for ports, all_ in groups for family, found in _families(all_)] or [("IPv4", [], [])]
    for family, ports, found in wanted:
        fitting = [one for one in left.values() if one.get("addressType") == family and _same_ports(one, ports)]
        shared = _shared_out(fitting, found)
        for slice, endpoints in shared if found else shared[:1]:
            if slice is None:
                made.append(plan.Write("create", KIND, _new(view, owner, family, ports, endpoints, labels)))
            elif endpoints or not found:
                del left[meta.name(slice)]
                made += _updated(view, slice, endpoints, labels)
    return plan.Plan([*made, *(plan.Write("delete", KIND, one) for one in left.values())])


def _families(endpoints: list[Object]) -> list[tuple[str, list[Object]]]:
    found: dict[str, list[Object]] = {}
    for endpoint in endpoints:
        found.setdefault("IPv6" if ":" in endpoint["addresses"][0] else "IPv4", []).append(endpoint)
    return sorted(found.items())


def _same_ports(slice: Object, ports: list[Object]) -> bool:
    return (slice.get("ports") or []) == ports


def _shared_out(slices: Iterable[Object], endpoints: list[Object]) -> list[tuple[Object | None, list[Object]]]:
    """Each endpoint stays in the slice it is in; new ones fill the slices that are there, then new slices."""
    by_address = {one["addresses"][0]: one for one in endpoints}
    shared: list[tuple[Object | None, list[Object]]] = []
    for slice in slices:
        kept = [by_address.pop(one["addresses"][0]) for one in slice.get("endpoints") or [] if one["addresses"][0] in by_address]
        shared.append((slice, kept))
    fresh = [one for one in endpoints if one["addresses"][0] in by_address]
    for _, kept in shared:
        room = MOST - len(kept)
        kept += fresh[:room]
        fresh = fresh[room:]
    while fresh or not shared:
        shared.append((None, fresh[:MOST]))
        fresh = fresh[MOST:]
    return shared


def _new(view: plan.View, owner: Object, family: str, ports: list[Object], endpoints: list[Object], labels: dict[str, str]) -> Object:
    base = f"{meta.name(owner)}-"
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": base[:58] + view.suffix(),
            "generateName": base,
            "namespace": meta.namespace(owner),
            "labels": labels,
            "annotations": {CHANGED: times.stamp(view.now)},
            "ownerReferences": [owners.reference(owner)],
        },
        "addressType": family,
        "endpoints": endpoints,
        "ports": ports,
    }


def _updated(view: plan.View, slice: Object, endpoints: list[Object], labels: dict[str, str]) -> list[plan.Write]:
    if (slice.get("endpoints") or []) == endpoints and meta.labels(slice) == labels:
        return []
    new = meta.clone(slice)
    new["endpoints"] = endpoints
    new["metadata"]["labels"] = labels
    new["metadata"]["annotations"] = {**meta.annotations(slice), CHANGED: times.stamp(view.now)}
    return [plan.Write("update", KIND, new)]
