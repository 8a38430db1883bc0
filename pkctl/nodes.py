"""Machines joining and leaving a cluster: what `pkctl node` does.

A Node object says by annotation how it is reached; everything after that is the engine's. Each function returns the lines to print.
"""

from __future__ import annotations

from pkctl import errors, machines, setups, wiring
from pkctl.api import options, resources
from pkctl.engine import heartbeats
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkctl.api import session as sessions
    from pkctl.objects.meta import Object
    from pkctl.runtime import base as runtime

SIM = "sim"
"""In place of an ssh destination: a simulated node, for trying things out."""


def add(setup: setups.Setup, name: str, ssh: str) -> list[str]:
    """Make a machine a node: trust its host key (this once), check what it has, register it. CommandError when it can't be one."""
    api = wiring.open_api(setup)
    if _read(api, name) is not None:
        raise errors.CommandError(f'node "{name}" exists already; remove it first: pkctl node remove {name}')
    annotations = _annotations(ssh)
    lines = _trust(setup, ssh) if machines.SSH in annotations else []
    node = heartbeats.node(name, annotations, {})
    reached = machines.runtime_of(setup, api, node)
    assert reached is not None
    try:
        facts = reached.facts()
    except errors.NodeError as error:
        raise errors.CommandError(f"node {name} was not added: {error.message}") from error
    if facts.get("missing"):
        raise errors.CommandError(f"node {name} was not added, it lacks: {'; '.join(facts['missing'])}")
    node = heartbeats.node(name, annotations, facts)
    with api.writing() as session:
        resources.create(session, session.row("nodes"), "", node, options.Options(field_manager="kubelet"))
    wiring.settle(setup, api)
    return [*lines, f"node/{name} added"]


def _annotations(ssh: str) -> dict[str, str]:
    if ssh == SIM:
        return {machines.RUNTIME: "sim"}
    if ssh:
        return {machines.RUNTIME: "ssh", machines.SSH: ssh}
    return {machines.RUNTIME: "podman", machines.MACHINE: machines.machine_id()}


def _trust(setup: setups.Setup, ssh: str) -> list[str]:
    from pkctl.runtime import ssh as remote

    try:
        line = remote.trust(machines.target(setup, ssh))
    except errors.NodeError as error:
        raise errors.CommandError(error.message) from error
    return [f"trusting the host key {' '.join(line.split()[:2])}"]


def rows(setup: setups.Setup) -> list[str]:
    """A table of the nodes and how each is reached."""
    api = wiring.open_api(setup)
    found = [("NAME", "RUNTIME", "REACHED", "STATUS")]
    for node in _all(api):
        notes = meta.annotations(node)
        ready = "Ready" if meta.is_true(node, "Ready") else "NotReady"
        reached = notes.get(machines.SSH) or ("this machine" if notes.get(machines.MACHINE) == machines.machine_id() else "another machine")
        found.append(
            (meta.name(node), notes.get(machines.RUNTIME, "none"), reached if notes.get(machines.RUNTIME) != "sim" else "nowhere", ready)
        )
    widths = [max(len(row[column]) for row in found) + 3 for column in range(3)]
    return ["".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in found]


def check(setup: setups.Setup, name: str | None) -> tuple[list[str], int]:
    """What each node lacks, and what of ours on it belongs to no cluster; exit code 1 when anything is found."""
    api = wiring.open_api(setup)
    lines: list[str] = []
    troubles = 0
    for each, reached in _reached(setup, api, name):
        try:
            missing = [f"lacks {text}" for text in reached.facts().get("missing") or ()]
            left = [
                f"holds {orphan['pod'] or orphan['uid']} of the vanished cluster {orphan['cluster']}; pkctl node clean {each}"
                for orphan in reached.orphans()
            ]
        except errors.NodeError as error:
            missing, left = [error.message], []
        troubles += len(missing) + len(left)
        lines += [f"{each}: {text}" for text in (*missing, *left)] or [f"{each}: ok"]
    return lines, 1 if troubles else 0


def remove(setup: setups.Setup, name: str, *, force: bool) -> list[str]:
    """Take a node out: its pods go from it, then the Node object. CommandError when it does not answer and `force` is not given."""
    api = wiring.open_api(setup)
    node = _read(api, name)
    if node is None:
        raise errors.CommandError(f'nodes "{name}" not found')
    chosen = options.Options(grace=0)
    reached = machines.runtime_of(setup, api, node)
    try:
        for state in reached.observe() if reached else ():
            ghost = {"metadata": {field: state[field] for field in ("uid", "namespace", "name")}, "spec": {}}
            reached.apply({"do": "remove", "pod": ghost, "grace": 0}) if reached else None
    except errors.NodeError as error:
        if not force:
            raise errors.CommandError(f"{error.message}; with --force it is forgotten all the same, its containers are left") from error
    with api.writing() as session:
        for pod in session.read_all("pods"):
            if meta.at(pod, "spec", "nodeName") == name:
                resources.delete(session, session.row("pods"), *meta.key(pod), chosen)
        resources.delete(session, session.row("nodes"), "", name, chosen)
    wiring.settle(setup, api)
    return [f"node/{name} removed"]


def clean(setup: setups.Setup, name: str | None, confirm: Callable[[str], bool]) -> list[str]:
    """Remove what vanished clusters left behind, each after `confirm`."""
    api = wiring.open_api(setup)
    lines = []
    for each, reached in _reached(setup, api, name):
        for orphan in reached.orphans():
            if confirm(f"{each}: remove {orphan['pod'] or orphan['uid']} of the vanished cluster {orphan['cluster']}?"):
                reached.clean(orphan)
                lines.append(f"{each}: {orphan['pod'] or orphan['uid']} removed")
    return lines or ["nothing to clean"]


def _reached(setup: setups.Setup, api: sessions.Api, name: str | None) -> Iterator[tuple[str, runtime.Runtime]]:
    """The nodes this machine can reach, or the named one."""
    if machines.has_local_node(setup):
        machines.register(api)
    nodes = _all(api)
    if name is not None:
        nodes = [node for node in nodes if meta.name(node) == name]
        if not nodes:
            raise errors.CommandError(f'nodes "{name}" not found')
    for node in nodes:
        if reached := machines.runtime_of(setup, api, node):
            yield meta.name(node), reached


def _all(api: sessions.Api) -> list[Object]:
    with api.reading() as session:
        return session.read_all("nodes")


def _read(api: sessions.Api, name: str) -> Object | None:
    with api.reading() as session:
        return session.read("nodes", "", name)
