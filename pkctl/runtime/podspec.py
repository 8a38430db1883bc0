"""A pod's container as libpod's container specification, purely: the same pod and action give the same JSON.

Volumes are folders `<pod>/volumes/<name>` that `volumes` has prepared; a hostPath or a claim is a link there, so that every mount
has the same form. Upstream: pkg/kubelet/kuberuntime/kuberuntime_container_linux.go, pkg/kubelet/container/helpers.go. Not
here: anything that touches a node.
"""

from __future__ import annotations

import re

from pkctl.objects import meta, quantities
from pkctl.runtime import places, podsecurity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Object = dict[str, Any]

LOG_SIZE = 50 * 1024 * 1024
PERIOD = 100_000
PROPAGATION = {"None": "rprivate", "HostToContainer": "rslave", "Bidirectional": "rshared"}


def create(pod: Object, container: Object, action: Object, place: places.Place, *, systemd: bool = False) -> Object:
    """The body of `containers/create` for one attempt; `action` is base's "start"."""
    uid, name, attempt = pod["metadata"]["uid"], container["name"], action["attempt"]
    env = dict(action.get("env") or ())
    body: Object = {
        "name": place.container(uid, name, attempt),
        "image": action.get("image") or container["image"],
        "labels": place.labels(pod, name, attempt),
        "env": {"HOSTNAME": hostname(pod), **env} if not _host(pod, "hostNetwork") else env,
        "mounts": mounts(pod, container, env, place, attempt),
        "cgroup_parent": places.cgroup(uid, systemd=systemd),
        "log_configuration": {"driver": "k8s-file", "path": f"{place.attempt(uid, name, attempt)}/log", "size": LOG_SIZE},
        "use_image_hosts": True,
        "use_image_resolve_conf": True,
        "image_volume_mode": "anonymous",
        "sdnotifyMode": "ignore",
        "stop_timeout": pod["spec"].get("terminationGracePeriodSeconds", 30),
        **_command({**container, **_filled(action)} if "command" in action else _expanded(container, env)),
        **_terminal(container),
        **_restart(action.get("restart", "no")),
        **_namespaces(pod, place, action.get("target")),
        **podsecurity.settings(pod, container, place.base),
    }
    limits = resources(container)
    if limits:
        body["resource_limits"] = limits
    if stop := meta.at(container, "lifecycle", "stopSignal"):
        body["stop_signal"] = signal(stop)
    return body


def container_of(pod: Object, name: str) -> Object:
    """The container, init container or ephemeral container of that name; KeyError when the pod has none."""
    spec = pod["spec"]
    for kind in ("containers", "initContainers", "ephemeralContainers"):
        for container in spec.get(kind) or ():
            if container["name"] == name:
                return dict(container)
    raise KeyError(name)


def hostname(pod: Object) -> str:
    """The host name inside the pod, cut to what Linux takes."""
    spec = pod["spec"]
    name: str = spec.get("hostnameOverride") or spec.get("hostname") or pod["metadata"]["name"]
    if spec.get("setHostnameAsFQDN") and spec.get("subdomain"):
        return f"{name}.{spec['subdomain']}.{pod['metadata'].get('namespace', '')}.svc.cluster.local"
    return name[:63].rstrip("-.")


def pins(pod: Object) -> tuple[str, ...]:
    """The kinds of namespaces that the pod's containers share and the sandbox pins."""
    net = () if _host(pod, "hostNetwork") else ("net",)
    ipc = () if _host(pod, "hostIPC") else ("ipc",)
    return (*net, *ipc, *(("uts",) if net else ()))


def shares_processes(pod: Object) -> bool:
    """Whether all containers see each other's processes."""
    return bool(pod["spec"].get("shareProcessNamespace")) and not _host(pod, "hostPID")


def signal(name: str) -> int:
    """A signal's number from its Kubernetes name."""
    import signal as signals

    plain = name.removeprefix("SIG")
    if plain.startswith(("RTMIN", "RTMAX")):
        base, _, offset = plain.replace("-", "+-").partition("+")
        return int(getattr(signals, f"SIG{base}")) + int(offset or 0)
    return int(getattr(signals, f"SIG{plain}"))


def expand(text: str, env: dict[str, str]) -> str:
    """`$(NAME)` replaced where the name is known; `$$(NAME)` is a literal `$(NAME)`. Upstream: third_party/forked/golang/expansion."""

    def one(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        return env.get(match[1], match[0])

    return re.sub(r"\$\$|\$\(([^()]*)\)", one, text)


def resources(container: Object) -> Object:
    """Memory limit, CPU quota and shares, as the kubelet reckons them."""
    limits, requests = meta.at(container, "resources", "limits") or {}, meta.at(container, "resources", "requests") or {}
    found: Object = {}
    if quantities.value(limits.get("memory", 0)):
        found["memory"] = {"limit": quantities.value(limits["memory"])}
    cpu: Object = {}
    asked = requests.get("cpu", limits.get("cpu"))
    if asked is not None:
        cpu["shares"] = min(262144, max(2, quantities.milli(asked) * 1024 // 1000))
    if quantities.milli(limits.get("cpu", 0)):
        cpu |= {"period": PERIOD, "quota": max(1000, quantities.milli(limits["cpu"]) * PERIOD // 1000)}
    return {**found, "cpu": cpu} if cpu else found


def mounts(pod: Object, container: Object, env: dict[str, str], place: places.Place, attempt: int) -> list[Object]:
    """Every bind: the pod's own files, shared memory, the termination message, then the volumes, which win."""
    uid, home = pod["metadata"]["uid"], place.pod(pod["metadata"]["uid"])
    wanted = {
        "/etc/hosts": _bind("/etc/hosts", f"{home}/hosts", "rw"),
        "/etc/resolv.conf": _bind("/etc/resolv.conf", f"{home}/resolv.conf", "rw"),
        "/etc/hostname": _bind("/etc/hostname", f"{home}/hostname", "rw"),
    }
    if "ipc" in pins(pod):
        wanted["/dev/shm"] = _bind("/dev/shm", place.pin(uid, "shm"), "rw")
    ending = container.get("terminationMessagePath") or "/dev/termination-log"
    wanted[ending] = _bind(ending, f"{place.attempt(uid, container['name'], attempt)}/termination-log", "rw")
    kinds = {volume["name"]: volume for volume in pod["spec"].get("volumes") or ()}
    for mount in container.get("volumeMounts") or ():
        source = f"{home}/volumes/{mount['name']}"
        inner = subpath(mount, env)
        mode = "ro" if mount.get("readOnly") or _is_fixed(kinds.get(mount["name"], {})) else "rw"
        spread = PROPAGATION[mount.get("mountPropagation") or "None"]
        wanted[mount["mountPath"]] = _bind(mount["mountPath"], f"{source}/{inner}" if inner else source, mode, spread)
    return list(wanted.values())


def subpath(mount: Object, env: dict[str, str]) -> str:
    """The part of the volume that is mounted, "" for the whole."""
    return expand(mount["subPathExpr"], env) if mount.get("subPathExpr") else mount.get("subPath") or ""


def _is_fixed(volume: Object) -> bool:
    return any(kind in volume for kind in ("configMap", "secret", "downwardAPI", "projected"))


def _bind(target: str, source: str, *options: str) -> Object:
    return {"destination": target, "source": source, "type": "bind", "options": ["rbind", *options]}


def _filled(action: Object) -> Object:
    return {"command": action.get("command"), "args": action.get("args")}


def _expanded(container: Object, env: dict[str, str]) -> Object:
    return {**container, **{part: [expand(word, env) for word in container.get(part) or ()] for part in ("command", "args")}}


def _command(container: Object) -> Object:
    found: Object = {}
    if container.get("command"):
        found["entrypoint"] = list(container["command"])
    if container.get("args"):
        found["command"] = list(container["args"])
    if container.get("workingDir"):
        found |= {"work_dir": container["workingDir"], "create_working_dir": True}
    return found


def _terminal(container: Object) -> Object:
    return {"stdin": bool(container.get("stdin")), "terminal": bool(container.get("tty"))}


def _restart(policy: str) -> Object:
    name, _, tries = policy.partition(":")
    return {"restart_policy": name, **({"restart_tries": int(tries)} if tries else {})}


def _namespaces(pod: Object, place: places.Place, target: int | None = None) -> Object:
    uid, shared = pod["metadata"]["uid"], pins(pod)
    found: Object = {
        f"{kind}ns": {"nsmode": "path", "value": place.pin(uid, kind)} if kind in shared else {"nsmode": "host"}
        for kind in ("net", "ipc", "uts")
    }
    if _host(pod, "hostPID"):
        found["pidns"] = {"nsmode": "host"}
    elif shares_processes(pod):
        found["pidns"] = {"nsmode": "path", "value": place.pin(uid, "pid")}
    elif target:
        found["pidns"] = {"nsmode": "path", "value": f"/proc/{target}/ns/pid"}
    return found


def _host(pod: Object, name: str) -> bool:
    return bool(pod["spec"].get(name))
