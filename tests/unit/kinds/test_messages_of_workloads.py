"""What the API says of wrong workloads, held against the answers of a real Kubernetes 1.36."""

from __future__ import annotations

import pytest

from tests.unit.kinds import workload_cases as cases

workload, job, cronjob = cases.workload, cases.job, cases.cronjob

UID = "5d798363-0ee2-4fa9-b519-ac9a7f13e89f"
MISMATCH = "`selector` does not match template `labels`"
ROLLING = "spec.strategy.rollingUpdate"
JOB_LABELS = f'{{"batch.kubernetes.io/controller-uid":"{UID}","batch.kubernetes.io/job-name":"x","controller-uid":"{UID}","job-name":"x"}}'
CASES = {
    "deploy selector mismatch": (
        workload("Deployment", selector=(("q", "r"),)),
        [f'spec.template.metadata.labels: Invalid value: {{"a":"b"}}: {MISMATCH}'],
    ),
    "deploy no selector": (
        workload("Deployment", selector=None),
        ["spec.selector: Required value", f'spec.template.metadata.labels: Invalid value: {{"a":"b"}}: {MISMATCH}'],
    ),
    "deploy replicas": (workload("Deployment", replicas=-1), ["spec.replicas: Invalid value: -1: must be greater than or equal to 0"]),
    "deploy restartPolicy": (
        workload("Deployment", template={"restartPolicy": "Never"}),
        ['spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"'],
    ),
    "deploy strategy": (
        workload("Deployment", strategy={"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}),
        [f"{ROLLING}: Forbidden: may not be specified when strategy `type` is 'Recreate'"],
    ),
    "deploy strategy type": (
        workload("Deployment", strategy={"type": "Foo"}),
        ['spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"'],
    ),
    "deploy strategy with all it says": (
        workload("Deployment", strategy={"type": "Foo", "rollingUpdate": {"maxUnavailable": "25%"}}),
        ['spec.strategy: Unsupported value: {"Type":"Foo","RollingUpdate":{"MaxUnavailable":"25%","MaxSurge":0}}: '
         'supported values: "Recreate", "RollingUpdate"'],
    ),
    "deploy zero zero": (
        workload("Deployment", strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}),
        [f"{ROLLING}.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0"],
    ),
    "deploy percent": (
        workload("Deployment", strategy={"rollingUpdate": {"maxSurge": "25"}}),
        [f"{ROLLING}.maxSurge: Invalid value: \"25\": a valid percent string must be a numeric string followed by an ending '%' "
         "(e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"],
    ),
    "deploy progressDeadline": (
        workload("Deployment", minReadySeconds=600),
        ["spec.progressDeadlineSeconds: Invalid value: 600: must be greater than minReadySeconds"],
    ),
    "deploy empty selector": (
        workload("Deployment", selector=()),
        ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"],
    ),
    "deploy no containers": (
        workload("Deployment", template={"containers": []}),
        ["spec.template.spec.containers: Required value"],
    ),
    "sts no selector labels": (
        workload("StatefulSet", labels=None),
        [f"spec.template.metadata.labels: Invalid value: null: {MISMATCH}"],
    ),
    "sts strategy": (
        workload("StatefulSet", updateStrategy={"type": "Foo"}),
        ["spec.updateStrategy: Invalid value: {\"Type\":\"Foo\",\"RollingUpdate\":null}: must be 'RollingUpdate' or 'OnDelete'"],
    ),
    "sts strategy with all it says": (
        workload("StatefulSet", updateStrategy={"type": "Foo", "rollingUpdate": {"partition": 1}}),
        ["spec.updateStrategy: Invalid value: {\"Type\":\"Foo\",\"RollingUpdate\":{\"Partition\":1,\"MaxUnavailable\":null}}: "
         "must be 'RollingUpdate' or 'OnDelete'"],
    ),
    "sts update of what is only deleted": (
        workload("StatefulSet", updateStrategy={"type": "OnDelete", "rollingUpdate": {"partition": 1}}),
        ["spec.updateStrategy.rollingUpdate: Invalid value: {\"Partition\":1,\"MaxUnavailable\":null}: "
         "only allowed for updateStrategy 'RollingUpdate'"],
    ),
    "ds strategy": (
        workload("DaemonSet", updateStrategy={"type": "Foo"}),
        ['spec.updateStrategy: Unsupported value: {"Type":"Foo","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"'],
    ),
    "ds deadline": (
        workload("DaemonSet", template={"activeDeadlineSeconds": 5}),
        ["spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in DaemonSet is not Supported"],
    ),
    "ds surge and unavailable": (
        workload("DaemonSet", updateStrategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}),
        ["spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero"],
    ),
    "job restart": (
        workload("Job", api="batch/v1", selector=None, labels=None),
        ['spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"'],
    ),
    "job completions": (job(completions=-1), ["spec.completions: Invalid value: -1: must be greater than or equal to 0"]),
    "job selector": (
        job(selector={"matchLabels": {"a": "b"}}),
        [f'spec.selector: Invalid value: {{"matchLabels":{{"a":"b","batch.kubernetes.io/controller-uid":"{UID}"}}}}: `selector` not '
         "auto-generated",
         f"spec.template.metadata.labels: Invalid value: {JOB_LABELS}: {MISMATCH}"],
    ),
    "job indexed": (job(completionMode="Indexed"), []),
    "cron schedule": (cronjob("foo"), ['spec.schedule: Invalid value: "foo": expected exactly 5 fields, found 1: [foo]']),
    "cron tz": (cronjob(timeZone="Mars/X"), ['spec.timeZone: Invalid value: "Mars/X": unknown time zone Mars/X']),
    "cron tz in schedule": (
        cronjob("TZ=UTC * * * * *"),
        ['spec.schedule: Invalid value: "TZ=UTC * * * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead'],
    ),
    "cron policy": (
        cronjob(concurrencyPolicy="X"),
        ['spec.concurrencyPolicy: Unsupported value: "X": supported values: "Allow", "Forbid", "Replace"'],
    ),
    "rs no selector": (
        workload("ReplicaSet", selector=None),
        ["spec.selector: Required value", f'spec.template.metadata.labels: Invalid value: {{"a":"b"}}: {MISMATCH}'],
    ),
}  # fmt: skip
CHANGES = {
    "deploy selector": (
        workload("Deployment"),
        workload("Deployment", selector=(("q", "r"),)),
        [f'spec.template.metadata.labels: Invalid value: {{"a":"b"}}: {MISMATCH}',
         'spec.selector: Invalid value: {"matchLabels":{"q":"r"}}: field is immutable'],
    ),
    "sts serviceName": (
        workload("StatefulSet", serviceName="a"),
        workload("StatefulSet", serviceName="b"),
        ["spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
         "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"],
    ),
    "sts replicas": (workload("StatefulSet"), workload("StatefulSet", replicas=3), []),
    "job completions": (
        job(completions=1),
        job(completions=7),
        ["spec.selector: Required value", f"spec.template.metadata.labels: Invalid value: null: {MISMATCH}",
         "spec.completions: Invalid value: 7: field is immutable", "spec.selector: Invalid value: null: field is immutable"],
    ),
    "cron schedule": (
        cronjob(), cronjob("x"), ['spec.schedule: Invalid value: "x": expected exactly 5 fields, found 1: [x]'],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("obj", "texts"), CASES.values(), ids=CASES)
def test_a_wrong_workload_gets_the_servers_words(obj, texts):
    assert cases.problems(obj) == texts


@pytest.mark.parametrize(("old", "new", "texts"), CHANGES.values(), ids=CHANGES)
def test_a_change_that_is_not_allowed_gets_the_servers_words(old, new, texts):
    found = cases.problems(new, old)
    assert [text for text in found if not text.startswith("spec.template: Invalid")] == texts


def test_a_jobs_template_is_immutable():
    found = cases.problems(job({"containers": [{"name": "c", "image": "j"}]}), job())
    assert any(text.startswith("spec.template: Invalid value: {") and text.endswith(": field is immutable") for text in found)
