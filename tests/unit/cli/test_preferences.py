"""kuberc: defaults and aliases get into a command line, built-in commands and given flags win."""

from __future__ import annotations

import io
import pathlib

import pytest

from pkctl.cli import run, streams

KUBERC = """
apiVersion: kubectl.config.k8s.io/v1beta1
kind: Preference
defaults:
- command: create configmap
  options: [{name: dry-run, default: client}, {name: output, default: name}]
aliases:
- name: mkcm
  command: create configmap
  prependArgs: [fixed]
  appendArgs: [--from-literal=a=b]
  options: [{name: dry-run, default: client}, {name: output, default: "jsonpath={.data}"}]
- {name: options, command: version}
- {name: broken, command: version, options: [{name: nope, default: x}]}
"""


class Shell:
    """Command lines with preferences."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.place = folder / "kuberc"
        self.place.write_text(KUBERC)
        self.env = {"HOME": str(folder), "KUBERC": str(self.place), "PKCTL_CLUSTER": str(folder / "cluster.db")}

    def say(self, *words: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        run.main(words, streams.Io(stdin=io.StringIO(), stdout=out, stderr=err, env=self.env, program="kubectl"))
        return out.getvalue() + err.getvalue()


@pytest.fixture
def shell(tmp_path: pathlib.Path) -> Shell:
    return Shell(tmp_path)


def test_defaults_fill_in_flags(shell: Shell) -> None:
    assert shell.say("create", "cm", "x") == "configmap/x\n"


def test_a_given_flag_wins_over_a_default(shell: Shell) -> None:
    assert shell.say("create", "cm", "x", "-o", "jsonpath={.kind}") == "ConfigMap"


def test_an_alias_has_words_before_and_behind_and_options(shell: Shell) -> None:
    assert shell.say("mkcm") == '{"a":"b"}'


def test_a_built_in_command_is_no_alias(shell: Shell) -> None:
    assert shell.say("options").startswith("The following options can be passed to any command")


def test_an_option_of_no_flag_is_refused(shell: Shell) -> None:
    assert shell.say("broken") == "error occurred while applying preferences invalid alias flag nope in alias kubectl\n"


def test_kuberc_can_be_turned_off(shell: Shell) -> None:
    shell.env["KUBERC"] = "off"
    assert "unknown command" in shell.say("mkcm")


def test_a_file_that_is_none_is_refused(shell: Shell) -> None:
    shell.place.write_text("kind: x\n")
    assert shell.say("options") == (
        f"error occurred while applying preferences kuberc error kuberc: no valid preferences found in {shell.place}, "
        "use --v=5 to see details\n"
    )


def test_set_writes_what_view_shows(shell: Shell) -> None:
    said = shell.say("kuberc", "set", "--section=defaults", "--command=get", "--option=output=wide")
    assert (said, "command: get" in shell.say("kuberc", "view")) == (f"Updated {shell.place}\n", True)


def test_set_replaces_only_when_told(shell: Shell) -> None:
    said = shell.say("kuberc", "set", "--section=aliases", "--command=get", "--name=mkcm")
    assert said == 'error: alias "mkcm" already exists, use --overwrite to replace\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "marshal.go:103] kuberc: no preferences found in {}"),
        (KUBERC, "marshal.go:94] kuberc: using entry 1 (kubectl.config.k8s.io/v1beta1) in {}"),
        ("kind: Preference\napiVersion: v9\n", 'entry 1 in {}: no kind "Preference" is registered for version "v9" in scheme'),
        ("a: [\n", "marshal.go:71] kuberc: strict decoding error for entry 1 in {}: yaml: line 1: did not find expected node content"),
    ],
    ids=["empty", "used", "unknown", "broken"],
)
def test_what_becomes_of_each_entry_is_told_from_the_fifth_level(shell: Shell, text: str, told: str) -> None:
    shell.place.write_text(text)
    assert told.format(shell.place) in shell.say("version", "--client", "-v", "5")


def test_nothing_is_told_below_the_fifth_level(shell: Shell) -> None:
    assert "marshal.go" not in shell.say("version", "--client", "--v=4")
