"""Aggregated roles follow the roles that their selectors pick."""

from __future__ import annotations

from typing import Any

from pkctl.api import bootstrap_roles
from pkctl.controllers import clusterroles
from tests.unit.controllers import views

Object = dict[str, Any]
PODS = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}
NODES = {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get"]}


def role(name: str, *rules: Object, labels: dict[str, str] | None = None, picks: dict[str, str] | None = None) -> Object:
    made: Object = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": name, "uid": name, "labels": labels or {}},
        "rules": list(rules),
    }
    return {**made, "aggregationRule": {"clusterRoleSelectors": [{"matchLabels": picks}]}} if picks else made


def test_an_aggregated_role_gets_the_rules_it_picks_by_name() -> None:
    mine = {"mine": "yes"}
    view = views.view_of(role("all", picks=mine), role("b", PODS, labels=mine), role("a", NODES, labels=mine), role("c", PODS))
    (write,) = clusterroles.reconcile(view, ("", "all")).writes
    assert write.obj["rules"] == [NODES, PODS]


def test_a_rule_of_two_parts_is_there_once() -> None:
    mine = {"mine": "yes"}
    view = views.view_of(role("all", picks=mine), role("b", PODS, labels=mine), role("a", PODS, labels=mine))
    (write,) = clusterroles.reconcile(view, ("", "all")).writes
    assert write.obj["rules"] == [PODS]


def test_nothing_is_written_when_the_rules_are_right() -> None:
    mine = {"mine": "yes"}
    view = views.view_of(role("all", PODS, picks=mine), role("a", PODS, labels=mine))
    assert clusterroles.reconcile(view, ("", "all")).writes == []


def test_a_plain_role_is_left_alone() -> None:
    assert clusterroles.reconcile(views.view_of(role("a", PODS)), ("", "a")).writes == []


def test_a_part_wakes_what_is_made_of_it() -> None:
    mine = {"mine": "yes"}
    part = role("a", PODS, labels=mine)
    assert list(clusterroles.wake(views.view_of(role("all", picks=mine), part), part)) == [("", "all")]


def test_a_fresh_clusters_roles_are_aggregated_already() -> None:
    found = [each for each in bootstrap_roles.objects("id", "2026-01-01T00:00:00Z") if each["kind"] == "ClusterRole"]
    view = views.view_of(*found)
    assert [write for each in found for write in clusterroles.reconcile(view, ("", each["metadata"]["name"])).writes] == []
