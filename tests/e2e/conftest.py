"""An installed pkctl in an empty home, with a Podman store of its own: what a user has, and nothing of anybody else's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "testdata" / "manifests"


class Home:
    """A user's home; `run` is a command in it."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env

    def start(self, *argv: str, **more: object) -> subprocess.Popen[str]:
        """A command, left running."""
        program = Path(sys.executable).with_name("pkctl")
        return subprocess.Popen([str(program), *argv], env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload, no-any-return]

    def run(self, *argv: str, text: str | None = None, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """A command, run to its end."""
        program = Path(sys.executable).with_name("pkctl")
        return subprocess.run([str(program), *argv], env=self.env, input=text, capture_output=True, text=True, timeout=timeout)

    def out(self, *argv: str, text: str | None = None) -> str:
        """What a command that must succeed printed."""
        done = self.run(*argv, text=text)
        assert done.returncode == 0, f"{argv}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def podman(self, *argv: str) -> str:
        """The Podman that this home's pods run in."""
        root = self.env["PKCTL_RUNTIME_ROOT"]
        options = ["--root", f"{root}/storage", "--runroot", f"{root}/runroot", "--tmpdir", f"{root}/libpod"]
        return subprocess.run(["podman", *options, *argv], env=self.env, check=True, capture_output=True, text=True).stdout


def make_home(folder: Path, runtime_root: Path) -> Home:
    """An empty home whose pods run under `runtime_root`."""
    kept = {key: os.environ[key] for key in ("PATH", "CONTAINERS_CONF", "LANG") if key in os.environ}
    return Home(folder, {**kept, "HOME": str(folder), "PKCTL_RUNTIME_ROOT": str(runtime_root)})


@pytest.fixture(scope="session")
def runtime_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Podman store with the test images in it, for this test process alone; short, since sockets have short names."""
    root = Path(f"/tmp/pkctl-e2e-{os.getpid()}")
    root.mkdir()
    env = {**os.environ, "PKCTL_RUNTIME_ROOT": str(root)}
    subprocess.run([ROOT / "scripts" / "images"], env=env, check=True, capture_output=True, timeout=300)
    yield root
    for mount in sorted((line.split()[1] for line in open("/proc/mounts") if line.split()[1].startswith(f"{root}/")), reverse=True):  # noqa: SIM115
        subprocess.run(["umount", "-l", mount], check=False)
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path, runtime_root: Path) -> Iterator[Home]:
    """A home whose containers are gone afterwards, whatever the test did."""
    made = make_home(tmp_path, runtime_root)
    yield made
    made.run("daemon", "stop")
    for name in made.run("get", "namespaces", "-o", "name").stdout.split():
        made.run("delete", "all", "--all", "-n", name.partition("/")[2], "--grace-period=0", "--force", "--wait=false")
    made.run("get", "pods", "-A")
    ids = made.podman("ps", "-aq").split()
    if ids:
        made.podman("rm", "-f", "-t", "0", *ids)
