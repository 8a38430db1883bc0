"""The main screens as text, at 80x24; PKCTL_UPDATE_SNAPSHOTS=1 writes them anew."""

from __future__ import annotations


def test_pods(cluster, snapshot):
    cluster.pod("done", exit_seconds="0")
    cluster.pod("no-image", pull_error="ErrImagePull: not found")
    cluster.pod("web")
    cluster.pod("web-with-proxy", containers=("app", "proxy"))

    async def script(stage):
        await stage.sees("0:all", "2:", "nobody")
        snapshot("pods", await stage.sees("[4]"))

    cluster.play(script)


def test_deployments(cluster, snapshot):
    cluster.deployment("api", 3)
    cluster.deployment("none", 0)

    async def script(stage):
        await stage.sees("0:all", "2:", "nobody")
        snapshot("deployments", await stage.sees("[2]"))

    cluster.play(script, kind="deploy")


def test_a_description(cluster, snapshot):
    cluster.create("configmaps", "default", {"metadata": {"name": "app", "labels": {"app": "web"}}, "data": {"index.html": "hello"}})

    async def script(stage):
        await stage.sees("app")
        await stage.press("d")
        snapshot("describe", await stage.sees("Events:"))

    cluster.play(script, kind="cm")


def test_a_command_line(cluster, snapshot):
    async def script(stage):
        await stage.sees("0:all", "2:", "nobody", "[0]")
        await stage.press("colon")
        await stage.type("s")
        snapshot("command", await stage.sees("statefulsets  sts"))

    cluster.play(script)


def test_a_confirmation(cluster, snapshot):
    cluster.create("configmaps", "default", {"metadata": {"name": "app"}})

    async def script(stage):
        await stage.sees("0:all", "2:", "nobody", "app")
        await stage.press("ctrl+d")
        snapshot("confirm", await stage.sees("Delete configmap app"))

    cluster.play(script, kind="cm")


def test_the_help(cluster, snapshot):
    async def script(stage):
        await stage.press("question_mark")
        snapshot("help", await stage.sees("Rows:", "Esc back"))

    cluster.play(script)
