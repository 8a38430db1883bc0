"""Going from place to place: commands, Enter and Esc."""

from __future__ import annotations


def test_a_command_switches_the_kind(cluster):
    cluster.deployment("web", 2)

    async def script(stage):
        await stage.press("colon")
        await stage.type("deploy")
        await stage.press("enter")
        await stage.sees("Deployments(default)[1]", "UP-TO-DATE", "2/2")

    cluster.play(script)


def test_a_command_may_name_the_namespace(cluster):
    cluster.pod("dns", "kube-system")

    async def script(stage):
        await stage.press("colon")
        await stage.type("po kube-system")
        await stage.press("enter")
        await stage.sees("Pods(kube-system)[1]", "dns")

    cluster.play(script)


def test_ns_and_a_name_keeps_the_kind(cluster):
    async def script(stage):
        await stage.press("colon")
        await stage.type("ns kube-system")
        await stage.press("enter")
        await stage.sees("Deployments(kube-system)[0]")

    cluster.play(script, kind="deploy")


def test_kinds_and_short_names_are_suggested(cluster):
    async def script(stage):
        await stage.press("colon")
        await stage.type("dep")
        await stage.sees("deployments  deploy")

    cluster.play(script)


def test_tab_completes_the_suggestion(cluster):
    async def script(stage):
        await stage.press("colon")
        await stage.type("stat")
        await stage.sees(":statefulsets")
        await stage.press("tab", "enter")
        await stage.sees("Statefulsets(default)")

    cluster.play(script)


def test_an_unknown_kind_is_said_at_the_foot(cluster):
    async def script(stage):
        await stage.press("colon")
        await stage.type("foo")
        await stage.press("enter")
        await stage.sees('the server doesn\'t have a resource type "foo"', "Pods(default)")

    cluster.play(script)


def test_enter_goes_to_the_pods_of_a_workload(cluster):
    cluster.deployment("web", 2)
    cluster.pod("other")

    async def script(stage):
        await stage.sees("2/2")
        await stage.press("enter")
        await stage.sees("Pods(default)[2] of deployment/web")

    cluster.play(script, kind="deploy")


def test_enter_goes_to_the_pods_of_a_node(cluster):
    cluster.pod("dns", "kube-system")

    async def script(stage):
        await stage.sees("n1")
        await stage.press("enter")
        await stage.sees("Pods(all)[1] on n1", "dns")

    cluster.play(script, kind="nodes")


def test_enter_makes_a_namespace_the_current_one(cluster):
    cluster.pod("dns", "kube-system")

    async def script(stage):
        await stage.press("slash")
        await stage.type("kube-system")
        await stage.press("enter")
        await stage.sees("[1/")
        await stage.press("enter")
        await stage.sees("Pods(kube-system)[1]")

    cluster.play(script, kind="ns")


def test_escape_returns(cluster):
    cluster.deployment("web", 1)

    async def script(stage):
        await stage.sees("1/1")
        await stage.press("enter")
        await stage.sees("of deployment/web")
        await stage.press("escape")
        await stage.sees("Deployments(default)[1]")

    cluster.play(script, kind="deploy")


def test_q_leaves(cluster):
    async def script(stage):
        await stage.press("q")
        assert not stage.monitor.is_running or stage.monitor._exit

    cluster.play(script)


def test_ctrl_c_leaves_from_a_dialog_too(cluster):
    async def script(stage):
        await stage.press("colon", "ctrl+c")
        assert not stage.monitor.is_running or stage.monitor._exit

    cluster.play(script)
