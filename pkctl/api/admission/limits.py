"""LimitRanger: a namespace's default requests and limits, and the bounds that they must keep.

Follows plugin/pkg/admission/limitranger.
"""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import meta, quantities

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object

    Amounts = dict[str, str]

RANGES = "limitranges"
NOTE = "kubernetes.io/limit-ranger"
KINDS = ("containers", "initContainers")


def fill(request: Request) -> None:
    """Give containers the defaults of every range, and note in the pod which."""
    said: list[str] = []
    for limit in _limits(request, "Container"):
        for field in KINDS:
            for container in request.new["spec"].get(field) or ():
                said += _fill_container(container, limit, "container" if field == "containers" else "init container")
    if said:
        metadata = request.new["metadata"]
        metadata["annotations"] = {**(metadata.get("annotations") or {}), NOTE: f"LimitRanger plugin set: {'; '.join(said)}"}


def _fill_container(container: Object, limit: Object, word: str) -> list[str]:
    said = []
    resources = container.setdefault("resources", {})
    for part, source, shown in (("requests", "defaultRequest", "request"), ("limits", "default", "limit")):
        missing = {key: value for key, value in (limit.get(source) or {}).items() if key not in (resources.get(part) or {})}
        if missing:
            resources[part] = {**(resources.get(part) or {}), **missing}
            said.append(f"{', '.join(sorted(missing))} {shown} for {word} {container.get('name', '')}")
    return said


def check(request: Request) -> None:
    """Forbidden with everything that is out of the bounds of one range."""
    judge = _of_claim if request.row.id == "persistentvolumeclaims" else _of_pod
    for found in request.session.read_all(RANGES, request.namespace):
        # Kubernetes' aggregated errors say the same thing only once.
        problems = list(dict.fromkeys(judge(request.new, meta.at(found, "spec", "limits", default=[]))))
        if problems:
            text = problems[0] if len(problems) == 1 else f"[{', '.join(problems)}]"
            raise refusals.forbidden(request.row, request.name, text)


def _limits(request: Request, kind: str) -> list[Object]:
    """The limits of one type, of every range of the namespace."""
    found = request.session.read_all(RANGES, request.namespace)
    return [limit for each in found for limit in meta.at(each, "spec", "limits", default=()) if limit.get("type") == kind]


def _of_claim(claim: Object, limits: list[Object]) -> list[str]:
    asked = meta.at(claim, "spec", "resources", "requests", default={})
    problems = []
    for limit in limits:
        if limit.get("type") == "PersistentVolumeClaim":
            problems += [_least(name, limit["type"], value, asked, {}) for name, value in sorted((limit.get("min") or {}).items())]
            problems += [_most(name, limit["type"], value, asked, "request") for name, value in sorted((limit.get("max") or {}).items())]
    return [text for text in problems if text]


def _of_pod(pod: Object, limits: list[Object]) -> list[str]:
    problems: list[str] = []
    for limit in limits:
        kind = limit.get("type", "")
        if kind == "Container":
            for container in (each for field in KINDS for each in pod["spec"].get(field) or ()):
                resources = container.get("resources") or {}
                problems += _bounds(limit, kind, resources.get("requests") or {}, resources.get("limits") or {})
        elif kind == "Pod":
            from pkctl.kinds.podspec import requests

            asked, most = (
                {name: requests.shown(amount) for name, amount in sums.items()}
                for sums in (requests.of_containers(pod["spec"]), requests.of_containers(pod["spec"], "limits"))
            )
            problems += _bounds(limit, kind, asked, most)
    return problems


def _bounds(limit: Object, kind: str, asked: Amounts, most: Amounts) -> list[str]:
    found = [_least(name, kind, value, asked, most) for name, value in sorted((limit.get("min") or {}).items())]
    for name, value in sorted((limit.get("max") or {}).items()):
        found.append(_most(name, kind, value, most, "limit") or (_most(name, kind, value, asked, "request") if name in asked else ""))
    found += [_ratio(name, kind, value, asked, most) for name, value in sorted((limit.get("maxLimitRequestRatio") or {}).items())]
    return [text for text in found if text]


def _least(name: str, kind: str, bound: str, asked: Amounts, most: Amounts) -> str:
    text = f"minimum {name} usage per {kind} is {bound}"
    if name not in asked:
        return f"{text}.  No request is specified"
    for amounts, word in ((asked, "request"), (most, "limit")):
        if name in amounts and quantities.compare(amounts[name], bound) < 0:
            return f"{text}, but {word} is {amounts[name]}"
    return ""


def _most(name: str, kind: str, bound: str, amounts: Amounts, word: str) -> str:
    text = f"maximum {name} usage per {kind} is {bound}"
    if name not in amounts:
        return f"{text}.  No {word} is specified"
    return f"{text}, but {word} is {amounts[name]}" if quantities.compare(amounts[name], bound) > 0 else ""


def _ratio(name: str, kind: str, bound: str, asked: Amounts, most: Amounts) -> str:
    text = f"{name} max limit to request ratio per {kind} is {bound}, but"
    for amounts, word in ((asked, "request"), (most, "limit")):
        if name not in amounts or not quantities.parse(amounts[name]):
            return f"{text} no {word} is specified or {word} is 0"
    ratio = quantities.parse(most[name]) / quantities.parse(asked[name])
    return f"{text} provided ratio is {float(ratio):f}" if ratio > quantities.parse(bound) else ""
