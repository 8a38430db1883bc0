"""`create deployment`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context


def run(ctx: Context) -> int:
    """One Deployment with a container per `--image`."""
    name, images, command = common.name(ctx), ctx.flags["image"], common.command(ctx)
    if len(images) > 1 and command:
        raise errors.CommandError("cannot specify multiple --image options and command")
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers(images, command, int(ctx.flags["port"]))}}
    spec = {"replicas": int(ctx.flags["replicas"]), "selector": {"matchLabels": labels}, "template": template, "strategy": {}}
    obj = {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": common.meta(ctx, name, labels=labels), "spec": spec, "status": {}}
    return common.finish(ctx, obj, failed="failed to create deployment: ")


def containers(images: list[str], command: list[str], port: int) -> list[dict[str, Any]]:
    """A container per image, named by the image's last path segment."""
    found = []
    for image in images:
        made: dict[str, Any] = {"name": container_name(image), "image": image}
        if command:
            made["command"] = command
        if port >= 0:
            made["ports"] = [{"containerPort": port}]
        found.append({**made, "resources": {}})
    return found


def container_name(image: str) -> str:
    """`docker.io/library/busybox:1@sha…` is `busybox`; letters that no name may have become dashes."""
    last = image.rpartition("/")[2].partition(":")[0].partition("@")[0]
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-.") else "-" for letter in last).lower()
