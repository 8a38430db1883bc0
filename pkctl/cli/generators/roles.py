"""`create role` and `create clusterrole`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

GROUP = "rbac.authorization.k8s.io"
VERBS = (
    "*", "get", "delete", "list", "create", "update", "patch", "watch", "proxy", "deletecollection", "use", "bind", "escalate",
    "impersonate",
)  # fmt: skip
_ROLES = ((GROUP, "roles"), (GROUP, "clusterroles"))
SPECIAL = {
    "use": (("policy", "podsecuritypolicies"), ("extensions", "podsecuritypolicies")),
    "bind": _ROLES,
    "escalate": _ROLES,
    "impersonate": (("", "users"), ("", "serviceaccounts"), ("", "groups"), ("authentication.k8s.io", "userextras")),
}
"""Verbs that are about certain resources alone, which need not be served, as (group, plural)."""

URL_VERBS = ("*", "get", "put", "post", "head", "options", "delete", "patch")


def run(ctx: Context) -> int:
    """A Role, or a ClusterRole with resource rules, URL rules or an aggregation."""
    name, cluster = common.name(ctx), ctx.path == "create clusterrole"
    kind = "ClusterRole" if cluster else "Role"
    obj: dict[str, Any] = {"kind": kind, "apiVersion": f"{GROUP}/v1", "metadata": common.meta(ctx, name, namespaced=not cluster)}
    aggregation = ctx.flags.get("aggregation-rule") or {}
    if aggregation:
        if any(ctx.flags[flag] for flag in ("verb", "resource", "resource-name", "non-resource-url")):
            raise errors.CommandError("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames")
        obj["rules"] = None
        obj["aggregationRule"] = {"clusterRoleSelectors": [{"matchLabels": dict(sorted(aggregation.items()))}]}
    else:
        obj["rules"] = _rules(ctx)
    return common.finish(ctx, obj)


def _rules(ctx: Context) -> list[dict[str, Any]]:
    flags = ctx.flags
    is_cluster = "non-resource-url" in flags.flags
    verbs = ["*"] if "*" in flags["verb"] else list(dict.fromkeys(flags["verb"]))
    urls, names = list(dict.fromkeys(flags.get("non-resource-url") or [])), list(dict.fromkeys(flags["resource-name"]))
    if not verbs:
        raise errors.CommandError("at least one verb must be specified")
    if is_cluster and not (flags["resource"] or urls):
        raise errors.CommandError("one of resource or nonResourceURL must be specified")
    if flags["resource"] or not is_cluster:
        _warn(ctx, verbs)
    if not flags["resource"] and not is_cluster:
        raise errors.CommandError("at least one resource must be specified")
    rules = _grouped(_resources(ctx, verbs), verbs, names)
    return [*rules, {"verbs": verbs, "nonResourceURLs": _judged(urls, verbs)}] if urls else rules


def _warn(ctx: Context, verbs: list[str]) -> None:
    for verb in verbs:
        if verb not in VERBS:
            ctx.warn(f"'{verb}' is not a standard resource verb")


def _judged(urls: list[str], verbs: list[str]) -> list[str]:
    for verb in verbs:
        if verb not in URL_VERBS:
            raise errors.CommandError(f"invalid verb: '{verb}' for nonResourceURL")
    for url in urls:
        if url != "*" and not url.startswith("/"):
            raise errors.CommandError("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise errors.CommandError("nonResourceURL only supports wildcard matches when '*' is at the end")
    return urls


def _resources(ctx: Context, verbs: list[str]) -> list[tuple[str, str]]:
    """The (group, plural/subresource) pairs that `--resource` names; CommandError for what is not served."""
    texts = ["*"] if "*" in ctx.flags["resource"] else ctx.flags["resource"]
    found: list[tuple[str, str]] = []
    judged = True
    for text in texts:
        head, _, sub = text.partition("/")
        plural, _, group = head.partition(".")
        judged = judged and plural != "*"
        row = ctx.kinds().find(head) if plural not in ("", "*") else None
        row = row if row and row.group.startswith(group) else None
        pair = (row.group, row.plural) if row else (group, plural)
        if judged:
            _judge(plural, pair, verbs, is_served=row is not None)
        pair = (pair[0], f"{pair[1]}/{sub}" if sub else pair[1])
        if pair not in found:
            found.append(pair)
    return found


def _judge(plural: str, pair: tuple[str, str], verbs: list[str], *, is_served: bool) -> None:
    if not plural:
        raise errors.CommandError("resource must be specified if apiGroup/subresource specified")
    special = [verb for verb in verbs if verb in SPECIAL]
    for verb in special:
        if pair not in SPECIAL[verb]:
            raise errors.CommandError(f"can not perform '{verb}' on '{pair[1]}' in group '{pair[0]}'")
    if not is_served and not special:
        where = f' in group "{pair[0]}"' if pair[0] else ""
        raise errors.BareError(f'the server doesn\'t have a resource type "{plural}"{where}')


def _grouped(found: list[tuple[str, str]], verbs: list[str], names: list[str]) -> list[dict[str, Any]]:
    groups: dict[str, list[str]] = {}
    for group, plural in found:
        groups.setdefault(group, []).append(plural)
    rules = []
    for group in sorted(groups):
        rule: dict[str, Any] = {"verbs": verbs, "apiGroups": [group], "resources": groups[group]}
        rules.append({**rule, "resourceNames": names} if names else rule)
    return rules
