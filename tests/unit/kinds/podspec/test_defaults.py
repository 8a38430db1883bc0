"""What is filled into a pod and a pod template."""

from __future__ import annotations

import pytest

from pkctl.kinds.podspec import defaults


def filled(container=None, **spec):
    obj = {"spec": {"containers": [{"name": "c", "image": "i", **(container or {})}], **spec}}
    defaults.pod(obj)
    return obj["spec"]


def of_container(**container):
    return filled(container)["containers"][0]


def test_a_template_gets_what_every_pod_has():
    template = {"spec": {"containers": []}}
    defaults.template(template)
    assert template["spec"] == {
        "containers": [],
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }


POLICIES = {
    "nginx": "Always",
    "nginx:latest": "Always",
    "nginx:1.2": "IfNotPresent",
    "reg:5000/nginx": "Always",
    "reg:5000/nginx:1": "IfNotPresent",
    "nginx@sha256:ab": "IfNotPresent",
    "nginx:latest@sha256:ab": "Always",
    "": "IfNotPresent",
}


@pytest.mark.parametrize(("image", "policy"), POLICIES.items())
def test_the_tag_decides_the_pull_policy(image, policy):
    assert defaults.pull_policy(image) == policy


def test_requests_follow_limits():
    assert of_container(resources={"limits": {"cpu": "1"}})["resources"]["requests"] == {"cpu": "1"}


def test_a_templates_requests_do_not_follow_limits():
    template = {"spec": {"containers": [{"name": "c", "resources": {"limits": {"cpu": "1"}}}]}}
    defaults.template(template)
    assert "requests" not in template["spec"]["containers"][0]["resources"]


def test_probes_are_filled():
    assert of_container(livenessProbe={"httpGet": {"port": 80}})["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def test_ports_are_tcp():
    assert of_container(ports=[{"containerPort": 80}])["ports"] == [{"containerPort": 80, "protocol": "TCP"}]


def test_the_hosts_network_takes_host_ports():
    spec = filled({"ports": [{"containerPort": 80}]}, hostNetwork=True)
    assert spec["containers"][0]["ports"][0]["hostPort"] == 80


def test_field_references_are_v1():
    env = of_container(env=[{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}])["env"]
    assert env[0]["valueFrom"]["fieldRef"]["apiVersion"] == "v1"


VOLUMES = {
    "nothing": ({}, {"emptyDir": {}}),
    "secret": ({"secret": {"secretName": "s"}}, {"secret": {"secretName": "s", "defaultMode": 420}}),
    "configMap": ({"configMap": {"name": "m"}}, {"configMap": {"name": "m", "defaultMode": 420}}),
    "hostPath": ({"hostPath": {"path": "/"}}, {"hostPath": {"path": "/", "type": ""}}),
    "token": (
        {"projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}},
        {"projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 3600}}], "defaultMode": 420}},
    ),
    "mode said to be 0": ({"secret": {"secretName": "s", "defaultMode": 0}}, {"secret": {"secretName": "s", "defaultMode": 0}}),
}


@pytest.mark.parametrize(("said", "stored"), VOLUMES.values(), ids=VOLUMES)
def test_volumes_are_filled(said, stored):
    assert filled(volumes=[{"name": "v", **said}])["volumes"] == [{"name": "v", **stored}]


def test_the_old_name_of_the_service_account_is_kept_in_step():
    spec = filled(serviceAccountName="s")
    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("s", "s")


def test_filling_twice_changes_nothing():
    spec = filled({"livenessProbe": {"grpc": {"port": 1}}}, volumes=[{"name": "v"}])
    again = {"spec": {**spec}}
    defaults.pod(again)
    assert again["spec"] == spec
