"""What the API says of details of a PodSpec: one case per rule of ValidatePodSpec that the recorded answers don't hold."""

from __future__ import annotations

import pytest

from pkctl.kinds.podspec import validation_containers
from tests.unit.kinds import workload_cases as cases

pod = cases.pod
SIDE = {"name": "s", "image": "i"}
MOUNTED = [{"name": "v", "emptyDir": {}}]
WINDOWS = "cannot be set for a windows pod"
HOST = {"windowsOptions": {"hostProcess": True}}


def mounting(**mount):
    return pod(container={"volumeMounts": [{"name": "v", "mountPath": "/v", **mount}]}, volumes=MOUNTED)


def rule(**said):
    return pod(container={"restartPolicy": "Never", "restartPolicyRules": [{"action": "Restart", **said}]})


def secured(**context):
    return pod(container={"securityContext": context})


def spread(*constraints):
    base = {"maxSkew": 1, "topologyKey": "z", "whenUnsatisfiable": "DoNotSchedule", "labelSelector": {}}
    return pod(topologySpreadConstraints=[{**base, **each} for each in constraints])


def near(**term):
    terms = [{"topologyKey": "z", "labelSelector": {}, **term}]
    return pod(affinity={"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}})


def volume(**source):
    return pod(volumes=[{"name": "v", **source}], serviceAccountName="a")


CERTIFICATE = {"signerName": "b.c/d", "keyType": "ED25519", "credentialBundlePath": "p"}
NEAR = "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"
CASES = {
    "propagation is told of the list": (
        mounting(mountPropagation="Bidirectional"),
        "spec.containers[0].volumeMounts.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged "
        "containers",
    ),
    "recursive read-only needs read-only": (
        mounting(recursiveReadOnly="Enabled"),
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when readOnly is true",
    ),
    "recursive read-only and propagation": (
        mounting(recursiveReadOnly="Enabled", readOnly=True, mountPropagation="HostToContainer"),
        "spec.containers[0].volumeMounts.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not "
        "specified",
    ),
    "subPathExpr beside subPath": (
        mounting(subPath="a", subPathExpr="b"),
        'spec.containers[0].volumeMounts[0].subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive',
    ),
    "device of a directory": (
        pod(container={"volumeDevices": [{"name": "v", "devicePath": "/d"}]}, volumes=MOUNTED),
        'spec.containers[0].volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or '
        "Ephemeral "
        "for block mode",
    ),
    "restart rules without a policy": (
        pod(container={"restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [1]}}]}),
        "spec.containers[0].restartPolicy: Required value: must specify restartPolicy when restart rules are used",
    ),
    "restart rule's action": (
        rule(action="DoNotRestart", exitCodes={"operator": "In"}),
        'spec.containers[0].restartPolicyRules[0].action: Unsupported value: "DoNotRestart": supported values: "Restart", '
        '"RestartAllContainers"',
    ),
    "restart rule's operator": (
        rule(exitCodes={"operator": "Equals"}),
        'spec.containers[0].restartPolicyRules[0].exitCodes.operator: Unsupported value: "Equals": supported values: "In", "NotIn"',
    ),
    "restart rule's values": (
        rule(exitCodes={"operator": "In", "values": list(range(256))}),
        "spec.containers[0].restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items",
    ),
    "restart policy": (
        pod(container={"restartPolicy": "Once"}),
        'spec.containers[0].restartPolicy: Unsupported value: "Once": supported values: "Always", "Never", "OnFailure"',
    ),
    "resize policy of a plain init container": (
        pod(initContainers=[{**SIDE, "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}]),
        'spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": must not be set to '
        "'RestartContainer' for "
        "non-sidecar initContainers",
    ),
    "resize policy of a pod that never restarts": (
        pod(restartPolicy="Never", container={"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}),
        "spec.containers[0].resizePolicy: Invalid value: \"RestartContainer\": must be 'NotRequired' when `restartPolicy` is 'Never'",
    ),
    "resize policy of another resource": (
        pod(container={"resizePolicy": [{"resourceName": "disk", "restartPolicy": "NotRequired"}]}),
        'spec.containers[0].resizePolicy: Unsupported value: "disk": supported values: "cpu", "memory"',
    ),
    "resize policy twice": (
        pod(container={"resizePolicy": [{"resourceName": "cpu", "restartPolicy": "NotRequired"}] * 2}),
        'spec.containers[0].resizePolicy[1]: Duplicate value: "cpu"',
    ),
    "file of no volume": (
        pod(container={"env": [{"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "x", "path": "p", "key": "A"}}}]}),
        'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Not found: "x"',
    ),
    "file of another volume": (
        pod(
            container={"env": [{"name": "A", "valueFrom": {"fileKeyRef": {"volumeName": "v", "path": "p", "key": "A"}}}]},
            volumes=[{"name": "v", "hostPath": {"path": "/"}}],
        ),
        'spec.containers[0].env[0].valueFrom.fileKeyRef.volumeName: Invalid value: "v": referenced volume must be of type emptyDir',
    ),
    "claim that the pod lacks": (
        pod(container={"resources": {"claims": [{"name": "gpu"}]}}),
        'spec.containers[0].resources.claims[0]: Not found: "gpu": must be one of the names in pod.spec.resourceClaims which is empty',
    ),
    "half a huge page": (
        pod(container={"resources": {"limits": {"cpu": "1", "hugepages-2Mi": "3Mi"}, "requests": {"hugepages-2Mi": "3Mi"}}}),
        'spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
        'spec.containers[0].resources.requests[hugepages-2Mi]: Invalid value: "3Mi": 3Mi is not positive integer multiple of hugepages-2Mi',
    ),
    "claim without a source": (
        pod(resourceClaims=[{"name": "gpu"}]),
        'spec.resourceClaims[0]: Invalid value: {"Name":"gpu","ResourceClaimName":null,"ResourceClaimTemplateName":null}: must specify '
        "one of: "
        "`resourceClaimName`, `resourceClaimTemplateName`",
    ),
    "pod-level resource": (
        pod(resources={"limits": {"example.com/gpu": "1"}, "requests": {"example.com/gpu": "1"}}),
        'spec.resources.limits[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"',
        'spec.resources.requests[example.com/gpu]: Unsupported value: "example.com/gpu": supported values: "cpu", "hugepages-", "memory"',
    ),
    "containers ask for more than their pod": (
        pod(resources={"requests": {"cpu": "1"}}, container={"resources": {"requests": {"cpu": "2"}}}),
        'spec.resources.requests[cpu]: Invalid value: "1": must be greater than or equal to aggregate container requests of 2',
    ),
    "container's limit above its pod's": (
        pod(resources={"limits": {"cpu": "1"}}, container={"resources": {"limits": {"cpu": "2"}, "requests": {"cpu": "1"}}}),
        'spec.resources.containers[0][cpu].limits: Invalid value: "2": must be less than or equal to pod limits of 1',
    ),
    "overhead": (
        pod(overhead={"cpu": "-1"}),
        'spec.overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    ),
    "resources of a pod for Windows": (
        pod(os={"name": "windows"}, resources={"limits": {"cpu": "1"}}),
        "spec.resources: Forbidden: may not be set for a windows pod",
    ),
    "name of any length": (
        pod(hostnameOverride="a." * 32 + "b", hostNetwork=True),
        "spec.hostnameOverride: Too long: may not be more than 64 bytes",
        "spec.hostnameOverride: Forbidden: may not be set when `hostNetwork` is true",
    ),
    "certificate of nobody": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"podCertificate": {"signerName": "", "keyType": "DSA"}}]}}]),
        "spec.volumes[0].projected.sources[0].podCertificate.signerName: Required value",
        'spec.volumes[0].projected.sources[0].podCertificate.keyType: Unsupported value: "DSA": supported values: "RSA3072", "RSA4096", '
        '"ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"',
        "spec.volumes[0].projected.sources[0].podCertificate: Required value: specify at least one of credentialBundlePath, keyPath, and "
        "certificateChainPath",
    ),
    "certificate of a minute": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"podCertificate": {**CERTIFICATE, "maxExpirationSeconds": 60}}]}}]),
        "spec.volumes[0].projected.sources[0].podCertificate.maxExpirationSeconds: Invalid value: 60: if provided, maxExpirationSeconds "
        "must be >= 3600",
    ),
    "certificate of a year": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"podCertificate": {**CERTIFICATE, "maxExpirationSeconds": 31536000}}]}}]),
        "spec.volumes[0].projected.sources[0].podCertificate.maxExpirationSeconds: Invalid value: 31536000: if provided, "
        "maxExpirationSeconds must be <= 7862400",
    ),
    "certificates at one place": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"podCertificate": CERTIFICATE}, {"podCertificate": CERTIFICATE}]}}]),
        'spec.volumes[0].projected.sources[1].podCertificate.credentialBundlePath: Invalid value: "p": conflicting duplicate paths',
    ),
    "bundle of nobody": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"clusterTrustBundle": {}}]}}]),
        "spec.volumes[0].projected.sources[0].clusterTrustBundle: Required value: either name or signerName must be specified",
        "spec.volumes[0].projected.sources[0].clusterTrustBundle.path: Required value",
    ),
    "bundle of two": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"clusterTrustBundle": {"name": "a", "signerName": "b.c/d", "path": "p"}}]}}]),
        'spec.volumes[0].projected.sources[0].clusterTrustBundle: Invalid value: {"Name":"a","SignerName":"b.c/d","LabelSelector":null,'
        '"Optional":null,"Path":"p"}: only one of name and signerName may be used',
    ),
    "bundle of a bare signer": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"clusterTrustBundle": {"signerName": "b", "path": "p"}}]}}]),
        'spec.volumes[0].projected.sources[0].clusterTrustBundle.signerName: Invalid value: "b": must be a fully qualified domain and '
        "path of the form 'example.com/signer-name'",
    ),
    "divisor": (
        pod(
            container={"env": [{"name": "A", "valueFrom": {"resourceFieldRef": {"resource": "limits.ephemeral-storage", "divisor": "3"}}}]}
        ),
        'spec.containers[0].env[0].valueFrom.resourceFieldRef.divisor: Invalid value: "limits.ephemeral-storage": only divisor\'s '
        "values 1, 1k, "
        "1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei are supported with the local ephemeral storage resource",
    ),
    "sysctl of the host's IPC": (
        pod(hostIPC=True, securityContext={"sysctls": [{"name": "kernel.shmmax", "value": "1"}]}),
        "spec.securityContext.sysctls[0].name: Invalid value: \"kernel.shmmax\": may not be specified when 'hostIPC' is true",
    ),
    "sysctl with slashes of the host's network": (
        pod(hostNetwork=True, securityContext={"sysctls": [{"name": "net/ipv4/tcp_rmem", "value": "1"}]}),
        "spec.securityContext.sysctls[0].name: Invalid value: \"net/ipv4/tcp_rmem\": may not be specified when 'hostNetwork' is true",
    ),
    "local seccomp profile": (
        secured(seccompProfile={"type": "RuntimeDefault", "localhostProfile": "p"}),
        "spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "
        '{"Type":"RuntimeDefault","LocalhostProfile":"p"}: '
        "can only be set when seccomp type is Localhost",
    ),
    "padded AppArmor profile": (
        secured(appArmorProfile={"type": "Localhost", "localhostProfile": " p"}),
        'spec.containers[0].securityContext.appArmorProfile.localhostProfile: Invalid value: " p": must not be padded with whitespace',
    ),
    "AppArmor profile without a type": (
        secured(appArmorProfile={}),
        "spec.containers[0].securityContext.appArmorProfile.type: Required value: type is required when appArmorProfile is set",
    ),
    "unmasked proc with the host's users": (
        secured(procMount="Unmasked"),
        'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ),
    "own users with the host's network": (
        pod(hostUsers=False, hostNetwork=True),
        "spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false",
    ),
    "own users with the host's processes": (
        pod(hostUsers=False, hostPID=True),
        "spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false",
    ),
    "SELinux change": (
        pod(securityContext={"seLinuxChangePolicy": "Never"}),
        'spec.securityContext.seLinuxChangePolicy: Unsupported value: "Never": supported values: "MountOption", "Recursive"',
    ),
    "unknown system": (pod(os={"name": "mac"}), 'spec.os: Unsupported value: "mac": supported values: "linux", "windows"'),
    "no system": (pod(os={"name": ""}), "spec.os.name: Required value: cannot be empty"),
    "Windows pod with users of Linux": (
        pod(os={"name": "windows"}, hostPID=True, securityContext={"runAsUser": 1, "fsGroup": 0}),
        f"spec.hostPID: Forbidden: {WINDOWS}",
        f"spec.securityContext.fsGroup: Forbidden: {WINDOWS}",
        f"spec.securityContext.runAsUser: Forbidden: {WINDOWS}",
    ),
    "Windows container with capabilities": (
        pod(os={"name": "windows"}, container={"securityContext": {"capabilities": {"add": ["CHOWN"]}}}),
        f"spec.containers[0].securityContext.capabilities: Forbidden: {WINDOWS}",
    ),
    "Linux pod with options for Windows": (
        pod(os={"name": "linux"}, container={"securityContext": {"windowsOptions": {"runAsUserName": "a"}}}),
        "spec.containers[0].securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
    ),
    "host process without the host's network": (
        pod(securityContext=HOST),
        "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
    ),
    "one of two is a host process": (
        pod(hostNetwork=True, containers=[{"name": "c", "image": "i", "securityContext": HOST}, SIDE]),
        'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
    ),
    "Windows user with two domains": (
        pod(securityContext={"windowsOptions": {"runAsUserName": "a\\b\\c"}}),
        'spec.securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one '
        "backslash",
    ),
    "same spread twice": (
        spread({}, {}),
        'spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, DoNotSchedule}"',
    ),
    "spread over keys without a selector": (
        spread({"matchLabelKeys": ["a"], "labelSelector": None}),
        "spec.topologySpreadConstraints[0].matchLabelKeys: Forbidden: must not be specified when labelSelector is not set",
    ),
    "keys that must and must not match": (
        near(matchLabelKeys=["a"], mismatchLabelKeys=["a"]),
        f'{NEAR}.matchLabelKeys[0]: Invalid value: "a": exists in both matchLabelKeys and mismatchLabelKeys',
    ),
    "node label's value": (
        pod(
            affinity={
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [{"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]}]
                    }
                }
            }
        ),
        "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values[0]: "
        "Invalid "
        "value: \"-\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and "
        "end "
        "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    ),
    "host alias's names": (
        pod(hostAliases=[{"ip": "1.2.3.4", "hostnames": ["a", "_"]}]),
        'spec.hostAliases[0].hostnames[1]: Invalid value: "_": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric '
        "characters, "
        "'-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ),
    "token's path": (
        volume(projected={"sources": [{"serviceAccountToken": {"path": "../t"}}]}),
        "spec.volumes[0].projected.path: Invalid value: \"../t\": must not contain '..'",
    ),
    "projection of two things": (
        volume(projected={"sources": [{"secret": {"name": "s"}, "configMap": {"name": "c"}}]}),
        "spec.volumes[0].projected.sources[0]: Forbidden: may not specify more than 1 volume type per source",
    ),
    "one path of two sources": (
        volume(projected={"sources": [{each: {"name": "n", "items": [{"key": "k", "path": "p"}]}} for each in ("secret", "configMap")]}),
        'spec.volumes[0].projected: Invalid value: "n": conflicting duplicate paths',
    ),
    "claim of an ephemeral volume": (
        pod(
            volumes=[
                {
                    "name": "e",
                    "ephemeral": {
                        "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}
                    },
                },
                {"name": "p", "persistentVolumeClaim": {"claimName": "x-e"}},
            ]
        ),
        'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "x-e": must not reference a PVC that gets created for an '
        "ephemeral "
        "volume",
    ),
    "name and labels of an ephemeral volume's claim": (
        volume(
            ephemeral={
                "volumeClaimTemplate": {
                    "metadata": {"name": "n", "uid": "u", "labels": {"a b": "c"}},
                    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
                }
            }
        ),
        'spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.labels: Invalid value: "a b": name part must consist of alphanumeric '
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
        "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
        "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set for an ephemeral volume",
        "spec.volumes[0].ephemeral.volumeClaimTemplate.metadata.uID: Forbidden: cannot be set for an ephemeral volume",
    ),
    "claim of an ephemeral volume that says nothing": (
        volume(ephemeral={"volumeClaimTemplate": {}}),
        "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.accessModes: Required value: at least 1 access mode is required",
        "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value",
    ),
    "ephemeral volume without a claim": (volume(ephemeral={}), "spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"),
    "azure disk": (
        volume(azureDisk={"diskName": "d", "diskURI": "u", "cachingMode": "Some", "kind": "Shared"}),
        'spec.volumes[0].azureDisk.cachingMode: Unsupported value: "Some": supported values: "None", "ReadOnly", "ReadWrite"',
        'spec.volumes[0].azureDisk.diskURI: Unsupported value: "u": supported values: '
        '"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"',
    ),
    "quobyte without a registry": (
        volume(quobyte={}),
        "spec.volumes[0].quobyte.registry: Required value: must be a host:port pair or multiple pairs separated by commas",
        "spec.volumes[0].quobyte.volume: Required value",
    ),
    "storageos without a volume": (
        volume(storageos={"secretRef": {}}),
        "spec.volumes[0].storageos.volumeName: Required value",
        "spec.volumes[0].storageos.secretRef.name: Required value",
    ),
    "cinder's secret": (
        volume(cinder={"volumeID": "v", "secretRef": {}}),
        "spec.volumes[0].cinder.secretRef.name: Required value",
    ),
    "image volume without a reference": (volume(image={}), "spec.volumes[0].image.reference: Required value"),
    "relative path of an NFS volume": (
        volume(nfs={"server": "s", "path": "p"}),
        'spec.volumes[0].nfs.path: Invalid value: "p": must be an absolute path',
    ),
    "reserved options of a driver": (
        volume(flexVolume={"driver": "d", "options": {"kubernetes.io/a": "b"}}),
        'spec.volumes[0].flexVolume.options[kubernetes.io/a]: Invalid value: "kubernetes.io/a": kubernetes.io and k8s.io namespaces are '
        "reserved",
    ),
    "token without an account": (
        pod(volumes=[{"name": "v", "projected": {"sources": [{"serviceAccountToken": {"path": "t"}}]}}]),
        "spec.volumes[0].projected.sources[0].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set",
    ),
    "node and gates": (
        pod(nodeName="n", schedulingGates=[{"name": "a.b/c"}]),
        "spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared",
    ),
    "cost of deletion": (
        pod(annotations={"controller.kubernetes.io/pod-deletion-cost": "+1"}),
        'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer',
    ),
    "AppArmor of no container": (
        pod(annotations={"container.apparmor.security.beta.kubernetes.io/x": "runtime/default"}),
        'metadata.annotations[container.apparmor.security.beta.kubernetes.io/x]: Invalid value: "x": container not found',
    ),
    "seccomp annotation against its field": (
        pod(
            annotations={"seccomp.security.alpha.kubernetes.io/pod": "unconfined"},
            securityContext={"seccompProfile": {"type": "RuntimeDefault"}},
        ),
        "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
    ),
}


@pytest.mark.parametrize(("obj", "texts"), [(obj, list(texts)) for obj, *texts in CASES.values()], ids=CASES)
def test_a_wrong_detail_gets_the_servers_words(obj, texts):
    assert cases.problems(obj) == texts


GOOD = {
    "search domains with underscores": pod(dnsConfig={"searches": [".", "_tcp.a_b.c."]}),
    "restart rules": rule(exitCodes={"operator": "NotIn", "values": [0]}),
    "sidecar that restarts when resized": pod(
        initContainers=[{**SIDE, "restartPolicy": "Always", "resizePolicy": [{"resourceName": "cpu", "restartPolicy": "RestartContainer"}]}]
    ),
    "own users": pod(hostUsers=False, container={"securityContext": {"procMount": "Unmasked"}}),
    "pod-level resources": pod(resources={"requests": {"cpu": "2"}, "limits": {"cpu": "4"}}),
    "local AppArmor profile": secured(appArmorProfile={"type": "Localhost", "localhostProfile": "p"}),
    "host processes": pod(hostNetwork=True, os={"name": "windows"}, securityContext=HOST),
    "any value of a preferred node label": pod(
        affinity={
            "nodeAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 1, "preference": {"matchExpressions": [{"key": "a", "operator": "In", "values": ["-"]}]}}
                ]
            }
        }
    ),
    "cost of deletion": pod(annotations={"controller.kubernetes.io/pod-deletion-cost": "-100"}),
}


@pytest.mark.parametrize("obj", GOOD.values(), ids=GOOD)
def test_a_good_detail_passes(obj):
    assert cases.problems(obj) == []


def test_a_template_may_leave_host_ports_to_be_filled_in():
    template = {"hostNetwork": True, "containers": [{"name": "c", "image": "i", "ports": [{"containerPort": 80}]}]}
    assert cases.problems(cases.workload("Deployment", template=template)) == []


def test_a_templates_labels_are_told_as_if_they_stood_beside_its_spec():
    found = cases.problems(cases.workload("Deployment", labels=(("a", "b"), ("c", "-"))))
    assert [text.partition(": ")[0] for text in found] == ["spec.template.labels"]


def test_a_container_for_debugging_may_not_even_have_an_empty_hook():
    spec = {"containers": [{"name": "a"}], "ephemeralContainers": [{"name": "d", "image": "i", "lifecycle": {}, "resources": {}}]}
    found = [str(each) for each in validation_containers.ephemeral_containers(spec, {}, "spec.ephemeralContainers")]
    assert [each for each in found if "Forbidden" in each] == [
        "spec.ephemeralContainers[0].lifecycle: Forbidden: cannot be set for an Ephemeral Container",
    ]
