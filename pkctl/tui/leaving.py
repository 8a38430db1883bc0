"""What leaves the full screen for a while: a shell in a container, an editor."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

from textual import app as textual_app

from pkctl import errors
from pkctl.api import options
from pkctl.client import editing, terminals
from pkctl.objects import meta
from pkctl.printers import yamls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.client import base
    from pkctl.kinds import table
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime
    from pkctl.tui import placed

SHELL = ("sh", "-c", "command -v bash >/dev/null && exec bash || exec sh")

CLEAR = "\x1b[2J\x1b[H"

IDENTITY = (("apiVersion",), ("kind",), ("metadata", "namespace"), ("metadata", "name"))
"""What an editor must not change."""


@contextlib.contextmanager
def _suspended(screen: placed.Placed) -> Iterator[None]:
    """The real terminal for the block; CommandError where there is none. Ctrl-C there is not meant for the monitor."""
    before = signal.getsignal(signal.SIGINT)
    try:
        with screen.app.suspend():
            # A function, not SIG_IGN, which an editor would inherit.
            signal.signal(signal.SIGINT, lambda *_: None)
            try:
                yield
            finally:
                signal.signal(signal.SIGINT, before)
    except textual_app.SuspendNotSupported:
        raise errors.CommandError("this terminal can't be left for another program") from None
    screen.app.refresh()


def _trying(screen: placed.Placed, work: Callable[[], str]) -> None:
    try:
        said = work()
    except errors.PkctlError as error:
        screen.fail(str(error))
    else:
        screen.note(said)


def shell(screen: placed.Placed, stream: runtime.Stream, where: str) -> None:
    """Join a running shell until it ends."""

    def work() -> str:
        try:
            with _suspended(screen):
                _write(f"{CLEAR}\x1b[1m<< {where} >>\x1b[0m\n".encode())
                code = terminals.run(stream, lambda _, body: _write(body), keyboard=sys.stdin.fileno(), tty=True)
        finally:
            stream.close()
        return f"the shell in {where} ended" + (f" with {code}" if code else "")

    _trying(screen, work)


def _write(body: bytes) -> None:
    place = sys.__stdout__.fileno() if sys.__stdout__ else 1
    while body:
        body = body[os.write(place, body) :]


def shown(client: base.Client, row: table.Row, namespace: str, name: str) -> str:
    """An object as YAML, without its managed fields."""
    return yamls.dump(_plain({"apiVersion": row.api_version, "kind": row.kind, **client.get(row, namespace, name)}))


def _plain(obj: Object) -> Object:
    obj = meta.clone(obj)
    obj["metadata"].pop("managedFields", None)
    return obj


def edit(screen: placed.Placed, row: table.Row, obj: Object) -> None:
    """The object in the user's editor, again with the reasons on top for as long as it can't be stored."""

    def work() -> str:
        with _suspended(screen):
            return _edited(screen, row, _plain({"apiVersion": row.api_version, "kind": row.kind, **obj}))

    _trying(screen, work)


def _edited(screen: placed.Placed, row: table.Row, old: Object) -> str:
    content, reasons = yamls.dump(old), ""
    while True:
        text, place = editing.invoke(editing.HEADER + reasons + content, ".yaml", env=screen.shared.env, program="pkctl")
        edited = editing.stripped(text)
        if not edited.strip() or edited.strip() == content.strip():
            return _given_up(place, edited, has_failed=bool(reasons))
        os.unlink(place)
        try:
            return store(screen.client, row, old, edited)
        except errors.PkctlError as error:
            content = edited
            reasons = "".join(f"# {line}\n" for line in str(error).splitlines()) + "#\n"


def _given_up(place: str, edited: str, *, has_failed: bool) -> str:
    if has_failed and edited.strip():
        return f"Edit cancelled, a copy of your changes is in {place}"
    os.unlink(place)
    return "Edit cancelled, no changes made." if edited.strip() else "Edit cancelled, saved file was empty."


def store(client: base.Client, row: table.Row, old: Object, edited: str) -> str:
    """Patch the object with what was changed in its text; what to tell the user. CommandError for a text of another object."""
    found = editing.documents(edited)
    said = f"{row.singular}/{meta.name(old)}"
    if len(found) != 1 or any(meta.at(found[0], *path) != meta.at(old, *path) for path in IDENTITY):
        raise errors.CommandError("At least one of apiVersion, kind and name was changed")
    form, patch = editing.difference(row, old, found[0])
    if not patch:
        return f"{said} is as it was"
    client.patch(row, meta.namespace(old), meta.name(old), form, patch, options.Options())
    return f"{said} edited"
