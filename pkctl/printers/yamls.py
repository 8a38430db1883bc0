"""Objects as YAML, to the byte as kubectl writes them: sigs.k8s.io/yaml over goyaml.v2's emitter, block style throughout.

Follows goyaml.v2's encode.go and emitterc.go for what is quoted, how, and where a long line is folded.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pkctl import errors
from pkctl.objects import floats, jsontexts, scalars

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

WIDTH = 80
"""Columns after which the emitter breaks a line at the next blank."""

SMALLEST, LARGEST = -(2**63), 2**64
"""Whole numbers in this range stay whole; others become floats."""

LONGEST_KEY = 128
"""Bytes of a key that may stand before its colon without a question mark."""

_SAFE = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*(:[A-Za-z0-9_./-]+)*\Z")
_BASE60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?(?:Z|[+-][0-9]{2}:[0-9]{2}))|(?: [0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?))?\Z")  # fmt: skip # noqa: E501
_PRINTABLE = re.compile("[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*\\Z")
_BREAKS = "\r\n\x85\u2028\u2029"
_UNUSUAL = re.compile("[\u2028\u2029](?=[^\n\u2028\u2029])")
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"', "\\": "\\",
    "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip

PLAIN, SINGLE, DOUBLE, LITERAL = "plain", "single", "double", "literal"


class Refused(errors.CommandError):
    """A text that kubectl's way through JSON can't write as YAML: it has a control character that JSON leaves as it is."""


def dump(value: Any, *, sort: bool = True) -> str:
    """A value as a YAML document that ends with a newline; keys in order of their bytes unless `sort` is off; Refused."""
    out: list[str] = []
    writer = _Writer(out, sort)
    if isinstance(value, dict) and value:
        writer.mapping(value, 0)
    elif isinstance(value, list) and value:
        writer.sequence(value, 0)
    else:
        out.append(_atom(value, 0, 0).removeprefix(" ") + "\n")
    return "".join(out)


def in_order(keys: Collection[str]) -> list[str]:
    """Keys as goyaml sorts them: letters after everything else, runs of digits by their number."""
    if "".join(keys).isalpha() or not keys:
        return sorted(keys)
    from functools import cmp_to_key

    return sorted(keys, key=cmp_to_key(_compare))


def _compare(one: str, other: str) -> int:
    for at, (left, right) in enumerate(zip(one, other, strict=False)):
        if left == right:
            continue
        if left.isalpha() and right.isalpha():
            return -1 if left < right else 1
        if left.isalpha() or right.isalpha():
            return -1 if right.isalpha() else 1
        first, second = _digits(one, at, "0" in (left, right)), _digits(other, at, "0" in (left, right))
        return -1 if (first, left) < (second, right) else 1
    return len(one) - len(other)


def _digits(text: str, at: int, after_zero: bool) -> tuple[int, int]:
    """The number that begins at `at`, as 64 bits hold it, and where it ends; a zero counts only within a number that has begun before."""
    before = at - 1
    number = 0
    while after_zero and before >= 0 and text[before].isdecimal():
        if text[before] != "0":
            number = 1
            break
        before -= 1
    end = at
    while end < len(text) and text[end].isdecimal():
        number, end = number * 10 + int(text[end]), end + 1
    return (number + 2**63) % 2**64 - 2**63, end


class _Writer:
    """Appends lines to `out`; an indent is the column of the mapping or sequence being written."""

    def __init__(self, out: list[str], sort: bool) -> None:
        self._write, self._sort = out.append, sort

    def mapping(self, value: dict[str, Any], indent: int, *, first: str = "") -> None:
        """A block mapping; `first` stands in place of the first line's indent (a dash)."""
        pad = " " * indent
        for key in in_order(value) if self._sort else value:
            lead, first = first or pad, ""
            name = _key(key)
            if name is not None:
                self._value(f"{lead}{name}:", value[key], indent)
            else:
                self._write(f"{lead}?{_atom(key, indent, len(lead) + 1)}\n")
                self._item(f"{pad}:", value[key], indent)

    def _value(self, head: str, value: Any, indent: int) -> None:
        if isinstance(value, dict) and value:
            self._write(f"{head}\n")
            self.mapping(value, indent + 2)
        elif isinstance(value, list) and value:
            self._write(f"{head}\n")
            self.sequence(value, indent)
        else:
            self._write(f"{head}{_atom(value, indent, len(head))}\n")

    def sequence(self, value: list[Any], indent: int, *, first: str = "") -> None:
        """A block sequence, its dashes in the column of the key it belongs to."""
        pad = " " * indent
        for item in value:
            lead, first = (first or pad) + "-", ""
            self._item(lead, item, indent)

    def _item(self, lead: str, item: Any, indent: int) -> None:
        """What follows a dash, or the colon of a key that has a question mark: it begins on the same line."""
        if isinstance(item, dict) and item:
            self.mapping(item, indent + 2, first=f"{lead} ")
        elif isinstance(item, list) and item:
            self.sequence(item, indent + 2, first=f"{lead} ")
        else:
            self._write(f"{lead}{_atom(item, indent, len(lead))}\n")


def _atom(value: Any, indent: int, column: int) -> str:
    """A scalar or an empty container, with the blank before it; `column` is where the line stands."""
    if isinstance(value, str):
        return _string(value, indent + 2, column + 1)
    if value is None:
        return " null"
    if isinstance(value, bool):
        return " true" if value else " false"
    if isinstance(value, (dict, list)):
        return " {}" if isinstance(value, dict) else " []"
    return f" {number(value)}"


def number(value: float) -> str:
    """A number as goyaml writes what it read of Go's JSON: whole where its digits fit, as short as can be otherwise."""
    if value == int(value) and SMALLEST <= value < LARGEST:
        return jsontexts.number(value) if isinstance(value, float) else str(value)
    return floats.decimal(float(value))


@lru_cache(4096)
def _key(text: str) -> str | None:
    """A key as it stands before its colon; None when it is too long or has lines."""
    if _is_simple(text):
        return text if len(text) <= LONGEST_KEY else None
    if any(end in text for end in _BREAKS) or len(text.encode()) > LONGEST_KEY:
        return None
    style = style_of(text)
    if style == PLAIN:
        return text
    return _single(text, 0, 0, fold=False) if style == SINGLE else _double(text, 0, 0, fold=False)


def _string(text: str, indent: int, column: int) -> str:
    if len(text) < WIDTH - 30 and _is_simple(text):
        return f" {text}"
    style = style_of(text)
    if style == LITERAL:
        return _literal(text, indent)
    write = {PLAIN: _fold_plain, SINGLE: _single, DOUBLE: _double}[style]
    return f" {write(text, indent, column)}"


@lru_cache(4096)
def _is_simple(text: str) -> bool:
    """Whether a short text is plain beyond doubt."""
    return bool(_SAFE.match(text)) and scalars.plain(text) is text


def style_of(text: str) -> str:
    """How goyaml writes a string: plain when it reads back as a string, literal when it has lines, else quoted."""
    allowed = _allowed(text)
    if "\n" in text:
        return LITERAL if LITERAL in allowed else DOUBLE
    if _is_taken(text):
        return DOUBLE
    return next((style for style in (PLAIN, SINGLE) if style in allowed), DOUBLE)


def _is_taken(text: str) -> bool:
    """Whether the plain text would read back as something else than a string."""
    return not isinstance(scalars.plain(text), str) or bool(_BASE60.match(text) or _TIME.match(text))


def _allowed(text: str) -> set[str]:
    """The styles that can hold a text, as the emitter's analysis has it."""
    blanks = " "
    if not _PRINTABLE.match(text) or any(f"{blank}{end}" in text for blank in blanks for end in _BREAKS):
        return set()
    styles = {PLAIN, SINGLE, LITERAL}
    has_breaks = any(char in text for char in _BREAKS)
    if text[:1] in (" ", *_BREAKS) or text[-1:] in (" ", *_BREAKS) or has_breaks or _has_indicator(text):
        styles.discard(PLAIN)
    if text.endswith(" "):
        styles.discard(LITERAL)
    if has_breaks and any(f"{end} " in text for end in _BREAKS):
        styles.discard(SINGLE)
    return styles


def _has_indicator(text: str) -> bool:
    first, after = text[:1], text[1:2]
    if text.startswith(("---", "...")) or first in tuple("#,[]{}&*!|>'\"%@`"):
        return True
    if first in ("-", "?", ":") and after in ("", " ", "\t", "\n"):
        return True
    return ": " in text or text.endswith(":") or " #" in text or ":\n" in text or "\n#" in text


def _fold_plain(text: str, indent: int, column: int) -> str:
    return _folded(text, indent, column)


def _folded(text: str, indent: int, column: int, *, ends: bool = True) -> str:
    """Break at a lone blank once the line is past the width; quoted texts never at their first or last character."""
    if len(text) + column <= WIDTH:
        return text
    out: list[str] = []
    spaces = False
    for at, char in enumerate(text):
        if char != " ":
            out.append(char)
            column, spaces = (0 if char in _BREAKS else column + 1), False
            continue
        can_break = not spaces and column > WIDTH and text[at + 1 : at + 2] != " " and (ends or 0 < at < len(text) - 1)
        out.append("\n" + " " * indent if can_break else " ")
        column, spaces = (indent if can_break else column + 1), True
    return "".join(out)


def _single(text: str, indent: int, column: int, *, fold: bool = True) -> str:
    doubled = _indented(text.replace("'", "''"), indent)
    return f"'{_folded(doubled, indent, column + 1, ends=False) if fold else doubled}'"


def _indented(text: str, indent: int) -> str:
    """With blanks after the line ends that Unicode has besides the usual ones."""
    return _UNUSUAL.sub(lambda found: found[0] + " " * indent, text) if not text.isascii() else text


def _double(text: str, indent: int, column: int, *, fold: bool = True) -> str:
    """Double quotes with escapes; a fold before a blank needs a backslash to keep that blank."""
    if text.startswith("\ufeff"):
        # goyaml takes every character after a byte order mark for one.
        return '"\\uFEFF' + "".join("\\_" if char == "\xa0" else _coded(char) for char in text[1:]) + '"'
    out, column, spaces = ['"'], column + 1, False
    for at, char in enumerate(text):
        if char == " ":
            if fold and not spaces and column > WIDTH and 0 < at < len(text) - 1:
                keeps = text[at + 1 : at + 2] == " "
                out.append("\n" + " " * indent + ("\\" if keeps else ""))
                column = indent + keeps
            else:
                out.append(" ")
                column += 1
            spaces = True
            continue
        shown = _escaped(char)
        out.append(shown)
        column, spaces = column + len(shown), False
    return "".join([*out, '"'])


def _escaped(char: str) -> str:
    return char if char not in _ESCAPES and char != "\ufeff" and _PRINTABLE.match(char) else _coded(char)


def _coded(char: str) -> str:
    if char in _ESCAPES:
        return f"\\{_ESCAPES[char]}"
    code = ord(char)
    if 0x7F <= code <= 0x9F or code in (0xFFFE, 0xFFFF):
        raise Refused("yaml: control characters are not allowed")
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal(text: str, indent: int) -> str:
    hint = "2" if text[:1] in (" ", *_BREAKS) else ""
    chomp = "-" if not text.endswith("\n") else "+" if text == "\n" or text[-2] in _BREAKS else ""
    pad = " " * indent
    text = _indented(text, indent)
    lines = text.removesuffix("\n").split("\n") if chomp != "-" else text.split("\n")
    return f" |{hint}{chomp}\n" + "\n".join(pad + line if line else "" for line in lines)
