"""Deployments: ReplicaSets scaled against one another until only the newest template runs.

Follows pkg/controller/deployment/{deployment_controller,sync,rolling,recreate}.go. The sums are in `deploymentmath`, the status in
`deploymentstatus`. Rolling back is kubectl's: it puts an older set's template into the Deployment.
"""

from __future__ import annotations

from pkctl.controllers import claims, plan, writes
from pkctl.controllers import deploymentmath as sums
from pkctl.controllers import deploymentstatus as statuses
from pkctl.objects import hashes, meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

KIND, SETS, SOURCE = "deployments.apps", "replicasets.apps", "deployment-controller"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Take one Deployment a step further."""
    deployment = view.get(KIND, *key)
    if deployment is None:
        return plan.Plan()
    selector = deployment["spec"].get("selector") or {}
    if not selector.get("matchLabels") and not selector.get("matchExpressions"):
        text = "This deployment is selecting all pods. A non-empty selector is required."
        return plan.Plan(events=[plan.Event(deployment, "Warning", "SelectingAll", text, SOURCE)])
    return _Rollout(view, deployment).step()


class _Rollout:
    """One look at a Deployment: the sets as they are to be, and what has to be written for that."""

    def __init__(self, view: plan.View, deployment: Object) -> None:
        self.view, self.deployment = view, deployment
        self.before = meta.at(deployment, "status", default={})
        self.conditions: list[Object] = list(self.before.get("conditions") or [])
        self.collisions: int | None = self.before.get("collisionCount")
        self.annotations = meta.annotations(deployment)
        self.events: list[plan.Event] = []
        self.made: list[plan.Write] = []
        mine, adopted = claims.claim(view, SETS, deployment, deployment["spec"]["selector"])
        self.found = {meta.name(one): one for one in mine}
        self.sets = dict(self.found)
        self.claimed = {meta.name(write.obj): write for write in adopted}

    def step(self) -> plan.Plan:
        """The whole step."""
        deployment, now = self.deployment, self.view.now
        if meta.is_deleting(deployment):
            return self._finish(statuses.counts(deployment, self._all(), self._new(), self.conditions, now))
        if paused := statuses.paused_condition(deployment, now):
            self.conditions = statuses.with_condition(self.conditions, paused)
        if deployment["spec"].get("paused"):
            self._revise()
            self._scale()
            self._clean_up()
            return self._finish(statuses.counts(deployment, self._all(), self._new(), self.conditions, now))
        if self._is_resized():
            self._revise()
            self._scale()
            return self._finish(statuses.counts(deployment, self._all(), self._new(), self.conditions, now))
        if sums.is_rolling(deployment):
            self._roll()
        else:
            self._recreate()
        return self._finish(statuses.rolled(deployment, self._all(), self._new(), self.conditions, now))

    def _all(self) -> list[Object]:
        return list(self.sets.values())

    def _new(self) -> Object | None:
        return sums.find_new(self.deployment, self.sets.values())

    def _old(self) -> list[Object]:
        new = self._new()
        return sums.by_age(one for one in self.sets.values() if one is not new)

    def _is_resized(self) -> bool:
        wanted = sums.replicas(self.deployment)
        desired = [sums.annotated(one, sums.DESIRED) for one in self.sets.values() if sums.replicas(one) > 0]
        return any(known is not None and known != wanted for known in desired)

    def _roll(self) -> None:
        self._ensure_new()
        if self._grow_new() or self._shrink_old():
            return
        if statuses.is_complete(self.deployment, self.before):
            self._clean_up()

    def _grow_new(self) -> bool:
        new = self._new()
        assert new is not None
        wanted, current = sums.replicas(self.deployment), sums.replicas(new)
        if current == wanted:
            return False
        return self._set_size(new, wanted if current > wanted else sums.new_replicas(self.deployment, self._all(), current))

    def _shrink_old(self) -> bool:
        new, wanted = self._new(), sums.replicas(self.deployment)
        assert new is not None
        least = wanted - sums.max_unavailable(self.deployment)
        unavailable_new = sums.replicas(new) - sums.counted([new], "availableReplicas")
        most_gone = sums.total(self._all()) - least - unavailable_new
        if not sums.total(self._old()) or most_gone <= 0:
            return False
        shrunk = self._drop_unhealthy(most_gone)
        return self._drop(sums.counted(self._all(), "availableReplicas") - least) or shrunk

    def _drop_unhealthy(self, most: int) -> bool:
        """Replicas that were never available cost nothing."""
        left = most
        for one in self._old():
            idle = sums.replicas(one) - sums.counted([one], "availableReplicas")
            if left > 0 and sums.replicas(one) and idle > 0:
                gone = min(left, idle)
                self._set_size(one, sums.replicas(one) - gone)
                left -= gone
        return left < most

    def _drop(self, spare: int) -> bool:
        left = spare
        for one in self._old():
            gone = min(sums.replicas(one), max(left, 0))
            if gone:
                self._set_size(one, sums.replicas(one) - gone)
                left -= gone
        return left < spare

    def _recreate(self) -> None:
        self._revise()
        shrunk = [self._set_size(one, 0) for one in self._old() if sums.replicas(one)]
        if any(shrunk) or self._old_pods_run():
            return
        self._ensure_new()
        new = self._new()
        assert new is not None
        self._set_size(new, sums.replicas(self.deployment))
        if statuses.is_complete(self.deployment, self.before):
            self._clean_up()

    def _old_pods_run(self) -> bool:
        pods = [pod for one in self._old() for pod in self.view.owned("pods", one)]
        return any(meta.at(pod, "status", "phase") not in ("Succeeded", "Failed") for pod in pods)

    def _scale(self) -> None:
        """Bring the sets to the Deployment's size without rolling anything (sync.go, scale)."""
        new, old, wanted = self._new(), self._old(), sums.replicas(self.deployment)
        only = sums.active_or_latest(new, old)
        if only is not None:
            if sums.replicas(only) != wanted or sums.annotated(only, sums.DESIRED) != wanted:
                self._set_size(only, wanted)
            return
        if sums.is_saturated(self.deployment, new):
            for one in old:
                self._set_size(one, 0)
            return
        if sums.is_rolling(self.deployment):
            self._scale_in_proportion()

    def _scale_in_proportion(self) -> None:
        wanted = sums.replicas(self.deployment)
        active = [one for one in self.sets.values() if sums.replicas(one)]
        to_add = (wanted + sums.max_surge(self.deployment) if wanted else 0) - sums.total(active)
        sign = -1 if to_add >= 0 else 1
        active.sort(key=lambda one: (-sums.replicas(one), sign * (meta.created(one) or 0), meta.name(one)))
        sizes, added = [], 0
        for one in active:
            share = sums.proportion(one, self.deployment, to_add, added)
            sizes.append(sums.replicas(one) + share)
            added += share
        if sizes:
            sizes[0] = max(sizes[0] + to_add - added, 0)
        for one, size in zip(active, sizes, strict=True):
            self._set_size(one, size)

    def _set_size(self, one: Object, size: int) -> bool:
        before = sums.replicas(one)
        new = meta.clone(one)
        new["spec"]["replicas"] = size
        new["metadata"]["annotations"] = dict(meta.annotations(one)) | sums.size_annotations(self.deployment)
        self.sets[meta.name(one)] = new
        if before != size:
            self._say_scaled(new, before, size)
        return before != size

    def _say_scaled(self, one: Object, before: int, size: int) -> None:
        way = "up" if size > before else "down"
        self._say("ScalingReplicaSet", f"Scaled {way} replica set {meta.name(one)} from {before} to {size}")

    def _say(self, reason: str, message: str) -> None:
        self.events.append(plan.Event(self.deployment, "Normal", reason, message, SOURCE))

    def _revise(self) -> None:
        """Keep the new set's annotations, and the Deployment's revision, in step."""
        new = self._new()
        if new is None:
            return
        newest = max((sums.revision(one) for one in self._old()), default=0) + 1
        changed = meta.clone(new)
        changed["metadata"]["annotations"] = sums.revised_annotations(self.deployment, new, newest)
        if (wait := self.deployment["spec"].get("minReadySeconds")) or new["spec"].get("minReadySeconds"):
            changed["spec"]["minReadySeconds"] = wait or 0
        self.sets[meta.name(new)] = changed
        self.annotations = {**self.annotations, sums.REVISION: changed["metadata"]["annotations"][sums.REVISION]}
        if statuses.has_deadline(self.deployment) and not any(one["type"] == "Progressing" for one in self.conditions):
            self._progressing("FoundNewReplicaSet", f'Found new replica set "{meta.name(new)}"')

    def _progressing(self, reason: str, message: str) -> None:
        if statuses.has_deadline(self.deployment):
            new = statuses.condition("Progressing", "True", reason, message, self.view.now)
            self.conditions = statuses.with_condition(self.conditions, new)

    def _ensure_new(self) -> None:
        if self._new() is not None:
            self._revise()
            return
        made = self._make_set()
        clash = self.view.get(SETS, meta.namespace(made), meta.name(made))
        while clash is not None:
            self.collisions = (self.collisions or 0) + 1
            made = self._make_set()
            clash = self.view.get(SETS, meta.namespace(made), meta.name(made))
        size = sums.new_replicas(self.deployment, self._all(), 0)
        newest = max((sums.revision(one) for one in self._all()), default=0) + 1
        made["spec"]["replicas"] = size
        made["metadata"]["annotations"] = sums.revised_annotations(self.deployment, None, newest) | sums.size_annotations(self.deployment)
        self.annotations = {**self.annotations, sums.REVISION: str(newest)}
        self.sets[meta.name(made)] = made
        self._progressing("NewReplicaSetCreated", f'Created new replica set "{meta.name(made)}"')
        if size:
            self._say_scaled(made, 0, size)

    def _make_set(self) -> Object:
        spec = self.deployment["spec"]
        template = meta.clone(spec["template"])
        code = hashes.template_hash(spec["template"], self.collisions)
        labels = template.setdefault("metadata", {}).setdefault("labels", {})
        labels[sums.HASH] = code
        selector = meta.clone(spec["selector"])
        selector["matchLabels"] = {**(selector.get("matchLabels") or {}), sums.HASH: code}
        wait = {"minReadySeconds": spec["minReadySeconds"]} if spec.get("minReadySeconds") else {}
        return {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{meta.name(self.deployment)}-{code}",
                "namespace": meta.namespace(self.deployment),
                "labels": dict(labels),
                "ownerReferences": [owners.reference(self.deployment)],
            },
            "spec": {"replicas": 0, **wait, "selector": selector, "template": template},
        }

    def _clean_up(self) -> None:
        """Forget the oldest empty sets beyond the history limit."""
        limit = int(meta.at(self.deployment, "spec", "revisionHistoryLimit", default=10))
        old = sorted((one for one in self._old() if not meta.is_deleting(one)), key=sums.revision)
        for one in old[: max(len(old) - limit, 0)]:
            if not sums.replicas(one) and not sums.counted([one], "replicas") and self._is_seen(one):
                del self.sets[meta.name(one)]
                self.made.append(plan.Write("delete", SETS, one))

    def _is_seen(self, one: Object) -> bool:
        return int(meta.at(one, "status", "observedGeneration", default=0)) >= int(meta.at(one, "metadata", "generation", default=0))

    def _finish(self, status: dict[str, Any]) -> plan.Plan:
        made = plan.Plan([*self._set_writes(), *self.made], self.events)
        if self.annotations != meta.annotations(self.deployment):
            changed = meta.clone(self.deployment)
            changed["metadata"]["annotations"] = self.annotations
            # By way of the status, where annotations count for no new generation.
            made.writes.append(plan.Write("update", KIND, changed, subresource="status"))
        if self.collisions is not None:
            status["collisionCount"] = self.collisions
        made.writes += writes.status(KIND, self.deployment, status)
        left = statuses.deadline_in(self.deployment, status, self.view.now)
        made.again_after = None if left is None else max(left, 0) + 1
        return made

    def _set_writes(self) -> list[plan.Write]:
        made: list[plan.Write] = []
        for name, one in self.sets.items():
            if name not in self.found:
                made.append(plan.Write("create", SETS, one))
            elif one != self.found[name] or name in self.claimed:
                made.append(plan.Write("update", SETS, one))
        return made + [write for name, write in self.claimed.items() if name not in self.found]
