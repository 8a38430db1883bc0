"""Go's fmt for the values that JSON can hold: Sprint, Sprintln and Sprintf, with verbs, flags, widths and Go's `%!d(…)` complaints.

Not here: `%p`, and what only Go's structs and pointers need.
"""

from __future__ import annotations

from pkctl.objects import floats, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FLAGS = "+-# 0"
SIMPLE = "abcdefghijklmnopqrstuvwxyz"
LARGEST = 1_000_000
"""No width and no precision is larger."""
RADIX = {"d": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
ALTERNATE = {"b": "0b", "o": "0", "O": "0o", "x": "0x", "X": "0X"}


class _Verb:
    """One verb of a format with its flags, width and precision."""

    __slots__ = ("flags", "is_wrong", "letter", "precision", "width")

    def __init__(self, letter: str = "") -> None:
        self.flags, self.letter, self.is_wrong = "", letter, False
        self.width: int | None = None
        self.precision: int | None = None

    def plain(self) -> _Verb:
        """The same for `%v`, which shows a value that the verb isn't for."""
        made = _Verb("v")
        made.is_wrong = True
        made.flags, made.width, made.precision = self.flags, self.width, self.precision
        return made

    def pad(self, text: str, *, zeros: bool = False) -> str:
        """The text filled up to the width."""
        missing = (self.width or 0) - len(text)
        if missing <= 0:
            return text
        if "-" in self.flags:
            return text + " " * missing
        if not (zeros and "0" in self.flags):
            return " " * missing + text
        sign = text[0] if text[:1] in ("+", "-", " ") else ""
        return sign + "0" * missing + text[len(sign) :]


def type_name(value: Any) -> str:
    """What Go calls the value's type."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int64" if type(value) is int else "int"
    names = {str: "string", float: "float64", complex: "complex128", dict: "map[string]interface {}", list: "[]interface {}"}
    return next((name for kind, name in names.items() if isinstance(value, kind)), type(value).__name__)


def sprint(*values: Any) -> str:
    """Values as fmt.Sprint joins them: a blank between two that aren't strings."""
    out = ""
    for number, each in enumerate(values):
        if number and not isinstance(each, str) and not isinstance(values[number - 1], str):
            out += " "
        out += show(each)
    return out


def sprintln(*values: Any) -> str:
    """Values as fmt.Sprintln joins them."""
    return " ".join(map(show, values)) + "\n"


def show(value: Any) -> str:
    """A value as `%v`."""
    if isinstance(value, str):
        return value
    return _format(_Verb("v"), value)


def sprintf(form: str, *values: Any) -> str:
    """The format with its verbs filled in; never fails, as Go's doesn't."""
    return _Formatting(form, values).run()


class _Formatting:
    """One run over a format: `at` in the text, `used` in the values."""

    def __init__(self, form: str, values: tuple[Any, ...]) -> None:
        self.form, self.values, self.at, self.used, self.reordered = form, values, 0, 0, False
        self._is_fit, self._counted = True, False

    def run(self) -> str:
        out = []
        while (found := self.form.find("%", self.at)) >= 0:
            out.append(self.form[self.at : found])
            self.at = found + 1
            out.append(self._verb())
        out.append(self.form[self.at :])
        if not self.reordered and self.used < len(self.values):
            rest = (f"{type_name(each)}={show(each)}" if each is not None else "<nil>" for each in self.values[self.used :])
            out.append(f"%!(EXTRA {', '.join(rest)})")
        return "".join(out)

    def _verb(self) -> str:
        """The next verb filled in, flags, width and precision before it as Go's doPrintf reads them."""
        verb, self._is_fit = _Verb(), True
        while self._here() in tuple(FLAGS):
            verb.flags += self._take()
        if self._here() in tuple(SIMPLE) and self.used < len(self.values):
            verb.letter = self._take()
            return self._filled(verb)
        is_indexed = self._index()
        verb.width, bad = self._count(is_indexed)
        prefix = "%!(BADWIDTH)" if bad else ""
        if verb.width is not None and verb.width < 0:
            verb.width, verb.flags = -verb.width, verb.flags + "-"
        is_indexed = is_indexed and not self._counted
        if self._here() == ".":
            self.at += 1
            self._is_fit = self._is_fit and not is_indexed
            is_indexed = self._index()
            verb.precision, bad = self._count(False)
            is_indexed = is_indexed and not self._counted
            bad = bad or (verb.precision or 0) < 0
            prefix += "%!(BADPREC)" if bad else ""
            verb.precision = None if bad else verb.precision or 0
        if not is_indexed:
            self._index()
        verb.letter = self._take()
        return prefix + self._filled(verb)

    def _filled(self, verb: _Verb) -> str:
        if not verb.letter:
            return "%!(NOVERB)"
        if verb.letter == "%":
            return "%"
        if not self._is_fit:
            return f"%!{verb.letter}(BADINDEX)"
        if self.used >= len(self.values):
            return f"%!{verb.letter}(MISSING)"
        self.used += 1
        return _format(verb, self.values[self.used - 1])

    def _here(self) -> str:
        return self.form[self.at : self.at + 1]

    def _take(self) -> str:
        char = self._here()
        self.at += 1
        return char

    def _index(self) -> bool:
        """Reads `[N]`; whether one was there. One that names no value, or is none, makes the verb unfit."""
        if self._here() != "[":
            return False
        self.reordered = True
        end = self.form.find("]", self.at) if len(self.form) - self.at >= 3 else -1
        number = self.form[self.at + 1 : end] if end > 0 else ""
        self.at = end + 1 if end > 0 else self.at + 1
        is_number = number.isascii() and number.isdigit() and int(number) <= LARGEST * 10
        if is_number and 1 <= int(number) <= len(self.values):
            self.used = int(number) - 1
        else:
            self._is_fit = False
        return is_number

    def _count(self, is_indexed: bool) -> tuple[int | None, bool]:
        """Reads a width or precision, `*` takes it from the values; whether that was no number. After an index only `*` may come."""
        self._counted = self._here() == "*"
        if self._counted:
            self.at += 1
            if self.used >= len(self.values):
                return None, True
            value = self.values[self.used]
            self.used += 1
            is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
            return (value, False) if is_number else (None, True)
        begin = self.at
        while self._here() in tuple("0123456789"):
            self.at += 1
        if self.at == begin:
            return None, False
        if int(self.form[begin : self.at]) > LARGEST * 10:
            self.at = len(self.form)
            return None, False
        self._is_fit = self._is_fit and not is_indexed
        return int(self.form[begin : self.at]), False


def _format(verb: _Verb, value: Any) -> str:
    if verb.letter == "T":
        return verb.pad(type_name(value)[: verb.precision])
    if value is None:
        return verb.pad("<nil>") if verb.letter == "v" else f"%!{verb.letter}(<nil>)"
    if verb.letter == "w":
        verb.letter = "v"
        return f"%!w({type_name(value)}={_format(verb, value)})"
    if isinstance(value, dict):
        return _map(verb, value)
    if isinstance(value, (list, tuple)):
        inner = [_inner(verb, each) for each in value]
        return f"[]interface {{}}{{{', '.join(inner)}}}" if _is_source(verb) else f"[{' '.join(inner)}]"
    made = _scalar(verb, value)
    return f"%!{verb.letter}({type_name(value)}={_format(verb.plain(), value)})" if made is None else made


def _is_source(verb: _Verb) -> bool:
    return verb.letter == "v" and "#" in verb.flags and not verb.is_wrong


def _inner(verb: _Verb, value: Any) -> str:
    if value is None:
        return "interface {}(nil)" if _is_source(verb) else "<nil>"
    return _format(verb, value)


def _map(verb: _Verb, value: dict[str, Any]) -> str:
    inner = [f"{_format(verb, key)}:{_inner(verb, value[key])}" for key in sorted(value)]
    return f"map[string]interface {{}}{{{', '.join(inner)}}}" if _is_source(verb) else f"map[{' '.join(inner)}]"


def _scalar(verb: _Verb, value: Any) -> str | None:
    """A scalar's text, None when the verb isn't for its type."""
    if isinstance(value, bool):
        return verb.pad(str(value).lower(), zeros=True) if verb.letter in "vt" else None
    if isinstance(value, int):
        return _integer(verb, value)
    if isinstance(value, float):
        return _float(verb, value)
    if isinstance(value, complex):
        return _complex(verb, value)
    return _string(verb, str(value))


def _string(verb: _Verb, value: str) -> str | None:
    if verb.precision is not None and verb.letter in "vsq":
        value = value[: verb.precision]
    if _is_source(verb) or verb.letter == "q":
        ticks = "#" in verb.flags and verb.letter == "q" and "`" not in value and value.isprintable()
        return verb.pad(f"`{value}`" if ticks else texts.quoted(value))
    if verb.letter in "vs":
        return verb.pad(value, zeros=True)
    if verb.letter in "xX":
        text = value.encode().hex(" ") if " " in verb.flags else value.encode().hex()
        text = f"0x{text}" if "#" in verb.flags and text else text
        return verb.pad(text.upper() if verb.letter == "X" else text, zeros=True)
    return None


def _integer(verb: _Verb, value: int) -> str | None:
    if verb.letter in "eEfFgG" or verb.letter in "st":
        return None
    char = chr(value) if 0 <= value < 0x110000 else "\ufffd"
    if verb.letter == "c":
        return verb.pad(char)
    if verb.letter == "q":
        return verb.pad("'" + (texts.quoted(char)[1:-1] if value not in (34, 39) else '"' if value == 34 else "\\'") + "'")
    if verb.letter == "U":
        return verb.pad(f"U+{value & (2**64 - 1):04X}" + (f" '{chr(value)}'" if "#" in verb.flags else ""))
    letter = "d" if verb.letter == "v" else verb.letter
    if letter not in RADIX:
        return None
    digits = format(abs(value), RADIX[letter])
    sign = _sign(verb, value < 0)
    if verb.precision is not None:
        digits = digits.rjust(verb.precision, "0") if verb.precision or value else ""
    elif "0" in verb.flags and "-" not in verb.flags:
        digits = digits.rjust((verb.width or 0) - len(sign), "0")
    if letter == "O" or ("#" in verb.flags and verb.letter != "v"):
        digits = ALTERNATE.get(letter, "") + digits
    return verb.pad(sign + digits)


def _sign(verb: _Verb, negative: bool) -> str:
    if negative:
        return "-"
    return "+" if "+" in verb.flags and (verb.letter != "v" or verb.is_wrong) else " " if " " in verb.flags else ""


def _float(verb: _Verb, value: float) -> str | None:
    letter = verb.letter
    if letter not in "vgGeEfFbxX":
        return None
    return verb.pad(_sign(verb, value < 0) + _amount(verb, abs(value)), zeros=True)


def _amount(verb: _Verb, value: float) -> str:
    """A number without its sign."""
    letter, precision = "g" if verb.letter == "v" else verb.letter, verb.precision
    if letter == "b":
        mantissa, power = floats.parts(value)
        return f"{mantissa}p{power:+d}"
    if letter in "xX":
        text = floats.hexadecimal(value, precision)
    elif letter in "gG" and precision is None:
        text = floats.decimal(value)
    else:
        text = format(value, f".{6 if precision is None else precision}{letter}")
    text = _pointed(text, 6 if precision is None else precision, letter) if "#" in verb.flags and not _is_source(verb) else text
    return text.upper() if letter in "GX" else text


def _pointed(text: str, precision: int, letter: str) -> str:
    """A number with a decimal point, and all its digits where the verb would leave zeros out."""
    mark = "p" if letter in "xX" else "e"
    body, exponent, tail = text.partition(mark) if mark in text else text.partition(mark.upper())
    digits = precision if letter in "gGxX" else 0
    seen = body.replace(".", "").lstrip("0")
    digits -= len(seen) + (body == "0")
    return body + ("" if "." in body else ".") + "0" * digits + exponent + tail


def _complex(verb: _Verb, value: complex) -> str | None:
    if verb.letter not in "vgGeEfFbxX":
        return None
    real, letter, flags = _float(verb, value.real), verb.letter, verb.flags
    verb.flags = flags.replace("+", "") + "+"
    verb.letter = "g" if letter == "v" else letter
    imaginary = _float(verb, value.imag)
    verb.flags, verb.letter = flags, letter
    return f"({real}{imaginary}i)"
