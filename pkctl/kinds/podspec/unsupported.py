"""What of a pod has no effect in pkctl, by field path and with the reason; warned about when a pod or a template is written."""

from __future__ import annotations

from pkctl.kinds.podspec import containers
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.objects.meta import Object

    Found = Iterator[tuple[str, str]]

POD = {
    "runtimeClassName": "containers run in the node's own runtime",
    "resourceClaims": "devices are not allocated",
    "resources": "resources are held container by container",
    "overhead": "it is only counted when nodes are chosen",
}
VOLUMES = (
    "configMap", "downwardAPI", "emptyDir", "ephemeral", "hostPath", "name", "persistentVolumeClaim", "projected", "secret",
)  # fmt: skip
PROJECTED = {
    "clusterTrustBundle": "there are no trust bundles, so the pod will not start",
    "podCertificate": "no signer is asked for it, so the pod will not start",
}
SECURITY = {
    "seLinuxChangePolicy": "volumes keep their labels",
    "windowsOptions": "containers are Linux containers",
    "fsGroupChangePolicy": "the owner of a volume is set whenever its pod starts",
    "supplementalGroupsPolicy": "the image's own groups are kept",
}
PLAIN = {"fsGroupChangePolicy": "Always", "supplementalGroupsPolicy": "Merge"}
"""Values that are honoured."""

CONTAINER = {
    "volumeDevices": "volumes are folders, not block devices",
    "resizePolicy": "a running container is not resized",
    "restartPolicyRules": "the restart policy alone decides",
}


def found(spec: Object, at: str = "spec") -> list[tuple[str, str]]:
    """(path, reason) of each field of a PodSpec that will have no effect, in the order of the pod."""
    paths = [(f"{at}.{name}", reason) for name, reason in POD.items() if spec.get(name)]
    if spec.get("hostUsers") is False:
        paths.append((f"{at}.hostUsers", "containers share the node's users"))
    for name, reason in SECURITY.items():
        if (value := meta.at(spec, "securityContext", name)) and value != PLAIN.get(name):
            paths.append((f"{at}.securityContext.{name}", reason))
    for place, volume in enumerate(spec.get("volumes") or ()):
        paths += [(f"{at}.volumes[{place}].{kind}", "there is no driver for it") for kind in volume if kind not in VOLUMES]
        paths += [(f"{at}.volumes[{place}].{path}", reason) for path, reason in _projected(volume.get("projected") or {})]
    for container, where in containers.placed(spec, at):
        paths += [(f"{where}.{path}", reason) for path, reason in _container(spec, container)]
    return paths


def _projected(projected: Object) -> Found:
    for place, source in enumerate(projected.get("sources") or ()):
        yield from ((f"projected.sources[{place}].{kind}", reason) for kind, reason in PROJECTED.items() if source.get(kind) is not None)


def _container(spec: Object, container: Object) -> Found:
    yield from ((name, reason) for name, reason in CONTAINER.items() if container.get(name))
    yield from _ports(container)
    yield from _resources(container)
    context = {**(spec.get("securityContext") or {}), **(container.get("securityContext") or {})}
    if context.get("runAsGroup") is not None and context.get("runAsUser") is None:
        yield "securityContext.runAsGroup", "a group needs a user beside it"
    for at, mount in enumerate(container.get("volumeMounts") or ()):
        if mount.get("recursiveReadOnly") not in (None, "Disabled"):
            yield f"volumeMounts[{at}].recursiveReadOnly", "mounts within the volume stay writable"


def _ports(container: Object) -> Found:
    for at, port in enumerate(container.get("ports") or ()):
        if port.get("hostIP") not in (None, "", "0.0.0.0"):
            yield f"ports[{at}].hostIP", "a host port is open on every address"
        if port.get("hostPort") and port.get("protocol") == "SCTP":
            yield f"ports[{at}].protocol", "host ports are TCP or UDP"


def _resources(container: Object) -> Found:
    for name in meta.at(container, "resources", "limits") or ():
        if name not in ("cpu", "memory"):
            yield f"resources.limits.{name}", "only cpu and memory are limited"
    if meta.at(container, "resources", "claims"):
        yield "resources.claims", "devices are not allocated"
