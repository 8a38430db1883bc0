"""What a running pod's resources may become. Follows ValidatePodResize of pkg/apis/core/validation/validation.go."""

from __future__ import annotations

from pkctl.kinds.podspec import requests
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MIRROR = "kubernetes.io/config.mirror"
RESIZED = ("cpu", "memory")
NEW_CLASS = "Pod QOS Class may not change as a result of resizing"
ONLY = "only cpu and memory resources are mutable"
ONLY_OF_SIDECARS = "only cpu and memory resources for sidecar containers are mutable"
NOT_OF_INITS = "resources for non-sidecar init containers are immutable"


def changes(new: Object, old: Object) -> list[Problem]:
    """Every forbidden difference between two forms of one pod; both have the same containers."""
    spec, before = new["spec"], old["spec"]
    barred = _barred(spec, before, old)
    if barred:
        return [fields.forbidden("[]", barred)]
    problems: list[Problem] = []
    if requests.qos_class(before) != requests.qos_class(spec):
        problems.append(fields.invalid("spec", meta.at(new, "status", "qosClass", default=""), NEW_CLASS))
    for kind in ("initContainers", "containers"):
        pairs = list(zip(spec.get(kind) or (), before.get(kind) or (), strict=False))
        for index, (now, then) in enumerate(pairs):
            if kind == "containers" or then.get("restartPolicy") == "Always":
                problems += _removed(now, then, f"spec.{kind}[{index}].resources")
    for kind in ("containers", "initContainers"):
        for now, then in zip(spec.get(kind) or (), before.get(kind) or (), strict=False):
            text = _frozen(kind, now, then)
            problems += [fields.forbidden("spec", text)] if text else []
    return problems


def _barred(spec: Object, before: Object, old: Object) -> str:
    """Why nothing of this pod may be resized."""
    if any((each.get("resources") or {}).get(part) for each in (spec, before) for part in ("requests", "limits")):
        return "pods with pod-level resources cannot be resized"
    if MIRROR in meta.annotations(old):
        return "static pods cannot be resized"
    return "windows pods cannot be resized" if (before.get("os") or {}).get("name") == "windows" else ""


def _removed(now: Object, then: Object, path: str) -> list[Problem]:
    problems = []
    for part in ("requests", "limits"):
        said, known = ((each.get("resources") or {}).get(part) or {} for each in (now, then))
        if any(name not in said for name in known):
            problems.append(fields.forbidden(f"{path}.{part}", f"resource {part} cannot be removed"))
    return problems


def _frozen(kind: str, now: Object, then: Object) -> str:
    if kind == "initContainers" and now.get("restartPolicy") != "Always":
        return "" if now == then else NOT_OF_INITS
    if {**now, "resources": _kept(now, then)} == {**then, "resources": then.get("resources") or {}}:
        return ""
    return ONLY if kind == "containers" else ONLY_OF_SIDECARS


def _kept(now: Object, then: Object) -> Object:
    """The new resources with the old amounts of what may change; a list that was not there before counts as such."""
    said, known = now.get("resources") or {}, then.get("resources") or {}
    kept = {name: value for name, value in said.items() if name not in ("requests", "limits")}
    for part in ("requests", "limits"):
        if part in known:
            others = {name: value for name, value in (said.get(part) or {}).items() if name not in RESIZED}
            kept[part] = {**others, **{name: value for name, value in known[part].items() if name in RESIZED}}
    return kept
