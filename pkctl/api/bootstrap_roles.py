"""The roles of a fresh cluster: cluster-admin, admin, edit, view with the parts they are made of, what every user may ask, and the
roles of components and controllers, which are `component_roles`' data.

Follows plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go.
"""

from __future__ import annotations

import json

from pkctl.api import bootstrap_writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

GROUP = "rbac.authorization.k8s.io"
LABELS = {"kubernetes.io/bootstrapping": "rbac-defaults"}
ANNOTATIONS = {"rbac.authorization.kubernetes.io/autoupdate": "true"}
WRITE, READ = "create delete deletecollection patch update", "get list watch"
ALL = "create delete deletecollection get list patch update watch"

RULES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "system:aggregate-to-admin": (
        ("authorization.k8s.io", "localsubjectaccessreviews", "create"),
        (GROUP, "rolebindings roles", ALL),
    ),
    "system:aggregate-to-edit": (
        ("", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", READ),
        ("", "serviceaccounts", "impersonate"),
        ("", "pods pods/attach pods/exec pods/portforward pods/proxy", WRITE),
        ("", "pods/eviction", "create"),
        (
            "",
            "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts "
            "services services/proxy",
            WRITE,
        ),
        ("", "serviceaccounts/token", "create"),
        (
            "apps",
            "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale",
            WRITE,
        ),
        ("autoscaling", "horizontalpodautoscalers", WRITE),
        ("batch", "cronjobs jobs", WRITE),
        (
            "extensions",
            "daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale "
            "replicationcontrollers/scale",
            WRITE,
        ),
        ("policy", "poddisruptionbudgets", WRITE),
        ("networking.k8s.io", "ingresses networkpolicies", WRITE),
        ("coordination.k8s.io", "leases", ALL),
        ("resource.k8s.io", "resourceclaims resourceclaimtemplates", WRITE),
    ),
    "system:aggregate-to-view": (
        (
            "",
            "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers "
            "replicationcontrollers/scale serviceaccounts services services/status",
            READ,
        ),
        (
            "",
            "bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas "
            "resourcequotas/status",
            READ,
        ),
        ("", "namespaces", READ),
        ("discovery.k8s.io", "endpointslices", READ),
        (
            "apps",
            "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets "
            "replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status",
            READ,
        ),
        ("autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", READ),
        ("batch", "cronjobs cronjobs/status jobs jobs/status", READ),
        (
            "extensions",
            "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies "
            "replicasets replicasets/scale replicasets/status replicationcontrollers/scale",
            READ,
        ),
        ("policy", "poddisruptionbudgets poddisruptionbudgets/status", READ),
        ("networking.k8s.io", "ingresses ingresses/status networkpolicies", READ),
        ("resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates", READ),
    ),
    "system:basic-user": (
        ("authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create"),
        ("authentication.k8s.io", "selfsubjectreviews", "create"),
    ),
    "cluster-admin": (("*", "*", "*"),),
}
"""(group, resources, verbs) of each role that is not made of others."""

URLS = {
    "cluster-admin": ("*", "*"),
    "system:discovery": ("/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/", "get"),
    "system:public-info-viewer": ("/healthz /livez /readyz /version /version/", "get"),
}
MADE_OF = {
    "view": ("system:aggregate-to-view",),
    "edit": ("system:aggregate-to-edit", "view"),
    "admin": ("system:aggregate-to-admin", "edit"),
}
"""What each aggregated role is made of, by name, in the order that it takes the rules over: by name."""

AGGREGATED = {
    "system:aggregate-to-view": "view",
    "view": "edit",
    "system:aggregate-to-edit": "edit",
    "edit": "admin",
    "system:aggregate-to-admin": "admin",
}
BINDINGS = {
    "cluster-admin": "Group system:masters",
    "system:basic-user": "Group system:authenticated",
    "system:discovery": "Group system:authenticated",
    "system:public-info-viewer": "Group system:authenticated, Group system:unauthenticated",
}
CONTROLLER = "system:controller:"
EVENTS: dict[str, Any] = {"apiGroups": ["", "events.k8s.io"], "resources": ["events"], "verbs": ["create", "patch", "update"]}


def fill(session: Session, cluster: str) -> None:
    """Write the roles and bindings of a cluster with this id into its store."""
    from pkctl.api import metadata

    bootstrap_writes.put(session, objects(cluster, metadata.now(session)))


def objects(cluster: str, created: str) -> Iterable[Object]:
    """Every ClusterRole and ClusterRoleBinding, then every Role and RoleBinding."""
    from pkctl.api import component_roles as data

    found = {name: rules(name) for name in (*RULES, *URLS, *MADE_OF)}
    found |= parsed(data.CLUSTER)
    controllers = parsed(data.CONTROLLERS)
    found |= {f"{CONTROLLER}{name}": rules for name, rules in controllers.items()}
    for name in sorted(found):
        yield _role(name, found[name], _metadata(name, "role", cluster, created))
    bound = {**BINDINGS, **data.SUBJECTS, **{f"{CONTROLLER}{name}": f"kube-system/{name}" for name in controllers}}
    for name in sorted(bound):
        yield _binding("ClusterRole", name, bound[name], _metadata(name, "binding", cluster, created))
    for place, rules_ in parsed(data.NAMESPACED).items():
        yield {**_role("", rules_, _metadata(place, "role", cluster, created)), "kind": "Role"}
    for place, subjects in data.MEMBERS.items():
        name = place.partition("/")[2]
        yield _binding("Role", data.ROLE_OF.get(name, name), subjects, _metadata(place, "binding", cluster, created))


def parsed(text: str) -> dict[str, list[dict[str, Any]]]:
    """The rules of each role in a text of `component_roles`."""
    found: dict[str, list[dict[str, Any]]] = {}
    name = ""
    for line in text.strip().splitlines():
        if line.startswith("  "):
            found[name].append(_rule(line))
        else:
            name = line
            found[name] = []
    return found


def _rule(line: str) -> dict[str, Any]:
    verbs, *rest = (part.split() for part in line.split(" | "))
    if not rest:
        return EVENTS
    if len(rest) == 1:
        return {"nonResourceURLs": rest[0], "verbs": verbs}
    groups = ["" if group == "core" else group for group in rest[0]]
    made: dict[str, Any] = {"apiGroups": groups, "resources": rest[1], "verbs": verbs}
    return {**made, "resourceNames": rest[2]} if rest[2:] else made


def _metadata(place: str, form: str, cluster: str, created: str) -> Object:
    """Metadata of NAME or NAMESPACE/NAME."""
    labels, name = dict(LABELS), place.rpartition("/")[2]
    if form == "role" and name in AGGREGATED:
        labels[f"rbac.authorization.k8s.io/aggregate-to-{AGGREGATED[name]}"] = "true"
    return bootstrap_writes.metadata(place, form, cluster, created, labels=labels, annotations=dict(ANNOTATIONS))


def _role(name: str, found: list[dict[str, Any]], metadata: Object) -> Object:
    made: Object = {"apiVersion": f"{GROUP}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": found}
    if name in MADE_OF:
        selector = {"matchLabels": {f"rbac.authorization.k8s.io/aggregate-to-{name}": "true"}}
        made["aggregationRule"] = {"clusterRoleSelectors": [selector]}
    return made


def _binding(kind: str, role: str, subjects: str, metadata: Object) -> Object:
    reference = {"apiGroup": GROUP, "kind": kind, "name": role}
    made: Object = {"apiVersion": f"{GROUP}/v1", "kind": f"{kind}Binding", "metadata": metadata, "roleRef": reference}
    return {**made, "subjects": [_subject(text) for text in subjects.split(", ")]} if subjects else made


def _subject(text: str) -> Object:
    """`User NAME`, `Group NAME`, or NAMESPACE/NAME of an account."""
    kind, _, name = text.partition(" ")
    if name:
        return {"apiGroup": GROUP, "kind": kind, "name": name}
    namespace, _, name = text.partition("/")
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def rules(name: str) -> list[dict[str, Any]]:
    """The rules of a role, those of its parts included."""
    if name in MADE_OF:
        return _unique(rule for part in sorted(MADE_OF[name]) for rule in rules(part))
    found: list[dict[str, Any]] = [
        {"apiGroups": [group], "resources": resources.split(), "verbs": verbs.split()} for group, resources, verbs in RULES.get(name, ())
    ]
    if name in URLS:
        urls, verbs = URLS[name]
        found.append({"nonResourceURLs": urls.split(), "verbs": verbs.split()})
    return found


def _unique(found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({json.dumps(rule, sort_keys=True): rule for rule in found}.values())
