"""Ingress. Follows pkg/apis/networking/validation of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import checks, columns, describing, endpointslices
from pkctl.objects import fields, meta, names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

PATH_TYPES = ("Exact", "ImplementationSpecific", "Prefix")
ODD_SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
ODD_ENDS = ("/..", "/.")
CLASS_ANNOTATION = "kubernetes.io/ingress.class"
COLUMNS = (
    shared.NAME,
    columns.Column("Class", description="The name of the IngressClass resource that should be used for additional configuration"),
    columns.Column("Hosts", description="Hosts that incoming requests are matched against before the ingress rule"),
    columns.Column("Address", description="Address is a list containing ingress points for the load-balancer"),
    columns.Column("Ports", description="Ports of TLS configurations that open"),
    shared.AGE,
)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Status has its own subresource."""
    new["status"] = meta.clone(old["status"]) if old and "status" in old else {"loadBalancer": {}}


def validate(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Backend or rules, hosts, paths, TLS, class."""
    spec = new.get("spec") or {}
    found: list[fields.Problem] = []
    rules, backend = spec.get("rules") or None, spec.get("defaultBackend")
    if not rules and backend is None:
        found.append(fields.invalid("spec", rules, "either `defaultBackend` or `rules` must be specified"))
    if backend is not None:
        found += _backend(backend, "spec.defaultBackend")
    for number, rule in enumerate(rules or ()):
        found += _rule(rule, f"spec.rules[{number}]")
    for number, entry in enumerate(spec.get("tls") or ()):
        for place, host in enumerate(entry.get("hosts") or ()):
            found += _host(host, f"spec.tls[{number}].hosts[{place}]")
        if entry.get("secretName"):
            found += checks.worded(names.dns_subdomain, entry["secretName"], f"spec.tls[{number}].secretName")
    if spec.get("ingressClassName") is not None:
        found += checks.worded(names.dns_subdomain, spec["ingressClassName"], "spec.ingressClassName")
    return found + (_annotated(new) if old is None else [])


def _annotated(new: meta.Object) -> list[fields.Problem]:
    noted, chosen = meta.annotations(new).get(CLASS_ANNOTATION), meta.at(new, "spec", "ingressClassName")
    if noted is None or chosen is None or noted == chosen:
        return []
    return [fields.invalid(f"annotations.{CLASS_ANNOTATION}", noted, "must match `ingressClassName` when both are specified")]


def validate_status(new: meta.Object, old: meta.Object | None) -> list[fields.Problem]:
    """Where it is reached: addresses and names, those that were there before aside."""
    known = {each.get("ip") for each in meta.at(old or {}, "status", "loadBalancer", "ingress", default=())}
    found: list[fields.Problem] = []
    for number, point in enumerate(meta.at(new, "status", "loadBalancer", "ingress", default=())):
        at, address, host = f"status.loadBalancer.ingress[{number}]", point.get("ip") or "", point.get("hostname") or ""
        if address and address not in known:
            found += checks.worded(names.ip, address, f"{at}.ip")
        if host:
            found += checks.worded(names.dns_subdomain, host, f"{at}.hostname")
            found += _not_address(host, f"{at}.hostname")
    return found


def _not_address(host: str, field: str) -> list[fields.Problem]:
    text = "must be a DNS name, not an IP address"
    return [fields.invalid(field, host, text)] if "/" not in host and names.ip_family(host) else []


def _host(host: str, field: str) -> list[fields.Problem]:
    return checks.worded(names.wildcard_subdomain if "*" in host else names.dns_subdomain, host, field)


def _rule(rule: dict[str, Any], field: str) -> list[fields.Problem]:
    found: list[fields.Problem] = []
    host, http = rule.get("host") or "", rule.get("http")
    if host:
        found += _not_address(host, f"{field}.host") + _host(host, f"{field}.host")
    if http is None:
        return found
    if not http.get("paths"):
        found.append(fields.required(f"{field}.http.paths"))
    for number, path in enumerate(http.get("paths") or ()):
        found += _path(path, f"{field}.http.paths[{number}]")
    return found


def _path(path: dict[str, Any], field: str) -> list[fields.Problem]:
    text, kind = path.get("path") or "", path.get("pathType")
    if kind is None:
        return [fields.required(f"{field}.pathType", "pathType must be specified")]
    found: list[fields.Problem] = []
    if kind not in PATH_TYPES:
        found.append(fields.unsupported(f"{field}.pathType", kind, PATH_TYPES))
    elif kind == "ImplementationSpecific":
        if text and not text.startswith("/"):
            found.append(fields.invalid(f"{field}.path", text, "must be an absolute path"))
    elif not text.startswith("/"):
        found.append(fields.invalid(f"{field}.path", text, "must be an absolute path"))
    else:
        odd = [fields.invalid(f"{field}.path", text, f"must not contain '{each}'") for each in ODD_SEQUENCES if each in text]
        odd += [fields.invalid(f"{field}.path", text, f"cannot end with '{each}'") for each in ODD_ENDS if text.endswith(each)]
        found += odd
    return found + _backend(path.get("backend") or {}, f"{field}.backend")


def _backend(backend: dict[str, Any], field: str) -> list[fields.Problem]:
    service, resource = backend.get("service"), backend.get("resource")
    if service is not None and resource is not None:
        return [fields.invalid(field, "", "cannot set both resource and service backends")]
    if resource is not None:
        return checks.local_reference(resource, f"{field}.resource")
    if service is None:
        return [fields.invalid(field, "", "resource or service backend is required")]
    found: list[fields.Problem] = []
    if service.get("name"):
        found += checks.worded(names.dns_label, service["name"], f"{field}.service.name")
    else:
        found.append(fields.required(f"{field}.service.name"))
    port = service.get("port") or {}
    if port.get("name") and port.get("number"):
        found.append(fields.invalid(field, "", "cannot set both port name & port number"))
    elif port.get("name"):
        found += checks.worded(names.port_name, port["name"], f"{field}.service.port.name")
    elif port.get("number"):
        found += checks.port(port["number"], f"{field}.service.port.number")
    else:
        found.append(fields.required(field, "port name or number is required"))
    return found


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    spec = obj.get("spec") or {}
    return [
        meta.name(obj),
        spec.get("ingressClassName") or shared.NONE,
        _hosts(spec.get("rules") or ()),
        ",".join(shared.ingress_points(obj)),
        "80, 443" if spec.get("tls") else "80",
        shared.age(obj, now),
    ]


def _hosts(rules: Sequence[dict[str, Any]]) -> str:
    """The first hosts; as upstream, what is left is counted in rules, those without a host too."""
    named = [number for number, rule in enumerate(rules) if rule.get("host")][: shared.MOST]
    text = ",".join(rules[number]["host"] for number in named) or "*"
    return f"{text} + {len(rules) - shared.MOST} more..." if len(named) == shared.MOST and named[-1] < len(rules) - 1 else text


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With the endpoints behind every path."""
    page, spec = describing.Page(), obj.get("spec") or {}
    page.field("Name", meta.name(obj))
    describing.labels(page, "Labels", meta.labels(obj))
    page.field("Namespace", meta.namespace(obj))
    page.field("Address", ",".join(shared.ingress_points(obj)))
    page.field("Ingress Class", spec.get("ingressClassName", describing.NONE))
    namespace, backend = meta.namespace(obj), spec.get("defaultBackend")
    fallback = "<default>" if backend is None else _shown(backend, namespace, reader)
    page.field("Default backend", fallback)
    if spec.get("tls"):
        page.line("TLS:")
    for entry in spec.get("tls") or ():
        hosts = ",".join(entry.get("hosts") or ())
        page.line(f"{entry['secretName']} terminates {hosts}" if entry.get("secretName") else f"SNI routes {hosts}", level=1)
    page.line("Rules:")
    page.rows(("Host", "Path", "Backends"), ())
    rules = [rule for rule in spec.get("rules") or () if rule.get("http")]
    for rule in rules:
        page.line(rule.get("host") or "*", "", level=1)
        for path in rule["http"].get("paths") or ():
            page.line("", f"{path.get('path', '')} ", _shown(path.get("backend") or {}, namespace, reader), level=2)
    if not rules:
        page.line("*", "*", fallback, level=1)
    describing.annotated(page, "Annotations", meta.annotations(obj))
    return describing.end(page, obj, reader)


def _shown(backend: dict[str, Any], namespace: str, reader: describing.Reader) -> str:
    resource, target = backend.get("resource"), backend.get("service")
    if target:
        port = target.get("port") or {}
        shown = f"{target.get('name', '')}:{port.get('number') or port.get('name', '')}"
        service = reader.get("services", namespace, target.get("name", ""))
        if service is None:
            return f'{shown} (<error: services "{target.get("name", "")}" not found>)'
        name = ""
        for each in meta.at(service, "spec", "ports", default=()):
            if (port.get("number") and port["number"] == each.get("port")) or (port.get("name") and port["name"] == each.get("name")):
                name = each.get("name") or ""
        slices = endpointslices.of_service(reader, namespace, target.get("name", ""))
        return f"{shown} ({endpointslices.reached(slices, name)})"
    if resource:
        group = resource.get("apiGroup", describing.NONE)
        return f"APIGroup: {group}, Kind: {resource.get('kind', '')}, Name: {resource.get('name', '')}"
    return ""
