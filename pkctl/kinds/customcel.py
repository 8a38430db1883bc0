"""CEL as Kubernetes has it: checking, compiling and evaluating expressions over values that are typed by a schema.

The language is Google's own library's (cel-expr-python, imported when the first expression is met); Kubernetes' additions to it are
`customfunctions`. An expression is checked once, against the schema's types, when it is written; it runs unchecked over plain values.
Follows apiserver/pkg/cel and apiextensions-apiserver/pkg/apiserver/schema/cel. Not here: which rules apply where.
"""

from __future__ import annotations

from pkctl.kinds import celtexts, celvalues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from pkctl.kinds.celtypes import Types
    from pkctl.kinds.customnodes import Node

LIBRARIES = (("strings", "2"), ("lists", "2"), ("sets", "latest"), ("two-var-comprehensions", "latest"), ("optional", "2"))
"""The library's own extensions that a 1.36 server has, and their versions here."""


class CelError(Exception):
    """An expression that can't be compiled or evaluated; the text is Kubernetes'."""


class Expression:
    """One compiled expression over `self` and `oldSelf`; it has been checked when it was written (`check`)."""

    __slots__ = ("_is_optional", "_node", "_program", "uses_old")

    def __init__(self, text: str, node: Node, *, is_optional: bool = False) -> None:
        """Raises CelError when `text` doesn't compile; `is_optional` makes oldSelf an optional."""
        self._node, self._is_optional = node, is_optional
        self.uses_old = "oldSelf" in celtexts.words(text)
        self._program = program(f"cel.bind(oldSelf, oldSelf_[?0],\n{text}\n)" if is_optional else text, ("self", "oldSelf", "oldSelf_"))

    def value(self, current: Any, old: Any, has_old: bool, *, is_root: bool) -> Any:
        """What the expression gives; CelError with what went wrong."""
        known = {"self": celvalues.typed(self._node, current, is_root=is_root)}
        before = celvalues.typed(self._node, old, is_root=is_root) if has_old and self.uses_old else None
        if self._is_optional:
            known["oldSelf_"] = [before] if has_old else []
        elif has_old:
            known["oldSelf"] = before
        return result(self._program, known)


def check(text: str, node: Node, types: Types, *, wanted: str = "bool", is_optional: bool = False, is_root: bool = False) -> Any:
    """The compiled expression; CelError when it doesn't compile against the schema's types or doesn't give the `wanted` type."""
    signature = types.signature(node, is_root=is_root)
    if not signature:
        raise CelError("rule declared on schema that does not support validation rules")
    if is_optional:
        found = compiled(f"cel.bind(oldSelf, oldSelf_[?0],\n{text}\n)", {"self": signature, "oldSelf_": f"list<{signature}>"}, types, text)
    else:
        found = compiled(text, {"self": signature, "oldSelf": signature}, types)
    if type_of(found) != wanted:
        raise CelError(f"must evaluate to a {wanted}")
    return found


def checked(text: str, variables: Mapping[str, str], types: Types) -> str:
    """The type that an expression gives, in cel-go's names; CelError with the place in the text."""
    return type_of(compiled(text, variables, types))


def compiled(text: str, variables: Mapping[str, str], types: Types, shown_as: str = "") -> Any:
    """The compiled expression; CelError with the place in the text, or in `shown_as`, a line below it."""
    if not shown_as and "cel" in celtexts.words(text):
        at = next(start for word, start, _ in celtexts.paths(text) if word == "cel")
        raise CelError(f"compilation failed: {celtexts.pointed(text, at, _UNBOUND)}")
    made = checker(variables, types)
    try:
        found = made.compile(celtexts.with_optionals(text))
    except RuntimeError as error:
        raise CelError(f"compilation failed: {celtexts.message(str(error), shown_as or text, 1 if shown_as else 0)}") from None
    _check_literals(shown_as or text)
    return found


_UNBOUND = "undeclared reference to 'cel' (in container '')"


def type_of(expression: Any) -> str:
    """The type that a checked expression gives, in cel-go's names."""
    name: str = expression.return_type().name()
    return name.lower() if name.isupper() or "<" in name else name


def _check_literals(text: str) -> None:
    """Times, durations and patterns written out in an expression are right, or it doesn't compile."""
    found = celtexts.tokens(text)
    for at in range(len(found) - 3):
        (word, _), (opening, _), (written, place), (closing, _) = found[at : at + 4]
        if word not in ("duration", "timestamp", "matches") or opening != "(" or closing != ")" or written[-1] not in "\"'":
            continue
        tried = f"''.matches({written})" if word == "matches" else f"{word}({written})"
        try:
            result(program(tried, ()), {})
        except CelError:
            raise CelError(f"compilation failed: {celtexts.pointed(text, place, f'invalid {word} argument')}") from None


_environments: dict[tuple[str, ...], Any] = {}
"""The library's environments by the names of their variables; they hold no state of a cluster."""


def program(text: str, names: Iterable[str]) -> Any:
    """A program that runs over plain values, all dynamic; CelError when it can't be read."""
    key = tuple(names)
    try:
        if key not in _environments:
            _environments[key] = _environment(dict.fromkeys(key, "dyn"), None)
        return _environments[key].compile(celtexts.with_maps(celtexts.with_objects(celtexts.with_optionals(text))), disable_check=True)
    except RuntimeError as error:
        raise CelError(f"compilation failed: {celtexts.message(str(error), text)}") from None


def checker(variables: Mapping[str, str], types: Types) -> Any:
    """The environment that checks expressions over variables of these types."""
    key = tuple(variables.items())
    if key not in types.environments:
        types.environments[key] = _environment(variables, types)
    return types.environments[key]


def _environment(variables: Mapping[str, str], types: Types | None) -> Any:
    from cel_expr_python import cel

    from pkctl.kinds import customfunctions

    libraries = (*LIBRARIES, ("bindings", "latest"))
    config = cel.NewEnvConfigFromYaml("extensions:\n" + "".join(f"- name: {name}\n  version: {form}\n" for name, form in libraries))
    named = {name: cel.Type.DYN if form == "dyn" else cel.Type(form) for name, form in variables.items()}
    extension = customfunctions.extension(cel, is_checking=types is not None)
    return cel.NewEnv(types.pool if types else None, config=config, variables=named, extensions=[extension])


def result(expression: Any, known: Mapping[str, Any], functions: Sequence[Any] = ()) -> Any:
    """The plain value that a program gives; CelError with Kubernetes' text of what went wrong."""
    try:
        found = expression.eval(data=dict(known), functions=list(functions) or None)
    except RuntimeError as error:
        raise CelError(celtexts.failure(str(error))) from None
    if found.type().name() == "ERROR":
        raise CelError(celtexts.failure(str(found.value())))
    return found.plain_value()


def checking(answer: Callable[[dict[str, Any], str], dict[str, Any]]) -> Any:
    """The function `check` for one evaluation: `answer` is given an authorizer's question and the verb."""
    from cel_expr_python import cel

    question = cel.Type("map<string, dyn>")
    return cel.Function("check", [question, cel.Type.STRING], True, answer, question)
