"""What the API says of wrong services, endpoints, ingresses and network policies, and of their status."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import pytest

from pkctl.kinds import table, warnings
from tests.unit.kinds import rooms

NET, SLICES = "networking.k8s.io/v1", "discovery.k8s.io/v1"
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
ZEROS, MAPPED, BEYOND = (
    "must not have leading 0s",
    "must not be an IPv4-mapped IPv6 address",
    "must not have bits set beyond the prefix length",
)


def svc(text, notes="{}"):
    given = rooms.obj("v1", "Service", f"spec: {{ports: [{{port: 1}}], {text}}}")
    given["metadata"]["annotations"] = rooms.yaml.safe_load(notes)
    return given


def policy(text):
    return rooms.obj(NET, "NetworkPolicy", f"spec: {{podSelector: {{}}, ingress: [{{{text}}}]}}")


def block(text):
    return policy(f"from: [{{ipBlock: {{{text}}}}}]")


def ingress(text):
    return rooms.obj(NET, "Ingress", f"spec: {{{text}}}")


def backend(text):
    return ingress(f"defaultBackend: {{{text}}}")


def klass(text):
    return rooms.obj(NET, "IngressClass", f"spec: {{{text}}}")


def parts(text):
    return rooms.obj(SLICES, "EndpointSlice", text)


def subset(text):
    return rooms.obj("v1", "Endpoints", f"subsets: [{{{text}}}]")


NAME_PART = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)


def nameless(field):
    """What is said of a qualified name that is empty."""
    return [f'{field}: Invalid value: "": name part must be non-empty', f'{field}: Invalid value: "": {NAME_PART}']


PORT, BLOCK = "spec.ingress[0].ports[0]", "spec.ingress[0].from[0].ipBlock"
CREATED = {
    "padded external address": (svc("externalIPs: [010.0.0.1]"), [f'spec.externalIPs[0]: Invalid value: "010.0.0.1": {ZEROS}']),
    "mapped address": (svc("clusterIP: '::ffff:10.96.0.9'"), [f'spec.clusterIPs[0]: Invalid value: "::ffff:10.96.0.9": {MAPPED}']),
    "loopback": (svc("externalIPs: [127.0.0.1]"),
                 ['spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)']),
    "source ranges": (
        svc("type: LoadBalancer, loadBalancerSourceRanges: [' 10.0.0.1/8 ', x]"),
        [f'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/8": {BEYOND}', f'spec.LoadBalancerSourceRanges[1]: Invalid value: "x": {CIDR}'],
    ),
    "source ranges of another type": (
        svc("loadBalancerSourceRanges: [10.0.0.0/8]"), ["spec.LoadBalancerSourceRanges: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    ),
    "source ranges in an annotation": (
        svc("type: LoadBalancer", "{service.beta.kubernetes.io/load-balancer-source-ranges: 'x, 10.0.0.0/8'}"),
        [f'metadata.annotations[service.beta.kubernetes.io/load-balancer-source-ranges]: Invalid value: "x": {CIDR}'],
    ),
    "two modes": (
        svc("", "{service.kubernetes.io/topology-aware-hints: a, service.kubernetes.io/topology-mode: b}"),
        ['metadata.annotations[service.kubernetes.io/topology-mode]: Invalid value: "b": '
         "must match annotations[service.kubernetes.io/topology-aware-hints] when both are specified"],
    ),
    "balancer class": (
        svc("type: LoadBalancer, loadBalancerClass: 'a b'"),
        ["spec.loadBalancerClass: Invalid value: \"a b\": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
         "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"],
    ),
    "another family": (svc("ipFamilies: [IPv6]"), ['spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster']),
    "an address of another family": (svc("clusterIP: 'fd00::1'"), ['spec.clusterIPs[0]: Invalid value: ["fd00::1"]: IPv6 is not configured on this cluster']),
    "both families": (svc("ipFamilyPolicy: RequireDualStack"),
                      ['spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services']),
    "policy protocol": (policy("ports: [{protocol: x}]"), [f'{PORT}.protocol: Unsupported value: "x": supported values: "TCP", "UDP", "SCTP"']),
    "last port alone": (policy("ports: [{endPort: 2}]"), [f"{PORT}.endPort: Invalid value: 2: may not be specified when `port` is not specified"]),
    "last port of a name": (policy("ports: [{port: a, endPort: 2}]"), [f"{PORT}.endPort: Invalid value: 2: may not be specified when `port` is non-numeric"]),
    "last port before the first": (policy("ports: [{port: 3, endPort: 2}]"), [f"{PORT}.endPort: Invalid value: 2: must be greater than or equal to `port`"]),
    "block and peer": (
        policy("from: [{podSelector: {}, ipBlock: {cidr: x}}]"),
        [f'{BLOCK}.cidr: Invalid value: "x": {CIDR}', "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer"],
    ),
    "no block": (block(""), [f"{BLOCK}.cidr: Required value"]),
    "vague block": (block("cidr: 10.0.0.1/8"), [f'{BLOCK}.cidr: Invalid value: "10.0.0.1/8": {BEYOND}']),
    "exceptions": (
        block("cidr: 10.0.0.0/8, except: [x, 11.0.0.0/16, 10.0.0.0/8, 10.1.0.0/16]"),
        [f'{BLOCK}.except[0]: Invalid value: "x": {CIDR}', f'{BLOCK}.except[1]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
         f'{BLOCK}.except[2]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`'],
    ),
    "no backend": (backend(""), ['spec.defaultBackend: Invalid value: "": resource or service backend is required']),
    "both backends": (backend("service: {}, resource: {}"), ['spec.defaultBackend: Invalid value: "": cannot set both resource and service backends']),
    "resource backend": (
        backend("resource: {apiGroup: A, kind: a/b}"),
        [f'spec.defaultBackend.resource.apiGroup: Invalid value: "A": {SUBDOMAIN}', "spec.defaultBackend.resource.kind: Invalid value: \"a/b\": may not contain '/'",
         "spec.defaultBackend.resource.name: Required value"],
    ),
    "service backend": (
        backend("service: {name: A}"),
        [f'spec.defaultBackend.service.name: Invalid value: "A": {LABEL}', "spec.defaultBackend: Required value: port name or number is required"],
    ),
    "a service that starts with a digit": (backend("service: {name: 1a, port: {number: 1}}"), []),
    "host": (ingress("rules: [{host: 10.0.0.1}, {host: '*.A'}]"),
             ['spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
              'spec.rules[1].host: Invalid value: "*.A": a wildcard DNS-1123 subdomain must start with \'*.\', followed by a valid DNS subdomain, which must consist of '
              "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is "
              "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"]),
    "tls secret": (ingress("defaultBackend: {service: {name: a, port: {number: 1}}}, tls: [{secretName: A}]"),
                   [f'spec.tls[0].secretName: Invalid value: "A": {SUBDOMAIN}']),
    "controller": (klass("controller: a"), ['spec.controller: Invalid value: "a": must be a domain-prefixed path (such as "acme.io/foo")']),
    "controller's path": (
        klass("controller: 'A/b c'"),
        [f'spec.controller: Invalid value: "A": {SUBDOMAIN}',
         "spec.controller: Invalid value: \"b c\": Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')"],
    ),
    "parameters": (
        klass("controller: a/b, parameters: {apiGroup: A, scope: Namespace}"),
        [f'spec.parameters.apiGroup: Invalid value: "A": {SUBDOMAIN}', "spec.parameters.kind: Required value", "spec.parameters.name: Required value",
         "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'"],
    ),
    "parameters of a cluster": (
        klass("controller: a/b, parameters: {kind: a, name: b, namespace: c}"), ["spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'"],
    ),
    "endpoint": (
        subset("addresses: [{ip: x}, {ip: 01.2.3.4}, {ip: 0.0.0.0}]"),
        [f'subsets[0].addresses[0].ip: Invalid value: "x": {IP}', 'subsets[0].addresses[0].ip: Invalid value: "x": must be a valid IP address',
         f'subsets[0].addresses[1].ip: Invalid value: "01.2.3.4": {ZEROS}', 'subsets[0].addresses[2].ip: Invalid value: "0.0.0.0": may not be unspecified (0.0.0.0)'],
    ),
    "protocol of nothing at an endpoint": (
        subset("addresses: [{ip: 10.0.0.1}], ports: [{port: 1, appProtocol: ''}]"), nameless("subsets[0].ports[0].appProtocol")
    ),
    "protocol of nothing in a slice": (parts("{addressType: IPv4, ports: [{appProtocol: ''}]}"), nameless("ports[0].appProtocol")),
    "slice addresses": (
        parts("{addressType: IPv4, endpoints: [{addresses: ['fd00::1', x]}]}"),
        ['endpoints[0].addresses[0]: Invalid value: "fd00::1": must be an IPv4 address', f'endpoints[0].addresses[1]: Invalid value: "x": {IP}'],
    ),
    "slice names": (
        parts("{addressType: FQDN, endpoints: [{addresses: [a, A.b, '']}]}"),
        ['endpoints[0].addresses[0]: Invalid value: "a": should be a domain with at least two segments separated by dots',
         f'endpoints[0].addresses[1]: Invalid value: "A.b": {SUBDOMAIN}', "endpoints[0].addresses[2]: Required value"],
    ),
    "hints": (
        parts(f"{{addressType: IPv4, endpoints: [{{addresses: [10.0.0.1], hints: {{forZones: [{{name: a}}, {{name: a}}], forNodes: [{', '.join(['{name: a}'] * 9)}]}}}}]}}"),
        ['endpoints[0].hints.forZones[1].name: Duplicate value: "a"', "endpoints[0].hints.forNodes: Too many: 9: must have at most 8 items"],
    ),
}  # fmt: skip
BAD = "cidr: 10.0.0.1/8"
CHECKED = "type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: %s"
UPDATED = {
    "a port of health checks": (svc(CHECKED % 30100), svc(CHECKED % 30101), ["spec.healthCheckNodePort: Forbidden: field is immutable"]),
    "a port of health checks left out": (svc(CHECKED % 30100), svc(CHECKED % 0), []),
    "a policy's old block": (policy(f"from: [{{ipBlock: {{{BAD}}}}}]"), block(BAD), []),
    "a class's controller": (klass("controller: a/b"), klass("controller: a/c"), ['spec.controller: Invalid value: "a/c": field is immutable']),
    "endpoints that were wrong": (subset("addresses: [{ip: x}]"), subset("addresses: [{ip: x}]"), []),
}  # fmt: skip
STATUS = {
    "ingress": (
        {**ingress(""), "status": {"loadBalancer": {"ingress": [{"ip": "01.2.3.4"}, {"hostname": "10.0.0.1"}, {"hostname": "A"}]}}},
        [f'status.loadBalancer.ingress[0].ip: Invalid value: "01.2.3.4": {ZEROS}',
         'status.loadBalancer.ingress[1].hostname: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
         f'status.loadBalancer.ingress[2].hostname: Invalid value: "A": {SUBDOMAIN}'],
    ),
    "service": ({**svc(""), "status": {"loadBalancer": {"ingress": [{"ip": "x"}]}}}, [f'status.loadBalancer.ingress[0].ip: Invalid value: "x": {IP}']),
}  # fmt: skip


@pytest.mark.parametrize("case", CREATED)
def test_a_wrong_object_is_refused_in_the_servers_words(case):
    wrong, texts = CREATED[case]
    assert rooms.created(wrong)[1] == texts


@pytest.mark.parametrize("case", UPDATED)
def test_a_change_is_judged_beside_what_is_there(case):
    before, after, texts = UPDATED[case]
    assert rooms._through(after, before)[1] == texts


@pytest.mark.parametrize("case", STATUS)
def test_a_wrong_status_is_refused_in_the_servers_words(case):
    wrong, texts = STATUS[case]
    assert rooms.status_written(wrong, {}) == texts


def test_an_ingress_says_its_class_once():
    given = ingress("ingressClassName: a, defaultBackend: {service: {name: a, port: {number: 1}}}")
    given["metadata"]["annotations"] = {"kubernetes.io/ingress.class": "b"}
    assert rooms.created(given)[1] == [
        'annotations.kubernetes.io/ingress.class: Invalid value: "b": must match `ingressClassName` when both are specified',
    ]


WARNED = {
    "policy": (block("cidr: 10.0.0.1/8, except: [010.1.0.0/16]"),
               [f'{BLOCK}.cidr: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)',
                f'{BLOCK}.except[0]: non-standard CIDR value "010.1.0.0/16" will be considered invalid in a future Kubernetes release: use "10.1.0.0/16"']),
    "slice": (parts("{addressType: IPv6, endpoints: [{addresses: ['FD00::1']}]}"),
              ['endpoints[0].addresses[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")']),
    "slice of names": (parts("{addressType: FQDN}"), ["addressType: FQDN endpoints are deprecated"]),
    "endpoints": (subset("notReadyAddresses: [{ip: 'FD00::1'}]"),
                  ["v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
                   'subsets[0].notReadyAddresses[0].ip: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")']),
}  # fmt: skip


@pytest.mark.parametrize("case", WARNED)
def test_an_odd_address_is_warned_about(case):
    given, texts = WARNED[case]
    assert table.room(table.BUILTIN.by_gvk(given["apiVersion"], given["kind"])).warn(given, None) == texts


def test_a_services_ranges_are_warned_about():
    given = svc("type: LoadBalancer, loadBalancerSourceRanges: ['FD00::/8']")
    assert warnings.of("services", given, None) == [
        'spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "FD00::/8" should be in RFC 5952 canonical format ("fd00::/8")',
    ]
