from __future__ import annotations

from typing import Any

import pytest

from pkctl.controllers import claimprotection
from pkctl.objects import times
from tests.unit.controllers import test_persistentvolumeclaims as cases
from tests.unit.controllers import things, views


def ending() -> dict[str, Any]:
    claim = cases.claim()
    claim["metadata"] |= {"finalizers": [claimprotection.FINALIZER, "mine.example/kept"], "deletionTimestamp": times.stamp(views.NOW)}
    return claim


@pytest.mark.parametrize("phase", ["Running", "Succeeded"])
def test_a_claim_stays_while_a_pod_on_a_node_uses_it_even_one_that_is_over(phase: str) -> None:
    user = {**cases.user("n1"), "status": {"phase": phase}}
    assert claimprotection.reconcile(views.view_of(ending(), user), cases.KEY).writes == []


def test_a_pod_without_a_node_keeps_no_claim() -> None:
    (write,) = claimprotection.reconcile(views.view_of(ending(), cases.user()), cases.KEY).writes
    assert write.obj["metadata"]["finalizers"] == ["mine.example/kept"]


def test_a_claim_that_nobody_uses_is_let_go() -> None:
    (write,) = claimprotection.reconcile(views.view_of(ending(), things.pod("other", node="n1")), cases.KEY).writes
    assert write.obj["metadata"]["finalizers"] == ["mine.example/kept"]


def test_a_claim_that_is_not_deleted_stays_protected() -> None:
    claim = cases.claim()
    claim["metadata"]["finalizers"] = [claimprotection.FINALIZER]
    assert claimprotection.reconcile(views.view_of(claim), cases.KEY).writes == []
