"""Which cluster a process has chosen, and the folders that it keeps things in. Nothing is opened here."""

from __future__ import annotations

import os

from pkctl.objects import sources as source_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pkctl.runtime import base as runtime


class Setup:
    """One process's choice of cluster: the environment it goes by, the place ("" for the user's own), clock and warnings."""

    def __init__(
        self,
        env: Mapping[str, str],
        place: str = "",
        *,
        sources: source_module.Sources | None = None,
        warn: Callable[[str], None] = lambda _: None,
        hollow: bool = False,
    ) -> None:
        """`hollow`: a cluster that does not exist yet is made without nodes."""
        self.env, self.place, self.warn, self.hollow = env, place, warn, hollow
        self.sources = sources or source_module.Sources()
        self.runtimes: dict[str, runtime.Runtime] = {}


def data_home(setup: Setup) -> str:
    """The folder of pkctl's data, by the XDG rules."""
    return xdg(setup, "XDG_DATA_HOME", ".local/share")


def config_home(setup: Setup) -> str:
    """The folder of pkctl's configuration: keys live here, apart from the data they open."""
    return xdg(setup, "XDG_CONFIG_HOME", ".config")


def kubeconfig(env: Mapping[str, str]) -> str:
    """pkctl's own kubeconfig, for who names no other."""
    return os.path.join(config_home(Setup(env)), "config")


def xdg(setup: Setup, name: str, default: str) -> str:
    """pkctl's folder below the one that an XDG variable names."""
    home = setup.env.get("HOME") or os.path.expanduser("~")
    return os.path.join(setup.env.get(name) or os.path.join(home, default), "pkctl")


def place(setup: Setup) -> str:
    """Where the cluster is: as chosen, else PKCTL_CLUSTER, else the user's own file."""
    chosen = setup.place or setup.env.get("PKCTL_CLUSTER", "")
    if not chosen:
        return os.path.join(data_home(setup), "cluster.db")
    if chosen.startswith("sqlite:///"):
        chosen = chosen.removeprefix("sqlite://")
    return chosen if "://" in chosen else os.path.abspath(os.path.expanduser(chosen))


def log_path(setup: Setup) -> str:
    """Where the daemon of the cluster writes."""
    folder = data_home(setup)
    os.makedirs(folder, mode=0o700, exist_ok=True)
    return os.path.join(folder, "daemon.log")
