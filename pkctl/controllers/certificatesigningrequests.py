"""Certificate signing requests: approved ones are signed by the cluster's own authority, and those done with are cleaned away.

Follows pkg/controller/certificates/{signer,cleaner} and pkg/apis/certificates/helpers.go. Nothing is approved here: requests of nodes,
which Kubernetes approves by itself, are not made by pkctl's.
"""

from __future__ import annotations

from pkctl.controllers import plan, writes
from pkctl.kinds import certificatesigningrequests as room
from pkctl.kinds import derparts
from pkctl.objects import meta, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.objects.meta import Object

    Names = dict[str, list[str]]

KIND = "certificatesigningrequests.certificates.k8s.io"
PENDING, DONE = 86400.0, 3600.0
"""Seconds that a request is kept which nobody decides, and one that was denied, has failed or was signed."""

OPTIONAL = ("digital signature", "key encipherment")


class Unfit(Exception):
    """Why a signer does not sign a request."""


def reconcile(view: plan.View, key: plan.Key) -> plan.Plan:
    """Sign, or clean away when the time has come."""
    request = view.get(KIND, "", key[1])
    if request is None or meta.is_deleting(request):
        return plan.Plan()
    left = _left(request, view.now)
    if left <= 0:
        return plan.Plan([plan.Write("delete", KIND, request)])
    return plan.Plan(writes.status(KIND, request, _judged(view, request)), again_after=left)


def _left(request: Object, now: float) -> float:
    """Seconds until the request is cleaned away."""
    said = meta.at(request, "status", "conditions", default=())
    if not said:
        return times.parse(request["metadata"]["creationTimestamp"]) + PENDING - now
    if room.standing(request) == "Approved":
        return PENDING
    stamps = [each.get("lastUpdateTime") or request["metadata"]["creationTimestamp"] for each in said]
    return max(map(times.parse, stamps)) + DONE - now


def _judged(view: plan.View, request: Object) -> Object:
    """The status with the certificate in it, or with the reason why there is none."""
    status: Object = meta.clone(request.get("status") or {})
    check = SIGNERS.get(meta.at(request, "spec", "signerName", default=""))
    if check is None or room.standing(request) != "Approved":
        return status
    try:
        check(*derparts.request(room.der_of(request["spec"]["request"])), request["spec"].get("usages") or ())
        text = view.certify(request)
    except (Unfit, ValueError) as unfit:
        failed = {"type": "Failed", "status": "True", "reason": "SignerValidationFailed", "message": str(unfit)}
        stamp = times.stamp(view.now)
        status["conditions"] = [*status["conditions"], {**failed, "lastUpdateTime": stamp, "lastTransitionTime": stamp}]
        return status
    import base64

    return {**status, "certificate": base64.b64encode(text.encode()).decode()}


def _client(_subject: Names, _names: Names, usages: Sequence[str]) -> None:
    for usage in usages:
        if usage not in (*OPTIONAL, "client auth"):
            raise Unfit(f"invalid usage for client certificate: {usage}")
    if "client auth" not in usages:
        raise Unfit("missing required usage for client certificate: client auth")


def _kubelet_client(subject: Names, names: Names, usages: Sequence[str]) -> None:
    _node(subject)
    for title, shown in (("DNS Names", "DNS"), ("Email Addresses", "Email"), ("IP Addresses", "IP"), ("URIs", "URI")):
        if names.get(title):
            raise Unfit(f"{shown} subjectAltNames are not allowed")
    _exactly("client auth", usages)


def _kubelet_serving(subject: Names, names: Names, usages: Sequence[str]) -> None:
    _node(subject)
    if not names.get("DNS Names") and not names.get("IP Addresses"):
        raise Unfit("DNS or IP subjectAltName is required")
    for title, shown in (("Email Addresses", "Email"), ("URIs", "URI")):
        if names.get(title):
            raise Unfit(f"{shown} subjectAltNames are not allowed")
    _exactly("server auth", usages)


def _node(subject: Names) -> None:
    if subject.get("Organization") != ["system:nodes"]:
        raise Unfit("subject organization is not system:nodes")
    if not (subject.get("Common Name") or [""])[0].startswith("system:node:"):
        raise Unfit("subject common name does not begin with system:node: ")


def _exactly(purpose: str, usages: Sequence[str]) -> None:
    if set(usages) not in ({"digital signature", purpose}, {*OPTIONAL, purpose}):
        raise Unfit(f"usages did not match {' '.join(sorted((*OPTIONAL, purpose))).join('[]')}")


SIGNERS: dict[str, Callable[[Names, Names, Sequence[str]], None]] = {
    "kubernetes.io/kube-apiserver-client": _client,
    "kubernetes.io/kube-apiserver-client-kubelet": _kubelet_client,
    "kubernetes.io/kubelet-serving": _kubelet_serving,
}
"""What each signer asks of a request: its subject and alternative names by title, and its usages."""
