"""Who may ask for, approve and sign certificates; and that the authority's signatures hold."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from pkctl import errors
from pkctl.api import authority, opening, options, sealing
from pkctl.client import acting
from tests import clusters
from tests.unit.controllers import test_certificatesigningrequests as made_up

Object = dict[str, Any]
REQUESTS, RBAC = "certificatesigningrequests", "rbac.authorization.k8s.io/v1"


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def asking(organization: str = "dev", **more: Any) -> Object:
    spec = {"signerName": made_up.CLIENT, "usages": ["client auth"], "request": made_up.asked("jane", organization), **more}
    return {"metadata": {"name": "r"}, "spec": spec}


def ask(cluster: clusters.Cluster, **more: Any) -> Object:
    return cluster.client.create(cluster.row(REQUESTS), "", asking(**more), options.Options())


def decide(client: Any, row: Any, obj: Object, *types: str, subresource: str = "approval", **status: str) -> Object:
    said = [{"type": each, "status": "True", "reason": "R"} for each in types]
    new = {**obj, "status": {"conditions": said, **status}}
    made: Object = client.update(row, "", "r", new, options.Options(subresource=subresource))
    return made


def bob(cluster: clusters.Cluster, verb: str, signer: str = "") -> acting.Acting:
    """bob, who may change requests, and has `verb` on a signer."""
    rules = [{"apiGroups": ["certificates.k8s.io"], "resources": [REQUESTS, f"{REQUESTS}/*", f"{REQUESTS}/approval", f"{REQUESTS}/status"],
              "verbs": ["*"]}]  # fmt: skip
    if signer:
        rules.append({"apiGroups": ["certificates.k8s.io"], "resources": ["signers"], "verbs": [verb], "resourceNames": [signer]})
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "bob"}
    subjects = [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "bob"}]
    for kind, more in (("ClusterRole", {"rules": rules}), ("ClusterRoleBinding", {"roleRef": reference, "subjects": subjects})):
        obj = {"apiVersion": RBAC, "kind": kind, "metadata": {"name": "bob"}, **more}
        cluster.client.create(cluster.row(kind), "", obj, options.Options())
    api = opening.api(cluster.store, sources=cluster.sources, user="bob", groups=("system:authenticated",))
    return acting.Acting(api, settle=lambda *_: None, glance=lambda: None, runtime_of=cluster.runtimes.__getitem__)


def test_who_asks_is_written_down_whatever_is_said(cluster: clusters.Cluster) -> None:
    spec = ask(cluster, username="somebody", uid="7", extra={"a": ["b"]})["spec"]
    assert {field: spec[field] for field in ("username", "uid", "groups", "extra") if field in spec} == {
        "username": "pkctl-admin",
        "groups": ["system:masters", "system:authenticated"],
    }


def test_nobody_asks_to_be_an_administrator(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Forbidden) as caught:
        ask(cluster, organization="system:masters")
    text = "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed"
    assert caught.value.message == f'certificatesigningrequests.certificates.k8s.io "r" is forbidden: {text}'


def test_a_decision_gets_its_times(cluster: clusters.Cluster) -> None:
    made = decide(cluster.client, cluster.row(REQUESTS), ask(cluster), "Approved")
    (said,) = made["status"]["conditions"]
    assert said["lastUpdateTime"] == said["lastTransitionTime"] == "2026-01-01T00:00:00Z"


def test_a_decision_that_a_signer_rewords_stays_as_it_was(cluster: clusters.Cluster) -> None:
    made = decide(cluster.client, cluster.row(REQUESTS), ask(cluster), "Approved")
    decided = made["status"]["conditions"]
    new = {**made, "status": {"conditions": [{**decided[0], "reason": "Other", "message": "reworded"}]}}
    signed = cluster.client.update(cluster.row(REQUESTS), "", "r", new, options.Options(subresource="status"))
    assert signed["status"]["conditions"] == decided


def test_a_signer_does_not_decide(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Invalid) as caught:
        decide(cluster.client, cluster.row(REQUESTS), ask(cluster), "Approved", subresource="status")
    assert caught.value.message.endswith('status.conditions: Forbidden: updates may not add a condition of type "Approved"')


def test_a_request_is_not_both_approved_and_denied(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Invalid) as caught:
        decide(cluster.client, cluster.row(REQUESTS), ask(cluster), "Approved", "Denied")
    text = 'status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'
    assert caught.value.message == f'CertificateSigningRequest.certificates.k8s.io "r" is invalid: {text}'


@pytest.mark.parametrize(
    ("verb", "subresource", "types", "more"),
    [
        pytest.param("approve", "approval", ["Approved"], {}, id="approve"),
        pytest.param("sign", "status", [], {"certificate": "eA=="}, id="sign"),
    ],
)
def test_deciding_needs_a_right_on_the_signer(
    cluster: clusters.Cluster, verb: str, subresource: str, types: list[str], more: Object
) -> None:
    made, client = ask(cluster), bob(cluster, verb)
    with pytest.raises(errors.Forbidden) as caught:
        decide(client, cluster.row(REQUESTS), made, *types, subresource=subresource, **more)
    text = f'user not permitted to {verb} requests with signerName "kubernetes.io/kube-apiserver-client"'
    assert caught.value.message == f'certificatesigningrequests.certificates.k8s.io "r" is forbidden: {text}'


def test_a_right_on_a_domain_holds_for_its_signers(cluster: clusters.Cluster) -> None:
    made, client = ask(cluster), bob(cluster, "approve", "kubernetes.io/*")
    assert decide(client, cluster.row(REQUESTS), made, "Approved")["status"]["conditions"]


def test_a_certificate_is_the_authoritys(cluster: clusters.Cluster) -> None:
    with cluster.api.writing() as writing:
        made = x509.load_pem_x509_certificate(authority.certify(writing, asking(expirationSeconds=600)).encode())
        own = x509.load_pem_x509_certificate(authority.certificate(writing).encode())
    made.verify_directly_issued_by(own)
    assert made.subject.rfc4514_string() == "O=dev,CN=jane"


@pytest.mark.parametrize(
    ("seconds", "life"), [pytest.param(600, 600, id="as asked"), pytest.param(10**9, 365 * 86400, id="a year at most")]
)
def test_a_certificate_lasts_as_long_as_asked(cluster: clusters.Cluster, seconds: int, life: int) -> None:
    with cluster.api.writing() as writing:
        made = x509.load_pem_x509_certificate(authority.certify(writing, asking(expirationSeconds=seconds)).encode())
    assert made.not_valid_after_utc.timestamp() - cluster.sources.now() == life


def test_the_authority_is_founded_once(cluster: clusters.Cluster) -> None:
    with cluster.api.writing() as writing:
        first = authority.certificate(writing)
    with cluster.api.writing() as writing:
        assert authority.certificate(writing) == first


def test_the_authority_may_only_sign(cluster: clusters.Cluster) -> None:
    with cluster.api.writing() as writing:
        made = x509.load_pem_x509_certificate(authority.certificate(writing).encode())
    assert made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_requests_are_base64(cluster: clusters.Cluster) -> None:
    with cluster.api.writing() as writing, pytest.raises(ValueError, match=r"PEM|malformed|Unable"):
        authority.certify(writing, asking(request=base64.b64encode(b"no request").decode()))


def test_keys_whose_seal_is_lost_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "secrets.key"
    with clusters.cluster(sealer=lambda: sealing.Sealer(str(path))) as made:
        with made.api.writing() as writing:
            first = authority.certificate(writing)
        path.unlink()
        with made.api.writing() as writing:
            assert authority.key_id(writing) == ""
            authority.certify(writing, asking())
            second = authority.certificate(writing)
    assert first != second
    assert made.warnings == [authority.LOST]


def test_a_new_seal_is_put_on_the_keys_too(tmp_path: Path) -> None:
    with clusters.cluster(sealer=lambda: sealing.Sealer(str(tmp_path / "secrets.key"))) as made:
        with made.api.writing() as writing:
            authority.certificate(writing)
            before = authority.key_id(writing)
        made.api.sealer.rotate(made.store)
        with made.api.writing() as writing:
            assert authority.key_id(writing) == before
