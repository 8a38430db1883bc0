"""What a kustomization may read: files below its own directory, URLs, other directories, but none above one being built, repositories.

Follows kustomize's api/internal/loader.
"""

from __future__ import annotations

import os

from pkctl.kustomize import repositories, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.kustomize.repositories import Copies, Repository

RESTRICTIONS = ("LoadRestrictionsRootOnly", "LoadRestrictionsNone")


class Loader:
    """One directory being built; `within` the loaders that led to it.

    `sources` are the repositories that led to it, and `bounds` is the copy it is in, "" for none; `copies` makes further ones."""

    def __init__(
        self, root: str, copies: Copies, *, restricted: bool = True, within: tuple[str, ...] = (), sources: tuple[str, ...] = (),
        bounds: str = "",
    ) -> None:  # fmt: skip
        self.root, self.copies, self.restricted, self.within = root, copies, restricted, within
        self.sources, self.bounds = sources, bounds

    def place(self, path: str) -> str:
        """A path of the kustomization as an absolute one."""
        return os.path.normpath(os.path.join(self.root, path))

    def read(self, path: str) -> bytes:
        """A file's or a URL's bytes; KustomizeError for a directory, a missing file, or one outside the root."""
        from pkctl.client import downloads

        if downloads.is_url(path):
            return _downloaded(path)
        full = self.place(path)
        if os.path.isdir(full):
            raise texts.KustomizeError(f"'{full}' must resolve to a file")
        if self.restricted:
            self._judge(full)
        try:
            with open(full, "rb") as stream:
                return stream.read()
        except FileNotFoundError:
            raise texts.KustomizeError(missing(full, full)) from None
        except OSError as error:
            raise texts.KustomizeError(f"open {full}: {(error.strerror or '').lower()}") from None

    def _judge(self, full: str) -> None:
        real = os.path.realpath(full)
        if not os.path.exists(real):
            raise texts.KustomizeError(missing(full, full))
        if not is_below(real, os.path.realpath(self.root)):
            raise texts.KustomizeError(f"security; file '{full}' is not in or below '{self.root}'")

    def sub(self, path: str) -> Loader:
        """The loader of another directory or repository; KustomizeError when there is none, or when it is one being built."""
        if not path:
            raise texts.KustomizeError("new root cannot be empty")
        if (repository := repositories.parse(path)) is not None:
            return self._copied(repository)
        if os.path.isabs(path):
            raise texts.KustomizeError(f"new root '{path}' cannot be absolute")
        full = self.place(path)
        root = confirmed(full, full)
        if self.bounds and not is_below(root, self.bounds):
            raise texts.KustomizeError(
                "security; bases in kustomizations found in cloned git repos must be within the repo, "
                f"but base '{root}' is outside '{self.bounds}'"
            )
        for visited in (self.root, *self.within):
            if is_below(visited, root):
                raise texts.KustomizeError(f"cycle detected: candidate root '{root}' contains visited root '{visited}'")
        return self._led(root, restricted=self.restricted, sources=self.sources, bounds=self.bounds)

    def _copied(self, repository: Repository) -> Loader:
        for source in self.sources:
            if source.startswith(repository.raw):
                raise texts.KustomizeError(f"cycle detected: URI '{repository.raw}' referenced by previous URI '{source}'")
        top = self.copies.copy(repository)
        return self._led(within_copy(top, repository.path), restricted=True, sources=(repository.raw, *self.sources), bounds=top)

    def _led(self, root: str, *, restricted: bool, sources: tuple[str, ...], bounds: str) -> Loader:
        within = (self.root, *self.within)
        return Loader(root, self.copies, restricted=restricted, within=within, sources=sources, bounds=bounds)


def opened(path: str, copies: Copies, *, restricted: bool) -> Loader:
    """The loader of what is to be built: a directory, or a repository's; KustomizeError."""
    repository = repositories.parse(path)
    if repository is None:
        return Loader(confirmed(path, path), copies, restricted=restricted)
    top = copies.copy(repository)
    return Loader(within_copy(top, repository.path), copies, sources=(repository.raw,), bounds=top)


def within_copy(top: str, path: str) -> str:
    """The directory at a path of a copy; KustomizeError."""
    full = os.path.normpath(os.path.join(top, path))
    root = os.path.realpath(full)
    if not os.path.exists(root):
        raise texts.KustomizeError(missing(full, full))
    if not os.path.isdir(root):
        raise texts.KustomizeError(f"'{full}' refers to file '{os.path.basename(root)}'; expecting directory")
    if not is_below(root, top):
        raise texts.KustomizeError(f"{texts.quoted(full)} refers to directory outside of repo {texts.quoted(top)}")
    return root


def confirmed(path: str, shown: str) -> str:
    """A directory's real place; KustomizeError names it as `shown`."""
    full = os.path.abspath(path)
    if not os.path.exists(full):
        raise texts.KustomizeError(f"must build at directory: not a valid directory: {missing(full, shown)}")
    if not os.path.isdir(full):
        raise texts.KustomizeError(f"must build at directory: '{shown}': file is not directory")
    return os.path.realpath(full)


def missing(full: str, shown: str) -> str:
    """Why a place is none, named as `shown`: the first part of it that is not there, or that leads no further."""
    parts = full.split(os.sep)
    for length in range(2, len(parts) + 1):
        part = os.sep.join(parts[:length])
        if not os.path.lexists(part):
            return f"evalsymlink failure on '{shown}' : lstat {part}: no such file or directory"
        if length < len(parts) and not os.path.isdir(part):
            break
    return f"evalsymlink failure on '{shown}' : not a directory"


def _downloaded(url: str) -> bytes:
    from pkctl.client import downloads

    try:
        return downloads.fetch(url)
    except downloads.Unreachable as error:
        raise texts.KustomizeError(error.told) from None
    except downloads.Answered as error:
        if repositories.parse(url) is not None:
            raise texts.KustomizeError("URL is a git repository") from None
        raise texts.Undelivered(f"HTTP Error: status code {error.status} ({error.phrase})") from None


def is_below(path: str, root: str) -> bool:
    """Whether a place is the root or in it."""
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)
