"""What the API says of wrong claims, templates, classes and slices of devices (resource.k8s.io)."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import json

import pytest

from tests.unit.kinds import rooms

GROUP = "resource.k8s.io/v1"
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
IDENTIFIER = (
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' "
    "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for validation is '[A-Za-z_][A-Za-z0-9_]*')"
)
REFERENCE = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"


def claim(text, more=""):
    return rooms.obj(GROUP, "ResourceClaim", f"{{spec: {{devices: {{requests: [{text}]{more}}}}}}}")


def asked(text):
    return claim(f"{{name: a, exactly: {{deviceClassName: c, {text}}}}}")


def published(text, pool="{name: p, resourceSliceCount: 1}"):
    return rooms.obj(GROUP, "ResourceSlice", f"spec: {{driver: d.io, pool: {pool}, {text}}}")


def device(text, spec="nodeName: n"):
    return published(f"{spec}, devices: [{{name: a, {text}}}]")


def capacity(text, shared="allowMultipleAllocations: true"):
    return device(f"{shared}, capacity: {{c: {{value: 10, requestPolicy: {{{text}}}}}}}")


R, E, D, P = "spec.devices.requests[0]", "spec.devices.requests[0].exactly", "spec.devices[0]", "spec.devices[0].capacity[c].requestPolicy"
CREATED = {
    "no kind of request": (claim("{name: a}"), [f"{R}: Required value: exactly one of `exactly` or `firstAvailable` is required"]),
    "both kinds": (
        claim("{name: a, exactly: {deviceClassName: c}, firstAvailable: [{name: b, deviceClassName: c}]}"),
        [f"{R}: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set"],
    ),
    "odd name, no class": (claim("{name: A, exactly: {}}"), [f'{R}.name: Invalid value: "A": {LABEL}', f"{E}.deviceClassName: Required value"]),
    "same name": (claim("{name: a, exactly: {deviceClassName: c}}, {name: a, exactly: {deviceClassName: c}}"), ['spec.devices.requests[1]: Duplicate value: "a"']),
    "mode": (asked("allocationMode: x"), [f'{E}.allocationMode: Unsupported value: "x": supported values: "All", "ExactCount"']),
    "count of all": (asked("allocationMode: All, count: 2"), [f"{E}.count: Invalid value: 2: must not be specified when allocationMode is 'All'"]),
    "count": (asked("count: -1"), [f"{E}.count: Invalid value: -1: must be greater than zero"]),
    "selector": (asked("selectors: [{}]"), [f"{E}.selectors[0].cel: Required value"]),
    "selector of another type": (
        asked("selectors: [{cel: {expression: device.driver}}]"),
        [f'{E}.selectors[0].cel.expression: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string'],
    ),
    "too many selectors": (asked(f"selectors: [{', '.join(['{}'] * 33)}]"), [f"{E}.selectors: Too many: 33: must have at most 32 items"]),
    "tolerations": (
        asked("tolerations: [{}, {operator: Exists, value: a}, {operator: x, effect: y}]"),
        [f"{E}.tolerations[0].operator: Required value", f'{E}.tolerations[1].value: Invalid value: "a": must be empty for operator `Exists`',
         f'{E}.tolerations[2].operator: Unsupported value: "x": supported values: "Equal", "Exists"',
         f'{E}.tolerations[2].effect: Unsupported value: "y": supported values: "NoExecute", "NoSchedule", "None"'],
    ),
    "alternatives": (
        claim("{name: a, firstAvailable: [{name: b, deviceClassName: c}, {name: b}]}"),
        [f"{R}.firstAvailable[1].deviceClassName: Required value", f'{R}.firstAvailable[1]: Duplicate value: "b"'],
    ),
    "constraints": (
        claim("{name: a, exactly: {deviceClassName: c}}", ", constraints: [{requests: [b, a/b/c], matchAttribute: x}, {}]"),
        [f'spec.devices.constraints[0].requests[0]: Invalid value: "b": {REFERENCE}', f'spec.devices.constraints[0].requests[1]: Invalid value: "a/b/c": {REFERENCE}',
         'spec.devices.constraints[0].matchAttribute: Invalid value: "x": a fully qualified name must be a domain and a name separated by a slash',
         'spec.devices.constraints[1]: Required value: exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'],
    ),
    "an alternative by name": (
        claim("{name: a, firstAvailable: [{name: b, deviceClassName: c}]}", ", constraints: [{requests: [a/b, a], matchAttribute: d.io/x}]"), [],
    ),
    "configs": (
        claim("{name: a, exactly: {deviceClassName: c}}", ", config: [{}, {opaque: {driver: d.io, parameters: 1}}, {opaque: {driver: d.io}}]"),
        ["spec.devices.config[0].opaque: Required value",
         'spec.devices.config[1].opaque.parameters: Invalid value: "<value omitted>": must be a valid JSON object',
         "spec.devices.config[2].opaque.parameters: Required value"],
    ),
    "template": (
        rooms.obj(GROUP, "ResourceClaimTemplate", "spec: {spec: {devices: {requests: [{name: a}]}}}"),
        ["spec.spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required"],
    ),
    "class": (
        rooms.obj(GROUP, "DeviceClass", "spec: {selectors: [{}], config: [{}], extendedResourceName: cpu}"),
        ["spec.selectors[0].cel: Required value", "spec.config[0].opaque: Required value",
         'spec.extendedResourceName: Invalid value: "cpu": must be a valid extended resource name'],
    ),
    "slice of nothing": (
        rooms.obj(GROUP, "ResourceSlice", "spec: {}"),
        ["spec.driver: Required value", f'spec.driver: Invalid value: "": {SUBDOMAIN}', "spec.pool.name: Required value",
         "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
         "spec: Required value: exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required"],
    ),
    "pool": (
        published("nodeName: n", "{name: a//b, resourceSliceCount: 1, generation: -1}"),
        [f'spec.pool.name: Invalid value: "": {SUBDOMAIN}', "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero"],
    ),
    "two places": (
        published("nodeName: n, allNodes: true"),
        ['spec: Invalid value: "{`nodeName`, `allNodes`}": exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required, but multiple fields are set'],
    ),
    "odd places": (
        published("nodeName: '', allNodes: false, nodeSelector: {nodeSelectorTerms: []}"),
        ['spec.nodeName: Invalid value: "": must be either unset or set to a non-empty string',
         "spec.nodeSelector.nodeSelectorTerms: Required value: must have at least one node selector term",
         "spec.allNodes: Invalid value: false: must be either unset or set to true",
         "spec.nodeSelector.nodeSelectorTerms: Invalid value: null: must have exactly one node selector term"],
    ),
    "devices and counters": (
        published("nodeName: n, devices: [{name: a}], sharedCounters: [{name: a, counters: {b: {value: 1}}}]"),
        ['spec: Invalid value: "": only one of `sharedCounters` or `devices` is allowed'],
    ),
    "counters": (
        published("nodeName: n, sharedCounters: [{}, {name: a, counters: {B: {value: 1}}}]"),
        ["spec.sharedCounters[0].name: Required value", "spec.sharedCounters[0].counters: Required value", f'spec.sharedCounters[1].counters: Invalid value: "B": {LABEL}'],
    ),
    "same device": (published("nodeName: n, devices: [{name: a}, {name: a}]"), ['spec.devices[1]: Duplicate value: "a"']),
    "attributes": (
        device("attributes: {a-b: {int: 1}, /c: {int: 1}, d.io/: {int: 1}, e/f/g: {int: 1}, h: {}, i: {int: 1, bool: true}, j: {version: '1.2'}}"),
        [f'{D}.attributes: Invalid value: "": the domain must not be empty', f'{D}.attributes: Invalid value: "a-b": {IDENTIFIER}',
         f'{D}.attributes: Invalid value: "": the name must not be empty', f'{D}.attributes: Invalid value: "e/f/g": must not contain more than one slash',
         f'{D}.attributes[h]: Invalid value: "": exactly one value must be specified',
         f'{D}.attributes[i]: Invalid value: {{"IntValue":1,"BoolValue":true,"StringValue":null,"VersionValue":null}}: exactly one value must be specified',
         f'{D}.attributes[j].version: Invalid value: "1.2": must be a string compatible with semver.org spec 2.0.0'],
    ),
    "taints": (device("taints: [{key: a}, {key: b, effect: x}]"),
               [f"{D}.taints[0].effect: Required value", f'{D}.taints[1].effect: Unsupported value: "x": supported values: "NoExecute", "NoSchedule", "None"']),
    "a device's own place": (
        device("nodeName: n"),
        [f"{D}: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec"],
    ),
    "no place of its own": (
        device("attributes: {}", "perDeviceNodeSelection: true"),
        [f"{D}: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec"],
    ),
    "binding": (
        device("bindingConditions: [a, a], bindingFailureConditions: [a]"),
        [f'{D}.bindingConditions[1]: Duplicate value: "a"',
         f'{D}.bindingFailureConditions[0]: Invalid value: "a": bindingFailureConditions must not overlap with bindingConditions'],
    ),
    "binding without an end": (
        device("bindingConditions: [a]"),
        [f"{D}.bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions"],
    ),
    "divided, not shared": (capacity("default: 1", "allowMultipleAllocations: false"), [f"{P}: Forbidden: allowMultipleAllocations must be true"]),
    "both policies": (
        capacity("validValues: [1], validRange: {min: 1}"),
        [f'{P}: Forbidden: exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time'],
    ),
    "no default": (capacity("validValues: [1]"), [f"{P}.default: Required value: required when validValues is defined"]),
    "values": (
        capacity("default: 3, validValues: [2, 1, 11, 11]"),
        [f'{P}.validValues[1]: Invalid value: "1": values must be sorted in ascending order',
         f'{P}.validValues[2]: Invalid value: "11": option is larger than capacity value: 10',
         f'{P}.validValues[3]: Invalid value: "11": option is larger than capacity value: 10',
         f'{P}.validValues[3]: Duplicate value: "11"', f'{P}.validValues: Invalid value: "3": default value is not valid according to the requestPolicy'],
    ),
    "no least": (capacity("default: 1, validRange: {}"), [f"{P}.validRange.min: Required value: required when validRange is defined"]),
    "range": (
        capacity("default: 1, validRange: {min: 4, max: 12, step: 3}"),
        [f'{P}.validRange.default: Invalid value: "1": default is less than min: 4', f'{P}.validRange.max: Invalid value: "12": max is larger than capacity value: 10',
         f'{P}.validRange.step: Invalid value: "12": value is not a multiple of a given step (3) from (4)'],
    ),
    "step": (capacity("default: 2, validRange: {min: 1, step: 0}"), [f'{P}.validRange.step: Invalid value: "0": must be greater than zero']),
}  # fmt: skip
SHOWN = (
    '{"Devices":{"Requests":[{"Name":"a","Exactly":{"DeviceClassName":"d","Selectors":null,"AllocationMode":"ExactCount","Count":1,'
    '"AdminAccess":null,"Tolerations":null,"Capacity":null},"FirstAvailable":null}],"Constraints":null,"Config":null}}'
)
CLAIMS = [claim(f"{{name: a, exactly: {{deviceClassName: {name}}}}}") for name in "cd"]
UPDATED = {
    "claim": (*CLAIMS, [f"spec: Invalid value: {SHOWN}: field is immutable"]),
    "template": (
        *({"apiVersion": GROUP, "kind": "ResourceClaimTemplate", "metadata": {"name": "x"}, "spec": {"spec": each["spec"]}} for each in CLAIMS),
        [f'spec: Invalid value: {{"Spec":{SHOWN}}}: field is immutable'],
    ),
    "slice": (published("nodeName: n"), published("nodeName: m", "{name: q, resourceSliceCount: 1}"),
              ['spec.pool.name: Invalid value: "q": field is immutable', 'spec.nodeName: Invalid value: "m": field is immutable']),
}  # fmt: skip


def used(status, text="{name: a, exactly: {deviceClassName: c}}"):
    return {**claim(text), "status": status}


RESULT = {"request": "a", "driver": "d.io", "pool": "p", "device": "v"}
GIVEN = {"devices": {"results": [RESULT]}}
STATUS = {
    "reserved unallocated": (used({"reservedFor": [{"resource": "pods", "name": "p", "uid": "u"}]}),
                             ["status.reservedFor: Forbidden: may not be specified when `allocated` is not set"]),
    "users": (
        used({"allocation": GIVEN, "reservedFor": [{}, {}]}),
        [f"status.reservedFor[{number}].{part}: Required value" for number in (0, 1) for part in ("resource", "name", "uid")] + ['status.reservedFor[1]: Duplicate value: ""'],
    ),
    "results": (
        used({"allocation": {"devices": {"results": [{**RESULT, "request": "b", "pool": ""}], "config": [{"opaque": {"driver": "d.io", "parameters": {}}}]}}}),
        [f'status.allocation.devices.results[0].request: Invalid value: "b": {REFERENCE}', "status.allocation.devices.results[0].pool: Required value",
         "status.allocation.devices.config[0].source: Required value"],
    ),
    "a device that wasn't given": (
        used({"allocation": GIVEN, "devices": [{"driver": "d.io", "pool": "p", "device": "w"}]}),
        ['status.devices[0]: Invalid value: {"Driver":"d.io","Pool":"p","Device":"w","ShareID":""}: must be an allocated device in the claim'],
    ),
    "addresses": (
        used({"allocation": GIVEN, "devices": [{"driver": "d.io", "pool": "p", "device": "v", "data": 1, "networkData": {"ips": ["10.0.0.1", "A::1/64"], "interfaceName": "i" * 257}}]}),
        ['status.devices[0].data: Invalid value: "<value omitted>": must be a valid JSON object', "status.devices[0].networkData.interfaceName: Too long: may not be more than 256 bytes",
         'status.devices[0].networkData.ips[0]: Invalid value: "10.0.0.1": must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)',
         'status.devices[0].networkData.ips[1]: Invalid value: "A::1/64": must be in canonical form ("a::1/64")'],
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
    assert rooms.status_written(wrong, claim("{name: a, exactly: {deviceClassName: c}}")) == texts


def test_an_allocation_never_changes():
    texts = rooms.status_written(used({"allocation": {}}), used({"allocation": GIVEN}))
    assert texts == ["status.allocation: Invalid value: {}: field is immutable"]


def test_a_request_asks_for_one_device():
    stored = rooms.created(asked(""))[0]
    assert json.dumps(stored["spec"]["devices"]["requests"][0]["exactly"]) == json.dumps(
        {"deviceClassName": "c", "allocationMode": "ExactCount", "count": 1}
    )


def test_a_selector_may_ask_for_attributes_of_any_type():
    assert (
        rooms.created(asked("selectors: [{cel: {expression: \"device.attributes['d.io'].model == 'a' && device.driver == 'd.io'\"}}]"))[1]
        == []
    )


def test_a_taint_knows_since_when():
    given = device("taints: [{key: a, effect: None}]")
    given["metadata"]["creationTimestamp"] = "t"
    assert rooms.created(given)[0]["spec"]["devices"][0]["taints"][0]["timeAdded"] == "t"


def test_lists_of_values_go_as_they_do_without_their_gate():
    new, wrong = rooms.created(device("attributes: {a: {string: x, strings: [q], ints: [1]}}"))
    assert (new["spec"]["devices"][0]["attributes"], wrong) == ({"a": {"string": "x"}}, [])
