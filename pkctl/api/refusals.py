"""The API's refusals in its own words, with the `details` that clients rebuild their text from.

Follows apimachinery/pkg/api/errors/errors.go. Not here: deciding whether to refuse.
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.fields import Problem

MODIFIED = "the object has been modified; please apply your changes to the latest version and try again"


def resource(row: Row) -> str:
    """`deployments.apps`, `pods`."""
    return row.id


def kind(row: Row) -> str:
    """`Deployment.apps`, `Pod`."""
    return f"{row.kind}.{row.group}" if row.group else row.kind


def details(row: Row, name: str, *, by_kind: bool = False, uid: str = "") -> dict[str, Any]:
    """`details` of a Status: name, group and kind, which is the plural but for Invalid."""
    found = {"name": name, "group": row.group, "kind": row.kind if by_kind else row.plural, "uid": uid}
    return {field: value for field, value in found.items() if value}


def not_found(row: Row, name: str) -> errors.NotFound:
    """`pods "x" not found`."""
    return errors.NotFound(f'{resource(row)} "{name}" not found', details(row, name))


def already_exists(row: Row, name: str) -> errors.AlreadyExists:
    """`pods "x" already exists`."""
    return errors.AlreadyExists(f'{resource(row)} "{name}" already exists', details(row, name))


def conflict(row: Row, name: str, text: str = MODIFIED) -> errors.Conflict:
    """`Operation cannot be fulfilled on pods "x": …`."""
    return errors.Conflict(f'Operation cannot be fulfilled on {resource(row)} "{name}": {text}', details(row, name))


def forbidden(row: Row, name: str, text: str, causes: Sequence[dict[str, str]] = ()) -> errors.Forbidden:
    """`pods "x" is forbidden: …`."""
    found = details(row, name)
    if causes:
        found["causes"] = list(causes)
    shown = f'{resource(row)} "{name}"' if name else resource(row)
    return errors.Forbidden(f"{shown} is forbidden: {text}", found)


def invalid(row: Row, name: str, problems: Sequence[Problem]) -> errors.Invalid:
    """`Deployment.apps "x" is invalid: …`: one problem as it is, several in brackets, each text once."""
    texts = list(dict.fromkeys(str(problem) for problem in problems))
    shown = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
    found = details(row, name, by_kind=True)
    found["causes"] = [problem.cause() for problem in problems]
    return errors.Invalid(f'{kind(row)} "{name}" is invalid: {shown}', found)


def unversioned(row: Row, name: str) -> errors.Invalid:
    """An update that doesn't say which version it replaces; its `details` name the plural, as upstream's do."""
    from pkctl.objects import fields

    problem = fields.invalid("metadata.resourceVersion", 0, "must be specified for an update")
    return errors.Invalid(f'{resource(row)} "{name}" is invalid: {problem}', {**details(row, name), "causes": [problem.cause()]})


def not_allowed(row: Row) -> errors.MethodNotAllowed:
    """A verb that the kind does not declare."""
    return errors.MethodNotAllowed("the server does not allow this method on the requested resource", details(row, ""))


def no_subresource(row: Row, verb: str, name: str) -> errors.NotFound:
    """A subresource that the kind does not declare; the server knows no such path, so that the words are a client's."""
    return errors.NotFound(f"the server could not find the requested resource ({verb} {row.id} {name})", details(row, ""))


def too_old(rev: int, floor: int) -> errors.Expired:
    """A revision that the log has forgotten."""
    return errors.Expired(f"too old resource version: {rev} ({floor})")


def too_large(rev: int, current: int) -> errors.Timeout:
    """A revision that is not there yet."""
    causes = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
    text = f"Too large resource version: {rev}, current: {current}"
    return errors.Timeout(f"Timeout: {text}", {"causes": causes, "retryAfterSeconds": 1})
