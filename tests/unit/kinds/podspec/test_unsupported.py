"""What of a pod is warned about."""

from __future__ import annotations

from pkctl.kinds.podspec import unsupported


def test_what_has_no_effect_is_named() -> None:
    container = {
        "volumeDevices": [{"name": "x"}],
        "ports": [{"containerPort": 1, "hostPort": 1, "hostIP": "127.0.0.1"}],
        "resources": {"limits": {"nvidia.com/gpu": "1", "cpu": "1"}},
        "securityContext": {"runAsGroup": 1},
    }
    volumes = [{"name": "n", "nfs": {}}, {"name": "e", "emptyDir": {}}]
    found = unsupported.found({"containers": [container], "volumes": volumes, "runtimeClassName": "kata", "hostUsers": False})
    assert [path for path, _ in found] == [
        "spec.runtimeClassName",
        "spec.hostUsers",
        "spec.volumes[0].nfs",
        "spec.containers[0].volumeDevices",
        "spec.containers[0].ports[0].hostIP",
        "spec.containers[0].resources.limits.nvidia.com/gpu",
        "spec.containers[0].securityContext.runAsGroup",
    ]


def test_a_plain_pod_has_nothing_unsupported() -> None:
    assert unsupported.found({"containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]}) == []
