"""The `config` verbs that write: set, unset, set-cluster|context|credentials, use-context, rename-context, delete-*."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import helps
from pkctl.cli.config import entries, paths
from pkctl.cli.kubeconfigs import files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

PLURALS = {"cluster": "clusters", "context": "contexts", "credentials": "users", "user": "users"}
DELETING = ("delete-cluster", "delete-context")
SHOWN = {"cluster": "Cluster", "credentials": "User"}


def run(ctx: Context) -> int:
    """One of them."""
    word = ctx.path.split()[1]
    if word == "delete-user" and len(ctx.args) != 1:
        files.of(ctx.settings)
        raise ctx.usage("user to delete is required")
    count = {"rename-context": 2, "set": 2, "set-context": -1}.get(word, 1)
    if count >= 0 and len(ctx.args) != count:
        _wrong_count(ctx, word)
        return 0
    verb, _, noun = word.partition("-")
    if word == "set-context":
        return _set_context(ctx)
    if verb == "delete":
        return _delete(ctx, noun, ctx.args[0])
    if word in ("set-cluster", "set-credentials"):
        return _set_entry(ctx, noun, ctx.args[0])
    return {"use-context": _use, "rename-context": _rename, "set": _set, "unset": _unset}[word](ctx)


def _wrong_count(ctx: Context, word: str) -> None:
    """Help, and what is wrong; kubectl leaves the latter out for what it deletes, whose file it has read, and ends well."""
    if word in DELETING:
        files.of(ctx.settings)
    helps.show(ctx.row, ctx.io)
    if word not in DELETING:
        name = "unexpected" if word == "set-credentials" else "Unexpected"
        raise errors.CommandError(f"{name} args: [{' '.join(ctx.args)}]")


def _use(ctx: Context) -> int:
    name = ctx.args[0]
    if files.entry(files.of(ctx.settings), "contexts", name) is None:
        raise errors.CommandError(f'no context exists with the name: "{name}"')
    files.use(ctx.settings, name)
    ctx.io.out(f'Switched to context "{name}".\n')
    return 0


def _rename(ctx: Context) -> int:
    old, new = ctx.args
    config = files.of(ctx.settings)
    found = files.entry(config, "contexts", old)
    if found is None:
        raise errors.CommandError(f'cannot rename the context "{old}", it\'s not in {files.default(ctx.settings)}')
    if files.entry(config, "contexts", new) is not None:
        raise errors.CommandError(f'cannot rename the context "{old}", the context "{new}" already exists in {files.default(ctx.settings)}')
    files.put(ctx.settings, "contexts", new, found)
    files.put(ctx.settings, "contexts", old, None)
    if config["current-context"] == old:
        files.use(ctx.settings, new)
    ctx.io.out(f'Context "{old}" renamed to "{new}".\n')
    return 0


def _delete(ctx: Context, noun: str, name: str) -> int:
    plural = PLURALS[noun]
    config = files.of(ctx.settings)
    place = files.default(ctx.settings)
    if files.entry(config, plural, name) is None:
        raise errors.CommandError(f"cannot delete {noun} {name}, not in {place}")
    if noun == "context" and config["current-context"] == name:
        ctx.io.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n')
    files.put(ctx.settings, plural, name, None)
    ctx.io.out(f"deleted {noun} {name} from {place}\n")
    return 0


def _set_context(ctx: Context) -> int:
    flags = ctx.flags
    if len(ctx.args) > 1:
        helps.show(ctx.row, ctx.io)
        raise errors.CommandError(f"Unexpected args: [{' '.join(ctx.args)}]")
    name = ctx.args[0] if ctx.args else ""
    if bool(name) == flags["current"]:
        both = "cannot specify both a context name and" if name else "must specify a non-empty context name or"
        raise errors.CommandError(f"you {both} --current")
    config = files.of(ctx.settings)
    name = name or config["current-context"]
    if not name:
        raise errors.CommandError("no current context is set")
    old = files.entry(config, "contexts", name)
    new = dict(old or {"cluster": "", "user": ""})
    for key in ("cluster", "user", "namespace"):
        if flags.given(key):
            new[key] = str(flags[key])
    files.put(ctx.settings, "contexts", name, new)
    ctx.io.out(f'Context "{name}" {"modified" if old is not None else "created"}.\n')
    return 0


def _set_entry(ctx: Context, noun: str, name: str) -> int:
    plural = PLURALS[noun]
    entries.judge(ctx, name, noun)
    new = files.entry(files.of(ctx.settings), plural, name) or ({"server": ""} if noun == "cluster" else {})
    entries.cluster(ctx, new) if noun == "cluster" else entries.user(ctx, new)
    files.put(ctx.settings, plural, name, new)
    ctx.io.out(f'{SHOWN[noun]} "{name}" set.\n')
    return 0


def _set(ctx: Context) -> int:
    name, text = ctx.args
    if not text:
        raise errors.CommandError("you cannot use set to unset a property")
    plural, entry, field = _found(ctx, name)
    if not field:
        raise errors.CommandError("can't set a map to a value: map[]")
    value = paths.value(paths.kind_of(plural, entry, field), text, raw=bool(ctx.flags["set-raw-bytes"]))
    if plural:
        files.put(ctx.settings, plural, entry, {**(files.entry(files.of(ctx.settings), plural, entry) or {}), field: value})
    else:
        _plain(ctx, entry, field, value)
    ctx.io.out(f'Property "{name}" set.\n')
    return 0


def _found(ctx: Context, name: str, *, is_whole: bool = False) -> tuple[str, str, str]:
    """See `paths.split`; the files are read before the name is judged."""
    if not name:
        raise errors.CommandError("you must specify a property")
    files.of(ctx.settings)
    return paths.split(name, is_whole=is_whole)


def _plain(ctx: Context, holder: str, field: str, value: Any) -> None:
    """Set what is in no list: the current context and the preferences; `kind` and `apiVersion` stay what they are."""
    if field == "current-context":
        files.use(ctx.settings, value)
    elif holder:
        place = files.default(ctx.settings)
        config = files.read(place)
        files.write(ctx.settings, place, {**config, holder: {**(config.get(holder) or {}), field: value}})


def _unset(ctx: Context) -> int:
    name = ctx.args[0]
    plural, entry, field = _found(ctx, name, is_whole=True)
    if plural and not entry:
        paths.unset_list(ctx, plural)
    elif plural:
        old = files.entry(files.of(ctx.settings), plural, entry)
        if old is None and field:
            raise errors.CommandError(f"current map key `{entry}` is invalid")
        if old is not None:
            files.put(ctx.settings, plural, entry, {key: value for key, value in old.items() if key != field} if field else None)
    elif field in files.WORDS:
        paths.unset_list(ctx, field)
    else:
        _plain(ctx, entry, field, "" if not entry else None)
    ctx.io.out(f'Property "{name}" unset.\n')
    return 0
