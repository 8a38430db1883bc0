"""EndpointSlice. Follows pkg/apis/discovery/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, endpoints
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

SERVICE_LABEL = "kubernetes.io/service-name"
ADDRESS_TYPES = ("FQDN", "IPv4", "IPv6")
MOST_ENDPOINTS, MOST_PORTS, MOST_ADDRESSES, MOST_HINTS, MOST_TOPOLOGY = 1000, 20000, 100, 8, 16
COLUMNS = (
    shared.NAME,
    columns.Column("AddressType", description="addressType specifies the type of address carried by this EndpointSlice."),
    columns.Column("Ports", description="ports specifies the list of network ports exposed by each endpoint in this slice."),
    columns.Column("Endpoints", description="endpoints is a list of unique endpoints in this slice."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """Ports have a name, empty if must be, and speak TCP."""
    for port in obj.get("ports") or ():
        port["name"] = port.get("name") or ""
        port["protocol"] = port.get("protocol") or "TCP"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Address type (for ever the same), endpoints and ports."""
    kind = new.get("addressType")
    found = checks.chosen(kind, ADDRESS_TYPES, "addressType")
    members, ports = new.get("endpoints") or [], new.get("ports") or []
    if len(members) > MOST_ENDPOINTS:
        found.append(fields.too_many("endpoints", len(members), MOST_ENDPOINTS))
    for number, endpoint in enumerate(members if len(members) <= MOST_ENDPOINTS else ()):
        found += _endpoint(endpoint, str(kind), f"endpoints[{number}]")
    if len(ports) > MOST_PORTS:
        found.append(fields.too_many("ports", len(ports), MOST_PORTS))
    found += _ports(ports)
    if old:
        found += checks.unchanged(kind or "", old.get("addressType"), "addressType")
    return found


def _endpoint(endpoint: dict[str, Any], kind: str, field: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    addresses = endpoint.get("addresses") or []
    if not addresses:
        found.append(fields.required(f"{field}.addresses", "must contain at least 1 address"))
    elif len(addresses) > MOST_ADDRESSES:
        found.append(fields.too_many(f"{field}.addresses", len(addresses), MOST_ADDRESSES))
    for number, address in enumerate(addresses):
        found += _address(address, kind, f"{field}.addresses[{number}]")
    if endpoint.get("nodeName"):
        found += checks.worded(names.dns_subdomain, endpoint["nodeName"], f"{field}.nodeName")
    topology = endpoint.get("deprecatedTopology") or {}
    if len(topology) > MOST_TOPOLOGY:
        found.append(fields.too_many(f"{field}.deprecatedTopology", len(topology), MOST_TOPOLOGY))
    found += checks.labels(topology, f"{field}.deprecatedTopology")
    if endpoint.get("hostname") is not None:
        found += checks.worded(names.dns_label, endpoint["hostname"], f"{field}.hostname")
    hints = endpoint.get("hints") or {}
    found += _hints(hints.get("forZones") or [], f"{field}.hints.forZones", names.label_value)
    return found + _hints(hints.get("forNodes") or [], f"{field}.hints.forNodes", names.dns_subdomain)


def _hints(hints: list[dict[str, Any]], field: str, rule: Callable[[str], list[str]]) -> list[fields.Problem]:
    if len(hints) > MOST_HINTS:
        return [fields.too_many(field, len(hints), MOST_HINTS)]
    found: list[fields.Problem] = []
    chosen = [each.get("name") or "" for each in hints]
    for number, name in enumerate(chosen):
        at = f"{field}[{number}].name"
        found += [fields.duplicate(at, name)] if name in chosen[:number] else []
        found += checks.worded(rule, name, at)
    return found


def _address(address: str, kind: str, field: str) -> list[fields.Problem]:
    if kind == "FQDN":
        return _domain(address, field)
    if kind not in ADDRESS_TYPES:
        return []
    wrong = checks.worded(names.ip, address, field)
    if not wrong and f"IPv{names.ip_family(address)}" != kind:
        wrong = [fields.invalid(field, address, f"must be an {kind} address")]
    return wrong or endpoints.special(address, field)


def _domain(name: str, field: str) -> list[fields.Problem]:
    """IsFullyQualifiedDomainName."""
    if not name:
        return [fields.required(field)]
    name = name.removesuffix(".")
    if wrong := names.dns_subdomain(name):
        return [fields.invalid(field, name, ",".join(wrong))]
    if "." not in name:
        return [fields.invalid(field, name, "should be a domain with at least two segments separated by dots")]
    labels = [(label, names.dns_label(label)) for label in name.split(".")]
    return [fields.invalid(field, label, ",".join(wrong)) for label, wrong in labels if wrong]


def warn(new: meta.Object, old: meta.Object | None) -> list[str]:
    """That domain names are deprecated; addresses that are not written as they should be."""
    from pkctl.objects import addresses

    if new.get("addressType") == "FQDN":
        return ["addressType: FQDN endpoints are deprecated"]
    return [
        text
        for number, endpoint in enumerate(new.get("endpoints") or ())
        for place, address in enumerate(endpoint.get("addresses") or ())
        for text in addresses.ip_forms(address, f"endpoints[{number}].addresses[{place}]")
    ]


def _ports(ports: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    seen: set[str] = set()
    for number, port in enumerate(ports):
        field, name = f"ports[{number}]", port.get("name") or ""
        if name:
            found += checks.worded(names.dns_label, name, f"{field}.name")
        if name in seen:
            found.append(fields.duplicate(f"{field}.name", name))
        seen.add(name)
        found += checks.chosen(port.get("protocol"), checks.PROTOCOLS, f"{field}.protocol")
        if port.get("port") is not None:
            found += checks.port(port["port"], f"{field}.port")
        if port.get("appProtocol") is not None:
            found += checks.worded(names.qualified_name, port["appProtocol"], f"{field}.appProtocol")
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    ports = [_port(port) for port in obj.get("ports") or ()]
    addresses = [address for endpoint in obj.get("endpoints") or () for address in endpoint.get("addresses") or ()]
    return [
        meta.name(obj),
        obj.get("addressType", ""),
        shared.some(ports, empty=shared.UNSET),
        shared.some(addresses, empty=shared.UNSET),
        shared.age(obj, now),
    ]


def _port(port: dict[str, Any]) -> str:
    if port.get("port") is not None:
        return str(port["port"])
    name = port.get("name")
    return "*" if name is None else str(name)


def reached(slices: Iterable[meta.Object], port_name: str) -> str:
    """The ready addresses of slices with the port of a name, the first three and how many more."""
    every = list(slices)
    found: list[str] = []
    for each in every:
        ready = [
            endpoint["addresses"][0]
            for endpoint in each.get("endpoints") or ()
            if meta.at(endpoint, "conditions", "ready", default=True) is not False
        ]
        ports = each.get("ports") or ()
        if not ports:
            found += ready
        for port in ports:
            if (port.get("name") or "") == port_name:
                found += [shared.host_port(address, port.get("port")) for address in ready]
    return shared.some(found, empty="" if every else shared.NONE)


def of_service(reader: describing.Reader, namespace: str, name: str) -> list[meta.Object]:
    """The slices labelled with a service's name."""
    return [each for each in reader.list("endpointslices.discovery.k8s.io", namespace) if meta.labels(each).get(SERVICE_LABEL) == name]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Every port and endpoint."""
    page = describing.begin(obj)
    page.field("AddressType", obj.get("addressType", ""))
    ports = obj.get("ports") or ()
    if ports:
        page.line("Ports:")
        rows = [(port.get("name") or describing.UNSET, port.get("port", describing.UNSET), port.get("protocol", "")) for port in ports]
        page.rows(("Name", "Port", "Protocol"), rows)
    else:
        page.line("Ports: <unset>")
    members = obj.get("endpoints") or ()
    page.line("Endpoints:" if members else "Endpoints: <none>")
    for endpoint in members:
        _describe_endpoint(page, endpoint)
    return describing.end(page, obj, reader)


def _describe_endpoint(page: describing.Page, endpoint: dict[str, Any]) -> None:
    page.field("- Addresses", ", ".join(endpoint.get("addresses") or ()) or describing.NONE, 1)
    page.line("Conditions:", level=2)
    ready = meta.at(endpoint, "conditions", "ready")
    page.field("Ready", describing.UNSET if ready is None else shared.bool_word(ready), 3)
    page.field("Hostname", endpoint.get("hostname", describing.UNSET), 2)
    target = endpoint.get("targetRef")
    if target:
        page.field("TargetRef", f"{target.get('kind', '')}/{target.get('name', '')}", 2)
    page.field("NodeName", endpoint.get("nodeName", describing.UNSET), 2)
    page.field("Zone", endpoint.get("zone", describing.UNSET), 2)
