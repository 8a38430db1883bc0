"""The browser's rows: what is shown, that it stays current, and how it is narrowed."""

from __future__ import annotations

from pkctl.api import options
from pkctl.tui import pages


def test_rows_appear(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")

    cluster.play(script)


def test_a_change_shows_without_a_key(cluster):
    async def script(stage):
        await stage.sees("Pods(default)[0]")
        cluster.pod("late")
        await stage.sees("late", "Running", "Pods(default)[1]")

    cluster.play(script)


def test_what_is_deleted_goes_without_a_key(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("web", "Running")
        cluster.client.delete(cluster.client.kinds().find("pods"), "default", "web", options.Options(grace=0))
        cluster.client.settle()
        await stage.sees("Pods(default)[0]")

    cluster.play(script)


def test_name_ready_and_status_fit_80_columns(cluster):
    cluster.pod("a-rather-long-name-as-generated-ones-are-in-real-life-7957885594-hng4p", "kube-system")

    async def script(stage):
        shown = await stage.sees("Running")
        head = next(line for line in shown.splitlines() if "NAME " in line)
        assert all(title in head for title in ("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"))

    cluster.play(script, namespace="")


def test_a_cut_name_is_marked(cluster):
    cluster.pod("a-rather-long-name-as-generated-ones-are-in-real-life-7957885594-hng4p", "kube-system")

    async def script(stage):
        await stage.sees("…", "Running")

    cluster.play(script, namespace="")


def test_a_cut_name_is_told_whole_at_the_foot(cluster):
    name = "a-rather-long-name-as-generated-ones-are-in-real-life-7957885594-hng4p"
    cluster.pod(name, "kube-system")

    async def script(stage):
        await stage.sees(name, "Running")

    cluster.play(script, namespace="")


def test_wide_columns_are_reached_by_scrolling(cluster):
    cluster.pod("web")

    async def script(stage):
        await stage.sees("Running")
        await stage.press("w")
        assert "READINESS GATES" not in stage.text()
        await stage.press("right", "right", "right")
        await stage.sees("READINESS GATES")

    cluster.play(script)


def test_a_filter_narrows_as_it_is_typed(cluster):
    cluster.pod("web")
    cluster.pod("db")

    async def script(stage):
        await stage.sees("web", "db")
        await stage.press("slash")
        await stage.type("we")
        await stage.sees("Pods(default)[1/2]")

    cluster.play(script)


def test_escape_clears_the_filter(cluster):
    cluster.pod("web")
    cluster.pod("db")

    async def script(stage):
        await stage.sees("web", "db")
        await stage.press("slash", "w", "enter")
        await stage.sees("</w>")
        await stage.press("escape")
        await stage.sees("Pods(default)[2]")

    cluster.play(script)


def test_an_exclamation_mark_turns_the_filter_round(cluster):
    cluster.pod("web")
    cluster.pod("db")

    async def script(stage):
        await stage.sees("web", "db")
        await stage.press("slash", "exclamation_mark", "w", "enter")
        await stage.misses("web ")
        assert "db " in stage.text()

    cluster.play(script)


def test_a_filter_may_be_a_label_selector(cluster):
    cluster.pod("web")
    cluster.pod("db")

    async def script(stage):
        await stage.sees("web", "db")
        await stage.press("slash")
        await stage.type("-l app=db")
        await stage.sees("Pods(default)[1/2]", "db ")

    cluster.play(script)


def test_zero_shows_all_namespaces(cluster):
    cluster.pod("web", "kube-system")

    async def script(stage):
        await stage.sees("Pods(default)[0]")
        await stage.press("0")
        await stage.sees("Pods(all)[1]", "kube-system", "web")

    cluster.play(script)


def test_a_digit_shows_the_namespace_of_its_number(cluster):
    cluster.create("namespaces", "", {"metadata": {"name": "demo"}})
    cluster.pod("web", "demo")

    async def script(stage):
        await stage.sees("2:demo")
        await stage.press("2")
        await stage.sees("Pods(demo)[1]", "web")

    cluster.play(script)


def test_rows_are_sorted_by_a_key_and_the_other_way_round_by_the_same(cluster):
    cluster.pod("a")
    cluster.pod("b")

    async def script(stage):
        await stage.sees("a ", "b ")
        await stage.press("N")
        await stage.sees("NAME↑")
        await stage.press("N")
        shown = await stage.sees("NAME↓")
        assert shown.index("\nb ") < shown.index("\na ")

    cluster.play(script)


def test_the_cursor_stays_with_its_object(cluster):
    cluster.pod("m")

    async def script(stage):
        await stage.sees("m ")
        cluster.pod("a")
        await stage.sees("a ")
        assert stage.monitor.screen.chosen() == ("default", "m")

    cluster.play(script)


def test_two_thousand_rows_scroll_to_the_last(cluster):
    row = cluster.client.kinds().find("configmaps")
    with cluster.client.batch():
        for number in range(2000):
            cluster.client.create(
                row, "default", {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": f"n{number:05}"}}, options.Options()
            )

    async def script(stage):
        await stage.sees("[2001]")
        await stage.press("G")
        await stage.sees("n01999")

    cluster.play(script, kind="cm")


def test_what_is_told_after_leaving_is_dropped(cluster):
    done = []

    async def script(stage):
        await stage.sees("Pods(default)[0]")
        done.append(stage.monitor)

    cluster.play(script)
    done[0].on_told(pages.Told(lambda: done.append("told")))
    assert done[1:] == []
