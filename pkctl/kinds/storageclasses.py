"""StorageClass. Follows pkg/apis/storage/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class"
BETA_ANNOTATION = "storageclass.beta.kubernetes.io/is-default-class"
RECLAIM = ("Delete", "Retain")
BINDING = ("Immediate", "WaitForFirstConsumer")
MOST_PARAMETERS, LARGEST_PARAMETERS = 512, 256 * 1024
COLUMNS = (
    shared.NAME,
    columns.Column("Provisioner", description="provisioner indicates the type of the provisioner."),
    columns.Column("ReclaimPolicy", description="reclaimPolicy of dynamically provisioned PersistentVolumes of this storage class."),
    columns.Column("VolumeBindingMode", description="How PersistentVolumeClaims should be provisioned and bound."),
    columns.Column("AllowVolumeExpansion", description="Whether the storage class allows volume expand."),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """Deleted with its claim, bound at once."""
    obj["reclaimPolicy"] = obj.get("reclaimPolicy") or "Delete"
    obj["volumeBindingMode"] = obj.get("volumeBindingMode") or "Immediate"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A provisioner; and nothing that matters to existing volumes changes."""
    found = provisioner(new.get("provisioner") or "", "provisioner")
    found += parameters(new.get("parameters") or {})
    found += checks.chosen(new.get("reclaimPolicy"), RECLAIM, "reclaimPolicy")
    found += checks.chosen(new.get("volumeBindingMode"), BINDING, "volumeBindingMode")
    found += _allowed(new.get("allowedTopologies") or [])
    if old:
        found += checks.unchanged(new.get("provisioner") or "", old.get("provisioner"), "provisioner")
        for field in ("parameters", "reclaimPolicy", "volumeBindingMode"):
            found += checks.unchanged(new.get(field), old.get(field), field)
    return found


def provisioner(name: str, at: str) -> list[fields.Problem]:
    """The name of what makes volumes."""
    return checks.worded(names.qualified_name, name.lower(), at) if name else [fields.required(at)]


def parameters(found: dict[str, str]) -> list[fields.Problem]:
    """What a class tells its provisioner: not too many, not too long, none without a name."""
    if len(found) > MOST_PARAMETERS:
        return [fields.too_long("parameters", MOST_PARAMETERS)]
    problems = [fields.invalid("parameters", key, "field can not be empty.") for key in found if not key]
    size = sum(len(key.encode()) + len(value.encode()) for key, value in found.items())
    return [*problems, fields.too_long("parameters", LARGEST_PARAMETERS)] if size > LARGEST_PARAMETERS else problems


def _allowed(terms: list[dict[str, Any]]) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    seen: list[dict[str, frozenset[str]]] = []
    for number, term in enumerate(terms):
        at, known = f"allowedTopologies[{number}].matchLabelExpressions", dict[str, frozenset[str]]()
        for place, each in enumerate(term.get("matchLabelExpressions") or ()):
            found += _expression(each, f"{at}[{place}]", known)
        found += [fields.duplicate(at, "")] if known in seen else []
        seen.append(known)
    return found


def _expression(expression: dict[str, Any], at: str, known: dict[str, frozenset[str]]) -> list[fields.Problem]:
    key, values = expression.get("key") or "", expression.get("values") or []
    found = [] if values else [fields.required(f"{at}.values")]
    found += [fields.duplicate(f"{at}.values[{number}]", value) for number, value in enumerate(values) if value in values[:number]]
    if key in known:
        found.append(fields.duplicate(f"{at}.key", key))
    known[key] = frozenset(values)
    return found + checks.worded(names.qualified_name, key, f"{at}.key")


def is_default(obj: meta.Object) -> bool:
    """Whether claims without a class get this one."""
    notes = meta.annotations(obj)
    return notes.get(DEFAULT_ANNOTATION) == "true" or notes.get(BETA_ANNOTATION) == "true"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [
        meta.name(obj) + (" (default)" if is_default(obj) else ""),
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy") or "Delete",
        obj.get("volumeBindingMode") or "Immediate",
        bool(obj.get("allowVolumeExpansion")),
        shared.age(obj, now),
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """All its settings."""
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("IsDefaultClass", "Yes" if is_default(obj) else "No")
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    page.field("Provisioner", obj.get("provisioner", ""))
    page.field("Parameters", describing.joined(obj.get("parameters")))
    page.field("AllowVolumeExpansion", describing.truth(obj.get("allowVolumeExpansion")))
    options = obj.get("mountOptions") or ()
    page.line("MountOptions:", *(() if options else (describing.NONE,)))
    for option in options:
        page.line(option, level=1)
    for label, field in (("ReclaimPolicy", "reclaimPolicy"), ("VolumeBindingMode", "volumeBindingMode")):
        if obj.get(field):
            page.field(label, obj[field])
    if obj.get("allowedTopologies") is not None:
        _topologies(page, obj["allowedTopologies"])
    return describing.end(page, obj, reader)


def _topologies(page: describing.Page, terms: list[dict[str, Any]]) -> None:
    page.line("AllowedTopologies:", "" if terms else describing.NONE)
    for number, term in enumerate(terms):
        lines = []
        for each in term.get("matchLabelExpressions") or ():
            values = f" [{', '.join(each['values'])}]" if each.get("values") else ""
            lines.append(f"{each.get('key', '')} in{values}")
        describing.column(page, f"  Term {number}", lines, "  ")
