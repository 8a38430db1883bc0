"""Shapes of built-in and custom kinds, and reading objects against them as the API server does."""

from __future__ import annotations

import pytest

from pkctl import errors
from pkctl.kinds import customrows, decoding, schema, table

POD = table.BUILTIN.find("pods")
DEPLOYMENT = table.BUILTIN.find("deployments")
DEFINITION = table.BUILTIN.find("customresourcedefinitions")
WIDGET_SCHEMA = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"parts": {
    "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
    "items": {"type": "object", "properties": {"id": {"type": "string", "default": "a"}}},
}}}}}  # fmt: skip
WIDGET = customrows.rows({"metadata": {}, "spec": {
    "group": "x.io", "names": {"kind": "Widget", "plural": "widgets"},
    "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": WIDGET_SCHEMA}}],
}})[0]  # fmt: skip
UNKNOWN = "strict decoding error: unknown field "


def pod(**spec):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}, "spec": spec}


def containers(**container):
    return pod(containers=[{"name": "c", **container}])


def refusal(obj, row=POD, validation="Strict"):
    with pytest.raises(errors.BadRequest) as caught:
        decoding.decode(row, obj, validation)
    prefix = f'{row.kind} in version "{row.version}" cannot be handled as a {row.kind}: '
    assert caught.value.message.startswith(prefix)
    return caught.value.message[len(prefix) :]


WRONG = {
    "unknown field": (pod(foo=1), UNKNOWN + '"spec.foo"'),
    "unknown in a list": (pod(containers=[{"name": "a"}, {"foo": 1}]), UNKNOWN + '"spec.containers[1].foo"'),
    "several unknown": (pod(b=1, a=2), UNKNOWN + '"spec.a", unknown field "spec.b"'),
    "unknown at the top": ({**pod(), "spce": {}}, UNKNOWN + '"spce"'),
    "another case": (pod(hostnetwork=True), UNKNOWN + '"spec.hostnetwork"'),
    "string for bool": (
        pod(hostNetwork="a"),
        "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
    ),
    "string for int32": (
        containers(ports=[{"containerPort": "a"}]),
        "json: cannot unmarshal string into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ),
    "fraction for int32": (
        containers(ports=[{"containerPort": 1.5}]),
        "json: cannot unmarshal number 1.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ),
    "too large for int32": (
        containers(ports=[{"containerPort": 2**31}]),
        "json: cannot unmarshal number 2147483648 into Go struct field ContainerPort.spec.containers.ports.containerPort of type int32",
    ),
    "object for list": (
        pod(containers={}),
        "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container",
    ),
    "number for named string": (
        pod(restartPolicy=1),
        "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy",
    ),
    "list for struct": ({**pod(), "spec": []}, "json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec"),
    "number for label": (
        {**pod(), "metadata": {"labels": {"a": 1}}},
        "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    ),
    "bool for int-or-string": (
        containers(livenessProbe={"tcpSocket": {"port": True}}),
        "json: cannot unmarshal bool into Go struct field TCPSocketAction.spec.containers.livenessProbe.tcpSocket.port of type int32",
    ),
    "bad quantity": (
        containers(resources={"limits": {"cpu": "abc"}}),
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
    "bad time": (
        {**pod(), "metadata": {"creationTimestamp": "now"}},
        'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"',
    ),
    "wrong type before unknown field": (
        pod(foo=1, hostNetwork="a"),
        "json: cannot unmarshal string into Go struct field PodSpec.spec.hostNetwork of type bool",
    ),
}


@pytest.mark.parametrize(("obj", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_object_gets_the_servers_words(obj, text):
    assert refusal(obj) == text


def test_a_number_in_a_config_map_is_refused():
    row = table.BUILTIN.find("configmaps")
    text = "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
    assert refusal({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": 1}}, row) == text


def test_a_secret_must_be_base64():
    row = table.BUILTIN.find("secrets")
    assert refusal({"apiVersion": "v1", "kind": "Secret", "data": {"a": "%"}}, row) == "illegal base64 data at input byte 0"


def test_warn_drops_the_unknown_and_says_so():
    read, texts = decoding.decode(POD, pod(foo=1, hostNetwork=True), "Warn")
    assert (read["spec"], texts) == ({"hostNetwork": True}, ['unknown field "spec.foo"'])


def test_ignore_drops_the_unknown_silently():
    read, texts = decoding.decode(POD, pod(foo=1), "Ignore")
    assert (read["spec"], texts) == ({}, [])


def test_nulls_are_dropped():
    assert decoding.decode(POD, pod(nodeName=None))[0]["spec"] == {}


def test_empty_lists_and_maps_are_dropped_and_empty_structs_kept():
    read, _ = decoding.decode(POD, pod(tolerations=[], nodeSelector={}, securityContext={}))
    assert read["spec"] == {"securityContext": {}}


def test_null_in_a_map_is_the_empty_value():
    assert decoding.decode(POD, {**pod(), "metadata": {"labels": {"a": None}}})[0]["metadata"] == {"labels": {"a": ""}}


QUANTITIES = {"0.5": "500m", "1000m": "1", 1: "1", 0.1: "100m", "1024Mi": "1Gi", "12": "12", "012": "012"}


@pytest.mark.parametrize(("said", "stored"), QUANTITIES.items())
def test_quantities_become_canonical(said, stored):
    read, _ = decoding.decode(POD, containers(resources={"limits": {"cpu": said}}))
    assert read["spec"]["containers"][0]["resources"]["limits"]["cpu"] == stored


def test_times_become_utc():
    read, _ = decoding.decode(POD, {**pod(), "metadata": {"creationTimestamp": "2026-01-01T02:00:00+02:00"}})
    assert read["metadata"]["creationTimestamp"] == "2026-01-01T00:00:00Z"


def test_a_port_may_be_a_number_or_a_name():
    for port in (80, "http"):
        read, _ = decoding.decode(POD, containers(livenessProbe={"tcpSocket": {"port": port}}))
        assert read["spec"]["containers"][0]["livenessProbe"]["tcpSocket"]["port"] == port


def test_what_a_custom_kinds_schema_does_not_name_is_unknown():
    obj = {"apiVersion": "x.io/v1", "kind": "Widget", "metadata": {"name": "x"}, "spec": {"parts": [{"id": "a", "foo": None}]}}
    assert refusal(obj, WIDGET) == UNKNOWN + '"spec.parts[0].foo"'


def test_it_is_dropped_when_that_is_only_warned_of():
    obj = {"apiVersion": "x.io/v1", "kind": "Widget", "metadata": {"name": "x"}, "spec": {"foo": 1}}
    assert decoding.decode(WIDGET, obj, "Warn") == ({**obj, "spec": {}}, ['unknown field "spec.foo"'])


def test_a_custom_resources_metadata_is_checked():
    assert refusal({"metadata": {"nmae": "x"}}, WIDGET) == UNKNOWN + '"metadata.nmae"'


def test_every_row_of_the_kind_table_has_a_shape():
    assert [row for row in table.ROWS if schema.shape(row) is None] == []


def test_every_definition_can_be_walked():
    library = schema._library()
    unknown = [
        (name, field) for name in library.lines for field, node in schema.fields(name).items()
        if (inner := innermost(node)).name and inner.name not in library.lines
    ]  # fmt: skip
    assert unknown == []


def innermost(node):
    while node.item is not None:
        node = node.item
    return node


def walk(shape, *steps):
    for step in steps:
        shape = shape.items() if step == "[]" else shape.field(step)
    return shape


def test_ports_merge_by_number_and_default_to_tcp():
    ports = walk(schema.shape(DEPLOYMENT), "spec", "template", "spec", "containers", "[]", "ports")
    assert (ports.merge_key, ports.patch_strategy, ports.list_keys) == ("containerPort", ("merge",), ("containerPort", "protocol"))
    assert ports.items().default("protocol") == "TCP"


def test_the_strategy_retains_keys():
    assert walk(schema.shape(DEPLOYMENT), "spec", "strategy").patch_strategy == ("retainKeys",)


def test_volumes_merge_and_retain_keys():
    assert walk(schema.shape(POD), "spec", "volumes").patch_strategy == ("merge", "retainKeys")


def test_a_label_selector_is_atomic():
    assert walk(schema.shape(DEPLOYMENT), "spec", "selector").map_type == "atomic"


def test_labels_are_a_map_of_strings():
    labels = walk(schema.shape(POD), "metadata", "labels")
    assert (labels.type, labels.field("anything").type) == ("map", "string")


def test_a_crds_list_has_its_keys_and_their_defaults():
    parts = walk(schema.shape(WIDGET), "spec", "parts")
    assert (parts.list_type, parts.list_keys, parts.items().default("id")) == ("map", ("id",), "a")


def test_a_crds_metadata_is_object_meta():
    assert walk(schema.shape(WIDGET), "metadata", "finalizers").patch_strategy == ("merge",)


def test_what_has_no_row_of_its_own_can_be_read_too():
    scale = {"spec": {"replicas": "3"}}
    with pytest.raises(errors.BadRequest, match=r"^Scale in version \"v1\" cannot be handled as a Scale: json: cannot unmarshal string"):
        decoding.decode_as("autoscaling/v1", "Scale", scale)


def definition(part):
    schema = {"type": "object", "properties": {"a": part}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "x"},
            "spec": {"group": "x.io", "names": {"kind": "X", "plural": "xs"}, "scope": "Cluster", "versions": [version]}}  # fmt: skip


@pytest.mark.parametrize("name", ["items", "additionalProperties"])
def test_a_schema_within_a_schema_is_read_as_one(name):
    assert "cannot unmarshal string into Go struct field JSONSchemaProps." in refusal(definition({name: {"maxLength": "x"}}), DEFINITION)


def test_what_such_a_schema_does_not_know_is_dropped_without_a_word():
    read, warnings = decoding.decode(DEFINITION, definition({"type": "array", "items": {"type": "string", "x-odd": 1}}))
    assert (read["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["a"]["items"], warnings) == ({"type": "string"}, [])


def test_additional_properties_are_a_schema_or_a_boolean():
    assert refusal(definition({"additionalProperties": 1}), DEFINITION) == "boolean or JSON schema expected"


def test_an_empty_list_of_policies_is_given_and_not_left_out():
    row = table.BUILTIN.by_gvk("autoscaling/v2", "HorizontalPodAutoscaler")
    given = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "spec": {"behavior": {"scaleUp": {"policies": []}}}}
    assert decoding.decode(row, given, "Strict")[0]["spec"] == given["spec"]
