"""Which RBAC rules cover which: pure, for whoever grants rules and whoever reconciles them.

Follows component-helpers/auth/rbac/validation/policy_comparator.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Rule = dict[str, Any]


def missing(held: Iterable[Rule], wanted: Iterable[Rule]) -> list[Rule]:
    """Of the rules wanted, broken down to one verb each, those that no held rule covers; [] when all are held."""
    owned = list(held)
    return [part for rule in wanted for part in simple(rule) if not any(covers(each, part) for each in owned)]


def simple(rule: Rule) -> list[Rule]:
    """One rule for each verb of each group, resource and name, or URL."""
    from pkctl.kinds import rbac

    return [{**part, "verbs": [verb]} for part in rbac.broken_down(rule) for verb in part["verbs"]]


def covers(held: Rule, part: Rule) -> bool:
    """Whether a held rule allows all that a simple one does."""
    (verb,) = part["verbs"]
    if not _has(held.get("verbs"), verb):
        return False
    if urls := part.get("nonResourceURLs"):
        return any(covers_url(each, urls[0]) for each in held.get("nonResourceURLs") or ())
    resource, _, subresource = part["resources"][0].partition("/")
    names, asked = held.get("resourceNames"), part.get("resourceNames") or ()
    return (
        _has(held.get("apiGroups"), part["apiGroups"][0])
        and any(covers_resource(each, resource, subresource) for each in held.get("resources") or ())
        and (not names or (bool(asked) and set(asked) <= set(names)))
    )


def _has(values: Sequence[str] | None, wanted: str) -> bool:
    return wanted in (values or ()) or "*" in (values or ())


def covers_resource(said: str, resource: str, subresource: str) -> bool:
    """`*` is everything, `*/scale` a subresource of everything, `pods/log` one of one kind."""
    whole = f"{resource}/{subresource}" if subresource else resource
    return said in ("*", whole) or (bool(subresource) and said == f"*/{subresource}")


def covers_url(said: str, path: str) -> bool:
    """`*` is every path, and `/api/*` those that begin so."""
    return said in ("*", path) or (said.endswith("*") and path.startswith(said.rstrip("*")))
