"""The client of somebody who is not the cluster's administrator: every call is judged by the cluster's roles before it is made.

As in the API server, authorization is a filter in front of `api/resources`; what a write then grants is judged by admission.
"""

from __future__ import annotations

from pkctl.api import authorizing, resources
from pkctl.client import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.options import Options, Query
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime

    Objects = list[Object]
    Words = list[str]

NAMED = "metadata.name="


class Acting(local.Local):
    """`client.base.Client` for the user that its `Api` names."""

    def get(self, row: Row, namespace: str, name: str, *, subresource: str = "") -> Object:
        """See `Local.get`."""
        self._require("get", row, namespace, name, subresource)
        return super().get(row, namespace, name, subresource=subresource)

    def list(self, row: Row, namespace: str, query: Query | None = None) -> Object:
        """See `Local.list`."""
        self._require("list", row, namespace, _named(query))
        return super().list(row, namespace, query)

    def watch(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """See `Local.watch`."""
        self._require("watch", row, namespace, _named(query))
        return super().watch(row, namespace, query, timeout=timeout)

    def table(self, row: Row, namespace: str, name: str = "", query: Query | None = None, *, subresource: str = "") -> Object:
        """See `Local.table`."""
        self._require("get" if name else "list", row, namespace, name or _named(query), subresource)
        return super().table(row, namespace, name, query, subresource=subresource)

    def create(self, row: Row, namespace: str, obj: Object, options: Options) -> Object:
        """See `Local.create`."""
        name = str((obj.get("metadata") or {}).get("name", "")) if options.subresource else ""
        self._require("create", row, namespace, name, options.subresource)
        return super().create(row, namespace, obj, options)

    def update(self, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
        """See `Local.update`; one that would create needs that right too."""
        self._require("update", row, namespace, name, options.subresource)
        if row.id in resources.CREATED_ON_UPDATE and not options.subresource:
            self._require_if_missing(row, namespace, name)
        return super().update(row, namespace, name, obj, options)

    def patch(self, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> Object:
        """See `Local.patch`; an apply that would create needs that right too."""
        self._require("patch", row, namespace, name, options.subresource)
        if form == "apply":
            self._require_if_missing(row, namespace, name)
        return super().patch(row, namespace, name, form, patch, options)

    def delete(self, row: Row, namespace: str, name: str, options: Options) -> Object:
        """See `Local.delete`."""
        self._require("delete", row, namespace, name)
        return super().delete(row, namespace, name, options)

    def delete_collection(self, row: Row, namespace: str, query: Query, options: Options) -> Object:
        """See `Local.delete_collection`."""
        self._require("deletecollection", row, namespace, _named(query))
        return super().delete_collection(row, namespace, query, options)

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[bytes]:
        """See `Local.logs`."""
        self._require("get", self._pods(), namespace, pod, "log")
        return super().logs(namespace, pod, **options)

    def exec(self, namespace: str, pod: str, container: str, command: Words, *, stdin: bool, tty: bool) -> runtime.Stream:
        """See `Local.exec`."""
        self._require("create", self._pods(), namespace, pod, "exec")
        return super().exec(namespace, pod, container, command, stdin=stdin, tty=tty)

    def attach(self, namespace: str, pod: str, container: str, *, stdin: bool, tty: bool) -> runtime.Stream:
        """See `Local.attach`."""
        self._require("create", self._pods(), namespace, pod, "attach")
        return super().attach(namespace, pod, container, stdin=stdin, tty=tty)

    def dial(self, namespace: str, pod: str, port: int) -> Any:
        """See `Local.dial`."""
        self._require("create", self._pods(), namespace, pod, "portforward")
        return super().dial(namespace, pod, port)

    def stats(self) -> Objects:
        """See `Local.stats`."""
        from pkctl.kinds import table

        self._require("list", table.Row("metrics.k8s.io", "v1beta1", "PodMetrics", "pods"), "")
        return super().stats()

    def _require_if_missing(self, row: Row, namespace: str, name: str) -> None:
        with self._reading() as session:
            if session.tx.get(row.key(namespace, name)) is None:
                authorizing.require(session, "create", row, namespace, name)

    def _require(self, verb: str, row: Row, namespace: str, name: str = "", subresource: str = "") -> None:
        with self._reading() as session:
            authorizing.require(session, verb, row, namespace, name, subresource)


def _named(query: Query | None) -> str:
    """The one name that a query asks for: rules for that name allow it."""
    for part in query.fields.split(",") if query else ():
        if part.startswith(NAMED):
            return part.removeprefix(NAMED).removeprefix("=")
    return ""
