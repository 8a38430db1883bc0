"""`-o go-template`: Go's text/template run over an object; follows Go's text/template/exec.go, error texts included.

Reading templates is `gotemplates_parsing`, their functions `gotemplates_functions`, printf `gotemplates_printf`.
"""

from __future__ import annotations

from pkctl.objects import texts
from pkctl.printers import gotemplates_functions as functions
from pkctl.printers import gotemplates_parsing as parsing
from pkctl.printers import gotemplates_printf as printf
from pkctl.printers.gotemplates_functions import MISSING
from pkctl.printers.gotemplates_parsing import NAME, Int, Node, Pipe, TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Template", "TemplateError", "parse"]

ABSENT = object()
"""No value comes through the pipe."""


def parse(text: str) -> Template:
    """A template; TemplateError with Go's text (`template: output:1: …`)."""
    return Template(text, parsing.Tree(text, functions.NAMES).parse())


def _named(value: Any) -> str:
    """What Go calls a value in place of its contents; strings it shows."""
    return value if isinstance(value, str) else f"<{printf.type_name(value)} Value>"


class Template:
    """A template that was read; it can be run on many objects."""

    __slots__ = ("templates", "text")

    def __init__(self, text: str, templates: dict[str, list[Node]]) -> None:
        self.text, self.templates = text, templates

    def render(self, value: Any, *, allow_missing: bool = True) -> str:
        """What it prints for a value; TemplateError, which carries what was printed before, with Go's text."""
        running = _Running(self, value, allow_missing)
        try:
            running.nodes((value, False), self.templates[NAME])
        except TemplateError as error:
            raise TemplateError(str(error), "".join(running.out)) from None
        except RecursionError:
            # Go stops at a depth that Python's stack can't hold; a template that gets there never ends.
            raise TemplateError(str(running.fail("exceeded maximum template depth (100000)")), "".join(running.out)) from None
        return "".join(running.out)


class _Leave(Exception):
    """`break` or `continue` on its way to the loop."""


class _Running:
    """One run. A dot or variable is (value, boxed): boxed values came straight out of a map or list, of which errors tell."""

    def __init__(self, template: Template, root: Any, allow_missing: bool) -> None:
        self.template, self.allow_missing = template, allow_missing
        self.out: list[str] = []
        self.variables: list[tuple[str, tuple[Any, bool]]] = [("$", (root, False))]
        self.name = NAME
        self.node: Node = Node("text")

    def fail(self, text: str) -> TemplateError:
        """The error for what happens at the current node."""
        before = self.template.text[: self.node.position]
        line, column = before.count("\n") + 1, len(before[before.rfind("\n") + 1 :].encode())
        return TemplateError(f"template: {NAME}:{line}:{column}: executing {texts.quoted(self.name)} at <{self.node}>: {text}")

    def nodes(self, dot: tuple[Any, bool], nodes: list[Node]) -> None:
        """Runs nodes one after another."""
        for node in nodes:
            if node.kind == "text":
                self.out.append(node.text)
            elif node.kind == "action":
                self._action(dot, node)
            elif node.kind == "range":
                self._range(dot, node)
            elif node.kind == "template":
                self._template(dot, node)
            elif node.kind in ("break", "continue"):
                raise _Leave(node.kind)
            else:
                self._branch(dot, node)

    def _action(self, dot: tuple[Any, bool], node: Node) -> None:
        value = self._pipeline(dot, node.pipe)
        if not node.pipe.declared:
            self.out.append("<no value>" if value is MISSING else printf.show(value))

    def _branch(self, dot: tuple[Any, bool], node: Node) -> None:
        seen = len(self.variables)
        value = self._pipeline(dot, node.pipe)
        if functions.is_true(value):
            self.nodes((value, False) if node.kind == "with" else dot, node.inner)
        else:
            self.nodes(dot, node.other)
        del self.variables[seen:]

    def _range(self, dot: tuple[Any, bool], node: Node) -> None:
        seen = len(self.variables)
        self.node = node
        items = self._items(self._pipeline(dot, node.pipe), node.pipe)
        inner = len(self.variables)
        for key, item in items:
            self._name_items(node.pipe, key, item)
            try:
                self.nodes(item, node.inner)
            except _Leave as leave:
                if str(leave) == "break":
                    break
            finally:
                del self.variables[inner:]
        if not items:
            self.nodes(dot, node.other)
        del self.variables[seen:]

    def _items(self, value: Any, pipe: Pipe) -> list[tuple[Any, tuple[Any, bool]]]:
        if value is MISSING or value is None:
            return []
        if isinstance(value, dict):
            return [(key, (value[key], True)) for key in sorted(value)]
        if isinstance(value, list):
            return [(Int(number), (item, True)) for number, item in enumerate(value)]
        if isinstance(value, int) and not isinstance(value, bool):
            if len(pipe.declared) > 1:
                raise self.fail(f"can't use {value} to iterate over more than one variable")
            return [(type(value)(number), (type(value)(number), False)) for number in range(value)]
        raise self.fail(f"range can't iterate over {printf.show(value)}")

    def _name_items(self, pipe: Pipe, key: Any, item: tuple[Any, bool]) -> None:
        values = [item] if len(pipe.declared) == 1 else [(key, False), item]
        for name, value in zip(pipe.declared, values, strict=False):
            if pipe.assigns:
                self._assign(name, value)
            else:
                self.variables.append((name, value))

    def _assign(self, name: str, value: tuple[Any, bool]) -> None:
        for at in range(len(self.variables) - 1, -1, -1):
            if self.variables[at][0] == name:
                self.variables[at] = (name, value)
                return
        raise self.fail(f"undefined variable: {name}")

    def _template(self, dot: tuple[Any, bool], node: Node) -> None:
        self.node = node
        nodes = self.template.templates.get(node.value)
        if nodes is None:
            raise self.fail(f"template {texts.quoted(node.value)} not defined")
        value = MISSING if node.pipe is None else self._pipeline(dot, node.pipe)
        outer = self.variables, self.name
        self.variables, self.name = [("$", (value, False))], node.value
        self.nodes((value, False), nodes)
        self.variables, self.name = outer

    def _pipeline(self, dot: tuple[Any, bool], pipe: Any) -> Any:
        self.node = pipe
        value: Any = ABSENT
        for command in pipe.commands:
            value = self._command(dot, command, value)
            if value is None:
                value = MISSING
        for name in pipe.declared:
            if pipe.assigns:
                self._assign(name, (value, False))
            else:
                self.variables.append((name, (value, False)))
        return value

    def _command(self, dot: tuple[Any, bool], command: Node, final: Any) -> Any:
        first = command.args[0]
        has_args = len(command.args) > 1 or final is not ABSENT
        if first.kind == "identifier":
            return self._function(dot, first, command, command.args[1:], final)
        if first.kind in ("field", "variable", "chain"):
            return self._operand(dot, first, command.args, has_args)
        if first.kind != "pipe":
            self.node = first
        if has_args:
            raise self.fail(f"can't give argument to non-function {first}")
        if first.kind == "nil":
            raise self.fail("nil is not a command")
        return self._operand(dot, first, command.args, False)

    def _operand(self, dot: tuple[Any, bool], node: Node, args: list[Node], has_args: bool) -> Any:
        """The value of a node that calls no function."""
        if node.kind == "pipe":
            return self._pipeline(dot, node)
        self.node = node
        match node.kind:
            case "dot":
                return dot[0]
            case "field":
                return self._fields(dot, node.names, has_args)
            case "variable":
                if len(node.names) == 1 and has_args:
                    raise self.fail(f"can't give argument to non-function {args[0]}")
                return self._fields(self._variable(node.names[0]), node.names[1:], has_args)
            case "chain":
                return self._chain(dot, node, has_args)
            case "nil":
                return MISSING
        return node.value

    def _variable(self, name: str) -> tuple[Any, bool]:
        value: tuple[Any, bool]
        for known, value in reversed(self.variables):
            if known == name:
                return value
        raise self.fail(f"undefined variable: {name}")

    def _chain(self, dot: tuple[Any, bool], node: Node, has_args: bool) -> Any:
        if node.value.kind == "nil":
            raise self.fail(f"indirection through explicit nil in {node}")
        return self._fields((self._argument(dot, node.value), False), node.names, has_args)

    def _fields(self, start: tuple[Any, bool], names: list[str], has_args: bool) -> Any:
        value, boxed = start
        for number, name in enumerate(names, start=1):
            value = self._field(value, boxed, name, has_args and number == len(names))
            boxed = True
        return value

    def _field(self, value: Any, boxed: bool, name: str, has_args: bool) -> Any:
        if value is MISSING:
            if not self.allow_missing:
                raise self.fail(f"nil data; no entry for key {texts.quoted(name)}")
            return MISSING
        if value is None:
            raise self.fail(f"nil pointer evaluating interface {{}}.{name}")
        if not isinstance(value, dict):
            raise self.fail(f"can't evaluate field {name} in type {'interface {}' if boxed else printf.type_name(value)}")
        if has_args:
            raise self.fail(f"{name} is not a method but has arguments")
        if name in value:
            return value[name]
        if not self.allow_missing:
            raise self.fail(f"map has no entry for key {texts.quoted(name)}")
        return MISSING

    def _argument(self, dot: tuple[Any, bool], node: Node) -> Any:
        self.node = node
        if node.kind == "identifier":
            return self._function(dot, node, node, [], ABSENT)
        return self._operand(dot, node, [node], False)

    def _function(self, dot: tuple[Any, bool], node: Node, command: Node, args: list[Node], final: Any) -> Any:
        self.node = node
        name = node.text
        count = len(args) + (final is not ABSENT)
        if name in ("and", "or"):
            return self._logic(dot, name, args, final, count)
        function, least, most = functions.FUNCTIONS[name]
        if count < least or (most is not None and count > most):
            raise self.fail(f"wrong number of args for {name}: want {'at least ' if most is None else ''}{least} got {count}")
        values = [self._typed(dot, arg, name in functions.STRINGS and number == 0) for number, arg in enumerate(args)]
        if final is not ABSENT:
            if not values and name in functions.STRINGS:
                self._string(final)
            values.append(final)
        try:
            return function(*values)
        except functions.CallError as error:
            self.node = command
            told = (
                str(error).replace("non-function of", f"non-function {args[0] if args else _named(final)} of") if name == "call" else error
            )
            raise self.fail(f"error calling {name}: {told}") from None

    def _typed(self, dot: tuple[Any, bool], node: Node, wants_string: bool) -> Any:
        value = self._argument(dot, node)
        if wants_string:
            if node.kind in ("bool", "number"):
                raise self.fail(f"expected string; found {node}")
            if node.kind == "nil":
                raise self.fail("cannot assign nil to string")
            self._string(value)
        return value

    def _string(self, value: Any) -> None:
        if value is MISSING:
            raise self.fail("invalid value; expected string")
        if not isinstance(value, str):
            raise self.fail(f"wrong type for value; expected string; got {'interface {}' if value is None else printf.type_name(value)}")

    def _logic(self, dot: tuple[Any, bool], name: str, args: list[Node], final: Any, count: int) -> Any:
        """`and` and `or`: the first value that decides, or the last one."""
        if not count:
            raise self.fail(f"wrong number of args for {name}: want at least 1 got 0")
        value = None
        for arg in args:
            value = self._argument(dot, arg)
            if functions.is_true(value) == (name == "or"):
                return value
        return value if final is ABSENT else final
