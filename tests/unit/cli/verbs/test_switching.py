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


@pytest.fixture
def fresh(shell: Shell) -> Shell:
    """Who names no kubeconfig and no cluster."""
    del shell.env["KUBECONFIG"], shell.env["PKCTL_CLUSTER"]
    return shell


def test_who_names_no_kubeconfig_has_a_context_from_the_start(fresh: Shell) -> None:
    assert fresh.say("ctx") == "* pkctl\n"


def test_who_names_no_kubeconfig_can_choose_a_namespace(fresh: Shell) -> None:
    fresh.say("ns", "kube-system")
    assert fresh.say("config", "get-contexts", "--no-headers").split() == ["*", "pkctl", "pkctl", "kube-system"]


def test_a_chosen_namespace_is_that_of_the_next_command(fresh: Shell) -> None:
    fresh.say("config", "set-context", "--current", "--namespace=kube-public")
    assert fresh.say("get", "pods") == "No resources found in kube-public namespace.\n"


def test_a_cluster_that_the_environment_names_has_a_namespace_of_its_own(fresh: Shell) -> None:
    fresh.say("ns", "kube-system")
    fresh.env["PKCTL_CLUSTER"] = fresh.env["HOME"] + "/ci.db"
    assert fresh.say("get", "pods") == "No resources found in default namespace.\n"


def test_a_cluster_that_the_environment_names_is_not_left_for_a_context(fresh: Shell) -> None:
    fresh.env["PKCTL_CLUSTER"] = fresh.env["HOME"] + "/ci.db"
    assert (
        fresh.say("ctx", f"sqlite://{fresh.env['PKCTL_CLUSTER']}") == "error: PKCTL_CLUSTER names the cluster: unset it to go by contexts\n"
    )


def test_kubectls_own_kubeconfig_is_left_alone(fresh: Shell) -> None:
    fresh.say("config", "set-context", "other", "--namespace=x")
    assert not (pathlib.Path(fresh.env["HOME"]) / ".kube").exists()
