"""`cluster-info` and its dump, laid out as kubectl's."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli import lines

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: dns, namespace: kube-system, labels: {kubernetes.io/cluster-service: "true", kubernetes.io/name: CoreDNS}}
spec: {selector: {a: b}, ports: [{name: dns, port: 53, protocol: UDP}]}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {initContainers: [{name: first, image: x}], containers: [{name: one, image: x}, {name: two, image: x}]}
"""


def test_services_of_the_cluster_itself_are_told(sh: lines.Shell) -> None:
    sh("create", "-f", "-", text=SERVICE)
    assert sh("cluster-info").out.splitlines()[1].startswith("CoreDNS is running at ")
    assert sh("cluster-info").out.splitlines()[1].endswith("/api/v1/namespaces/kube-system/services/:dns:dns/proxy")


def test_a_dump_holds_a_file_for_each_kind(sh: lines.Shell, tmp_path: Path) -> None:
    said = sh("cluster-info", "dump", f"--output-directory={tmp_path}/dump", "--namespaces=default", "-o", "yaml")
    assert said.out == f"Cluster info dumped to {tmp_path}/dump\n"
    assert sorted(each.name for each in (tmp_path / "dump" / "default").iterdir()) == [
        "daemonsets.yaml", "deployments.yaml", "events.yaml", "pods.yaml", "replicasets.yaml", "replication-controllers.yaml",
        "services.yaml",
    ]  # fmt: skip


def test_a_dump_holds_the_logs_of_every_container_in_one_file(sh: lines.Shell, tmp_path: Path) -> None:
    sh("create", "-f", "-", text=POD)
    sh("cluster-info", "dump", f"--output-directory={tmp_path}/dump")
    said = (tmp_path / "dump" / "default" / "web" / "logs.txt").read_text().splitlines()
    starts = [line for line in said if line.startswith("==== START")]
    assert starts == [f"==== START logs for container {name} of pod default/web ====" for name in ("first", "one", "two")]
    assert said[-1] == "==== END logs for container two of pod default/web ===="


def test_without_a_directory_all_goes_to_stdout(sh: lines.Shell) -> None:
    said = sh("cluster-info", "dump", "-A").out
    assert said.startswith('{\n    "kind": "NodeList",')
    assert "Cluster info dumped" not in said
