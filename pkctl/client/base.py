"""The client's protocol: everything the commands and the screens know of a cluster.

`row` is a `kinds.table.Row`. Objects given are never changed, objects returned are the caller's to read, not to write.
Every call raises `errors.StatusError`, and gives texts for the user's eyes (Warning headers) to `warn`, set by the caller.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Any, Protocol

    from pkctl.api.options import Options, Query
    from pkctl.kinds.table import Kinds, Row
    from pkctl.runtime import base as runtime

    Object = dict[str, Any]
    Objects = list[Object]  # the protocol's own `list` hides the type's name
    Words = list[str]
else:
    Protocol = object


class Client(Protocol):
    """One cluster, as one user sees it."""

    warn: Callable[[str], None]

    def kinds(self) -> Kinds:
        """Every kind served now, custom ones included."""

    def get(self, row: Row, namespace: str, name: str, *, subresource: str = "") -> Object:
        """One object; NotFound."""

    def list(self, row: Row, namespace: str, query: Query | None = None) -> Object:
        """A typed List (PodList); namespace "" is every namespace, or none for a cluster-scoped kind."""

    def watch(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """{"type", "object"} events after `query.revision` ("" or "0": ADDED for what there is first); ends after `timeout` seconds.

        Yields {"type": "BOOKMARK", …} at least once a second while nothing happens, so that a caller can look up."""

    def table(self, row: Row, namespace: str, name: str = "", query: Query | None = None, *, subresource: str = "") -> Object:
        """The server-shaped Table (meta.k8s.io/v1) of a list, or of one object when `name` is given."""

    def watch_table(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """As `watch`, with Tables of one row for objects."""

    def create(self, row: Row, namespace: str, obj: Object, options: Options) -> Object:
        """The object as stored; `options.subresource` with `obj.metadata.name` for eviction, binding, token."""

    def update(self, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
        """Replace; Conflict when the object carries a resourceVersion that is no longer current."""

    def patch(self, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> Object:
        """`form` is "strategic", "merge", "json" or "apply" (server-side)."""

    def delete(self, row: Row, namespace: str, name: str, options: Options) -> Object:
        """What the API answers: the object while it lingers, else a Status."""

    def delete_collection(self, row: Row, namespace: str, query: Query, options: Options) -> Object:
        """Delete what a query lists."""

    def batch(self) -> AbstractContextManager[None]:
        """Writes inside share one transaction where the cluster can do that: show their results only after the block. One that
        raises undoes only itself."""

    def settle(self, *, timeout: float | None = None, patience: float | None = None, progress: Callable[[str], None] | None = None) -> None:
        """Bring about what is due and wait for it, unless somebody else (a daemon, a server) does.

        Processes that have been told to stop are waited for `patience` seconds; then a process in the background goes on with the rest.
        """

    def ticking(self) -> AbstractContextManager[None]:
        """The cluster goes on while the block lasts, as a daemon would have it, unless somebody else sees to that."""

    def glance(self) -> None:
        """Before a read: look at the local node, and at remote ones when their last look is old; never blocks on a dead node."""

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[bytes]:
        """Log lines; options are PodLogOptions in snake case: container follow previous since_seconds since_time timestamps
        tail_lines limit_bytes; and `stop`, an Event: once it is set, by whatever thread, following ends."""

    def exec(self, namespace: str, pod: str, container: str, command: Words, *, stdin: bool, tty: bool) -> runtime.Stream:
        """Run a command in a container of a pod."""

    def attach(self, namespace: str, pod: str, container: str, *, stdin: bool, tty: bool) -> runtime.Stream:
        """Join a container's own process."""

    def dial(self, namespace: str, pod: str, port: int) -> Any:
        """A connected socket to a pod's port."""

    def stats(self) -> Objects:
        """PodMetrics and NodeMetrics objects (metrics.k8s.io/v1beta1), as `top` shows them."""

    def raw(self, method: str, uri: str, body: str = "", *, timeout: float | None = None) -> Iterator[bytes]:
        """The pieces of what the API answers a REST request; a watch goes on until `timeout`, or the request's own."""

    def version(self) -> dict[str, str]:
        """The server's version.Info."""

    def close(self) -> None:
        """Let go of the cluster."""
