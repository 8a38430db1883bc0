"""IP addresses and ranges as the API reads them: what is refused, what is only warned about, and how Go writes them.

Follows apimachinery/pkg/util/validation/ip.go as Kubernetes 1.36 has it, with StrictIPCIDRValidation on. Fields that are older than
those rules take any spelling of an IPv6 address (`ip`, `cidr`); newer ones only the canonical one (`exact_ip`, `exact_cidr`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv6Address

    Address = IPv4Address | IPv6Address

NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
NO_INTERFACE = "must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)"
BITS = {4: 32, 6: 128}


def parse(text: str) -> Address | None:
    """An address also in the spellings that older servers took: zeros before a number, IPv4 inside IPv6. None for anything else."""
    from ipaddress import ip_address

    try:
        return ip_address(_without_zeros(text)) if "%" not in text else None
    except ValueError:
        return None


def _without_zeros(text: str) -> str:
    head, colon, tail = text.rpartition(":")
    if "." not in tail or not all(part.isdecimal() and part.isascii() for part in tail.split(".")):
        return text
    return head + colon + ".".join(str(int(part)) for part in tail.split("."))


def parse_range(text: str) -> tuple[Address, int] | None:
    """The address and prefix length of a CIDR value, as `parse` reads them."""
    head, _, length = text.partition("/")
    address = parse(head)
    if address is None or not (length.isdecimal() and length.isascii()) or int(length) > BITS[address.version]:
        return None
    return address, int(length)


def shown(address: Address) -> str:
    """Go's text of an address: RFC 5952, and IPv4 for IPv4 inside IPv6."""
    return str(_plain(address))


def _plain(address: Address) -> Address:
    return getattr(address, "ipv4_mapped", None) or address


def _masked(address: Address, length: int) -> tuple[Address, int]:
    """The first address of a range and its length, IPv4 for IPv4 inside IPv6."""
    plain = _plain(address)
    if plain is not address:
        length = max(length - 96, 0)
    spare = BITS[plain.version] - length
    return type(plain)(int(plain) >> spare << spare), length


def shown_range(address: Address, length: int) -> str:
    """Go's text of a network: without the bits beyond its length."""
    first, bits = _masked(address, length)
    return f"{first}/{bits}"


def family(text: str) -> int:
    """4 or 6 for an address or a CIDR value, 0 for neither."""
    found = parse(text.partition("/")[0])
    return _plain(found).version if found is not None else 0


def is_within(part: str, whole: str) -> bool:
    """Whether a valid range is smaller than another and lies in it."""
    inner, outer = parse_range(part), parse_range(whole)
    if inner is None or outer is None:
        return False
    (address, length), (first, most) = _masked(*inner), _masked(*outer)
    return address.version == first.version and length > most and _masked(address, most)[0] == first


def _is_padded(text: str) -> bool:
    tail = text.rpartition(":")[2]
    return "." in tail and any(part[0] == "0" and len(part) > 1 for part in tail.split("."))


def _is_mapped(address: Address) -> bool:
    return getattr(address, "ipv4_mapped", None) is not None


def ip(text: str) -> list[str]:
    """What is wrong with an address in a field of any age."""
    address = parse(text)
    if address is None:
        return [NO_IP]
    if _is_padded(text):
        return ["must not have leading 0s"]
    return ["must not be an IPv4-mapped IPv6 address"] if _is_mapped(address) else []


def exact_ip(text: str) -> list[str]:
    """As `ip`, and the spelling must be the canonical one."""
    address = parse(text)
    wrong = ip(text)
    if wrong or address is None or shown(address) == text:
        return wrong
    return [f'must be in canonical form ("{shown(address)}")']


def cidr(text: str) -> list[str]:
    """What is wrong with a range in a field of any age."""
    found = parse_range(text)
    if found is None:
        return [NO_CIDR]
    if _is_padded_range(text):
        return ["must not have leading 0s in IP or prefix length"]
    if _is_mapped(found[0]):
        return ["must not have an IPv4-mapped IPv6 address"]
    return ["must not have bits set beyond the prefix length"] if _masked(*found)[0] != found[0] else []


def _is_padded_range(text: str) -> bool:
    head, _, length = text.partition("/")
    return _is_padded(head) or (len(length) > 1 and length[0] == "0")


def exact_cidr(text: str) -> list[str]:
    """As `cidr`, and the spelling must be the canonical one."""
    found = parse_range(text)
    wrong = cidr(text)
    if wrong or found is None or shown_range(*found) == text:
        return wrong
    return [f'must be in canonical form ("{shown_range(*found)}")']


def interface(text: str) -> list[str]:
    """What is wrong with an interface's address, which has a prefix length and keeps its bits."""
    found = parse_range(text)
    if found is None:
        return [NO_INTERFACE]
    canonical = f"{shown(found[0])}/{_masked(*found)[1]}"
    return [] if text == canonical else [f'must be in canonical form ("{canonical}")']


def ip_forms(text: str, at: str) -> Iterator[str]:
    """GetWarningsForIP: the texts about an address that is valid but not written as it should be."""
    address = parse(text)
    if address is None:
        return
    if _is_padded(text) or _is_mapped(address):
        yield f'{at}: non-standard IP address "{text}" will be considered invalid in a future Kubernetes release: use "{shown(address)}"'
    elif address.version == 6 and shown(address) != text:
        yield f'{at}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{shown(address)}")'


def cidr_forms(text: str, at: str) -> Iterator[str]:
    """GetWarningsForCIDR."""
    found = parse_range(text)
    if found is None:
        return
    address, network = found[0], shown_range(*found)
    first, length = _masked(*found)
    is_vague, is_odd = first != _plain(address), _is_padded_range(text) or _is_mapped(address)
    if is_vague:
        single = f"{shown(address)}/{BITS[first.version]}"
        yield f'{at}: CIDR value "{text}" is ambiguous in this context (should be "{network}" or "{single}"?)'
    if is_odd:
        yield f'{at}: non-standard CIDR value "{text}" will be considered invalid in a future Kubernetes release: use "{network}"'
    if not is_vague and not is_odd and first.version == 6 and f"{address}/{length}" != text:
        yield f'{at}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{address}/{length}")'
