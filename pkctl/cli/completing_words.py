"""What a flag's value or an argument may be, asked of the cluster, of kubeconfig files, or known: kubectl's util/completion.

Not here: commands and flags themselves (`completing`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table as kinds

    Offer = tuple[list[tuple[str, str]], int]

DEFAULT, NO_SPACE, NO_FILES, EXTENSIONS = 0, 2, 4, 8

FORMS = "json yaml kyaml name go-template go-template-file template templatefile jsonpath jsonpath-as-json jsonpath-file"
VALUES = {
    "api-resources --output": "json yaml kyaml name wide",
    "api-resources --sort-by": "name kind",
    "api-resources --verbs": "create delete deletecollection get list patch update watch",
    "config get-contexts --output": "name",
    "create cronjob --restart": "Never OnFailure",
    "create priorityclass --preemption-policy": "PreemptLowerPriority Never",
    "debug --profile": "baseline general legacy netadmin restricted sysadmin",
    "delete --output": "name",
    "events --types": "Normal Warning",
    "explain --output": "plaintext plaintext-openapiv2",
    "expose --protocol": "SCTP TCP UDP",
    "expose --session-affinity": "ClientIP None",
    "expose --type": "ClusterIP ExternalName LoadBalancer NodePort",
    "get --output": f"{FORMS} custom-columns custom-columns-file wide",
    "kuberc set --policy": "AllowAll AllowList DenyAll",
    "kuberc set --section": "aliases credentialplugin defaults",
    "kustomize --load-restrictor": "LoadRestrictionsNone LoadRestrictionsRootOnly",
    "patch --type": "json merge strategic",
    "run --restart": "Always Never OnFailure",
    "top node --sort-by": "cpu memory",
    "top pod --sort-by": "cpu memory",
    "version --output": "json yaml",
    "--image-pull-policy": "Always IfNotPresent Never",
    "--output": FORMS,
    "--override-type": "json merge strategic",
    "--profile": "none cpu heap goroutine threadcreate block mutex trace",
    "--settle": "auto never",
    "--subresource": "status scale resize",
    "--verb": "create delete deletecollection get list patch update watch *",
}
"""Flags whose values are known: of one command, or of all."""

FILES = {"--filename": "json yaml yml", "--kubeconfig": "", "--kuberc": ""}
KINDS = {
    "--namespace": "namespaces", "--clusterrole": "clusterroles.rbac.authorization.k8s.io", "--namespaces": "namespaces",
    "create rolebinding --role": "roles.rbac.authorization.k8s.io",
}  # fmt: skip
"""Flags whose values are objects of a kind."""

ENTRIES = {"--cluster": "clusters", "--context": "contexts", "--user": "users"}
"""Flags whose values are in the kubeconfig files."""


def of_flag(ctx: Context, name: str) -> Offer:
    """What may follow a flag."""
    here, anywhere = f"{ctx.path} --{name}", f"--{name}"
    words = VALUES.get(here) or VALUES.get(anywhere)
    if words:
        return _plain(words.split()), NO_FILES
    if anywhere in FILES:
        return (_plain(FILES[anywhere].split()), EXTENSIONS) if FILES[anywhere] else ([], DEFAULT)
    kind = KINDS.get(here) or KINDS.get(anywhere)
    if kind:
        return _plain(_names(ctx, kind)), NO_FILES
    if anywhere in ENTRIES and ctx.path.split()[:1] != ["create"]:
        return _plain(_entries(ctx, ENTRIES[anywhere])), NO_FILES
    if name == "container":
        return _plain(_containers(ctx, ctx.args[:1])), NO_FILES
    if name == "api-group":
        return _plain(sorted({row.group for row in ctx.kinds() if row.group})), NO_FILES
    if name == "api-version":
        return _plain(sorted({row.api_version for row in ctx.kinds()})), NO_FILES
    return [], DEFAULT


def of_arguments(ctx: Context, last: str) -> Offer:
    """What may stand as the next argument of a command."""
    offer = next((offer for paths, offer in OFFERS if ctx.path in paths), None)
    return offer(ctx, last) if offer else ([], DEFAULT)


def _plain(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, "") for word in words]


def _names(ctx: Context, kind: str) -> list[str]:
    """The names of all objects of the kinds, joined by commas, in the namespace at hand."""
    found: list[str] = []
    for word in kind.split(","):
        row = ctx.kinds().by_id(word) or ctx.kinds().find(word)
        if row is not None:
            found += [str(obj["metadata"]["name"]) for obj in _objects(ctx, row)]
    return found


def _objects(ctx: Context, row: kinds.Row) -> list[dict[str, Any]]:
    listed = ctx.client.list(row, ctx.namespace if row.namespaced else "").get("items")
    return list(listed or [])


def _entries(ctx: Context, plural: str) -> list[str]:
    from pkctl.cli.kubeconfigs import files

    return sorted(str(each.get("name")) for each in files.of(ctx.settings)[plural])


def _slashed(ctx: Context, last: str) -> list[tuple[str, str]]:
    kind = last.partition("/")[0]
    return _plain(f"{kind}/{name}" for name in _names(ctx, kind))


def _typed(ctx: Context, last: str) -> Offer:
    """TYPE NAME… or TYPE/NAME…, of the kinds that the command is for."""
    args, is_single = ctx.args, ctx.path in SINGLE
    if not args:
        begun = f"{last.rpartition(',')[0]}," if "," in last else ""
        return (_slashed(ctx, last) if "/" in last else _plain(f"{begun}{each}" for each in _types(ctx)), NO_FILES)
    if is_single and (len(args) > 1 or "/" in args[0]):
        return [], NO_FILES
    if "/" not in args[0]:
        return _plain(name for name in _names(ctx, args[0]) if name not in args[1:]), NO_FILES
    if "/" in last:
        return [each for each in _slashed(ctx, last) if each[0] not in args], NO_FILES
    return _plain(f"{each}/" for each in _types(ctx)), NO_FILES | NO_SPACE


def _types(ctx: Context) -> list[str]:
    if ctx.path in TYPES:
        return TYPES[ctx.path].split()
    rows = sorted((row for row in ctx.kinds() if "get" in row.verbs), key=lambda row: (row.group, row.plural))
    return list(dict.fromkeys(f"{row.plural}.{row.group}" if row.group else row.plural for row in rows))


def _pod(ctx: Context, last: str) -> Offer:
    """A pod or TYPE/NAME; for `logs` a container of it after that."""
    if ctx.args:
        return (_plain(_containers(ctx, ctx.args)) if ctx.path == "logs" and len(ctx.args) == 1 else [], NO_FILES)
    if "/" in last:
        return _slashed(ctx, last), NO_FILES
    names = [name for name in _names(ctx, "pods") if name.startswith(last)]
    return _plain([*names, *(f"{each}/" for each in PODDED)]), NO_FILES if names else NO_FILES | NO_SPACE


def _containers(ctx: Context, args: list[str]) -> list[str]:
    """The containers of the pod, or of the pod template, that a command's first argument names."""
    from pkctl.cli import resources, templates

    visits, _ = resources.gather(ctx, args[:1] if args and "/" in args[0] else ["pods", *args[:1]]) if args else ([], [])
    specs = [each.obj["spec"] if each.row.kind == "Pod" else templates.pod_spec(each.obj) for each in visits[:1] if each.obj]
    parts = ("containers", "initContainers", "ephemeralContainers")
    return [str(each["name"]) for spec in specs if spec for part in parts for each in spec.get(part) or []]


def _image(ctx: Context, last: str) -> Offer:
    """`set image`: after TYPE/NAME its containers, each waiting for an image."""
    if ctx.args and "/" in ctx.args[0] and "/" not in last:
        return _plain(f"{name}=" for name in _containers(ctx, ctx.args)), NO_FILES | NO_SPACE
    return _typed(ctx, last)


def _forwarded(ctx: Context, last: str) -> Offer:
    """`port-forward`: after the pod its ports."""
    if not ctx.args:
        return _pod(ctx, last)
    from pkctl.cli import pods, templates

    target = pods.find(ctx, ctx.args[0])
    spec = target["spec"] if target["kind"] in ("Pod", "Service") else templates.pod_spec(target) or {}
    ports = [each["port"] for each in spec.get("ports") or []] or [
        each["containerPort"] for container in spec.get("containers") or [] for each in container.get("ports") or []
    ]
    return _plain(dict.fromkeys(map(str, ports))), NO_FILES


def _copied(ctx: Context, last: str) -> Offer:
    """`cp`: NAMESPACE/, POD: and paths; the shell itself knows paths that look like one."""
    if ctx.args or last[:1] in ("/", ".", "~") or ":" in last:
        return [], NO_SPACE
    if "/" in last:
        namespace = last.partition("/")[0]
        row = ctx.kinds().by_id("pods")
        listed = ctx.client.list(row, namespace).get("items") if row else []
        return _plain(f"{namespace}/{each['metadata']['name']}:" for each in listed or []), NO_SPACE
    found = [*(f"{name}/" for name in _names(ctx, "namespaces")), *(f"{name}:" for name in _names(ctx, "pods"))]
    found = [each for each in found if each.startswith(last)]
    return _plain([*found, *(["./", "/"] if not last else _files(last) if found else [])]), NO_SPACE


def _files(last: str) -> list[str]:
    import os

    return [f"{name}/" if os.path.isdir(name) else name for name in sorted(os.listdir(".")) if name.startswith(last)]


def _explained(ctx: Context, last: str) -> Offer:
    """A kind, then its fields one below the other."""
    if ctx.args:
        return [], NO_FILES
    if "." not in last:
        return _plain(sorted({row.plural for row in ctx.kinds()})), NO_FILES
    from pkctl.cli.verbs import explain

    path = last.rpartition(".")[0]
    return _plain(f"{path}.{name}" for name in explain.fields(ctx, path)), NO_FILES | NO_SPACE


def _of_kind(ctx: Context, last: str) -> Offer:
    del last
    is_one = ctx.path in ("top node", "top pod", "create token", "ns")
    if is_one and ctx.args:
        return [], NO_FILES
    return _plain(name for name in _names(ctx, ARGUMENTS[ctx.path]) if name not in ctx.args), NO_FILES


def _entry(ctx: Context, last: str) -> Offer:
    """`config`: an entry of the kubeconfig files, once."""
    del last
    if ctx.args and ctx.path != "config get-contexts":
        return [], NO_FILES
    return _plain(_entries(ctx, LISTS[ctx.path])), NO_FILES


def _verb(ctx: Context, last: str) -> Offer:
    """`auth can-i`: a verb, then what it is about."""
    if not ctx.args:
        return _plain(VALUES["--verb"].split()), NO_FILES
    return _slashed(ctx, last) if "/" in last else _plain(_types(ctx)), NO_FILES


def _shell(ctx: Context, last: str) -> Offer:
    del last
    return [] if ctx.args else _plain(("bash", "zsh", "fish", "powershell")), NO_FILES


TYPES = {
    "autoscale": "deployment replicaset replicationcontroller statefulset",
    "expose": "pod service replicationcontroller deployment replicaset",
    "rollout history": "deployment daemonset statefulset",
    "rollout pause": "deployment",
    "rollout restart": "deployment daemonset statefulset",
    "rollout resume": "deployment",
    "rollout status": "deployment daemonset statefulset",
    "rollout undo": "deployment daemonset statefulset",
    "scale": "deployment replicaset replicationcontroller statefulset",
    "set image": "daemonsets deployments pods cronjobs replicasets replicationcontrollers statefulsets",
    "set selector": "services",
    "set subject": "clusterrolebindings rolebindings",
    "taint": "node",
}
"""Commands that are for some kinds only."""

PODDED = ("daemonsets", "deployments", "pods", "jobs", "replicasets", "replicationcontrollers", "services", "statefulsets")
SINGLE = ("apply edit-last-applied", "rollout history", "rollout status", "rollout undo", "autoscale", "tree")
"""Commands for one object."""

ARGUMENTS = {
    "certificate approve": "certificatesigningrequests", "certificate deny": "certificatesigningrequests", "cordon": "nodes",
    "create token": "serviceaccounts", "drain": "nodes", "ns": "namespaces", "top node": "nodes", "top pod": "pods", "uncordon": "nodes",
    "debug": "pods",
}  # fmt: skip
"""Commands whose arguments are names of a kind."""

LISTS = {
    "config delete-cluster": "clusters", "config delete-context": "contexts", "config delete-user": "users",
    "config get-contexts": "contexts", "config rename-context": "contexts", "config set-context": "contexts",
    "config use-context": "contexts", "config set-cluster": "clusters", "config set-credentials": "users", "ctx": "contexts",
}  # fmt: skip
"""Commands whose first argument is in the kubeconfig files."""

OFFERS: tuple[tuple[Iterable[str], Callable[[Context, str], Offer]], ...] = (
    (("set image",), _image),
    (("port-forward",), _forwarded),
    (("attach", "exec", "logs"), _pod),
    (("cp",), _copied),
    (("explain",), _explained),
    (("auth can-i",), _verb),
    (("completion",), _shell),
    (ARGUMENTS, _of_kind),
    (LISTS, _entry),
    ((
        *TYPES, "annotate", "apply edit-last-applied", "apply view-last-applied", "delete", "describe", "edit", "get", "label", "patch",
        "set env", "set resources", "set serviceaccount", "tree", "wait",
    ), _typed),
)  # fmt: skip
