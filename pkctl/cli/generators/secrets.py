"""`create secret generic|tls|docker-registry`."""

from __future__ import annotations

import base64

from pkctl import errors
from pkctl.cli.generators import common, configmaps
from pkctl.printers import jsons

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

FAILED = "failed to create secret "


def run(ctx: Context) -> int:
    """One Secret of the type that the command's last word names."""
    return {"generic": _generic, "tls": _tls, "docker-registry": _docker}[ctx.path.split()[-1]](ctx)


def _finish(ctx: Context, name: str, found: dict[str, bytes], kind: str) -> int:
    obj: dict[str, Any] = {"kind": "Secret", "apiVersion": "v1", "metadata": common.meta(ctx, name)}
    coded = {key: base64.b64encode(found[key]).decode() for key in sorted(found)}
    if coded:
        obj["data"] = coded
    if kind:
        obj["type"] = kind
    if ctx.flags["append-hash"]:
        body = {"data": coded, "kind": "Secret", "name": name, "type": kind}
        obj["metadata"]["name"] = f"{name}-{configmaps.encoded_hash(body)}"
    return common.finish(ctx, obj, failed=FAILED)


def _generic(ctx: Context) -> int:
    name = common.name(ctx)
    return _finish(ctx, name, dict(configmaps.contents(ctx, "Secret", name)), str(ctx.flags["type"]))


def _tls(ctx: Context) -> int:
    from pkctl.kinds import keypairs

    name = common.name(ctx, may_be_empty=True)
    cert, key = str(ctx.flags["cert"]), str(ctx.flags["key"])
    if not cert or not key:
        raise errors.CommandError("key and cert must be specified")
    pair = {"tls.crt": _pem(cert), "tls.key": _pem(key)}
    if problem := keypairs.problem(*(base64.b64encode(each).decode() for each in pair.values())):
        raise errors.CommandError(problem)
    return _finish(ctx, name, pair, "kubernetes.io/tls")


def _pem(place: str) -> bytes:
    try:
        with open(place, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise errors.CommandError(f"Cannot read file {place}, open {place}: {(error.strerror or '').lower()}") from None


def _docker(ctx: Context) -> int:
    name, flags = common.name(ctx), ctx.flags
    if flags["from-file"]:
        named = [text if "=" in text else f".dockerconfigjson={text}" for text in flags["from-file"]]
        pairs = (pair for text in named for pair in configmaps.from_file(text))
        return _finish(ctx, name, dict(configmaps.checked(pairs, "Secret", name)), "kubernetes.io/dockerconfigjson")
    user, password, server = str(flags["docker-username"]), str(flags["docker-password"]), str(flags["docker-server"])
    if not (user and password and server):
        raise errors.CommandError(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required"
        )
    entry = {"username": user, "password": password}
    if flags["docker-email"]:
        entry["email"] = str(flags["docker-email"])
    entry["auth"] = base64.b64encode(f"{user}:{password}".encode()).decode()
    text = jsons.compact({"auths": {server: entry}}, sort_keys=False)
    return _finish(ctx, name, {".dockerconfigjson": text.encode()}, "kubernetes.io/dockerconfigjson")
