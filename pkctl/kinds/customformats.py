"""The string formats that a CRD's schema may ask for; a format unknown here is not checked, as upstream.

Follows kube-openapi's pkg/validation/strfmt.
"""

from __future__ import annotations

from pkctl.objects import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

UUID = r"[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?%s[0-9a-fA-F]{3}-?%s[0-9a-fA-F]{3}-?[0-9a-fA-F]{12}"
PATTERNS = {
    "bsonobjectid": r"[0-9a-fA-F]{24}",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "datetime": r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
    "email": r"[^@\s<>]+@[^@\s<>]+",
    "hexcolor": r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})",
    "mac": r"([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|([0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}",
    "rgbcolor": r"rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)",
    "ssn": r"\d{3}[- ]?\d{2}[- ]?\d{4}",
    "uuid": UUID % ("[0-9a-fA-F]", "[0-9a-fA-F]"),
    "uuid3": UUID % ("3", "[0-9a-fA-F]"),
    "uuid4": UUID % ("4", "[89abAB]"),
    "uuid5": UUID % ("5", "[89abAB]"),
}
IGNORED = frozenset({"double", "float", "int32", "int64", "password"})
"""Formats of numbers, and one that only says how to show a string."""


def is_known(name: str) -> bool:
    """Whether a format means anything."""
    return _plain(name) in PATTERNS or _plain(name) in CHECKS or name in IGNORED


def is_valid(name: str, text: str) -> bool:
    """Whether a string is of a format; True for one that isn't known."""
    import re

    plain = _plain(name)
    if plain in PATTERNS:
        return re.fullmatch(PATTERNS[plain], text) is not None and (plain not in DATES or _is_date(text))
    check = CHECKS.get(plain)
    return check is None or check(text)


def _plain(name: str) -> str:
    """Formats are found with or without dashes."""
    return name.replace("-", "")


def _is_date(text: str) -> bool:
    from datetime import date

    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True


def _is_duration(text: str) -> bool:
    from pkctl.objects import times

    try:
        times.parse_duration(text)
    except ValueError:
        return False
    return True


def _is_address(text: str, version: int) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(text).version == version
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    from ipaddress import ip_interface

    try:
        ip_interface(text)
    except ValueError:
        return False
    return "/" in text


def _is_base64(text: str) -> bool:
    from pkctl.objects import base64s

    return base64s.fault(text) < 0


def _is_uri(text: str) -> bool:
    import re

    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", text) is not None and not re.search(r"[\s<>\"]", text)


def _is_isbn10(text: str) -> bool:
    digits = text.replace("-", "").replace(" ", "").upper()
    if len(digits) != 10 or not digits[:9].isdecimal() or digits[9] not in "0123456789X":
        return False
    return sum((10 - place) * (10 if digit == "X" else int(digit)) for place, digit in enumerate(digits)) % 11 == 0


def _is_isbn13(text: str) -> bool:
    digits = text.replace("-", "").replace(" ", "")
    return len(digits) == 13 and digits.isdecimal() and sum(int(each) * (3 if at % 2 else 1) for at, each in enumerate(digits)) % 10 == 0


def _is_card(text: str) -> bool:
    digits = text.replace("-", "").replace(" ", "")
    if not 13 <= len(digits) <= 19 or not digits.isdecimal():
        return False
    doubled = [int(each) * (2 if at % 2 else 1) for at, each in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


DATES = frozenset({"date", "datetime"})
CHECKS: dict[str, Callable[[str], bool]] = {
    "byte": _is_base64,
    "cidr": _is_network,
    "creditcard": _is_card,
    "duration": _is_duration,
    "hostname": lambda text: len(text) <= 255 and not names.dns_subdomain(text.lower().rstrip(".")),
    "ipv4": lambda text: _is_address(text, 4),
    "ipv6": lambda text: _is_address(text, 6),
    "isbn": lambda text: _is_isbn10(text) or _is_isbn13(text),
    "isbn10": _is_isbn10,
    "isbn13": _is_isbn13,
    "k8slongname": lambda text: not names.dns_subdomain(text),
    "k8sshortname": lambda text: not names.dns_label(text),
    "uri": _is_uri,
}
