"""Ten thousand made-up command lines: kubectl's kind of error and exit code, never a traceback.

They are made from the command table by a seeded generator: right and wrong verbs, flags, values, names, in any order.
"""

from __future__ import annotations

import random
import re

import pytest

from pkctl.cli import finding, flagdefs, flags, table
from tests import clusters
from tests.unit.cli import lines

LINES, SHARDS = 10_000, 10
LEFT_OUT = ("own",)
SLOW = ("proxy", "edit", "attach", "exec", "port-forward", "cp", "debug", "run", "diff", "drain", "apply edit-last-applied", "completion",
        "plugin list", "cluster-info dump")  # fmt: skip
WATCHES = ("watch", "watch-only", "follow", "wait", "edit", "interactive", "kustomize", "filename", "patch-file", "output-directory")
WORDS = (
    "pods", "pod", "po", "deploy", "deployments.apps", "svc", "nodes", "cm", "all", "web", "web-1", "pod/web", "deploy/web", "a/b/c", "/x",
    "x/", "cm/kube-root-ca.crt", "default", "nope", "", "-", "--", "a=b", "a-", "k=v:NoSchedule",
    "pods,svc", "pods.v1.", "*", "é", "x" * 300,
    "web=nginx", "0", "-1", "list", "create", "get", "{}", "rbac.authorization.k8s.io", "pods.spec.containers",
)  # fmt: skip
VALUES = (
    "", "0", "1", "-1", "x", "true", "false", "json", "yaml", "name", "wide", "jsonpath={.items}", "jsonpath={", "go-template={{.x}}",
    "go-template={{", "custom-columns=A:.a", "custom-columns=", "a=b", "a in (b", "a=b,c!=d", "1s", "1x", "10%", "client", "server", "none",
    "kube-system", "é", "{\"a\":1}", "{", "[]", "9" * 30, "metadata.name=x", "nope=1", "{.metadata.name}", "[0]", "%", "\n",
)  # fmt: skip
ROWS = [
    row for row in table.ROWS if row[1] and row[2] not in LEFT_OUT and row[0] not in SLOW and not row[0].startswith(("config", "kuberc"))
]


KINDS = ("pods", "deploy", "svc", "nodes", "cm", "cm,deploy", "ns", "hpa", "events", "nope", "deployments.v1.apps", "rs", "crd", "sa")
NAMES = ("web", "web-1", "nope", "default", "deploy/web", "cm/web", "--all", "-A", "-l=app=web")
TEXTS = (
    "", "{", "a: [", "kind: Pod", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: c}\n",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {a: 1}\n", "apiVersion: v1\nkind: Nope\nmetadata: {name: web}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: x}\n", "- a\n- b\n", "null",
    "apiVersion: v1\nkind: List",
    "apiVersion: v1\nkind: List\nitems: [3, {}]\n", "apiVersion: v1\nkind: Pod\nmetadata: {name: 3}\nspec: []\n", "\0", "a: &b [*b]",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: web\n", "apiVersion: 1\nkind: 2\n",
    "apiVersion: v1\nkind: Pod\nmetadata: []\nspec: {containers: 1}\n",
)  # fmt: skip


def made_up(random_: random.Random) -> list[str]:
    """One command line."""
    path, _, _, own, _, _ = random_.choice(ROWS)
    mine, common = flags.rows(own), flags.rows(flagdefs.GLOBAL)
    line = path.split()
    if random_.random() < 0.03:
        line[-1] = line[-1][:-1] + random_.choice("xyz")
    if random_.random() < 0.5:
        line += [random_.choice(KINDS), *random_.sample(NAMES, random_.randrange(3))]
    line += random_.choices(WORDS, k=random_.choice((0, 0, 1, 1, 2, 3)))
    if any(each.name == "filename" for each in mine) and random_.random() < 0.3:
        line = [*path.split(), "-f", "-"]
    line += [f"--{name}={random_.choice(VALUES)}" for name in finding.REQUIRED.get(path, ()) if random_.random() < 0.9]
    for _ in range(random_.choice((0, 0, 1, 1, 2, 3))):
        among = [each for each in (mine if mine and random_.random() < 0.9 else common) if each.name not in WATCHES]
        line += given(random_, random_.choice(among)) if among else []
    return [*line, "--timeout=1ms"] if any(each.name == "timeout" for each in mine) else line


def given(random_: random.Random, each: flags.Flag) -> list[str]:
    """One flag, given rightly or wrongly."""
    value = random_.choice(FITTING.get(each.kind, VALUES)) if random_.random() < 0.8 else random_.choice(VALUES)
    if random_.random() < 0.02:
        return [f"--{each.name}x"]
    if each.short and random_.random() < 0.3:
        return [f"-{each.short}{'' if each.no_opt else value}"]
    return [f"--{each.name}"] if each.no_opt and random_.random() < 0.7 else [f"--{each.name}={value}"]


FITTING = {
    "bool": ("true", "false"),
    "int": ("0", "1", "-1", "7"),
    "int32": ("0", "3", "-1"),
    "int64": ("0", "9", "-2"),
    "duration": ("1ms", "0", "-1s"),
}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_made_up_command_lines_fail_as_kubectls_do(shard: int) -> None:
    random_ = random.Random(shard)
    with clusters.cluster() as cluster:
        sh = lines.Shell(cluster, PATH="")
        for name in ("web", "web-1"):
            sh("create", "configmap", name, "--from-literal=a=b")
            sh("create", "deployment", name, "--image=nginx")
        for _ in range(LINES // SHARDS):
            line = made_up(random_)
            try:
                said = sh(*line, text=random_.choice(TEXTS))
            except Exception as error:
                raise AssertionError(f"{line}: {error!r}") from error
            assert said.code in (0, 1), (line, said.code, said.err)
            assert (said.code == 0) or said.err or said.out, line
            assert not re.search(r"Traceback|<[a-z_.]+ object at|NoneType", said.err), (line, said.err)
