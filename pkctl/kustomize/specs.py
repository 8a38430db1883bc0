"""Which fields hold names, labels, images, … of which kinds: kustomize's own tables, and those that a `configurations` file adds.

Follows kustomize's api/internal/konfig/builtinpluginconsts, written as products of kinds and paths. A spec is a dict with `path` and
perhaps `group`, `version`, `kind` and `create`.
"""

from __future__ import annotations

from pkctl.kustomize import structs, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.kustomize.files import Loader

    Spec = dict[str, Any]

TEMPLATES = {
    "Pod": "spec", "PodTemplate": "template/spec", "CronJob": "spec/jobTemplate/spec/template/spec",
    **dict.fromkeys(("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job", "ReplicationController"), "spec/template/spec"),
}  # fmt: skip
"""Where each kind keeps its pod's spec."""

CONTENTS = "Pod PodTemplate Deployment ReplicaSet DaemonSet StatefulSet Job CronJob"
PODS = "Pod StatefulSet Deployment ReplicationController CronJob Job DaemonSet"
CONFIGS = (
    "volumes/configMap/name containers/env/valueFrom/configMapKeyRef/name initContainers/env/valueFrom/configMapKeyRef/name "
    "containers/envFrom/configMapRef/name initContainers/envFrom/configMapRef/name volumes/projected/sources/configMap/name"
)
SECRETS = (
    "volumes/secret/secretName containers/env/valueFrom/secretKeyRef/name initContainers/env/valueFrom/secretKeyRef/name "
    "containers/envFrom/secretRef/name initContainers/envFrom/secretRef/name imagePullSecrets/name volumes/projected/sources/secret/name"
)
NOTES = "metadata/annotations/"
RBAC = "rbac.authorization.k8s.io"
REFERENCES = (
    *((kind, "", "", "HorizontalPodAutoscaler:spec/scaleTargetRef/name", "", "")
      for kind in ("Deployment", "ReplicationController", "ReplicaSet", "StatefulSet")),
    ("ConfigMap", "", "v1", f"Node:spec/configSource/configMap Role:rules/resourceNames ClusterRole:rules/resourceNames "
     f"Ingress:{NOTES}nginx.ingress.kubernetes.io\\/fastcgi-params-configmap", CONTENTS, CONFIGS),
    ("Secret", "", "v1", f"Ingress:spec/tls/secretName Ingress:{NOTES}ingress.kubernetes.io\\/auth-secret "
     f"Ingress:{NOTES}nginx.ingress.kubernetes.io\\/auth-secret Ingress:{NOTES}nginx.ingress.kubernetes.io\\/auth-tls-secret "
     "ServiceAccount:imagePullSecrets/name StorageClass:parameters/secretName StorageClass:parameters/adminSecretName "
     "StorageClass:parameters/userSecretName StorageClass:parameters/secretRef Role:rules/resourceNames "
     "ClusterRole:rules/resourceNames PersistentVolume:spec/azureFile/secretName "
     "Service.v1.serving.knative.dev:spec/template/spec/containers/env/valueFrom/secretKeyRef/name", CONTENTS, SECRETS),
    ("Service", "", "v1", "StatefulSet..apps:spec/serviceName Ingress:spec/rules/http/paths/backend/serviceName "
     "Ingress:spec/backend/serviceName Ingress:spec/rules/http/paths/backend/service/name Ingress:spec/defaultBackend/service/name "
     "APIService..apiregistration.k8s.io:spec/service/name "
     "ValidatingWebhookConfiguration..admissionregistration.k8s.io:webhooks/clientConfig/service "
     "MutatingWebhookConfiguration..admissionregistration.k8s.io:webhooks/clientConfig/service HTTPRoute:spec/rules/backendRefs/name",
     "", ""),
    ("Role", RBAC, "", f"RoleBinding..{RBAC}:roleRef/name", "", ""),
    ("ClusterRole", RBAC, "", f"RoleBinding..{RBAC}:roleRef/name ClusterRoleBinding..{RBAC}:roleRef/name", "", ""),
    ("ServiceAccount", "", "v1", f"RoleBinding..{RBAC}:subjects ClusterRoleBinding..{RBAC}:subjects", PODS, "serviceAccountName"),
    ("PersistentVolumeClaim", "", "v1", "", PODS, "volumes/persistentVolumeClaim/claimName"),
    ("PersistentVolume", "", "v1", "PersistentVolumeClaim:spec/volumeName ClusterRole:rules/resourceNames", "", ""),
    ("StorageClass", "storage.k8s.io", "v1", "PersistentVolume:spec/storageClassName PersistentVolumeClaim:spec/storageClassName "
     "StatefulSet:spec/volumeClaimTemplates/spec/storageClassName", "", ""),
    ("PriorityClass", "scheduling.k8s.io", "v1", "", PODS, "priorityClassName"),
    ("IngressClass", "networking.k8s.io/v1", "v1", "Ingress:spec/ingressClassName", "", ""),
)  # fmt: skip
"""(kind, group, version) of what is referred to; `Kind.version.group:path` words; kinds whose pod specs refer to it by these paths.

IngressClass's group is kustomize's own slip of the pen: it matches nothing, and so an Ingress keeps naming the class it named."""

AFFINITY = " ".join(
    f"spec/template/spec/affinity/{side}/{rule}/labelSelector/matchLabels"
    for side in ("podAffinity", "podAntiAffinity")
    for rule in (
        "preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm", "requiredDuringSchedulingIgnoredDuringExecution"
    )
)  # fmt: skip
SPREAD = "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels"
LABELS = (
    ("Deployment ReplicaSet DaemonSet ReplicationController", "spec/template/metadata/labels", True),
    ("StatefulSet..apps Job..batch", "spec/template/metadata/labels", True),
    ("StatefulSet..apps", "spec/volumeClaimTemplates[]/metadata/labels", True),
    ("CronJob..batch", "spec/jobTemplate/metadata/labels spec/jobTemplate/spec/template/metadata/labels", True),
)  # fmt: skip
SELECTORS = (
    ("Service.v1 ReplicationController.v1", "spec/selector", True),
    ("Deployment ReplicaSet DaemonSet StatefulSet..apps", "spec/selector/matchLabels", True),
    ("Deployment..apps StatefulSet..apps", f"{AFFINITY} {SPREAD}", False),
    ("Job..batch PodDisruptionBudget..policy", "spec/selector/matchLabels", False),
    ("CronJob..batch", "spec/jobTemplate/spec/selector/matchLabels", False),
    ("NetworkPolicy..networking.k8s.io", "spec/podSelector/matchLabels spec/ingress/from/podSelector/matchLabels "
     "spec/egress/to/podSelector/matchLabels", False),
)  # fmt: skip
OTHERS = {
    "commonAnnotations": (
        ("", "metadata/annotations", True),
        ("Deployment ReplicaSet DaemonSet ReplicationController StatefulSet Job..batch", "spec/template/metadata/annotations", True),
        ("CronJob..batch", "spec/jobTemplate/metadata/annotations spec/jobTemplate/spec/template/metadata/annotations", True),
    ),
    "images": (
        ("", "spec/containers[]/image spec/initContainers[]/image spec/volumes[]/image/reference spec/template/spec/containers[]/image "
         "spec/template/spec/initContainers[]/image spec/template/spec/volumes[]/image/reference", False),
    ),
    "replicas": (("Deployment StatefulSet ReplicaSet ReplicationController", "spec/replicas", True),),
    "namespace": (
        ("Namespace", "metadata/name", True),
        ("RoleBinding ClusterRoleBinding", "subjects", False),
        ("APIService..apiregistration.k8s.io", "spec/service/namespace", True),
        ("CustomResourceDefinition..apiextensions.k8s.io", "spec/conversion/webhook/clientConfig/service/namespace", False),
    ),
    "namePrefix": (("", "metadata/name", False),),
    "nameSuffix": (("", "metadata/name", False),),
}  # fmt: skip


def spec(word: str, path: str, *, create: bool = False) -> Spec:
    """A spec from `Kind.version.group` (all of them may be missing)."""
    kind, version, group = (*word.split(".", 2), "", "")[:3]
    return {"kind": kind, "version": version, "group": group, "path": path, "create": create}


def defaults() -> dict[str, list[Any]]:
    """The built-in tables: a list of specs each; `nameReference` a list of {kind, group, version, fieldSpecs}."""
    labels = [spec("", "metadata/labels", create=True), *_rows(LABELS)]
    made: dict[str, list[Any]] = {name: list(_rows(rows)) for name, rows in OTHERS.items()}
    made["templateLabels"] = labels
    made["commonLabels"] = [*_rows(SELECTORS), *labels]
    made["nameReference"] = [
        {"kind": kind, "group": group, "version": version, "fieldSpecs": list(_referring(words, pods, paths))}
        for kind, group, version, words, pods, paths in REFERENCES
    ]
    return made


def _rows(rows: Any) -> Iterator[Spec]:
    for words, paths, create in rows:
        for word in words.split() or [""]:
            for path in paths.split():
                yield spec(word, path, create=create)


def _referring(words: str, pods: str, paths: str) -> Iterator[Spec]:
    for kind in pods.split():
        for path in paths.split():
            yield spec(kind, f"{TEMPLATES[kind]}/{path}")
    for word in words.split():
        kind, _, path = word.partition(":")
        yield spec(kind, path)


def configured(base: dict[str, list[Any]], loader: Loader, paths: list[str]) -> dict[str, list[Any]]:
    """The tables with those of `configurations` files added; KustomizeError for a file that is none."""
    made = {name: list(rows) for name, rows in base.items()}
    for path in paths:
        for name, rows in _file(loader, path).items():
            if name == "nameReference":
                for each in rows:
                    _refer(made[name], each)
            else:
                made[name] = [*made.get(name, ()), *(row for row in rows if row not in made.get(name, ()))]
    return made


def _refer(known: list[Any], new: dict[str, Any]) -> None:
    for each in known:
        if all((each.get(key) or "") == (new.get(key) or "") for key in ("group", "version", "kind")):
            each["fieldSpecs"] = [*each["fieldSpecs"], *(new.get("fieldSpecs") or ())]
            return
    known.append({"kind": "", "fieldSpecs": [], **new})


def _file(loader: Loader, path: str) -> dict[str, list[Any]]:
    from pkctl.objects import yamls

    try:
        found = yamls.load(loader.read(path).decode(errors="replace"))
    except yamls.YamlError as error:
        raise texts.KustomizeError(str(error)) from None
    try:
        read = structs.read("TransformerConfig", {} if found is None else found)
    except structs.Misread as error:
        raise texts.KustomizeError(f"error unmarshaling JSON: while decoding JSON: json: {error}") from None
    if "varReference" in read:
        raise texts.KustomizeError("pkctl does not honour varReference in configurations")
    return read
