"""Nobody grants what they do not hold: the refusal in the API server's words. Which rules cover which is kinds/rbaccovering.

Follows pkg/registry/rbac/validation/rule.go.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Rule = dict[str, Any]

EVERYTHING: tuple[Rule, ...] = (
    {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
    {"verbs": ["*"], "nonResourceURLs": ["*"]},
)


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
