"""What may still change once a pod exists.

Follows ValidatePodUpdate and ValidatePodEphemeralContainersUpdate of pkg/apis/core/validation/validation.go. Not here: `podresizes`.
Upstream adds what differs as its test library shows it, in a form that library promises to keep changing; ours names the fields.
"""

from __future__ import annotations

from pkctl.kinds import checks, gostructs
from pkctl.kinds.podspec import validation_scheduling
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

CHANGEABLE = (
    "`spec.containers[*].image`",
    "`spec.initContainers[*].image`",
    "`spec.activeDeadlineSeconds`",
    "`spec.tolerations` (only additions to existing tolerations)",
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
)
MIRROR = "kubernetes.io/config.mirror"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
MOST_SECONDS = 2**31 - 1
CONTAINER_LISTS = ("containers", "initContainers")
REQUIRED_TERMS = "requiredDuringSchedulingIgnoredDuringExecution"
ADDED_TERMS = "no additions/deletions to non-empty NodeSelectorTerms list are allowed"
ONLY_MORE_LABELS = "only additions to spec.nodeSelector are allowed (no mutations or deletions)"
ONLY_MORE_WISHES = "only additions are allowed (no mutations or deletions)"


def changes(new: Object, old: Object) -> list[Problem]:
    """Every forbidden difference between two forms of one pod, both defaulted."""
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    problems = notes(new, old)
    for kind in CONTAINER_LISTS:
        if len(spec.get(kind) or ()) != len(before.get(kind) or ()):
            return [*problems, fields.forbidden(f"spec.{kind}", "pod updates may not add or remove containers")]
    deadline = _deadline(spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds"))
    if deadline and spec.get("activeDeadlineSeconds") is not None:
        return problems + deadline
    problems += deadline + _tolerations(spec.get("tolerations") or (), before.get("tolerations") or ())
    problems += _gates(spec, before)
    if spec == before:
        return problems
    if before.get("schedulingGates"):
        problems += _wishes(spec, before)
    fixed = _fixed(spec, before)
    if fixed == before:
        return problems
    return [*problems, fields.forbidden("spec", f"pod updates may not change fields other than {','.join(CHANGEABLE)}")]


def notes(new: Object, old: Object) -> list[Problem]:
    """The annotations of a node's own pods, and of AppArmor, stay as they were."""
    now, before = meta.annotations(new), meta.annotations(old)
    problems: list[Problem] = []
    for key in sorted(each for each in {*now, *before} if each == MIRROR or each.startswith(APPARMOR)):
        what = "mirror pod annotation" if key == MIRROR else "AppArmor annotations"
        if key in before and now.get(key) != before[key]:
            problems.append(fields.forbidden(f"metadata.annotations[{key}]", f"may not remove or update {what}"))
        elif key not in before:
            problems.append(fields.forbidden(f"metadata.annotations[{key}]", f"may not add {what}"))
    return problems


def ephemeral_changes(new: Object, old: Object) -> list[Problem]:
    """Of the ephemeralcontainers subresource: containers may only be added, and never to a node's own pod."""
    if MIRROR in meta.annotations(old):
        return [fields.forbidden("[]", "static pods do not support ephemeral containers")]
    path = "spec.ephemeralContainers"
    now = {each.get("name"): each for each in (new.get("spec") or {}).get("ephemeralContainers") or ()}
    problems: list[Problem] = []
    for container in (old.get("spec") or {}).get("ephemeralContainers") or ():
        name = container.get("name", "")
        if name not in now:
            problems.append(fields.forbidden(path, f"existing ephemeral containers {fields.quoted(name)} may not be removed\n"))
        elif now[name] != container:
            problems.append(fields.forbidden(path, f"existing ephemeral containers {fields.quoted(name)} may not be changed\n"))
    return problems


def _deadline(new: int | None, old: int | None) -> list[Problem]:
    path = "spec.activeDeadlineSeconds"
    if new is None:
        text = "must not update from a positive integer to nil value"
        return [] if old is None else [fields.invalid(path, None, text)]
    wrong = checks.between(new, path, 0, MOST_SECONDS)
    if not wrong and old is not None and old < new:
        return [fields.invalid(path, new, "must be less than or equal to previous value")]
    return wrong


def _tolerations(new: Sequence[Object], old: Sequence[Object]) -> list[Problem]:
    def loose(toleration: Object) -> Object:
        return {name: value for name, value in toleration.items() if name != "tolerationSeconds"}

    present = [loose(each) for each in new]
    if all(loose(each) in present for each in old):
        return validation_scheduling.tolerations(new, "spec.tolerations")
    text = "existing toleration can not be modified except its tolerationSeconds"
    return [fields.forbidden("spec.tolerations", text)]


def _gates(spec: Object, before: Object) -> list[Problem]:
    path = "spec.schedulingGates"
    known = {gate.get("name") for gate in before.get("schedulingGates") or ()}
    return [
        fields.forbidden(f"{path}[{index}].name", "only deletion is allowed, but found new scheduling gate '" + str(gate.get("name")) + "'")
        for index, gate in enumerate(spec.get("schedulingGates") or ())
        if gate.get("name") not in known
    ]


def _wishes(spec: Object, before: Object) -> list[Problem]:
    """A pod that still waits at a gate may become choosier about nodes."""
    problems: list[Problem] = []
    labels, known = spec.get("nodeSelector") or {}, before.get("nodeSelector") or {}
    if any(labels.get(key) != value for key, value in known.items()):
        problems.append(fields.invalid("spec.nodeSelector", spec.get("nodeSelector"), ONLY_MORE_LABELS))
    path = f"spec.affinity.nodeAffinity.{REQUIRED_TERMS}.nodeSelectorTerms"
    now, then = (meta.at(each, "affinity", "nodeAffinity", REQUIRED_TERMS, "nodeSelectorTerms", default=[]) for each in (spec, before))
    shown = [gostructs.shown("NodeTerm", term) for term in now]
    if then and len(now) != len(then):
        return [*problems, fields.Problem(path, "FieldValueInvalid", f"Invalid value: {_json(shown or None)}: {ADDED_TERMS}")]
    for index, (term, past) in enumerate(zip(now, then, strict=False)):
        if not _has_more(term, past):
            problems.append(checks.struct(f"{path}[{index}]", shown[index], ONLY_MORE_WISHES))
    return problems


def _json(value: Any) -> str:
    from pkctl.objects import texts

    return texts.dumps(value)


def _has_more(term: Object, past: Object) -> bool:
    parts = [(term.get(name) or [], past.get(name) or []) for name in ("matchExpressions", "matchFields")]
    if not any(then for _, then in parts):
        return not any(now for now, _ in parts)
    return all(now[: len(then)] == then for now, then in parts)


def _fixed(spec: Object, before: Object) -> Object:
    """The new spec with everything that may change put back as it was."""
    fixed = dict(spec)
    for kind in CONTAINER_LISTS:
        if spec.get(kind):
            pairs = zip(spec[kind], before[kind], strict=True)
            fixed[kind] = [{**each, "image": was.get("image")} for each, was in pairs]
    # A bound pod comes through here too: the scheduler's answer is the one change of nodeName there is.
    loose = ["activeDeadlineSeconds", "tolerations", "schedulingGates", *([] if before.get("nodeName") else ["nodeName"])]
    if (before.get("terminationGracePeriodSeconds") or 0) < 0 and spec.get("terminationGracePeriodSeconds") == 1:
        loose.append("terminationGracePeriodSeconds")
    if before.get("schedulingGates"):
        loose.append("nodeSelector")
        fixed["affinity"] = _fixed_affinity(spec.get("affinity"), before.get("affinity"))
    for name in loose:
        fixed.pop(name, None)
        if name in before:
            fixed[name] = before[name]
    if fixed.get("affinity") is None:
        fixed.pop("affinity", None)
    return fixed


def _fixed_affinity(new: Object | None, old: Object | None) -> Object | None:
    """The affinity with the old one's wishes about nodes, which are judged apart."""
    others = {name: value for name, value in (new or {}).items() if name != "nodeAffinity"}
    kept = (old or {}).get("nodeAffinity")
    return {**others, "nodeAffinity": kept} if kept is not None else others if others or old is not None else None
