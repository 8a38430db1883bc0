"""What the API says of counts in a workload's status."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from pkctl.kinds import table
from pkctl.kinds.rules import statuses

Object = dict[str, Any]
CASES: dict[str, tuple[str, Object, list[str]]] = {
    "negative counts, in order": (
        "deployments",
        {"unavailableReplicas": -1, "observedGeneration": -2},
        [
            "status.observedGeneration: Invalid value: -2: must be greater than or equal to 0",
            "status.unavailableReplicas: Invalid value: -1: must be greater than or equal to 0",
        ],
    ),
    "more ready than there are": (
        "replicasets",
        {"replicas": 1, "readyReplicas": 2},
        ["status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas"],
    ),
    "more available than ready": (
        "deployments",
        {"replicas": 3, "readyReplicas": 1, "availableReplicas": 2},
        ["status.availableReplicas: Invalid value: 2: cannot be greater than readyReplicas"],
    ),
    "more available than ready in a set": (
        "statefulsets",
        {"replicas": 3, "readyReplicas": 1, "availableReplicas": 2},
        ["status.availableReplicas: Invalid value: 2: cannot be greater than status.readyReplicas"],
    ),
    "a collision forgotten": ("daemonsets", {}, ["status.collisionCount: Invalid value: 0: cannot be decremented"]),
    "a budget below nothing": (
        "poddisruptionbudgets",
        {"disruptionsAllowed": -1},
        ["status.disruptionsAllowed: Invalid value: -1: must be greater than or equal to 0"],
    ),
    "a good one": ("statefulsets", {"replicas": 3, "readyReplicas": 2, "availableReplicas": 2, "collisionCount": 1}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_a_status_is_judged(name: str) -> None:
    plural, status, wanted = CASES[name]
    found = statuses.validate(plural, {"status": status}, {"status": {"collisionCount": 1 if plural == "daemonsets" else 0}})
    assert [str(problem) for problem in found] == wanted


@pytest.mark.parametrize("plural", [*statuses.COUNTS, "replicationcontrollers"])
def test_the_kind_asks_for_it(plural: str) -> None:
    assert plural in {row.plural for row in table.ROWS}
    room = importlib.import_module(f"pkctl.kinds.{plural}")
    counted = statuses.COUNTS.get(plural, statuses.COUNTS["replicasets"])
    assert [problem.field for problem in room.validate_status({"status": {counted[-1]: -1}}, None)] == [f"status.{counted[-1]}"]


def test_no_part_is_left_of_less_than_nothing() -> None:
    found = [str(problem) for problem in statuses.validate("statefulsets", {"status": {"replicas": -1}}, None)]
    assert found[1] == "status.readyReplicas: Invalid value: 0: cannot be greater than status.replicas"
