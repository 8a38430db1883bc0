"""`tree` follows owners."""

from __future__ import annotations

from tests.unit.cli import lines

CHAIN = """apiVersion: v1
kind: ConfigMap
metadata: {name: %s, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: x, uid: %s}]}
"""


def test_what_is_owned_stands_below_its_owner(sh: lines.Shell) -> None:
    def uid(name: str) -> str:
        return sh("get", "configmap", name, "-o", "jsonpath={.metadata.uid}").out

    sh("create", "configmap", "root")
    sh("create", "-f", "-", text=CHAIN % ("a", uid("root")))
    sh("create", "-f", "-", text=CHAIN % ("b", uid("root")))
    sh("create", "-f", "-", text=CHAIN % ("deep", uid("a")))
    names = [line.split()[0] for line in sh("tree", "cm/root", "--no-headers").out.replace("│ └─", "│_└─").splitlines()]
    assert names == ["configmap/root", "├─configmap/a", "│_└─configmap/deep", "└─configmap/b"]
