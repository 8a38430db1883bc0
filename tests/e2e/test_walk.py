"""One walk through the house as a user takes it: real containers, an installed command, an empty home."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable

import pytest

from tests.e2e.conftest import MANIFESTS, Home

WEB = str(MANIFESTS / "static-web.yaml")


def until(is_so: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether it became so in time; whoever asks runs commands, so pkctl settles meanwhile."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


@pytest.fixture
def web(home: Home) -> Home:
    """A home with the demonstration deployed and rolled out."""
    home.out("apply", "-f", WEB)
    home.out("rollout", "status", "deployment/web", "-n", "demo", "--timeout=90s")
    return home


def pods(home: Home, *more: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(home.out("get", "pods", "-n", "demo", "-o", "json", *more))["items"]
    return found


def test_apply_answers_as_kubectl_does(home: Home) -> None:
    said = home.out("apply", "-f", WEB, "--settle=never").splitlines()
    assert said == [
        "namespace/demo created",
        "configmap/web-page created",
        "secret/web-login created",
        "deployment.apps/web created",
        "service/web created",
    ]


def test_the_pods_answer_on_their_own_addresses(web: Home) -> None:
    addresses = web.out("get", "pods", "-n", "demo", "-o", "jsonpath={.items[*].status.podIP}").split()
    pages = {urllib.request.urlopen(f"http://{address}:8080/", timeout=5).status for address in addresses}
    assert (len(addresses), pages) == (2, {200})


def test_every_pod_is_a_container_that_podman_knows(web: Home) -> None:
    ids = {
        id.removeprefix("podman://")
        for id in web.out("get", "pods", "-n", "demo", "-o", "jsonpath={.items[*].status.containerStatuses[0].containerID}").split()
    }
    assert ids == set(web.podman("ps", "-q", "--no-trunc").split())


def test_a_secret_and_a_configmap_reach_the_container(web: Home) -> None:
    said = web.out("exec", "-n", "demo", "deploy/web", "--", "sh", "-c", "echo $LOGIN; cat /page/index.html")
    assert said == "admin\n<h1>Served by pkctl</h1>\n"


def test_exec_passes_the_exit_code(web: Home) -> None:
    done = web.run("exec", "-n", "demo", "deploy/web", "--", "sh", "-c", "exit 3")
    assert (done.returncode, done.stderr) == (3, "command terminated with exit code 3\n")


def test_scaling_starts_and_stops_containers(web: Home) -> None:
    assert web.out("scale", "deployment", "web", "--replicas=3", "-n", "demo") == "deployment.apps/web scaled\n"
    assert until(lambda: len(web.podman("ps", "-q").split()) == 3)
    web.out("scale", "deployment", "web", "--replicas=1", "-n", "demo")
    assert until(lambda: web.run("get", "pods", "-n", "demo").returncode == 0 and len(web.podman("ps", "-aq").split()) == 1)


def test_a_rollout_can_be_undone(web: Home) -> None:
    web.out("set", "image", "deployment/web", "web=localhost/pkctl/web:2", "-n", "demo")
    web.out("rollout", "status", "deployment/web", "-n", "demo", "--timeout=90s")
    web.out("rollout", "undo", "deployment/web", "-n", "demo")
    web.out("rollout", "status", "deployment/web", "-n", "demo", "--timeout=90s")
    images = set(web.out("get", "pods", "-n", "demo", "-l", "app=web", "-o", "jsonpath={.items[*].spec.containers[*].image}").split())
    assert "localhost/pkctl/web:1" in images


def test_a_killed_container_is_healed_and_counted(web: Home) -> None:
    id = web.podman("ps", "-q").split()[0]
    web.podman("kill", id)
    assert until(
        lambda: "1" in web.out("get", "pods", "-n", "demo", "-o", "jsonpath={.items[*].status.containerStatuses[0].restartCount}").split()
    )
    assert until(lambda: len(web.podman("ps", "-q").split()) == 2)


def test_a_deleted_pod_is_replaced(web: Home) -> None:
    before = {pod["metadata"]["name"] for pod in pods(web)}  # type: ignore[index]
    web.out("delete", "pod", sorted(before)[0], "-n", "demo")
    after = {pod["metadata"]["name"] for pod in pods(web)}  # type: ignore[index]
    assert len(after) == 2
    assert len(after & before) == 1


def test_deleting_the_file_leaves_nothing_in_podman(web: Home) -> None:
    web.out("delete", "-f", WEB)
    assert web.podman("ps", "-aq") == ""


def test_names_go_through_a_pipe(web: Home) -> None:
    names = web.out("get", "configmaps", "-n", "demo", "-o", "name").split()
    assert web.out("delete", "-n", "demo", *names).splitlines()[0].startswith('configmap "')


def test_the_daemon_settles_what_a_command_only_writes(home: Home) -> None:
    assert "daemon started" in home.out("daemon", "start")
    home.out("apply", "-f", WEB, "--settle=never")
    assert until(lambda: len(home.podman("ps", "-q").split()) == 2)
    assert "daemon stopped" in home.out("daemon", "stop")


def test_a_secret_never_reaches_the_disk_in_clear(home: Home) -> None:
    home.out("apply", "-f", str(MANIFESTS / "secret.yaml"), "--settle=never")
    files = [path.read_bytes() for path in (home.folder / ".local").rglob("*") if path.is_file()]
    assert not any(text in data for data in files for text in (b"MWYyZDFlMmU2N2Rm", b"1f2d1e2e67df"))


def test_stateful_pods_start_in_order(home: Home) -> None:
    home.out("apply", "-f", str(MANIFESTS / "statefulset.yaml"))
    home.out("rollout", "status", "statefulset/db", "--timeout=90s")
    started = home.out("get", "pods", "--sort-by=.status.startTime", "-o", "jsonpath={.items[*].metadata.name}").split()
    assert started == ["db-0", "db-1", "db-2"]
