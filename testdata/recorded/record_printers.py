"""Records what the kubectl on PATH prints for the tables and objects below: `python testdata/recorded/record_printers.py`.

A small server on loopback answers kubectl with exactly these; the answers go into the JSON files beside this script.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))

GROUPS = {"kind": "APIGroupList", "apiVersion": "v1", "groups": []}
PODS = {"name": "pods", "singularName": "pod", "namespaced": True, "kind": "Pod", "verbs": ["get", "list", "watch"]}
DISCOVERY = {
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": GROUPS,
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [PODS]},
}


def column(name: str, kind: str = "string", form: str = "", priority: int = 0) -> dict[str, Any]:
    return {"name": name, "type": kind, "format": form, "description": "", "priority": priority}


def row(name: str, cells: list[Any], labels: dict[str, str] | None = None, namespace: str = "default") -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, **({} if labels is None else {"labels": labels})}
    return {"cells": cells, "object": {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}}


def table(columns: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
    head = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": {"resourceVersion": "1"}}
    return {**head, "columnDefinitions": columns, "rows": rows}


COLUMNS = [
    column("Name", form="name"),
    column("Ready"),
    column("Restarts", "integer"),
    column("Age"),
    column("Odd", priority=1),
    column("IP", priority=1),
]
TABLES = {
    "mixed": table(
        COLUMNS,
        [
            row("a", ["a", "1/1", 0, "5m", None, "10.0.0.1"], {"app": "web", "x.io/tier": "front"}),
            row("b", ["a-much-longer-name", "0/1", 12345678, "2d\nmore", "\x1b[31mred\x1b[0m\tx", ""], {}, "kube-system"),
            row("c", ["ünïcode-\U0001f600", "1/1", 1.5, "", True, ["a", 1, None, {"k": 2.5}]], {"app": "<db>"}),
            row("d", ["few"]),
        ],
    ),
    "bytes": table(COLUMNS[:2], [row("a", ["ü" * 10, "é" * 10], {"app": "ü" * 9}, "nsü" * 5)]),
    "cut": table([*COLUMNS[:2], column("Last")], [row("a", ["a", "12\nabcdefghijkl", "x"]), row("b", ["b", "1\fx", "\r"])]),
    "one": table([column("Name", form="name")], [row("a", ["a"]), row("b", ["longer"])]),
    "plain": table(COLUMNS[:4], [row("a", ["a", "1/1", 0, "5m"]), row("bb", ["bb", "0/1", 3, "8d"])]),
    "empty": table(COLUMNS[:4], []),
}
FLAGS: list[list[str]] = [
    [],
    ["-o", "wide"],
    ["--no-headers"],
    ["-L", "app,x.io/tier"],
    ["--show-labels"],
    ["-A"],
    ["-A", "-o", "wide", "--show-labels", "-L", "app"],
    ["--show-kind"],
]

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a", "namespace": "default", "labels": {"app": "web", "tier": "x"}, "n": None},
    "spec": {
        "replicas": 3, "half": 1.5, "big": 1e21, "mid": 123456789.5, "small": 0.00001, "tiny": 1e-7, "below": -2.5e-9, "yes": True,
        "escape": "\x1b[31mred\r\nline", "tab": "a\tb", "list": [{"n": "x", "v": 1}, {"n": "y", "v": [1, 2, {"k": "v"}]}],
        "empty": {}, "none": [], "html": "<&>\u2028 é\x00\x7f\b\f", "zero": 0.0, "long": 9007199254740993, "e20": 1e20, "micro": 0.000001,
        "digits": 0.1234567890123,
    },
}  # fmt: skip
OTHER = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "much-longer-name", "namespace": "default"}, "spec": {"replicas": 12}}
OBJECTS = {"object": POD, "list": {"kind": "PodList", "apiVersion": "v1", "metadata": {"resourceVersion": ""}, "items": [POD, OTHER]}}
SPECS = [
    "NAME:.metadata.name,R:.spec.replicas",
    "name:metadata.name,x:{.spec.list[*].n}",
    "N:.metadata.name,L:.metadata.labels,S:.spec.list",
    "A:.spec.half,B:.spec.big,C:.spec.mid,D:.spec.small,E:.spec.tiny,F:.spec.below,G:.spec.zero,H:.spec.yes",
    "A:.spec.escape",
    "A:.spec.tab,B:.metadata.name",
    "A:.metadata.n,B:.spec.empty,C:.spec.none",
    "A:.spec.long,B:.spec.e20,C:.spec.micro,D:.spec.digits",
    "",
    "A",
    "A:",
    "A:{.a",
    "A:.x[",
    "A:.metadata.name:b",
    "A:.spec.list[5].n,B:.metadata.name",
]


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shown: dict[str, Any] = {}

    def do_GET(self) -> None:
        body = json.dumps(DISCOVERY.get(self.path.partition("?")[0]) or self.shown).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def kubectl(port: int, cache: str, *words: str) -> dict[str, Any]:
    command = ["kubectl", "--kubeconfig", "/dev/null", "--cache-dir", cache, "-s", f"http://127.0.0.1:{port}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {"stdout": done.stdout, "stderr": done.stderr}


def save(name: str, content: Any) -> None:
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.write("\n")


def record(port: int, cache: str) -> None:
    tables, customs, jsons = [], [], []
    for name, shown in TABLES.items():
        Answers.shown = shown
        tables += [{"table": name, "flags": flags, **kubectl(port, cache, "get", "pods", *flags)} for flags in FLAGS]
    for name, shown in OBJECTS.items():
        Answers.shown = shown
        get = ["get", "pod", *(["a"] if name == "object" else [])]
        customs += [{"of": name, "spec": spec, **kubectl(port, cache, *get, "-o", f"custom-columns={spec}")} for spec in SPECS]
        jsons.append({"of": name, **kubectl(port, cache, *get, "-o", "json")})
    save("tables.json", {"tables": TABLES, "cases": tables})
    save("custom-columns.json", {"objects": OBJECTS, "cases": customs, "json": jsons})


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as cache:
        record(server.server_port, cache)
    server.shutdown()


if __name__ == "__main__":
    main()
