"""`plugin list`: the plugins there are, with what is wrong about them. Upstream: kubectl's cmd/plugin."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import plugins, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """List the plugins with what is wrong about them."""
    found = list(plugins.places(ctx.io))
    if not found:
        raise errors.CommandError(f"unable to find any {ctx.io.program} plugins in your PATH")
    ctx.io.out("The following compatible plugins are available:\n\n")
    seen: dict[str, str] = {}
    wrong = 0
    for place in found:
        name = os.path.basename(place)
        ctx.io.out(f"{name if ctx.flags['name-only'] else place}\n")
        for text in _warnings(place, name, seen):
            wrong += 1
            ctx.io.err(f"  - warning: {text}\n")
        seen.setdefault(name, place)
    if wrong:
        text = "one plugin warning was found" if wrong == 1 else f"{wrong} plugin warnings were found"
        raise errors.CommandError(text)
    return 0


def _warnings(place: str, name: str, seen: dict[str, str]) -> Iterator[str]:
    if not os.access(place, os.X_OK):
        yield f"{place} identified as a kubectl plugin, but it is not executable"
    if name in seen:
        yield f"{place} is overshadowed by a similarly named plugin: {seen[name]}"
    words, path = name.split("-")[1:], ""
    for word in words:
        deeper = table.child(path, word)
        if deeper is None:
            break
        path = deeper
    if path or words == [""]:
        yield f'{name} overwrites existing command: "{f"kubectl {path}".rstrip()}"'
