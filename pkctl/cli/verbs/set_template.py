"""`set image`, `set resources` and `set serviceaccount`. Upstream: kubectl's cmd/set."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, templates, visiting
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]


def run(ctx: Context) -> int:
    """One of the three, by the command's last word."""
    printing.select(ctx)
    return {"image": _image, "resources": _resources, "serviceaccount": _serviceaccount}[ctx.path.split()[-1]](ctx)


def _need(ctx: Context, words: list[str]) -> None:
    if not words and not ctx.flags["local"] and ctx.flags.get("selector"):
        raise errors.CommandError("at least one resource must be specified to use a selector")
    if not words and not ctx.flags["filename"] and not ctx.flags.get("kustomize"):
        raise errors.CommandError(resources.NOTHING)


def _spec(ctx: Context, visit: visiting.Visit, obj: Object) -> Object:
    found = templates.pod_spec(obj)
    if found is None:
        raise templates.no_template(ctx, visit)
    return found


def _image(ctx: Context) -> int:
    words, changes = templates.split_args(ctx.args, "image")
    images, _ = templates.pairs(changes, "image")
    _need(ctx, words)
    visits = templates.gather(ctx, words)
    _judge_images(ctx, images)

    def edit(visit: visiting.Visit, obj: Object) -> None:
        spec = _spec(ctx, visit, obj)
        missing = []
        for name, image in images.items():
            found = templates.containers(spec) if name == "*" else [c for c in templates.containers(spec) if c["name"] == name]
            for container in found:
                container["image"] = image
            if not found:
                missing.append(errors.CommandError(f"error: unable to find container named {texts.quoted(name)}"))
        if missing:
            report.raise_all(missing)

    return templates.change(ctx, visits, "image updated", edit)


def _judge_images(ctx: Context, images: dict[str, str]) -> None:
    wrong: list[errors.PkctlError] = []
    for step in (templates.judge_all, lambda _: _judge_pairs(images), templates.judge_local):
        try:
            step(ctx)
        except errors.CommandError as error:
            wrong.append(error)
    report.raise_all(wrong)


def _judge_pairs(images: dict[str, str]) -> None:
    if not images:
        raise errors.CommandError("at least one image update is required")
    if len(images) > 1 and "*" in images:
        raise errors.CommandError("all containers are already specified by *, but saw more than one container_name=container_image pairs")


def _serviceaccount(ctx: Context) -> int:
    if not ctx.args:
        raise errors.CommandError("serviceaccount is required")
    words, account = [] if ctx.flags["local"] else ctx.args[:-1], ctx.args[-1]
    _need(ctx, words)
    templates.judge_local(ctx)
    visits = templates.gather(ctx, words)

    def edit(visit: visiting.Visit, obj: Object) -> None:
        spec = _spec(ctx, visit, obj)
        spec["serviceAccountName"] = account
        if "serviceAccount" in spec and not ctx.flags["local"]:
            spec["serviceAccount"] = account

    return templates.change(ctx, visits, "serviceaccount updated", edit, always=True)


def _resources(ctx: Context) -> int:
    if not ctx.flags["filename"] and ctx.args and not ctx.flags["local"]:
        resources.judge(ctx, ctx.args, selected=bool(ctx.flags["selector"]))
    _need(ctx, ctx.args)
    visits = templates.gather(ctx, ctx.args)
    templates.judge_local(ctx)
    templates.judge_all(ctx)
    limits, requests = _amounts(str(ctx.flags["limits"])), _amounts(str(ctx.flags["requests"]))
    if not limits and not requests:
        raise errors.CommandError("you must specify an update to requests or limits (in the form of --requests/--limits)")
    pattern = str(ctx.flags["containers"])

    def edit(visit: visiting.Visit, obj: Object) -> None:
        found = templates.matching(_spec(ctx, visit, obj), pattern)
        if not found:
            raise errors.CommandError(f"unable to find container named {pattern}")
        for container in found:
            amounts = container.setdefault("resources", {})
            for name, wanted in (("limits", limits), ("requests", requests)):
                if wanted:
                    merged = {**(amounts.get(name) or {}), **wanted}
                    amounts[name] = {key: merged[key] for key in sorted(merged)}

    return templates.change(ctx, visits, "resource requirements updated", edit)


def _amounts(text: str) -> dict[str, str]:
    from pkctl.objects import quantities

    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, equals, amount = part.partition("=")
        if not equals:
            raise errors.CommandError(f"Invalid argument syntax {part}, expected <resource>=<value>")
        try:
            found[name] = quantities.canonical(amount)
        except quantities.QuantityError as error:
            raise errors.CommandError(str(error)) from None
    return found
