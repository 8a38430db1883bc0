"""What a name, label, key or address may look like: each check returns Kubernetes' own texts, [] when all is well.

Follows apimachinery/pkg/api/validate/content and pkg/util/validation.
"""

from __future__ import annotations

LOWER, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
ALNUM = LOWER + DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LABEL_LENGTH, SUBDOMAIN_LENGTH = 63, 253

LABEL_TEXT = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"  # noqa: E501
LABEL_REGEX = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN_TEXT = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"  # noqa: E501
SUBDOMAIN_REGEX = rf"{LABEL_REGEX}(\.{LABEL_REGEX})*"
UNDERSCORED_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
UNDERSCORED_REGEX = rf"{UNDERSCORED_LABEL}(\.{UNDERSCORED_LABEL})*"
UNDERSCORED_TEXT = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character"  # noqa: E501
DNS1035_TEXT = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"  # noqa: E501
DNS1035_REGEX = "[a-z]([-a-z0-9]*[a-z0-9])?"
QUALIFIED_TEXT = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
QUALIFIED_REGEX = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
VALUE_TEXT = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"  # noqa: E501
VALUE_REGEX = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?"
CONFIG_KEY_TEXT = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"
CONFIG_KEY_REGEX = "[-._a-zA-Z0-9]+"
ENV_TEXT = "a valid environment variable name must consist only of printable ASCII characters other than '='"
HEADER_TEXT = "a valid HTTP header must consist of alphanumeric characters or '-'"
HEADER_REGEX = "[-A-Za-z0-9]+"


def regex_error(text: str, regex: str, *examples: str) -> str:
    """`TEXT (e.g. 'a',  or 'b', regex used for validation is 'R')`."""
    shown = ",  or ".join(f"'{example}'" for example in examples)
    return f"{text} ({f'e.g. {shown}, ' if examples else ''}regex used for validation is '{regex}')"


def max_length(most: int, unit: str = "character") -> str:
    """The text for a value that is too long: in labels and their keys Kubernetes calls the unit bytes."""
    return f"must be no more than {most} {unit}{'' if most == 1 else 's'}"


def _is_dashed(text: str, first: str = LOWER + DIGITS) -> bool:
    return bool(text) and text[0] in first and text[-1] != "-" and _holds_only(text, LOWER + DIGITS + "-")


def _is_qualified(text: str) -> bool:
    return bool(text) and text[0] in ALNUM and text[-1] in ALNUM and _holds_only(text, ALNUM + "-_.")


def _holds_only(text: str, characters: str) -> bool:
    return not text.strip(characters)


def dns_label(text: str) -> list[str]:
    """RFC 1123 label: names of namespaces, containers, ports' hosts."""
    found = [max_length(LABEL_LENGTH)] if len(text) > LABEL_LENGTH else []
    if not _is_dashed(text):
        if _is_dashed_subdomain(text):
            return [*found, "must not contain dots"]
        found.append(regex_error(LABEL_TEXT, LABEL_REGEX, "my-name", "123-abc"))
    return found


def _is_dashed_subdomain(text: str) -> bool:
    return all(_is_dashed(part) for part in text.split("."))


def dns_subdomain(text: str) -> list[str]:
    """RFC 1123 subdomain: names of most kinds."""
    return _subdomain(text, "character")


def _subdomain(text: str, unit: str) -> list[str]:
    found = [max_length(SUBDOMAIN_LENGTH, unit)] if len(text) > SUBDOMAIN_LENGTH else []
    if not _is_dashed_subdomain(text):
        found.append(regex_error(SUBDOMAIN_TEXT, SUBDOMAIN_REGEX, "example.com"))
    return found


def underscored_subdomain(text: str) -> list[str]:
    """A search domain of a pod: a subdomain whose labels may have underscores, one of them in front."""
    import re

    found = [max_length(SUBDOMAIN_LENGTH)] if len(text) > SUBDOMAIN_LENGTH else []
    if not re.fullmatch(UNDERSCORED_REGEX, text):
        found.append(regex_error(UNDERSCORED_TEXT, UNDERSCORED_REGEX, "example.com"))
    return found


def dns1035_label(text: str) -> list[str]:
    """RFC 1035 label: starts with a letter."""
    found = [max_length(LABEL_LENGTH)] if len(text) > LABEL_LENGTH else []
    if not _is_dashed(text, LOWER):
        found.append(regex_error(DNS1035_TEXT, DNS1035_REGEX, "my-name", "abc-123"))
    return found


def wildcard_subdomain(text: str) -> list[str]:
    """`*.` and an RFC 1123 subdomain: hosts of an Ingress."""
    found = [max_length(SUBDOMAIN_LENGTH)] if len(text) > SUBDOMAIN_LENGTH else []
    if not text.startswith("*.") or not _is_dashed_subdomain(text[2:]):
        wild = "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character"  # noqa: E501
        found.append(regex_error(wild, rf"\*\.{SUBDOMAIN_REGEX}", "*.example.com"))
    return found


def qualified_name(text: str) -> list[str]:
    """A label or annotation key: `[PREFIX/]NAME`."""
    prefix, slash, name = text.rpartition("/")
    if "/" in prefix:
        told = regex_error(f"a valid label key {QUALIFIED_TEXT}", QUALIFIED_REGEX, "MyName", "my.name", "123-abc")
        return [f"{told} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"]
    found: list[str] = []
    if slash and not prefix:
        found.append("prefix part must be non-empty")
    elif slash:
        found += [f"prefix part {each}" for each in _subdomain(prefix, "byte")]
    if not name:
        found.append("name part must be non-empty")
    elif len(name) > LABEL_LENGTH:
        found.append(f"name part {max_length(LABEL_LENGTH, 'byte')}")
    if not _is_qualified(name):
        found.append(f"name part {regex_error(QUALIFIED_TEXT, QUALIFIED_REGEX, 'MyName', 'my.name', '123-abc')}")
    return found


def label_value(text: str) -> list[str]:
    """A label's value."""
    found = [max_length(LABEL_LENGTH, "byte")] if len(text) > LABEL_LENGTH else []
    if text and not _is_qualified(text):
        found.append(regex_error(VALUE_TEXT, VALUE_REGEX, "MyValue", "my_value", "12345"))
    return found


def config_key(text: str) -> list[str]:
    """A key of a ConfigMap or Secret, which may become a file's name."""
    found = [max_length(SUBDOMAIN_LENGTH)] if len(text) > SUBDOMAIN_LENGTH else []
    if not text or any(char not in ALNUM and char not in "-_." for char in text):
        found.append(regex_error(CONFIG_KEY_TEXT, CONFIG_KEY_REGEX, "key.name", "KEY_NAME", "key-name"))
    return found + _no_dots(text)


def _no_dots(text: str) -> list[str]:
    if text == ".":
        return ["must not be '.'"]
    if text == "..":
        return ["must not be '..'"]
    return ["must not start with '..'"] if text.startswith("..") else []


def env_name(text: str) -> list[str]:
    """An environment variable's name, as relaxed since Kubernetes 1.34."""
    if not text or any(not " " <= char <= "~" or char == "=" for char in text):
        return [ENV_TEXT]
    return []


def http_header(text: str) -> list[str]:
    """A header's name in an httpGet probe."""
    if not text or any(char not in ALNUM and char != "-" for char in text):
        return [regex_error(HEADER_TEXT, HEADER_REGEX, "X-Header-Name")]
    return []


def port_name(text: str) -> list[str]:
    """A named port: an IANA service name."""
    found = ["must be no more than 15 characters"] if len(text) > 15 else []
    if not text or not all(char in LOWER or char in DIGITS or char == "-" for char in text):
        found.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
    if not any(char in LOWER for char in text):
        found.append("must contain at least one letter (a-z)")
    if "--" in text:
        found.append("must not contain consecutive hyphens")
    if text and (text[0] == "-" or text[-1] == "-"):
        found.append("must not begin or end with a hyphen")
    return found


def port_number(port: int) -> list[str]:
    """A port's number."""
    return [] if 1 <= port <= 65535 else ["must be between 1 and 65535, inclusive"]


def path_segment(text: str) -> list[str]:
    """A name that only has to fit into a URL: RBAC objects."""
    if text in (".", ".."):
        return [f"may not be '{text}'"]
    return [f"may not contain '{char}'" for char in "/%" if char in text]


def ip(text: str) -> list[str]:
    """An IPv4 or IPv6 address; see `addresses.ip`."""
    from pkctl.objects import addresses

    return addresses.ip(text)


def cidr(text: str) -> list[str]:
    """A network in CIDR form; see `addresses.cidr`."""
    from pkctl.objects import addresses

    return addresses.cidr(text)


def exact_ip(text: str) -> list[str]:
    """An address in its canonical form; see `addresses.exact_ip`."""
    from pkctl.objects import addresses

    return addresses.exact_ip(text)


def exact_cidr(text: str) -> list[str]:
    """A network in its canonical form; see `addresses.exact_cidr`."""
    from pkctl.objects import addresses

    return addresses.exact_cidr(text)


def interface_address(text: str) -> list[str]:
    """An interface's address with its prefix length; see `addresses.interface`."""
    from pkctl.objects import addresses

    return addresses.interface(text)


def ip_family(text: str) -> int:
    """4 or 6 for an address or a network, 0 for neither."""
    from pkctl.objects import addresses

    return addresses.family(text)
