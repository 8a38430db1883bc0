"""`edit` and its sisters: what the editor left is sent, edited again, or kept."""

from __future__ import annotations

import pathlib
import re

import pytest

from tests.unit.cli import lines

SCRIPT = """#!/bin/sh
cd '{folder}'
count=$(($(cat count 2>/dev/null || echo 0) + 1)); echo $count >count
cp "$1" seen.$count
[ ! -e step.$count ] || sed -i -f step.$count "$1"
"""
KEPT = re.compile(r'stored to "(.*)"')


class Editor:
    """An editor that runs one sed script each time it is opened, and keeps what it was shown."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.path = folder, folder / "editor"
        self.path.write_text(SCRIPT.format(folder=folder))
        self.path.chmod(0o755)

    def will(self, *steps: str) -> None:
        """Do these, one each time."""
        for number, step in enumerate(steps, 1):
            (self.folder / f"step.{number}").write_text(step)

    def seen(self, number: int) -> str:
        """What it was shown."""
        return (self.folder / f"seen.{number}").read_text()


@pytest.fixture
def editor(sh: lines.Shell, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Editor:
    """The editor of the shell's user; there is a ConfigMap with a script in it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = Editor(tmp_path)
    sh.env["EDITOR"] = str(made.path)
    sh.env["PATH"] = "/usr/bin:/bin"
    sh("create", "configmap", "one", "--from-literal=run=#!/bin/sh\n# a comment\necho hi\n")
    sh("create", "configmap", "two", "--from-literal=a=1")
    return made


def test_lines_that_look_like_comments_stay_in_what_an_object_holds(sh: lines.Shell, editor: Editor) -> None:
    editor.will("s/echo hi/echo ho/")
    said = sh("edit", "configmap", "one")
    assert (said.out, sh("get", "cm", "one", "-o", "jsonpath={.data.run}").out) == (
        "configmap/one edited\n",
        "#!/bin/sh\n# a comment\necho ho\n",
    )


def test_another_way_to_write_it_is_no_change(sh: lines.Shell, editor: Editor) -> None:
    editor.will('s/a: "1"/a:    "1"/')
    assert sh("edit", "configmap", "two").err == "Edit cancelled, no changes made.\n"


def test_of_several_objects_only_the_changed_are_sent(sh: lines.Shell, editor: Editor) -> None:
    editor.will('s/a: "1"/a: "2"/')
    assert sh("edit", "configmap", "one", "two").out == "configmap/one skipped\nconfigmap/two edited\n"


def test_a_text_that_can_not_be_read_is_shown_again_with_the_reason(sh: lines.Shell, editor: Editor) -> None:
    editor.will("s/^kind:/  kind: [/", 's/^  kind: \\[/kind:/\ns/a: "1"/a: "2"/')
    said = sh("edit", "configmap", "two")
    assert (said.code, said.out, said.err) == (0, "configmap/two edited\n", 'error: configmaps "two" is invalid\n')
    assert '# configmaps "two" was not valid:\n# * <nil>: Invalid value: "The edited file failed validation": yaml: line ' in editor.seen(2)


def test_what_the_server_refuses_is_shown_again_with_the_causes(sh: lines.Shell, editor: Editor) -> None:
    editor.will('s/^data:/immutable: true\\ndata:/\ns/  a: .*/  "a b": "1"/')
    said = sh("edit", "configmap", "two")
    kept = KEPT.search(said.err)
    assert kept
    pathlib.Path(kept[1]).unlink()
    assert said.err.endswith("error: Edit cancelled, no valid changes were saved.\n")
    assert '# configmaps "two" was not valid:\n# * data[a b]: Invalid value: ' in editor.seen(2)


def test_another_name_ends_it_and_the_copy_is_kept(sh: lines.Shell, editor: Editor) -> None:
    editor.will("s/name: two/name: three/")
    said = sh("edit", "configmap", "two")
    kept = KEPT.search(said.err)
    assert kept
    pathlib.Path(kept[1]).unlink()
    assert said.err.endswith("error: At least one of apiVersion, kind and name was changed\n")


def test_json_has_no_header_and_the_result_is_printed(sh: lines.Shell, editor: Editor) -> None:
    editor.will('s/"a": "1"/"a": "2"/')
    said = sh("edit", "configmap", "two", "-o", "json")
    assert (editor.seen(1)[0], '"a": "2"' in said.out) == ("{", True)


def test_an_object_that_was_not_changed_is_not_created(sh: lines.Shell, editor: Editor, tmp_path: pathlib.Path) -> None:
    (tmp_path / "both.yaml").write_text(
        "\n---\n".join(f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}}}}}" for name in ("x", "w"))
    )
    editor.will("s/name: x/name: z/")
    said = sh("create", "--edit", "-f", str(tmp_path / "both.yaml"))
    assert (said.out, said.err) == ("configmap/z created\n", "Edit cancelled, no changes made.\n")
