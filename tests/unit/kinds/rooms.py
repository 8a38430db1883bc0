"""A room put through what the API asks of it on create, update and a status write, without a store."""

from __future__ import annotations

from typing import Any

import yaml

from pkctl.kinds import table
from pkctl.objects import meta

Object = dict[str, Any]


def obj(api_version: str, kind: str, text: str, name: str = "x") -> Object:
    """An object of a kind from a YAML text of its fields."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name}, **yaml.safe_load(text)}


def created(new: Object) -> tuple[Object, list[str]]:
    """The object as it would be stored, and every problem's text."""
    return _through(new, None)


def updated(before: Object, after: Object) -> list[str]:
    """Every problem of replacing one object, which must be right, by another."""
    old, wrong = created(before)
    assert wrong == []
    return _through(after, old)[1]


def status_written(new: Object, old: Object | None = None) -> list[str]:
    """Every problem of a write through the status subresource."""
    return [str(problem) for problem in _room(new).validate_status(new, old if old is not None else new)]


def _room(of: Object) -> Any:
    row = table.BUILTIN.by_gvk(of["apiVersion"], of["kind"])
    assert row is not None
    return table.room(row)


def _through(given: Object, old: Object | None) -> tuple[Object, list[str]]:
    room, new = _room(given), meta.clone(given)
    for name, arguments in (("default", (new,)), ("prepare", (new, old))):
        if hasattr(room, name):
            getattr(room, name)(*arguments)
    return new, [str(problem) for problem in room.validate(new, old)]
