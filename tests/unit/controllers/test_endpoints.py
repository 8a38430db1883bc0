from __future__ import annotations

from typing import Any

from pkctl.controllers import endpoints, endpointslices
from pkctl.objects import meta, times
from tests.unit.controllers import things, views

Object = dict[str, Any]
KEY = ("demo", "web")


def service(**spec: Any) -> Object:
    port = {"name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP"}
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": things.metadata("web"),
        "spec": {"selector": {"app": "web"}, "ports": [port], "clusterIP": "10.96.0.9", **spec},
    }


def backend(name: str, ip: str, *, ready: bool = True, **more: Any) -> Object:
    return things.pod(name, node="n1", phase="Running", ready=ready, status={"podIP": ip}, **more)


def slices(view: views.MemoryView) -> list[Object]:
    view.apply(endpointslices.reconcile(view, KEY))
    return view.list(endpointslices.KIND)


def subsets(view: views.MemoryView) -> list[Object]:
    view.apply(endpoints.reconcile(view, KEY))
    return list((view.get("endpoints", *KEY) or {}).get("subsets") or [])


def test_a_ready_pod_is_an_address() -> None:
    assert subsets(views.view_of(service(), backend("a", "10.0.0.1"))) == [
        {
            "addresses": [
                {"ip": "10.0.0.1", "nodeName": "n1", "targetRef": {"kind": "Pod", "name": "a", "namespace": "demo", "uid": "u-a"}}
            ],
            "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
        }
    ]


def test_addresses_are_sorted_as_numbers() -> None:
    found = subsets(views.view_of(service(), backend("a", "10.0.0.10"), backend("b", "10.0.0.9")))
    assert [one["ip"] for one in found[0]["addresses"]] == ["10.0.0.9", "10.0.0.10"]


def test_an_unready_pod_is_kept_apart() -> None:
    found = subsets(views.view_of(service(), backend("a", "10.0.0.1", ready=False)))
    assert [field for field in found[0] if field != "ports"] == ["notReadyAddresses"]


def test_an_ending_pod_is_left_out() -> None:
    ending = backend("a", "10.0.0.1", metadata={"deletionTimestamp": times.stamp(views.NOW)})
    assert subsets(views.view_of(service(), ending)) == []


def test_unready_pods_may_be_published() -> None:
    found = subsets(views.view_of(service(publishNotReadyAddresses=True), backend("a", "10.0.0.1", ready=False)))
    assert "addresses" in found[0]


def test_a_named_port_is_each_pods_own() -> None:
    def named(name: str, ip: str, number: int) -> Object:
        ports = [{"name": "http", "containerPort": number}]
        return backend(name, ip, spec={"containers": [{"name": "web", "image": "i", "ports": ports}]})

    ports = [{"port": 80, "targetPort": "http"}]
    found = subsets(views.view_of(service(ports=ports), named("a", "10.0.0.1", 81), named("b", "10.0.0.2", 82)))
    assert [one["ports"] for one in found] == [[{"port": 81, "protocol": "TCP"}], [{"port": 82, "protocol": "TCP"}]]


def test_endpoints_go_with_their_service() -> None:
    view = views.view_of(service(), backend("a", "10.0.0.1"))
    subsets(view)
    view.drop("services", *KEY)
    assert views.verbs(endpoints.reconcile(view, KEY)) == [("delete", "endpoints", "web")]


def test_a_service_without_selector_is_its_makers_own() -> None:
    assert endpoints.reconcile(views.view_of(service(selector={})), KEY).writes == []


def test_settled_endpoints_are_not_written_again() -> None:
    view = views.view_of(service(), backend("a", "10.0.0.1"))
    subsets(view)
    slices(view)
    assert endpoints.reconcile(view, KEY).writes == []
    assert endpointslices.reconcile(view, KEY).writes == []


def test_a_slice_tells_how_each_pod_is() -> None:
    ending = backend("b", "10.0.0.2", metadata={"deletionTimestamp": times.stamp(views.NOW)})
    (slice,) = slices(views.view_of(service(), backend("a", "10.0.0.1"), ending))
    assert [one["conditions"] for one in slice["endpoints"]] == [
        {"ready": True, "serving": True, "terminating": False},
        {"ready": False, "serving": True, "terminating": True},
    ]


def test_a_slice_is_named_labelled_and_owned_as_the_real_one() -> None:
    (slice,) = slices(views.view_of(service(), backend("a", "10.0.0.1")))
    assert meta.name(slice) == "web-00001"
    assert meta.labels(slice) == {
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
        "kubernetes.io/service-name": "web",
    }
    assert slice["metadata"]["ownerReferences"][0]["kind"] == "Service"
    assert (slice["addressType"], slice["ports"]) == ("IPv4", [{"name": "http", "port": 8080, "protocol": "TCP"}])


def test_a_headless_service_says_so() -> None:
    (slice,) = slices(views.view_of(service(clusterIP="None"), backend("a", "10.0.0.1")))
    assert meta.labels(slice)["service.kubernetes.io/headless"] == ""


def test_a_service_without_pods_has_one_empty_slice() -> None:
    (slice,) = slices(views.view_of(service()))
    assert (slice["endpoints"], slice["ports"]) == ([], [])


def test_the_empty_slice_goes_when_pods_come() -> None:
    view = views.view_of(service())
    slices(view)
    view.put(backend("a", "10.0.0.1"))
    (slice,) = slices(view)
    assert len(slice["endpoints"]) == 1


def test_a_slice_holds_at_most_a_hundred() -> None:
    view = views.view_of(service(), *(backend(f"p{index:03}", f"10.0.1.{index}") for index in range(150)))
    assert [len(one["endpoints"]) for one in slices(view)] == [100, 50]


def test_endpoints_stay_in_the_slice_they_are_in() -> None:
    pods = [backend(f"p{index:03}", f"10.0.1.{index}") for index in range(150)]
    view = views.view_of(service(), *pods)
    slices(view)
    view.drop("pods", "demo", "p000")
    plan = endpointslices.reconcile(view, KEY)
    assert views.verbs(plan) == [("update", endpointslices.KIND, "web-00001")]


def test_endpoints_made_by_hand_are_mirrored() -> None:
    made = {
        "apiVersion": "v1",
        "kind": "Endpoints",
        "metadata": things.metadata("web"),
        "subsets": [{"addresses": [{"ip": "192.0.2.1"}], "ports": [{"port": 9376}]}],
    }
    (slice,) = slices(views.view_of(service(selector=None), made))
    assert meta.labels(slice)["endpointslice.kubernetes.io/managed-by"] == "endpointslicemirroring-controller.k8s.io"
    assert slice["endpoints"] == [{"addresses": ["192.0.2.1"], "conditions": {"ready": True}}]
