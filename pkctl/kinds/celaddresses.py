"""CEL's IP addresses and networks. Follows apiserver/pkg/cel/library/{ip,cidr}.go."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ADDRESS, NETWORK = "net.IP", "net.CIDR"
BROADCAST = "255.255.255.255"


def _parsed(text: str) -> Any:
    """An address; ValueError with the API server's text for a wrong one, one with a zone, and IPv4 in the clothes of IPv6."""
    from ipaddress import ip_address

    try:
        found: Any = ip_address(text)
    except ValueError:
        raise ValueError(f'IP Address "{text}" parse error during conversion from string: ParseAddr("{text}"): {_trouble(text)}') from None
    if "%" in text:
        raise ValueError(f'IP address "{text}" with zone value is not allowed')
    if found.version == 6 and found.ipv4_mapped is not None:
        raise ValueError(f'IPv4-mapped IPv6 address "{text}" is not allowed')
    return found


def _trouble(text: str) -> str:
    return "unable to parse IP" if "." not in text and ":" not in text else "unexpected character"


def _network(value: Any) -> Any:
    from ipaddress import ip_interface

    text = value[NETWORK] if isinstance(value, dict) else value
    start = "network address parse error during conversion from string: "
    _, slash, bits = text.partition("/")
    if not slash:
        raise ValueError(f"{start}netip.ParsePrefix(\"{text}\"): no '/'")
    try:
        if not bits.isdecimal() or (len(bits) > 1 and bits.startswith("0")):
            raise ValueError(bits)
        found: Any = ip_interface(text)
    except ValueError:
        raise ValueError(f'{start}netip.ParsePrefix("{text}"): bad bits after slash: "{bits}"') from None
    if found.version == 6 and found.ip.ipv4_mapped is not None:
        raise ValueError(f'{start}IPv4-mapped IPv6 address "{text}" is not allowed')
    return found


def _does(parse: Any, text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _ask(name: str) -> Any:
    def ask(address: Any) -> Any:
        found = _parsed(address[ADDRESS])
        if name == "is_link_local_multicast":
            return found.is_multicast and (str(found).startswith("224.0.0.") if found.version == 4 else str(found).startswith("ff02"))
        if name == "is_global":
            is_special = found.is_unspecified or found.is_loopback or found.is_multicast or found.is_link_local
            return not is_special and str(found) != BROADCAST
        return getattr(found, name)

    return ask


def _contains_ip(network: Any, address: Any) -> bool:
    return _parsed(address[ADDRESS] if isinstance(address, dict) else address) in _network(network).network


def _contains_cidr(network: Any, other: Any) -> bool:
    mine, theirs = _network(network).network, _network(other).network
    return bool(mine.version == theirs.version and theirs.subnet_of(mine))


def _string(value: Any) -> str:
    return str(value.get(ADDRESS) or value[NETWORK])


FUNCTIONS: tuple[tuple[str, str, Any], ...] = (
    ("ip", "s>a", lambda text: {ADDRESS: str(_parsed(text))}),
    ("isIP", "s>b", lambda text: _does(_parsed, text)),
    ("ip.isCanonical", "s>b", lambda text: str(_parsed(text)) == text),
    (".family", "a>i", _ask("version")),
    (".isUnspecified", "a>b", _ask("is_unspecified")),
    (".isLoopback", "a>b", _ask("is_loopback")),
    (".isLinkLocalMulticast", "a>b", _ask("is_link_local_multicast")),
    (".isLinkLocalUnicast", "a>b", _ask("is_link_local")),
    (".isGlobalUnicast", "a>b", _ask("is_global")),
    ("cidr", "s>c", lambda text: {NETWORK: str(_network(text))}),
    ("isCIDR", "s>b", lambda text: _does(_network, text)),
    (".containsIP", "ca>b", _contains_ip),
    (".containsIP", "cs>b", _contains_ip),
    (".containsCIDR", "cc>b", _contains_cidr),
    (".containsCIDR", "cs>b", _contains_cidr),
    (".prefixLength", "c>i", lambda one: _network(one).network.prefixlen),
    (".ip", "c>a", lambda one: {ADDRESS: str(_network(one).ip)}),
    (".masked", "c>c", lambda one: {NETWORK: str(_network(one).network)}),
    ("string", "a>s", _string),
    ("string", "c>s", _string),
)
"""As `customfunctions.FUNCTIONS`."""
