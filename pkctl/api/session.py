"""A cluster's API and one transaction of it: reading and writing objects, the kinds served now, the cluster's settings.

What a verb means is `resources`; this is what every verb stands on. Not here: what a fresh cluster holds and which kinds
definitions add (`opening`).
"""

from __future__ import annotations

from contextlib import contextmanager

from pkctl.api import sizes
from pkctl.kinds import table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from pkctl.objects import sources as source_module
    from pkctl.objects.meta import Object
    from pkctl.store import base

    Sealer = Any

SEALED = ("secrets/", "keys/")
"""Prefixes of keys whose texts are sealed at rest: Secrets, and the cluster's own keys."""

CUSTOM = "customresourcedefinitions.apiextensions.k8s.io/"
SETTINGS = "cluster"
"""The mark that holds the cluster's settings, as JSON."""

USER = "pkctl-admin"
GROUPS = ("system:masters", "system:authenticated")


class Api:
    """One cluster, as one user sees it: whoever opens its store is its administrator, unless `user` and `groups` say otherwise.

    `claims` are what else is said of the user, `uid` and `extra`, as UserInfo has them.
    `fill` gives an empty store its first objects, `served` finds the kinds served when there are definitions of custom ones.
    `sealer` makes (once) what seals secrets, `warn` takes texts for the user, a `hollow` cluster starts with less.
    """

    def __init__(
        self,
        store: base.Store,
        *,
        sources: source_module.Sources,
        fill: Callable[[Session], None],
        served: Callable[[Session], table.Kinds],
        sealer: Callable[[], Sealer] | None = None,
        warn: Callable[[str], None] | None = None,
        user: str = USER,
        groups: Sequence[str] = GROUPS,
        claims: Mapping[str, Any] | None = None,
        hollow: bool = False,
    ) -> None:
        self.store, self.sources, self.user, self.groups, self.hollow = store, sources, user, tuple(groups), hollow
        self.claims = dict(claims or {})
        self.warn = warn or (lambda _: None)
        self._fill, self.served = fill, served
        self._make_sealer = sealer
        self._sealer: Sealer | None = None
        self._is_begun = False
        self._settings: dict[str, Any] | None = None
        self.custom: tuple[Any, table.Kinds] = (None, table.BUILTIN)
        self.policies: dict[str, dict[str, Any]] = {}

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A consistent look at the cluster."""
        self._begin()
        with self.store.snapshot() as reader:
            yield Session(self, reader)

    @contextmanager
    def writing(self, *, durable: bool = True, quiet: bool = False) -> Iterator[Session]:
        """A write transaction: everything in it commits together, or nothing when the block raises.

        `quiet`: no user asked, so none is warned.
        """
        self._begin()
        with self.store.write(durable=durable) as transaction:
            yield Session(self, transaction, quiet=quiet)

    def decode(self, entry: base.Entry) -> Object:
        """The object of an entry, with its resourceVersion."""
        text = self.sealer.open(entry.key, entry.text) if entry.key.startswith(SEALED) else entry.text
        obj: Object = texts.loads(text)
        obj["metadata"]["resourceVersion"] = str(entry.rev)
        return obj

    def encode(self, key: str, obj: Object) -> str:
        """The text to store for an object: compact JSON without what only the answer carries; a StatusError when it is too large."""
        metadata = {field: value for field, value in obj["metadata"].items() if field not in ("resourceVersion", "selfLink")}
        text = sizes.kept(texts.dumps({**obj, "metadata": metadata}))
        return self.sealer.seal(key, text) if key.startswith(SEALED) else text

    @property
    def sealer(self) -> Sealer:
        """What seals and opens secrets; without one, their texts stay as they are."""
        if self._sealer is None:
            self._sealer = self._make_sealer() if self._make_sealer else _Open()
        return self._sealer

    def settings(self, session: Session) -> dict[str, Any]:
        """The cluster's settings: `id`, `podCIDR`, `serviceCIDR`."""
        if self._settings is None:
            self._settings = texts.loads(session.tx.mark(SETTINGS) or "{}")
        return self._settings

    def set_settings(self, session: Session, settings: dict[str, Any]) -> None:
        """Keep a new cluster's settings."""
        import json

        session.tx.set_mark(SETTINGS, json.dumps(settings, separators=(",", ":")))
        self._settings = None

    def _begin(self) -> None:
        """Give an empty store a fresh cluster's objects."""
        if self._is_begun:
            return
        if self.store.rev() == 0:
            with self.store.write() as transaction:
                if transaction.rev() == 0:
                    self._fill(Session(self, transaction, quiet=True))
        self._is_begun = True


class Session:
    """One transaction; `tx` is the store's reader or transaction, `notes` what steps derived in it and may use again."""

    __slots__ = ("_kinds", "_quiet", "api", "notes", "tx")

    def __init__(self, api: Api, tx: Any, *, quiet: bool = False) -> None:
        self.api, self.tx, self._quiet = api, tx, quiet
        self.notes: dict[str, Any] = {}
        self._kinds: table.Kinds | None = None

    def kinds(self) -> table.Kinds:
        """Every kind served now, custom ones included."""
        if self._kinds is None:
            self._kinds = self._read_kinds()
        return self._kinds

    def forget(self) -> None:
        """Derive again what was derived: a write was undone, or definitions of kinds or what notes are about have changed."""
        self._kinds = None
        self.notes.clear()

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """An inner scope: an exception that leaves it undoes what was written in it."""
        try:
            with self.tx.savepoint():
                yield
        except BaseException:
            self.forget()
            raise

    def row(self, id: str) -> table.Row:
        """The row of a built-in kind that we ask for ourselves."""
        found = self.kinds().by_id(id)
        if found is None:
            raise KeyError(f"no kind {id!r} is served")
        return found

    def decode(self, entry: base.Entry) -> Object:
        """See `Api.decode`."""
        return self.api.decode(entry)

    def read(self, id: str, namespace: str, name: str) -> Object | None:
        """One object of a kind id, or None."""
        entry = self.tx.get(self.row(id).key(namespace, name))
        return self.api.decode(entry) if entry else None

    def read_all(self, id: str, namespace: str = "") -> list[Object]:
        """Every object of a kind id, in one namespace or in all."""
        row = self.row(id)
        return [self.api.decode(entry) for entry in self.tx.list(row.key(namespace, "") if namespace else row.prefix)]

    @property
    def is_quiet(self) -> bool:
        """Whether no user is there to be warned."""
        return self._quiet

    def warn(self, text: str) -> None:
        """A text for the user's eyes."""
        if not self._quiet:
            self.api.warn(text)

    def warn_of(self, row: table.Row) -> None:
        """Say that a kind, or this version of a custom kind, is deprecated, if it is."""
        form: dict[str, Any] = getattr(row, "form", {})
        if row.id in table.DEPRECATED:
            self.warn(table.DEPRECATED[row.id])
        elif form.get("deprecated"):
            self.warn(form.get("deprecationWarning") or f"{row.api_version} {row.kind} is deprecated")

    def _read_kinds(self) -> table.Kinds:
        return self.api.served(self) if self.tx.count(CUSTOM) else table.BUILTIN


class _Open:
    """No sealing at all."""

    def seal(self, _key: str, text: str) -> str:
        return text

    def open(self, _key: str, text: str) -> str:
        return text

    def can_open(self, _text: str) -> bool:
        return True
