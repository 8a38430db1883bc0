"""`--help`, laid out as kubectl's, in words of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli import lines

TOP = """Show what pods use.

 Use now; a pod that has just begun has no figures yet.

Aliases:
pod, pods, po

Examples:
  # Pods here
  pkctl top pod
  
"""  # noqa: W293


def test_a_command_tells_of_itself_its_names_and_examples(sh: lines.Shell) -> None:
    assert sh("top", "po", "--help").out.startswith(TOP)


def test_options_are_in_order_with_their_defaults(sh: lines.Shell) -> None:
    said = sh("version", "--help").out
    assert (
        "Options:\n    --client=false:\n\tPrint this program's version alone.\n\n    -o, --output='':\n\tForm: json or yaml.\n\nUsage:"
        in said
    )


def test_it_ends_with_the_usage_and_where_to_read_on(sh: lines.Shell) -> None:
    assert sh("create", "secret", "-h").out.endswith(
        "\nUsage:\n  pkctl create secret (docker-registry | generic | tls) [options]\n\n"
        'Use "pkctl create secret <command> --help" for more information about a given command.\n'
        'Use "pkctl options" for a list of global command-line options (applies to all commands).\n'
    )


@pytest.mark.parametrize("group", ["config", "set", "auth", "create secret", "plugin", "kuberc", "top", "node"])
def test_a_group_alone_is_an_error_that_shows_its_help(sh: lines.Shell, group: str) -> None:
    said = sh(*group.split())
    assert (said.code, said.out, f"Usage:\n  pkctl {group} " in said.err) == (1, "", True)


@pytest.mark.parametrize(("group", "code"), [("certificate", 0), ("rollout", 1)])
def test_two_groups_show_their_help_on_stdout(sh: lines.Shell, group: str, code: int) -> None:
    said = sh(group)
    assert (said.code, said.err, f"Usage:\n  pkctl {group} " in said.out) == (code, "", True)


def test_an_unknown_topic_shows_the_commands_on_stderr(sh: lines.Shell) -> None:
    said = sh("help", "nope")
    assert (said.code, said.out) == (0, "")
    assert said.err.startswith("Unknown help topic [`nope`]\n\n\nBasic Commands (Beginner):\n  create ")


def test_help_of_a_path_is_that_commands(sh: lines.Shell) -> None:
    assert sh("help", "create", "secret", "tls").out == sh("create", "secret", "tls", "--help").out


def test_pkctls_own_groups_look_alike(sh: lines.Shell) -> None:
    said = sh("node", "add", "--help").out
    assert said.startswith("Add a node; nothing of ours is installed on it.\n\n ")
    assert "Options:\n    --ssh='':\n\tReach the node over SSH" in said
    assert "Usage:\n  pkctl node add NAME [options]\n" in said


def test_there_are_no_alpha_commands(sh: lines.Shell) -> None:
    assert sh("alpha").err == "No alpha commands are available in this version of pkctl\n"


def test_plugins_have_a_section_of_their_own(file_sh: lines.Sh, tmp_path: Path) -> None:
    plugin = tmp_path / "kubectl-view_all"
    plugin.write_text("#!/bin/sh\n")
    plugin.chmod(0o755)
    said = file_sh("--help", PATH=str(tmp_path)).out
    assert "Subcommands provided by plugins:\n  view-all      The command view-all is a plugin installed by the user\n" in said
