"""`create role` and `create clusterrole`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

GROUP = "rbac.authorization.k8s.io"
VERBS = ("*", "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "impersonate", "escalate",
         "approve", "sign", "proxy", "attest")  # fmt: skip
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
        if ctx.flags["verb"] or ctx.flags["resource"] or ctx.flags["non-resource-url"]:
            raise errors.CommandError("aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames")
        obj["rules"] = None
        obj["aggregationRule"] = {"clusterRoleSelectors": [{"matchLabels": dict(sorted(aggregation.items()))}]}
    else:
        obj["rules"] = _rules(ctx)
    return common.finish(ctx, obj)


def _rules(ctx: Context) -> list[dict[str, Any]]:
    flags = ctx.flags
    verbs = list(dict.fromkeys(flags["verb"]))
    if "*" in verbs:
        verbs = ["*"]
    if not verbs:
        raise errors.CommandError("at least one verb must be specified")
    urls, names = list(flags.get("non-resource-url") or []), list(dict.fromkeys(flags["resource-name"]))
    if urls:
        return _url_rules(verbs, urls, bool(flags["resource"] or names))
    if not flags["resource"]:
        is_cluster = "non-resource-url" in flags.flags
        raise errors.CommandError(
            "one of resource or nonResourceURL must be specified" if is_cluster else "at least one resource must be specified"
        )
    found = _resources(ctx, verbs)
    if names and len(found) > 1:
        raise errors.CommandError("resourceName(s) can not be applied with multiple resources")
    return _grouped(ctx, verbs, found, names)


def _url_rules(verbs: list[str], urls: list[str], mixed: bool) -> list[dict[str, Any]]:
    if mixed:
        raise errors.CommandError("invalid verb: cannot specify both resources and nonResourceURLs")
    for url in urls:
        if url != "*" and not url.startswith("/"):
            raise errors.CommandError("nonResourceURL should start with /")
        if "*" in url[:-1]:
            raise errors.CommandError("nonResourceURL only supports wildcard matches when '*' is at the end")
    for verb in verbs:
        if verb not in URL_VERBS:
            raise errors.CommandError(f"invalid verb: '{verb}' for nonResourceURL")
    return [{"verbs": verbs, "nonResourceURLs": urls}]


def _resources(ctx: Context, verbs: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for text in ctx.flags["resource"]:
        head, _, sub = text.partition("/")
        if head == "*":
            found.append(("", "*"))
            continue
        row = ctx.kinds().find(head)
        plural, _, group = head.partition(".")
        pair = (row.group, row.plural) if row else (group, plural)
        special = [verb for verb in verbs if verb in SPECIAL]
        for verb in special:
            if pair not in SPECIAL[verb]:
                raise errors.CommandError(f"can not perform '{verb}' on '{pair[1]}' in group '{pair[0]}'")
        if row is None and not special:
            error = errors.CommandError(f'the server doesn\'t have a resource type "{head.partition(".")[0]}"')
            error.bare = True  # type: ignore[attr-defined]
            raise error
        pair = (pair[0], f"{pair[1]}/{sub}" if sub else pair[1])
        if pair not in found:
            found.append(pair)
    return found


def _grouped(ctx: Context, verbs: list[str], found: list[tuple[str, str]], names: list[str]) -> list[dict[str, Any]]:
    for verb in verbs:
        if verb not in VERBS:
            ctx.warn(f"'{verb}' is not a standard resource verb")
    groups: dict[str, list[str]] = {}
    for group, plural in found:
        groups.setdefault(group, []).append(plural)
    rules = []
    for group in sorted(groups):
        rule: dict[str, Any] = {"verbs": verbs, "apiGroups": [group], "resources": groups[group]}
        rules.append({**rule, "resourceNames": names} if names else rule)
    return rules
