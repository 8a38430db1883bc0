"""Which spellings of addresses and ranges a 1.36 API server takes, warns about and refuses."""

from __future__ import annotations

import pytest

from pkctl.objects import addresses

ZEROS, MAPPED = "must not have leading 0s", "must not be an IPv4-mapped IPv6 address"
RANGE_ZEROS, RANGE_MAPPED = "must not have leading 0s in IP or prefix length", "must not have an IPv4-mapped IPv6 address"
BEYOND = "must not have bits set beyond the prefix length"


def canonical(text: str) -> str:
    return f'must be in canonical form ("{text}")'


IPS = {
    "1.2.3.4": ([], []),
    "::": ([], []),
    "1234::abcd": ([], []),
    "0:0:0:0:0:0:0:0": ([], [canonical("::")]),
    "1234::ABCD": ([], [canonical("1234::abcd")]),
    "0001:002:03:4::": ([], [canonical("1:2:3:4::")]),
    "1.1.1.01": ([ZEROS], [ZEROS]),
    "::ffff:1.1.1.1": ([MAPPED], [MAPPED]),
    "": ([addresses.NO_IP], [addresses.NO_IP]),
    "1.2.3.400": ([addresses.NO_IP], [addresses.NO_IP]),
    "1.2.3.0/24": ([addresses.NO_IP], [addresses.NO_IP]),
    "fe80::1%eth0": ([addresses.NO_IP], [addresses.NO_IP]),
    "[::1]": ([addresses.NO_IP], [addresses.NO_IP]),
}
CIDRS = {
    "1.0.0.0/8": ([], []),
    "a::/64": ([], []),
    "A::/64": ([], [canonical("a::/64")]),
    "1.0.0.0/08": ([RANGE_ZEROS], [RANGE_ZEROS]),
    "01.0.0.0/8": ([RANGE_ZEROS], [RANGE_ZEROS]),
    "::ffff:1.0.0.0/104": ([RANGE_MAPPED], [RANGE_MAPPED]),
    "1.2.3.4/8": ([BEYOND], [BEYOND]),
    "1.2.3.4": ([addresses.NO_CIDR], [addresses.NO_CIDR]),
    "1.2.3.4/33": ([addresses.NO_CIDR], [addresses.NO_CIDR]),
    "1.2.3.4/255.0.0.0": ([addresses.NO_CIDR], [addresses.NO_CIDR]),
}
INTERFACES = {
    "1.2.3.4/8": [],
    "a::1/64": [],
    "A::1/64": [canonical("a::1/64")],
    "::ffff:192.168.0.1/120": [canonical("192.168.0.1/24")],
    "1.2.3.4": [addresses.NO_INTERFACE],
}
FUTURE = "will be considered invalid in a future Kubernetes release: use"
IP_FORMS = {
    "1.2.3.4": [],
    "a::1": [],
    "junk": [],
    "01.2.3.4": [f'f: non-standard IP address "01.2.3.4" {FUTURE} "1.2.3.4"'],
    "::ffff:1.2.3.4": [f'f: non-standard IP address "::ffff:1.2.3.4" {FUTURE} "1.2.3.4"'],
    "A:0:0::1": ['f: IPv6 address "A:0:0::1" should be in RFC 5952 canonical format ("a::1")'],
}
CIDR_FORMS = {
    "1.2.3.0/24": [],
    "a::/64": [],
    "junk": [],
    "1.2.3.4/24": ['f: CIDR value "1.2.3.4/24" is ambiguous in this context (should be "1.2.3.0/24" or "1.2.3.4/32"?)'],
    "01.2.3.0/24": [f'f: non-standard CIDR value "01.2.3.0/24" {FUTURE} "1.2.3.0/24"'],
    "::ffff:1.2.3.0/120": [f'f: non-standard CIDR value "::ffff:1.2.3.0/120" {FUTURE} "1.2.3.0/24"'],
    "A::/64": ['f: IPv6 CIDR value "A::/64" should be in RFC 5952 canonical format ("a::/64")'],
}


@pytest.mark.parametrize("text", IPS)
def test_an_address_is_judged_by_the_age_of_its_field(text):
    assert (addresses.ip(text), addresses.exact_ip(text)) == IPS[text]


@pytest.mark.parametrize("text", CIDRS)
def test_a_range_is_judged_by_the_age_of_its_field(text):
    assert (addresses.cidr(text), addresses.exact_cidr(text)) == CIDRS[text]


@pytest.mark.parametrize("text", INTERFACES)
def test_an_interfaces_address_keeps_its_bits(text):
    assert addresses.interface(text) == INTERFACES[text]


@pytest.mark.parametrize("text", IP_FORMS)
def test_an_oddly_written_address_is_warned_about(text):
    assert list(addresses.ip_forms(text, "f")) == IP_FORMS[text]


@pytest.mark.parametrize("text", CIDR_FORMS)
def test_an_oddly_written_range_is_warned_about(text):
    assert list(addresses.cidr_forms(text, "f")) == CIDR_FORMS[text]


@pytest.mark.parametrize(("text", "number"), [("1.2.3.4", 4), ("a::/64", 6), ("::ffff:1.2.3.4", 4), ("x", 0)])
def test_a_family_is_told_of_an_address_and_of_a_range(text, number):
    assert addresses.family(text) == number
