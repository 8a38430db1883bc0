"""What may still change once a pod exists.

Follows ValidatePodUpdate and ValidatePodEphemeralContainersUpdate of pkg/apis/core/validation/validation.go.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.kinds.podspec import requests
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

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
MOST_SECONDS = 2**31 - 1
CONTAINER_LISTS = ("containers", "initContainers")


def changes(new: Object, old: Object) -> list[Problem]:
    """Every forbidden difference between two forms of one pod, both defaulted."""
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    problems = _mirror(new, old)
    for kind in CONTAINER_LISTS:
        if len(spec.get(kind) or ()) != len(before.get(kind) or ()):
            return [*problems, fields.forbidden(f"spec.{kind}", "pod updates may not add or remove containers")]
    deadline = _deadline(spec.get("activeDeadlineSeconds"), before.get("activeDeadlineSeconds"))
    if deadline:
        return problems + deadline
    problems += _tolerations(spec.get("tolerations") or (), before.get("tolerations") or ())
    problems += _gates(spec, before)
    if _fixed(spec, before) == before:
        return problems
    if requests.qos_class(spec) != requests.qos_class(before):
        problems.append(fields.invalid("metadata", (old.get("status") or {}).get("qosClass", ""), "Pod QoS is immutable"))
    return [*problems, fields.forbidden("spec", f"pod updates may not change fields other than {','.join(CHANGEABLE)}")]


def ephemeral_changes(new: Object, old: Object) -> list[Problem]:
    """Of the ephemeralcontainers subresource: containers may only be added."""
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


def _mirror(new: Object, old: Object) -> list[Problem]:
    said = (new.get("metadata") or {}).get("annotations") or {}
    before = (old.get("metadata") or {}).get("annotations") or {}
    if said.get(MIRROR) == before.get(MIRROR):
        return []
    text = "may not remove or update mirror pod annotation" if MIRROR in before else "may not add mirror pod annotation"
    return [fields.forbidden(f"metadata.annotations[{MIRROR}]", text)]


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
        return []
    text = "existing toleration can not be modified except its tolerationSeconds"
    return [fields.forbidden("spec.tolerations", text)]


def _gates(spec: Object, before: Object) -> list[Problem]:
    path = "spec.schedulingGates"
    known = {gate.get("name") for gate in before.get("schedulingGates") or ()}
    return [
        fields.forbidden(f"{path}[{index}]", "only deletion is allowed, but found new scheduling gate '" + str(gate.get("name")) + "'")
        for index, gate in enumerate(spec.get("schedulingGates") or ())
        if gate.get("name") not in known
    ]


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
        loose += ["nodeSelector", "affinity"]
    for name in loose:
        fixed.pop(name, None)
        if name in before:
            fixed[name] = before[name]
    return fixed
