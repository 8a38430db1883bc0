"""What deserves a warning in a pod or a pod template although it is valid.

Follows pkg/api/pod/warnings.go and pkg/api/node/util.go. What pkctl itself does not honour is `unsupported`.
"""

from __future__ import annotations

from pkctl.kinds.podspec import containers, warnings_volumes
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.objects.meta import Object

NODE_LABELS = {
    "beta.kubernetes.io/arch": 'deprecated since v1.14; use "kubernetes.io/arch" instead',
    "beta.kubernetes.io/os": 'deprecated since v1.14; use "kubernetes.io/os" instead',
    "failure-domain.beta.kubernetes.io/region": 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
    "failure-domain.beta.kubernetes.io/zone": 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    "beta.kubernetes.io/instance-type": 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
    "app.kubernetes.io/created-by": "deprecated since v1.9",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
    "node-role.kubernetes.io/master": 'use "node-role.kubernetes.io/control-plane" instead',
}
ANNOTATIONS = {
    "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
    "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
    "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
}
VOLUMES = {
    "photonPersistentDisk": "deprecated in v1.11, non-functional in v1.16+",
    "gitRepo": "deprecated in v1.11, and disabled by default in v1.33+",
    "scaleIO": "deprecated in v1.16, non-functional in v1.22+",
    "flocker": "deprecated in v1.22, non-functional in v1.25+",
    "storageos": "deprecated in v1.22, non-functional in v1.25+",
    "quobyte": "deprecated in v1.22, non-functional in v1.25+",
    "glusterfs": "deprecated in v1.25, non-functional in v1.26+",
    "cephfs": "deprecated in v1.28, non-functional in v1.31+",
    "rbd": "deprecated in v1.28, non-functional in v1.31+",
}
SECCOMP_POD, SECCOMP = "seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/"
APPARMOR = "container.apparmor.security.beta.kubernetes.io/"
OLD_SECCOMP = 'non-functional in v1.27+; use the "seccompProfile" field instead'
OLD_APPARMOR = 'deprecated since v1.30; use the "appArmorProfile" field instead'
NO_POD = "a null labelSelector results in matching no pod"
NEGATIVE = "must be >= 0; negative values are invalid and will be treated as 1"
WHOLE = ("memory", "ephemeral-storage")
"""Resources counted in whole bytes."""


def pod(obj: Object, at: str = "") -> list[str]:
    """Every warning about a pod, or about a template that stands `at` a field (`spec.template`)."""
    spec, notes = obj.get("spec") or {}, meta.annotations(obj)
    root = f"{at}." if at else ""
    found = [*_selection(spec, f"{root}spec")]
    found += [f"{root}metadata.annotations[{key}]: {text}" for key, text in ANNOTATIONS.items() if key in notes]
    found += [*_volumes(spec, f"{root}spec"), *warnings_volumes.overlapping(spec.get("volumes") or ()), *_duplicates(spec, f"{root}spec")]
    found += _fractions(spec.get("overhead"), f"{root}spec.overhead")
    if SECCOMP_POD in notes and meta.at(spec, "securityContext", "seccompProfile") is None:
        found.append(f"{root}metadata.annotations[{SECCOMP_POD}]: {OLD_SECCOMP}")
    for container, field in containers.placed(spec, f"{root}spec"):
        found += _profiles(spec, container, notes, f"{root}metadata.annotations", is_template=bool(at))
        for part in ("limits", "requests"):
            found += _fractions(meta.at(container, "resources", part), f"{field}.resources.{part}")
        found += _environment(container, field)
    found += [*_ports(spec, f"{root}spec"), *_port_names(spec, f"{root}spec")]
    if (spec.get("terminationGracePeriodSeconds") or 0) < 0:
        found.append(f"{root}spec.terminationGracePeriodSeconds: {NEGATIVE}")
    return [*found, *_affinities(spec, f"{root}spec")]


def _selection(spec: Object, at: str) -> Iterator[str]:
    for key in sorted(spec.get("nodeSelector") or ()):
        if key in NODE_LABELS:
            yield f"{at}.nodeSelector[{key}]: {NODE_LABELS[key]}"
    affinity = meta.at(spec, "affinity", "nodeAffinity", default={})
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    for number, term in enumerate(meta.at(affinity, required, "nodeSelectorTerms", default=())):
        yield from node_term(term, f"{at}.affinity.nodeAffinity.{required}.nodeSelectorTerms[{number}]")
    preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    for number, term in enumerate(affinity.get(preferred) or ()):
        yield from node_term(term.get("preference") or {}, f"{at}.affinity.nodeAffinity.{preferred}[{number}].preference")
    for number, spread in enumerate(spec.get("topologySpreadConstraints") or ()):
        key, field = spread.get("topologyKey"), f"{at}.topologySpreadConstraints[{number}]"
        if key in NODE_LABELS:
            yield f"{field}.topologyKey: {key} is {NODE_LABELS[key]}"
        if spread.get("labelSelector") is None:
            yield f"{field}.labelSelector: {NO_POD}"


def node_term(term: Object, at: str) -> Iterator[str]:
    """Warnings about one node selector term."""
    for number, expression in enumerate(term.get("matchExpressions") or ()):
        key = expression.get("key")
        if key in NODE_LABELS:
            yield f"{at}.matchExpressions[{number}].key: {key} is {NODE_LABELS[key]}"


def _volumes(spec: Object, at: str) -> Iterator[str]:
    for number, volume in enumerate(spec.get("volumes") or ()):
        for kind, text in VOLUMES.items():
            if volume.get(kind) is not None:
                yield f"{at}.volumes[{number}].{'storageOS' if kind == 'storageos' else kind}: {text}"
        claim = meta.at(volume, "ephemeral", "volumeClaimTemplate", "spec")
        if claim:
            yield from claim_spec(claim, f"{at}.volumes[{number}].ephemeral.volumeClaimTemplate.spec")


def claim_spec(spec: Object, at: str) -> Iterator[str]:
    """Warnings about what a claim asks for."""
    for part in ("requests", "limits"):
        amount = meta.at(spec, "resources", part, "storage")
        if amount is not None and _is_fraction(amount):
            yield f'{at}.resources.{part}[storage]: fractional byte value "{amount}" is invalid, must be an integer'


def _duplicates(spec: Object, at: str) -> Iterator[str]:
    for part, field in (("hostAliases", "ip"), ("imagePullSecrets", "name")):
        seen = set()
        for number, each in enumerate(spec.get(part) or ()):
            value = each.get(field) or ""
            if value in seen:
                yield f'{at}.{part}[{number}].{field}: duplicate {field} "{value}"'
            seen.add(value)
    for number, each in enumerate(spec.get("imagePullSecrets") or ()):
        if not each.get("name"):
            yield f'{at}.imagePullSecrets[{number}].name: invalid empty name ""'


def _fractions(amounts: dict[str, Any] | None, at: str) -> Iterator[str]:
    for name in WHOLE:
        amount = (amounts or {}).get(name)
        if amount is not None and _is_fraction(amount):
            yield f'{at}[{name}]: fractional byte value "{amount}" is invalid, must be an integer'


def _is_fraction(amount: Any) -> bool:
    return quantities.parse(amount).denominator != 1


def _profiles(spec: Object, container: Object, notes: dict[str, str], at: str, *, is_template: bool) -> Iterator[str]:
    name, context = container.get("name", ""), container.get("securityContext") or {}
    if SECCOMP + name in notes and context.get("seccompProfile") is None:
        yield f"{at}[{SECCOMP}{name}]: {OLD_SECCOMP}"
    has_profile = meta.at(spec, "securityContext", "appArmorProfile") is not None or context.get("appArmorProfile") is not None
    if is_template and APPARMOR + name in notes and not has_profile:
        yield f"{at}[{APPARMOR}{name}]: {OLD_APPARMOR}"


def _environment(container: Object, at: str) -> Iterator[str]:
    seen = set()
    for number, each in enumerate(container.get("env") or ()):
        name, value = each.get("name", ""), each.get("value") or ""
        reference = f"$({name})"
        if name in seen and (each.get("valueFrom") is not None or value == reference or reference not in value):
            yield f'{at}.env[{number}]: hides previous definition of "{name}", which may be dropped when using apply'
        seen.add(name)


def _ports(spec: Object, at: str) -> Iterator[str]:
    known: dict[tuple[int, str], list[tuple[str, Object]]] = {}
    for container, field in containers.placed(spec, at):
        for number, port in enumerate(container.get("ports") or ()):
            place, own = f"{field}.ports[{number}]", (port.get("containerPort") or 0, port.get("protocol") or "TCP")
            if port.get("hostIP") and not port.get("hostPort"):
                yield f"{place}: hostIP set without hostPort: {_go(port)}"
            for other, before in known.setdefault(own, []):
                if text := _clash(port, before):
                    yield f"{place}: {text} port definition with {other}"
            known[own].append((place, port))


def _port_names(spec: Object, at: str) -> Iterator[str]:
    """Names that two containers give their ports; init containers that end don't count."""
    known: dict[str, str] = {}
    for container, field in containers.placed(spec, at):
        if field.startswith(f"{at}.initContainers") and container.get("restartPolicy") != "Always":
            continue
        for number, port in enumerate(container.get("ports") or ()):
            place, name = f"{field}.ports[{number}]", port.get("name")
            if name and (other := known.setdefault(name, place)) != place:
                text = f'duplicate port name "{name}" with {other}, services and probes that select ports by name will use {other}'
                yield f"{place}: {text}"


def _go(port: Object) -> str:
    """A port as Go's %+v shows it."""
    values = (("Name", ""), ("HostPort", 0), ("ContainerPort", 0), ("Protocol", ""), ("HostIP", ""))
    return "{" + " ".join(f"{name}:{port.get(name[0].lower() + name[1:]) or empty}" for name, empty in values) + "}"


def _clash(one: Object, other: Object) -> str:
    host_ips = one.get("hostIP") or "", other.get("hostIP") or ""
    host_ports = one.get("hostPort") or 0, other.get("hostPort") or 0
    if host_ips[0] == host_ips[1] and host_ports[0] == host_ports[1]:
        return "duplicate"
    if not all(host_ports):
        return "overlapping"
    return "dangerously ambiguous" if host_ports[0] == host_ports[1] and "" in host_ips else ""


def _affinities(spec: Object, at: str) -> Iterator[str]:
    for kind in ("podAffinity", "podAntiAffinity"):
        terms = meta.at(spec, "affinity", kind, default={})
        required, preferred = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"
        for number, term in enumerate(terms.get(required) or ()):
            if term.get("labelSelector") is None:
                yield f"{at}.affinity.{kind}.{required}[{number}].labelSelector: {NO_POD}"
        for number, term in enumerate(terms.get(preferred) or ()):
            if meta.at(term, "podAffinityTerm", "labelSelector") is None:
                yield f"{at}.affinity.{kind}.{preferred}[{number}].podAffinityTerm.labelSelector: {NO_POD}"
