"""Whether a PodSpec is sound: of a Pod, or of a pod template inside another kind.

Follows ValidatePodSpec and ValidatePodTemplateSpec in pkg/apis/core/validation/validation.go; its parts live in `validation_*`. Problems
come in the API server's order. Not here: what only an existing Pod may change (the pods room), and admission.
"""

from __future__ import annotations

from pkctl.kinds import checks, generic
from pkctl.kinds.podspec import (
    containers,
    validation_annotations,
    validation_containers,
    validation_environment,
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
NAMED: tuple[tuple[str, Callable[[str], list[str]]], ...] = (
    ("serviceAccountName", names.dns_subdomain),
    ("nodeName", names.dns_subdomain),
    ("activeDeadlineSeconds", names.dns_subdomain),
    ("hostname", names.dns_label),
    ("subdomain", names.dns_label),
)
MOST_NAMESERVERS, MOST_SEARCHES, MOST_SEARCH_CHARACTERS = 3, 32, 2048
MOST_SECONDS = 2**31 - 1
LONGEST_HOST_NAME = 64
MISMATCH = "`selector` does not match template `labels`"


def pod_spec(spec: Object, path: str, pod: Object | None = None) -> list[Problem]:
    """Every problem of a PodSpec at `path`; `pod` is the metadata of a whole Pod, None when the spec is in a template."""
    volumes, problems = validation_volumes.volumes(spec.get("volumes") or (), f"{path}.volumes", pod)
    problems += _resource_claims(spec.get("resourceClaims") or (), f"{path}.resourceClaims")
    problems += validation_containers.containers(spec, volumes, f"{path}.containers")
    problems += validation_containers.init_containers(spec, volumes, f"{path}.initContainers")
    problems += validation_containers.ephemeral_containers(spec, volumes, f"{path}.ephemeralContainers")
    problems += validation_environment.files(spec, path)
    problems += validation_resources.pod_level(spec, f"{path}.resources") if spec.get("resources") is not None else []
    problems += validation_containers.host_network(spec, path, in_pod=pod is not None)
    problems += checks.chosen(spec.get("restartPolicy"), RESTART_POLICIES, f"{path}.restartPolicy")
    problems += checks.chosen(spec.get("dnsPolicy"), DNS_POLICIES, f"{path}.dnsPolicy")
    problems += generic.label_map(spec.get("nodeSelector"), f"{path}.nodeSelector")
    problems += validation_security.pod(spec, path)
    problems += validation_scheduling.affinity(spec.get("affinity") or {}, f"{path}.affinity")
    problems += _dns_config(spec, f"{path}.dnsConfig")
    problems += validation_scheduling.gates(spec, path)
    problems += validation_scheduling.spread(spec.get("topologySpreadConstraints") or (), f"{path}.topologySpreadConstraints")
    problems += _windows(spec, path) + validation_security.users(spec, path)
    problems += _named(spec, path)
    problems += validation_scheduling.tolerations(spec.get("tolerations") or (), f"{path}.tolerations")
    problems += _host_aliases(spec.get("hostAliases") or (), f"{path}.hostAliases")
    return problems + _rest(spec, path)


def pod_template(template: Object, path: str) -> list[Problem]:
    """Every problem of a pod template, whatever kind holds it; upstream tells of its labels as if they stood beside its spec."""
    metadata, spec = template.get("metadata") or {}, template.get("spec") or {}
    problems = generic.template_meta(metadata, path)
    problems += validation_annotations.judged(metadata, spec, f"{path}.annotations")
    problems += pod_spec(spec, f"{path}.spec")
    problems += validation_annotations.agreeing(metadata, spec, f"{path}.spec")
    if spec.get("ephemeralContainers"):
        problems.append(fields.forbidden(f"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template"))
    return problems


def long_running_template(template: Object, path: str, word: str) -> list[Problem]:
    """A template whose pods always restart; `word` is the kind that says so (`ReplicaSet`)."""
    return pod_template(template, path) + long_running(template.get("spec") or {}, path, word)


def long_running(spec: Object, path: str, word: str) -> list[Problem]:
    """That the pods of a template at `path` always restart, and have no end."""
    problems: list[Problem] = []
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


def _resource_claims(claims: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[str] = set()
    for index, claim in enumerate(claims):
        place, name = f"{path}[{index}]", str(claim.get("name") or "")
        problems += [fields.duplicate(f"{place}.name", name)] if name in seen else checks.named(names.dns_label, name, f"{place}.name")
        seen |= {name} - {""}
        sources = [each for each in ("resourceClaimName", "resourceClaimTemplateName") if claim.get(each) is not None]
        if len(sources) != 1:
            from pkctl.kinds import gostructs

            some, none = "at most one of `{}` or `{}` may be specified", "must specify one of: `{}`, `{}`"
            text = (some if sources else none).format("resourceClaimName", "resourceClaimTemplateName")
            problems.append(checks.struct(place, gostructs.shown("PodResourceClaim", claim), text))
        for each in sources:
            problems += checks.worded(names.dns_subdomain, claim[each], f"{place}.{each}")
    return problems


def _windows(spec: Object, path: str) -> list[Problem]:
    """Host processes, which only few pods ask for."""
    if not any((part.get("securityContext") or {}).get("windowsOptions") for part in (spec, *containers.every(spec))):
        return []
    from pkctl.kinds.podspec import validation_windows

    return validation_windows.host_processes(spec, path)


def _named(spec: Object, path: str) -> list[Problem]:
    problems: list[Problem] = []
    for name, rule in NAMED:
        if name == "activeDeadlineSeconds":
            problems += checks.between(spec.get(name), f"{path}.{name}", 1, MOST_SECONDS)
        elif spec.get(name):
            problems += checks.worded(rule, spec[name], f"{path}.{name}")
    return problems


def _host_name(spec: Object, path: str) -> list[Problem]:
    """A name that a pod is given whatever its other fields say: any DNS name that Linux takes, in a network of its own."""
    name, place = spec.get("hostnameOverride"), f"{path}.hostnameOverride"
    if name is None:
        return []
    problems = checks.worded(names.dns_subdomain, name, place)
    problems += [fields.too_long(place, LONGEST_HOST_NAME)] if len(name) > LONGEST_HOST_NAME else []
    if spec.get("setHostnameAsFQDN"):
        problems.append(fields.forbidden(place, "may not be set when `setHostnameAsFQDN` is true"))
    if spec.get("hostNetwork"):
        problems.append(fields.forbidden(place, "may not be set when `hostNetwork` is true"))
    return problems


def _rest(spec: Object, path: str) -> list[Problem]:
    problems = _host_name(spec, path)
    if spec.get("priorityClassName"):
        problems += checks.worded(names.dns_subdomain, spec["priorityClassName"], f"{path}.priorityClassName")
    if spec.get("runtimeClassName") is not None:
        problems += checks.worded(names.dns_subdomain, spec["runtimeClassName"], f"{path}.runtimeClassName")
    if spec.get("preemptionPolicy") is not None:
        problems += checks.chosen(spec["preemptionPolicy"], PREEMPTION, f"{path}.preemptionPolicy")
    if spec.get("overhead") is not None:
        problems += validation_resources.requirements({"limits": spec["overhead"]}, f"{path}.overhead")
    if spec.get("os") is not None:
        from pkctl.kinds.podspec import validation_windows

        problems += validation_windows.system(spec, path)
    return problems


def _host_aliases(aliases: Sequence[Object], path: str) -> list[Problem]:
    problems: list[Problem] = []
    for index, alias in enumerate(aliases):
        problems += checks.worded(names.ip, alias.get("ip") or "", f"{path}[{index}].ip")
        for number, hostname in enumerate(alias.get("hostnames") or ()):
            problems += checks.worded(names.dns_subdomain, hostname, f"{path}[{index}].hostnames[{number}]")
    return problems


def _dns_config(spec: Object, path: str) -> list[Problem]:
    config, policy = spec.get("dnsConfig"), spec.get("dnsPolicy")
    servers = (config or {}).get("nameservers") or []
    problems: list[Problem] = []
    if policy == "None" and config is None:
        return [fields.required(path, "must provide `dnsConfig` when `dnsPolicy` is None")]
    if policy == "None" and not servers:
        return [fields.required(f"{path}.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")]
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
        name = domain.removesuffix(".")
        problems += checks.worded(names.underscored_subdomain, name, f"{path}[{index}]") if domain != "." else []
    return problems
