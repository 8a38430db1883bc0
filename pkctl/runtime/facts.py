"""What a Node object says about a machine: its size, its system, its addresses, and what is missing to run pods on it."""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import host

    Object = dict[str, Any]

PODS = 110
NEEDED = {"podman": "podman", "ip": "iproute2", "nft": "nftables", "unshare": "util-linux", "nsenter": "util-linux", "flock": "util-linux"}
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
SCRIPT = """PATH=$PATH:/usr/sbin:/sbin
echo "boot=$(cat /proc/sys/kernel/random/boot_id)"; echo "machine=$(cat /etc/machine-id 2>/dev/null)"
echo "cpus=$(nproc)"; echo "memory=$(awk '/^MemTotal/{print $2}' /proc/meminfo)"; echo "host=$(hostname)"
echo "kernel=$(uname -r)"; echo "arch=$(uname -m)"; . /etc/os-release 2>/dev/null; echo "os=${PRETTY_NAME:-Linux}"
echo "uuid=$(cat /sys/class/dmi/id/product_uuid 2>/dev/null)"; mkdir -p BASE; echo "disk=$(df -Pk BASE | awk 'NR==2{print $2}')"
echo "swap=$(awk '/^SwapTotal/{print $2}' /proc/meminfo)"
echo "address=$(ip -o route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \\([^ ]*\\).*/\\1/p')"; echo "user=$(id -u)"
for command in NEEDED python3; do command -v $command >/dev/null || echo "lacks=$command"; done
echo "podman=$(podman --version 2>/dev/null)"
"""


def read(node: host.Host) -> Object:
    """base's facts; works also where Podman doesn't."""
    script = SCRIPT.replace("NEEDED", " ".join(NEEDED)).replace("BASE", node.place.base)
    said: dict[str, list[str]] = {}
    for line in node.reach.shell(script).decode().splitlines():
        key, _, value = line.partition("=")
        said.setdefault(key, []).append(value)
    one = {key: values[0] for key, values in said.items()}
    missing = [f"{NEEDED.get(word, word)} ({word} not found)" for word in said.get("lacks", ())]
    return {
        "capacity": {
            "cpu": one["cpus"],
            "memory": f"{one['memory']}Ki",
            "pods": str(PODS),
            "ephemeral-storage": f"{one.get('disk') or 0}Ki",
        },
        "nodeInfo": _about(one),
        "addresses": [*_addresses(one), {"type": "Hostname", "address": one["host"]}],
        "bootID": one["boot"],
        "missing": missing or _broken(node),
    }


def _about(one: dict[str, str]) -> Object:
    architecture = ARCHITECTURES.get(one["arch"], one["arch"])
    return {
        "machineID": one["machine"],
        "systemUUID": one["uuid"] or one["machine"],
        "bootID": one["boot"],
        "kernelVersion": one["kernel"],
        "osImage": one["os"],
        "containerRuntimeVersion": f"podman://{one['podman'].rpartition(' ')[2]}",
        "kubeletVersion": "",
        "kubeProxyVersion": "",
        "operatingSystem": "linux",
        "architecture": architecture,
        **({"swap": {"capacity": int(one["swap"]) * 1024}} if int(one.get("swap") or 0) else {}),
    }


def _addresses(one: dict[str, str]) -> list[Object]:
    return [{"type": "InternalIP", "address": one["address"]}] if one.get("address") else []


def _broken(node: host.Host) -> list[str]:
    try:
        rootless = node.settings()["rootless"]
    except errors.NodeError as error:
        return [error.message]
    return ["Podman runs rootless: pods need root for now"] if rootless else []
