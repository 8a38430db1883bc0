"""Names are judged with Kubernetes' own texts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pkctl.objects import names

LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    r"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
NAME_PART = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
CONFIG_KEY = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
    "regex used for validation is '[-._a-zA-Z0-9]+')"
)
ENV = "a valid environment variable name must consist only of printable ASCII characters other than '='"
IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
CHARS = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
LETTER = "must contain at least one letter (a-z)"

GOOD: list[tuple[Callable[[str], list[str]], str]] = [
    (names.dns_label, "a-1"),
    (names.dns_label, "1"),
    (names.dns_subdomain, "a.b-c.1"),
    (names.dns1035_label, "a1-b"),
    (names.qualified_name, "A_b.c"),
    (names.qualified_name, "x.io/A"),
    (names.label_value, ""),
    (names.label_value, "a_B.c-1"),
    (names.config_key, ".a_B-c"),
    (names.env_name, "a b/C"),
    (names.http_header, "X-A1"),
    (names.port_name, "http-2"),
    (names.path_segment, "a:b c"),
    (names.ip, "10.0.0.1"),
    (names.ip, "::1"),
    (names.cidr, "10.0.0.0/8"),
    (names.wildcard_subdomain, "*.a.b"),
]

BAD: list[tuple[Callable[[str], list[str]], str, list[str]]] = [
    (names.dns_label, "A", [LABEL]),
    (names.dns_label, "", [LABEL]),
    (names.dns_label, "a.b", ["must not contain dots"]),
    (names.dns_label, "-a", [LABEL]),
    (names.dns_label, "a" * 64, ["must be no more than 63 characters"]),
    (names.dns_subdomain, "a_b", [SUBDOMAIN]),
    (names.dns_subdomain, "a..b", [SUBDOMAIN]),
    (names.dns_subdomain, "a" * 254, ["must be no more than 253 characters"]),
    (names.qualified_name, "a b", [NAME_PART]),
    (names.qualified_name, "/a", ["prefix part must be non-empty"]),
    (names.qualified_name, f"{'a' * 254}/a", ["prefix part must be no more than 253 bytes"]),
    (names.qualified_name, "A_/a", [f"prefix part {SUBDOMAIN}"]),
    (names.qualified_name, "", ["name part must be non-empty", NAME_PART]),
    (names.qualified_name, "a" * 64, ["name part must be no more than 63 bytes"]),
    (names.label_value, "b c", [VALUE]),
    (names.label_value, "a.", [VALUE]),
    (names.config_key, "a b", [CONFIG_KEY]),
    (names.config_key, ".", ["must not be '.'"]),
    (names.config_key, "..", ["must not be '..'"]),
    (names.config_key, "..a", ["must not start with '..'"]),
    (names.env_name, "a=b", [ENV]),
    (names.env_name, "", [ENV]),
    (names.port_name, "UPPER", [CHARS, LETTER]),
    (names.port_name, "80", [LETTER]),
    (names.port_name, "a" * 16, ["must be no more than 15 characters"]),
    (names.port_name, "a--b", ["must not contain consecutive hyphens"]),
    (names.port_name, "a-", ["must not begin or end with a hyphen"]),
    (names.path_segment, ".", ["may not be '.'"]),
    (names.path_segment, "a/b", ["may not contain '/'"]),
    (names.path_segment, "a%b", ["may not contain '%'"]),
    (names.ip, "foo", [IP]),
    (names.ip, "010.0.0.1", ["must not have leading 0s"]),
    (names.cidr, "10.0.0.1", ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"]),
]


@pytest.mark.parametrize(("check", "text"), GOOD, ids=[f"{check.__name__} {text}" for check, text in GOOD])
def test_a_good_name_passes(check: Callable[[str], list[str]], text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize(("check", "text", "told"), BAD, ids=[f"{check.__name__} {text[:12]}" for check, text, _ in BAD])
def test_a_bad_name_is_told_in_kubernetes_words(check: Callable[[str], list[str]], text: str, told: list[str]) -> None:
    assert check(text) == told
