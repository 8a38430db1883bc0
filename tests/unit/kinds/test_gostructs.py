"""The table of Go's structs knows every field of a pod template that the API's types have, and no other."""

from __future__ import annotations

from pkctl.kinds import gostructs, schema

APART = {"serviceAccount", "templateGeneration", *gostructs.OF_POD}
"""Fields that Go's internal structs keep elsewhere, or not at all."""


def json_names(struct):
    return {gostructs.NAMES.get(name) or gostructs._json_name(name): held for name, _, held in gostructs._fields(gostructs.STRUCTS[struct])}


def walk(struct, node, seen):
    if struct in seen or struct == "PodSecurityContext":
        return
    seen.add(struct)
    named = json_names(struct)
    assert set(named) == set(node.fields) - APART, struct
    for name, held in named.items():
        below = node.fields[name]
        below = below.item or below
        if held and held in gostructs.STRUCTS:
            walk(held, below, seen)


def test_every_field_of_a_pod_spec_has_its_place_in_the_structs():
    walk("PodSpec", schema.Node("@core.v1.PodSpec"), set())


def test_a_security_context_holds_what_a_pod_shares_with_its_host():
    shown = gostructs.shown("PodSpec", {"hostNetwork": True, "securityContext": {"runAsUser": 1}})
    held = shown["SecurityContext"]
    assert (held["HostNetwork"], held["RunAsUser"]) == (True, 1)


def test_names_in_capitals_become_one_word():
    assert [gostructs._json_name(name) for name in ("TTY", "HTTPGet", "DNSPolicy", "SELinuxOptions", "HostIP")] == [
        "tty", "httpGet", "dnsPolicy", "seLinuxOptions", "hostIP",
    ]  # fmt: skip


def test_nothing_and_an_empty_list_are_the_same_struct():
    assert gostructs.same("DeviceClaim", {"requests": []}, {})
    assert not gostructs.same("DeviceClaim", {"requests": [{"name": "a"}]}, {})


def test_keys_of_a_map_are_sorted_and_those_of_a_selector_are_not():
    shown = gostructs.shown("PodTerm", {"labelSelector": {"matchLabels": {"b": "c"}, "matchExpressions": []}})
    assert list(shown["LabelSelector"]) == ["matchLabels", "matchExpressions"]
    assert list(gostructs.shown("Resources", {"limits": {"memory": "1", "cpu": "2"}})["Limits"]) == ["cpu", "memory"]
