"""ValidatingAdmissionPolicy: the cluster's own rules, written in CEL, over what is created, changed and deleted.

This much is asked of every write: whether there is any binding, which is one count in a transaction. What they say is `verdicts`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

GROUP = "admissionregistration.k8s.io"
POLICIES, BINDINGS = f"validatingadmissionpolicies.{GROUP}", f"validatingadmissionpolicybindings.{GROUP}"
NOTE = "policies"


def check(request: Request) -> None:
    """Refused with the first denial, in the words and with the reason of its policy; rules about admission itself are exempt."""
    notes = request.session.notes
    if NOTE not in notes:
        notes[NOTE] = None if request.session.tx.count(f"{BINDINGS}/") else ()
    if notes[NOTE] == () or request.row.group == GROUP:
        return
    from pkctl.api.admission import verdicts

    verdicts.check(request)
