"""Describe for Pod and every kind with a pod template: one function a kind, `(obj, reader) -> text`.

Containers are in `describing_containers`, volumes in `describing_volumes`, layout in `kinds.describing`. Follows
kubectl/pkg/describe/describe.go.
"""

from __future__ import annotations

from pkctl.kinds import cells, describing
from pkctl.kinds.podspec import describing_containers, describing_volumes, requests
from pkctl.objects import meta, selectors, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

SHOWN_INDEXES = 50


def pod(obj: meta.Object, reader: describing.Reader) -> str:
    """A pod in full."""
    page, spec, status = describing.Page(), obj.get("spec") or {}, obj.get("status") or {}
    _pod_head(page, obj, spec, status, reader.now)
    if spec.get("resources"):
        page.line("Resources:")
        describing_containers.resources(page, spec["resources"], 1)
    for title, part, states in (
        ("Init Containers", "initContainers", "initContainerStatuses"),
        ("Containers", "containers", "containerStatuses"),
        ("Ephemeral Containers", "ephemeralContainers", "ephemeralContainerStatuses"),
    ):
        if spec.get(part) or part == "containers":
            describing_containers.section(page, title, spec.get(part) or (), status.get(states) or (), pod=obj)
    _pod_conditions(page, spec, status)
    describing_volumes.section(page, spec.get("volumes") or ())
    page.field("QoS Class", status.get("qosClass") or requests.qos_class(spec))
    describing.labels(page, "Node-Selectors", spec.get("nodeSelector") or {})
    tolerations(page, "Tolerations", spec.get("tolerations") or ())
    spreading(page, spec.get("topologySpreadConstraints") or ())
    return describing.end(page, obj, reader)


def _pod_head(page: describing.Page, obj: meta.Object, spec: dict[str, Any], status: dict[str, Any], now: float) -> None:
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    node = spec.get("nodeName")
    for label, value in (
        ("Priority", spec.get("priority")),
        ("Priority Class Name", spec.get("priorityClassName") or None),
        ("Runtime Class Name", spec.get("runtimeClassName") or None),
        ("Service Account", spec.get("serviceAccountName") or None),
        ("Node", f"{node}/{status.get('hostIP', '')}" if node else describing.NONE),
        ("Start Time", describing.moment(status["startTime"]) if status.get("startTime") else None),
    ):
        if value is not None:
            page.field(label, value)
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    _pod_state(page, obj, status, now)
    describing_containers.seccomp(page, spec.get("securityContext"), 0, 0)
    page.field("IP", status.get("podIP", ""))
    addresses = status.get("podIPs") or ()
    page.line("IPs:", *(() if addresses else (describing.NONE,)))
    for address in addresses:
        page.field("IP", address.get("ip", ""), 1)
    describing.controlled_by(page, obj)
    if status.get("nominatedNodeName"):
        page.field("NominatedNodeName", status["nominatedNodeName"])


def _pod_state(page: describing.Page, obj: meta.Object, status: dict[str, Any], now: float) -> None:
    deleted = meta.at(obj, "metadata", "deletionTimestamp")
    if deleted and status.get("phase") not in ("Failed", "Succeeded"):
        page.field("Status", f"Terminating (lasts {times.since(deleted, now)})")
        page.field("Termination Grace Period", f"{meta.at(obj, 'metadata', 'deletionGracePeriodSeconds', default=0)}s")
    else:
        page.field("Status", status.get("phase", ""))
    for label in ("Reason", "Message"):
        if status.get(label.lower()):
            page.field(label, status[label.lower()])


def _pod_conditions(page: describing.Page, spec: dict[str, Any], status: dict[str, Any]) -> None:
    found = status.get("conditions") or ()
    gates = spec.get("readinessGates") or ()
    states = {each.get("type"): each.get("status", "") for each in found}
    rows = [(gate.get("conditionType", ""), states.get(gate.get("conditionType"), describing.NONE)) for gate in gates]
    for title, lines in (("Readiness Gates:", rows), ("Conditions:", [(each.get("type", ""), each.get("status", "")) for each in found])):
        if lines:
            page.line(title)
            page.line("Type", "Status", level=1)
            for kind, state in lines:
                page.line(f"{kind} ", f"{state} ", level=1)


def tolerations(page: describing.Page, title: str, found: Iterable[dict[str, Any]]) -> None:
    """`key=value:effect for 300s` lines, by key."""
    describing.column(page, title, [_toleration(each) for each in sorted(found, key=lambda each: each.get("key") or "")])


def _toleration(each: dict[str, Any]) -> str:
    text = each.get("key") or ""
    if each.get("value"):
        text += f"={each['value']}"
    if each.get("effect"):
        text += f":{each['effect']}"
    if each.get("operator") == "Exists" and not each.get("value"):
        text += " op=Exists" if text else "op=Exists"
    if each.get("tolerationSeconds") is not None:
        text += f" for {each['tolerationSeconds']}s"
    return text


def spreading(page: describing.Page, constraints: Sequence[dict[str, Any]], space: str = "") -> None:
    """Topology spread constraints by key; nothing when there are none."""
    if not constraints:
        return
    lines = []
    for each in sorted(constraints, key=lambda each: each.get("topologyKey", "")):
        line = f"{each.get('topologyKey', '')}:{each.get('whenUnsatisfiable', '')} when max skew {each.get('maxSkew', 0)} is exceeded"
        chosen = each.get("labelSelector")
        lines.append(line if chosen is None else f"{line} for selector {selectors.show(chosen)}")
    describing.column(page, f"{space}Topology Spread Constraints", lines, space)


def template(page: describing.Page, found: dict[str, Any] | None) -> None:
    """The Pod Template section."""
    page.line("Pod Template:")
    if found is None:
        page.put("<unset>", 1)
        return
    spec = found.get("spec") or {}
    describing.labels(page, "  Labels", meta.labels(found))
    if meta.annotations(found):
        describing.annotated(page, "  Annotations", meta.annotations(found))
    if spec.get("serviceAccountName"):
        page.field("Service Account", spec["serviceAccountName"], 1)
    if spec.get("initContainers"):
        describing_containers.section(page, "Init Containers", spec["initContainers"], (), space="  ")
    describing_containers.section(page, "Containers", spec.get("containers") or (), (), space="  ")
    describing_volumes.section(page, spec.get("volumes") or (), space="  ")
    spreading(page, spec.get("topologySpreadConstraints") or (), "  ")
    if spec.get("priorityClassName"):
        page.field("Priority Class Name", spec["priorityClassName"], 1)
    describing.labels(page, "  Node-Selectors", spec.get("nodeSelector") or {})
    tolerations(page, "  Tolerations", spec.get("tolerations") or ())


def _template(obj: meta.Object) -> dict[str, Any]:
    return meta.at(obj, "spec", "template", default={})  # type: ignore[no-any-return]


def _pod_counts(page: describing.Page, obj: meta.Object, reader: describing.Reader) -> None:
    counts = dict.fromkeys(("Running", "Pending", "Succeeded", "Failed"), 0)
    for each in reader.list("pods", meta.namespace(obj)):
        owners = meta.at(each, "metadata", "ownerReferences", default=())
        state = meta.at(each, "status", "phase")
        if state in counts and any(owner.get("controller") and owner.get("uid") == meta.uid(obj) for owner in owners):
            counts[state] += 1
    running, waiting, succeeded, failed = counts.values()
    page.field("Pods Status", f"{running} Running / {waiting} Waiting / {succeeded} Succeeded / {failed} Failed")


def deployment(obj: meta.Object, reader: describing.Reader) -> str:
    """With its old and new replica sets."""
    page, spec, status = describing.Page(), obj["spec"], obj.get("status") or {}
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    page.field("Selector", _selector(spec.get("selector")))
    counts = [("replicas", "desired", spec), ("updatedReplicas", "updated", status), ("replicas", "total", status),
              ("availableReplicas", "available", status), ("unavailableReplicas", "unavailable", status)]  # fmt: skip
    page.field("Replicas", " | ".join(f"{holder.get(field) or 0} {word}" for field, word, holder in counts))
    strategy = spec.get("strategy") or {}
    page.field("StrategyType", strategy.get("type", ""))
    page.field("MinReadySeconds", spec.get("minReadySeconds") or 0)
    rolling = strategy.get("rollingUpdate")
    if rolling:
        bounds = f"{rolling.get('maxUnavailable')} max unavailable, {rolling.get('maxSurge')} max surge"
        page.field("RollingUpdateStrategy", bounds)
    template(page, _template(obj))
    describing.conditions(page, obj)
    _replica_sets(page, obj, reader)
    return describing.end(page, obj, reader)


def _replica_sets(page: describing.Page, obj: meta.Object, reader: describing.Reader) -> None:
    owned = [
        each
        for each in reader.list("replicasets.apps", meta.namespace(obj))
        if any(
            owner.get("controller") and owner.get("uid") == meta.uid(obj)
            for owner in meta.at(each, "metadata", "ownerReferences", default=())
        )
    ]
    owned.sort(key=lambda each: (meta.at(each, "metadata", "creationTimestamp", default=""), meta.name(each)))
    new = next((each for each in owned if _same_template(each, obj)), None)
    old = [each for each in owned if each is not new]
    if owned:
        page.field("OldReplicaSets", ", ".join(map(_replica_set, old)) or describing.NONE)
        page.field("NewReplicaSet", _replica_set(new) if new else describing.NONE)


def _same_template(each: meta.Object, obj: meta.Object) -> bool:
    """Equal but for the hash label that the controller adds."""
    ours, theirs = meta.clone(_template(each)), _template(obj)
    labels = (ours.get("metadata") or {}).get("labels") or {}
    labels.pop("pod-template-hash", None)
    return {**ours, "metadata": _bare(ours)} == {**theirs, "metadata": _bare(theirs)}


def _bare(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (found.get("metadata") or {}).items() if value and name != "creationTimestamp"}


def _replica_set(each: meta.Object) -> str:
    made, wanted = (meta.at(each, part, "replicas", default=0) for part in ("status", "spec"))
    return f"{meta.name(each)} ({made}/{wanted} replicas created)"


def replicaset(obj: meta.Object, reader: describing.Reader) -> str:
    """With the state of its pods."""
    return _replicated(obj, reader, selectors.show(meta.at(obj, "spec", "selector", default={})))


def replicationcontroller(obj: meta.Object, reader: describing.Reader) -> str:
    """With the state of its pods."""
    return _replicated(obj, reader, describing.joined(meta.at(obj, "spec", "selector")), with_owner=False)


def _replicated(obj: meta.Object, reader: describing.Reader, selector: str, *, with_owner: bool = True) -> str:
    page = describing.Page()
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("Selector", selector)
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    if with_owner:
        describing.controlled_by(page, obj)
    current, desired = (meta.at(obj, part, "replicas", default=0) for part in ("status", "spec"))
    page.field("Replicas", f"{current} current / {desired} desired")
    _pod_counts(page, obj, reader)
    template(page, meta.at(obj, "spec", "template"))
    describing.conditions(page, obj)
    return describing.end(page, obj, reader)


def statefulset(obj: meta.Object, reader: describing.Reader) -> str:
    """With its volume claims."""
    page, spec = describing.Page(), obj["spec"]
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    page.field("Selector", _selector(spec.get("selector")))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    page.field("Replicas", f"{spec.get('replicas') or 0} desired | {meta.at(obj, 'status', 'replicas', default=0)} total")
    page.field("Update Strategy", meta.at(spec, "updateStrategy", "type", default=""))
    rolling = meta.at(spec, "updateStrategy", "rollingUpdate", default={})
    if rolling.get("partition") is not None:
        page.field("Partition", rolling["partition"], 1)
        if rolling.get("maxUnavailable") is not None:
            page.field("MaxUnavailable", rolling["maxUnavailable"], 1)
    _pod_counts(page, obj, reader)
    template(page, _template(obj))
    _claims(page, spec.get("volumeClaimTemplates") or ())
    return describing.end(page, obj, reader)


def _claims(page: describing.Page, claims: Sequence[meta.Object]) -> None:
    page.line("Volume Claims:", *(() if claims else (describing.NONE,)))
    for claim in claims:
        page.field("Name", meta.name(claim), 1)
        page.field("StorageClass", cells.storage_class(claim), 1)
        describing.labels(page, "Labels", meta.labels(claim), "  ")
        describing.labels(page, "Annotations", meta.annotations(claim), "  ")
        size = meta.at(claim, "spec", "resources", "requests", "storage")
        page.field("Capacity", "<default>" if size is None else describing.quantity(size), 1)
        page.field("Access Modes", describing.go(meta.at(claim, "spec", "accessModes", default=[])), 1)


def daemonset(obj: meta.Object, reader: describing.Reader) -> str:
    """With how many nodes it covers."""
    page, spec, status = describing.Page(), obj["spec"], obj.get("status") or {}
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("Selector", _selector(spec.get("selector")))
    page.field("Node-Selector", describing.joined(meta.at(spec, "template", "spec", "nodeSelector")))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    for text, field in (
        ("Desired Number of Nodes Scheduled", "desiredNumberScheduled"),
        ("Current Number of Nodes Scheduled", "currentNumberScheduled"),
        ("Number of Nodes Scheduled with Up-to-date Pods", "updatedNumberScheduled"),
        ("Number of Nodes Scheduled with Available Pods", "numberAvailable"),
        ("Number of Nodes Misscheduled", "numberMisscheduled"),
    ):
        page.line(f"{text}: {status.get(field) or 0}")
    _pod_counts(page, obj, reader)
    template(page, _template(obj))
    return describing.end(page, obj, reader)


def job(obj: meta.Object, reader: describing.Reader) -> str:
    """With its progress."""
    page, spec, status = describing.Page(), obj["spec"], obj.get("status") or {}
    page.field("Name", meta.name(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("Selector", _selector(spec.get("selector")))
    describing.labels(page, "Labels", meta.labels(obj))
    describing.annotated(page, "Annotations", meta.annotations(obj))
    describing.controlled_by(page, obj)
    started, ended = status.get("startTime"), status.get("completionTime")
    for label, value in (
        ("Parallelism", spec.get("parallelism")),
        ("Completions", spec.get("completions", describing.UNSET)),
        ("Completion Mode", spec.get("completionMode")),
        ("Suspend", None if spec.get("suspend") is None else describing.go(spec["suspend"])),
        ("Backoff Limit", spec.get("backoffLimit")),
        ("TTL Seconds After Finished", spec.get("ttlSecondsAfterFinished")),
        ("Start Time", describing.moment(started) if started else None),
        ("Completed At", describing.moment(ended) if ended else None),
        ("Duration", times.human(times.parse(ended) - times.parse(started)) if started and ended else None),
        ("Active Deadline Seconds", _seconds(spec.get("activeDeadlineSeconds"))),
    ):
        if value is not None:
            page.field(label, value)
    ready = status.get("ready")
    active = f"{status.get('active') or 0} Active{'' if ready is None else f' ({ready} Ready)'}"
    page.field("Pods Statuses", f"{active} / {status.get('succeeded') or 0} Succeeded / {status.get('failed') or 0} Failed")
    if spec.get("completionMode") == "Indexed":
        page.field("Completed Indexes", _indexes(status.get("completedIndexes") or ""))
    template(page, _template(obj))
    return describing.end(page, obj, reader)


def _seconds(value: int | None) -> str | None:
    return None if value is None else f"{value}s"


def _indexes(text: str) -> str:
    if not text:
        return describing.NONE
    cut = text.find(",", SHOWN_INDEXES)
    return text if cut < 0 else f"{text[: cut + 1]}..."


def cronjob(obj: meta.Object, reader: describing.Reader) -> str:
    """With the jobs it is running."""
    page, spec = describing.begin(obj), obj["spec"]
    jobs, status = meta.at(spec, "jobTemplate", "spec", default={}), obj.get("status") or {}
    page.field("Schedule", spec.get("schedule", ""))
    page.field("Concurrency Policy", spec.get("concurrencyPolicy", ""))
    page.field("Suspend", describing.truth(spec.get("suspend")))
    page.field("Time Zone", spec.get("timeZone", describing.UNSET))
    page.field("Successful Job History Limit", spec.get("successfulJobsHistoryLimit", describing.UNSET))
    page.field("Failed Job History Limit", spec.get("failedJobsHistoryLimit", describing.UNSET))
    page.field("Starting Deadline Seconds", _seconds(spec.get("startingDeadlineSeconds")) or describing.UNSET)
    page.field("Selector", _selector(jobs["selector"]) if jobs.get("selector") else describing.UNSET)
    page.field("Parallelism", jobs.get("parallelism", describing.UNSET))
    page.field("Completions", jobs.get("completions", describing.UNSET))
    if jobs.get("activeDeadlineSeconds") is not None:
        page.field("Active Deadline Seconds", _seconds(jobs["activeDeadlineSeconds"]))
    template(page, jobs.get("template") or {})
    last = status.get("lastScheduleTime")
    page.field("Last Schedule Time", describing.moment(last) if last else describing.UNSET)
    page.field("Active Jobs", ", ".join(each.get("name", "") for each in status.get("active") or ()) or describing.NONE)
    return describing.end(page, obj, reader)


def _selector(found: dict[str, Any] | None) -> str:
    """As a query, which is empty where `selectors.show` says `<none>`."""
    return str(selectors.of(found)) if found else ""
