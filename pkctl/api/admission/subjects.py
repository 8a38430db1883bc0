"""What the expressions of admission policies look at: the request, its objects, its namespace, and whom they may ask.

Follows apiserver/pkg/admission/plugin/cel/{condition,activation}.go. Not here: the expressions themselves (kinds/policycel).
"""

from __future__ import annotations

from pkctl.api import storing
from pkctl.api.admission import matching
from pkctl.kinds import celauthorizing, customcel
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.api.requests import Request
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

OPTIONS = {"create": "CreateOptions", "update": "UpdateOptions", "delete": "DeleteOptions"}
OWN_KINDS = {
    "attach": ("", "v1", "PodAttachOptions"),
    "binding": ("", "v1", "Binding"),
    "eviction": ("policy", "v1", "Eviction"),
    "exec": ("", "v1", "PodExecOptions"),
    "portforward": ("", "v1", "PodPortForwardOptions"),
    "scale": ("autoscaling", "v1", "Scale"),
    "token": ("authentication.k8s.io", "v1", "TokenRequest"),
}
"""Subresources whose requests carry an object of another kind."""


def known(request: Request, row: Row, *, has_times: bool) -> dict[str, Any]:
    """The variables, for the version that the request was matched as; `has_times` for expressions that may ask for a namespace's times."""
    new = _shown(request, row, request.new) if request.verb != "delete" else None
    old = _shown(request, row, request.old) if request.old is not None else None
    namespace = matching.namespace(request)
    if namespace is not None and has_times:
        namespace = _timed(namespace)
    api = request.session.api
    asked = {"group": request.row.group, "resource": request.row.plural, "subresource": request.subresource, "name": request.name}
    authorizer = celauthorizing.authorizer(api.user, list(api.groups), {**asked, "namespace": _namespace(request)})
    return {
        "object": new,
        "oldObject": old,
        "namespaceObject": namespace,
        "params": None,
        "request": _request(request, row),
        "authorizer": authorizer,
    }


def functions(request: Request) -> Sequence[Any]:
    """What answers an authorizer's questions, from the roles that the request's transaction sees."""
    from pkctl.api import authorizing

    sources = authorizing.Stored(request.session)

    def answer(question: Object, verb: str) -> Object:
        fields = {name: question.get(name, "") for name in ("group", "resource", "subresource", "namespace", "name", "path")}
        groups = authorizing.groups_of(question["user"], question["groups"])
        return celauthorizing.decision(*authorizing.decide(sources, authorizing.Attributes(question["user"], groups, verb, **fields)))

    return [customcel.checking(answer)]


def _timed(namespace: Object) -> Object:
    from pkctl.kinds import celvalues

    times = {name: namespace["metadata"].get(name) for name in ("creationTimestamp", "deletionTimestamp")}
    moments = {name: celvalues.moment("timestamp", text) for name, text in times.items() if text}
    return {**namespace, "metadata": {**namespace["metadata"], **moments}}


def _shown(request: Request, row: Row, obj: Object | None) -> Object:
    """The object in the matched version; of `scale`, the Scale; of a stream, its options."""
    assert obj is not None
    if request.subresource == "scale":
        from pkctl.api import scale

        return scale.shown(request.row, obj)
    if request.verb == "connect":
        return {name: value for name, value in obj.items() if name != "metadata"}
    if request.subresource in OWN_KINDS:
        return obj
    shown: Object = meta.clone(storing.outward(row, obj))
    return shown


def _namespace(request: Request) -> str:
    return request.namespace or (request.name if request.row.id == "namespaces" else "")


def _request(request: Request, row: Row) -> Object:
    """The AdmissionRequest; fields without a value are left out, as its Go type leaves them."""
    own, asked = _named(row, request.subresource), _named(request.row, request.subresource)
    api = request.session.api
    texts = {
        "name": request.name,
        "namespace": _namespace(request),
        "subResource": request.subresource,
        "requestSubResource": request.subresource,
    }
    made = {
        **{name: text for name, text in texts.items() if text},
        "uid": "",
        "kind": own[0],
        "resource": own[1],
        "requestKind": asked[0],
        "requestResource": asked[1],
        "operation": matching.OPERATIONS[request.verb],
        "userInfo": {"username": api.user, "groups": list(api.groups), **api.claims},
        "dryRun": request.options.dry_run,
    }
    if request.verb in OPTIONS:
        made["options"] = {"apiVersion": "meta.k8s.io/v1", "kind": OPTIONS[request.verb], **_options(request)}
    return made


def _named(row: Row, subresource: str) -> tuple[dict[str, str], dict[str, str]]:
    group, version, kind = OWN_KINDS.get(subresource, (row.group, row.version, row.kind))
    shown = {"group": group, "version": version, "kind": kind}
    return shown, {"group": row.group, "version": row.version, "resource": row.plural}


def _options(request: Request) -> Object:
    chosen = request.options
    given: Object = {"fieldManager": chosen.field_manager, "dryRun": ["All"] if chosen.dry_run else []}
    if request.verb == "delete":
        given = {"propagationPolicy": chosen.propagation, "dryRun": given["dryRun"]}
        given |= {"gracePeriodSeconds": chosen.grace} if chosen.grace is not None else {}
    return {name: value for name, value in given.items() if value not in ("", [])}
