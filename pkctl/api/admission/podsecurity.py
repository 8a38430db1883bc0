"""PodSecurity: a namespace's labels say which of the Pod Security Standards its pods keep, and whom it is told when they don't.

Follows k8s.io/pod-security-admission/admission and api/helpers.go. The standards themselves are kinds/podspec/standards. There is no
audit log, so the `audit` labels are only checked for their values; setting one is warned about.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.api.session import Session
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

    Level = tuple[str, str]

PREFIX = "pod-security.kubernetes.io/"
LEVELS = ("privileged", "baseline", "restricted")
DEFAULT: Level = ("privileged", "latest")
MODES = ("enforce", "audit", "warn")
NO_AUDIT = f"pkctl does not honour {PREFIX}audit: there is no audit log"
MOST_PODS = 3000


def wanted(labels: dict[str, str]) -> tuple[dict[str, Level], list[Problem]]:
    """The level and version of each mode, and what is wrong with the labels; what can't be read counts as the strictest to enforce."""
    found, problems = {}, []
    for mode in MODES:
        level, version = labels.get(PREFIX + mode, DEFAULT[0]), labels.get(f"{PREFIX}{mode}-version", DEFAULT[1])
        if level not in LEVELS:
            problems.append(fields.invalid(f"metadata.labels[{PREFIX}{mode}]", level, f"must be one of {', '.join(LEVELS)}"))
            level = "restricted" if mode == "enforce" else "privileged"
        if _minor(version) is None:
            path = f"metadata.labels[{PREFIX}{mode}-version]"
            problems.append(fields.invalid(path, version, 'must be "latest" or "v1.x"'))
            version = "latest"
        found[mode] = (level, version)
    return found, problems


def _minor(version: str) -> int | None:
    if version == "latest":
        from pkctl.objects import versions

        return int(versions.KUBERNETES[1])
    number = version.removeprefix("v1.")
    is_number = number != version and number.isascii() and number.isdigit() and (number == "0" or number[0] != "0")
    return int(number) if is_number else None


def check_namespace(request: Request) -> None:
    """The labels must be right; a stricter level is told which pods are already there that break it."""
    if not _is_labelled(request.new) and not _is_labelled(request.old):
        return
    new, problems = wanted(meta.labels(request.new))
    old, known = wanted(meta.labels(request.old or {}))
    if problems and [str(each) for each in problems] != [str(each) for each in known]:
        raise refusals.invalid(request.row, request.name, problems)
    if PREFIX + "audit" in meta.labels(request.new) and PREFIX + "audit" not in meta.labels(request.old or {}):
        request.session.warn(NO_AUDIT)
    if request.verb == "update" and _is_stricter(new["enforce"], old["enforce"]):
        for text in _told_of_pods(request.session, request.name, new["enforce"]):
            request.session.warn(text)


def _is_labelled(obj: Object | None) -> bool:
    return any(key.startswith(PREFIX) for key in meta.labels(obj or {}))


def _is_stricter(new: Level, old: Level) -> bool:
    if new == old or new[0] == "privileged":
        return False
    return new[1] != old[1] or LEVELS.index(new[0]) > LEVELS.index(old[0])


def _told_of_pods(session: Session, namespace: str, level: Level) -> list[str]:
    pods = session.read_all("pods", namespace)
    names: dict[str, list[str]] = {}
    for pod in pods[:MOST_PODS]:
        reasons = [reason for reason, _ in _violations(level, pod["metadata"], pod["spec"])]
        if reasons:
            names.setdefault(", ".join(reasons), []).append(meta.name(pod))
    texts = []
    if len(pods) > MOST_PODS:
        texts.append(f"new PodSecurity enforce level only checked against the first {MOST_PODS} of {len(pods)} existing pods")
    if names:
        texts.append(f'existing pods in namespace "{namespace}" violate the new PodSecurity enforce level "{":".join(level)}"')
    return texts + sorted(f"{_first(found)}: {reasons}" for reasons, found in names.items())


def _first(names: list[str]) -> str:
    others = len(names) - 1
    return min(names) + (f" (and {others} other pod{'' if others == 1 else 's'})" if others else "")


def _violations(level: Level, metadata: Object, spec: Object) -> list[tuple[str, str]]:
    from pkctl.kinds.podspec import standards

    return standards.violations(level[0], _minor(level[1]) or 0, metadata, spec)


def check_pod(request: Request) -> None:
    """Forbidden for a pod that breaks what its namespace enforces; a warning for what it warns of."""
    levels = _levels(request)
    if levels["enforce"][0] == levels["warn"][0] == "privileged" or not _matters(request.new, request.old):
        return
    from pkctl.kinds.podspec import standards

    metadata, spec = request.new["metadata"], request.new["spec"]
    if found := _violations(levels["enforce"], metadata, spec):
        text = f'violates PodSecurity "{":".join(levels["enforce"])}": {standards.shown(found)}'
        raise refusals.forbidden(request.row, request.name, text)
    _warn(request, levels["warn"], metadata, spec)


def warn_of_template(request: Request) -> None:
    """What makes pods is never refused, only warned about."""
    from pkctl.kinds import warnings

    level = _levels(request)["warn"]
    template = warnings.template(request.row.id, request.new)
    if level[0] != "privileged" and template:
        _warn(request, level, template.get("metadata") or {}, template.get("spec") or {})


def _warn(request: Request, level: Level, metadata: Object, spec: Object) -> None:
    from pkctl.kinds.podspec import standards

    if found := _violations(level, metadata, spec):
        request.session.warn(f'would violate PodSecurity "{":".join(level)}": {standards.shown(found)}')


def _levels(request: Request) -> dict[str, Level]:
    """What the request's namespace wants; its text tells cheaply when it wants nothing."""
    session = request.session
    entry = session.tx.get(session.row("namespaces").key("", request.namespace))
    if entry is None or PREFIX not in entry.text:
        return dict.fromkeys(MODES, DEFAULT)
    return wanted(meta.labels(session.decode(entry)))[0]


def _matters(new: Object, old: Object | None) -> bool:
    """Whether an update changes anything that the standards look at: images, seccomp annotations, ephemeral containers."""
    return old is None or _weighed(new) != _weighed(old)


def _weighed(pod: Object) -> object:
    spec = pod["spec"]
    seccomp = {key: value for key, value in meta.annotations(pod).items() if "seccomp.security.alpha.kubernetes.io/" in key}
    parts = ("containers", "initContainers", "ephemeralContainers")
    return seccomp, [[(each["name"], each.get("image")) for each in spec.get(part) or ()] for part in parts]
