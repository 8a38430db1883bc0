"""Text to the objects of a build, as kyaml reads it: goyaml.v3's idea of plain scalars, lists taken apart, notes of a build dropped."""

from __future__ import annotations

from pkctl.kustomize import nodes, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def objects(text: str) -> list[nodes.Node]:
    """Every object of the text, empty documents left out; Malformed for no YAML, KustomizeError for no object, Clashing for a key
    that stands twice."""
    from pkctl.kustomize import repeats
    from pkctl.objects import yamls

    try:
        found = list(yamls.core(text))
    except yamls.YamlError as error:
        raise texts.Malformed(str(error).removeprefix(yamls.CONVERTING)) from None
    made: list[nodes.Node] = []
    for each in found:
        made += _taken(each)
    if clashing := repeats.clashes(text):
        raise texts.Clashing(clashing)
    return made


def _taken(value: Any) -> list[nodes.Node]:
    if not isinstance(value, dict) or (value and not {"apiVersion", "kind", "metadata"} & set(value)):
        raise texts.KustomizeError("missing Resource metadata")
    if not value:
        return []
    if _is_list(value):
        return [node for item in value["items"] if item is not None for node in _taken(item)]
    _judge(value)
    return [nodes.Node(value)]


def _is_list(value: dict[str, Any]) -> bool:
    return str(value.get("kind") or "").endswith("List") and isinstance(value.get("items"), list)


def _judge(value: dict[str, Any]) -> None:
    metadata = value.get("metadata") if isinstance(value.get("metadata"), dict) else {}
    assert isinstance(metadata, dict)
    if value.get("kind") and metadata.get("name"):
        return
    missing = "metadata.name" if value.get("kind") else "kind"
    name, namespace = metadata.get("name") or "", metadata.get("namespace") or ""
    kinds = f"{{{value.get('apiVersion') or ''} {value.get('kind') or ''}}}"
    labels, annotations = _map(metadata.get("labels")), _map(metadata.get("annotations"))
    raise texts.KustomizeError(f"missing {missing} in object {{{kinds} {{{{{name} {namespace}}} {labels} {annotations}}}}}")


def _map(value: Any) -> str:
    words = (f"{key}:{'' if value[key] is None else value[key]}" for key in sorted(value or {}))
    return f"map[{' '.join(words)}]"
