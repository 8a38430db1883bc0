"""Flags that were once taken without effect: each is honoured, warned about or refused by name."""

from __future__ import annotations

import pytest

from tests.unit.cli import lines

WEB = """apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web:1}]}}
"""


@pytest.mark.parametrize("size", ["0", "1", "2", "500"])
def test_portions_make_the_whole_list(sh: lines.Shell, size: str) -> None:
    for name in "abc":
        sh("create", "configmap", name)
    assert sh("get", "configmaps", "-o", "name", "--chunk-size", size).out == "configmap/a\nconfigmap/b\nconfigmap/c\n"


def test_portions_make_the_whole_table(sh: lines.Shell) -> None:
    for name in "abc":
        sh("create", "configmap", name)
    assert len(sh("get", "configmaps", "--chunk-size=1", "--no-headers").out.splitlines()) == 3


@pytest.mark.parametrize(
    "argv",
    [
        pytest.param(["get", "pods", "--client-key=x"], id="key"),
        pytest.param(["get", "pods", "--server=https://x"], id="server"),
    ],
)
def test_flags_about_a_server_are_refused_by_name(sh: lines.Shell, argv: list[str]) -> None:
    said = sh(*argv)
    flag = next(word for word in argv if word.startswith("--")).partition("=")[0]
    assert (said.code, said.err.startswith(f"error: {flag}: "), said.err.count("\n")) == (1, True, 1)


def test_a_command_with_a_user_flag_of_its_own_is_no_login(sh: lines.Shell) -> None:
    assert sh("create", "rolebinding", "r", "--clusterrole=view", "--user=jane").code == 0


@pytest.mark.parametrize("argv", [["logs", "x", "--insecure-skip-tls-verify-backend"], ["apply", "-f", "-", "--openapi-patch=false"]])
def test_flags_that_change_nothing_here_are_warned_about(sh: lines.Shell, argv: list[str]) -> None:
    flag = argv[-1].partition("=")[0]
    assert f"Warning: {flag} has no effect" in sh(*argv, text=WEB).err


def test_a_request_timeout_ends_a_watch(sh: lines.Shell) -> None:
    assert sh("get", "configmaps", "-w", "--request-timeout=1ms").code == 0


def test_a_request_timeout_is_judged_by_every_command(sh: lines.Shell) -> None:
    assert sh("get", "pods", "--request-timeout=soon").err.startswith("error: Invalid timeout value.")


class TestOverwrite:
    """`apply --overwrite=false`."""

    @pytest.fixture
    def scaled(self, sh: lines.Shell) -> lines.Shell:
        sh("apply", "-f", "-", text=WEB)
        sh("scale", "deployment/web", "--replicas=3")
        return sh

    def test_refuses_a_field_that_others_changed(self, scaled: lines.Shell) -> None:
        said = scaled("apply", "-f", "-", "--overwrite=false", text=WEB.replace("replicas: 2", "replicas: 4"))
        assert (said.code, "conflicts with changes made from original to current" in said.err) == (1, True)

    def test_takes_a_change_that_meets_nobody_else(self, sh: lines.Shell) -> None:
        sh("apply", "-f", "-", text=WEB)
        said = sh("apply", "-f", "-", "--overwrite=false", text=WEB.replace("web:1", "web:2"))
        assert (said.code, said.out) == (0, "deployment.apps/web configured\n")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/api", "APIVersions", id="core"),
        pytest.param("/apis", "APIGroupList", id="groups"),
        pytest.param("/apis/apps", "APIGroup", id="group"),
        pytest.param("/apis/apps/v1", "APIResourceList", id="version"),
        pytest.param("/api/v1", "APIResourceList", id="core-version"),
    ],
)
def test_discovery_answers_raw_paths(sh: lines.Shell, path: str, kind: str) -> None:
    assert f'"kind":"{kind}"' in sh("get", "--raw", path).out


def test_everything_is_every_kind_of_a_namespace(sh: lines.Shell) -> None:
    sh("create", "configmap", "a")
    sh("create", "rolebinding", "r", "--clusterrole=view", "--user=jane")
    assert sh("get", "everything", "-o", "name").out == "configmap/a\nservice/kubernetes\nrolebinding.rbac.authorization.k8s.io/r\n"


def test_a_deprecated_flag_is_taken_with_kubectls_words(sh: lines.Shell) -> None:
    said = sh("apply", "-f", "-", "--record", text=WEB)
    assert said.code == 0
    assert said.err == "Flag --record has been deprecated, --record will be removed in the future\n"


def test_a_deprecated_flag_is_no_flag_of_other_commands(sh: lines.Shell) -> None:
    assert "unknown flag: --record" in sh("delete", "pod/x", "--record").err
