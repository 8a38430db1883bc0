"""Where one cluster's containers live on one node: names, labels and paths, and nothing that touches them.

A node keeps what must survive a reboot under `base` (volumes, logs, the pod's own files) and what must not under `run`
(pinned namespaces, sockets). Tests give other places and Podman options, so that they never meet the machine's own containers.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Place:
    """One cluster on one node: `path` says where the cluster itself is kept, `podman` are options for every podman call."""

    __slots__ = ("base", "cluster", "mtu", "network", "node", "path", "podman", "run", "short", "tmp")

    def __init__(
        self,
        cluster: str,
        node: str,
        *,
        path: str = "",
        podman: tuple[str, ...] = (),
        tmp: str = "/run/libpod",
        base: str = "/var/lib/pkctl",
        run: str = "/run/pkctl",
        network: str = "10.200.0.0/16",
        mtu: int = 1450,
    ) -> None:
        self.cluster, self.node, self.path, self.podman, self.tmp = cluster, node, path, podman, tmp
        self.base, self.run, self.network, self.mtu = base, run, network, mtu
        self.short = cluster.replace("-", "")[:8]

    @property
    def home(self) -> str:
        """What survives a reboot."""
        return f"{self.base}/{self.short}"

    @property
    def pins(self) -> str:
        """Pinned namespaces, one folder for each pod."""
        return f"{self.run}/{self.short}"

    @property
    def table(self) -> str:
        """The nft table of this cluster."""
        return f"pkctl_{self.short}"

    @property
    def socket(self) -> str:
        """The socket of the Podman service that we start; one for each Podman store."""
        return f"{self.run}/podman-{_digest(' '.join(self.podman))[:8]}.sock"

    def pod(self, uid: str) -> str:
        return f"{self.home}/pods/{uid}"

    def pin(self, uid: str, kind: str) -> str:
        """`kind`: net, ipc, uts or pid."""
        return f"{self.pins}/{uid}/{kind}"

    def attempt(self, uid: str, container: str, attempt: int) -> str:
        """The folder of one attempt: its log and its termination message."""
        return f"{self.pod(uid)}/containers/{container}/{attempt}"

    def disk(self, name: str) -> str:
        return f"{self.home}/disks/{name}"

    def link(self, uid: str) -> str:
        """The node's end of the pod's cable; 15 characters is the kernel's limit."""
        return f"pk{_digest(self.cluster + uid)[:12]}"

    def container(self, uid: str, container: str, attempt: int) -> str:
        return f"pkctl-{self.short}-{uid}-{container}-{attempt}"

    def labels(self, pod: dict[str, Any], container: str, attempt: int) -> dict[str, str]:
        """What makes a container ours, and tells whose it is when the cluster is gone."""
        meta = pod["metadata"]
        return {
            "pkctl.cluster": self.cluster,
            "pkctl.place": self.path,
            "pkctl.node": self.node,
            "pkctl.uid": meta["uid"],
            "pkctl.namespace": meta.get("namespace", ""),
            "pkctl.pod": meta["name"],
            "pkctl.container": container,
            "pkctl.attempt": str(attempt),
        }


def cgroup(uid: str, *, systemd: bool) -> str:
    """The pod's cgroup, in the words of Podman's cgroup driver."""
    return f"pkctl-pod{uid.replace('-', '_')}.slice" if systemd else f"/pkctl/pod{uid}"


def here(path: str) -> str:
    """The place of a cluster whose file is `path` on this machine, as labels carry it."""
    return f"{machine()}:{path}"


def machine() -> str:
    """What labels call this machine."""
    return os.uname().nodename


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()
