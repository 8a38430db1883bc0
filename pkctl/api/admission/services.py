"""Addresses and node ports of Services: those asked for are checked, the others chosen.

Follows pkg/registry/core/service/{storage/alloc.go,ipallocator,portallocator}. What is taken is read from the Services themselves
within the transaction, so there is no second book to keep; an IPAddress that somebody else made counts as well.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import refusals
from pkctl.kinds import servicechecks
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.api.session import Session

    Spec = dict[str, Any]

FIRST, LAST = (10 << 24) + (96 << 16), (10 << 24) + (111 << 16) + 0xFFFF
"""10.96.0.0/12, network and broadcast address included."""

STATIC = 256
"""Addresses at the start that are only given when asked for, kube-dns' 10.96.0.10 among them."""

TAKEN = "service-addresses"
ADDRESSES = "ipaddresses.networking.k8s.io"
MANAGED, ALLOCATOR = "ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io"


def allocate(request: Request) -> None:
    """Fill in what the type needs; Invalid when an address or port is taken."""
    spec, old = request.new["spec"], (request.old or {}).get("spec") or {}
    _families(spec)
    problems: list[fields.Problem] = []
    if servicechecks.needs_cluster_ip(spec):
        problems += _address(request, spec, old)
    if servicechecks.needs_node_port(spec):
        problems += _ports(request, spec, old)
    if problems:
        raise refusals.invalid(request.row, request.name, problems)
    if servicechecks.is_checked(spec):
        _health_port(request, spec, old)


def _families(spec: Spec) -> None:
    """A single-stack cluster; only headless Services without a selector claim both families."""
    if not servicechecks.needs_cluster_ip(spec):
        return
    both = servicechecks.is_headless(spec) and not spec.get("selector")
    if not spec.get("ipFamilyPolicy"):
        spec["ipFamilyPolicy"] = "RequireDualStack" if both else "SingleStack"
    if not spec.get("ipFamilies"):
        spec["ipFamilies"] = ["IPv4", "IPv6"] if both else ["IPv4"]


def _address(request: Request, spec: Spec, old: Spec) -> list[fields.Problem]:
    address = spec.get("clusterIP") or ""
    if address and address in (old.get("clusterIP"), "None"):
        spec.setdefault("clusterIPs", [address])
        return []
    taken = _taken(request.session)[0]
    if address in taken or _is_reserved(request.session, address):
        text = f"failed to allocate IP {address}: provided IP is already allocated"
        return [fields.invalid("spec.clusterIPs", list(spec.get("clusterIPs") or [address]), text)]
    spec["clusterIP"] = address or _free_address(request, taken)
    spec["clusterIPs"] = [spec["clusterIP"]]
    taken.add(spec["clusterIP"])
    return []


def _is_reserved(session: Session, address: str) -> bool:
    """Whether somebody made an IPAddress of it; those that tell of Services may be older than what the Services say."""
    found = session.read(ADDRESSES, "", address) if address else None
    return found is not None and meta.labels(found).get(MANAGED) != ALLOCATOR


def _ports(request: Request, spec: Spec, old: Spec) -> list[fields.Problem]:
    taken = _taken(request.session)[1]
    own = {port.get("nodePort") for port in old.get("ports") or ()}
    problems: list[fields.Problem] = []
    given: dict[int, set[str]] = {}
    for number, port in enumerate(spec.get("ports") or ()):
        wanted = port.get("nodePort")
        if wanted and wanted in taken and wanted not in own and port["protocol"] in given.get(wanted, port["protocol"]):
            problems.append(fields.invalid(f"spec.ports[{number}].nodePort", wanted, "provided port is already allocated"))
        if wanted:
            given.setdefault(wanted, set()).add(port["protocol"])
    taken |= given.keys()
    for port in () if problems else spec.get("ports") or ():
        if not port.get("nodePort"):
            port["nodePort"] = _shared(spec, port) or _free_port(request, taken)
    return problems


def _health_port(request: Request, spec: Spec, old: Spec) -> None:
    """The port of a load balancer's checks; InternalError, as upstream, for one that can't be had."""
    taken, wanted = _taken(request.session)[1], spec.get("healthCheckNodePort")
    if not wanted:
        spec["healthCheckNodePort"] = _free_port(request, taken)
    elif wanted != old.get("healthCheckNodePort"):
        low, high = servicechecks.NODE_PORTS
        why = "provided port is already allocated" if wanted in taken else ""
        if not low <= wanted <= high:
            why = f"provided port is not in the valid range. The range of valid ports is {low}-{high}"
        if why:
            raise errors.InternalError(f"Internal error occurred: failed to allocate requested HealthCheck NodePort {wanted}: {why}")
        taken.add(wanted)


def _shared(spec: Spec, port: Spec) -> int:
    """One port number served over two protocols has one node port."""
    for other in spec["ports"]:
        if other is not port and other.get("port") == port.get("port") and other.get("nodePort"):
            return int(other["nodePort"])
    return 0


def _taken(session: Session) -> tuple[set[str], set[int]]:
    """Every address and node port in use; read once in a transaction, in which nobody else writes."""
    if TAKEN not in session.notes:
        addresses: set[str] = set()
        ports: set[int] = set()
        for service in session.read_all("services"):
            spec = service.get("spec") or {}
            addresses |= set(spec.get("clusterIPs") or ())
            ports |= {port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")}
            ports |= {spec["healthCheckNodePort"]} if spec.get("healthCheckNodePort") else set()
        session.notes[TAKEN] = (addresses - {"None"}, ports)
    found: tuple[set[str], set[int]] = session.notes[TAKEN]
    return found


def _free_address(request: Request, taken: set[str]) -> str:
    start = int.from_bytes(request.session.api.sources.random(4))
    size = LAST - FIRST - STATIC - 1
    for step in range(size):
        number = FIRST + STATIC + 1 + (start + step) % size
        address = f"{number >> 24}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        if address not in taken and not _is_reserved(request.session, address):
            return address
    raise refusals.forbidden(request.row, request.name, "failed to allocate a serviceIP: range is full")


def _free_port(request: Request, taken: set[int]) -> int:
    low, high = servicechecks.NODE_PORTS
    size = high - low + 1
    start = int.from_bytes(request.session.api.sources.random(4))
    for step in range(size):
        port = low + (start + step) % size
        if port not in taken:
            taken.add(port)
            return port
    raise refusals.forbidden(request.row, request.name, "failed to allocate a nodePort: range is full")
