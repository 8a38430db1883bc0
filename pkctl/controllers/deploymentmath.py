"""How many pods a Deployment's ReplicaSets may have: surge, unavailability, proportions, annotations, the new set and the old.

Follows pkg/controller/deployment/util/deployment_util.go. Pure functions on objects; nothing here knows a view or a plan.
"""

from __future__ import annotations

import math

from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkctl.objects.meta import Object

HASH = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
DESIRED = "deployment.kubernetes.io/desired-replicas"
MOST = "deployment.kubernetes.io/max-replicas"
ROLLBACK = "deprecated.deployment.rollback.to"
NOT_COPIED = frozenset({"kubectl.kubernetes.io/last-applied-configuration", REVISION, HISTORY, DESIRED, MOST, ROLLBACK})

FOREVER = 2147483647
"""The progress deadline, or history limit, that means there is none."""

LONGEST_HISTORY = 2000
"""Characters of the revision history kept in an annotation."""


def replicas(obj: Object) -> int:
    """spec.replicas."""
    return int(meta.at(obj, "spec", "replicas", default=1))


def total(sets: Iterable[Object]) -> int:
    """The replicas asked of these sets together."""
    return sum(replicas(one) for one in sets)


def counted(sets: Iterable[Object], field: str) -> int:
    """A status count of these sets together."""
    return sum(int(meta.at(one, "status", field, default=0)) for one in sets)


def scaled(value: int | str, whole: int, *, up: bool) -> int:
    """A number, or a percentage of `whole` rounded up or down."""
    if isinstance(value, int):
        return value
    exact = int(value.rstrip("%")) * whole / 100
    return math.ceil(exact) if up else math.floor(exact)


def _fences(deployment: Object) -> tuple[int, int]:
    rolling = meta.at(deployment, "spec", "strategy", "rollingUpdate", default={})
    surge = scaled(rolling.get("maxSurge", "25%"), replicas(deployment), up=True)
    missing = scaled(rolling.get("maxUnavailable", "25%"), replicas(deployment), up=False)
    return surge, missing if surge or missing else 1


def is_rolling(deployment: Object) -> bool:
    """Whether the strategy is RollingUpdate."""
    return bool(meta.at(deployment, "spec", "strategy", "type", default="RollingUpdate") == "RollingUpdate")


def max_surge(deployment: Object) -> int:
    """Pods allowed above the replicas."""
    return _fences(deployment)[0] if is_rolling(deployment) else 0


def max_unavailable(deployment: Object) -> int:
    """Pods that may be missing from the replicas."""
    if not is_rolling(deployment) or not replicas(deployment):
        return 0
    return min(_fences(deployment)[1], replicas(deployment))


def by_age(sets: Iterable[Object]) -> list[Object]:
    """Oldest first, by name when made in the same second."""
    return sorted(sets, key=lambda one: (meta.created(one) or 0, meta.name(one)))


def is_same_template(left: Object, right: Object) -> bool:
    """Whether two pod templates differ in nothing but their hash label."""
    return _unhashed(left) == _unhashed(right)


def _unhashed(template: Object) -> Object:
    described = template.get("metadata") or {}
    labels = {key: value for key, value in (described.get("labels") or {}).items() if key != HASH}
    rest = {key: value for key, value in described.items() if key != "labels" and value is not None}
    return {**template, "metadata": {**rest, "labels": labels}}


def find_new(deployment: Object, sets: Iterable[Object]) -> Object | None:
    """The oldest set with the Deployment's template."""
    template = deployment["spec"]["template"]
    return next((one for one in by_age(sets) if is_same_template(one["spec"]["template"], template)), None)


def new_replicas(deployment: Object, sets: Iterable[Object], current: int) -> int:
    """What the new set, now at `current`, may have beside all `sets`."""
    wanted = replicas(deployment)
    if not is_rolling(deployment):
        return wanted
    room = wanted + max_surge(deployment) - total(sets)
    if room <= 0:
        return current
    return current + min(room, wanted - current)


def revision(obj: Object) -> int:
    """The revision annotation, 0 when there is none."""
    try:
        return int(meta.annotations(obj).get(REVISION, "0"))
    except ValueError:
        return 0


def annotated(obj: Object, name: str) -> int | None:
    """A number kept in an annotation."""
    text = meta.annotations(obj).get(name, "")
    return int(text) if text.lstrip("-").isdigit() else None


def proportion(one: Object, deployment: Object, to_add: int, added: int) -> int:
    """A set's share of `to_add` replicas, `added` of which are given away already."""
    if not replicas(one) or not to_add or to_add == added:
        return 0
    share, left = _share(one, deployment), to_add - added
    return min(share, left) if to_add > 0 else max(share, left)


def _share(one: Object, deployment: Object) -> int:
    if not replicas(deployment):
        return -replicas(one)
    base = annotated(one, MOST) or int(meta.at(deployment, "status", "replicas", default=0))
    if not base:
        return 0
    exact = replicas(one) * (replicas(deployment) + max_surge(deployment)) / base
    return math.floor(exact + 0.5) - replicas(one)


def active_or_latest(new: Object | None, old: Sequence[Object]) -> Object | None:
    """The only set with replicas, the newest when none has any, None when several have."""
    every = [*old, *([new] if new else [])]
    active = [one for one in every if replicas(one) > 0]
    if not active:
        return new or next(iter(reversed(by_age(old))), None)
    return active[0] if len(active) == 1 else None


def is_saturated(deployment: Object, new: Object | None) -> bool:
    """Whether the new set alone has all the replicas, available."""
    wanted = replicas(deployment)
    if new is None or annotated(new, DESIRED) != wanted:
        return False
    return replicas(new) == wanted and counted([new], "availableReplicas") == wanted


def size_annotations(deployment: Object) -> dict[str, str]:
    """What a set remembers of the Deployment's size when it was last scaled."""
    wanted = replicas(deployment)
    return {DESIRED: str(wanted), MOST: str(wanted + max_surge(deployment))}


def copied_annotations(deployment: Object) -> dict[str, str]:
    """The Deployment's annotations that its sets share."""
    return {key: value for key, value in meta.annotations(deployment).items() if key not in NOT_COPIED}


def revised_annotations(deployment: Object, one: Object | None, newest: int) -> dict[str, str]:
    """The annotations of the new set, which is to have revision `newest` at least; a revision it had before joins its history."""
    known = dict(meta.annotations(one)) if one else {}
    annotations = known | copied_annotations(deployment)
    before = known.get(REVISION, "")
    if one and revision(one) >= newest:
        return annotations
    annotations[REVISION] = str(newest)
    if before:
        history = [*filter(None, known.get(HISTORY, "").split(",")), before]
        while len(",".join(history)) > LONGEST_HISTORY:
            history.pop(0)
        annotations[HISTORY] = ",".join(history)
    return annotations
