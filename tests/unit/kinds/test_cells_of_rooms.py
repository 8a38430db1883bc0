"""What each room that holds no pods shows in a table."""

# ruff: noqa: E501 - a table of cases, one line each
from __future__ import annotations

import json
import pathlib

import pytest
import yaml

from pkctl.kinds import table
from pkctl.objects import meta

NOW = 1767225600.0
RECORDED = pathlib.Path(__file__).parent / "describe" / "recorded"
AGE = "5m"
META = {"name": "x", "namespace": "d", "creationTimestamp": "2025-12-31T23:55:00Z"}
CASES = {
    "service": ("v1", "Service", "spec: {type: NodePort, clusterIPs: [10.96.0.1], ports: [{port: 80, nodePort: 30080, protocol: TCP}, {port: 53, protocol: UDP}]}",
                ["x", "NodePort", "10.96.0.1", "<none>", "80:30080/TCP,53/UDP", AGE, "<none>"]),
    "service without address": ("v1", "Service", "spec: {type: ExternalName, externalName: a.io}",
                                ["x", "ExternalName", "<none>", "a.io", "<none>", AGE, "<none>"]),
    "service pending": ("v1", "Service", "spec: {type: LoadBalancer, clusterIP: 10.96.0.1, selector: {b: c, a: b}}",
                        ["x", "LoadBalancer", "10.96.0.1", "<pending>", "<none>", AGE, "a=b,b=c"]),
    "node": ("v1", "Node", "{spec: {unschedulable: true}, status: {conditions: [{type: Ready, status: Unknown}], addresses: [{type: InternalIP, address: 10.0.0.1}], "
             "nodeInfo: {kernelVersion: '6.1', architecture: amd64, kubeletVersion: v1}}}",
             ["x", "NotReady,SchedulingDisabled", "<none>", AGE, "v1", "10.0.0.1", "<none>", "<unknown>", "6.1 (amd64)", "<unknown>"]),
    "endpoints": ("v1", "Endpoints", "subsets: [{addresses: [{ip: 1.1.1.1}, {ip: '::1'}], ports: [{port: 80}, {port: 81}]}]",
                  ["x", "1.1.1.1:80,[::1]:80,1.1.1.1:81 + 1 more...", AGE]),
    "no endpoints": ("v1", "Endpoints", "{}", ["x", "<none>", AGE]),
    "endpointslice": ("discovery.k8s.io/v1", "EndpointSlice", "{addressType: IPv4, ports: [{port: 80}, {name: a}, {}], endpoints: [{addresses: [a, b]}, {addresses: [c, d]}]}",
                      ["x", "IPv4", "80,a,*", "a,b,c + 1 more...", AGE]),
    "event": ("v1", "Event", "{involvedObject: {kind: Pod, name: p, fieldPath: f}, reason: R, type: Normal, message: ' m ', source: {component: c, host: h}, "
              "firstTimestamp: '2025-12-31T23:50:00Z', lastTimestamp: '2025-12-31T23:58:00Z', count: 3}",
              ["2m", "Normal", "R", "pod/p", "f", "c, h", "m", "10m", 3, "x"]),
    "event in a series": ("v1", "Event", "{involvedObject: {kind: Pod}, eventTime: '2025-12-31T23:50:00.000000Z', series: {count: 9, lastObservedTime: '2025-12-31T23:59:59.000000Z'}}",
                          ["1s", "", "", "pod", "", "", "", "10m", 9, "x"]),
    "secret": ("v1", "Secret", "{type: Opaque, data: {a: '', b: ''}}", ["x", "Opaque", "2", AGE]),
    "configmap": ("v1", "ConfigMap", "{data: {a: '', b: ''}, binaryData: {c: ''}}", ["x", "3", AGE]),
    "unbound claim": ("v1", "PersistentVolumeClaim", "{spec: {accessModes: [ReadWriteOnce]}, status: {phase: Pending}}",
                      ["x", "Pending", "", "", "", "", "<unset>", AGE, "<unset>"]),
    "claim": ("v1", "PersistentVolumeClaim", "{spec: {volumeName: v, storageClassName: s, volumeMode: Block}, status: {phase: Bound, capacity: {storage: 1024Mi}, accessModes: [ReadWriteMany, ReadWriteOnce]}}",
              ["x", "Bound", "v", "1Gi", "RWO,RWX", "s", "<unset>", AGE, "Block"]),
    "ingress": ("networking.k8s.io/v1", "Ingress", "{spec: {tls: [{}], rules: [{host: a}, {host: b}, {host: c}, {host: d}]}, status: {loadBalancer: {ingress: [{ip: 2.2.2.2}, {ip: 1.1.1.1}]}}}",
                ["x", "<none>", "a,b,c + 1 more...", "1.1.1.1,2.2.2.2", "80, 443", AGE]),
    "hpa": ("autoscaling/v2", "HorizontalPodAutoscaler", "{spec: {scaleTargetRef: {kind: D, name: n}, maxReplicas: 3, metrics: ["
            "{type: Resource, resource: {name: cpu, target: {averageUtilization: 80}}}, {type: Resource, resource: {name: memory, target: {averageValue: 100Mi}}}, {type: Pods, pods: {}}]}, "
            "status: {currentReplicas: 2, currentMetrics: [{type: Resource, resource: {name: cpu, current: {averageUtilization: 10}}}]}}",
            ["x", "D/n", "cpu: 10%/80%, memory: <unknown>/100Mi + 1 more...", "<unset>", 3, 2, AGE]),
    "quota": ("v1", "ResourceQuota", "status: {hard: {pods: '3', limits.cpu: '2'}, used: {pods: '1'}}", ["x", "pods: 1/3", "limits.cpu: 0/2", AGE]),
    "rolebinding": ("rbac.authorization.k8s.io/v1", "RoleBinding", "{roleRef: {kind: Role, name: r}, subjects: [{kind: User, name: a}, {kind: User, name: b}, {kind: ServiceAccount, name: s, namespace: n}]}",
                    ["x", "Role/r", AGE, "a, b", "", "n/s"]),
    "pdb": ("policy/v1", "PodDisruptionBudget", "{spec: {minAvailable: 50%}, status: {disruptionsAllowed: 1}}", ["x", "50%", "N/A", 1, AGE]),
    "role": ("rbac.authorization.k8s.io/v1", "Role", "{}", ["x", "2025-12-31T23:55:00Z"]),
    "storageclass": ("storage.k8s.io/v1", "StorageClass", "{provisioner: p}", ["x", "p", "Delete", "Immediate", False, AGE]),
    "ingress with rules without a host": ("networking.k8s.io/v1", "Ingress", "{spec: {rules: [{host: a}, {}, {host: b}, {host: c}, {}]}}",
                                          ["x", "<none>", "a,b,c + 2 more...", "", "80", AGE]),
    "ingress whose third host is the last": ("networking.k8s.io/v1", "Ingress", "{spec: {rules: [{}, {host: a}, {host: b}, {host: c}]}}",
                                             ["x", "<none>", "a,b,c", "", "80", AGE]),
    "ingress for any host": ("networking.k8s.io/v1", "Ingress", "{spec: {rules: [{}]}}", ["x", "<none>", "*", "", "80", AGE]),
    "csi driver with an empty audience": ("storage.k8s.io/v1", "CSIDriver", "{spec: {tokenRequests: [{audience: ''}]}}",
                                          ["x", True, False, False, "", False, "<none>", AGE]),
    "csi capacity": ("storage.k8s.io/v1", "CSIStorageCapacity", "{storageClassName: s, capacity: 1.5Gi}", ["x", "s", "1536Mi"]),
    "csi capacity unsaid": ("storage.k8s.io/v1", "CSIStorageCapacity", "{storageClassName: s}", ["x", "s", "<unset>"]),
    "ip address": ("networking.k8s.io/v1", "IPAddress", "spec: {parentRef: {group: '', resource: services, namespace: d, name: n}}", ["x", "services/d/n"]),
    "default volume attributes class": ("storage.k8s.io/v1", "VolumeAttributesClass",
                                        "{metadata: {name: x, creationTimestamp: '2025-12-31T23:55:00Z', annotations: {volumeattributesclass.alpha.kubernetes.io/is-default-class: 'true'}}, driverName: d}",
                                        ["x (default)", "d", AGE]),
    "binding to parameters anywhere": ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding", "{spec: {policyName: p, paramRef: {name: n}}}",
                                       ["x", "p", "*/n", AGE]),
    "binding to selected parameters": ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding",
                                       "{spec: {policyName: p, paramRef: {namespace: q, selector: {matchLabels: {a: b}}}}}",
                                       ["x", "p", "&LabelSelector{MatchLabels:map[string]string{a: b,},MatchExpressions:[]LabelSelectorRequirement{},}", AGE]),
    "quota named like limits": ("v1", "ResourceQuota", "status: {hard: {limits-of.io/x: '3'}}", ["x", "limits-of.io/x: 0/3", "", AGE]),
    "csr": ("certificates.k8s.io/v1", "CertificateSigningRequest", "{spec: {username: u}, status: {conditions: [{type: Approved}, {type: Failed}], certificate: x}}",
            ["x", AGE, "<none>", "u", "<none>", "Approved,Failed,Issued"]),
}  # fmt: skip


def room_of(api_version, kind):
    return table.room(table.BUILTIN.by_gvk(api_version, kind))


@pytest.mark.parametrize("case", CASES)
def test_a_row_shows_what_the_server_shows(case):
    api_version, kind, text, cells = CASES[case]
    assert room_of(api_version, kind).cells({"metadata": META, **yaml.safe_load(text)}, NOW) == cells


@pytest.mark.parametrize("row", [row for row in table.ROWS if hasattr(table.room(row), "cells")], ids=repr)
def test_an_empty_object_fills_every_column(row):
    room = table.room(row)
    assert len(room.cells({"metadata": META}, NOW)) == len(room.COLUMNS)


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_defaulting_twice_is_defaulting_once(path):
    obj = json.loads(path.read_text())["objects"][0]
    row = table.BUILTIN.by_gvk(obj["apiVersion"], obj["kind"])
    fill = getattr(table.room(row), "default", lambda obj: None) if row else lambda obj: None
    fill(obj)
    once = meta.clone(obj)
    fill(obj)
    assert obj == once


def test_a_volume_gets_the_defaults_of_its_source():
    obj = {"metadata": META, "spec": {"azureDisk": {"diskName": "d", "diskURI": "u"}}}
    room_of("v1", "PersistentVolume").default(obj)
    told = {"cachingMode": "ReadWrite", "fsType": "ext4", "readOnly": False, "kind": "Shared"}
    assert obj["spec"]["azureDisk"] == {"diskName": "d", "diskURI": "u", **told}


def test_the_attacher_of_a_volume_is_named_as_an_object_is():
    columns = {column.name: column.format for column in room_of("storage.k8s.io/v1", "VolumeAttachment").COLUMNS}
    assert columns["Attacher"] == "name"
