"""The versions of a CustomResourceDefinition: schemas, subresources, printer columns, selectable fields; problems in Kubernetes' words.

What all versions say alike is judged once and under the path that it has in the API server's own form of a definition
(`spec.validation`, `spec.subresources`, …). Follows apiextensions' pkg/apis/apiextensions/{v1/conversion.go,validation/validation.go}.
"""

from __future__ import annotations

from pkctl.kinds import customstructure
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.objects.fields import Problem

    Version = dict[str, Any]

MOST_SELECTABLE = 8
LONGEST_WARNING = 256
SELECTABLE_TYPES = ("string", "boolean", "integer")
COLUMN_TYPES = ("boolean", "date", "integer", "number", "string")
COLUMN_FORMATS = ("byte", "date", "date-time", "double", "float", "int32", "int64", "password")
SHARED = {"schema": "validation", "subresources": "subresources", "additionalPrinterColumns": "additionalPrinterColumns",
          "selectableFields": "selectableFields"}  # fmt: skip
"""What a version says that moves to the whole definition where all versions say it, and its name there."""

ROOT_FIELDS = {
    "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength",
    "pattern", "maxItems", "minItems", "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
    "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations",
}  # fmt: skip
IN_GO = (
    "Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems "
    "UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations"
)


def problems(versions: list[Version]) -> list[Problem]:
    """What is wrong with the versions one by one, and with their names."""
    found = []
    for number, version in enumerate(versions):
        at = f"spec.versions[{number}]"
        if meta.at(version, "schema", "openAPIV3Schema") is None:
            found.append(fields.required(f"{at}.schema.openAPIV3Schema"))
        wrong = names.dns1035_label(version.get("name") or "")
        found += [fields.invalid(f"{at}.name", version.get("name") or "", ",".join(wrong))] if wrong else []
        found += _deprecation(version, at)
        own = {part: version.get(part) for part in SHARED if not _is_shared(versions, part)}
        found += list(_said(own, version, {part: f"{at}.{part}" for part in SHARED}))
    called = [version.get("name") for version in versions]
    if len(set(called)) < len(called):
        found.append(fields.invalid("spec.versions", versions, "must contain unique version names"))
    if sum(bool(version.get("storage")) for version in versions) != 1:
        found.append(fields.invalid("spec.versions", versions, "must have exactly one version marked as storage version"))
    return found


def shared_problems(versions: list[Version]) -> list[Problem]:
    """What is wrong with what all versions say alike."""
    if not versions:
        return []
    said = {part: versions[0].get(part) for part in SHARED if _is_shared(versions, part)}
    return list(_said(said, versions[0], {part: f"spec.{name}" for part, name in SHARED.items()}))


def _is_shared(versions: list[Version], part: str) -> bool:
    return all((version.get(part) or None) == (versions[0].get(part) or None) for version in versions)


def _said(said: dict[str, Any], version: Version, places: dict[str, str]) -> Iterator[Problem]:
    schema = meta.at(version, "schema", "openAPIV3Schema")
    if schema is not None and said.get("schema"):
        has_status = meta.at(version, "subresources", "status") is not None
        yield from _root(schema, f"{places['schema']}.openAPIV3Schema", has_status)
        yield from customstructure.problems(schema, f"{places['schema']}.openAPIV3Schema")
    yield from _subresources(said.get("subresources") or {}, places["subresources"])
    for number, column in enumerate(said.get("additionalPrinterColumns") or ()):
        yield from _column(column, f"{places['additionalPrinterColumns']}[{number}]")
    yield from _selectable(said.get("selectableFields") or [], schema or {}, places["selectableFields"])


def _root(schema: dict[str, Any], at: str, has_status: bool) -> Iterator[Problem]:
    """Where status is a subresource, nothing at the root may be about the status as well as the rest."""
    if not has_status:
        return
    if schema.get("type") and schema["type"] != "object":
        text = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
        yield fields.invalid(f"{at}.type", schema["type"], text)
    if any(schema[name] not in (None, False, "", [], {}) for name in schema.keys() - ROOT_FIELDS):
        text = f"only [{IN_GO}] fields are allowed at the root of the schema if the status subresource is enabled"
        yield fields.invalid(at, schema, text)


def _deprecation(version: Version, at: str) -> list[Problem]:
    text, place = version.get("deprecationWarning"), f"{at}.deprecationWarning"
    if text is None:
        return []
    if not version.get("deprecated"):
        return [fields.invalid(place, text, "can only be set for deprecated versions")]
    found = [f"must be <= {LONGEST_WARNING} characters long"] if len(text.encode()) > LONGEST_WARNING else []
    found += [] if text else ["must not be an empty string"]
    odd = next((number for number, char in enumerate(text) if not char.isprintable()), -1)
    if odd >= 0:
        where = len(text[:odd].encode())
        found.append(f"must only contain printable UTF-8 characters; non-printable character found at index {where}")
    return [fields.invalid(place, text, each) for each in found]


def _column(column: dict[str, Any], at: str) -> list[Problem]:
    found = [] if column.get("name") else [fields.required(f"{at}.name")]
    kind, form = column.get("type") or "", column.get("format") or ""
    text = f"must be one of {','.join(COLUMN_TYPES)}"
    if not kind:
        found.append(fields.required(f"{at}.type", text))
    elif kind not in COLUMN_TYPES:
        found.append(fields.invalid(f"{at}.type", kind, text))
    if form and form not in COLUMN_FORMATS:
        found.append(fields.invalid(f"{at}.format", form, f"must be one of {','.join(COLUMN_FORMATS)}"))
    return found + _path(column.get("jsonPath") or "", f"{at}.JSONPath")


def _path(path: str, at: str, *starts: str) -> list[Problem]:
    """A simple JSON path; one of a scale must start below spec or status."""
    if not path:
        return [fields.required(at)]
    if not path.startswith("."):
        return [fields.invalid(at, path, "must be a simple json path starting with .")]
    if starts and not any(path.startswith(f"{start}.") for start in starts):
        where = starts[0] if len(starts) == 1 else f"either {' or '.join(starts)}"
        return [fields.invalid(at, path, f"should be a json path under {where}")]
    return []


def _subresources(found: dict[str, Any], at: str) -> list[Problem]:
    scale = found.get("scale")
    if scale is None:
        return []
    problems = _path(scale.get("specReplicasPath") or "", f"{at}.scale.specReplicasPath", ".spec")
    problems += _path(scale.get("statusReplicasPath") or "", f"{at}.scale.statusReplicasPath", ".status")
    if selector := scale.get("labelSelectorPath"):
        problems += _path(selector, f"{at}.scale.labelSelectorPath", ".spec", ".status")
    return problems


def _selectable(chosen: list[dict[str, Any]], schema: dict[str, Any], at: str) -> list[Problem]:
    found: list[Problem] = []
    seen: set[str] = set()
    for number, each in enumerate(chosen):
        path, place = each.get("jsonPath") or "", f"{at}[{number}].jsonPath"
        if not path:
            found.append(fields.required(place))
            continue
        part, wrong = _led_to(path, schema)
        if wrong:
            found.append(fields.invalid(place, path, f"is an invalid path: {wrong}"))
            continue
        if path.split(".")[1] == "metadata":
            found.append(fields.invalid(place, path, "must not point to fields in metadata"))
        if part.get("type") not in SELECTABLE_TYPES:
            text = "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."
            found.append(fields.invalid(place, path, text))
        if path in seen:
            found.append(fields.duplicate(place, path))
        seen.add(path)
    return [*found, fields.too_many(at, len(seen), MOST_SELECTABLE)] if len(seen) > MOST_SELECTABLE else found


def _led_to(path: str, schema: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The part of a schema that a path of fields leads to, and why it leads to none."""
    first, *steps = path.split(".")
    if first:
        return {}, f"expected [ or . but got: {first.partition('[')[0]}"
    if "[" in path:
        return {}, "array notation is not allowed"
    for step in steps:
        if not step:
            return {}, "does not refer to a valid field" if step != steps[-1] else "unexpected end of JSON path"
        below = (schema.get("properties") or {}).get(step)
        below = schema.get("additionalProperties") if not schema.get("properties") else below
        if not isinstance(below, dict):
            return {}, "does not refer to a valid field"
        schema = below
    return schema, ""
