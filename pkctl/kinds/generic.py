"""The rules that hold for every kind: names, labels, annotations, owners, finalizers, what may not change, and `generation`.

Follows apimachinery/pkg/api/validation/objectmeta.go and the strategies' PrepareForUpdate. Rules of one kind live in its room.
"""

from __future__ import annotations

from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

NAME_RULES: dict[str, Callable[[str], Sequence[str]]] = {
    "apiservices.apiregistration.k8s.io": names.path_segment,
    "certificatesigningrequests.certificates.k8s.io": names.path_segment,
    "clusterrolebindings.rbac.authorization.k8s.io": names.path_segment,
    "clusterroles.rbac.authorization.k8s.io": names.path_segment,
    "ipaddresses.networking.k8s.io": names.exact_ip,
    "namespaces": names.dns_label,
    "rolebindings.rbac.authorization.k8s.io": names.path_segment,
    "roles.rbac.authorization.k8s.io": names.path_segment,
    "services": names.dns_label,
    "statefulsets.apps": names.dns_label,
}
"""What a kind's names must be; every other kind's are DNS subdomains."""

MOST_ANNOTATION_BYTES = 256 * 1024
IMMUTABLE_META = ("name", "namespace", "uid", "creationTimestamp")

GENERATION: dict[str, tuple[str, ...]] = {
    "admissionregistration.k8s.io": ("spec", "webhooks"),
    "apiextensions.k8s.io": ("spec",),
    "apps": ("spec",),
    "batch": ("spec",),
    "discovery.k8s.io": ("addressType", "endpoints", "ports"),
    "flowcontrol.apiserver.k8s.io": ("spec",),
    "ingresses.networking.k8s.io": ("spec",),
    "ingressclasses.networking.k8s.io": ("spec",),
    "networkpolicies.networking.k8s.io": ("spec",),
    "poddisruptionbudgets.policy": ("spec",),
    "pods": ("spec",),
    "priorityclasses.scheduling.k8s.io": (),
    "replicationcontrollers": ("spec",),
    "deviceclasses.resource.k8s.io": ("spec",),
    "resourceslices.resource.k8s.io": ("spec",),
}
"""The fields, by kind id or by group, whose change makes a new generation; a built-in kind without an entry has no generation."""

NO_GENERATION = frozenset({"controllerrevisions.apps"})
ANNOTATIONS_COUNT = frozenset({"deployments.apps"})
"""Kinds whose annotations count as their spec does."""


def validate_meta(row: Row, new: Object, old: Object | None) -> list[Problem]:
    """Every problem of `metadata`; `old` is None on create."""
    meta = new.get("metadata") or {}
    if old is not None:
        return [*_unchanged(meta, old.get("metadata") or {}), *_common(meta)]
    return [*_names(row, meta), *_namespace(row, meta), *_common(meta)]


def _names(row: Row, meta: Object) -> list[Problem]:
    rule = NAME_RULES.get(row.id, names.dns_subdomain)
    problems = []
    prefix = meta.get("generateName") or ""
    if prefix:
        # A generated name goes on after a dash, so the dash alone doesn't spoil the prefix.
        tried = prefix[:-1] + "a" if prefix.endswith("-") else prefix
        problems += [fields.invalid("metadata.generateName", prefix, text) for text in rule(tried)]
    name = meta.get("name") or ""
    if not name and not prefix:
        return [*problems, fields.required("metadata.name", "name or generateName is required")]
    return problems + [fields.invalid("metadata.name", name, text) for text in (rule(name) if name else ())]


def _namespace(row: Row, meta: Object) -> list[Problem]:
    namespace = meta.get("namespace") or ""
    if not row.namespaced:
        return [fields.forbidden("metadata.namespace", "not allowed on this type")] if namespace else []
    if not namespace:
        return [fields.required("metadata.namespace")]
    return [fields.invalid("metadata.namespace", namespace, text) for text in names.dns_label(namespace)]


def _common(meta: Object) -> list[Problem]:
    return [
        *label_map(meta.get("labels"), "metadata.labels"),
        *annotation_map(meta.get("annotations"), "metadata.annotations"),
        *_owners(meta.get("ownerReferences") or ()),
        *_finalizers(meta.get("finalizers") or ()),
    ]


def label_map(found: dict[str, str] | None, path: str) -> list[Problem]:
    """Problems of a label map."""
    problems = []
    for key in sorted(found or ()):
        problems += [fields.invalid(path, key, text) for text in names.qualified_name(key)]
        problems += [fields.invalid(path, found[key], text) for text in names.label_value(found[key])] if found else []
    return problems


def annotation_map(found: dict[str, str] | None, path: str) -> list[Problem]:
    """Problems of an annotation map: its keys and its size as a whole."""
    if not found:
        return []
    problems = [fields.invalid(path, key, text) for key in sorted(found) for text in names.qualified_name(key.lower())]
    size = sum(len(key.encode()) + len(value.encode()) for key, value in found.items())
    return [*problems, fields.too_long(path, MOST_ANNOTATION_BYTES)] if size > MOST_ANNOTATION_BYTES else problems


def embedded_meta(meta: Object, path: str) -> list[Problem]:
    """Problems of the metadata of an object that stands inside another, whose name may still be missing."""
    for part in ("labels", "annotations"):
        if any(not isinstance(value, str) for value in (meta.get(part) or {}).values()):
            return [fields.invalid(path, meta, f"json: cannot unmarshal into Go struct field ObjectMeta.{part} of type string")]
    name, namespace = meta.get("name") or "", meta.get("namespace") or ""
    found = [fields.invalid(f"{path}.name", name, text) for text in (names.path_segment(name) if name else ())]
    found += [fields.invalid(f"{path}.namespace", namespace, text) for text in (names.dns_label(namespace) if namespace else ())]
    common = _common(meta)
    return [*found, *(fields.Problem(path + each.field.removeprefix("metadata"), each.reason, each.message) for each in common)]


def template_meta(meta: Object, path: str) -> list[Problem]:
    """Problems of the metadata inside a template: labels, annotations and finalizers only."""
    return [*label_map(meta.get("labels"), f"{path}.labels"), *annotation_map(meta.get("annotations"), f"{path}.annotations")]


def _owners(owners: Sequence[Object]) -> list[Problem]:
    problems: list[Problem] = []
    first = ""
    path = "metadata.ownerReferences"
    for owner in owners:
        problems += _owner(owner, path)
        if not owner.get("controller"):
            continue
        if first:
            text = f'Only one reference can have Controller set to true. Found "true" in references for {first} and {owner.get("name", "")}'
            problems.append(fields.invalid(path, owners, text))
        else:
            first = owner.get("name", "")
    return problems


def _owner(owner: Object, path: str) -> list[Problem]:
    version = owner.get("apiVersion") or ""
    problems = []
    if not version.rpartition("/")[2]:
        problems.append(fields.invalid(f"{path}.apiVersion", version, "version must not be empty"))
    problems += [
        fields.invalid(f"{path}.{field}", owner.get(field) or "", "must not be empty")
        for field in ("kind", "name", "uid")
        if not owner.get(field)
    ]
    if version == "v1" and owner.get("kind") == "Event":
        problems.append(fields.invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner"))
    return problems


def _finalizers(finalizers: Iterable[str]) -> list[Problem]:
    path = "metadata.finalizers"
    problems = []
    for name in finalizers:
        problems += [fields.invalid(path, name, text) for text in names.qualified_name(name)]
    return problems


def _unchanged(new: Object, old: Object) -> list[Problem]:
    problems = [
        problem for field in IMMUTABLE_META for problem in immutable(new.get(field) or "", old.get(field) or "", f"metadata.{field}")
    ]
    added = [name for name in new.get("finalizers") or () if name not in (old.get("finalizers") or ())]
    if old.get("deletionTimestamp") and added:
        shown = ", ".join(fields.quoted(name) for name in sorted(added))
        text = f"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{shown}}}"
        problems.append(fields.forbidden("metadata.finalizers", text))
    return problems


def immutable(new: Any, old: Any, path: str) -> list[Problem]:
    """`field is immutable` unless both are equal."""
    return [] if new == old else [fields.invalid(path, new, "field is immutable")]


def has_generation(row: Row) -> bool:
    """Whether objects of this kind carry `metadata.generation`."""
    return row.schema is not None or (row.id not in NO_GENERATION and (row.id in GENERATION or row.group in GENERATION))


def next_generation(row: Row, new: Object, old: Object | None) -> int | None:
    """The generation an object has after this write, None for a kind without; status and metadata never count, save where said."""
    if not has_generation(row):
        return None
    if old is None:
        return 1
    now = int((old.get("metadata") or {}).get("generation") or 0)
    return now + 1 if _desired(row, new) != _desired(row, old) else now


def _desired(row: Row, obj: Object) -> Any:
    if row.schema is not None:
        apart = ("metadata", "apiVersion", "kind", *(("status",) if "status" in row.subresources else ()))
        return {name: value for name, value in obj.items() if name not in apart}
    counted = [obj.get(name) for name in GENERATION.get(row.id, GENERATION.get(row.group, ()))]
    if row.id in ANNOTATIONS_COUNT:
        counted.append((obj.get("metadata") or {}).get("annotations") or {})
    return counted
