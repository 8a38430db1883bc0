"""JSON as kubectl prints it: with an indent of four blanks. The encoding itself is `objects.jsontexts`."""

from __future__ import annotations

from pkctl.objects import jsontexts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

compact, number, string = jsontexts.compact, jsontexts.number, jsontexts.string


def dump(value: Any, *, sort_keys: bool = True, indent: str = "    ") -> str:
    """The indented text with a newline at its end; `sort_keys=False` keeps the keys as given, as kubectl's generators do."""
    return jsontexts.text(value, "\n", indent, sort_keys) + "\n"
