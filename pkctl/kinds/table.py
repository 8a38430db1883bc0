"""One row per served kind: its names, scope, verbs and subresources; and how a word on a command line finds its row.

Nothing here imports a room. The rows follow what a default Kubernetes 1.36 API server lists.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import ModuleType
    from typing import Any

FULL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
CREATE_ONLY = ("create",)


class Row:
    """What a kind is called and what may be asked of it.

    `id` names the kind everywhere inside: the plural, with `.group` unless core. Rows of one id (autoscaling v1 and v2, events of
    two groups) share their stored objects, in the form of the first of them.
    """

    __slots__ = (
        "categories", "group", "id", "kind", "namespaced", "plural", "room", "schema", "short", "singular", "storage", "subresources",
        "verbs", "version",
    )  # fmt: skip

    def __init__(
        self,
        group: str,
        version: str,
        kind: str,
        plural: str,
        *,
        namespaced: bool = True,
        short: Sequence[str] = (),
        categories: Sequence[str] = (),
        subresources: Sequence[str] = (),
        verbs: Sequence[str] = FULL,
        singular: str = "",
        storage: str = "",
        room: str = "",
        schema: dict[str, Any] | None = None,
    ) -> None:
        self.group, self.version, self.kind, self.plural, self.namespaced = group, version, kind, plural, namespaced
        self.short, self.categories, self.subresources = tuple(short), tuple(categories), tuple(subresources)
        self.verbs, self.singular, self.schema = tuple(verbs), singular or kind.lower(), schema
        self.id = f"{plural}.{group}" if group else plural
        self.storage, self.room = storage or self.id, room or plural

    @property
    def api_version(self) -> str:
        """`v1` or `apps/v1`, as objects carry it."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def stored_as(self) -> str:
        """The apiVersion of the objects that rows of this id share, if this is the first of them."""
        return self.api_version

    @property
    def prefix(self) -> str:
        """The store prefix of every object of this kind."""
        return f"{self.storage}/"

    def key(self, namespace: str, name: str) -> str:
        """The store key of one object; a cluster-scoped object has an empty namespace segment."""
        return f"{self.storage}/{namespace if self.namespaced else ''}/{name}"

    def __repr__(self) -> str:
        return f"Row({self.api_version} {self.kind})"


def _core(kind: str, plural: str, **more: Any) -> Row:
    return Row("", "v1", kind, plural, **more)


ROWS: tuple[Row, ...] = (
    _core("Binding", "bindings", verbs=CREATE_ONLY),
    _core("ComponentStatus", "componentstatuses", namespaced=False, short=("cs",), verbs=("get", "list")),
    _core("ConfigMap", "configmaps", short=("cm",)),
    _core("Endpoints", "endpoints", short=("ep",), singular="endpoints"),
    _core("Event", "events", short=("ev",)),
    _core("LimitRange", "limitranges", short=("limits",)),
    _core("Namespace", "namespaces", namespaced=False, short=("ns",), subresources=("finalize", "status"),
          verbs=("create", "delete", "get", "list", "patch", "update", "watch")),
    _core("Node", "nodes", namespaced=False, short=("no",), subresources=("proxy", "status")),
    _core("PersistentVolumeClaim", "persistentvolumeclaims", short=("pvc",), subresources=("status",)),
    _core("PersistentVolume", "persistentvolumes", namespaced=False, short=("pv",), subresources=("status",)),
    _core("Pod", "pods", short=("po",), categories=("all",),
          subresources=("attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "proxy", "resize", "status")),
    _core("PodTemplate", "podtemplates"),
    _core("ReplicationController", "replicationcontrollers", short=("rc",), categories=("all",), subresources=("scale", "status")),
    _core("ResourceQuota", "resourcequotas", short=("quota",), subresources=("status",)),
    _core("Secret", "secrets"),
    _core("ServiceAccount", "serviceaccounts", short=("sa",), subresources=("token",)),
    _core("Service", "services", short=("svc",), categories=("all",), subresources=("proxy", "status")),
    Row("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicy", "mutatingadmissionpolicies", namespaced=False,
        categories=("api-extensions",)),
    Row("admissionregistration.k8s.io", "v1", "MutatingAdmissionPolicyBinding", "mutatingadmissionpolicybindings", namespaced=False,
        categories=("api-extensions",)),
    Row("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", namespaced=False,
        categories=("api-extensions",)),
    Row("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", namespaced=False,
        categories=("api-extensions",), subresources=("status",)),
    Row("admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", namespaced=False,
        categories=("api-extensions",)),
    Row("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", namespaced=False,
        categories=("api-extensions",)),
    Row("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", namespaced=False, short=("crd", "crds"),
        categories=("api-extensions",), subresources=("status",)),
    Row("apiregistration.k8s.io", "v1", "APIService", "apiservices", namespaced=False, categories=("api-extensions",),
        subresources=("status",)),
    Row("apps", "v1", "ControllerRevision", "controllerrevisions"),
    Row("apps", "v1", "DaemonSet", "daemonsets", short=("ds",), categories=("all",), subresources=("status",)),
    Row("apps", "v1", "Deployment", "deployments", short=("deploy",), categories=("all",), subresources=("scale", "status")),
    Row("apps", "v1", "ReplicaSet", "replicasets", short=("rs",), categories=("all",), subresources=("scale", "status")),
    Row("apps", "v1", "StatefulSet", "statefulsets", short=("sts",), categories=("all",), subresources=("scale", "status")),
    Row("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", namespaced=False, verbs=CREATE_ONLY),
    Row("authentication.k8s.io", "v1", "TokenReview", "tokenreviews", namespaced=False, verbs=CREATE_ONLY),
    Row("authorization.k8s.io", "v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", verbs=CREATE_ONLY),
    Row("authorization.k8s.io", "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", namespaced=False, verbs=CREATE_ONLY),
    Row("authorization.k8s.io", "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", namespaced=False, verbs=CREATE_ONLY),
    Row("authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", namespaced=False, verbs=CREATE_ONLY),
    Row("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", short=("hpa",), categories=("all",),
        subresources=("status",)),
    Row("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", short=("hpa",), categories=("all",),
        subresources=("status",)),
    Row("batch", "v1", "CronJob", "cronjobs", short=("cj",), categories=("all",), subresources=("status",)),
    Row("batch", "v1", "Job", "jobs", categories=("all",), subresources=("status",)),
    Row("certificates.k8s.io", "v1", "CertificateSigningRequest", "certificatesigningrequests", namespaced=False, short=("csr",),
        subresources=("approval", "status")),
    Row("coordination.k8s.io", "v1", "Lease", "leases"),
    Row("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices"),
    Row("events.k8s.io", "v1", "Event", "events", short=("ev",), storage="events"),
    Row("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema", "flowschemas", namespaced=False, subresources=("status",)),
    Row("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration", "prioritylevelconfigurations", namespaced=False,
        subresources=("status",)),
    Row("networking.k8s.io", "v1", "IngressClass", "ingressclasses", namespaced=False),
    Row("networking.k8s.io", "v1", "Ingress", "ingresses", short=("ing",), subresources=("status",)),
    Row("networking.k8s.io", "v1", "IPAddress", "ipaddresses", namespaced=False, short=("ip",)),
    Row("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", short=("netpol",)),
    Row("networking.k8s.io", "v1", "ServiceCIDR", "servicecidrs", namespaced=False, subresources=("status",)),
    Row("node.k8s.io", "v1", "RuntimeClass", "runtimeclasses", namespaced=False),
    Row("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", short=("pdb",), subresources=("status",)),
    Row("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", namespaced=False),
    Row("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", namespaced=False),
    Row("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"),
    Row("rbac.authorization.k8s.io", "v1", "Role", "roles"),
    Row("resource.k8s.io", "v1", "DeviceClass", "deviceclasses", namespaced=False),
    Row("resource.k8s.io", "v1", "ResourceClaim", "resourceclaims", subresources=("status",)),
    Row("resource.k8s.io", "v1", "ResourceClaimTemplate", "resourceclaimtemplates"),
    Row("resource.k8s.io", "v1", "ResourceSlice", "resourceslices", namespaced=False),
    Row("scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", namespaced=False, short=("pc",)),
    Row("storage.k8s.io", "v1", "CSIDriver", "csidrivers", namespaced=False),
    Row("storage.k8s.io", "v1", "CSINode", "csinodes", namespaced=False),
    Row("storage.k8s.io", "v1", "CSIStorageCapacity", "csistoragecapacities"),
    Row("storage.k8s.io", "v1", "StorageClass", "storageclasses", namespaced=False, short=("sc",)),
    Row("storage.k8s.io", "v1", "VolumeAttachment", "volumeattachments", namespaced=False, subresources=("status",)),
    Row("storage.k8s.io", "v1", "VolumeAttributesClass", "volumeattributesclasses", namespaced=False, short=("vac",)),
)  # fmt: skip

STORED_ONLY = {
    "apiservices.apiregistration.k8s.io": "requests are never passed on to another API server",
    "componentstatuses": "it is deprecated, and there is no such component",
    "cronjobs.batch": "no Job is made on its schedule",
    "csidrivers.storage.k8s.io": "volumes are made by pkctl's own provisioner",
    "csinodes.storage.k8s.io": "volumes are made by pkctl's own provisioner",
    "csistoragecapacities.storage.k8s.io": "volumes are made by pkctl's own provisioner",
    "daemonsets.apps": "no pods are made of its template",
    "deviceclasses.resource.k8s.io": "devices are not allocated",
    "flowschemas.flowcontrol.apiserver.k8s.io": "requests are never queued",
    "horizontalpodautoscalers.autoscaling": "nothing is scaled by metrics",
    "ingressclasses.networking.k8s.io": "no traffic is routed by Ingresses",
    "ingresses.networking.k8s.io": "no traffic is routed by it",
    "jobs.batch": "no pods are made of its template",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": "webhooks are not called",
    "networkpolicies.networking.k8s.io": "no traffic is refused",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": "requests are never queued",
    "resourceclaims.resource.k8s.io": "devices are not allocated",
    "resourceclaimtemplates.resource.k8s.io": "devices are not allocated",
    "resourceslices.resource.k8s.io": "devices are not allocated",
    "servicecidrs.networking.k8s.io": "service addresses come from one fixed range",
    "validatingwebhookconfigurations.admissionregistration.k8s.io": "webhooks are not called",
    "volumeattachments.storage.k8s.io": "volumes need no attaching",
    "volumeattributesclasses.storage.k8s.io": "volumes have no attributes to change",
}
"""Kinds that are kept but have no effect, and why; creating one warns with these words."""

DEPRECATED = {
    "componentstatuses": "v1 ComponentStatus is deprecated in v1.19+",
    "endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
}
"""Kinds that every request warns about, as the API server words it."""


class Kinds:
    """The rows of one cluster: the built-in ones and those that CRDs made. Immutable; `with_rows` gives another."""

    def __init__(self, rows: Iterable[Row] = ROWS) -> None:
        self.rows = tuple(rows)
        self._by_gvk = {(row.api_version, row.kind): row for row in self.rows}
        self._by_id: dict[str, Row] = {}
        for row in self.rows:
            self._by_id.setdefault(row.id, row)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def with_rows(self, rows: Iterable[Row]) -> Kinds:
        """These rows and then the given ones; on a clash of words the earlier row keeps the word."""
        return Kinds((*self.rows, *rows))

    def by_gvk(self, api_version: str, kind: str) -> Row | None:
        """The row an object's apiVersion and kind name."""
        return self._by_gvk.get((api_version, kind))

    def by_id(self, id: str) -> Row | None:
        """The preferred row of an id (`pods`, `deployments.apps`)."""
        return self._by_id.get(id)

    def by_gvr(self, group: str, version: str, plural: str) -> Row | None:
        """The row a REST path names; "" for group is core, "" for version the preferred one."""
        for row in self.rows:
            if row.group == group and row.plural == plural and version in ("", row.version):
                return row
        return None

    def find(self, word: str) -> Row | None:
        """What a user may type: plural or singular in any case, a short name, each with `.GROUP` or `.VERSION.GROUP` after it; a group's
        beginning will do. A kind whose singular is another word needs its group."""
        head, _, rest = word.partition(".")
        version, dot, group = rest.partition(".")
        found = self._named(head, version, group) if dot else None
        found = found or self._named(head, "", rest) or (self._of_kind(head, version, group) if dot else None)
        return found or self._of_kind(head, "", rest)

    def shadowed(self, word: str) -> list[Row]:
        """The rows that a short name would mean as well, were it not for an earlier one."""
        head, _, group = word.partition(".")
        rows = {row.id: row for row in self._short(head, group)}
        return list(rows.values())[1:] if len(rows) > 1 and not self._spelled(head, group) else []

    def _spelled(self, name: str, group: str) -> list[Row]:
        return [row for row in self.rows if name in (row.plural, row.singular) and group in ("", row.group)]

    def _short(self, name: str, group: str) -> list[Row]:
        return [row for row in self.rows if name in row.short and group in ("", row.group)]

    def _named(self, name: str, version: str, group: str) -> Row | None:
        """As kubectl's mappers look a name up: a short name stands for a plural, and loses its version if its group is whole."""
        if not self._spelled(name, group):
            exact = self._short(name, group)
            meant = exact or [row for row in self.rows if name in row.short and row.group.startswith(group)]
            if meant:
                name, version, group = meant[0].plural, "" if exact else version, meant[0].group
        rows = [row for row in self._spelled(name.lower(), group) if version in ("", row.version)]
        if not rows and group and not version:
            rows = [row for row in self._spelled(name.lower(), "") if row.group.startswith(group)]
        return rows[0] if rows else None

    def _of_kind(self, name: str, version: str, group: str) -> Row | None:
        named = (row for row in self.rows if name in (row.kind, row.kind.lower()))
        return next((row for row in named if row.group == group and version in ("", row.version)), None)

    def category(self, word: str) -> list[Row]:
        """The rows of a category (`all`), each id once."""
        return [row for row in self.rows if word in row.categories and self._by_id[row.id] is row]


BUILTIN = Kinds()


def room(row: Row) -> ModuleType | None:
    """The kind's room, imported when first asked for; None for a kind that follows the generic rules alone."""
    import sys

    name = f"pkctl.kinds.{row.room}"
    try:
        __import__(name)  # as importlib does, which a table should not have to load
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
    return sys.modules.get(name)
