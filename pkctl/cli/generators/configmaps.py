"""`create configmap`, and reading `--from-file`, `--from-literal` and `--from-env-file`, which Secrets share."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import envs
from pkctl.cli.generators import common
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
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
    """kubectl's hash of a ConfigMap's contents."""
    body = {"data": obj.get("data") or {}, "kind": "ConfigMap", "name": obj["metadata"]["name"]}
    return encoded_hash({**body, "binaryData": obj["binaryData"]} if obj.get("binaryData") else body)


def encoded_hash(body: Mapping[str, object]) -> str:
    """The first ten hex digits of the JSON's SHA-256, in letters that make no words."""
    import hashlib

    from pkctl.printers import jsons

    digits = hashlib.sha256(jsons.compact(body).encode()).hexdigest()[:10]
    return digits.translate(str.maketrans("013ae", "ghkmt"))


def contents(ctx: Context, kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """Every key and value that the three flags name; kubectl's errors for wrong and doubled keys."""
    flags = ctx.flags
    if flags["from-env-file"] and (flags["from-file"] or flags["from-literal"]):
        raise errors.CommandError("from-env-file cannot be combined with from-file or from-literal")
    groups = [_files(flags["from-file"]), _literals(flags["from-literal"])]
    if kind == "Secret":
        groups.reverse()
    groups.append(_envs(flags["from-env-file"], kind, ctx.io.env))
    return checked((pair for group in groups for pair in group), kind, name)


def checked(pairs: Iterable[tuple[str, bytes]], kind: str, name: str) -> Iterator[tuple[str, bytes]]:
    """The same pairs; CommandError for a key that can't be one, or that stands twice, in the kind's words."""
    from pkctl.objects import names

    seen: set[str] = set()
    for key, value in pairs:
        wrong = ",".join(names.config_key(key))
        if wrong:
            raise errors.CommandError(f"{texts.quoted(key)} {WRONG_KEY[kind]} {wrong}")
        if key in seen:
            raise errors.CommandError(TWICE[kind].format(key, name))
        seen.add(key)
        yield key, value


WRONG_KEY = {"ConfigMap": "is not a valid key name for a ConfigMap:", "Secret": "is not valid key name for a Secret"}
TWICE = {
    "ConfigMap": 'cannot add key "{}", another key by that name already exists in Data for ConfigMap "{}"',
    "Secret": "cannot add key {}, another key by that name already exists",
}


def _files(given: list[str]) -> Iterator[tuple[str, bytes]]:
    for text in given:
        yield from from_file(text)


def _literals(given: list[str]) -> Iterator[tuple[str, bytes]]:
    for text in given:
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise errors.CommandError(f"invalid literal source {text}, expected key=value")
        yield key, _unquoted(value).encode()


def _envs(given: list[str], kind: str, env: object) -> Iterator[tuple[str, bytes]]:
    for place in given:
        if os.path.isdir(place):
            raise errors.CommandError(f"env {kind.lower().removesuffix('map')} file cannot be a directory")
        yield from from_env_file(place, env)


def _unquoted(value: str) -> str:
    """A shell that kept its quotes, as kubectl takes them off."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def from_file(text: str) -> Iterator[tuple[str, bytes]]:
    """`[key=]path`, or a directory whose plain files are keys."""
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
    for entry in sorted(os.scandir(place), key=lambda each: each.name):
        if entry.is_file(follow_symlinks=False):
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
    for number, line in enumerate(read(place).split(b"\n"), 1):
        key, equals, value = _env_line(line.removesuffix(b"\r"), number, place)
        if not key and not equals:
            continue
        wrong = envs.wrong(key)
        if wrong:
            raise errors.CommandError(f"{texts.quoted(key)} is not a valid key name: {wrong}")
        if not equals and hasattr(env, "get"):
            value = env.get(key, "")
        yield key, value.encode()


def _env_line(line: bytes, number: int, place: str) -> tuple[str, str, str]:
    """A line as key, `=` and value, all "" for a blank line and for a comment."""
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").lstrip()
    except UnicodeDecodeError:
        shown = " ".join(map(str, line))
        raise errors.CommandError(f"env file {place} contains invalid utf8 bytes at line {number}: [{shown}]") from None
    return ("", "", "") if text.startswith("#") else text.partition("=")
