"""`auth`, acting as others, and clusters without nodes, as command lines over a cluster file."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.cli import lines

GROUP = "rbac.authorization.k8s.io"
Sh = lines.Sh


@pytest.fixture
def sh(file_sh: lines.Sh) -> lines.Sh:
    """Commands over a cluster file."""
    return file_sh


def test_whoami_shows_the_acting_user(sh: Sh) -> None:
    said = sh("auth", "whoami", "--as=bob", "--as-group=dev", "--as-uid=7", "--as-user-extra=team=a")
    assert said.out == (
        "ATTRIBUTE     VALUE\nUsername      bob\nUID           7\nGroups        [dev system:authenticated]\nExtra: team   [a]\n"
    )


def test_groups_need_a_user(sh: Sh) -> None:
    said = sh("get", "pods", "--as-group=dev")
    assert (said.code, said.err) == (1, "error: requesting uid, groups or user-extra for  without impersonating a user\n")


CAN_I = {
    "the administrator": (("list", "pods"), 0, "yes\n", ""),
    "a stranger": (("list", "pods", "--as=bob"), 1, "no\n", ""),
    "a master": (("list", "pods", "--as=bob", "--as-group=system:masters"), 0, "yes\n", ""),
    "a URL": (("get", "/healthz", "--as=bob"), 0, "yes\n", ""),
    "a cluster's kind": (("list", "nodes"), 0, "yes\n", "Warning: resource 'nodes' is not namespace scoped\n\n"),
    "a kind of a group": (
        ("list", "clusterroles"),
        0,
        "yes\n",
        f"Warning: resource 'clusterroles' is not namespace scoped in group '{GROUP}'\n\n",
    ),
    "an unknown kind": (("list", "foos"), 0, "yes\n", "Warning: the server doesn't have a resource type 'foos'\n\n"),
    "an unknown verb": (("frob", "pods"), 0, "yes\n", "Warning: verb 'frob' is not a known verb\n\n"),
    "quietly": (("list", "pods", "--as=bob", "-q"), 1, "", ""),
    "a list and a question": (("list", "pods", "--list"), 1, "", "error: list option must be specified with no arguments\n"),
    "no headers of nothing": (
        ("list", "pods", "--no-headers"),
        1,
        "",
        "error: --no-headers cannot be set without --list specified\n",
    ),
}


@pytest.mark.parametrize(("words", "code", "out", "err"), CAN_I.values(), ids=CAN_I)
def test_can_i(sh: Sh, words: tuple[str, ...], code: int, out: str, err: str) -> None:
    said = sh("auth", "can-i", *words)
    assert (said.code, said.out, said.err) == (code, out, err)


def test_the_list_begins_with_everything_for_the_administrator(sh: Sh) -> None:
    said = sh("auth", "can-i", "--list")
    head = [line.split() for line in said.out.splitlines()[:4]]
    assert head == [
        ["Resources", "Non-Resource", "URLs", "Resource", "Names", "Verbs"],
        ["*.*", "[]", "[]", "[*]"],
        ["[*]", "[]", "[*]"],
        ["selfsubjectreviews.authentication.k8s.io", "[]", "[]", "[create]"],
    ]


def test_a_stranger_is_refused(sh: Sh) -> None:
    said = sh("get", "pods", "--as=bob")
    assert (said.code, said.err) == (
        1,
        'Error from server (Forbidden): pods is forbidden: User "bob" cannot list resource "pods" in API group "" '
        'in the namespace "default"\n',
    )


def test_a_viewer_sees(sh: Sh) -> None:
    sh("create", "rolebinding", "v", "--clusterrole=view", "--user=bob")
    said = sh("get", "pods", "--as=bob")
    assert (said.code, said.err) == (0, "No resources found in default namespace.\n")


def test_what_an_acting_user_writes_is_settled_by_the_cluster(sh: Sh) -> None:
    sh("create", "rolebinding", "e", "--clusterrole=edit", "--user=eve")
    sh("create", "deployment", "web", "--image=i", "--as=eve")
    assert sh("get", "pods", "-o", "name").out.startswith("pod/web-")


def role(*verbs: str, kind: str = "ClusterRole", **more: Any) -> str:
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": [*verbs]}]
    return json.dumps({"apiVersion": f"{GROUP}/v1", "kind": kind, "metadata": {"name": "r", **more}, "rules": rules})


def test_reconcile_makes_what_is_missing(sh: Sh) -> None:
    said = sh("auth", "reconcile", "-f", "-", text=role("get"))
    assert said.out == f"clusterrole.{GROUP}/r reconciled\n"
    assert said.err == (
        "\treconciliation required create\n\tmissing rules added:\n"
        "\t\t{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}\n"
    )


def test_reconcile_makes_the_namespace_too(sh: Sh) -> None:
    sh("auth", "reconcile", "-f", "-", text=role("get", kind="Role", namespace="dev"))
    assert sh("get", "ns", "dev", "-o", "name").out == "namespace/dev\n"


def test_reconcile_adds_what_is_not_covered(sh: Sh) -> None:
    sh("auth", "reconcile", "-f", "-", text=role("get", "list"))
    said = sh("auth", "reconcile", "-f", "-", text=role("list", "watch"))
    assert said.err == (
        "\treconciliation required update\n\tmissing rules added:\n"
        "\t\t{Verbs:[watch] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}\n"
    )
    assert sh("get", "clusterrole", "r", "-o", "jsonpath={.rules[*].verbs}").out == '["get","list"] ["watch"]'


def test_reconcile_leaves_what_is_covered(sh: Sh) -> None:
    sh("auth", "reconcile", "-f", "-", text=role("get", "list"))
    said = sh("auth", "reconcile", "-f", "-", text=role("list"))
    assert (said.out, said.err) == (f"clusterrole.{GROUP}/r reconciled\n", "")


def test_reconcile_takes_away_what_it_is_told_to(sh: Sh) -> None:
    sh("auth", "reconcile", "-f", "-", text=role("get", "list"))
    said = sh("auth", "reconcile", "-f", "-", "--remove-extra-permissions", text=role("list"))
    assert said.err == (
        "\treconciliation required update\n\textra rules removed:\n"
        "\t\t{Verbs:[get] APIGroups:[] Resources:[pods] ResourceNames:[] NonResourceURLs:[]}\n"
    )


def test_reconcile_leaves_an_object_that_opted_out(sh: Sh) -> None:
    sh("create", "-f", "-", text=role("get", annotations={"rbac.authorization.kubernetes.io/autoupdate": "false"}))
    said = sh("auth", "reconcile", "-f", "-", text=role("get", "list"))
    assert said.err.startswith(
        "\treconciliation required update, but object opted out (rbac.authorization.kubernetes.io/autoupdate: false)\n"
    )
    assert sh("get", "clusterrole", "r", "-o", "jsonpath={.rules[*].verbs}").out == '["get"]'


def test_a_binding_with_another_role_is_made_anew(sh: Sh) -> None:
    sh("create", "clusterrolebinding", "b", "--clusterrole=view", "--user=bob")
    text = sh("create", "clusterrolebinding", "b", "--clusterrole=edit", "--user=eve", "--dry-run=client", "-o", "json").out
    said = sh("auth", "reconcile", "-f", "-", text=text)
    assert said.err == (
        f"\treconciliation required recreate\n\tmissing subjects added:\n\t\t{{Kind:User APIGroup:{GROUP} Name:eve Namespace:}}\n"
    )
    assert sh("get", "clusterrolebinding", "b", "-o", "jsonpath={.roleRef.name} {.subjects[*].name}").out == "edit bob eve"


def test_a_cluster_without_nodes_keeps_pods_pending(sh: Sh) -> None:
    assert sh("run", "x", "--image=i", "--no-nodes", PKCTL_NODES="local").code == 0
    assert sh("get", "nodes,storageclasses", PKCTL_NODES="local").err == "No resources found\n"
    assert sh("get", "pod", "x", "-o", "jsonpath={.status.phase}", PKCTL_NODES="local").out == "Pending"


def test_a_cluster_without_nodes_runs_no_deployments(sh: Sh) -> None:
    sh("create", "deployment", "web", "--image=i", "--no-nodes")
    assert sh("get", "replicasets,pods").err == "No resources found in default namespace.\n"


def test_a_cluster_with_nodes_stays_one(sh: Sh) -> None:
    sh("create", "namespace", "a")
    said = sh("get", "namespaces", "--no-nodes")
    assert (said.code, said.err) == (1, "error: --no-nodes is for a new cluster: this one was made with nodes\n")


def test_chosen_controllers_run_alone(sh: Sh) -> None:
    sh("create", "deployment", "web", "--image=i", PKCTL_CONTROLLERS="deployments")
    found = sh("get", "replicasets,pods", "-o", "name", PKCTL_CONTROLLERS="deployments").out.splitlines()
    assert [line.partition("/")[0] for line in found] == ["replicaset.apps"]


def test_an_unknown_controller_is_named(sh: Sh) -> None:
    said = sh("create", "namespace", "a", PKCTL_CONTROLLERS="deployments,foo")
    assert said.err == "error: PKCTL_CONTROLLERS names no controller of pkctl's: foo\n"


def test_pkctls_own_commands_act_as_nobody_else(sh: Sh) -> None:
    said = sh("node", "list", "--as=bob")
    assert (said.code, said.err) == (1, "error: --as: pkctl's own commands are for the owner of the cluster alone\n")


def test_a_token_says_who_acts(sh: Sh) -> None:
    sh("create", "serviceaccount", "bot")
    token = sh("create", "token", "bot").out.strip()
    said = sh("get", "pods", f"--token={token}")
    assert said.err == (
        'Error from server (Forbidden): pods is forbidden: User "system:serviceaccount:default:bot" cannot list resource "pods" '
        'in API group "" in the namespace "default"\n'
    )


def test_a_token_that_is_not_good_lets_nobody_in(sh: Sh) -> None:
    said = sh("get", "pods", "--token=abc")
    assert (said.code, said.err) == (1, "error: You must be logged in to the server (Unauthorized)\n")


def test_a_tokens_owner_acts_as_others_if_allowed(sh: Sh) -> None:
    sh("create", "serviceaccount", "bot")
    token = sh("create", "token", "bot").out.strip()
    assert sh("get", "pods", f"--token={token}", "--as=jane").err.startswith('Error from server (Forbidden): users "jane" is forbidden')
    sh("create", "clusterrole", "i", "--verb=impersonate", "--resource=users")
    sh("create", "clusterrolebinding", "i", "--clusterrole=i", "--serviceaccount=default:bot")
    assert sh("auth", "whoami", f"--token={token}", "--as=jane", "-o", "jsonpath={.status.userInfo.username}").out == "jane"


def test_a_token_that_can_not_be_made_is_told_of(sh: Sh) -> None:
    said = sh("create", "token", "nobody")
    assert (said.code, said.err) == (1, 'error: failed to create token: serviceaccounts "nobody" not found\n')


def test_a_verb_of_its_own_resources_takes_no_others(sh: Sh) -> None:
    said = sh("create", "clusterrole", "i", "--verb=impersonate", "--resource=pods", "--dry-run=client")
    assert (said.code, said.err) == (1, "error: can not perform 'impersonate' on 'pods' in group ''\n")
