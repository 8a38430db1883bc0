"""`create deployment`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """One Deployment with a container per `--image`."""
    name, images, command = common.name(ctx, may_be_empty=True), ctx.flags["image"], common.command(ctx)
    if len(images) > 1 and command:
        raise errors.CommandError("cannot specify multiple --image options and command")
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers(ctx, images, command)}}
    spec = {"replicas": int(ctx.flags["replicas"]), "selector": {"matchLabels": labels}, "template": template, "strategy": {}}
    obj = {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": common.meta(ctx, name, labels=labels), "spec": spec, "status": {}}
    return common.finish(ctx, obj, failed="failed to create deployment: ")


def containers(ctx: Context, images: list[str], command: list[str]) -> list[dict[str, Any]]:
    """A container per image; the first has the port."""
    found: list[dict[str, Any]] = []
    for image in images:
        made: dict[str, Any] = {"name": container_name(image, ctx.io.sources.suffix), "image": image}
        if command:
            made["command"] = command
        if ctx.flags["port"] >= 0 and not found:
            made["ports"] = [{"containerPort": int(ctx.flags["port"])}]
        found.append({**made, "resources": {}})
    return found


def container_name(image: str, suffix: Callable[[], str]) -> str:
    """`docker.io/library/busybox:1@sha…` is `busybox`; `my_app` and `my.app` become `my-app-` and a random suffix, to stay apart."""
    last = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    plain = last.replace("_", "-").replace(".", "-")
    return last if plain == last else f"{plain}-{suffix()}"
