"""ServiceCIDR: a range of Service addresses. Follows pkg/apis/networking/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, gostructs
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column("CIDRs", description="CIDRs defines the IP blocks in CIDR notation from which to assign service cluster IPs."),
    shared.AGE,
)
DUAL = "may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """One or two ranges, of different families; a second one may be added, nothing else changes."""
    ranges = meta.at(new, "spec", "cidrs", default=[])
    if old is None:
        return _ranges(ranges)
    before = meta.at(old, "spec", "cidrs", default=[])
    if len(ranges) != len(before) and (len(before), len(ranges)) != (1, 2):
        return [fields.invalid("spec.cidrs", ranges or None, checks.IMMUTABLE)]
    found = [
        fields.invalid(f"spec.cidrs[{number}]", ranges[number], checks.IMMUTABLE)
        for number, each in enumerate(before)
        if each != ranges[number]
    ]
    return found if len(ranges) == len(before) else found + _ranges(ranges)


def _ranges(ranges: list[str]) -> list[fields.Problem]:
    if not ranges:
        return [fields.required("spec.cidrs", "at least one CIDR required")]
    if len(ranges) > 2:
        shown = gostructs.shown("ServiceCIDRSpec", {"cidrs": ranges})
        return [checks.struct("spec.cidrs", shown, "may only hold up to 2 values")]
    found: list[fields.Problem] = []
    for number, each in enumerate(ranges):
        found += checks.worded(names.exact_cidr, each, f"spec.cidrs[{number}]")
    if len(ranges) == 2 and names.ip_family(ranges[0]) == names.ip_family(ranges[1]) != 0:
        found.append(fields.invalid("spec.cidrs", ranges, DUAL))
    return found


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
