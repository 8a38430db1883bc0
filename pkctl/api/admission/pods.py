"""What the cluster fills into a new Pod: priority, the usual tolerations, a runtime class's overhead.

Follows plugin/pkg/admission/{priority,defaulttolerationseconds,runtimeclass}.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object

CLASSES, RUNTIMES = "priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io"
SYSTEM = {"system-cluster-critical": 2000000000, "system-node-critical": 2000001000}
TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
TOLERATED_SECONDS = 300


def set_priority(request: Request) -> None:
    """The number behind the priority class, or behind the cluster's default."""
    spec = request.new["spec"]
    found = _class(request, spec.get("priorityClassName") or "")
    value, policy = found.get("value", 0), found.get("preemptionPolicy") or "PreemptLowerPriority"
    if found and not spec.get("priorityClassName"):
        spec["priorityClassName"] = meta.name(found)
    for field, wanted in (("priority", value), ("preemptionPolicy", policy)):
        given = spec.get(field)
        if given is not None and given != wanted:
            raise refusals.forbidden(request.row, request.name, _mismatch(field, given, wanted))
        spec[field] = wanted


def _mismatch(field: str, given: object, wanted: object) -> str:
    if field == "priority":
        return (
            f"the integer value of priority ({given}) must not be provided in pod spec; priority admission controller computed "
            f"{wanted} from the given PriorityClass name"
        )
    return (
        f"the string value of PreemptionPolicy ({given}) must not be provided in pod spec; priority admission controller computed "
        f"{wanted} from the given PriorityClass name"
    )


def _class(request: Request, name: str) -> Object:
    if name in SYSTEM:
        return {"metadata": {"name": name}, "value": SYSTEM[name]}
    if name:
        found = request.session.read(CLASSES, "", name)
        if found is None:
            raise refusals.forbidden(request.row, request.name, f"no PriorityClass with name {name} was found")
        return found
    defaults = [each for each in _known_classes(request) if each.get("globalDefault")]
    return min(defaults, key=lambda each: int(each.get("value", 0)), default={})


def _known_classes(request: Request) -> list[Object]:
    """The classes other than the system's; few, and mostly none."""
    notes = request.session.notes
    if "classes" not in notes:
        notes["classes"] = [each for each in request.session.read_all(CLASSES) if meta.name(each) not in SYSTEM]
    found: list[Object] = notes["classes"]
    return found


def check_global_default(request: Request) -> None:
    """Only one class may be the default."""
    if not request.new.get("globalDefault"):
        return
    for other in _known_classes(request):
        if other.get("globalDefault") and meta.name(other) != request.name:
            text = f"PriorityClass {meta.name(other)} is already marked as default. Only one default can exist"
            raise refusals.forbidden(request.row, request.name, text)


def add_tolerations(request: Request) -> None:
    """Let the pod stay five minutes on a node that is not ready or not reachable, unless it says otherwise."""
    spec = request.new["spec"]
    known = spec.get("tolerations") or []
    missing = [taint for taint in TAINTS if not any(_covers(each, taint) for each in known)]
    if missing:
        added = [{"key": taint, "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": TOLERATED_SECONDS} for taint in missing]
        spec["tolerations"] = [*known, *added]


def _covers(toleration: Object, taint: str) -> bool:
    return toleration.get("key") in (taint, "", None) and toleration.get("effect") in ("NoExecute", "", None)


def set_overhead(request: Request) -> None:
    """A runtime class must exist; what it costs and where it runs goes into the pod."""
    spec = request.new["spec"]
    name = spec.get("runtimeClassName")
    if not name:
        if spec.get("overhead"):
            text = "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead"
            raise refusals.forbidden(request.row, request.name, text)
        return
    found = request.session.read(RUNTIMES, "", name)
    if found is None:
        raise refusals.forbidden(request.row, request.name, f'pod rejected: RuntimeClass "{name}" not found')
    overhead = meta.at(found, "overhead", "podFixed")
    if spec.get("overhead") and spec["overhead"] != overhead:
        text = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead"
        raise refusals.forbidden(request.row, request.name, text)
    if overhead:
        spec["overhead"] = dict(overhead)
    wanted = meta.at(found, "scheduling", "nodeSelector", default={})
    for key, value in wanted.items():
        if spec.get("nodeSelector", {}).get(key, value) != value:
            own = spec["nodeSelector"][key]
            text = f"conflict: runtimeClass.scheduling.nodeSelector[{key}] = {value}; pod.spec.nodeSelector[{key}] = {own}"
            raise refusals.forbidden(request.row, request.name, text)
    if wanted:
        spec["nodeSelector"] = {**(spec.get("nodeSelector") or {}), **wanted}
    extra = [each for each in meta.at(found, "scheduling", "tolerations", default=()) if each not in (spec.get("tolerations") or ())]
    if extra:
        spec["tolerations"] = [*(spec.get("tolerations") or ()), *extra]
