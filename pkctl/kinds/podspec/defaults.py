"""What the API fills into a PodSpec that says nothing: of every pod template, and what only a Pod gets.

Follows pkg/apis/core/v1/defaults.go. Values that depend on other objects (service account, tolerations, priority) are admission's.
"""

from __future__ import annotations

from pkctl.kinds.podspec import containers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.meta import Object

POD_SPEC = (
    ("restartPolicy", "Always"),
    ("dnsPolicy", "ClusterFirst"),
    ("schedulerName", "default-scheduler"),
)
CONTAINER = (("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"))
PROBE = (("timeoutSeconds", 1), ("periodSeconds", 10), ("successThreshold", 1), ("failureThreshold", 3))
HTTP_GET = (("path", "/"), ("scheme", "HTTP"))
VOLUMES: dict[str, tuple[tuple[str, object], ...]] = {
    "azureDisk": (("cachingMode", "ReadWrite"), ("fsType", "ext4"), ("readOnly", False), ("kind", "Shared")),
    "configMap": (("defaultMode", 420),),
    "downwardAPI": (("defaultMode", 420),),
    "hostPath": (("type", ""),),
    "iscsi": (("iscsiInterface", "default"),),
    "projected": (("defaultMode", 420),),
    "rbd": (("pool", "rbd"), ("user", "admin"), ("keyring", "/etc/ceph/keyring")),
    "scaleIO": (("storageMode", "ThinProvisioned"), ("fsType", "xfs")),
    "secret": (("defaultMode", 420),),
}
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")


def fill(obj: Object, pairs: tuple[tuple[str, object], ...], empty: tuple[object, ...] = (None, "")) -> None:
    """Set each field that is missing or `empty`, the Go zero that counts as not said."""
    for name, value in pairs:
        if obj.get(name) in empty:
            obj[name] = value


def template(found: Object) -> None:
    """Fill a pod template in place."""
    found.setdefault("metadata", {})
    pod_spec(found.setdefault("spec", {}))


def pod(obj: Object) -> None:
    """Fill a whole Pod in place: what templates get, and requests from limits, service links, host ports."""
    spec = obj.setdefault("spec", {})
    pod_spec(spec)
    for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ())):
        _requests_from_limits(container["resources"])
        if spec.get("hostNetwork"):
            for port in container.get("ports") or ():
                port["hostPort"] = port.get("hostPort") or port.get("containerPort", 0)
    if spec.get("resources"):
        _pod_level(spec)
    spec.setdefault("enableServiceLinks", True)


def _requests_from_limits(resources: Object) -> None:
    limits = resources.get("limits")
    if limits:
        resources["requests"] = {**limits, **(resources.get("requests") or {})}


def _pod_level(spec: Object) -> None:
    from pkctl.kinds.podspec import requests

    resources = spec["resources"]
    limits = resources.get("limits") or {}
    if not limits:
        return
    asked = {name: requests.shown(milli) for name, milli in requests.of_containers(spec).items() if name in ("cpu", "memory")}
    asked = {**{name: limit for name, limit in limits.items() if requests.is_pod_level(name)}, **asked}
    resources["requests"] = {**asked, **(resources.get("requests") or {})}


def pod_spec(spec: Object) -> None:
    """Fill a PodSpec in place, of a Pod or of a template."""
    fill(spec, POD_SPEC)
    spec.setdefault("securityContext", {})
    spec.setdefault("terminationGracePeriodSeconds", 30)
    account = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if account:
        spec["serviceAccountName"] = spec["serviceAccount"] = account
    for container in containers.every(spec):
        _container(container)
    for volume in spec.get("volumes") or ():
        _volume(volume)


def pull_policy(image: str) -> str:
    """Always for `:latest` or no tag at all, else IfNotPresent."""
    name, _, digest = image.partition("@")
    _, colon, tag = name.rpartition("/")[2].partition(":")
    if not name or (digest and not colon):
        return "IfNotPresent"
    return "Always" if tag == "latest" or not colon else "IfNotPresent"


def _container(container: Object) -> None:
    fill(container, (*CONTAINER, ("imagePullPolicy", pull_policy(container.get("image") or ""))))
    container.setdefault("resources", {})
    for port in container.get("ports") or ():
        fill(port, (("protocol", "TCP"),))
    for variable in container.get("env") or ():
        _field_ref((variable.get("valueFrom") or {}).get("fieldRef"))
    for name in PROBES:
        if container.get(name) is not None:
            _probe(container[name])
    for action in (container.get("lifecycle") or {}).values():
        if isinstance(action, dict):
            _http_get(action)


def _probe(probe: Object) -> None:
    fill(probe, PROBE, (None, 0))
    _http_get(probe)
    if probe.get("grpc") is not None:
        probe["grpc"].setdefault("service", "")


def _http_get(action: Object) -> None:
    if action.get("httpGet") is not None:
        fill(action["httpGet"], HTTP_GET)


def _field_ref(reference: Object | None) -> None:
    if reference is not None:
        fill(reference, (("apiVersion", "v1"),))


def _volume(volume: Object) -> None:
    source = next((name for name in volume if name != "name"), "")
    if not source:
        volume["emptyDir"] = {}
        return
    for name, found in volume.items():
        if isinstance(found, dict):
            fill(found, VOLUMES.get(name, ()))
    _downward(volume.get("downwardAPI"))
    for projection in (volume.get("projected") or {}).get("sources") or ():
        _downward(projection.get("downwardAPI"))
        if projection.get("serviceAccountToken") is not None:
            projection["serviceAccountToken"].setdefault("expirationSeconds", 3600)
        if projection.get("podCertificate") is not None:
            projection["podCertificate"].setdefault("maxExpirationSeconds", 86400)
    if volume.get("image") is not None:
        fill(volume["image"], (("pullPolicy", pull_policy(volume["image"].get("reference") or "")),))
    claim = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
    if claim:
        claim.setdefault("spec", {}).setdefault("volumeMode", "Filesystem")


def _downward(source: Object | None) -> None:
    for item in (source or {}).get("items") or ():
        _field_ref(item.get("fieldRef"))
