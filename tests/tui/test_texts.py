"""Texts: describe, YAML, Secrets, logs, help."""

from __future__ import annotations

import pytest

from pkctl.tui import actions, keys


def test_describe_shows_what_describe_prints(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("d")
        await stage.sees("describe pod/web", "Service Account:  default", "Node:             n1")

    cluster.play(script)


def test_yaml_shows_the_object_without_managed_fields(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("y")
        shown = await stage.sees("apiVersion: v1", "kind: Pod")
        assert "managedFields" not in shown

    cluster.play(script)


def test_a_search_goes_to_its_match(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("y")
        await stage.sees("kind: Pod")
        await stage.press("slash")
        await stage.type("Restartpolicy")
        await stage.press("enter")
        await stage.sees("restartPolicy:", "match 1 of 1")

    cluster.play(script)


def test_a_secret_is_decoded(cluster):
    cluster.create("secrets", "default", {"metadata": {"name": "key"}, "stringData": {"password": "s3cret"}})

    async def script(stage):
        await stage.sees("Opaque")
        await stage.press("x")
        await stage.sees("password: s3cret")

    cluster.play(script, kind="secrets")


def test_logs_of_the_only_container_show_at_once(cluster):
    cluster.pod("web", log="hello\nworld")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("l")
        await stage.sees("logs default/web:app", "hello", "world")

    cluster.play(script)


def test_logs_of_several_containers_ask_which(cluster):
    cluster.pod("web", containers=("app", "proxy"), log="hello")

    async def script(stage):
        await stage.sees("2/2")
        await stage.press("l")
        await stage.sees("Container of web", "proxy")
        await stage.press("down", "enter")
        await stage.sees("logs default/web:proxy", "hello")

    cluster.play(script)


def test_logs_of_a_workload_are_those_of_a_pod_of_its(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("l")
        await stage.sees("logs default/web-")

    cluster.play(script, kind="deploy")


def test_logs_of_a_container_without_a_restart_have_no_previous_ones(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("p")
        await stage.sees('previous terminated container "app" in pod "web" not found')

    cluster.play(script)


def test_timestamps_can_be_had(cluster):
    cluster.pod("web", log="hello")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("l")
        await stage.sees("hello")
        await stage.press("t")
        await stage.sees("2026-01-01T00:00:00.000000000Z hello")

    cluster.play(script)


def test_escape_leaves_a_text(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("d")
        await stage.sees("describe pod/web")
        await stage.press("escape")
        await stage.sees("Pods(default)[1]")

    cluster.play(script)


def test_what_was_deleted_meanwhile_is_said_at_the_foot(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        actions.yaml(stage.monitor.screen, "default", "gone")
        await stage.sees('pods "gone" not found')

    cluster.play(script)


@pytest.mark.parametrize("row", [*keys.BROWSE, *keys.MOVE, *keys.READ, *keys.LOG], ids=lambda row: row[2])
def test_the_help_lists_every_key(row):
    assert any(line.split("  ")[1] == row[1] and line.endswith(row[3]) for line in keys.page().splitlines() if line.startswith("  "))


def test_a_question_mark_shows_the_help(cluster):
    async def script(stage):
        await stage.press("question_mark")
        await stage.sees("Rows:", "Go to a kind", "Delete, after confirmation")

    cluster.play(script)
