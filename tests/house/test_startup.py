"""What a command may import: held by module sets, which are deterministic, never by a clock."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from pkctl import machines, setups, wiring
from pkctl.kinds import table
from pkctl.runtime import glances
from tests.bench import startup

FORBIDDEN = {
    "asyncio", "calendar", "cel_expr_python", "click", "cryptography", "dataclasses", "email", "http", "jsonpatch", "locale",
    "logging", "pathlib", "podman", "psycopg", "socket", "sqlalchemy", "subprocess", "textual", "typing", "urllib", "uuid",
    "yaml",
}  # fmt: skip
"""Too slow for the start of a read; each is imported where it is needed."""

FOR_TABLES = FORBIDDEN | {"datetime", "importlib.util", "json", "re", "sqlite3", "threading"}
"""What a table needs even less."""

ENGINE = {"pkctl.engine.settling", "pkctl.controllers.table", "pkctl.runtime.podman"}
ROOT = Path(__file__).parents[2]
SCRIPT = """
import sys
before = set(sys.modules)
from pkctl.cli import run
code = run.main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=open(3, "w"))
sys.exit(code)
"""

GLANCE = """
import os, sys
from pkctl import wiring
from pkctl import machines, setups
setup = setups.Setup(os.environ)
store = wiring.open_store(setup)
assert wiring._pulse(machines.local_runtime(setup, store))
print(*sys.modules)
"""
"""What a read does for each node of this machine."""


def _modules(tmp_path: Path, *argv: str) -> set[str]:
    """The modules that one command loads in a fresh interpreter, on a cluster where nothing is due."""
    out = tmp_path / "modules.json"
    with out.open("w") as modules:
        shell = f'exec "$0" -I -c "$1" {" ".join(argv)} 3>"$2"'
        env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "PKCTL_NODES": "none", "PYTHONPATH": ""}
        subprocess.run(["sh", "-c", shell, sys.executable, SCRIPT, str(out)], env=env, check=True, capture_output=True, timeout=60)
        del modules
    return set(out.read_text().split())


@pytest.fixture(scope="module")
def quiet_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    _modules(home, "create", "configmap", "one")
    _modules(home, "get", "pods")
    return home


def _families(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "argv", [["get", "pods", "-o", "json"], ["get", "deploy", "-A", "-o", "yaml"], ["get", "cm", "-o", "name"]], ids=" ".join
)
def test_a_read_imports_nothing_slow(quiet_home: Path, argv: list[str]) -> None:
    assert _families(_modules(quiet_home, *argv)) & FORBIDDEN == set()


@pytest.mark.parametrize("argv", [["get", "pods"], ["get", "deploy", "-A"], ["get", "cm"]], ids=" ".join)
def test_a_table_needs_not_even_json(quiet_home: Path, argv: list[str]) -> None:
    modules = _modules(quiet_home, *argv)
    assert (modules | _families(modules)) & FOR_TABLES == set()


@pytest.mark.parametrize("argv", [["explain", "pods"], ["--help"], ["__complete", "get", "pods", "a"]], ids=" ".join)
def test_what_a_shell_waits_for_needs_not_even_json(quiet_home: Path, argv: list[str]) -> None:
    assert _families(_modules(quiet_home, *argv)) & FOR_TABLES == set()


def test_the_installed_script_imports_nothing_of_its_own(tmp_path: Path) -> None:
    script = (ROOT / "scripts" / "pkctl").read_text().splitlines()
    assert script[0] == "#!/usr/bin/env python3"
    assert [line for line in script if "import" in line and not line.startswith('"""')] == ["from pkctl.__main__ import main"]


def test_a_read_with_nothing_due_imports_no_engine(quiet_home: Path) -> None:
    assert _modules(quiet_home, "get", "pods") & ENGINE == set()


def test_a_glance_at_the_local_node_imports_nothing_slow(quiet_home: Path) -> None:
    env = {"HOME": str(quiet_home), "PATH": "/usr/bin:/bin"}
    setup = setups.Setup(env)
    with contextlib.closing(wiring.open_store(setup)) as store:
        glances.remember(machines.memory_path(setup, store, machines.node_name()), {"paths": ["/"]}, {})
    done = subprocess.run([sys.executable, "-I", "-c", GLANCE], env=env, check=True, capture_output=True, text=True, timeout=60)
    assert _families(set(done.stdout.split())) & (FOR_TABLES | {"hashlib", "shlex", "zlib"}) == set()


def test_a_read_enters_only_the_room_of_its_kind(quiet_home: Path) -> None:
    rooms = {f"pkctl.kinds.{row.plural}" for row in table.ROWS}
    assert _modules(quiet_home, "get", "configmaps") & rooms == {"pkctl.kinds.configmaps"}


def test_what_the_benchmark_of_imports_imports_is_there() -> None:
    subprocess.run([sys.executable, "-c", startup.IMPORTS], cwd=ROOT, check=True)
