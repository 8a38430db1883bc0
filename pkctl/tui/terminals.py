"""What leaves the full screen for a while: a shell in a container, an editor."""

from __future__ import annotations

import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import tty
from typing import TYPE_CHECKING

from pkctl import errors
from pkctl.api import options
from pkctl.objects import meta, yamls
from pkctl.printers import yamls as printed

if TYPE_CHECKING:
    from pkctl.client import base
    from pkctl.kinds import table
    from pkctl.runtime import base as runtime


def run(client: base.Client, namespace: str, pod: str, container: str, command: list[str]) -> int:
    """Run a command in a container on this terminal, until it ends; returns its exit code."""
    try:
        stream = client.exec(namespace, pod, container, command, stdin=True, tty=True)
    except errors.PkctlError as error:
        print(error, file=sys.stderr)
        input("Press Enter")
        return 1
    try:
        return _join(stream)
    finally:
        stream.close()


def _join(stream: runtime.Stream) -> int:
    keyboard, before = sys.stdin.fileno(), termios.tcgetattr(sys.stdin.fileno())

    def resize(*_: object) -> None:
        columns, rows = shutil.get_terminal_size()
        stream.resize(rows, columns)

    resized = signal.signal(signal.SIGWINCH, resize)
    try:
        tty.setraw(keyboard)
        resize()
        _pump(stream, keyboard)
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
        signal.signal(signal.SIGWINCH, resized)
    return stream.exit_code()


def _pump(stream: runtime.Stream, keyboard: int) -> None:
    """Bytes both ways until the stream ends."""
    with selectors.DefaultSelector() as ready:
        ready.register(keyboard, selectors.EVENT_READ)
        ready.register(stream.fileno(), selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fd == keyboard:
                    stream.write(os.read(keyboard, 4096))
                    continue
                chunk = stream.read()
                if chunk is None:
                    return
                os.write(sys.stdout.fileno(), chunk[1])


def edit(client: base.Client, row: table.Row, namespace: str, name: str) -> str:
    """The object in the user's editor, then stored; returns what to tell the user."""
    obj = meta.clone(client.get(row, namespace, name))
    obj["metadata"].pop("managedFields", None)
    before = printed.dump(obj)
    after = _edited(before)
    if after == before or not after.strip():
        return "Edit cancelled, no changes made."
    try:
        client.update(row, namespace, name, yamls.load_all(after)[0], options.Options())
    except errors.PkctlError as error:
        return str(error)
    except yamls.YamlError as error:
        return f"not stored: {error}"
    return f"{row.singular}/{name} edited"


def _edited(text: str) -> str:
    editor = os.environ.get("KUBE_EDITOR") or os.environ.get("EDITOR") or "vi"
    with tempfile.NamedTemporaryFile("w+", suffix=".yaml") as file:
        file.write(text)
        file.flush()
        subprocess.run([*editor.split(), file.name], check=False)
        with open(file.name) as edited:
            return edited.read()
