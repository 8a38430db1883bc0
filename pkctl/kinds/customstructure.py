"""Whether a definition's openAPIV3Schema is a structural schema that pkctl can serve; every problem in Kubernetes' words.

Follows apiextensions-apiserver's pkg/apiserver/schema/validation.go, defaulting/validation.go and the schema part of
pkg/apis/apiextensions/validation/validation.go. Not here: the rest of a definition (`customresourcedefinitions`).
"""

from __future__ import annotations

from pkctl.kinds import customnodes, custompruning, customvalues, patterns
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from pkctl.objects.fields import Problem

    Schema = dict[str, Any]

ROOT, ITEM, FIELD = "at the root", "for specified array items", "for specified object fields"
INT_OR_STRING = [{"type": "integer"}, {"type": "string"}]
TYPES = ("array", "boolean", "integer", "number", "object", "string")
UNSUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")
FORBIDDEN_IN_JUNCTORS = {
    "type": "must be empty", "additionalProperties": "must be undefined", "default": "must be undefined", "title": "must be empty",
    "description": "must be empty", "nullable": "must be false", "externalDocs": "must be undefined",
    "x-kubernetes-preserve-unknown-fields": "must be false", "x-kubernetes-embedded-resource": "must be false",
    "x-kubernetes-int-or-string": "must be false", "x-kubernetes-list-map-keys": "must be empty",
    "x-kubernetes-list-type": "must be undefined", "x-kubernetes-map-type": "must be undefined",
    "x-kubernetes-validations": "must be empty",
}  # fmt: skip
IN_GO = (
    ("Rule", "rule", ""), ("Message", "message", ""), ("MessageExpression", "messageExpression", ""), ("Reason", "reason", None),
    ("FieldPath", "fieldPath", ""), ("OptionalOldSelf", "optionalOldSelf", None),
)  # fmt: skip
"""The fields of a rule as the API server's own type has them: name, key, and what stands where there is none."""

REASONS = ("FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired")


def problems(schema: Schema, at: str) -> list[Problem]:
    """What is wrong with a version's schema; rules and defaults are only looked at when its structure is right."""
    found = sorted({str(each): each for each in (*_invariants(schema, at, ROOT), *_completeness(schema, at))}.items())
    wrong = [problem for _, problem in found]
    if schema.get("nullable"):
        wrong.append(fields.forbidden(f"{at}.nullable", "nullable cannot be true at the root"))
    wrong += _open_api(schema, at)
    node = customnodes.Node(schema)
    return wrong or list(_defaults(node, at, is_root=True)) or list(_all_rules(node, at))


def _invariants(schema: Schema, at: str, level: str) -> Iterator[Problem]:
    kind, extra = schema.get("type") or "", schema.get("additionalProperties")
    if kind == "array" and not isinstance(schema.get("items"), dict):
        yield fields.required(f"{at}.items", "must be specified")
    if isinstance(schema.get("items"), dict):
        yield from _invariants(schema["items"], f"{at}.items", ITEM)
    for name, part in (schema.get("properties") or {}).items():
        yield from _invariants(part, f"{at}.properties[{name}]", FIELD)
    if extra is not None and level == ROOT:
        yield fields.forbidden(f"{at}.additionalProperties", "must not be used at the root")
    if isinstance(extra, dict):
        yield from _invariants(extra, f"{at}.additionalProperties", FIELD)
    yield from _extensions(schema, at)
    yield from _junctors(schema, at)
    yield from _types(schema, at, level)
    yield from _metadata(schema, at, level)


def _types(schema: Schema, at: str, level: str) -> Iterator[Problem]:
    kind, is_embedded = schema.get("type") or "", schema.get("x-kubernetes-embedded-resource")
    is_free = schema.get("x-kubernetes-int-or-string") or schema.get("x-kubernetes-preserve-unknown-fields")
    if is_embedded and kind != "object":
        text = "must be object if x-kubernetes-embedded-resource is true"
        yield fields.invalid(f"{at}.type", kind, text) if kind else fields.required(f"{at}.type", text)
    elif not kind and not is_free:
        yield fields.required(f"{at}.type", f"must not be empty {level}")
    if is_embedded and schema.get("additionalProperties") is not None:
        yield fields.forbidden(f"{at}.additionalProperties", "must not be used if x-kubernetes-embedded-resource is set")
    if level == ROOT and kind and kind != "object":
        yield fields.invalid(f"{at}.type", kind, "must be object at the root")
    if is_embedded and not schema.get("x-kubernetes-preserve-unknown-fields") and not schema.get("properties"):
        text = "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"
        yield fields.required(f"{at}.properties", text)


def _metadata(schema: Schema, at: str, level: str) -> Iterator[Problem]:
    if level != ROOT and not schema.get("x-kubernetes-embedded-resource"):
        return
    known = schema.get("properties") or {}
    for name, wanted in (("kind", "string"), ("apiVersion", "string"), ("metadata", "object")):
        found = (known.get(name) or {}).get("type") or ""
        if name in known and found != wanted:
            yield fields.invalid(f"{at}.properties[{name}].type", found, f"must be {wanted}")
    own = known.get("metadata") or {}
    stray = set(own) - {"type", "properties", "default", "description", "maxProperties", "minProperties", "required"}
    if level == ROOT and (stray or set(own.get("properties") or ()) - {"name", "generateName"}):
        text = "must not specify anything other than name and generateName, but metadata is implicitly specified"
        yield fields.forbidden(f"{at}.properties[metadata]", text)


def _extensions(schema: Schema, at: str) -> Iterator[Problem]:
    if schema.get("x-kubernetes-int-or-string"):
        for name in ("x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"):
            if schema.get(name):
                yield fields.invalid(f"{at}.{name}", True, "must be false if x-kubernetes-int-or-string is true")


def _junctors(schema: Schema, at: str) -> Iterator[Problem]:
    for word in ("anyOf", "allOf", "oneOf"):
        for number, part in enumerate(schema.get(word) or ()):
            if word == "anyOf" and schema["anyOf"] == INT_OR_STRING and schema.get("x-kubernetes-int-or-string"):
                continue
            if word == "allOf" and number == 0 and part.get("anyOf") == INT_OR_STRING:
                part = {name: each for name, each in part.items() if name != "anyOf"}
            yield from _nested(part, f"{at}.{word}[{number}]")
    if schema.get("not"):
        yield from _nested(schema["not"], f"{at}.not")
    yield from _pattern(schema, at)


def _pattern(schema: Schema, at: str) -> Iterator[Problem]:
    if (pattern := schema.get("pattern")) and (wrong := patterns.problem(pattern)):
        yield fields.invalid(f"{at}.pattern", pattern, f"must be a valid regular expression, but isn't: {wrong}")


def _nested(schema: Schema, at: str) -> Iterator[Problem]:
    """What a schema inside a junctor may not say: it only restricts what is declared outside."""
    yield from _junctors(schema, at)
    if isinstance(schema.get("items"), dict):
        yield from _nested(schema["items"], f"{at}.items")
    for name, part in (schema.get("properties") or {}).items():
        yield from _nested(part, f"{at}.properties[{name}]")
    for name, text in FORBIDDEN_IN_JUNCTORS.items():
        if schema.get(name) not in (None, "", False, []):
            yield fields.forbidden(f"{at}.{name}", f"{text} to be structural")
    if "metadata" in (schema.get("properties") or {}):
        yield fields.forbidden(f"{at}.properties[metadata]", "must not be specified in a nested context")


def _completeness(schema: Schema, at: str) -> Iterator[Problem]:
    """Every field that a junctor speaks of is declared outside of it too."""
    for word in ("anyOf", "allOf", "oneOf"):
        for number, part in enumerate(schema.get(word) or ()):
            yield from _declared(schema, part, at, f"{at}.{word}[{number}]")
    if schema.get("not"):
        yield from _declared(schema, schema["not"], at, f"{at}.not")
    for name, part in (schema.get("properties") or {}).items():
        yield from _completeness(part, f"{at}.properties[{name}]")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _completeness(schema[name], f"{at}.{name}")


def _declared(schema: Schema, part: Schema, at: str, inside: str) -> Iterator[Problem]:
    known = schema.get("properties") or {}
    for name, below in (part.get("properties") or {}).items():
        if name in known:
            yield from _declared(known[name], below, f"{at}.properties[{name}]", f"{inside}.properties[{name}]")
        elif not schema.get("x-kubernetes-preserve-unknown-fields"):
            yield fields.required(f"{at}.properties[{name}]", f"because it is defined in {inside}.properties[{name}]")
    if isinstance(part.get("items"), dict):
        if isinstance(schema.get("items"), dict):
            yield from _declared(schema["items"], part["items"], f"{at}.items", f"{inside}.items")
        else:
            yield fields.required(f"{at}.items", f"because it is defined in {inside}.items")
    for word in ("anyOf", "allOf", "oneOf"):
        for number, each in enumerate(part.get(word) or ()):
            yield from _declared(schema, each, at, f"{inside}.{word}[{number}]")


def _open_api(schema: Schema, at: str) -> Iterator[Problem]:
    for name in UNSUPPORTED:
        if schema.get(name):
            yield fields.forbidden(f"{at}.{name}", f"{name} is not supported")
    kind = schema.get("type") or ""
    if kind == "null":
        yield fields.forbidden(f"{at}.type", "type cannot be set to null, use nullable as an alternative")
    elif kind and kind not in TYPES:
        yield fields.unsupported(f"{at}.type", kind, TYPES)
    if schema.get("uniqueItems"):
        text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield fields.forbidden(f"{at}.uniqueItems", text)
    extra = schema.get("additionalProperties")
    if schema.get("properties") and extra is not None and extra is not True:
        yield fields.forbidden(f"{at}.additionalProperties", "additionalProperties and properties are mutual exclusive")
    if schema.get("x-kubernetes-preserve-unknown-fields") is False:
        yield fields.invalid(f"{at}.x-kubernetes-preserve-unknown-fields", False, "must be true or undefined")
    yield from _map_type(schema, at)
    yield from _list_type(schema, at)
    for name, part in sorted((schema.get("properties") or {}).items()):
        yield from _open_api(part, f"{at}.properties[{name}]")
    for name in ("items", "additionalProperties"):
        if isinstance(schema.get(name), dict):
            yield from _open_api(schema[name], f"{at}.{name}")


def _of_type(schema: Schema, at: str, kind: str, why: str) -> Iterator[Problem]:
    found = schema.get("type") or ""
    if found != kind:
        text = f"must be {kind} if {why}"
        yield fields.invalid(f"{at}.type", found, text) if found else fields.required(f"{at}.type", text)


def _map_type(schema: Schema, at: str) -> Iterator[Problem]:
    found = schema.get("x-kubernetes-map-type")
    if found is None:
        return
    yield from _of_type(schema, at, "object", "x-kubernetes-map-type is specified")
    if found not in ("atomic", "granular"):
        yield fields.unsupported(f"{at}.x-kubernetes-map-type", found, ("atomic", "granular"))


def _list_type(schema: Schema, at: str) -> Iterator[Problem]:
    found, keys, items = schema.get("x-kubernetes-list-type"), schema.get("x-kubernetes-list-map-keys") or [], schema.get("items") or {}
    place = f"{at}.x-kubernetes-list-type"
    if keys and found != "map":
        text = "must be map if x-kubernetes-list-map-keys is non-empty"
        yield fields.required(place, text) if found is None else fields.invalid(place, found, text)
    if found is None:
        return
    yield from _of_type(schema, at, "array", "x-kubernetes-list-type is specified")
    if found not in ("atomic", "set", "map"):
        yield fields.unsupported(place, found, ("atomic", "set", "map"))
    if found in ("set", "map") and items.get("nullable"):
        yield fields.forbidden(f"{at}.items.nullable", f"cannot be nullable when x-kubernetes-list-type is {found}")
    if found == "set":
        yield from _set_items(items, at)
    elif found == "map":
        yield from _map_keys(keys, items, at)


def _set_items(items: Schema, at: str) -> Iterator[Problem]:
    text = "must be atomic as item of a list with x-kubernetes-list-type=set"
    kind, list_type, map_type = (items.get(name) for name in ("type", "x-kubernetes-list-type", "x-kubernetes-map-type"))
    if kind == "array" and list_type not in (None, "atomic"):
        yield fields.invalid(f"{at}.items.x-kubernetes-list-type", list_type, text)
    if kind == "object" and map_type != "atomic":
        yield fields.invalid(f"{at}.items.x-kubernetes-map-type", map_type, text)


def _map_keys(keys: list[str], items: Schema, at: str) -> Iterator[Problem]:
    place = f"{at}.x-kubernetes-list-map-keys"
    if not keys:
        yield fields.required(place, "must not be empty if x-kubernetes-list-type is map")
    if items.get("type") != "object":
        text = "must be object if parent array's x-kubernetes-list-type is map"
        yield fields.invalid(f"{at}.items.type", items.get("type") or "", text)
        return
    known = items.get("properties") or {}
    for key in keys:
        part = known.get(key)
        if part is None:
            yield fields.invalid(place, keys, "entries must all be names of item properties")
            continue
        below = f"{at}.items.properties[{key}]"
        if part.get("type") in ("array", "object"):
            text = "must be a scalar type if parent array's x-kubernetes-list-type is map"
            yield fields.invalid(f"{below}.type", items["type"], text)
        if part.get("nullable"):
            text = "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"
            yield fields.forbidden(f"{below}.nullable", text)
        if key not in (items.get("required") or ()) and part.get("default") is None:
            text = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
            yield fields.required(f"{below}.default", text)
    if len(set(keys)) < len(keys):
        yield fields.invalid(place, keys, "must not contain duplicate entries")


def _defaults(node: customnodes.Node, at: str, *, is_root: bool = False) -> Iterator[Problem]:
    """Each default is what its own schema allows and keeps; what every object has gets none."""
    for name, part in sorted((node.schema.get("properties") or {}).items()):
        below, place = node.field(name), f"{at}.properties[{name}]"
        assert below is not None
        if is_root and name in customnodes.ROOT_FIELDS and part.get("default") is not None:
            yield fields.forbidden(f"{place}.default", f"must not be set in top-level {name}")
        yield from _default(below, f"{place}.default")
        yield from _defaults(below, place)
    for below, name in ((node.items, "items"), (node.extra, "additionalProperties")):
        if below is not None:
            yield from _default(below, f"{at}.{name}.default")
            yield from _defaults(below, f"{at}.{name}")


def _default(node: customnodes.Node, at: str) -> Iterator[Problem]:
    value = node.schema.get("default")
    if value is None:
        return
    tried = {"default": meta.clone(value)}
    around = customnodes.Node({"type": "object", "properties": {"default": {**node.schema, "default": None}}})
    if custompruning.prune(around, tried):
        yield fields.invalid(at, value, "must not have unknown fields")
        return
    custompruning.fill(around, tried)
    for problem in customvalues.problems(around, tried):
        field = at + problem.field.removeprefix("default") if problem.field.startswith("default") else at
        yield fields.Problem(field, problem.reason, problem.message.replace("default in body", f"{at} in body"))


class _Rules:
    """What the rules of one schema share: its types, made when the first rule needs them, and what the rules cost together."""

    def __init__(self) -> None:
        from pkctl.kinds import celcosts, celtypes

        self.types = celtypes.Types()
        self.costs: list[tuple[int, str]] = []
        self.messages = celcosts.messages()


def _all_rules(node: customnodes.Node, at: str) -> Iterator[Problem]:
    """What is wrong with the rules of a schema, one by one and together."""
    if not node.has_rules:
        return
    from pkctl.kinds import celcosts

    shared = _Rules()
    yield from _rules(node, at, "", shared, 1, is_root=True)
    factor = celcosts.excess(sum(cost for cost, _ in shared.costs), celcosts.TOTAL_BUDGET)
    if factor:
        for _, place in sorted(shared.costs, reverse=True)[:4]:
            yield fields.forbidden(place, "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema")
        what = "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
        yield fields.forbidden(at, f"{what} exceeds budget by factor of {factor} {celcosts.ADVICE}")


def _rules(
    node: customnodes.Node, at: str, uncorrelated: str, shared: _Rules, above: int | None, *, is_root: bool = False
) -> Iterator[Problem]:
    """Each rule compiles, isn't too dear, and asks for old values only where there is one that is surely the same.

    `uncorrelated` is where there is none; `above` is how many items the lists around can hold, None where one is unlimited.
    """
    from pkctl.kinds import celcosts

    for number, rule in enumerate(node.rules):
        place = f"{at}.x-kubernetes-validations[{number}]"
        wrong = list(_rule_form(node, rule, place))
        yield from wrong or _rule(_Checked(node, rule, shared, above, is_root), place, uncorrelated)
    if not node.has_rules:
        return
    below = uncorrelated or (at if node.schema.get("x-kubernetes-map-type") == "atomic" else "")
    for name in sorted(node.schema.get("properties") or ()):
        part = node.field(name)
        assert part is not None
        yield from _rules(part, f"{at}.properties[{name}]", below, shared, above)
    if node.extra is not None:
        yield from _rules(node.extra, f"{at}.additionalProperties", uncorrelated, shared, celcosts.inside(node, above))
    if node.items is not None:
        kept = uncorrelated or ("" if node.list_type == "map" else at)
        yield from _rules(node.items, f"{at}.items", kept, shared, celcosts.inside(node, above))


def _rule_form(node: customnodes.Node, rule: Schema, at: str) -> Iterator[Problem]:
    text, message = (rule.get("rule") or "").strip(), rule.get("message") or ""
    if not text:
        yield fields.required(f"{at}.rule", "rule is not specified")
    elif message and not message.strip():
        yield fields.invalid(f"{at}.message", message, "message must be non-empty if specified")
    elif "\n" in message.strip():
        yield fields.invalid(f"{at}.message", message, "message must not contain line breaks")
    elif "\n" in text and not message:
        yield fields.required(f"{at}.message", "message must be specified if rule contains line breaks")
    if rule.get("messageExpression") and not rule["messageExpression"].strip():
        yield fields.required(f"{at}.messageExpression", "messageExpression must be non-empty if specified")
    if rule.get("reason") is not None and rule["reason"] not in REASONS:
        yield fields.unsupported(f"{at}.reason", rule["reason"], REASONS)
    if rule.get("fieldPath") and not _leads_somewhere(node, rule["fieldPath"]):
        yield fields.invalid(f"{at}.fieldPath", rule["fieldPath"], "fieldPath must be a valid path")


def _leads_somewhere(node: customnodes.Node, path: str) -> bool:
    import re

    place: customnodes.Node | None = node
    if re.fullmatch(r"(\.[^.\[\]']+|\['[^']+'\])+", path) is None:
        return False
    for named, keyed in re.findall(r"\.([^.\[\]']+)|\['([^']+)'\]", path):
        place = place.field(named or keyed) if place is not None else None
    return place is not None


class _Checked:
    """A rule on its way through the checker."""

    def __init__(self, node: customnodes.Node, rule: Schema, shared: _Rules, above: int | None, is_root: bool) -> None:
        self.node, self.rule, self._shared, self._above = node, rule, shared, above
        self._is_root = is_root or node.is_embedded

    def trouble(self, part: str, wanted: str, at: str) -> tuple[str, list[Problem]]:
        """(why an expression can't be used, "" when it can; that it is too dear)."""
        from pkctl.kinds import celcosts, customcel

        types, is_optional = self._shared.types, bool(self.rule.get("optionalOldSelf"))
        try:
            made = customcel.check(self.rule[part], self.node, types, wanted=wanted, is_optional=is_optional, is_root=self._is_root)
        except customcel.CelError as error:
            return str(error), []
        cost = celcosts.cost(made, self.node, self._shared.messages)
        cost *= celcosts.cardinality(self.node, self._above) if part == "rule" else 1
        self._shared.costs.append((cost, f"{at}.{part}"))
        factor = celcosts.excess(cost, celcosts.BUDGET)
        told = f"estimated {part} cost exceeds budget by factor of {factor} {celcosts.ADVICE}"
        return "", [fields.forbidden(f"{at}.{part}", told)] if factor else []


def _rule(checked: _Checked, at: str, uncorrelated: str) -> Iterator[Problem]:
    from pkctl.kinds import celtexts

    rule = checked.rule
    text, dear = checked.trouble("rule", "bool", at)
    yield from dear
    if text:
        yield _invalid_rule(f"{at}.rule", rule, text if text.startswith("compilation") else f"cel expression {text}")
        return
    uses_old = "oldSelf" in celtexts.words(rule["rule"])
    if uses_old and uncorrelated:
        told = f"oldSelf cannot be used on the uncorrelatable portion of the schema within {uncorrelated}"
        yield fields.invalid(f"{at}.rule", rule["rule"], told)
    if not uses_old and rule.get("optionalOldSelf") is not None:
        yield fields.invalid(f"{at}.optionalOldSelf", rule["optionalOldSelf"], "may not be set if oldSelf is not used in rule")
    if rule.get("messageExpression"):
        text, dear = checked.trouble("messageExpression", "string", at)
        yield from dear
        if text:
            yield _invalid_rule(f"{at}.messageExpression", rule, f"messageExpression {text}")


def _invalid_rule(at: str, rule: Schema, detail: str) -> Problem:
    """As `fields.invalid`, of a rule as Go shows its struct."""
    parts = [f"{fields.quoted(name)}:{fields.shown(rule.get(key, empty))}" for name, key, empty in IN_GO]
    return fields.Problem(at, "FieldValueInvalid", f"Invalid value: {{{','.join(parts)}}}: {detail}")
