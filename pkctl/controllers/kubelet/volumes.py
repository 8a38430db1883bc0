"""A pod's volumes: what each holds, told to the runtime again when that has changed.

Follows pkg/volume/{configmap,secret,downwardapi,projected,emptydir,hostpath}. Kept under
"volumes": a digest of what each holds now; under "mounts": back-offs of those that failed. Account tokens in them are `mounted`'s.
"""

from __future__ import annotations

import base64
import hashlib
import json

from pkctl.controllers.kubelet import backoff, env, mounted
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.controllers import plan
    from pkctl.controllers.kubelet import looks
    from pkctl.objects.meta import Object

    Files = dict[str, dict[str, Any]]

MODE = 0o644
AGAIN_AFTER = 5.0
"""Seconds until a volume that could not be made is tried again; changes of what it lacks come sooner."""

PROVISIONED, LOCAL = "pv.kubernetes.io/provisioned-by", "pkctl.dev/local"
"""The mark of a volume that is a directory which the node's runtime keeps for us."""


BOUND_AFTER = 1.0
"""Seconds until a claim is looked at again that is to be bound to its first pod's node."""


class Unbound(Exception):
    """A claim has no volume yet; its own events say what it waits for."""


def prepare(look: looks.Look) -> bool:
    """Ask for every volume that is new or has changed; False when one of them can't be made now."""
    complete = True
    for volume in look.spec.get("volumes") or []:
        name = volume["name"]
        try:
            content = _content(look.view, look.pod, volume)
            issued = mounted.issued(look, name, content["files"])
        except Unbound:
            look.later(BOUND_AFTER)
            complete = False
            continue
        except env.Missing as missing:
            text = f'MountVolume.SetUp failed for volume "{name}" : {missing}'
            look.say_once(f"volume/{name}", "Warning", "FailedMount", text)
            look.later(AGAIN_AFTER)
            complete = False
            continue
        digest = hashlib.sha256(json.dumps([content, issued] if issued else content, sort_keys=True).encode()).hexdigest()[:16]
        if look.kept("volumes").get(name) == digest:
            continue
        wait = backoff.left(look.kept("mounts").get(name), look.now)
        if wait > 0:
            look.later(wait)
            complete = False
            continue
        look.do("volume", volume=name, **{**content, "files": mounted.filled(look, content["files"])}, digest=digest)
    return complete


def _content(view: plan.View, pod: Object, volume: Object) -> dict[str, Any]:
    content: dict[str, Any] = {"files": None, "empty": None, "host": None, "disk": None}
    kind = next((key for key in volume if key != "name"), "emptyDir")
    source = volume.get(kind) or {}
    if kind == "emptyDir":
        size = source.get("sizeLimit")
        content["empty"] = {"medium": source.get("medium") or "", "size": quantities.value(size) if size else 0}
    elif kind == "hostPath":
        content["host"] = {"path": source["path"], "type": source.get("type") or ""}
    elif kind == "persistentVolumeClaim":
        content |= _claimed(view, meta.namespace(pod), source["claimName"])
    elif kind == "ephemeral":
        content |= _claimed(view, meta.namespace(pod), f"{meta.name(pod)}-{volume['name']}")
    elif kind == "projected":
        content["files"] = _projected(view, pod, source)
    elif kind in ("configMap", "secret", "downwardAPI"):
        content["files"] = _files(view, pod, kind, source, int(source.get("defaultMode") or MODE))
    else:
        raise env.Missing(f"pkctl has no volumes of type {kind}")
    return content


def _projected(view: plan.View, pod: Object, projected: Object) -> Files:
    files: Files = {}
    mode = int(projected.get("defaultMode") or MODE)
    for source in projected.get("sources") or []:
        for kind, part in source.items():
            if kind == "serviceAccountToken":
                files[part["path"]] = mounted.placeholder(view, pod, part, mode)
                continue
            if kind not in ("configMap", "secret", "downwardAPI"):
                raise env.Missing(f"pkctl has no projected volumes of type {kind}")
            files |= _files(view, pod, kind, part, mode)
    return files


def _files(view: plan.View, pod: Object, kind: str, source: Object, mode: int) -> Files:
    if kind == "downwardAPI":
        return {item["path"]: _file(_downward(view, pod, item), item.get("mode") or mode) for item in source.get("items") or []}
    name = source.get("secretName") or source.get("name") or ""
    obj = view.get("configmaps" if kind == "configMap" else "secrets", meta.namespace(pod), name)
    if obj is None:
        if source.get("optional"):
            return {}
        raise env.Missing(f'{kind.lower()} "{name}" not found')
    held = env.contents(obj)
    if not source.get("items"):
        return {key: _file(raw, mode) for key, raw in held.items()}
    return dict(_chosen(source, held, mode))


def _chosen(source: Object, held: dict[str, bytes], mode: int) -> Iterator[tuple[str, dict[str, Any]]]:
    for item in source["items"]:
        raw = held.get(item["key"])
        if raw is not None:
            yield item["path"], _file(raw, item.get("mode") or mode)
        elif not source.get("optional"):
            raise env.Missing(f"references non-existent config key: {item['key']}")


def _downward(view: plan.View, pod: Object, item: Object) -> bytes:
    if item.get("fieldRef"):
        return env.field(pod, item["fieldRef"]["fieldPath"]).encode()
    return env.resource(view, pod, item["resourceFieldRef"]).encode()


def _file(raw: bytes, mode: int) -> dict[str, Any]:
    return {"data": base64.b64encode(raw).decode(), "mode": mode}


def _claimed(view: plan.View, namespace: str, name: str) -> dict[str, Any]:
    claim = view.get("persistentvolumeclaims", namespace, name)
    if claim is None:
        raise env.Missing(f'persistentvolumeclaim "{name}" not found')
    volume = view.get("persistentvolumes", "", meta.at(claim, "spec", "volumeName", default=""))
    if volume is None or meta.at(claim, "status", "phase") != "Bound":
        raise Unbound
    for field in ("hostPath", "local"):
        if path := meta.at(volume, "spec", field, "path"):
            if meta.annotations(volume).get(PROVISIONED) == LOCAL:
                return {"disk": {"name": meta.name(volume)}}
            return {"host": {"path": path, "type": meta.at(volume, "spec", field, "type", default="")}}
    raise env.Missing(f"pkctl can't mount what persistentvolume {meta.name(volume)!r} is made of")


def sources(pod: Object) -> set[tuple[str, str, str]]:
    """The objects (kind id, namespace, name) whose change a pod must be told of, or that it may be waiting for."""
    found: set[tuple[str, str]] = set()
    spec = pod.get("spec") or {}
    for volume in spec.get("volumes") or []:
        parts = [volume, *(meta.at(volume, "projected", "sources", default=[]))]
        for part in parts:
            found.add(("configmaps", meta.at(part, "configMap", "name", default="")))
            found.add(("secrets", meta.at(part, "secret", "secretName", default=meta.at(part, "secret", "name", default=""))))
        found.add(("persistentvolumeclaims", meta.at(volume, "persistentVolumeClaim", "claimName", default="")))
    for container in [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]:
        for one in container.get("envFrom") or []:
            found.add(("configmaps", meta.at(one, "configMapRef", "name", default="")))
            found.add(("secrets", meta.at(one, "secretRef", "name", default="")))
        for one in container.get("env") or []:
            found.add(("configmaps", meta.at(one, "valueFrom", "configMapKeyRef", "name", default="")))
            found.add(("secrets", meta.at(one, "valueFrom", "secretKeyRef", "name", default="")))
    found |= {("secrets", one.get("name", "")) for one in spec.get("imagePullSecrets") or []}
    return {(kind, meta.namespace(pod), name) for kind, name in found if name}
