"""Lists: selectors, pages pinned to a revision, and which revision a client may ask for.

Follows apiserver/pkg/registry/generic/registry/store.go (List), apiserver/pkg/storage/{continue,selection_predicate}.go.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options, refusals, rooms, storing
from pkctl.objects import texts
from pkctl.store import base

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects import selectors
    from pkctl.objects.meta import Object

    Test = Callable[[Object], bool]

CHUNK = 500
"""Entries read at a time when a selector leaves a limited page short."""

STALE_TOKEN = (
    "The provided continue parameter is too old to display a consistent list result. "
    "You can start a new list without the continue parameter."
)
ALL_OWN_LABELS = {"jobs.batch": 'field label "{0}" not supported for batchv1.Job'}


class Selection:
    """What a query selects: `test` judges an object, None for all; `texts` are what a stored text must contain to be worth decoding."""

    __slots__ = ("test", "texts")

    def __init__(self, test: Test | None, texts: tuple[str, ...]) -> None:
        self.test, self.texts = test, texts

    def picks(self, obj: Object) -> bool:
        """Whether the object is selected."""
        return self.test is None or self.test(obj)

    def may_pick(self, text: str) -> bool:
        """Whether a stored text can hold a selected object."""
        return all(part in text for part in self.texts)


def selection(row: Row, query: options.Query) -> Selection:
    """A query's selectors; BadRequest for one that can't be read or a field that can't be asked for."""
    if not query.labels and not query.fields:
        return Selection(None, ())
    from pkctl.objects import meta, selectors

    try:
        wanted = selectors.parse(query.labels) if query.labels else None
        asked = selectors.parse_fields(query.fields) if query.fields else []
    except selectors.SelectorError as error:
        raise errors.BadRequest(str(error)) from None
    tests: list[Test] = [_field_test(row, *each) for each in asked]
    if wanted is not None:
        tests.append(lambda obj: wanted.matches(meta.labels(obj)))
    texts = _label_texts(wanted) if wanted is not None and row.storage != "secrets" else ()
    return Selection(tests[0] if len(tests) == 1 else lambda obj: all(test(obj) for test in tests), texts)


def _label_texts(wanted: selectors.Requirements) -> tuple[str, ...]:
    """For plain equalities, the JSON that a matching object's text contains; a shortcut past decoding the others."""
    return tuple(f'"{each.key}":"{each.values[0]}"' for each in wanted.items if each.operator in ("=", "=="))


def _field_test(row: Row, label: str, sign: str, value: str) -> Test:
    read = reader(row, label)
    return (lambda obj: read(obj) == value) if sign == "=" else (lambda obj: read(obj) != value)


def reader(row: Row, label: str) -> Callable[[Object], str]:
    """The function behind a field label; BadRequest when the kind has no such label."""
    if label == "metadata.name":
        return lambda obj: str(obj["metadata"].get("name", ""))
    if label == "metadata.namespace":
        return lambda obj: str(obj["metadata"].get("namespace", ""))
    known: dict[str, Callable[[Object], str]] | None = (rooms.part(row, "FIELDS_OF") or {}).get(row.id) or rooms.part(row, "FIELDS")
    if row.schema is not None:
        from pkctl.api import definitions

        known = definitions.fields(row) or None
    if known and label in known:
        return known[label]
    if not known:
        raise errors.BadRequest(f'"{label}" is not a known field selector: only "metadata.name", "metadata.namespace"')
    raise errors.BadRequest(ALL_OWN_LABELS.get(row.id, "field label not supported: {0}").format(label))


def page(session: Session, row: Row, namespace: str, query: options.Query | None) -> Object:
    """The typed List of what a query selects."""
    query = query or options.Query()
    picked = selection(row, query)
    at, after, revision = _start(session, query)
    prefix = row.key(namespace, "") if namespace or not row.namespaced else row.prefix
    try:
        items, last, is_cut = _collect(session, row, prefix, query.limit, picked, at, after)
        metadata: Object = {"resourceVersion": str(revision)}
        if is_cut:
            metadata["continue"] = _token(revision, last)
            if picked.test is None:
                metadata["remainingItemCount"] = session.tx.count(prefix, at=at, after=last)
    except base.Compacted as gone:
        raise (errors.Expired(STALE_TOKEN) if query.continue_ else refusals.too_old(gone.rev, gone.floor)) from None
    return {"kind": f"{row.kind}List", "apiVersion": row.api_version, "metadata": metadata, "items": items}


def _collect(
    session: Session, row: Row, prefix: str, limit: int, picked: Selection, at: int | None, after: str
) -> tuple[list[Object], str, bool]:
    """The selected objects, the key of the last entry looked at, and whether more may follow."""
    items: list[Object] = []
    while True:
        chunk = max(limit - len(items), CHUNK if picked.test else 0) + 1 if limit else 0
        entries = session.tx.list(prefix, at=at, limit=chunk, after=after)
        for entry in entries:
            if limit and len(items) == limit:
                return items, after, True
            after = entry.key
            if picked.may_pick(entry.text):
                obj = storing.outward(row, session.decode(entry))
                if picked.picks(obj):
                    items.append(obj)
        if not limit or len(entries) < chunk:
            return items, after, False


def _start(session: Session, query: options.Query) -> tuple[int | None, str, int]:
    """(revision to read at or None for now, key to go on after, revision of the answer)."""
    current = session.tx.rev()
    if query.revision or query.match or query.initial is not None:
        from pkctl.api import querying

        querying.check_list(query)
    if query.continue_:
        if query.revision not in ("", "0"):
            raise errors.BadRequest("specifying resource version is not allowed when using continue")
        at, after = _read_token(query.continue_)
        return (None if at == current else at), after, at
    if not query.revision:
        return None, "", current
    wanted = querying.number(query.revision)
    if wanted > current:
        raise refusals.too_large(wanted, current)
    if query.match == "Exact" or (query.limit and not query.match and wanted):
        return (None if wanted == current else wanted), "", wanted
    return None, "", current


def _token(revision: int, after: str) -> str:
    from binascii import b2a_base64

    text = texts.dumps({"v": "pkctl/v1", "rv": revision, "after": after})
    return b2a_base64(text.encode(), newline=False).decode().rstrip("=")


def _read_token(token: str) -> tuple[int, str]:
    from binascii import a2b_base64

    try:
        said: dict[str, Any] = texts.loads(a2b_base64(token + "=" * (-len(token) % 4)).decode())
        return int(said["rv"]), str(said["after"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.BadRequest(f"continue key is not valid: {error}") from None
