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


def test_a_list_item_without_the_key_it_is_merged_by_is_refused(sh: lines.Shell) -> None:
    pod = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[],"imagePullSecrets":[null]}}'
    said = sh("set", "serviceaccount", "--local", "-f", "-", "new", text=pod)
    assert (said.out, said.err) == ("", "error: pod/p map: map[] does not contain declared merge key: name\n")


def test_a_selector_that_is_what_it_was_is_printed_too(sh: lines.Shell) -> None:
    service = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"selector":{"a":"b"}}}'
    assert sh("set", "selector", "--local", "-f", "-", "a=b", text=service).out == "service/s selector updated\n"


def test_what_can_be_done_is_done_before_the_rest_is_told(sh: lines.Shell) -> None:
    said = sh("set", "image", "--local", "-o", "jsonpath={.spec.containers[0].image}", "-f", "-", "b=new", "none=x", text=POD)
    assert (said.code, said.out, said.err) == (1, "new", 'error: unable to find container named "none"\n')


def test_a_value_of_the_wrong_type_is_told_as_gos_decoder_tells_it(sh: lines.Shell) -> None:
    said = sh("set", "serviceaccount", "--local", "-f", "-", "new", text='{"apiVersion":"v1","kind":"Pod","spec":{"hostNetwork":1}}')
    assert said.err.endswith("json: cannot unmarshal number into Go struct field PodSpec.spec.hostNetwork of type bool\n")
    assert "cannot be handled" not in said.err
