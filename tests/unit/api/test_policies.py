"""ValidatingAdmissionPolicies hold, in the API server's words, over every way to write an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import connecting, options
from pkctl.kinds import policycel
from tests import clusters

Object = dict[str, Any]
DENIED = "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: "
MAPS = {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["*"]}
DEPLOYMENTS = {"apiGroups": ["apps"], "apiVersions": ["v1"], "resources": ["deployments", "deployments/scale"], "operations": ["*"]}
NO_A = "!has(object.data) || !('a' in object.data)"


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster(hollow=True) as made:
        yield made


def _create(cluster: clusters.Cluster, word: str, name: str, **body: Any) -> Object:
    row = cluster.row(word)
    labels = body.pop("labels", {})
    obj = {"metadata": {"name": name, "labels": labels}, **body}
    return cluster.client.create(row, "default" if row.namespaced else "", obj, options.Options())


def _policy(
    cluster: clusters.Cluster, expression: str = "true", rule: Object = MAPS, *, constraints: Object | None = None, **more: Any
) -> None:
    spec = {"matchConstraints": {"resourceRules": [rule], **(constraints or {})}, "validations": [{"expression": expression}], **more}
    _create(cluster, "validatingadmissionpolicies", "p", spec=spec)


def _binding(cluster: clusters.Cluster, *actions: str, **more: Any) -> None:
    spec = {"policyName": "p", "validationActions": list(actions or ["Deny"]), **more}
    _create(cluster, "validatingadmissionpolicybindings", "b", spec=spec)
    cluster.warnings.clear()


def _map(cluster: clusters.Cluster, name: str = "x", *, labels: Object | None = None, **data: str) -> Object:
    return _create(cluster, "cm", name, labels=labels or {}, data=data)


def _deployment(cluster: clusters.Cluster, replicas: int) -> Object:
    labels = {"app": "web"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": "i"}]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return _create(cluster, "deploy", "x", spec=spec)


def _refusal(make: Any) -> errors.StatusError:
    with pytest.raises(errors.StatusError) as refusal:
        make()
    return refusal.value


def test_a_denied_request_is_told_by_whom_and_why(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.spec.replicas <= 5", DEPLOYMENTS)
    _binding(cluster)
    refusal = _refusal(lambda: _deployment(cluster, 6))
    text = DENIED + "failed expression: object.spec.replicas <= 5"
    assert str(refusal) == f'deployments.apps "x" is forbidden: {text}'
    assert (refusal.code, refusal.reason, refusal.details["causes"]) == (422, "Invalid", [{"message": text}])


def test_a_request_that_keeps_the_rule_passes(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.spec.replicas <= 5", DEPLOYMENTS)
    _binding(cluster)
    assert _deployment(cluster, 5)["spec"]["replicas"] == 5


def test_a_policy_without_binding_has_no_effect(cluster: clusters.Cluster) -> None:
    _policy(cluster, "false")
    assert _map(cluster)


def test_a_change_and_a_deletion_are_judged_too(cluster: clusters.Cluster) -> None:
    _map(cluster, a="1")
    _policy(cluster, "oldObject == null || (object != null && object.data == oldObject.data)")
    _binding(cluster)
    row, chosen = cluster.row("cm"), options.Options()
    assert DENIED in str(_refusal(lambda: cluster.client.patch(row, "default", "x", "merge", {"data": {"a": "2"}}, chosen)))
    assert DENIED in str(_refusal(lambda: cluster.client.delete(row, "default", "x", chosen)))


def test_a_scale_is_judged_as_a_scale(cluster: clusters.Cluster) -> None:
    _deployment(cluster, 1)
    _policy(cluster, "request.kind.kind == 'Scale' && object.spec.replicas < 3", DEPLOYMENTS)
    _binding(cluster)
    scale = options.Options(subresource="scale")
    change = lambda: cluster.client.patch(cluster.row("deploy"), "default", "x", "merge", {"spec": {"replicas": 9}}, scale)  # noqa: E731
    assert DENIED in str(_refusal(change))


def test_a_rule_for_a_kind_leaves_its_subresources_alone(cluster: clusters.Cluster) -> None:
    _deployment(cluster, 1)
    _policy(cluster, "false", {**DEPLOYMENTS, "resources": ["deployments"]})
    _binding(cluster)
    scale = options.Options(subresource="scale")
    changed = cluster.client.patch(cluster.row("deploy"), "default", "x", "merge", {"spec": {"replicas": 9}}, scale)
    assert changed["spec"]["replicas"] == 9


def test_a_warning_lets_pass(cluster: clusters.Cluster) -> None:
    _policy(cluster, NO_A)
    _binding(cluster, "Warn")
    assert _map(cluster, a="1")
    assert cluster.warnings == [f"Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: {NO_A}"]


@pytest.mark.parametrize(
    ("validation", "wanted"),
    [
        ({"message": "no a "}, "no a"),
        ({"messageExpression": "'no ' + object.data.a"}, "no 1"),
        ({"messageExpression": "'no ' + object.data.b", "message": "fallen back"}, "fallen back"),
        ({}, f"failed expression: {NO_A}"),
    ],
    ids=["message", "expression", "failing expression", "neither"],
)
def test_the_message_is_the_policys(cluster: clusters.Cluster, validation: Object, wanted: str) -> None:
    _policy(cluster, validations=[{"expression": NO_A, **validation}])
    _binding(cluster)
    assert str(_refusal(lambda: _map(cluster, a="1"))).endswith(f"denied request: {wanted}")


@pytest.mark.parametrize(("reason", "code"), [("Forbidden", 403), ("RequestEntityTooLarge", 413), ("Invalid", 422)])
def test_the_reason_is_the_policys(cluster: clusters.Cluster, reason: str, code: int) -> None:
    _policy(cluster, validations=[{"expression": "false", "reason": reason}])
    _binding(cluster)
    refusal = _refusal(lambda: _map(cluster))
    assert (refusal.reason, refusal.code) == (reason, code)


MATCHING: dict[str, tuple[Object, bool]] = {
    "another operation": ({"resourceRules": [{**MAPS, "operations": ["DELETE"]}]}, False),
    "another resource": ({"resourceRules": [{**MAPS, "resources": ["secrets"]}]}, False),
    "every resource": ({"resourceRules": [{**MAPS, "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}]}, True),
    "cluster scope": ({"resourceRules": [{**MAPS, "scope": "Cluster"}]}, False),
    "another name": ({"resourceRules": [{**MAPS, "resourceNames": ["y"]}]}, False),
    "excluded": ({"excludeResourceRules": [MAPS]}, False),
    "labels": ({"objectSelector": {"matchLabels": {"a": "b"}}}, True),
    "other labels": ({"objectSelector": {"matchLabels": {"a": "c"}}}, False),
    "namespace": ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "default"}}}, True),
    "another namespace": ({"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "prod"}}}, False),
}


@pytest.mark.parametrize(("constraints", "is_matched"), MATCHING.values(), ids=MATCHING)
def test_constraints_choose_requests(cluster: clusters.Cluster, constraints: Object, is_matched: bool) -> None:
    _policy(cluster, "false", constraints=constraints)
    _binding(cluster)
    make = lambda: _map(cluster, labels={"a": "b"})  # noqa: E731
    assert (DENIED in str(_refusal(make))) if is_matched else make()


@pytest.mark.parametrize(("constraints", "is_matched"), MATCHING.values(), ids=MATCHING)
def test_a_binding_narrows_the_choice(cluster: clusters.Cluster, constraints: Object, is_matched: bool) -> None:
    _policy(cluster, "false")
    _binding(cluster, matchResources=constraints)
    make = lambda: _map(cluster, labels={"a": "b"})  # noqa: E731
    assert (DENIED in str(_refusal(make))) if is_matched else make()


@pytest.mark.parametrize(("policy", "is_matched"), [("Equivalent", True), ("Exact", False)])
def test_a_rule_may_mean_other_versions(cluster: clusters.Cluster, policy: str, is_matched: bool) -> None:
    rule = {"apiGroups": ["autoscaling"], "apiVersions": ["v1"], "resources": ["horizontalpodautoscalers"], "operations": ["CREATE"]}
    _policy(cluster, "object.apiVersion != 'autoscaling/v1'", rule, constraints={"matchPolicy": policy})
    _binding(cluster)
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "x"}
    make = lambda: _create(cluster, "hpa", "x", spec={"maxReplicas": 2, "scaleTargetRef": target})  # noqa: E731
    assert (DENIED in str(_refusal(make))) if is_matched else make()


def test_match_conditions_come_first(cluster: clusters.Cluster) -> None:
    _policy(cluster, "false", matchConditions=[{"name": "c", "expression": "request.name != 'x'"}])
    _binding(cluster)
    assert _map(cluster)
    assert DENIED in str(_refusal(lambda: _map(cluster, "y")))


def test_variables_are_read_where_they_are_reached(cluster: clusters.Cluster) -> None:
    variables = [{"name": "a", "expression": "object.data.a"}, {"name": "n", "expression": "int(variables.a)"}]
    _policy(cluster, "!has(object.data) || variables.n < 3", variables=variables)
    _binding(cluster)
    assert _map(cluster, "y")
    assert DENIED in str(_refusal(lambda: _map(cluster, a="3")))


def test_namespace_and_user_can_be_asked_about(cluster: clusters.Cluster) -> None:
    told = "namespaceObject.metadata.name + ' ' + request.userInfo.username + ' ' + request.operation"
    _policy(cluster, validations=[{"expression": "false", "messageExpression": told}])
    _binding(cluster)
    assert str(_refusal(lambda: _map(cluster))).endswith("denied request: default pkctl-admin CREATE")


PARAMETERS = {"apiVersion": "v1", "kind": "ConfigMap"}
SECRETS = {**MAPS, "resources": ["secrets"]}


@pytest.mark.parametrize(
    "reference", [{"name": "limit"}, {"selector": {"matchLabels": {"role": "limit"}}}, {"selector": {}}], ids=["name", "labels", "all"]
)
def test_parameters_are_read_from_the_requests_namespace(cluster: clusters.Cluster, reference: Object) -> None:
    _map(cluster, "limit", labels={"role": "limit"}, most="3")
    _policy(cluster, "!has(params.data) || int(params.data.most) < 3", SECRETS, paramKind=PARAMETERS)
    _binding(cluster, paramRef={**reference, "parameterNotFoundAction": "Deny"})
    assert DENIED in str(_refusal(lambda: _create(cluster, "secret", "x")))


@pytest.mark.parametrize("actions", [("Deny",), ("Warn",)], ids=["deny", "warn"])
def test_missing_parameters_deny_where_asked_to(cluster: clusters.Cluster, actions: tuple[str, ...]) -> None:
    _policy(cluster, "true", SECRETS, paramKind=PARAMETERS)
    _binding(cluster, *actions, paramRef={"name": "nope", "parameterNotFoundAction": "Deny"})
    wanted = "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction"
    assert str(_refusal(lambda: _create(cluster, "secret", "x"))).endswith(f"denied request: {wanted}")


def test_missing_parameters_allow_where_asked_to(cluster: clusters.Cluster) -> None:
    _policy(cluster, "false", SECRETS, paramKind=PARAMETERS)
    _binding(cluster, paramRef={"name": "nope", "parameterNotFoundAction": "Allow"})
    assert _create(cluster, "secret", "x")


def test_an_expression_that_fails_denies(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.data.b == 'c'")
    _binding(cluster)
    wanted = "expression 'object.data.b == 'c'' resulted in error: no such key: b"
    assert str(_refusal(lambda: _map(cluster, a="1"))).endswith(f"denied request: {wanted}")


def test_a_failure_may_be_ignored(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.data.b == 'c'", failurePolicy="Ignore")
    _binding(cluster)
    assert _map(cluster, a="1")


def test_a_policy_may_change_and_go(cluster: clusters.Cluster) -> None:
    _policy(cluster, "false")
    _binding(cluster)
    row, chosen = cluster.row("validatingadmissionpolicies"), options.Options()
    assert DENIED in str(_refusal(lambda: _map(cluster)))
    cluster.client.patch(row, "", "p", "merge", {"spec": {"validations": [{"expression": "true"}]}}, chosen)
    assert _map(cluster)
    cluster.client.patch(row, "", "p", "merge", {"spec": {"validations": [{"expression": "false"}]}}, chosen)
    cluster.client.delete(row, "", "p", chosen)
    assert _map(cluster, "y")


WRONG: dict[str, tuple[Object, str]] = {
    "syntax": (
        {"validations": [{"expression": "object.x =="}]},
        'spec.validations[0].expression: Invalid value: "object.x ==": compilation failed: ERROR: <input>:1:12: Syntax error: ',
    ),
    "unknown name": (
        {"validations": [{"expression": "foo.bar == 1"}]},
        "compilation failed: ERROR: <input>:1:1: undeclared reference to 'foo' (in container '')\n | foo.bar == 1\n | ^",
    ),
    "no parameters": ({"validations": [{"expression": "params.x == 1"}]}, "undeclared reference to 'params' (in container '')"),
    "no bool": (
        {"validations": [{"expression": "object.x"}]},
        'spec.validations[0].expression: Invalid value: "object.x": must evaluate to bool but got dyn',
    ),
    "no string": (
        {"validations": [{"expression": "true", "messageExpression": "1"}]},
        'spec.validations[0].messageExpression: Invalid value: "1": must evaluate to string but got int',
    ),
    "variable's type": (
        {"variables": [{"name": "n", "expression": "1 + 1"}], "validations": [{"expression": "'a' + variables.n == ''"}]},
        "ERROR: <input>:1:5: found no matching overload for '_+_' applied to '(string, int)'\n | 'a' + variables.n == ''\n | ....^",
    ),
    "unknown variable": (
        {"variables": [{"name": "n", "expression": "1"}], "validations": [{"expression": "variables.m"}]},
        "undefined field 'm'",
    ),
    "unknown field of the request": ({"validations": [{"expression": "request.foo == ''"}]}, "undefined field 'foo'"),
    "a question not put": ({"validations": [{"expression": "authorizer.path('/x').allowed()"}]}, "no matching overload for 'allowed'"),
    "variables by index": (
        {"variables": [{"name": "n", "expression": "1"}], "validations": [{"expression": "variables['n'] == 1"}]},
        "found no matching overload for '_[_]' applied to '(kubernetes.variables, string)'",
    ),
    "nothing to check": (
        {"validations": []},
        "spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one",
    ),
    "failure policy": ({"failurePolicy": "X"}, 'spec.failurePolicy: Unsupported value: "X": supported values: "Fail", "Ignore"'),
    "operation": (
        {"matchConstraints": {"resourceRules": [{**MAPS, "operations": ["create"]}]}},
        'operations[0]: Unsupported value: "create": supported values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ),
    "condition's name": ({"matchConditions": [{"name": "", "expression": "true"}]}, "spec.matchConditions[0].name: Required value"),
}


@pytest.mark.parametrize(("spec", "wanted"), WRONG.values(), ids=WRONG)
def test_a_wrong_policy_is_refused(cluster: clusters.Cluster, spec: Object, wanted: str) -> None:
    assert wanted in str(_refusal(lambda: _policy(cluster, **spec) if "matchConstraints" not in spec else _bare(cluster, spec)))


def _bare(cluster: clusters.Cluster, spec: Object) -> None:
    _create(cluster, "validatingadmissionpolicies", "p", spec={"validations": [{"expression": "true"}], **spec})


BINDINGS: dict[str, tuple[Object, str]] = {
    "both": ({"validationActions": ["Deny", "Warn"]}, "must not contain both Deny and Warn"),
    "none": ({"validationActions": []}, "spec.validationActions: Required value: at least one validation action is required"),
    "not found": ({"paramRef": {"name": "a"}}, "spec.paramRef.parameterNotFoundAction: Required value"),
}


@pytest.mark.parametrize(("spec", "wanted"), BINDINGS.values(), ids=BINDINGS)
def test_a_wrong_binding_is_refused(cluster: clusters.Cluster, spec: Object, wanted: str) -> None:
    body = {"policyName": "p", "validationActions": ["Deny"], **spec}
    assert wanted in str(_refusal(lambda: _create(cluster, "validatingadmissionpolicybindings", "b", spec=body)))


def test_what_has_no_effect_is_named(cluster: clusters.Cluster) -> None:
    _policy(cluster, auditAnnotations=[{"key": "k", "valueExpression": "'v'"}])
    _create(cluster, "validatingadmissionpolicybindings", "b", spec={"policyName": "p", "validationActions": ["Audit"]})
    assert cluster.warnings == [
        "pkctl does not honour spec.auditAnnotations: there is no audit log",
        "pkctl does not honour the validation action Audit: there is no audit log",
    ]


def test_a_variable_may_hold_what_is_no_json() -> None:
    variables = (("q", "quantity(object.a)"), ("since", "timestamp(object.t)"))
    text = "variables.q.isLessThan(quantity('1Gi')) && variables.since < timestamp('2020-01-01T00:00:00Z')"
    assert policycel.Expression(text, variables).value({"object": {"a": "1Mi", "t": "2019-01-01T00:00:00Z"}}) is True


PODS = {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["*"]}
ASKED = "authorizer.group('').resource('secrets').namespace('default').check('get').allowed()"


def _pod(cluster: clusters.Cluster) -> Object:
    return _create(cluster, "pods", "x", spec={"containers": [{"name": "c", "image": "i"}]})


@pytest.mark.parametrize(
    ("expression", "is_allowed"),
    [
        (ASKED, True),
        ("authorizer.requestResource.check('create').allowed()", True),
        ("authorizer.serviceAccount('default', 'x').group('').resource('secrets').namespace('default').check('get').allowed()", False),
        ("authorizer.serviceAccount('kube-system', 'x').path('/healthz').check('get').allowed()", True),
        ("authorizer.path('/x').check('get').errored()", False),
    ],
    ids=["the requester", "the request itself", "somebody without a role", "a path for everybody", "no error"],
)
def test_an_expression_may_ask_who_may_do_what(cluster: clusters.Cluster, expression: str, is_allowed: bool) -> None:
    _policy(cluster, expression)
    _binding(cluster)
    if is_allowed:
        assert _map(cluster)
    else:
        assert DENIED in str(_refusal(lambda: _map(cluster)))


def test_an_eviction_is_judged_as_one_and_not_as_a_deletion(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    rule = {**PODS, "resources": ["pods", "pods/eviction"]}
    _policy(cluster, "request.operation == 'CREATE' && request.kind.kind == 'Eviction' && object.metadata.name == 'x'", rule)
    _binding(cluster)
    evicting = options.Options(subresource="eviction")
    assert cluster.client.create(cluster.row("pods"), "default", {"metadata": {"name": "x"}}, evicting)["status"] == "Success"


def test_an_eviction_can_be_denied(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    _policy(cluster, "request.subResource != 'eviction'", {**PODS, "resources": ["pods/*"]})
    _binding(cluster)
    evicting = options.Options(subresource="eviction")
    assert DENIED in str(_refusal(lambda: cluster.client.create(cluster.row("pods"), "default", {"metadata": {"name": "x"}}, evicting)))


def test_a_binding_can_be_denied(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    _policy(cluster, "object.target.name != 'n'", {**PODS, "resources": ["pods/binding"]})
    _binding(cluster)
    body = {"metadata": {"name": "x"}, "target": {"name": "n"}}
    assert DENIED in str(
        _refusal(lambda: cluster.client.create(cluster.row("pods"), "default", body, options.Options(subresource="binding")))
    )


def test_a_stream_can_be_denied(cluster: clusters.Cluster) -> None:
    _pod(cluster)
    _policy(cluster, "object.command[0] != 'sh' || request.operation != 'CONNECT'", {**PODS, "resources": ["pods/exec"]})
    _binding(cluster)
    with cluster.client.api.reading() as session:
        connecting.admit(session, "default", "x", "exec", command=["ls"])
        refusal = _refusal(lambda: connecting.admit(session, "default", "x", "exec", command=["sh"]))
    assert str(refusal).startswith(f'pods "x" is forbidden: {DENIED}')


def test_every_policy_is_asked_before_a_request_is_refused(cluster: clusters.Cluster) -> None:
    _policy(cluster, "false")
    spec = {"matchConstraints": {"resourceRules": [MAPS]}, "validations": [{"expression": "false"}]}
    _create(cluster, "validatingadmissionpolicies", "q", spec=spec)
    _binding(cluster)
    _create(cluster, "validatingadmissionpolicybindings", "c", spec={"policyName": "q", "validationActions": ["Warn"]})
    _refusal(lambda: _map(cluster))
    assert cluster.warnings == ["Validation failed for ValidatingAdmissionPolicy 'q' with binding 'c': failed expression: false"]


def test_an_audit_annotation_that_fails_refuses(cluster: clusters.Cluster) -> None:
    _policy(cluster, auditAnnotations=[{"key": "k", "valueExpression": "object.data.z"}])
    _binding(cluster, "Warn")
    assert "no such key: z" in str(_refusal(lambda: _map(cluster, a="1")))


def test_the_status_tells_of_fields_that_a_kind_lacks(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.replicas > 1", DEPLOYMENTS)
    status = cluster.client.get(cluster.row("validatingadmissionpolicies"), "", "p")["status"]
    text = "apps/v1, Kind=Deployment: ERROR: <input>:1:7: undefined field 'replicas'\n | object.replicas > 1\n | ......^\n"
    assert status["typeChecking"] == {"expressionWarnings": [{"fieldRef": "spec.validations[0].expression", "warning": text}]}


def test_a_policy_that_fits_its_kinds_has_nothing_to_tell(cluster: clusters.Cluster) -> None:
    _policy(cluster, "object.spec.template.spec.containers.all(c, c.image != '')", DEPLOYMENTS)
    status = cluster.client.get(cluster.row("validatingadmissionpolicies"), "", "p")["status"]
    assert status == {"observedGeneration": 1, "typeChecking": {}}


def test_the_status_knows_custom_kinds(cluster: clusters.Cluster) -> None:
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"n": {"type": "integer"}}}}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    names = {"kind": "Widget", "plural": "widgets"}
    _create(cluster, "crd", "widgets.m.io", spec={"group": "m.io", "names": names, "scope": "Namespaced", "versions": [version]})
    rule = {**MAPS, "apiGroups": ["m.io"], "resources": ["widgets"]}
    _policy(cluster, "object.metadata.labels['a'] == 'b' && object.spec.n > 'x'", rule)
    found = cluster.client.get(cluster.row("validatingadmissionpolicies"), "", "p")["status"]["typeChecking"]["expressionWarnings"]
    assert "found no matching overload for '_>_' applied to '(int, string)'" in found[0]["warning"]
    assert "undefined field" not in found[0]["warning"]
