"""Role: what it shares with its sisters is in `rbac`."""

from __future__ import annotations

from pkctl.kinds import describing, rbac
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = rbac.ROLE_COLUMNS


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Every rule."""
    return rbac.rules(new.get("rules") or (), namespaced=True)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return rbac.role_cells(obj)


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """The rules, one resource a line."""
    return rbac.describe_role(obj)
