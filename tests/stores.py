"""A Podman store of its own for tests: apart from the machine's, with our images, gone afterwards; and what a leak looks like."""

from __future__ import annotations

import contextlib
import itertools
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time
import uuid

from pkctl.runtime import places

ROOT = pathlib.Path(__file__).parent.parent
IMAGE = "localhost/busybox:1.36"
WEB = "localhost/pkctl/web:1"

UIDS: list[str] = []
"""The pods that tests of this process have made: their control groups must go."""


class Store:
    """`with Store() as store`: `store.place("n1")` is a cluster of its own in it."""

    def __init__(self) -> None:
        # Unix sockets have short names, so pytest's long folders won't do.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pkt", dir="/tmp"))
        names = {"--root": "store", "--runroot": "run", "--tmpdir": "tmp", "--network-config-dir": "networks"}
        self.options = tuple(word for option, name in names.items() for word in (option, str(self.folder / name)))
        # Clusters choose theirs from 10.128 on, and one may run beside this.
        self.network = f"10.{16 + os.getpid() % 80}.0.0/16"
        self._numbers = itertools.count(1)

    def __enter__(self) -> Store:
        subprocess.run([ROOT / "scripts/images", *self.options], check=True)
        return self

    def place(self, node: str, *, path: str = "") -> places.Place:
        base, run = str(self.folder / "base"), str(self.folder / "r")
        return places.Place(
            str(uuid.uuid4()),
            node,
            path=path,
            podman=self.options,
            tmp=str(self.folder / "tmp"),
            base=base,
            run=run,
            network=self.network,
        )

    def ip(self) -> str:
        """A pod address that no other test of this process has."""
        number = next(self._numbers)
        return f"{self.network.rpartition('.0.0')[0]}.{number // 250}.{number % 250 + 1}"

    def podman(self, *words: str) -> str:
        done = subprocess.run(["podman", *self.options, *words], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def leaks(self) -> list[str]:
        """Containers, mounts and links that stay; the kernel takes them away in its own time."""
        end = time.monotonic() + 10
        while (found := self._held()) and time.monotonic() < end:
            time.sleep(0.05)
        return found

    def _held(self) -> list[str]:
        containers = self.podman("ps", "-aq").split()
        mounts = [line.split()[4] for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines() if f" {self.folder}/" in line]
        held = [mount for mount in mounts if not mount.endswith("/store/overlay")]
        links = subprocess.run(["ip", "-o", "route"], capture_output=True, text=True, check=True).stdout
        prefix = self.network.partition(".0.0")[0] + "."
        folders = [str(path) for path in (self.folder / "base").glob("*/pods/*")]
        folders += [str(path) for uid in UIDS for path in pathlib.Path("/sys/fs/cgroup").glob(f"*/pkctl/pod{uid}")]
        return [*containers, *held, *(line for line in links.splitlines() if line.startswith(prefix)), *folders]

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(Exception):
            self.podman("rm", "-fa", "-t", "0")
        leave(self.folder)


def leave(folder: pathlib.Path) -> None:
    """End what still works in a store's folder, and take the folder away with its mounts."""
    while pids := _processes(folder):
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    for line in reversed(pathlib.Path("/proc/self/mountinfo").read_text().splitlines()):
        if f" {folder}/" in line:
            subprocess.run(["umount", "-l", line.split()[4]], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def _processes(folder: pathlib.Path) -> list[int]:
    """Podman's service, and the conmon of each exec, which waits five minutes and then would make the store anew."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"{folder}/".encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
    return found


def pod(name: str, script: str = "echo hello; exec sleep 1000", *, acts: dict[str, str] | None = None, **spec: object) -> dict[str, object]:
    """A pod of one container `c` that runs a script; `acts` says the same to a simulated node."""
    container = {"name": "c", "image": IMAGE, "command": ["sh", "-c", script]}
    annotations = {f"sim.pkctl.dev/{key}": value for key, value in (acts or {}).items()}
    about = {"name": name, "namespace": "default", "uid": str(uuid.uuid4()), "annotations": annotations}
    UIDS.append(about["uid"])
    return {"metadata": about, "spec": {"containers": [{**container, **spec.pop("container", {})}], **spec}}
