"""What a variable's value comes from, as `set env --list` tells it: where, and with `--resolve` the value itself.

Upstream: kubectl's cmd/set/env/env_resolve.go.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

KEYED = {"configMapKeyRef": ("configmap", "configmaps", "config map"), "secretKeyRef": ("secret", "secrets", "secret")}
"""What is named by a key: its word, its plural and what it is called when the key is missing."""
PLAIN = ("metadata.name", "metadata.namespace", "metadata.uid")
AMOUNTS = ("cpu", "memory", "ephemeral-storage")


def shown(source: Object) -> str:
    """Where a value comes from."""
    for form, (word, _, _) in KEYED.items():
        if reference := source.get(form):
            return f"{word} {reference.get('name', '')}, key {reference.get('key', '')}"
    if reference := source.get("fieldRef"):
        return f"field path {reference.get('fieldPath', '')}"
    if reference := source.get("resourceFieldRef"):
        container = f"{reference['containerName']}/" if reference.get("containerName") else ""
        return f"resource field {container}{reference.get('resource', '')}"
    return "invalid valueFrom"


def value(ctx: Context, source: Object, obj: Object, container: Object) -> str:
    """The value itself; PkctlError for what is not there or not known."""
    for form in ("secretKeyRef", "configMapKeyRef"):
        if reference := source.get(form):
            return _keyed(ctx, form, reference)
    if reference := source.get("fieldRef"):
        return _field(obj, str(reference.get("fieldPath", "")))
    if reference := source.get("resourceFieldRef"):
        return _amount(container, str(reference.get("resource", "")), reference.get("divisor") or "0")
    raise errors.CommandError("invalid valueFrom")


def _keyed(ctx: Context, form: str, reference: Object) -> str:
    _, plural, said = KEYED[form]
    row = ctx.kinds().by_id(plural)
    assert row is not None
    found = ctx.client.get(row, ctx.namespace, reference.get("name", "")).get("data") or {}
    if reference["key"] not in found:
        raise errors.CommandError(f"key {reference['key']} not found in {said} {reference.get('name', '')}")
    if form == "secretKeyRef":
        import base64

        return base64.b64decode(found[reference["key"]]).decode(errors="replace")
    return str(found[reference["key"]])


def _field(obj: Object, path: str) -> str:
    """A field of the object itself, which is a workload and no pod."""
    from pkctl.objects import fields, names

    head, bracket, key = path.removesuffix("']").partition("['")
    if path.endswith("']") and head and bracket:
        if head not in ("metadata.annotations", "metadata.labels"):
            raise errors.CommandError(f"fieldPath {fields.quoted(path)} does not support subscript")
        if wrong := names.qualified_name(key.lower() if head.endswith("annotations") else key):
            raise errors.CommandError(f"invalid key subscript in {path}: {';'.join(wrong)}")
        return str((meta.at(obj, *head.split(".")) or {}).get(key, ""))
    if path in ("metadata.annotations", "metadata.labels"):
        found = meta.at(obj, *path.split(".")) or {}
        return "\n".join(f"{name}={fields.quoted(found[name])}" for name in sorted(found))
    if path not in PLAIN:
        raise errors.CommandError(f"unsupported fieldPath: {path}")
    return str(meta.at(obj, *path.split("."), default=""))


def _amount(container: Object, what: str, divisor: str) -> str:
    """An amount of the container in units of the divisor, rounded up."""
    from pkctl.objects import quantities

    part, _, name = what.partition(".")
    if part not in ("limits", "requests") or not (name in AMOUNTS or name.startswith("hugepages-")):
        raise errors.CommandError(f"Unsupported container resource : {what}")
    counted = quantities.milli if name == "cpu" else quantities.value
    unit = counted(divisor) or counted("1")
    return str(-(-counted((meta.at(container, "resources", part) or {}).get(name, "0")) // unit))
