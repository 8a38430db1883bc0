"""Admission policies: the cluster's own rules and changes, written in CEL, over what is created, changed and deleted.

This much is asked of every write: whether there is any binding, which is one count in a transaction. What they say is `verdicts`, what they
change `mutations`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

GROUP = "admissionregistration.k8s.io"
VALIDATING = ("policies", f"validatingadmissionpolicies.{GROUP}", f"validatingadmissionpolicybindings.{GROUP}")
MUTATING = ("mutating policies", f"mutatingadmissionpolicies.{GROUP}", f"mutatingadmissionpolicybindings.{GROUP}")
"""The note that a transaction keeps of a plugin, the kind of its policies, and that of their bindings."""


def check(request: Request) -> None:
    """Refused with the first denial, in the words and with the reason of its policy; rules about admission itself are exempt."""
    if _are_any(request, VALIDATING):
        from pkctl.api.admission import bound, verdicts

        verdicts.check(request, bound.policies(request.session, *VALIDATING))


def change(request: Request) -> None:
    """Change `request.new` as the policies want it; rules about admission itself are exempt."""
    if _are_any(request, MUTATING):
        from pkctl.api.admission import bound, mutations

        mutations.change(request, bound.policies(request.session, *MUTATING))


def _are_any(request: Request, plugin: tuple[str, str, str]) -> bool:
    """Whether there are bindings, as the transaction's notes keep it: () for none, None until the policies are read."""
    notes, (note, _, bindings) = request.session.notes, plugin
    if note not in notes:
        notes[note] = None if request.session.tx.count(f"{bindings}/") else ()
    return notes[note] != () and request.row.group != GROUP
