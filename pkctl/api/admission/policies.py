"""Admission policies: the cluster's own rules and changes, written in CEL, over what is created, changed and deleted.

This much is asked of every write: whether there is any binding, which is one count in a transaction. What they say is `verdicts`, what they
change `mutations`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

GROUP = "admissionregistration.k8s.io"
POLICIES, BINDINGS = f"validatingadmissionpolicies.{GROUP}", f"validatingadmissionpolicybindings.{GROUP}"
MUTATING, MUTATING_BINDINGS = f"mutatingadmissionpolicies.{GROUP}", f"mutatingadmissionpolicybindings.{GROUP}"
NOTE, MUTATING_NOTE = "policies", "mutating policies"


def check(request: Request) -> None:
    """Refused with the first denial, in the words and with the reason of its policy; rules about admission itself are exempt."""
    if _are_any(request, NOTE, BINDINGS):
        from pkctl.api.admission import verdicts

        verdicts.check(request)


def change(request: Request) -> None:
    """Change `request.new` as the policies want it; rules about admission itself are exempt."""
    if _are_any(request, MUTATING_NOTE, MUTATING_BINDINGS):
        from pkctl.api.admission import mutations

        mutations.change(request)


def _are_any(request: Request, note: str, bindings: str) -> bool:
    """Whether there are bindings, as the transaction's notes keep it: () for none, None until the policies are read."""
    notes = request.session.notes
    if note not in notes:
        notes[note] = None if request.session.tx.count(f"{bindings}/") else ()
    return notes[note] != () and request.row.group != GROUP
