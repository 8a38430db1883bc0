"""client/terminals: bytes both ways until a process ends."""

from __future__ import annotations

import os
import threading

import pytest

from pkctl import errors
from pkctl.client import terminals
from pkctl.runtime import simstreams


class Shown:
    """What came out."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, bytes]] = []

    def __call__(self, name: str, body: bytes) -> None:
        self.parts.append((name, body))

    def text(self) -> bytes:
        return b"".join(body for _, body in self.parts)


def test_what_a_process_prints_is_shown() -> None:
    shown = Shown()
    terminals.run(simstreams.Played(["echo", "hello"]), shown)
    assert shown.parts == [("stdout", b"hello\n")]


def test_the_exit_code_is_the_process_s_own() -> None:
    assert terminals.run(simstreams.Played(["exit", "7"]), Shown()) == 7


def test_a_given_text_is_typed_and_then_ends() -> None:
    shown = Shown()
    terminals.run(simstreams.Played(["cat"]), shown, typed=b"some text")
    assert shown.text() == b"some text"


def test_a_keyboard_is_read_until_its_end() -> None:
    keyboard, typist = os.pipe()
    os.write(typist, b"typed")
    os.close(typist)
    shown = Shown()
    terminals.run(simstreams.Played(["cat"]), shown, keyboard=keyboard)
    os.close(keyboard)
    assert shown.text() == b"typed"


def test_what_is_typed_after_the_end_stays_for_others() -> None:
    keyboard, typist = os.pipe()
    terminals.run(simstreams.Played(["true"]), Shown(), keyboard=keyboard)
    os.write(typist, b"mine")
    assert os.read(keyboard, 10) == b"mine"
    os.close(keyboard)
    os.close(typist)


def test_no_thread_is_left_behind() -> None:
    keyboard, typist = os.pipe()
    before = set(threading.enumerate())
    terminals.run(simstreams.Played(["true"]), Shown(), keyboard=keyboard)
    os.close(keyboard)
    os.close(typist)
    assert set(threading.enumerate()) <= before


def test_detach_keys_are_letters_and_controls() -> None:
    assert terminals.detach_keys("ctrl-p,ctrl-q,x") == b"\x10\x11x"


def test_an_unknown_detach_key_is_refused() -> None:
    with pytest.raises(errors.CommandError, match="Unknown character: 'alt-p'"):
        terminals.detach_keys("alt-p")
