"""A request as a method and a URI, answered through a client: what `--raw` sends, without a server.

Reading the path is api/paths, the parameters api/parameters. Follows the API server's routes; errors are its own.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.api.paths import Place
    from pkctl.client.base import Client
    from pkctl.kinds.table import Kinds, Row

    Object = dict[str, Any]
    Parameters = dict[str, str]

HEALTH = ("healthz", "livez", "readyz")
CHECKS = ("ping", "store")
UNTOLD = {
    ".well-known": "pkctl does not publish who issues its tokens",
    "debug": "pkctl has no profiles of itself",
    "metrics": "pkctl keeps no metrics of itself",
    "openid": "pkctl does not publish the keys of its tokens",
}
"""The beginnings of a real API server's paths that are refused by name, and why."""
MANAGER = "kubectl"
"""Who writes when a request names no fieldManager: the API server takes the user agent's first word."""


def answer(client: Client, method: str, uri: str, body: str = "", *, timeout: float | None = None) -> Iterator[bytes]:
    """The answer's pieces; StatusError as the API server has it. A watch goes on until `timeout`, or the request's own."""
    from pkctl.api import parameters

    path, query = paths.split(uri)
    place, given = paths.read(path), parameters.read(query)
    if place is None:
        raise _nowhere()
    if not place.resource:
        yield _plain(client, method, place, given)
        return
    row = _row(client.kinds(), place)
    verb = paths.verb(method, place, watch=parameters.flag(given, "watch"))
    if verb in ("get", "list", "watch"):
        yield from _read(client, verb, row, place, given, timeout)
    else:
        yield encoded(_write(client, verb, row, place, given, body), given)


def _nowhere() -> errors.NotFound:
    return errors.NotFound("the server could not find the requested resource")


def _row(kinds: Kinds, place: Place) -> Row:
    """The kind that a path names, in the scope it has."""
    row = kinds.by_gvr(place.group, place.version, place.resource)
    if row is None or (place.namespace and not row.namespaced) or (place.name and row.namespaced and not place.namespace):
        raise _nowhere()
    if place.subresource and place.subresource not in row.subresources:
        raise _nowhere()
    return row


def encoded(value: Any, given: Parameters | None = None) -> bytes:
    """As the server sends it; `?pretty=true` asks for lines."""
    import json

    from pkctl.api import parameters

    if given and parameters.flag(given, "pretty"):
        return json.dumps(value, indent=2, ensure_ascii=False).encode()
    return f"{json.dumps(value, separators=(',', ':'), ensure_ascii=False)}\n".encode()


def _plain(client: Client, method: str, place: Place, given: Parameters) -> bytes:
    """The paths that name no object: health, version, discovery."""
    first = place.parts[0] if place.parts else ""
    if first in UNTOLD:
        raise errors.CommandError(f"--raw {place.path}: {UNTOLD[first]}")
    if method != "GET":
        raise errors.MethodNotAllowed("the server does not allow this method on the requested resource")
    if first in HEALTH:
        return _health(client, place, given)
    if first == "openapi":
        return _documented(client.kinds(), place)
    if place.parts == ("version",):
        return encoded(client.version(), {"pretty": "1"})
    found = _discovered(client.kinds(), place) if first else {"paths": _roots(client.kinds())}
    if found is None:
        raise _nowhere()
    return encoded(found, {**given, "pretty": "1"} if not first else given)


def _roots(kinds: Kinds) -> list[str]:
    """Every path that names no object, as `/` lists them."""
    from pkctl.api import discovery

    served = [f"/apis/{each}" for each in discovery.group_versions(kinds) if "/" in each]
    groups = [each.rpartition("/")[0] for each in served]
    health = [f"/{word}{rest}" for word in HEALTH for rest in ("", *(f"/{each}" for each in CHECKS))]
    return sorted(
        {"/api", "/api/v1", "/apis", "/apis/", *served, *groups, *health, "/openapi/v2", "/openapi/v3", "/openapi/v3/", "/version"}
    )


def _documented(kinds: Kinds, place: Place) -> bytes:
    """An OpenAPI document, or where those of version 3 are."""
    from pkctl.api import openapi

    form, base = place.parts[1:2], "/".join(place.parts[2:])
    if form == ("v3",):
        found = openapi.document(kinds, base) if base else openapi.index(kinds)
    else:
        found = openapi.swagger(kinds) if form == ("v2",) and not base else None
    if found is None:
        raise _nowhere()
    return encoded(found).rstrip()


def _health(client: Client, place: Place, given: Parameters) -> bytes:
    if len(place.parts) > 2 or (len(place.parts) == 2 and place.parts[1] not in CHECKS):
        raise _nowhere()
    client.version()
    if "verbose" not in given or len(place.parts) == 2:
        return b"ok"
    left_out = {word for word in given.get("exclude", "").split(",") if word}
    lines = [f"[+]{each} {'excluded: ' if each in left_out else ''}ok\n" for each in CHECKS]
    if unknown := ", ".join(f'"{each}"' for each in sorted(left_out - set(CHECKS))):
        lines.append(f"warn: some health checks cannot be excluded: no matches for {unknown}\n")
    return "".join((*lines, f"{place.parts[0]} check passed\n")).encode()


def _discovered(kinds: Kinds, place: Place) -> Object | None:
    """What `/api`, `/apis` and the groups below answer; None for what is not served."""
    from pkctl.api import discovery

    if place.parts == ("api",):
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}
    if place.parts == ("apis",):
        return discovery.groups(kinds)
    if place.parts[0] not in ("api", "apis"):
        return None
    if not place.version:
        found = (each for each in discovery.groups(kinds)["groups"] if each["name"] == place.group)
        return next(({"kind": "APIGroup", "apiVersion": "v1", **each} for each in found), None)
    if "/".join(place.parts[1:]) not in discovery.group_versions(kinds):
        return None
    return discovery.resources(kinds, place.group, place.version)


def _read(client: Client, verb: str, row: Row, place: Place, given: Parameters, timeout: float | None) -> Iterator[bytes]:
    from pkctl.api import parameters

    if place.subresource == "log":
        yield from client.logs(place.namespace, place.name, **parameters.logs(given))
    elif verb == "watch":
        yield from _watched(client, row, place, given, timeout)
    elif verb == "list":
        yield encoded(listed(row, client.list(row, place.namespace, parameters.query(given))), given)
    else:
        yield encoded(client.get(row, place.namespace, place.name, subresource=place.subresource), given)


def listed(row: Row, found: Object) -> Object:
    """A List as it is on the wire: items of a built-in kind don't repeat what they are."""
    from pkctl.kinds import table

    if table.BUILTIN.by_gvr(row.group, row.version, row.plural) is None:
        return found
    said = ("kind", "apiVersion")
    return {**found, "items": [{name: each for name, each in obj.items() if name not in said} for obj in found["items"]]}


def _watched(client: Client, row: Row, place: Place, given: Parameters, timeout: float | None) -> Iterator[bytes]:
    from pkctl.api import parameters

    limits = [each for each in (timeout, parameters.number(given, "timeoutSeconds")) if each]
    query, marks = parameters.query(given, place.name), parameters.flag(given, "allowWatchBookmarks")
    for event in client.watch(row, place.namespace, query, timeout=min(limits, default=None)):
        if event["type"] != "BOOKMARK" or marks:
            yield encoded(event)


def _write(client: Client, verb: str, row: Row, place: Place, given: Parameters, body: str) -> Object:
    from pkctl.api import parameters

    if not verb or (row.namespaced and not place.namespace):
        raise errors.MethodNotAllowed("the server does not allow this method on the requested resource")
    if verb == "delete":
        return client.delete(row, place.namespace, place.name, parameters.delete(given, _body(body, required=False)))
    if verb == "deletecollection":
        options = parameters.delete(given, _body(body, required=False))
        return client.delete_collection(row, place.namespace, parameters.query(given), options)
    obj = _body(body, required=True, kind=row.kind)
    options = parameters.write(given, f"{verb.capitalize()}Options", MANAGER, place.subresource)
    if verb == "update":
        return client.update(row, place.namespace, place.name, obj, options)
    return client.create(row, place.namespace, _named(obj, place) if place.subresource else obj, options)


def _body(text: str, *, required: bool, kind: str = "DeleteOptions") -> Object:
    """A request's JSON object; BadRequest as the server's decoder has it."""
    import json

    from pkctl.objects import jsonfaults

    if not text.strip() and not required:
        return {}
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        raise _unrecognized(text, kind, jsonfaults.whole(text)) from None
    if not isinstance(found, dict):
        wrong = f"json: cannot unmarshal {jsonfaults.word(found)} into Go value of type {jsonfaults.TYPE_META}"
        raise _unrecognized(text, kind, wrong)
    return found


SHOWN = 30
"""Bytes of a body that an error shows."""


def _unrecognized(text: str, kind: str, why: str) -> errors.BadRequest:
    """The error of transformDecodeError, with the body's beginning (summarizeData)."""
    more = " ..." if len(text.encode()) > SHOWN else ""
    summary = (text[:SHOWN] if text.startswith("{") else text.encode()[:SHOWN].hex()) + more if text else "<empty>"
    return errors.BadRequest(
        f"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: {why} ({summary})"
    )


def _named(obj: Object, place: Place) -> Object:
    """A subresource's body under the name of the path."""
    metadata = obj.get("metadata") or {}
    if metadata.get("name", place.name) != place.name:
        raise errors.BadRequest("name in URL does not match name in object")
    return {**obj, "metadata": {**metadata, "name": place.name}}
