"""What a Job may be. Follows pkg/apis/batch/validation/validation.go; its policies for pods that fail are in `jobpolicies`."""

from __future__ import annotations

from pkctl.kinds import checks, generic, gostructs, workloads
from pkctl.kinds.podspec import validation
from pkctl.kinds.rules import jobpolicies
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

MODES = ("NonIndexed", "Indexed")
COUNTS = ("parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex")
IMMUTABLE = ("completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy")
STRUCTS = {"podFailurePolicy": "FailurePolicy", "successPolicy": "SuccessPolicy"}
MOST, MOST_AT_ONCE = 100_000, 10_000
"""Indexes of a job, and what is left of parallelism and failures when it has more."""

LONGEST_MANAGER = 63
NEEDS_INDEXES = "requires indexed completion mode"
DIRECTIVES = ("nodeSelector", "tolerations", "schedulingGates")
"""Where pods run: what may change in a suspended job's template beside node affinity, labels and annotations."""


def validate(new: Object, old: Object | None) -> list[Problem]:
    """See the package."""
    spec = workloads.spec(new)
    problems = _generated(new, old)
    problems += job(spec, "spec")
    selector = spec.get("selector")
    problems += [fields.required("spec.selector")] if selector is None else checks.selector(selector, "spec.selector")
    problems += validation.selector_matches(selector, spec["template"], "spec.template")
    problems += _host_names(new, spec)
    return problems + (_unchanged(new, old) if old is not None else [])


def _generated(new: Object, old: Object | None) -> list[Problem]:
    """That nobody wrote what is generated; jobs from before the prefixed labels go on without them."""
    spec = workloads.spec(new)
    selector = spec.get("selector")
    if spec.get("manualSelector") or selector is None:
        return []
    problems = [] if meta.uid(new) else [fields.required("metadata.uid")]
    values = {workloads.JOB_UID: meta.uid(new), workloads.JOB_NAME: meta.name(new)}
    wanted = {workloads.JOB_LEGACY[label]: value for label, value in values.items()}
    known = meta.at(workloads.spec(old), "template", "metadata", "labels", default={})
    if old is None or all(label in known for label in values):
        wanted |= values
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    path = "spec.template.metadata.labels"
    for label, value in wanted.items():
        if label not in labels:
            problems.append(fields.required(f"{path}[{label}]", f"must be '{value}'"))
        elif labels[label] != value:
            problems.append(fields.invalid(f"{path}[{label}]", labels, f"must be '{value}'"))
    if validation.selector_matches(selector, {"metadata": {"labels": wanted}}, "spec.template"):
        problems.append(fields.invalid("spec.selector", selector, "`selector` not auto-generated"))
    return problems


def _host_names(new: Object, spec: Object) -> list[Problem]:
    """An indexed job's pods are called after it, and the last one's name must still be a DNS label."""
    if spec.get("completionMode") != "Indexed" or (spec.get("completions") or 0) <= 0:
        return []
    last = f"{meta.name(new)}-{spec['completions'] - 1}"
    text = f"will not able to create pod with invalid DNS label: {last}"
    return [fields.invalid("metadata.name", meta.name(new), text)] if names.dns_label(last) else []


def job(spec: Object, path: str) -> list[Problem]:
    """Every problem of a job's spec but its selector; CronJobs hold one too."""
    problems = [problem for name in COUNTS for problem in checks.not_negative(spec.get(name), f"{path}.{name}")]
    failures = spec.get("maxFailedIndexes")
    problems += checks.not_negative(failures, f"{path}.maxFailedIndexes")
    if failures is not None and spec.get("backoffLimitPerIndex") is None:
        problems.append(fields.required(f"{path}.backoffLimitPerIndex", "when maxFailedIndexes is specified"))
    problems += _manager(spec["managedBy"], f"{path}.managedBy") if spec.get("managedBy") is not None else []
    mode = spec.get("completionMode")
    if mode not in MODES:
        problems.append(fields.unsupported(f"{path}.completionMode", mode, MODES))
    elif mode == "Indexed":
        problems += _indexed(spec, path)
    if mode in (None, "NonIndexed"):
        given = [name for name in ("backoffLimitPerIndex", "maxFailedIndexes") if spec.get(name) is not None]
        problems += [fields.invalid(f"{path}.{name}", spec[name], NEEDS_INDEXES) for name in given]
    problems += jobpolicies.failure(spec, f"{path}.podFailurePolicy") if spec.get("podFailurePolicy") is not None else []
    problems += jobpolicies.success(spec, f"{path}.successPolicy") if spec.get("successPolicy") is not None else []
    problems += jobpolicies.replacement(spec, f"{path}.podReplacementPolicy")
    return problems + _restarts(spec, path)


def _manager(name: str, path: str) -> list[Problem]:
    """A domain and a path: IsDomainPrefixedPath."""
    domain, slash, rest = name.partition("/")
    if not name:
        return [fields.required(path)]
    if not slash or not domain or not rest:
        text = 'must be a domain-prefixed path (such as "acme.io/foo")'
        return [fields.invalid(path, name, text)]
    problems = checks.worded(names.dns_subdomain, domain, path)
    if any(char not in PATH_CHARACTERS for char in rest):
        problems.append(fields.invalid(path, rest, names.regex_error(PATH_TEXT, PATH_REGEX)))
    return problems + ([fields.too_long(path, LONGEST_MANAGER)] if len(name.encode()) > LONGEST_MANAGER else [])


PATH_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~%!$&'()*+,;=:")
PATH_TEXT, PATH_REGEX = "Invalid path", r"[A-Za-z0-9/\-._~%!$&'()*+,;=:]+"


def _indexed(spec: Object, path: str) -> list[Problem]:
    completions, parallelism, failures = (spec.get(name) for name in ("completions", "parallelism", "maxFailedIndexes"))
    problems: list[Problem] = []
    if completions is None:
        problems.append(fields.required(f"{path}.completions", "when completion mode is Indexed"))
    if (parallelism or 0) > MOST:
        text = f"must be less than or equal to {MOST} when completion mode is Indexed"
        problems.append(fields.invalid(f"{path}.parallelism", parallelism, text))
    if completions is not None and (failures or 0) > completions:
        problems.append(fields.invalid(f"{path}.maxFailedIndexes", failures, "must be less than or equal to completions"))
    if (failures or 0) > MOST:
        problems.append(fields.invalid(f"{path}.maxFailedIndexes", failures, f"must be less than or equal to {MOST}"))
    if (completions or 0) > MOST and spec.get("backoffLimitPerIndex") is not None:
        if failures is None:
            problems.append(fields.required(f"{path}.maxFailedIndexes", f"must be specified when completions is above {MOST}"))
        text = f"must be less than or equal to {MOST_AT_ONCE} when completions are above {MOST} and used with backoff limit per index"
        for name in ("parallelism", "maxFailedIndexes"):
            problems += [fields.invalid(f"{path}.{name}", spec[name], text)] if (spec.get(name) or 0) > MOST_AT_ONCE else []
    return problems


def _restarts(spec: Object, path: str) -> list[Problem]:
    problems = validation.pod_template(spec["template"], f"{path}.template")
    policy, place = (spec["template"].get("spec") or {}).get("restartPolicy"), f"{path}.template.spec.restartPolicy"
    if policy in ("Always", "", None):
        problems.append(fields.required(place, 'valid values: "OnFailure", "Never"'))
    elif policy not in ("OnFailure", "Never"):
        problems.append(fields.unsupported(place, policy, ("OnFailure", "Never")))
    elif spec.get("podFailurePolicy") is not None and policy != "Never":
        problems.append(fields.invalid(place, policy, 'only "Never" is supported when podFailurePolicy is specified'))
    return problems


def _unchanged(new: Object, old: Object) -> list[Problem]:
    spec, before = workloads.spec(new), workloads.spec(old)
    problems = _completions(spec, before)
    problems += generic.immutable(spec.get("selector"), before.get("selector"), "spec.selector")
    template = _with_directives(spec, before, old)
    if spec["template"] != template:
        problems.append(checks.struct("spec.template", gostructs.template(spec["template"]), checks.IMMUTABLE))
    for name in IMMUTABLE:
        value = spec.get(name)
        if value == before.get(name):
            continue
        shown = gostructs.shown(STRUCTS[name], value) if name in STRUCTS and value is not None else None
        path = f"spec.{name}"
        problems.append(checks.struct(path, shown, checks.IMMUTABLE) if shown else fields.invalid(path, value, checks.IMMUTABLE))
    return problems


def _completions(spec: Object, before: Object) -> list[Problem]:
    """An indexed job may grow and shrink as long as it runs all its indexes at once."""
    now, then, path = spec.get("completions"), before.get("completions"), "spec.completions"
    if spec.get("completionMode") != "Indexed":
        return generic.immutable(now, then, path)
    if now in (None, then, spec.get("parallelism")):
        return []
    return [fields.invalid(path, now, "can only be modified in tandem with spec.parallelism")]


def _with_directives(spec: Object, before: Object, old: Object) -> Object:
    """The old template with what the new one may say differently: while a job is suspended and none of its pods run."""
    template: Object = before["template"]
    if not before.get("suspend") or (workloads.status(old).get("active") or 0) > 0:
        return template
    now, then = spec["template"].get("spec") or {}, dict(template.get("spec") or {})
    for name in DIRECTIVES:
        then = _taken(then, now, name)
    node = (now.get("affinity") or {}).get("nodeAffinity")
    others = {name: value for name, value in (then.get("affinity") or {}).items() if name != "nodeAffinity"}
    if now.get("affinity") is not None:
        then["affinity"] = {**others, **({"nodeAffinity": node} if node is not None else {})}
    elif not others:
        then.pop("affinity", None)
    for kind in ("containers", "initContainers"):
        if then.get(kind) and len(then[kind]) == len(now.get(kind) or ()):
            then[kind] = [_sized(each, mine) for each, mine in zip(then[kind], now[kind], strict=True)]
    metadata = dict(template.get("metadata") or {})
    for name in ("labels", "annotations"):
        metadata = _taken(metadata, spec["template"].get("metadata") or {}, name)
    return {**template, "metadata": metadata, "spec": then}


def _taken(then: Object, now: Object, name: str) -> Object:
    rest = {each: value for each, value in then.items() if each != name}
    return {**rest, name: now[name]} if name in now else rest


def _sized(then: Object, now: Object) -> Object:
    """A container with another's requests and limits."""
    resources = dict(then.get("resources") or {})
    for part in ("requests", "limits"):
        resources = _taken(resources, now.get("resources") or {}, part)
    return {**then, "resources": resources}
