"""An installed pkctl in an empty home, with a Podman store of its own: what a user has, and nothing of anybody else's."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pkctl.runtime import places
from tests import stores

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "testdata" / "manifests"
WEB = str(MANIFESTS / "static-web.yaml")
PROGRAM = str(Path(sys.executable).with_name("pkctl"))


class Home:
    """A user's home; `run` is a command in it."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.started: list[subprocess.Popen[str]] = []

    @property
    def runtime_root(self) -> str:
        return self.env["PKCTL_RUNTIME_ROOT"]

    def start(self, *argv: str, **more: object) -> subprocess.Popen[str]:
        """A command, left running until the test is over."""
        made = subprocess.Popen([PROGRAM, *argv], env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload]
        self.started.append(made)
        return made  # type: ignore[no-any-return]

    def run(
        self, *argv: str, text: str | None = None, timeout: float = 120, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """A command, run to its end."""
        chosen = {**self.env, **(env or {})}
        return subprocess.run([PROGRAM, *argv], env=chosen, input=text, capture_output=True, text=True, timeout=timeout)

    def out(self, *argv: str, text: str | None = None) -> str:
        """What a command that must succeed printed."""
        done = self.run(*argv, text=text)
        assert done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def path(self, path: str, *argv: str) -> list[str]:
        """The words that a JSONPath of `get` gives."""
        return self.out("get", *argv, "-o", f"jsonpath={path}").split()

    def podman(self, *argv: str) -> str:
        """The Podman that this home's pods run in."""
        root = self.runtime_root
        options = ["--root", f"{root}/storage", "--runroot", f"{root}/runroot", "--tmpdir", f"{root}/libpod"]
        return subprocess.run(["podman", *options, *argv], env=self.env, check=True, capture_output=True, text=True).stdout

    @property
    def cluster(self) -> str:
        """The cluster's id, which its containers carry."""
        return self._past()[0]["id"]

    def containers(self, *options: str) -> list[str]:
        """The ids of the cluster's containers that run; with "-a", of all it has."""
        return self.podman("ps", "-q", "--no-trunc", "--filter", f"label=pkctl.cluster={self.cluster}", *options).split()

    def remains(self) -> list[str]:
        """What of the cluster is on the machine: containers, mounts, cables, nft tables, control groups, folders."""
        settings, uids = self._past()
        short = settings["id"][:8]
        base, run = f"{self.runtime_root}/base/{short}", f"{self.runtime_root}/run/{short}/"
        mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
        said = [f"container {id}" for id in self.containers("-a")]
        said += [f"mount {each}" for each in mounts if each.startswith((f"{base}/", run))]
        cables = {places.Place(settings["id"], "").link(uid) for uid in uids}
        said += [line for line in _lines("ip", "-o", "link", "show", "type", "veth") if line.split()[1].partition("@")[0] in cables]
        said += [line for line in _lines("nft", "list", "tables") if short in line]
        groups = [path for pattern in ("*/pkctl/pod*", "pkctl/pod*") for path in Path("/sys/fs/cgroup").glob(pattern)]
        said += [str(path) for path in groups if path.name.removeprefix("pod") in uids]
        return said + [str(path) for path in (Path(base), Path(run)) if path.exists()]

    def _past(self) -> tuple[dict[str, str], set[str]]:
        """The cluster's settings, and the uids of every pod that its log knows of."""
        with contextlib.closing(sqlite3.connect(self.folder / ".local/share/pkctl/cluster.db")) as db:
            (settings,) = db.execute("select text from marks where name = 'cluster'").fetchone()
            now = "select text from entries where key like 'pods/%'"
            rows = db.execute(f"{now} union all select was from log where key like 'pods/%' and was is not null")
            return json.loads(settings), {json.loads(text)["metadata"]["uid"] for (text,) in rows}

    def leave(self) -> None:
        """Stop what was started, and take everything off the machine, whatever state the test left it in."""
        for process in self.started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.communicate()
        if not (self.folder / ".local/share/pkctl/cluster.db").exists():
            return
        self.run("daemon", "stop")
        kinds = "deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs,replicationcontrollers,pods"
        self.run("delete", kinds, "--all", "-A", "--grace-period=0", "--force")
        end = time.monotonic() + 10
        while self.containers("-a") and time.monotonic() < end:
            self.run("get", "pods", "-A")
        ids = self.containers("-a")
        if ids:
            self.podman("rm", "-f", "-t", "0", *ids)


def _lines(*argv: str) -> list[str]:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()


def until(is_so: Callable[[], bool], seconds: float = 120) -> bool:
    """Whether it became so in time; whoever asks runs commands, so pkctl settles meanwhile."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.2)
    return True


def make_home(folder: Path, runtime_root: Path) -> Home:
    """An empty home whose pods run under `runtime_root`."""
    kept = {key: os.environ[key] for key in ("PATH", "CONTAINERS_CONF", "LANG") if key in os.environ}
    return Home(folder, {**kept, "HOME": str(folder), "PKCTL_RUNTIME_ROOT": str(runtime_root)})


@contextlib.contextmanager
def a_home(folder: Path, runtime_root: Path) -> Iterator[Home]:
    """A home whose containers are gone afterwards, whatever was done in it."""
    made = make_home(folder, runtime_root)
    try:
        yield made
    finally:
        made.leave()


@pytest.fixture(scope="session")
def runtime_root() -> Iterator[Path]:
    """A Podman store with the test images in it, for this test process alone; short, since sockets have short names."""
    root = Path(tempfile.mkdtemp(prefix="pkctl-e2e-", dir="/tmp"))
    try:
        env = {**os.environ, "PKCTL_RUNTIME_ROOT": str(root)}
        subprocess.run([ROOT / "scripts" / "images"], env=env, check=True, capture_output=True, timeout=300)
        yield root
    finally:
        stores.leave(root)


@pytest.fixture
def home(tmp_path: Path, runtime_root: Path) -> Iterator[Home]:
    """An empty home for one test."""
    with a_home(tmp_path, runtime_root) as made:
        yield made


@pytest.fixture(scope="module")
def web(runtime_root: Path) -> Iterator[Home]:
    """A home with the demonstration rolled out, for the tests of one module; each leaves it with two ready pods."""
    with tempfile.TemporaryDirectory(prefix="pkctl-home-") as folder, a_home(Path(folder), runtime_root) as made:
        made.out("apply", "-f", WEB)
        made.out("rollout", "status", "deployment/web", "-n", "demo", "--timeout=90s")
        yield made
