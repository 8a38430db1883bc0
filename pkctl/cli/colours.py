"""Colour on a terminal: what tells how a row or an object fares. Never in a pipe, with NO_COLOR, or on a dumb terminal."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.streams import Io

CODES = {"good": "32", "pending": "33", "bad": "31", "done": "2"}
"""SGR codes by mood."""

GAP = "   "
"""What parts two columns."""


def wanted(io: Io) -> bool:
    """Whether stdout takes colour."""
    return io.is_terminal("stdout") and not io.env.get("NO_COLOR") and io.env.get("TERM", "dumb") != "dumb"


def paint(text: str) -> str:
    """A rendered table with its telling cells coloured; a text without such a column stays as it is."""
    from pkctl.printers import moods

    head, newline, body = text.partition("\n")
    starts = _starts(head)
    told = next((name for name in moods.TOLD if name in starts), None)
    if told is None:
        return text
    return head + newline + "".join(_painted(line, starts, told) for line in body.splitlines(keepends=True))


class Rows:
    """Paints the rows of a table as they come: the header came with the first of them."""

    def __init__(self) -> None:
        self._head = ""

    def paint(self, text: str) -> str:
        """Some lines, of which the first ever is the header."""
        if not self._head:
            self._head = text.partition("\n")[0]
            return paint(text)
        return paint(f"{self._head}\n{text}")[len(self._head) + 1 :]


STATES = ("Status", "State", "Last State", "Reason")
"""The lines of a description that tell how it fares."""


def paint_description(text: str) -> str:
    """A description with its states and the warnings among its events coloured."""
    return "".join(map(_described, text.splitlines(keepends=True)))


def _described(line: str) -> str:
    from pkctl.printers import moods

    if line.startswith("  Warning "):
        return f"  {_mood_of('Warning', moods.BAD)}{line[9:]}"
    name, colon, rest = line.partition(":")
    told = rest.strip()
    if not colon or name.strip() not in STATES or not told:
        return line
    mood = moods.of_status(told.partition(" ")[0])
    if name.strip() == "Reason" and mood != moods.BAD:
        return line
    start = len(line) - len(rest.lstrip())
    return line[:start] + _mood_of(told, mood) + line[start + len(told) :]


def _mood_of(text: str, mood: str) -> str:
    return f"\x1b[{CODES[mood]}m{text}\x1b[0m" if mood in CODES else text


def _starts(head: str) -> dict[str, int]:
    """Where each column begins, by its header; headers hold single blanks at most."""
    found, at = {}, 0
    for part in head.split(GAP):
        name = part.strip()
        if name:
            found[name] = at + len(part) - len(part.lstrip())
        at += len(part) + len(GAP)
    return found


def _cells(line: str, starts: dict[str, int]) -> dict[str, str]:
    ends = [*sorted(starts.values())[1:], len(line)]
    return {
        name: line[start:end].strip() for (name, start), end in zip(sorted(starts.items(), key=lambda item: item[1]), ends, strict=True)
    }


def _painted(line: str, starts: dict[str, int], told: str) -> str:
    from pkctl.printers import moods

    cells = _cells(line, starts)
    shown, start = cells[told], starts[told]
    if not shown or line[max(0, start - 2) : start].strip() or line[start] == " ":
        # A later row of a watch may be wider than the header, and its columns stand elsewhere.
        return line
    return line[:start] + _mood_of(shown, moods.of(list(cells), list(cells.values()))) + line[start + len(shown) :]
