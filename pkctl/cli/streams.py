"""What a command talks through: streams, environment, clock. Injected, so that a test or another program can give its own."""

from __future__ import annotations

import os
import sys

from pkctl.objects import sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, BinaryIO, Literal, TextIO


def _nowhere(mode: Literal["r", "w"]) -> TextIO:
    """In place of a stream that the caller has closed (`>&-`)."""
    return open(os.devnull, mode)


class Io:
    """stdin, stdout and stderr (text streams), the environment, sources; `program` is the name that texts call us by.

    `settings` (a `settings.Settings`) says which cluster pkctl's own command groups are about."""

    def __init__(
        self,
        *,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        env: Mapping[str, str] | None = None,
        clock: sources.Sources | None = None,
        program: str = "pkctl",
        wiring: Any = None,
    ) -> None:
        self.stdin: TextIO = stdin or sys.stdin or _nowhere("r")
        self.stdout: TextIO = stdout or sys.stdout or _nowhere("w")
        self.stderr: TextIO = stderr or sys.stderr or _nowhere("w")
        self.env: Mapping[str, str] = os.environ if env is None else env
        self.sources = clock or sources.Sources()
        self.program = program
        self._wiring = wiring
        self.settings: Any = None
        self.aliased = ("", "")

    def named(self, path: str) -> str:
        """A command's path in the user's words: one that is called by an alias goes by that name."""
        meant, alias = self.aliased
        return alias + path[len(meant) :] if meant and f"{path} ".startswith(f"{meant} ") else path

    @property
    def wiring(self) -> Any:
        """The module that makes clients and runs pkctl's own commands."""
        if self._wiring is None:
            __import__("pkctl.wiring")  # by name: the layers above are given to us, not known
            self._wiring = sys.modules["pkctl.wiring"]
        return self._wiring

    def out(self, text: str) -> None:
        """Results."""
        self.stdout.write(text)

    def err(self, text: str) -> None:
        """Everything that is no result; after the results so far, so that a terminal shows them in order."""
        self.stdout.flush()
        self.stderr.write(text)
        self.stderr.flush()

    def log(self, level: str, place: str, text: str) -> None:
        """A line of kubectl's own log, klog's form: I (told), W (warning), E (error) or F (the end), and its source line there."""
        import time

        now = self.sources.now()
        stamp = time.strftime("%m%d %H:%M:%S", time.localtime(now))
        self.err(f"{level}{stamp}.{int(now % 1 * 1_000_000):06} {os.getpid():7} {place}] {text}\n")

    def out_bytes(self, data: bytes) -> None:
        """Results that are no text of ours, as a container wrote them."""
        raw: BinaryIO | None = getattr(self.stdout, "buffer", None)
        if raw is None:
            self.stdout.write(data.decode(errors="replace"))
        else:
            self.stdout.flush()
            raw.write(data)
            raw.flush()

    def err_bytes(self, data: bytes) -> None:
        """A container's own stderr."""
        raw: BinaryIO | None = getattr(self.stderr, "buffer", None)
        if raw is None:
            self.stderr.write(data.decode(errors="replace"))
        else:
            raw.write(data)
            raw.flush()

    def is_terminal(self, name: str) -> bool:
        """Whether "stdin", "stdout" or "stderr" is a terminal."""
        try:
            return bool(getattr(self, name).isatty())
        except (AttributeError, ValueError):
            return False
