"""Certificate signing requests: who asks, who may decide, and who may sign.

Follows plugin/pkg/admission/certificates/{approval,signing,subjectrestriction}, and the part of pkg/registry/certificates that notes who
asks and when it was decided.
"""

from __future__ import annotations

from pkctl.api import authorizing, metadata, refusals
from pkctl.objects import fields, meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.api.requests import Request
    from pkctl.objects.meta import Object

GROUP = "certificates.k8s.io"
CLIENT = "kubernetes.io/kube-apiserver-client"
EXCLUSIVE = "Approved and Denied conditions are mutually exclusive"
WHO = ("username", "uid", "groups", "extra")


def note_requester(request: Request) -> None:
    """Write down who asks, whatever the request says of that."""
    api = request.session.api
    said = {field: value for field, value in (request.new.get("spec") or {}).items() if field not in WHO}
    who = {"username": api.user, "groups": list(api.groups), **api.claims}
    request.new["spec"] = {**said, **{field: who[field] for field in WHO if who.get(field)}}


def check_subject(request: Request) -> None:
    """Forbidden to ask for a client certificate that makes its holder an administrator."""
    from pkctl.kinds import certificatesigningrequests as room
    from pkctl.kinds import derparts

    spec = request.new["spec"]
    if spec.get("signerName") != CLIENT:
        return
    subject, _ = derparts.request(room.der_of(spec["request"]))
    if authorizing.MASTERS in subject.get("Organization", ()):
        text = f"use of {CLIENT} signer with {authorizing.MASTERS} group is not allowed"
        raise refusals.forbidden(request.row, request.name, text)


def check_approval(request: Request) -> None:
    """Forbidden without the right to approve for the signer; Invalid when both approved and denied; conditions get their times."""
    _require(request, "approve")
    _check_conditions(request)


def check_signing(request: Request) -> None:
    """Forbidden to hand out a certificate, or to say that it failed, without the right to sign for the signer."""
    old = request.old or {}
    if _outcome(request.new) != _outcome(old):
        _require(request, "sign")
    _check_conditions(request)


def keep_decision(request: Request) -> None:
    """A signer's write leaves what was decided as it was."""
    said, before = (meta.at(each or {}, "status", "conditions", default=[]) for each in (request.new, request.old))
    for kind in ("Approved", "Denied"):
        _keep(said, before, kind)


def _keep(said: list[Object], before: Iterable[Object], kind: str) -> None:
    """A decision repeated in other words stays as it was; one added or dropped is left for validation to refuse."""
    kept = [each for each in before if each.get("type") == kind]
    places = [place for place, each in enumerate(said) if each.get("type") == kind]
    if len(kept) == len(places):
        for place, each in zip(places, kept, strict=True):
            said[place] = meta.clone(each)


def _outcome(obj: Object) -> tuple[object, object]:
    said = meta.at(obj, "status", "conditions", default=())
    return meta.at(obj, "status", "certificate"), [each for each in said if each.get("type") == "Failed"]


def _require(request: Request, verb: str) -> None:
    api, signer = request.session.api, meta.at(request.old or {}, "spec", "signerName", default="")
    for name in (signer, f"{signer.partition('/')[0]}/*"):
        asked = authorizing.Attributes(api.user, api.groups, verb, group=GROUP, resource="signers", name=name)
        if authorizing.decide(authorizing.Stored(request.session), asked)[0]:
            return
    text = f"user not permitted to {verb} requests with signerName {fields.quoted(signer)}"
    raise refusals.forbidden(request.row, request.name, text)


def _check_conditions(request: Request) -> None:
    said = meta.at(request.new, "status", "conditions", default=())
    types = [each.get("type") for each in said]
    if {"Approved", "Denied"} <= set(types):
        last = next(each for each in reversed(types) if each in ("Approved", "Denied"))
        raise refusals.invalid(request.row, request.name, [fields.invalid("status.conditions", last, EXCLUSIVE)])
    stamp = metadata.now(request.session)
    for each in said:
        each["lastUpdateTime"] = each.get("lastUpdateTime") or stamp
        each["lastTransitionTime"] = each.get("lastTransitionTime") or stamp
