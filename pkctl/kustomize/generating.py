"""ConfigMaps and Secrets made of files, env files and literals, and the hash of their contents.

Follows kustomize's api/internal/generators, api/kv and api/hasher.
"""

from __future__ import annotations

from pkctl.kustomize import nodes, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pkctl.kustomize.files import Loader

    Pairs = dict[str, bytes]

LINE = 70
"""Characters of base64 on a line where one line doesn't hold all."""


def configmap(loader: Loader, given: dict[str, Any], options: dict[str, Any], env: Mapping[str, str]) -> nodes.Node:
    """A generated ConfigMap; KustomizeError."""
    obj = _start("ConfigMap", given)
    for key, value in _pairs(loader, given, env).items():
        try:
            obj.setdefault("data", {})[key] = value.decode()
        except UnicodeDecodeError:
            obj.setdefault("binaryData", {})[key] = _base64(value)
    return _finish(obj, given, options)


def secret(loader: Loader, given: dict[str, Any], options: dict[str, Any], env: Mapping[str, str]) -> nodes.Node:
    """A generated Secret; KustomizeError."""
    obj = {**_start("Secret", given), "type": given.get("type") or "Opaque"}
    for key, value in _pairs(loader, given, env).items():
        obj.setdefault("data", {})[key] = _base64(value)
    return _finish(obj, given, options)


def _start(kind: str, given: dict[str, Any]) -> dict[str, Any]:
    if not given.get("name"):
        raise texts.KustomizeError("a configmap must have a name")
    metadata = {"name": given["name"], **({"namespace": given["namespace"]} if given.get("namespace") else {})}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def _finish(obj: dict[str, Any], given: dict[str, Any], common: dict[str, Any]) -> nodes.Node:
    own = given.get("options") or {}
    for key in ("labels", "annotations"):
        words = {**(common.get(key) or {}), **(own.get(key) or {})}
        if words:
            obj["metadata"][key] = words
    if own.get("immutable") or common.get("immutable"):
        obj["immutable"] = True
    node = nodes.Node(obj)
    node.is_hashed = not (own.get("disableNameSuffixHash") or common.get("disableNameSuffixHash"))
    node.behavior = given["behavior"] if given.get("behavior") in ("create", "merge", "replace") else "unspecified"
    return node


def _base64(value: bytes) -> str:
    import base64

    text = base64.b64encode(value).decode()
    if len(text) < LINE:
        return text
    return "".join(f"{text[at : at + LINE]}\n" for at in range(0, len(text), LINE))


def _pairs(loader: Loader, given: dict[str, Any], env: Mapping[str, str]) -> Pairs:
    made: Pairs = {}
    for key, value in _sources(loader, given, env):
        if key in made:
            # kustomize calls it that for a Secret too.
            raise texts.KustomizeError(f"configmap {given['name']} illegally repeats the key `{key}`")
        made[key] = value
    return made


def _sources(loader: Loader, given: dict[str, Any], env: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    makers = (
        ("envs", "env source files:", lambda text: _env_file(loader, text, env)),
        ("literals", "literal sources", _literal),
        ("files", "file sources:", lambda text: _file(loader, text)),
    )
    for field, word, maker in makers:
        found = given.get(field) or []
        try:
            for text in found:
                yield from maker(text)
        except texts.KustomizeError as error:
            raise error.under(f"loading KV pairs: {word} {texts.listed(found)}") from None


def _literal(text: str) -> list[tuple[str, bytes]]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise texts.KustomizeError(f"invalid literal source {text}, expected key=value")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return [(key, value.encode())]


def _file(loader: Loader, text: str) -> list[tuple[str, bytes]]:
    key, equals, path = text.partition("=")
    if not equals:
        key, path = text.rpartition("/")[2], text
    elif not key:
        raise texts.KustomizeError(f"missing key name for file path {texts.quoted(path)} in source {texts.quoted(text)}")
    elif not path:
        raise texts.KustomizeError(f"missing file path for key name {texts.quoted(key)} in source {texts.quoted(text)}")
    elif "=" in path:
        raise texts.KustomizeError(f"source {texts.quoted(text)} key name or file path contains '='")
    return [(key, loader.read(path))]


def _env_file(loader: Loader, path: str, env: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    for line in loader.read(path).decode("utf-8-sig", errors="replace").splitlines():
        text = line.lstrip()
        if text and not text.startswith("#"):
            key, equals, value = text.partition("=")
            yield key, (value if equals else env.get(key, "")).encode()


def content_hash(obj: dict[str, Any]) -> str:
    """What is put behind the name of a generated object: the first ten digits of its hash, in letters that make no words."""
    import hashlib
    import json

    kind = str(obj.get("kind") or "")
    body: dict[str, Any] = obj
    if kind == "ConfigMap":
        body = {"kind": kind, "name": "", "data": obj.get("data") or ""}
        if obj.get("binaryData"):
            body["binaryData"] = obj["binaryData"]
    elif kind == "Secret":
        body = {"kind": kind, "name": "", "type": obj.get("type") or "", "data": obj.get("data") or ""}
        if obj.get("stringData"):
            body["stringData"] = obj["stringData"]
    text = json.dumps(body, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    digits = hashlib.sha256(text.encode()).hexdigest()[:10]
    return digits.translate(str.maketrans("013ae", "ghkmt"))
