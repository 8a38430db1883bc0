"""Cuts a Go template into text and the tokens of its actions; follows Go's text/template/parse/lex.go, error texts included."""

from __future__ import annotations

from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT, RIGHT, SPACES, DIGITS = "{{", "}}", " \t\r\n", "0123456789"
COMMENT, COMMENT_END = "/*", "*/"
TERMINATORS = ".,|:()" + SPACES
KEYWORDS = ("block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with")
MARKS = {"=": "assign", "|": "pipe"}
QUOTES = {'"': ("string", "quoted string"), "'": ("character", "character constant")}


class Token:
    """A piece of a template: what it is, its text, where it begins (a byte offset) and on which line."""

    __slots__ = ("kind", "line", "position", "text")

    def __init__(self, kind: str, text: str, position: int, line: int) -> None:
        self.kind, self.text, self.position, self.line = kind, text, position, line

    def __str__(self) -> str:
        if self.kind in ("end of input", "error"):
            return "EOF" if self.kind == "end of input" else self.text
        if self.kind in KEYWORDS or self.kind == "dot":
            return f"<{self.text}>"
        return texts.quoted(self.text) if len(self.text) <= 10 else f"{texts.quoted(self.text[:10])}..."


class _Wrong(Exception):
    """What the last token says instead of what it should have been."""


def tokens(text: str) -> Iterator[Token]:
    """All tokens; what can't be read ends them with an `error` token."""
    return _Lexer(text).run()


class _Lexer:
    """Walks the text once; `start` is where the token being read begins."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.start, self.line, self.depth = text, 0, 0, 1, 0

    def run(self) -> Iterator[Token]:
        try:
            yield from self._outside()
        except _Wrong as wrong:
            yield Token("error", str(wrong), self.start, self.line)

    def _token(self, kind: str) -> Token:
        made = Token(kind, self.text[self.start : self.at], self.start, self.line)
        self.line += made.text.count("\n")
        self.start = self.at
        return made

    def _skip(self, to: int) -> None:
        self.line += self.text.count("\n", self.start, to)
        self.start = self.at = to

    def _outside(self) -> Iterator[Token]:
        while (found := self.text.find(LEFT, self.at)) >= 0:
            inner = found + len(LEFT)
            trims = self.text[inner : inner + 1] == "-" and self.text[inner + 1 : inner + 2] in tuple(SPACES)
            end = self.start + len(self.text[self.start : found].rstrip(SPACES)) if trims else found
            yield from self._until(end)
            self._skip(found)
            inner += 2 * trims
            if self.text.startswith(COMMENT, inner):
                self._comment(inner)
                continue
            self.at = inner
            yield self._token("left")
            yield from self._inside()
        yield from self._until(len(self.text))
        yield self._token("end of input")

    def _until(self, end: int) -> Iterator[Token]:
        if end > self.start:
            self.at = end
            yield self._token("text")

    def _comment(self, begin: int) -> None:
        end = self.text.find(COMMENT_END, begin)
        if end < 0:
            raise _Wrong("unclosed comment")
        self.at = end + len(COMMENT_END)
        closes, trims = self._at_right()
        if not closes:
            raise _Wrong("comment ends before closing delimiter")
        self._close(trims)

    def _at_right(self) -> tuple[bool, bool]:
        """Whether the action ends here, and whether it trims the blanks after it."""
        if self.text[self.at : self.at + 1] in tuple(SPACES) and self.text.startswith("-" + RIGHT, self.at + 1):
            return True, True
        return self.text.startswith(RIGHT, self.at), False

    def _close(self, trims: bool) -> None:
        self._skip(self.at + 2 * trims + len(RIGHT))
        if trims:
            self._skip(len(self.text) - len(self.text[self.at :].lstrip(SPACES)))

    def _inside(self) -> Iterator[Token]:
        self.depth = 0
        while True:
            closes, trims = self._at_right()
            if closes:
                if self.depth:
                    raise _Wrong("unclosed left paren")
                self._skip(self.at + 2 * trims)
                yield Token("right", RIGHT, self.start, self.line)
                self._skip(self.start - 2 * trims)
                self._close(trims)
                return
            yield self._next()

    def _next(self) -> Token:
        char = self.text[self.at : self.at + 1]
        if not char:
            raise _Wrong("unclosed action")
        if char in SPACES:
            return self._spaces()
        if char in QUOTES:
            return self._quoted(char)
        if char == "`":
            return self._raw()
        if char == "$":
            return self._name("variable")
        if char == "." and self.text[self.at + 1 : self.at + 2] not in tuple(DIGITS):
            return self._name("field")
        if char in "+-." or char in DIGITS:
            return self._number()
        if char == "_" or char.isalnum():
            return self._identifier()
        return self._mark(char)

    def _mark(self, char: str) -> Token:
        self.at += 1
        if char == ":":
            if self.text[self.at : self.at + 1] != "=":
                raise _Wrong("expected :=")
            self.at += 1
            return self._token("declare")
        if char in "()":
            self.depth += 1 if char == "(" else -1
            if self.depth < 0:
                raise _Wrong("unexpected right paren")
            return self._token(char)
        if char in MARKS:
            return self._token(MARKS[char])
        if char.isascii() and char.isprintable():
            return self._token("char")
        raise _Wrong(f"unrecognized character in action: {code_point(char)}")

    def _spaces(self) -> Token:
        while self.text[self.at : self.at + 1] in tuple(SPACES):
            if self.at > self.start and self._at_right() == (True, True):
                break
            self.at += 1
        return self._token("space")

    def _quoted(self, quote: str) -> Token:
        kind, called = QUOTES[quote]
        while True:
            self.at += 1
            char = self.text[self.at : self.at + 1]
            if char == "\\" and self.text[self.at + 1 : self.at + 2] not in ("", "\n"):
                self.at += 1
            elif char in ("", "\n", "\\"):
                raise _Wrong(f"unterminated {called}")
            elif char == quote:
                self.at += 1
                return self._token(kind)

    def _raw(self) -> Token:
        end = self.text.find("`", self.at + 1)
        if end < 0:
            raise _Wrong("unterminated raw quoted string")
        self.at = end + 1
        return self._token("raw string")

    def _name(self, kind: str) -> Token:
        self.at += 1
        if self._terminated():
            return self._token("dot" if kind == "field" else kind)
        self._letters()
        return self._token(kind)

    def _letters(self) -> None:
        while (char := self.text[self.at : self.at + 1]) and (char == "_" or char.isalnum()):
            self.at += 1
        if not self._terminated():
            raise _Wrong(f"bad character {code_point(self.text[self.at])}")

    def _terminated(self) -> bool:
        return self.at >= len(self.text) or self.text[self.at] in TERMINATORS or self.text.startswith(RIGHT, self.at)

    def _identifier(self) -> Token:
        self._letters()
        word = self.text[self.start : self.at]
        if word in KEYWORDS:
            return self._token(word)
        return self._token("bool" if word in ("true", "false") else "identifier")

    def _number(self) -> Token:
        """A number, or two that make a complex one."""
        is_whole = self._scan()
        if is_whole and self.text[self.at : self.at + 1] in ("+", "-"):
            is_whole = self._scan() and self.text[self.at - 1] == "i"
        if not is_whole:
            raise _Wrong(f"bad number syntax: {texts.quoted(self.text[self.start : self.at])}")
        return self._token("number")

    def _scan(self) -> bool:
        """Goes over one number; whether it ends where a word may."""
        self._take("+-", once=True)
        digits, mark = DIGITS + "_", "eE"
        if self._take("0", once=True):
            for letters, more, power in (("xX", "0123456789abcdefABCDEF_", "pP"), ("oO", "01234567_", ""), ("bB", "01_", "")):
                if self._take(letters, once=True):
                    digits, mark = more, power
                    break
        self._take(digits)
        if self._take(".", once=True):
            self._take(digits)
        if mark and self._take(mark, once=True):
            self._take("+-", once=True)
            self._take(DIGITS + "_")
        self._take("i", once=True)
        if (char := self.text[self.at : self.at + 1]) and (char == "_" or char.isalnum()):
            self.at += 1
            return False
        return True

    def _take(self, chars: str, *, once: bool = False) -> bool:
        begin = self.at
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1
            if once:
                break
        return self.at > begin


def code_point(char: str) -> str:
    """A character as `%#U` shows it."""
    return f"U+{ord(char):04X}" + (f" '{char}'" if char.isprintable() else "")
