"""Validation: all that is wrong with an object, in one refusal; and what only deserves a warning."""

from __future__ import annotations

from pkctl.api import options, refusals, rooms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request
    from pkctl.objects.fields import Problem


UNJUDGED = frozenset({"approval", "binding", "finalize", "status"})
"""Subresources that change one part of a built-in object, which the room may judge: `validate_status` and the like."""

FINALIZER = (
    'metadata.finalizers: "{}": prefer a domain-qualified finalizer name including a path (/) to avoid accidental conflicts with other '
    "finalizer writers"
)
STANDARD = ("kubernetes", "orphan", "foregroundDeletion")


def check(request: Request) -> None:
    """Invalid with every cause."""
    row, new, old = request.row, request.new, request.old
    if request.subresource in UNJUDGED and row.schema is None:
        problems = _of_part(request)
    elif request.subject in ("pods/ephemeralcontainers", "pods/resize"):
        problems = _of_running_pod(request)
    else:
        problems = rooms.problems(row, new, old, request.asked.api_version)
    if problems:
        raise refusals.invalid(row, request.name, problems)


def _of_part(request: Request) -> list[Problem]:
    from pkctl.kinds import generic

    # What our own nodes have seen is so: refusing it would leave a pod as it was for good.
    is_ours = request.options.validation == options.TRUSTED
    judge = None if is_ours else rooms.part(request.row, f"validate_{request.subresource}")
    found = list(generic.validate_meta(request.row, request.new, request.old))
    return found + (judge(request.new, request.old) if judge is not None else [])


def _of_running_pod(request: Request) -> list[Problem]:
    """What the two ways to change a running pod may not do."""
    from pkctl.kinds import generic
    from pkctl.kinds.rules import podresizes, pods, podupdates

    new, old = request.new, request.old or {}
    found = [*generic.validate_meta(request.row, new, request.old), *pods.whole(new)]
    if request.subresource == "ephemeralcontainers":
        return [*found, *podupdates.notes(new, old), *podupdates.ephemeral_changes(new, old)]
    return [*found, *podresizes.changes(new, old)]


def warn(request: Request) -> None:
    """Tell the user, if there is one, what deserves a warning in the object, and what of it pkctl will not honour."""
    session, row, new, old = request.session, request.row, request.new, request.old
    if request.subresource or session.is_quiet:
        return
    for text in rooms.warnings(row, new, old):
        session.warn(text)
    known = (old or {}).get("metadata", {}).get("finalizers") or ()
    for name in new["metadata"].get("finalizers") or ():
        if "/" not in name and name not in (*STANDARD, *known) and not row.id.startswith("customresourcedefinitions."):
            session.warn(FINALIZER.format(name))
    if row.schema is None and not session.api.settings(session).get("hollow"):
        _tell_limits(request)


def _tell_limits(request: Request) -> None:
    """What pkctl will not do; in a hollow cluster, where nothing runs, nobody expects it to."""
    from pkctl.kinds import limits

    text = limits.of_kind(request.row) if request.verb == "create" else ""
    for each in (text, *limits.of_fields(request.row, request.new, request.old)):
        if each:
            request.session.warn(each)
