"""A pod's container as libpod has it."""

from __future__ import annotations

import pytest

from pkctl.runtime import places, podspec

PLACE = places.Place("0a1b2c3d-0000-4000-8000-000000000000", "n1")
UID = "11111111-2222-4333-8444-555555555555"
HOME = f"/var/lib/pkctl/0a1b2c3d/pods/{UID}"


def pod(container=None, **spec):
    made = {"name": "web", "image": "web:1", **(container or {})}
    return {"metadata": {"name": "p", "namespace": "default", "uid": UID}, "spec": {"containers": [made], **spec}}


def create(made, **action):
    return podspec.create(made, made["spec"]["containers"][0], {"attempt": 0, "env": [], **action}, PLACE)


def test_the_name_tells_cluster_pod_container_and_attempt():
    assert create(pod(), attempt=3)["name"] == f"pkctl-0a1b2c3d-{UID}-web-3"


def test_labels_tell_whose_the_container_is():
    assert create(pod())["labels"] == {
        "pkctl.cluster": PLACE.cluster,
        "pkctl.place": "",
        "pkctl.node": "n1",
        "pkctl.uid": UID,
        "pkctl.namespace": "default",
        "pkctl.pod": "p",
        "pkctl.container": "web",
        "pkctl.attempt": "0",
    }


def test_namespaces_are_joined_by_path():
    body = create(pod())
    assert body["netns"] == {"nsmode": "path", "value": f"/run/pkctl/0a1b2c3d/{UID}/net"}
    assert body["utsns"]["nsmode"] == body["ipcns"]["nsmode"] == "path"
    assert "pidns" not in body


@pytest.mark.parametrize(
    ("spec", "field"),
    [({"hostNetwork": True}, "netns"), ({"hostNetwork": True}, "utsns"), ({"hostIPC": True}, "ipcns"), ({"hostPID": True}, "pidns")],
    ids=["network", "name with network", "ipc", "pid"],
)
def test_the_hosts_namespaces_may_be_used(spec, field):
    assert create(pod(**spec))[field] == {"nsmode": "host"}


def test_a_shared_process_namespace_is_the_sandboxs():
    assert create(pod(shareProcessNamespace=True))["pidns"] == {"nsmode": "path", "value": f"/run/pkctl/0a1b2c3d/{UID}/pid"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$(A)", "1"),
        ("$$(A)", "$(A)"),
        ("$(B)", "$(B)"),
        ("$A", "$A"),
        ("$(A)$(A)", "11"),
        ("$$$(A)", "$1"),
        ("$", "$"),
        ("$(", "$("),
    ],
)
def test_variables_expand_as_in_kubernetes(text, expected):
    assert podspec.expand(text, {"A": "1"}) == expected


def test_command_is_the_entry_point_and_args_the_command():
    body = create(pod({"command": ["run", "$(A)"], "args": ["$(A)"]}), env=[["A", "1"]])
    assert (body["entrypoint"], body["command"]) == (["run", "1"], ["1"])


def test_args_alone_leave_the_images_entry_point():
    assert "entrypoint" not in create(pod({"args": ["x"]}))


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ({}, {}),
        ({"requests": {"cpu": "100m"}}, {"cpu": {"shares": 102}}),
        ({"requests": {"cpu": "1m"}}, {"cpu": {"shares": 2}}),
        ({"limits": {"cpu": "500m"}}, {"cpu": {"shares": 512, "period": 100000, "quota": 50000}}),
        ({"limits": {"cpu": "1m"}}, {"cpu": {"shares": 2, "period": 100000, "quota": 1000}}),
        ({"limits": {"memory": "64Mi"}}, {"memory": {"limit": 67108864}}),
    ],
    ids=["none", "request", "least shares", "limit", "least quota", "memory"],
)
def test_resources_are_reckoned_as_the_kubelet_does(resources, expected):
    assert podspec.resources({"resources": resources}) == expected


def test_config_volumes_are_read_only_and_others_are_not():
    mounts = [{"name": "a", "mountPath": "/a"}, {"name": "b", "mountPath": "/b"}]
    body = create(pod({"volumeMounts": mounts}, volumes=[{"name": "a", "configMap": {}}, {"name": "b", "emptyDir": {}}]))
    found = {mount["destination"]: (mount["source"], mount["options"][1]) for mount in body["mounts"]}
    assert found["/a"] == (f"{HOME}/volumes/a", "ro")
    assert found["/b"] == (f"{HOME}/volumes/b", "rw")


def test_a_volume_wins_over_the_pods_own_file():
    body = create(pod({"volumeMounts": [{"name": "a", "mountPath": "/etc/hosts", "subPath": "hosts"}]}))
    assert [one["source"] for one in body["mounts"] if one["destination"] == "/etc/hosts"] == [f"{HOME}/volumes/a/hosts"]


def test_a_sub_path_expression_uses_the_environment():
    body = create(pod({"volumeMounts": [{"name": "a", "mountPath": "/a", "subPathExpr": "x/$(N)"}]}), env=[["N", "y"]])
    assert body["mounts"][-1]["source"] == f"{HOME}/volumes/a/x/y"


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("no", {"restart_policy": "no"}),
        ("on-failure:3", {"restart_policy": "on-failure", "restart_tries": 3}),
        ("always", {"restart_policy": "always"}),
    ],
    ids=["no", "bounded", "always"],
)
def test_podmans_restarts_are_as_asked(policy, expected):
    body = create(pod(), restart=policy)
    assert {key: body[key] for key in body if key.startswith("restart")} == expected


def test_a_containers_own_security_wins():
    made = pod(
        {"securityContext": {"runAsUser": 2}}, securityContext={"runAsUser": 1, "runAsGroup": 5, "fsGroup": 7, "supplementalGroups": [8]}
    )
    body = create(made)
    assert (body["user"], body["groups"]) == ("2:5", ["8", "7"])


def test_capabilities_and_privileges_are_passed_on():
    context = {"capabilities": {"add": ["NET_ADMIN"], "drop": ["ALL"]}, "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}
    body = create(pod({"securityContext": context}))
    assert (body["cap_add"], body["cap_drop"]) == (["NET_ADMIN"], ["ALL"])
    assert body["no_new_privileges"]
    assert body["read_only_filesystem"]


def test_profiles_are_named():
    context = {"seccompProfile": {"type": "Localhost", "localhostProfile": "a.json"}, "appArmorProfile": {"type": "Unconfined"}}
    body = create(pod({"securityContext": context}))
    assert (body["seccomp_profile_path"], body["apparmor_profile"]) == ("/var/lib/pkctl/seccomp/a.json", "unconfined")


@pytest.mark.parametrize(("name", "number"), [("SIGTERM", 15), ("SIGUSR1", 10), ("SIGRTMIN+3", 37), ("SIGRTMAX-1", 63)])
def test_stop_signals_have_numbers(name, number):
    assert podspec.signal(name) == number


def test_systemd_wants_a_slice():
    assert places.cgroup(UID, systemd=True) == "pkctl-pod11111111_2222_4333_8444_555555555555.slice"
    assert places.cgroup(UID, systemd=False) == f"/pkctl/pod{UID}"


def test_a_long_name_is_cut_to_a_host_name():
    made = pod()
    made["metadata"]["name"] = "a" * 62 + ".b"
    assert podspec.hostname(made) == "a" * 62


def test_a_links_name_fits_the_kernel():
    assert len(PLACE.link(UID)) <= 15
