"""Which of a list's and a watch's options go together, and what is told of those that don't.

Follows apimachinery/pkg/apis/internalversion/validation/validation.go. Not here: reading them off a URL (parameters), doing as they
say (listing, watching).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkctl.api.options import Query
    from pkctl.objects.fields import Problem

EXACT, NOT_OLDER = "Exact", "NotOlderThan"
MATCH, INITIAL = "resourceVersionMatch", "sendInitialEvents"


def invalid(kind: str, problems: Sequence[Problem]) -> errors.Invalid:
    """`ListOptions.meta.k8s.io "" is invalid: …`, for the options of any verb; one problem as it is, several in brackets."""
    shown = str(problems[0]) if len(problems) == 1 else f"[{', '.join(map(str, problems))}]"
    causes = [problem.cause() for problem in problems]
    return errors.Invalid(f'{kind}.meta.k8s.io "" is invalid: {shown}', {"group": "meta.k8s.io", "kind": kind, "causes": causes})


def check_list(query: Query) -> None:
    """Invalid for options that a list can't follow."""
    problems = []
    if match := query.match:
        if not query.revision:
            problems.append(fields.forbidden(MATCH, f"{MATCH} is forbidden unless resourceVersion is provided"))
        if query.continue_:
            problems.append(fields.forbidden(MATCH, f"{MATCH} is forbidden with continue"))
        if match not in (EXACT, NOT_OLDER):
            problems.append(fields.unsupported(MATCH, match, (EXACT, NOT_OLDER, "")))
        if match == EXACT and query.revision == "0":
            problems.append(fields.forbidden(MATCH, f'{MATCH} "exact" is forbidden for resourceVersion "0"'))
    if query.initial is not None:
        problems.append(fields.forbidden(INITIAL, f"{INITIAL} is forbidden for list"))
    if problems:
        raise invalid("ListOptions", problems)


def check_watch(query: Query) -> None:
    """Invalid for options that a watch can't follow."""
    problems, match = [], query.match
    if query.initial is not None and match != NOT_OLDER:
        problems.append(fields.forbidden(MATCH, f"{INITIAL} requires setting {MATCH} to {NOT_OLDER}"))
    if match:
        if query.initial is None:
            problems.append(fields.forbidden(MATCH, f"{MATCH} is forbidden for watch unless {INITIAL} is provided"))
        if match != NOT_OLDER:
            problems.append(fields.unsupported(MATCH, match, (NOT_OLDER,)))
        if query.continue_:
            problems.append(fields.forbidden(MATCH, f"{MATCH} is forbidden with continue"))
    if problems:
        raise invalid("ListOptions", problems)


def number(text: str) -> int:
    """A resourceVersion of a query, 0 for none; Invalid when it is no number."""
    if not text:
        return 0
    if not text.isdecimal():
        detail = f'strconv.ParseUint: parsing "{text}": invalid syntax'
        raise invalid("ListOptions", [fields.invalid("resourceVersion", text, detail)])
    return int(text)
