"""An object's metadata and conditions, read without asking first whether each level is there.

Nothing here changes what it is given; `clone` is how to get something to change.
"""

# No `from __future__ import annotations` here: it would hide this module's own `annotations` from type checkers.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]


def clone(value: "Any") -> "Any":
    """A deep copy of JSON data."""
    if isinstance(value, dict):
        return {key: clone(each) if isinstance(each, (dict, list)) else each for key, each in value.items()}
    if isinstance(value, list):
        return [clone(each) if isinstance(each, (dict, list)) else each for each in value]
    return value


def at(obj: "Any", *path: str | int, default: "Any" = None) -> "Any":
    """The value under a path of keys and indexes; `default` where a level is missing or None."""
    for step in path:
        try:
            obj = obj[step]
        except (KeyError, IndexError, TypeError):
            return default
    return default if obj is None else obj


def name(obj: "Object") -> str:
    """metadata.name."""
    return str(at(obj, "metadata", "name", default=""))


def namespace(obj: "Object") -> str:
    """metadata.namespace, empty for a cluster-scoped object."""
    return str(at(obj, "metadata", "namespace", default=""))


def uid(obj: "Object") -> str:
    """metadata.uid."""
    return str(at(obj, "metadata", "uid", default=""))


def key(obj: "Object") -> tuple[str, str]:
    """(namespace, name)."""
    return namespace(obj), name(obj)


def labels(obj: "Object") -> dict[str, str]:
    """metadata.labels."""
    found: dict[str, str] = at(obj, "metadata", "labels", default={})
    return found


def annotations(obj: "Object") -> dict[str, str]:
    """metadata.annotations."""
    found: dict[str, str] = at(obj, "metadata", "annotations", default={})
    return found


def revision(obj: "Object") -> int:
    """metadata.resourceVersion as a number, 0 when there is none."""
    return int(at(obj, "metadata", "resourceVersion", default=0) or 0)


def created(obj: "Object") -> float | None:
    """metadata.creationTimestamp in epoch seconds."""
    from pkctl.objects import times

    text = at(obj, "metadata", "creationTimestamp")
    return times.parse(text) if text else None


def is_deleting(obj: "Object") -> bool:
    """Whether the object is on its way out."""
    return bool(at(obj, "metadata", "deletionTimestamp"))


def condition(obj: "Object", type: str) -> "Object | None":
    """The condition of that type in status.conditions."""
    for each in at(obj, "status", "conditions", default=()):
        if each.get("type") == type:
            found: Object = each
            return found
    return None


def is_true(obj: "Object", type: str) -> bool:
    """Whether the condition of that type is there and True."""
    found = condition(obj, type)
    return found is not None and found.get("status") == "True"
