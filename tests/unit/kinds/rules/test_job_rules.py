"""What the API says of a Job's policies, indexes and changes."""

from __future__ import annotations

import pytest

from pkctl.kinds.rules import jobpolicies
from tests.unit.kinds import workload_cases as cases

RULE = {"action": "FailJob", "onExitCodes": {"operator": "In", "values": [1]}}
BIG = {"completionMode": "Indexed", "completions": 100001, "backoffLimitPerIndex": 1}
ON_CODES = "spec.podFailurePolicy.rules[0].onExitCodes"


def failing(**rule):
    return cases.job(podFailurePolicy={"rules": [{**RULE, **rule}]})


def succeeding(**rule):
    return cases.job(completionMode="Indexed", completions=5, parallelism=1, successPolicy={"rules": [rule]})


CASES = {
    "no action": (
        failing(action=""),
        'spec.podFailurePolicy.rules[0].action: Required value: valid values: ["Count" "FailIndex" "FailJob" "Ignore"]',
    ),
    "unknown action": (
        failing(action="Retry"),
        'spec.podFailurePolicy.rules[0].action: Unsupported value: "Retry": supported values: "Count", "FailIndex", "FailJob", "Ignore"',
    ),
    "failing an index of a job that counts none": (
        failing(action="FailIndex"),
        'spec.podFailurePolicy.rules[0].action: Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
    ),
    "codes and conditions": (
        failing(onPodConditions=[{"type": "DisruptionTarget"}]),
        "spec.podFailurePolicy.rules[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported",
    ),
    "neither codes nor conditions": (
        failing(onExitCodes=None),
        "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
    ),
    "no operator": (
        failing(onExitCodes={"values": [1]}),
        f'{ON_CODES}.operator: Required value: valid values: ["In" "NotIn"]',
    ),
    "unknown container": (
        failing(onExitCodes={"operator": "In", "values": [1], "containerName": "z"}),
        f'{ON_CODES}.containerName: Invalid value: "z": must be one of the container or initContainer names in the pod template',
    ),
    "success among failures": (
        failing(onExitCodes={"operator": "In", "values": [0]}),
        f"{ON_CODES}.values[0]: Invalid value: 0: must not be 0 for the In operator",
    ),
    "codes out of order": (
        failing(onExitCodes={"operator": "In", "values": [2, 1]}),
        f"{ON_CODES}.values: Invalid value: [2,1]: must be ordered",
    ),
    "code twice": (
        failing(onExitCodes={"operator": "In", "values": [2, 2]}),
        f"{ON_CODES}.values[1]: Duplicate value: 2",
    ),
    "no codes": (
        failing(onExitCodes={"operator": "In", "values": []}),
        f"{ON_CODES}.values: Invalid value: []: at least one value is required",
    ),
    "status of a condition": (
        failing(onExitCodes=None, onPodConditions=[{"type": "A", "status": "Maybe"}]),
        'spec.podFailurePolicy.rules[0].onPodConditions[0].status: Unsupported value: "Maybe": supported values: "False", "True", '
        '"Unknown"',
    ),
    "restarts with a failure policy": (
        cases.job(template={"restartPolicy": "OnFailure"}, podFailurePolicy={"rules": [RULE]}),
        'spec.template.spec.restartPolicy: Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
    ),
    "replacement with a failure policy": (
        cases.job(podFailurePolicy={"rules": [RULE]}, podReplacementPolicy="TerminatingOrFailed"),
        'spec.podReplacementPolicy: Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
    ),
    "success of a job without indexes": (
        cases.job(successPolicy={"rules": [{"succeededCount": 1}]}),
        'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
    ),
    "success without a rule": (
        cases.job(completionMode="Indexed", completions=5, successPolicy={"rules": []}),
        "spec.successPolicy.rules: Required value: at least one rules must be specified when the successPolicy is specified",
    ),
    "empty rule of success": (
        succeeding(),
        "spec.successPolicy.rules[0]: Required value: at least one of succeededCount or succeededIndexes must be specified",
    ),
    "indexes that are not there": (
        succeeding(succeededIndexes="0-9"),
        'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-9": error parsing succeededIndexes: too large index: "9"',
    ),
    "more successes than indexes": (
        succeeding(succeededIndexes="0-1", succeededCount=3),
        "spec.successPolicy.rules[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the "
        "specified succeededIndexes field)",
    ),
    "failures per index without indexes": (
        cases.job(backoffLimitPerIndex=1),
        "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode",
    ),
    "failed indexes without a limit each": (
        cases.job(completionMode="Indexed", completions=2, maxFailedIndexes=1),
        "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified",
    ),
    "more failed indexes than indexes": (
        cases.job(completionMode="Indexed", completions=2, backoffLimitPerIndex=1, maxFailedIndexes=3),
        "spec.maxFailedIndexes: Invalid value: 3: must be less than or equal to completions",
    ),
    "very many indexes": (
        cases.job(**BIG),
        "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000",
    ),
    "manager without a domain": (
        cases.job(managedBy="kueue"),
        'spec.managedBy: Invalid value: "kueue": must be a domain-prefixed path (such as "acme.io/foo")',
    ),
    "manager with a long name": (
        cases.job(managedBy=f"a.b/{'c' * 60}"),
        "spec.managedBy: Too long: may not be more than 63 bytes",
    ),
}


@pytest.mark.parametrize(("obj", "text"), CASES.values(), ids=CASES)
def test_a_wrong_job_gets_the_servers_words(obj, text):
    assert cases.problems(obj) == [text]


def test_a_job_whose_pods_could_not_be_named_is_refused():
    made = cases.job(completionMode="Indexed", completions=100)
    made["metadata"]["name"] = name = "j" * 61
    text = f'metadata.name: Invalid value: "{name}": will not able to create pod with invalid DNS label: {name}-99'
    assert cases.problems(made) == [text]


def test_indexes_are_counted():
    assert jobpolicies.counted("0,2-4,7", 8) == 5


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("3,1", "non-increasing order, previous: 3, current: 1"),
        ("2-2", "non-increasing order, previous: 2, current: 2"),
        ("a", 'cannot convert string to integer for index: "a"'),
        ("1-2-3", "the fragment \"1-2-3\" violates the requirement that an index interval can have at most two parts separated by '-'"),
    ],
)
def test_wrong_indexes_are_told(text, error):
    with pytest.raises(jobpolicies.IndexesError) as raised:
        jobpolicies.counted(text, 8)
    assert str(raised.value) == error


def changed(*, suspend=True, template=None, resources=None, active=0):
    """What the API says of a job that changes its template."""
    old = cases.stored(cases.job(suspend=suspend))
    old["status"] = {"active": active}
    new = cases.stored(cases.job(template=template, suspend=suspend), old)
    new["spec"]["selector"] = old["spec"]["selector"]
    new["spec"]["template"]["metadata"] = old["spec"]["template"]["metadata"]
    if resources:
        new["spec"]["template"]["spec"]["containers"][0]["resources"] = resources
    from pkctl.kinds.rules import jobs

    return [problem.field for problem in jobs.validate(new, old)]


def test_a_suspended_job_may_change_where_its_pods_run():
    assert changed(template={"nodeSelector": {"a": "b"}, "tolerations": [{"operator": "Exists"}]}) == []


def test_a_suspended_job_may_change_what_its_pods_ask_for():
    assert changed(resources={"requests": {"cpu": "2"}}) == []


def test_a_suspended_job_with_pods_may_not_change_its_template():
    assert changed(template={"nodeSelector": {"a": "b"}}, active=1) == ["spec.template"]


def test_a_running_job_may_not_change_its_template():
    assert changed(suspend=False, template={"nodeSelector": {"a": "b"}}) == ["spec.template"]


def test_a_suspended_job_may_not_change_its_images():
    assert changed(template={"containers": [{"name": "c", "image": "other"}]}) == ["spec.template"]
