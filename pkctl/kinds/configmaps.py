"""ConfigMap. Follows pkg/registry/core/configmap and pkg/apis/core/validation of Kubernetes."""

from __future__ import annotations

import binascii

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LARGEST = 1024 * 1024
IMMUTABLE = "field is immutable when `immutable` is set"
COLUMNS = (shared.NAME, columns.Column("Data", description="Data contains the configuration data."), shared.AGE)


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Keys, size, and nothing changed once immutable."""
    found = frozen(new, old, ("data", "binaryData")) if old else []
    bags = {"data": new.get("data") or {}, "binaryData": new.get("binaryData") or {}}
    for bag, other in (("data", "binaryData"), ("binaryData", "data")):
        for key in sorted(bags[bag]):
            field = f"{bag}[{key}]"
            found += checks.worded(names.config_key, key, field)
            if key in bags[other]:
                found.append(fields.invalid(field, key, f"duplicate of key present in {other}"))
    size = sum(len(value.encode()) for value in bags["data"].values()) + sum(bytes_of(value) for value in bags["binaryData"].values())
    if size > LARGEST:
        found.append(fields.too_long("[]", LARGEST))
    return found


def frozen(new: meta.Object, old: meta.Object, bags: tuple[str, ...]) -> list[fields.Problem]:
    """What an immutable ConfigMap or Secret may no longer change."""
    if not old.get("immutable"):
        return []
    found = [] if new.get("immutable") else [fields.forbidden("immutable", IMMUTABLE)]
    return found + [fields.forbidden(bag, IMMUTABLE) for bag in bags if (new.get(bag) or {}) != (old.get(bag) or {})]


def bytes_of(text: str) -> int:
    """How many bytes a base64 text stands for."""
    return len(binascii.a2b_base64(text or ""))


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), str(len(obj.get("data") or {}) + len(obj.get("binaryData") or {})), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """The texts in full, binary ones by size."""
    page = describing.begin(obj)
    page.put("\nData\n====\n")
    for key, value in sorted((obj.get("data") or {}).items()):
        page.put(f"{key}:\n----\n{value}\n\n")
    page.put("\nBinaryData\n====\n")
    for key, value in sorted((obj.get("binaryData") or {}).items()):
        page.put(f"{key}: {bytes_of(value)} bytes\n")
    page.put("\n")
    return describing.end(page, obj, reader)
