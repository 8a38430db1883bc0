"""Service account tokens: asked for, reviewed, and refused when what they stand for is gone."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import authority, options, tokens
from tests import clusters

Object = dict[str, Any]
ACCOUNT = "system:serviceaccount:default:bot"


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        make(made, "serviceaccounts", "bot")
        yield made


def make(cluster: clusters.Cluster, kind: str, name: str, **more: Any) -> Object:
    return cluster.client.create(cluster.row(kind), "default", {"metadata": {"name": name}, **more}, options.Options())


def ask(cluster: clusters.Cluster, name: str = "bot", metadata: Object | None = None, **spec: Any) -> Object:
    body = {"metadata": {"name": name, **(metadata or {})}, "spec": spec}
    return cluster.client.create(cluster.row("serviceaccounts"), "default", body, options.Options(subresource="token"))


def token(cluster: clusters.Cluster, **spec: Any) -> str:
    return str(ask(cluster, **spec)["status"]["token"])


def claims(text: str) -> Object:
    part = text.split(".")[1]
    found: Object = json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


def review(cluster: clusters.Cluster, text: str, *audiences: str) -> Object:
    spec = {"token": text, **({"audiences": list(audiences)} if audiences else {})}
    answer: Object = cluster.client.create(cluster.row("tokenreviews"), "", {"spec": spec}, options.Options())
    return answer["status"]  # type: ignore[no-any-return]


def bound(obj: Object, **more: str) -> Object:
    return {"apiVersion": "v1", "kind": obj["kind"], "name": obj["metadata"]["name"], **more}


def pod(cluster: clusters.Cluster, account: str = "bot") -> Object:
    return make(cluster, "pods", "web", spec={"serviceAccountName": account, "containers": [{"name": "a", "image": "i"}]})


def test_a_token_says_whose_it_is_and_how_long(cluster: clusters.Cluster) -> None:
    now, account = int(cluster.sources.now()), cluster.client.get(cluster.row("sa"), "default", "bot")
    said = claims(token(cluster, expirationSeconds=600))
    assert said.pop("jti")
    assert said == {
        "aud": ["https://kubernetes.default.svc.cluster.local"], "exp": now + 600, "iat": now, "nbf": now,
        "iss": "https://kubernetes.default.svc.cluster.local", "sub": ACCOUNT,
        "kubernetes.io": {"namespace": "default", "serviceaccount": {"name": "bot", "uid": account["metadata"]["uid"]}},
    }  # fmt: skip


def test_an_answer_carries_what_was_asked_and_what_was_filled_in(cluster: clusters.Cluster) -> None:
    made = ask(cluster)
    assert made["metadata"] == {"name": "bot", "namespace": "default", "creationTimestamp": "2026-01-01T00:00:00Z"}
    assert made["spec"] == {"audiences": list(tokens.AUDIENCES), "expirationSeconds": 3600, "boundObjectRef": None}
    assert made["status"]["expirationTimestamp"] == "2026-01-01T01:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        pytest.param(599, "may not specify a duration less than 10 minutes", id="short"),
        pytest.param((1 << 32) + 1, "may not specify a duration larger than 2^32 seconds", id="long"),
    ],
)
def test_a_life_has_bounds(cluster: clusters.Cluster, seconds: int, text: str) -> None:
    with pytest.raises(errors.Invalid) as caught:
        ask(cluster, expirationSeconds=seconds)
    wanted = f'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: {seconds}: {text}'
    assert caught.value.message == wanted


def test_an_account_must_exist(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.NotFound, match='serviceaccounts "nobody" not found'):
        ask(cluster, "nobody")


def test_a_pod_runs_as_the_account_that_its_token_names(cluster: clusters.Cluster) -> None:
    other = make(cluster, "pods", "web", spec={"containers": [{"name": "a", "image": "i"}]})
    with pytest.raises(errors.BadRequest) as caught:
        ask(cluster, boundObjectRef=bound(other))
    text = 'cannot bind token for serviceaccount "bot" to pod running with different serviceaccount name.'
    assert caught.value.message == text


def test_other_kinds_are_not_bound_to(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.BadRequest, match="cannot bind token to object of type /v1, Kind=ConfigMap"):
        ask(cluster, boundObjectRef={"apiVersion": "v1", "kind": "ConfigMap", "name": "c"})


def test_a_uid_that_is_given_must_be_the_objects(cluster: clusters.Cluster) -> None:
    with pytest.raises(errors.Conflict) as caught:
        ask(cluster, boundObjectRef=bound(pod(cluster), uid="7"))
    assert caught.value.message == (
        'Operation cannot be fulfilled on Pod "web": the UID in the bound object reference (7) does not match the UID in record. '
        "The object might have been deleted and then recreated"
    )


def test_a_review_names_the_account_and_what_it_is_bound_to(cluster: clusters.Cluster) -> None:
    web = pod(cluster)
    text = token(cluster, boundObjectRef=bound(web))
    account = cluster.client.get(cluster.row("sa"), "default", "bot")
    assert review(cluster, text) == {
        "authenticated": True,
        "user": {
            "username": ACCOUNT,
            "uid": account["metadata"]["uid"],
            "groups": ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
            "extra": {
                "authentication.kubernetes.io/credential-id": [f"JTI={claims(text)['jti']}"],
                "authentication.kubernetes.io/pod-name": ["web"],
                "authentication.kubernetes.io/pod-uid": [web["metadata"]["uid"]],
            },
        },
        "audiences": ["https://kubernetes.default.svc.cluster.local"],
    }


def test_audiences_are_those_that_both_name(cluster: clusters.Cluster) -> None:
    assert review(cluster, token(cluster, audiences=["vault", "db"]), "db", "web")["audiences"] == ["db"]


def refusal(cluster: clusters.Cluster, text: str, *audiences: str) -> str:
    said = review(cluster, text, *audiences)
    assert "authenticated" not in said
    return str(said["error"])


def test_a_token_for_others_is_not_ours(cluster: clusters.Cluster) -> None:
    assert refusal(cluster, token(cluster, audiences=["vault"])) == (
        '[invalid bearer token, token audiences ["vault"] is invalid for the target audiences '
        '["https://kubernetes.default.svc.cluster.local"]]'
    )


def test_a_token_expires_a_minute_after_its_time(cluster: clusters.Cluster) -> None:
    text = token(cluster, expirationSeconds=600)
    cluster.sources.advance(660)
    assert review(cluster, text)["authenticated"]
    cluster.sources.advance(1)
    assert refusal(cluster, text) == "[invalid bearer token, service account token has expired]"


def test_a_mounted_token_outlives_its_time(cluster: clusters.Cluster) -> None:
    said = claims(token(cluster, expirationSeconds=3607, boundObjectRef=bound(pod(cluster))))
    assert said["exp"] - said["iat"] == 365 * 86400
    assert said["kubernetes.io"]["warnafter"] - said["iat"] == 3607


def test_a_token_dies_with_its_account(cluster: clusters.Cluster) -> None:
    text = token(cluster)
    cluster.client.delete(cluster.row("sa"), "default", "bot", options.Options())
    assert refusal(cluster, text) == '[invalid bearer token, serviceaccounts "bot" not found]'


def test_a_new_account_of_the_same_name_is_another(cluster: clusters.Cluster) -> None:
    text = token(cluster)
    old = claims(text)["kubernetes.io"]["serviceaccount"]["uid"]
    cluster.client.delete(cluster.row("sa"), "default", "bot", options.Options())
    new = make(cluster, "sa", "bot")["metadata"]["uid"]
    assert refusal(cluster, text) == f"[invalid bearer token, service account UID ({new}) does not match claim ({old})]"


def test_a_token_dies_with_what_it_is_bound_to(cluster: clusters.Cluster) -> None:
    text = token(cluster, boundObjectRef=bound(make(cluster, "secrets", "s")))
    cluster.client.delete(cluster.row("secrets"), "default", "s", options.Options())
    assert refusal(cluster, text) == "[invalid bearer token, service account token has been invalidated]"


def test_words_that_are_no_token_are_nobodys(cluster: clusters.Cluster) -> None:
    assert refusal(cluster, "hello") == "invalid bearer token"


def test_a_changed_claim_breaks_the_signature(cluster: clusters.Cluster) -> None:
    head, _, tail = token(cluster).split(".")
    said = {**claims(token(cluster)), "sub": "system:serviceaccount:kube-system:root"}
    forged = ".".join((head, authority.encoded(json.dumps(said).encode()), tail))
    assert refusal(cluster, forged) == "[invalid bearer token, go-jose/go-jose: error in cryptographic primitive]"


def test_an_unsigned_token_is_refused(cluster: clusters.Cluster) -> None:
    _, body, _ = token(cluster).split(".")
    forged = ".".join((authority.encoded(b'{"alg":"none"}'), body, ""))
    assert "error in cryptographic primitive" in refusal(cluster, forged)


def test_a_new_key_knows_no_older_tokens(cluster: clusters.Cluster) -> None:
    text = token(cluster)
    with cluster.api.writing() as session:
        session.tx.delete(authority.ENTRY)
    token(cluster)
    assert refusal(cluster, text) == "[invalid bearer token, invalid signature, no keys found]"


def kept(cluster: clusters.Cluster) -> str:
    """A token that never ends, and the Secret it is kept in."""
    notes = {"kubernetes.io/service-account.name": "bot"}
    secret = {"metadata": {"name": "s", "annotations": notes}, "type": "kubernetes.io/service-account-token"}
    row = cluster.row("secrets")
    made = cluster.client.create(row, "default", secret, options.Options())
    with cluster.api.writing() as session:
        account = session.read("serviceaccounts", "default", "bot")
        assert account is not None
        text = tokens.lasting(session, account, made)
    filled = {**made, "data": {"token": b64encode(text.encode()).decode()}}
    cluster.client.update(row, "default", "s", filled, options.Options())
    return text


def test_a_kept_token_stands_for_its_account(cluster: clusters.Cluster) -> None:
    assert review(cluster, kept(cluster))["user"]["username"] == ACCOUNT


def test_a_kept_token_dies_with_its_secret(cluster: clusters.Cluster) -> None:
    text = kept(cluster)
    cluster.client.delete(cluster.row("secrets"), "default", "s", options.Options())
    assert refusal(cluster, text) == "[invalid bearer token, Token has been invalidated]"


def test_the_keys_are_one_sealed_entry(cluster: clusters.Cluster) -> None:
    token(cluster)
    assert [entry.key for entry in cluster.store.list("keys/")] == [authority.ENTRY]
