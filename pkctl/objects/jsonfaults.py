"""What is wrong with JSON in the words of Go's encoding/json: where and why a text is none, what a value of a wrong type is called.

Reading JSON is the standard library's work.
"""

from __future__ import annotations

BLANKS = " \t\r\n"
DIGITS = "0123456789"
HEX = "0123456789abcdefABCDEF"
SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "'": "\\'", "\\": "\\\\"}
BEGINNING = "looking for beginning of value"
WORDS = {str: "string", list: "array", bool: "bool", dict: "object", type(None): "null"}
TYPE_META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
"""The type that an object is read into first, as Go prints it."""


class _Fault(Exception):
    """What is wrong with the character at an offset."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at


def word(value: object) -> str:
    """What Go calls a value that it can't read into the type it wants: `string`, `array`, `bool`, `object`, `null` or `number`."""
    return WORDS.get(type(value), "number")


def explain(text: str, at: int = 0) -> str:
    """Why no JSON value begins at `at`: `json: offset 12: invalid character '}' after array element`, or `unexpected EOF`."""
    raw = text.encode()
    scan = _Scan(raw.decode("latin-1"), len(text[:at].encode()))
    try:
        scan.value()
    except _Fault as fault:
        if fault.at >= len(raw):
            return "unexpected EOF"
        return f"json: offset {fault.at + 1}: invalid character {shown(raw[fault.at])} {fault}"
    return "unexpected EOF"


def whole(text: str) -> str:
    """Why a text is not one JSON value: `invalid character '}' looking for beginning of value`, or `unexpected end of JSON input`."""
    import json

    told = explain(text)
    if told != "unexpected EOF":
        return told.partition(": offset ")[2].partition(": ")[2]
    try:
        _, end = json.JSONDecoder().raw_decode(text.lstrip(BLANKS))
    except ValueError:
        return "unexpected end of JSON input"
    return f"invalid character {shown(text.lstrip(BLANKS)[end:].lstrip(BLANKS).encode()[0])} after top-level value"


def shown(byte: int) -> str:
    """A byte as Go quotes it."""
    char = chr(byte)
    return f"'{SHORT[char]}'" if char in SHORT else f"'{char}'" if char.isprintable() else f"'\\x{byte:02x}'"


class _Scan:
    """Goes through a value byte by byte until something is wrong."""

    def __init__(self, text: str, at: int) -> None:
        self.text, self.at = text, at

    def _here(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self) -> str:
        while self._here() and self._here() in BLANKS:
            self.at += 1
        return self._here()

    def _fail(self, why: str) -> _Fault:
        return _Fault(self.at, why)

    def value(self) -> None:
        """One value with the blanks before it."""
        char = self._skip()
        if char == "{":
            self._object()
        elif char == "[":
            self._array()
        elif char == '"':
            self._string()
        elif char and char in "-0123456789":
            self._number()
        else:
            word = {"t": "true", "f": "false", "n": "null"}.get(char, "")
            if not word:
                raise self._fail(BEGINNING)
            self._word(word)

    def _word(self, word: str) -> None:
        for number, letter in enumerate(word):
            if self._here() != letter:
                raise self._fail(f"in literal {word} (expecting '{letter}')" if number else BEGINNING)
            self.at += 1

    def _object(self) -> None:
        self.at += 1
        if self._skip() == "}":
            self.at += 1
            return
        while True:
            if self._skip() != '"':
                raise self._fail("looking for beginning of object key string")
            self._string()
            if self._skip() != ":":
                raise self._fail("after object key")
            self.at += 1
            self.value()
            if self._ended("}", "after object key:value pair"):
                return

    def _array(self) -> None:
        self.at += 1
        if self._skip() == "]":
            self.at += 1
            return
        while True:
            self.value()
            if self._ended("]", "after array element"):
                return

    def _ended(self, bracket: str, where: str) -> bool:
        char = self._skip()
        if char not in (",", bracket) or not char:
            raise self._fail(where)
        self.at += 1
        return char == bracket

    def _string(self) -> None:
        self.at += 1
        while (char := self._here()) != '"':
            if not char or char < " ":
                raise self._fail("in string literal")
            self.at += 1
            if char == "\\":
                self._escape()
        self.at += 1

    def _escape(self) -> None:
        letter = self._here()
        if not letter or letter not in 'bfnrt\\/"u':
            raise self._fail("in string escape code")
        self.at += 1
        for _ in range(4 if letter == "u" else 0):
            if not self._here() or self._here() not in HEX:
                raise self._fail("in \\u hexadecimal character escape")
            self.at += 1

    def _number(self) -> None:
        if self._here() == "-":
            self.at += 1
        if self._here() == "0":
            self.at += 1
        else:
            self._digits("in numeric literal")
        if self._here() == ".":
            self.at += 1
            self._digits("after decimal point in numeric literal")
        if self._here() and self._here() in "eE":
            self.at += 1
            if self._here() and self._here() in "+-":
                self.at += 1
            self._digits("in exponent of numeric literal")

    def _digits(self, where: str) -> None:
        if not self._here() or self._here() not in DIGITS:
            raise self._fail(where)
        while self._here() and self._here() in DIGITS:
            self.at += 1
