"""NetworkPolicy. Follows pkg/apis/networking/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

TYPES = ("Ingress", "Egress")
PROTOCOLS = ("TCP", "UDP", "SCTP")
PEERS = {"ingress": "from", "egress": "to"}
COLUMNS = (
    shared.NAME,
    columns.Column("Pod-Selector", description="podSelector selects the pods to which this NetworkPolicy object applies."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """TCP; the types that the rules speak of, ingress always."""
    spec = obj["spec"] = obj.get("spec") or {}
    spec.setdefault("podSelector", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for direction in PEERS:
        for rule in spec.get(direction) or ():
            for port in rule.get("ports") or ():
                port["protocol"] = port.get("protocol") or "TCP"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Selector, rules, types."""
    spec, known = new.get("spec") or {}, frozenset(cidr for _, cidr in _ranges(old)) if old else frozenset()
    found = checks.selector(spec.get("podSelector"), "spec.podSelector")
    for direction, peers in PEERS.items():
        for number, rule in enumerate(spec.get(direction) or ()):
            field = f"spec.{direction}[{number}]"
            for place, port in enumerate(rule.get("ports") or ()):
                found += _port(port, f"{field}.ports[{place}]")
            for place, peer in enumerate(rule.get(peers) or ()):
                found += _peer(peer, f"{field}.{peers}[{place}]", known)
    kinds = spec.get("policyTypes") or []
    if len(kinds) > len(TYPES):
        return [*found, fields.invalid("spec.policyTypes", kinds, "may not specify more than two policyTypes")]
    return found + [
        fields.unsupported(f"spec.policyTypes[{number}]", kind, TYPES) for number, kind in enumerate(kinds) if kind not in TYPES
    ]


def _port(port: dict[str, Any], field: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    protocol, number, last = port.get("protocol"), port.get("port"), port.get("endPort")
    if protocol is not None and protocol not in checks.PROTOCOLS:
        found.append(fields.unsupported(f"{field}.protocol", protocol, PROTOCOLS))
    if last is not None and not isinstance(number, int):
        told = "is not specified" if number is None else "is non-numeric"
        found.append(fields.invalid(f"{field}.endPort", last, f"may not be specified when `port` {told}"))
    found += checks.port_or_name(number, f"{field}.port") if number is not None else []
    if last is None or not isinstance(number, int):
        return found
    if last < number:
        found.append(fields.invalid(f"{field}.endPort", last, "must be greater than or equal to `port`"))
    return found + checks.port(last, f"{field}.endPort")


def _peer(peer: dict[str, Any], field: str, known: frozenset[str]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    chosen = checks.only(("podSelector", "namespaceSelector", "ipBlock"), peer)
    for name in ("podSelector", "namespaceSelector"):
        found += checks.selector(peer.get(name), f"{field}.{name}")
    if "ipBlock" in chosen:
        found += _block(peer["ipBlock"], f"{field}.ipBlock", known)
    if not chosen:
        found.append(fields.required(field, "must specify a peer"))
    elif "ipBlock" in chosen and len(chosen) > 1:
        found.append(fields.forbidden(field, "may not specify both ipBlock and another peer"))
    return found


def _block(block: dict[str, Any], field: str, known: frozenset[str]) -> list[fields.Problem]:
    from pkctl.objects import addresses

    whole = block.get("cidr") or ""
    if not whole:
        return [fields.required(f"{field}.cidr")]
    found = [] if whole in known else checks.worded(names.cidr, whole, f"{field}.cidr")
    if addresses.parse_range(whole) is None:
        return found
    for number, part in enumerate(block.get("except") or ()):
        at = f"{field}.except[{number}]"
        found += [] if part in known else checks.worded(names.cidr, part, at)
        if addresses.parse_range(part) is not None and not addresses.is_within(part, whole):
            found.append(fields.invalid(at, part, "must be a strict subset of `cidr`"))
    return found


def _ranges(obj: meta.Object) -> Iterator[tuple[str, str]]:
    """Every address range of a policy, and where it stands."""
    for direction, peers in PEERS.items():
        for number, rule in enumerate(meta.at(obj, "spec", direction, default=())):
            for place, peer in enumerate(rule.get(peers) or ()):
                at, block = f"spec.{direction}[{number}].{peers}[{place}].ipBlock", peer.get("ipBlock") or {}
                if block.get("cidr"):
                    yield f"{at}.cidr", block["cidr"]
                yield from ((f"{at}.except[{index}]", each) for index, each in enumerate(block.get("except") or ()))


def warn(new: meta.Object, old: meta.Object | None) -> list[str]:
    """Ranges that are not written as they should be."""
    from pkctl.objects import addresses

    return [text for at, cidr in _ranges(new) for text in addresses.cidr_forms(cidr, at)]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), selectors.show(meta.at(obj, "spec", "podSelector", default={})), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Every rule in words; kubectl shows no events here."""
    page, spec = describing.Page(), obj.get("spec") or {}
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("Created on", describing.go_time(meta.at(obj, "metadata", "creationTimestamp")))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    page.line("Spec:")
    chosen = spec.get("podSelector") or {}
    everything = "<none> (Allowing the specific traffic to all pods in this namespace)"
    page.put("PodSelector: ", 1)
    page.line(selectors.show(chosen) if chosen.get("matchLabels") or chosen.get("matchExpressions") else everything, level=2)
    for kind in TYPES:
        if kind in (spec.get("policyTypes") or ()):
            page.line(f"Allowing {kind.lower()} traffic:", level=1)
            _describe_rules(page, spec.get(kind.lower()) or [], kind.lower())
        else:
            page.line(f"Not affecting {kind.lower()} traffic", level=1)
    page.line(f"Policy Types: {', '.join(spec.get('policyTypes') or ()) or describing.NONE}", level=1)
    return page.text()


def _describe_rules(page: describing.Page, rules: list[dict[str, Any]], direction: str) -> None:
    peers, end = PEERS[direction], "source" if direction == "ingress" else "destination"
    if not rules:
        page.line(f"<none> (Selected pods are isolated for {direction} connectivity)", level=2)
    for number, rule in enumerate(rules):
        if number:
            page.line("-" * 10, level=2)
        for port in rule.get("ports") or ():
            page.line(_shown_port(port), level=2)
        if not rule.get("ports"):
            page.line("To Port: <any> (traffic allowed to all ports)", level=2)
        for peer in rule.get(peers) or ():
            page.line(f"{peers.capitalize()}:", level=2)
            _describe_peer(page, peer)
        if not rule.get(peers):
            page.line(f"{peers.capitalize()}: <any> (traffic not restricted by {end})", level=2)


def _shown_port(port: dict[str, Any]) -> str:
    number, protocol = describing.go(port.get("port")), port.get("protocol") or "TCP"
    return f"To Port Range: {number}-{port['endPort']}/{protocol}" if port.get("endPort") else f"To Port: {number}/{protocol}"


def _describe_peer(page: describing.Page, peer: dict[str, Any]) -> None:
    for label, name in (("NamespaceSelector", "namespaceSelector"), ("PodSelector", "podSelector")):
        if peer.get(name) is not None:
            page.line(f"{label}: {selectors.show(peer[name])}", level=3)
    block = peer.get("ipBlock")
    if block and peer.get("podSelector") is None and peer.get("namespaceSelector") is None:
        page.line("IPBlock:", level=3)
        page.line(f"CIDR: {block.get('cidr', '')}", level=4)
        page.line(f"Except: {', '.join(block.get('except') or ())}", level=4)
