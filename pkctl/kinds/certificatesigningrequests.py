"""CertificateSigningRequest. Approving and signing are a subresource's and a controller's.

Follows pkg/apis/certificates/{v1/defaults.go,validation} of Kubernetes.
"""

from __future__ import annotations

import binascii

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, derparts, describing
from pkctl.objects import fields, meta, names, times

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

USAGES = frozenset({
    "signing", "digital signature", "content commitment", "key encipherment", "key agreement", "data encipherment", "cert sign", "crl sign",
    "encipher only", "decipher only", "any", "server auth", "client auth", "code signing", "email protection", "s/mime",
    "ipsec end system", "ipsec tunnel", "ipsec user", "timestamping", "ocsp signing", "microsoft sgc", "netscape sgc",
})  # fmt: skip
SHORTEST = 600
NO_REQUEST = "unable to parse csr: PEM block type must be CERTIFICATE REQUEST"
LEGACY = "kubernetes.io/legacy-unknown"
LASTING = ("Approved", "Denied", "Failed")
LASTING_STATUS = ("True",)
STATUSES = ("False", "True", "Unknown")
FIELDS = {"spec.signerName": lambda obj: meta.at(obj, "spec", "signerName", default="")}
COLUMNS = (
    shared.NAME,
    shared.AGE,
    columns.Column("SignerName", description="signerName indicates the requested signer, and is a qualified name."),
    columns.Column("Requestor", description="username contains the name of the user that created the CertificateSigningRequest."),
    columns.Column("RequestedDuration", description="expirationSeconds is the requested duration of validity."),
    columns.Column("Condition", description="conditions applied to the request."),
)


def default(obj: meta.Object) -> None:
    """Usages that any certificate has."""
    spec = obj["spec"] = obj.get("spec") or {}
    if not spec.get("usages"):
        spec["usages"] = ["digital signature", "key encipherment"]


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """A request never changes; status and approval have their own subresources."""
    if old is not None:
        new["spec"] = meta.clone(old["spec"])
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """A readable request, known usages, a signer with a domain."""
    spec = new.get("spec") or {}
    found: list[fields.Problem] = []
    if not spec.get("request"):
        found.append(fields.invalid("spec.request", spec.get("request") or "", NO_REQUEST))
    else:
        try:
            derparts.request(der_of(spec["request"]))
        except ValueError:
            found.append(fields.invalid("spec.request", spec["request"], NO_REQUEST))
    usages = spec.get("usages") or []
    if not usages:
        found.append(fields.required("spec.usages"))
    for number, usage in enumerate(usages):
        field = f"spec.usages[{number}]"
        if usage not in USAGES:
            found.append(fields.unsupported(field, usage, sorted(USAGES)))
        if usage in usages[:number]:
            found.append(fields.duplicate(field, usage))
    found += _signer(spec.get("signerName") or "")
    seconds = spec.get("expirationSeconds")
    if seconds is not None and seconds < SHORTEST:
        found.append(
            fields.invalid("spec.expirationSeconds", seconds, f"may not specify a duration less than {SHORTEST} seconds (10 minutes)")
        )
    return found


def validate_approval(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Approved or denied, not both, and for good."""
    found: list[fields.Problem] = []
    conditions = meta.at(new, "status", "conditions", default=[])
    for number, each in enumerate(conditions):
        at, kind, status = f"status.conditions[{number}]", each.get("type") or "", each.get("status") or ""
        before = [other.get("type") for other in conditions[:number]]
        found += [] if kind else [fields.required(f"{at}.type")]
        found += checks.chosen(status, LASTING_STATUS if kind in LASTING else STATUSES, f"{at}.status")
        if kind in LASTING[:2] and set(LASTING[:2]) - {kind} <= set(before):
            found.append(fields.invalid("status.conditions", kind, "Approved and Denied conditions are mutually exclusive"))
        found += [fields.duplicate(f"{at}.type", kind)] if kind in before else []
    return found + _removed(conditions, meta.at(old or {}, "status", "conditions", default=[]))


def _removed(conditions: list[dict[str, Any]], before: list[dict[str, Any]]) -> list[fields.Problem]:
    kept = {each.get("type") for each in conditions}
    gone = [kind for kind in LASTING if kind not in kept and any(each.get("type") == kind for each in before)]
    return [fields.forbidden("status.conditions", f'updates may not remove a condition of type "{kind}"') for kind in gone]


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """As its approval, which it can't change; and the certificate, once there, stays."""
    found = validate_approval(new, old)
    conditions, before = (meta.at(each or {}, "status", "conditions", default=[]) for each in (new, old))
    for kind in LASTING[:2]:
        ours, theirs = ([each for each in part if each.get("type") == kind] for part in (conditions, before))
        if ours and ours != theirs:
            word = "modify" if theirs else "add"
            found.append(fields.forbidden("status.conditions", f'updates may not {word} a condition of type "{kind}"'))
    certificate = meta.at(old or {}, "status", "certificate")
    if certificate and certificate != meta.at(new, "status", "certificate"):
        found.append(fields.forbidden("status.certificate", "updates may not modify existing certificate content"))
    return found


def _signer(name: str) -> list[fields.Problem]:
    if name == LEGACY:
        return [fields.invalid("spec.signerName", name, "the legacy signerName is not allowed via this API version")]
    return signer(name, "spec.signerName")


def signer(name: str, at: str) -> list[fields.Problem]:
    """ValidateSignerName, which volumes with trust bundles share."""
    if not name:
        return [fields.required(at)]
    if name.count("/") != 1:
        return [fields.invalid(at, name, "must be a fully qualified domain and path of the form 'example.com/signer-name'")]
    domain, path = name.split("/")
    found = [fields.invalid(at, domain, f"validating label \"{label}\": {text}")
             for label in domain.split(".") for text in names.dns_label(label)]  # fmt: skip
    if "." not in domain:
        found.append(fields.invalid(at, domain, "should be a domain with at least two segments separated by dots"))
    return found + checks.worded(names.dns_subdomain, path, at)


def der_of(request: str) -> bytes:
    """The DER inside a request's base64 PEM; ValueError when there is none."""
    text = binascii.a2b_base64(request).decode(errors="replace")
    head, _, rest = text.partition("-----BEGIN CERTIFICATE REQUEST-----")
    body, end, _ = rest.partition("-----END CERTIFICATE REQUEST-----")
    if not end:
        raise ValueError(f"no certificate request: {head[:20]}")
    return binascii.a2b_base64("".join(body.split()))


def standing(obj: meta.Object) -> str:
    """Denied, Approved or Pending; `,Failed` and `,Issued`."""
    types = {each.get("type") for each in meta.at(obj, "status", "conditions", default=())}
    word = "Denied" if "Denied" in types else "Approved" if "Approved" in types else "Pending"
    return word + (",Failed" if "Failed" in types else "") + (",Issued" if meta.at(obj, "status", "certificate") else "")


def _duration(obj: meta.Object) -> str:
    seconds = meta.at(obj, "spec", "expirationSeconds")
    return shared.NONE if seconds is None else times.human(seconds)


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    return [
        meta.name(obj),
        shared.age(obj, now),
        spec.get("signerName") or shared.NONE,
        spec.get("username", ""),
        _duration(obj),
        standing(obj),
    ]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """Who asks for which name."""
    page, spec = describing.Page(), obj.get("spec") or {}
    page.field("Name", meta.name(obj))
    page.field("Labels", describing.joined(meta.labels(obj)))
    page.field("Annotations", describing.joined(meta.annotations(obj)))
    page.field("CreationTimestamp", describing.moment(meta.at(obj, "metadata", "creationTimestamp")))
    page.field("Requesting User", spec.get("username", ""))
    if spec.get("signerName"):
        page.field("Signer", spec["signerName"])
    if spec.get("expirationSeconds") is not None:
        page.field("Requested Duration", _duration(obj))
    page.field("Status", standing(obj))
    subject, others = derparts.request(der_of(spec.get("request", "")))
    page.line("Subject:")
    for title in derparts.SUBJECT_PARTS.values():
        values = subject.get(title, [])
        if values or title in ("Common Name", "Serial Number"):
            _listed(page, title, values or [""])
    if others:
        page.line("Subject Alternative Names:")
        for title in ("DNS Names", "Email Addresses", "URIs", "IP Addresses"):
            if others.get(title):
                _listed(page, title, others[title])
    return describing.end(page, obj, reader)


def _listed(page: describing.Page, title: str, values: list[str]) -> None:
    first, *rest = values
    page.line("", f"{title}:", first)
    for value in rest:
        page.line("", "", value)
