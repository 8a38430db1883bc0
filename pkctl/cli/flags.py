"""A command line, read as pflag and cobra read it: shorthand clusters, `--name=value`, flags anywhere, `--`.

Flags are data (`Flag`), made from a command's row in `table` and the definitions in `flagdefs`. Not here: what a flag means.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import flagdefs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

LISTS = ("array", "slice")
MAPS = ("map", "pairs")
HIDDEN = ("cpu-percent",)


class Flag:
    """One flag of one command: `no_opt` is the value that a bare `--name` gives, "" when a value must follow."""

    __slots__ = ("default", "kind", "name", "no_opt", "short")

    def __init__(self, name: str, kind: str, default: str, short: str) -> None:
        self.name, self.kind, self.default, self.short = name, kind, default, short
        self.no_opt = "true" if kind in ("bool", "tristate") else flagdefs.NO_OPT.get(name, "")

    def shown(self) -> str:
        """The flag as error texts name it: `-o, --output`."""
        return f"-{self.short}, --{self.name}" if self.short else f"--{self.name}"


def definition(name: str) -> tuple[str, str, str]:
    """A flag's usual (kind, default, shorthand)."""
    found = flagdefs.DEFS.get(name)
    if found:
        return found
    for kind, names, default in (("bool", flagdefs.BOOLEANS, "false"), ("array", flagdefs.ARRAYS, ""), ("slice", flagdefs.SLICES, "")):
        if f" {name} " in f" {names} ":
            return (kind, default, "")
    return ("string", "", "")


def flag(token: str) -> Flag:
    """A row's token, `[SHORT/]name[:kind][=default]`; a leading `/` takes the usual shorthand away."""
    head, equals, default = token.partition("=")
    short, slash, rest = head.rpartition("/")
    name, _, kind = rest.partition(":")
    usual = definition(name)
    zero = {"bool": "false", "int": "0", "int64": "0"}.get(kind, "") if kind and kind != usual[0] else usual[1]
    return Flag(name, kind or usual[0], default if equals else zero, short if slash else usual[2])


def rows(text: str) -> list[Flag]:
    """The flags that a row's text lists, sets (`%PF`) spelled out."""
    tokens: list[str] = []
    for token in text.split():
        if token[0] == "%":
            tokens.extend(name for letter in token[1:] for name in flagdefs.SETS[letter].split())
        else:
            tokens.append(token)
    found = {each.name: each for each in map(flag, tokens)}
    return list(found.values())


class Values:
    """What the command line said: `values["watch"]` typed, `changed` the names given, `args` the rest, `dash` where `--` stood.

    `said` are the flags in the order they were given, each with its text.
    """

    __slots__ = ("args", "changed", "dash", "flags", "said", "values")

    def __init__(self, flags: Iterable[Flag]) -> None:
        self.flags = {each.name: each for each in flags}
        self.values: dict[str, Any] = {}
        self.changed: set[str] = set()
        self.said: list[tuple[str, str]] = []
        self.args: list[str] = []
        self.dash = -1

    def __getitem__(self, name: str) -> Any:
        if name not in self.values:
            each = self.flags[name]
            self.values[name] = convert(each.kind, each.default)
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The flag's value, or `default` when the command has no such flag."""
        return self[name] if name in self.flags else default

    def given(self, name: str) -> bool:
        """Whether the user gave the flag."""
        return name in self.changed

    def set(self, each: Flag, text: str) -> None:
        """Take one occurrence; raises UsageError with pflag's text."""
        value: Any
        self.said.append((each.name, text))
        try:
            value = [text] if each.kind == "array" else convert(each.kind, text)
        except ValueError as error:
            from pkctl.objects import fields

            raise errors.UsageError(f'invalid argument {fields.quoted(text)} for "{each.shown()}" flag: {error}') from None
        if each.name in self.changed and each.kind in LISTS:
            value = [*self.values[each.name], *value]
        elif each.name in self.changed and each.kind in MAPS:
            value = self.values[each.name] | value
        self.values[each.name] = value
        self.changed.add(each.name)


def parse(flags: Sequence[Flag], argv: Sequence[str]) -> Values:
    """The values of a command line without its command's words; raises UsageError in pflag's texts."""
    values = Values(flags)
    shorts = {each.short: each for each in flags if each.short}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--":
            values.dash = len(values.args)
            values.args.extend(rest)
            break
        if word.startswith("--"):
            _long(values, word, rest)
        elif word.startswith("-") and word != "-":
            _cluster(values, shorts, word, rest)
        else:
            values.args.append(word)
    return values


def _long(values: Values, word: str, rest: list[str]) -> None:
    name, equals, text = word[2:].partition("=")
    if not name or name[0] in "-=":
        raise errors.UsageError(f"bad flag syntax: {word}")
    each = values.flags.get(name)
    if each is None:
        raise errors.UsageError(f"unknown flag: --{name}")
    if equals:
        values.set(each, text)
    elif each.no_opt:
        values.set(each, each.no_opt)
    elif rest:
        values.set(each, rest.pop(0))
    else:
        raise errors.UsageError(f"flag needs an argument: --{name}")


def _cluster(values: Values, shorts: Mapping[str, Flag], word: str, rest: list[str]) -> None:
    letters = word[1:]
    while letters:
        letter, tail = letters[0], letters[1:]
        each = shorts.get(letter)
        if each is None:
            raise errors.UsageError(f"unknown shorthand flag: '{letter}' in -{letters}")
        if len(tail) > 1 and tail[0] == "=":
            values.set(each, tail[1:])
            return
        if each.no_opt:
            values.set(each, each.no_opt)
            letters = tail
        elif tail:
            values.set(each, tail)
            return
        elif rest:
            values.set(each, rest.pop(0))
            return
        else:
            raise errors.UsageError(f"flag needs an argument: '{letter}' in -{letters}")


def skim(flags: Iterable[Flag], argv: Sequence[str]) -> list[int]:
    """Where the words that are neither flags nor flags' values stand, as cobra guesses them before it knows the command."""
    known = {f"--{each.name}": each for each in flags} | {f"-{each.short}": each for each in flags if each.short}
    places: list[int] = []
    place = 0
    while place < len(argv):
        word = argv[place]
        if word == "--":
            break
        if word.startswith("-") and word != "-":
            each = known.get(word)
            takes = (word.startswith("--") and "=" not in word) or len(word) == 2
            if takes and not (each and each.no_opt):
                place += 1
        else:
            places.append(place)
        place += 1
    return places


BOOLS = {text: text in ("1", "t", "T", "TRUE", "true", "True")
         for text in ("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False")}  # fmt: skip


def convert(kind: str, text: str) -> Any:
    """A flag's text as a value; ValueError carries Go's text."""
    maker = CONVERTERS.get(kind)
    return maker(text) if maker else text


def _bool(text: str) -> bool:
    if text not in BOOLS:
        raise ValueError(_unparsed("ParseBool", text))
    return BOOLS[text]


def _int(bits: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        try:
            value = int(text, 0) if text.strip() == text and text.isascii() else int("x")
        except ValueError:
            value = _octal(text)
        if not -(1 << (bits - 1)) <= value < 1 << (bits - 1):
            raise ValueError(_unparsed("ParseInt", text, "value out of range"))
        return value

    return number


def _octal(text: str) -> int:
    """Go reads `0777` as octal where Python refuses it."""
    digits = text.lstrip("+-")
    if len(digits) > 1 and digits[0] == "0" and digits.isdigit() and set(digits) <= set("01234567"):
        return int(digits, 8) * (-1 if text[0] == "-" else 1)
    raise ValueError(_unparsed("ParseInt", text))


def _unparsed(function: str, text: str, fault: str = "invalid syntax") -> str:
    from pkctl.objects import texts

    return f"strconv.{function}: parsing {texts.quoted(text)}: {fault}"


def _duration(text: str) -> float:
    return duration(text)


UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def duration(text: str) -> float:
    """Go's time.ParseDuration in seconds; ValueError in Go's texts."""
    rest = text[1:] if text[:1] in ("-", "+") else text
    if rest == "0":
        return 0.0
    if not rest:
        raise ValueError(f"time: invalid duration {_told(text)}")
    total = 0.0
    while rest:
        size = _span(rest, "0123456789.")
        number, rest = rest[:size], rest[size:]
        if not number.replace(".", "", 1).isdigit():
            raise ValueError(f"time: invalid duration {_told(text)}")
        size = next((place for place, letter in enumerate(rest) if letter in "0123456789."), len(rest))
        unit, rest = rest[:size], rest[size:]
        if not unit:
            raise ValueError(f"time: missing unit in duration {_told(text)}")
        if unit not in UNITS:
            raise ValueError(f"time: unknown unit {_told(unit)} in duration {_told(text)}")
        total += float(number) * UNITS[unit]
    return -total if text[0] == "-" else total


def _told(text: str) -> str:
    """A text as Go's package time quotes it: bytes beyond ASCII by their numbers."""
    letters = text.encode().decode("latin-1").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if " " <= each < "\x80" else f"\\x{ord(each):02x}" for each in letters) + '"'


def _span(text: str, letters: str) -> int:
    return next((place for place, letter in enumerate(text) if letter not in letters), len(text))


def _slice(text: str) -> list[str]:
    if '"' not in text:
        return text.partition("\n")[0].split(",") if text else []
    fields, rest, column = [], text.partition("\n")[0], 1
    while True:
        field, used, is_last = (_quoted_field if rest.startswith('"') else _bare_field)(rest, column)
        fields.append(field)
        if is_last:
            return fields
        rest, column = rest[used:], column + len(rest[:used].encode())


def _bare_field(text: str, column: int) -> tuple[str, int, bool]:
    """(the field, letters used with its comma, whether it is the line's last), as Go's encoding/csv reads it."""
    field = text.partition(",")[0]
    if '"' in field:
        raise ValueError(
            f'parse error on line 1, column {column + len(field[: field.index(chr(34))].encode())}: bare " in non-quoted-field'
        )
    return field, len(field) + 1, field == text


def _quoted_field(text: str, column: int) -> tuple[str, int, bool]:
    place, letters = 1, ""
    while (end := text.find('"', place)) >= 0:
        letters += text[place:end]
        if text[end + 1 : end + 2] == '"':
            letters, place = letters + '"', end + 2
            continue
        if text[end + 1 : end + 2] in ("", ","):
            return letters, end + 2, end + 1 == len(text)
        break
    bad = column + len(text[: end if end >= 0 else len(text)].encode())
    raise ValueError(f'parse error on line 1, column {bad}: extraneous or missing " in quoted-field')


def _map(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in _slice(text):
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError(f"{part} must be formatted as key=value")
        pairs[name] = value
    return pairs


def _pairs(text: str) -> dict[str, str]:
    """`a=b,c=d` with blanks around, as component-base's MapStringString reads it."""
    pairs: dict[str, str] = {}
    for part in text.split(",") if text else ():
        name, equals, value = part.partition("=")
        if not equals:
            raise ValueError("malformed pair, expect string=string")
        pairs[name.strip()] = value.strip()
    return pairs


def _goduration(text: str) -> float:
    """A duration in a flag of Go's own parser, which says less of what is wrong."""
    try:
        return duration(text)
    except ValueError:
        raise ValueError("parse error") from None


def _vmodule(text: str) -> str:
    for part in filter(None, text.split(",")):
        name, _, level = part.partition("=")
        if not (name and level[level[:1] in ("-", "+") :].isdecimal() and level.isascii() and abs(int(level)) < 1 << 31):
            raise ValueError("syntax error: expect comma-separated list of filename=N")
        if int(level) < 0:
            raise ValueError("negative value for vmodule level")
    return text


def _array(text: str) -> list[str]:
    return [text] if text else []


CONVERTERS: dict[str, Callable[[str], Any]] = {
    "bool": _bool,
    "tristate": _bool,
    "int": _int(64),
    "int64": _int(64),
    "int32": _int(32),
    "duration": _duration,
    "slice": _slice,
    "array": _array,
    "map": _map,
    "pairs": _pairs,
    "goduration": _goduration,
    "vmodule": _vmodule,
}
