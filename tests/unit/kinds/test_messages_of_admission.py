"""What the API says of wrong webhook configurations, admission policies and their bindings."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import pytest

from pkctl.kinds import checks
from tests.unit.kinds import rooms

GROUP = "admissionregistration.k8s.io/v1"
HOOK = {"name": "a.example.com", "clientConfig": {"url": "https://a"}, "sideEffects": "None", "admissionReviewVersions": ["v1"]}
RULE = {"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}
LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
    "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
SUBDOMAIN = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
LABEL_1035 = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an "
    "alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
)
FORM = "; desired format: https://host[/path]"


def hooks(*given, kind="ValidatingWebhookConfiguration"):
    return {"apiVersion": GROUP, "kind": kind, "metadata": {"name": "x"}, "webhooks": list(given)}


def hook(**more):
    return hooks({**HOOK, **more})


def rule(**more):
    return hook(rules=[{**RULE, **more}])


def url(text):
    return hook(clientConfig={"url": text})


def service(**more):
    return hook(clientConfig={"service": {"name": "s", "namespace": "n", **more}})


H, R, S = "webhooks[0]", "webhooks[0].rules[0]", "webhooks[0].clientConfig.service"
WEBHOOKS = {
    "nothing said": (
        hooks({}),
        [f"{H}.name: Required value", f"{H}.sideEffects: Required value: must specify one of None, NoneOnDryRun",
         f"{H}.clientConfig: Required value: exactly one of url or service is required",
         f"{H}.admissionReviewVersions: Required value: must specify one of v1, v1beta1"],
    ),
    "short name": (hook(name="a.b"), [f'{H}.name: Invalid value: "a.b": should be a domain with at least three segments separated by dots']),
    "odd name": (hook(name="A.b.c"), [f'{H}.name: Invalid value: "A.b.c": {SUBDOMAIN}']),
    "same name": (hooks(HOOK, HOOK), ['webhooks[1].name: Duplicate value: "a.example.com"']),
    "side effects": (hook(sideEffects="Some"), [f'{H}.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"']),
    "failure policy": (hook(failurePolicy="x"), [f'{H}.failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"']),
    "match policy": (hook(matchPolicy="x"), [f'{H}.matchPolicy: Unsupported value: "x": supported values: "Equivalent", "Exact"']),
    "timeout": (hook(timeoutSeconds=31), [f"{H}.timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"]),
    "reinvocation": (
        hooks({**HOOK, "reinvocationPolicy": "x"}, kind="MutatingWebhookConfiguration"),
        [f'{H}.reinvocationPolicy: Unsupported value: "x": supported values: "IfNeeded", "Never"'],
    ),
    "selector": (hook(objectSelector={"matchExpressions": [{"key": "a", "operator": "In"}]}),
                 [f"{H}.objectSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"]),
    "unknown review": (hook(admissionReviewVersions=["v2"]),
                       [f'{H}.admissionReviewVersions: Invalid value: ["v2"]: must include at least one of v1, v1beta1']),
    "reviews": (hook(admissionReviewVersions=["v1", "v1", "1"]),
                [f'{H}.admissionReviewVersions[1]: Invalid value: "v1": duplicate version',
                 f'{H}.admissionReviewVersions[2]: Invalid value: "1": {LABEL_1035}']),
    "http": (url("http://a"), [f'{H}.clientConfig.url: Invalid value: "http": \'https\' is the only allowed URL scheme{FORM}']),
    "no host": (url("https:///a"), [f'{H}.clientConfig.url: Invalid value: "": host must be specified{FORM}']),
    "user, query, fragment": (
        url("https://u@a?b#c"),
        [f'{H}.clientConfig.url: Invalid value: "u": user information is not permitted in the URL',
         f'{H}.clientConfig.url: Invalid value: "c": fragments are not permitted in the URL',
         f'{H}.clientConfig.url: Invalid value: "b": query parameters are not permitted in the URL'],
    ),
    "both": (hook(clientConfig={"url": "https://a", "service": {}}),
             [f"{H}.clientConfig: Required value: exactly one of url or service is required"]),
    "service without namespace": (service(namespace=""), [f"{S}.name: Required value: service name is required"]),
    "service without name": (service(name=""), [f"{S}.namespace: Required value: service namespace is required"]),
    "service port": (service(port=0), [f"{S}.port: Invalid value: 0: port is not valid: must be between 1 and 65535, inclusive"]),
    "service path": (service(path="a"), [f"{S}.path: Invalid value: \"a\": must start with a '/'"]),
    "service path steps": (
        service(path="/a//B/"),
        [f'{S}.path: Invalid value: "/a//B/": segment[1] may not be empty', f'{S}.path: Invalid value: "/a//B/": segment[2]: {SUBDOMAIN}'],
    ),
    "service path of nothing": (service(path="//"), [f'{S}.path: Invalid value: "//": segment[0] may not be empty']),
    "condition": (
        hook(matchConditions=[{"expression": " "}, {"name": "a", "expression": "true"}, {"name": "a", "expression": "true"}]),
        [f"{H}.matchConditions[0].expression: Required value", f"{H}.matchConditions[0].name: Required value",
         f'{H}.matchConditions[2].name: Duplicate value: "a"'],
    ),
    "empty rule": (hook(rules=[{}]), [f"{R}.{part}: Required value" for part in ("operations", "apiGroups", "apiVersions", "resources")]),
    "wildcards among others": (
        rule(operations=["*", "CREATE"], apiGroups=["*", "a"], apiVersions=["*", "v1"], resources=["*/*", "a"]),
        [f"{R}.operations: Invalid value: [\"*\",\"CREATE\"]: if '*' is present, must not specify other operations",
         f"{R}.apiGroups: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other API groups",
         f"{R}.apiVersions: Invalid value: [\"*\",\"v1\"]: if '*' is present, must not specify other API versions",
         f"{R}.resources: Invalid value: [\"*/*\",\"a\"]: if '*/*' is present, must not specify other resources"],
    ),
    "operation": (
        rule(operations=["PATCH"]),
        [f'{R}.operations[0]: Unsupported value: "PATCH": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"'],
    ),
    "scope": (rule(scope="x"), [f'{R}.scope: Unsupported value: "x": supported values: "*", "Cluster", "Namespaced"']),
    "empty version and resource": (
        rule(apiVersions=[""], resources=[""]), [f"{R}.apiVersions[0]: Required value", f"{R}.resources[0]: Required value"],
    ),
    "every resource and one": (
        rule(resources=["*", "a"]),
        [f"{R}.resources: Invalid value: [\"*\",\"a\"]: if '*' is present, must not specify other resources without subresources"],
    ),
    "covered subresources": (
        rule(resources=["a/*", "a/b", "*/c", "d/c"]),
        [f"{R}.resources[1]: Invalid value: \"a/b\": if 'a/*' is present, must not specify a/b",
         f"{R}.resources[3]: Invalid value: \"d/c\": if '*/c' is present, must not specify d/c"],
    ),
}  # fmt: skip

TEXT = "{matchConstraints: {resourceRules: [{operations: [CREATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}]}"


def policy(rest, kind="ValidatingAdmissionPolicy"):
    return rooms.obj(GROUP, kind, f"spec: {TEXT}, {rest}}}")


def mutating(rest):
    return policy(f"reinvocationPolicy: Never, {rest}", "MutatingAdmissionPolicy")


def binding(rest, kind="ValidatingAdmissionPolicyBinding"):
    return rooms.obj(GROUP, kind, f"spec: {{{rest}}}")


APPLY = "mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{}'}}]"
TRUE = "validations: [{expression: 'true'}]"
POLICIES = {
    "nothing said": (
        rooms.obj(GROUP, "ValidatingAdmissionPolicy", "spec: {}"),
        ["spec.matchConstraints: Required value",
         "spec.validations: Required value: validations or auditAnnotations must contain at least one item",
         "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item"],
    ),
    "no rules": (rooms.obj(GROUP, "ValidatingAdmissionPolicy", f"spec: {{matchConstraints: {{}}, {TRUE}}}"),
                 ["spec.matchConstraints.resourceRules: Required value"]),
    "failure policy": (policy(f"failurePolicy: x, {TRUE}"), ['spec.failurePolicy: Unsupported value: "x": supported values: "Fail", "Ignore"']),
    "match policy": (
        rooms.obj(GROUP, "ValidatingAdmissionPolicy", f"spec: {{matchConstraints: {{matchPolicy: x, resourceRules: [{RULE}]}}, {TRUE}}}"),
        ['spec.matchConstraints.matchPolicy: Unsupported value: "x": supported values: "Equivalent", "Exact"'],
    ),
    "param kind": (
        policy(f"paramKind: {{apiVersion: 'a/b/c', kind: 'A b'}}, {TRUE}"),
        ['spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
         f'spec.paramKind.kind: Invalid value: "A b": may have mixed case, but should otherwise match: {LABEL_1035}'],
    ),
    "param kind without version": (policy(f"paramKind: {{apiVersion: a/, kind: A}}, {TRUE}"),
                                   ['spec.paramKind.apiVersion: Invalid value: "a/": version must be specified']),
    "param kind of nothing": (policy(f"paramKind: {{}}, {TRUE}"),
                              ["spec.paramKind.apiVersion: Required value", "spec.paramKind.kind: Required value"]),
    "names of resources": (
        rooms.obj(GROUP, "ValidatingAdmissionPolicy", f"spec: {{matchConstraints: {{resourceRules: [{ {**RULE, 'resourceNames': ['a', 'a']} }]}}, {TRUE}}}"),
        ['spec.matchConstraints.resourceRules[0].resourceNames[1]: Duplicate value: "a"'],
    ),
    "reason": (
        policy("validations: [{expression: 'true', reason: Unauthorized}]"),
        ['spec.validations[0].reason: Unsupported value: "Unauthorized": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"'],
    ),
    "too many annotations": (
        policy(f"auditAnnotations: [{', '.join(f'{{key: k{n}, valueExpression: a}}' for n in range(20))}, {{key: k1, valueExpression: ' '}}]"),
        None,
    ),
    "mutating nothing said": (
        rooms.obj(GROUP, "MutatingAdmissionPolicy", "spec: {}"),
        ["spec.matchConstraints: Required value", "spec.mutations: Required value: mutations must contain at least one item",
         "spec.reinvocationPolicy: Required value"],
    ),
    "reinvocation": (
        policy(f"reinvocationPolicy: x, {APPLY}", "MutatingAdmissionPolicy"),
        ['spec.reinvocationPolicy: Unsupported value: "x": supported values: "Never", "IfNeeded"'],
    ),
    "mutating what is deleted": (
        rooms.obj(GROUP, "MutatingAdmissionPolicy",
                  f"spec: {{matchConstraints: {{resourceRules: [{ {**RULE, 'operations': ['DELETE']} }]}}, reinvocationPolicy: Never, {APPLY}}}"),
        ['spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"'],
    ),
    "patch type": (
        mutating("mutations: [{}, {patchType: x}]"),
        ["spec.mutations[0].patchType: Required value",
         'spec.mutations[1].patchType: Unsupported value: "x": supported values: "ApplyConfiguration", "JSONPatch"'],
    ),
    "other patch": (
        mutating("mutations: [{patchType: JSONPatch, applyConfiguration: {expression: a}}]"),
        ["spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch",
         'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch'],
    ),
    "blank patch": (mutating("mutations: [{patchType: JSONPatch, jsonPatch: {expression: ' '}}]"),
                    ["spec.mutations[0].jsonPatch.expression: Required value"]),
    "binding nothing said": (
        binding(""), ["spec.policyName: Required value", "spec.validationActions: Required value: at least one validation action is required"],
    ),
    "binding both": (
        binding("policyName: a, validationActions: [Deny], paramRef: {name: a, selector: {}}"),
        ["spec.paramRef.name: Forbidden: name and selector are mutually exclusive",
         "spec.paramRef.selector: Forbidden: name and selector are mutually exclusive", "spec.paramRef.parameterNotFoundAction: Required value"],
    ),
    "binding neither": (
        binding("policyName: a, validationActions: [Deny], paramRef: {parameterNotFoundAction: x}"),
        ["spec.paramRef: Required value: one of name or selector must be specified",
         'spec.paramRef.parameterNotFoundAction: Unsupported value: "x": supported values: "Deny", "Allow"'],
    ),
    "mutating binding": (
        binding("policyName: A, matchResources: {resourceRules: [{operations: [DELETE], apiGroups: [''], apiVersions: [v1], resources: [a]}]}",
                "MutatingAdmissionPolicyBinding"),
        [f'spec.policyName: Invalid value: "A": {SUBDOMAIN}',
         'spec.matchResources.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"'],
    ),
}  # fmt: skip
MANY = "too many annotations"


@pytest.mark.parametrize("case", WEBHOOKS)
def test_a_wrong_webhook_is_refused_in_the_servers_words(case):
    wrong, texts = WEBHOOKS[case]
    assert rooms.created(wrong)[1] == texts


@pytest.mark.parametrize("case", [case for case in POLICIES if case != MANY])
def test_a_wrong_policy_is_refused_in_the_servers_words(case):
    wrong, texts = POLICIES[case]
    assert rooms.created(wrong)[1] == texts


def test_audit_annotations_are_counted_and_named_once():
    texts = rooms.created(POLICIES[MANY][0])[1]
    assert texts[0].endswith("must not have more than 20 auditAnnotations")
    assert texts[-2:] == [
        "spec.auditAnnotations[20].valueExpression: Required value: valueExpression is not specified",
        'spec.auditAnnotations[20].key: Duplicate value: "k1"',
    ]


def test_a_webhook_gets_the_v1_defaults():
    given = hooks(
        {**HOOK, "clientConfig": {"service": {"name": "s", "namespace": "n"}}, "rules": [RULE]}, kind="MutatingWebhookConfiguration"
    )
    assert rooms.created(given)[0]["webhooks"][0] == {
        **HOOK, "clientConfig": {"service": {"name": "s", "namespace": "n", "port": 443}}, "rules": [{**RULE, "scope": "*"}],
        "failurePolicy": "Fail", "matchPolicy": "Equivalent", "timeoutSeconds": 10, "namespaceSelector": {}, "objectSelector": {},
        "reinvocationPolicy": "Never",
    }  # fmt: skip


def test_an_update_may_keep_a_side_effect_that_was_there_before():
    old = hook(sideEffects="Some")
    assert rooms._through(hook(sideEffects="Unknown"), old)[1] == []


def test_a_conditions_every_field_is_judged():
    wrong = [{"type": "A b", "status": "Yes", "reason": "1", "observedGeneration": -1}, {"type": "A b"}]
    texts = [str(problem) for problem in checks.conditions(wrong, "c")]
    assert [text for text in texts if "regex" not in text] == [
        'c[0].status: Unsupported value: "Yes": supported values: "False", "True", "Unknown"',
        "c[0].observedGeneration: Invalid value: -1: must be greater than or equal to 0",
        "c[0].lastTransitionTime: Required value",
        'c[1].type: Duplicate value: "A b"',
        'c[1].status: Unsupported value: "": supported values: "False", "True", "Unknown"',
        "c[1].lastTransitionTime: Required value",
        "c[1].reason: Required value",
    ]


def test_what_type_checking_wrote_is_judged():
    given = rooms.obj(GROUP, "ValidatingAdmissionPolicy", "status: {typeChecking: {expressionWarnings: [{}]}}")
    place = "status.typeChecking.expressionWarnings[0]"
    assert rooms.status_written(given) == [f"{place}.warning: Required value", f"{place}.fieldRef: Required value"]
