"""What a kustomization may read: files below its own directory, and other directories, but no directory above one being built.

Follows kustomize's api/internal/loader. Remote places are refused by name.
"""

from __future__ import annotations

import os

from pkctl.kustomize import texts

RESTRICTIONS = ("LoadRestrictionsRootOnly", "LoadRestrictionsNone")


class Loader:
    """One directory being built; `within` the loaders that led to it."""

    def __init__(self, root: str, *, restricted: bool = True, within: tuple[str, ...] = ()) -> None:
        self.root, self.restricted, self.within = root, restricted, within

    def place(self, path: str) -> str:
        """A path of the kustomization as an absolute one."""
        return os.path.normpath(os.path.join(self.root, path))

    def read(self, path: str) -> bytes:
        """A file's bytes; KustomizeError for a directory, a missing file, or one outside the root."""
        full = self.place(path)
        if os.path.isdir(full):
            raise texts.KustomizeError(f"'{full}' must resolve to a file")
        if self.restricted:
            self._judge(full)
        try:
            with open(full, "rb") as stream:
                return stream.read()
        except FileNotFoundError:
            raise texts.KustomizeError(f"evalsymlink failure on '{full}' : lstat {full}: no such file or directory") from None
        except OSError as error:
            raise texts.KustomizeError(f"open {full}: {(error.strerror or '').lower()}") from None

    def _judge(self, full: str) -> None:
        real = os.path.realpath(full)
        if not os.path.exists(real):
            raise texts.KustomizeError(f"evalsymlink failure on '{full}' : lstat {full}: no such file or directory")
        if not is_below(real, os.path.realpath(self.root)):
            raise texts.KustomizeError(f"security; file '{full}' is not in or below '{self.root}'")

    def sub(self, path: str) -> Loader:
        """The loader of another directory; KustomizeError when there is none, or when it is one being built."""
        if not path:
            raise texts.KustomizeError("new root cannot be empty")
        full = self.place(path)
        root = confirmed(full, full)
        for visited in (self.root, *self.within):
            if is_below(visited, root):
                raise texts.KustomizeError(f"cycle detected: candidate root '{root}' contains visited root '{visited}'")
        return Loader(root, restricted=self.restricted, within=(self.root, *self.within))


def confirmed(path: str, shown: str) -> str:
    """A directory's real place; KustomizeError names it as `shown`."""
    full = os.path.abspath(path)
    if not os.path.exists(full):
        raise texts.KustomizeError(
            f"must build at directory: not a valid directory: evalsymlink failure on '{shown}' : lstat {full}: no such file or directory"
        )
    if not os.path.isdir(full):
        raise texts.KustomizeError(f"must build at directory: '{shown}': file is not directory")
    return os.path.realpath(full)


def is_below(path: str, root: str) -> bool:
    """Whether a place is the root or in it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def is_remote(path: str) -> bool:
    """Whether a path names a repository or a URL."""
    return "://" in path or path.startswith(("git@", "github.com/", "git::"))
