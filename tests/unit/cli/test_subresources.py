"""`--subresource`: a part of an object is read, judged and changed as that part alone."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

OBJECTS = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "web:1"}]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: scaler}
rules:
- {apiGroups: [apps], resources: [deployments/scale], verbs: [get, patch]}
- {apiGroups: [""], resources: [services], verbs: [update]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: scaler}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: scaler}
subjects: [{kind: User, name: jane, apiGroup: rbac.authorization.k8s.io}]
"""
SERVICE = '{"apiVersion":"v1","kind":"Service","metadata":{"name":"new"},"spec":{"ports":[{"port":80}]}}'


@pytest.fixture
def web(file_sh: lines.Sh) -> lines.Sh:
    """A deployment, and jane, who may scale it and no more."""
    assert file_sh("--no-nodes", "create", "--settle=never", "-f", "-", text=OBJECTS).code == 0
    return file_sh


def test_who_may_see_a_part_needs_no_right_to_the_whole(web: lines.Sh) -> None:
    table = web("get", "deployment", "web", "--subresource=scale", "--as=jane")
    assert table.out.split() == ["NAME", "DESIRED", "AVAILABLE", "AGE", "web", "1", "0", table.out.split()[-1]]
    assert web("get", "deployment", "web", "--as=jane").code == 1


def test_a_part_is_patched_and_shown_as_what_it_is(web: lines.Sh) -> None:
    patch = ["patch", "deployment", "web", "--subresource=scale", "--type=merge", "-p", '{"spec":{"replicas":3}}', "--settle=never"]
    assert web(*patch, "--as=jane").out == "scale.autoscaling/web patched\n"


def test_a_part_of_many_is_refused(web: lines.Sh) -> None:
    said = web("get", "deployments", "--subresource=scale")
    assert said.err == "error: subresource cannot be used when bulk resources are specified\n"


def test_a_replacement_that_would_create_needs_that_right(web: lines.Sh) -> None:
    path = "/api/v1/namespaces/default/services/new"
    said = web("replace", "--raw", path, "-f", "-", "--as=jane", text=SERVICE)
    assert "cannot create resource" in said.err
