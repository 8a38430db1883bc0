"""The monitor's colour for each mood of a row; the moods themselves are `printers.moods`."""

from __future__ import annotations

from rich import style

from pkctl.printers import moods

GOOD, PENDING, BAD, DONE, PLAIN = moods.GOOD, moods.PENDING, moods.BAD, moods.DONE, moods.PLAIN
of = moods.of

STYLES = {
    GOOD: style.Style.parse("#5fd787"),
    PENDING: style.Style.parse("#ffd75f"),
    BAD: style.Style.parse("#ff5f5f"),
    DONE: style.Style.parse("#8a8a8a"),
    PLAIN: style.Style.parse("#d0d0d0"),
}
