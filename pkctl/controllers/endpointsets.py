"""What a service's pods offer: which of them count, on which ports. Shared by `endpoints` and `endpointslices`.

Follows endpointslice/util and pkg/api/v1/endpoints.
"""

from __future__ import annotations

from pkctl.controllers import indexes, plan
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

    Ports = tuple[tuple[str, int | None, str, str | None], ...]

HEADLESS = "service.kubernetes.io/headless"


def pods(view: plan.View, service: Object) -> list[Object]:
    """The pods a service selects that have an address and are not finished."""
    wanted = meta.at(service, "spec", "selector", default={})
    found = indexes.labelled(view, "pods", meta.namespace(service), wanted) if wanted else []
    return [pod for pod in found if meta.at(pod, "status", "podIP") and meta.at(pod, "status", "phase") not in ("Succeeded", "Failed")]


def is_selecting(service: Object) -> bool:
    """Whether a service's endpoints are made for it."""
    return bool(meta.at(service, "spec", "selector")) and meta.at(service, "spec", "type") != "ExternalName"


def is_headless(service: Object) -> bool:
    """Whether the service has no address of its own."""
    return bool(meta.at(service, "spec", "clusterIP") == "None")


def publishes_unready(service: Object) -> bool:
    """Whether pods count as ready from the start."""
    return bool(meta.at(service, "spec", "publishNotReadyAddresses"))


def ports(service: Object, pod: Object) -> Ports:
    """(name, number, protocol, app protocol) of each of the service's ports that the pod has."""
    found = []
    for port in meta.at(service, "spec", "ports", default=[]):
        number = target(pod, port)
        if number is not None:
            found.append((port.get("name") or "", number, port.get("protocol") or "TCP", port.get("appProtocol")))
    return tuple(found)


def target(pod: Object, port: Object) -> int | None:
    """The pod's port that a service port means, None when the pod has none of that name."""
    wanted = port.get("targetPort") or port["port"]
    if isinstance(wanted, int):
        return wanted
    spec = pod.get("spec") or {}
    sidecars = [one for one in spec.get("initContainers") or [] if one.get("restartPolicy") == "Always"]
    for container in [*(spec.get("containers") or []), *sidecars]:
        for offered in container.get("ports") or []:
            if offered.get("name") == wanted and (offered.get("protocol") or "TCP") == (port.get("protocol") or "TCP"):
                return int(offered["containerPort"])
    return None


def port_objects(found: Ports) -> list[Object]:
    """Ports as both kinds of endpoints spell them."""
    shown: list[Object] = []
    for name, number, protocol, app in found:
        port: Object = {"name": name, "port": number, "protocol": protocol}
        shown.append({**port, "appProtocol": app} if app else port)
    return shown


def reference(pod: Object) -> Object:
    """The targetRef of a pod."""
    return {"kind": "Pod", "name": meta.name(pod), "namespace": meta.namespace(pod), "uid": meta.uid(pod)}


def hostname(service: Object, pod: Object) -> str:
    """The name a pod has within the service's domain, "" when none."""
    spec = pod.get("spec") or {}
    return str(spec.get("hostname") or "") if spec.get("subdomain") == meta.name(service) else ""


def labels(service: Object) -> dict[str, str]:
    """The service's labels as its endpoints bear them."""
    return {**meta.labels(service), **({HEADLESS: ""} if is_headless(service) else {})}
