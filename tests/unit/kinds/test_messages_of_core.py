"""What the API says of wrong nodes, namespaces, volumes, claims, leases, runtime classes and certificate requests."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import pytest

from pkctl.kinds import certificatesigningrequests, namespaces, serviceaccounts
from tests.unit.kinds import rooms

SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
FROZEN = "node updates may only change labels, taints, or capacity (or configSource, if the DynamicKubeletConfig feature gate is enabled)"
CSR, LEASE = "certificates.k8s.io/v1", "coordination.k8s.io/v1"


def node(text):
    return rooms.obj("v1", "Node", text)


def claim(text):
    return rooms.obj(
        "v1", "PersistentVolumeClaim", f"{{spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}, {text}}}}}"
    )


def volume(text):
    return rooms.obj("v1", "PersistentVolume", f"{{spec: {{accessModes: [ReadWriteOnce], capacity: {{storage: 1Gi}}, {text}}}}}")


CREATED = {
    "taints": (
        node("{spec: {taints: [{key: a, effect: NoSchedule}, {key: a, value: b, effect: NoSchedule}, {key: b}]}}"),
        ['spec.taints[1]: Duplicate value: {"Key":"a","Value":"b","Effect":"NoSchedule","TimeAdded":null}: taints must be unique by key and effect pair',
         "spec.taints[2].effect: Required value"],
    ),
    "pod ranges": (
        node("{spec: {podCIDRs: [10.0.0.1/8, 11.0.0.0/8]}}"),
        ['spec.podCIDRs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
         'spec.podCIDRs: Invalid value: ["10.0.0.1/8","11.0.0.0/8"]: may specify no more than one CIDR for each IP family'],
    ),
    "capacity": (node("{status: {capacity: {cpu: '-1'}, allocatable: {cpu: '0'}}}"),
                 ['status.capacity[cpu]: Invalid value: "-1": must be greater than or equal to 0']),
    "data source": (
        claim("dataSource: {kind: Foo}"),
        ["spec.dataSource.name: Required value", "spec.dataSource: Invalid value: \"Foo\": must be 'PersistentVolumeClaim' when referencing the default apiGroup",
         "spec.dataSourceRef.name: Required value", "spec.dataSourceRef: Invalid value: \"Foo\": must be 'PersistentVolumeClaim' when referencing the default apiGroup"],
    ),
    "csi volume": (volume("csi: {driver: A, volumeHandle: ''}"),
                   ["spec.csi.volumeHandle: Required value"]),
    "csi driver": (volume("csi: {driver: 'a_b', volumeHandle: v}"), [f'spec.csi.driver: Invalid value: "a_b": {SUBDOMAIN}']),
    "affinity": (volume("hostPath: {path: /a}, nodeAffinity: {}"), ["spec.nodeAffinity.required: Required value: must specify required node constraints"]),
    "affinity of nothing": (volume("hostPath: {path: /a}, nodeAffinity: {required: {nodeSelectorTerms: []}}"),
                            ["spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term"]),
    "no capacity": (
        rooms.obj("v1", "PersistentVolume", "{spec: {accessModes: [ReadWriteOnce], hostPath: {path: /a}}}"),
        ["spec.capacity: Required value", 'spec.capacity: Unsupported value: null: supported values: "storage"'],
    ),
    "attributes of no driver": (
        volume("hostPath: {path: /a}, volumeAttributesClassName: ''"),
        ["spec.volumeAttributesClassName: Required value: an empty string is disallowed",
         "spec.csi: Required value: has to be specified when using volumeAttributesClassName"],
    ),
    "namespace finalizers": (
        rooms.obj("v1", "Namespace", "{spec: {finalizers: [foo]}}"),
        ['spec.finalizers: Invalid value: "foo": name is neither a standard finalizer name nor is it fully qualified'],
    ),
    "lease": (
        rooms.obj(LEASE, "Lease", "{spec: {leaseDurationSeconds: 0, leaseTransitions: -1, strategy: x}}"),
        ["spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0", "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
         'spec.strategy: Unsupported value: "x": supported values: "OldestEmulationVersion"'],
    ),
    "runtime class": (
        rooms.obj("node.k8s.io/v1", "RuntimeClass", "{handler: a, scheduling: {tolerations: [{operator: x, key: a}]}}"),
        ['scheduling.tolerations[0].operator: Unsupported value: "x": supported values: "Equal", "Exists"'],
    ),
    "certificate request": (
        rooms.obj(CSR, "CertificateSigningRequest", "{spec: {request: '', signerName: kubernetes.io/legacy-unknown, usages: [x, x], expirationSeconds: 1}}"),
        ['spec.request: Invalid value: "": unable to parse csr: PEM block type must be CERTIFICATE REQUEST', None,
         None, 'spec.usages[1]: Duplicate value: "x"',
         'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version',
         "spec.expirationSeconds: Invalid value: 1: may not specify a duration less than 600 seconds (10 minutes)"],
    ),
}  # fmt: skip
HERE = "hostPath: {path: /a}, nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: k, operator: In, values: [%s]}]}]}}"
UPDATED = {
    "a pod range told singly": (node("{spec: {podCIDRs: [10.0.0.0/8]}}"), node("{spec: {podCIDR: 11.0.0.0/8, podCIDRs: [10.0.0.0/8]}}"),
                                ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']),
    "a pod range left out singly": (node("{spec: {podCIDRs: [10.0.0.0/8]}}"), node("{spec: {podCIDRs: [10.0.0.0/8]}}"), []),
    "where a volume is": (
        volume(HERE % "a"), volume(HERE % "b"),
        ['nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"k","Operator":"In","Values":["b"]}],'
         '"MatchFields":null}]}}: field is immutable'],
    ),
    "a volume that was somewhere": (volume(HERE % "a"), volume("hostPath: {path: /a}"), ["nodeAffinity: Invalid value: null: field is immutable"]),
    "a pod range": (node("{spec: {podCIDRs: [10.0.0.0/8]}}"), node("{spec: {podCIDRs: [11.0.0.0/8]}}"),
                    ['spec.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid']),
    "another field": (node("{spec: {}}"), node("{spec: {externalID: a}}"), [f"[]: Forbidden: {FROZEN}"]),
    "a handler": (rooms.obj("node.k8s.io/v1", "RuntimeClass", "{handler: a}"), rooms.obj("node.k8s.io/v1", "RuntimeClass", "{handler: b}"),
                  ['handler: Invalid value: "b": field is immutable']),
    "a volume's mode": (volume("hostPath: {path: /a}"), volume("hostPath: {path: /a}, volumeMode: Block"),
                        ['volumeMode: Invalid value: "Block": field is immutable']),
    "another driver": (volume("csi: {driver: a, volumeHandle: v}"), volume("csi: {driver: b, volumeHandle: v}"),
                       ["spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"]),
    "a secret to grow with": (volume("csi: {driver: a, volumeHandle: v}"),
                              volume("csi: {driver: a, volumeHandle: v, controllerExpandSecretRef: {name: s, namespace: n}}"), []),
    "attributes taken away": (volume("csi: {driver: a, volumeHandle: v}, volumeAttributesClassName: a"), volume("csi: {driver: a, volumeHandle: v}"),
                              ["spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CREATED)
def test_a_wrong_object_is_refused_in_the_servers_words(case):
    wrong, texts = CREATED[case]
    found = rooms.created(wrong)[1]
    assert [text if wanted is not None else None for text, wanted in zip(found, texts, strict=True)] == texts


@pytest.mark.parametrize("case", UPDATED)
def test_a_change_is_refused_in_the_servers_words(case):
    before, after, texts = UPDATED[case]
    assert rooms.updated(before, after) == texts


def test_an_account_keeps_its_secrets_names_alone():
    account = rooms.obj("v1", "ServiceAccount", "{secrets: [{name: a, namespace: n, kind: Secret}]}")
    serviceaccounts.prepare(account, None)
    assert account["secrets"] == [{"name": "a"}]


def test_a_class_of_attributes_is_not_taken_away():
    old = {**rooms.created(claim("volumeAttributesClassName: a"))[0], "status": {"phase": "Bound", "currentVolumeAttributesClassName": "a"}}
    after = claim("volumeName: ''")
    assert rooms._through(after, old)[1] == ["spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden"]


@pytest.mark.parametrize(("deleted", "phase", "texts"), [
    (None, "Active", []), ("t", "Terminating", []),
    (None, "Foo", ["status.Phase: Invalid value: \"Foo\": may only be 'Active' if `deletionTimestamp` is empty"]),
    ("t", "Active", ["status.Phase: Invalid value: \"Active\": may only be 'Terminating' if `deletionTimestamp` is not empty"]),
])  # fmt: skip
def test_a_namespace_is_active_until_it_is_deleted(deleted, phase, texts):
    given = {"metadata": {"deletionTimestamp": deleted} if deleted else {}, "status": {"phase": phase}}
    assert [str(problem) for problem in namespaces.validate_status(given, None)] == texts


def test_the_finalizers_left_are_judged_one_by_one():
    found = namespaces.validate_finalize({"spec": {"finalizers": ["kubernetes", "foo"]}}, None)
    assert [problem.field for problem in found] == ["spec.finalizers[1]"]


def test_a_nodes_addresses_are_told_once():
    given = node("{status: {addresses: [{type: Hostname, address: a}, {type: Hostname, address: a}]}}")
    assert rooms.status_written(given) == ['status.addresses[1]: Duplicate value: {"Type":"Hostname","Address":"a"}']


def standing(*conditions):
    return {"status": {"conditions": list(conditions)}}


APPROVED, DENIED = {"type": "Approved", "status": "True"}, {"type": "Denied", "status": "True"}
APPROVALS = {
    "both": (standing(APPROVED, DENIED), standing(), ['status.conditions: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive']),
    "twice": (standing(APPROVED, APPROVED), standing(), ['status.conditions[1].type: Duplicate value: "Approved"']),
    "not true": (standing({"type": "Approved", "status": "False"}), standing(), ['status.conditions[0].status: Unsupported value: "False": supported values: "True"']),
    "nothing": (standing({}), standing(), ["status.conditions[0].type: Required value", "status.conditions[0].status: Required value"]),
    "taken back": (standing(), standing(APPROVED), ['status.conditions: Forbidden: updates may not remove a condition of type "Approved"']),
}  # fmt: skip


@pytest.mark.parametrize("case", APPROVALS)
def test_an_approval_is_judged(case):
    new, old, texts = APPROVALS[case]
    assert [str(problem) for problem in certificatesigningrequests.validate_approval(new, old)] == texts


def test_a_signer_neither_approves_nor_takes_back_a_certificate():
    old = {"status": {"certificate": "YQ=="}}
    found = certificatesigningrequests.validate_status(standing(APPROVED), old)
    assert [str(problem) for problem in found] == [
        'status.conditions: Forbidden: updates may not add a condition of type "Approved"',
        "status.certificate: Forbidden: updates may not modify existing certificate content",
    ]
