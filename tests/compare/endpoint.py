"""A stand-in for the REST endpoint: a cluster file behind a port of loopback, enough for a real kubectl to read and write it.

    python -m tests.compare.endpoint CLUSTER_FILE [PORT]

It answers through `client/raw` what that answers, and adds tables, patches and the part of OpenAPI by which kubectl learns that a server
validates fields. Not here: TLS, users, exec, a Scale's table, and protobuf, in which kubectl's typed clients send what they create
(`create TYPE`, `autoscale`, `auth can-i`, `drain`'s deletions): such a request is refused. It goes when pkctl's own endpoint is there.
"""

from __future__ import annotations

import http.server
import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

from pkctl import errors, wiring
from pkctl.api import parameters, paths
from pkctl.client import raw
from pkctl.objects import jsonfaults, yamls

DISCOVERING = "32s"
"""The timeout by which kubectl's discovery is told from what a user asks with `--raw`."""

PATCHES = {
    "application/json-patch+json": "json",
    "application/merge-patch+json": "merge",
    "application/strategic-merge-patch+json": "strategic",
    "application/apply-patch+yaml": "apply",
}
MEDIA = ", ".join(PATCHES)

PROTOBUF = "application/vnd.kubernetes.protobuf"
NO_PATH = "the server could not find the requested resource"


class Settings:
    """What wiring asks of a command's settings."""

    actor: dict[str, Any] = {}
    hollow = False

    def __init__(self, place: str) -> None:
        self.place, self.env = place, {**os.environ, "PKCTL_NODES": "none"}


class Endpoint(http.server.ThreadingHTTPServer):
    """Serves one cluster; requests wait for one another, save for watches."""

    daemon_threads = True

    def __init__(self, place: str, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Request)
        self.place, self.lock = place, threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def client(self) -> Any:
        return wiring.client(Settings(self.place))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a kubectl that went away; anything else is a fault of the stand-in."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Request(http.server.BaseHTTPRequestHandler):
    """One request; a Status for what the API refuses."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def answer(self) -> None:
        server: Any = self.server
        body = self._body()
        if self.headers.get("Content-Type") == PROTOBUF:
            self.send(415, encoded(errors.UnsupportedMediaType("the body of the request was in an unknown format").status()), [])
            return
        if self._watches():
            self.stream(server.client())
            return
        warned: list[str] = []
        with server.lock:
            client = server.client()
            client.warn = warned.append
            try:
                code, text = 201 if self.command == "POST" else 200, self._said(client, body.decode())
            except errors.StatusError as error:
                code, text = error.code, b"404 page not found\n" if str(error) == NO_PATH else json.dumps(error.status()).encode()
            finally:
                if self.command != "GET":
                    client.settle()
                client.close()
        self.send(code, text, warned)

    def _body(self) -> bytes:
        """The whole body; `--raw` sends it in chunks, since it doesn't know how long a file is."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def send(self, code: int, text: bytes, warned: list[str]) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "application/json" if text[:1] in (b"{", b"[") else "text/plain")
        for each in warned:
            self.send_header("Warning", f"299 - {json.dumps(each, ensure_ascii=False)}")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def _watches(self) -> bool:
        return self.command == "GET" and parameters.flag(parameters.read(paths.split(self.path)[1]), "watch")

    def stream(self, client: Any) -> None:
        """A watch's events as they come, until whoever asked goes away or the time it gave is over."""
        path, query = paths.split(self.path)
        given, place = parameters.read(query), paths.read(path)
        row = client.kinds().by_gvr(place.group, place.version, place.resource) if place else None
        seconds = parameters.number(given, "timeoutSeconds") or 60
        asked = parameters.query(given, place.name if place else "")
        asked.include_object = given.get("includeObject", "Metadata")
        watched = client.watch_table if "as=Table" in self.headers.get("Accept", "") else client.watch
        marks = parameters.flag(given, "allowWatchBookmarks")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for event in watched(row, place.namespace if place else "", asked, timeout=seconds):
                if marks or event["type"] != "BOOKMARK":
                    self.wfile.write(encoded(event) + b"\n")
        except OSError:  # the other side has gone
            pass
        finally:
            self.close_connection = True
            client.close()

    def _said(self, client: Any, body: str) -> bytes:
        path, query = paths.split(self.path)
        given = parameters.read(query)
        if path == "/openapi/v2":
            return b""
        if path.startswith("/openapi"):
            return json.dumps(openapi(client.kinds(), path)).encode()
        place = paths.read(path)
        row = client.kinds().by_gvr(place.group, place.version, place.resource) if place is not None and place.resource else None
        if row is None and given.get("timeout") == DISCOVERING:
            return _unhashed(b"".join(self._raw(client, body)))
        if row is None or (place.subresource and place.subresource not in row.subresources):
            return b"".join(self._raw(client, body))
        if self.command == "PATCH":
            form = PATCHES.get(self.headers.get("Content-Type", ""))
            if form is None:
                raise errors.UnsupportedMediaType(
                    f"the body of the request was in an unknown format - accepted media types include: {MEDIA}"
                )
            options = parameters.write(given, "PatchOptions", "kubectl", place.subresource)
            options.force = parameters.flag(given, "force")
            return encoded(client.patch(row, place.namespace, place.name, form, _patch(form, body), options))
        if self.command == "GET" and "as=Table" in self.headers.get("Accept", "") and place.subresource in ("", "status"):
            asked = parameters.query(given)
            asked.include_object = given.get("includeObject", "Metadata")
            return encoded(client.table(row, place.namespace, place.name, asked))
        return b"".join(self._raw(client, body))

    def _raw(self, client: Any, body: str) -> Iterator[bytes]:
        return raw.answer(client, self.command, self.path, body, timeout=1)


def _patch(form: str, body: str) -> Any:
    """What a patch's text says; BadRequest for one that can't be read."""
    try:
        return yamls.load(body) if form == "apply" else json.loads(body)
    except yamls.YamlError as error:
        raise errors.BadRequest(f"error decoding YAML: {error}") from None
    except ValueError:
        told = "" if form == "strategic" else "error decoding patch: "
        raise errors.BadRequest(told + jsonfaults.whole(body)) from None


def _unhashed(answer: bytes) -> bytes:
    """A list of kinds without hashes: the aggregated form of discovery, which a real server answers kubectl with, has none."""
    found = json.loads(answer)
    for each in found.get("resources") or ():
        each.pop("storageVersionHash", None)
    return encoded(found)


def encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def openapi(kinds: Any, path: str) -> dict[str, Any]:
    """OpenAPI v3 with nothing but the parameter by which kubectl sees that fields are validated here."""
    rows = [row for row in kinds if "patch" in row.verbs]
    if path == "/openapi/v3":
        places = {base(row) for row in rows}
        return {"paths": {each: {"serverRelativeURL": f"/openapi/v3/{each}"} for each in sorted(places)}}
    found = {}
    for row in rows:
        if f"/openapi/v3/{base(row)}" == path:
            named = {"group": row.group, "version": row.version, "kind": row.kind}
            patch = {"parameters": [{"name": "fieldValidation", "in": "query"}], "x-kubernetes-group-version-kind": named}
            found[f"/{base(row)}/{row.plural}/{{name}}"] = {"patch": {**patch, "responses": {}}}
    return {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "1"}, "paths": found}


def base(row: Any) -> str:
    return f"apis/{row.group}/{row.version}" if row.group else f"api/{row.version}"


def main(argv: list[str]) -> int:
    server = Endpoint(argv[0], int(argv[1]) if len(argv) > 1 else 0)
    print(server.url, flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
