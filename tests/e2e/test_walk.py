"""One walk through the whole house as a user takes it: real containers, an installed command, an empty home."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request

import pytest

from tests.e2e.conftest import MANIFESTS, PROGRAM, WEB, Home, until

IN = ("-n", "demo")
OWN = {"kube-root-ca.crt", "kube-apiserver-legacy-service-account-token-tracking"}
"""The ConfigMaps that a cluster makes itself."""


def names(home: Home) -> set[str]:
    return set(home.path("{.items[*].metadata.name}", "pods", *IN))


def restarts(home: Home) -> list[str]:
    return home.path("{.items[*].status.containerStatuses[0].restartCount}", "pods", *IN)


def has_two(home: Home) -> bool:
    """Whether the shared deployment is as the other tests expect it."""
    return home.path("{.status.readyReplicas}/{.status.replicas}", "deployment", "web", *IN) == ["2/2"] and len(names(home)) == 2


def ready(home: Home) -> None:
    assert until(lambda: has_two(home)), home.out("get", "pods", *IN)


def test_apply_answers_as_kubectl_does(home: Home) -> None:
    assert home.out("apply", "-f", WEB, "--settle=never").splitlines() == [
        "namespace/demo created",
        "configmap/web-page created",
        "secret/web-login created",
        "deployment.apps/web created",
        "service/web created",
    ]


def test_applying_again_changes_nothing(web: Home) -> None:
    assert {line.rpartition(" ")[2] for line in web.out("apply", "-f", WEB).splitlines()} == {"unchanged"}


def test_the_pods_answer_on_their_own_addresses(web: Home) -> None:
    addresses = web.path("{.items[*].status.podIP}", "pods", *IN)
    pages = {urllib.request.urlopen(f"http://{address}:8080/", timeout=5).status for address in addresses}
    assert (len(addresses), pages) == (2, {200})


def test_every_pod_is_a_container_that_podman_knows(web: Home) -> None:
    ids = web.path("{.items[*].status.containerStatuses[0].containerID}", "pods", *IN)
    assert {id.removeprefix("podman://") for id in ids} == set(web.containers())


def test_get_all_shows_every_part(web: Home) -> None:
    shown = [line.split()[0].partition("-")[0] for line in web.out("get", "all", *IN, "--no-headers").splitlines() if line]
    assert shown == ["pod/web", "pod/web", "service/web", "deployment.apps/web", "replicaset.apps/web"]


def test_the_wide_table_has_addresses_and_nodes(web: Home) -> None:
    header, *rows = web.out("get", "pods", *IN, "-o", "wide").splitlines()
    assert header.split()[:7] == ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"]
    assert [row.split()[1:3] for row in rows] == [["1/1", "Running"]] * 2


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_is_printed_can_be_applied(web: Home, form: str) -> None:
    printed = web.out("get", "configmap", "web-page", *IN, "-o", form)
    assert web.out("apply", "-f", "-", text=printed).split() in (["configmap/web-page", "configured"], ["configmap/web-page", "unchanged"])


def test_a_selector_chooses(web: Home) -> None:
    chosen = web.out("get", "pods", *IN, "-l", "app=web", "-o", "name").split()
    assert (len(chosen), web.out("get", "pods", *IN, "-l", "app!=web", "-o", "name")) == (2, "")


def test_rows_are_sorted_by_a_field(web: Home) -> None:
    shown = web.out("get", "pods", *IN, "--sort-by=.metadata.name", "--no-headers").splitlines()
    assert [row.split()[0] for row in shown] == sorted(names(web))


def test_a_watch_tells_what_happens(web: Home) -> None:
    watch = web.start("get", "configmaps", *IN, "-w", "-o", "name", "--field-selector=metadata.name!=kube-root-ca.crt")
    assert watch.stdout
    shown = watch.stdout.readline()
    web.out("create", "configmap", "news", *IN, "--from-literal=a=b")
    assert (shown, watch.stdout.readline()) == ("configmap/web-page\n", "configmap/news\n")
    watch.send_signal(signal.SIGINT)
    watch.communicate(timeout=30)


def test_describe_tells_the_story(web: Home) -> None:
    told = web.out("describe", "deployment", "web", *IN)
    assert "2 desired | 2 updated | 2 total | 2 available | 0 unavailable" in told
    assert "Scaled up replica set web-" in told


def test_logs_are_followed(web: Home) -> None:
    script = "echo first; while [ ! -e /tmp/go ]; do sleep 0.1; done; echo second"
    web.out("run", "talker", *IN, "--image=localhost/busybox:1.36", "--restart=Never", "--", "sh", "-c", script)
    try:
        logs = web.start("logs", "talker", *IN, "-f")
        assert logs.stdout
        first = logs.stdout.readline()
        web.out("exec", "talker", *IN, "--", "touch", "/tmp/go")
        assert (first, logs.communicate(timeout=30)[0], logs.returncode) == ("first\n", "second\n", 0)
    finally:
        web.out("delete", "pod", "talker", *IN, "--now")


def test_a_secret_and_a_configmap_reach_the_container(web: Home) -> None:
    said = web.out("exec", *IN, "deploy/web", "--", "sh", "-c", "echo $LOGIN; cat /page/index.html")
    assert said == "admin\n<h1>Served by pkctl</h1>\n"


def test_exec_passes_the_exit_code(web: Home) -> None:
    done = web.run("exec", *IN, "deploy/web", "--", "sh", "-c", "exit 3")
    assert (done.returncode, done.stderr) == (3, "command terminated with exit code 3\n")


def test_exec_carries_standard_input(web: Home) -> None:
    assert web.run("exec", "-i", *IN, "deploy/web", "--", "tr", "a-z", "A-Z", text="through and back\n").stdout == "THROUGH AND BACK\n"


def test_a_shell_has_a_terminal(web: Home) -> None:
    import pty

    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(PROGRAM, [PROGRAM, "exec", "-it", *IN, "deploy/web", "--", "sh", "-c", "tty; exit 7"], web.env)
    said = b""
    while chunk := _read(terminal):
        said += chunk
    os.close(terminal)
    assert (b"/dev/pts/" in said, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])) == (True, 7)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_scaling_starts_and_stops_containers(web: Home) -> None:
    assert web.out("scale", "deployment", "web", "--replicas=4", *IN) == "deployment.apps/web scaled\n"
    assert until(lambda: len(web.containers()) == 4)
    web.out("scale", "deployment", "web", "--replicas=2", *IN)
    assert until(lambda: len(names(web)) == 2 and len(web.containers("-a")) == 2)
    ready(web)


def test_a_rollout_has_a_history_and_can_be_undone(web: Home) -> None:
    web.out("set", "image", "deployment/web", "web=localhost/pkctl/web:2", *IN)
    assert web.out("rollout", "status", "deployment/web", *IN, "--timeout=90s").splitlines()[-1] == (
        'deployment "web" successfully rolled out'
    )
    history = web.out("rollout", "history", "deployment/web", *IN).splitlines()
    assert [line.split()[0] for line in history[2:] if line] == ["1", "2"]
    assert web.out("rollout", "undo", "deployment/web", *IN) == "deployment.apps/web rolled back\n"
    web.out("rollout", "status", "deployment/web", *IN, "--timeout=90s")
    ready(web)
    assert set(web.path("{.items[*].spec.containers[*].image}", "pods", *IN)) == {"localhost/pkctl/web:1"}


def test_a_killed_container_is_healed_counted_and_told(web: Home) -> None:
    id = web.containers()[0]
    web.podman("kill", id)
    assert until(lambda: sorted(restarts(web)) == ["0", "1"])
    ready(web)
    assert (len(web.containers()), id in web.containers()) == (2, False)
    name = web.path("{.items[?(@.status.containerStatuses[0].restartCount==1)].metadata.name}", "pods", *IN)[0]
    told = web.path("{.items[?(@.reason=='Started')].count}", "events", *IN, "--field-selector", f"involvedObject.name={name}")
    assert sum(int(count) for count in told) == 2


def test_a_deleted_pod_is_replaced(web: Home) -> None:
    before = names(web)
    web.out("delete", "pod", min(before), *IN)
    ready(web)
    assert len(names(web) & before) == 1


def test_names_go_through_a_pipe(web: Home) -> None:
    before = names(web)
    pipe = f"{PROGRAM} get pods -n demo -o name | xargs {PROGRAM} delete -n demo"
    done = subprocess.run(["sh", "-ec", pipe], env=web.env, capture_output=True, text=True, check=True)
    assert {line.split('"')[1] for line in done.stdout.splitlines()} == before
    ready(web)
    assert not names(web) & before


def test_a_daemon_settles_what_a_command_only_writes(web: Home) -> None:
    assert "daemon started" in web.out("daemon", "start")
    try:
        assert web.run("daemon", "status").returncode == 0
        web.out("scale", "deployment", "web", "--replicas=3", *IN, "--settle=never")
        assert until(lambda: len(web.containers()) == 3)
        web.out("scale", "deployment", "web", "--replicas=2", *IN, "--settle=never")
        assert until(lambda: len(web.containers("-a")) == 2)
    finally:
        assert "daemon stopped" in web.out("daemon", "stop")
    assert web.run("daemon", "status").returncode == 3
    ready(web)


def test_a_crash_of_the_daemon_loses_nothing(web: Home) -> None:
    pid = int(web.out("daemon", "start").partition("(pid ")[2].split(",")[0])
    before = set(web.containers())
    web.out("create", "configmap", "kept", *IN, "--from-literal=a=b")
    os.kill(pid, signal.SIGKILL)
    assert until(lambda: web.run("daemon", "status").returncode == 3)
    assert (web.path("{.data.a}", "configmap", "kept", *IN), set(web.containers())) == (["b"], before)
    ready(web)


def test_deleting_the_file_leaves_nothing_on_the_machine(home: Home) -> None:
    home.out("apply", "-f", WEB)
    assert home.remains()
    home.out("delete", "-f", WEB)
    assert (home.remains(), home.out("get", "pods", "-A", "-o", "name")) == ([], "")


def test_a_secret_never_reaches_the_disk_in_clear(home: Home) -> None:
    home.out("apply", "-f", str(MANIFESTS / "secret.yaml"), "--settle=never")
    files = [path.read_bytes() for path in (home.folder / ".local").rglob("*") if path.is_file()]
    assert not any(text in data for data in files for text in (b"MWYyZDFlMmU2N2Rm", b"1f2d1e2e67df"))


def test_stateful_pods_start_in_order(home: Home) -> None:
    home.out("apply", "-f", str(MANIFESTS / "statefulset.yaml"))
    home.out("rollout", "status", "statefulset/db", "--timeout=90s")
    started = home.path("{.items[*].metadata.name}", "pods", "--sort-by=.status.startTime")
    assert started == ["db-0", "db-1", "db-2"]


TUTORIALS = ("configmap", "deployment", "namespaces", "pod", "pod-with-configmap", "secret", "service", "service-loadbalancer")


def test_the_tutorials_run_from_standard_input(home: Home) -> None:
    documents = "\n---\n".join((MANIFESTS / f"{name}.yaml").read_text() for name in TUTORIALS)
    said = home.out("apply", "-f", "-", text=documents).splitlines()
    assert all(line.endswith((" created", " configured", " unchanged")) for line in said), said
    home.out("wait", "--for=condition=Ready", "pods", "--all", "--timeout=60s")


WRONG = {
    "containers-in-spec": ('strict decoding error: unknown field "spec.containers"',),
    "deployment-in-v1": ('no matches for kind "Deployment" in version "v1"', "\nhint: Deployment is in apps/v1\n"),
    "missing-selector": ("* spec.selector: Required value\n",),
    "unbalanced-quote": ("error: error parsing ", "error converting YAML to JSON: yaml: line "),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_manifest_is_refused_and_stores_nothing(home: Home, case: str) -> None:
    done = home.run("apply", "-f", str(MANIFESTS / "wrong" / f"{case}.yaml"))
    assert (done.returncode, done.stdout, [part for part in WRONG[case] if part not in done.stderr]) == (1, "", []), done.stderr
    assert not set(home.path("{.items[*].metadata.name}", "deployments,configmaps", "-A")) - OWN
