"""CustomResourceDefinition: is the definition itself right. Its schemas are `customstructure`'s; what they do to objects is `custom`'s.

Follows pkg/apis/apiextensions/{v1/defaults.go,validation} of the apiextensions-apiserver.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, customformats, customstructure
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

APPROVAL = "api-approved.kubernetes.io"
APPROVAL_PAGE = "https://github.com/kubernetes/enhancements/pull/1111"
PROTECTED = ("k8s.io", "kubernetes.io")
MOST_SELECTABLE = 8
LONGEST_WARNING = 256
SELECTABLE_TYPES = ("string", "boolean", "integer")
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
    if spec.get("preserveUnknownFields"):
        text = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        found.append(fields.invalid("spec.preserveUnknownFields", True, text))
    found += _versions(spec.get("versions") or [])
    found += _names(called)
    found += _conversion(spec.get("conversion") or {})
    found += _approval(new, group)
    return found + _changed(new, old) if old else found


def _names(called: dict[str, Any]) -> list[fields.Problem]:
    found = [fields.required(f"spec.names.{part}") for part in ("plural", "singular", "kind", "listKind") if not called.get(part)]
    for part in ("plural", "singular"):
        if value := called.get(part):
            found += checks.worded(names.dns1035_label, value, f"spec.names.{part}")
    for part in ("kind", "listKind"):
        value = called.get(part) or ""
        texts = names.dns1035_label(value.lower()) if value else ()
        found += [fields.invalid(f"spec.names.{part}", value, f"may have mixed case, but should otherwise match: {text}") for text in texts]
    for number, value in enumerate(called.get("shortNames") or ()):
        found += checks.worded(names.dns1035_label, value, f"spec.names.shortNames[{number}]")
    if called.get("kind") and called.get("kind") == called.get("listKind"):
        found.append(fields.invalid("spec.names.listKind", called["listKind"], "kind and listKind may not be the same"))
    for number, value in enumerate(called.get("categories") or ()):
        found += checks.worded(names.dns1035_label, value, f"spec.names.categories[{number}]")
    return found


def _versions(versions: list[dict[str, Any]]) -> list[fields.Problem]:
    found = [problem for number, version in enumerate(versions) for problem in _version(version, f"spec.versions[{number}]")]
    called = [version.get("name") for version in versions]
    if len(set(called)) < len(called):
        found.append(fields.invalid("spec.versions", versions, "must contain unique version names"))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        found.append(fields.invalid("spec.versions", versions, "must have exactly one version marked as storage version"))
    return found


def _version(version: dict[str, Any], at: str) -> list[fields.Problem]:
    found = [fields.invalid(f"{at}.name", version.get("name") or "", text) for text in names.dns1035_label(version.get("name") or "")]
    found += _deprecation(version, at)
    schema = meta.at(version, "schema", "openAPIV3Schema")
    place = f"{at}.schema.openAPIV3Schema"
    if schema is None:
        found.append(fields.required(place))
    else:
        found += customstructure.problems(schema, place)
    found += _subresources(version.get("subresources") or {}, f"{at}.subresources")
    for number, column in enumerate(version.get("additionalPrinterColumns") or ()):
        found += _column(column, f"{at}.additionalPrinterColumns[{number}]")
    return found + _selectable(version.get("selectableFields") or [], schema or {}, f"{at}.selectableFields")


def _deprecation(version: dict[str, Any], at: str) -> list[fields.Problem]:
    text, place = version.get("deprecationWarning"), f"{at}.deprecationWarning"
    if text is None:
        return []
    if not version.get("deprecated"):
        return [fields.invalid(place, text, "can only be set for deprecated versions")]
    if len(text) > LONGEST_WARNING:
        return [fields.invalid(place, text, f"must be <= {LONGEST_WARNING} characters long")]
    return [] if text else [fields.invalid(place, text, "must not be an empty string")]


def _column(column: dict[str, Any], at: str) -> list[fields.Problem]:
    found = [] if column.get("name") else [fields.required(f"{at}.name")]
    kind, form = column.get("type") or "", column.get("format") or ""
    text = f"must be one of {','.join(COLUMN_TYPES)}"
    if not kind:
        found.append(fields.required(f"{at}.type", text))
    elif kind not in COLUMN_TYPES:
        found.append(fields.invalid(f"{at}.type", kind, text))
    if form and form not in COLUMN_FORMATS:
        found.append(fields.invalid(f"{at}.format", form, f"must be one of {','.join(COLUMN_FORMATS)}"))
    return found + _path(column.get("jsonPath") or "", f"{at}.jsonPath")


def _path(path: str, at: str, start: str = "") -> list[fields.Problem]:
    """A simple JSON path; one of a scale must start below spec or status."""
    from pkctl.objects import jsonpath

    if not path:
        return [fields.required(at)]
    if not path.startswith("."):
        return [fields.invalid(at, path, "must be a simple json path starting with .")]
    if start and not path.startswith(f"{start}."):
        return [fields.invalid(at, path, f"should be a json path under {start}")]
    try:
        jsonpath.parse("{" + path + "}")
    except jsonpath.JSONPathError as error:
        return [fields.invalid(at, path, f"is an invalid json path: {error}")]
    return []


def _subresources(found: dict[str, Any], at: str) -> list[fields.Problem]:
    scale = found.get("scale")
    if scale is None:
        return []
    problems = _path(scale.get("specReplicasPath") or "", f"{at}.scale.specReplicasPath", ".spec")
    problems += _path(scale.get("statusReplicasPath") or "", f"{at}.scale.statusReplicasPath", ".status")
    if selector := scale.get("labelSelectorPath"):
        place = f"{at}.scale.labelSelectorPath"
        if selector.startswith(".") and not selector.startswith((".spec.", ".status.")):
            problems.append(fields.invalid(place, selector, "should be a json path under either .status or .spec"))
        else:
            problems += _path(selector, place)
    return problems


def _selectable(chosen: list[dict[str, Any]], schema: dict[str, Any], at: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    seen: set[str] = set()
    for number, each in enumerate(chosen):
        path, place = each.get("jsonPath") or "", f"{at}[{number}].jsonPath"
        if not path:
            found.append(fields.required(place))
            continue
        part: Any = schema
        for step in path.lstrip(".").split("."):
            part = (part.get("properties") or {}).get(step) if part else None
        if not path.startswith(".") or part is None:
            found.append(fields.invalid(place, path, "is an invalid path: does not refer to a valid field"))
            continue
        if path.startswith(".metadata"):
            found.append(fields.invalid(place, path, "must not point to fields in metadata"))
        if part.get("type") not in SELECTABLE_TYPES:
            text = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
            found.append(fields.invalid(place, path, text))
        if path in seen:
            found.append(fields.duplicate(place, path))
        seen.add(path)
    return [*found, fields.too_many(at, len(seen), MOST_SELECTABLE)] if len(seen) > MOST_SELECTABLE else found


def _conversion(conversion: dict[str, Any]) -> list[fields.Problem]:
    strategy = conversion.get("strategy")
    if strategy == "Webhook":
        return [fields.forbidden("spec.conversion.strategy", "conversion webhooks are not supported by pkctl; use None")]
    found = checks.chosen(strategy, STRATEGIES, "spec.conversion.strategy")
    if conversion.get("webhook"):
        found.append(fields.forbidden("spec.conversion.webhook", "should not be set when strategy is not set to Webhook"))
    return found


def _approval(new: meta.Object, group: str) -> list[fields.Problem]:
    """Kubernetes' own groups are not anybody's: such a definition says who approved it."""
    if not any(group == each or group.endswith(f".{each}") for each in PROTECTED):
        return []
    said, place = meta.annotations(new).get(APPROVAL, ""), f"metadata.annotations[{APPROVAL}]"
    if not said:
        text = f'protected groups must have approval annotation "{APPROVAL}", see {APPROVAL_PAGE}'
        return [fields.required(place, text)]
    if said.startswith(("unapproved", "http://", "https://")):
        return []
    text = f'protected groups must have approval annotation "{APPROVAL}" with either a URL or a reason starting with "unapproved", '
    return [fields.invalid(place, said, f"{text}see {APPROVAL_PAGE}")]


def _changed(new: meta.Object, old: meta.Object) -> list[fields.Problem]:
    spec, before = new["spec"], old["spec"]
    found: list[fields.Problem] = []
    if meta.is_true(old, "Established"):
        found += checks.unchanged(spec.get("scope"), before.get("scope"), "spec.scope")
        found += checks.unchanged(meta.at(spec, "names", "kind"), meta.at(before, "names", "kind"), "spec.names.kind")
    found += checks.unchanged(spec.get("group"), before.get("group"), "spec.group")
    found += checks.unchanged(meta.at(spec, "names", "plural"), meta.at(before, "names", "plural"), "spec.names.plural")
    there = {version.get("name") for version in spec.get("versions") or ()}
    for number, name in enumerate(meta.at(new, "status", "storedVersions", default=())):
        if name not in there:
            text = (
                f"missing from spec.versions; {name} was previously a storage version, and must remain in spec.versions until a storage "
                f"migration ensures no data remains persisted in {name} and removes {name} from status.storedVersions"
            )
            found.append(fields.invalid(f"status.storedVersions[{number}]", name, text))
    return found


def warn(new: meta.Object, old: meta.Object | None) -> list[str]:
    """Formats that mean nothing, so that nothing is checked by them."""
    versions = new["spec"].get("versions") or ()
    schemas = [
        (f"spec.versions[{at}].schema.openAPIV3Schema", meta.at(each, "schema", "openAPIV3Schema")) for at, each in enumerate(versions)
    ]
    return [text for at, schema in schemas if schema for text in _odd_formats(schema, at)]


def _odd_formats(schema: dict[str, Any], at: str) -> Iterator[str]:
    if (form := schema.get("format")) and not customformats.is_known(form):
        yield f'{at}.format: unrecognized format "{form}"'
    for name, part in (schema.get("properties") or {}).items():
        yield from _odd_formats(part, f"{at}.properties[{name}]")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _odd_formats(schema[name], f"{at}.{name}")


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "metadata", "creationTimestamp", default="")]
