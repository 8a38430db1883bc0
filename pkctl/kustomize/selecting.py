"""Which objects a `target` or `select` means: regular expressions over kind and name, label and annotation selectors."""

from __future__ import annotations

import re

from pkctl.kustomize import texts
from pkctl.objects import selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.kustomize.nodes import Id, Node

    Selector = dict[str, Any]


def selected(found: Iterable[Node], selector: Selector) -> list[Node]:
    """The objects that a patch's target means: by their first or their present name."""
    return [node for node in found if node.obj and _means(node, selector)]


def _means(node: Node, selector: Selector) -> bool:
    now, first = node.id, node.first_id
    if not any(_fits(selector, "namespace", id.effective) for id in (first, now)):
        return False
    if not any(_fits(selector, "name", id.name) for id in (first, now)):
        return False
    return all(_fits(selector, key, getattr(now, key)) for key in ("group", "version", "kind")) and is_marked(node, selector)


def is_marked(node: Node, selector: Selector) -> bool:
    """Whether labels and annotations are those that the selector asks for."""
    metadata = node.obj.get("metadata") or {}
    for key, field in (("labelSelector", "labels"), ("annotationSelector", "annotations")):
        text = selector.get(key)
        try:
            if text and not selectors.parse(text).matches({k: str(v) for k, v in (metadata.get(field) or {}).items()}):
                return False
        except selectors.SelectorError as error:
            raise texts.KustomizeError(str(error)) from None
    return True


def fits_id(selector: Selector, id: Id) -> bool:
    """Whether a name is one that the selector's regular expressions match."""
    namespace = id.namespace if not id.is_cluster else id.effective
    return _fits(selector, "namespace", namespace) and all(
        _fits(selector, key, getattr(id, key)) for key in ("group", "version", "kind", "name")
    )


def _fits(selector: Selector, key: str, value: str) -> bool:
    pattern = selector.get(key)
    if not pattern:
        return True
    try:
        return re.fullmatch(str(pattern), value) is not None
    except re.error as error:
        told = "missing closing )" if "unterminated subpattern" in str(error) else str(error)
        raise texts.KustomizeError(f"error parsing regexp: {told}: `^(?:{pattern})$`") from None
