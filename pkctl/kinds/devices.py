"""Requests for devices, as claims, their templates and device classes make them: defaults, and every rule about one.

Follows pkg/apis/resource/{v1/defaults.go,validation/validation.go} and dynamic-resource-allocation/cel of Kubernetes. What a driver
publishes is `resourceslices`. Devices are never allocated.
"""

from __future__ import annotations

from pkctl.kinds import checks
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

    Judge = Callable[[Any, str], list[Problem]]
    Known = dict[str, set[str]]

MOST, MOST_ALTERNATIVES = 32, 8
"""Requests, constraints, configurations and selectors that one place may hold; alternatives of one request."""
LONGEST_EXPRESSION = LONGEST_PARAMETERS = 10 * 1024
LONGEST_NAME, LONGEST_POOL = 32, 253
MODES, OPERATORS, EFFECTS = ("All", "ExactCount"), ("Equal", "Exists"), ("NoExecute", "NoSchedule", "None")
ONE_KIND = "exactly one of `exactly` or `firstAvailable` is required"
REFERENCE = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
C_TEXT = "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'"
C_REGEX = "[A-Za-z_][A-Za-z0-9_]*"


def default(spec: Object | None) -> None:
    """SetDefaults_ExactDeviceRequest and SetDefaults_DeviceSubRequest, of every request of a claim's spec."""
    for request in meta.at(spec or {}, "devices", "requests", default=()):
        exact = request.get("exactly")
        for each in [*([exact] if exact is not None else []), *(request.get("firstAvailable") or ())]:
            each["allocationMode"] = each.get("allocationMode") or "ExactCount"
            if each["allocationMode"] == "ExactCount":
                each["count"] = each.get("count") or 1


def several(items: Sequence[Any], at: str, judge: Judge, most: int = -1, key: Callable[[Any], Any] | None = None) -> list[Problem]:
    """validateSlice, and validateSet where items have a `key`: a list that is too long is not looked into."""
    if 0 <= most < len(items):
        return [fields.too_many(at, len(items), most)]
    found = [problem for number, item in enumerate(items) for problem in judge(item, f"{at}[{number}]")]
    keys = [key(item) for item in items] if key is not None else []
    return found + [fields.duplicate(f"{at}[{number}]", each) for number, each in enumerate(keys) if each in keys[:number]]


def claim(spec: Object | None, at: str) -> list[Problem]:
    """A ResourceClaimSpec."""
    devices = (spec or {}).get("devices") or {}
    known, at = requests_of(spec), f"{at}.devices"
    found = several(devices.get("requests") or [], f"{at}.requests", _request, MOST, _named)
    found += several(devices.get("constraints") or [], f"{at}.constraints", lambda item, place: _constraint(item, place, known), MOST)
    return found + several(devices.get("config") or [], f"{at}.config", lambda item, place: _claim_config(item, place, known), MOST)


def _named(item: Object) -> str:
    return item.get("name") or ""


def requests_of(spec: Object | None) -> Known:
    """The names of a claim's requests, each with those of its alternatives."""
    given = meta.at(spec or {}, "devices", "requests", default=())
    return {_named(each): {_named(part) for part in each.get("firstAvailable") or ()} for each in given}


def label(text: str, at: str) -> list[Problem]:
    """A DNS label: names of requests, devices and counters."""
    return checks.worded(names.dns_label, text, at)


def _request(request: Object, at: str) -> list[Problem]:
    found = label(_named(request), f"{at}.name")
    exact, alternatives = request.get("exactly"), request.get("firstAvailable") or []
    if exact is None and not alternatives:
        return [*found, fields.required(at, ONE_KIND)]
    if exact is not None and alternatives:
        return [*found, fields.invalid(at, None, f"{ONE_KIND}, but multiple fields are set")]
    if exact is not None:
        return found + _asked(exact, f"{at}.exactly")
    return found + several(alternatives, f"{at}.firstAvailable", _alternative, MOST_ALTERNATIVES, _named)


def _alternative(request: Object, at: str) -> list[Problem]:
    return label(_named(request), f"{at}.name") + _asked(request, at)


def _asked(request: Object, at: str) -> list[Problem]:
    found = checks.named(names.dns_subdomain, request.get("deviceClassName") or "", f"{at}.deviceClassName")
    found += selectors(request.get("selectors") or [], f"{at}.selectors")
    mode, count = request.get("allocationMode"), request.get("count") or 0
    if mode not in MODES:
        found.append(fields.unsupported(f"{at}.allocationMode", mode, MODES))
    elif mode == "All" and count:
        found.append(fields.invalid(f"{at}.count", count, "must not be specified when allocationMode is 'All'"))
    elif mode == "ExactCount" and count <= 0:
        found.append(fields.invalid(f"{at}.count", count, "must be greater than zero"))
    return found + several(request.get("tolerations") or [], f"{at}.tolerations", toleration)


def selectors(given: Sequence[Object], at: str) -> list[Problem]:
    """CEL expressions that pick devices."""
    return several(given, at, _selector, MOST)


def _selector(selector: Object, at: str) -> list[Problem]:
    if selector.get("cel") is None:
        return [fields.required(f"{at}.cel")]
    text, at = selector["cel"].get("expression") or "", f"{at}.cel.expression"
    if len(text.encode()) > LONGEST_EXPRESSION:
        return [fields.too_long(at, LONGEST_EXPRESSION)]
    wrong = _compiles(text)
    return [fields.invalid(at, text, wrong)] if wrong else []


def _compiles(text: str) -> str:
    from pkctl.kinds import celtypes, customcel

    types = celtypes.Types()
    string, flag = (celtypes.STRING, celtypes.OPTIONAL, ""), (celtypes.BOOL, celtypes.OPTIONAL, "")
    anything = (celtypes.MESSAGE, celtypes.OPTIONAL, celtypes.DYNAMIC)
    parts = {"driver": string, "attributes": anything, "capacity": anything, "allowMultipleAllocations": flag}
    types.add("kubernetes", {"DRADevice": parts})
    try:
        given = customcel.checked(text, {"device": "kubernetes.DRADevice"}, types)
    except customcel.CelError as error:
        return str(error)
    return "" if given in ("bool", "dyn", "any") else f"must evaluate to bool or the unknown type, not {given}"


def toleration(given: Object, at: str) -> list[Problem]:
    """A toleration of a device's taints."""
    key, operator, value, effect = (given.get(part) or "" for part in ("key", "operator", "value", "effect"))
    found = checks.worded(names.qualified_name, key, f"{at}.key") if key else []
    if operator == "Exists" and value:
        found.append(fields.invalid(f"{at}.value", value, "must be empty for operator `Exists`"))
    elif operator == "Equal":
        found += checks.worded(names.label_value, value, f"{at}.value")
    elif operator != "Exists":
        found += checks.chosen(operator, OPERATORS, f"{at}.operator")
    return found + ([fields.unsupported(f"{at}.effect", effect, EFFECTS)] if effect and effect not in EFFECTS else [])


def taint(given: Object, at: str) -> list[Problem]:
    """A device's taint."""
    found = checks.worded(names.qualified_name, given.get("key") or "", f"{at}.key")
    found += checks.worded(names.label_value, given.get("value") or "", f"{at}.value")
    return found + checks.chosen(given.get("effect") or "", EFFECTS, f"{at}.effect")


def _constraint(constraint: Object, at: str, known: Known) -> list[Problem]:
    found = references(constraint.get("requests") or [], f"{at}.requests", known)
    for part in ("matchAttribute", "distinctAttribute"):
        if constraint.get(part) is not None:
            return found + full_name(constraint[part], f"{at}.{part}")
    text = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'
    return [*found, fields.required(at, text)]


def references(given: Sequence[str], at: str, known: Known) -> list[Problem]:
    """Names of a claim's requests."""
    return several(given, at, lambda item, place: reference(item, place, known), MOST, str)


def reference(name: str, at: str, known: Known) -> list[Problem]:
    """The name of a request, or of one alternative of it."""
    steps = name.split("/")
    if len(steps) > 2:
        return [fields.invalid(at, name, REFERENCE)]
    found = [problem for step in steps for problem in label(step, at)]
    is_known = steps[0] in known and (len(steps) == 1 or steps[1] in known[steps[0]])
    return found if is_known else [*found, fields.invalid(at, name, REFERENCE)]


def _claim_config(config: Object, at: str, known: Known) -> list[Problem]:
    return references(config.get("requests") or [], f"{at}.requests", known) + configuration(config, at)


def configuration(config: Object, at: str) -> list[Problem]:
    """Parameters for a driver, which alone can read them."""
    opaque = config.get("opaque")
    if opaque is None:
        return [fields.required(f"{at}.opaque")]
    found = checks.driver_name(opaque.get("driver") or "", f"{at}.opaque.driver")
    return found + raw(opaque.get("parameters"), f"{at}.opaque.parameters", LONGEST_PARAMETERS)


def raw(value: Any, at: str, longest: int) -> list[Problem]:
    """An object of a form that only a driver knows."""
    from pkctl.objects import texts

    if value is None:
        return [fields.required(at)]
    if len(texts.dumps(value).encode()) > longest:
        return [fields.too_long(at, longest)]
    return [] if isinstance(value, dict) else [fields.invalid(at, "<value omitted>", "must be a valid JSON object")]


def qualified_name(name: str, at: str) -> list[Problem]:
    """The name of an attribute or capacity: a C identifier, after a driver's domain if it isn't the driver's own."""
    domain, slash, own = name.partition("/")
    if "/" in own:
        return [fields.invalid(at, name, "must not contain more than one slash")]
    if not slash:
        return _identifier(name, at)
    found = checks.driver_name(domain, at) if domain else [fields.invalid(at, "", "the domain must not be empty")]
    return found + (_identifier(own, at) if own else [fields.invalid(at, "", "the name must not be empty")])


def full_name(name: str, at: str) -> list[Problem]:
    """As `qualified_name`, with a domain."""
    found = qualified_name(name, at)
    text = "a fully qualified name must be a domain and a name separated by a slash"
    return found if "/" in name else [*found, fields.invalid(at, name, text)]


def _identifier(text: str, at: str) -> list[Problem]:
    found = [fields.too_long(at, LONGEST_NAME)] if len(text) > LONGEST_NAME else []
    is_right = text.isascii() and text.isidentifier()
    return found if is_right else [*found, fields.invalid(at, text, names.regex_error(C_TEXT, C_REGEX, "my_name", "MY_NAME", "MyName"))]


def pool(name: str, at: str) -> list[Problem]:
    """The name of a pool: DNS subdomains between slashes."""
    if not name:
        return [fields.required(at)]
    found = [fields.too_long(at, LONGEST_POOL)] if len(name) > LONGEST_POOL else []
    return found + [problem for part in name.split("/") for problem in checks.worded(names.dns_subdomain, part, at)]


def binding(given: Object, at: str) -> Iterator[Problem]:
    """The conditions that a device's binding waits for, and those that end it; each once, neither without the other."""
    wanted, failing = (given.get(part) or [] for part in ("bindingConditions", "bindingFailureConditions"))
    yield from several(wanted, f"{at}.bindingConditions", _key, 4)
    yield from several(failing, f"{at}.bindingFailureConditions", _key, 4)
    for part, items in (("bindingConditions", wanted), ("bindingFailureConditions", failing)):
        for number, item in enumerate(items):
            place = f"{at}.{part}[{number}]"
            if item in items[:number]:
                yield fields.duplicate(place, item)
            if items is failing and item in wanted:
                yield fields.invalid(place, item, "bindingFailureConditions must not overlap with bindingConditions")
    if failing and not wanted:
        yield fields.invalid(f"{at}.bindingConditions", None, "bindingConditions are required to use bindingFailureConditions")
    if wanted and not failing:
        yield fields.invalid(f"{at}.bindingFailureConditions", None, "bindingFailureConditions are required to use bindingConditions")


def _key(text: str, at: str) -> list[Problem]:
    return checks.worded(names.qualified_name, text, at)
