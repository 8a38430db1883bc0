"""IngressClass. Follows pkg/apis/networking/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEFAULT_ANNOTATION = "ingressclass.kubernetes.io/is-default-class"
SCOPES = ("Cluster", "Namespace")
LONGEST_CONTROLLER = 250
PATH = r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"
COLUMNS = (
    shared.NAME,
    columns.Column("Controller", description="Controller that is responsible for handling this class"),
    columns.Column("Parameters", description="A reference to a resource with additional parameters"),
    shared.AGE,
)


def default(obj: meta.Object) -> None:
    """Parameters are cluster-scoped unless told."""
    parameters = meta.at(obj, "spec", "parameters")
    if parameters is not None:
        parameters["scope"] = parameters.get("scope") or "Cluster"


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A controller with a domain, which never changes; a reference to parameters."""
    spec = new.get("spec") or {}
    controller = spec.get("controller") or ""
    found = checks.unchanged(controller, meta.at(old, "spec", "controller"), "spec.controller") if old else []
    if controller and len(controller) > LONGEST_CONTROLLER:
        found.append(fields.too_long("spec.controller", LONGEST_CONTROLLER))
    found += _path(controller, "spec.controller") if controller else [fields.required("spec.controller")]
    return found + (_parameters(spec["parameters"]) if spec.get("parameters") is not None else [])


def _path(text: str, field: str) -> list[fields.Problem]:
    """IsDomainPrefixedPath."""
    import re

    domain, _, rest = text.partition("/")
    if not domain or not rest:
        return [fields.invalid(field, text, 'must be a domain-prefixed path (such as "acme.io/foo")')]
    found = [fields.invalid(field, domain, wrong) for wrong in names.dns_subdomain(domain)]
    return found if re.fullmatch(PATH, rest) else [*found, fields.invalid(field, rest, names.regex_error("Invalid path", PATH))]


def _parameters(found: dict[str, Any]) -> list[fields.Problem]:
    field, scope = "spec.parameters", found.get("scope")
    problems = checks.local_reference(found, field)
    if scope not in SCOPES:
        return [*problems, *checks.chosen(scope, SCOPES, f"{field}.scope")]
    if scope == "Namespace" and found.get("namespace") is None:
        problems.append(fields.required(f"{field}.namespace", "`parameters.scope` is set to 'Namespace'"))
    elif scope == "Namespace":
        problems += checks.worded(names.dns_label, found["namespace"], f"{field}.namespace")
    elif found.get("namespace") is not None:
        problems.append(fields.forbidden(f"{field}.namespace", "`parameters.scope` is set to 'Cluster'"))
    return problems


def is_default(obj: meta.Object) -> bool:
    """Whether ingresses without a class get this one."""
    return meta.annotations(obj).get(DEFAULT_ANNOTATION) == "true"


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    found = spec.get("parameters")
    reference = shared.NONE
    if found:
        group = f".{found['apiGroup']}" if found.get("apiGroup") else ""
        reference = f"{found.get('kind', '')}{group}/{found.get('name', '')}"
    name = meta.name(obj) + (" (default)" if is_default(obj) else "")
    return [name, spec.get("controller", ""), reference, shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Controller and parameters."""
    page, spec = describing.begin(obj, namespace=False), obj.get("spec") or {}
    page.field("Controller", spec.get("controller", ""))
    found = spec.get("parameters")
    if found:
        page.line("Parameters:")
        for label, part in (("APIGroup", "apiGroup"), ("Kind", "kind"), ("Name", "name")):
            if part != "apiGroup" or found.get(part) is not None:
                page.field(label, found.get(part, ""), 1)
    return describing.end(page, obj, reader)
