"""CEL's named formats. Follows apiserver/pkg/cel/library/format.go.

What upstream gives an optional gives a list of at most one here; `celtexts.with_optionals` makes the optional of it.
"""

from __future__ import annotations

from pkctl.kinds import customformats
from pkctl.objects import names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FORMAT = "kubernetes.NamedFormat"
SAID = {"uuid": "does not match the UUID format", "byte": "invalid base64", "date": "invalid date", "datetime": "invalid datetime"}


def _unfinished(check: Callable[[str], list[str]]) -> Callable[[str], list[str]]:
    """A check of what a generated end will follow: it may stop with a dash."""
    return lambda text: check(f"{text[:-1]}a" if len(text) > 1 and text.endswith("-") else text)


def _of_schema(name: str) -> Callable[[str], list[str]]:
    return lambda text: [] if customformats.is_valid(name, text) else [SAID[name]]


def _uri(text: str) -> list[str]:
    if customformats.is_valid("uri", text):
        return []
    return [f'parse "{text}": invalid URI for request' if text else 'parse "": empty url']


CHECKS: dict[str, Callable[[str], list[str]]] = {
    "dns1123Label": names.dns_label,
    "dns1123Subdomain": names.dns_subdomain,
    "dns1035Label": names.dns1035_label,
    "qualifiedName": names.qualified_name,
    "dns1123LabelPrefix": _unfinished(names.dns_label),
    "dns1123SubdomainPrefix": _unfinished(names.dns_subdomain),
    "dns1035LabelPrefix": _unfinished(names.dns1035_label),
    "labelValue": names.label_value,
    "uri": _uri,
    **{name: _of_schema(name) for name in SAID},
}


def _named(name: str) -> list[dict[str, str]]:
    return [{FORMAT: name}] if name in CHECKS else []


def _validate(form: Any, text: str) -> list[list[str]]:
    found = CHECKS[form[FORMAT]](text)
    return [found] if found else []


def _constant(name: str) -> Any:
    return lambda: {FORMAT: name}


FUNCTIONS: tuple[tuple[str, str, Any], ...] = (
    ("format.named", "s>L", _named),
    (".validate", "ns>N", _validate),
    *((f"format.{name}", ">n", _constant(name)) for name in CHECKS),
)
"""As `customfunctions.FUNCTIONS`."""
