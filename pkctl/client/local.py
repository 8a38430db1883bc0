"""The client that needs no server: every call is the API in this process, over the cluster's own store.

Containers are reached through the runtime of a pod's node, which the caller provides, as settling and glancing are. Reading logs is
`logs`, joining containers `streams`. Not here: what a verb means (api/resources).
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext

from pkctl.api import resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Any

    from pkctl.api.options import Options, Query
    from pkctl.api.session import Api, Session
    from pkctl.kinds.table import Kinds, Row
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime

    Objects = list[Object]  # the class's own `list` hides the type's name
    Words = list[str]
    Progress = Callable[[str], None]
    Settle = Callable[..., None]


class Local:
    """`client.base.Client` over an `Api`."""

    def __init__(
        self,
        api: Api,
        *,
        settle: Settle,
        glance: Callable[[], None],
        runtime_of: Callable[[str], runtime.Runtime],
        ticking: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self.api = api
        self._ticking = ticking
        self.warn: Callable[[str], None] = lambda _: None
        self._settle, self._glance, self._runtime_of = settle, glance, runtime_of
        self._batch: Session | None = None
        api.warn = lambda text: self.warn(text)

    def kinds(self) -> Kinds:
        """Every kind served now."""
        with self._reading() as session:
            return session.kinds()

    def get(self, row: Row, namespace: str, name: str, *, subresource: str = "") -> Object:
        """One object; NotFound."""
        with self._reading() as session:
            return resources.get(session, row, namespace, name, subresource=subresource)

    def list(self, row: Row, namespace: str, query: Query | None = None) -> Object:
        """A typed List."""
        with self._reading() as session:
            return resources.list_(session, row, namespace, query)

    def watch(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """Events; see `resources.watch`."""
        return resources.watch(self.api, row, namespace, query, timeout)

    def table(self, row: Row, namespace: str, name: str = "", query: Query | None = None, *, subresource: str = "") -> Object:
        """The Table of a list, or of one object, or of a subresource of it."""
        from pkctl.api import tables

        now = self.api.sources.now()
        with self._reading() as session:
            if name:
                obj = resources.get(session, row, namespace, name, subresource=subresource)
                return tables.table(row, [obj], now, query, subresource=subresource)
            found = resources.list_(session, row, namespace, query)
        return tables.table(row, found["items"], now, query, found["metadata"])

    def watch_table(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """Events with Tables of one row for objects; a bookmark's Table has none, an error stays a Status."""
        from pkctl.api import tables

        for event in self.watch(row, namespace, query, timeout=timeout):
            obj = event["object"]
            if event["type"] != "ERROR":
                shown = [] if event["type"] == "BOOKMARK" else [obj]
                version = {"resourceVersion": obj["metadata"]["resourceVersion"]}
                obj = tables.table(row, shown, self.api.sources.now(), query, version)
            yield {"type": event["type"], "object": obj}

    def create(self, row: Row, namespace: str, obj: Object, options: Options) -> Object:
        """The object as stored."""
        with self._writing() as session:
            return resources.create(session, row, namespace, obj, options)

    def update(self, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
        """Replace."""
        with self._writing() as session:
            return resources.update(session, row, namespace, name, obj, options)

    def patch(self, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> Object:
        """Patch in one of four forms."""
        with self._writing() as session:
            return resources.patch(session, row, namespace, name, form, patch, options)

    def delete(self, row: Row, namespace: str, name: str, options: Options) -> Object:
        """The object while it lingers, else a Status."""
        with self._writing() as session:
            return resources.delete(session, row, namespace, name, options)

    def delete_collection(self, row: Row, namespace: str, query: Query, options: Options) -> Object:
        """Delete what a query lists."""
        with self._writing() as session:
            return resources.delete_collection(session, row, namespace, query, options)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Writes inside share one transaction; one that raises undoes only itself. A batch within a batch is part of it."""
        if self._batch is not None:
            yield
            return
        with self.api.writing() as session:
            self._batch = session
            try:
                yield
            finally:
                self._batch = None

    def settle(self, *, timeout: float | None = None, patience: float | None = None, progress: Progress | None = None) -> None:
        """Bring about what is due."""
        self._settle(timeout=timeout, patience=patience, progress=progress)

    def ticking(self) -> AbstractContextManager[None]:
        """The cluster goes on while the block lasts."""
        return self._ticking()

    def glance(self) -> None:
        """Look at the nodes before a read."""
        self._glance()

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[bytes]:
        """Log lines; see `logs.lines`."""
        from pkctl.client import logs, streams

        found = self.get(self._pods(), namespace, pod)
        with streams.reaching(found):
            return streams.reached(found, logs.lines(found, self._runtime_of, self.api.sources.now(), **options))

    def exec(self, namespace: str, pod: str, container: str, command: Words, *, stdin: bool, tty: bool) -> runtime.Stream:
        """Run a command in a container."""
        from pkctl.client import streams

        found = self.get(self._pods(), namespace, pod)
        name = streams.container(found, container)
        self._connect(namespace, pod, "exec", container=container, command=command, stdin=stdin, stdout=True, stderr=not tty, tty=tty)
        with streams.reaching(found):
            return streams.node(found, self._runtime_of).exec(found, name, command, stdin=stdin, tty=tty)

    def attach(self, namespace: str, pod: str, container: str, *, stdin: bool, tty: bool) -> runtime.Stream:
        """Join a container's own process."""
        from pkctl.client import streams

        found = self.get(self._pods(), namespace, pod)
        name = streams.container(found, container)
        self._connect(namespace, pod, "attach", container=container, stdin=stdin, stdout=True, stderr=not tty, tty=tty)
        with streams.reaching(found):
            return streams.node(found, self._runtime_of).attach(found, name, stdin=stdin, tty=tty)

    def dial(self, namespace: str, pod: str, port: int) -> Any:
        """A connected socket to a pod's port."""
        from pkctl.client import streams

        found = self.get(self._pods(), namespace, pod)
        self._connect(namespace, pod, "portforward", ports=[port])
        with streams.reaching(found):
            return streams.node(found, self._runtime_of).dial(found, port)

    def stats(self) -> Objects:
        """PodMetrics and NodeMetrics."""
        from pkctl.client import metrics

        with self._reading() as session:
            pods, nodes = session.read_all("pods"), session.read_all("nodes")
        return metrics.measured(self.api.sources, nodes, pods, self._runtime_of)

    def raw(self, method: str, uri: str, body: str = "", *, timeout: float | None = None) -> Iterator[bytes]:
        """The answer of a REST request; see `raw.answer`."""
        from pkctl.client import raw

        return raw.answer(self, method, uri, body, timeout=timeout)

    def version(self) -> dict[str, str]:
        """The server's version.Info."""
        from pkctl.api import discovery

        return discovery.version()

    def close(self) -> None:
        """Let go of the store."""
        self.api.store.close()

    def _connect(self, namespace: str, pod: str, subresource: str, **chosen: Any) -> None:
        """Let the cluster's policies judge a stream before it is opened."""
        from pkctl.api import connecting

        with self._reading() as session:
            connecting.admit(session, namespace, pod, subresource, **chosen)

    def _pods(self) -> Row:
        from pkctl.kinds import table

        row = table.BUILTIN.by_id("pods")
        assert row is not None
        return row

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        if self._batch is not None:
            yield self._batch
            return
        with self.api.reading() as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        if self._batch is None:
            with self.api.writing() as session:
                yield session
            return
        with self._batch.attempt():
            yield self._batch
