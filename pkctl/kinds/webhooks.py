"""What the two kinds of webhook configurations share: defaults and every rule about one webhook.

Follows pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go} and apiserver/pkg/util/webhook/validation.go. Rules about
operations and resources are `operationrules`; expressions are compiled by `policycel`. Webhooks are never called.
"""

from __future__ import annotations

from pkctl.kinds import checks, operationrules
from pkctl.objects import fields, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

REVIEWS = ("v1", "v1beta1")
HARMLESS = ("None", "NoneOnDryRun")
SIDE_EFFECTS = ("None", "NoneOnDryRun", "Some", "Unknown")
REINVOCATIONS = ("IfNeeded", "Never")
LONGEST_TIMEOUT = 30
ENUMS = (("failurePolicy", ("Fail", "Ignore")), ("matchPolicy", ("Equivalent", "Exact")))
FORM = "; desired format: https://host[/path]"


def default(obj: Object, *, reinvocation: bool) -> None:
    """SetDefaults_ValidatingWebhook and SetDefaults_MutatingWebhook, of every webhook."""
    for hook in obj.get("webhooks") or ():
        for name, value in (("failurePolicy", "Fail"), ("matchPolicy", "Equivalent"), ("timeoutSeconds", 10)):
            hook.setdefault(name, value)
        for name in ("namespaceSelector", "objectSelector"):
            hook.setdefault(name, {})
        if reinvocation:
            hook.setdefault("reinvocationPolicy", "Never")
        for rule in hook.get("rules") or ():
            rule.setdefault("scope", "*")
        service = (hook.get("clientConfig") or {}).get("service")
        if service is not None:
            service.setdefault("port", 443)


def problems(new: Object, old: Object | None, *, reinvocation: bool) -> list[Problem]:
    """Everything wrong with the webhooks; an update goes on tolerating what it finds already there."""
    hooks, before = new.get("webhooks") or [], (old or {}).get("webhooks") or []
    allowed = HARMLESS if all(hook.get("sideEffects") in HARMLESS for hook in before) else SIDE_EFFECTS
    asks_review = all(set(REVIEWS) & set(hook["admissionReviewVersions"]) for hook in before if hook.get("admissionReviewVersions"))
    asks_names = len({hook.get("name") for hook in before}) == len(before)
    found: list[Problem] = []
    for number, hook in enumerate(hooks):
        at = f"webhooks[{number}]"
        found += _webhook(hook, at, allowed, reinvocation)
        if old is None or _conditions_of(hooks) != _conditions_of(before):
            found += _conditions(hook.get("matchConditions") or [], f"{at}.matchConditions")
        found += reviews(hook.get("admissionReviewVersions") or [], f"{at}.admissionReviewVersions", asked=asks_review)
        if asks_names and hook.get("name") and hook["name"] in [each.get("name") for each in hooks[:number]]:
            found.append(fields.duplicate(f"{at}.name", hook["name"]))
    return found


def _conditions_of(hooks: Sequence[Object]) -> list[Any]:
    return [hook.get("matchConditions") or [] for hook in hooks]


def _webhook(hook: Object, at: str, allowed: Sequence[str], reinvocation: bool) -> list[Problem]:
    found = _full_name(hook.get("name") or "", f"{at}.name")
    for number, rule in enumerate(hook.get("rules") or ()):
        found += operationrules.problems(rule, f"{at}.rules[{number}]")
    for name, known in ENUMS:
        if hook.get(name) is not None and hook[name] not in known:
            found.append(fields.unsupported(f"{at}.{name}", hook[name], known))
    effects, seconds = hook.get("sideEffects"), hook.get("timeoutSeconds")
    if effects is None:
        found.append(fields.required(f"{at}.sideEffects", f"must specify one of {', '.join(allowed)}"))
    elif effects not in allowed:
        found.append(fields.unsupported(f"{at}.sideEffects", effects, allowed))
    if seconds is not None and not 1 <= seconds <= LONGEST_TIMEOUT:
        found.append(fields.invalid(f"{at}.timeoutSeconds", seconds, "the timeout value must be between 1 and 30 seconds"))
    for name in ("namespaceSelector", "objectSelector"):
        found += checks.selector(hook.get(name), f"{at}.{name}")
    if reinvocation and hook.get("reinvocationPolicy") not in (None, *REINVOCATIONS):
        found.append(fields.unsupported(f"{at}.reinvocationPolicy", hook["reinvocationPolicy"], REINVOCATIONS))
    return found + client(hook.get("clientConfig") or {}, f"{at}.clientConfig")


def _full_name(name: str, at: str) -> list[Problem]:
    """IsFullyQualifiedName."""
    if not name:
        return [fields.required(at)]
    wrong = names.dns_subdomain(name)
    if wrong:
        return [fields.invalid(at, name, ",".join(wrong))]
    return [] if name.count(".") >= 2 else [fields.invalid(at, name, "should be a domain with at least three segments separated by dots")]


def client(config: Object, at: str) -> list[Problem]:
    """How a webhook is reached: by a URL or through a service."""
    url, service = config.get("url"), config.get("service")
    if (url is None) == (service is None):
        return [fields.required(at, "exactly one of url or service is required")]
    return _url(url, f"{at}.url") if url is not None else _service(service or {}, f"{at}.service")


def _url(text: str, at: str) -> list[Problem]:
    from urllib import parse

    try:
        parts = parse.urlsplit(text)
    except ValueError as error:
        return [fields.required(at, f"url must be a valid URL: {error}{FORM}")]
    found = []
    if parts.scheme != "https":
        found.append(fields.invalid(at, parts.scheme, f"'https' is the only allowed URL scheme{FORM}"))
    if not parts.netloc.rpartition("@")[2]:
        found.append(fields.invalid(at, parts.netloc.rpartition("@")[2], f"host must be specified{FORM}"))
    if "@" in parts.netloc:
        found.append(fields.invalid(at, parts.netloc.rpartition("@")[0], "user information is not permitted in the URL"))
    if parts.fragment:
        found.append(fields.invalid(at, parts.fragment, "fragments are not permitted in the URL"))
    if parts.query:
        found.append(fields.invalid(at, parts.query, "query parameters are not permitted in the URL"))
    return found


def _service(service: Object, at: str) -> list[Problem]:
    # Upstream hands the two over in the wrong order, so each complaint names the other's field.
    found = [
        fields.required(f"{at}.{shown}", f"service {shown} is required")
        for shown, part in (("name", "namespace"), ("namespace", "name"))
        if not service.get(part)
    ]
    port = service.get("port")
    if port is not None and not 1 <= port <= 65535:
        found.append(fields.invalid(f"{at}.port", port, "port is not valid: must be between 1 and 65535, inclusive"))
    return found + (_path(service["path"], f"{at}.path") if service.get("path") is not None else [])


def _path(path: str, at: str) -> list[Problem]:
    if path in ("", "/"):
        return []
    if path == "//":
        return [fields.invalid(at, path, "segment[0] may not be empty")]
    if not path.startswith("/"):
        return [fields.invalid(at, path, "must start with a '/'")]
    steps = path.removeprefix("/").removesuffix("/").split("/")
    found = []
    for number, step in enumerate(steps):
        if not step:
            found.append(fields.invalid(at, path, f"segment[{number}] may not be empty"))
        else:
            found += [fields.invalid(at, path, f"segment[{number}]: {text}") for text in names.dns_subdomain(step)]
    return found


def reviews(versions: Sequence[str], at: str, *, asked: bool, missing: str = f"must specify one of {', '.join(REVIEWS)}") -> list[Problem]:
    """The versions of reviews that a webhook reads; `asked` whether one of them must be known, `missing` what is said without any."""
    if not versions:
        return [fields.required(at, missing)]
    found = []
    for number, version in enumerate(versions):
        if version in versions[:number]:
            found.append(fields.invalid(f"{at}[{number}]", version, "duplicate version"))
        else:
            found += checks.worded(names.dns1035_label, version, f"{at}[{number}]")
    if asked and not set(versions) & set(REVIEWS):
        found.append(fields.invalid(at, list(versions), f"must include at least one of {', '.join(REVIEWS)}"))
    return found


def _conditions(conditions: Sequence[Object], at: str) -> list[Problem]:
    from pkctl.kinds import policyconditions

    return policyconditions.problems(conditions, at, has_params=False)
