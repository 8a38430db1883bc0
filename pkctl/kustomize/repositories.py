"""A git repository that a URL names, and its copy for one build in a temporary directory.

Follows kustomize's api/internal/git. Not here: what a kustomization may do with a copy (`files`).
"""

from __future__ import annotations

import os

from pkctl.kustomize import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMES = ("ssh://", "https://", "http://", "file://")
TIMEOUT = 27.0
FALSE = ("0", "f", "F", "FALSE", "false", "False")
OTHERS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
          "GIT_NAMESPACE", "GIT_PREFIX")  # fmt: skip
"""What git hands to its hooks about the repository they are of: a copy made from within one must leave that alone."""

NOT_COPIED = "notCloned"
"""What kustomize writes for the directory of a repository in notes of where an object comes from."""

FORCED = (
    "Warning: Forcing the git protocol using the 'git::' URL prefix is not supported. Kustomize currently strips this invalid prefix, "
    "but will stop doing so in a future release. Please remove the 'git::' prefix from your configuration.\n"
)


class Repository:
    """What a URL asks for: `url` to fetch from, `path` below its top, and a `ref`, "" for its HEAD."""

    __slots__ = ("path", "raw", "ref", "submodules", "timeout", "url")

    def __init__(self, raw: str, url: str, path: str, query: str) -> None:
        self.raw, self.url, self.path = raw, url, path
        self.ref, self.timeout, self.submodules = _asked(query)

    def origin(self) -> dict[str, str]:
        """The note of where what it holds comes from."""
        place = {"path": os.path.normpath(self.path) if self.path else NOT_COPIED, "repo": self.url, "ref": self.ref}
        return {key: word for key, word in place.items() if word}


def parse(text: str) -> Repository | None:
    """The repository that a text names, None for what names a directory or a file."""
    if os.path.isabs(text):
        return None
    rest, _, query = text.partition("?")
    host, rest = _host(rest)
    if not host:
        return None
    repository, path = _parts(rest, is_whole=host == "file://")
    path = path.removeprefix("/")
    if not repository or os.path.normpath(path).split("/")[0] == "..":
        return None
    return Repository(text, host + repository, path, query)


def _host(text: str) -> tuple[str, str]:
    """Everything up to the path, and the path; "" for a host when there is none."""
    import re

    text = text[5:] if text.lower().startswith("git::") else text
    scheme = next((each for each in SCHEMES if text.lower().startswith(each)), "")
    text = text[len(scheme) :]
    found = re.match(r"[a-zA-Z][a-zA-Z0-9-]*@", text)
    user = found[0] if found else ""
    text = text[len(user) :]
    is_github = text.lower().startswith(("github.com/", "github.com:"))
    if not scheme and not user and not is_github:
        return "", ""
    if scheme == "file://":
        return scheme, user + text
    at = _separator(text, takes_colon=not scheme)
    host, rest = (text[: at + 1], text[at + 1 :]) if at >= 0 else (text, "")
    if is_github:
        scheme, user, host = ("", user, "github.com:") if scheme == "ssh://" or user else ("https://", "", "github.com/")
    return (scheme + user + host if host else ""), rest


def _separator(text: str, *, takes_colon: bool) -> int:
    """Where the host ends: at a slash, or at scp's colon before it."""
    slash, colon = text.find("/"), text.find(":")
    return colon if takes_colon and (slash < 0 or 0 < colon < slash) else slash


def _parts(text: str, *, is_whole: bool) -> tuple[str, str]:
    """The repository's own path and the one below its top; "" for a repository when there is none."""
    if (at := text.find("_git/")) >= 0:
        name, _, path = text[at + 5 :].partition("/")
        return text[: at + 5] + name, path
    if (at := text.find("//")) >= 0:
        return text[:at], text[at + 2 :]
    if (at := text.find(".git")) >= 0:
        return text[: at + 4], text[at + 4 :]
    if is_whole:
        return text, ""
    segments = text.split("/")
    return ("/".join(segments[:2]), "/".join(segments[2:])) if len(segments) > 1 else ("", "")


def _asked(query: str) -> tuple[str, float, bool]:
    """A query's ref, timeout and whether submodules are wanted."""
    from urllib import parse as urls

    from pkctl.objects import times

    words = {key: found[0] for key, found in urls.parse_qs(query).items()}
    given = words.get("timeout", "")
    try:
        timeout = float(given) if given.isdigit() else times.parse_duration(given)
    except times.TimeError:
        timeout = 0
    return words.get("ref") or words.get("version", ""), timeout if timeout > 0 else TIMEOUT, words.get("submodules") not in FALSE


class Copies:
    """The copies that one build makes; a context, at whose end they are gone. `warn` is told of what is taken but shouldn't be asked."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn
        self._made: list[str] = []

    def __enter__(self) -> Copies:
        return self

    def __exit__(self, *raised: object) -> None:
        import shutil

        for place in self._made:
            shutil.rmtree(place, ignore_errors=True)

    def copy(self, repository: Repository) -> str:
        """The top directory of a fresh copy; KustomizeError with what git said."""
        import shutil
        import tempfile

        if repository.raw.lower().startswith("git::"):
            self._warn(FORCED)
        git = shutil.which("git")
        if git is None:
            raise texts.KustomizeError("no 'git' program on path: exec: \"git\": executable file not found in $PATH")
        top = os.path.realpath(tempfile.mkdtemp(prefix="kustomize-"))
        self._made.append(top)
        for step in _steps(repository):
            _run(git, step, top, repository.timeout)
        return top


def _steps(repository: Repository) -> list[list[str]]:
    """What git is told; KustomizeError for a ref that it would take for an option."""
    if repository.ref.startswith("-"):
        raise texts.KustomizeError(f"'{repository.ref}' is no ref of a git repository")
    steps = [["init"], ["remote", "add", "origin", repository.url]]
    steps += [["fetch", "--depth=1", repository.url, repository.ref or "HEAD"], ["checkout", "FETCH_HEAD"]]
    return [*steps, ["submodule", "update", "--init", "--recursive"]] if repository.submodules else steps


def _run(git: str, args: list[str], top: str, timeout: float) -> None:
    import subprocess

    from pkctl.objects import times

    line = " ".join((git, *args))
    env = {key: word for key, word in os.environ.items() if key not in OTHERS}
    try:
        done = subprocess.run(
            [git, *args],
            cwd=top,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise texts.KustomizeError(f"hit {times.format_duration(timeout)} timeout running '{line}'") from None
    if done.returncode:
        said = done.stdout.decode(errors="replace")
        raise texts.KustomizeError(f"failed to run '{line}': {said}: exit status {done.returncode}")
