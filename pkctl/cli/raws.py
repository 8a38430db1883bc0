"""`--raw URI` of `get`, `create`, `replace` and `delete`: a request of the user's own. Upstream: kubectl's rawhttp and each Validate."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import manifests

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.cli.context import Context

METHODS = {"get": "GET", "create": "POST", "replace": "PUT", "delete": "DELETE"}


def run(ctx: Context) -> int:
    """Send it and print the answer as it comes."""
    judge(ctx)
    uri, body = str(ctx.flags["raw"]), _body(ctx)
    method = METHODS[ctx.path]
    pieces = ctx.client.raw(method, uri, body, timeout=ctx.request_timeout)
    if method == "GET" and ("watch" in uri or "follow" in uri):
        with ctx.ticking():
            return _show(ctx, pieces)
    return _show(ctx, pieces)


def _show(ctx: Context, pieces: Iterator[bytes]) -> int:
    for piece in pieces:
        ctx.io.out_bytes(piece)
        ctx.io.stdout.flush()
    return 0


def _body(ctx: Context) -> str:
    files = ctx.flags.get("filename")
    return manifests.read(ctx, files[0]) if files else ""


def judge(ctx: Context) -> None:
    """kubectl's refusals, in each command's own order."""
    if ctx.path == "get":
        _judge_get(ctx)
    else:
        _judge_files(ctx)
    _judge_uri(str(ctx.flags["raw"]))


def _judge_get(ctx: Context) -> None:
    flags = ctx.flags
    if ctx.args:
        raise errors.CommandError("arguments may not be passed when --raw is specified")
    if flags["watch"] or flags["watch-only"] or flags["selector"]:
        raise errors.CommandError("--raw may not be specified with other flags that filter the server request or alter the output")
    if flags["output"]:
        raise errors.CommandError("--raw and --output are mutually exclusive")


def _judge_files(ctx: Context) -> None:
    flags, count = ctx.flags, len(ctx.flags["filename"])
    if ctx.path == "delete" and flags["output"] not in ("", "name"):
        raise errors.CommandError(f"unexpected -o output mode: {flags['output']}. We only support '-o name'")
    if flags.get("edit"):
        raise errors.CommandError("--raw and --edit are mutually exclusive")
    if count > 1 or (count == 0 and ctx.path != "delete"):
        raise errors.CommandError("--raw can only use a single local file or stdin")
    if count and flags["filename"][0].startswith(("http://", "https://")):
        raise errors.CommandError("--raw cannot read from a url")
    if flags["recursive"]:
        raise errors.CommandError("--raw and --recursive are mutually exclusive")
    if ctx.path == "create" and flags["selector"]:
        raise errors.CommandError("--raw and --selector (-l) are mutually exclusive")
    if flags["output"]:
        raise errors.CommandError("--raw and --output are mutually exclusive")


def _judge_uri(uri: str) -> None:
    import re

    broken = re.search(r"%(?![0-9A-Fa-f]{2}).{0,2}", uri.partition("?")[0])
    wrong = "invalid URI for request" if not uri.startswith("/") else f'invalid URL escape "{broken[0]}"' if broken else ""
    if wrong:
        raise errors.CommandError(f'--raw must be a valid URL path: parse "{uri}": {wrong}')
