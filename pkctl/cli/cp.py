"""`cp`: files to and from containers, as tar through `exec`. Upstream: kubectl's cmd/cp."""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import pods

TYPE_CHECKING = False
if TYPE_CHECKING:
    import tarfile
    from typing import Any

    from pkctl.cli.context import Context


class Spec:
    """`[[NAMESPACE/]POD:]PATH`."""

    __slots__ = ("namespace", "path", "pod")

    def __init__(self, text: str) -> None:
        where, colon, path = text.partition(":")
        if not colon or where.startswith((".", "/")):
            where, path = "", text
        elif not where:
            raise errors.CommandError("filespec must match the canonical format: [[namespace/]pod:]file/path")
        if where.count("/") > 1:
            raise errors.CommandError("filespec must match the canonical format: [[namespace/]pod:]file/path")
        self.namespace, _, self.pod = where.rpartition("/")
        self.path = path


def run(ctx: Context) -> int:
    """Copy one way."""
    if len(ctx.args) != 2:
        raise errors.CommandError("source and destination are required")
    source, target = map(Spec, ctx.args)
    if source.pod and target.pod:
        raise errors.CommandError("one of src or dest must be a local file specification")
    if not source.pod and not target.pod:
        raise errors.CommandError("one of src or dest must be a remote file specification")
    if not source.path or not target.path:
        raise errors.CommandError("filepath can not be empty")
    if ctx.flags["retries"]:
        ctx.warn("--retries has no effect: nothing between pkctl and the container breaks a copy off")
    return _from(ctx, source, target) if source.pod else _to(ctx, source, target)


def _stream(ctx: Context, spec: Spec, command: list[str], *, stdin: bool) -> Any:
    row = ctx.kinds().by_id("pods")
    assert row is not None
    namespace = spec.namespace or ctx.namespace
    pod = ctx.client.get(row, namespace, spec.pod)
    container = pods.container(ctx, pod, str(ctx.flags["container"]))
    return ctx.client.exec(namespace, spec.pod, container, command, stdin=stdin, tty=False)


class Output:
    """A stream's stdout as a file to read; its stderr is kept."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._kept, self.said = stream, b"", b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, fewer only at the end."""
        while size < 0 or len(self._kept) < size:
            try:
                chunk = self._stream.read(30)
            except TimeoutError:
                continue
            if chunk is None:
                break
            if chunk[0] == "stderr":
                self.said += chunk[1]
            else:
                self._kept += chunk[1]
        size = len(self._kept) if size < 0 else size
        body, self._kept = self._kept[:size], self._kept[size:]
        return body


class Input:
    """A stream's stdin as a file to write."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, body: bytes) -> int:
        """Send all of it."""
        self._stream.write(body)
        return len(body)


def _from(ctx: Context, source: Spec, target: Spec) -> int:
    import tarfile

    stream = _stream(ctx, source, ["tar", "cf", "-", source.path], stdin=False)
    output = Output(stream)
    prefix = source.path.lstrip("/").rstrip("/")
    place = target.path
    if os.path.isdir(place):
        place = os.path.join(place, os.path.basename(prefix))
    found = 0
    try:
        with tarfile.open(fileobj=output, mode="r|") as archive:  # type: ignore[call-overload]
            for member in archive:
                found += 1
                _extract(ctx, archive, member, prefix, place)
    except tarfile.ReadError:
        pass
    return _ended(ctx, stream, output, found)


def _ended(ctx: Context, stream: Any, output: Output, found: int) -> int:
    output.read()
    code = stream.exit_code()
    stream.close()
    if output.said:
        ctx.io.err(output.said.decode(errors="replace"))
    if code or not found:
        raise errors.CommandError(f"command terminated with exit code {code}" if code else "source spec is empty")
    return 0


def _extract(ctx: Context, archive: tarfile.TarFile, member: tarfile.TarInfo, prefix: str, place: str) -> None:
    name = member.name.lstrip("/").removeprefix("./")
    if name != prefix and not name.startswith(f"{prefix}/"):
        raise errors.CommandError(f"tar contents corrupted: {name}")
    full = os.path.normpath(os.path.join(place, name[len(prefix) :].lstrip("/")))
    root = os.path.normpath(place)
    if full != root and not full.startswith(root + os.sep):
        ctx.warn(f"file {member.name!r} is outside target destination, skipping")
        return
    if member.isdir():
        os.makedirs(full, exist_ok=True)
    elif member.issym() or member.islnk():
        ctx.warn(f"skipping symlink: {member.name!r} -> {member.linkname!r}")
    elif member.isfile():
        os.makedirs(os.path.dirname(full) or ".", exist_ok=True)
        body = archive.extractfile(member)
        assert body is not None
        with open(full, "wb") as out:
            while chunk := body.read(1 << 20):
                out.write(chunk)
        os.chmod(full, member.mode & 0o777)


def _to(ctx: Context, source: Spec, target: Spec) -> int:
    import tarfile

    if not os.path.exists(source.path):
        raise errors.CommandError(f"{source.path} doesn't exist in local filesystem")
    place = target.path.rstrip("/") or "/"
    if target.path.endswith("/") or _is_folder(ctx, target):
        place = f"{place.rstrip('/')}/{os.path.basename(os.path.normpath(source.path))}"
    folder, _, name = place.rpartition("/")
    options = ["--no-same-permissions", "--no-same-owner"] if ctx.flags["no-preserve"] else []
    command = ["tar", *options, "-xmf", "-", *(["-C", folder or "/"] if "/" in place else [])]
    stream = _stream(ctx, target, command, stdin=True)
    with tarfile.open(fileobj=Input(stream), mode="w|") as archive:  # type: ignore[call-overload]
        archive.add(source.path, arcname=name)
    stream.close_stdin()
    return _ended(ctx, stream, Output(stream), 1)


def _is_folder(ctx: Context, target: Spec) -> bool:
    stream = _stream(ctx, target, ["test", "-d", target.path], stdin=False)
    Output(stream).read()
    code = stream.exit_code()
    stream.close()
    return bool(code == 0)
