"""The roles of a fresh cluster: cluster-admin, admin, edit, view with the parts they are made of, and what every user may ask.

Follows plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go, without the roles of components that are not here. They are written
without the steps that a user's objects go through, since they are right by construction, and their uids come from the cluster's id.
"""

from __future__ import annotations

import json

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
    "cluster-admin": ("system:masters",),
    "system:basic-user": ("system:authenticated",),
    "system:discovery": ("system:authenticated",),
    "system:public-info-viewer": ("system:authenticated", "system:unauthenticated"),
}


def fill(session: Session, cluster: str) -> None:
    """Write the roles and bindings of a cluster with this id into its store."""
    from pkctl.api import metadata

    now = metadata.now(session)
    for obj in objects(cluster, now):
        row = session.row(f"{obj['kind'].lower()}s.{GROUP}")
        key = row.key("", obj["metadata"]["name"])
        session.tx.put(key, session.api.encode(key, obj), 0)


def objects(cluster: str, created: str) -> Iterable[Object]:
    """Every ClusterRole, then every ClusterRoleBinding, by name."""
    for name in sorted({*RULES, *URLS, *MADE_OF}):
        yield _role(name, _metadata(name, "role", cluster, created))
    for name, groups in BINDINGS.items():
        yield {
            "apiVersion": f"{GROUP}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": _metadata(name, "binding", cluster, created),
            "roleRef": {"apiGroup": GROUP, "kind": "ClusterRole", "name": name},
            "subjects": [{"apiGroup": GROUP, "kind": "Group", "name": group} for group in groups],
        }


def _metadata(name: str, form: str, cluster: str, created: str) -> Object:
    import hashlib

    digest = hashlib.sha1(f"{cluster}/{form}/{name}".encode(), usedforsecurity=False).hexdigest()
    labels = dict(LABELS)
    if form == "role" and name in AGGREGATED:
        labels[f"rbac.authorization.k8s.io/aggregate-to-{AGGREGATED[name]}"] = "true"
    uid = f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
    return {"name": name, "uid": uid, "creationTimestamp": created, "labels": labels, "annotations": dict(ANNOTATIONS)}


def _role(name: str, metadata: Object) -> Object:
    made: Object = {"apiVersion": f"{GROUP}/v1", "kind": "ClusterRole", "metadata": metadata, "rules": rules(name)}
    if name in MADE_OF:
        selector = {"matchLabels": {f"rbac.authorization.k8s.io/aggregate-to-{name}": "true"}}
        made["aggregationRule"] = {"clusterRoleSelectors": [selector]}
    return made


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
