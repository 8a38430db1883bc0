"""LimitRange. Applying it to pods is admission's. Follows ValidateLimitRange in pkg/apis/core/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, describing
from pkctl.objects import fields, meta, names, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

PARTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
SHOWN = ("min", "max", "defaultRequest", "default", "maxLimitRequestRatio")
KINDS = ("Pod", "Container", "PersistentVolumeClaim")
TITLES = ("Type", "Resource", "Min", "Max", "Default Request", "Default Limit", "Max Limit/Request Ratio")
COLUMNS = (shared.NAME, shared.CREATED_AT)


def default(obj: meta.Object) -> None:
    """For containers: a default limit is the maximum, a default request the default limit or else the minimum."""
    for limit in meta.at(obj, "spec", "limits", default=()):
        if limit.get("type") != "Container":
            continue
        limit["default"] = {**(limit.get("max") or {}), **(limit.get("default") or {})}
        limit["defaultRequest"] = {**(limit.get("min") or {}), **limit["default"], **(limit.get("defaultRequest") or {})}
        for part in ("default", "defaultRequest"):
            if not limit[part]:
                del limit[part]


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Every limit in itself, each type once."""
    found: list[fields.Problem] = []
    seen: set[str] = set()
    for number, limit in enumerate(meta.at(new, "spec", "limits", default=())):
        field, kind = f"spec.limits[{number}]", limit.get("type", "")
        found += _kind(kind, f"{field}.type")
        if kind in seen:
            found.append(fields.duplicate(f"{field}.type", kind))
        seen.add(kind)
        found += _parts(limit, kind, field)
        for name in sorted({name for part in PARTS for name in limit.get(part) or ()}):
            found += _amounts(limit, name, field)
    return found


def _kind(kind: str, field: str) -> list[fields.Problem]:
    found = checks.worded(names.qualified_name, kind, field)
    if not found and "/" not in kind and kind not in KINDS:
        found.append(fields.invalid(field, kind, "must be a standard limit type or fully qualified"))
    return found


def _resource(kind: str, name: str, field: str) -> list[fields.Problem]:
    from pkctl.kinds.podspec import validation_resources as rules

    return rules.container_resource(name, field) if kind in ("Pod", "Container") else rules.plain_resource(name, field)


def _parts(limit: dict[str, Any], kind: str, field: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    for part in PARTS:
        if kind == "Pod" and part in ("default", "defaultRequest"):
            if limit.get(part):
                found.append(fields.forbidden(f"{field}.{part}", "may not be specified when `type` is 'Pod'"))
            continue
        for name in sorted(limit.get(part) or ()):
            found += _resource(kind, name, f"{field}.{part}[{name}]")
    if kind == "PersistentVolumeClaim" and not any("storage" in (limit.get(part) or ()) for part in ("min", "max")):
        text = "either minimum or maximum storage value is required, but neither was provided"
        found.append(fields.required(f"{field}.limits", text))
    return found


def _amounts(limit: dict[str, Any], name: str, field: str) -> list[fields.Problem]:
    given = {part: checks.shown(limit[part][name]) for part in PARTS if name in (limit.get(part) or ())}
    found: list[fields.Problem] = []
    for at, shown, low, high, text in (
        ("min", "min", "min", "max", "min value {} is greater than max value {}"),
        ("defaultRequest", "defaultRequest", "min", "defaultRequest", "min value {} is greater than default request value {}"),
        ("defaultRequest", "defaultRequest", "defaultRequest", "max", "default request value {} is greater than max value {}"),
        (
            "defaultRequest",
            "defaultRequest",
            "defaultRequest",
            "default",
            "default request value {} is greater than default limit value {}",
        ),
        ("default", "min", "min", "default", "min value {} is greater than default value {}"),
        ("default", "max", "default", "max", "default value {} is greater than max value {}"),
    ):
        if low in given and high in given and quantities.compare(given[low], given[high]) > 0:
            found.append(fields.invalid(f"{field}.{at}[{name}]", given[shown], text.format(given[low], given[high])))
    ratio = given.get("maxLimitRequestRatio")
    if ratio is not None:
        found += _ratio(ratio, given, f"{field}.maxLimitRequestRatio[{name}]")
    return found + _together(name, given, field)


def _together(name: str, given: dict[str, str], field: str) -> list[fields.Problem]:
    """What can't be overcommitted has one default for both."""
    from pkctl.kinds.podspec import validation_resources

    most, asked = given.get("default"), given.get("defaultRequest")
    if most is None or asked is None or validation_resources.may_overcommit(name) or not quantities.compare(most, asked):
        return []
    text = f"default value {most} must equal to defaultRequest value {asked} in {name}"
    return [fields.invalid(f"{field}.defaultRequest[{name}]", asked, text)]


def _ratio(ratio: str, given: dict[str, str], field: str) -> list[fields.Problem]:
    if quantities.compare(ratio, "1") < 0:
        return [fields.invalid(field, ratio, f"ratio {ratio} is less than 1")]
    if "min" in given and "max" in given and quantities.parse(given["min"]):
        most = quantities.parse(given["max"]) / quantities.parse(given["min"])
        if quantities.parse(ratio) > most:
            return [fields.invalid(field, ratio, f"ratio {ratio} is greater than max/min = {float(most):f}")]
    return []


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "metadata", "creationTimestamp", default="")]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Every limit as a row; kubectl shows neither labels nor events here."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.rows(TITLES, _rows(obj), 0)
    return page.text()


def describe_all(page: describing.Page, ranges: Iterable[meta.Object]) -> None:
    """The limits of a namespace in one table."""
    every = list(ranges)
    if not every:
        page.line("No LimitRange resource.")
        return
    page.line("Resource Limits")
    for row in (TITLES, ["-" * len(title) for title in TITLES], *(row for each in every for row in _rows(each))):
        page.line(f" {row[0]}", *row[1:])


def _rows(obj: meta.Object) -> list[list[str]]:
    return [
        [limit.get("type", ""), name, *(_shown(limit.get(part), name) for part in SHOWN)]
        for limit in meta.at(obj, "spec", "limits", default=())
        for name in sorted({name for part in PARTS for name in limit.get(part) or ()})
    ]


def _shown(amounts: dict[str, Any] | None, name: str) -> str:
    return describing.quantity(amounts[name]) if amounts and name in amounts else "-"
