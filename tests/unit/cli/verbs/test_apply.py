"""`apply`: what is sent, and the words of the server for what it refuses."""

from __future__ import annotations

from tests.unit.cli import lines


def test_what_the_schema_refuses_is_told_without_a_reason(sh: lines.Shell) -> None:
    said = sh("apply", "--server-side", "-f", "-", text="{apiVersion: v1, kind: ConfigMap, metadata: {name: x}, data: {a: 1}}\n")
    place, fault = "(default/x; /v1, Kind=ConfigMap)", ".data.a: expected string, got &value.valueUnstructured{Value:1}"
    assert (said.code, said.err) == (1, f"Error from server: failed to create typed patch object {place}: {fault}\n")


def test_a_null_leaves_its_field_out_of_what_is_created(sh: lines.Shell) -> None:
    sh("apply", "-f", "-", text="{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {limits.cpu: null, pods: '1'}}}\n")
    assert sh("get", "quota", "q", "-o", "jsonpath={.spec.hard}").out == '{"pods":"1"}'
