"""Defaults and table rows of the kinds that hold a pod template."""

from __future__ import annotations

import pytest

from pkctl.kinds import controllerrevisions, cronjobs, daemonsets, deployments, jobs, podtemplates, replicasets, statefulsets, table
from tests.unit.kinds import workload_cases as cases

NOW = 1767225600.0
WIDE = ["c", "i", "a=b"]


def bare(kind, **more):
    return cases.stored(cases.workload(kind, **more))


def spec_without(obj, *names):
    return {name: value for name, value in obj["spec"].items() if name not in ("template", "selector", *names)}


def test_a_deployment_is_filled():
    assert spec_without(bare("Deployment")) == {
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "progressDeadlineSeconds": 600,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
    }


def test_a_recreating_deployment_has_no_rolling_update():
    assert bare("Deployment", strategy={"type": "Recreate"})["spec"]["strategy"] == {"type": "Recreate"}


def test_a_stateful_set_is_filled():
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    assert spec_without(bare("StatefulSet", volumeClaimTemplates=[claim])) == {
        "podManagementPolicy": "OrderedReady",
        "replicas": 1,
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}},
        "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
        "volumeClaimTemplates": [
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"name": "data"},
                "spec": {"accessModes": ["ReadWriteOnce"], "volumeMode": "Filesystem"},
                "status": {"phase": "Pending"},
            }
        ],
    }


def test_a_stateful_sets_claims_can_be_mounted():
    template = {"containers": [{"name": "c", "image": "i", "volumeMounts": [{"name": "data", "mountPath": "/d"}]}]}
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
    assert cases.problems(cases.workload("StatefulSet", template=template, volumeClaimTemplates=[claim])) == []


def test_a_daemon_set_is_filled():
    assert spec_without(bare("DaemonSet")) == {
        "revisionHistoryLimit": 10,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 0, "maxUnavailable": 1}},
    }


def test_a_replication_controller_selects_by_its_templates_labels():
    obj = cases.workload("ReplicationController", api="v1", selector=None)
    made = cases.stored(obj)
    assert (made["spec"]["selector"], made["metadata"]["labels"]) == ({"a": "b"}, {"a": "b"})


def test_a_job_is_filled_and_selects_its_own_pods():
    made = cases.stored(cases.job())
    assert spec_without(made) == {
        "completions": 1,
        "parallelism": 1,
        "backoffLimit": 6,
        "completionMode": "NonIndexed",
        "suspend": False,
        "manualSelector": False,
        "podReplacementPolicy": "TerminatingOrFailed",
    }
    assert list(made["spec"]["selector"]["matchLabels"]) == ["batch.kubernetes.io/controller-uid"]


def test_a_job_takes_its_templates_labels():
    obj = cases.job()
    obj["spec"]["template"]["metadata"] = {"labels": {"a": "b"}}
    assert cases.stored(obj)["metadata"]["labels"] == {"a": "b"}


def test_a_job_with_parallelism_alone_has_no_completions():
    assert "completions" not in cases.stored(cases.job(parallelism=2))["spec"]


def test_a_cron_job_is_filled():
    assert spec_without(cases.stored(cases.cronjob()), "jobTemplate", "schedule") == {
        "concurrencyPolicy": "Allow",
        "suspend": False,
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 1,
    }


def test_a_cron_jobs_name_leaves_room_for_its_jobs():
    obj = cases.cronjob()
    obj["metadata"]["name"] = name = "a" * 53
    assert cases.problems(obj) == [f'metadata.name: Invalid value: "{name}": must be no more than 52 characters']


def row(room, obj, **status):
    obj["status"] = status
    return room.cells(obj, NOW)


def test_a_deployments_row():
    cells = row(deployments, bare("Deployment", replicas=3), readyReplicas=2, updatedReplicas=1, availableReplicas=2)
    assert cells == ["x", "2/3", 1, 2, "<unknown>", *WIDE]


def test_a_replica_sets_row():
    assert row(replicasets, bare("ReplicaSet", replicas=3), replicas=2) == ["x", 3, 2, 0, "<unknown>", *WIDE]


def test_a_stateful_sets_row():
    assert row(statefulsets, bare("StatefulSet")) == ["x", "0/1", "<unknown>", "c", "i"]


def test_a_daemon_sets_row():
    cells = row(daemonsets, bare("DaemonSet", template={"nodeSelector": {"d": "e"}}), desiredNumberScheduled=2, numberReady=1)
    assert cells == ["x", 2, 0, 1, 0, 0, "d=e", "<unknown>", *WIDE]


JOB_STATES = {
    "Complete": [{"type": "Complete", "status": "True"}],
    "Failed": [{"type": "FailureTarget", "status": "True"}, {"type": "Failed", "status": "True"}],
    "Suspended": [{"type": "Suspended", "status": "True"}],
    "FailureTarget": [{"type": "FailureTarget", "status": "True"}],
    "SuccessCriteriaMet": [{"type": "SuccessCriteriaMet", "status": "True"}],
    "Running": [{"type": "Complete", "status": "False"}],
}


@pytest.mark.parametrize(("state", "conditions"), JOB_STATES.items())
def test_a_jobs_state(state, conditions):
    assert jobs.state({"metadata": {}, "status": {"conditions": conditions}}) == state


COMPLETIONS = {
    "wanted": ({"completions": 3}, "1/3"),
    "one worker": ({"parallelism": 1}, "1/1"),
    "some workers": ({"parallelism": 2}, "1/1 of 2"),
}


@pytest.mark.parametrize(("spec", "cell"), COMPLETIONS.values(), ids=COMPLETIONS)
def test_a_jobs_completions(spec, cell):
    assert jobs.completions({"spec": spec, "status": {"succeeded": 1}}) == cell


def test_a_jobs_duration():
    cells = row(jobs, cases.stored(cases.job()), startTime="2025-12-31T23:00:00Z", completionTime="2025-12-31T23:00:05Z")
    assert cells[1:4] == ["Running", "0/1", "5s"]


def test_a_cron_jobs_row():
    cells = row(cronjobs, cases.stored(cases.cronjob(suspend=True)), active=[{}], lastScheduleTime="2025-12-31T23:59:00Z")
    assert cells[:7] == ["x", "* * * * *", "<none>", "True", 1, "60s", "<unknown>"]


def test_a_controller_revisions_row():
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "s", "uid": "u", "controller": True}
    obj = {"metadata": {"name": "x", "ownerReferences": [owner]}, "revision": 3}
    assert controllerrevisions.cells(obj, NOW) == ["x", "statefulset.apps/s", "3", "<unknown>"]


def test_a_pod_templates_row():
    template = cases.workload("Deployment")["spec"]["template"]
    assert podtemplates.cells({"metadata": {"name": "x"}, "template": template}, NOW) == ["x", "c", "i", "a=b"]


ROOMS = ("pods", "deployments", "replicasets", "statefulsets", "daemonsets", "jobs", "cronjobs", "replicationcontrollers")


@pytest.mark.parametrize("word", ROOMS)
def test_every_row_has_a_cell_for_each_column(word):
    room = table.room(table.BUILTIN.find(word))
    assert len(room.cells({"metadata": {"name": "x"}, "spec": {}}, NOW)) == len(room.COLUMNS)
