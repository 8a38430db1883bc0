"""Whether a custom object's values are what its schema allows; every problem in Kubernetes' words.

Follows kube-openapi's pkg/validation/validate, its error texts and apiextensions-apiserver's translation of them into field errors,
the list types' own check, and the ratchet: what an update leaves as it was is not judged again. Not here: rules in CEL (`customrules`).
"""

from __future__ import annotations

from pkctl.kinds import customformats, generic, patterns
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from pkctl.kinds.customnodes import Node
    from pkctl.objects.fields import Problem

    Schema = dict[str, Any]

NEW: Any = object()
"""Stands for the old value where there was none, or where none can be told to be the same one."""


def problems(node: Node, obj: dict[str, Any], old: Any = NEW) -> list[Problem]:
    """What is wrong with an object; `old` is the object as it was."""
    found = list(_walk(node, obj, old, ""))
    found += _lists(node, obj, old, "")
    return found


def _walk(node: Node, value: Any, old: Any, path: str) -> Iterator[Problem]:
    if old is not NEW and old == value:
        return
    if value is None and node.nullable:
        return
    yield from own(node.schema, value, path, node.is_int_or_string)
    if isinstance(value, dict):
        if node.is_embedded:
            yield from _embedded(value, path)
        before = old if isinstance(old, dict) else {}
        for name in sorted(value):
            part = node.field(name)
            if part is not None:
                yield from _walk(part, value[name], before.get(name, NEW), f"{path}.{name}" if path else name)
    elif isinstance(value, list) and node.items is not None:
        for number, item in enumerate(value):
            yield from _walk(node.items, item, node.old_item(old, item, NEW), f"{path}[{number}]")


def _embedded(value: dict[str, Any], path: str) -> Iterator[Problem]:
    """What every object inside another must have; a name may be missing, as in a template."""
    for name in ("apiVersion", "kind"):
        if not value.get(name):
            yield fields.required(f"{path}.{name}")
        elif not isinstance(value[name], str):
            yield fields.invalid(f"{path}.{name}", value[name], "must be a string")
        else:
            yield from _embedded_type(name, value[name], f"{path}.{name}")
    own, place = value.get("metadata", {}), f"{path}.metadata"
    found = type_of(own)
    if found != "object":
        yield fields.type_invalid(place, found, f'{place} in body must be of type object: "{found}"')
    else:
        yield from generic.embedded_meta(own, place)


def _embedded_type(name: str, text: str, path: str) -> Iterator[Problem]:
    if name == "kind" and (wrong := names.dns1035_label(text.lower())):
        yield fields.invalid(path, text, f"may have mixed case, but should otherwise match: {','.join(wrong)}")
    elif name == "apiVersion" and text.count("/") > 1:
        yield fields.invalid(path, text, f"unexpected GroupVersion string: {text}")


def own(schema: Schema, value: Any, path: str, is_int_or_string: bool = False) -> Iterator[Problem]:
    """What a schema says of a value itself, not of the values in it; junctors of schemas included."""
    wrong = _type(schema, value, path, is_int_or_string)
    if wrong is not None:
        yield wrong
        return
    yield from _junctors(schema, value, path)
    if isinstance(value, str):
        yield from _string(schema, value, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number(schema, value, path)
    elif isinstance(value, list):
        yield from _size(schema, value, path, ("minItems", "maxItems", "items"))
    elif isinstance(value, dict):
        yield from _size(schema, value, path, ("minProperties", "maxProperties", "properties"))
        for name in schema.get("required") or ():
            if name not in value:
                yield fields.required(f"{path}.{name}" if path else name)
    allowed = schema.get("enum")
    if allowed is not None and not any(_same(value, each) for each in allowed):
        yield fields.unsupported(path, value, [each if isinstance(each, str) else fields.shown(each) for each in allowed])


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def type_of(value: Any) -> str:
    """A JSON value's type, as schemas name them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    for kind, name in ((float, "number"), (str, "string"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "object"


def _type(schema: Schema, value: Any, path: str, is_int_or_string: bool) -> Problem | None:
    wanted, found = str(schema.get("type") or ""), type_of(value)
    if is_int_or_string:
        wanted = "integer,string"
    if not wanted or found in wanted.split(",") or (wanted == "number" and found == "integer"):
        return None
    return fields.type_invalid(path, found, f'{path} in body must be of type {wanted}: "{found}"')


def _string(schema: Schema, value: str, path: str) -> Iterator[Problem]:
    most, least, pattern, form = (schema.get(name) for name in ("maxLength", "minLength", "pattern", "format"))
    if most is not None and len(value) > most:
        yield fields.too_long(path, int(most))
    if least is not None and len(value) < least:
        yield fields.invalid(path, value, f"{path} in body should be at least {int(least)} chars long")
    if pattern and not patterns.is_found(pattern, value):
        yield fields.invalid(path, value, f"{path} in body should match '{pattern}'")
    if form and not customformats.is_valid(form, value):
        yield fields.type_invalid(path, value, f"{path} in body must be of type {form}: {fields.quoted(value)}")


def _number(schema: Schema, value: float, path: str) -> Iterator[Problem]:
    most, least, step = schema.get("maximum"), schema.get("minimum"), schema.get("multipleOf")
    form = str(schema.get("format") or "")
    if schema.get("type") == "integer" and not _fits(form, value):
        said = f"with format {form}" if form else "(default format)"
        yield fields.invalid("<nil>", "", f"Checked value must be of type integer {said} in {path}")
    elif schema.get("type") == "number" and form in ("float", "float32") and abs(value) > LARGEST_FLOAT:
        yield fields.invalid("<nil>", "", f"Checked value must be of type number with format {form} in {path}")
    if most is not None and (value > most or (schema.get("exclusiveMaximum") and value == most)):
        than = "less than" if schema.get("exclusiveMaximum") else "less than or equal to"
        yield fields.invalid(path, value, f"{path} in body should be {than} {_go(most)}")
    if least is not None and (value < least or (schema.get("exclusiveMinimum") and value == least)):
        than = "greater than" if schema.get("exclusiveMinimum") else "greater than or equal to"
        yield fields.invalid(path, value, f"{path} in body should be {than} {_go(least)}")
    if step and not _divides(step, value):
        yield fields.invalid(path, value, f"{path} in body should be a multiple of {_go(step)}")


LARGEST_FLOAT = 3.4028234663852886e38
RANGES = {"int32": (-(2**31), 2**31 - 1), "uint32": (0, 2**32 - 1), "uint64": (0, 2**64 - 1)}
"""What integers of a format can be; all others are int64."""


def _fits(form: str, value: float) -> bool:
    least, most = RANGES.get(form, (-(2**63), 2**63 - 1))
    return least <= value <= most


def _divides(step: float, value: float) -> bool:
    from fractions import Fraction

    return (Fraction(repr(value)) / Fraction(repr(step))).denominator == 1


def _go(value: float) -> str:
    return repr(int(value)) if float(value).is_integer() and abs(value) < 1e21 else repr(value)


def _size(schema: Schema, value: Any, path: str, words: tuple[str, str, str]) -> Iterator[Problem]:
    least, most = schema.get(words[0]), schema.get(words[1])
    if least is not None and len(value) < least:
        yield fields.invalid(path, len(value), f"{path} in body should have at least {int(least)} {words[2]}")
    if most is not None and len(value) > most:
        yield fields.too_many(path, len(value), int(most))


def _junctors(schema: Schema, value: Any, path: str) -> Iterator[Problem]:
    for word, judge in JUNCTORS.items():
        if schema.get(word):
            yield from judge(schema[word], value, path)


def _deep(schema: Schema, value: Any, path: str) -> list[Problem]:
    """What a schema inside a junctor has against a value and the values in it."""
    found = list(own(schema, value, path))
    if isinstance(value, dict):
        for name, part in sorted((schema.get("properties") or {}).items()):
            if name in value:
                found += _deep(part, value[name], f"{path}.{name}" if path else name)
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for number, item in enumerate(value):
            found += _deep(schema["items"], item, f"{path}[{number}]")
    return found


def _junction(path: str, text: str) -> Problem:
    return fields.invalid("<nil>", "", f'"{path}" {text}')


def _all_of(schemas: list[Schema], value: Any, path: str) -> list[Problem]:
    found = [problem for schema in schemas for problem in _deep(schema, value, path)]
    return [_junction(path, "must validate all the schemas (allOf)"), *found] if found else []


def _any_of(schemas: list[Schema], value: Any, path: str) -> list[Problem]:
    tried = [_deep(schema, value, path) for schema in schemas]
    if not all(tried):
        return []
    return [_junction(path, "must validate at least one schema (anyOf)"), *min(tried, key=len)]


def _one_of(schemas: list[Schema], value: Any, path: str) -> list[Problem]:
    tried = [_deep(schema, value, path) for schema in schemas]
    valid = sum(not each for each in tried)
    if valid == 1:
        return []
    more = f"Found {valid} valid alternatives" if valid else "Found none valid"
    return [_junction(path, f"must validate one and only one schema (oneOf). {more}"), *([] if valid else min(tried, key=len))]


def _not(schema: Schema, value: Any, path: str) -> list[Problem]:
    return [] if _deep(schema, value, path) else [_junction(path, "must not validate the schema (not)")]


JUNCTORS: dict[str, Callable[[Any, Any, str], list[Problem]]] = {"allOf": _all_of, "anyOf": _any_of, "oneOf": _one_of, "not": _not}


def _lists(node: Node, value: Any, old: Any, path: str) -> Iterator[Problem]:
    """No item twice in a set, no key twice in a map."""
    if old is not NEW and old == value:
        return
    if isinstance(value, dict):
        before = old if isinstance(old, dict) else {}
        for name in sorted(value):
            part = node.field(name)
            if part is not None and isinstance(value[name], (dict, list)):
                yield from _lists(part, value[name], before.get(name, NEW), f"{path}.{name}" if path else name)
        return
    if not isinstance(value, list):
        return
    yield from _doubles(node, value, path)
    if node.items is not None:
        for number, item in enumerate(value):
            yield from _lists(node.items, item, node.old_item(old, item, NEW), f"{path}[{number}]")


def _doubles(node: Node, value: list[Any], path: str) -> Iterator[Problem]:
    if node.list_type not in ("set", "map"):
        return
    seen: set[str] = set()
    for number, item in enumerate(value):
        key = item
        if node.list_type == "map":
            key = {name: item[name] for name in node.list_keys if name in item} if isinstance(item, dict) else None
        text = fields.shown(key)
        if key is not None and text in seen:
            yield fields.duplicate(f"{path}[{number}]", key)
        seen.add(text)
