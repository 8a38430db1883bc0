from __future__ import annotations

from typing import Any

import pytest

from pkctl import errors
from pkctl.controllers import pods
from pkctl.objects import times
from tests.unit.controllers import machines, things, views

Object = dict[str, Any]


def machine(*others: Object, bridging: bool = False, **spec: Any) -> machines.Machine:
    return machines.Machine(things.pod("p", node="n1", spec=spec), things.node("n1"), *others, bridging=bridging)


def container(name: str = "web", **more: Any) -> Object:
    return {"name": name, "image": "web:1", "imagePullPolicy": "IfNotPresent", **more}


def probe(**more: Any) -> Object:
    return {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 10, "failureThreshold": 3, "successThreshold": 1, **more}


# Starting


def test_a_new_pod_gets_a_sandbox_its_image_and_its_container() -> None:
    assert machine().look() == ["sandbox", "pull web", "start web"]


def test_a_settled_pod_needs_nothing() -> None:
    settled = machine().settle()
    assert settled.look() == []
    assert (settled.plan.writes, settled.plan.events, settled.plan.notes, settled.plan.again_after) == ([], [], {}, None)


def test_a_started_pod_is_running_and_ready() -> None:
    started = machine().settle()
    assert started.status["phase"] == "Running"
    assert started.container()["state"] == {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    assert [(one["type"], one["status"]) for one in started.status["conditions"]] == [
        ("PodReadyToStartContainers", "True"),
        ("Initialized", "True"),
        ("Ready", "True"),
        ("ContainersReady", "True"),
        ("PodScheduled", "True"),
    ]


def test_a_pod_has_its_addresses_and_its_start_time() -> None:
    status = machine().settle().status
    assert (status["podIP"], status["podIPs"], status["startTime"]) == ("10.200.0.2", [{"ip": "10.200.0.2"}], "2026-01-01T00:00:00Z")
    assert status["hostIP"].startswith("192.0.2.")


def test_a_waiting_pod_is_pending_and_creating_its_containers() -> None:
    first = machine()
    first.look()
    assert first.status["phase"] == "Pending"
    assert first.container()["state"] == {"waiting": {"reason": "ContainerCreating"}}


def test_a_start_is_told_in_the_kubelets_words() -> None:
    assert machine().settle().said == [
        ("Normal", "Pulled", 'Container image "web:1" already present on machine and can be accessed by the pod'),
        ("Normal", "Created", "Container created"),
        ("Normal", "Started", "Container started"),
    ]


def test_an_event_names_its_container_and_its_node() -> None:
    event = machine().settle().view.events[-1]
    assert (event.field, event.host, event.source) == ("spec.containers{web}", "n1", "kubelet")


def test_two_pods_of_a_node_never_share_an_address() -> None:
    other = things.pod("q", node="n1")
    first = machine(other).settle()
    second = machines.Machine(other)
    second.view = first.view
    assert second.settle().status["podIP"] == "10.200.0.3"


def test_an_address_is_free_again_when_its_pod_is_gone() -> None:
    gone = machine().settle()
    gone.change(metadata={"deletionTimestamp": times.stamp(views.NOW + 30), "deletionGracePeriodSeconds": 30})
    gone.settle()
    assert gone.view.notes("ips/n1") == {}


def test_a_pod_on_the_nodes_network_has_the_nodes_address() -> None:
    shared = machine(hostNetwork=True).settle()
    assert shared.status["podIP"] == shared.status["hostIP"]
    assert shared.view.notes("ips/n1") == {}


def test_a_node_without_a_cidr_makes_the_pod_wait() -> None:
    waiting = machines.Machine(things.pod("p", node="n1"), things.node("n1", podCIDR=None))
    waiting.look()
    assert waiting.done == []
    assert waiting.said == [("Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: the node has no pod CIDR yet")]


def test_a_sandbox_that_failed_is_tried_again_later() -> None:
    broken = machine()
    broken.refuse["sandbox", ""] = errors.NodeError("CreatePodSandboxError", "no veth")
    broken.settle(3)
    assert ("Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: no veth") in broken.said
    assert broken.plan.again_after == 10


# Images


def test_a_failed_pull_is_told_and_backs_off() -> None:
    missing = machine()
    missing.refuse["pull", "web"] = errors.NodeError("ErrImagePull", "manifest unknown")
    missing.look()
    missing.look()
    assert missing.said[:3] == [
        ("Normal", "Pulling", 'Pulling image "web:1"'),
        ("Warning", "Failed", 'Failed to pull image "web:1": manifest unknown'),
        ("Warning", "Failed", "Error: ErrImagePull"),
    ]
    assert missing.container()["state"]["waiting"] == {
        "reason": "ImagePullBackOff",
        "message": 'Back-off pulling image "web:1": ErrImagePull: manifest unknown',
    }
    assert missing.plan.again_after == 10


def test_pulls_are_tried_after_10_20_and_40_seconds() -> None:
    missing = machine()
    missing.refuse["pull", "web"] = errors.NodeError("ErrImagePull", "manifest unknown")
    waits = []
    for _ in range(7):
        missing.settle()
        waits.append(missing.plan.again_after)
        missing.view.now += missing.plan.again_after or 0
    assert waits == [10, 20, 40, 80, 160, 300, 300]


def test_an_image_that_comes_at_last_starts_the_container() -> None:
    missing = machine()
    missing.refuse["pull", "web"] = errors.NodeError("ErrImagePull", "manifest unknown")
    missing.settle()
    missing.refuse.clear()
    assert missing.wait(10).container()["ready"] is True


def test_an_image_that_must_not_be_pulled_has_a_reason_of_its_own() -> None:
    never = machine(containers=[container(imagePullPolicy="Never")])
    never.refuse["pull", "web"] = errors.NodeError("ErrImageNeverPull", "not there")
    never.settle()
    assert never.container()["state"]["waiting"]["reason"] == "ErrImageNeverPull"
    assert never.said[0][2] == 'Container image "web:1" is not present with pull policy of Never'


def test_pull_secrets_are_handed_over() -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": things.metadata("reg"),
        "data": {".dockerconfigjson": "eyJhdXRocyI6IHsiciI6IHsiYXV0aCI6ICJiV1U2YzJWamNtVjAifX19"},
    }
    private = machine(secret, imagePullSecrets=[{"name": "reg"}])
    private.look()
    assert private.plan.actions[1]["auths"] == [{"server": "r", "username": "me", "password": "secret"}]


# Crashing


def test_a_first_crash_is_restarted_at_once() -> None:
    crashed = machine().settle().crash()
    assert crashed.look() == ["pull web", "start web"]
    assert crashed.done[-1]["attempt"] == 1


def test_a_restarted_container_tells_how_it_ended_before() -> None:
    crashed = machine().settle().crash(code=3, message="oh no").settle()
    found = crashed.container()
    assert found["restartCount"] == 1
    assert found["lastState"]["terminated"]["exitCode"] == 3
    assert found["lastState"]["terminated"]["reason"] == "Error"
    assert found["lastState"]["terminated"]["message"] == "oh no"


def test_a_second_crash_backs_off() -> None:
    crashed = machine().settle().crash().settle().crash().settle()
    assert crashed.plan.again_after == 10
    assert crashed.container()["state"]["waiting"] == {
        "reason": "CrashLoopBackOff",
        "message": "back-off 10s restarting failed container=web pod=p_demo(u-p)",
    }
    assert crashed.said[-1] == ("Warning", "BackOff", "Back-off restarting failed container web in pod p_demo(u-p)")


def test_back_offs_double_to_five_minutes() -> None:
    crashing, waits = machine().settle().crash().settle(), []
    for _ in range(7):
        crashing.crash().settle()
        waits.append(crashing.plan.again_after)
        crashing.wait(crashing.plan.again_after or 0)
    assert waits == [10, 20, 40, 80, 160, 300, 300]


def test_ten_quiet_minutes_forget_the_back_off() -> None:
    crashing = machine().settle().crash().settle().crash().settle().wait(10)
    crashing.view.now += 601
    assert "start web" in crashing.crash().look()


def test_the_back_off_is_told_once_per_crash() -> None:
    crashed = machine().settle().crash().settle().crash().settle()
    count = len(crashed.said)
    crashed.wait(5)
    assert len(crashed.said) == count


def test_a_crashing_pod_stays_running_by_phase_and_unready() -> None:
    crashed = machine().settle().crash().settle().crash().settle()
    assert crashed.status["phase"] == "Running"
    assert crashed.condition("Ready") == ("False", "containers with unready status: [web]")


def test_only_the_last_two_attempts_are_kept() -> None:
    crashing = machine().settle()
    for _ in range(4):
        crashing.crash().settle().wait(300)
    assert crashing.observed is not None
    assert [one["attempt"] for one in crashing.observed["containers"]] == [4, 3]


def test_podmans_own_restarts_are_counted() -> None:
    bridged = machine(bridging=True).settle()
    assert bridged.done[-1]["restart"] == "on-failure:3"
    assert bridged.observed is not None
    bridged.observed["containers"][0]["restarts"] = 2
    assert bridged.settle().container()["restartCount"] == 2
    assert bridged.crash().look()[-1] == "start web"
    assert bridged.done[-1]["attempt"] == 3


def test_a_start_that_fails_is_a_waiting_reason() -> None:
    broken = machine()
    broken.refuse["start", "web"] = errors.NodeError("RunContainerError", 'exec: "nope": not found')
    broken.look()
    broken.look()
    assert broken.container()["state"]["waiting"] == {"reason": "RunContainerError", "message": 'exec: "nope": not found'}
    assert ("Warning", "Failed", 'Error: exec: "nope": not found') in broken.said
    assert broken.plan.again_after == 10


# Ending by itself


@pytest.mark.parametrize(
    ("policy", "code", "phase"),
    [
        ("Never", 0, "Succeeded"),
        ("Never", 1, "Failed"),
        ("OnFailure", 0, "Succeeded"),
        ("OnFailure", 1, "Running"),
        ("Always", 0, "Running"),
    ],
)
def test_the_restart_policy_decides_what_an_end_means(policy: str, code: int, phase: str) -> None:
    assert machine(restartPolicy=policy).settle().crash(code=code).settle().status["phase"] == phase


def test_a_succeeded_pod_says_so_in_its_conditions() -> None:
    done = machine(restartPolicy="Never").settle().crash(code=0).settle()
    assert [one.get("reason") for one in done.status["conditions"] if one["type"] in ("Initialized", "Ready", "ContainersReady")] == [
        "PodCompleted",
        "PodCompleted",
        "PodCompleted",
    ]


def test_a_killed_container_shows_that_it_ran_out_of_memory() -> None:
    killed = machine(restartPolicy="Never").settle().crash(code=137, oomKilled=True).settle()
    assert killed.container()["state"]["terminated"]["reason"] == "OOMKilled"


def test_a_pod_past_its_deadline_fails() -> None:
    late = machine(activeDeadlineSeconds=60).settle()
    assert late.plan.again_after == 60
    late.wait(60)
    assert (late.status["phase"], late.status["reason"]) == ("Failed", "DeadlineExceeded")
    assert late.container()["state"]["terminated"]["exitCode"] == 137


# Init containers and sidecars


def test_init_containers_run_one_after_another_and_then_the_rest() -> None:
    steps = machine(initContainers=[container("a"), container("b")])
    assert steps.settle().done[-1]["container"] == "a"
    assert steps.crash("a", 0).settle().done[-1]["container"] == "b"
    assert steps.container()["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert steps.crash("b", 0).settle().done[-1]["container"] == "web"
    assert steps.status["phase"] == "Running"


def test_a_pod_that_initializes_names_what_is_missing() -> None:
    steps = machine(initContainers=[container("a"), container("b")]).settle()
    assert steps.status["phase"] == "Pending"
    assert steps.condition("Initialized") == ("False", "containers with incomplete status: [a b]")


def test_a_failed_init_container_is_tried_again() -> None:
    steps = machine(initContainers=[container("a")]).settle().crash("a", 1)
    assert steps.look()[-1] == "start a"


def test_a_failed_init_container_ends_a_pod_that_never_restarts() -> None:
    steps = machine(restartPolicy="Never", initContainers=[container("a")]).settle().crash("a", 1).settle()
    assert steps.status["phase"] == "Failed"
    assert [action["container"] for action in steps.done if action["do"] == "start"] == ["a"]


def test_a_sidecar_starts_first_and_stays() -> None:
    both = machine(initContainers=[container("side", restartPolicy="Always")]).settle()
    assert [action["container"] for action in both.done if action["do"] == "start"] == ["side", "web"]
    assert both.container("side")["ready"] is True


def test_a_crashed_sidecar_is_restarted_beside_the_others() -> None:
    both = machine(initContainers=[container("side", restartPolicy="Always")]).settle().crash("side", 1)
    assert both.look() == ["pull side", "start side"]


def test_sidecars_are_stopped_when_the_work_is_done() -> None:
    both = machine(restartPolicy="Never", initContainers=[container("side", restartPolicy="Always")]).settle()
    both.crash("web", 0).settle()
    assert both.done[-1]["do"] == "stop"
    assert both.status["phase"] == "Succeeded"


# Probes and hooks


def test_a_pod_is_not_ready_before_its_readiness_probe_passed() -> None:
    probed = machine(containers=[container(readinessProbe=probe())])
    probed.answers["readiness", "web"] = (False, "HTTP probe failed with statuscode: 500")
    probed.settle()
    assert probed.container()["ready"] is False
    assert ("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500") in probed.said
    probed.answers.clear()
    assert probed.wait(10).container()["ready"] is True


def test_a_probe_waits_for_its_first_delay_and_then_its_period() -> None:
    probed = machine(containers=[container(livenessProbe=probe(initialDelaySeconds=15))]).settle()
    assert probed.plan.again_after == 15
    probed.wait(15)
    assert probed.done[-1]["which"] == "liveness"
    assert probed.plan.again_after == 10


def test_a_passing_probe_changes_nothing_that_is_stored() -> None:
    probed = machine(containers=[container(livenessProbe=probe(), readinessProbe=probe())]).settle()
    probed.view.now += 10
    assert len(probed.look()) == 2
    probed.look()
    assert (probed.plan.writes, probed.plan.notes) == ([], {})


def test_named_ports_are_numbers_for_the_runtime() -> None:
    named = container(ports=[{"name": "http", "containerPort": 8080}], readinessProbe=probe(httpGet={"port": "http"}))
    assert machine(containers=[named]).settle().done[-1]["probe"]["httpGet"]["port"] == 8080


def test_three_failures_of_the_liveness_probe_restart_the_container() -> None:
    sick = machine(containers=[container(livenessProbe=probe())])
    sick.answers["liveness", "web"] = (False, "timeout")
    sick.settle().wait(10)
    assert not [action for action in sick.done if action["do"] == "stop"]
    sick.wait(10)
    assert ("Normal", "Killing", "Container web failed liveness probe, will be restarted") in sick.said
    assert sick.container()["restartCount"] == 1


def test_other_probes_wait_for_the_startup_probe() -> None:
    slow = machine(containers=[container(startupProbe=probe(), livenessProbe=probe())])
    slow.answers["startup", "web"] = (False, "not yet")
    slow.settle()
    assert slow.container()["started"] is False
    slow.answers.clear()
    slow.wait(10)
    assert slow.container()["started"] is True
    assert {action["which"] for action in slow.done if action["do"] == "probe"} == {"startup", "liveness"}


def test_a_container_is_not_ready_before_its_post_start_hook_is_through() -> None:
    hooked = machine(containers=[container(lifecycle={"postStart": {"exec": {"command": ["true"]}}})])
    hooked.look()
    assert hooked.look() == ["hook web"]
    assert hooked.container()["ready"] is False
    assert hooked.settle().container()["ready"] is True


def test_a_failed_post_start_hook_restarts_the_container() -> None:
    hooked = machine(containers=[container(lifecycle={"postStart": {"exec": {"command": ["false"]}}})])
    hooked.answers["hook", "web"] = (False, "")
    for _ in range(4):
        hooked.look()
    assert ("Warning", "FailedPostStartHook", "PostStartHook failed") in hooked.said
    assert [action["attempt"] for action in hooked.done if action["do"] == "start"] == [0, 1]


def test_readiness_gates_hold_a_pod_back_by_name() -> None:
    gated = machine(readinessGates=[{"conditionType": "example.com/ok"}]).settle()
    assert gated.condition("Ready") == ("False", 'corresponding condition of pod readiness gate "example.com/ok" does not exist.')


# Being deleted


def deleting(grace: int = 30) -> Object:
    return {"deletionTimestamp": times.stamp(views.NOW + grace), "deletionGracePeriodSeconds": grace}


def test_a_deleted_pod_is_stopped_removed_and_let_go() -> None:
    gone = machine().settle()
    gone.change(metadata=deleting())
    assert gone.look() == ["stop web"]
    assert gone.done[-1]["grace"] == 30
    assert gone.look() == ["remove"]
    assert gone.container()["state"]["terminated"]["exitCode"] == 137
    gone.look()
    assert gone.pod is None


def test_stopping_is_told() -> None:
    gone = machine().settle()
    gone.change(metadata=deleting())
    gone.settle()
    assert gone.said[-1] == ("Normal", "Killing", "Stopping container web")


def test_a_pod_that_never_ran_is_let_go_at_once() -> None:
    gone = machine()
    gone.change(metadata=deleting())
    gone.look()
    assert gone.done == []
    assert gone.pod is None


def test_grace_that_has_run_out_leaves_one_second() -> None:
    gone = machine().settle()
    gone.change(metadata=deleting())
    gone.view.now += 100
    gone.look()
    assert gone.done[-1]["grace"] == 1


def test_what_can_not_be_removed_is_tried_again_later() -> None:
    gone = machine().settle()
    gone.change(metadata=deleting())
    gone.refuse["remove", ""] = errors.NodeError("RuntimeUnavailable", "no socket")
    gone.settle(4)
    assert gone.plan.again_after == 10
    assert gone.pod is not None
    gone.refuse.clear()
    gone.wait(10)
    assert gone.pod is None


def test_what_the_cluster_has_forgotten_is_removed() -> None:
    ghost = machine().settle()
    ghost.view.drop("pods", "demo", "p")
    assert ghost.look() == ["remove"]
    ghost.look()
    assert (ghost.view.notes("pod/u-p"), ghost.view.notes("ips/n1")) == ({}, {})


# A node that was rebooted


def rebooted(machine: machines.Machine) -> machines.Machine:
    assert machine.observed is not None
    machine.observed |= {"sandbox": "gone"}
    return machine


def test_after_a_reboot_the_sandbox_and_the_containers_are_made_anew() -> None:
    back = rebooted(machine().settle())
    assert back.look() == ["sandbox", "pull web", "start web"]
    assert ("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.") in back.said
    assert back.settle().container()["restartCount"] == 1


def test_after_a_reboot_the_pod_keeps_its_address() -> None:
    assert rebooted(machine().settle()).settle().status["podIP"] == "10.200.0.2"


def test_after_a_reboot_init_containers_run_again() -> None:
    back = machine(initContainers=[container("a")]).settle().crash("a", 0).settle()
    assert rebooted(back).look()[-1] == "start a"


def test_after_a_reboot_a_pod_that_never_restarts_has_failed() -> None:
    back = rebooted(machine(restartPolicy="Never").settle()).settle()
    assert back.status["phase"] == "Failed"
    assert back.container()["state"]["terminated"]["reason"] == "ContainerStatusUnknown"


# Admission


def test_a_node_refuses_a_pod_that_does_not_fit() -> None:
    big = things.requesting("p", cpu="8")
    big["spec"]["nodeName"] = "n1"
    refused = machines.Machine(big, things.node("n1"))
    refused.look()
    assert (refused.status["phase"], refused.status["reason"]) == ("Failed", "OutOfcpu")
    assert refused.status["message"] == (
        "Pod was rejected: Node didn't have enough resource: cpu, requested: 8000, used: 0, capacity: 4000"
    )


def test_a_node_refuses_a_pod_whose_selector_it_does_not_match() -> None:
    refused = machine(nodeSelector={"disk": "ssd"})
    refused.look()
    assert refused.status["reason"] == "NodeAffinity"


def test_the_objects_a_pod_depends_on_are_known() -> None:
    spec = {
        "volumes": [{"name": "v", "configMap": {"name": "cm"}}],
        "containers": [container(envFrom=[{"secretRef": {"name": "s"}}])],
    }
    assert pods.sources(things.pod("p", spec=spec)) == {("configmaps", "demo", "cm"), ("secrets", "demo", "s")}
