"""What `exec` answers in a simulated container: a few words of shell, enough to see that streams and exit codes arrive."""

from __future__ import annotations

import os
import select


class Played:
    """`base.Stream`: `echo` prints, `cat` gives back its input, `false` and `exit N` end with a code; anything else ends with 0."""

    def __init__(self, command: list[str]) -> None:
        self._read, self._write = os.pipe()
        self._closed = False
        words = command[2].split() if command[:2] == ["sh", "-c"] else command
        self._code = int(words[1]) if words[0] == "exit" else int(words[0] == "false")
        self._echoes = words[0] == "cat"
        if words[0] == "echo":
            os.write(self._write, " ".join(words[1:]).encode() + b"\n")
        if not self._echoes:
            self.close_stdin()

    def read(self, timeout: float | None = None) -> tuple[str, bytes] | None:
        if not select.select([self._read], [], [], timeout)[0]:
            raise TimeoutError
        data = os.read(self._read, 65536)
        return ("stdout", data) if data else None

    def write(self, data: bytes) -> None:
        if self._echoes and not self._closed:
            os.write(self._write, data)

    def close_stdin(self) -> None:
        if not self._closed:
            os.close(self._write)
            self._closed = True

    def resize(self, rows: int, columns: int) -> None:
        pass

    def exit_code(self) -> int:
        return self._code

    def fileno(self) -> int:
        return self._read

    def close(self) -> None:
        self.close_stdin()
        if self._read >= 0:
            os.close(self._read)
            self._read = -1
