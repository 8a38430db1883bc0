"""Whether a PodSpec is sound: of a Pod, or of a pod template inside another kind.

Follows ValidatePodSpec and ValidatePodTemplateSpec in pkg/apis/core/validation/validation.go; its parts live in `validation_*`. Problems
come in the API server's order. Not here: what only an existing Pod may change (the pods room), and admission.
"""

from __future__ import annotations

from pkctl.kinds import checks, generic
from pkctl.kinds.podspec import (
    validation_containers,
    validation_resources,
    validation_scheduling,
    validation_security,
    validation_volumes,
)
from pkctl.objects import fields, names, selectors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

RESTART_POLICIES = ("Always", "OnFailure", "Never")
DNS_POLICIES = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
PREEMPTION = ("PreemptLowerPriority", "Never")
SYSTEMS = ("linux", "windows")
NAMED: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("serviceAccountName", names.dns_subdomain),
    ("nodeName", names.dns_subdomain),
    ("hostname", names.dns_label),
    ("subdomain", names.dns_label),
    ("priorityClassName", names.dns_subdomain),
    ("runtimeClassName", names.dns_subdomain),
)
MOST_NAMESERVERS, MOST_SEARCHES, MOST_SEARCH_CHARACTERS = 3, 32, 2048
MOST_SECONDS = 2**31 - 1
MISMATCH = "`selector` does not match template `labels`"


def pod_spec(spec: Object, path: str) -> list[Problem]:
    """Every problem of a PodSpec at `path`."""
    volumes, problems = validation_volumes.volumes(spec.get("volumes") or (), f"{path}.volumes")
    problems += validation_containers.containers(spec, volumes, f"{path}.containers")
    problems += validation_containers.init_containers(spec, volumes, f"{path}.initContainers")
    problems += validation_containers.ephemeral_containers(spec, volumes, f"{path}.ephemeralContainers")
    problems += _pod_resources(spec.get("resources") or {}, f"{path}.resources")
    problems += validation_containers.host_network(spec, path)
    problems += checks.chosen(spec.get("restartPolicy"), RESTART_POLICIES, f"{path}.restartPolicy")
    problems += checks.chosen(spec.get("dnsPolicy"), DNS_POLICIES, f"{path}.dnsPolicy")
    problems += generic.label_map(spec.get("nodeSelector"), f"{path}.nodeSelector")
    problems += validation_security.pod(spec, path)
    problems += validation_scheduling.affinity(spec.get("affinity") or {}, f"{path}.affinity")
    problems += _dns_config(spec, f"{path}.dnsConfig")
    problems += validation_scheduling.gates(spec, path)
    problems += validation_scheduling.spread(spec.get("topologySpreadConstraints") or (), f"{path}.topologySpreadConstraints")
    problems += _named(spec, path)
    problems += validation_scheduling.tolerations(spec.get("tolerations") or (), f"{path}.tolerations")
    problems += _host_aliases(spec.get("hostAliases") or (), f"{path}.hostAliases")
    return problems + _rest(spec, path)


def pod_template(template: Object, path: str) -> list[Problem]:
    """Every problem of a pod template, whatever kind holds it."""
    spec = template.get("spec") or {}
    problems = generic.template_meta(template.get("metadata") or {}, f"{path}.metadata")
    problems += pod_spec(spec, f"{path}.spec")
    if spec.get("ephemeralContainers"):
        problems.append(fields.forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
    return problems


def long_running_template(template: Object, path: str, word: str) -> list[Problem]:
    """A template whose pods always restart; `word` is the kind that says so (`ReplicaSet`)."""
    spec = template.get("spec") or {}
    problems = pod_template(template, path)
    if spec.get("restartPolicy") != "Always":
        problems.append(fields.unsupported(f"{path}.spec.restartPolicy", spec.get("restartPolicy") or "", ("Always",)))
    if spec.get("activeDeadlineSeconds") is not None:
        text = f"activeDeadlineSeconds in {word} is not Supported"
        problems.append(fields.forbidden(f"{path}.spec.activeDeadlineSeconds", text))
    return problems


def selector_matches(selector: Object | None, template: Object, path: str) -> list[Problem]:
    """That a workload's selector finds its own pods; a missing selector finds none, an empty one all."""
    labels = (template.get("metadata") or {}).get("labels")
    if selector is not None:
        try:
            if selectors.of(selector).matches(labels or {}):
                return []
        except (selectors.SelectorError, KeyError):
            return []
    return [fields.invalid(f"{path}.metadata.labels", labels, MISMATCH)]


def _pod_resources(resources: Object, path: str) -> list[Problem]:
    return validation_resources.requirements(resources, path) if resources else []


def _named(spec: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, rule in NAMED:
        if spec.get(name):
            problems += checks.worded(rule, spec[name], f"{path}.{name}")
        if name == "nodeName":
            if spec.get(name) and spec.get("schedulingGates"):
                problems.append(fields.forbidden(f"{path}.nodeName", "cannot be set until all schedulingGates have been cleared"))
            problems += checks.between(spec.get("activeDeadlineSeconds"), f"{path}.activeDeadlineSeconds", 1, MOST_SECONDS)
    return problems


def _rest(spec: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    policy = spec.get("preemptionPolicy")
    if policy is not None and policy not in PREEMPTION:
        problems.append(fields.unsupported(f"{path}.preemptionPolicy", policy, PREEMPTION))
    for name, value in sorted((spec.get("overhead") or {}).items()):
        problems += validation_resources.amount(name, value, f"{path}.overhead[{name}]")
    if spec.get("os") is not None:
        problems += checks.chosen(spec["os"].get("name"), SYSTEMS, f"{path}.os.name")
    return problems


def _host_aliases(aliases: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, alias in enumerate(aliases):
        problems += checks.worded(names.ip, alias.get("ip") or "", f"{path}[{index}].ip")
        for hostname in alias.get("hostnames") or ():
            problems += checks.worded(names.dns_subdomain, hostname, f"{path}[{index}].hostnames")
    return problems


def _dns_config(spec: Object, path: str) -> list[Problem]:
    config, policy = spec.get("dnsConfig"), spec.get("dnsPolicy")
    servers = (config or {}).get("nameservers") or []
    problems: list[Problem] = []
    if policy == "None" and config is None:
        return [fields.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
    if policy == "None" and not servers:
        problems.append(fields.required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None"))
    if len(servers) > MOST_NAMESERVERS:
        text = f"must not have more than {MOST_NAMESERVERS} nameservers"
        problems.append(fields.invalid(f"{path}.nameservers", servers, text))
    for index, server in enumerate(servers):
        problems += checks.worded(names.ip, server, f"{path}.nameservers[{index}]")
    problems += _searches((config or {}).get("searches") or [], f"{path}.searches")
    for index, option in enumerate((config or {}).get("options") or ()):
        problems += [] if option.get("name") else [fields.required(f"{path}.options[{index}]", "must not be empty")]
    return problems


def _searches(found: list[str], path: str) -> list[Problem]:
    problems: list[Problem] = []
    if len(found) > MOST_SEARCHES:
        problems.append(fields.invalid(path, found, f"must not have more than {MOST_SEARCHES} search paths"))
    if len(" ".join(found)) > MOST_SEARCH_CHARACTERS:
        text = f"must not have more than {MOST_SEARCH_CHARACTERS} characters (including spaces) in the search list"
        problems.append(fields.invalid(path, found, text))
    for index, domain in enumerate(found):
        problems += checks.worded(names.dns_subdomain, domain.removesuffix(".") or "a", f"{path}[{index}]")
    return problems
