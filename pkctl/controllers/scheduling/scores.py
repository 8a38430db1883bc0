"""Which of the nodes that can have a pod should: the scheduler's scoring plugins with their default weights.

Follows pkg/scheduler/framework/plugins/{noderesources,nodeaffinity,tainttoleration,interpodaffinity,podtopologyspread,imagelocality}.
"""

from __future__ import annotations

from pkctl.controllers.scheduling import affinity, filters
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from pkctl.controllers import plan
    from pkctl.controllers.scheduling.nodes import Demand, Place
    from pkctl.objects.meta import Object

    Score = Callable[[Place], float]

MOST = 100.0
SMALLEST_IMAGE, LARGEST_IMAGE = 23 << 20, 1000 << 20


def best(view: plan.View, demand: Demand, feasible: list[Place], places: list[Place]) -> Place:
    """The node with the highest sum of scores; among equals the first."""
    totals = [_resources(demand, place) for place in feasible]
    for weight, score, is_cost in _scores(view, demand, feasible, places):
        raw = [score(place) for place in feasible]
        for index, value in enumerate(_normal(raw, is_cost=is_cost)):
            totals[index] += weight * value
    return feasible[max(range(len(feasible)), key=lambda index: (totals[index], -index))]


def _normal(raw: list[float], *, is_cost: bool) -> list[float]:
    """Raw scores stretched to 0..100; a cost the other way round."""
    low, high = min(min(raw), 0.0), max(raw)
    if high == low:
        return [MOST if is_cost else 0.0] * len(raw)
    return [MOST * ((high - value) if is_cost else (value - low)) / (high - low) for value in raw]


def _resources(demand: Demand, place: Place) -> float:
    """The least allocated node, and the one whose resources are used evenly."""
    fractions = []
    for name, wanted in demand.weight.items():
        most = place.allocatable.get(name, 0)
        fractions.append(min((place.weight[name] + wanted) / most, 1.0) if most else 1.0)
    free = MOST * (1 - sum(fractions) / len(fractions))
    even = MOST * (1 - abs(fractions[0] - fractions[1]) / 2)
    return free + even


def _scores(view: plan.View, demand: Demand, feasible: list[Place], places: list[Place]) -> list[tuple[float, Score, bool]]:
    spec = demand.pod["spec"]
    found: list[tuple[float, Score, bool]] = []
    if any(place.taints for place in feasible):
        found.append((3, _distaste(spec), True))
    if preferred := meta.at(spec, "affinity", "nodeAffinity", affinity.PREFERRED):
        found.append((2, _liking(preferred), False))
    soft = [one for one in spec.get("topologySpreadConstraints") or [] if one.get("whenUnsatisfiable") == "ScheduleAnyway"]
    found += [(2, _crowd(demand.pod, one, places), True) for one in soft]
    if demand.owner and not spec.get("topologySpreadConstraints"):
        found.append((2, lambda place: place.kin.get(demand.owner, 0), True))
    found += _company(view, demand.pod, places)
    if any(place.images for place in feasible):
        found.append((1, _images(spec), False))
    return found


def _distaste(spec: Object) -> Score:
    tolerations = spec.get("tolerations") or []

    def score(place: Place) -> float:
        return sum(1 for taint in place.taints if taint.get("effect") == "PreferNoSchedule" and not filters.tolerates(tolerations, taint))

    return score


def _liking(preferred: list[Object]) -> Score:
    def score(place: Place) -> float:
        return sum(float(one["weight"]) for one in preferred if affinity.matches_node(one["preference"], place.labels, place.name))

    return score


def _crowd(pod: Object, constraint: Object, places: list[Place]) -> Score:
    key = constraint["topologyKey"]
    counts = affinity.domains(places, key, affinity.spread_test(constraint, pod))
    return lambda place: counts.get(place.labels.get(key, ""), 0)


def _company(view: plan.View, pod: Object, places: list[Place]) -> list[tuple[float, Score, bool]]:
    found: list[tuple[float, Score, bool]] = []
    for field, is_cost in (("podAffinity", False), ("podAntiAffinity", True)):
        for one in meta.at(pod, "spec", "affinity", field, affinity.PREFERRED, default=[]):
            term = one["podAffinityTerm"]
            counts = affinity.domains(places, term["topologyKey"], affinity.pod_test(view, term, pod))
            found.append((2 * one["weight"] / MOST, _among(term["topologyKey"], counts), is_cost))
    return found


def _among(key: str, counts: dict[str, int]) -> Score:
    return lambda place: counts.get(place.labels.get(key, ""), 0)


def _images(spec: Object) -> Score:
    """Nodes that have the images already; small images hardly count."""
    wanted = {container.get("image", "") for container in spec.get("containers") or []}
    wanted |= {f"{name}:latest" for name in wanted if ":" not in name.rpartition("/")[2]}

    def score(place: Place) -> float:
        size = sum(place.images.get(name, 0) for name in wanted)
        return min(max(size - SMALLEST_IMAGE, 0), LARGEST_IMAGE - SMALLEST_IMAGE) * MOST / (LARGEST_IMAGE - SMALLEST_IMAGE)

    return score
