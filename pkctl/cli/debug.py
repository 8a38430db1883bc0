"""`debug`: an ephemeral container in a pod, a changed copy of a pod, or a pod on a node. Upstream: kubectl's cmd/debug."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import attach, pods, waiting, writes
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

PROFILES = ("baseline", "general", "netadmin", "restricted", "sysadmin")


def run(ctx: Context) -> int:
    """Debug what the argument names."""
    word = _judge(ctx)
    target = pods.find(ctx, word)
    if target["kind"] == "Node":
        pod, name = _node(ctx, target)
    elif ctx.flags["copy-to"]:
        pod, name = _copy(ctx, pods.of(ctx, target)[0])
    else:
        pod, name = _ephemeral(ctx, pods.of(ctx, target)[0])
    wants = ctx.flags["attach"] if ctx.flags.given("attach") else ctx.flags["stdin"]
    return _join(ctx, pod, name) if wants else 0


def _judge(ctx: Context) -> str:
    flags = ctx.flags
    count = flags.dash if flags.dash >= 0 else len(ctx.args)
    if not flags["copy-to"] and not flags["image"] and not flags["set-image"]:
        raise errors.CommandError("you must specify --image when not using --copy-to.")
    if count < 1:
        raise errors.CommandError("NAME or TYPE/NAME is required for debug")
    for name in ("set-image", "replace", "same-node"):
        if flags[name] and not flags["copy-to"]:
            raise errors.CommandError(f"--{name} may only be used with --copy-to.")
    if flags["target"] and flags["copy-to"]:
        raise errors.CommandError("--target is incompatible with --copy-to. Use --share-processes instead.")
    if flags["tty"] and not flags["stdin"]:
        raise errors.CommandError("-i/--stdin is required for containers with -t/--tty=true")
    if flags["profile"] == "legacy" or flags["profile"] not in PROFILES:
        raise errors.CommandError(f"unknown profile: {flags['profile']}")
    for name in ("custom", "filename"):
        if flags[name]:
            raise errors.CommandError(f"--{name}: this version of pkctl debugs with what the other flags say")
    return ctx.args[0]


def _container(ctx: Context, name: str) -> Object:
    flags, rest = ctx.flags, ctx.args[1:]
    made: Object = {"name": name, "image": str(flags["image"])}
    if rest:
        made["args" if flags["arguments-only"] else "command"] = rest
    if flags["env"]:
        made["env"] = [{"name": name, "value": value} for name, value in sorted(flags["env"].items())]
    if flags["image-pull-policy"]:
        made["imagePullPolicy"] = str(flags["image-pull-policy"])
    made["stdin"], made["tty"] = bool(flags["stdin"]), bool(flags["tty"])
    made["terminationMessagePolicy"] = "File"
    security = _security(str(flags["profile"]))
    if security:
        made["securityContext"] = security
    return made


def _security(profile: str) -> Object:
    if profile == "sysadmin":
        return {"privileged": True}
    if profile == "netadmin":
        return {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}
    if profile == "general":
        return {"capabilities": {"add": ["SYS_PTRACE"]}}
    if profile == "restricted":
        return {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}, "runAsNonRoot": True,
                "seccompProfile": {"type": "RuntimeDefault"}}  # fmt: skip
    return {}


def _name(ctx: Context, pod: Object) -> str:
    taken, given = pods.names(pod), str(ctx.flags["container"])
    if given:
        return given
    name = f"debugger-{ctx.io.sources.suffix()}"
    while name in taken:
        name = f"debugger-{ctx.io.sources.suffix()}"
    if not ctx.flags["quiet"]:
        ctx.io.err(f"Defaulting debug container name to {name}.\n")
    return name


def _row(ctx: Context) -> Any:
    return ctx.kinds().by_id("pods")


def _ephemeral(ctx: Context, pod: Object) -> tuple[Object, str]:
    name = _name(ctx, pod)
    made = _container(ctx, name)
    target = str(ctx.flags["target"])
    if target:
        made["targetContainerName"] = target
        if not ctx.flags["quiet"]:
            ctx.io.err(f"Targeting container \"{target}\". If you don't see processes from this container it may be because the container "
                       "runtime doesn't support this feature.\n")  # fmt: skip
    patch = {"spec": {"ephemeralContainers": [made]}}
    options = writes.options(ctx, subresource="ephemeralcontainers")
    changed = ctx.client.patch(_row(ctx), pod["metadata"]["namespace"], pod["metadata"]["name"], "strategic", patch, options)
    return changed, name


def _copy(ctx: Context, pod: Object) -> tuple[Object, str]:
    flags, old = ctx.flags, pod["metadata"]
    new: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": str(flags["copy-to"]), "namespace": old["namespace"]}}
    if flags["keep-labels"] and old.get("labels"):
        new["metadata"]["labels"] = old["labels"]
    if flags["keep-annotations"] and old.get("annotations"):
        new["metadata"]["annotations"] = old["annotations"]
    spec = meta.clone(pod["spec"])
    spec.pop("ephemeralContainers", None)
    if not flags["same-node"]:
        spec.pop("nodeName", None)
    if not flags["keep-init-containers"]:
        spec.pop("initContainers", None)
    if flags["share-processes"]:
        spec["shareProcessNamespace"] = True
    for container in spec["containers"]:
        for probe in ("liveness", "readiness", "startup"):
            if not flags[f"keep-{probe}"]:
                container.pop(f"{probe}Probe", None)
        image = flags["set-image"].get(container["name"]) or flags["set-image"].get("*")
        if image:
            container["image"] = image
    name = _changed(ctx, pod, spec)
    made = ctx.client.create(_row(ctx), old["namespace"], {**new, "spec": spec}, writes.options(ctx))
    if flags["replace"]:
        ctx.client.delete(_row(ctx), old["namespace"], old["name"], writes.options(ctx, grace=0))
    return made, name


def _changed(ctx: Context, pod: Object, spec: Object) -> str:
    """Change the named container of the copy, or add one; its name."""
    name = str(ctx.flags["container"]) or ("" if ctx.flags["image"] else spec["containers"][0]["name"])
    same = next((each for each in spec["containers"] if each["name"] == name), None)
    if same is None:
        name = name or _name(ctx, pod)
        spec["containers"].append(_container(ctx, name))
        return name
    if ctx.flags["image"]:
        same["image"] = str(ctx.flags["image"])
    if ctx.args[1:]:
        same["args" if ctx.flags["arguments-only"] else "command"] = ctx.args[1:]
        if not ctx.flags["arguments-only"]:
            same.pop("args", None)
    same["stdin"], same["tty"] = bool(ctx.flags["stdin"]), bool(ctx.flags["tty"])
    return name


def _node(ctx: Context, node: Object) -> tuple[Object, str]:
    target = node["metadata"]["name"]
    container = _container(ctx, str(ctx.flags["container"]) or "debugger")
    spec: Object = {"containers": [container], "nodeName": target, "restartPolicy": "Never", "tolerations": [{"operator": "Exists"}]}
    if ctx.flags["profile"] in ("general", "netadmin", "sysadmin"):
        spec.update({"hostNetwork": True, "hostPID": True})
    if ctx.flags["profile"] in ("general", "sysadmin"):
        spec["hostIPC"] = True
        container["volumeMounts"] = [{"mountPath": "/host", "name": "host-root"}]
        spec["volumes"] = [{"name": "host-root", "hostPath": {"path": "/"}}]
    if ctx.flags["profile"] == "general":
        container.pop("securityContext", None)
    name = f"node-debugger-{target}-{ctx.io.sources.suffix()}"
    labels = {"app.kubernetes.io/managed-by": "kubectl-debug"}
    body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": ctx.namespace, "labels": labels}, "spec": spec}
    made = ctx.client.create(_row(ctx), ctx.namespace, body, writes.options(ctx))
    if not ctx.flags["quiet"]:
        ctx.io.out(f"Creating debugging pod {name} with container {container['name']} on node {target}.\n")
    return made, container["name"]


def _join(ctx: Context, pod: Object, name: str) -> int:
    def check() -> bool:
        now = ctx.client.get(_row(ctx), pod["metadata"]["namespace"], pod["metadata"]["name"])
        status = now.get("status") or {}
        states = [*(status.get("containerStatuses") or []), *(status.get("ephemeralContainerStatuses") or [])]
        state = next((each.get("state") or {} for each in states if each["name"] == name), {})
        return "running" in state or "terminated" in state

    waiting.until(ctx, check, waiting.FOREVER)
    return attach.join(ctx, ctx.client.get(_row(ctx), pod["metadata"]["namespace"], pod["metadata"]["name"]), name)
