"""ServiceAccount: every pod runs as one, and may be given its token.

Follows plugin/pkg/admission/serviceaccount. The token volume is injected when the cluster's setting `tokenVolumes` is on, as it is but in
hollow clusters.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object

DEFAULT = "default"
MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
VOLUME = "kube-api-access-"
MIRROR = "kubernetes.io/config.mirror"


def set_account(request: Request) -> None:
    """Name the account, pull with its secrets, mount its token; Forbidden for an account that does not exist."""
    pod, spec = request.new, request.new["spec"]
    if MIRROR in meta.annotations(pod):
        return
    name = spec.get("serviceAccountName") or spec.get("serviceAccount") or DEFAULT
    spec["serviceAccountName"] = spec["serviceAccount"] = name
    account = request.session.read("serviceaccounts", request.namespace, name)
    if account is None and name != DEFAULT:
        text = f'error looking up service account {request.namespace}/{name}: serviceaccount "{name}" not found'
        raise refusals.forbidden(request.row, request.name, text)
    # A namespace made a moment ago gets its default account when the command settles; its pods need not wait for that.
    account = account or {}
    if not spec.get("imagePullSecrets") and account.get("imagePullSecrets"):
        spec["imagePullSecrets"] = meta.clone(account["imagePullSecrets"])
    if request.session.api.settings(request.session).get("tokenVolumes") and _wants_token(spec, account):
        _mount_token(request)


def _wants_token(spec: Object, account: Object) -> bool:
    for place in (spec, account):
        if place.get("automountServiceAccountToken") is not None:
            return bool(place["automountServiceAccountToken"])
    return True


def _mount_token(request: Request) -> None:
    spec = request.new["spec"]
    containers = [*(spec.get("initContainers") or ()), *(spec.get("containers") or ())]
    bare = [each for each in containers if not any(mount.get("mountPath") == MOUNT for mount in each.get("volumeMounts") or ())]
    if not bare:
        return
    volumes = spec.get("volumes") or []
    known = next((name for each in volumes if (name := str(each.get("name", ""))).startswith(VOLUME)), "")
    name = known or f"{VOLUME}{request.session.api.sources.suffix()}"
    for container in bare:
        mount = {"name": name, "readOnly": True, "mountPath": MOUNT}
        container["volumeMounts"] = [*(container.get("volumeMounts") or ()), mount]
    if not known:
        spec["volumes"] = [*volumes, {"name": name, "projected": _sources()}]


def _sources() -> Object:
    field = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    return {
        "defaultMode": 420,
        "sources": [
            {"serviceAccountToken": {"expirationSeconds": 3607, "path": "token"}},
            {"configMap": {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}},
            {"downwardAPI": {"items": [field]}},
        ],
    }
