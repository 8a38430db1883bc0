"""A kubeconfig's fields and types: reading with Go's errors, and the order and emptiness in which it is printed and written.

Follows client-go's tools/clientcmd/api/v1. Types: `s` string, `b` bool, `d` base64 bytes, `*` anything, `[` and `{` before a type for lists
and maps, or a struct's name; `!` behind one that is shown even when empty.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import base64s, jsonfaults, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

STRUCTS = {
    "Config": "kind:s! apiVersion:s! preferences:Preferences clusters:[NamedCluster! users:[NamedAuthInfo! contexts:[NamedContext! "
    "current-context:s! extensions:[*",
    "Preferences": "colors:b extensions:[*",
    "NamedCluster": "name:s! cluster:Cluster!",
    "NamedAuthInfo": "name:s! user:AuthInfo!",
    "NamedContext": "name:s! context:Context!",
    "Cluster": "server:s! tls-server-name:s insecure-skip-tls-verify:b certificate-authority:s certificate-authority-data:d proxy-url:s "
    "disable-compression:b extensions:[*",
    "Context": "cluster:s! user:s! namespace:s extensions:[*",
    "AuthInfo": "client-certificate:s client-certificate-data:d client-key:s client-key-data:d token:s tokenFile:s as:s as-uid:s "
    "as-groups:[s as-user-extra:{[s username:s password:s auth-provider:AuthProviderConfig exec:ExecConfig extensions:[*",
    "AuthProviderConfig": "name:s! config:{s!",
    "ExecConfig": "command:s! args:[s! env:[ExecEnvVar! apiVersion:s installHint:s provideClusterInfo:b! interactiveMode:s",
    "ExecEnvVar": "name:s! value:s!",
}  # fmt: skip
POINTERS = ("AuthProviderConfig", "ExecConfig")
GO = {"s": "string", "b": "bool", "d": "[]uint8", "*": "v1.NamedExtension"}
GO_FIELDS = {("ExecConfig", "interactiveMode"): "v1.ExecInteractiveMode"}
EMPTY: dict[str, Any] = {"s": "", "b": False, "d": ""}
SCHEME = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"
OLD_EXEC = ("client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1")


def fields(struct: str) -> dict[str, str]:
    """A struct's fields in Go's order, each with its type."""
    return dict(part.split(":") for part in STRUCTS[struct].split())


def read(value: Any) -> Object:
    """A file's content with unknown fields left out; CommandError with the text that stands behind the file's name."""
    if not isinstance(value, dict):
        raise errors.CommandError(f"{UNTYPED} {jsonfaults.word(value)} into Go value of type {jsonfaults.TYPE_META}")
    for name in ("apiVersion", "kind"):
        if not isinstance(value.get(name) or "", str):
            raise errors.CommandError(f"{UNTYPED} {jsonfaults.word(value[name])} into Go struct field .{name} of type string")
    version, kind = value.get("apiVersion") or "v1", value.get("kind") or "Config"
    if (version, kind) != ("v1", "Config"):
        raise errors.CommandError(f'no kind "{kind}" is registered for version "{version}" in scheme "{SCHEME}"')
    made: Object = {**_struct("Config", value, ""), "kind": "Config", "apiVersion": "v1"}
    for plural, named in NAMED.items():
        _judge_names(made.get(plural) or [], named)
        made[plural] = sorted(made.get(plural) or [], key=lambda each: str(each["name"]))
    return made


UNTYPED = "couldn't get version/kind; json parse error: json: cannot unmarshal"
NAMED = {"clusters": "NamedCluster", "users": "NamedAuthInfo", "contexts": "NamedContext"}


def _judge_names(entries: list[Object], struct: str) -> None:
    names = [each["name"] for each in entries]
    twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if twice is None:
        return
    listed = _go(f"[{struct}", entries)
    kinds = f"*[]{struct} into *map[string]*api.{struct.removeprefix('Named')}"
    raise errors.CommandError(f"error converting {kinds}: duplicate name {texts.quoted(twice)} in list: {listed}")


def _go(kind: str, value: Any) -> str:
    """A value as Go's `%v` shows it."""
    if kind[0] == "[":
        return f"[{' '.join(_go(kind[1:], each) for each in value or ())}]"
    if kind[0] == "{":
        return f"map[{' '.join(f'{key}:{_go(kind[1:], each)}' for key, each in sorted((value or {}).items()))}]"
    if kind == "d":
        return f"[{' '.join(map(str, decode(value or '')))}]"
    if kind == "b":
        return "true" if value else "false"
    if kind == "*":
        from pkctl.objects import jsontexts

        raw = jsontexts.compact(value["extension"]).encode() if value.get("extension") is not None else b""
        return f"{{{value.get('name', '')} {{[{' '.join(map(str, raw))}] <nil>}}}}"
    if kind in POINTERS:
        return "<nil>" if value is None else "0xc000000000"
    return _go_struct(kind, value or {}) if kind in STRUCTS else str(value or "")


def _go_struct(struct: str, value: Object) -> str:
    return f"{{{' '.join(_go(kind.removesuffix('!'), value.get(name)) for name, kind in fields(struct).items())}}}"


def _struct(struct: str, value: Object, path: str) -> Object:
    """The known fields, in order of their names as Go reads them, so that the first wrong one is told of."""
    made: Object = {"name": ""} if struct.startswith("Named") else {}
    known = fields(struct)
    for name in sorted(value):
        if name in known and value[name] is not None:
            made[name] = _value(known[name].removesuffix("!"), value[name], struct, f"{path}.{name}" if path else name)
    if struct == "ExecConfig" and not made.get("interactiveMode") and made.get("apiVersion") in OLD_EXEC:
        made["interactiveMode"] = "IfAvailable"
    return {name: made[name] for name in known if name in made}


def _value(kind: str, value: Any, struct: str, path: str) -> Any:
    if kind == "*":
        return value
    if kind[0] == "[" and isinstance(value, list):
        return [_element(kind[1:], each, struct, path) for each in value]
    if kind[0] == "{" and isinstance(value, dict):
        return {key: _element(kind[1:], value[key], struct, path) for key in sorted(value)}
    if kind in STRUCTS and isinstance(value, dict):
        return _struct(kind, value, path)
    if kind == "d" and isinstance(value, list):
        return _octets(value, struct, path)
    if type(value) is {"s": str, "b": bool, "d": str}.get(kind):
        return recoded(str(value)) if kind == "d" else value
    wanted = GO_FIELDS.get((struct, path.rpartition(".")[2])) or _type(kind)
    raise errors.CommandError(f"json: cannot unmarshal {jsonfaults.word(value)} into Go struct field {struct}.{path} of type {wanted}")


def _octets(value: list[Any], struct: str, path: str) -> str:
    """Bytes that are given one by one, in base64."""
    import base64

    for each in value:
        if type(each) is not int or not 0 <= each < 256:
            word = jsonfaults.word(each)
            shown = f"number {each}" if word == "number" else word
            raise errors.CommandError(f"json: cannot unmarshal {shown} into Go struct field {struct}.{path} of type uint8")
    return base64.b64encode(bytes(value)).decode()


def _element(kind: str, value: Any, struct: str, path: str) -> Any:
    """One of a list or a map, where null stands for what is empty."""
    if value is None and kind != "*":
        return _struct(kind, {}, path) if kind in STRUCTS else EMPTY.get(kind)
    return _value(kind, value, struct, path)


def _type(kind: str) -> str:
    if kind[0] == "[":
        return f"[]{_type(kind[1:])}"
    if kind[0] == "{":
        return f"map[string]{_type(kind[1:])}"
    return GO.get(kind) or f"v1.{kind}"


def decode(text: str) -> bytes:
    """Base64 as Go reads it; CommandError says where it is wrong."""
    import base64

    fault = base64s.fault(text)
    if fault >= 0:
        raise errors.CommandError(f"illegal base64 data at input byte {fault}")
    return base64.b64decode(text)


def recoded(text: str) -> str:
    """Base64 as Go writes what it read of it: without line breaks."""
    import base64

    return base64.b64encode(decode(text)).decode()


def shown(config: Object) -> Object:
    """A config as it is printed and written: Go's order, what is empty left out or null."""
    return _shown("Config", config)


def _shown(struct: str, value: Object) -> Object:
    made = {}
    for name, kind in fields(struct).items():
        bare = kind.removesuffix("!")
        each = _part(bare, value.get(name))
        if kind.endswith("!"):
            zero = _shown(bare, {}) if bare in STRUCTS else EMPTY.get(bare)
            made[name] = zero if each is None else each
        elif each not in (None, "", False, [], {}):
            made[name] = each
    return made


def _part(kind: str, value: Any) -> Any:
    if kind in STRUCTS:
        return None if value is None and kind[:5] != "Named" else _shown(kind, value or {})
    if kind[0] == "[" and isinstance(value, list):
        return [_part(kind[1:], each) for each in value] or None
    return value
