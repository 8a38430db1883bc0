"""`cp`: files to and from containers, as tar through `exec`. Upstream: kubectl's cmd/cp."""

from __future__ import annotations

import os
import posixpath

from pkctl import errors
from pkctl.cli import pods, terminal
from pkctl.cli.verbs import resuming

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tarfile
    from typing import Any

    from pkctl.cli.context import Context

FORMAT = "filespec must match the canonical format: [[namespace/]pod:]file/path"


class Spec:
    """`[[NAMESPACE/]POD:]PATH`."""

    __slots__ = ("namespace", "path", "pod")

    def __init__(self, text: str) -> None:
        where, colon, path = text.partition(":")
        if not colon:
            where, path = "", text
        elif not where or where.count("/") > 1:
            raise errors.CommandError(FORMAT)
        self.namespace, _, self.pod = where.rpartition("/")
        self.path = path.removesuffix("/") if path != "/" else path


def run(ctx: Context) -> int:
    """Copy one way."""
    if len(ctx.args) != 2:
        raise errors.CommandError("source and destination are required")
    source, target = map(Spec, ctx.args)
    if source.pod and target.pod:
        raise errors.CommandError("one of src or dest must be a local file specification")
    if not source.path or not target.path:
        raise errors.CommandError("filepath can not be empty")
    if not source.pod and not target.pod:
        raise errors.CommandError("one of src or dest must be a remote file specification")
    if ctx.flags["retries"] and target.pod:
        ctx.warn("--retries has no effect: only a copy from a container is taken up again")
    return _from(ctx, source, target) if source.pod else _to(ctx, source, target)


def _stream(ctx: Context, spec: Spec, command: list[str], *, stdin: bool, quiet: bool = False) -> Any:
    row = ctx.kinds().by_id("pods")
    assert row is not None
    namespace = spec.namespace or ctx.namespace
    pod = ctx.client.get(row, namespace, spec.pod)
    container = str(ctx.flags["container"]) or pods.container(ctx, pod, quiet=quiet)
    return ctx.client.exec(namespace, spec.pod, container, command, stdin=stdin, tty=False)


def _heard(stream: Any) -> tuple[bytes, bytes]:
    """All that a command says: its output and its errors."""
    said = {"stdout": b"", "stderr": b""}
    while True:
        try:
            chunk = stream.read(30)
        except TimeoutError:
            continue
        if chunk is None:
            return said["stdout"], said["stderr"]
        said[chunk[0]] += chunk[1]


class Input:
    """A stream's stdin as a file to write."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, body: bytes) -> int:
        """Send all of it."""
        self._stream.write(body)
        return len(body)


def _from(ctx: Context, source: Spec, target: Spec) -> int:
    def begin(command: list[str]) -> Any:
        return _stream(ctx, source, command, stdin=False)

    archive = resuming.Archive(begin, source.path, int(ctx.flags["retries"]), ctx.io)
    receiver = _Receiver(ctx, source, target.path)
    try:
        _unpack(archive, receiver)
    except OSError as error:
        said = "not a directory" if isinstance(error, FileExistsError) else (error.strerror or "").lower()
        raise errors.CommandError(f"{receiver.doing} {error.filename}: {said}") from None
    archive.finish()
    return 0


def _unpack(archive: resuming.Archive, receiver: _Receiver) -> None:
    """Hand over every member; CommandError for a tar that ends too early or is none. One without a single byte is empty."""
    import tarfile

    try:
        with tarfile.open(fileobj=archive, mode="r|") as opened:  # type: ignore[call-overload]
            for member in opened:
                receiver.take(opened, member)
    except tarfile.ReadError as error:
        if str(error) == "empty file":
            return
        raise errors.CommandError("unexpected EOF" if archive.is_over else "archive/tar: invalid tar header") from None
    if archive.is_cut:
        raise errors.CommandError("unexpected EOF")


def _ended(stream: Any) -> int:
    code = stream.exit_code()
    stream.close()
    return terminal.leave(code)


class _Receiver:
    """Puts what an archive holds under a local path; `doing` is the system call that is being tried."""

    def __init__(self, ctx: Context, source: Spec, place: str) -> None:
        self._ctx, self._source, self._place = ctx, source, place
        self._prefix = _without_shortcuts(posixpath.normpath(source.path.lstrip("/\\") or "."))
        self._hinted, self.doing = False, "open"

    def take(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        """One member; CommandError for one that is not of the source."""
        if not member.name.startswith(self._prefix):
            raise errors.CommandError("tar contents corrupted")
        full = self._local(member.name)
        away = os.path.relpath(full, self._place)
        if away != "." and away != _without_shortcuts(away):
            self._ctx.io.err(f'warning: file "{full}" is outside target destination, skipping\n')
            return
        self._make(full if member.isdir() else os.path.dirname(full))
        if member.issym():
            self._skip(full, member.linkname)
        elif not member.isdir():
            self._write(archive, member, full)

    def _local(self, name: str) -> str:
        return os.path.normpath(f"{self._place}/{name[len(self._prefix) :]}")

    def _make(self, folder: str) -> None:
        self.doing = "mkdir"
        os.makedirs(folder or ".", exist_ok=True)

    def _skip(self, full: str, target: str) -> None:
        hint, source = "", self._source
        if not self._hinted:
            place = f'-n "{source.namespace}" "{source.pod}" -- tar cf - "{source.path}"'
            hint = f' (consider using "{self._ctx.io.program} exec {place} | tar xf -")'
            self._hinted = True
        self._ctx.io.err(f'warning: skipping symlink: "{full}" -> "{target}"{hint}\n')

    def _write(self, archive: tarfile.TarFile, member: tarfile.TarInfo, full: str) -> None:
        import shutil

        self.doing = "open"
        if member.islnk():
            # Its bytes came before, under another name.
            shutil.copyfile(self._local(member.linkname), full)
            return
        body = archive.extractfile(member)
        with open(full, "wb") as out:
            if body is not None:
                shutil.copyfileobj(body, out, 1 << 20)


def _without_shortcuts(path: str) -> str:
    """The path without what leads out of where it begins."""
    while path.startswith("../"):
        path = path[3:]
    return "" if path in (".", "..") else path.removeprefix("/")


def _to(ctx: Context, source: Spec, target: Spec) -> int:
    import tarfile

    if not os.path.exists(source.path):
        raise errors.CommandError(f"{source.path} doesn't exist in local filesystem")
    path = os.path.normpath(source.path)
    place = target.path
    if _is_folder(ctx, target):
        place = posixpath.join(place, os.path.basename(path))
    place = posixpath.normpath(place)
    options = ["--no-same-permissions", "--no-same-owner"] if ctx.flags["no-preserve"] else []
    command = ["tar", *options, "-xmf", "-", "-C", posixpath.dirname(place) or "."]
    stream = _stream(ctx, target, command, stdin=True, quiet=True)
    try:
        with tarfile.open(fileobj=Input(stream), mode="w|") as archive:  # type: ignore[call-overload]
            _pack(archive, path, posixpath.basename(place))
        stream.close_stdin()
    except errors.NodeError:
        # The command ended before it had read all: it says itself why.
        pass
    output, complaints = _heard(stream)
    ctx.io.out_bytes(output)
    ctx.io.err_bytes(complaints)
    return _ended(stream)


def _pack(archive: tarfile.TarFile, path: str, name: str) -> None:
    """Add a file, or what is in a folder; of folders only the empty ones, as kubectl does, so that the others get the container's modes."""
    import tarfile

    if os.path.isdir(path) and not os.path.islink(path):
        entries = sorted(os.listdir(path))
        for each in entries:
            _pack(archive, os.path.join(path, each), posixpath.join(name, each))
        if entries:
            return
    member = archive.gettarinfo(path, name)
    if member is None:
        raise errors.CommandError("archive/tar: sockets not supported")
    if member.islnk():
        member.type, member.linkname, member.size = tarfile.REGTYPE, "", os.stat(path).st_size
    if not member.isreg():
        archive.addfile(member)
        return
    with open(path, "rb") as body:
        archive.addfile(member, body)


def _is_folder(ctx: Context, target: Spec) -> bool:
    try:
        stream = _stream(ctx, target, ["test", "-d", target.path], stdin=False)
    except errors.BadRequest:
        # The copy itself will be told so too.
        return False
    _heard(stream)
    code = stream.exit_code()
    stream.close()
    return bool(code == 0)
