"""Typed objects as Go prints them."""

from __future__ import annotations

import json

from pkctl.cli import typed
from tests.unit.cli import lines

POD = (
    '{"spec":{"containers":[{"image":"a","name":"b","stdin":false,"env":[]}],"hostNetwork":false,"priority":0},'
    '"kind":"Pod","apiVersion":"v1"}'
)
BINDING = '{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"r"}}'


def test_fields_come_in_the_order_of_their_struct() -> None:
    made = typed.filled(json.loads(POD))
    assert list(made) == ["kind", "apiVersion", "metadata", "spec", "status"]
    assert list(made["spec"]["containers"][0]) == ["name", "image", "resources"]


def test_zeros_are_dropped_but_where_they_say_something() -> None:
    spec = typed.filled(json.loads(POD))["spec"]
    assert ("hostNetwork" in spec, spec["priority"]) == (False, 0)


def test_structs_that_are_never_left_out_are_there() -> None:
    assert typed.filled(json.loads(BINDING))["roleRef"] == {"apiGroup": "", "kind": "", "name": ""}


def test_a_kind_that_kubectl_reads_untyped_stays_as_it_is() -> None:
    obj = {"kind": "Widget", "apiVersion": "m.io/v1", "metadata": {"name": "w"}, "spec": {"b": 1, "a": 0}}
    assert typed.filled(obj) == obj


def test_local_json_is_printed_in_gos_order(sh: lines.Shell) -> None:
    said = sh("set", "subject", "--local", "-o", "json", "-f", "-", "--user=u", text=BINDING)
    assert list(json.loads(said.out)) == ["kind", "apiVersion", "metadata", "subjects", "roleRef"]


def test_containers_that_match_nothing_are_warned_about(sh: lines.Shell) -> None:
    said = sh("set", "env", "--local", "-o", "json", "-f", "-", "-c", "nope", "A=b", text=POD)
    assert (said.code, said.err) == (0, 'Warning: Pod/ does not have any containers matching "nope"\n')
