"""`ctx` and `ns` choose, list, and go back."""

from __future__ import annotations

import io
import pathlib

import pytest

from pkctl.cli import run, streams

CONFIG = "current-context: one\ncontexts:\n- {name: one, context: {cluster: a, namespace: team}}\n- {name: two, context: {cluster: a}}\n"


class Shell:
    """Command lines on one kubeconfig."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.env = {"HOME": str(folder), "KUBECONFIG": str(folder / "config"), "PKCTL_CLUSTER": str(folder / "cluster.db")}
        (folder / "config").write_text(CONFIG)

    def say(self, *words: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        run.main(words, streams.Io(stdin=io.StringIO(), stdout=out, stderr=err, env=self.env))
        return out.getvalue() + err.getvalue()


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    return Shell(tmp_path)


def test_contexts_are_listed_with_the_current_one_marked(shell: Shell) -> None:
    assert shell.say("ctx") == "* one\n  two\n"


def test_a_dash_goes_back_and_forth_between_contexts(shell: Shell) -> None:
    said = [shell.say("ctx", word) for word in ("two", "-", "-")]
    assert said == [f'Switched to context "{name}".\n' for name in ("two", "one", "two")]


def test_a_dash_goes_back_and_forth_between_namespaces(shell: Shell) -> None:
    said = [shell.say("ns", word).split('"')[3] for word in ("other", "-", "-")]
    assert said == ["other", "team", "other"]


def test_there_is_no_context_before_the_first(shell: Shell) -> None:
    assert shell.say("ctx", "-") == "error: no context was chosen before this one\n"


def test_an_unknown_context_is_refused(shell: Shell) -> None:
    assert shell.say("ctx", "nope") == 'error: no context exists with the name: "nope"\n'


def test_without_a_chosen_kubeconfig_there_is_nothing_to_switch(shell: Shell) -> None:
    del shell.env["KUBECONFIG"]
    assert shell.say("ctx") == "error: no kubeconfig is chosen: name one by --kubeconfig, PKCTL_CONFIG or KUBECONFIG\n"
