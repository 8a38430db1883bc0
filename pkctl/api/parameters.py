"""A request's query parameters, read as the API reads them: what to list, how to write, which log. Pure; BadRequest or Invalid.

Follows apimachinery/pkg/apis/meta/v1 (ListOptions and its sisters), pkg/runtime/conversion.go and meta/v1/validation.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options, querying
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]
    Parameters = dict[str, str]

VALIDATIONS = ("", "Ignore", "Strict", "Warn")
PROPAGATIONS = ("", "Background", "Foreground", "Orphan")
LOGS = {
    "container": "container", "follow": "follow", "previous": "previous", "sinceSeconds": "since_seconds", "sinceTime": "since_time",
    "timestamps": "timestamps", "tailLines": "tail_lines", "limitBytes": "limit_bytes",
}  # fmt: skip
"""PodLogOptions' names and our own."""

NUMBERS = frozenset({"sinceSeconds", "tailLines", "limitBytes"})
FLAGS = frozenset({"follow", "previous", "timestamps"})


def read(text: str) -> Parameters:
    """The first value of each parameter of a query text."""
    from urllib import parse

    return {name: values[0] for name, values in parse.parse_qs(text, keep_blank_values=True).items()}


def flag(given: Parameters, name: str) -> bool:
    """A boolean parameter: anything but "", "0" and "false" is true."""
    return given.get(name, "").lower() not in ("", "0", "false")


def number(given: Parameters, name: str) -> int | None:
    """A whole number, None when it is not given."""
    text = given.get(name, "")
    if not text:
        return None
    try:
        return int(text)
    except ValueError:
        raise errors.BadRequest(f'strconv.ParseInt: parsing "{text}": invalid syntax') from None


def query(given: Parameters, name: str = "") -> options.Query:
    """ListOptions; `name` narrows a watch to one object."""
    fields = ",".join(filter(None, (given.get("fieldSelector", ""), f"metadata.name={name}" if name else "")))
    return options.Query(
        labels=given.get("labelSelector", ""),
        fields=fields,
        limit=number(given, "limit") or 0,
        continue_=given.get("continue", ""),
        revision=given.get("resourceVersion", ""),
        match=given.get("resourceVersionMatch", ""),
        initial=flag(given, "sendInitialEvents") if "sendInitialEvents" in given else None,
    )


def write(given: Parameters, kind: str, manager: str, subresource: str = "") -> options.Options:
    """CreateOptions, UpdateOptions or PatchOptions, as `kind` says; `manager` when no fieldManager is given."""
    validation = given.get("fieldValidation", "")
    if validation not in VALIDATIONS:
        raise _unsupported(kind, "fieldValidation", validation, VALIDATIONS)
    return options.Options(
        dry_run=_dry_run(given.get("dryRun", ""), kind),
        field_manager=given.get("fieldManager") or manager,
        validation=validation or "Warn",
        subresource=subresource,
        force=flag(given, "force"),
    )


def delete(given: Parameters, body: Object) -> options.Options:
    """DeleteOptions from the parameters and, where it says more, the body."""
    kind = "DeleteOptions"
    propagation = str(body.get("propagationPolicy") or given.get("propagationPolicy", ""))
    if propagation not in PROPAGATIONS:
        raise _unsupported(kind, "propagationPolicy", propagation, ("Foreground", "Background", "Orphan"))
    orphan = body.get("orphanDependents")
    if orphan is None and "orphanDependents" in given:
        orphan = flag(given, "orphanDependents")
    if orphan is not None and not propagation:
        propagation = "Orphan" if orphan else "Background"
    grace = body.get("gracePeriodSeconds")
    return options.Options(
        dry_run=_dry_run((body.get("dryRun") or [given.get("dryRun", "")])[0], kind),
        grace=int(grace) if grace is not None else number(given, "gracePeriodSeconds"),
        propagation=propagation,
        preconditions=dict(body.get("preconditions") or {}),
    )


def logs(given: Parameters) -> dict[str, Any]:
    """PodLogOptions for `Client.logs`."""
    found: dict[str, Any] = {}
    for name, own in LOGS.items():
        if name not in given:
            continue
        found[own] = number(given, name) if name in NUMBERS else flag(given, name) if name in FLAGS else given[name]
    return {name: value for name, value in found.items() if value is not None and value is not False and value != ""}


def _dry_run(text: str, kind: str) -> bool:
    if text not in ("", "All"):
        raise _unsupported(kind, "dryRun", text, ("All",))
    return text == "All"


def _unsupported(kind: str, field: str, value: str, known: tuple[str, ...]) -> errors.Invalid:
    return querying.invalid(kind, [fields.unsupported(field, value, known)])
