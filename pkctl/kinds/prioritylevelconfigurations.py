"""PriorityLevelConfiguration: pkctl stores it and does not act upon it.

Follows pkg/apis/flowcontrol/{v1/defaults.go,validation} and apiserver/pkg/util/shufflesharding of Kubernetes.
"""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, flowschemas, gostructs
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUEUING = {"queues": 64, "handSize": 8, "queueLengthLimit": 50}
COLUMNS = (
    shared.NAME,
    columns.Column("Type", description="type indicates whether this priority level is subject to limitation on request execution."),
    columns.Column("NominalConcurrencyShares", description="Contributes to the computation of the concurrency limit of this level."),
    columns.Column("Queues", description="queues is the number of queues for this priority level."),
    columns.Column("HandSize", description="handSize configures the shuffle sharding of requests into queues."),
    columns.Column("QueueLengthLimit", description="The maximum number of requests allowed to be waiting in a given queue."),
    shared.AGE,
)


TYPES, RESPONSES = ("Exempt", "Limited"), ("Queue", "Reject")
NOT_NEGATIVE, PERCENT = "must be a non-negative integer", "must be between 0 and 100, inclusive"
MOST_QUEUES, HASH_BITS = 10**7, 60
MANDATORY: dict[str, dict[str, Any]] = {
    "exempt": {"type": "Exempt"},
    "catch-all": {
        "type": "Limited",
        "limited": {"nominalConcurrencyShares": 5, "lendablePercent": 0, "limitResponse": {"type": "Reject"}},
    },
}
"""Levels that every cluster has in exactly this form, but for what `exempt` says in its field of that name."""


def default(obj: meta.Object) -> None:
    """The server's usual numbers."""
    spec = obj["spec"] = obj.get("spec") or {}
    for part, shares in (("exempt", 0), ("limited", 30)):
        if spec.get(part) is not None:
            spec[part].setdefault("nominalConcurrencyShares", shares)
            spec[part].setdefault("lendablePercent", 0)
    queuing = meta.at(spec, "limited", "limitResponse", "queuing")
    for name, value in QUEUING.items() if queuing is not None else ():
        queuing[name] = queuing.get(name) or value


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Its type and that type's numbers; those that every cluster has are fixed."""
    spec, name = new.get("spec") or {}, meta.name(new)
    kind, limited, exempt = spec.get("type") or "", spec.get("limited"), spec.get("exempt")
    found: list[fields.Problem] = []
    if (name == "exempt") != (kind == "Exempt"):
        found.append(fields.invalid("spec.type", kind, "type must be 'Exempt' if and only if name is 'exempt'"))
    if kind not in TYPES:
        found.append(fields.unsupported("spec.type", kind, TYPES))
    elif kind == "Exempt":
        found += [fields.forbidden("spec.limited", "must be nil if the type is not Limited")] if limited is not None else []
        found += _shares(exempt or {}, "spec.exempt")
    else:
        found += [fields.forbidden("spec.exempt", "must be nil if the type is Limited")] if exempt is not None else []
        missing = [fields.required("spec.limited", "must not be empty when type is Limited")]
        found += _limited(limited) if limited is not None else missing
    return found + _fixed(spec, name)


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Conditions: each type once."""
    return flowschemas.conditions(meta.at(new, "status", "conditions", default=()))


def _fixed(spec: dict[str, Any], name: str) -> list[fields.Problem]:
    wanted = MANDATORY.get(name)
    if wanted is None:
        return []
    ours = {**spec, "exempt": None} if name == "exempt" else spec
    if gostructs.same("PriorityLevelSpec", ours, wanted):
        return []
    save = " except the 'spec.exempt' field" if name == "exempt" else ""
    shown = gostructs.shown("PriorityLevelSpec", spec)
    return [checks.struct("spec", shown, f"spec of '{name}'{save} must equal the fixed value")]


def _shares(part: dict[str, Any], at: str) -> list[fields.Problem]:
    shares, lent = part.get("nominalConcurrencyShares"), part.get("lendablePercent")
    found = []
    if shares is not None and shares < 0:
        found.append(fields.invalid(f"{at}.nominalConcurrencyShares", shares, NOT_NEGATIVE))
    if lent is not None and not 0 <= lent <= 100:
        found.append(fields.invalid(f"{at}.lendablePercent", lent, PERCENT))
    return found


def _limited(limited: dict[str, Any]) -> list[fields.Problem]:
    at, response, borrowed = "spec.limited", limited.get("limitResponse") or {}, limited.get("borrowingLimitPercent")
    wrong = {problem.field: problem for problem in _shares(limited, at)}
    shares, lent = wrong.get(f"{at}.nominalConcurrencyShares"), wrong.get(f"{at}.lendablePercent")
    found = [*([shares] if shares else []), *_response(response, f"{at}.limitResponse"), *([lent] if lent else [])]
    if borrowed is not None and borrowed < 0:
        found.append(fields.invalid(f"{at}.borrowingLimitPercent", borrowed, f"if specified, {NOT_NEGATIVE}"))
    return found


def _response(response: dict[str, Any], at: str) -> list[fields.Problem]:
    kind, queuing = response.get("type") or "", response.get("queuing")
    if kind not in RESPONSES:
        return [fields.unsupported(f"{at}.type", kind, RESPONSES)]
    if kind == "Reject":
        text = "must be nil if limited.limitResponse.type is not Limited"
        return [fields.forbidden(f"{at}.queuing", text)] if queuing is not None else []
    if queuing is None:
        return [fields.required(f"{at}.queuing", "must not be empty if limited.limitResponse.type is Limited")]
    return _queuing(queuing, f"{at}.queuing")


def _queuing(queuing: dict[str, Any], at: str) -> list[fields.Problem]:
    from math import ceil, log2

    queues, hand, length = queuing["queues"], queuing["handSize"], queuing["queueLengthLimit"]
    found = [fields.invalid(f"{at}.queueLengthLimit", length, "must be positive")] if length <= 0 else []
    if queues <= 0:
        found.append(fields.invalid(f"{at}.queues", queues, "must be positive"))
    elif queues > MOST_QUEUES:
        found.append(fields.invalid(f"{at}.queues", queues, f"must not be greater than {MOST_QUEUES}"))
    if hand <= 0:
        found.append(fields.invalid(f"{at}.handSize", hand, "must be positive"))
    elif hand > queues:
        found.append(fields.invalid(f"{at}.handSize", hand, f"should not be greater than queues ({queues})"))
    elif ceil(log2(queues) * hand) > HASH_BITS:
        text = f"required entropy bits of deckSize {queues} and handSize {hand} should not be greater than {HASH_BITS}"
        found.append(fields.invalid(f"{at}.handSize", hand, text))
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    limited = meta.at(obj, "spec", "limited")
    shares = shared.NONE if limited is None else limited.get("nominalConcurrencyShares", shared.NONE)
    queuing = meta.at(limited or {}, "limitResponse", "queuing")
    numbers = [shared.NONE if queuing is None else queuing.get(name, 0) for name in QUEUING]
    return [meta.name(obj), meta.at(obj, "spec", "type", default=""), shares, *numbers, shared.age(obj, now)]
