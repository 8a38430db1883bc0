"""`debug`: an ephemeral container in a pod, a changed copy of a pod, or a pod on a node. Upstream: kubectl's cmd/debug.

What the container may do is `debug_profiles`; how one joins it is `attach`.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import images, manifests, pods, waiting, writes
from pkctl.cli.verbs import attach, debug_profiles
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

PULLS = ("", "Always", "IfNotPresent", "Never")
TARGETING = (
    "Targeting container \"{}\". If you don't see processes from this container it may be because the container runtime doesn't "
    "support this feature.\n"
)
WEAK = (
    "Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. "
    'Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n'
)


def run(ctx: Context) -> int:
    """Debug what the arguments name, one after another."""
    flags = ctx.flags
    if flags["profile"] not in debug_profiles.NAMES:
        raise errors.CommandError(f"unknown profile: {flags['profile']}")
    custom = debug_profiles.custom(str(flags["custom"])) if flags["custom"] else {}
    words, command = _split(ctx)
    _judge(ctx, words, command)
    if flags["target"] and not flags["quiet"]:
        ctx.io.out(TARGETING.format(flags["target"]))
    if flags["profile"] == "legacy":
        ctx.io.err(debug_profiles.LEGACY)
    wants = flags["attach"] if flags.given("attach") else flags["stdin"]
    for word in words + _filed(ctx):
        pod, name = _made(ctx, word, command, custom)
        if wants and name:
            _join(ctx, pod, name)
    return 0


def _split(ctx: Context) -> tuple[list[str], list[str]]:
    """The names, and the command behind `--`."""
    dash = ctx.flags.dash
    return (ctx.args[:dash], ctx.args[dash:]) if dash >= 0 else (ctx.args, [])


def _filed(ctx: Context) -> list[str]:
    """What the files name, as TYPE/NAME."""
    visits, failed = manifests.visits(ctx, ctx.flags["filename"])
    if failed:
        raise failed[0]
    return [f"{visit.row.id}/{visit.name}" for visit in visits]


def _judge(ctx: Context, words: list[str], command: list[str]) -> None:
    flags, image = ctx.flags, str(ctx.flags["image"])
    if flags.given("attach") and flags["attach"] and not image and not flags["container"]:
        raise errors.CommandError("you must specify --container or create a new container using --image in order to attach.")
    _judge_copy(ctx, image, command)
    if image and not images.is_name(image):
        raise errors.CommandError(f'invalid image name "{image}": invalid reference format')
    if not words and not flags["filename"]:
        raise errors.CommandError("NAME or filename is required for debug")
    if flags["image-pull-policy"] not in PULLS:
        raise errors.CommandError(f"invalid image pull policy: {flags['image-pull-policy']}")
    for name, other in flags["set-image"].items():
        if not images.is_name(other):
            raise errors.CommandError(f'invalid image name "{other}" for container "{name}": invalid reference format')
    if flags["target"] and flags["copy-to"]:
        raise errors.CommandError("--target is incompatible with --copy-to. Use --share-processes instead.")
    if flags["tty"] and not flags["stdin"]:
        raise errors.CommandError("-i/--stdin is required for containers with -t/--tty=true")


def _judge_copy(ctx: Context, image: str, command: list[str]) -> None:
    flags = ctx.flags
    if flags["copy-to"]:
        if not image and not flags["set-image"] and not command:
            raise errors.CommandError("you must specify --image, --set-image or command arguments.")
        if command and not flags["container"] and not image:
            raise errors.CommandError("you must specify an existing container or a new image when specifying args.")
        return
    for name in ("replace", "same-node", "set-image"):
        if flags[name]:
            raise errors.CommandError(f"--{name} may only be used with --copy-to.")
    if not image:
        raise errors.CommandError("you must specify --image when not using --copy-to.")


def _made(ctx: Context, word: str, command: list[str], custom: Object) -> tuple[Object, str]:
    """The pod to look into and the container to join, "" for none."""
    target = pods.find(ctx, word)
    if target["kind"] == "Node":
        return _node(ctx, target, command, custom)
    if target["kind"] != "Pod":
        group, _, version = str(target["apiVersion"]).rpartition("/")
        raise errors.CommandError(f'"{group}/{version}, Kind={target["kind"]}" not supported by debug')
    make = _copy if ctx.flags["copy-to"] else _ephemeral
    return make(ctx, target, command, custom)


def _container(ctx: Context, name: str, command: list[str]) -> Object:
    flags = ctx.flags
    made: Object = {"name": name, "image": str(flags["image"]), "terminationMessagePolicy": "File"}
    _set(ctx, made, command)
    return made


def _set(ctx: Context, container: Object, command: list[str]) -> None:
    """What the flags say of the container."""
    flags = ctx.flags
    if command and flags["arguments-only"]:
        container["args"] = command
    elif command:
        container["command"] = command
        container.pop("args", None)
    if flags["env"]:
        container["env"] = [{"name": name, "value": value} for name, value in flags["env"].items()]
    if flags["image"]:
        container["image"] = str(flags["image"])
    if flags["image-pull-policy"]:
        container["imagePullPolicy"] = str(flags["image-pull-policy"])
    container["stdin"], container["tty"] = bool(flags["stdin"]), bool(flags["tty"])


def _name(ctx: Context, pod: Object) -> str:
    taken, given = pods.names(pod), str(ctx.flags["container"])
    if given:
        return given
    name = f"debugger-{ctx.io.sources.suffix()}"
    while name in taken:
        name = f"debugger-{ctx.io.sources.suffix()}"
    if not ctx.flags["quiet"]:
        ctx.io.out(f"Defaulting debug container name to {name}.\n")
    return name


def _row(ctx: Context) -> Any:
    return ctx.kinds().by_id("pods")


def _shape(ctx: Context, style: str, pod: Object, container: Object, custom: Object) -> None:
    """Let the profile, and then the custom one, change the container."""
    debug_profiles.apply(str(ctx.flags["profile"]), style, pod, container, ctx.flags)
    if custom:
        changed = debug_profiles.merged(container, custom)
        container.clear()
        container.update(changed)


def _warn(ctx: Context, pod: Object, container: Object) -> None:
    """kubectl's warning where capabilities come to nothing: the pod runs as somebody else than root."""
    security = container.get("securityContext") or {}
    user = meta.at(pod, "spec", "securityContext", "runAsUser", default=0)
    granted = security.get("privileged") or (security.get("capabilities") or {}).get("add")
    if user and security.get("runAsUser") != 0 and granted:
        ctx.io.err(WEAK)


def _ephemeral(ctx: Context, pod: Object, command: list[str], custom: Object) -> tuple[Object, str]:
    made = _container(ctx, _name(ctx, pod), command)
    if ctx.flags["target"]:
        made["targetContainerName"] = str(ctx.flags["target"])
    _shape(ctx, "ephemeral", pod, made, custom)
    _warn(ctx, pod, made)
    patch = {"spec": {"ephemeralContainers": [made]}}
    options = writes.options(ctx, subresource="ephemeralcontainers")
    changed = ctx.client.patch(_row(ctx), pod["metadata"]["namespace"], pod["metadata"]["name"], "strategic", patch, options)
    return changed, str(made["name"])


def _copy(ctx: Context, pod: Object, command: list[str], custom: Object) -> tuple[Object, str]:
    flags, old = ctx.flags, pod["metadata"]
    kept = {name: dict(old[name]) for name in ("labels", "annotations") if old.get(name)}
    new: Object = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": str(flags["copy-to"]), "namespace": old["namespace"], **kept}}
    spec = new["spec"] = meta.clone(pod["spec"])
    spec.pop("ephemeralContainers", None)
    if flags.given("share-processes"):
        spec["shareProcessNamespace"] = bool(flags["share-processes"])
    if not flags["same-node"]:
        spec.pop("nodeName", None)
    for container in spec["containers"]:
        image = flags["set-image"].get(container["name"]) or flags["set-image"].get("*")
        if image:
            container["image"] = image
    name = _changed(ctx, new, command, custom)
    made = ctx.client.create(_row(ctx), old["namespace"], new, writes.options(ctx))
    if flags["replace"]:
        ctx.client.delete(_row(ctx), old["namespace"], old["name"], writes.options(ctx, grace=0))
    return made, name


def _changed(ctx: Context, pod: Object, command: list[str], custom: Object) -> str:
    """Change the named container of the copy, or add one; its name, "" where only images were set."""
    spec, given = pod["spec"], str(ctx.flags["container"])
    every = [*spec["containers"], *(spec.get("initContainers") or ())]
    container = next((each for each in every if each["name"] == given), None)
    if container is None:
        if not ctx.flags["image"]:
            if ctx.flags["set-image"]:
                return ""
            raise errors.CommandError("you must specify image when creating new container")
        container = {"name": _name(ctx, pod), "terminationMessagePolicy": "File"}
        spec["containers"].append(container)
    _set(ctx, container, command)
    _shape(ctx, "copy", pod, container, custom)
    _warn(ctx, pod, container)
    return str(container["name"])


def _node(ctx: Context, node: Object, command: list[str], custom: Object) -> tuple[Object, str]:
    target = node["metadata"]["name"]
    container = _container(ctx, str(ctx.flags["container"]) or "debugger", command)
    name = f"node-debugger-{target}-{ctx.io.sources.suffix()}"
    if not ctx.flags["quiet"]:
        ctx.io.out(f"Creating debugging pod {name} with container {container['name']} on node {target}.\n")
    labels = {"app.kubernetes.io/managed-by": "kubectl-debug"}
    spec = {"containers": [container], "nodeName": target, "restartPolicy": "Never", "tolerations": [{"operator": "Exists"}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": ctx.namespace, "labels": labels}, "spec": spec}
    _shape(ctx, "node", pod, container, custom)
    return ctx.client.create(_row(ctx), ctx.namespace, pod, writes.options(ctx)), str(container["name"])


STATUSES = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


def _join(ctx: Context, pod: Object, name: str) -> None:
    """Wait for the container, then join it, or show what it has said if it is over."""
    place = pod["metadata"]["namespace"], pod["metadata"]["name"]
    state: Object = {}

    def check() -> bool:
        status = ctx.client.get(_row(ctx), *place).get("status") or {}
        states = [each for field in STATUSES for each in status.get(field) or [] if each["name"] == name]
        state.clear()
        state.update((states[0].get("state") or {}) if states else {})
        waits = (state.get("waiting") or {}).get("message")
        if waits and not ctx.flags["quiet"]:
            ctx.warn(f"container {name}: {waits}")
        return "running" in state or "terminated" in state

    waiting.until(ctx, check, waiting.FOREVER)
    if "terminated" not in state:
        try:
            with ctx.ticking():
                attach.join(ctx, ctx.client.get(_row(ctx), *place), name)
            return
        except (errors.StatusError, errors.NodeError) as error:
            ctx.io.err(f"warning: couldn't attach to pod/{place[1]}, falling back to streaming logs: {error}\n")
    for line in ctx.client.logs(*place, container=name):
        ctx.io.out_bytes(line)
