"""Service. Which address and node port it gets is allocated by the API's admission, not here.

Follows pkg/registry/core/service and ValidateService in pkg/apis/core/validation of Kubernetes; the checks are in `servicechecks`.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing, endpointslices, servicechecks
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects import fields

AFFINITY_SECONDS = 10800
FIELDS = {
    "spec.clusterIP": lambda obj: meta.at(obj, "spec", "clusterIP", default=""),
    "spec.type": lambda obj: meta.at(obj, "spec", "type", default=""),
}
COLUMNS = (
    shared.NAME,
    columns.Column("Type", description="type determines how the Service is exposed."),
    columns.Column("Cluster-IP", description="clusterIP is the IP address of the service and is usually assigned randomly."),
    columns.Column("External-IP", description="externalIPs is a list of IP addresses for which nodes will also accept traffic."),
    columns.Column("Port(s)", description="The list of ports that are exposed by this service."),
    shared.AGE,
    columns.Column("Selector", priority=1, description="Route service traffic to pods with label keys and values matching this selector."),
)

needs_cluster_ip = servicechecks.needs_cluster_ip
needs_node_port = servicechecks.needs_node_port


def default(obj: meta.Object) -> None:
    """SetDefaults_Service."""
    spec = obj["spec"] = obj.get("spec") or {}
    kind = spec["type"] = spec.get("type") or "ClusterIP"
    if (spec.setdefault("sessionAffinity", "None") or "None") == "ClientIP":
        client = (spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}
        spec["sessionAffinityConfig"] = {"clientIP": {**client, "timeoutSeconds": client.get("timeoutSeconds") or AFFINITY_SECONDS}}
    for port in spec.get("ports") or ():
        port["protocol"] = port.get("protocol") or "TCP"
        if port.get("targetPort") in (None, "", 0):
            port["targetPort"] = port.get("port") or 0
    if kind in ("NodePort", "LoadBalancer") or (kind == "ClusterIP" and spec.get("externalIPs")):
        spec["externalTrafficPolicy"] = spec.get("externalTrafficPolicy") or "Cluster"
    if kind in servicechecks.ADDRESSED:
        spec["internalTrafficPolicy"] = spec.get("internalTrafficPolicy") or "Cluster"
    if kind == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Keep what was allocated where the new spec leaves it out, drop what a changed type no longer has; status apart."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {"loadBalancer": {}}
    spec = new["spec"]
    if old:
        _keep_addresses(spec, old["spec"])
        _keep_node_ports(spec, old["spec"])
        _drop_left_over(spec, old["spec"])
    if spec.get("clusterIP") and not spec.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]]


def _keep_addresses(spec: dict[str, Any], old: dict[str, Any]) -> None:
    """PatchAllocatedValues and NormalizeClusterIPs: the single and the plural field are two views of one thing."""
    if needs_cluster_ip(old) and needs_cluster_ip(spec):
        if not spec.get("clusterIP") and old.get("clusterIP"):
            spec["clusterIP"] = old["clusterIP"]
        if not spec.get("clusterIPs") and spec.get("clusterIP") == old.get("clusterIP") and old.get("clusterIPs"):
            spec["clusterIPs"] = list(old["clusterIPs"])
        for field in ("ipFamilies", "ipFamilyPolicy"):
            if not spec.get(field) and old.get(field):
                spec[field] = meta.clone(old[field])
    if spec.get("clusterIP") != old.get("clusterIP") and spec.get("clusterIPs") and spec["clusterIPs"] == old.get("clusterIPs"):
        spec["clusterIPs"] = [spec["clusterIP"]] if spec.get("clusterIP") else []


def _keep_node_ports(spec: dict[str, Any], old: dict[str, Any]) -> None:
    if not (needs_node_port(old) and needs_node_port(spec)):
        return
    before = {port.get("name", ""): port.get("nodePort", 0) for port in old.get("ports") or ()}
    ports = spec.get("ports") or []
    used = set(before.values()) & {port.get("nodePort", 0) for port in ports} - {0}
    for port in ports:
        kept = before.get(port.get("name", ""), 0)
        if not port.get("nodePort") and kept and kept not in used:
            port["nodePort"] = kept
            used.add(kept)
    if spec.get("externalTrafficPolicy") == "Local" and old.get("healthCheckNodePort") and spec["type"] == "LoadBalancer":
        spec["healthCheckNodePort"] = spec.get("healthCheckNodePort") or old["healthCheckNodePort"]


def _drop_left_over(spec: dict[str, Any], old: dict[str, Any]) -> None:
    """dropTypeDependentFields: what the old type had and the user merely did not take out."""
    if needs_cluster_ip(old) and not needs_cluster_ip(spec) and spec.get("clusterIPs") in (None, [], old.get("clusterIPs")):
        for field in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"):
            spec.pop(field, None)
    if needs_node_port(old) and not needs_node_port(spec) and _node_ports(spec) == _node_ports(old):
        for port in spec.get("ports") or ():
            port.pop("nodePort", None)
    for gone, kept_by in (
        ("externalName", ("ExternalName",)),
        ("externalTrafficPolicy", ("NodePort", "LoadBalancer")),
        ("internalTrafficPolicy", servicechecks.ADDRESSED),
        ("allocateLoadBalancerNodePorts", ("LoadBalancer",)),
        ("loadBalancerClass", ("LoadBalancer",)),
        ("healthCheckNodePort", ("LoadBalancer",)),
    ):
        # External addresses make a ClusterIP service reachable from outside as well.
        still = spec["type"] in kept_by or (gone == "externalTrafficPolicy" and spec.get("externalIPs"))
        if old["type"] != spec["type"] and not still and spec.get(gone) == old.get(gone):
            spec.pop(gone, None)


def _node_ports(spec: dict[str, Any]) -> list[int]:
    return [port.get("nodePort", 0) for port in spec.get("ports") or ()]


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The shape; and, only when that is right, whether what it asks for can be allocated."""
    return servicechecks.changed(new, old) + servicechecks.shaped(new, old) or servicechecks.allocatable(new, old)


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Where its load balancer is reached, those points that were there before aside."""
    from pkctl.kinds import ingresses

    return ingresses.validate_status(new, old)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    addresses = spec.get("clusterIPs") or [spec.get("clusterIP") or shared.NONE]
    ports = ",".join(_port(port) for port in spec.get("ports") or ()) or shared.NONE
    selector = shared.labels(spec.get("selector"))
    return [meta.name(obj), spec.get("type", ""), addresses[0], _external(obj, spec), ports, shared.age(obj, now), selector]


def _port(port: dict[str, Any]) -> str:
    inner = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port.get('port', 0)}{inner}/{port.get('protocol', '')}"


def _external(obj: meta.Object, spec: dict[str, Any]) -> str:
    outer = list(spec.get("externalIPs") or ())
    if spec.get("type") == "ExternalName":
        return str(spec.get("externalName", ""))
    if spec.get("type") == "LoadBalancer":
        return ",".join([*shared.ingress_points(obj), *outer]) or "<pending>"
    return ",".join(outer) or shared.NONE


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With the endpoints behind every port."""
    page, spec = describing.begin(obj), obj.get("spec") or {}
    page.field("Selector", describing.joined(spec.get("selector")))
    page.field("Type", spec.get("type", ""))
    if spec.get("ipFamilyPolicy"):
        page.field("IP Family Policy", spec["ipFamilyPolicy"])
    page.field("IP Families", ",".join(spec.get("ipFamilies") or ()) or describing.NONE)
    page.field("IP", spec.get("clusterIP", ""))
    page.field("IPs", ",".join(spec.get("clusterIPs") or ()) or describing.NONE)
    _describe_outside(page, obj, spec)
    slices = endpointslices.of_service(reader, meta.namespace(obj), meta.name(obj))
    for port in spec.get("ports") or ():
        name, protocol = port.get("name") or describing.UNSET, port.get("protocol", "")
        page.line("Port:", name, f"{port.get('port', 0)}/{protocol}")
        page.field("TargetPort", f"{port.get('targetPort', 0)}/{protocol}")
        if port.get("appProtocol") is not None:
            page.field("AppProtocol", port["appProtocol"])
        if port.get("nodePort"):
            page.line("NodePort:", name, f"{port['nodePort']}/{protocol}")
        page.field("Endpoints", endpointslices.reached(slices, port.get("name") or ""))
    page.field("Session Affinity", spec.get("sessionAffinity", ""))
    for label, value in (
        ("External Traffic Policy", spec.get("externalTrafficPolicy")),
        ("Internal Traffic Policy", spec.get("internalTrafficPolicy")),
        ("HealthCheck NodePort", spec.get("healthCheckNodePort")),
        ("LoadBalancer Source Ranges", ",".join(spec.get("loadBalancerSourceRanges") or ())),
        ("Traffic Distribution", spec.get("trafficDistribution")),
    ):
        if value:
            page.field(label, value)
    return describing.end(page, obj, reader)


def _describe_outside(page: describing.Page, obj: meta.Object, spec: dict[str, Any]) -> None:
    points = []
    for point in meta.at(obj, "status", "loadBalancer", "ingress", default=()):
        mode = f" ({point['ipMode']})" if point.get("ipMode") else ""
        points.append(f"{point['ip']}{mode}" if point.get("ip") else point.get("hostname", ""))
    for label, value in (
        ("External IPs", ",".join(spec.get("externalIPs") or ())),
        ("Desired LoadBalancer IP", spec.get("loadBalancerIP")),
        ("External Name", spec.get("externalName")),
        ("LoadBalancer Ingress", ", ".join(points)),
    ):
        if value:
            page.field(label, value)
