"""Requests for certificates: signed when approved and fit, and cleaned away."""

from __future__ import annotations

import base64
import functools
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pkctl.controllers import certificatesigningrequests as controller
from tests.unit.controllers import views

Object = dict[str, Any]
CLIENT, KUBELET, SERVING = (
    "kubernetes.io/kube-apiserver-client",
    "kubernetes.io/kube-apiserver-client-kubelet",
    "kubernetes.io/kubelet-serving",
)


@functools.cache
def asked(name: str, organization: str, host: str = "") -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization)])
    made = x509.CertificateSigningRequestBuilder().subject_name(subject)
    if host:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    signed = made.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return base64.b64encode(signed.public_bytes(serialization.Encoding.PEM)).decode()


def request(
    *conditions: str, signer: str = CLIENT, usages: str = "client auth", text: str = "", age: float = 0, certificate: str = ""
) -> Object:
    stamp = views.times.stamp(views.NOW - age)
    status: Object = {"conditions": [{"type": each, "status": "True", "lastUpdateTime": stamp} for each in conditions]}
    if certificate:
        status["certificate"] = certificate
    return {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": "r", "creationTimestamp": stamp},
        "spec": {"signerName": signer, "usages": usages.split(","), "request": text or asked("jane", "dev")},
        "status": status if conditions else {},
    }


def after(obj: Object) -> Object:
    """The status once the controller has looked."""
    view = views.view_of(obj)
    view.apply(controller.reconcile(view, ("", "r")))
    found = view.get(controller.KIND, "", "r")
    assert found is not None
    return dict(found["status"])


def failure(obj: Object) -> str:
    said = after(obj)["conditions"][-1]
    assert (said["type"], said["status"], said["reason"]) == ("Failed", "True", "SignerValidationFailed")
    return str(said["message"])


def test_an_approved_request_is_signed() -> None:
    assert base64.b64decode(after(request("Approved"))["certificate"]) == b"CERTIFICATE FOR r"


@pytest.mark.parametrize(
    "obj",
    [
        pytest.param(request(), id="undecided"),
        pytest.param(request("Denied"), id="denied"),
        pytest.param(request("Approved", "Failed"), id="failed"),
        pytest.param(request("Approved", signer="example.com/own"), id="somebody else's"),
    ],
)
def test_others_are_left_as_they_are(obj: Object) -> None:
    assert after(obj) == obj["status"]


NODE = asked("system:node:n1", "system:nodes", "n1")
FAILURES = {
    "another usage": (request("Approved", usages="client auth,server auth"), "invalid usage for client certificate: server auth"),
    "no purpose": (request("Approved", usages="digital signature"), "missing required usage for client certificate: client auth"),
    "no node": (request("Approved", signer=KUBELET), "subject organization is not system:nodes"),
    "no node's name": (
        request("Approved", signer=SERVING, text=asked("n1", "system:nodes")),
        "subject common name does not begin with system:node: ",
    ),
    "names for a client": (request("Approved", signer=KUBELET, text=NODE), "DNS subjectAltNames are not allowed"),
    "no names for a server": (
        request("Approved", signer=SERVING, usages="digital signature,server auth", text=asked("system:node:n1", "system:nodes")),
        "DNS or IP subjectAltName is required",
    ),
    "not the usages of a server": (
        request("Approved", signer=SERVING, text=NODE),
        "usages did not match [digital signature key encipherment server auth]",
    ),
}


@pytest.mark.parametrize(("obj", "text"), FAILURES.values(), ids=FAILURES.keys())
def test_what_a_signer_does_not_sign_has_failed(obj: Object, text: str) -> None:
    assert failure(obj) == text


def test_a_kubelets_server_is_certified() -> None:
    obj = request("Approved", signer=SERVING, usages="digital signature,key encipherment,server auth", text=NODE)
    assert after(obj)["certificate"]


@pytest.mark.parametrize(
    ("obj", "goes"),
    [
        pytest.param(request(age=86401), True, id="nobody decides"),
        pytest.param(request(age=86399), False, id="may yet be decided"),
        pytest.param(request("Denied", age=3601), True, id="denied"),
        pytest.param(request("Approved", age=3601, certificate="eA=="), True, id="issued"),
        pytest.param(request("Approved", age=3601, signer="example.com/own"), False, id="approved and not yet signed"),
    ],
)
def test_a_request_goes_when_it_is_done_with(obj: Object, goes: bool) -> None:
    made = controller.reconcile(views.view_of(obj), ("", "r"))
    assert (views.verbs(made) == [("delete", controller.KIND, "r")]) is goes
