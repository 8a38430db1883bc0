"""Go templates as trees; follows Go's text/template/parse/parse.go and node.go, error texts included.

`str()` of a node is how Go prints it, which error texts quote.
"""

from __future__ import annotations

import math

from pkctl.objects import literals, texts
from pkctl.printers import gotemplates_lexing as lexing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container
    from typing import Any, NoReturn

NAME = "output"
"""kubectl's name for the template that the user gave."""

OPERANDS = frozenset(("bool", "character", "dot", "field", "identifier", "number", "nil", "raw string", "string", "variable", "("))


class TemplateError(ValueError):
    """A template that can't be read or run; `written` is what it had printed by then."""

    def __init__(self, text: str, written: str = "") -> None:
        super().__init__(text)
        self.written = written


class Node:
    """A node of any kind: its fields say what it holds, `text` how Go prints it."""

    __slots__ = ("args", "inner", "kind", "names", "other", "pipe", "position", "text", "value")

    args: list[Node]
    """A command's function and arguments."""
    inner: list[Node]
    """What an if, with or range runs; `other` is its else."""
    other: list[Node]
    names: list[str]
    """The path of a field, variable or chain."""
    pipe: Any
    """The Pipe of an action, control or template, None for a template without one."""
    value: Any
    """A literal's value, a chain's beginning, a template's name."""

    def __init__(self, kind: str, position: int = 0, text: str = "", **fields: Any) -> None:
        self.kind, self.position, self.text = kind, position, text
        for name, value in fields.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        return self.text


class Int(int):
    """A number of Go's type int, not int64 as numbers in objects are."""


class Pipe(Node):
    """Commands joined by `|`, with the variables they are given to."""

    __slots__ = ("assigns", "commands", "declared")

    def __init__(self, position: int) -> None:
        super().__init__("pipe", position)
        self.commands: list[Node] = []
        self.declared: list[str] = []
        self.assigns = False

    def __str__(self) -> str:
        to = ", ".join(self.declared) + (" = " if self.assigns else " := ") if self.declared else ""
        return to + " | ".join(map(str, self.commands))


class Tree:
    """What is being read: the tokens ahead, the variables in sight, and the templates found so far."""

    def __init__(self, text: str, functions: Container[str]) -> None:
        self._tokens, self._functions = lexing.tokens(text), functions
        self._ahead: list[lexing.Token] = []
        self._found = self._last = lexing.Token("text", "", 0, 1)
        self._variables, self._ranges, self._action_line = ["$"], 0, 0
        self.templates: dict[str, list[Node]] = {}

    def parse(self) -> dict[str, list[Node]]:
        """Every template by name; TemplateError."""
        nodes: list[Node] = []
        while self._peek().kind != "end of input":
            if self._peek().kind == "left":
                opening = self._next()
                if self._solid().kind == "define":
                    self._definition()
                    continue
                self._back(opening, self._found)
            node = self._text_or_action()
            if node.kind in ("end", "else"):
                self._fail(f"unexpected {node}")
            nodes.append(node)
        self._add(NAME, nodes)
        return self.templates

    def _add(self, name: str, nodes: list[Node]) -> None:
        known = self.templates.get(name)
        if known is None or _is_empty(known):
            self.templates[name] = nodes
        elif not _is_empty(nodes):
            self._fail(f"template: multiple definition of template {texts.quoted(name)}")

    def _next(self) -> lexing.Token:
        if self._ahead:
            self._found = self._ahead.pop()
        else:
            self._found = self._last = next(self._tokens, self._last)
        return self._found

    def _back(self, *tokens: lexing.Token) -> None:
        self._ahead += reversed(tokens)

    def _peek(self) -> lexing.Token:
        token = self._next()
        self._back(token)
        return token

    def _solid(self) -> lexing.Token:
        """The next token that isn't space."""
        while (token := self._next()).kind == "space":
            pass
        return token

    def _peek_solid(self) -> lexing.Token:
        token = self._solid()
        self._back(token)
        return token

    def _fail(self, text: str) -> NoReturn:
        raise TemplateError(f"template: {NAME}:{self._last.line}: {text}")

    def _unexpected(self, token: lexing.Token, context: str) -> NoReturn:
        if token.kind != "error":
            self._fail(f"unexpected {token} in {context}")
        extra = f" in action started at {NAME}:{self._action_line}" if self._action_line not in (0, token.line) else ""
        self._fail(token.text + (extra[len(" in action") :] if extra and token.text.endswith(" action") else extra))

    def _expect(self, context: str, *kinds: str) -> lexing.Token:
        token = self._solid()
        if token.kind not in kinds:
            self._unexpected(token, context)
        return token

    def _definition(self) -> None:
        name = self._unquote(self._expect("define clause", "string", "raw string").text)
        self._expect("define clause", "right")
        outer, self._variables, ranges, self._ranges = self._variables, ["$"], self._ranges, 0
        self._add(name, self._list_to_end("define clause"))
        self._variables, self._ranges = outer, ranges

    def _list_to_end(self, context: str) -> list[Node]:
        nodes, end = self._list()
        if end.kind != "end":
            self._fail(f"unexpected {end} in {context}")
        return nodes

    def _list(self) -> tuple[list[Node], Node]:
        """Nodes up to an end or else, and that."""
        nodes: list[Node] = []
        while True:
            if self._peek_solid().kind == "end of input":
                self._fail("unexpected EOF")
            node = self._text_or_action()
            if node.kind in ("end", "else"):
                return nodes, node
            nodes.append(node)

    def _text_or_action(self) -> Node:
        token = self._solid()
        if token.kind == "text":
            return Node("text", token.position, token.text)
        if token.kind != "left":
            self._unexpected(token, "input")
        self._action_line = token.line
        token = self._solid()
        if token.kind in ("if", "with", "range"):
            return self._control(token.kind)
        if token.kind in ("break", "continue"):
            return self._leave(token)
        if token.kind in ("template", "block"):
            return self._template() if token.kind == "template" else self._block()
        if token.kind == "end":
            self._expect("end", "right")
            return Node("end", text="{{end}}")
        if token.kind == "else":
            if self._peek_solid().kind not in ("if", "with"):
                self._expect("else", "right")
            return Node("else", text="{{else}}")
        self._back(token)
        pipe = self._pipeline("command", "right")
        return Node("action", pipe.position, f"{{{{{pipe}}}}}", pipe=pipe)

    def _leave(self, token: lexing.Token) -> Node:
        after = self._solid()
        if after.kind != "right":
            self._unexpected(after, f"{{{{{token.kind}}}}}")
        if not self._ranges:
            self._fail(f"{{{{{token.kind}}}}} outside {{{{range}}}}")
        return Node(token.kind, token.position)

    def _control(self, kind: str) -> Node:
        seen = len(self._variables)
        pipe = self._pipeline(kind, "right")
        self._ranges += kind == "range"
        nodes, after = self._list()
        self._ranges -= kind == "range"
        other: list[Node] = []
        if after.kind == "else":
            if kind in ("if", "with") and self._peek_solid().kind == kind:
                self._solid()
                other = [self._control(kind)]
            else:
                other, after = self._list()
                if after.kind != "end":
                    self._fail(f"expected end; found {after}")
        del self._variables[seen:]
        return Node(kind, pipe.position, pipe=pipe, inner=nodes, other=other)

    def _template_name(self, token: lexing.Token, context: str) -> str:
        if token.kind not in ("string", "raw string"):
            self._unexpected(token, context)
        return self._unquote(token.text)

    def _template(self) -> Node:
        token = self._solid()
        name = self._template_name(token, "template clause")
        if self._solid().kind == "right":
            return Node("template", token.position, f"{{{{template {texts.quoted(name)}}}}}", value=name, pipe=None)
        self._back(self._found)
        pipe = self._pipeline("template clause", "right")
        return Node("template", token.position, f"{{{{template {texts.quoted(name)} {pipe}}}}}", value=name, pipe=pipe)

    def _block(self) -> Node:
        token = self._solid()
        name = self._template_name(token, "block clause")
        pipe = self._pipeline("block clause", "right")
        outer, self._variables = self._variables, ["$"]
        self._add(name, self._list_to_end("block clause"))
        self._variables = outer
        return Node("template", token.position, f"{{{{template {texts.quoted(name)} {pipe}}}}}", value=name, pipe=pipe)

    def _pipeline(self, context: str, end: str) -> Pipe:
        pipe = Pipe(self._peek_solid().position)
        while self._declaration(pipe, context):
            pass
        while True:
            token = self._solid()
            if token.kind == end:
                self._check(pipe, context)
                return pipe
            if token.kind not in OPERANDS:
                self._unexpected(token, context)
            self._back(token)
            pipe.commands.append(self._command())

    def _declaration(self, pipe: Pipe, context: str) -> bool:
        """Reads `$x :=`, `$x =` or the `$x,` of a range; whether another variable follows."""
        if self._peek_solid().kind != "variable":
            return False
        variable = self._solid()
        spaces = [self._next()] if self._peek().kind == "space" else []
        after = self._peek_solid()
        if after.kind not in ("assign", "declare") and (after.kind, after.text) != ("char", ","):
            self._back(variable, *spaces)
            return False
        self._solid()
        pipe.declared.append(variable.text)
        self._variables.append(variable.text)
        if after.kind != "char":
            pipe.assigns = after.kind == "assign"
            return False
        if context != "range" or len(pipe.declared) > 1:
            self._fail(f"too many declarations in {context}")
        if self._peek_solid().kind not in ("variable", "right", ")"):
            self._fail("range can only initialize variables")
        return True

    def _check(self, pipe: Pipe, context: str) -> None:
        if not pipe.commands:
            self._fail(f"missing value for {context}")
        for stage, command in enumerate(pipe.commands[1:], start=2):
            if command.args[0].kind in ("bool", "dot", "nil", "number", "string"):
                self._fail(f"non executable command in pipeline stage {stage}")

    def _command(self) -> Node:
        position = self._peek_solid().position
        args: list[Node] = []
        while True:
            self._back(self._solid())
            if operand := self._operand():
                args.append(operand)
            token = self._next()
            if token.kind == "space":
                continue
            if token.kind in ("right", ")"):
                self._back(token)
            elif token.kind != "pipe":
                self._unexpected(token, "operand")
            break
        if not args:
            self._fail("empty command")
        text = " ".join(f"({arg})" if arg.kind == "pipe" else str(arg) for arg in args)
        return Node("command", position, text, args=args)

    def _operand(self) -> Node | None:
        node = self._term()
        if node is None or self._peek().kind != "field":
            return node
        if node.kind in ("bool", "string", "number", "nil", "dot"):
            self._fail(f"unexpected . after term {texts.quoted(str(node))}")
        position, names = self._peek().position, []
        while self._peek().kind == "field":
            names.append(self._next().text[1:])
        text = (f"({node})" if node.kind == "pipe" else str(node)) + "".join(f".{name}" for name in names)
        if node.kind in ("field", "variable"):
            return Node(node.kind, position, text, names=[*node.names, *names])
        return Node("chain", position, text, value=node, names=names)

    def _term(self) -> Node | None:
        token = self._solid()
        position, text = token.position, token.text
        match token.kind:
            case "identifier":
                if text not in self._functions:
                    self._fail(f"function {texts.quoted(text)} not defined")
                return Node("identifier", position, text)
            case "dot" | "nil":
                return Node(token.kind, position, text)
            case "variable":
                if text not in self._variables:
                    self._fail(f"undefined variable {texts.quoted(text)}")
                return Node("variable", position, text, names=[text])
            case "field":
                return Node("field", position, text, names=[text[1:]])
            case "bool":
                return Node("bool", position, text, value=text == "true")
            case "number" | "character":
                return Node("number", position, text, value=self._number(token))
            case "string" | "raw string":
                return Node("string", position, text, value=self._unquote(text))
            case "(":
                return self._pipeline("parenthesized pipeline", ")")
        self._back(token)
        return None

    def _number(self, token: lexing.Token) -> Int | float | complex:
        text = token.text
        if token.kind == "character":
            value = self._inside(text)
            if not value:
                self._fail("invalid syntax")
            if len(value) != 1:
                self._fail(f"malformed character constant: {text}")
            return Int(ord(value))
        try:
            return _constant(text)
        except OverflowError:
            self._fail(f"integer overflow: {texts.quoted(text)}")
        except ValueError:
            self._fail(f"illegal number syntax: {texts.quoted(text)}")

    def _unquote(self, text: str) -> str:
        if text[0] == "`":
            return text[1:-1].replace("\r", "")
        return self._inside(text)

    def _inside(self, text: str) -> str:
        try:
            return literals.unquoted(text[1:-1], text[0])
        except ValueError:
            self._fail("invalid syntax")


def _constant(text: str) -> Int | float | complex:
    """A number's value; OverflowError for a whole one that no int holds, ValueError for what is none."""
    if text.endswith("i"):
        at = max(text.rfind("+"), text.rfind("-"))
        split = at if at > 0 and text[at - 1] not in "eEpP" else 0
        return complex(_real(text[:split]) if split else 0.0, _real(text[split:-1]))
    is_hex = text.lstrip("+-")[:2] in ("0x", "0X")
    if any(char in text for char in (".pP" if is_hex else ".eE")):
        return _real(text)
    try:
        number = _integer(text)
    except ValueError:
        if is_hex or not math.isfinite(_real(text)):
            raise
        raise OverflowError from None
    if not -(1 << 63) <= number < 1 << 63:
        raise OverflowError
    return Int(number)


def _real(text: str) -> float:
    """A float as strconv.ParseFloat reads it; ValueError."""
    is_hex = text.lstrip("+-")[:2] in ("0x", "0X")
    if is_hex and not any(char in text for char in "pP"):
        raise ValueError(text)
    try:
        found = float.fromhex(text.replace("_", "")) if is_hex else float(text if "_" not in text else "x")
    except OverflowError:
        raise ValueError(text) from None
    if not math.isfinite(found):
        raise ValueError(text)
    return found


def _integer(text: str) -> int:
    digits = text.lstrip("+-")
    octal = len(digits) > 1 and digits[0] == "0" and digits[1] in lexing.DIGITS + "_"
    return int(text.replace("_", ""), 8) if octal else int(text, 0)


def _is_empty(nodes: list[Node]) -> bool:
    return all(node.kind == "text" and not node.text.strip() for node in nodes)
