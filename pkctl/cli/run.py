"""From argv to an exit code: the command found, its flags read, its module run, errors shown, what was written settled.

Not here: what any command does. `main` is the only way in.
"""

from __future__ import annotations

import sys

from pkctl import errors
from pkctl.cli import finding, flagdefs, flags, report, table
from pkctl.cli.context import Context
from pkctl.cli.settings import Settings
from pkctl.cli.streams import Io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

NOT_OURS = ("cache-dir", "log-flush-frequency", "profile", "profile-output")
"""Global flags about kubectl's own insides: taken, and said to have no effect."""


MOOT = {
    "insecure-skip-tls-verify-backend": "logs are read from the node itself, not over TLS",
    "openapi-patch": "there is one source of schemas for every patch",
    "use-protocol-buffers": "figures come from the node itself, in no wire format",
}
"""Flags that a script for kubectl may give, and why nothing follows from them."""


RECORDING = (
    "annotate", "apply", "apply edit-last-applied", "autoscale", "create", "edit", "expose", "label", "patch", "run", "scale",
    "set image", "set resources", "set selector", "set serviceaccount",
)  # fmt: skip
"""Commands with kubectl's hidden `--record`."""

CPU = "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU)."
DEPRECATED = {"cpu-percent": CPU, "record": "--record will be removed in the future"}
"""What is said of a flag each time it is given."""


class FlagError(errors.UsageError):
    """A command line that the flag parser refuses."""


def main(argv: Sequence[str], io: Io | None = None) -> int:
    """Run one command line; the exit code. Never raises for what a user can do."""
    io = io or Io()
    try:
        code = _dispatch(list(argv), io)
        io.stdout.flush()
    except BrokenPipeError:
        return _hang_up()
    except KeyboardInterrupt:
        return 130
    except FlagError as error:
        return _wrong_flag(error, io)
    except errors.PkctlError as error:
        return report.show(error, io)
    except OSError as error:
        io.stderr.write(f"error: {error.filename or 'write /dev/stdout'}: {(error.strerror or '').lower()}\n")
        return 1
    return code


def _wrong_flag(error: FlagError, io: Io) -> int:
    """What cobra says of it, or `diff`, which has words and a code of its own for that."""
    if error.path == "diff":
        report.show(errors.UsageError(str(error), error.path), io)
        return 2
    io.err(f"error: {error}\nSee '{' '.join((io.program, *io.named(error.path or '').split()))} --help' for usage.\n")
    return 1


def _hang_up() -> int:
    """The reader went away: nothing more can be said, also not by the interpreter's own flush at exit."""
    import os

    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    return 141


def _dispatch(argv: list[str], io: Io) -> int:
    if argv[:1] in (["__complete"], ["__completeNoDesc"]):
        from pkctl.cli import completing

        return completing.main(argv[1:], io, describe=argv[0] == "__complete")
    argv = _preferred(argv, io)
    path, rest = finding.command(argv)
    row = table.row(path)
    if row is not None and row.use == "own":
        return _own(row, rest, io)
    row = row or table.ROOT
    words = flags.skim(flags.rows(flagdefs.GLOBAL), rest) if path == "" else []
    if words and rest[words[0]] in ("help", "alpha"):
        return _about(rest, words[0], io)
    _plugged(path, argv, rest, io)
    if row.is_group:
        return _group(row, rest, io)
    return _command(row, rest, io)


def _about(rest: list[str], place: int, io: Io) -> int:
    """`help [COMMAND…]` and `alpha`, which holds nothing."""
    from pkctl.cli import helps

    if rest[place] == "alpha" or rest[place + 1 : place + 2] == ["alpha"]:
        io.err(helps.NO_ALPHA.format(program=io.program))
        return 0
    return helps.topic([word for word in rest[place + 1 :] if not word.startswith("-")], io)


def _plugged(path: str, argv: list[str], rest: list[str], io: Io) -> None:
    """Become a plugin when the line starts with no command of ours, or with `create` and no kind of ours."""
    is_create = path == "create" and argv[:1] == ["create"]
    if rest and (path == "" or is_create) and not io.aliased[1]:
        from pkctl.cli import plugins

        if rest[0].startswith("-"):
            if path == "" and flags.skim(flags.rows(flagdefs.GLOBAL), rest):
                raise plugins.PluginError(f"Error: flags cannot be placed before plugin name: {rest[0]}")
            return
        plugins.try_run(argv if is_create else rest, io, least=1 + is_create)


def _preferred(argv: list[str], io: Io) -> list[str]:
    """The command line as the user's kuberc wants it; without such a file nothing is loaded."""
    if "KUBERC" not in io.env and not any(word.startswith("--kuberc") for word in argv):
        import os

        if not os.path.exists(f"{io.env.get('HOME', '')}/.kube/kuberc"):
            return argv
    from pkctl.cli import preferences

    return preferences.expanded(argv, io, finding.command)


def _parse(row: table.Row, rest: list[str], io: Io) -> flags.Values:
    hidden = [flags.Flag("record", "bool", "false", "")] if row.path in RECORDING else []
    known = [*flags.rows(flagdefs.GLOBAL), *flags.rows(row.flags), *hidden, flags.Flag("help", "bool", "false", "h")]
    try:
        values = flags.parse(known, rest)
    except errors.UsageError as error:
        raise FlagError(str(error), row.path) from None
    for name, _ in values.said if values.changed & DEPRECATED.keys() else ():
        if name in DEPRECATED:
            io.err(f"Flag --{name} has been deprecated, {DEPRECATED[name]}\n")
    return values


def _module(row: table.Row) -> Any:
    """The command's module; importlib would do the same and load more."""
    name = f"pkctl.cli.{row.module}"
    __import__(name)
    return sys.modules[name]


def _own(row: table.Row, rest: list[str], io: Io) -> int:
    common = flags.rows(flagdefs.GLOBAL)
    chosen, words = _globals(common, rest)
    try:
        io.settings = Settings(flags.parse(common, chosen), io.env)
    except errors.UsageError as error:
        raise FlagError(str(error), row.path) from None
    return int(_module(row).main(words, io))


def _globals(common: list[flags.Flag], rest: list[str]) -> tuple[list[str], list[str]]:
    """A line for click in two: the flags of every command (by their long names, or before any other word), and the rest."""
    known = {f"--{each.name}": each for each in common}
    chosen: list[str] = []
    words: list[str] = []
    left = list(rest)
    while left:
        word = left.pop(0)
        each = known.get(word.partition("=")[0])
        if each is None:
            words.append(word)
            continue
        chosen.append(word)
        if "=" not in word and not each.no_opt and left:
            chosen.append(left.pop(0))
    return chosen, words


def _group(row: table.Row, rest: list[str], io: Io) -> int:
    if not row.path:
        _unknown(row, [rest[place] for place in flags.skim(flags.rows(flagdefs.GLOBAL), rest)[:1]], io)
    values = _parse(row, rest, io)
    is_fine = values["help"] or row.path in ("", "certificate")
    if values.dash == 0 and not row.path:
        values.args = []
    if not (row.path and is_fine):
        _unknown(row, values.args, io)
    from pkctl.cli import helps

    helps.show(row, io, io.out if is_fine or row.path == "rollout" else io.err)
    return 0 if is_fine else 1


def _unknown(row: table.Row, words: list[str], io: Io) -> None:
    if not words:
        return
    if row.path:
        raise errors.UsageError(f'unknown command "{" ".join(words)}"', io.named(row.path))
    word = words[0]
    meant = table.suggestions(word)
    hint = "\n\nDid you mean this?\n" + "".join(f"\t{name}\n" for name in meant) if meant else ""
    raise errors.CommandError(f'unknown command "{word}" for "{io.program}"{hint}')


def _command(row: table.Row, rest: list[str], io: Io) -> int:
    values = _parse(row, rest, io)
    if values["help"]:
        from pkctl.cli import helps

        helps.show(row, io)
        return 0
    missing = [f'"{name}"' for name in finding.REQUIRED.get(row.path, ()) if not values.given(name)]
    if missing:
        raise errors.CommandError(f"required flag(s) {', '.join(missing)} not set")
    if values["settle"] not in ("auto", "never"):
        raise errors.CommandError(f'invalid --settle value ({values["settle"]}). Must be "auto" or "never".')
    if row.path in WORDLESS and values.args:
        raise errors.UsageError(f"unexpected arguments: [{' '.join(values.args)}]", io.named(row.path))
    ctx = Context(row, values, io)
    _judge(ctx)
    return _run(ctx)


PROFILES = ("none", "cpu", "heap", "goroutine", "threadcreate", "block", "mutex", "trace")


COUNTING = ("apply", "auth", "cordon", "create", "drain", "uncordon")
"""Commands that count their arguments first."""


WORDLESS = ("api-resources", "api-versions")
"""Commands that take no arguments, and say so before they look at anything else."""


def _judge_words(ctx: Context) -> None:
    """Flags whose value is one of a few words, judged before the command looks at its arguments."""
    if "profile" not in ctx.row.flags and ctx.flags["profile"] not in PROFILES:
        raise errors.CommandError(f"unknown profile '{ctx.flags['profile']}'")
    if ctx.path.split()[0] not in COUNTING:
        _ = ctx.dry_run


def _judge(ctx: Context) -> None:
    """What is wrong with the flags of every command; those that change nothing here are noted, to be told of later."""
    if ctx.row.use:
        _ = ctx.request_timeout
    _judge_words(ctx)
    for name in NOT_OURS:
        if ctx.flags.given(name) and f" {name} " not in f" {ctx.row.flags} ":
            ctx.moot.append(f"--{name} has no effect: it is about the insides of kubectl")
    ctx.moot.extend(f"--{name} has no effect: {why}" for name, why in MOOT.items() if ctx.flags.given(name))


def _run(ctx: Context) -> int:
    code = 0
    try:
        try:
            code = int(_module(ctx.row).run(ctx) or 0)
            ctx.tell_moot()
        except errors.PkctlError as error:
            ctx.tell_refusal(error)
            raise
        finally:
            if ctx.is_open and ctx.row.use == "w" and ctx.flags.get("dry-run", "none") == "none":
                ctx.io.stdout.flush()
                ctx.settle()
    finally:
        if ctx.is_open:
            ctx.client.close()
    if ctx.warned and ctx.flags.get("warnings-as-errors"):
        count = len(ctx.warned)
        raise errors.CommandError(f"{count} warning{'s' if count > 1 else ''} received")
    return code
