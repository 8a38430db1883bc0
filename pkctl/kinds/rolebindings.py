"""RoleBinding: what it shares with its sister is in `rbac`."""

from __future__ import annotations

from pkctl.kinds import describing, rbac
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = rbac.BINDING_COLUMNS
default = rbac.default_binding


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """The role, which never changes, and the subjects."""
    return rbac.binding(new, old, ("Role", "ClusterRole"), namespaced=True)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return rbac.binding_cells(obj, now)


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """The role and who has it."""
    return rbac.describe_binding(obj)
