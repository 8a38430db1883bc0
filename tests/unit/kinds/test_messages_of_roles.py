"""What the API says of wrong bindings, Secrets and PriorityClasses, and of changes to them."""
# ruff: noqa: E501 - a table of cases

from __future__ import annotations

import pytest

from tests.unit.kinds.test_messages_of_rooms import RBAC, obj, problems

RESERVED = "metadata.name: Forbidden: priority class names with 'system-' prefix are reserved for system use only. error: "
IMMUTABLE = "Forbidden: field is immutable when `immutable` is set"


def bound(subject, kind="RoleBinding"):
    return obj(f"{{apiVersion: {RBAC}, kind: {kind}, roleRef: {{kind: ClusterRole, name: view}}, subjects: [{subject}]}}")


def secret(text):
    return obj(f"{{apiVersion: v1, kind: Secret, {text}}}")


def priority(text, name="x"):
    return {**obj(f"{{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, {text}}}"), "metadata": {"name": name}}


WRONG = {
    "user without name": (bound("{kind: User}"), ["subjects[0].name: Required value", 'subjects[0].name: Invalid value: "": user name cannot be empty']),
    "group without name": (bound("{kind: Group}"), ["subjects[0].name: Required value", 'subjects[0].name: Invalid value: "": group name cannot be empty']),
    "account without name": (bound("{kind: ServiceAccount}"), ["subjects[0].name: Required value"]),
    "account without namespace": (bound("{kind: ServiceAccount, name: a}", "ClusterRoleBinding"), ["subjects[0].namespace: Required value"]),
    "account's group": (bound("{kind: ServiceAccount, name: a, apiGroup: b}"), ['subjects[0].apiGroup: Unsupported value: "b": supported values: ""']),
    "user's group": (bound("{kind: User, name: a, apiGroup: b}"), [f'subjects[0].apiGroup: Unsupported value: "b": supported values: "{RBAC[:-3]}"']),
    "ssh key empty": (secret('type: kubernetes.io/ssh-auth, data: {ssh-privatekey: ""}'), ["data[ssh-privatekey]: Required value"]),
    "basic auth empty": (secret("type: kubernetes.io/basic-auth"), ["data[username]: Required value", "data[password]: Required value"]),
    "dockercfg missing": (secret("type: kubernetes.io/dockercfg"), ["data[.dockercfg]: Required value"]),
    "account token": (secret("type: kubernetes.io/service-account-token"), ["metadata.annotations[kubernetes.io/service-account.name]: Required value"]),
    "priority policy": (priority("preemptionPolicy: a"), ['preemptionPolicy: Unsupported value: "a": supported values: "PreemptLowerPriority", "Never"']),
    "unknown system priority": (priority("value: 1", "system-a"), [f"{RESERVED}system-a is not a known system priority class"]),
    "system priority's value": (priority("value: 1", "system-node-critical"), [f"{RESERVED}value of system-node-critical PriorityClass must be 2000001000"]),
    "system priority as default": (
        priority("value: 2000001000, globalDefault: true", "system-node-critical"),
        [f"{RESERVED}globalDefault of system-node-critical PriorityClass must be false"],
    ),
}  # fmt: skip
CHANGED = {
    "value too high": (priority("value: 1"), priority("value: 2000000000"), ["value: Forbidden: may not be changed in an update."]),
    "policy": (priority("value: 1"), priority("value: 1, preemptionPolicy: Never"), ['preemptionPolicy: Invalid value: "Never": field is immutable']),
    "immutable secret freed": (secret("immutable: true"), secret("immutable: false"), [f"immutable: {IMMUTABLE}"]),
    "immutable secret's data": (secret("immutable: true, data: {a: Yg==}"), secret("immutable: true"), [f"data: {IMMUTABLE}"]),
    "secret of another type": (secret("type: a"), secret("type: b"), ['type: Invalid value: "b": field is immutable']),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_object_is_refused_in_the_servers_words(case):
    wrong, texts = WRONG[case]
    assert problems(wrong)[1] == texts


@pytest.mark.parametrize("case", CHANGED)
def test_a_forbidden_change_is_refused_in_the_servers_words(case):
    before, after, texts = CHANGED[case]
    old, wrong = problems(before)
    assert wrong == []
    assert problems(after, old)[1] == texts


def test_a_system_priority_with_its_own_value_is_accepted():
    assert problems(priority("value: 2000001000", "system-node-critical"))[1] == []
