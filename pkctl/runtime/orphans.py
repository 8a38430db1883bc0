"""What clusters left behind on a node: containers and folders with our labels whose cluster no longer exists.

A cluster is gone when its place was a file of this machine (`HOST:PATH`) and the file is not there, or is the asking cluster's by now.
What another machine's cluster runs here is never an orphan: only that machine can know.
"""

from __future__ import annotations

import os
import shlex

from pkctl.runtime import places, sandbox

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.runtime import host

    Object = dict[str, Any]


def is_gone(place: str) -> bool:
    """Whether a label's place is known to be gone."""
    machine, _, path = place.partition(":")
    return machine == places.machine() and path.startswith("/") and not os.path.exists(path)


def _is_lost(place: str, node: host.Host) -> bool:
    """Whether what is not of the asking cluster, and has this place, belongs to nobody; a new cluster may lie where the old one was."""
    return place == node.place.path or is_gone(place)


def find(node: host.Host) -> list[Object]:
    """Orphaned pods, one row for each uid: {"cluster", "pod", "uid", "kind", "id"}; the id is a container's, or the folder's."""
    rows = node.api.get("/containers/json", all=True, filters={"label": ["pkctl.cluster"]}) or []
    found: dict[str, Object] = {}
    for row in rows:
        labels = row["Labels"]
        if labels["pkctl.cluster"] != node.place.cluster and _is_lost(labels.get("pkctl.place", ""), node):
            pod = f"{labels['pkctl.namespace']}/{labels['pkctl.pod']}"
            entry = {"cluster": labels["pkctl.cluster"], "pod": pod, "uid": labels["pkctl.uid"], "kind": "container", "id": row["Id"]}
            found[row["Id"]] = entry
    return [*found.values(), *_folders(node, {entry["uid"] for entry in found.values()})]


def remove(node: host.Host, orphan: Object) -> None:
    """Remove one orphan: the container, or the pod's folder, namespaces and cable."""
    if orphan["kind"] == "container":
        from pkctl.runtime import acting

        acting.delete(node, orphan["id"])
    if orphan["uid"]:
        other = places.Place(orphan["cluster"], node.place.node, base=node.place.base, run=node.place.run)
        if not _siblings(node, orphan):
            node.reach.shell(sandbox.remove(orphan["uid"], other))
    else:
        node.reach.shell(f"rm -rf {shlex.quote(orphan['id'])}")


def _siblings(node: host.Host, orphan: Object) -> list[Object]:
    return node.api.get("/containers/json", all=True, filters={"label": [f"pkctl.uid={orphan['uid']}"]}) or []


def _folders(node: host.Host, known: set[str]) -> list[Object]:
    """Folders of pods without containers, and of clusters without pods (their disks)."""
    each = 'for one in */place; do echo "$one $(cat $one)"; ls ${one%/place}/pods 2>/dev/null; done; :'
    script = f"cd {node.place.base} 2>/dev/null || exit 0; {each}"
    found: list[Object] = []
    gone = ""
    for line in node.reach.shell(script).decode().splitlines():
        short, slash, place = line.partition("/place ")
        if slash:
            gone = short if short != node.place.short and _is_lost(place, node) else ""
            if gone:
                found.append({"cluster": gone, "pod": "", "uid": "", "kind": "folder", "id": f"{node.place.base}/{gone}"})
        elif gone and line not in known:
            found.append({"cluster": gone, "pod": "", "uid": line, "kind": "folder", "id": f"{node.place.base}/{gone}/pods/{line}"})
    return sorted(found, key=lambda row: row["uid"] == "")
