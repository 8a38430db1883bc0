"""Namespaces' labels hold pods to the Pod Security Standards, in the API server's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.kinds.podspec import standards
from tests import clusters

Object = dict[str, Any]
PREFIX = "pod-security.kubernetes.io/"
GOOD = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
PLAIN = (
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities '
    '(container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set '
    'securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to '
    '"RuntimeDefault" or "Localhost")'
)


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster(hollow=True) as made:
        yield made


def _label(cluster: clusters.Cluster, **labels: str) -> Object:
    """Label the default namespace: `enforce_version` is `enforce-version`."""
    named = {PREFIX + key.replace("_", "-"): value for key, value in labels.items()}
    change = {"metadata": {"labels": named}}
    return cluster.client.patch(cluster.row("ns"), "", "default", "merge", change, options.Options())


def _pod(cluster: clusters.Cluster, name: str = "x", **spec: Any) -> Object:
    obj = {"metadata": {"name": name}, "spec": {"containers": [{"name": "c", "image": "i"}], **spec}}
    return cluster.client.create(cluster.row("pods"), "default", obj, options.Options())


def _refusal(make: Any) -> errors.StatusError:
    with pytest.raises(errors.StatusError) as refusal:
        make()
    return refusal.value


def test_a_pod_that_breaks_what_is_enforced_is_forbidden(cluster: clusters.Cluster) -> None:
    _label(cluster, enforce="restricted")
    refusal = _refusal(lambda: _pod(cluster))
    assert str(refusal) == f'pods "x" is forbidden: violates PodSecurity "restricted:latest": {PLAIN}'
    assert (refusal.code, refusal.reason) == (403, "Forbidden")


def test_a_pod_that_keeps_what_is_enforced_is_made(cluster: clusters.Cluster) -> None:
    _label(cluster, enforce="restricted", warn="restricted")
    _pod(cluster, containers=[{"name": "c", "image": "i", "securityContext": GOOD}])
    assert cluster.warnings == []


def test_a_warning_names_its_version(cluster: clusters.Cluster) -> None:
    _label(cluster, warn="restricted", warn_version="v1.30")
    _pod(cluster)
    assert cluster.warnings == [f'would violate PodSecurity "restricted:v1.30": {PLAIN}']


def test_a_workload_is_only_warned_about(cluster: clusters.Cluster) -> None:
    _label(cluster, enforce="restricted", warn="restricted")
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    obj = {"metadata": {"name": "web"}, "spec": {"selector": {"matchLabels": labels}, "template": template}}
    cluster.client.create(cluster.row("deploy"), "default", obj, options.Options())
    assert cluster.warnings == [f'would violate PodSecurity "restricted:latest": {PLAIN}']


def test_an_update_of_labels_alone_is_not_judged(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    _label(cluster, enforce="restricted")
    change = {"metadata": {"labels": {"a": "b"}}}
    patched = cluster.client.patch(cluster.row("pods"), "default", "x", "merge", change, options.Options())
    assert patched["metadata"]["labels"] == {"a": "b"}


def test_a_new_image_is_judged(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    _label(cluster, enforce="restricted")
    change = {"spec": {"containers": [{"name": "c", "image": "j"}]}}
    patch = lambda: cluster.client.patch(cluster.row("pods"), "default", "x", "strategic", change, options.Options())  # noqa: E731
    assert 'violates PodSecurity "restricted:latest"' in str(_refusal(patch))


@pytest.mark.parametrize(
    ("labels", "wanted"),
    [
        (
            {"enforce": "strict"},
            'Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": '
            "must be one of privileged, baseline, restricted",
        ),
        (
            {"warn_version": "1.30"},
            'Namespace "default" is invalid: metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": '
            'must be "latest" or "v1.x"',
        ),
    ],
    ids=["level", "version"],
)
def test_labels_must_be_right(cluster: clusters.Cluster, labels: dict[str, str], wanted: str) -> None:
    assert str(_refusal(lambda: _label(cluster, **labels))) == wanted


def test_a_stricter_level_tells_which_pods_break_it(cluster: clusters.Cluster) -> None:
    for name in ("a", "b"):
        _pod(cluster, name, hostNetwork=True)
    cluster.warnings.clear()
    _label(cluster, enforce="baseline")
    assert cluster.warnings == [
        'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
        "a (and 1 other pod): host namespaces",
    ]


def test_the_audit_label_is_said_to_have_no_effect(cluster: clusters.Cluster) -> None:
    _label(cluster, audit="baseline")
    assert cluster.warnings == ["pkctl does not honour pod-security.kubernetes.io/audit: there is no audit log"]


def _c(name: str = "c", **more: Any) -> Object:
    return {"name": name, **more}


def _secured(**context: Any) -> Object:
    return {"containers": [_c(securityContext=context)]}


BASELINE: dict[str, tuple[Object, str]] = {
    "host namespaces": ({"hostPID": True, "hostIPC": True, "containers": []}, "host namespaces (hostIPC, hostPID)"),
    "privileged": (_secured(privileged=True), 'privileged (container "c" must not set securityContext.privileged=true)'),
    "capabilities": (
        {
            "initContainers": [_c("a", securityContext={"capabilities": {"add": ["NET_RAW"]}})],
            **_secured(capabilities={"add": ["X", "KILL"]}),
        },
        'non-default capabilities (containers "a", "c" must not include "NET_RAW", "X" in securityContext.capabilities.add)',
    ),
    "host path": ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}], "containers": []}, 'hostPath volumes (volume "v")'),
    "host ports": (
        {"containers": [_c(ports=[{"hostPort": 80}, {"hostPort": 443}, {"containerPort": 1}])]},
        'hostPort (container "c" uses hostPorts 443, 80)',
    ),
    "probe host": (
        {"containers": [_c(livenessProbe={"httpGet": {"host": "h", "port": 1}})]},
        'probe or lifecycle host (container "c" uses probe or lifecycle host "h")',
    ),
    "app armor": (
        {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}, "containers": []},
        'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
    ),
    "se linux": (
        {
            "securityContext": {"seLinuxOptions": {"type": "t", "user": "u"}},
            **_secured(seLinuxOptions={"type": "container_t", "role": "r"}),
        },
        'seLinuxOptions (pod and container "c" set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; '
        "role may not be set)",
    ),
    "proc mount": (_secured(procMount="Unmasked"), 'procMount (container "c" must not set securityContext.procMount to "Unmasked")'),
    "seccomp": (
        _secured(seccompProfile={"type": "Unconfined"}),
        'seccompProfile (container "c" must not set securityContext.seccompProfile.type to "Unconfined")',
    ),
    "sysctls": (
        {"securityContext": {"sysctls": [{"name": "a"}, {"name": "net.ipv4.tcp_rmem"}]}, "containers": []},
        "forbidden sysctls (a)",
    ),
    "host process": (
        {"securityContext": {"windowsOptions": {"hostProcess": True}}, "containers": []},
        "hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)",
    ),
}


@pytest.mark.parametrize(("spec", "wanted"), BASELINE.values(), ids=BASELINE)
def test_baseline_forbids(spec: Object, wanted: str) -> None:
    assert standards.shown(standards.violations("baseline", standards.LATEST, {}, spec)) == wanted


RESTRICTED: dict[str, tuple[Object, str]] = {
    "volumes": (
        {"volumes": [{"name": "v", "hostPath": {"path": "/"}}, {"name": "w", "nfs": {}}, {"name": "s", "secret": {}}], **_secured(**GOOD)},
        'restricted volume types (volumes "v", "w" use restricted volume types "hostPath", "nfs")',
    ),
    "root by name": (
        _secured(**{**GOOD, "runAsNonRoot": False}),
        'runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false)',
    ),
    "user 0": (_secured(**{**GOOD, "runAsUser": 0}), 'runAsUser=0 (container "c" must not set runAsUser=0)'),
    "added": (
        _secured(**{**GOOD, "capabilities": {"drop": ["ALL"], "add": ["KILL"]}}),
        'unrestricted capabilities (container "c" must not include "KILL" in securityContext.capabilities.add)',
    ),
}


@pytest.mark.parametrize(("spec", "wanted"), RESTRICTED.values(), ids=RESTRICTED)
def test_restricted_forbids(spec: Object, wanted: str) -> None:
    assert standards.shown(standards.violations("restricted", standards.LATEST, {}, spec)) == wanted


VERSIONS: dict[str, tuple[int, Object, int]] = {
    "no drop of capabilities before 1.22": (21, {"containers": [_c(securityContext={**GOOD, "capabilities": {}})]}, 0),
    "drop of capabilities from 1.22": (22, {"containers": [_c(securityContext={**GOOD, "capabilities": {}})]}, 1),
    "a user's own root from 1.35": (35, {"hostUsers": False, **_secured(**{**GOOD, "runAsNonRoot": False})}, 0),
    "no root before 1.35": (34, {"hostUsers": False, **_secured(**{**GOOD, "runAsNonRoot": False})}, 1),
    "windows from 1.25": (25, {"os": {"name": "windows"}, **_secured(runAsNonRoot=True)}, 0),
}


@pytest.mark.parametrize(("minor", "spec", "count"), VERSIONS.values(), ids=VERSIONS)
def test_versions_differ(minor: int, spec: Object, count: int) -> None:
    assert len(standards.violations("restricted", minor, {}, spec)) == count
