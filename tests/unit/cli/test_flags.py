"""Command lines read as pflag reads them."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.cli import flags

GET = flags.rows("output watch all-namespaces filename label-columns chunk-size namespace timeout from-literal dry-run validate stdin tty")


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        (["--output", "yaml"], "output", "yaml"),
        (["--output=yaml"], "output", "yaml"),
        (["-o", "yaml"], "output", "yaml"),
        (["-oyaml"], "output", "yaml"),
        (["-o=yaml"], "output", "yaml"),
        (["-o="], "output", "="),
        (["-o", "jsonpath={.a=b}"], "output", "jsonpath={.a=b}"),
        (["-w"], "watch", True),
        (["--watch=false"], "watch", False),
        (["-w=F"], "watch", False),
        (["-f", "a,b", "-f", "c"], "filename", ["a", "b", "c"]),
        (["-L", '"a,b",c'], "label-columns", ["a,b", "c"]),
        (["--from-literal=a=b,c", "--from-literal="], "from-literal", ["a=b,c", ""]),
        (["--chunk-size=0x10"], "chunk-size", 16),
        (["--chunk-size=-017"], "chunk-size", -15),
        (["--timeout=1m30s"], "timeout", 90.0),
        (["--timeout", "-1.5h"], "timeout", -5400.0),
        (["--dry-run"], "dry-run", "unchanged"),
        (["--dry-run=server"], "dry-run", "server"),
        (["--validate"], "validate", "strict"),
        ([], "chunk-size", 500),
        (["-itoyaml"], "output", "yaml"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) and all(isinstance(each, str) for each in value) else None,
)
def test_a_flag_takes_its_value(line: list[str], name: str, value: object) -> None:
    assert flags.parse(GET, line)[name] == value


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (["--foo"], "unknown flag: --foo"),
        (["-Z"], "unknown shorthand flag: 'Z' in -Z"),
        (["-wZ"], "unknown shorthand flag: 'Z' in -Z"),
        (["-n"], "flag needs an argument: 'n' in -n"),
        (["--namespace"], "flag needs an argument: --namespace"),
        (["---x"], "bad flag syntax: ---x"),
        (["--watch=maybe"], 'invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax'),
        (["--chunk-size="], 'invalid argument "" for "--chunk-size" flag: strconv.ParseInt: parsing "": invalid syntax'),
        (["--timeout=5"], 'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"'),
        (["--timeout=5y"], 'invalid argument "5y" for "--timeout" flag: time: unknown unit "y" in duration "5y"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_wrong_flag_is_told_in_pflags_words(line: list[str], text: str) -> None:
    with pytest.raises(errors.UsageError) as caught:
        flags.parse(GET, line)
    assert str(caught.value) == text


def test_flags_may_stand_between_and_after_arguments() -> None:
    values = flags.parse(GET, ["pods", "-w", "x", "-n", "y"])
    assert (values.args, values["namespace"]) == (["pods", "x"], "y")


def test_everything_after_two_dashes_is_an_argument() -> None:
    values = flags.parse(GET, ["pod", "-i", "--", "ls", "-w"])
    assert (values.args, values.dash, values["watch"]) == (["pod", "ls", "-w"], 1, False)


def test_a_lone_dash_is_an_argument() -> None:
    assert flags.parse(GET, ["-"]).args == ["-"]


def test_given_is_not_the_same_as_set() -> None:
    values = flags.parse(GET, ["--chunk-size=500"])
    assert (values.given("chunk-size"), values.given("watch")) == (True, False)


def test_skimming_takes_unknown_flags_to_have_a_value() -> None:
    assert flags.skim(GET, ["-n", "x", "-w", "get", "--foo", "bar", "pods", "--", "y"]) == [3, 6]
