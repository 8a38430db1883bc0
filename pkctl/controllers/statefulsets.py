"""StatefulSets: pods with names and claims of their own, made, replaced and removed in order.

Follows pkg/controller/statefulset/stateful_set_control.go. What pods, claims and revisions look like is in `statefulmath`.
"""

from __future__ import annotations

from pkctl.controllers import claims, plan, podsets, writes
from pkctl.controllers import deploymentmath as numbers
from pkctl.controllers import statefulmath as shapes
from pkctl.objects import meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

KIND, REVISIONS, CLAIMS, SOURCE = "statefulsets.apps", "controllerrevisions.apps", "persistentvolumeclaims", "statefulset-controller"


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Take one StatefulSet a step further."""
    owner = view.get(KIND, *key)
    return plan.Plan() if owner is None else _Step(view, owner).run()


class _Step:
    """One look at a StatefulSet."""

    def __init__(self, view: plan.View, owner: Object) -> None:
        self.view, self.owner, self.made = view, owner, plan.Plan()
        pods, self.made.writes = claims.claim(view, "pods", owner, owner["spec"]["selector"])
        self.pods = {index: pod for pod in pods if (index := shapes.ordinal(owner, pod)) is not None}
        self.is_ordered = meta.at(owner, "spec", "podManagementPolicy", default="OrderedReady") == "OrderedReady"
        self.min_ready = int(meta.at(owner, "spec", "minReadySeconds", default=0))
        self.collisions: int | None = meta.at(owner, "status", "collisionCount")
        self.revisions = shapes.by_number(view.owned(REVISIONS, owner))
        self.update = self._update_revision()
        name = meta.at(owner, "status", "currentRevision", default="")
        self.current = next((one for one in self.revisions if meta.name(one) == name), self.update)

    def run(self) -> plan.Plan:
        """The whole step."""
        status = self._status()
        if not meta.is_deleting(self.owner) and not self._is_namespace_ending():
            self._fill_and_empty()
        self._forget_revisions(status)
        self.made.writes += writes.status(KIND, self.owner, status)
        waits = podsets.again_after(self.owner, [pod for pod in self.pods.values() if writes.is_active(pod)], self.view.now)
        self.made.again_after = waits
        return self.made

    def _is_namespace_ending(self) -> bool:
        found = self.view.get("namespaces", "", meta.namespace(self.owner))
        return found is not None and meta.is_deleting(found)

    def _update_revision(self) -> Object:
        """The revision of the present template: an old one taken up again, or a new one."""
        template = self.owner["spec"]["template"]
        newest = max((int(one.get("revision") or 0) for one in self.revisions), default=0)
        known = next((one for one in reversed(self.revisions) if shapes.template_of(one) == template), None)
        if known is None:
            made = shapes.revision(self.owner, newest + 1, self.collisions or 0)
            while self.view.get(REVISIONS, *meta.key(made)) is not None:
                self.collisions = (self.collisions or 0) + 1
                made = shapes.revision(self.owner, newest + 1, self.collisions)
            self.made.writes.append(plan.Write("create", REVISIONS, made))
            return made
        if int(known.get("revision") or 0) < newest:
            known = {**meta.clone(known), "revision": newest + 1}
            self.made.writes.append(plan.Write("update", REVISIONS, known))
        return known

    def _fill_and_empty(self) -> None:
        if not self._fill():
            return
        if not self._empty():
            return
        if meta.at(self.owner, "spec", "updateStrategy", "type", default="RollingUpdate") == "RollingUpdate":
            self._replace()

    def _fill(self) -> bool:
        """Every place has a healthy pod, or (in any order) at least a pod; False when the rest must wait."""
        for index in shapes.ordinals(self.owner):
            pod = self.pods.get(index)
            if pod is None:
                self._create(index)
                if self.is_ordered:
                    return False
            elif meta.at(pod, "status", "phase") in ("Succeeded", "Failed"):
                self._renew(pod)
                if self.is_ordered:
                    return False
            else:
                self._mend_claims(index)
                if self.is_ordered and not self._is_available(pod):
                    return False
        return True

    def _renew(self, pod: Object) -> None:
        if not meta.is_deleting(pod):
            text = f"StatefulSet {meta.namespace(self.owner)}/{meta.name(self.owner)} is recreating failed Pod {meta.name(pod)}"
            self.made.events.append(plan.Event(self.owner, "Warning", "RecreatingFailedPod", text, SOURCE))
            self._delete(pod)

    def _is_available(self, pod: Object) -> bool:
        return not meta.is_deleting(pod) and _is_running(pod) and podsets.is_available(pod, self.min_ready, self.view.now)

    def _create(self, index: int) -> None:
        revision = self.current if self._wants_current(index) else self.update
        self._mend_claims(index)
        pod = shapes.pod(self.owner, shapes.template_of(revision), meta.name(revision), index)
        self.made.writes.append(plan.Write("create", "pods", pod))
        self._say("SuccessfulCreate", f"create Pod {meta.name(pod)} in StatefulSet {meta.name(self.owner)} successful")

    def _wants_current(self, index: int) -> bool:
        """Whether a place below the partition is filled with what was there before."""
        strategy = meta.at(self.owner, "spec", "updateStrategy", default={})
        if strategy.get("type", "RollingUpdate") != "RollingUpdate":
            return False
        place = index - shapes.ordinals(self.owner).start
        rolling = strategy.get("rollingUpdate")
        if rolling is None:
            return place < int(meta.at(self.owner, "status", "currentReplicas", default=0))
        return place < int(rolling.get("partition") or 0)

    def _mend_claims(self, index: int) -> None:
        for claim in shapes.claims(self.owner, index):
            if self.view.get(CLAIMS, *meta.key(claim)) is None:
                self.made.writes.append(plan.Write("create", CLAIMS, claim))
                pod, name = f"{meta.name(self.owner)}-{index}", meta.name(self.owner)
                self._say("SuccessfulCreate", f"create Claim {meta.name(claim)} Pod {pod} in StatefulSet {name} success")

    def _empty(self) -> bool:
        """Pods beyond the last place go, highest first; False when the rest must wait."""
        wanted = shapes.ordinals(self.owner)
        surplus = sorted((index for index in self.pods if index not in wanted), reverse=True)
        unhealthy = [index for index in sorted(self.pods) if not self._is_available(self.pods[index])]
        for index in surplus:
            pod = self.pods[index]
            if meta.is_deleting(pod):
                if self.is_ordered:
                    return False
                continue
            if self.is_ordered and not self._is_available(pod) and index != unhealthy[0]:
                return False
            self._hand_over_claims(pod, index)
            self._delete(pod)
            if self.is_ordered:
                return False
        return True

    def _hand_over_claims(self, pod: Object, index: int) -> None:
        """Where claims are not kept on scaling down, they go with their pod."""
        if meta.at(self.owner, "spec", "persistentVolumeClaimRetentionPolicy", "whenScaled", default="Retain") == "Retain":
            return
        for name in shapes.claim_names(self.owner, index).values():
            claim = self.view.get(CLAIMS, meta.namespace(self.owner), name)
            if claim is not None:
                changed = meta.clone(claim)
                changed["metadata"]["ownerReferences"] = [owners.reference(pod, controller=False)]
                self.made.writes.append(plan.Write("update", CLAIMS, changed))

    def _replace(self) -> None:
        """Old pods go, highest first, while no more are missing than may be."""
        wanted, rolling = shapes.ordinals(self.owner), meta.at(self.owner, "spec", "updateStrategy", "rollingUpdate", default={})
        first = wanted.start + int(rolling.get("partition") or 0)
        most = max(numbers.scaled(rolling.get("maxUnavailable") or 1, len(wanted), up=True), 1)
        missing = sum(1 for index in wanted if index in self.pods and not self._is_available(self.pods[index]))
        for index in reversed(range(max(first, wanted.start), wanted.stop)):
            pod = self.pods.get(index)
            if pod is None or meta.is_deleting(pod):
                continue
            if shapes.revision_of(pod) != meta.name(self.update):
                healthy = self._is_available(pod)
                if healthy and missing >= most:
                    return
                self._delete(pod)
                missing += healthy
            if missing >= most:
                return

    def _delete(self, pod: Object) -> None:
        self.made.writes.append(plan.Write("delete", "pods", pod))
        self._say("SuccessfulDelete", f"delete Pod {meta.name(pod)} in StatefulSet {meta.name(self.owner)} successful")

    def _say(self, reason: str, message: str) -> None:
        self.made.events.append(plan.Event(self.owner, "Normal", reason, message, SOURCE))

    def _status(self) -> dict[str, Any]:
        made = list(self.pods.values())
        ready = [pod for pod in made if _is_running(pod) and meta.is_true(pod, "Ready") and not meta.is_deleting(pod)]
        live = [shapes.revision_of(pod) for pod in made if not meta.is_deleting(pod)]
        current, update = meta.name(self.current), meta.name(self.update)
        counts = {
            "readyReplicas": len(ready),
            "availableReplicas": sum(1 for pod in ready if podsets.is_available(pod, self.min_ready, self.view.now)),
            "currentReplicas": live.count(current),
            "updatedReplicas": live.count(update),
        }
        is_rolled = meta.at(self.owner, "spec", "updateStrategy", "type", default="RollingUpdate") == "RollingUpdate"
        if is_rolled and counts["updatedReplicas"] == counts["readyReplicas"] == len(made):
            current, counts["currentReplicas"] = update, counts["updatedReplicas"]
        fields = {"currentRevision": current, "updateRevision": update, "collisionCount": self.collisions or 0}
        generation = int(meta.at(self.owner, "metadata", "generation", default=0))
        status = writes.without_zeros({"observedGeneration": generation, **counts})
        status |= {"replicas": len(made), "availableReplicas": counts["availableReplicas"], **fields}
        if conditions := meta.at(self.owner, "status", "conditions"):
            status["conditions"] = conditions
        return status

    def _forget_revisions(self, status: dict[str, Any]) -> None:
        """Revisions that no pod has, beyond the history limit, go oldest first."""
        used = {shapes.revision_of(pod) for pod in self.pods.values()} | {status["currentRevision"], status["updateRevision"]}
        used |= {meta.name(self.current), meta.name(self.update)}
        idle = [one for one in self.revisions if meta.name(one) not in used]
        limit = int(meta.at(self.owner, "spec", "revisionHistoryLimit", default=10))
        self.made.writes += [plan.Write("delete", REVISIONS, one) for one in idle[: max(len(idle) - limit, 0)]]


def _is_running(pod: Object) -> bool:
    return bool(meta.at(pod, "status", "phase") == "Running")
