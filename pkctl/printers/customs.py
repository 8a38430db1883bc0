"""`-o custom-columns` and `-o custom-columns-file`: headers and relaxed JSONPath expressions chosen by the user.

Follows kubectl/pkg/cmd/get/customcolumn.go. Not here: reading the file, finding out what to print.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import jsonpath
from pkctl.printers import tabwriter, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

LAYOUT = "Expected format is one line of space separated headers, one line of space separated column specs."


class Broken(errors.CommandError):
    """An expression can't be read or followed; `printed` is what kubectl has put on stdout by then."""

    def __init__(self, message: str, printed: str) -> None:
        super().__init__(message)
        self.printed = printed


class Columns:
    """Prints objects in chosen columns, headers once; keeps column widths from one call to the next."""

    def __init__(self, columns: Sequence[tuple[str, str]], *, no_headers: bool = False) -> None:
        """`columns` are (header, expression); CommandError for an expression that isn't a path at all."""
        self._headers = None if no_headers else [header for header, _ in columns]
        self._expressions = [expression for _, expression in columns]
        try:
            list(map(jsonpath.relaxed, self._expressions))
        except jsonpath.JSONPathError as error:
            raise errors.CommandError(str(error)) from error
        self._writer = tabwriter.listing()

    def dump(self, obj: Any) -> str:
        """The lines for one object, or for each item of a list; Broken with the lines so far when an expression fails."""
        lines = [] if self._headers is None else ["\t".join(self._headers)]
        self._headers = None
        try:
            paths = [_path(expression) for expression in self._expressions]
            objects = obj["items"] if isinstance(obj.get("items"), list) else [obj]
            lines.extend("\t".join(_cell(path, each) for path in paths) for each in objects)
        except jsonpath.JSONPathError as error:
            raise Broken(str(error), self._align(lines)) from error
        return self._align(lines)

    def _align(self, lines: Sequence[str]) -> str:
        return self._writer.align("".join(f"{line}\n" for line in lines))


def parse(spec: str, *, no_headers: bool = False) -> Columns:
    """Columns from `HEADER:path,HEADER:path`; CommandError with kubectl's text when it isn't of that form."""
    if not spec:
        raise errors.CommandError("custom-columns format specified but no custom columns given")
    columns = []
    for part in spec.split(","):
        header, colon, expression = part.partition(":")
        if not colon:
            raise errors.CommandError(f"unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>")
        columns.append((header, expression))
    return Columns(columns, no_headers=no_headers)


def parse_file(text: str, *, no_headers: bool = False) -> Columns:
    """Columns from a template's text, headers in its first line and expressions in its second."""
    lines = text.splitlines()
    if not lines:
        raise errors.CommandError(f"invalid template, missing header line. {LAYOUT}")
    if len(lines) < 2:
        raise errors.CommandError(f"invalid template, missing spec line. {LAYOUT}")
    headers, expressions = lines[0].split(), lines[1].split()
    if len(headers) != len(expressions):
        raise errors.CommandError(f"number of headers ({len(headers)}) and field specifications ({len(expressions)}) don't match")
    return Columns(list(zip(headers, expressions, strict=True)), no_headers=no_headers)


def _path(expression: str) -> jsonpath.Template:
    try:
        return jsonpath.parse(expression, relaxed=True)
    except jsonpath.JSONPathError as error:
        # Here kubectl says the bare reason.
        raise jsonpath.JSONPathError(str(error).removeprefix(f"error parsing jsonpath {expression}, ")) from None


def _cell(path: jsonpath.Template, obj: Any) -> str:
    return ",".join(values.escape(values.sprint(value)) for value in path.values(obj)) or values.NONE
