"""YAML and JSON text to objects, read as kubectl reads it: YAML 1.1 with goyaml's ideas of what is a number or a boolean.

Follows sigs.k8s.io/yaml over goyaml.v2, and apimachinery/pkg/util/yaml for how a file is cut into documents; what a plain scalar
means is `scalars`. Writing YAML is `printers.yamls`. PyYAML is imported by no other module.
"""

from __future__ import annotations

import json
from functools import cache

from pkctl.objects import scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

plain = scalars.plain
CONVERTING = "error converting YAML to JSON: "


class YamlError(ValueError):
    """Text that can't be read; the text is kubectl's, without the file's name."""


def load_all(text: str) -> list[Any]:
    """The documents of a text, empty ones left out; YamlError."""
    return list(documents(text))


def load(text: str) -> Any:
    """The first document; None for an empty one."""
    return next(documents(text), None)


def load_yaml(text: str) -> Any:
    """As `load`, of a text that is YAML even if it begins as JSON does."""
    return next((document for document in _yaml_documents(text) if document is not None), None)


def documents(text: str) -> Iterator[Any]:
    """As `load_all`, one by one: those before a broken one come before the YamlError, as kubectl handles them."""
    found = _json_documents(text) if text.lstrip()[:1] == "{" else _yaml_documents(text)
    return (document for document in found if document is not None)


def _yaml_documents(text: str) -> Iterator[Any]:
    return map(_load, split(text))


def split(text: str) -> Iterator[str]:
    """A text's documents: a line that is only `---` (and perhaps a comment) parts two. YamlError for `---` and anything else.

    Where nothing stands before it such a line belongs to the document that follows, whose lines are counted from it."""
    text = (text if text.endswith("\n") else f"{text}\n").replace("\r\n", "\n")
    if "\n---" not in text and not text.startswith("---"):
        yield text
        return
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line[3:].strip() if line.startswith("---") else ""
        if rest and not rest.startswith("#"):
            raise YamlError(f"invalid Yaml document separator: {rest}")
        if lines and line.startswith("---"):
            yield "\n".join([*lines, ""])
            lines = []
        else:
            lines.append(line)
    yield "\n".join(lines)


def _json_documents(text: str) -> Iterator[Any]:
    """JSON values one after another, as Go's decoder reads a stream; what isn't JSON after all may be YAML's flow style."""
    decoder = json.JSONDecoder(parse_int=_json_int, parse_float=_json_float, parse_constant=_no_constant)
    at = 0
    while rest := text[at:].lstrip():
        try:
            value, at = decoder.raw_decode(text, len(text) - len(rest))
        except ValueError:
            yield from _rather_yaml(text, at)
            return
        yield value


def _rather_yaml(text: str, at: int) -> Iterator[Any]:
    found = _yaml_documents(text[at:].lstrip(" \t\r").removeprefix("\n") if at else text)
    try:
        yield next(found, None)
    except YamlError:
        from pkctl.objects import jsonfaults

        raise YamlError(jsonfaults.explain(text, at)) from None
    yield from found


def _json_int(text: str) -> int | float:
    return int(text) if len(text) < 19 else scalars.whole(int(text))


def _json_float(text: str) -> int | float:
    return scalars.whole(float(text))


def _no_constant(text: str) -> None:
    raise ValueError(text)


def core(text: str) -> Iterator[Any]:
    """The documents of a text, empty ones left out, as goyaml.v3 reads them (kustomize): yes and no are strings, dates times; YamlError."""
    for part in split(text):
        node = compose(part)
        value = None if node is None else _CoreReading(part).value(node)
        if value is not None:
            yield value


@cache
def _loader() -> Any:
    """PyYAML's loader on libyaml's parser."""
    import yaml

    return _untagged(getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _untagged(kind: Any) -> Any:
    """A loader with no opinion on plain scalars: those get an empty tag."""
    import yaml

    class Loader(kind):  # type: ignore[misc]
        def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
            if kind is yaml.ScalarNode:
                return "" if implicit[0] else scalars.STRING
            return super().resolve(kind, value, implicit)

    return Loader


@cache
def _lenient() -> Any:
    """The same, slower, where an anchor may be given again: from there on its alias stands for the later node."""
    import yaml

    class Lenient(yaml.composer.Composer, _loader()):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            _loader().__init__(self, text)
            yaml.composer.Composer.__init__(self)

        def compose_node(self, parent: Any, index: Any) -> Any:
            event: Any = self.peek_event()
            if not isinstance(event, yaml.AliasEvent):
                self.anchors.pop(event.anchor, None)
            return super().compose_node(parent, index)

    return Lenient


@cache
def _escaping() -> Any:
    """A slower one that knows the escapes of goyaml: a single quote, and no slash."""
    import yaml

    escapes = {key: value for key, value in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if key != "/"} | {"'": "'"}
    return _untagged(type("Escaping", (yaml.SafeLoader,), {"ESCAPE_REPLACEMENTS": escapes}))


def compose(text: str) -> Any:
    """The node of a text's first document, with its places; None when there is none."""
    import yaml

    try:
        try:
            node = _composed(_loader(), text)
        except yaml.composer.ComposerError as error:
            if "duplicate anchor" not in str(error):
                raise
            node = _composed(_lenient(), text)
        except yaml.scanner.ScannerError as error:
            if "escape character" not in str(error):
                raise
            node = _composed(_escaping(), text)
        return _composed(_escaping(), text) if "\\/" in text and _has_slash(node, text) else node
    except yaml.YAMLError as error:
        raise YamlError(f"{CONVERTING}yaml: {_told(error, text)}") from None


def _has_slash(node: Any, text: str) -> bool:
    """Whether a quoted scalar has a slash with a backslash before it."""
    if node is None or isinstance(node.value, str):
        return node is not None and node.style == '"' and "\\/" in text[node.start_mark.index : node.end_mark.index]
    return any(_has_slash(part, text) for each in node.value for part in (each if isinstance(each, tuple) else (each,)))


def _composed(kind: Any, text: str) -> Any:
    loader = kind(text)
    try:
        return loader.get_node() if loader.check_node() else None
    finally:
        loader.dispose()


def _load(text: str) -> Any:
    node = compose(text)
    return None if node is None else _Reading(text).whole(node)


def _told(error: Any, text: str) -> str:
    """goyaml's text: a parser counts lines from 0, a scanner from 1."""
    import yaml

    mark: Any = getattr(error, "problem_mark", None)
    if isinstance(error, yaml.composer.ComposerError):
        return f"unknown anchor '{_word(text, mark.index + 1)}' referenced"
    if isinstance(error, yaml.reader.ReaderError):
        return "control characters are not allowed"
    line = mark.line + isinstance(error, yaml.scanner.ScannerError) if mark is not None and mark.line else 0
    if not line and getattr(error, "context_mark", None) is not None:
        line = error.context_mark.line
    problem = str(getattr(error, "problem", None) or error)
    if problem.startswith("found unknown escape character"):
        problem = "found unknown escape character"
    return (f"line {line}: " if line else "") + PROBLEMS.get(problem, problem)


PROBLEMS = {"found duplicate anchor": "unknown problem parsing YAML content"}
"""Where libyaml's words are not goyaml's."""


def _word(text: str, at: int) -> str:
    """The name of the anchor or alias that stands at `at`."""
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return text[at:end]


class _Reading:
    """One document's nodes to values; a node met twice (an alias) is the same value, one met within itself an error."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[int, Any] = {}
        self._is_finite = True

    def whole(self, node: Any) -> Any:
        """The document's value; YamlError, also for numbers that JSON does not have."""
        made = self.value(node)
        if not self._is_finite:
            _finite(made)
        return made

    def value(self, node: Any) -> Any:
        """The node's value; YamlError."""
        if node.id == "scalar":
            made = _scalar(node)
            self._is_finite = self._is_finite and not (isinstance(made, float) and made - made != 0)
            return made
        if id(node) in self._known:
            known = self._known[id(node)]
            if known is self:
                raise YamlError(f"{CONVERTING}yaml: anchor '{_word(self._text, node.start_mark.index + 1)}' value contains itself")
            return known
        self._known[id(node)] = self
        made = [self.value(item) for item in node.value] if node.id == "sequence" else self._mapping(node)
        self._known[id(node)] = made
        return made

    def _mapping(self, node: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            if key.id == "scalar":
                if key.tag == "" and key.value == "<<":
                    self._merge(made, value)
                    continue
                name = _scalar(key)
            else:
                raise YamlError(f"{CONVERTING}yaml: invalid map key: {_go(key)}")
            made[name if isinstance(name, str) else self._key(name, key, value)] = self.value(value)
        return made

    def _key(self, name: Any, key: Any, node: Any) -> str:
        if name is None or _wide(key) is not None:
            kind, shown = ("%!s(<nil>)", "<nil>") if name is None else ("uint64", _go(key))
            value = "<nil>" if _go(node) == NIL else _go(node)
            raise YamlError(f"{CONVERTING}unsupported map key of type: {kind}, key: {shown}, value: {value}")
        if isinstance(name, bool):
            return "true" if name else "false"
        if isinstance(name, int) and not any(char in key.value for char in ".eE"):
            return str(name)
        from pkctl.objects import floats

        return floats.single(float(name))

    def _merge(self, made: dict[str, Any], node: Any) -> None:
        """A merge overrides what stands before it and is overridden by what follows; the first of several wins."""
        values = self.value(node)
        for each in reversed(values) if isinstance(values, list) else [values]:
            if not isinstance(each, dict):
                raise YamlError(f"{CONVERTING}yaml: map merge requires map or sequence of maps as the value")
            made.update(each)


class _CoreReading(_Reading):
    """Nodes to values by YAML 1.2's core schema, as far as goyaml.v3 follows it."""

    def value(self, node: Any) -> Any:
        """See `_Reading.value`."""
        return scalars.core(node.value) if node.id == "scalar" and node.tag == "" else super().value(node)

    def _mapping(self, node: Any) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.id == "scalar" and key.tag == "" and key.value == "<<":
                self._merge(merged, value)
            elif key.id == "scalar":
                made[key.value] = self.value(value)
            else:
                raise YamlError(f"{CONVERTING}yaml: invalid map key: {_go(key)}")
        return {**merged, **made}


NIL = "interface {}(nil)"


def _go(node: Any) -> str:
    """A node as Go's %#v shows what goyaml makes of it."""
    from pkctl.objects import floats, texts

    if node.id == "mapping":
        pairs = sorted((_order(_scalar(key)), _go(key), _go(value)) for key, value in node.value if key.id == "scalar")
        return "map[interface {}]interface {}{" + ", ".join(f"{key}:{value}" for _, key, value in pairs) + "}"
    if node.id == "sequence":
        return "[]interface {}{" + ", ".join(map(_go, node.value)) + "}"
    value = _scalar(node)
    if value is None:
        return NIL
    if (wide := _wide(node)) is not None:
        return hex(wide)
    if isinstance(value, str):
        return texts.quoted(value)
    is_float = isinstance(value, float) or (isinstance(value, int) and scalars.kind(node.value, value) == "float")
    return floats.decimal(float(value)) if is_float else json.dumps(value)


def _order(value: Any) -> tuple[int, Any]:
    """A key's place among the keys of a map that may be of any type."""
    for place, kind in enumerate((bool, int, float)):
        if isinstance(value, kind):
            return (2, value) if kind is bool else (place - 1, value)
    return (3, str(value))


def _wide(node: Any) -> int | None:
    """The number of a plain scalar that fits into no int64, but into an uint64."""
    return scalars.unsigned(node.value) if node.tag == "" and node.value[:1] in scalars.NUMERIC else None


def _scalar(node: Any) -> Any:
    try:
        value = plain(node.value) if node.tag == "" else node.value if node.tag == scalars.STRING else scalars.tagged(node.tag, node.value)
    except ValueError as error:
        raise YamlError(f"{CONVERTING}yaml: {error}") from None
    return value


def _finite(value: Any) -> None:
    """YamlError for the first number that JSON does not have, keys in order."""
    if isinstance(value, float) and value - value != 0:
        raise YamlError(f"{CONVERTING}json: unsupported value: {'NaN' if value != value else '+Inf' if value > 0 else '-Inf'}")
    for each in [value[key] for key in sorted(value)] if isinstance(value, dict) else value if isinstance(value, list) else ():
        _finite(each)
