"""The scripts of `completion`, in real shells that ask the real program."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli import lines

BIN = Path(sys.executable).parent
BASH = r"""
source <(pkctl completion bash)
alias k=pkctl; complete -o default -F __start_pkctl k
COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMP_KEY=9
split=${1//=/ = } split=${split//:/ : }
read -r -a COMP_WORDS <<< "$split"
[[ $1 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
__start_pkctl
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = 'pkctl completion fish | source; complete -C "$argv[1]"'
ZSH = r"""
zmodload zsh/zpty
zpty z zsh -f -i
z() { zpty -w z "$1"; }
z 'PS1= PROMPT2= ; unsetopt zle beep; setopt zle; autoload -Uz compinit; compinit -u -D; source <(pkctl completion zsh)'
z 'bindkey "^I" complete-word; done-here() { print -r -- "<$BUFFER>"; BUFFER=; zle accept-line }; zle -N done-here; bindkey "^X" done-here'
zpty -w -n z "$1"$'\t\x18'
repeat 200; do zpty -r -t z line; [[ $line == *'<pkctl'*'>'* ]] && break; sleep 0.05; done
print -r -- ${${line##*\<}%%\>*}
"""


@pytest.fixture
def env(file_sh: lines.Sh, tmp_path: Path) -> dict[str, str]:
    """A home with a cluster: a Deployment of two containers, two ConfigMaps, a context and a manifest."""
    file_sh("create", "deployment", "web", "--image=nginx", "--image=redis", "--port=80", "--no-nodes", "--settle=never")
    file_sh("create", "configmap", "left", "--settle=never")
    file_sh("create", "configmap", "right", "--settle=never")
    file_sh("config", "set-context", "prod", f"--kubeconfig={tmp_path}/kubeconfig")
    (tmp_path / "web.yaml").write_text("")
    (tmp_path / "web.txt").write_text("")
    home = {"HOME": str(tmp_path), "PKCTL_CLUSTER": str(tmp_path / "cluster.db"), "PKCTL_NODES": "none", "PKCTL_SETTLE": "never"}
    return {**home, "PATH": f"{BIN}:{os.environ['PATH']}", "TERM": "dumb", "LC_ALL": "C.UTF-8"}


def asked(shell: str, script: str, line: str, env: dict[str, str]) -> list[str]:
    """What a shell offers for a line, without what it shows beside."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    head = [shell, "-c", script, line] if shell == "fish" else [shell, "-c", script, shell, line]
    done = subprocess.run(head, env=env, cwd=env["HOME"], capture_output=True, text=True, check=True, timeout=60, stdin=subprocess.DEVNULL)
    return [re.split(r" +\(|\t", text)[0] for text in done.stdout.split("\n") if text]


LINES = [
    pytest.param("pkctl rollout re", ["restart", "resume"], id="subcommands"),
    pytest.param("pkctl get deployments.a", ["deployments.apps"], id="kinds"),
    pytest.param("pkctl get pods --namesp", ["--namespace"], id="flags"),
    pytest.param("pkctl get cm r", ["right"], id="names"),
    pytest.param("pkctl delete cm left ", ["right"], id="more-names"),
    pytest.param("pkctl get deploy/w", ["deploy/web"], id="type-and-name"),
    pytest.param("pkctl get -n kube-p", ["kube-public"], id="namespaces"),
    pytest.param("pkctl get -o jsonpath-", ["jsonpath-as-json", "jsonpath-file"], id="formats"),
    pytest.param("pkctl logs deploy/web -c ", ["nginx", "redis"], id="containers"),
    pytest.param("pkctl exec deploy/web -c r", ["redis"], id="containers-of-exec"),
    pytest.param("pkctl set image deploy/web n", ["nginx="], id="images"),
    pytest.param("pkctl --kubeconfig=kubeconfig config use-context ", ["prod"], id="contexts"),
    pytest.param("pkctl get --kubeconfig=kubeconfig --context ", ["prod"], id="contexts-of-a-flag"),
    pytest.param("pkctl port-forward deploy/web ", ["80"], id="ports"),
    pytest.param("pkctl cp kube-n", ["kube-node-lease/"], id="cp"),
    pytest.param("pkctl node ad", ["add"], id="own-groups"),
    pytest.param("pkctl explain pods.spec.terminationG", ["pods.spec.terminationGracePeriodSeconds"], id="fields"),
]


@pytest.mark.parametrize(("line", "wanted"), LINES)
def test_bash_is_offered(env: dict[str, str], line: str, wanted: list[str]) -> None:
    assert asked("bash", BASH, line, env) == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        pytest.param("pkctl get pods --output=jsonpath-", ["jsonpath-as-json", "jsonpath-file"], id="equals-sign"),
        pytest.param("pkctl create rolebinding x --clusterrole system:node-pr", ["node-problem-detector", "node-proxier"], id="colon"),
        pytest.param("k get cm r", ["right"], id="alias"),
        pytest.param("pkctl apply -f web.", ["web.yaml"], id="manifests"),
    ],
)
def test_bash_is_offered_where_it_breaks_words(env: dict[str, str], line: str, wanted: list[str]) -> None:
    assert asked("bash", BASH, line, env) == wanted


@pytest.mark.parametrize(("line", "wanted"), LINES)
def test_fish_is_offered(env: dict[str, str], line: str, wanted: list[str]) -> None:
    found = asked("fish", FISH, line, env)
    assert [each for each in found if each != f"{wanted[0]}."] == wanted


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        pytest.param("pkctl rollout rest", "pkctl rollout restart ", id="subcommand"),
        pytest.param("pkctl get cm r", "pkctl get cm right ", id="name"),
        pytest.param("pkctl get deploy/", "pkctl get deploy/web ", id="type-and-name"),
        pytest.param("pkctl get pods --output=jsonpath-a", "pkctl get pods --output=jsonpath-as-json ", id="equals-sign"),
        pytest.param("pkctl set image deploy/web n", "pkctl set image deploy/web nginx=", id="no-space"),
        pytest.param("pkctl apply -f web.", "pkctl apply -f web.yaml ", id="manifest"),
        pytest.param("pkctl get clusterrole system:node-prox", "pkctl get clusterrole system:node-proxier ", id="colon"),
    ],
)  # fmt: skip
def test_zsh_completes(env: dict[str, str], line: str, wanted: str) -> None:
    assert asked("zsh", ZSH, line, env) == [wanted]


@pytest.mark.parametrize("bits", [1, 2, 4, 8 | 16, 16, 32])
def test_powershell_asks_for_every_directive(sh: lines.Shell, bits: int) -> None:
    assert f"($directive -band {bits})" in sh("completion", "powershell").out


def test_powershell_has_a_script(sh: lines.Shell) -> None:
    assert "Register-ArgumentCompleter -Native -CommandName 'pkctl'" in sh("completion", "powershell").out
