"""A chosen kubeconfig's context says which cluster and namespace a command is about; nothing is chosen by itself."""

from __future__ import annotations

import pathlib

import pytest

from pkctl import errors
from pkctl.cli import context, contexts, flagdefs, flags
from pkctl.cli.settings import Settings

CONFIG = """
current-context: one
clusters:
- {name: a, cluster: {server: 'sqlite:///a.db'}}
- {name: b, cluster: {server: 'postgresql://host/b'}}
- {name: h, cluster: {server: 'https://real:6443'}}
- {name: e, cluster: {server: ''}}
contexts:
- {name: one, context: {cluster: a, namespace: team}}
- {name: two, context: {cluster: b}}
- {name: web, context: {cluster: h}}
- {name: none, context: {cluster: e}}
"""


@pytest.fixture
def kubeconfig(tmp_path: pathlib.Path) -> str:
    place = tmp_path / "config"
    place.write_text(CONFIG)
    return str(place)


def settings(*words: str, **env: str) -> Settings:
    made = Settings(flags.parse(flags.rows(flagdefs.GLOBAL), list(words)), env)
    context.locate(made)
    return made


def test_the_current_context_gives_place_and_namespace(kubeconfig: str) -> None:
    made = settings(KUBECONFIG=kubeconfig)
    assert (made.place, made.namespace) == ("sqlite:///a.db", "team")


@pytest.mark.parametrize("name", ["KUBECONFIG", "PKCTL_CONFIG"])
def test_either_variable_chooses_a_kubeconfig(kubeconfig: str, name: str) -> None:
    assert settings(**{name: kubeconfig}).place == "sqlite:///a.db"


def test_a_named_context_wins(kubeconfig: str) -> None:
    assert settings("--context=two", f"--kubeconfig={kubeconfig}").place == "postgresql://host/b"


def test_a_cluster_of_the_kubeconfig_can_be_named(kubeconfig: str) -> None:
    assert settings("--cluster=b", f"--kubeconfig={kubeconfig}").place == "postgresql://host/b"


def test_the_flag_for_a_namespace_wins_over_the_context(kubeconfig: str) -> None:
    assert settings("-n", "mine", KUBECONFIG=kubeconfig).namespace == "mine"


def test_a_place_wins_over_every_context(kubeconfig: str) -> None:
    assert settings("--cluster=./x.db", f"--kubeconfig={kubeconfig}").place == "./x.db"


def test_the_variable_for_a_cluster_wins_over_the_one_for_a_kubeconfig(kubeconfig: str) -> None:
    assert settings(PKCTL_CLUSTER="/x.db", KUBECONFIG=kubeconfig).place == "/x.db"


def test_a_named_context_wins_over_the_variable_for_a_cluster(kubeconfig: str) -> None:
    assert settings("--context=two", PKCTL_CLUSTER="/x.db", KUBECONFIG=kubeconfig).place == "postgresql://host/b"


def test_nothing_is_chosen_by_itself(tmp_path: pathlib.Path) -> None:
    (tmp_path / ".kube").mkdir()
    (tmp_path / ".kube" / "config").write_text(CONFIG)
    assert settings(HOME=str(tmp_path)).place == ""


def test_a_server_is_refused_when_the_cluster_is_asked_for(kubeconfig: str) -> None:
    made = settings("--context=web", KUBECONFIG=kubeconfig)
    with pytest.raises(errors.CommandError, match="no client for servers yet"):
        made.judge()


def test_a_context_without_a_server_is_refused(kubeconfig: str) -> None:
    made = settings("--context=none", KUBECONFIG=kubeconfig)
    with pytest.raises(errors.CommandError, match=r'^no server found for cluster "e"$'):
        made.judge()


@pytest.mark.parametrize("is_chosen", [True, False], ids=["chosen", "not chosen"])
def test_a_missing_context_is_an_error(kubeconfig: str, is_chosen: bool) -> None:
    env = {"KUBECONFIG": kubeconfig} if is_chosen else {}
    with pytest.raises(contexts.ConfigurationError, match="context was not found for specified context: nope"):
        settings("--context=nope", **env)


USER = """
apiVersion: v1
kind: Config
current-context: a
contexts: [{name: a, context: {cluster: a, user: u}}]
clusters: [{name: a, cluster: {server: 'sqlite:///a.db'}}]
users: [{name: u, user: {as: jane, as-groups: [dev], token: abc}}]
"""


def test_a_contexts_user_says_who_acts(tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text(USER)
    made = settings(KUBECONFIG=str(tmp_path / "config"))
    assert made.actor == {"token": "abc", "user": "jane", "groups": ["dev"]}


def test_a_flag_wins_over_the_contexts_user(tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text(USER)
    assert settings("--as=bob", KUBECONFIG=str(tmp_path / "config")).actor["user"] == "bob"


def test_another_user_of_the_kubeconfig_may_be_named(tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text(USER.replace("users: [", "users: [{name: o, user: {as: joe, as-uid: '7'}}, "))
    assert settings("--user=o", KUBECONFIG=str(tmp_path / "config")).actor == {"user": "joe", "uid": "7"}


def test_a_user_who_acts_as_nobody_is_refused(tmp_path: pathlib.Path) -> None:
    (tmp_path / "config").write_text(USER.replace("as: jane, ", ""))
    with pytest.raises(errors.CommandError, match="without impersonating a user"):
        settings(KUBECONFIG=str(tmp_path / "config"))


def test_a_token_may_be_in_a_file(tmp_path: pathlib.Path) -> None:
    (tmp_path / "token").write_text("xyz\n")
    (tmp_path / "config").write_text(USER.replace("token: abc", f"token: abc, tokenFile: {tmp_path}/token"))
    assert settings(KUBECONFIG=str(tmp_path / "config")).actor["token"] == "xyz"
