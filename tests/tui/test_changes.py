"""Changing things: nothing destructive without a confirmation, and errors at the foot."""

from __future__ import annotations

import sys

import pytest

from pkctl import errors
from pkctl.tui import leaving


def test_delete_asks_first(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("ctrl+d")
        await stage.sees("Delete pod web in default?")

    cluster.play(script)
    assert "deletionTimestamp" not in cluster.get("pods", "default", "web")["metadata"]


def test_y_deletes(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("ctrl+d", "y")
        await stage.sees("pod/web deleted", "Terminating")

    cluster.play(script)
    assert "deletionTimestamp" in cluster.get("pods", "default", "web")["metadata"]


def test_no_other_key_deletes(cluster):
    cluster.create("configmaps", "default", {"metadata": {"name": "app"}})

    async def script(stage):
        for key in ("enter", "n", "escape", "q", "space"):
            await stage.sees("app")
            await stage.press("ctrl+d")
            await stage.sees("Delete configmap app")
            await stage.press(key, "escape")
            await stage.misses("Delete configmap app")

    cluster.play(script, kind="cm")
    assert "app" in cluster.names("configmaps")


def test_s_scales_a_workload(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("s")
        await stage.sees("replicas of web")
        await stage.press("3", "enter")
        await stage.sees("deployment/web scaled to 3")

    cluster.play(script, kind="deploy")
    assert cluster.get("deployments", "default", "web")["spec"]["replicas"] == 3


def test_a_line_takes_keys_in_the_order_in_which_they_come(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("s")
        await stage.sees("replicas of web")
        stage.press_at_once(backspace="\x7f", _2="2", enter="\r")
        await stage.sees("deployment/web scaled to 2")

    cluster.play(script, kind="deploy")


def test_what_is_no_number_is_refused_at_the_foot(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("s")
        await stage.sees("replicas of web")
        await stage.press("x", "enter")
        await stage.sees("not a number of replicas: 'x'")

    cluster.play(script, kind="deploy")


def test_a_restart_asks_first_and_then_replaces_the_template(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("r")
        await stage.sees("Restart all pods of deployment web?")
        await stage.press("y")
        await stage.sees("deployment/web restarted")

    cluster.play(script, kind="deploy")
    template = cluster.get("deployments", "default", "web")["spec"]["template"]["metadata"]
    assert template["annotations"]["kubectl.kubernetes.io/restartedAt"].startswith("2026-01-01T")


def test_a_terminal_that_cannot_be_left_is_said_at_the_foot(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("e")
        await stage.sees("this terminal can't be left")

    cluster.play(script, env={"EDITOR": f"{sys.executable} -c pass"})


def test_a_kind_without_a_shell_is_told_so(cluster):
    cluster.create("configmaps", "default", {"metadata": {"name": "web"}})

    async def script(stage):
        await stage.sees("web")
        await stage.press("s")
        await stage.sees("configmaps have no shell")

    cluster.play(script, kind="cm")


def test_an_edited_text_is_stored(cluster):
    cluster.create("configmaps", "default", {"metadata": {"name": "web"}, "data": {"a": "1"}})
    row, old = cluster.client.kinds().find("cm"), cluster.get("cm", "default", "web")
    text = leaving.shown(cluster.client, row, "default", "web").replace('a: "1"', 'a: "2"')
    assert leaving.store(cluster.client, row, old, text) == "configmap/web edited"
    assert cluster.get("cm", "default", "web")["data"] == {"a": "2"}


def test_an_edited_name_is_refused(cluster):
    cluster.create("configmaps", "default", {"metadata": {"name": "web"}})
    row, old = cluster.client.kinds().find("cm"), cluster.get("cm", "default", "web")
    text = leaving.shown(cluster.client, row, "default", "web").replace("name: web", "name: other")
    with pytest.raises(errors.CommandError, match="At least one of apiVersion, kind and name was changed"):
        leaving.store(cluster.client, row, old, text)


def test_a_browser_that_is_seen_again_is_current_again(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        await stage.press("d")
        await stage.sees("describe pod/web")
        cluster.pod("late")
        await stage.press("escape")
        await stage.sees("late", "Pods(default)[2]")

    cluster.play(script)
