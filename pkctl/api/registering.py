"""The APIServices of custom kinds: one for each version of a group that some definition serves.

Follows pkg/controlplane/controller/crdregistration, which here acts within the definition's own write. Those of built-in kinds are
`bootstrap_objects`'.
"""

from __future__ import annotations

from pkctl.api import bootstrap_writes, metadata
from pkctl.api.definitions import ID
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

SERVICES = "apiservices.apiregistration.k8s.io"
OURS = {"kube-aggregator.kubernetes.io/automanaged": "true"}
GROUP_PRIORITY, VERSION_PRIORITY = 1000, 100


def follow(session: Session, old: Object | None, new: Object | None) -> None:
    """A definition has changed, come (no `old`) or gone (no `new`): add and remove what is served anew and no more."""
    if old is not None and new is not None and _versions(old) == _versions(new):
        return
    group = (new or old or {})["spec"]["group"]
    name = meta.name(new or old or {})
    others = [each for each in session.read_all(ID) if each["spec"]["group"] == group and meta.name(each) != name]
    served = _versions(new) | {version for each in others for version in _versions(each)}
    for version in sorted(_versions(old) | _versions(new)):
        if version in served:
            _add(session, group, version)
        else:
            _remove(session, group, version)


def _versions(definition: Object | None) -> set[str]:
    return {form["name"] for form in definition["spec"].get("versions") or () if form.get("served")} if definition else set()


def _add(session: Session, group: str, version: str) -> None:
    from pkctl.kinds import apiservices

    name = f"{version}.{group}"
    if session.read(SERVICES, "", name) is None:
        created = metadata.now(session)
        spec = {"group": group, "version": version, "groupPriorityMinimum": GROUP_PRIORITY, "versionPriority": VERSION_PRIORITY}
        made = {
            "apiVersion": "apiregistration.k8s.io/v1",
            "kind": "APIService",
            "metadata": {"name": name, "uid": session.api.sources.uid(), "creationTimestamp": created, "labels": dict(OURS)},
            "spec": spec,
            "status": {"conditions": [{**apiservices.LOCAL, "lastTransitionTime": created}]},
        }
        bootstrap_writes.put(session, [made])


def _remove(session: Session, group: str, version: str) -> None:
    found = session.read(SERVICES, "", f"{version}.{group}")
    if found is not None and OURS.items() <= meta.labels(found).items():
        session.tx.delete(session.row(SERVICES).key("", meta.name(found)))
