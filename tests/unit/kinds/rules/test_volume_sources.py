from __future__ import annotations

from typing import Any

import pytest

from pkctl.kinds.rules import persistentvolumes

PAIRS = "must be a host:port pair or multiple pairs separated by commas"


def said(**sources: Any) -> list[str]:
    spec = {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}, **sources}
    found = persistentvolumes.validate({"metadata": {"name": "v"}, "spec": spec}, None)
    return [f"{each.field}: {each.message}" for each in found]


BAD: dict[str, tuple[dict[str, Any], list[str]]] = {
    "rbd": ({"rbd": {"image": "i"}}, ["spec.rbd.monitors: Required value"]),
    "cephfs": ({"cephfs": {"monitors": []}}, ["spec.cephfs.monitors: Required value"]),
    "cinder": ({"cinder": {"volumeID": "a", "secretRef": {"name": "s"}}}, ["spec.cinder.secretRef.namespace: Required value"]),
    "glusterfs": ({"glusterfs": {"endpoints": "e"}}, ["spec.glusterfs.path: Required value"]),
    "azure file": (
        {"azureFile": {"secretName": "s", "shareName": "x", "secretNamespace": ""}},
        ["spec.azureFile.secretNamespace: Required value"],
    ),
    "azure disk": (
        {"azureDisk": {"diskName": "d", "diskURI": "u", "cachingMode": "Some", "kind": "Managed"}},
        [
            'spec.azureDisk.cachingMode: Unsupported value: "Some": supported values: "None", "ReadOnly", "ReadWrite"',
            'spec.azureDisk.diskURI: Unsupported value: "u": supported values: '
            '"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"',
        ],
    ),
    "quobyte registry": ({"quobyte": {"registry": "a:1,b"}}, [
        f'spec.quobyte.registry: Invalid value: "a:1,b": {PAIRS}', "spec.quobyte.volume: Required value",
    ]),
    "portworx": ({"portworxVolume": {}}, ["spec.portworxVolume.volumeID: Required value"]),
    "vsphere": ({"vsphereVolume": {}}, ["spec.vsphereVolume.volumePath: Required value"]),
    "storageos": ({"storageos": {}}, ["spec.storageos.volumeName: Required value"]),
    "nfs path": ({"nfs": {"server": "s", "path": "a"}}, ['spec.nfs.path: Invalid value: "a": must be an absolute path']),
    "csi secret": (
        {"csi": {"driver": "d", "volumeHandle": "h", "nodePublishSecretRef": {"name": "s"}}},
        ["spec.csi.nodePublishSecretRef.namespace: Required value"],
    ),
    "two": (
        {"hostPath": {"path": "/a"}, "cephfs": {"monitors": ["m"]}},
        ["spec.cephFS: Forbidden: may not specify more than 1 volume type"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sources", "wanted"), list(BAD.values()), ids=list(BAD))
def test_a_source_is_refused_in_the_words_of_kubernetes(sources: dict[str, Any], wanted: list[str]) -> None:
    assert said(**sources) == wanted


def test_an_initiator_keeps_the_name_of_a_volume_and_its_portal_short() -> None:
    source = {"targetPortal": "p" * 63, "iqn": "iqn.2001-04.com.example:a", "initiatorName": "iqn.2001-04.com.example:b"}
    (found,) = said(iscsi=source)
    assert found.endswith("must be under 64 characters if iscsi.initiatorName is specified.")


GOOD: list[dict[str, Any]] = [
    {"quobyte": {"registry": "[::1]:1,a:2", "volume": "v"}},
    {"azureDisk": {"diskName": "d", "diskURI": "https://a/b", "kind": "Shared"}},
    {"fc": {"targetWWNs": ["a"], "lun": 0}},
    {"glusterfs": {"endpoints": "e", "path": "p", "endpointsNamespace": "n"}},
]


@pytest.mark.parametrize("sources", GOOD, ids=lambda each: next(iter(each)))
def test_a_good_source_is_taken(sources: dict[str, Any]) -> None:
    assert said(**sources) == []
