"""Endpoints, deprecated in favour of EndpointSlice. Follows ValidateEndpoints in pkg/apis/core/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, table
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("Endpoints", description="The set of all endpoints is the union of all subsets."),
    shared.AGE,
)
PARTS = ("addresses", "notReadyAddresses")


def default(obj: meta.Object) -> None:
    """Ports speak TCP."""
    for subset in obj.get("subsets") or ():
        for port in subset.get("ports") or ():
            port["protocol"] = port.get("protocol") or "TCP"


def warn(new: meta.Object, old: meta.Object | None) -> list[str]:
    """That the kind is deprecated; and addresses that are not written as they should be."""
    from pkctl.objects import addresses

    places = [
        (address.get("ip", ""), f"subsets[{number}].{part}[{place}].ip")
        for number, subset in enumerate(new.get("subsets") or ())
        for part in PARTS
        for place, address in enumerate(subset.get(part) or ())
    ]
    return [table.DEPRECATED["endpoints"], *(text for ip, at in places for text in addresses.ip_forms(ip, at))]


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Addresses and ports of every subset, unless an update leaves them all as they are."""
    found: list[fields.Problem] = []
    if old is not None and (new.get("subsets") or []) == (old.get("subsets") or []):
        return found
    for number, subset in enumerate(new.get("subsets") or ()):
        field = f"subsets[{number}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            found.append(fields.required(field, "must specify `addresses` or `notReadyAddresses`"))
        for part in PARTS:
            for place, address in enumerate(subset.get(part) or ()):
                found += _address(address, f"{field}.{part}[{place}]")
        ports = subset.get("ports") or ()
        for place, port in enumerate(ports):
            found += _port(port, f"{field}.ports[{place}]", len(ports) > 1)
    return found


def _address(address: dict[str, Any], field: str) -> list[fields.Problem]:
    found = checks.worded(names.ip, address.get("ip", ""), f"{field}.ip")
    if address.get("hostname"):
        found += checks.worded(names.dns_label, address["hostname"], f"{field}.hostname")
    if address.get("nodeName"):
        found += checks.worded(names.dns_subdomain, address["nodeName"], f"{field}.nodeName")
    return found + special(address.get("ip", ""), f"{field}.ip")


def special(address: str, field: str) -> list[fields.Problem]:
    """Addresses that never are an endpoint: unspecified, loopback, link-local."""
    from pkctl.objects import addresses

    value = addresses.parse(address)
    if value is None:
        return [fields.invalid(field, address, "must be a valid IP address")]
    found = [
        fields.invalid(field, address, text)
        for bad, text in (
            (value.is_unspecified, f"may not be unspecified ({address})"),
            (value.is_loopback, "may not be in the loopback range (127.0.0.0/8, ::1/128)"),
            (value.is_link_local, "may not be in the link-local range (169.254.0.0/16, fe80::/10)"),
        )
        if bad
    ]
    if value.is_multicast and str(value).startswith(("224.0.0.", "ff02:")):
        found.append(fields.invalid(field, address, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"))
    return found


def _port(port: dict[str, Any], field: str, needs_name: bool) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    if port.get("name"):
        found += checks.worded(names.dns_label, port["name"], f"{field}.name")
    elif needs_name:
        found.append(fields.required(f"{field}.name"))
    found += checks.port(port.get("port"), f"{field}.port")
    found += checks.chosen(port.get("protocol"), checks.PROTOCOLS, f"{field}.protocol")
    if port.get("appProtocol") is not None:
        found += checks.worded(names.qualified_name, port["appProtocol"], f"{field}.appProtocol")
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), _listed(obj), shared.age(obj, now)]


def _listed(obj: meta.Object) -> str:
    subsets = obj.get("subsets") or ()
    if not subsets:
        return shared.NONE
    found: list[str] = []
    for subset in subsets:
        addresses = [address["ip"] for address in subset.get("addresses") or ()]
        ports = subset.get("ports") or ()
        # A headless service may have endpoints without ports.
        found += [shared.host_port(address, port["port"]) for port in ports for address in addresses] if ports else addresses
    return shared.some(found, empty="")


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Every subset in full."""
    page = describing.begin(obj)
    page.line("Subsets:")
    for subset in obj.get("subsets") or ():
        for title, part in (("Addresses", "addresses"), ("NotReadyAddresses", "notReadyAddresses")):
            page.field(title, ",".join(address["ip"] for address in subset.get(part) or ()) or describing.NONE, 1)
        ports = subset.get("ports") or ()
        if ports:
            page.line("Ports:", level=1)
            rows = [(port.get("name") or describing.UNSET, port.get("port", 0), port.get("protocol", "")) for port in ports]
            page.rows(("Name", "Port", "Protocol"), rows, 2)
        page.line("")
    return describing.end(page, obj, reader)
