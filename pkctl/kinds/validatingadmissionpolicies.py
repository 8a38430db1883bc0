"""ValidatingAdmissionPolicy: admission evaluates it."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import columns
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (
    shared.NAME,
    columns.Column(
        "Validations", "integer", description="Validations indicates the number of validation rules defined in this configuration"
    ),
    columns.Column("ParamKind", description="ParamKind specifies the kind of resources used to parameterize this policy"),
    shared.AGE,
)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj),
        len(meta.at(obj, "spec", "validations", default=())),
        _kind(meta.at(obj, "spec", "paramKind")),
        shared.age(obj, now),
    ]


def _kind(found: dict[str, Any] | None) -> str:
    return f"{found.get('apiVersion', '')}/{found.get('kind', '')}" if found else "<unset>"
