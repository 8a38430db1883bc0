"""TYPE/NAME words and selectors as they are judged before a cluster is asked, and what they find."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


@pytest.mark.parametrize("form", ["name", "yaml", "json", "jsonpath={.kind}"])
def test_an_object_is_found_by_its_type_and_name_in_one_word(sh: lines.Shell, form: str) -> None:
    assert sh("get", "namespace/default", "-o", form).out == sh("get", "namespace", "default", "-o", form).out != ""


@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["a/b", "c"], "there is no need to specify a resource type as a separate argument"),
        (["a/b/c"], "arguments in resource/name form may not have more than one slash"),
        (["a/"], "arguments in resource/name form must have a single resource and name"),
        (["a,b/c"], "arguments in resource/name form must have a single resource and name"),
        (["a/b", "-l", "x=y"], "selectors and the all flag cannot be used when passing resource/name arguments"),
        (["a", "b", "-l", "x=y"], "name cannot be provided when a selector is specified"),
    ],
    ids=["mixed", "two slashes", "no name", "two kinds", "selector", "name and selector"],
)
@pytest.mark.parametrize("verb", ["get", "describe", "delete"])
def test_wrong_words_are_found_before_their_kinds(sh: lines.Shell, verb: str, words: list[str], wrong: str) -> None:
    said = sh(verb, *words)
    assert (said.code, wrong in said.err) == (1, True)


def test_every_missing_path_and_wrong_word_is_told_at_once(sh: lines.Shell) -> None:
    said = sh("delete", "-f", "nope", "-f", "none", "a/b/c")
    assert said.err == (
        'the path "nope" does not exist\nthe path "none" does not exist\narguments in resource/name form may not have more than one slash\n'
    )


def test_files_and_words_do_not_go_together(sh: lines.Shell) -> None:
    assert "resource/name arguments cannot be provided when a path is specified" in sh("delete", "a/b", "-f", "-", text=SETTINGS).err


def test_the_selector_of_expose_is_the_new_services_own(sh: lines.Shell) -> None:
    sh("create", "deployment", "web", "--image=x", "--settle=never")
    text = sh("expose", "deployment", "web", "--port=80", "--selector=a=b", "--dry-run=client", "-o", "jsonpath={.spec.selector}").out
    assert text == '{"a":"b"}'
