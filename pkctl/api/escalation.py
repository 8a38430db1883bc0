"""Nobody grants what they do not hold: which rules cover which, and the refusal in the API server's words.

Follows component-helpers/auth/rbac/validation/policy_comparator.go and pkg/registry/rbac/{role,rolebinding}/policybased.
"""

from __future__ import annotations

from pkctl.api import authorizing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Rule = dict[str, Any]

EVERYTHING: tuple[Rule, ...] = (
    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    {"verbs": ["*"], "nonResourceURLs": ["*"]},
)


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
        return any(_covers_url(each, urls[0]) for each in held.get("nonResourceURLs") or ())
    resource, _, subresource = part["resources"][0].partition("/")
    names, asked = held.get("resourceNames"), part.get("resourceNames") or ()
    return (
        _has(held.get("apiGroups"), part["apiGroups"][0])
        and any(authorizing.covers_resource(each, resource, subresource) for each in held.get("resources") or ())
        and (not names or (bool(asked) and set(asked) <= set(names)))
    )


def _has(values: Sequence[str] | None, wanted: str) -> bool:
    return wanted in (values or ()) or "*" in (values or ())


def _covers_url(held: str, asked: str) -> bool:
    return held in ("*", asked) or (held.endswith("*") and asked.startswith(held.rstrip("*")))


def refusal(user: str, groups: Sequence[str], lacking: Iterable[Rule]) -> str:
    """What is told to whoever tries to grant more than they hold."""
    from pkctl.kinds import rbac

    lines = sorted({_shown(rule) for rule in rbac.compact(lacking)})
    said = f'user "{user}" (groups=[{_quoted(groups)}]) is attempting to grant RBAC permissions not currently held:'
    return "\n".join([said, *lines])


def _shown(rule: Rule) -> str:
    titles = ("APIGroups", "Resources", "NonResourceURLs", "ResourceNames", "Verbs")
    fields = ("apiGroups", "resources", "nonResourceURLs", "resourceNames", "verbs")
    parts = [f"{title}:[{_quoted(rule[field])}]" for title, field in zip(titles, fields, strict=True) if rule.get(field)]
    return "{" + ", ".join(parts) + "}"


def _quoted(words: Iterable[str]) -> str:
    import json

    return " ".join(json.dumps(word, ensure_ascii=False) for word in words)
