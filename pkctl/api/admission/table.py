"""Every admission step in the order it runs, one row each: the order of the API server's own plugins.

A step is `function(request)` in a module of this package; it changes `request.new` (mutate) or only judges (admit), and raises a
`StatusError` to refuse. `mutate` steps run before the room's `prepare` and validation, `admit` steps after. The allocators, which
upstream are part of a Service's registry, stand here as well, so that all that happens beside a room's rules is in one list.
"""

from __future__ import annotations

EVERY, ANY = "*", "*/*"
"""Subjects that stand for every kind's main resource, and for its subresources as well."""


class Step:
    """When a step runs: `verbs` and `subjects` (kind ids, with `/subresource`; `*` for every kind's main resource)."""

    __slots__ = ("function", "module", "name", "phase", "subjects", "verbs")

    def __init__(self, name: str, phase: str, verbs: str, subjects: str, place: str) -> None:
        self.name, self.phase, self.verbs, self.subjects = name, phase, tuple(verbs.split()), tuple(subjects.split())
        self.module, _, self.function = place.partition(".")


MADE_OF_PODS = (
    "cronjobs.batch daemonsets.apps deployments.apps jobs.batch podtemplates replicasets.apps replicationcontrollers statefulsets.apps"
)
CLAIMS, VOLUMES, CLASSES = "persistentvolumeclaims", "persistentvolumes", "priorityclasses.scheduling.k8s.io"
RBAC, REQUESTS = "rbac.authorization.k8s.io", "certificatesigningrequests.certificates.k8s.io"
STEPS = (
    Step("NamespaceLifecycle", "mutate", "create", EVERY, "namespaces.check_namespace"),
    Step("NamespaceLifecycle", "admit", "delete", "namespaces", "namespaces.keep_immortal"),
    Step("LimitRanger", "mutate", "create", "pods", "limits.fill"),
    Step("ServiceAccount", "mutate", "create", "pods", "accounts.set_account"),
    Step("Priority", "mutate", "create", "pods", "pods.set_priority"),
    Step("DefaultTolerationSeconds", "mutate", "create update", "pods", "pods.add_tolerations"),
    Step("DefaultStorageClass", "mutate", "create", CLAIMS, "volumes.set_class"),
    Step("StorageObjectInUseProtection", "mutate", "create", f"{CLAIMS} {VOLUMES}", "volumes.protect"),
    Step("RuntimeClass", "mutate", "create", "pods", "pods.set_overhead"),
    Step("DefaultIngressClass", "mutate", "create", "ingresses.networking.k8s.io", "ingresses.set_class"),
    Step("CertificateRequester", "mutate", "create", REQUESTS, "certificates.note_requester"),
    Step("CertificateDecision", "mutate", "update", f"{REQUESTS}/status", "certificates.keep_decision"),
    Step("CertificateApproval", "admit", "update", f"{REQUESTS}/approval", "certificates.check_approval"),
    Step("CertificateSigning", "admit", "update", f"{REQUESTS}/status", "certificates.check_signing"),
    Step("CertificateSubjectRestriction", "admit", "create", REQUESTS, "certificates.check_subject"),
    Step("MutatingAdmissionPolicy", "mutate", "create update", ANY, "policies.change"),
    Step("RoleEscalation", "admit", "create update", f"clusterroles.{RBAC} roles.{RBAC}", "roles.check_role"),
    Step("RoleEscalation", "admit", "create update", f"clusterrolebindings.{RBAC} rolebindings.{RBAC}", "roles.check_binding"),
    Step("PolicyTypes", "admit", "create update", "validatingadmissionpolicies.admissionregistration.k8s.io", "policytypes.observe"),
    Step("DefinitionNames", "admit", "create update", "customresourcedefinitions.apiextensions.k8s.io", "definitions.establish"),
    Step("ServiceAllocation", "admit", "create update", "services", "services.allocate"),
    Step("LimitRanger", "admit", "create", f"pods {CLAIMS}", "limits.check"),
    Step("LimitRanger", "admit", "update", f"pods/resize {CLAIMS}", "limits.check"),
    Step("PodSecurity", "admit", "create update", "namespaces", "podsecurity.check_namespace"),
    Step("PodSecurity", "admit", "create update", "pods pods/ephemeralcontainers pods/resize", "podsecurity.check_pod"),
    Step("PodSecurity", "admit", "create update", MADE_OF_PODS, "podsecurity.warn_of_template"),
    Step("Priority", "admit", "create update", CLASSES, "pods.check_global_default"),
    Step("PersistentVolumeClaimResize", "admit", "update", CLAIMS, "volumes.check_resize"),
    Step("ValidatingAdmissionPolicy", "admit", "create update delete connect", ANY, "policies.check"),
    Step("ResourceQuota", "admit", "create update", f"{EVERY} pods/resize", "quotas.check"),
)


def steps(phase: str, verb: str, subject: str) -> list[Step]:
    """The steps of a phase that concern a request, in order."""
    is_main = "/" not in subject
    return [
        step
        for step in STEPS
        if step.phase == phase
        and verb in step.verbs
        and (subject in step.subjects or ANY in step.subjects or (is_main and EVERY in step.subjects))
    ]
