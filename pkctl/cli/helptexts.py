"""What each command and flag is for, in words, and examples of each command: read from `texts/` for `--help` alone.

`texts/WORD.txt` holds the commands whose first word that is, each under `[ITS PATH]`: paragraphs, then examples (`# what for` and the
lines to type), then `--flag: text` where a flag means something else than `flags.txt` says of it in general.
"""

from __future__ import annotations

FOLDER = f"{__file__.rpartition('/')[0]}/texts"


class Page:
    """One command's paragraphs, examples as (what for, lines) pairs, and its own words on flags."""

    __slots__ = ("examples", "flags", "paragraphs")

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.examples: list[tuple[str, list[str]]] = []
        self.flags: dict[str, str] = {}

    def take(self, line: str) -> None:
        """Add one line of the file."""
        if line.startswith("# "):
            self.examples.append((line[2:], []))
        elif line.startswith("--"):
            name, _, text = line[2:].partition(": ")
            self.flags[name] = text
        elif line and self.examples:
            self.examples[-1][1].append(line)
        elif line:
            self.paragraphs.append(line)


def page(path: str) -> Page:
    """What is written of a command; an empty page for the root and for what nobody wrote about."""
    return pages(path.split()[0]).get(path, Page()) if path else Page()


def pages(word: str) -> dict[str, Page]:
    """The pages of all commands that begin with a word."""
    found: dict[str, Page] = {}
    for line in _lines(word):
        if line.startswith("[") and line.endswith("]"):
            found[line[1:-1]] = Page()
        else:
            next(reversed(found.values())).take(line)
    return found


def common() -> dict[str, str]:
    """What flags mean in general, by name."""
    return dict(line.split(": ", 1) for line in _lines("flags"))


def _lines(name: str) -> list[str]:
    try:
        with open(f"{FOLDER}/{name}.txt", encoding="utf-8") as file:
            return file.read().splitlines()
    except FileNotFoundError:
        return []
