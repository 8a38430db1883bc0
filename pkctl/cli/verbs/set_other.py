"""`set selector` and `set subject`. Upstream: kubectl's cmd/set."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, templates, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

KINDS = ("User", "Group", "ServiceAccount")
"""The order in which subjects are added."""


def run(ctx: Context) -> int:
    """One of the two, by the command's last word."""
    return _selector(ctx) if ctx.path == "set selector" else _subject(ctx)


def _selector(ctx: Context) -> int:
    if not ctx.args:
        raise errors.CommandError("one selector is required")
    from pkctl.cli.generators import simple

    words, text = ctx.args[:-1], ctx.args[-1]
    wanted = simple.label_selector(text)
    printing.select(ctx)
    if not words and not ctx.flags["filename"]:
        raise errors.CommandError(resources.NOTHING)

    def edit(visit: visiting.Visit, obj: Object) -> None:
        if visit.row.id != "services":
            raise templates.Unfit("setting a selector is only supported for Services")
        if rules := wanted.get("matchExpressions"):
            said = " ".join(f"{{{each['key']} {each['operator']} [{' '.join(each.get('values') or ())}]}}" for each in rules)
            raise templates.Unfit(f"match expression [{said}] not supported on this object")
        obj.setdefault("spec", {})["selector"] = wanted.get("matchLabels", {})
        if ctx.flags["resource-version"]:
            obj["metadata"]["resourceVersion"] = str(ctx.flags["resource-version"])

    local = bool(ctx.flags["local"])
    templates.judge_local(ctx)
    printer = printing.select(ctx, "selector updated", ordered=local)
    return resources.each(ctx, words, lambda visit: templates.one(ctx, printer, visit, edit, always=True), local=local)


def _subject(ctx: Context) -> int:
    printing.select(ctx)
    if not ctx.flags["filename"] and not ctx.flags["local"]:
        resources.judge(ctx, ctx.args, selected=bool(ctx.flags["selector"]))
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(resources.NOTHING)
    visits = templates.gather(ctx, ctx.args)
    templates.judge_all(ctx)
    from pkctl.cli.generators import bindings

    given = bindings.subjects(ctx, ctx.namespace)
    if any(visit.row.kind == "ClusterRoleBinding" for visit in visits) and any(word[0] == ":" for word in ctx.flags["serviceaccount"]):
        raise errors.CommandError("serviceaccount must be <namespace>:<name>, namespace must be specified")
    subjects = sorted(given, key=lambda each: (KINDS.index(each["kind"]), each.get("namespace", ""), each["name"]))
    if not subjects:
        raise errors.CommandError("you must specify at least one value of user, group or serviceaccount")

    def edit(visit: visiting.Visit, obj: Object) -> None:
        if obj["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
            raise templates.unfit(ctx, visit, "setting subjects is only supported for RoleBinding/ClusterRoleBinding")
        found = obj.setdefault("subjects", [])
        for each in subjects:
            if not any(_same(each, other) for other in found):
                found.append(each)

    return templates.change(ctx, visits, "subjects updated", edit)


def _same(one: Object, other: Object) -> bool:
    return all(one.get(name) == other.get(name) for name in ("kind", "name", "namespace"))
