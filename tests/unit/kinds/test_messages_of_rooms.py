"""What a real 1.36 API server said of wrong objects, to the byte: the rooms that hold no pods."""

from __future__ import annotations

import pytest
import yaml

from pkctl.kinds import table
from pkctl.objects import meta

RBAC = "rbac.authorization.k8s.io/v1"


def svc(**spec):
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "x"}, "spec": spec}


def obj(text):
    return {"metadata": {"name": "x"}, **yaml.safe_load(text)}


IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
RANGE = "provided port is not in the valid range. The range of valid ports is 30000-32767"
KEY = (
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
    "regex used for validation is '[-._a-zA-Z0-9]+')"
)
HOST = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
CREATED = {
    "svc no ports": (svc(), ["spec.ports: Required value"]),
    "svc port 0": (
        svc(ports=[{"port": 0}]),
        [f"spec.ports[0].{field}: Invalid value: 0: must be between 1 and 65535, inclusive" for field in ("port", "targetPort")],
    ),
    "svc two unnamed ports": (
        svc(ports=[{"port": 1}, {"port": 2}]), ["spec.ports[0].name: Required value", "spec.ports[1].name: Required value"],
    ),
    "svc dup": (
        svc(ports=[{"port": 1, "name": "a"}, {"port": 1, "name": "b"}]),
        ['spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":1,"TargetPort":0,"NodePort":0}'],
    ),
    "svc type": (
        svc(type="Foo", ports=[{"port": 1}]),
        ['spec.type: Unsupported value: "Foo": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'],
    ),
    "svc nodePort range": (
        svc(type="NodePort", ports=[{"port": 1, "nodePort": 80}]), [f"spec.ports[0].nodePort: Invalid value: 80: {RANGE}"],
    ),
    "svc clusterIP": (
        svc(clusterIP="1.2.3.4", ports=[{"port": 1}]),
        ['spec.clusterIPs: Invalid value: ["1.2.3.4"]: failed to allocate IP 1.2.3.4: '
         "the provided network does not match the current range"],
    ),
    "svc clusterIP bad": (svc(clusterIP="foo", ports=[{"port": 1}]), [f'spec.clusterIPs[0]: Invalid value: "foo": {IP}']),
    "svc nodePort on ClusterIP": (
        svc(ports=[{"port": 1, "nodePort": 30000}]), ["spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'"],
    ),
    "svc externalName": (svc(type="ExternalName"), ["spec.externalName: Required value"]),
    "svc protocol": (
        svc(ports=[{"port": 1, "protocol": "FOO"}]),
        ['spec.ports[0].protocol: Unsupported value: "FOO": supported values: "SCTP", "TCP", "UDP"'],
    ),
    "svc targetPort": (
        svc(ports=[{"port": 1, "targetPort": "UPPER"}]),
        ['spec.ports[0].targetPort: Invalid value: "UPPER": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)',
         'spec.ports[0].targetPort: Invalid value: "UPPER": must contain at least one letter (a-z)'],
    ),
    "cm key": (obj("{apiVersion: v1, kind: ConfigMap, data: {'a b': c}}"), [f'data[a b]: Invalid value: "a b": {KEY}']),
    "secret tls": (
        obj("{apiVersion: v1, kind: Secret, type: kubernetes.io/tls}"), ["data[tls.crt]: Required value", "data[tls.key]: Required value"],
    ),
    "secret dockercfg": (
        obj("{apiVersion: v1, kind: Secret, type: kubernetes.io/dockerconfigjson, stringData: {.dockerconfigjson: x}}"),
        ['data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character \'x\' looking for beginning of value'],
    ),
    "pvc no size": (
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteOnce]}}"),
        ["spec.resources[storage]: Required value"],
    ),
    "pvc mode": (
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [Foo], resources: {requests: {storage: 1Gi}}}}"),
        ['spec.accessModes: Unsupported value: "Foo": supported values: '
         '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'],
    ),
    "pv no source": (
        obj("{apiVersion: v1, kind: PersistentVolume, spec: {accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}}}"),
        ["spec: Required value: must specify a volume type"],
    ),
    "ingress pathType": (
        obj("{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {rules: [{http: {paths: "
            "[{path: /, backend: {service: {name: a, port: {number: 1}}}}]}}]}}"),
        ["spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified"],
    ),
    "ingress host": (
        obj("{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {rules: [{host: A_b, http: {paths: "
            "[{path: /, pathType: Prefix, backend: {service: {name: a, port: {number: 1}}}}]}}]}}"),
        [f'spec.rules[0].host: Invalid value: "A_b": {HOST}'],
    ),
    "ingress empty": (
        obj("{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {}}"),
        ["spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"],
    ),
    "netpol": (
        obj("{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, spec: {podSelector: {}, policyTypes: [X]}}"),
        ['spec.policyTypes[0]: Unsupported value: "X": supported values: "Ingress", "Egress"'],
    ),
    "hpa": (
        obj("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, spec: {minReplicas: 5, maxReplicas: 3, "
            "scaleTargetRef: {kind: Deployment, name: a}}}"),
        ["spec.maxReplicas: Invalid value: 3: must be greater than or equal to `minReplicas`",
         'spec.scaleTargetRef.apiVersion: Invalid value: "": apiVersion must specify API group'],
    ),
    "pdb both": (
        obj("{apiVersion: policy/v1, kind: PodDisruptionBudget, spec: {minAvailable: 1, maxUnavailable: 1}}"),
        ['spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: '
         "minAvailable and maxUnavailable cannot be both set"],
    ),
    "role rule": (
        obj(f"{{apiVersion: {RBAC}, kind: Role, rules: [{{verbs: [get]}}]}}"),
        ["rules[0].apiGroups: Required value: resource rules must supply at least one api group",
         "rules[0].resources: Required value: resource rules must supply at least one resource"],
    ),
    "rolebinding": (
        obj(f"{{apiVersion: {RBAC}, kind: RoleBinding, roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Foo, name: x}}}}"),
        ['roleRef.kind: Unsupported value: "Foo": supported values: "Role", "ClusterRole"'],
    ),
    "limitrange": (
        obj("{apiVersion: v1, kind: LimitRange, spec: {limits: [{type: Container, min: {cpu: '2'}, max: {cpu: '1'}}]}}"),
        ['spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1',
         'spec.limits[0].defaultRequest[cpu]: Invalid value: "1": min value 2 is greater than default request value 1',
         'spec.limits[0].default[cpu]: Invalid value: "2": min value 2 is greater than default value 1'],
    ),
    "priorityclass": (
        obj("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 2000000000}"),
        ["value: Forbidden: maximum allowed value of a user defined priority is 1000000000"],
    ),
    "storageclass": (obj("{apiVersion: storage.k8s.io/v1, kind: StorageClass}"), ["provisioner: Required value"]),
    "crd": (
        obj("{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, spec: {group: m.io, scope: Namespaced, "
            "names: {plural: widgets, kind: Widget}, versions: [{name: v1, served: true, storage: true}]}}"),
        ['metadata.name: Invalid value: "x": must be spec.names.plural+"."+spec.group',
         "spec.versions[0].schema.openAPIV3Schema: Required value"],
    ),
}  # fmt: skip

UPDATED = {
    "svc clusterIP": (
        svc(clusterIP="10.96.0.9", clusterIPs=["10.96.0.9"], ports=[{"port": 1}]),
        svc(clusterIP="10.0.0.9", ports=[{"port": 1}]),
        ['spec.clusterIPs[0]: Invalid value: ["10.0.0.9"]: may not change once set'],
    ),
    "immutable cm": (
        obj("{apiVersion: v1, kind: ConfigMap, immutable: true, data: {a: b}}"),
        obj("{apiVersion: v1, kind: ConfigMap, immutable: true, data: {a: c}}"),
        ["data: Forbidden: field is immutable when `immutable` is set"],
    ),
    "secret type": (
        obj("{apiVersion: v1, kind: Secret}"),
        obj("{apiVersion: v1, kind: Secret, type: foo/bar}"),
        ['type: Invalid value: "foo/bar": field is immutable'],
    ),
    "pvc modes": (
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteMany], resources: {requests: {storage: 1Gi}}}}"),
        ["spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"],
    ),
    "pvc shrink": (
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 2Gi}}}}"),
        obj("{apiVersion: v1, kind: PersistentVolumeClaim, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"),
        ["spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"],
    ),
    "roleRef": (
        obj(f"{{apiVersion: {RBAC}, kind: RoleBinding, roleRef: {{kind: ClusterRole, name: view}}}}"),
        obj(f"{{apiVersion: {RBAC}, kind: RoleBinding, roleRef: {{kind: ClusterRole, name: edit}}}}"),
        ['roleRef: Invalid value: {"APIGroup":"rbac.authorization.k8s.io","Kind":"ClusterRole","Name":"edit"}: cannot change roleRef'],
    ),
    "sc provisioner taken away": (
        obj("{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: a}"),
        obj("{apiVersion: storage.k8s.io/v1, kind: StorageClass}"),
        ["provisioner: Required value", 'provisioner: Invalid value: "": field is immutable'],
    ),
    "runtime's handler taken away": (
        obj("{apiVersion: node.k8s.io/v1, kind: RuntimeClass, handler: a}"),
        obj("{apiVersion: node.k8s.io/v1, kind: RuntimeClass}"),
        ['handler: Invalid value: "": field is immutable'],
    ),
    "slice's kind of addresses taken away": (
        obj("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, addressType: IPv4}"),
        obj("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice}"),
        ["addressType: Required value", 'addressType: Invalid value: "": field is immutable'],
    ),
    "sc provisioner": (
        obj("{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: a}"),
        obj("{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: b}"),
        ['provisioner: Invalid value: "b": field is immutable'],
    ),
    "pc value": (
        obj("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 1}"),
        obj("{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, value: 2}"),
        ["value: Forbidden: may not be changed in an update."],
    ),
}


def problems(new, old=None):
    room = table.room(table.BUILTIN.by_gvk(new["apiVersion"], new["kind"]))
    new = meta.clone(new)
    for name, arguments in (("default", (new,)), ("prepare", (new, old))):
        if hasattr(room, name):
            getattr(room, name)(*arguments)
    return new, [str(problem) for problem in room.validate(new, old)]


@pytest.mark.parametrize("case", CREATED)
def test_a_wrong_object_is_refused_in_the_servers_words(case):
    wrong, texts = CREATED[case]
    assert problems(wrong)[1] == texts


@pytest.mark.parametrize("case", UPDATED)
def test_a_forbidden_change_is_refused_in_the_servers_words(case):
    before, after, texts = UPDATED[case]
    old, wrong = problems(before)
    assert wrong == []
    assert problems(after, old)[1] == texts
