"""YAML and JSON text to objects, read as kubectl reads it: YAML 1.1 with goyaml's ideas of what is a number or a boolean.

Follows sigs.k8s.io/yaml over goyaml.v2, and apimachinery/pkg/util/yaml for how a file is cut into documents. Writing YAML is
`printers.yamls`. PyYAML is imported by no other module.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

TRUE = frozenset(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"))
FALSE = frozenset(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"))
NULL = frozenset(("", "~", "null", "Null", "NULL"))
INFINITE = {".inf": "+Inf", "+.inf": "+Inf", "-.inf": "-Inf", ".nan": "NaN"}
NUMERIC = frozenset("0123456789+-.")
LARGEST = 2**64
BASES = {"0b": 2, "0o": 8, "0x": 16}
PREFIX = "tag:yaml.org,2002:"
MERGE = f"{PREFIX}merge"


class YamlError(ValueError):
    """Text that can't be read; the text is kubectl's, without the file's name."""


def load_all(text: str) -> list[Any]:
    """The documents of a text, empty ones left out; YamlError."""
    if text.lstrip().startswith("{"):
        return list(_json_documents(text))
    documents = (_load(part) for part in split(text))
    return [document for document in documents if document is not None]


def load(text: str) -> Any:
    """One document; None for an empty one."""
    found = load_all(text)
    return found[0] if found else None


def split(text: str) -> Iterator[str]:
    """A text's documents: a line that is only `---` (and perhaps a comment) ends one."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        rest = line[3:].strip() if line.startswith("---") else None
        if rest is not None and (not rest or rest.startswith("#")):
            yield "".join(lines)
            lines = []
        else:
            lines.append(line)
    yield "".join(lines)


def _json_documents(text: str) -> Iterator[Any]:
    """JSON values one after another, as Go's decoder reads a stream."""
    decoder, at = json.JSONDecoder(), 0
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        if text[at : at + 3] == "---":
            yield from (document for document in map(_load, split(text[at:])) if document is not None)
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError as error:
            yield from _rather_yaml(text[at:], error)
            return
        yield value


def _rather_yaml(text: str, error: ValueError) -> Iterator[Any]:
    """What begins like JSON but isn't may be YAML's flow style."""
    try:
        yield from (document for document in map(_load, split(text)) if document is not None)
    except YamlError:
        raise YamlError(f"json: {error}") from None


def _load(text: str) -> Any:
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = base(text)
    try:
        node = loader.get_single_node()
        return None if node is None else _Reading().value(node)
    except yaml.YAMLError as error:
        raise YamlError(f"error converting YAML to JSON: yaml: {_told(error, text)}") from None
    finally:
        loader.dispose()


def _told(error: Any, text: str) -> str:
    """goyaml's text: a parser counts lines from 0, a scanner from 1."""
    import yaml

    if isinstance(error, yaml.composer.ComposerError):
        found = text.splitlines()[error.problem_mark.line][error.problem_mark.column + 1 :].split()
        return f"unknown anchor '{found[0] if found else ''}' referenced"
    if isinstance(error, yaml.reader.ReaderError):
        return "control characters are not allowed"
    mark = getattr(error, "problem_mark", None)
    line = mark.line + isinstance(error, yaml.scanner.ScannerError) if mark is not None and mark.line else 0
    if not line and getattr(error, "context_mark", None) is not None:
        line = error.context_mark.line
    return (f"line {line}: " if line else "") + str(getattr(error, "problem", None) or error)


class _Reading:
    """One document's nodes to values; a node met twice (an alias) is the same value."""

    def __init__(self) -> None:
        self._known: dict[int, Any] = {}

    def value(self, node: Any) -> Any:
        known = self._known.get(id(node), self)
        if known is not self:
            return known
        if node.id == "scalar":
            return _scalar(node)
        if node.id == "sequence":
            made: Any = []
            self._known[id(node)] = made
            made.extend(self.value(item) for item in node.value)
            return made
        made = self._known[id(node)] = {}
        self._fill(made, node)
        return made

    def _fill(self, made: dict[str, Any], node: Any) -> None:
        merged: dict[str, Any] = {}
        for key, value in node.value:
            if key.id == "scalar" and key.value == "<<" and not key.style:
                self._merge(merged, value)
            else:
                made[self._key(key)] = self.value(value)
        for name, value in merged.items():
            made.setdefault(name, value)

    def _merge(self, merged: dict[str, Any], node: Any) -> None:
        values = self.value(node)
        for each in values if isinstance(values, list) else [values]:
            if not isinstance(each, dict):
                raise YamlError("error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value")
            for name, value in each.items():
                merged.setdefault(name, value)

    def _key(self, node: Any) -> str:
        if node.id != "scalar":
            raise YamlError(f"error converting YAML to JSON: yaml: invalid map key: {_go(self.value(node))}")
        key = _scalar(node)
        if isinstance(key, str):
            return key
        if isinstance(key, bool):
            return "true" if key else "false"
        return "null" if key is None else str(key)


def _go(value: Any) -> str:
    kind = "[]interface {}" if isinstance(value, list) else "map[interface {}]interface {}"
    return f"{kind}{json.dumps(value, separators=(', ', ':'))}".replace("[]interface {}[", "[]interface {}{", 1)[:-1] + "}"


def _scalar(node: Any) -> Any:
    """A plain scalar is what it looks like; a quoted one is a string; a tag says so itself."""
    text: str = node.value
    tag: str = node.tag
    if tag == f"{PREFIX}binary":
        from base64 import b64decode

        return b64decode(text).decode(errors="replace")
    if node.style or (tag == f"{PREFIX}str" and node.start_mark.column + len(text) < node.end_mark.column):
        return text
    value = plain(text)
    if tag in (f"{PREFIX}int", f"{PREFIX}float") and isinstance(value, str) and not text[:1].isdigit():
        raise YamlError(f"error converting YAML to JSON: yaml: cannot decode !!str `{text}` as a !!{tag[len(PREFIX) :]}")
    if isinstance(value, float) and value - value != 0:
        raise YamlError(f"error converting YAML to JSON: json: unsupported value: {INFINITE[text.lower()]}")
    return value


def plain(text: str) -> Any:
    """What an unquoted scalar reads as: a number, a boolean, None, or itself."""
    if not text or text[0] not in NUMERIC:
        return _word(text)
    number = _number(text)
    return text if number is None else number


def _word(text: str) -> Any:
    if text in NULL:
        return None
    if text in TRUE:
        return True
    return False if text in FALSE else text


def _number(text: str) -> int | float | None:
    """goyaml's numbers: Go integers with any base's prefix and underscores, then decimal floats; None when it is a string."""
    if text.lower() in INFINITE:
        return float(text.lower().replace(".", ""))
    bare = text.replace("_", "")
    sign = -1 if bare[:1] == "-" else 1
    digits = bare[1:] if bare[:1] in ("+", "-") else bare
    base = BASES.get(digits[:2].lower())
    try:
        if base:
            return sign * int(digits[2:], base)
        if digits.isdecimal() and digits.isascii():
            octal = len(digits) > 1 and digits[0] == "0"
            whole = sign * int(digits, 8 if octal and not set(digits) & {"8", "9"} else 10)
            return whole if abs(whole) < LARGEST else float(whole)
        return _float(digits, sign)
    except ValueError:
        return None


def _float(digits: str, sign: int) -> int | float | None:
    mantissa, _, exponent = digits.lower().partition("e")
    if not mantissa.strip(".").replace(".", "", 1).isdecimal() or mantissa.count(".") > 1 or not digits.isascii():
        return None
    if "e" in digits.lower() and not exponent.lstrip("+-").isdecimal():
        return None
    value = sign * float(digits)
    return int(value) if value.is_integer() and abs(value) < 1e21 else value
