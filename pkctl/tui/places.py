"""Where a browser is: a kind, a namespace, what narrows it. And what a typed command makes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkctl import errors
from pkctl.api import options

if TYPE_CHECKING:
    from pkctl.kinds import table

FIRST = ("pods", "deployments", "services", "namespaces", "nodes", "events", "statefulsets", "configmaps", "secrets", "replicasets")
"""What is suggested before the rest of the alphabet."""

QUIT = ("q", "q!", "qa", "quit", "exit")
HELP = ("?", "h", "help")


class Place:
    """A kind in a namespace ("" for all), narrowed by a label or field selector when drilled into; `title` says by what."""

    def __init__(self, row: table.Row, namespace: str, *, labels: str = "", fields: str = "", title: str = "", sought: str = "") -> None:
        self.row, self.namespace, self.labels, self.fields = row, namespace, labels, fields
        self.title, self.sought = title, sought

    def query(self) -> options.Query:
        """The place's selectors as a query."""
        return options.Query(labels=self.labels, fields=self.fields)

    def shown(self) -> str:
        """`Deployments(demo)`."""
        where = f"({self.namespace or 'all'})" if self.row.namespaced else ""
        return f"{self.row.plural.capitalize()}{where}"


def words(kinds: table.Kinds) -> list[str]:
    """What may be typed after the colon: plurals and short names of what can be listed, the common ones first."""
    rows = [row for row in kinds if "list" in row.verbs]
    rows.sort(key=lambda row: (FIRST.index(row.plural) if row.plural in FIRST else len(FIRST), row.plural))
    found = [word for row in rows for word in (row.plural, *row.short)]
    return list(dict.fromkeys([*found, *QUIT[:1], *HELP[2:]]))


def parse(text: str, kinds: table.Kinds, now: Place) -> Place:
    """Where `KIND [NAMESPACE] [LABEL=VALUE] [/FILTER]` or `ns NAME` leads; CommandError for what is no kind."""
    word, *rest = text.split()
    row = kinds.find(word)
    if row is None or "list" not in row.verbs:
        raise errors.CommandError(f'the server doesn\'t have a resource type "{word}"')
    if row.id == "namespaces" and rest:
        return Place(now.row, "" if rest[0] == "all" else rest[0])
    place = Place(row, now.namespace)
    for each in rest:
        if each.startswith("/"):
            place.sought = each[1:]
        elif "=" in each:
            place.labels = each
            place.title = f"with {each}"
        else:
            place.namespace = "" if each == "all" else each
    return place
