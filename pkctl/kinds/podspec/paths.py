"""Where a pod's files may lie: paths that are relative, never climb, and leave the kubelet's own names alone.

Follows validateLocalDescendingPath and ValidateLocalNonReservedPath in pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem


def descending(value: str, path: str) -> list[Problem]:
    """A relative path that never climbs."""
    problems = [fields.invalid(path, value, "must be a relative path")] if value.startswith("/") else []
    return problems + no_climbing(value, path)


def no_climbing(value: str, path: str) -> list[Problem]:
    """A path without `..`."""
    return [fields.invalid(path, value, "must not contain '..'")] if ".." in value.split("/") else []


def not_reserved(value: str, path: str) -> list[Problem]:
    """A descending path whose first name doesn't begin as the kubelet's own do."""
    problems = descending(value, path)
    if value.startswith("..") and not value.startswith("../"):
        problems.append(fields.invalid(path, value, "must not start with '..'"))
    return problems
