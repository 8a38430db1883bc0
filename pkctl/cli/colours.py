"""Colour for tables on a terminal: the cell that tells how a row fares. Never in a pipe, with NO_COLOR, or on a dumb terminal."""

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
    code = CODES.get(moods.of(list(cells), list(cells.values())))
    shown, start = cells[told], starts[told]
    if code is None or not shown:
        return line
    return f"{line[:start]}\x1b[{code}m{shown}\x1b[0m{line[start + len(shown) :]}"
