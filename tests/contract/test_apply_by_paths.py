"""Server-side apply against its definition on plain sets of paths, for random appliers and updaters of a custom kind with every list type.

The definition follows structured-merge-diff's merge/update.go and typed package step by step, with no regard to speed; what pkctl keeps
in nested sets must come out the same: objects, owners and conflicts.
"""

from __future__ import annotations

import json
from typing import Any

import hypothesis
from hypothesis import strategies

from pkctl import errors
from pkctl.api import options
from tests import clusters

Object = dict[str, Any]
Path = tuple[str, ...]
Paths = set[Path]
TEXT: Object = {"type": "string"}
ITEM: Object = {
    "type": "object",
    "required": ["k"],
    "properties": {"k": TEXT, "a": TEXT, "b": TEXT, "tags": {"type": "array", "items": TEXT, "x-kubernetes-list-type": "set"}},
}
SPEC: Object = {
    "type": "object",
    "properties": {
        "a": TEXT,
        "b": TEXT,
        "inner": {"type": "object", "properties": {"a": TEXT, "labels": {"type": "object", "additionalProperties": TEXT}}},
        "items": {"type": "array", "items": ITEM, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"]},
        "set": {"type": "array", "items": TEXT, "x-kubernetes-list-type": "set"},
        "atoms": {"type": "array", "items": TEXT},
        "atom": {"type": "object", "x-kubernetes-map-type": "atomic", "properties": {"a": TEXT, "b": TEXT}},
        "rooms": {"type": "object", "additionalProperties": {"type": "object", "properties": {"a": TEXT, "b": TEXT}}},
    },
}
WHOLE: Object = {"type": "object", "properties": {"spec": SPEC}}
NAMES = {"group": "example.org", "kind": "Widget"}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.org"},
    "spec": {
        "group": "example.org",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget"},
        "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": WHOLE}}],
    },
}

texts = strategies.sampled_from("12")
tags = strategies.lists(strategies.sampled_from("xyz"), unique=True, max_size=3)
items = strategies.lists(
    strategies.fixed_dictionaries({"k": strategies.sampled_from("pqr")}, optional={"a": texts, "b": texts, "tags": tags}),
    unique_by=lambda item: item["k"],
    max_size=3,
)
pairs = strategies.fixed_dictionaries({}, optional={"a": texts, "b": texts})
labels = strategies.dictionaries(strategies.sampled_from("mn"), texts, max_size=2)
specs = strategies.fixed_dictionaries(
    {},
    optional={
        "a": texts,
        "b": texts,
        "inner": strategies.fixed_dictionaries({}, optional={"a": texts, "labels": labels}),
        "items": items,
        "set": tags,
        "atoms": strategies.lists(texts, max_size=2),
        "atom": pairs,
        "rooms": strategies.dictionaries(strategies.sampled_from("uv"), pairs, max_size=2),
    },
)
steps = strategies.lists(
    strategies.tuples(strategies.sampled_from(("apply", "force", "update")), strategies.sampled_from("AB"), specs), max_size=5
)


def field(schema: Object, name: str) -> Object:
    found: Object = schema.get("properties", {}).get(name) or schema["additionalProperties"]
    return found


def is_leaf(value: Any, schema: Object) -> bool:
    if isinstance(value, dict):
        return schema.get("x-kubernetes-map-type") == "atomic"
    return not isinstance(value, list) or schema.get("x-kubernetes-list-type", "atomic") == "atomic"


def parts(value: Any, schema: Object) -> dict[str, tuple[Any, Object]]:
    if isinstance(value, dict):
        return {f"f:{name}": (part, field(schema, name)) for name, part in value.items()}
    step = lambda item: "k:" + json.dumps({"k": item["k"]}, separators=(",", ":")) if isinstance(item, dict) else "v:" + json.dumps(item)  # noqa: E731
    return {step(item): (item, schema["items"]) for item in value}


def stated(value: Any, schema: Object, path: Path = ()) -> Paths:
    """ToFieldSet."""
    if is_leaf(value, schema):
        return {path}
    found: Paths = set()
    for step, (part, kind) in parts(value, schema).items():
        found |= stated(part, kind, (*path, step))
        if step[0] != "f" or part == {} or step[2:] not in schema.get("properties", {}):
            found.add((*path, step))
    return found


def everything(value: Any, schema: Object, path: Path) -> Paths:
    if is_leaf(value, schema):
        return {path}
    return {path}.union(*(everything(part, kind, (*path, step)) for step, (part, kind) in parts(value, schema).items()))


def compared(old: Any, new: Any, schema: Object, path: Path = ()) -> tuple[Paths, Paths]:
    """Compare: (added and modified, removed)."""
    if is_leaf(new, schema):
        return ({path} if old != new else set()), set()
    before, after = parts(old, schema), parts(new, schema)
    changed: Paths = set()
    removed: Paths = set()
    for step in {**before, **after}:
        here = (*path, step)
        if step not in before:
            changed |= everything(*after[step], here)
        elif step not in after:
            removed |= everything(*before[step], here)
        else:
            more, less = compared(before[step][0], after[step][0], after[step][1], here)
            changed, removed = changed | more, removed | less
    return changed, removed


def joined(old: Any, new: Any, schema: Object) -> Any:
    """Merge."""
    if is_leaf(new, schema):
        return new
    before, after = parts(old, schema), parts(new, schema)
    both = lambda step: joined(before[step][0], after[step][0], after[step][1]) if step in before else after[step][0]  # noqa: E731
    if isinstance(new, dict):
        return {step[2:]: both(step) if step in after else before[step][0] for step in {**before, **after}}
    return in_order(before, after, both)


def in_order(before: Object, after: Object, both: Any) -> list[Any]:
    out, lhs, rhs, merged = [], list(before), list(after), set()
    shared = [step for step in rhs if step in before]
    left = right = 0
    while left < len(lhs) or right < len(rhs):
        following = next((step for step in shared if step not in merged), None)
        if left < len(lhs) and right < len(rhs):
            if lhs[left] == rhs[right]:
                merged.add(lhs[left])
                out.append(both(lhs[left]))
                left, right = left + 1, right + 1
                continue
            if lhs[left] in after and following is not None and following != lhs[left]:
                left += 1
                continue
        if left < len(lhs):
            if lhs[left] not in after:
                out.append(before[lhs[left]][0])
                left += 1
                continue
            if lhs[left] in merged:
                left += 1
        if right < len(rhs):
            merged.add(rhs[right])
            out.append(both(rhs[right]))
            right += 1
    return out


def named(paths: Paths) -> Paths:
    """EnsureNamedFieldsAreMembers."""
    return paths | {path[:cut] for path in paths for cut in range(1, len(path)) if is_named(path[:cut])}


def is_named(path: Path) -> bool:
    schema = WHOLE
    for step in path[:-1]:
        schema = field(schema, step[2:]) if step[0] == "f" else schema["items"]
    return path[-1][0] == "f" and path[-1][2:] in schema.get("properties", {})


def without(value: Any, gone: Paths, schema: Object, path: Path = ()) -> Any:
    """RemoveItems."""
    if is_leaf(value, schema):
        return value
    left = []
    for step, (part, kind) in parts(value, schema).items():
        here = (*path, step)
        if here in gone:
            continue
        if any(each[: len(here)] == here for each in gone):
            shorter = without(part, gone, kind, here)
            if shorter or not isinstance(shorter, (dict, list)):
                left.append((step, shorter))
        else:
            left.append((step, part))
    return {step[2:]: part for step, part in left} if isinstance(value, dict) else [part for _, part in left]


def pruned(merged: Object, last: Paths, managed: Paths) -> Object:
    """prune: addBackOwnedItems and addBackDanglingItems included."""
    own = named(last)
    bare = without(merged, own, WHOLE)
    there = named(stated(merged, WHOLE))
    owned = without(merged, there - (named(stated(bare, WHOLE)) | named(managed)), WHOLE)
    result: Object = without(merged, (there - named(stated(owned, WHOLE))) & own, WHOLE)
    return result


class Defined:
    """An object and its owners, by the definition."""

    def __init__(self) -> None:
        self.obj: Object | None = None
        self.owners: dict[str, Paths] = {}

    def apply(self, owner: str, spec: Object, *, force: bool) -> bool:
        """Whether it was done; if not, it was a conflict."""
        wish = {"spec": spec}
        mine, last = stated(wish, WHOLE), self.owners.get(owner, set())
        if self.obj is None:
            self.obj, self.owners = wish, {owner: mine} if mine else {}
            return True
        new = joined(self.obj, wish, WHOLE)
        others = {name: paths for name, paths in self.owners.items() if name != owner}
        if last:
            new = pruned(new, last, mine.union(*others.values()))
        changed, removed = compared(self.obj, new, WHOLE)
        if not force and any(paths & changed for paths in others.values()):
            return False
        self.obj = new
        self.settle({name: paths - changed - removed for name, paths in others.items()} | {owner: mine})
        return True

    def update(self, owner: str, spec: Object) -> None:
        new = {"spec": spec}
        changed, removed = compared(self.obj, new, WHOLE)
        owners = {name: paths - changed - removed for name, paths in self.owners.items()}
        owners[owner] = owners.get(owner, set()) | changed
        self.obj = new
        self.settle(owners)

    def settle(self, owners: dict[str, Paths]) -> None:
        self.owners = {name: paths for name, paths in owners.items() if paths}


def owners_of(obj: Object) -> dict[str, Paths]:
    found = {}
    for entry in obj["metadata"].get("managedFields") or ():
        name = entry["manager"] + ("" if entry["operation"] == "Apply" else "+")
        found[name] = set(members(entry["fieldsV1"], ()))
    return found


def members(found: Object, path: Path) -> Paths:
    return {path} if not found else set().union(*(members(below, (*path, step) if step != "." else path) for step, below in found.items()))


@hypothesis.settings(max_examples=120)
@hypothesis.given(specs, steps)
def test_server_side_apply_is_what_sets_of_paths_define(first: Object, history: list[tuple[str, str, Object]]) -> None:
    with clusters.cluster() as cluster:
        cluster.client.create(cluster.row("crd"), "", DEFINITION, options.Options())
        row, defined = cluster.row("widgets"), Defined()
        for verb, owner, spec in [("apply", "A", first), *history]:
            wish = {"apiVersion": "example.org/v1", "kind": "Widget", "metadata": {"name": "x"}, "spec": spec}
            chosen = options.Options(field_manager=owner, force=verb == "force")
            if verb == "update":
                if not defined.owners:
                    return
                found = cluster.client.get(row, "default", "x")
                wish["metadata"] = {**found["metadata"]}
                obj = cluster.client.update(row, "default", "x", wish, chosen)
                defined.update(f"{owner}+", spec)
            else:
                try:
                    obj = cluster.client.patch(row, "default", "x", "apply", wish, chosen)
                    is_done = True
                except errors.Conflict:
                    is_done = False
                assert is_done == defined.apply(owner, spec, force=verb == "force")
            if not defined.owners:
                return
            assert (obj.get("spec", {}), owners_of(obj)) == ((defined.obj or {}).get("spec", {}), defined.owners), (verb, owner)
