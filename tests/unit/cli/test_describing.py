"""`describe` of one object and of several, `rollout history` without revisions, `get` of a subresource, `apply` of what is there."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

DEPLOYMENT = """{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}},
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: x}]}}}}"""
SECRET = "{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {k: v}}"
CONFIGMAP = "{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {k: v}}"
BUDGET = "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {minAvailable: 1, selector: {matchLabels: {a: b}}}}"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("describe configmap one", 1),
        ("describe configmap/one", 1),
        ("describe configmap one other", 0),
        ("describe configmaps", 0),
        ("describe configmap oth", 0),
        ("describe configmap one other --show-events", 2),
        ("describe configmap one --show-events=false", 0),
    ],
    ids=["name", "pair", "two", "all", "prefix", "asked for", "not wanted"],
)
def test_events_are_shown_of_one_object_unless_asked_for(sh: lines.Shell, line: str, count: int) -> None:
    for name in ("one", "other"):
        assert sh("create", "configmap", name).code == 0
    assert sh(*line.split()).out.count("Events:") == count


def test_objects_found_by_a_prefix_each_end_with_an_empty_line(sh: lines.Shell) -> None:
    for name in ("aa", "ab"):
        assert sh("create", "configmap", name).code == 0
    shown = sh("describe", "configmap", "a").out
    assert shown.endswith("====\n\n\n")
    assert "====\n\n\nName:         ab\n" in shown


@pytest.mark.parametrize(("more", "head"), [((), "deployment.apps/web \n"), (("--revision=3",), "deployment.apps/web with revision #3\n")])
def test_history_that_is_not_there_is_said(sh: lines.Shell, more: tuple[str, ...], head: str) -> None:
    assert sh("create", "-f", "-", "--settle=never", text=DEPLOYMENT).code == 0
    said = sh("rollout", "history", "deployment/web", *more)
    assert (said.code, said.out) == (0, f"{head}No rollout history found.\n")


def test_a_scale_has_columns_of_its_own(sh: lines.Shell) -> None:
    assert sh("create", "-f", "-", "--settle=never", text=DEPLOYMENT).code == 0
    shown = sh("get", "deployment", "web", "--subresource=scale").out.splitlines()
    assert shown[0].split() == ["NAME", "DESIRED", "AVAILABLE", "AGE"]
    assert shown[1].split()[:3] == ["web", "2", "0"]


def test_a_subresource_that_a_kind_has_not_is_not_found(sh: lines.Shell) -> None:
    assert sh("create", "configmap", "c").code == 0
    said = sh("get", "configmap", "c", "--subresource=scale")
    assert (said.code, said.out) == (1, "")


@pytest.mark.parametrize(
    ("text", "word"),
    [(SECRET, "configured"), (CONFIGMAP, "unchanged"), (BUDGET, "configured")],
    ids=["stringData", "same", "replaced selector"],
)
def test_apply_calls_configured_what_it_sends_a_patch_for(sh: lines.Shell, text: str, word: str) -> None:
    assert sh("apply", "-f", "-", text=text).out.endswith(" created\n")
    assert sh("apply", "-f", "-", text=text).out.endswith(f" {word}\n")
