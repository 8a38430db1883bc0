"""Go's regular expressions: whether a pattern is one, in the words of Go's regexp package, and whether a text matches.

Most patterns mean the same to Python, once written as it wants them; the others are left to the RE2 in the CEL library, which is Go's own
dialect. Follows regexp/syntax. Not here: who asks for patterns (schemas, rules).
"""

from __future__ import annotations

from pkctl.kinds import celtexts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CLASSES = {"[:alnum:]": "a-zA-Z0-9", "[:alpha:]": "a-zA-Z", "[:ascii:]": r"\x00-\x7f", "[:blank:]": r"\t ", "[:cntrl:]": r"\x00-\x1f\x7f",
           "[:digit:]": "0-9", "[:graph:]": "!-~", "[:lower:]": "a-z", "[:print:]": " -~", "[:punct:]": r"!-/:-@\[-`{-~",
           "[:space:]": r"\t\n\v\f\r ", "[:upper:]": "A-Z", "[:word:]": "0-9A-Za-z_", "[:xdigit:]": "0-9A-Fa-f"}  # fmt: skip
FOREIGN = (r"\p", r"\P", r"\Q", r"\C", "(?U", "(?s-", "(?m-", "(?i-", "(?-")
"""What Python has no words for."""

IN_GO = {
    "missing )": "missing closing )",
    "missing ]": "missing closing ]",
    "no argument for repetition operator": "missing argument to repetition operator",
    "bad repetition operator": "invalid nested repetition operator",
    "invalid perl operator": "invalid or unsupported Perl syntax",
    "invalid character class": "invalid character class range",
    "invalid repetition size": "invalid repeat count",
    "trailing \\": "trailing backslash at end of expression",
    "invalid named capture group": "invalid named capture",
}
"""RE2's words for what is wrong with a pattern, and Go's."""


def problem(pattern: str) -> str:
    """Go's error for a pattern that is none; "" for a right one."""
    answer = _answer(pattern, "")
    if answer.type().name() != "ERROR":
        return ""
    said, _, part = celtexts.failure(str(answer.value())).removeprefix("invalid regular expression: ").partition(": ")
    return f"error parsing regexp: {IN_GO.get(said, said)}" + (f": `{part}`" if part else "")


def is_found(pattern: str, text: str) -> bool:
    """Whether a part of the text matches a pattern that is right."""
    compiled = compiled_or_none(pattern)
    if compiled is not None:
        return compiled.search(text) is not None
    return bool(_answer(pattern, text).plain_value())


_compiled: dict[str, Any] = {}
"""Patterns once compiled, None for those that Python has no words for; they hold no state of a cluster."""


def compiled_or_none(pattern: str) -> Any:
    """The pattern as one of Python's; None for what only RE2 can say."""
    if pattern not in _compiled:
        _compiled[pattern] = _in_python(pattern)
    return _compiled[pattern]


def _in_python(pattern: str) -> Any:
    import re

    if any(part in pattern for part in FOREIGN):
        return None
    try:
        return re.compile(translated(pattern), re.ASCII)
    except re.error:
        return None


_programs: list[Any] = []
"""The one program that asks RE2, once there is one; it holds no state of a cluster."""


def _answer(pattern: str, text: str) -> Any:
    """What RE2 says, as a value of the CEL library."""
    if not _programs:
        from cel_expr_python import cel

        known = dict.fromkeys(("text", "pattern"), cel.Type.STRING)
        _programs.append(cel.NewEnv(None, variables=known).compile("text.matches(pattern)"))
    return _programs[0].eval(data={"text": text, "pattern": pattern})


def translated(pattern: str) -> str:
    """A pattern as Python writes it: `$` only at the very end, flags around what they are for, and classes by their characters."""
    for name, letters in CLASSES.items():
        pattern = pattern.replace(name, letters)
    writer, at = _Writer("(?m" in pattern), 0
    while at < len(pattern):
        at += writer.take(pattern[at:])
    return writer.finished()


class _Writer:
    """A translation on its way: `flags` are those in force in each open group."""

    def __init__(self, has_lines: bool) -> None:
        self._out: list[str] = []
        self._flags = [""]
        self._in_class, self._has_lines = False, has_lines

    def take(self, rest: str) -> int:
        """Write the next part; how many characters it has."""
        import re

        char = rest[0]
        if char == "\\":
            self._out.append("\\Z" if rest[1:2] == "z" else rest[:2])
            return 2
        if self._in_class or char == "[":
            return self._class(rest)
        if flags := re.match(r"\(\?([ims]+)\)", rest):
            self._open(flags[1])
            return flags.end()
        self._plain(char)
        return 1

    def _class(self, rest: str) -> int:
        """Inside brackets a bracket means itself; the first character may be a closing one."""
        if not self._in_class:
            start = 2 if rest[1:2] == "^" else 1
            is_first = rest[start : start + 1] == "]"
            self._in_class = True
            self._out.append(rest[:start] + ("\\]" if is_first else ""))
            return start + is_first
        self._in_class = rest[0] != "]"
        self._out.append("\\[" if rest[0] == "[" else rest[0])
        return 1

    def _open(self, flags: str) -> None:
        self._close()
        self._flags[-1] = "".join(dict.fromkeys(self._flags[-1] + flags))
        self._out.append(f"(?{self._flags[-1]}:")

    def _close(self) -> None:
        if self._flags[-1]:
            self._out.append(")")

    def _plain(self, char: str) -> None:
        if char == "(":
            self._flags.append("")
        elif char == ")":
            self._close()
            self._flags = self._flags[:-1] or [""]
        elif char == "|" and self._flags[-1]:
            self._out.append(f")|(?{self._flags[-1]}:")
            return
        self._out.append("\\Z" if char == "$" and not self._has_lines else char)

    def finished(self) -> str:
        """The whole."""
        self._close()
        return "".join(self._out)
