"""ClusterRole: what it shares with its sisters is in `rbac`."""

from __future__ import annotations

from pkctl.kinds import checks, describing, rbac
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = rbac.ROLE_COLUMNS


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Every rule."""
    found = rbac.rules(new.get("rules") or (), namespaced=False)
    aggregation = new.get("aggregationRule")
    if aggregation is not None and not aggregation.get("clusterRoleSelectors"):
        found.append(
            fields.required(
                "aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil"
            )
        )
    for number, selector in enumerate((aggregation or {}).get("clusterRoleSelectors") or ()):
        found += checks.selector(selector, f"aggregationRule.clusterRoleSelectors[{number}]")
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return rbac.role_cells(obj)


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """The rules, one resource a line."""
    return rbac.describe_role(obj)
