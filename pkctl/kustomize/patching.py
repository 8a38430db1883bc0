"""`patches`, `patchesStrategicMerge` and `patchesJson6902`: strategic merges and JSON Patches, inline or from files, by target.

Follows kustomize's PatchTransformer, PatchStrategicMergeTransformer and PatchJson6902Transformer. Not here: the merge (`merging`).
"""

from __future__ import annotations

from pkctl.kustomize import merging, nodes, reading, selecting, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kustomize.files import Loader
    from pkctl.kustomize.nodes import Node

    Patch = dict[str, Any]


def apply(found: list[Node], loader: Loader, patch: Patch) -> None:
    """One entry of `patches`; KustomizeError."""
    text, merges, operations = _configured(loader, patch)
    if operations is not None:
        _json(found, patch, operations, text)
        return
    options = patch.get("options") or {}
    for each in merges:
        target = patch.get("target")
        if target is None:
            _one(found, each, options, f'no resource matches strategic merge patch "{each.id}": ')
        else:
            for node in selecting.selected(found, target):
                _strategic(node, each, options)


def _configured(loader: Loader, patch: Patch) -> tuple[str, list[Node], list[Any] | None]:
    """(how the patch is named in messages, strategic merges, or else JSON operations)."""
    try:
        return _parsed(loader, patch)
    except texts.KustomizeError as error:
        raise error.under(f"trouble configuring builtin PatchTransformer with config: `\n{texts.config(patch)}`") from None


def _parsed(loader: Loader, patch: Patch) -> tuple[str, list[Node], list[Any] | None]:
    inline, path = (patch.get("patch") or "").strip(), patch.get("path") or ""
    if not inline and not path:
        raise texts.KustomizeError(f"must specify one of patch and path in\n{texts.config(patch)}")
    if inline and path:
        raise texts.KustomizeError(f"patch and path can't be set at the same time\n{texts.config(patch)}")
    name = f"[path: {texts.quoted(path)}]" if path else f"[patch: {texts.quoted(inline)}]"
    if path:
        try:
            inline = loader.read(path).decode(errors="replace")
        except texts.KustomizeError as error:
            raise error.under(f"failed to get the patch file from path({path})") from None
    operations = _operations(inline)
    try:
        return name, reading.objects(inline), operations
    except texts.KustomizeError:
        if operations is None:
            raise texts.KustomizeError(f"unable to parse SM or JSON patch from {name}") from None
    return name, [], operations


def _operations(text: str) -> list[Any] | None:
    """A JSON Patch's operations, None when the text is none."""
    import json

    from pkctl.objects import yamls

    try:
        found = json.loads(text) if text.startswith("[") else yamls.load(text)
    except (ValueError, yamls.YamlError):
        return None
    return found if isinstance(found, list) and all(isinstance(each, dict) for each in found) else None


def _json(found: list[Node], patch: Patch, operations: list[Any], text: str) -> None:
    if patch.get("target") is None:
        raise texts.KustomizeError(f"must specify a target for JSON patch {text}")
    for node in selecting.selected(found, patch["target"]):
        node.remember()
        _operate(node, operations)


def _operate(node: Node, operations: list[Any]) -> None:
    from pkctl.objects import patches

    try:
        node.obj = patches.apply_json(node.obj, operations)
    except patches.PatchError as error:
        raise texts.KustomizeError(str(error)) from None


def _one(found: list[Node], patch: Node, options: dict[str, bool], prefix: str = "") -> None:
    """A strategic merge into the one object of its own name."""
    targets = nodes.named(found, patch.id)
    if len(targets) != 1:
        word = "multiple" if targets else "no"
        raise texts.KustomizeError(f"{prefix}{word} matches for Id {patch.id}; failed to find unique target for patch {patch.id}")
    _strategic(targets[0], patch, options)


def _strategic(node: Node, patch: Node, options: dict[str, bool]) -> None:
    from pkctl.kinds import schema

    renames, retypes = options.get("allowNameChange"), options.get("allowKindChange")
    if renames or retypes:
        node.remember()
    name, namespace, kind, version = node.name, node.namespace, node.kind, node.obj.get("apiVersion")
    merged = merging.merge(node.obj, patch.obj, schema.built_in(str(version or ""), kind))
    node.obj = merged or {}
    if not node.obj:
        return
    if not retypes:
        node.obj["kind"], node.obj["apiVersion"] = kind, version
    metadata = node.obj["metadata"] = dict(node.metadata())
    if not renames:
        metadata["name"] = name
    metadata.pop("namespace", None)
    if namespace:
        metadata["namespace"] = namespace


def strategic_merges(found: list[Node], loader: Loader, paths: list[str]) -> None:
    """`patchesStrategicMerge`: files, or patches themselves; KustomizeError."""
    for path in paths:
        for patch in _merge_patches(loader, path):
            _one(found, patch, {})


def _merge_patches(loader: Loader, path: str) -> list[Node]:
    prefix = f"trouble configuring builtin PatchStrategicMergeTransformer with config: `\n{texts.config({'paths': [path]})}`"
    if not path:
        raise texts.KustomizeError(f"{prefix}: patch appears to be empty; files=[], Patch=")
    try:
        text = loader.read(path).decode(errors="replace")
    except (texts.KustomizeError, OSError, ValueError):
        text = path
    try:
        return reading.objects(text)
    except texts.KustomizeError as error:
        raise error.under(prefix) from None


def json6902(found: list[Node], loader: Loader, patch: Patch) -> None:
    """One entry of `patchesJson6902`: as an entry of `patches` with a target of its own form; KustomizeError."""
    target, inline, path = patch.get("target") or {}, (patch.get("patch") or "").strip(), patch.get("path") or ""
    prefix = f"trouble configuring builtin PatchJson6902Transformer with config: `\n{texts.config(patch)}`"
    if not target.get("name"):
        raise texts.KustomizeError(f"{prefix}: must specify the target name")
    if bool(inline) == bool(path):
        word = "must specify a file path or a jsonOp string" if not path else "must specify a file path or a jsonOp string, not both"
        raise texts.KustomizeError(f"{prefix}: {word}")
    try:
        text = inline or loader.read(path).decode(errors="replace")
    except texts.KustomizeError as error:
        raise error.under(prefix) from None
    operations = _operations(text)
    if operations is None:
        raise texts.KustomizeError(f"{prefix}: decoding {text}: it is no JSON patch")
    for node in selecting.selected(found, target):
        node.remember()
        _operate(node, operations)
