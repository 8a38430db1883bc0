"""The few parts of a certificate request that a description shows, read from its DER; nothing is verified here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SUBJECT_PARTS = {
    "2.5.4.3": "Common Name", "2.5.4.5": "Serial Number", "2.5.4.10": "Organization", "2.5.4.11": "Organizational Unit",
    "2.5.4.6": "Country", "2.5.4.7": "Locality", "2.5.4.8": "Province", "2.5.4.9": "StreetAddress", "2.5.4.17": "PostalCode",
}  # fmt: skip
NAME_TAGS = {0x82: "DNS Names", 0x81: "Email Addresses", 0x86: "URIs", 0x87: "IP Addresses"}
ALTERNATIVE_NAMES = bytes.fromhex("0603551d11")


def elements(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """The tag and content of each element, one after the other; ValueError when the bytes are no DER."""
    place = 0
    while place < len(raw):
        if place + 2 > len(raw):
            raise ValueError("truncated")
        tag, size, place = raw[place], raw[place + 1], place + 2
        if size & 0x80:
            count = size & 0x7F
            size, place = int.from_bytes(raw[place : place + count], "big"), place + count
        if place + size > len(raw):
            raise ValueError("truncated")
        yield tag, raw[place : place + size]
        place += size


def _object_id(raw: bytes) -> str:
    numbers, value = [raw[0] // 40, raw[0] % 40], 0
    for byte in raw[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))


def request(der: bytes) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Subject and alternative names of a PKCS #10 request, each by title; ValueError when it is none."""
    try:
        content = list(elements(next(elements(next(elements(der))[1]))[1]))
        subject: dict[str, list[str]] = {}
        for _, group in elements(content[1][1]):
            for _, pair in elements(group):
                (_, identity), (_, value) = elements(pair)
                title = SUBJECT_PARTS.get(_object_id(identity))
                if title:
                    subject.setdefault(title, []).append(value.decode(errors="replace"))
        return subject, _alternatives(der)
    except (IndexError, StopIteration) as error:
        raise ValueError("no certificate request") from error


def _alternatives(der: bytes) -> dict[str, list[str]]:
    place = der.find(ALTERNATIVE_NAMES)
    if place < 0:
        return {}
    found: dict[str, list[str]] = {}
    rest = der[place + len(ALTERNATIVE_NAMES) :]
    size = 2 + rest[1] if rest[1] < 0x80 else 2 + (rest[1] & 0x7F) + int.from_bytes(rest[2 : 2 + (rest[1] & 0x7F)], "big")
    _, octets = next(elements(rest[:size]))
    for tag, value in elements(next(elements(octets))[1]):
        if tag in NAME_TAGS:
            found.setdefault(NAME_TAGS[tag], []).append(_address(value) if tag == 0x87 else value.decode(errors="replace"))
    return found


def _address(raw: bytes) -> str:
    import ipaddress

    return str(ipaddress.ip_address(raw))
