"""The generators of few fields: namespace, serviceaccount, quota, poddisruptionbudget, priorityclass."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """One object of the kind that the command's last word names."""
    return MAKERS[ctx.path.split()[-1]](ctx)


def _namespace(ctx: Context) -> int:
    meta = common.meta(ctx, common.name(ctx), namespaced=False)
    return common.finish(ctx, {"kind": "Namespace", "apiVersion": "v1", "metadata": meta, "spec": {}, "status": {}})


def _serviceaccount(ctx: Context) -> int:
    obj = {"kind": "ServiceAccount", "apiVersion": "v1", "metadata": common.meta(ctx, common.name(ctx))}
    return common.finish(ctx, obj, failed="failed to create serviceaccount: ")


def _quota(ctx: Context) -> int:
    name = common.name(ctx)
    spec: Object = {}
    hard = str(ctx.flags["hard"])
    if hard:
        spec["hard"] = _hard(hard)
    scopes = str(ctx.flags["scopes"])
    if scopes:
        spec["scopes"] = scopes.split(",")
        for scope in spec["scopes"]:
            if not scope:
                raise errors.CommandError('invalid resource quota scope ""')
    obj = {"kind": "ResourceQuota", "apiVersion": "v1", "metadata": common.meta(ctx, name), "spec": spec, "status": {}}
    return common.finish(ctx, obj, failed="failed to create quota: ")


def _hard(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(","):
        if part.count("=") != 1:
            raise errors.CommandError(f"Invalid argument syntax {part}, expected <resource>=<value>")
        key, _, value = part.partition("=")
        found[key] = _quantity(value)
    return dict(sorted(found.items()))


def _quantity(text: str) -> str:
    from pkctl.objects import quantities

    try:
        return quantities.canonical(text)
    except quantities.QuantityError as error:
        raise errors.CommandError(str(error)) from None


def _pdb(ctx: Context) -> int:
    name, flags = common.name(ctx), ctx.flags
    selector, least, most = str(flags["selector"]), str(flags["min-available"]), str(flags["max-unavailable"])
    if not selector:
        raise errors.CommandError("a selector must be specified")
    if not least and not most:
        raise errors.CommandError("one of min-available or max-unavailable must be specified")
    if least and most:
        raise errors.CommandError("min-available and max-unavailable cannot be both specified")
    flag, text = ("min-available", least) if least else ("max-unavailable", most)
    count, chosen = _count(flag, text), label_selector(selector)
    spec: Object = {"minAvailable": count, "selector": chosen} if least else {"selector": chosen, "maxUnavailable": count}
    status = {"disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0}
    obj = {"kind": "PodDisruptionBudget", "apiVersion": "policy/v1", "metadata": common.meta(ctx, name), "spec": spec, "status": status}
    return common.finish(ctx, obj, failed="failed to create poddisruptionbudgets: ")


OPERATORS = {"in": "In", "notin": "NotIn", "exists": "Exists", "!": "DoesNotExist"}


def label_selector(text: str) -> Object:
    """A selector's text as a LabelSelector; CommandError in kubectl's words for one that can't be read or has no such form."""
    from pkctl.objects import selectors

    try:
        found = selectors.parse(text)
    except selectors.SelectorError as error:
        raise errors.CommandError(f'couldn\'t parse the selector string "{text}": {error}') from None
    made: Object = {}
    for each in found.items:
        if each.operator == "=":
            made.setdefault("matchLabels", {})[each.key] = each.values[0]
        elif each.operator in OPERATORS:
            rule = {"key": each.key, "operator": OPERATORS[each.operator], **({"values": list(each.values)} if each.values else {})}
            made.setdefault("matchExpressions", []).append(rule)
        else:
            wrong = "is not a valid label selector operator" if each.operator == "!=" else "isn't supported in label selectors"
            raise errors.CommandError(f'"{each.operator}" {wrong}')
    return made


def labels(text: str) -> dict[str, str]:
    """`a=b,c=d` as labels; CommandError in kubectl's words."""
    made: dict[str, str] = {}
    for part in text.split(","):
        key, equals, value = part.partition("=")
        if not equals or "=" in value:
            raise errors.CommandError(f"unexpected label spec: {part}")
        if not key:
            raise errors.CommandError("unexpected empty label key")
        made[key] = value
    return dict(sorted(made.items()))


def _count(flag: str, text: str) -> int | str:
    digits = text.removesuffix("%")
    if not (digits.isascii() and digits.isdigit()):
        raise errors.CommandError(f"invalid format specified for {flag}")
    return common.number_or_name(text)


def _priorityclass(ctx: Context) -> int:
    name, flags = common.name(ctx, may_be_empty=True), ctx.flags
    obj: Object = {
        "kind": "PriorityClass", "apiVersion": "scheduling.k8s.io/v1", "metadata": common.meta(ctx, name, namespaced=False),
        "value": int(flags["value"]),
    }  # fmt: skip
    if flags["global-default"]:
        obj["globalDefault"] = True
    if flags["description"]:
        obj["description"] = str(flags["description"])
    obj["preemptionPolicy"] = str(flags["preemption-policy"])
    return common.finish(ctx, obj, failed="failed to create priorityclass: ")


MAKERS = {
    "namespace": _namespace,
    "serviceaccount": _serviceaccount,
    "quota": _quota,
    "poddisruptionbudget": _pdb,
    "priorityclass": _priorityclass,
}
