"""A request's URL path, read: which resource of the API it names, and which verb a method on it is. Pure.

Follows apiserver/pkg/endpoints/request/requestinfo.go. Not here: query parameters (`parameters`), answering (client/raw, a server).
"""

from __future__ import annotations

NAMESPACE_PARTS = frozenset({"status", "finalize"})
"""What may follow a namespace's name and is no kind within it."""

WRITES = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


class Place:
    """What a path names. `resource` is "" for a path that names no object or collection: `parts` then tells what it is.

    `watching` is the old `/api/v1/watch/…` form."""

    __slots__ = ("group", "name", "namespace", "parts", "resource", "subresource", "version", "watching")

    def __init__(self, parts: tuple[str, ...], group: str = "", version: str = "", *, watching: bool = False) -> None:
        self.parts, self.group, self.version, self.watching = parts, group, version, watching
        self.namespace = self.resource = self.name = self.subresource = ""

    @property
    def path(self) -> str:
        """The path without empty segments."""
        return "/" + "/".join(self.parts)


def split(uri: str) -> tuple[str, str]:
    """A request URI's path, unescaped, and its query text."""
    from urllib import parse

    path, _, query = uri.partition("?")
    return parse.unquote(path), query.partition("#")[0]


def read(path: str) -> Place | None:
    """The place of an unescaped path; None when there is no such path whatever is served."""
    parts = tuple(part for part in path.split("/") if part)
    if not parts or parts[0] not in ("api", "apis"):
        return Place(parts)
    depth = 2 if parts[0] == "api" else 3
    group, version = ("", *parts[1:2], "")[:2] if depth == 2 else (*parts[1:3], "", "")[:2]
    if len(parts) <= depth:
        return Place(parts, group, version)
    rest = parts[depth:]
    place = Place(parts, group, version, watching=rest[0] == "watch")
    return place if _fill(place, rest[1:] if place.watching else rest) else None


def _fill(place: Place, rest: tuple[str, ...]) -> bool:
    """Take the resource, its namespace and its name from what follows the version; whether that is a path at all."""
    if rest[:1] == ("namespaces",) and len(rest) > 2 and rest[2] not in NAMESPACE_PARTS:
        place.namespace, rest = rest[1], rest[2:]
    if not 0 < len(rest) < 4:
        return False
    place.resource, place.name, place.subresource = (*rest, "", "")[:3]
    return True


def verb(method: str, place: Place, *, watch: bool = False) -> str:
    """What a method on a place is: get, list, watch, create, update, patch, delete or deletecollection; "" for no such method."""
    if method in ("GET", "HEAD"):
        if not place.subresource and (watch or place.watching):
            return "watch"
        return "get" if place.name else "list"
    found = WRITES.get(method, "")
    if place.subresource and found == "delete":
        return ""
    if found == "create":
        return found if place.subresource or not place.name else ""
    if place.name:
        return found
    return "deletecollection" if found == "delete" else ""
