"""Plugins: programs named `kubectl-NAME` or `pkctl-NAME` on the PATH, run for commands that are not ours.

Not here: the list of them (`verbs.plugin`).
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import table
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.streams import Io

PREFIXES = ("pkctl", "kubectl")


class PluginError(errors.BareError):
    """A plugin that can't be run."""


def try_run(words: list[str], io: Io, *, least: int = 1) -> None:
    """Become the plugin that the longest run of leading words (`least` of them or more) names; return when there is none."""
    names = []
    for word in words:
        if word.startswith("-"):
            break
        names.append(word.replace("-", "_"))
    for count in range(len(names), least - 1, -1):
        for prefix in PREFIXES:
            place = which("-".join((prefix, *names[:count])), io)
            if place:
                io.stdout.flush()
                _become(place, words[count:], io)


def _become(place: str, words: list[str], io: Io) -> None:
    try:
        os.execve(place, [place, *words], dict(io.env))
    except OSError as error:
        raise PluginError(f"Error: {(error.strerror or '').lower()}") from None


def which(name: str, io: Io) -> str:
    """An executable's place on the PATH, "" without one."""
    for folder in io.env.get("PATH", "").split(os.pathsep):
        place = os.path.join(folder or ".", name)
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    return ""


def names(io: Io) -> list[str]:
    """The commands that plugins add to ours, in order."""
    found = {os.path.basename(place).split("-")[1].replace("_", "-") for place in places(io) if os.access(place, os.X_OK)}
    return sorted(name for name in found if table.child("", name) is None)


def places(io: Io) -> Iterator[str]:
    """Where the PATH has files named as plugins, in its order."""
    for folder in dict.fromkeys(io.env.get("PATH", "").split(os.pathsep)):
        if not folder.strip():
            continue
        try:
            names = sorted(os.listdir(folder))
        except OSError as error:
            why = f"open {folder}: {(error.strerror or '').lower()}"
            io.err(f"Unable to read directory {texts.quoted(folder)} from your PATH: {why}. Skipping...\n")
            continue
        for name in names:
            place = os.path.normpath(os.path.join(folder, name))
            if name.startswith(tuple(f"{prefix}-" for prefix in PREFIXES)) and not os.path.isdir(place):
                yield place
