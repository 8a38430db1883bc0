"""Secret. Sealing at rest is the API's, not this room's.

Follows pkg/registry/core/secret and ValidateSecret in pkg/apis/core/validation of Kubernetes.
"""

from __future__ import annotations

import binascii

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, configmaps, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ACCOUNT_TOKEN = "kubernetes.io/service-account-token"
ACCOUNT_NAME = "kubernetes.io/service-account.name"
JSON_KEYS = {"kubernetes.io/dockercfg": ".dockercfg", "kubernetes.io/dockerconfigjson": ".dockerconfigjson"}
REDACTED = "<secret contents redacted>"
FIELDS = {"type": lambda obj: obj.get("type", "")}
COLUMNS = (
    shared.NAME,
    columns.Column("Type", description="Used to facilitate programmatic handling of secret data."),
    columns.Column("Data", description="Data contains the secret data."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """Opaque unless typed; `stringData` becomes part of `data`."""
    obj["type"] = obj.get("type") or "Opaque"
    texts = obj.pop("stringData", None) or {}
    if texts:
        sealed = {key: binascii.b2a_base64(text.encode(), newline=False).decode() for key, text in texts.items()}
        obj["data"] = {**(obj.get("data") or {}), **sealed}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Keys, size, what the type asks for, and nothing changed once immutable; the type never changes."""
    found: list[fields.Problem] = []
    if old:
        found += checks.unchanged(new.get("type"), old.get("type"), "type")
        found += configmaps.frozen(new, old, ("data",))
    bag = new.get("data") or {}
    for key in sorted(bag):
        found += checks.worded(names.config_key, key, f"data[{key}]")
    if sum(configmaps.bytes_of(value) for value in bag.values()) > configmaps.LARGEST:
        found.append(fields.too_long("data", configmaps.LARGEST))
    return found + _of_type(new, bag)


def _of_type(obj: meta.Object, bag: dict[str, str]) -> list[fields.Problem]:
    kind = obj.get("type", "")
    if kind == ACCOUNT_TOKEN:
        return [] if meta.annotations(obj).get(ACCOUNT_NAME) else [fields.required(f"metadata.annotations[{ACCOUNT_NAME}]")]
    if kind in JSON_KEYS:
        return _json(bag, JSON_KEYS[kind])
    if kind == "kubernetes.io/basic-auth" and not {"username", "password"} & set(bag):
        return [fields.required("data[username]"), fields.required("data[password]")]
    if kind == "kubernetes.io/ssh-auth" and not bag.get("ssh-privatekey"):
        return [fields.required("data[ssh-privatekey]")]
    if kind == "kubernetes.io/tls":
        return [fields.required(f"data[{key}]") for key in ("tls.crt", "tls.key") if key not in bag]
    return []


def _json(bag: dict[str, str], key: str) -> list[fields.Problem]:
    if key not in bag:
        return [fields.required(f"data[{key}]")]
    wrong = json_error(binascii.a2b_base64(bag[key]).decode(errors="replace"))
    return [fields.invalid(f"data[{key}]", REDACTED, wrong)] if wrong else []


def json_error(text: str) -> str:
    """What Go's encoding/json says of a text that is no JSON object; empty when it is one."""
    import json

    from pkctl.objects import jsonfaults

    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return jsonfaults.whole(text)
    if isinstance(value, dict) or value is None:
        return ""
    return f"json: cannot unmarshal {jsonfaults.word(value)} into Go value of type map[string]interface {{}}"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), obj.get("type", ""), str(len(obj.get("data") or {})), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Sizes instead of values, save a service account's token, as kubectl does."""
    page = describing.begin(obj)
    page.put(f"\nType:\t{obj.get('type', '')}\n\nData\n====\n")
    for key, value in sorted((obj.get("data") or {}).items()):
        if key == "token" and obj.get("type") == ACCOUNT_TOKEN:
            page.field(key, binascii.a2b_base64(value).decode(errors="replace"))
        else:
            page.field(key, f"{configmaps.bytes_of(value)} bytes")
    return page.text()
