r"""Reads kubectl's JSONPath templates: texts and `{actions}`, each action a row of steps.

Follows client-go/util/jsonpath/parser.go, error texts included. Walking the steps is `jsonpath`.
"""

from __future__ import annotations

from pkctl.objects import literals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Step = tuple[Any, ...]

ENDS = frozenset(" \t\r\n.,[]$@{}")
COMPARES = frozenset("!<>=")
DIGITS = frozenset("0123456789")


class Unreadable(ValueError):
    """Why a template can't be read."""


def template(text: str) -> list[Step]:
    """The parts of a template: ("text", TEXT) and ("list", STEPS); Unreadable."""
    return _Parser(text).parts()


def steps(text: str) -> list[Step]:
    """The steps of what stands within braces; Unreadable."""
    found: list[Step] = _Parser(f"{{{text}}}").parts()[0][1]
    return found


class _Parser:
    """Goes through a template once; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def parts(self) -> list[Step]:
        parts: list[Step] = []
        while (start := self.text.find("{", self.at)) >= 0:
            if start > self.at:
                parts.append(("text", self.text[self.at : start]))
            self.at = start + 1
            parts.append(("list", self._action()))
        if self.at < len(self.text):
            parts.append(("text", self.text[self.at :]))
        return parts

    def _action(self) -> list[Step]:
        found: list[Step] = []
        while not self.text.startswith("}", self.at):
            self._step(found)
        self.at += 1
        return found

    def _step(self, found: list[Step]) -> None:
        if self.text.startswith("[?(", self.at):
            found.append(self._filter())
            return
        if self.text.startswith("..", self.at):
            self._recursive(found)
            return
        char = self.text[self.at : self.at + 1]
        if char in ("", "\r", "\n"):
            raise Unreadable("unclosed action")
        if char in " @$":
            self.at += 1
        elif char in BEGINNINGS:
            BEGINNINGS[char](self, found)
        elif char.isdecimal():
            self._number(found)
        elif char == "_" or char.isalnum():
            self._identifier(found)
        else:
            raise Unreadable(f"unrecognized character in action: U+{ord(char):04X}" + (f" '{char}'" if char.isprintable() else ""))

    def _until(self, ends: frozenset[str] = ENDS, escape: str = "") -> str:
        """The text up to one of `ends`, taken; a character after `escape` is never an end."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in ends:
            self.at += 2 if self.text[self.at] == escape else 1
        self.at = min(self.at, len(self.text))
        return self.text[start : self.at]

    def _identifier(self, found: list[Step]) -> None:
        word = self._until()
        found.append(("value", word == "true") if word in ("true", "false") else ("identifier", word))

    def _field(self, found: list[Step]) -> None:
        self.at += 1
        self._name(found)

    def _name(self, found: list[Step]) -> None:
        name = self._until(escape="\\")
        found.append(("wildcard",) if name == "*" else ("field", name.replace("\\", "")))

    def _recursive(self, found: list[Step]) -> None:
        if found and found[-1][0] == "recursive":
            raise Unreadable("invalid multiple recursive descent")
        self.at += 2
        found.append(("recursive",))
        after = self.text[self.at : self.at + 1]
        if after == "_" or after.isalnum():
            self._name(found)

    def _number(self, found: list[Step]) -> None:
        start = self.at
        self.at += self.text[self.at] in "+-"
        while self.text[self.at : self.at + 1] == "." or self.text[self.at : self.at + 1].isdecimal():
            self.at += 1
        text = self.text[start : self.at]
        try:
            found.append(("value", float(text) if "." in text else int(text)))
        except ValueError:
            raise Unreadable(f"cannot parse number {text}") from None

    def _quoted(self, found: list[Step]) -> None:
        start, quote = self.at, self.text[self.at]
        self.at += 1
        while (char := self.text[self.at : self.at + 1]) != quote or self.text[self.at - 1] == "\\":
            if char in ("", "\n"):
                raise Unreadable("unterminated quoted string")
            self.at += 1
        self.at += 1
        value = self.text[start : self.at]
        found.append(("text", unquoted(value)))

    def _array(self, found: list[Step]) -> None:
        start = self.at + 1
        end = self.text.find("]", start)
        if end < 0 or "\n" in self.text[start:end]:
            raise Unreadable("unterminated array")
        self.at = end + 1
        text = self.text[start:end]
        if "," in text:
            found.append(("union", [steps(f"[{part.strip(' ')}]") for part in text.split(",")]))
        elif len(text) > 1 and text[0] == text[-1] == "'" and "'" not in text[1:-1]:
            found += steps(f".{text[1:-1]}")
        else:
            found.append(_slice(":" if text == "*" else text))

    def _filter(self) -> Step:
        self.at += 3
        end = self._filter_end()
        text = self.text[self.at : end]
        self.at = end + 2
        if self.text[end + 1 : self.at] != "]":
            raise Unreadable("unclosed array expect ]")
        compared = _compared(text)
        if compared is None:
            return ("filter", steps(text), "exists", [])
        left, operator, right = compared
        return ("filter", steps(left), operator, steps(right))

    def _filter_end(self) -> int:
        """Where the closing parenthesis is: within quotes, of which there may be one pair, it doesn't count."""
        begun = ended = False
        pair = ""
        for at in range(self.at, len(self.text)):
            char = self.text[at]
            if char == "\n":
                break
            if char in "\"'":
                if not begun:
                    begun, pair = True, char
                elif self.text[at - 1] != "\\" and char == pair:
                    ended = True
            elif char == ")" and begun == ended:
                return at
        raise Unreadable("unterminated filter")


BEGINNINGS: dict[str, Callable[[_Parser, list[Step]], None]] = {
    "[": _Parser._array,
    '"': _Parser._quoted,
    "'": _Parser._quoted,
    ".": _Parser._field,
    "+": _Parser._number,
    "-": _Parser._number,
}


def _compared(text: str) -> tuple[str, str, str] | None:
    """Left side, operator and right side of a comparison; None when there is no operator, or nothing beside it."""
    start = next((at for at, char in enumerate(text) if char in COMPARES), 0)
    end = start
    while end < len(text) and text[end] in COMPARES:
        end += 1
    if end == len(text):
        end -= 1
    return (text[:start], text[start:end], text[end:]) if 0 < start < end else None


def _slice(text: str) -> Step:
    """`[N]`, `[A:B]`, `[A:B:STEP]` as ("slice", A, B, STEP, whether B is only A + 1)."""
    parts = text.split(":")
    if len(parts) > 3 or any(part.lstrip("-") and not DIGITS.issuperset(part.removeprefix("-")) for part in parts) or "--" in text:
        raise Unreadable(f"invalid array index {text}")
    if "-" in parts:
        raise Unreadable("array index - is not a number")
    numbers = [int(part) if part else None for part in parts]
    if len(parts) == 1:
        first = numbers[0]
        return ("slice", first, (first or 0) + 1, None, True)
    return ("slice", numbers[0], numbers[1], numbers[2] if len(parts) == 3 else None, False)


def unquoted(text: str) -> str:
    """A Go literal in either kind of quotes; Unreadable."""
    try:
        return literals.unquoted(text[1:-1], text[0])
    except ValueError:
        raise Unreadable(f"unquote string {text} error invalid syntax") from None
