"""The paths of OpenAPI documents: what may be asked of each kind, in the words of v2 and of v3.

Follows apiserver/pkg/endpoints/installer.go and kube-openapi's names of operations. Not here: schemas (kinds/published), whole documents
(`openapi`), the old `/watch/` paths, and streams into pods.
"""

from __future__ import annotations

from pkctl.api import discovery, parameters
from pkctl.kinds import published

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.kinds.published import Definitions
    from pkctl.kinds.table import Row

    Object = dict[str, Any]

LISTING = (
    "allowWatchBookmarks", "continue", "fieldSelector", "labelSelector", "limit", "resourceVersion", "resourceVersionMatch",
    "sendInitialEvents", "timeoutSeconds", "watch",
)  # fmt: skip
WRITING = ("dryRun", "fieldManager", "fieldValidation")
DELETING = ("dryRun", "gracePeriodSeconds", "orphanDependents", "propagationPolicy")
BOOLEANS = frozenset({"allowWatchBookmarks", "force", "orphanDependents", "sendInitialEvents", "watch", *parameters.FLAGS})
INTEGERS = frozenset({"gracePeriodSeconds", "limit", "timeoutSeconds", *parameters.NUMBERS})
STATUS, OPTIONS, PATCH = f"{published.META}Status", f"{published.META}DeleteOptions", f"{published.META}Patch"
PATCHES = ("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json")
STRATEGIC = "application/strategic-merge-patch+json"
JSON = "application/json"
STREAMS = frozenset({"attach", "exec", "portforward", "proxy"})
MEANT = {200: "OK", 201: "Created", 202: "Accepted", 401: "Unauthorized"}
METHODS = {
    "create": ("post", "post", "create a{n} {kind}", (200, 201, 202)),
    "delete": ("delete", "delete", "delete a{n} {kind}", (200, 202)),
    "deletecollection": ("delete", "deletecollection", "delete collection of {kind}", (200,)),
    "get": ("get", "get", "read {part}the specified {kind}", (200,)),
    "list": ("get", "list", "list or watch objects of kind {kind}", (200,)),
    "patch": ("patch", "patch", "partially update {part}the specified {kind}", (200, 201)),
    "update": ("put", "put", "replace {part}the specified {kind}", (200, 201)),
}
"""Each verb's method, what it is called among actions, what it does, and the codes it answers with."""

SPOKEN = {"get": "read", "update": "replace"}
ASKED = {"create": WRITING, "delete": DELETING, "deletecollection": (*LISTING[1:], *DELETING), "list": LISTING, "update": WRITING,
         "patch": (*WRITING, "force")}  # fmt: skip


class Operation:
    """One verb on one path: `gvk` is the kind it speaks of, `body` and `answer` the names of definitions, "" for none and for text."""

    __slots__ = ("answer", "asked", "body", "gvk", "id", "row", "text", "verb")

    def __init__(self, verb: str, row: Row, gvk: tuple[str, str, str], name: str, text: str) -> None:
        self.verb, self.row, self.gvk, self.id, self.text = verb, row, gvk, _id(row, verb, name), text
        self.body = self.answer = ""
        self.asked: tuple[str, ...] = ASKED.get(verb, ())


def paths(definitions: Definitions, row: Row) -> dict[str, Object]:
    """Every path of a kind with what may be asked there."""
    found: dict[str, Object] = {}
    for path, operation in _operations(definitions, row):
        place = found.setdefault(path, {})
        place[METHODS[operation.verb][0]] = _said(definitions.form, operation)
        place["parameters"] = [_parameter(definitions.form, name, "path") for name in ("name", "namespace") if f"{{{name}}}" in path]
        place["parameters"].append(_parameter(definitions.form, "pretty", "query"))
    return found


def _operations(definitions: Definitions, row: Row) -> Iterator[tuple[str, Operation]]:
    root = f"/apis/{row.group}/{row.version}" if row.group else f"/api/{row.version}"
    base = f"{root}/namespaces/{{namespace}}/{row.plural}" if row.namespaced else f"{root}/{row.plural}"
    own = definitions.name(row)
    for verb in row.verbs:
        if verb != "watch":
            yield base if verb in ("create", "deletecollection", "list") else f"{base}/{{name}}", _operation(row, verb, own)
    if row.namespaced and "list" in row.verbs:
        yield f"{root}/{row.plural}", _operation(row, "list", own, everywhere=True)
    for part in row.subresources:
        if part not in STREAMS:
            for verb in discovery.PARENTS[part][3]:
                yield f"{base}/{{name}}/{part}", _subresource(definitions, row, part, verb)


def _operation(row: Row, verb: str, own: str, *, everywhere: bool = False) -> Operation:
    name = f"{row.kind}ForAllNamespaces" if everywhere else _scoped(row)
    lead = "CollectionNamespaced" if row.namespaced else "Collection"
    name = f"{lead}{row.kind}" if verb == "deletecollection" else name
    found = Operation(verb, row, (row.group, row.version, row.kind), name, _text(verb, row.kind))
    found.body = {"create": own, "update": own, "patch": PATCH, "delete": OPTIONS, "deletecollection": OPTIONS}.get(verb, "")
    found.answer = STATUS if verb.startswith("delete") else f"{own}List" if verb == "list" else own
    return found


def _subresource(definitions: Definitions, row: Row, part: str, verb: str) -> Operation:
    group, version, kind, _ = discovery.PARENTS[part]
    kind = kind.format(kind=row.kind)
    gvk = (group, version, kind) if version else (row.group, row.version, kind)
    own = definitions.name(row) if kind == row.kind else definitions.known(*gvk)
    name = _scoped(row) + part.capitalize()
    found = Operation(verb, row, gvk, name, _text(verb, row.kind, part))
    found.body = {"create": own, "update": own, "patch": PATCH}.get(verb, "")
    found.answer = "" if part == "log" else own
    if part == "log":
        found.asked = tuple(parameters.LOGS)
    return found


def _scoped(row: Row) -> str:
    return f"Namespaced{row.kind}" if row.namespaced else row.kind


def _text(verb: str, kind: str, part: str = "") -> str:
    vowel = "n" if kind[0] in "AEIOU" else ""
    told = METHODS[verb][2].format(n=vowel, kind=kind, part=f"{part} of " if part else "")
    return f"create {part} of a{vowel} {kind}" if part and verb == "create" else told


def _words(row: Row) -> list[str]:
    return [word for word in (row.group or "core").removesuffix(".k8s.io").replace("-", ".").split(".") if word]


def _id(row: Row, verb: str, name: str) -> str:
    spoken = "delete" if verb == "deletecollection" else SPOKEN.get(verb, verb)
    group = "".join(word[:1].upper() + word[1:] for word in _words(row))
    return f"{spoken}{group}{row.version.capitalize()}{name}"


def _tag(row: Row) -> str:
    first, *rest = _words(row)
    return f"{first}{''.join(word.capitalize() for word in rest)}_{row.version}"


def _said(form: str, operation: Operation) -> Object:
    """An operation in the words of one form."""
    _, action, _, codes = METHODS[operation.verb]
    group, version, kind = operation.gvk
    asked = [_parameter(form, name, "query") for name in operation.asked]
    said: Object = {"description": operation.text, "operationId": operation.id, "tags": [_tag(operation.row)]}
    body = published.PLACES[form] + operation.body if operation.body else ""
    accepted = _accepted(operation)
    if form == "v2":
        said |= {"consumes": accepted or ["*/*"], "produces": [JSON if operation.answer else "text/plain"], "schemes": ["https"]}
        asked += [{"in": "body", "name": "body", "schema": {"$ref": body}, **_must(operation)}] if body else []
    elif body:
        said["requestBody"] = {"content": {each: {"schema": {"$ref": body}} for each in accepted}, **_must(operation)}
    answers = {str(code): _answer(form, code, operation.answer) for code in codes}
    return {
        **said,
        **({"parameters": asked} if asked else {}),
        "responses": {**answers, "401": {"description": MEANT[401]}},
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": {"group": group, "kind": kind, "version": version},
    }


def _accepted(operation: Operation) -> list[str]:
    """The media types of a body; what is custom knows no strategic merges."""
    if operation.verb != "patch":
        return [JSON] if operation.body else []
    return [*PATCHES, STRATEGIC] if operation.row.schema is None else list(PATCHES)


def _must(operation: Operation) -> Object:
    return {} if operation.verb.startswith("delete") else {"required": True}


def _answer(form: str, code: int, name: str) -> Object:
    schema: Object = {"$ref": published.PLACES[form] + name} if name else {"type": "string"}
    if form == "v2":
        return {"description": MEANT[code], "schema": schema}
    return {"description": MEANT[code], "content": {JSON if name else "text/plain": {"schema": schema}}}


def _parameter(form: str, name: str, place: str) -> Object:
    kind: Object = {"type": "boolean" if name in BOOLEANS else "integer" if name in INTEGERS else "string", "uniqueItems": True}
    said: Object = {"in": place, "name": name, **({"required": True} if place == "path" else {})}
    return {**said, **kind} if form == "v2" else {**said, "schema": kind}
