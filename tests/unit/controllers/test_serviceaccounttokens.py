"""Secrets that keep a token: filled, and gone with their account."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import pytest

from pkctl.controllers import serviceaccounttokens as controller
from tests.unit.controllers import views

Object = dict[str, Any]
KEY = ("default", "s")
NOTES = {"cluster": {"ca": "PEM"}}


def account(name: str = "bot") -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name, "namespace": "default", "uid": "u1"}}


def secret(type: str = controller.TYPE, uid: str = "", **data: str) -> Object:
    notes = {controller.ACCOUNT: "bot", **({controller.UID: uid} if uid else {})}
    metadata = {"name": "s", "namespace": "default", "annotations": notes}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": type, "data": data}


def coded(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_a_secret_gets_token_certificate_and_namespace() -> None:
    view = views.view_of(account(), secret(), notes=NOTES)
    view.apply(controller.reconcile(view, KEY))
    found = view.get("secrets", *KEY)
    assert found is not None
    assert found["data"] == {"token": coded("bot.s"), "ca.crt": coded("PEM"), "namespace": coded("default")}
    assert found["metadata"]["annotations"][controller.UID] == "u1"


def test_a_token_that_is_there_stays() -> None:
    view = views.view_of(account(), secret(token="mine"), notes=NOTES)
    view.apply(controller.reconcile(view, KEY))
    assert view.get("secrets", *KEY)["data"]["token"] == "mine"  # type: ignore[index]


def test_a_filled_secret_is_left_alone() -> None:
    view = views.view_of(account(), secret(), notes=NOTES)
    view.apply(controller.reconcile(view, KEY))
    assert views.verbs(controller.reconcile(view, KEY)) == []


@pytest.mark.parametrize(
    "objects", [pytest.param((secret(),), id="no account"), pytest.param((account(), secret(uid="other")), id="another account")]
)
def test_a_secret_without_its_account_goes(objects: tuple[Object, ...]) -> None:
    assert views.verbs(controller.reconcile(views.view_of(*objects), KEY)) == [("delete", "secrets", "s")]


def test_secrets_of_other_types_are_not_its_concern() -> None:
    assert views.verbs(controller.reconcile(views.view_of(secret("Opaque")), KEY)) == []


def test_an_account_that_is_gone_wakes_its_secrets() -> None:
    view = views.view_of(secret())
    assert list(controller.wake(view, account())) == [KEY]


def test_an_account_that_is_there_wakes_none() -> None:
    view = views.view_of(account(), secret())
    assert list(controller.wake(view, account())) == []
