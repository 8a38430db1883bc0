"""What the API says of wrong objects of the kinds that pkctl only keeps: storage, flow control, aggregation, addresses."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import json

import pytest

from pkctl.api import tables
from pkctl.kinds import generic, gostructs, table
from tests.unit.kinds import rooms

STORAGE, FLOW, NET, AGGREGATION = (
    "storage.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1",
    "networking.k8s.io/v1",
    "apiregistration.k8s.io/v1",
)
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
QUALIFIED = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


def flow(text, name="x"):
    return rooms.obj(FLOW, "FlowSchema", f"spec: {{priorityLevelConfiguration: {{name: a}}, {text}}}", name)


def rule(text):
    return flow(f"rules: [{{subjects: [{{kind: User, user: {{name: a}}}}], {text}}}]")


def level(text, name="x"):
    return rooms.obj(FLOW, "PriorityLevelConfiguration", f"spec: {{{text}}}", name)


def limited(text):
    return level(f"type: Limited, limited: {{{text}}}")


def api(text, name="v1.a.io"):
    return rooms.obj(
        AGGREGATION, "APIService", f"spec: {{group: a.io, version: v1, groupPriorityMinimum: 1, versionPriority: 1, {text}}}", name
    )


def driver(text):
    return rooms.obj(STORAGE, "CSIDriver", f"spec: {{{text}}}")


def node(text):
    return rooms.obj(STORAGE, "CSINode", f"spec: {{drivers: [{text}]}}")


INLINE = "may not be specified in the context of inline volumes"


def attachment(text):
    return rooms.obj(STORAGE, "VolumeAttachment", f"spec: {{{text}}}")


RULE = "spec.rules[0]"
CREATED = {
    "api service nothing said": (
        rooms.obj(AGGREGATION, "APIService", "spec: {}", "."),
        [
            "spec.group: Required value: only v1 may have an empty group and it better be legacy kube",
            'spec.version: Invalid value: "": a DNS-1035 label must consist of lower case alphanumeric characters or \'-\', start with an '
            "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
            "'[a-z]([-a-z0-9]*[a-z0-9])?')",
            "spec.groupPriorityMinimum: Invalid value: 0: must be positive and less than 20000",
            "spec.versionPriority: Invalid value: 0: must be positive and less than 1000",
        ],
    ),
    "api service name": (api("", "x"), ['metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.a.io"']),
    "api service priorities": (
        rooms.obj(AGGREGATION, "APIService", "spec: {group: a.io, version: v1, groupPriorityMinimum: 20001, versionPriority: 1001}", "v1.a.io"),
        ["spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000",
         "spec.versionPriority: Invalid value: 1001: must be positive and less than 1000"],
    ),
    "local api service": (
        api("caBundle: YWJj, insecureSkipTLSVerify: true"),
        ['spec.caBundle: Invalid value: "3 bytes": local APIServices may not have a caBundle',
         "spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify"],
    ),
    "remote api service": (
        api("service: {}, caBundle: YWJj, insecureSkipTLSVerify: true"),
        ["spec.service.namespace: Required value", "spec.service.name: Required value",
         "spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present"],
    ),
    "flow precedence too low": (flow("matchingPrecedence: -1"), ["spec.matchingPrecedence: Invalid value: -1: must be a positive value"]),
    "flow precedence too high": (flow("matchingPrecedence: 10001"), ["spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000"]),
    "flow precedence taken": (
        flow("matchingPrecedence: 1"), ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
    ),
    "flow method": (
        flow("distinguisherMethod: {type: x}"),
        ['spec.distinguisherMethod.type: Unsupported value: {"Type":"x"}: supported values: "ByNamespace", "ByUser"'],
    ),
    "flow level": (rooms.obj(FLOW, "FlowSchema", "spec: {}"), ["spec.priorityLevelConfiguration.name: Required value: must reference a priority level"]),
    "flow rule of nothing": (
        flow("rules: [{}]"),
        [f"{RULE}.subjects: Required value: subjects must contain at least one value",
         f"{RULE}: Required value: at least one of resourceRules and nonResourceRules has to be non-empty"],
    ),
    "flow subjects": (
        flow("rules: [{subjects: [{kind: x}, {kind: User}, {kind: Group, group: {name: ''}, user: {name: a}}, {kind: ServiceAccount, serviceAccount: {name: '*'}}], "
             "nonResourceRules: [{verbs: ['*'], nonResourceURLs: ['*']}]}]"),
        [f'{RULE}.subjects[0].kind: Unsupported value: "x": supported values: "Group", "ServiceAccount", "User"',
         f"{RULE}.subjects[1].user: Required value: user is required when subject kind is 'User'",
         f"{RULE}.subjects[2].group.name: Required value",
         f"{RULE}.subjects[2].user: Forbidden: user is forbidden when subject kind is not 'User'",
         f"{RULE}.subjects[3].serviceAccount.namespace: Required value: must specify namespace for service account"],
    ),
    "flow resources of nothing": (
        rule("resourceRules: [{}]"),
        [f"{RULE}.resourceRules[0].verbs: Required value: verbs must contain at least one value",
         f"{RULE}.resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group",
         f"{RULE}.resourceRules[0].resources: Required value: resource rules must supply at least one resource",
         f"{RULE}.resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace"],
    ),
    "flow wildcards": (
        rule("resourceRules: [{verbs: ['*', get], apiGroups: ['*', a], resources: ['*', a], namespaces: ['*', a]}]"),
        [f"{RULE}.resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not specify other verbs",
         f"{RULE}.resourceRules[0].apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other api groups",
         f"{RULE}.resourceRules[0].resources: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other resources",
         f"{RULE}.resourceRules[0].namespaces: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other namespaces"],
    ),
    "flow verbs and namespace": (
        rule("resourceRules: [{verbs: [read], apiGroups: [''], resources: [a], namespaces: [A]}]"),
        [f'{RULE}.resourceRules[0].verbs: Unsupported value: ["read"]: supported values: "create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"',
         f"{RULE}.resourceRules[0].namespaces[0]: Invalid value: \"A\": each member of this list must be '*' or a DNS-1123 label; {LABEL}"],
    ),
    "flow urls": (
        rule("nonResourceRules: [{verbs: [get], nonResourceURLs: ['', a, '/a b', '/a//b', '/a*', '/a/*', /]}]"),
        [f'{RULE}.nonResourceRules[0].nonResourceURLs[{number}]: Invalid value: "{url}": {text}'
         for number, (url, text) in enumerate([("", "must not be empty"), ("a", "must start with slash"), ("/a b", "must not contain white-space"),
                                               ("/a//b", "must not contain double slash"), ("/a*", "wildcard can only do suffix matching")])],
    ),
    "flow that is fixed": (
        flow("matchingPrecedence: 10000", "catch-all"),
        ['spec: Invalid value: {"PriorityLevelConfiguration":{"Name":"a"},"MatchingPrecedence":10000,"DistinguisherMethod":null,"Rules":null}: '
         "spec of 'catch-all' must equal the fixed value"],
    ),
    "level type": (level("type: x"), ['spec.type: Unsupported value: "x": supported values: "Exempt", "Limited"']),
    "level exempt": (level("type: Exempt"), ["spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'"]),
    "level both": (
        level("type: Limited, exempt: {}"),
        ["spec.exempt: Forbidden: must be nil if the type is Limited", "spec.limited: Required value: must not be empty when type is Limited"],
    ),
    "level numbers": (
        limited("nominalConcurrencyShares: -1, lendablePercent: 101, borrowingLimitPercent: -1, limitResponse: {type: Reject, queuing: {}}"),
        ["spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer",
         "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited",
         "spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive",
         "spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer"],
    ),
    "level without queues": (limited("limitResponse: {type: Queue}"),
                             ["spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited"]),
    "level response": (limited(""), ['spec.limited.limitResponse.type: Unsupported value: "": supported values: "Queue", "Reject"']),
    "level queues": (
        limited("limitResponse: {type: Queue, queuing: {queues: -1, handSize: -1, queueLengthLimit: -1}}"),
        [f"spec.limited.limitResponse.queuing.{part}: Invalid value: -1: must be positive" for part in ("queueLengthLimit", "queues", "handSize")],
    ),
    "level hand": (limited("limitResponse: {type: Queue, queuing: {queues: 4}}"),
                   ["spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (4)"]),
    "level entropy": (
        limited("limitResponse: {type: Queue, queuing: {queues: 512}}"),
        ["spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60"],
    ),
    "level that is fixed": (
        level("type: Limited, limited: {limitResponse: {type: Reject}}", "catch-all"),
        ['spec: Invalid value: {"Type":"Limited","Limited":{"NominalConcurrencyShares":30,"LimitResponse":{"Type":"Reject","Queuing":null},'
         '"LendablePercent":0,"BorrowingLimitPercent":null},"Exempt":null}: spec of \'catch-all\' must equal the fixed value'],
    ),
    "driver policy": (driver("fsGroupPolicy: x"), ['spec.fsGroupPolicy: Unsupported value: "x": supported values: "File", "None", "ReadWriteOnceWithFSType"']),
    "driver tokens": (
        driver("tokenRequests: [{audience: a, expirationSeconds: 599}, {audience: a}, {audience: b, expirationSeconds: 4294967297}]"),
        ["spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes",
         'spec.tokenRequests[1].audience: Duplicate value: "a"',
         "spec.tokenRequests[2].expirationSeconds: Invalid value: 4294967297: may not specify a duration larger than 2^32 seconds"],
    ),
    "driver modes": (driver("volumeLifecycleModes: [x]"), ['spec.volumeLifecycleModes: Unsupported value: "x": supported values: "Persistent", "Ephemeral"']),
    "driver period": (driver("nodeAllocatableUpdatePeriodSeconds: 9"),
                      ["spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds"]),
    "csinode nothing said": (
        node("{}"), ["spec.drivers[0].name: Required value", f'spec.drivers[0].name: Invalid value: "": {SUBDOMAIN}', "spec.drivers[0].nodeID: Required value"],
    ),
    "csinode twice": (
        node("{name: a, nodeID: a, allocatable: {count: -1}, topologyKeys: [a, a]}, {name: a, nodeID: b}"),
        ["spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0",
         'spec.drivers[0]: Duplicate value: "a"', 'spec.drivers[1].name: Duplicate value: "a"'],
    ),
    "csinode id": (node(f"{{name: a, nodeID: {'n' * 257}}}"),
                   [f'spec.drivers[0].nodeID: Invalid value: "{"n" * 257}": must be 256 characters or less']),
    "capacity": (
        rooms.obj(STORAGE, "CSIStorageCapacity", "{capacity: -1, storageClassName: A}"),
        [f'storageClassName: Invalid value: "A": {SUBDOMAIN}', 'capacity: Invalid value: "-1": must be greater than or equal to 0'],
    ),
    "attributes class": (
        rooms.obj(STORAGE, "VolumeAttributesClass", "{}"),
        ["driverName: Required value", "parameters: Required value: must contain at least one key/value pair"],
    ),
    "attributes class keys": (
        rooms.obj(STORAGE, "VolumeAttributesClass", "{driverName: 'A b', parameters: {'': a}}"),
        [f'driverName: Invalid value: "a b": {QUALIFIED}', 'parameters: Invalid value: "": field can not be empty.'],
    ),
    "class topologies": (
        rooms.obj(STORAGE, "StorageClass", "{provisioner: a, allowedTopologies: [{matchLabelExpressions: [{key: a, values: [b, b]}, {key: a}]}]}"),
        ['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "b"',
         "allowedTopologies[0].matchLabelExpressions[1].values: Required value", 'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "a"'],
    ),
    "class with one topology twice": (
        rooms.obj(STORAGE, "StorageClass", "{provisioner: a, allowedTopologies: [{matchLabelExpressions: [{key: a, values: [b]}]}, {matchLabelExpressions: [{key: a, values: [b]}]}]}"),
        ['allowedTopologies[1].matchLabelExpressions: Duplicate value: ""'],
    ),
    "class with too many parameters": (
        rooms.obj(STORAGE, "StorageClass", json.dumps({"provisioner": "a", "parameters": {f"k{n}": "" for n in range(513)}})),
        ["parameters: Too long: may not be more than 512 bytes"],
    ),
    "attachment nothing said": (
        attachment(""),
        ["spec.attacher: Required value", "spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName",
         f'spec.nodeName: Invalid value: "": {SUBDOMAIN}', "spec.attacher: Required value", f'spec.attacher: Invalid value: "": {SUBDOMAIN}'],
    ),
    "attachment both": (
        attachment("attacher: a, nodeName: n, source: {inlineVolumeSpec: {}, persistentVolumeName: v}"),
        ["spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName"],
    ),
    "attachment of a volume it describes": (
        attachment("attacher: a, nodeName: n, source: {inlineVolumeSpec: {accessModes: [ReadWriteOnce], csi: {driver: a, volumeHandle: v}}}"),
        [],
    ),
    "attachment of what a volume may not be there": (
        attachment("attacher: a, nodeName: n, source: {inlineVolumeSpec: {claimRef: {name: c}, capacity: {storage: 1Gi}, nfs: {server: s, path: /p}, "
                   "persistentVolumeReclaimPolicy: Delete, nodeAffinity: {}, storageClassName: c, volumeMode: Block}}"),
        [f"spec.source.inlineVolumeSpec.claimRef: Forbidden: {INLINE}", f"spec.source.inlineVolumeSpec.capacity: Forbidden: {INLINE}",
         "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes",
         "spec.source.inlineVolumeSpec.accessModes: Required value",
         "spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes",
         f"spec.source.inlineVolumeSpec.nodeAffinity: Forbidden: {INLINE}", f"spec.source.inlineVolumeSpec.storageClassName: Forbidden: {INLINE}",
         "spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes"],
    ),
    "address without a parent": (rooms.obj(NET, "IPAddress", "spec: {}", "10.0.0.1"), ["spec.parentRef: Required value"]),
    "address of nothing": (
        rooms.obj(NET, "IPAddress", "spec: {parentRef: {group: A, namespace: a/b}}", "10.0.0.1"),
        [f'spec.parentRef.group: Invalid value: "A": {SUBDOMAIN}', "spec.parentRef.resource: Required value", "spec.parentRef.name: Required value",
         "spec.parentRef.namespace: Invalid value: \"a/b\": may not contain '/'"],
    ),
    "no ranges": (rooms.obj(NET, "ServiceCIDR", "spec: {}"), ["spec.cidrs: Required value: at least one CIDR required"]),
    "three ranges": (rooms.obj(NET, "ServiceCIDR", "spec: {cidrs: [a, b, c]}"),
                     ['spec.cidrs: Invalid value: {"CIDRs":["a","b","c"]}: may only hold up to 2 values']),
    "odd ranges": (
        rooms.obj(NET, "ServiceCIDR", "spec: {cidrs: [10.0.0.1/8, 'FD00::/64']}"),
        ['spec.cidrs[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
         'spec.cidrs[1]: Invalid value: "FD00::/64": must be in canonical form ("fd00::/64")'],
    ),
    "one family": (
        rooms.obj(NET, "ServiceCIDR", "spec: {cidrs: [10.0.0.0/8, 11.0.0.0/8]}"),
        ['spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'],
    ),
    "no range": (rooms.obj(NET, "ServiceCIDR", "spec: {cidrs: [x]}"), [f'spec.cidrs[0]: Invalid value: "x": {CIDR}']),
}  # fmt: skip


def cidrs(*given):
    return rooms.obj(NET, "ServiceCIDR", json.dumps({"spec": {"cidrs": given}}))


FIXED = "field is immutable"
UPDATED = {
    "a driver's attaching": (driver("attachRequired: true"), driver("attachRequired: false"), [f"spec.attachedRequired: Invalid value: false: {FIXED}"]),
    "a driver's modes": (driver(""), driver("volumeLifecycleModes: [Ephemeral]"), [f'spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: {FIXED}']),
    "a driver's policy, freely": (driver(""), driver("fsGroupPolicy: None"), []),
    "a node's driver": (
        node("{name: a, nodeID: b}"), node("{name: a, nodeID: c}"),
        ['spec.drivers: Invalid value: {"Name":"a","NodeID":"c","TopologyKeys":null,"Allocatable":null}: ' + FIXED],
    ),
    "a node's volumes, freely": (node("{name: a, nodeID: b}"), node("{name: a, nodeID: b, allocatable: {count: 3}}"), []),
    "a capacity's class": (
        rooms.obj(STORAGE, "CSIStorageCapacity", "{storageClassName: a}"), rooms.obj(STORAGE, "CSIStorageCapacity", "{storageClassName: b, nodeTopology: {}}"),
        [f'storageClassName: Invalid value: "b": {FIXED}'],
    ),
    "attributes": (
        rooms.obj(STORAGE, "VolumeAttributesClass", "{driverName: a, parameters: {a: b}}"),
        rooms.obj(STORAGE, "VolumeAttributesClass", "{driverName: b, parameters: {a: c}}"),
        ["driverName: Forbidden: updates to driverName are forbidden.", "parameters: Forbidden: updates to parameters are forbidden."],
    ),
    "an attachment": (
        attachment("attacher: a, nodeName: n, source: {persistentVolumeName: v}"), attachment("attacher: a, nodeName: m, source: {persistentVolumeName: v}"),
        ['spec: Invalid value: {"Attacher":"a","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"m"}: ' + FIXED],
    ),
    "an address": (
        rooms.obj(NET, "IPAddress", "spec: {parentRef: {resource: services, name: a}}"), rooms.obj(NET, "IPAddress", "spec: {parentRef: {resource: services, name: b}}"),
        ['spec.parentRef: Invalid value: {"Group":"","Resource":"services","Namespace":"","Name":"b"}: ' + FIXED],
    ),
    "another range": (cidrs("10.0.0.0/8"), cidrs("11.0.0.0/8"), [f'spec.cidrs[0]: Invalid value: "11.0.0.0/8": {FIXED}']),
    "a second range": (cidrs("10.0.0.0/8"), cidrs("10.0.0.0/8", "fd00::/64"), []),
    "a second range of the same family": (
        cidrs("10.0.0.0/8"), cidrs("10.0.0.0/8", "11.0.0.0/8"),
        ['spec.cidrs: Invalid value: ["10.0.0.0/8","11.0.0.0/8"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'],
    ),
    "a range less": (cidrs("10.0.0.0/8", "fd00::/64"), cidrs("10.0.0.0/8"), [f'spec.cidrs: Invalid value: ["10.0.0.0/8"]: {FIXED}']),
}  # fmt: skip
STATUS = {
    "flow conditions": (rooms.obj(FLOW, "FlowSchema", "status: {conditions: [{type: a}, {type: a}, {}]}"),
                        ['status.conditions[1].type: Duplicate value: "a"', "status.conditions[2].type: Required value: must not be empty"]),
    "level conditions": (rooms.obj(FLOW, "PriorityLevelConfiguration", "status: {conditions: [{}]}"),
                         ["status.conditions[0].type: Required value: must not be empty"]),
    "api service": (rooms.obj(AGGREGATION, "APIService", "status: {conditions: [{status: x}]}"),
                    ['status.conditions[0].status: Unsupported value: "x": supported values: "True", "False", "Unknown"']),
    "attachment": (
        rooms.obj(STORAGE, "VolumeAttachment", f"status: {{attachError: {{message: {'m' * 1025}, errorCode: -1}}}}"),
        ["status.attachError.message: Too long: may not be more than 262144 bytes",
         "status.attachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CREATED)
def test_a_wrong_object_is_refused_in_the_servers_words(case):
    wrong, texts = CREATED[case]
    assert rooms.created(wrong)[1] == texts


@pytest.mark.parametrize("case", UPDATED)
def test_a_change_is_refused_in_the_servers_words(case):
    before, after, texts = UPDATED[case]
    assert rooms.updated(before, after) == texts


@pytest.mark.parametrize("case", STATUS)
def test_a_wrong_status_is_refused_in_the_servers_words(case):
    wrong, texts = STATUS[case]
    assert rooms.status_written(wrong) == texts


def test_a_local_api_service_is_available_at_once():
    stored = rooms.created({**api(""), "metadata": {"name": "v1.a.io", "creationTimestamp": "t"}})[0]
    assert stored["status"]["conditions"] == [
        {
            "type": "Available",
            "status": "True",
            "reason": "Local",
            "message": "Local APIServices are always available",
            "lastTransitionTime": "t",
        },
    ]


def test_a_remote_api_service_waits_and_has_the_usual_port():
    stored = rooms.created(api("service: {name: a, namespace: b}"))[0]
    assert (stored["status"], stored["spec"]["service"]["port"]) == ({}, 443)


@pytest.mark.parametrize(("name", "rest"), [("exempt", "type: Exempt"), ("exempt", "type: Exempt, exempt: {lendablePercent: 10}"),
                                            ("catch-all", "type: Limited, limited: {nominalConcurrencyShares: 5, limitResponse: {type: Reject}}")])  # fmt: skip
def test_a_level_of_every_cluster_may_be_written_as_it_is(name, rest):
    assert rooms.created(level(rest, name))[1] == []


def test_a_levels_numbers_have_defaults():
    assert rooms.created(limited("limitResponse: {type: Queue, queuing: {}}"))[0]["spec"]["limited"] == {
        "nominalConcurrencyShares": 30, "lendablePercent": 0,
        "limitResponse": {"type": "Queue", "queuing": {"queues": 64, "handSize": 8, "queueLengthLimit": 50}},
    }  # fmt: skip


def test_an_address_is_named_by_itself_in_its_one_form():
    row = table.BUILTIN.by_gvk(NET, "IPAddress")
    found = generic.validate_meta(row, {"metadata": {"name": "FD00::1"}}, None)
    assert [str(problem) for problem in found] == ['metadata.name: Invalid value: "FD00::1": must be in canonical form ("fd00::1")']


def test_a_struct_is_shown_with_every_field_in_order():
    assert json.dumps(gostructs.shown("DeviceRequest", {"firstAvailable": [{"name": "a"}], "name": "b"})) == json.dumps({
        "Name": "b", "Exactly": None,
        "FirstAvailable": [{"Name": "a", "DeviceClassName": "", "Selectors": None, "AllocationMode": "", "Count": 0, "Tolerations": None, "Capacity": None}],
    })  # fmt: skip


def test_a_table_shows_flow_schemas_as_they_are_matched():
    row = table.BUILTIN.by_gvk(FLOW, "FlowSchema")
    given = [flow(f"matchingPrecedence: {number}", name) for number, name in ((500, "a"), (100, "c"), (100, "b"))]
    assert [each["cells"][0] for each in tables.table(row, given, 0.0)["rows"]] == ["b", "c", "a"]
