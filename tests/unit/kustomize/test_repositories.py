"""Which texts name a repository, and what is built of one."""

from __future__ import annotations

import pathlib
import shutil
import subprocess

import pytest

from pkctl.kustomize import building, repositories, texts

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.mark.parametrize(
    ("text", "url", "path", "ref"),
    [
        ("https://github.com/o/r", "https://github.com/o/r", "", ""),
        ("https://github.com/o/r/a/b?ref=v1", "https://github.com/o/r", "a/b", "v1"),
        ("github.com/o/r?version=v2", "https://github.com/o/r", "", "v2"),
        ("github.com:o/r/a", "https://github.com/o/r", "a", ""),
        ("git@github.com:o/r", "git@github.com:o/r", "", ""),
        ("ssh://git@github.com/o/r//a", "git@github.com:o/r", "a", ""),
        ("git::https://host/o/r", "https://host/o/r", "", ""),
        ("git@host:o/r//a", "git@host:o/r", "a", ""),
        ("https://host/o/p/r.git/a", "https://host/o/p/r.git", "a", ""),
        ("https://host/o/_git/r/a", "https://host/o/_git/r", "a", ""),
        ("file:///srv/r", "file:///srv/r", "", ""),
        ("file:///srv/r//a?ref=v1", "file:///srv/r", "a", "v1"),
    ],
)
def test_a_url_names_a_repository_a_directory_and_a_ref(text: str, url: str, path: str, ref: str) -> None:
    found = repositories.parse(text)
    assert found is not None
    assert (found.url, found.path, found.ref) == (url, path, ref)


@pytest.mark.parametrize("text", ["a/b", "/a/b/c", "../x", "https://host/x", "foo@bar", "oci://host/o/r", "https://host/o/r//../x"])
def test_other_texts_name_none(text: str) -> None:
    assert repositories.parse(text) is None


@pytest.mark.parametrize(("query", "timeout"), [("", 27), ("timeout=9", 9), ("timeout=1m30s", 90), ("timeout=x", 27), ("timeout=-1s", 27)])
def test_a_query_says_how_long_git_may_take(query: str, timeout: float) -> None:
    found = repositories.parse(f"github.com/o/r?{query}")
    assert found is not None
    assert found.timeout == timeout


def test_a_ref_that_git_would_take_for_an_option_is_refused() -> None:
    found = repositories.parse("github.com/o/r?ref=--upload-pack=x")
    assert found is not None
    with repositories.Copies(print) as copies, pytest.raises(texts.KustomizeError, match="is no ref of a git repository"):
        copies.copy(found)


COMMIT = "-c user.name=n -c user.email=e commit -q -a -m m"


def git(line: str, folder: pathlib.Path) -> None:
    subprocess.run(["git", *line.split()], cwd=folder / "r", check=True)


@pytest.fixture(autouse=True)
def no_hook(monkeypatch: pytest.MonkeyPatch) -> None:
    """What git tells a hook would turn these tests on the repository they are of."""
    for name in repositories.OTHERS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def repository(tmp_path: pathlib.Path) -> str:
    """The URL of a repository with the kustomization `app`, whose tag v1 is its only commit."""
    app = tmp_path / "r" / "app"
    app.mkdir(parents=True)
    (app / "kustomization.yaml").write_text("resources: [cm.yaml]\n")
    (app / "cm.yaml").write_text("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n")
    for line in ("init -q", "add .", COMMIT, "tag v1"):
        git(line, tmp_path)
    return f"file://{tmp_path}/r"


@needs_git
def test_a_repository_is_built_in_place_of_a_directory(repository: str) -> None:
    assert [each["metadata"]["name"] for each in building.build(f"{repository}//app?ref=v1")] == ["c"]


@needs_git
def test_no_copy_is_left_behind(repository: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    building.build(f"{repository}//app")
    assert not list(tmp_path.glob("kustomize-*"))


@needs_git
def test_a_resource_of_a_repository_tells_where_it_is_from(repository: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "kustomization.yaml").write_text(f"resources: ['{repository}//app?ref=v1']\nbuildMetadata: [originAnnotations]\n")
    found = building.build(str(tmp_path))[0]["metadata"]["annotations"]["config.kubernetes.io/origin"]
    assert found == f"path: app/cm.yaml\nrepo: {repository}\nref: v1\n"


@needs_git
def test_a_ref_that_is_not_there_is_told_in_gits_words(repository: str) -> None:
    with pytest.raises(texts.KustomizeError, match=r"failed to run '.*git fetch --depth=1 .* v9': fatal: .*\n: exit status 128$"):
        building.build(f"{repository}//app?ref=v9")


@needs_git
def test_a_directory_outside_of_the_copy_is_refused(repository: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "r" / "app" / "kustomization.yaml").write_text(f"resources: [{'../' * 9}{tmp_path.relative_to('/')}]\n")
    git(COMMIT, tmp_path)
    with pytest.raises(texts.KustomizeError, match="must be within the repo"):
        building.build(f"{repository}//app")


@needs_git
def test_a_repository_that_builds_on_itself_is_a_cycle(repository: str, tmp_path: pathlib.Path) -> None:
    (tmp_path / "r" / "app" / "kustomization.yaml").write_text(f"resources: ['{repository}//app']\n")
    git(COMMIT, tmp_path)
    with pytest.raises(texts.KustomizeError, match=r"cycle detected: URI '.*' referenced by previous URI"):
        building.build(f"{repository}//app")


@needs_git
def test_the_repository_whose_hook_builds_is_left_alone(repository: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", "own"], cwd=tmp_path, check=True)
    before = (tmp_path / "own" / ".git" / "config").read_text()
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "own" / ".git"))
    assert building.build(f"{repository}//app")
    assert (tmp_path / "own" / ".git" / "config").read_text() == before
