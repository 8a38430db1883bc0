"""ResourceQuota. Counting what is used is admission's and a controller's, not this room's.

Follows ValidateResourceQuota in pkg/apis/core/validation of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

DESCRIPTIONS = {
    "BestEffort": "Matches all pods that do not have resource requirements set. These pods have a best effort quality of service.",
    "CrossNamespacePodAffinity": "",
    "NotBestEffort": "Matches all pods that have at least one resource requirement set. These pods have a burstable or guaranteed "
    "quality of service.",
    "NotTerminating": "Matches all pods that do not have an active deadline. These pods usually include long running pods whose "
    "container command is not expected to terminate.",
    "Terminating": "Matches all pods that have an active deadline. These pods have a limited lifespan on a node before being actively "
    "terminated by the system.",
}
COLUMNS = (
    shared.NAME,
    columns.Column("Request", description="Request represents a minimum amount of cpu/memory that a container may consume."),
    columns.Column("Limit", description="Limits control the maximum amount of cpu/memory that a container may use."),
    shared.AGE,
)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Status has its own subresource."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """See `rules.resourcequotas`."""
    from pkctl.kinds.rules import resourcequotas as rules

    return rules.validate(new, old)


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """See `rules.resourcequotas`."""
    from pkctl.kinds.rules import resourcequotas as rules

    status = new.get("status") or {}
    return [problem for part in ("hard", "used") for problem in rules.amounts(status.get(part), f"status.{part}")]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    request: list[str] = []
    limit: list[str] = []
    hard, used = (meta.at(obj, "status", part, default={}) for part in ("hard", "used"))
    for name in sorted(hard):
        text = f"{name}: {describing.quantity(used.get(name))}/{describing.quantity(hard[name])}"
        (limit if name.startswith("limits.") else request).append(text)
    return [meta.name(obj), ", ".join(request), ", ".join(limit), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Used against hard; kubectl shows no events here."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    _describe_scopes(page, obj, 0, " * ")
    page.rows(("Resource", "Used", "Hard"), _amounts(obj), 0)
    return page.text()


def describe_all(page: describing.Page, quotas: Iterable[meta.Object]) -> None:
    """The quotas of a namespace, one table each."""
    every = sorted(quotas, key=meta.name)
    page.line("Resource Quotas" if every else "No resource quota.")
    for quota in every:
        page.field("Name", meta.name(quota), 1)
        _describe_scopes(page, quota, 1, "* ")
        page.rows(("Resource", "Used", "Hard"), _amounts(quota), rules=("--------", "---", "---"))


def _describe_scopes(page: describing.Page, obj: meta.Object, level: int, bullet: str) -> None:
    scopes = sorted(meta.at(obj, "spec", "scopes", default=()))
    if scopes:
        page.field("Scopes", ", ".join(scopes), level)
    for scope in scopes:
        if scope in DESCRIPTIONS:
            page.line(f"{bullet}{DESCRIPTIONS[scope]}", level=level)


def _amounts(obj: meta.Object) -> list[tuple[str, str, str]]:
    hard, used = (meta.at(obj, "status", part, default={}) for part in ("hard", "used"))
    return [(name, describing.quantity(used.get(name)), describing.quantity(hard[name])) for name in sorted(hard)]
