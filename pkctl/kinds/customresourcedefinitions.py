"""CustomResourceDefinition. What a schema does to custom objects is `schema`'s matter; here: is the definition itself right.

Follows pkg/apis/apiextensions/{v1/defaults.go,validation} of the apiextensions-apiserver.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SCOPES = ("Cluster", "Namespaced")
STRATEGIES = ("None", "Webhook")
COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
COLUMNS = (shared.NAME, shared.CREATED_AT)


def default(obj: meta.Object) -> None:
    """Names from the kind, no conversion, served as listed."""
    spec = obj["spec"] = obj.get("spec") or {}
    called = spec["names"] = spec.get("names") or {}
    kind = called.get("kind") or ""
    called["singular"] = called.get("singular") or kind.lower()
    called["listKind"] = called.get("listKind") or (f"{kind}List" if kind else "")
    conversion = spec["conversion"] = spec.get("conversion") or {}
    conversion["strategy"] = conversion.get("strategy") or "None"


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Nothing established yet; what was stored once is remembered."""
    stored = [version["name"] for version in new["spec"].get("versions") or () if version.get("storage") and version.get("name")]
    if old and "status" in old:
        new["status"] = meta.clone(old["status"])
        kept = new["status"].get("storedVersions") or []
        new["status"]["storedVersions"] = [*kept, *(name for name in stored if name not in kept)]
    else:
        new["status"] = {"acceptedNames": {"kind": "", "plural": ""}, "conditions": [], "storedVersions": stored}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Name, group, names, scope, versions; names and scope never change."""
    spec, called = new["spec"], new["spec"].get("names") or {}
    found: list[fields.Problem] = []
    group = spec.get("group") or ""
    if meta.name(new) != f"{called.get('plural', '')}.{group}":
        found.append(fields.invalid("metadata.name", meta.name(new), 'must be spec.names.plural+"."+spec.group'))
    found += checks.named(names.dns_subdomain, group, "spec.group")
    if group and "." not in group:
        found.append(fields.invalid("spec.group", group, "should be a domain with at least one dot"))
    found += checks.chosen(spec.get("scope"), SCOPES, "spec.scope")
    found += _names(called)
    found += _versions(spec.get("versions") or [])
    found += _conversion(spec.get("conversion") or {})
    if old:
        found += _changed(spec, old["spec"])
    return found


def _names(called: dict[str, Any]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    for part in ("plural", "singular", "kind", "listKind"):
        value = called.get(part) or ""
        if not value:
            if part in ("plural", "kind"):
                found.append(fields.required(f"spec.names.{part}"))
            continue
        text = value.lower() if part in ("kind", "listKind") else value
        found += [fields.invalid(f"spec.names.{part}", value, wrong) for wrong in names.dns1035_label(text)]
    if called.get("kind") and called.get("kind") == called.get("listKind"):
        found.append(fields.invalid("spec.names.listKind", called["listKind"], "kind and listKind may not be the same"))
    for part in ("shortNames", "categories"):
        for number, value in enumerate(called.get(part) or ()):
            found += checks.worded(names.dns1035_label, value, f"spec.names.{part}[{number}]")
    return found


def _versions(versions: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    seen: set[str] = set()
    for number, version in enumerate(versions):
        field, name = f"spec.versions[{number}]", version.get("name") or ""
        if name in seen:
            found.append(fields.invalid("spec.versions", [each.get("name") for each in versions], "must contain unique version names"))
        seen.add(name)
        found += [fields.invalid(f"{field}.name", name, text) for text in names.dns1035_label(name)]
        found += _schema(version, field)
        for place, column in enumerate(version.get("additionalPrinterColumns") or ()):
            found += _column(column, f"{field}.additionalPrinterColumns[{place}]")
        found += _subresources(version.get("subresources") or {}, f"{field}.subresources")
    if sum(bool(version.get("storage")) for version in versions) != 1:
        text = "must have exactly one version marked as storage version"
        found.append(fields.invalid("spec.versions", versions, text))
    return found


def _schema(version: dict[str, Any], field: str) -> list[fields.Problem]:
    schema = meta.at(version, "schema", "openAPIV3Schema")
    at = f"{field}.schema.openAPIV3Schema"
    if schema is None:
        return [fields.required(at)]
    if not schema.get("type"):
        return [fields.required(f"{at}.type", "must not be empty at the root")]
    if schema["type"] != "object":
        return [fields.invalid(f"{at}.type", schema["type"], "must be object at the root")]
    return _structural(schema, at)


def _structural(schema: dict[str, Any], at: str) -> list[fields.Problem]:
    """Every property and item has a type, unless it says that anything goes."""
    found: list[fields.Problem] = []
    free = schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields")
    if not schema.get("type") and not free:
        found.append(fields.required(f"{at}.type", "must not be empty for specified object fields"))
    if schema.get("type") == "array" and not isinstance(schema.get("items"), dict):
        found.append(fields.required(f"{at}.items", "must be specified"))
    if schema.get("properties") and schema.get("additionalProperties"):
        found.append(fields.forbidden(f"{at}.additionalProperties", "additionalProperties and properties are mutual exclusive"))
    for name, part in sorted((schema.get("properties") or {}).items()):
        found += _structural(part, f"{at}.properties[{name}]")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            found += _structural(schema[name], f"{at}.{name}")
    return found


def _column(column: dict[str, Any], field: str) -> list[fields.Problem]:
    found = [] if column.get("name") else [fields.required(f"{field}.name")]
    found += checks.chosen(column.get("type"), COLUMN_TYPES, f"{field}.type")
    if column.get("format") and column["format"] not in COLUMN_FORMATS:
        found.append(fields.unsupported(f"{field}.format", column["format"], COLUMN_FORMATS))
    path = column.get("jsonPath") or ""
    if not path:
        found.append(fields.required(f"{field}.jsonPath"))
    elif not path.startswith("."):
        text = "must be a simple json path starting with ."
        found.append(fields.invalid(f"{field}.jsonPath", path, text))
    return found


def _subresources(found: dict[str, Any], field: str) -> list[fields.Problem]:
    scale = found.get("scale")
    if scale is None:
        return []
    problems: list[fields.Problem] = []
    for name, start in (("specReplicasPath", ".spec."), ("statusReplicasPath", ".status.")):
        path = scale.get(name) or ""
        if not path:
            problems.append(fields.required(f"{field}.scale.{name}"))
        elif not path.startswith(start):
            problems.append(fields.invalid(f"{field}.scale.{name}", path, f"should be a json path under {start[:-1]}"))
    return problems


def _conversion(conversion: dict[str, Any]) -> list[fields.Problem]:
    strategy = conversion.get("strategy")
    if strategy == "Webhook":
        return [fields.forbidden("spec.conversion.strategy", "conversion webhooks are not supported by pkctl; use None")]
    return checks.chosen(strategy, STRATEGIES, "spec.conversion.strategy")


def _changed(spec: dict[str, Any], before: dict[str, Any]) -> list[fields.Problem]:
    found = checks.unchanged(spec.get("group"), before.get("group"), "spec.group")
    found += checks.unchanged(spec.get("scope"), before.get("scope"), "spec.scope")
    for part in ("plural", "kind"):
        found += checks.unchanged(meta.at(spec, "names", part), meta.at(before, "names", part), f"spec.names.{part}")
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "metadata", "creationTimestamp", default="")]
