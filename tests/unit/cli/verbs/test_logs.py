"""`logs`: what is refused before any log is read."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

REFUSED = {
    ("--tail=-5",): "--tail must be greater than or equal to -1",
    ("--limit-bytes=-1",): "--limit-bytes must be greater than 0",
    ("--since=-1s",): "--since must be greater than 0",
    ("--since-time=x",): 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    ("--since=1s", "--since-time=2020-01-01T00:00:00Z"): "at most one of `sinceTime` or `sinceSeconds` may be specified",
    ("--all-containers", "-c", "a"): "--all-containers=true should not be specified with container name a",
}


@pytest.mark.parametrize("flags", REFUSED)
def test_what_can_not_be_read_is_refused_in_kubectls_words(sh: lines.Shell, flags: tuple[str, ...]) -> None:
    assert sh("run", "web", "--image=web:1").code == 0
    said = sh("logs", "web", *flags)
    assert (said.code, said.err) == (1, f"error: {REFUSED[flags]}\n")


@pytest.mark.parametrize("flags", [(), ("--tail=-5",), ("other", "-c", "third")])
def test_a_pod_that_is_not_there_is_told_before_wrong_flags(sh: lines.Shell, flags: tuple[str, ...]) -> None:
    said = sh("logs", "web", *flags)
    assert (said.code, said.err) == (1, 'error: error from server (NotFound): pods "web" not found in namespace "default"\n')


def test_no_pods_of_a_label_are_no_resources(sh: lines.Shell) -> None:
    said = sh("logs", "-l", "app=none")
    assert (said.code, said.err) == (0, "No resources found in default namespace.\n")
