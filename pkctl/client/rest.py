"""The REST request that a call of a client stands for: method, path, query, what it accepts and its body. Pure.

Follows client-go's rest/request.go and cli-runtime's resource/helper.go. Not here: what answers it (`raw` reads such a request).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pkctl.api.options import Options, Query
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Pairs = list[tuple[str, Any]]

JSON = "application/json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
FORMS = {"apply": "apply-patch+yaml", "json": "json-patch+json", "merge": "merge-patch+json", "strategic": "strategic-merge-patch+json"}
"""What a patch's form is called behind `application/`."""

VALIDATIONS = ("Ignore", "Strict")
"""How fields are judged that a request says; it is Warn where it says nothing."""
PLAIN = "/$&+,:;=@"
"""What Go leaves as it is in a path."""


class Request:
    """`uri` begins at the root; `place` is where kubectl's own log tells of the body."""

    __slots__ = ("accept", "body", "content_type", "method", "place", "uri")

    def __init__(
        self, method: str, uri: str, *, place: str = "type.go:213", accept: str = JSON, content_type: str = "", body: str = ""
    ) -> None:
        self.method, self.uri, self.place, self.accept, self.body = method, uri, place, accept, body
        self.content_type = content_type or (JSON if body else "")


def get(row: Row, namespace: str, name: str, subresource: str = "", *, table: bool = False) -> Request:
    """One object."""
    return Request("GET", path(row, namespace, name, subresource), place="helper.go:105", accept=TABLE if table else JSON)


def list_(row: Row, namespace: str, query: Query | None, *, table: bool = False) -> Request:
    """What a query lists."""
    uri = path(row, namespace) + _query(_listed(query))
    return Request("GET", uri, place="helper.go:113", accept=TABLE if table else JSON)


def watch(row: Row, namespace: str, query: Query | None, *, table: bool = False) -> Request:
    """What becomes of what a query lists."""
    more: Pairs = [("watch", True)]
    if query is not None and query.initial is not None:
        more.append(("sendInitialEvents", query.initial))
    return Request("GET", path(row, namespace) + _query([*_listed(query), *more]), place="helper.go:170", accept=TABLE if table else JSON)


def create(row: Row, namespace: str, obj: Object, options: Options) -> Request:
    """A new object, or one given to a subresource."""
    name = str((obj.get("metadata") or {}).get("name") or "") if options.subresource else ""
    uri = path(row, namespace, name, options.subresource) + _query(_written(options))
    return Request("POST", uri, place="helper.go:246", body=encoded(obj))


def update(row: Row, namespace: str, name: str, obj: Object, options: Options) -> Request:
    """An object in another's place."""
    uri = path(row, namespace, name, options.subresource) + _query(_written(options))
    return Request("PUT", uri, place="helper.go:319", body=encoded(obj))


def patch(row: Row, namespace: str, name: str, form: str, body: Any, options: Options) -> Request:
    """A change in one of the four forms; an apply says whether it takes over what others own."""
    forced: Pairs = [("force", options.force)] if form == "apply" else []
    uri = path(row, namespace, name, options.subresource) + _query([*_written(options), *forced])
    text = encoded(body) if form == "apply" else encoded(body).rstrip("\n")
    return Request("PATCH", uri, place="helper.go:269", content_type=f"application/{FORMS[form]}", body=text)


def delete(row: Row, namespace: str, name: str, options: Options) -> Request:
    """One object's end; how it ends is in the body."""
    return Request("DELETE", path(row, namespace, name), place="helper.go:202", body=_deletion(options))


def delete_collection(row: Row, namespace: str, query: Query, options: Options) -> Request:
    """The end of all that a query lists."""
    return Request("DELETE", path(row, namespace) + _query(_listed(query)), body=_deletion(options))


def logs(namespace: str, pod: str, given: Mapping[str, Any]) -> Request:
    """A container's log, by `Client.logs`'s words."""
    from pkctl.api import parameters

    found = [(name, given.get(own)) for name, own in parameters.LOGS.items()]
    pairs = [(name, value) for name, value in found if value is not None and value is not False and value != ""]
    return Request("GET", f"/api/v1/namespaces/{namespace}/pods/{_escaped(pod)}/log{_query(pairs)}", accept="")


def stream(namespace: str, pod: str, subresource: str, pairs: Pairs) -> Request:
    """A connection into a pod; what is off is left out."""
    chosen = [(name, value) for name, value in pairs if value]
    return Request("GET", f"/api/v1/namespaces/{namespace}/pods/{_escaped(pod)}/{subresource}{_query(chosen)}", accept="")


def path(row: Row, namespace: str, name: str = "", subresource: str = "") -> str:
    """The path of a collection, an object or a subresource."""
    parts = ["apis", row.group, row.version] if row.group else ["api", row.version]
    if row.namespaced and namespace:
        parts += ["namespaces", namespace]
    parts += [part for part in (row.plural, name, subresource) if part]
    return _escaped(f"/{'/'.join(parts)}")


def encoded(value: Any) -> str:
    """A body as client-go writes it."""
    from pkctl.objects import texts

    return texts.escaped(texts.dumps(value, sort=True)) + "\n"


def _escaped(text: str) -> str:
    from urllib import parse

    return parse.quote(text, safe=PLAIN)


def _query(pairs: Pairs) -> str:
    """`?name=value…` by name; "" for no pairs."""
    from urllib import parse

    shown = sorted(
        ((name, str(value).lower() if isinstance(value, bool) else str(value)) for name, value in pairs), key=lambda pair: pair[0]
    )
    return f"?{parse.urlencode(shown)}" if shown else ""


def _listed(query: Query | None) -> Pairs:
    if query is None:
        return []
    pairs = (
        ("labelSelector", query.labels),
        ("fieldSelector", query.fields),
        ("limit", query.limit),
        ("continue", query.continue_),
        ("resourceVersion", query.revision),
        ("resourceVersionMatch", query.match),
    )
    return [(name, value) for name, value in pairs if value]


def _written(options: Options) -> Pairs:
    pairs: Pairs = [("dryRun", "All")] if options.dry_run else []
    if options.field_manager:
        pairs.append(("fieldManager", options.field_manager))
    return [*pairs, ("fieldValidation", options.validation)] if options.validation in VALIDATIONS else pairs


def _deletion(options: Options) -> str:
    """DeleteOptions, in the order that Go writes them."""
    from pkctl.objects import texts

    said = {
        "gracePeriodSeconds": options.grace,
        "preconditions": options.preconditions or None,
        "propagationPolicy": options.propagation or None,
        "dryRun": ["All"] if options.dry_run else None,
    }
    return texts.dumps({name: value for name, value in said.items() if value is not None}) + "\n"
