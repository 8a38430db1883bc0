"""The functions that Kubernetes adds to CEL: lists, sets, regular expressions, URLs, quantities, IP addresses and networks.

Follows apiserver/pkg/cel/library. What a function makes (a quantity, an address) is a map to the language, told apart by its key.
Missing by name, so that a rule that uses them is refused: `format`, `semver`, two-variable comprehensions, list sorting.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUANTITY, URL, ADDRESS, NETWORK = "kubernetes.Quantity", "kubernetes.URL", "net.IP", "net.CIDR"


def extension(cel: Any) -> Any:
    """Every function, as an extension of the library `cel`."""
    types = {"b": cel.Type.BOOL, "i": cel.Type.INT, "f": cel.Type.DOUBLE, "s": cel.Type.STRING, "l": cel.Type.LIST, "m": cel.Type.MAP,
             "d": cel.Type.DYN, "S": cel.Type.List(cel.Type.STRING)}  # fmt: skip
    overloads: dict[str, list[Any]] = {}
    for name, form, function in FUNCTIONS:
        taken, _, given = form.partition(">")
        is_member = name.startswith(".")
        made = cel.Overload(
            f"kubernetes_{name.lstrip('.').replace('.', '_')}_{form.replace('>', '_')}_{'m' if is_member else 'g'}",
            types[given],
            [types[letter] for letter in taken],
            is_member,
            function,
        )
        overloads.setdefault(name.lstrip("."), []).append(made)
    return cel.CelExtension("kubernetes", [cel.FunctionDecl(name, made) for name, made in overloads.items()])


def _find(text: str, pattern: str) -> str:
    import re

    match = re.search(pattern, text)
    return match.group() if match else ""


def _find_all(text: str, pattern: str, most: int = -1) -> list[str]:
    import re

    found = [match.group() for match in re.finditer(pattern, text)]
    return found if most < 0 else found[:most]


def _is_sorted(items: list[Any]) -> bool:
    from itertools import pairwise

    return all(one <= other for one, other in pairwise(items))


def _least(items: list[Any]) -> Any:
    if not items:
        raise ValueError("min called on empty list")
    return min(items)


def _most(items: list[Any]) -> Any:
    if not items:
        raise ValueError("max called on empty list")
    return max(items)


def _index(items: list[Any], item: Any) -> int:
    return items.index(item) if item in items else -1


def _last_index(items: list[Any], item: Any) -> int:
    return len(items) - 1 - items[::-1].index(item) if item in items else -1


def _quantity(text: str) -> dict[str, str]:
    from pkctl.objects import quantities

    return {QUANTITY: quantities.canonical(text)}


def _is_quantity(text: str) -> bool:
    from pkctl.objects import quantities

    try:
        quantities.parse(text)
    except quantities.QuantityError:
        return False
    return True


def _amount(quantity: Any) -> Any:
    from pkctl.objects import quantities

    return quantities.parse(quantity[QUANTITY])


def _compare(one: Any, other: Any) -> int:
    mine, theirs = _amount(one), _amount(other)
    return int(mine > theirs) - int(mine < theirs)


def _sum(one: Any, other: Any, sign: int) -> dict[str, str]:
    from pkctl.objects import quantities

    other = other[QUANTITY] if isinstance(other, dict) else str(other)
    return {QUANTITY: (quantities.add if sign > 0 else quantities.sub)(one[QUANTITY], other)}


def _as_integer(quantity: Any) -> int:
    amount = _amount(quantity)
    if amount.denominator != 1:
        raise ValueError("cannot convert value to integer")
    return int(amount)


def _url(text: str) -> dict[str, str]:
    if not _is_url(text):
        raise ValueError(f'URL parse error during conversion from string: parse "{text}": invalid URI for request')
    return {URL: text}


def _is_url(text: str) -> bool:
    import re

    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", text) is not None and " " not in text


def _part(name: str) -> Any:
    def read(url: Any) -> Any:
        from urllib.parse import parse_qs, urlsplit

        split = urlsplit(url[URL])
        host = split.netloc.rpartition("@")[2]
        found = {"scheme": split.scheme, "host": host, "hostname": split.hostname or "", "path": split.path}
        if name == "query":
            return parse_qs(split.query, keep_blank_values=True)
        return str(split.port or "") if name == "port" else found[name]

    return read


def _ip(text: str) -> dict[str, str]:
    from ipaddress import ip_address

    return {ADDRESS: str(ip_address(text))}


def _parses(text: str, make: str) -> bool:
    import ipaddress

    try:
        getattr(ipaddress, make)(text)
    except ValueError:
        return False
    return True


def _is_canonical(text: str) -> bool:
    from ipaddress import ip_address

    return str(ip_address(text)) == text


def _ask(name: str) -> Any:
    def ask(address: Any) -> Any:
        from ipaddress import ip_address

        found = ip_address(address[ADDRESS])
        if name == "is_link_local_multicast":
            return found.is_multicast and (str(found).startswith("224.0.0.") if found.version == 4 else str(found).startswith("ff02"))
        if name == "is_global":
            return not (found.is_unspecified or found.is_loopback or found.is_multicast or found.is_link_local)
        return getattr(found, name)

    return ask


def _cidr(text: str) -> dict[str, str]:
    from ipaddress import ip_interface

    if "/" not in text:
        raise ValueError(f"network address parse error during conversion from string: {text}")
    return {NETWORK: str(ip_interface(text))}


def _is_cidr(text: str) -> bool:
    return "/" in text and _parses(text, "ip_interface")


def _network(value: Any) -> Any:
    from ipaddress import ip_interface

    return ip_interface(value[NETWORK] if isinstance(value, dict) else value)


def _contains_ip(network: Any, address: Any) -> bool:
    from ipaddress import ip_address

    return ip_address(address[ADDRESS] if isinstance(address, dict) else address) in _network(network).network


def _contains_cidr(network: Any, other: Any) -> bool:
    mine, theirs = _network(network).network, _network(other).network
    return bool(mine.version == theirs.version and theirs.subnet_of(mine))


FUNCTIONS: tuple[tuple[str, str, Any], ...] = (
    (".isSorted", "l>b", _is_sorted),
    (".sum", "l>d", lambda items: sum(items)),
    (".min", "l>d", _least),
    (".max", "l>d", _most),
    (".indexOf", "ld>i", _index),
    (".lastIndexOf", "ld>i", _last_index),
    ("sets.contains", "ll>b", lambda one, other: all(item in one for item in other)),
    ("sets.equivalent", "ll>b", lambda one, other: all(item in one for item in other) and all(item in other for item in one)),
    ("sets.intersects", "ll>b", lambda one, other: any(item in one for item in other)),
    (".find", "ss>s", _find),
    (".findAll", "ss>S", _find_all),
    (".findAll", "ssi>S", _find_all),
    ("quantity", "s>m", _quantity),
    ("isQuantity", "s>b", _is_quantity),
    (".sign", "m>i", lambda one: (_amount(one) > 0) - (_amount(one) < 0)),
    (".isInteger", "m>b", lambda one: _amount(one).denominator == 1),
    (".asInteger", "m>i", _as_integer),
    (".asApproximateFloat", "m>f", lambda one: float(_amount(one))),
    (".isGreaterThan", "mm>b", lambda one, other: _compare(one, other) > 0),
    (".isLessThan", "mm>b", lambda one, other: _compare(one, other) < 0),
    (".compareTo", "mm>i", _compare),
    (".add", "mm>m", lambda one, other: _sum(one, other, 1)),
    (".add", "mi>m", lambda one, other: _sum(one, other, 1)),
    (".sub", "mm>m", lambda one, other: _sum(one, other, -1)),
    (".sub", "mi>m", lambda one, other: _sum(one, other, -1)),
    ("url", "s>m", _url),
    ("isURL", "s>b", _is_url),
    (".getScheme", "m>s", _part("scheme")),
    (".getHost", "m>s", _part("host")),
    (".getHostname", "m>s", _part("hostname")),
    (".getPort", "m>s", _part("port")),
    (".getEscapedPath", "m>s", _part("path")),
    (".getQuery", "m>m", _part("query")),
    ("ip", "s>m", _ip),
    ("isIP", "s>b", lambda text: _parses(text, "ip_address")),
    ("ip.isCanonical", "s>b", _is_canonical),
    (".family", "m>i", _ask("version")),
    (".isUnspecified", "m>b", _ask("is_unspecified")),
    (".isLoopback", "m>b", _ask("is_loopback")),
    (".isLinkLocalMulticast", "m>b", _ask("is_link_local_multicast")),
    (".isLinkLocalUnicast", "m>b", _ask("is_link_local")),
    (".isGlobalUnicast", "m>b", _ask("is_global")),
    ("cidr", "s>m", _cidr),
    ("isCIDR", "s>b", _is_cidr),
    (".containsIP", "md>b", _contains_ip),
    (".containsCIDR", "md>b", _contains_cidr),
    (".prefixLength", "m>i", lambda one: _network(one).network.prefixlen),
    (".ip", "m>m", lambda one: {ADDRESS: str(_network(one).ip)}),
    (".masked", "m>m", lambda one: {NETWORK: str(_network(one).network)}),
)
"""(name, with a dot for a function on its first argument; argument types `>` result type, a letter each; what it does)."""
