"""What a controller is given (a View) and what it gives back (a Plan).

`reconcile(view, key) -> Plan` is called with a key `(namespace, name)` of the controller's own kind, again and again, until
nothing is left to do: it must derive everything from the view, and writing the same thing twice must be harmless. A raised
exception backs off that key alone. Kinds are named by their id: `pods`, `deployments.apps`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Protocol

    from pkctl.kinds import table

    Object = dict[str, Any]
    Objects = list[Object]
    Key = tuple[str, str]
else:
    Protocol = object


class View(Protocol):
    """The cluster as of one instant, inside the transaction the plan will be applied in. Objects in it are read-only."""

    now: float
    """Epoch seconds; the only clock a controller may use."""

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        """The object, or None."""

    def list(self, kind: str, namespace: str | None = None) -> Objects:
        """All objects of a kind, in one namespace or (None) in all, by key."""

    def owned(self, kind: str, owner: Object) -> Objects:
        """The objects of a kind whose controlling owner is `owner`, by uid."""

    def suffix(self) -> str:
        """Five characters for a generated name."""

    def memo(
        self,
        name: str,
        kinds: tuple[str, ...],
        build: Callable[[], Any],
        follow: Callable[[Any, Object | None, Object | None], None] | None = None,
    ) -> Any:
        """What `build` gave when last asked under this name, until an object of one of `kinds` changes (all of which `build` lists).

        With `follow` it is kept instead, and told every change as follow(value, old, new), to bring the value up to date in place.
        """

    def kinds(self) -> table.Kinds:
        """Every kind served now, custom ones included."""

    def notes(self, name: str) -> dict[str, Any]:
        """A note left by an earlier Plan under this name, `{}` when there is none."""

    def authority(self) -> str:
        """The certificate of the cluster's own authority, as PEM; "" in a hollow cluster that never needed one."""

    def certify(self, request: Object) -> str:
        """The certificate, as PEM, for a CertificateSigningRequest; ValueError when the request can't be read."""

    def token(self, account: Object, seconds: int, audiences: Sequence[str] = (), bound: Object | None = None) -> str:
        """A token of a ServiceAccount's, bound to a Pod."""

    def lasting_token(self, account: Object, secret: Object) -> str:
        """The token that a Secret keeps for a ServiceAccount, valid as long as both are there."""


class Write:
    """One write a plan asks for.

    `verb` is create, update (spec and metadata), status, or delete. `obj` is the whole object to be (create, update, status: a
    clone; with a resourceVersion only the object as read is replaced, without one whatever is there), or what to delete.
    `options` are those of `api.options.Options`: for delete `grace` seconds and `propagation`; for update `subresource` (`status`,
    for metadata that goes with it; `finalize` of a Namespace; `binding` of a Pod, which takes over spec.nodeName and the condition
    PodScheduled).
    """

    __slots__ = ("kind", "obj", "options", "verb")

    def __init__(self, verb: str, kind: str, obj: Object, **options: Any) -> None:
        self.verb, self.kind, self.obj, self.options = verb, kind, obj, options


class Event:
    """One line of `kubectl get events`: about `obj`, `type` Normal or Warning, with kubectl's own reasons and messages.

    `field` is a part of the object (`spec.containers{web}`), `host` the node it happened on.
    """

    __slots__ = ("field", "host", "message", "obj", "reason", "source", "type")

    def __init__(self, obj: Object, type: str, reason: str, message: str, source: str = "", *, field: str = "", host: str = "") -> None:
        self.obj, self.type, self.reason, self.message = obj, type, reason, message
        self.source, self.field, self.host = source, field, host


class Plan:
    """What should happen now, and how many seconds later to ask again (None: only when something changes)."""

    __slots__ = ("again_after", "events", "notes", "writes")

    def __init__(
        self,
        writes: Iterable[Write] = (),
        events: Iterable[Event] = (),
        again_after: float | None = None,
        notes: dict[str, dict[str, Any] | None] | None = None,
    ) -> None:
        self.writes, self.events, self.again_after, self.notes = list(writes), list(events), again_after, notes or {}
