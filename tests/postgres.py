"""A private PostgreSQL server for a test session: its own directory and socket, gone with the process that started it."""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator

USER = "postgres"
SETTINGS = {"listen_addresses": "", "fsync": "off", "max_connections": "200", "shared_buffers": "16MB", "log_min_messages": "fatal"}


class Server:
    """A running server; every `database()` is a new empty one."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    def database(self) -> str:
        import psycopg

        name = f"cluster{next(self._numbers)}"
        with psycopg.connect(self.url(USER), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        return self.url(name)

    def end(self) -> None:
        """Stop at once, as on a crash."""
        with open(os.path.join(self._folder, "data", "postmaster.pid")) as file:
            os.kill(int(file.readline()), signal.SIGQUIT)


def programs() -> str:
    """The directory of PostgreSQL's programs; a missing PostgreSQL fails the tests that need it, it never skips them."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/postgres"))
    path = found[-1] if found else shutil.which("postgres")
    if not path:
        raise AssertionError("PostgreSQL is missing; install Debian's package postgresql (make test does)")
    return os.path.dirname(path)


@contextlib.contextmanager
def running() -> Iterator[Server]:
    """Start a server and stop it when the block ends."""
    binaries = programs()
    with tempfile.TemporaryDirectory(prefix="pkctl-pg-") as folder:
        data = os.path.join(folder, "data")
        if os.getuid() == 0:
            account = pwd.getpwnam(USER)
            os.chown(folder, account.pw_uid, account.pw_gid)
        initdb = [f"{binaries}/initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(as_user(*initdb), check=True, capture_output=True, cwd=folder)
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = as_user(f"{binaries}/postgres", "-D", data, "-k", folder, *settings)
        with subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                server = Server(folder)
                await_answer(server, process)
                yield server
            finally:
                process.send_signal(signal.SIGQUIT)
                process.wait(30)


def as_user(*command: str) -> list[str]:
    """The command as the user PostgreSQL insists on when we are root, ending when its parent ends."""
    change = ["--reuid", USER, "--regid", USER, "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *change, "--pdeathsig", "QUIT", *command]


def await_answer(server: Server, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(2400):
        if process.poll() is not None:
            raise AssertionError(f"PostgreSQL ended with code {process.returncode} while starting")
        try:
            psycopg.connect(server.url(USER), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("PostgreSQL did not start within 2 minutes")
