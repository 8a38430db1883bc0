"""A container's process at a terminal: bytes both ways, raw mode, window size, detaching, its exit code.

For commands and screens alike; what becomes of the exit code, and of a terminal that is none, is the caller's.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.runtime.base import Stream

    Show = Callable[[str, bytes], None]

DETACHED = "detached"
"""How a session ends whose user typed the detach keys."""


def run(
    stream: Stream, show: Show, *, keyboard: int | None = None, typed: bytes | None = None, tty: bool = False, detach: str = ""
) -> int | str:
    """Carry bytes until the process ended: its exit code, or DETACHED.

    What it prints goes to `show(stream name, bytes)`; its input is what is typed at the file descriptor `keyboard`, or all of `typed`,
    or nothing. `tty` puts the keyboard into raw mode and follows the window's size.
    """
    with ExitStack() as held:
        held.callback(stream.close)
        keys = detach_keys(detach) if tty else b""
        if tty and keyboard is not None:
            held.enter_context(_raw(keyboard))
            held.enter_context(_following_size(stream, keyboard))
        typist = _Typist(stream, keyboard, typed, keys)
        held.callback(typist.stop)
        typist.start()
        _drain(stream, show, typist)
        return DETACHED if typist.has_detached else stream.exit_code()


def _drain(stream: Stream, show: Show, typist: _Typist) -> None:
    while not typist.has_detached:
        try:
            chunk = stream.read(0.5)
        except TimeoutError:
            continue
        if chunk is None:
            return
        show(*chunk)


class _Typist:
    """Sends what is typed, in a thread that `stop` ends at once, so that the next key belongs to somebody else."""

    def __init__(self, stream: Stream, keyboard: int | None, typed: bytes | None, keys: bytes) -> None:
        import os
        import threading

        self._stream, self._keyboard, self._typed, self._keys = stream, keyboard, typed, keys
        self._woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.has_detached = False

    def start(self) -> None:
        """Begin."""
        if self._keyboard is not None or self._typed is not None:
            self._thread.start()

    def stop(self) -> None:
        """Read no further key."""
        import os

        os.close(self._wake)
        if self._thread.ident:
            self._thread.join(1.0)
        if not self._thread.is_alive():
            os.close(self._woken)

    def _work(self) -> None:
        try:
            if self._keyboard is None:
                self._stream.write(self._typed or b"")
                self._stream.close_stdin()
            else:
                self._type(self._keyboard)
        except (OSError, errors.PkctlError):
            # The process ended while we read: what was typed after has nobody to go to.
            return

    def _type(self, keyboard: int) -> None:
        import os
        import select

        seen = b""
        while True:
            ready = select.select([keyboard, self._woken], [], [])[0]
            if self._woken in ready:
                return
            body = os.read(keyboard, 65536)
            if not body:
                self._stream.close_stdin()
                return
            seen = (seen + body)[-len(self._keys) :] if self._keys else b""
            if self._keys and seen == self._keys:
                self.has_detached = True
                return
            self._stream.write(body)


def detach_keys(text: str) -> bytes:
    """`ctrl-p,ctrl-q` as bytes; CommandError for a key nobody has."""
    found = b""
    for part in filter(None, text.split(",")):
        name, dash, letter = part.partition("-")
        if name == "ctrl" and dash and len(letter) == 1:
            found += bytes([ord(letter.upper()) & 0x1F])
        elif len(part) == 1:
            found += part.encode()
        else:
            raise errors.CommandError(f"invalid detach keys: Unknown character: '{part}'")
    return found


ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""Signals that end us while the terminal is raw: it is given back, and nothing else is done."""


@contextmanager
def _raw(keyboard: int) -> Iterator[None]:
    """The terminal raw for the block; it is given back however that ends, an interrupt on the way in included."""
    import os
    import signal
    import termios
    import tty

    def leave(*_: object) -> None:
        termios.tcsetattr(keyboard, termios.TCSANOW, modes)
        os._exit(1)

    modes = termios.tcgetattr(keyboard)
    numbers = [getattr(signal, name) for name in ENDING]
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        for number in numbers:
            signal.signal(number, leave)
        # Now, so that what was typed ahead reaches the program.
        tty.setraw(keyboard, termios.TCSANOW)
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, modes)
        for number, action in before.items():
            signal.signal(number, action)


@contextmanager
def _following_size(stream: Stream, keyboard: int) -> Iterator[None]:
    """The process's window as large as the terminal for the block."""
    import os
    import signal

    def resize(*_: object) -> None:
        try:
            size = os.get_terminal_size(keyboard)
            stream.resize(size.lines, size.columns)
        except (OSError, errors.PkctlError):
            # The program has just ended, or its terminal is none: a size is nobody's concern any more.
            return

    resize()
    before = signal.getsignal(signal.SIGWINCH)
    try:
        signal.signal(signal.SIGWINCH, resize)
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
