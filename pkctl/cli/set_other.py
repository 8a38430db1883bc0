"""`set selector` and `set subject`. Upstream: kubectl's cmd/set."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, templates, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


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
            raise errors.CommandError("setting a selector is only supported for Services")
        if rules := wanted.get("matchExpressions"):
            said = " ".join(f"{{{each['key']} {each['operator']} [{' '.join(each.get('values') or ())}]}}" for each in rules)
            raise errors.CommandError(f"match expression [{said}] not supported on this object")
        obj.setdefault("spec", {})["selector"] = wanted.get("matchLabels", {})
        if ctx.flags["resource-version"]:
            obj["metadata"]["resourceVersion"] = str(ctx.flags["resource-version"])

    return templates.change(ctx, words, "selector updated", edit, always=True)


def _subject(ctx: Context) -> int:
    printing.select(ctx)
    if not ctx.flags["filename"] and not ctx.flags["local"]:
        resources.judge(ctx, ctx.args, selected=bool(ctx.flags["selector"]))
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError(resources.NOTHING)
    if ctx.flags["local"] and not ctx.flags["filename"]:
        raise errors.CommandError(resources.NO_FILES)
    from pkctl.cli.generators import bindings

    subjects = bindings.subjects(ctx)
    if not subjects:
        raise errors.CommandError("you must specify at least one value of user, group or serviceaccount")

    def edit(visit: visiting.Visit, obj: Object) -> None:
        if obj["kind"] not in ("RoleBinding", "ClusterRoleBinding"):
            named = f"{visit.row.plural}/{visit.name}"
            raise errors.CommandError(f"error: {named} setting subjects is only supported for RoleBinding/ClusterRoleBinding\n")
        found = obj.setdefault("subjects", [])
        for each in subjects:
            if not any(_same(each, other) for other in found):
                found.append(each)

    return templates.change(ctx, ctx.args, "subjects updated", edit)


def _same(one: Object, other: Object) -> bool:
    return all(one.get(name) == other.get(name) for name in ("kind", "name", "namespace"))
