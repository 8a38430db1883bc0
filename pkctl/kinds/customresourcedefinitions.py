"""CustomResourceDefinition: is the definition itself right. Its versions are `definitionversions`'; what they do to objects is `custom`'s.

Follows pkg/apis/apiextensions/{v1/defaults.go,validation} of the apiextensions-apiserver.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, customformats, customrows, definitionversions
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

APPROVAL = "api-approved.kubernetes.io"
APPROVAL_PAGE = "https://github.com/kubernetes/enhancements/pull/1111"
PROTECTED = ("k8s.io", "kubernetes.io")
SCOPES = ("Cluster", "Namespaced")
STRATEGIES = ("None", "Webhook")
UNCALLED = "pkctl calls no conversion webhooks: objects of this kind are served in the version they are stored in, and fail in others"
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
    service = meta.at(conversion, "webhook", "clientConfig", "service")
    if service is not None:
        service.setdefault("port", 443)


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
    wrong = checks.named(names.dns_subdomain, group, "spec.group")
    if group and not wrong and "." not in group:
        wrong = [fields.invalid("spec.group", group, "should be a domain with at least one dot")]
    found += wrong
    found += checks.chosen(spec.get("scope"), SCOPES, "spec.scope")
    found += definitionversions.problems(spec.get("versions") or [])
    found += _names(called)
    found += definitionversions.shared_problems(spec.get("versions") or [])
    found += _conversion(spec.get("conversion") or {})
    found += _changed(new, old) if old else []
    found += _approval(new, group)
    if spec.get("preserveUnknownFields"):
        text = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead"
        found.append(fields.invalid("spec.preserveUnknownFields", True, text))
    return found


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


def _conversion(conversion: dict[str, Any]) -> list[fields.Problem]:
    """Fields are called as in the API server's own form, which has no `webhook` around them."""
    strategy, hook = conversion.get("strategy"), conversion.get("webhook") or {}
    found = checks.chosen(strategy, STRATEGIES, "spec.conversion.strategy")
    client, versions = hook.get("clientConfig"), hook.get("conversionReviewVersions") or ()
    at, of_versions = "spec.conversion.webhookClientConfig", "spec.conversion.conversionReviewVersions"
    if strategy != "Webhook":
        given = [place for place, value in ((at, client is not None), (of_versions, versions)) if value]
        return found + [fields.forbidden(place, "should not be set when strategy is not set to Webhook") for place in given]
    from pkctl.kinds import webhooks

    found += webhooks.client(client, at) if client is not None else [fields.required(at, "required when strategy is set to Webhook")]
    return found + webhooks.reviews(versions, of_versions, asked=True, missing="")


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
        found += checks.unchanged(spec.get("scope") or "", before.get("scope"), "spec.scope")
        found += checks.unchanged(meta.at(spec, "names", "kind", default=""), meta.at(before, "names", "kind"), "spec.names.kind")
    found += checks.unchanged(spec.get("group") or "", before.get("group"), "spec.group")
    found += checks.unchanged(meta.at(spec, "names", "plural", default=""), meta.at(before, "names", "plural"), "spec.names.plural")
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
    """Formats of texts that mean nothing, so that nothing is checked by them, each told once; and that no webhook is called."""
    schemas = (meta.at(each, "schema", "openAPIV3Schema", default={}) for each in new["spec"].get("versions") or ())
    found = dict.fromkeys(form for schema in schemas for form in _odd_formats(schema))
    told = [f'unrecognized format "{form}"' for form in found]
    return [*told, UNCALLED] if customrows.has_hook(new) and not (old and customrows.has_hook(old)) else told


def _odd_formats(schema: dict[str, Any]) -> Iterator[str]:
    if schema.get("type") == "string" and (form := schema.get("format")) and not customformats.is_known(form):
        yield form
    parts = [*(schema.get("properties") or {}).values(), schema.get("items"), schema.get("additionalProperties")]
    for part in parts:
        if isinstance(part, dict):
            yield from _odd_formats(part)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), meta.at(obj, "metadata", "creationTimestamp", default="")]
