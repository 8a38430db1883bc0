"""A kubeconfig's fields and types: reading with Go's errors, and the order and emptiness in which it is printed and written.

Follows client-go's tools/clientcmd/api/v1. Types: `s` string, `b` bool, `d` base64 bytes, `*` anything, `[` and `{` before a type for lists
and maps, or a struct's name; `!` behind one that is shown even when empty.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import base64s

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
GO = {"s": "string", "b": "bool", "d": "[]uint8", "*": "interface {}"}
EMPTY: dict[str, Any] = {"s": "", "b": False, "d": ""}
SCHEME = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"
OLD_EXEC = ("client.authentication.k8s.io/v1alpha1", "client.authentication.k8s.io/v1beta1")


def fields(struct: str) -> dict[str, str]:
    """A struct's fields in Go's order, each with its type."""
    return dict(part.split(":") for part in STRUCTS[struct].split())


def read(value: Any) -> Object:
    """A file's content with unknown fields left out; CommandError with the text that stands behind the file's name."""
    if not isinstance(value, dict):
        raise errors.CommandError(f"json: cannot unmarshal {_word(value)} into Go value of type struct")
    version, kind = value.get("apiVersion") or "v1", value.get("kind") or "Config"
    if (version, kind) != ("v1", "Config"):
        raise errors.CommandError(f'no kind "{kind}" is registered for version "{version}" in scheme "{SCHEME}"')
    made: Object = _struct("Config", value, "")
    for plural, word in (("clusters", "cluster"), ("contexts", "context"), ("users", "user")):
        names = [each.get("name") for each in made.get(plural) or ()]
        for name in names:
            if names.count(name) > 1:
                raise errors.CommandError(f'duplicate name "{name}" in list of {word} entries')
    return made


def _struct(struct: str, value: Object, path: str) -> Object:
    made = {}
    for name, kind in fields(struct).items():
        if value.get(name) is not None:
            made[name] = _value(kind.removesuffix("!"), value[name], struct, f"{path}.{name}" if path else name)
    if struct == "ExecConfig" and not made.get("interactiveMode") and made.get("apiVersion") in OLD_EXEC:
        made["interactiveMode"] = "IfAvailable"
    return made


def _value(kind: str, value: Any, struct: str, path: str) -> Any:
    if kind == "*":
        return value
    if kind[0] == "[" and isinstance(value, list):
        return [_value(kind[1:], each, struct, path) for each in value]
    if kind[0] == "{" and isinstance(value, dict):
        return {key: _value(kind[1:], each, struct, path) for key, each in value.items()}
    if kind in STRUCTS and isinstance(value, dict):
        return _struct(kind, value, path)
    if type(value) is {"s": str, "b": bool, "d": str}.get(kind):
        if kind == "d":
            decode(str(value))
        return value
    raise errors.CommandError(f"json: cannot unmarshal {_word(value)} into Go struct field {struct}.{path} of type {_type(kind)}")


def _type(kind: str) -> str:
    if kind[0] == "[":
        return f"[]{_type(kind[1:])}"
    if kind[0] == "{":
        return f"map[string]{_type(kind[1:])}"
    return GO.get(kind) or f"v1.{kind}"


def _word(value: Any) -> str:
    return {str: "string", list: "array", bool: "bool", dict: "object"}.get(type(value), "number")


def decode(text: str) -> bytes:
    """Base64 as Go reads it; CommandError says where it is wrong."""
    import base64

    fault = base64s.fault(text)
    if fault >= 0:
        raise errors.CommandError(f"illegal base64 data at input byte {fault}")
    return base64.b64decode(text)


def shown(config: Object) -> Object:
    """A config as it is printed and written: Go's order, what is empty left out or null."""
    return _shown("Config", config)


def _shown(struct: str, value: Object) -> Object:
    made = {}
    for name, kind in fields(struct).items():
        bare = kind.removesuffix("!")
        each = _part(bare, value.get(name))
        if kind.endswith("!"):
            made[name] = EMPTY.get(bare) if each is None else each
        elif each not in (None, "", False, [], {}):
            made[name] = each
    return made


def _part(kind: str, value: Any) -> Any:
    if kind in STRUCTS:
        return None if value is None and kind[:5] != "Named" else _shown(kind, value or {})
    if kind[0] == "[" and isinstance(value, list):
        return [_part(kind[1:], each) for each in value] or None
    return value
