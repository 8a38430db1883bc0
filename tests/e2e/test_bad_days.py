"""What can be wrong with a machine: each says one clear line with what to do, and the rest goes on."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.e2e.conftest import MANIFESTS, Home, make_home, until

LONE = {"PKCTL_NODES": "none"}
"""For what has nothing to do with containers."""

POD = str(MANIFESTS / "pod.yaml")

TWO = """apiVersion: v1
kind: Pod
metadata: {name: lost}
spec:
  containers:
  - {name: main, image: "127.0.0.1:1/nobody/nothing:1"}
---
apiVersion: v1
kind: Pod
metadata: {name: fine}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - {name: main, image: "localhost/busybox:1.36", command: [sleep, "1000"]}
"""


@contextlib.contextmanager
def disk(folder: Path, size: str) -> Iterator[Home]:
    """A home on a disk of its own."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "disk", str(folder)], check=True)
    try:
        yield make_home(folder, folder / "unused")
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_named_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    (tmp_path / "much").write_bytes(os.urandom(60_000).hex().encode())
    with disk(tmp_path / "home", "1m") as home:
        created = []
        while True:
            done = home.run("create", "configmap", f"c{len(created)}", f"--from-file={tmp_path / 'much'}", env=LONE)
            if done.returncode:
                break
            created.append(f"configmap/c{len(created)}")
        assert (done.returncode, len(done.stderr.splitlines()), "no space is left on its disk; free some" in done.stderr) == (1, 1, True)
        subprocess.run(["mount", "-o", "remount,size=8m", str(home.folder)], check=True)
        assert set(created) <= set(home.run("get", "configmaps", "-o", "name", env=LONE).stdout.split())
        assert home.run("create", "configmap", "again", env=LONE).returncode == 0


def test_a_read_only_home_is_named(tmp_path: Path) -> None:
    with disk(tmp_path / "home", "1m") as home:
        subprocess.run(["mount", "-o", "remount,ro", str(home.folder)], check=True)
        done = home.run("create", "configmap", "a")
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert "Read-only file system; make its directory writable, or use --cluster" in done.stderr


def test_without_podman_everything_else_goes_on(tmp_path: Path) -> None:
    tools, folder = tmp_path / "bin", tmp_path / "home"
    tools.mkdir()
    folder.mkdir()
    for place in ("/usr/bin", "/usr/sbin"):
        for program in Path(place).iterdir():
            if program.name != "podman" and not (tools / program.name).exists():
                (tools / program.name).symlink_to(program)
    home = make_home(folder, tmp_path / "root")
    home.env["PATH"] = str(tools)
    applied = home.run("apply", "-f", POD)
    assert (applied.returncode, applied.stdout) == (0, "pod/static-web created\n")
    assert applied.stderr.count("podman is not installed: apt-get install podman") == 1
    assert home.path("{.items[*].status.phase}", "pods") == ["Pending"]
    checked = home.run("node", "check")
    assert (checked.returncode, "podman is not installed: apt-get install podman" in checked.stdout) == (1, True)


def test_an_image_that_cannot_be_pulled_holds_up_nobody(home: Home) -> None:
    home.out("apply", "-f", "-", text=TWO)
    seen: set[str] = set()

    def has_backed_off() -> bool:
        seen.update(home.path("{.status.containerStatuses[0].state.waiting.reason}", "pod", "lost"))
        return "ImagePullBackOff" in seen

    assert until(has_backed_off)
    assert seen <= {"ContainerCreating", "ErrImagePull", "ImagePullBackOff"}
    assert until(lambda: home.path("{.status.phase}", "pod", "fine") == ["Running"])
    events = set(home.path("{.items[*].reason}", "events", "--field-selector", "involvedObject.name=lost"))
    assert {"Pulling", "Failed", "BackOff"} <= events


def test_a_database_that_is_none_is_left_alone(home: Home) -> None:
    file = home.folder / "letter.txt"
    file.write_text("dear diary\n" * 100)
    done = home.run("--cluster", str(file), "get", "pods")
    assert (done.returncode, len(done.stderr.splitlines()), file.read_text()) == (1, 1, "dear diary\n" * 100), done.stderr


def test_a_lost_key_is_named_and_destroys_nothing(home: Home) -> None:
    home.run("create", "secret", "generic", "one", "--from-literal=a=b", env=LONE)
    key = home.folder / ".config/pkctl/secrets.key"
    kept = key.rename(key.with_suffix(".away"))
    done = home.run("get", "secret", "one", env=LONE)
    assert (done.returncode, len(done.stderr.splitlines()), str(key) in done.stderr) == (1, 1, True), done.stderr
    key.unlink(missing_ok=True)
    kept.rename(key)
    assert home.run("get", "secret", "one", "-o", "jsonpath={.data.a}", env=LONE).stdout == "Yg=="
