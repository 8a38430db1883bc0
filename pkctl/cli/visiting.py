"""What a verb acts on: one object, named by words or read from a file. Upstream: cli-runtime's resource.Info."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]


TYPED = (
    "attach",
    "cordon",
    "debug",
    "drain",
    "exec",
    "expose",
    "logs",
    "port-forward",
    "rollout",
    "set",
    "taint",
    "uncordon",
)
"""Commands that know only the kinds which kubectl itself is made of."""


class Visit:
    """One object that a verb is to act on; `obj` is None until fetched, `source` the file it came from."""

    __slots__ = ("name", "namespace", "obj", "row", "source")

    def __init__(self, row: table.Row, namespace: str, name: str, obj: Object | None = None, source: str = "") -> None:
        self.row, self.namespace, self.name, self.obj, self.source = row, namespace if row.namespaced else "", name, obj, source

    def need_path(self, verb: str) -> None:
        """Raise when there is nothing to ask for: no name, or no version, in which case a server knows no such path."""
        if not self.name and verb != "post":
            raise errors.CommandError("resource name may not be empty")
        if not self.row.version:
            raise self.unserved(verb)

    def unserved(self, verb: str) -> errors.NotFound:
        """What a server says of a path that it does not know."""
        name = f" {self.name}" if verb != "post" else ""
        return errors.NotFound(f"the server could not find the requested resource ({verb} {self.row.plural}{name})")

    def fetch(self, ctx: Context, subresource: str = "") -> Object:
        """The object as it is now, or a subresource of it; raises for a kind that the command has no type of."""
        self.obj = self.asked(ctx, lambda: ctx.client.get(self.row, self.namespace, self.name, subresource=subresource), subresource)
        need_type(ctx, self.row)
        return self.obj

    def asked(self, ctx: Context, ask: Callable[[], Object], subresource: str = "") -> Object:
        """What `ask` gets of the object, which has no namespace when it is a file's and all are asked for."""
        if self.row.namespaced and not self.namespace:
            place = f"{self.row.group}/{self.row.version}, Resource={self.row.plural}"
            raise errors.CommandError(f'no namespace set on resource {place} "{self.name}"')
        self.need_path("get")
        try:
            if subresource == "log" and self.row.id == "pods":
                next(iter(ctx.client.logs(self.namespace, self.name, container="")), b"")
                raise errors.CommandError("serializer for text/plain doesn't exist")
            return ask()
        except errors.NotFound:
            self._need_namespace(ctx)
            raise

    def _need_namespace(self, ctx: Context) -> None:
        """Raise NotFound for the namespace when it is that which is not there; `default` is not asked about."""
        row = ctx.kinds().by_id("namespaces") if self.namespace not in ("", "default") else None
        if row is not None:
            ctx.client.get(row, "", self.namespace)

    def shown(self) -> str:
        """`deployment.apps/web`, as names are printed."""
        return f"{shown_kind(self.row)}/{self.name}"


def shown_kind(row: table.Row) -> str:
    """`deployment.apps`, `pod`."""
    kind = row.kind.lower()
    return f"{kind}.{row.group}" if row.group else kind


def is_typed(ctx: Context) -> bool:
    """Whether the command knows only the kinds which kubectl itself is made of."""
    return ctx.path.split()[0] in TYPED


def need_type(ctx: Context, row: table.Row, suffix: str = "") -> None:
    """Raise for a kind, or with "List" for a list of it, when the command has no types but kubectl's own."""
    if is_typed(ctx) and (row.schema is not None or row.group in SERVERS):
        raise errors.CommandError(untyped(row.kind + suffix, row.api_version, SCHEMES.get(ctx.path, SCHEME)))


SERVERS = ("apiextensions.k8s.io", "apiregistration.k8s.io")
"""Groups whose types the servers behind them have, and kubectl has not."""

SCHEME = "pkg/scheme/scheme.go:28"
SCHEMES = {"port-forward": "k8s.io/client-go/kubernetes/scheme/register.go:82"}
"""Where kubectl keeps its types, and where commands find them that look elsewhere."""


def untyped(kind: str, version: str, scheme: str = SCHEME) -> str:
    """What kubectl says of a kind that it has no type of."""
    return f'no kind "{kind}" is registered for version "{version}" in scheme "{scheme}"'
