"""What makes a Service valid: ValidateService, ValidateServiceUpdate and the allocators' own refusals.

Not here: choosing an address or a port that was not asked for.
"""

from __future__ import annotations

from pkctl.kinds import checks, endpoints
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Spec = dict[str, Any]

TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
ADDRESSED = ("ClusterIP", "NodePort", "LoadBalancer")
AFFINITIES = ("ClientIP", "None")
FAMILIES = ("IPv4", "IPv6")
FAMILY_POLICIES = ("SingleStack", "PreferDualStack", "RequireDualStack")
TRAFFIC_POLICIES = ("Cluster", "Local")
DISTRIBUTIONS = ("PreferClose", "PreferSameNode", "PreferSameZone")
LONGEST_AFFINITY = 86400
HINTS, MODE = "service.kubernetes.io/topology-aware-hints", "service.kubernetes.io/topology-mode"
SOURCE_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
KUBELET_PORT = 10250
SERVICE_RANGE = "10.96.0.0/12"
NODE_PORTS = (30000, 32767)


def needs_cluster_ip(spec: Spec) -> bool:
    """Whether this type has an address of its own (a headless one has `None`)."""
    return spec.get("type") in ADDRESSED


def needs_node_port(spec: Spec) -> bool:
    """Whether every port gets a node port."""
    kind = spec.get("type")
    return kind == "NodePort" or (kind == "LoadBalancer" and spec.get("allocateLoadBalancerNodePorts") is not False)


def is_headless(spec: Spec) -> bool:
    """Whether it is a name without an address."""
    return spec.get("clusterIP") == "None" or list(spec.get("clusterIPs") or ()) == ["None"]


def is_checked(spec: Spec) -> bool:
    """Whether a load balancer asks each node if it has pods of the Service."""
    return spec.get("type") == "LoadBalancer" and spec.get("externalTrafficPolicy") == "Local"


def changed(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """What an update may not touch: the primary address and family, the load balancer's class, a qualified name, and its checks' port."""
    spec, before = new["spec"], (old or {}).get("spec") or {}
    found: list[fields.Problem] = []
    if needs_cluster_ip(spec) and needs_cluster_ip(before):
        found += _primary(spec, before, "clusterIPs", "primary clusterIP can not be unset")
        found += _primary(spec, before, "ipFamilies", "")
    if spec.get("type") == before.get("type") == "LoadBalancer" and spec.get("loadBalancerClass") != before.get("loadBalancerClass"):
        found.append(fields.invalid("spec.loadBalancerClass", spec.get("loadBalancerClass"), "may not change once set"))
    elif spec.get("type") == "LoadBalancer" and spec.get("loadBalancerClass") is not None:
        found += checks.worded(names.qualified_name, spec["loadBalancerClass"], "spec.loadBalancerClass")
    if is_checked(spec) and is_checked(before) and (spec.get("healthCheckNodePort") or 0) != (before.get("healthCheckNodePort") or 0):
        found.append(fields.forbidden("spec.healthCheckNodePort", checks.IMMUTABLE))
    return found


def _primary(spec: Spec, before: Spec, field: str, unset_text: str) -> list[fields.Problem]:
    ours, theirs = list(spec.get(field) or ()), list(before.get(field) or ())
    if not theirs or ours[:1] == theirs[:1]:
        return []
    if not ours:
        return [fields.invalid(f"spec.{field}[0]", ours, unset_text)] if unset_text else []
    return [fields.invalid(f"spec.{field}[0]", ours, "may not change once set")]


def shaped(obj: meta.Object, old: meta.Object | None = None) -> list[fields.Problem]:
    """ValidateService; addresses and ranges that `old` has already are not judged again."""
    spec, before = obj["spec"], (old or {}).get("spec") or {}
    ports = spec.get("ports") or []
    found = _hinted(meta.annotations(obj))
    if not ports and not is_headless(spec) and spec.get("type") != "ExternalName":
        found.append(fields.required("spec.ports"))
    found += _by_type(spec)
    seen: set[str] = set()
    for number, port in enumerate(ports):
        found += _port(port, f"spec.ports[{number}]", len(ports) > 1, seen)
    found += checks.labels(spec.get("selector"), "spec.selector")
    found += _affinity(spec)
    found += _addresses(spec, before.get("clusterIPs") or ())
    for number, address in enumerate(spec.get("externalIPs") or ()):
        field, is_known = f"spec.externalIPs[{number}]", address in (before.get("externalIPs") or ())
        found += ([] if is_known else checks.worded(names.ip, address, field)) or endpoints.special(address, field)
    found += checks.chosen(spec.get("type"), TYPES, "spec.type")
    found += _repeated(spec, ports)
    found += _ranges(obj, before.get("loadBalancerSourceRanges") or ())
    found += _traffic(spec)
    return found


def _hinted(notes: dict[str, str]) -> list[fields.Problem]:
    hints, mode = notes.get(HINTS), notes.get(MODE)
    if hints is None or mode is None or hints == mode:
        return []
    return [fields.invalid(f"metadata.annotations[{MODE}]", mode, f"must match annotations[{HINTS}] when both are specified")]


def _ranges(obj: meta.Object, known: Sequence[str]) -> list[fields.Problem]:
    """Whom a load balancer lets in, in the field (which upstream writes with a capital) or the annotation it grew out of."""
    spec, field = obj["spec"], "spec.LoadBalancerSourceRanges"
    is_balancer, noted = spec.get("type") == "LoadBalancer", meta.annotations(obj).get(SOURCE_RANGES)
    ranges = spec.get("loadBalancerSourceRanges") or []
    if not ranges and noted is None:
        return []
    if not ranges:
        field = f"metadata.annotations[{SOURCE_RANGES}]"
    found = [] if is_balancer else [fields.forbidden(field, "may only be used when `type` is 'LoadBalancer'")]
    if ranges:
        judged = [(each.strip(), f"{field}[{number}]") for number, each in enumerate(ranges) if each not in known]
    else:
        judged = [(each.strip(), field) for each in (noted or "").split(",") if is_balancer and (noted or "").strip()]
    return found + [problem for text, at in judged for problem in checks.worded(names.cidr, text, at)]


def _by_type(spec: Spec) -> list[fields.Problem]:
    kind = spec.get("type")
    found: list[fields.Problem] = []
    if kind == "LoadBalancer":
        text = f"may not expose port {KUBELET_PORT} externally since it is used by kubelet"
        for number, port in enumerate(spec.get("ports") or ()):
            if port.get("port") == KUBELET_PORT:
                found.append(fields.invalid(f"spec.ports[{number}]", KUBELET_PORT, text))
    if kind in ("LoadBalancer", "NodePort") and is_headless(spec):
        found.append(fields.invalid("spec.clusterIPs[0]", "None", f"may not be set to 'None' for {kind} services"))
    if kind == "ExternalName":
        text = "may not be set for ExternalName services"
        found += [fields.forbidden(f"spec.{field}", text) for field in ("clusterIPs", "ipFamilies", "ipFamilyPolicy") if spec.get(field)]
        found += checks.named(names.dns_subdomain, spec.get("externalName", "").removesuffix("."), "spec.externalName")
    return found


def _port(port: dict[str, Any], field: str, needs_name: bool, seen: set[str]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    name = port.get("name") or ""
    if name:
        found += checks.worded(names.dns_label, name, f"{field}.name")
        if name in seen:
            found.append(fields.duplicate(f"{field}.name", name))
        seen.add(name)
    elif needs_name:
        found.append(fields.required(f"{field}.name"))
    found += checks.port(port.get("port"), f"{field}.port")
    found += checks.chosen(port.get("protocol"), checks.PROTOCOLS, f"{field}.protocol")
    found += checks.port_or_name(port.get("targetPort"), f"{field}.targetPort")
    if port.get("appProtocol") is not None:
        found += checks.worded(names.qualified_name, port["appProtocol"], f"{field}.appProtocol")
    return found


def _affinity(spec: Spec) -> list[fields.Problem]:
    kind, config = spec.get("sessionAffinity"), spec.get("sessionAffinityConfig")
    found = checks.chosen(kind, AFFINITIES, "spec.sessionAffinity")
    field = "spec.sessionAffinityConfig"
    if kind == "None" and config is not None:
        found.append(fields.forbidden(field, "must not be set when session affinity is None"))
    if kind != "ClientIP":
        return found
    if not config:
        return [*found, fields.required(field, "when session affinity type is ClientIP")]
    seconds = (config.get("clientIP") or {}).get("timeoutSeconds")
    if seconds is None:
        found.append(fields.required(f"{field}.clientIP", "when session affinity type is ClientIP"))
    elif not 0 < seconds <= LONGEST_AFFINITY:
        text = f"must be greater than 0 and less than {LONGEST_AFFINITY}"
        found.append(fields.invalid(f"{field}.clientIP.timeoutSeconds", seconds, text))
    return found


def _addresses(spec: Spec, known: Sequence[str] = ()) -> list[fields.Problem]:
    if spec.get("type") == "ExternalName":
        return []
    found: list[fields.Problem] = []
    for number, family in enumerate(spec.get("ipFamilies") or ()):
        if family not in FAMILIES:
            found.append(fields.unsupported(f"spec.ipFamilies[{number}]", family, FAMILIES))
    policy, addresses = spec.get("ipFamilyPolicy"), list(spec.get("clusterIPs") or ())
    if policy is not None and policy not in FAMILY_POLICIES:
        found.append(fields.invalid("spec.ipFamilyPolicy", policy, "must be one of: " + ", ".join(FAMILY_POLICIES)))
    if addresses and spec.get("clusterIP") != addresses[0]:
        found.append(fields.invalid("spec.clusterIPs", addresses, "element [0] must match clusterIP"))
    if "None" in addresses and len(addresses) > 1:
        found.append(fields.invalid("spec.clusterIPs[0]", "None", "should be ['None'] if headless"))
    for number, address in enumerate(addresses):
        if address not in ("", "None", *known):
            found += checks.worded(names.ip, address, f"spec.clusterIPs[{number}]")
    if len(addresses) > 2:
        found.append(fields.invalid("spec.clusterIPs", addresses, "may only hold up to 2 values"))
    return found


def _repeated(spec: Spec, ports: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    if spec.get("type") == "ClusterIP":
        text = "may not be used when `type` is 'ClusterIP'"
        found += [fields.forbidden(f"spec.ports[{n}].nodePort", text) for n, port in enumerate(ports) if port.get("nodePort")]
    node_ports: set[tuple[str, int]] = set()
    plain: set[tuple[str, int]] = set()
    for number, port in enumerate(ports):
        pair = (port.get("protocol", ""), port.get("nodePort") or 0)
        if pair[1] and pair in node_ports:
            found.append(fields.duplicate(f"spec.ports[{number}].nodePort", pair[1]))
        node_ports.add(pair)
    for number, port in enumerate(ports):
        pair = (port.get("protocol", ""), port.get("port") or 0)
        if pair in plain:
            value = {"Name": "", "Protocol": pair[0], "AppProtocol": None, "Port": pair[1], "TargetPort": 0, "NodePort": 0}
            found.append(checks.twice(f"spec.ports[{number}]", value))
        plain.add(pair)
    return found


def _traffic(spec: Spec) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    outer, inner, health = spec.get("externalTrafficPolicy"), spec.get("internalTrafficPolicy"), spec.get("healthCheckNodePort")
    outside = spec.get("type") in ("NodePort", "LoadBalancer") or bool(spec.get("externalIPs"))
    if outer and not outside:
        found.append(fields.invalid("spec.externalTrafficPolicy", outer, "may only be set for externally-accessible services"))
    elif outer and outer not in TRAFFIC_POLICIES:
        found.append(fields.unsupported("spec.externalTrafficPolicy", outer, TRAFFIC_POLICIES))
    if health and not is_checked(spec):
        text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        found.append(fields.invalid("spec.healthCheckNodePort", health, text))
    if inner and inner not in TRAFFIC_POLICIES:
        found.append(fields.unsupported("spec.internalTrafficPolicy", inner, TRAFFIC_POLICIES))
    if spec.get("type") != "LoadBalancer":
        text = "may only be used when `type` is 'LoadBalancer'"
        balancing = checks.only(("allocateLoadBalancerNodePorts", "loadBalancerClass"), spec)
        found += [fields.forbidden(f"spec.{field}", text) for field in balancing]
    if spec.get("trafficDistribution") and spec["trafficDistribution"] not in DISTRIBUTIONS:
        found.append(fields.unsupported("spec.trafficDistribution", spec["trafficDistribution"], DISTRIBUTIONS))
    return found


def allocatable(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Whether the addresses and node ports asked for by number lie in the cluster's ranges; those kept from `old` are not asked."""
    spec, before = new["spec"], (old or {}).get("spec") or {}
    found = _families(spec)
    if found:
        return found
    addresses = [each for each in spec.get("clusterIPs") or () if each != "None"]
    if needs_cluster_ip(spec) and addresses != list(before.get("clusterIPs") or ()):
        for address in addresses:
            if not in_service_range(address):
                text = f"failed to allocate IP {address}: the provided network does not match the current range"
                found.append(fields.invalid("spec.clusterIPs", list(spec["clusterIPs"]), text))
    known = {port.get("nodePort") for port in before.get("ports") or ()}
    text = f"provided port is not in the valid range. The range of valid ports is {NODE_PORTS[0]}-{NODE_PORTS[1]}"
    for number, port in enumerate(spec.get("ports") or ()):
        value = port.get("nodePort")
        if value and value not in known and not NODE_PORTS[0] <= value <= NODE_PORTS[1]:
            found.append(fields.invalid(f"spec.ports[{number}].nodePort", value, text))
    return found


def _families(spec: Spec) -> list[fields.Problem]:
    """A cluster of one family; a headless Service without a selector is anybody's own."""
    if not needs_cluster_ip(spec) or (is_headless(spec) and not spec.get("selector")):
        return []
    given, addresses = list(spec.get("ipFamilies") or ()), list(spec.get("clusterIPs") or ())
    found = [
        fields.invalid(f"spec.clusterIPs[{number}]", addresses, "IPv6 is not configured on this cluster")
        for number, each in enumerate(addresses)
        if number >= len(given) and ":" in each
    ]
    if found:
        return found
    text = "not configured on this cluster"
    found = [fields.invalid(f"spec.ipFamilies[{number}]", each, text) for number, each in enumerate(given) if each != "IPv4"]
    if not found and spec.get("ipFamilyPolicy") == "RequireDualStack":
        return [fields.invalid("spec.ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services")]
    return found


def in_service_range(address: str) -> bool:
    """Whether a valid address is one of the cluster's service addresses."""
    import ipaddress

    value = ipaddress.ip_address(address)
    return value.version == 4 and value in ipaddress.ip_network(SERVICE_RANGE)
