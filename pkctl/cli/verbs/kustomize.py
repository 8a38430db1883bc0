"""`kustomize DIR`: a kustomization built and printed, or written to a file or, object by object, into a directory."""

from __future__ import annotations

import os

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

HELM = (
    "as-current-user", "enable-alpha-plugins", "enable-helm", "env", "helm-api-versions", "helm-command", "helm-debug",
    "helm-kube-version", "mount", "network", "network-name",
)  # fmt: skip
"""Flags about plugins, containers and charts, none of which are run."""


def run(ctx: Context) -> int:
    """Build the directory, the current one when none is named."""
    from pkctl.kustomize import building, files

    if len(ctx.args) > 1:
        raise errors.CommandError("specify one path to kustomization.yaml")
    restrictor = str(ctx.flags["load-restrictor"])
    if restrictor not in files.RESTRICTIONS:
        raise errors.CommandError(f"illegal flag value --load-restrictor {restrictor}; legal values: [{' '.join(files.RESTRICTIONS)}]")
    path = ctx.args[0] if ctx.args else "."
    objects = building.build(path, restricted=restrictor == files.RESTRICTIONS[0], env=ctx.io.env, warn=ctx.io.err)
    used = [f"--{name}" for name in HELM if ctx.flags.given(name)]
    if used:
        raise errors.CommandError(f"{', '.join(used)}: pkctl runs no plugins and inflates no Helm charts")
    output = str(ctx.flags["output"])
    if not output:
        ctx.io.out(building.render(objects))
    elif os.path.isdir(output):
        for obj in objects:
            _write(os.path.join(output, _name(obj, objects)), building.render([obj]))
    else:
        _write(output, building.render(objects))
    return 0


def _name(obj: dict[str, Any], objects: list[dict[str, Any]]) -> str:
    group, _, version = str(obj["apiVersion"]).rpartition("/")
    words = [word for word in (group, version, obj["kind"]) if word]
    namespaces = {each["metadata"].get("namespace") for each in objects}
    name = "_".join([*words, obj["metadata"]["name"]]).lower()
    namespace = obj["metadata"].get("namespace")
    return f"{namespace}_{name}.yaml" if namespace and len(namespaces) > 1 else f"{name}.yaml"


def _write(place: str, text: str) -> None:
    try:
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise errors.CommandError(f"open {place}: {(error.strerror or '').lower()}") from None
