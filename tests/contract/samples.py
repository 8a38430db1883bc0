"""The smallest valid object of every kind, by kind id: what the kind suite starts from."""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]
NOW = "2026-01-01T00:00:00Z"
LABELS = {"app": "web"}
SELECTOR = {"matchLabels": LABELS}
POD_SPEC: Object = {"containers": [{"name": "web", "image": "web:1"}]}
TEMPLATE: Object = {"metadata": {"labels": LABELS}, "spec": POD_SPEC}
JOB: Object = {"template": {"spec": {**POD_SPEC, "restartPolicy": "Never"}}}
CLAIM: Object = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
TARGET = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
WEBHOOK: Object = {
    "name": "hook.example.com",
    "clientConfig": {"url": "https://example.com/hook"},
    "sideEffects": "None",
    "admissionReviewVersions": ["v1"],
}
CONSTRAINTS: Object = {"resourceRules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}]}
CSR = (
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISE1IQUNBUUF3RGpFTU1Bb0dBMVVFQXd3RGQyVmlNRmt3RXdZSEtvWkl6aj"
    "BDQVFZSUtvWkl6ajBEQVFjRApRZ0FFZ0phNFMrWURTQ1R1a2ZjSCtpUGEwMVo2UXNxZjF6MEJQNXJMTHZYVWpkMGNXSlJkOHpLTGRUd2gwekg4"
    "CklEQlJ3aFdNZXFHOFRGZm5GUFF3WjlhUVFLQUFNQW9HQ0NxR1NNNDlCQU1DQTBjQU1FUUNJRzErMElYbnljSUIKZHBXZTVKaGJERlhPNEp5Tj"
    "BoSElzNFErRDdqRkxXcC9BaUJJbTJSWlM5ZmlkVVg0b2I1ZU5jQWlkNlZ6QlpDNQpTbVpFTjUvcGxKcHdZUT09Ci0tLS0tRU5EIENFUlRJRklD"
    "QVRFIFJFUVVFU1QtLS0tLQo="
)
"""A certificate request for CN=web, whose key nobody has."""

DEFINITION: Object = {
    "group": "example.com",
    "scope": "Namespaced",
    "names": {"plural": "widgets", "kind": "Widget"},
    "versions": [{"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": {"type": "object"}}}],
}

BODIES: dict[str, Object] = {
    "configmaps": {"data": {"a": "1"}},
    "endpoints": {"subsets": [{"addresses": [{"ip": "10.0.0.1"}], "ports": [{"port": 80, "protocol": "TCP"}]}]},
    "events": {"involvedObject": {"kind": "Pod", "name": "web", "namespace": "default"}, "reason": "Started", "type": "Normal"},
    "limitranges": {"spec": {"limits": [{"type": "Container", "max": {"cpu": "2"}}]}},
    "namespaces": {},
    "nodes": {},
    "persistentvolumeclaims": {"spec": CLAIM},
    "persistentvolumes": {
        "spec": {"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/srv"}},
    },
    "pods": {"spec": POD_SPEC},
    "podtemplates": {"template": TEMPLATE},
    "replicationcontrollers": {"spec": {"replicas": 1, "selector": LABELS, "template": TEMPLATE}},
    "resourcequotas": {"spec": {"hard": {"pods": "10"}}},
    "secrets": {"data": {"password": "czNjcjN0"}},
    "serviceaccounts": {},
    "services": {"spec": {"selector": LABELS, "ports": [{"port": 80}]}},
    "mutatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {
            "matchConstraints": CONSTRAINTS,
            "reinvocationPolicy": "Never",
            "mutations": [{"patchType": "ApplyConfiguration", "applyConfiguration": {"expression": "Object{}"}}],
        }
    },
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io": {"spec": {"policyName": "web"}},
    "mutatingwebhookconfigurations.admissionregistration.k8s.io": {"webhooks": [WEBHOOK]},
    "validatingadmissionpolicies.admissionregistration.k8s.io": {
        "spec": {"matchConstraints": CONSTRAINTS, "validations": [{"expression": "true"}]}
    },
    "validatingadmissionpolicybindings.admissionregistration.k8s.io": {"spec": {"policyName": "web", "validationActions": ["Deny"]}},
    "validatingwebhookconfigurations.admissionregistration.k8s.io": {"webhooks": [WEBHOOK]},
    "customresourcedefinitions.apiextensions.k8s.io": {"spec": DEFINITION},
    "apiservices.apiregistration.k8s.io": {
        "spec": {
            "group": "example.com",
            "version": "v1",
            "groupPriorityMinimum": 100,
            "versionPriority": 10,
            "insecureSkipTLSVerify": True,
            "service": {"namespace": "default", "name": "web"},
        }
    },
    "controllerrevisions.apps": {"revision": 1, "data": {"a": "b"}},
    "daemonsets.apps": {"spec": {"selector": SELECTOR, "template": TEMPLATE}},
    "deployments.apps": {"spec": {"selector": SELECTOR, "template": TEMPLATE}},
    "replicasets.apps": {"spec": {"selector": SELECTOR, "template": TEMPLATE}},
    "statefulsets.apps": {"spec": {"serviceName": "web", "selector": SELECTOR, "template": TEMPLATE}},
    "horizontalpodautoscalers.autoscaling": {"spec": {"scaleTargetRef": TARGET, "maxReplicas": 3}},
    "cronjobs.batch": {"spec": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": JOB}}},
    "jobs.batch": {"spec": JOB},
    "certificatesigningrequests.certificates.k8s.io": {
        "spec": {"request": CSR, "signerName": "example.com/signer", "usages": ["digital signature"]}
    },
    "leases.coordination.k8s.io": {"spec": {"holderIdentity": "web", "leaseDurationSeconds": 40}},
    "endpointslices.discovery.k8s.io": {
        "addressType": "IPv4",
        "endpoints": [{"addresses": ["10.0.0.1"]}],
        "ports": [{"name": "", "port": 80, "protocol": "TCP"}],
    },
    "events.events.k8s.io": {
        "regarding": {"kind": "Pod", "name": "web", "namespace": "default"},
        "reason": "Started",
        "type": "Normal",
        "action": "Start",
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "reportingController": "example.com/test",
        "reportingInstance": "test-1",
        "note": "ok",
    },
    "flowschemas.flowcontrol.apiserver.k8s.io": {"spec": {"priorityLevelConfiguration": {"name": "global-default"}}},
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io": {
        "spec": {"type": "Limited", "limited": {"limitResponse": {"type": "Reject"}}},
    },
    "ingressclasses.networking.k8s.io": {"spec": {"controller": "example.com/ingress"}},
    "ingresses.networking.k8s.io": {"spec": {"defaultBackend": {"service": {"name": "web", "port": {"number": 80}}}}},
    "ipaddresses.networking.k8s.io": {"spec": {"parentRef": {"resource": "services", "name": "web", "namespace": "default"}}},
    "networkpolicies.networking.k8s.io": {"spec": {"podSelector": {}}},
    "servicecidrs.networking.k8s.io": {"spec": {"cidrs": ["10.200.0.0/16"]}},
    "runtimeclasses.node.k8s.io": {"handler": "crun"},
    "poddisruptionbudgets.policy": {"spec": {"minAvailable": 1, "selector": SELECTOR}},
    "clusterrolebindings.rbac.authorization.k8s.io": {
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"}
    },
    "clusterroles.rbac.authorization.k8s.io": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    "rolebindings.rbac.authorization.k8s.io": {"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "view"}},
    "roles.rbac.authorization.k8s.io": {"rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}]},
    "deviceclasses.resource.k8s.io": {"spec": {"selectors": [{"cel": {"expression": "true"}}]}},
    "resourceclaims.resource.k8s.io": {
        "spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com"}}]}}
    },
    "resourceclaimtemplates.resource.k8s.io": {
        "spec": {"spec": {"devices": {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu.example.com"}}]}}}
    },
    "resourceslices.resource.k8s.io": {
        "spec": {"driver": "gpu.example.com", "nodeName": "web", "pool": {"name": "web", "generation": 1, "resourceSliceCount": 1}}
    },
    "priorityclasses.scheduling.k8s.io": {"value": 10},
    "csidrivers.storage.k8s.io": {"spec": {}},
    "csinodes.storage.k8s.io": {"spec": {"drivers": []}},
    "csistoragecapacities.storage.k8s.io": {"storageClassName": "local-path"},
    "storageclasses.storage.k8s.io": {"provisioner": "example.com/disk"},
    "volumeattachments.storage.k8s.io": {
        "spec": {"attacher": "disk.example.com", "nodeName": "web", "source": {"persistentVolumeName": "web"}}
    },
    "volumeattributesclasses.storage.k8s.io": {"driverName": "example.com/disk", "parameters": {"iops": "100"}},
}

NAMES = {
    "customresourcedefinitions.apiextensions.k8s.io": "widgets.example.com",
    "apiservices.apiregistration.k8s.io": "v1.example.com",
    "ipaddresses.networking.k8s.io": "10.96.1.1",
    "csidrivers.storage.k8s.io": "disk.example.com",
}
"""Kinds whose names mean something."""


def sample(row: Any) -> Object:
    """A valid object of a row's kind, its own to change."""
    from copy import deepcopy

    key = "events.events.k8s.io" if row.id == "events.events.k8s.io" else row.id
    metadata: Object = {"name": NAMES.get(row.id, "web")}
    if row.namespaced:
        metadata["namespace"] = "default"
    return {"apiVersion": row.api_version, "kind": row.kind, "metadata": metadata, **deepcopy(BODIES[key])}
