"""Errors to stderr and exit codes, in kubectl's forms (kubectl's cmd/util/helpers.go); the only owner of both.

Not here: what went wrong. A command raises, or collects into `Many`.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.cli.streams import Io


class Many(errors.PkctlError):
    """Several errors of one run; each is shown in its own form, and those of a `Many` among them as one line in brackets."""

    def __init__(self, found: Sequence[errors.PkctlError]) -> None:
        told = list(dict.fromkeys(str(error) for error in found))
        super().__init__(told[0] if len(told) == 1 else f"[{', '.join(told)}]")
        self.errors = list(found)


class Exit(errors.PkctlError):
    """Leave with a code; everything worth saying has been said."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit {code}")
        self.code = code


def raise_all(found: Sequence[errors.PkctlError]) -> None:
    """Nothing for no errors, the error itself for one, `Many` for several."""
    if len(found) == 1:
        raise found[0].errors[0] if isinstance(found[0], Many) and len(found[0].errors) == 1 else found[0]
    if found:
        raise Many(found)


def together(found: Sequence[errors.PkctlError]) -> list[errors.PkctlError]:
    """The errors that were met while objects were gathered, as the one that kubectl's builder makes of them."""
    return [Many(found)] if found else []


def raise_several(found: Sequence[errors.PkctlError]) -> None:
    """The same for a command that tells one error as it tells several: in its own words alone."""
    if found:
        raise Many(found)


def prefixed(error: errors.PkctlError, verb: str, source: str) -> errors.PkctlError:
    """The error with `error when VERBing "FILE": ` before it; an API status stays one. No source, no change."""
    if not source:
        return error
    text = f'error when {verb} "{source}": {error}'
    if isinstance(error, errors.StatusError):
        told = type(error)(text, error.details)
        told.reason = error.reason
        return told
    return errors.CommandError(text)


def text(error: BaseException, program: str = "pkctl") -> str:
    """What the error says on stderr, without its last newline; "" for nothing."""
    if isinstance(error, Exit):
        return ""
    if isinstance(error, Many):
        return "\n".join(_among_others(each, program) for each in error.errors)
    if isinstance(error, errors.Invalid):
        return _invalid(error)
    if isinstance(error, errors.Unauthorized):
        return "error: You must be logged in to the server (Unauthorized)"
    if isinstance(error, errors.StatusError):
        return _refused(error)
    said = str(error)
    said = said if said.startswith("error: ") or (isinstance(error, errors.PkctlError) and error.bare) else f"error: {said}"
    if isinstance(error, errors.UsageError) and error.path is not None:
        return f"{said}\nSee '{' '.join((program, *error.path.split()))} -h' for help and examples"
    return said


def _refused(error: errors.StatusError) -> str:
    reason = f" ({error.reason})" if error.reason else ""
    return f"Error from server{reason}: {error.message}"


def _among_others(error: errors.PkctlError, program: str) -> str:
    if isinstance(error, errors.Invalid):
        return _refused(error)
    is_plain = isinstance(error, (Many, errors.CommandError)) and not isinstance(error, errors.UsageError)
    return str(error) if is_plain else text(error, program)


def _invalid(error: errors.Invalid) -> str:
    details = error.details
    if not details:
        return f"The request is invalid: {error.message}" if error.message else "The request is invalid"
    causes = details.get("causes") or []
    start = "The request is invalid"
    if details.get("kind") or details.get("name"):
        from pkctl.objects import texts

        start = f"The {details.get('kind', '')} {texts.quoted(str(details.get('name', '')))} is invalid"
    elif error.message and not causes:
        start = f"{start}: {error.message}"
    lines = list(dict.fromkeys(_cause(each) for each in causes))
    if not lines:
        return start
    if len(lines) == 1:
        return f"{start}: {lines[0]}"
    return "\n".join((f"{start}: ", *(f"* {line}" for line in lines)))


def _cause(cause: dict[str, str]) -> str:
    return f"{cause.get('field', '')}: {cause.get('message', '')}"


def show(error: BaseException, io: Io) -> int:
    """Say it and return the exit code."""
    said = text(error, io.program)
    if said:
        io.err(said if said.endswith("\n") and not isinstance(error, Many) else f"{said}\n")
    return int(getattr(error, "code", 1)) if isinstance(error, (Exit, errors.CommandError)) else 1
