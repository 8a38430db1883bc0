"""One JSON value as the text of a cell."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NONE = "<none>"


def escape(text: str) -> str:
    """The text with nothing left that could steer a terminal."""
    return text.replace("\x1b", "^[").replace("\r", "\\r")


def sprint(value: Any) -> str:
    """A JSON value as Go's fmt.Sprint shows it: `map[a:1]`, `[x y]`, `<nil>`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{sprint(value[key])}' for key in sorted(value))}]"
    if isinstance(value, (list, tuple)):
        return f"[{' '.join(map(sprint, value))}]"
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """As `%v`: the shortest digits, with an exponent below 1e-4 and from 1e6."""
    from pkctl.printers import jsons

    exponent = int(f"{value:.16e}".partition("e")[2])
    if not value or -4 <= exponent < 6:
        return jsons.number(value)
    digits = repr(value).partition("e")[0].replace(".", "").strip("-0")
    return f"{value:.{len(digits) - 1}e}"
