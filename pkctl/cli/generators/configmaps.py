"""`create configmap`, and reading `--from-file`, `--from-literal` and `--from-env-file`, which Secrets share."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import envs
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """One ConfigMap."""
    name = common.name(ctx)
    texts: dict[str, str] = {}
    binary: dict[str, str] = {}
    for key, value in contents(ctx, "ConfigMap", name):
        try:
            texts[key] = value.decode()
        except UnicodeDecodeError:
            import base64

            binary[key] = base64.b64encode(value).decode()
    obj: dict[str, Any] = {"kind": "ConfigMap", "apiVersion": "v1", "metadata": common.meta(ctx, name)}
    if texts:
        obj["data"] = dict(sorted(texts.items()))
    if binary:
        obj["binaryData"] = dict(sorted(binary.items()))
    if ctx.flags["append-hash"]:
        obj["metadata"]["name"] = f"{name}-{config_hash(obj)}"
    return common.finish(ctx, obj, failed="failed to create configmap: ")


def config_hash(obj: dict[str, Any]) -> str:
    """kustomize's and kubectl's hash of a ConfigMap's contents."""
    from collections import OrderedDict

    body: OrderedDict[str, object] = OrderedDict()
    if obj.get("binaryData"):
        body["binaryData"] = obj["binaryData"]
    body["data"] = obj.get("data") or None
    body["kind"] = "ConfigMap"
    body["name"] = obj["metadata"]["name"]
    return encoded_hash(body)


def encoded_hash(body: Mapping[str, object]) -> str:
    """The first ten hex digits of the JSON's SHA-256, in letters that make no words."""
    import hashlib
    import json

    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    digits = hashlib.sha256(text.encode()).hexdigest()[:10]
    return digits.translate(str.maketrans("013ae", "ghkmt"))


def contents(ctx: Context, kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """Every key and value that the three flags name; kubectl's errors for wrong and doubled keys."""
    flags = ctx.flags
    if flags["from-env-file"] and (flags["from-file"] or flags["from-literal"]):
        raise errors.CommandError("from-env-file cannot be combined with from-file or from-literal")
    seen: set[str] = set()
    for key, value in _all(ctx):
        _check(kind, name, key, seen)
        seen.add(key)
        yield key, value


def _check(kind: str, name: str, key: str, seen: set[str]) -> None:
    from pkctl.objects import names

    wrong = names.config_key(key)
    if wrong:
        raise errors.CommandError(f'"{key}" is not a valid key name for a {kind}: {",".join(wrong)}')
    if key in seen:
        raise errors.CommandError(f'cannot add key "{key}", another key by that name already exists in Data for {kind} "{name}"')


def _all(ctx: Context) -> Iterator[tuple[str, bytes]]:
    for text in ctx.flags["from-file"]:
        yield from from_file(text)
    for text in ctx.flags["from-literal"]:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise errors.CommandError(f"invalid literal source {text}, expected key=value")
        yield key, _unquoted(value).encode()
    for place in ctx.flags["from-env-file"]:
        yield from from_env_file(place, ctx.io.env)


def _unquoted(value: str) -> str:
    """A shell that kept its quotes, as kubectl takes them off."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def from_file(text: str) -> Iterator[tuple[str, bytes]]:
    """`[key=]path`, or a directory whose plain files with valid names are keys."""
    key, equals, place = text.partition("=")
    if not equals:
        key, place = os.path.basename(text), text
    elif not key:
        raise errors.CommandError(f"key name for file path {place} missing")
    elif not place:
        raise errors.CommandError(f"file path for key name {key} missing")
    elif "=" in place:
        raise errors.CommandError("key names or file paths cannot contain '='")
    if os.path.isdir(place):
        if equals:
            raise errors.CommandError("cannot give a key name for a directory path")
        yield from _directory(place)
    else:
        yield key, read(place)


def _directory(place: str) -> Iterator[tuple[str, bytes]]:
    from pkctl.objects import names

    for entry in sorted(os.scandir(place), key=lambda each: each.name):
        if entry.is_file() and not names.config_key(entry.name):
            yield entry.name, read(entry.path)


def read(place: str) -> bytes:
    """A file's bytes; kubectl's error."""
    try:
        with open(place, "rb") as stream:
            return stream.read()
    except OSError as error:
        raise errors.CommandError(f"error reading {place}: {(error.strerror or '').lower()}") from None


def from_env_file(place: str, env: object) -> Iterator[tuple[str, bytes]]:
    """`KEY=value` lines; a bare KEY takes the value of our own environment."""
    if os.path.isdir(place):
        raise errors.CommandError(f"env config file {place} cannot be a directory")
    for number, line in enumerate(read(place).decode("utf-8-sig").splitlines(), 1):
        text = line.lstrip()
        if not text or text.startswith("#"):
            continue
        key, equals, value = text.partition("=")
        wrong = envs.wrong(key)
        if wrong:
            raise errors.CommandError(f'"{key}" is not a valid key name: {wrong} (line {number} of {place})')
        if not equals and hasattr(env, "get"):
            value = env.get(key, "")
        yield key, value.encode()
