"""Runs one command line on two sides and tells how their answers differ, ages, random names and the program's name put aside."""

from __future__ import annotations

import contextlib
import difflib
import os
import pathlib
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

PKCTL = [sys.executable, "-m", "pkctl"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
DURATION = r"(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?"
ASIDE: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"^I\d{4} .*(?: (?:envvar|loader|table_printer|patcher|apply)\.go:|/openapi/v[23]).*\n", re.MULTILINE), ""),
    (re.compile(r"^\tUser-Agent: .*\n", re.MULTILINE), ""),
    (re.compile(r'"(?:http|sqlite)://[^"]*?(?=/api|/healthz)'), '"SERVER'),
    (re.compile(r"milliseconds=\d+"), "milliseconds=N"),
    (re.compile(r"\b(?:after|in) \d+ (?:ms|milliseconds)\b"), "after N ms"),
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UID"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| ?[+-]\d\d:?\d\d)?"), "TIME"),
    (re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"), "TIME"),
    (re.compile(rf"(?<![\w.:/-])(?=\d){DURATION}(?= ago\b|\)|\s|$)(?<=[smhdy])", re.MULTILINE), "AGE"),
    (re.compile(r'(resourceVersion"?: "?)\d+'), r"\1REVISION"),
    (re.compile(r"/[^\s\"]*/(LIVE|MERGED|kubectl-edit|pkctl-edit)-\w+"), r"\1"),
    (re.compile(r"\b([IWEF])\d{4} [\d:]{8}\.\d{6} +\d+ "), r"\1 "),
    (re.compile(r"\b(kubectl|pkctl)\b"), "PROGRAM"),
    (re.compile(r"\nhint: .*"), ""),
    (re.compile(r" {2,}"), "  "),
    (re.compile(r"-{3,}"), "---"),
]
"""What differs between any two runs, and what stands for it."""


class Answer(NamedTuple):
    """What a command line said."""

    stdout: str
    stderr: str
    code: int


class Side:
    """A program and what it talks to."""

    def __init__(self, program: Sequence[str], env: dict[str, str]) -> None:
        self.program, self.env = list(program), env

    def says(self, line: str, stdin: str = "", cwd: str | os.PathLike[str] = ".", env: Mapping[str, str] | None = None) -> Answer:
        done = subprocess.run(
            [*self.program, *shlex.split(line)],
            env={**os.environ, "LC_ALL": "C.UTF-8", **self.env, **(env or {})}, cwd=cwd, input=stdin, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        return Answer(done.stdout, done.stderr, done.returncode)


def kubectl(endpoint: str, home: pathlib.Path, program: str = "kubectl") -> Side:
    """A real kubectl with a home of its own, whose only cluster is the endpoint."""
    home.mkdir(parents=True, exist_ok=True)
    config = home / "config"
    config.write_text(
        f"apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters: [{{name: c, cluster: {{server: '{endpoint}'}}}}]\n"
        "contexts: [{name: c, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {}}]\n"
    )
    return Side([program], {"HOME": str(home), "KUBECONFIG": str(config), "KUBERC": "off", "TMPDIR": str(home)})


def pkctl(cluster: pathlib.Path, program: Sequence[str] = PKCTL) -> Side:
    """pkctl on a cluster file; its keys are the user's own, since the file is."""
    return Side(
        program, {"PKCTL_CLUSTER": str(cluster), "PKCTL_NODES": "none", "KUBECONFIG": "", "KUBERC": "off", "TMPDIR": str(cluster.parent)}
    )


@contextlib.contextmanager
def served(cluster: pathlib.Path) -> Iterator[str]:
    """The stand-in endpoint over a cluster file, in a process of its own: its URL."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.compare.endpoint", str(cluster)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def plain(text: str) -> str:
    """A text with all that differs between any two runs put aside."""
    for pattern, stand_in in ASIDE:
        text = pattern.sub(stand_in, text)
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines())


def differences(one: Answer, other: Answer) -> str:
    """How two answers differ; "" when they say the same."""
    lines: list[str] = []
    for name in ("stdout", "stderr"):
        texts = [plain(getattr(each, name)).splitlines() for each in (one, other)]
        lines += difflib.unified_diff(*texts, f"{name} of kubectl", f"{name} of pkctl", lineterm="", n=1)
    if one.code != other.code:
        lines.append(f"exit code: {one.code} of kubectl, {other.code} of pkctl")
    return "\n".join(lines)


def lines(group: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The command lines of a group, each with its case: a case with `each` is a line for every text that stands for its `{}`."""
    for case in group["lines"]:
        for text in case.get("each") or [""]:
            yield str(case["line"]).replace("{}", str(text), 1) if case.get("each") else str(case["line"]), case


def lay(group: Mapping[str, Any], cwd: pathlib.Path) -> None:
    """Write the files that a group's lines name."""
    for name, text in (group.get("files") or {}).items():
        place = cwd / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def compare(
    group: Mapping[str, Any], sides: tuple[Side, Side], cwd: pathlib.Path, told: Callable[[str], None] = lambda text: None
) -> Iterator[tuple[str, str]]:
    """Every line that the two sides answer differently, with the difference; the lines are run in order, on one side after the other."""
    cwd.mkdir(exist_ok=True)
    lay(group, cwd)
    for line, case in lines(group):
        stdin, env = str(case.get("stdin") or ""), case.get("env")
        found = differences(*(each.says(line, stdin, cwd, env) for each in sides))
        told(f"{'differs' if found else 'same'}: {line}")
        if found:
            yield line, found
