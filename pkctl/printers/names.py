"""What `-o name` and the line a write ends with call an object: `kind.group/name`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def name(kind: str, group: str, object_name: str) -> str:
    """`pod/x`, `deployment.apps/web`."""
    return f"{kind.lower()}.{group}/{object_name}" if group else f"{kind.lower()}/{object_name}"


def of(obj: Any) -> str:
    """The name of an object that says its own apiVersion and kind; `<unknown>` stands for a missing name."""
    group, slash, _ = (obj.get("apiVersion") or "").partition("/")
    return name(obj["kind"], group if slash else "", (obj.get("metadata") or {}).get("name") or "<unknown>")
