"""`replacements`: a value of one object copied into fields of others.

Follows kustomize's api/filters/replacement and kyaml's PathMatcher, whose list conditions are regular expressions found anywhere.
"""

from __future__ import annotations

import re

from pkctl.kustomize import nodes, selecting, structs, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.kustomize.files import Loader
    from pkctl.kustomize.nodes import Node

    Place = tuple[Any, Any]

DEFAULT = "metadata.name"


def replace(found: list[Node], loader: Loader, entries: list[dict[str, Any]]) -> None:
    """Carry out all replacements, those in files too; KustomizeError."""
    for each in entries:
        for replacement in _file(loader, each["path"]) if each.get("path") else [each]:
            _replacement(found, replacement)


def _file(loader: Loader, path: str) -> list[dict[str, Any]]:
    from pkctl.objects import yamls

    try:
        value = yamls.load(loader.read(path).decode(errors="replace"))
    except yamls.YamlError as error:
        raise texts.KustomizeError(str(error)) from None
    try:
        return [structs.read("Replacement", each) for each in (value if isinstance(value, list) else [value])]
    except structs.Misread as error:
        raise texts.KustomizeError(f"json: {error}") from None


def _replacement(found: list[Node], replacement: dict[str, Any]) -> None:
    source, fixed = replacement.get("source"), replacement.get("sourceValue")
    if (source is None and fixed is None) or replacement.get("targets") is None:
        raise texts.KustomizeError("replacements must specify a source and at least one target")
    if source is not None and fixed is not None:
        raise texts.KustomizeError("value and resource selectors are mutually exclusive")
    value = fixed if source is None else _source(found, source)
    for target in replacement["targets"]:
        if target.get("select") is None:
            raise texts.KustomizeError("target must specify resources to select")
        _target(found, target, value)


def _source(found: list[Node], source: dict[str, Any]) -> Any:
    id = nodes.Id(*(source.get(key) or "" for key in ("group", "version", "kind", "name", "namespace")))
    picked = [node for node in found if node.obj and any(_is_selected(source, each) for each in node.ids())]
    if len(picked) != 1:
        shown = ":".join(filter(None, (str(id), source.get("fieldPath"), _options(source.get("options")))))
        word = f"multiple matches for selector {shown}" if picked else f"nothing selected by {shown}"
        raise texts.KustomizeError(word)
    path = source.get("fieldPath") or DEFAULT
    if "*" in path.split("."):
        raise texts.KustomizeError("error looking up replacement source: wildcard is not supported in PathGetter")
    values = [holder[key] for holder, key in _places(picked[0].obj, split(path), None)]
    if not values or values[0] in (None, "", {}, []):
        raise texts.KustomizeError(f"fieldPath `{path}` is missing for replacement source {id}")
    return _refined(values[0], source.get("options") or {})


def _is_selected(source: dict[str, Any], id: nodes.Id) -> bool:
    namespace = source.get("namespace")
    return id.is_selected(source) and source.get("name") in (None, "", id.name) and namespace in (None, "", id.namespace, id.effective)


def _options(options: dict[str, Any] | None) -> str:
    if not options or not (options.get("delimiter") or options.get("create")):
        return ""
    return f"{options.get('delimiter') or ''}({options.get('index') or 0}), create={'true' if options.get('create') else 'false'}"


def _refined(value: Any, options: dict[str, Any]) -> Any:
    if options.get("encoding"):
        raise texts.KustomizeError("pkctl does not honour replacements with options.encoding")
    delimiter, index = options.get("delimiter"), options.get("index") or 0
    if not delimiter:
        return value
    if isinstance(value, (dict, list)):
        raise texts.KustomizeError("delimiter option can only be used with scalar nodes")
    words = text(value).split(delimiter)
    if not 0 <= index < len(words):
        raise texts.KustomizeError(f"options.index {index} is out of bounds for value {text(value)}")
    return words[index]


def text(value: Any) -> str:
    """A scalar as YAML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


def _target(found: list[Node], target: dict[str, Any], value: Any) -> None:
    rejected, select = target.get("reject") or (), target["select"]
    for node in found:
        if not node.obj:
            continue
        ids = list(node.ids())
        if any(_is_rejected(node, each) for each in rejected) or not selecting.is_marked(node, select):
            continue
        if any(selecting.fits_id(select, id) for id in ids):
            _copy(node, target, value)


def _is_rejected(node: Node, selector: dict[str, Any]) -> bool:
    by_id = any(selector.get(key) for key in ("group", "version", "kind", "name", "namespace"))
    marks = selector.get("labelSelector") or selector.get("annotationSelector")
    if marks and selecting.is_marked(node, selector) and not by_id:
        return True
    return by_id and any(selecting.fits_id(selector, id) for id in node.ids()) and selecting.is_marked(node, selector)


def _copy(node: Node, target: dict[str, Any], value: Any) -> None:
    options = target.get("options") or {}
    if options.get("encoding"):
        raise texts.KustomizeError("pkctl does not honour replacements with options.encoding")
    for path in target.get("fieldPaths") or [DEFAULT]:
        create = options.get("create")
        word = "find or create" if create else "find"
        prefix = f"unable to {word} field {texts.quoted(path)} in replacement target"
        try:
            places = list(_places(node.obj, split(path), value if create else None))
        except texts.KustomizeError as error:
            raise error.under(prefix) from None
        if not places:
            raise texts.KustomizeError(prefix)
        for holder, key in places:
            holder[key] = _set(holder[key], value, options)


def _set(old: Any, value: Any, options: dict[str, Any]) -> Any:
    """The new value of a field; a scalar keeps the field's own type where the text allows."""
    from pkctl.objects import meta, scalars

    delimiter, index = options.get("delimiter"), options.get("index") or 0
    if delimiter:
        if isinstance(old, (dict, list)):
            raise texts.KustomizeError("delimiter option can only be used with scalar nodes")
        words = text(old).split(delimiter)
        if index < 0:
            words.insert(0, text(value))
        elif index >= len(words):
            words.append(text(value))
        else:
            words[index] = text(value)
        value = delimiter.join(words)
    if isinstance(old, (dict, list)) or isinstance(value, (dict, list)) or old is None:
        return meta.clone(value)
    return text(value) if isinstance(old, str) else scalars.core(text(value))


def split(path: str) -> list[str]:
    """A path's parts: dots within brackets and behind a backslash belong to a part; brackets round a plain key are dropped."""
    made: list[str] = [""]
    depth = 0
    for letter in path:
        depth += {"[": 1, "]": -1}.get(letter, 0)
        if letter == "." and depth <= 0 and not made[-1].endswith("\\"):
            made.append("")
        elif letter == "." and made[-1].endswith("\\"):
            made[-1] = made[-1][:-1] + letter
        else:
            made[-1] += letter
    return [part[1:-1] if part[:1] == "[" and part[-1:] == "]" and "=" not in part else part for part in made]


def _places(value: Any, path: list[str], create: Any) -> Iterator[Place]:
    """(container, key) of every field that the path leads to; with `create`, missing parts are made on the way."""
    part, rest = path[0], path[1:]
    for key in list(_keys(value, part, rest, create)):
        if not rest:
            yield value, key
        else:
            yield from _places(value[key], rest, create)


def _keys(value: Any, part: str, rest: list[str], create: Any) -> Iterator[Any]:
    if part == "*":
        yield from range(len(value)) if isinstance(value, list) else ()
    elif part.isdigit():
        yield from _indexed(value, int(part), rest, create)
    elif part.startswith("[") and "=" in part:
        yield from _matching(value, part[1:-1], create)
    elif isinstance(value, dict):
        if value.get(part) is None and create is not None:
            value[part] = _empty(rest, create)
        if part in value:
            yield part


def _empty(rest: list[str], create: Any) -> Any:
    if not rest:
        return "" if not isinstance(create, (dict, list)) else type(create)()
    return [] if rest[0].isdigit() or rest[0].startswith("[") else {}


def _indexed(value: Any, index: int, rest: list[str], create: Any) -> Iterator[int]:
    if not isinstance(value, list):
        word = "MappingNode" if isinstance(value, dict) else "ScalarNode"
        raise texts.KustomizeError(f"wrong node kind: expected SequenceNode but got {word}: node contents:\n{texts.flow(value)}\n")
    if len(value) == index and create is not None:
        value.append(_empty(rest, create))
    if len(value) <= index:
        raise texts.KustomizeError(f"index {index} specified but only {len(value)} elements found")
    yield index


def _matching(value: Any, condition: str, create: Any) -> Iterator[int]:
    field, _, pattern = condition.partition("=")
    if not isinstance(value, list):
        return
    found = [at for at, each in enumerate(value) if re.search(pattern, _compared(each, field))]
    if not found and create is not None:
        value.append({field: pattern} if field else pattern)
        found = [len(value) - 1]
    yield from found


def _compared(item: Any, field: str) -> str:
    if not field:
        return text(item) if not isinstance(item, (dict, list)) else ""
    return text(item[field]) if isinstance(item, dict) and item.get(field) is not None else "\0"
