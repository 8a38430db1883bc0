"""Every command of somebody without rights is refused, with the request that it would have made named as the API server names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli import lines

MANIFEST = '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}'
HERE, ABOVE = 'in the namespace "default"', "at the cluster scope"
GET_POD = ("pods", "web", "get", "pods", "", HERE)
TABLE = {
    "get pods": ("pods", "", "list", "pods", "", HERE),
    "get pods -A": ("pods", "", "list", "pods", "", ABOVE),
    "get pods -w": ("pods", "", "list", "pods", "", HERE),
    "get pods --field-selector=metadata.name=web": ("pods", "web", "list", "pods", "", HERE),
    "get pod web": GET_POD,
    "get namespaces": ("namespaces", "", "list", "namespaces", "", ABOVE),
    "get namespace default": ("namespaces", "default", "get", "namespaces", "", HERE),
    "get nodes": ("nodes", "", "list", "nodes", "", ABOVE),
    "get deployments": ("deployments.apps", "", "list", "deployments", "apps", HERE),
    "describe pod web": GET_POD,
    "logs web": GET_POD,
    "attach web": GET_POD,
    "port-forward web 8080:80": GET_POD,
    "label pod web a=b": GET_POD,
    "delete pod web": ("pods", "web", "delete", "pods", "", HERE),
    "delete pods --all": ("pods", "", "list", "pods", "", HERE),
    "scale deployment d --replicas=3": ("deployments.apps", "d", "get", "deployments", "apps", HERE),
    "rollout restart deployment d": ("deployments.apps", "d", "get", "deployments", "apps", HERE),
    "cordon n1": ("nodes", "n1", "get", "nodes", "", ABOVE),
    "run y --image=i": ("pods", "", "create", "pods", "", HERE),
    "events": ("events", "", "list", "events", "", HERE),
    "certificate approve x": (
        "certificatesigningrequests.certificates.k8s.io", "x", "get", "certificatesigningrequests", "certificates.k8s.io", ABOVE,
    ),
    "create clusterrole r --verb=get --resource=pods": (
        "clusterroles.rbac.authorization.k8s.io", "", "create", "clusterroles", "rbac.authorization.k8s.io", ABOVE,
    ),
    "create namespace x": ("namespaces", "", "create", "namespaces", "", ABOVE),
    "create token bot": ("serviceaccounts", "bot", "create", "serviceaccounts/token", "", HERE),
    "create -f MANIFEST": ("configmaps", "", "create", "configmaps", "", HERE),
    "apply -f MANIFEST": ("configmaps", "c", "get", "configmaps", "", HERE),
    "apply --server-side -f MANIFEST": ("configmaps", "c", "patch", "configmaps", "", HERE),
    "delete -f MANIFEST": ("configmaps", "c", "delete", "configmaps", "", HERE),
    "get --raw /api/v1/pods": ("pods", "", "list", "pods", "", ABOVE),
}  # fmt: skip
"""(resource, name, verb, resource with subresource, API group, where) by command."""


@pytest.fixture
def sh(file_sh: lines.Sh) -> lines.Sh:
    """Commands over a cluster file."""
    return file_sh


@pytest.mark.parametrize("line", TABLE)
def test_the_request_is_named(sh: lines.Sh, tmp_path: Path, line: str) -> None:
    path = tmp_path / "cm.json"
    path.write_text(MANIFEST)
    resource, name, verb, what, group, where = TABLE[line]
    said = sh(*line.replace("MANIFEST", str(path)).split(), "--as=bob")
    shown = f'{resource} "{name}"' if name else resource
    text = f'{shown} is forbidden: User "bob" cannot {verb} resource "{what}" in API group "{group}" {where}\n'
    assert said.code == 1
    assert said.err.endswith(text)
