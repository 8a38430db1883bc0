"""What the API says of the status of a job, a pod, a quota and a claim, and of how it goes on."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds import persistentvolumeclaims, resourcequotas
from pkctl.kinds.rules import jobstatuses, podstatuses

Object = dict[str, Any]
MORNING, NOON = "2024-01-01T08:00:00Z", "2024-01-01T12:00:00Z"


def true(*kinds: str) -> list[Object]:
    return [{"type": kind, "status": "True"} for kind in kinds]


DONE = true("SuccessCriteriaMet", "Complete")
ENDED = {"conditions": DONE, "startTime": MORNING, "completionTime": NOON}
INDEXED = {"completionMode": "Indexed", "completions": 5, "parallelism": 2, "backoffLimitPerIndex": 1}
JOBS: dict[str, tuple[Object, Object, Object, list[str]]] = {
    "a good end": ({}, {"startTime": MORNING}, ENDED, []),
    "counts below nothing": (
        {},
        {},
        {"active": -1, "terminating": -2},
        [
            "status.active: Invalid value: -1: must be greater than or equal to 0",
            "status.terminating: Invalid value: -2: must be greater than or equal to 0",
        ],
    ),
    "pods that wait to be counted": (
        {},
        {},
        {"uncountedTerminatedPods": {"succeeded": ["a", ""], "failed": ["a"]}},
        [
            'status.uncountedTerminatedPods.succeeded[1]: Invalid value: "": must not be empty',
            'status.uncountedTerminatedPods.failed[0]: Duplicate value: "a"',
        ],
    ),
    "uncounted at the end": (
        {},
        {},
        {**ENDED, "uncountedTerminatedPods": {"failed": ["a"]}},
        [
            'status.uncountedTerminatedPods: Invalid value: {"Succeeded":null,"Failed":["a"]}: uncountedTerminatedPods needs to be empty for finished job'
        ],
    ),
    "both ends": (
        {},
        {},
        {"conditions": true("Complete", "Failed", "SuccessCriteriaMet", "FailureTarget"), "startTime": MORNING, "completionTime": NOON},
        [
            "status.conditions: Invalid value: cannot set Complete=True and Failed=true conditions",
            "status.conditions: Invalid value: cannot set Complete=True and FailureTarget=true conditions",
            "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and Failed=true conditions",
            "status.conditions: Invalid value: cannot set SuccessCriteriaMet=True and FailureTarget=true conditions",
        ],
    ),
    "an end without its moments": (
        {},
        {},
        {"conditions": DONE},
        [
            "status.completionTime: Required value: completionTime is required for Complete jobs",
            "status.startTime: Required value: startTime is required for finished job",
        ],
    ),
    "a moment without an end": (
        {},
        {},
        {"completionTime": NOON},
        [f'status.completionTime: Invalid value: "{NOON}": cannot set completionTime when there is no Complete=True condition'],
    ),
    "an end before the start": (
        {},
        {},
        {**ENDED, "startTime": NOON, "completionTime": MORNING},
        [f'status.completionTime: Invalid value: "{MORNING}": completionTime cannot be set before startTime'],
    ),
    "an end out of nothing": (
        {},
        {},
        {"conditions": true("Failed"), "startTime": MORNING},
        ["status.conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition"],
    ),
    "pods of a job that is over": (
        {},
        {},
        {**ENDED, "active": 1, "ready": 2, "terminating": 3},
        [
            "status.active: Invalid value: 1: active>0 is invalid for finished job",
            "status.terminating: Invalid value: 3: terminating>0 is invalid for finished job",
            "status.ready: Invalid value: 2: cannot set more ready pods than active",
        ],
    ),
    "indexes without a mode": (
        {"completions": 2},
        {},
        {"completedIndexes": "0", "failedIndexes": ""},
        [
            'status.completedIndexes: Invalid value: "0": cannot set non-empty completedIndexes when non-indexed completion mode',
            'status.failedIndexes: Invalid value: "": cannot set non-null failedIndexes when backoffLimitPerIndex is null',
        ],
    ),
    "indexes that can't be read": (
        INDEXED,
        {},
        {"completedIndexes": "0,x"},
        ['status.completedIndexes: Invalid value: "0,x": error parsing completedIndexes: cannot convert string to integer for index: "x"'],
    ),
    "indexes that ended twice": (
        INDEXED,
        {},
        {"completedIndexes": "0-2,4", "failedIndexes": "2,4"},
        ['status.failedIndexes: Invalid value: "2,4": failedIndexes and completedIndexes overlap at index: 2'],
    ),
    "an end taken back": (
        {},
        ENDED,
        {"startTime": MORNING},
        [
            "status.conditions: Invalid value: cannot disable the terminal Complete=True condition",
            "status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition",
        ],
    ),
    "counts taken back": (
        {},
        {"failed": 2, "succeeded": 2},
        {"failed": 1},
        [
            "status.failed: Invalid value: 1: cannot decrease the failed counter",
            "status.succeeded: Invalid value: 0: cannot decrease the succeeded counter",
        ],
    ),
    "a smaller elastic job": ({**INDEXED, "parallelism": 5}, {"succeeded": 2}, {"succeeded": 1}, []),
    "moments moved": (
        {},
        ENDED,
        {**ENDED, "startTime": "2024-01-01T09:00:00Z", "completionTime": "2024-01-01T13:00:00Z"},
        [
            'status.completionTime: Invalid value: "2024-01-01T13:00:00Z": completionTime cannot be mutated',
            "status.startTime: Required value: startTime cannot be removed for unsuspended job",
        ],
    ),
}


@pytest.mark.parametrize("name", JOBS)
def test_a_jobs_status_is_judged(name: str) -> None:
    spec, before, now, wanted = JOBS[name]
    assert [str(each) for each in jobstatuses.validate({"spec": spec, "status": now}, {"spec": spec, "status": before})] == wanted


ENDED_WELL, ENDED_BADLY, RUNS = ({"terminated": {"exitCode": 0}}, {"terminated": {"exitCode": 1}}, {"running": {}})


def states(**given: Object) -> list[Object]:
    return [{"name": name, "state": state} for name, state in given.items()]


AGAIN = "status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"
RULE = {"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}
GOES_ON: dict[str, tuple[Object, Object, list[str]]] = {
    "always": ({"restartPolicy": "Always"}, ENDED_WELL, []),
    "on failure, having failed": ({"restartPolicy": "OnFailure"}, ENDED_BADLY, []),
    "on failure, having ended well": ({"restartPolicy": "OnFailure"}, ENDED_WELL, [AGAIN]),
    "never": ({"restartPolicy": "Never"}, ENDED_BADLY, [AGAIN]),
    "by its own policy": ({"restartPolicy": "Never", "containers": [{"name": "a", "restartPolicy": "Always"}]}, ENDED_WELL, []),
    "by a rule": (
        {"restartPolicy": "Never", "containers": [{"name": "a", "restartPolicy": "Never", "restartPolicyRules": [RULE]}]},
        ENDED_BADLY,
        [],
    ),
    "by another rule": (
        {"restartPolicy": "Never", "containers": [{"name": "a", "restartPolicy": "Never", "restartPolicyRules": [RULE]}]},
        ENDED_WELL,
        [AGAIN],
    ),
}


@pytest.mark.parametrize("name", GOES_ON)
def test_a_container_that_ended_lives_again_only_where_it_restarts(name: str) -> None:
    spec, ended, wanted = GOES_ON[name]
    spec = {"containers": [{"name": "a"}], **spec}
    now, before = ({"spec": spec, "status": {"containerStatuses": states(a=state)}} for state in (RUNS, ended))
    assert [str(each) for each in podstatuses.validate(now, before)] == wanted


def test_a_container_for_debugging_never_lives_again() -> None:
    now, before = ({"spec": {}, "status": {"ephemeralContainerStatuses": states(a=state)}} for state in (RUNS, ENDED_BADLY))
    found = [str(each) for each in podstatuses.validate(now, before)]
    assert found == ["status.ephemeralContainerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"]


CLAIM = {"name": "a", "resources": {"claims": [{"name": "gpu", "request": "one"}], "requests": {"cpu": "1"}}}
PODS: dict[str, tuple[Object, Object, list[str]]] = {
    "nothing wrong": (
        {"containers": [CLAIM]},
        {
            "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}],
            "conditions": true("Ready", "example.com/mine"),
            "containerStatuses": [{"name": "a", "allocatedResourcesStatus": [{"name": "claim:gpu/one"}, {"name": "cpu"}]}],
        },
        [],
    ),
    "a condition's name": (
        {},
        {"conditions": [{"type": "a b", "observedGeneration": -1}]},
        [
            "metadata.conditions[0].observedGeneration: Invalid value: -1: must be a non-negative integer",
            "metadata.conditions[0].Type: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
            "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        ],
    ),
    "another quality of service": ({}, {"qosClass": "Burstable"}, ['status.qosClass: Invalid value: "Burstable": field is immutable']),
    "nominated when bound": (
        {"nodeName": "n"},
        {"nominatedNodeName": "m"},
        ["status.nominatedNodeName: Forbidden: may not be set on pods that are already bound to a node"],
    ),
    "no address": (
        {},
        {"podIPs": [{"ip": "x"}]},
        ['status.podIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ),
    "two of a family": (
        {},
        {"podIPs": [{"ip": "10.0.0.1"}, {"ip": "10.0.0.2"}]},
        ['status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family'],
    ),
    "another host": (
        {},
        {"hostIP": "10.0.0.1", "hostIPs": [{"ip": "10.0.0.2"}]},
        ['status.hostIPs[0].ip: Invalid value: "10.0.0.2": must be equal to `hostIP`'],
    ),
    "an unknown claim": (
        {},
        {"resourceClaimStatuses": [{"name": "c"}]},
        ['status.resourceClaimStatuses[0].name: Invalid value: "c": must match the name of an entry in `spec.resourceClaims`'],
    ),
    "a user beyond bounds": (
        {},
        {"containerStatuses": [{"name": "a", "user": {"linux": {"uid": -1, "gid": 0, "supplementalGroups": [2**31]}}}]},
        [
            "status.containerStatuses[0].user.linux.uid: Invalid value: -1: must be between 0 and 2147483647, inclusive",
            "status.containerStatuses[0].user.linux.supplementalGroups[0]: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive",
        ],
    ),
    "a user of Windows": (
        {"os": {"name": "windows"}},
        {"initContainerStatuses": [{"name": "a", "user": {"linux": {}}}]},
        ["status.initContainerStatuses[0].user.linux: Forbidden: cannot be set for a windows pod"],
    ),
    "resources nobody asked for": (
        {"containers": [CLAIM]},
        {
            "containerStatuses": [
                {"name": "a", "allocatedResourcesStatus": [{"name": "memory", "resources": [{"resourceID": "x", "health": "Fine"}]}]}
            ]
        },
        [
            'status.containerStatuses[0].allocatedResourcesStatus[0].name: Invalid value: "memory": must match one of the container\'s resource '
            "requests",
            'status.containerStatuses[0].allocatedResourcesStatus[0].resources[0].health: Unsupported value: "Fine": supported values: "Healthy", '
            '"Unhealthy", "Unknown"',
        ],
    ),
}


@pytest.mark.parametrize("name", PODS)
def test_a_pods_status_is_judged(name: str) -> None:
    spec, now, wanted = PODS[name]
    assert [str(each) for each in podstatuses.validate({"spec": spec, "status": now}, {"spec": spec})] == wanted


def test_a_quotas_status_has_amounts_that_a_quota_can_have() -> None:
    found = resourcequotas.validate_status({"status": {"hard": {"pods": "-1"}, "used": {"shoes": "1"}}}, None)
    assert [str(each) for each in found] == [
        'status.hard[pods]: Invalid value: "-1": must be greater than or equal to 0',
        'status.used[shoes]: Invalid value: "shoes": must be a standard resource type or fully qualified',
        'status.used[shoes]: Invalid value: "shoes": must be a standard resource for quota',
    ]


def test_a_claims_status_has_amounts_and_a_known_standing() -> None:
    status = {"capacity": {"storage": "-1"}, "allocatedResourceStatuses": {"storage": "Odd"}, "allocatedResources": {"cpu": "1"}}
    found = persistentvolumeclaims.validate_status({"spec": {"accessModes": ["ReadWriteOnce"]}, "status": status}, None)
    assert [str(each) for each in found] == [
        "status.capacity[storage]: Invalid value: -1: must be a valid resource quantity",
        'status.allocatedResourceStatus: Unsupported value: "storage": supported values: "ControllerResizeInProgress", '
        '"ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
        'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
    ]
