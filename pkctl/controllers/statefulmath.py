"""What a StatefulSet's pods and claims are to look like: names, identity, revisions.

Follows pkg/controller/statefulset/stateful_set_utils.go and pkg/controller/history.
"""

from __future__ import annotations

import re

from pkctl.objects import hashes, meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkctl.objects.meta import Object

NAME_LABEL, INDEX_LABEL = "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index"
REVISION_LABEL, HASH_LABEL = "controller-revision-hash", "controller.kubernetes.io/hash"
ORDINAL = re.compile(r"^(.*)-([0-9]+)$")


def ordinal(owner: Object, pod: Object) -> int | None:
    """A pod's place in the set, None when its name is not one of the set's."""
    found = ORDINAL.match(meta.name(pod))
    return int(found[2]) if found and found[1] == meta.name(owner) else None


def ordinals(owner: Object) -> range:
    """The places that should be filled."""
    start = int(meta.at(owner, "spec", "ordinals", "start", default=0))
    return range(start, start + int(meta.at(owner, "spec", "replicas", default=1)))


def pod(owner: Object, template: Object, revision: str, index: int) -> Object:
    """The pod of one place, made from a template of `revision`."""
    name = f"{meta.name(owner)}-{index}"
    described = meta.clone(template.get("metadata") or {})
    labels = {**(described.get("labels") or {}), NAME_LABEL: name, INDEX_LABEL: str(index), REVISION_LABEL: revision}
    spec = meta.clone(template.get("spec") or {})
    spec |= {"hostname": name, "subdomain": meta.at(owner, "spec", "serviceName", default="")}
    claimed = [{"name": one, "persistentVolumeClaim": {"claimName": made}} for one, made in claim_names(owner, index).items()]
    mine = {one["name"] for one in claimed}
    if claimed:
        spec["volumes"] = claimed + [one for one in spec.get("volumes") or [] if one["name"] not in mine]
    metadata = {
        "name": name,
        "generateName": f"{meta.name(owner)}-",
        "namespace": meta.namespace(owner),
        "labels": labels,
        **{field: described[field] for field in ("annotations", "finalizers") if described.get(field)},
        "ownerReferences": [owners.reference(owner)],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def claim_names(owner: Object, index: int) -> dict[str, str]:
    """The claims of one place, by the name of their template."""
    templates = meta.at(owner, "spec", "volumeClaimTemplates", default=[])
    return {meta.name(one): f"{meta.name(one)}-{meta.name(owner)}-{index}" for one in templates}


def claims(owner: Object, index: int) -> list[Object]:
    """The claims of one place as they are to be made."""
    keeps = meta.at(owner, "spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted", default="Retain") == "Retain"
    names = claim_names(owner, index)
    made = []
    for template in meta.at(owner, "spec", "volumeClaimTemplates", default=[]):
        described = meta.clone(template.get("metadata") or {})
        labels = {**(described.get("labels") or {}), **meta.at(owner, "spec", "selector", "matchLabels", default={})}
        metadata = {"name": names[meta.name(template)], "namespace": meta.namespace(owner), "labels": labels}
        if described.get("annotations"):
            metadata["annotations"] = described["annotations"]
        if not keeps:
            metadata["ownerReferences"] = [owners.reference(owner)]
        made.append({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": meta.clone(template["spec"])})
    return made


def revision(owner: Object, number: int, collisions: int | None) -> Object:
    """A ControllerRevision that remembers the set's present template."""
    template = owner["spec"]["template"]
    code = hashes.template_hash(template, collisions)
    return {
        "apiVersion": "apps/v1",
        "kind": "ControllerRevision",
        "metadata": {
            "name": f"{meta.name(owner)[:223]}-{code}",
            "namespace": meta.namespace(owner),
            "labels": {**meta.at(template, "metadata", "labels", default={}), HASH_LABEL: code},
            "ownerReferences": [owners.reference(owner)],
        },
        "data": {"spec": {"template": {**meta.clone(template), "$patch": "replace"}}},
        "revision": number,
    }


def template_of(revision: Object) -> Object:
    """The template a ControllerRevision remembers."""
    return {key: value for key, value in revision["data"]["spec"]["template"].items() if key != "$patch"}


def by_number(revisions: Iterable[Object]) -> list[Object]:
    """Oldest first."""
    return sorted(revisions, key=lambda one: (int(one.get("revision") or 0), meta.created(one) or 0, meta.name(one)))


def revision_of(pod: Object) -> str:
    """The revision a pod was made from."""
    return str(meta.labels(pod).get(REVISION_LABEL, ""))
