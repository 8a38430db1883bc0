"""Why a node can't have a pod, in the scheduler's words; and those words added up over all nodes.

Follows pkg/scheduler/framework/plugins and pkg/scheduler/framework/types.go (FitError).
"""

from __future__ import annotations

from pkctl.controllers.scheduling import affinity
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pkctl.controllers import plan
    from pkctl.controllers.scheduling.nodes import Demand, Place
    from pkctl.objects.meta import Object

    Refusal = tuple[tuple[str, ...], bool]
    Filter = Callable[[Place], Refusal | None]

UNSCHEDULABLE = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}


def tolerates(tolerations: Iterable[Object], taint: Object) -> bool:
    """Whether any toleration covers a taint."""
    return any(_covers(one, taint) for one in tolerations)


def _covers(toleration: Object, taint: Object) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint.get("effect"):
        return False
    if toleration.get("key") and toleration["key"] != taint.get("key"):
        return False
    operator = toleration.get("operator") or "Equal"
    if operator == "Exists":
        return True
    return bool(toleration.get("key")) and (toleration.get("value") or "") == (taint.get("value") or "")


def filters(view: plan.View, demand: Demand, places: list[Place]) -> list[Filter]:
    """The tests that matter for this pod, cheapest first. Each gives None, or (reasons, could evicting others change that)."""
    spec = demand.pod["spec"]
    tolerations = spec.get("tolerations") or []
    found: list[Filter] = [_unschedulable(tolerations), _tainted(tolerations)]
    if spec.get("nodeSelector") or meta.at(spec, "affinity", "nodeAffinity", affinity.REQUIRED):
        found.append(_affinity(spec))
    if demand.ports:
        found.append(_ports(demand))
    found.append(_room(demand))
    found += [_disk(one) for one in _disks(view, demand.pod)]
    found += [_spread(demand.pod, one, places) for one in spec.get("topologySpreadConstraints") or [] if _is_hard(one)]
    found += _near(view, demand.pod, places)
    if refused := affinity.refused_domains(view, places, demand):
        found.append(_refused(refused))
    return found


def _unschedulable(tolerations: list[Object]) -> Filter:
    tolerated = tolerates(tolerations, UNSCHEDULABLE)

    def test(place: Place) -> Refusal | None:
        if tolerated or not place.cordoned:
            return None
        return ("node(s) were unschedulable",), False

    return test


def _tainted(tolerations: list[Object]) -> Filter:
    def test(place: Place) -> Refusal | None:
        for taint in place.taints:
            if taint.get("effect") in ("NoSchedule", "NoExecute") and not tolerates(tolerations, taint):
                return ("node(s) had untolerated taint(s)",), False
        return None

    return test


def allows(spec: Object, place: Place) -> bool:
    """Whether a pod's nodeSelector and required node affinity let it be there."""
    return affinity.allows_node(spec, place.labels, place.name)


def _affinity(spec: Object) -> Filter:
    def test(place: Place) -> Refusal | None:
        if affinity.allows_node(spec, place.labels, place.name):
            return None
        return ("node(s) didn't match Pod's node affinity/selector",), False

    return test


def _ports(demand: Demand) -> Filter:
    def clash(mine: tuple[str, str, int], other: tuple[str, str, int]) -> bool:
        everywhere = "0.0.0.0" in (mine[0], other[0])
        return mine[1:] == other[1:] and (everywhere or mine[0] == other[0])

    def test(place: Place) -> Refusal | None:
        taken = [port for other in place.demands.values() for port in other.ports]
        if any(clash(mine, other) for mine in demand.ports for other in taken):
            return ("node(s) didn't have free ports for the requested pod ports",), True
        return None

    return test


def _room(demand: Demand) -> Filter:
    wanted = [(name, amount) for name, amount in demand.amounts.items() if amount]

    def test(place: Place) -> Refusal | None:
        allocatable, used = place.allocatable, place.used
        if len(place.demands) < allocatable.get("pods", 0) // 1000:
            for name, amount in wanted:
                if amount > allocatable.get(name, 0) - used.get(name, 0):
                    break
            else:
                return None
        return _lacking(place, wanted)

    return test


def _lacking(place: Place, wanted: list[tuple[str, int]]) -> Refusal:
    reasons = [] if len(place.demands) < place.allocatable.get("pods", 0) // 1000 else ["Too many pods"]
    could_help = True
    for name, amount in wanted:
        most = place.allocatable.get(name, 0)
        if amount > most - place.used.get(name, 0):
            reasons.append(f"Insufficient {name}")
            could_help = could_help and amount <= most
    return tuple(reasons), could_help


def _disks(view: plan.View, pod: Object) -> list[Object]:
    """What the volumes of a pod's bound claims say of nodes."""
    found = []
    for volume in meta.at(pod, "spec", "volumes", default=[]):
        name = meta.at(volume, "persistentVolumeClaim", "claimName")
        claim = view.get("persistentvolumeclaims", meta.namespace(pod), name) if name else None
        disk = view.get("persistentvolumes", "", meta.at(claim or {}, "spec", "volumeName", default=""))
        if disk is not None and (required := meta.at(disk, "spec", "nodeAffinity", "required")):
            found.append(required)
    return found


def _disk(required: Object) -> Filter:
    def test(place: Place) -> Refusal | None:
        if any(affinity.matches_node(term, place.labels, place.name) for term in required.get("nodeSelectorTerms") or []):
            return None
        return ("node(s) didn't match PersistentVolume's node affinity",), False

    return test


def _is_hard(constraint: Object) -> bool:
    return bool(constraint.get("whenUnsatisfiable", "DoNotSchedule") == "DoNotSchedule")


def _spread(pod: Object, constraint: Object, places: list[Place]) -> Filter:
    key, test_pod = constraint["topologyKey"], affinity.spread_test(constraint, pod)
    eligible = [place for place in places if _counts(constraint, pod, place)]
    counts = affinity.domains(eligible, key, test_pod)
    least = min(counts.values(), default=0)
    if len(counts) < int(constraint.get("minDomains") or 1):
        least = 0
    own = 1 if test_pod(pod) else 0

    def test(place: Place) -> Refusal | None:
        value = place.labels.get(key)
        if value is None:
            return ("node(s) didn't match pod topology spread constraints (missing required label)",), False
        if counts.get(value, 0) + own - least > int(constraint.get("maxSkew") or 1):
            return ("node(s) didn't match pod topology spread constraints",), True
        return None

    return test


def _counts(constraint: Object, pod: Object, place: Place) -> bool:
    if constraint.get("nodeTaintsPolicy") == "Honor" and _tainted(pod["spec"].get("tolerations") or [])(place):
        return False
    return constraint.get("nodeAffinityPolicy") == "Ignore" or affinity.allows_node(pod["spec"], place.labels, place.name)


def _near(view: plan.View, pod: Object, places: list[Place]) -> list[Filter]:
    near = meta.at(pod, "spec", "affinity", "podAffinity", affinity.REQUIRED, default=[])
    far = meta.at(pod, "spec", "affinity", "podAntiAffinity", affinity.REQUIRED, default=[])
    found = [_wanted_near(view, term, pod, places, near) for term in near]
    return found + [_wanted_far(view, term, pod, places) for term in far]


def _wanted_near(view: plan.View, term: Object, pod: Object, places: list[Place], terms: list[Object]) -> Filter:
    key = term["topologyKey"]
    tests = [affinity.pod_test(view, one, pod) for one in terms]
    counts = affinity.domains(places, key, lambda other: all(one(other) for one in tests))
    # The first pod of a group that wants to be near its own kind may start anywhere.
    is_first = not any(counts.values()) and all(one(pod) for one in tests)

    def test(place: Place) -> Refusal | None:
        value = place.labels.get(key)
        if value is not None and (is_first or counts.get(value)):
            return None
        return ("node(s) didn't match pod affinity rules",), False

    return test


def _wanted_far(view: plan.View, term: Object, pod: Object, places: list[Place]) -> Filter:
    key, test_pod = term["topologyKey"], affinity.pod_test(view, term, pod)
    counts = affinity.domains(places, key, test_pod)

    def test(place: Place) -> Refusal | None:
        if counts.get(place.labels.get(key, "")):
            return ("node(s) didn't match pod anti-affinity rules",), True
        return None

    return test


def _refused(refused: set[tuple[str, str]]) -> Filter:
    def test(place: Place) -> Refusal | None:
        if any(place.labels.get(key) == value for key, value in refused):
            return ("node(s) didn't satisfy existing pods anti-affinity rules",), True
        return None

    return test


def refusal(tests: list[Filter], place: Place) -> Refusal | None:
    """The first test's refusal."""
    for test in tests:
        if (refused := test(place)) is not None:
            return refused
    return None


def summary(refusals: list[Refusal], pod: Object) -> str:
    """The message of an unschedulable pod."""
    if not refusals:
        return "no nodes available to schedule pods"
    head = f"0/{len(refusals)} nodes are available"
    reasons = _tally(reason for found, _ in refusals for reason in found)
    if meta.at(pod, "spec", "preemptionPolicy") == "Never":
        return f"{head}: {reasons}. preemption: not eligible due to preemptionPolicy=Never."
    outlooks = (
        "No preemption victims found for incoming pod" if could_help else "Preemption is not helpful for scheduling"
        for _, could_help in refusals
    )
    return f"{head}: {reasons}. preemption: {head}: {_tally(outlooks)}."


def _tally(reasons: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for reason in reasons:
        counts[reason] = counts.get(reason, 0) + 1
    return ", ".join(sorted(f"{count} {reason}" for reason, count in counts.items()))
