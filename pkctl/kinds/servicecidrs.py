"""ServiceCIDR: a range of Service addresses."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns, describing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("CIDRs", description="CIDRs defines the IP blocks in CIDR notation from which to assign service cluster IPs."),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), ",".join(meta.at(obj, "spec", "cidrs", default=())), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Its blocks and conditions."""
    page = describing.begin(obj, namespace=False)
    page.field("CIDRs", ", ".join(meta.at(obj, "spec", "cidrs", default=())))
    if meta.at(obj, "status", "conditions"):
        page.line("Status:")
    describing.conditions(page, obj, ("Type", "Status", "LastTransitionTime", "Reason", "Message"), gap=())
    return describing.end(page, obj, reader)
