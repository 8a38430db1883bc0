"""What the API says of wrong Pods, held against the answers of a real Kubernetes 1.36."""

from __future__ import annotations

import pytest

from tests.unit.kinds import workload_cases as cases

pod = cases.pod

SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_VALUE = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)
LABEL_KEY = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
TWO = [{"name": "c", "image": "i"}, {"name": "c", "image": "i"}]
MOUNTED = [{"name": "v", "emptyDir": {}}]
CASES = {
    "name with capitals": (pod(name="X_y"), f'metadata.name: Invalid value: "X_y": {SUBDOMAIN}'),
    "no containers": (pod(containers=[]), "spec.containers: Required value"),
    "no image": (pod(containers=[{"name": "c"}]), "spec.containers[0].image: Required value"),
    "container without name": (pod(containers=[{"image": "i"}]), "spec.containers[0].name: Required value"),
    "duplicate container": (pod(containers=TWO), 'spec.containers[1].name: Duplicate value: "c"'),
    "restartPolicy": (
        pod(restartPolicy="Sometimes"),
        'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ),
    "imagePullPolicy": (
        pod(container={"imagePullPolicy": "Maybe"}),
        'spec.containers[0].imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"',
    ),
    "port range": (
        pod(container={"ports": [{"containerPort": 70000}]}),
        "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    ),
    "volumeMount unknown": (
        pod(container={"volumeMounts": [{"name": "v", "mountPath": "/v"}]}),
        'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ),
    "mountPath twice": (
        pod(container={"volumeMounts": [{"name": "v", "mountPath": "/v"}, {"name": "v", "mountPath": "/v"}]}, volumes=MOUNTED),
        'spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/v": must be unique',
    ),
    "two volume sources": (
        pod(volumes=[{"name": "v", "emptyDir": {}, "hostPath": {"path": "/x"}}]),
        "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
    ),
    "request over limit": (
        pod(container={"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}}),
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    ),
    "negative quantity": (
        pod(container={"resources": {"requests": {"cpu": "-1"}}}),
        'spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ),
    "env name": (pod(container={"env": [{"value": "b"}]}), "spec.containers[0].env[0].name: Required value"),
    "env two sources": (
        pod(container={"env": [{"name": "A", "value": "b", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}),
        'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ),
    "fieldRef path": (
        pod(container={"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.foo"}}}]}),
        'spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.foo": error converting fieldPath: field label not '
        "supported: spec.foo",
    ),
    "probe no handler": (
        pod(container={"livenessProbe": {}}),
        "spec.containers[0].livenessProbe: Required value: must specify a handler type",
    ),
    "liveness successThreshold": (
        pod(container={"livenessProbe": {"tcpSocket": {"port": 80}, "successThreshold": 2}}),
        "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ),
    "label value": (pod(labels={"a": "b c"}), f'metadata.labels: Invalid value: "b c": {LABEL_VALUE}'),
    "label key": (pod(labels={"a b": "c"}), f'metadata.labels: Invalid value: "a b": {LABEL_KEY}'),
    "toleration": (
        pod(tolerations=[{"key": "a", "operator": "Exists", "value": "x"}]),
        "spec.tolerations[0].operator: Invalid value: \"x\": value must be empty when `operator` is 'Exists'",
    ),
    "hostNetwork port clash": (
        pod(hostNetwork=True, container={"ports": [{"containerPort": 80, "hostPort": 81}]}),
        "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
    ),
    "ephemeral container on create": (
        pod(ephemeralContainers=[{"name": "d", "image": "i"}]),
        "spec.ephemeralContainers: Forbidden: cannot be set on create",
    ),
    "init container name taken": (
        pod(initContainers=[{"name": "c", "image": "i"}]),
        'spec.initContainers[0].name: Duplicate value: "c"',
    ),
    "init container probe": (
        pod(initContainers=[{"name": "d", "image": "i", "livenessProbe": {"exec": {"command": ["a"]}}}]),
        "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ),
    "host port twice": (
        pod(containers=[
            {"name": "c", "image": "i", "ports": [{"containerPort": 80, "hostPort": 80}]},
            {"name": "d", "image": "i", "ports": [{"containerPort": 80, "hostPort": 80}]},
        ]),
        'spec.containers[1].ports[0].hostPort: Duplicate value: "TCP//80"',
    ),
    "subPath climbs": (
        pod(container={"volumeMounts": [{"name": "v", "mountPath": "/v", "subPath": "../a"}]}, volumes=MOUNTED),
        "spec.containers[0].volumeMounts.subPath: Invalid value: \"../a\": must not contain '..'",
    ),
    "volume without name": (pod(volumes=[{"emptyDir": {}}]), "spec.volumes[0].name: Required value"),
    "secret volume without name": (pod(volumes=[{"name": "v", "secret": {}}]), "spec.volumes[0].secret.secretName: Required value"),
    "claim volume without name": (
        pod(volumes=[{"name": "v", "persistentVolumeClaim": {}}]),
        "spec.volumes[0].persistentVolumeClaim.claimName: Required value",
    ),
    "volume mode": (
        pod(volumes=[{"name": "v", "configMap": {"name": "m", "defaultMode": 9999}}]),
        "spec.volumes[0].configMap.defaultMode: Invalid value: 9999: must be a number between 0 and 0777 (octal), both inclusive",
    ),
    "short-lived token": (
        pod(
            serviceAccountName="a",
            volumes=[{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t", "expirationSeconds": 1}}]}}],
        ),
        "spec.volumes[0].projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 1: may not specify a duration less "
        "than 10 minutes",
    ),
    "dnsPolicy None alone": (
        pod(dnsPolicy="None"),
        "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
    ),
    "activeDeadlineSeconds": (
        pod(activeDeadlineSeconds=0),
        "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
    ),
    "key-less toleration": (
        pod(tolerations=[{"effect": "NoSchedule"}]),
        'spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and '
        'all keys"',
    ),
    "node affinity without terms": (
        pod(affinity={"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": []}}}),
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least "
        "one node selector term",
    ),
    "spread skew": (
        pod(topologySpreadConstraints=[{"maxSkew": 0, "topologyKey": "zone", "whenUnsatisfiable": "DoNotSchedule"}]),
        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
    ),
    "privileged but never more": (
        pod(container={"securityContext": {"privileged": True, "allowPrivilegeEscalation": False}}),
        'spec.containers[0].securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,'
        '"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,'
        '"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set '
        "`allowPrivilegeEscalation` to false and `privileged` to true",
    ),
    "two probe handlers": (
        pod(container={"readinessProbe": {"tcpSocket": {"port": 80}, "exec": {"command": ["a"]}}}),
        "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
    ),
    "shared process and host PID": (
        pod(hostPID=True, shareProcessNamespace=True),
        "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
    ),
    "two controllers": (
        {**pod(), "metadata": {"name": "x", "ownerReferences": [
            {"apiVersion": "v1", "kind": "A", "name": name, "uid": name, "controller": True} for name in ("a", "b")
        ]}},
        'metadata.ownerReferences: Invalid value: [{"apiVersion":"v1","controller":true,"kind":"A","name":"a","uid":"a"},'
        '{"apiVersion":"v1","controller":true,"kind":"A","name":"b","uid":"b"}]: Only one reference can have Controller set to true. '
        'Found "true" in references for a and b',
    ),
    "large annotations": (
        pod(annotations={"a": "x" * 262144}),
        "metadata.annotations: Too long: may not be more than 262144 bytes",
    ),
}  # fmt: skip
FIXED = (
    "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
    "(allow it to be set to 1 if it was previously negative)"
)
UPDATES = {
    "container name": (pod(container={"name": "d"}), [FIXED]),
    "nodeSelector": (pod(nodeSelector={"a": "b"}), [FIXED]),
    "image": (pod(container={"image": "j"}), []),
    "added toleration": (pod(tolerations=[{"key": "a", "operator": "Exists"}]), []),
    "added container": (
        pod(containers=[{"name": "c", "image": "i"}, {"name": "d", "image": "i"}]),
        ["spec.containers: Forbidden: pod updates may not add or remove containers"],
    ),
    "new deadline": (pod(activeDeadlineSeconds=5), []),
}


@pytest.mark.parametrize(("obj", "text"), CASES.values(), ids=CASES)
def test_a_wrong_pod_gets_the_servers_words(obj, text):
    assert cases.problems(obj) == [text]


@pytest.mark.parametrize(("obj", "texts"), UPDATES.values(), ids=UPDATES)
def test_a_pod_may_change_only_so_much(obj, texts):
    assert cases.problems(obj, pod()) == texts


def test_a_pod_without_anything_special_is_fine():
    assert cases.problems(pod(terminationGracePeriodSeconds=-1)) == []


def test_a_missing_name_is_asked_for():
    obj = {**pod(), "metadata": {}}
    assert cases.problems(obj) == ["metadata.name: Required value: name or generateName is required"]
