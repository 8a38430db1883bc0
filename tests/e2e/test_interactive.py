"""What a user does at a terminal: shells, one-off pods, copies, forwarded ports, logs of many pods; against real containers."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Home, make_home, until

Step = tuple[bytes, bytes | Callable[[int, int], object]]

TALK = """apiVersion: apps/v1
kind: Deployment
metadata: {name: talk}
spec:
  replicas: 2
  selector: {matchLabels: {app: talk}}
  template:
    metadata: {labels: {app: talk}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
      - name: box
        image: localhost/busybox:1.36
        command: [sh, -c, "i=0; while :; do i=$((i+1)); echo line $i; sleep 0.2; done"]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: web, image: "localhost/pkctl/web:1"}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, runtime_root: Path) -> Iterator[Home]:
    """One home for all: two talking pods, a web server behind a service."""
    made = make_home(tmp_path_factory.mktemp("home"), runtime_root)
    made.out("apply", "-f", "-", text=TALK)
    for name in ("talk", "web"):
        made.out("rollout", "status", f"deployment/{name}", "--timeout=60s")
    yield made
    made.leave()


@pytest.fixture
def pod(home: Home) -> str:
    """The name of a talking pod that stays."""
    home.out("rollout", "status", "deployment/talk", "--timeout=60s")
    found = json.loads(home.out("get", "pods", "-l", "app=talk", "-o", "json"))["items"]
    return next(each["metadata"]["name"] for each in found if "deletionTimestamp" not in each["metadata"])


class Terminal:
    """A command at a terminal of its own: what it showed, its exit code, and whether the terminal was left as it was."""

    def __init__(self, home: Home, *argv: str, steps: list[Step], seconds: float = 120) -> None:
        program = str(Path(sys.executable).with_name("pkctl"))
        ours, theirs = pty.openpty()
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        before = termios.tcgetattr(theirs)
        process = subprocess.Popen(
            [program, *argv], env=home.env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        self.out = _play(ours, process, steps, time.monotonic() + seconds)
        self.code = process.wait(60)
        self.is_restored = termios.tcgetattr(theirs) == before
        os.close(ours)
        os.close(theirs)


def _play(terminal: int, process: subprocess.Popen[bytes], steps: list[Step], end: float) -> str:
    seen, mark, left = b"", 0, list(steps)
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 65536)
        elif process.poll() is not None:
            break
        if left and left[0][0] in seen[mark:]:
            _, answer = left.pop(0)
            mark = len(seen)
            os.write(terminal, answer) if isinstance(answer, bytes) else answer(terminal, process.pid)
    else:
        process.kill()
    return seen.decode(errors="replace")


def resize(terminal: int, pid: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 132, 0, 0))


def page(port: int) -> bytes:
    """What a forwarded port's web server answers; nothing while it doesn't listen yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
            return bytes(answer.read())
    except OSError:
        return b""


def has_begun(home: Home, started: subprocess.Popen[str]) -> bool:
    """Whether a command has its cluster open, and so all of its signals in hand."""
    return any(home.folder in each.resolve().parents for each in Path(f"/proc/{started.pid}/fd").iterdir())


def interrupted(started: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit code after Ctrl-C, and everything said on stderr."""
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=60)
    return started.returncode, said


class TestExec:
    """`exec`."""

    def test_a_shell_has_our_window_size_and_gives_its_exit_code(self, home: Home, pod: str) -> None:
        shell = Terminal(home, "exec", "-it", pod, "--", "sh", steps=[(b"# ", b"stty size\r"), (b"24 80", b"exit 7\r")])
        assert (shell.code, shell.is_restored) == (7, True)

    def test_a_shell_follows_a_resize(self, home: Home, pod: str) -> None:
        def again(terminal: int, pid: int) -> None:
            resize(terminal, pid)
            os.write(terminal, b"until stty size | grep -q ^40; do sleep 0.1; done; stty size; exit\r")

        assert "40 132" in Terminal(home, "exec", "-it", pod, "--", "sh", steps=[(b"# ", again)]).out

    def test_an_interrupt_is_the_shells_own(self, home: Home, pod: str) -> None:
        shell = Terminal(
            home, "exec", "-it", pod, "--", "sh",
            steps=[(b"# ", b"echo $((40+2)); sleep 999\r"), (b"42", b"\x03"), (b"# ", b"exit 5\r")],
        )  # fmt: skip
        assert shell.code == 5

    def test_input_from_a_pipe_reaches_the_command(self, home: Home, pod: str) -> None:
        assert home.out("exec", "-i", pod, "--", "cat", text="through\n") == "through\n"


class TestRun:
    """`run`."""

    def test_a_one_off_shell_is_removed(self, home: Home) -> None:
        shell = Terminal(
            home, "run", "-it", "--rm", "--restart=Never", "once", "--image=localhost/busybox:1.36", "--", "sh",
            steps=[(b"# ", b"echo here; exit\r")],
        )  # fmt: skip
        assert (shell.code, 'pod "once" deleted' in shell.out, home.run("get", "pod", "once").returncode) == (0, True, 1)

    def test_a_pod_goes_before_its_end_is_told(self, home: Home) -> None:
        shell = Terminal(
            home, "run", "-it", "--rm", "--restart=Never", "told", "--image=localhost/busybox:1.36", "--", "sh",
            steps=[(b"# ", b"exit 3\r")],
        )  # fmt: skip
        last = [line for line in shell.out.replace("\r", "").splitlines() if line][-2:]
        assert (shell.code, last) == (3, ['pod "told" deleted from default namespace', "pod default/told terminated (Error)"])

    def test_the_terminal_is_given_back_when_pkctl_is_ended(self, home: Home, pod: str) -> None:
        shell = Terminal(home, "exec", "-it", pod, "--", "sh", steps=[(b"# ", lambda _, pid: os.kill(pid, signal.SIGTERM))])
        assert (shell.code, shell.is_restored) == (1, True)

    def test_a_one_off_commands_exit_code_is_ours(self, home: Home) -> None:
        done = home.run("run", "--rm", "-i", "--restart=Never", "three", "--image=localhost/busybox:1.36", "--", "sh", "-c", "exit 3")
        assert done.returncode == 3


class TestLogs:
    """`logs`."""

    def test_a_label_brings_every_pods_last_lines(self, home: Home) -> None:
        said = home.out("logs", "-l", "app=talk", "--prefix", "--tail=1").splitlines()
        assert len({line.partition(" ")[0] for line in said}) == 2

    def test_following_takes_up_a_pod_that_appears(self, home: Home) -> None:
        follower = home.start("logs", "-f", "-l", "app=talk", "--prefix", "--tail=0")
        assert follower.stdout is not None
        names: set[str] = set()
        while len(names) < 2:
            names.add(follower.stdout.readline().partition(" ")[0])
        home.out("delete", "pods", "-l", "app=talk", "--wait=false")
        while len(names) < 4 and (line := follower.stdout.readline()):
            names.add(line.partition(" ")[0])
        assert (len(names), *interrupted(follower)) == (4, 130, "")


class TestCopies:
    """`cp`."""

    def test_a_folder_goes_in_and_comes_back(self, home: Home, pod: str, tmp_path: Path) -> None:
        (tmp_path / "in" / "deep").mkdir(parents=True)
        (tmp_path / "in" / "deep" / "file").write_bytes(bytes(range(256)) * 5000)
        home.out("cp", str(tmp_path / "in"), f"{pod}:/tmp/copied")
        home.out("cp", f"default/{pod}:/tmp/copied", str(tmp_path / "out"))
        assert (tmp_path / "out" / "deep" / "file").read_bytes() == (tmp_path / "in" / "deep" / "file").read_bytes()

    def test_a_folder_that_is_there_is_filled_and_links_are_left_out(self, home: Home, pod: str, tmp_path: Path) -> None:
        home.out("exec", pod, "--", "sh", "-c", "mkdir -p /tmp/some && echo a >/tmp/some/a && ln -sf a /tmp/some/link")
        (tmp_path / "there").mkdir()
        done = home.run("cp", f"{pod}:/tmp/some", str(tmp_path / "there"))
        assert [each.name for each in (tmp_path / "there").iterdir()] == ["a"]
        assert done.stderr.startswith(
            f'warning: skipping symlink: "{tmp_path}/there/link" -> "a" (consider using "pkctl exec -n "" "{pod}"'
        )

    def test_a_copy_that_is_cut_off_goes_on_from_there(self, home: Home, pod: str, tmp_path: Path) -> None:
        cut = '#!/bin/busybox sh\nln -sf busybox /bin/sh\n/bin/sh "$@" | head -c 100000\n'
        make = "seq 50000 >/tmp/long; cat >/tmp/cut; chmod +x /tmp/cut; mv -f /tmp/cut /bin/sh"
        home.out("exec", "-i", pod, "--", "sh", "-c", make, text=cut)
        said = home.out("cp", "--retries=2", f"{pod}:/tmp/long", str(tmp_path / "long"))
        assert "Resuming copy at 100000 bytes, retry 1/2\n" in said
        assert (tmp_path / "long").read_text().split() == [str(each + 1) for each in range(50000)]

    def test_a_file_goes_into_a_folder_by_its_own_name(self, home: Home, pod: str, tmp_path: Path) -> None:
        (tmp_path / "note").write_text("hello")
        home.out("cp", str(tmp_path / "note"), f"{pod}:/tmp/")
        assert home.out("exec", pod, "--", "cat", "/tmp/note") == "hello"


class TestPortForward:
    """`port-forward`."""

    @pytest.fixture
    def forwarded(self, home: Home, request: pytest.FixtureRequest) -> Iterator[tuple[int, str]]:
        """A local port to what the test names, and what was said first."""
        word, _, remote = request.param.partition(":")
        started = home.start("port-forward", word, f":{remote}")
        assert started.stdout is not None
        said = started.stdout.readline()
        yield int(said.split(" -> ")[0].rpartition(":")[2]), said
        assert interrupted(started)[0] == 0

    @pytest.mark.parametrize("forwarded", ["deploy/web:9"], indirect=True)
    def test_a_port_that_nobody_listens_at_is_told_of(self, forwarded: tuple[int, str]) -> None:
        for _ in range(2):
            with pytest.raises(OSError, match=r"closed connection|reset"):
                urllib.request.urlopen(f"http://127.0.0.1:{forwarded[0]}/", timeout=60)

    @pytest.mark.parametrize("forwarded", ["svc/web:80", "deploy/web:8080"], indirect=True)
    def test_a_port_leads_into_the_pod(self, forwarded: tuple[int, str]) -> None:
        port, said = forwarded
        assert said == f"Forwarding from 127.0.0.1:{port} -> 8080\n"
        assert until(lambda: b"version 1" in page(port))

    @pytest.mark.parametrize("forwarded", ["deploy/web:8080"], indirect=True)
    def test_it_goes_on_when_its_pod_is_replaced(self, home: Home, forwarded: tuple[int, str]) -> None:
        home.out("delete", "pods", "-l", "app=web")
        home.out("rollout", "status", "deployment/web", "--timeout=60s")
        assert until(lambda: b"version 1" in page(forwarded[0]))


def test_top_shows_what_pods_use(home: Home) -> None:
    shown: list[str] = []

    def has_all() -> bool:
        shown[:] = home.out("top", "pod", "--no-headers").splitlines()
        return len(shown) == 3

    assert until(has_all), shown
    assert all(line.split()[2].endswith("Mi") for line in shown)


def test_a_changed_copy_of_a_pod_can_be_joined(home: Home, pod: str) -> None:
    shell = Terminal(
        home, "debug", "-it", pod, "--copy-to=copied", "--container=box", "--", "sh", steps=[(b"# ", b"echo in; exit\r")]
    )  # fmt: skip
    home.run("delete", "pod", "copied", "--grace-period=0", "--force")
    assert (shell.code, "in\r\n" in shell.out) == (0, True)


@pytest.mark.parametrize(
    "argv", [["get", "pods", "-w"], ["events", "-w"], ["wait", "--for=delete", "deploy/web", "--timeout=60s"]], ids=" ".join
)
def test_an_interrupt_ends_it_cleanly(home: Home, argv: list[str]) -> None:
    started = home.start(*argv)
    assert until(lambda: has_begun(home, started))
    time.sleep(1)
    assert interrupted(started) == (130, "")


@pytest.mark.parametrize("argv", [["get", "pods", "-w"], ["port-forward", "deploy/web", ":8080"]], ids=" ".join)
def test_an_interrupt_ends_what_a_script_put_in_the_background(home: Home, argv: list[str]) -> None:
    started = home.start(*argv, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    assert until(lambda: has_begun(home, started))
    time.sleep(1)
    code, said = interrupted(started)
    assert (code in (0, 130), said) == (True, "")
