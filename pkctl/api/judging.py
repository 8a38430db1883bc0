"""Validation: all that is wrong with an object, in one refusal; and what only deserves a warning."""

from __future__ import annotations

from pkctl.api import refusals, rooms
from pkctl.kinds import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request


def check(request: Request) -> None:
    """Invalid with every cause; a status is judged by its types alone."""
    row, new, old = request.row, request.new, request.old
    if request.subresource == "status":
        from pkctl.kinds import generic

        problems = generic.validate_meta(row, new, old)
    else:
        problems = rooms.problems(row, new, old)
    if problems:
        raise refusals.invalid(row, request.name, problems)


def warn(request: Request) -> None:
    """Say what the room warns of, and that a kind is only stored."""
    if request.subresource:
        return
    for text in rooms.warnings(request.row, request.new, request.old):
        request.session.warn(text)
    reason = table.STORED_ONLY.get(request.row.id) if request.verb == "create" else None
    if reason:
        request.session.warn(f"pkctl stores {request.row.kind} but does not act on it: {reason}")
