"""Commands that reach into a pod say in one line that its node does not answer."""

from __future__ import annotations

from tests.unit.cli import lines

OBJECTS = """apiVersion: v1
kind: Node
metadata: {name: far, annotations: {pkctl.dev/runtime: ssh, pkctl.dev/ssh: "root@127.0.0.1:1"}}
---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {nodeName: far, containers: [{name: web, image: x}]}
"""


def test_an_unreachable_node_is_told_of_once(file_sh: lines.Sh) -> None:
    assert file_sh("create", "--settle=never", "-f", "-", text=OBJECTS).code == 0
    said = file_sh("exec", "web", "--", "ls", PATH="/usr/bin:/bin")
    assert (said.code, said.err.count("\n"), said.err.startswith("error: node far: ")) == (1, 1, True)
