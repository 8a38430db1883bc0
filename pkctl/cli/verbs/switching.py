"""`ctx` and `ns`: list contexts and namespaces, choose one, or go back to the one before (`-`).

They work on the kubeconfig in use; what came before is remembered beside pkctl's other memories, not in the kubeconfig.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli.kubeconfigs import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """`ctx` or `ns`."""
    if len(ctx.args) > 1:
        raise ctx.usage(f"Unexpected args: [{' '.join(ctx.args)}]")
    return _context(ctx) if ctx.path == "ctx" else _namespace(ctx)


def _context(ctx: Context) -> int:
    config = files.of(ctx.settings)
    current, names = config["current-context"], [each["name"] for each in config["contexts"]]
    if not ctx.args:
        return _list(ctx, names, current)
    memory = _memory(ctx)
    name = memory.get("context", "") if ctx.args[0] == "-" else ctx.args[0]
    if not name:
        raise errors.CommandError("no context was chosen before this one")
    if name not in names:
        raise errors.CommandError(f'no context exists with the name: "{name}"')
    files.use(ctx.settings, name)
    if current and current != name:
        _remember(ctx, {**memory, "context": current})
    ctx.io.out(f'Switched to context "{name}".\n')
    return 0


def _namespace(ctx: Context) -> int:
    config = files.of(ctx.settings)
    current = ctx.settings.context or config["current-context"]
    context = files.entry(config, "contexts", current)
    if context is None:
        raise errors.CommandError("no current context is set")
    before = context.get("namespace") or "default"
    if not ctx.args:
        return _list(ctx, _namespaces(ctx), before)
    memory = _memory(ctx)
    key = f"namespace of {current}"
    name = memory.get(key, "") if ctx.args[0] == "-" else ctx.args[0]
    if not name:
        raise errors.CommandError("no namespace was chosen before this one")
    files.put(ctx.settings, "contexts", current, {**context, "namespace": name})
    if before != name:
        _remember(ctx, {**memory, key: before})
    ctx.io.out(f'Context "{current}" modified: its namespace is "{name}".\n')
    return 0


def _namespaces(ctx: Context) -> list[str]:
    from pkctl.api import options

    row = ctx.kinds().by_id("namespaces")
    assert row is not None
    return [each["metadata"]["name"] for each in ctx.client.list(row, "", options.Query()).get("items") or ()]


def _list(ctx: Context, names: list[str], current: str) -> int:
    for name in names:
        ctx.io.out(f"{'*' if name == current else ' '} {name}\n")
    return 0


def _place(ctx: Context) -> str:
    """The file that remembers, one for each kubeconfig."""
    import hashlib

    home = ctx.io.env.get("XDG_STATE_HOME") or os.path.join(ctx.io.env.get("HOME", ""), ".local", "state")
    name = hashlib.sha256(os.path.abspath(files.listed(ctx.settings)[0]).encode()).hexdigest()[:12]
    return os.path.join(home, "pkctl", f"switched-{name}.json")


def _memory(ctx: Context) -> dict[str, Any]:
    import json

    try:
        with open(_place(ctx), encoding="utf-8") as stream:
            found = json.load(stream)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(ctx: Context, memory: dict[str, Any]) -> None:
    import json

    place = _place(ctx)
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    with open(place, "w", encoding="utf-8") as stream:
        json.dump(memory, stream)
