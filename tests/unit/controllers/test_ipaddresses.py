"""The objects that tell whose a Service address is."""

from __future__ import annotations

from typing import Any

from pkctl.controllers import ipaddresses, plan, wakes
from tests.unit.controllers import things, views

Object = dict[str, Any]
ADDRESS = "10.96.1.1"


def service(*addresses: str, name: str = "web", type: str = "ClusterIP") -> Object:
    spec = {"type": type, "clusterIPs": list(addresses)}
    return {"apiVersion": "v1", "kind": "Service", "metadata": things.metadata(name), "spec": spec}


def address(name: str = "web", managed: str = ipaddresses.ALLOCATOR) -> Object:
    metadata = {"name": ADDRESS, "uid": "u", "labels": {ipaddresses.MANAGED: managed}}
    parent = {"resource": "services", "namespace": "demo", "name": name}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "IPAddress", "metadata": metadata, "spec": {"parentRef": parent}}


def made(*objects: Object) -> list[tuple[str, Object]]:
    found: plan.Plan = ipaddresses.reconcile(views.view_of(*objects), ("", ADDRESS))
    return [(write.verb, write.obj) for write in found.writes]


def test_an_address_given_to_a_service_is_told() -> None:
    ((verb, obj),) = made(service(ADDRESS))
    assert (verb, obj["metadata"]["name"], obj["spec"]) == (
        "create",
        ADDRESS,
        {"parentRef": {"resource": "services", "namespace": "demo", "name": "web"}},
    )


def test_it_says_its_family_and_who_manages_it() -> None:
    ((_, obj),) = made(service(ADDRESS))
    labels = {"ipaddress.kubernetes.io/ip-family": "IPv4", "ipaddress.kubernetes.io/managed-by": "ipallocator.k8s.io"}
    assert obj["metadata"]["labels"] == labels


def test_what_is_right_stays() -> None:
    assert made(service(ADDRESS), address()) == []


def test_without_its_service_it_goes() -> None:
    assert [verb for verb, _ in made(address())] == ["delete"]


def test_one_that_names_another_service_goes() -> None:
    assert [verb for verb, _ in made(service(ADDRESS), address("other"))] == ["delete"]


def test_anothers_is_left_alone() -> None:
    assert made(address(managed="somebody")) == []


def test_names_of_other_places_have_no_address() -> None:
    assert made(service(ADDRESS, type="ExternalName")) == []


def test_a_service_wakes_its_addresses() -> None:
    view = views.view_of()
    assert list(wakes.addresses_of_service(view, service(ADDRESS, "None"))) == [("", ADDRESS)]
