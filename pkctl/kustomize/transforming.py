"""Namespace, prefix, suffix, labels, annotations, replicas and images over all objects of a kustomization.

Follows kustomize's builtin transformers and api/filters. Not here: names in other objects that follow (`references`).
"""

from __future__ import annotations

import re

from pkctl.kustomize import nodes, ordering, texts, walking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kustomize.nodes import Node

    Spec = dict[str, Any]

UNTOUCHED = (
    {"kind": "CustomResourceDefinition"}, {"kind": "APIService", "group": "apiregistration.k8s.io"}, {"kind": "Namespace"},
)  # fmt: skip
"""Kinds whose names take no prefix or suffix: their names mean something to the API itself."""

BINDINGS = ("RoleBinding", "ClusterRoleBinding")


def namespace(found: list[Node], name: str, specs: list[Spec]) -> None:
    """Move every object that can be moved; KustomizeError when two end up with one name."""
    for node in found:
        if not node.obj:
            continue
        node.remember()
        if not node.id.is_cluster:
            node.metadata()["namespace"] = name
        if node.kind in BINDINGS:
            _subjects(node, name)
        for spec in specs:
            if spec["path"] != "metadata/namespace" and not (spec["path"] == "subjects" and node.kind in BINDINGS):
                try:
                    walking.visit(node, spec, lambda _: name, empty=name)
                except walking.Nameless as error:
                    raise error.under("namespace transformation failed") from None
        same = [each for each in found if each.obj and each.id.equals(node.id)]
        if len(same) != 1:
            shown = texts.listed([nodes.shown(each) for each in same])
            raise texts.KustomizeError(f"namespace transformation produces ID conflict: {shown}")


def _subjects(node: Node, name: str) -> None:
    for each in node.obj.get("subjects") or ():
        if isinstance(each, dict) and each.get("name") == "default":
            each["namespace"] = name


def rename(found: list[Node], prefix: str, suffix: str, specs: list[Spec]) -> None:
    """Put a prefix before names, or a suffix behind them."""
    for node in found:
        first = node.first_id
        if not node.obj or any(first.is_selected(each) for each in UNTOUCHED):
            continue
        for spec in specs:
            if not first.is_selected(spec):
                continue
            if spec["path"] == "metadata/name":
                node.prefixes += [prefix] if prefix else []
                node.suffixes += [suffix] if suffix else []
                node.remember()
            walking.visit(node, spec, lambda value: f"{prefix}{value}{suffix}", empty="")


def mark(found: list[Node], words: dict[str, str], specs: list[Spec]) -> None:
    """Add labels or annotations to the maps that the specs name."""
    for node in found if words else ():
        for spec in specs:
            walking.visit(node, spec, lambda value: {**(value if isinstance(value, dict) else {}), **words}, empty=dict)


def replicas(found: list[Node], wanted: dict[str, Any], specs: list[Spec]) -> None:
    """Scale the objects of a name; KustomizeError when there is none."""
    name, is_found = wanted.get("name") or "", False
    for spec in specs:
        for node in found:
            if node.obj and any(id.name == name and id.is_selected(spec) for id in node.ids()):
                is_found = True
                walking.visit(node, {**spec, "kind": "", "group": "", "version": ""}, lambda _: wanted.get("count") or 0, empty=0)
    if not is_found:
        kinds = [(spec.get("group", ""), spec.get("version", ""), spec.get("kind", "")) for spec in specs]
        told = texts.listed([nodes.gvk_text(*kind) for kind in sorted(kinds, key=lambda kind: ordering.of_kind(*kind))])
        raise texts.KustomizeError(f"resource with name {name} does not match a config with the following GVK {told}")


def images(found: list[Node], image: dict[str, Any], specs: list[Spec]) -> None:
    """Change an image wherever containers use it, and in the fields that the specs name."""

    def change(value: Any) -> Any:
        return _image(value, image)

    for node in found:
        if node.obj and node.kind != "CustomResourceDefinition":
            _containers(node.obj, change)
        for spec in specs:
            walking.visit(node, spec, change)


def _containers(value: Any, change: Any) -> None:
    if isinstance(value, list):
        for each in value:
            _containers(each, change)
    elif isinstance(value, dict):
        for key, each in value.items():
            _containers(each, change)
            if key in ("containers", "initContainers") and isinstance(each, list):
                for container in each:
                    if isinstance(container, dict) and container.get("image") is not None:
                        container["image"] = change(container["image"])


def _image(value: Any, image: dict[str, Any]) -> Any:
    wanted = image.get("name") or ""
    if not isinstance(value, str) or not re.search(rf"^{wanted}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$", value):
        return value
    name, tag, digest = _split(value)
    if image.get("newTag") or image.get("digest"):
        tag, digest = image.get("newTag") or "", image.get("digest") or ""
    elif image.get("tagSuffix"):
        tag, digest = f"{tag}{image['tagSuffix']}", ""
    return (image.get("newName") or name) + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _split(value: str) -> tuple[str, str, str]:
    rest, _, digest = value.partition("@")
    at = rest.rfind(":")
    return (rest, "", digest) if at <= rest.rfind("/") else (rest[:at], rest[at + 1 :], digest)
