"""Where a pod is found and what it finds: its IP out of the node's pod CIDR, its /etc/hosts and /etc/resolv.conf.

Follows pkg/kubelet/network/dns and pkg/kubelet/kubelet_pods.go. Which address is whose is kept in the note `ips/NODE`, until the
runtime has let go of it.
"""

from __future__ import annotations

import ipaddress

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.controllers import plan
    from pkctl.controllers.kubelet import looks
    from pkctl.objects.meta import Object

RESERVED = 2
"""Addresses at the start of a node's CIDR that no pod gets: the network itself and the node's own end."""

MOST_SEARCHES, MOST_SERVERS = 32, 3


def node_ip(view: plan.View, name: str) -> str:
    """The node's InternalIP, or whatever address it has."""
    addresses = meta.at(view.get("nodes", "", name) or {}, "status", "addresses", default=[])
    by_type = {one["type"]: one["address"] for one in addresses}
    return str(by_type.get("InternalIP") or by_type.get("ExternalIP") or "")


def note(node: str) -> str:
    """The name of the note on who has which address."""
    return f"ips/{node}"


def lowest_free(cidr: str, taken: Iterable[str]) -> str | None:
    """The lowest address of `cidr` that nobody has."""
    network, used = ipaddress.ip_network(cidr), set(taken)
    for number in range(RESERVED, network.num_addresses - 1):
        address = str(network[number])
        if address not in used:
            return address
    return None


def hosts(look: looks.Look, ip: str) -> str | None:
    """The text of /etc/hosts; None for a pod that shares the node's."""
    if look.spec.get("hostNetwork"):
        return None
    lines = [
        "# Kubernetes-managed hosts file.",
        "127.0.0.1\tlocalhost",
        "::1\tlocalhost ip6-localhost ip6-loopback",
        "fe00::\tip6-localnet",
        "fe00::\tip6-mcastprefix",
        "fe00::1\tip6-allnodes",
        "fe00::2\tip6-allrouters",
    ]
    name, domain = hostname(look.pod), look.spec.get("subdomain")
    full = f"{name}.{domain}.{meta.namespace(look.pod)}.svc.{domain_of(look.view)}\t" if domain else ""
    lines.append(f"{ip}\t{full}{name}")
    if aliases := look.spec.get("hostAliases"):
        lines += ["", "# Entries added by HostAliases."]
        lines += ["\t".join((one["ip"], *(one.get("hostnames") or []))) for one in aliases]
    return "\n".join(lines) + "\n"


def hostname(pod: Object) -> str:
    """What the pod calls itself."""
    return str(meta.at(pod, "spec", "hostname") or meta.name(pod)[:63].rstrip("-."))


def domain_of(view: plan.View) -> str:
    """The cluster's DNS domain."""
    return str(view.notes("cluster").get("domain") or "cluster.local")


def resolv(look: looks.Look) -> str | None:
    """The text of /etc/resolv.conf; None for the node's own."""
    policy, server = look.spec.get("dnsPolicy") or "ClusterFirst", look.view.notes("cluster").get("dns")
    if look.spec.get("hostNetwork") and policy == "ClusterFirst":
        policy = "Default"
    servers: list[str] = []
    searches: list[str] = []
    options: dict[str, str | None] = {}
    if policy != "None":
        if policy == "Default" or not server:
            return None if not look.spec.get("dnsConfig") else _own(look, servers, searches, options)
        domain = domain_of(look.view)
        servers, options = [str(server)], {"ndots": "5"}
        searches = [f"{meta.namespace(look.pod)}.svc.{domain}", f"svc.{domain}", domain]
    return _own(look, servers, searches, options)


def _own(look: looks.Look, servers: list[str], searches: list[str], options: dict[str, str | None]) -> str:
    config = look.spec.get("dnsConfig") or {}
    servers = list(dict.fromkeys([*servers, *(config.get("nameservers") or [])]))[:MOST_SERVERS]
    searches = list(dict.fromkeys([*searches, *(config.get("searches") or [])]))[:MOST_SEARCHES]
    options = options | {one["name"]: one.get("value") for one in config.get("options") or []}
    lines = [f"search {' '.join(searches)}"] if searches else []
    lines += [f"nameserver {server}" for server in servers]
    if options:
        lines.append("options " + " ".join(name if value is None else f"{name}:{value}" for name, value in options.items()))
    return "\n".join(lines) + "\n"
