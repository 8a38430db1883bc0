"""What Role, ClusterRole and their bindings share: rules, references, subjects, their tables and descriptions.

Who may do what is decided elsewhere. Follows pkg/apis/rbac/validation, pkg/apis/rbac/v1/defaults.go and kubectl/pkg/util/rbac.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    Rule = dict[str, Any]

GROUP = "rbac.authorization.k8s.io"
SUBJECTS = ("ServiceAccount", "User", "Group")
ROLE_COLUMNS = (shared.NAME, shared.CREATED_AT)
BINDING_COLUMNS = (
    shared.NAME,
    columns.Column("Role", description="RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace."),
    shared.AGE,
    columns.Column("Users", priority=1, description="Users in the roleBinding"),
    columns.Column("Groups", priority=1, description="Groups in the roleBinding"),
    columns.Column("ServiceAccounts", priority=1, description="ServiceAccounts in the roleBinding"),
)


def rules(found: Iterable[Rule], *, namespaced: bool) -> list[fields.Problem]:
    """Every rule names verbs, and either resources with their groups or (in a ClusterRole) URLs."""
    problems: list[fields.Problem] = []
    for number, rule in enumerate(found):
        field = f"rules[{number}]"
        if not rule.get("verbs"):
            problems.append(fields.required(f"{field}.verbs", "verbs must contain at least one value"))
        urls = rule.get("nonResourceURLs")
        if urls:
            if namespaced:
                problems.append(fields.invalid(f"{field}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs"))
            if rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames"):
                text = "rules cannot apply to both regular resources and non-resource URLs"
                problems.append(fields.invalid(f"{field}.nonResourceURLs", urls, text))
            continue
        if not rule.get("apiGroups"):
            problems.append(fields.required(f"{field}.apiGroups", "resource rules must supply at least one api group"))
        if not rule.get("resources"):
            problems.append(fields.required(f"{field}.resources", "resource rules must supply at least one resource"))
    return problems


def default_binding(obj: meta.Object) -> None:
    """The references' own API group."""
    role = obj["roleRef"] = obj.get("roleRef") or {}
    role["apiGroup"] = role.get("apiGroup") or GROUP
    for subject in obj.get("subjects") or ():
        if subject.get("kind") in ("User", "Group"):
            subject["apiGroup"] = subject.get("apiGroup") or GROUP


def binding(new: meta.Object, old: meta.Object | None, roles: Sequence[str], *, namespaced: bool) -> list[fields.Problem]:
    """The reference, which never changes, and the subjects."""
    role = new.get("roleRef") or {}
    found: list[fields.Problem] = []
    if role.get("apiGroup") != GROUP:
        found.append(fields.unsupported("roleRef.apiGroup", role.get("apiGroup", ""), [GROUP]))
    if role.get("kind") not in roles:
        found.append(fields.unsupported("roleRef.kind", role.get("kind", ""), roles))
    found += checks.named(names.path_segment, role.get("name", ""), "roleRef.name")
    for number, subject in enumerate(new.get("subjects") or ()):
        found += _subject(subject, f"subjects[{number}]", namespaced=namespaced)
    if old and role != (old.get("roleRef") or {}):
        value = {"APIGroup": role.get("apiGroup", ""), "Kind": role.get("kind", ""), "Name": role.get("name", "")}
        found.append(checks.struct("roleRef", value, "cannot change roleRef"))
    return found


def _subject(subject: dict[str, Any], field: str, *, namespaced: bool) -> list[fields.Problem]:
    kind, name, group = subject.get("kind", ""), subject.get("name") or "", subject.get("apiGroup") or ""
    found = [] if name else [fields.required(f"{field}.name")]
    if kind not in SUBJECTS:
        return [*found, fields.unsupported(f"{field}.kind", kind, SUBJECTS)]
    if kind != "ServiceAccount":
        if not name:
            found.append(fields.invalid(f"{field}.name", name, f"{kind.lower()} name cannot be empty"))
        return found if group == GROUP else [*found, fields.unsupported(f"{field}.apiGroup", group, [GROUP])]
    if name:
        found += checks.worded(names.dns_subdomain, name, f"{field}.name")
    if group:
        found.append(fields.unsupported(f"{field}.apiGroup", group, [""]))
    if not namespaced and not subject.get("namespace"):
        found.append(fields.required(f"{field}.namespace"))
    return found


def role_cells(obj: meta.Object) -> list[Any]:
    """One cell for each of ROLE_COLUMNS."""
    return [meta.name(obj), meta.at(obj, "metadata", "creationTimestamp", default="")]


def binding_cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of BINDING_COLUMNS."""
    role, by_kind = obj.get("roleRef") or {}, dict[str, list[str]]()
    for subject in obj.get("subjects") or ():
        kind, name = subject.get("kind", ""), subject.get("name", "")
        by_kind.setdefault(kind, []).append(f"{subject.get('namespace', '')}/{name}" if kind == "ServiceAccount" else name)
    members = [", ".join(by_kind.get(kind, ())) for kind in ("User", "Group", "ServiceAccount")]
    return [meta.name(obj), f"{role.get('kind', '')}/{role.get('name', '')}", shared.age(obj, now), *members]


def describe_role(obj: meta.Object) -> str:
    """The rules, one resource a line; kubectl shows neither namespace nor events here."""
    page = describing.begin(obj, namespace=False)
    page.line("PolicyRule:")
    titles = ("Resources", "Non-Resource URLs", "Resource Names", "Verbs")
    rows = [
        (resource(rule), *(describing.go(rule.get(part) or []) for part in ("nonResourceURLs", "resourceNames", "verbs")))
        for rule in compact(obj.get("rules") or ())
    ]
    page.rows(titles, rows)
    return page.text()


def resource(rule: Rule) -> str:
    """What a rule of one resource is about, as kubectl shows it: `deployments.apps/scale`."""
    if not rule.get("resources"):
        return ""
    head, slash, tail = rule["resources"][0].partition("/")
    group = rule["apiGroups"][0] if rule.get("apiGroups") else ""
    return f"{head}{f'.{group}' if group else ''}{slash}{tail}"


def compact(found: Iterable[Rule]) -> list[Rule]:
    """Rules broken down to one resource each, then those that differ in verbs alone put together; as kubectl sorts them."""
    simple: dict[tuple[str, str, str | None], Rule] = {}
    rest: list[Rule] = []
    for rule in (part for whole in found for part in broken_down(whole)):
        place = _place(rule)
        if place is None:
            rest.append(rule)
        elif place in simple:
            simple[place]["verbs"] = [*simple[place]["verbs"], *rule["verbs"]]
        else:
            simple[place] = dict(rule)
    return sorted([*rest, *simple.values()], key=_order)


def _place(rule: Rule) -> tuple[str, str, str | None] | None:
    chosen = rule.get("resourceNames") or []
    if len(chosen) > 1 or rule.get("nonResourceURLs") or len(rule.get("apiGroups") or ()) != 1 or len(rule.get("resources") or ()) != 1:
        return None
    return rule["apiGroups"][0], rule["resources"][0], chosen[0] if chosen else None


def broken_down(rule: Rule) -> list[Rule]:
    """One rule for each pair of group and resource (and name), or URL."""
    verbs, chosen = [], rule.get("resourceNames") or []
    for verb in rule.get("verbs") or ():
        if verb not in verbs:
            verbs.append(verb)
    parts: list[Rule] = []
    for group in rule.get("apiGroups") or ():
        for resource in rule.get("resources") or ():
            one = {"apiGroups": [group], "resources": [resource], "verbs": verbs}
            parts += [{**one, "resourceNames": [name]} for name in chosen] or [one]
    return parts + [{"nonResourceURLs": [url], "verbs": verbs} for url in rule.get("nonResourceURLs") or ()]


def _order(rule: Rule) -> str:
    """The order of Go's compact struct text, which kubectl sorts by."""
    shown = [describing.go(rule.get(part) or []) for part in ("verbs", "apiGroups", "resources", "resourceNames", "nonResourceURLs")]
    return " ".join(shown)


def describe_binding(obj: meta.Object) -> str:
    """The role and who has it; kubectl shows neither namespace nor events here."""
    page, role = describing.begin(obj, namespace=False), obj.get("roleRef") or {}
    page.line("Role:")
    page.field("Kind", role.get("kind", ""), 1)
    page.field("Name", role.get("name", ""), 1)
    page.line("Subjects:")
    parts = ("kind", "name", "namespace")
    page.rows(("Kind", "Name", "Namespace"), [tuple(each.get(part, "") for part in parts) for each in obj.get("subjects") or ()])
    return page.text()
