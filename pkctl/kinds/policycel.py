"""The expressions of admission policies: what they may name, compiling them together with a policy's variables, evaluating them.

Follows apiserver/pkg/admission/plugin/cel. The language and Kubernetes' functions are `customcel` and `customfunctions`. A variable is
bound around the expressions that use it, so that it is evaluated only where it is reached. Missing by name: `authorizer`.
"""

from __future__ import annotations

from pkctl.kinds import customcel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    Variables = Sequence[tuple[str, str]]

CelError = customcel.CelError
NAMES = ("namespaceObject", "object", "oldObject", "request")
"""What every expression may name; `params` only where a policy has a paramKind, `variables` everywhere but in match conditions."""

REQUEST_FIELDS = frozenset({
    "dryRun", "kind", "name", "namespace", "operation", "options", "requestKind", "requestResource", "requestSubResource", "resource",
    "subResource", "userInfo",
})  # fmt: skip
NO_AUTHORIZER = "pkctl has no authorizer that expressions could ask"
BY_NAME = "pkctl reads variables by their names only, as variables.NAME"


class Expression:
    """One compiled expression; its value comes from what `known` gives for `names`."""

    __slots__ = ("_program", "text")

    def __init__(self, text: str, *, wanted: str = "bool", params: bool = False, variables: Variables | None = None) -> None:
        """Raises CelError when the text doesn't compile or doesn't give the `wanted` type ("" for any)."""
        names = [*NAMES, *(["params"] if params else []), *(["variables"] if variables is not None else [])]
        self.text = text
        _check(text, variables or ())
        _compiled(text, names)
        self._program = _compiled(_bound(text, variables or ()), names, text)
        if wanted and self._program.return_type().name() != wanted.upper():
            raise CelError(f"must evaluate to {wanted}")

    def value(self, known: Mapping[str, Any]) -> Any:
        """What it gives; CelError with the API server's text."""
        try:
            return customcel.result(self._program, known)
        except CelError as error:
            raise CelError(f"expression '{self.text}' resulted in error: {error}") from None


def _check(text: str, variables: Variables) -> None:
    """What the library can't find wrong, since to it every name is dynamic."""
    declared = {name for name, _ in variables}
    for word, at, fields in customcel.paths(text):
        if word == "authorizer":
            raise CelError(NO_AUTHORIZER)
        if word == "variables" and declared and not fields:
            raise CelError(BY_NAME)
        known = REQUEST_FIELDS if word == "request" else declared if word == "variables" and declared else None
        if known is not None and fields and fields[0][0] not in known:
            problem = f"undefined field '{fields[0][0]}'"
            raise CelError(f"compilation failed: {customcel.pointed(text, max(at, fields[0][1]), problem)}")


def _compiled(text: str, names: Sequence[str], shown_as: str = "") -> Any:
    """A program; CelError with the place in the text, or in `shown_as`, which stands in the text's last lines."""
    try:
        return customcel.environment(names, {}).compile(text)
    except RuntimeError as error:
        problem = str(error).removeprefix("INVALID_ARGUMENT: ").removesuffix(" [INVALID_ARGUMENT]").rstrip("\n")
    raise CelError(f"compilation failed: {_placed(problem, shown_as or text, text)}")


def _placed(problem: str, shown_as: str, text: str) -> str:
    """A compiler's message about a bound expression as one about the expression, and with names as Kubernetes tells them."""
    import re

    for word, at, _ in customcel.paths(shown_as):
        if f"undeclared reference to '{word}." in problem:
            return customcel.pointed(shown_as, at, f"undeclared reference to '{word}' (in container '')")
    found = re.match(r"ERROR: <input>:(\d+):(\d+): (.*)", problem)
    line = int(found[1]) - 1 - text.count("\n") + shown_as.count("\n") + 1 if found else -1
    if found is None or text == shown_as or line < 0:
        return problem
    start = sum(len(each) for each in shown_as.splitlines(keepends=True)[:line])
    return customcel.pointed(shown_as, start + int(found[2]) - 1, found[3])


def _bound(text: str, variables: Variables) -> str:
    """The expression, on lines of its own, with the variables it needs bound around it, the first declared outermost."""
    needed, bound = _used(text), f"{_renamed(text)}\n"
    for name, own in reversed(variables):
        if name in needed:
            bound = f"cel.bind(variables_{name}, ({_renamed(own)}\n),\n{bound})"
            needed |= _used(own)
    return bound


def _used(text: str) -> set[str]:
    return {fields[0][0] for word, _, fields in customcel.paths(text) if word == "variables" and fields}


def _renamed(text: str) -> str:
    """`variables.a` as an identifier of its own."""
    found = [
        (at, text.index(fields[0][0], fields[0][1]), fields[0][0])
        for word, at, fields in customcel.paths(text)
        if word == "variables" and fields
    ]
    for start, at, name in reversed(found):
        text = f"{text[:start]}variables_{name}{text[at + len(name) :]}"
    return text
