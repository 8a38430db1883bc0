"""What the API says of itself: groups, versions, resources, and its own version.

Follows apimachinery's APIGroup and APIResourceList; the rows are kinds/table's.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from pkctl.kinds.table import Kinds, Row

PARENTS = {
    "approval": ("", "", "CertificateSigningRequest", ("get", "patch", "update")),
    "attach": ("", "", "PodAttachOptions", ("create", "get")),
    "binding": ("", "", "Binding", ("create",)),
    "ephemeralcontainers": ("", "", "Pod", ("get", "patch", "update")),
    "eviction": ("policy", "v1", "Eviction", ("create",)),
    "exec": ("", "", "PodExecOptions", ("create", "get")),
    "finalize": ("", "", "Namespace", ("update",)),
    "log": ("", "", "Pod", ("get",)),
    "portforward": ("", "", "PodPortForwardOptions", ("create", "get")),
    "proxy": ("", "", "{kind}ProxyOptions", ("create", "delete", "get", "patch", "update")),
    "resize": ("", "", "Pod", ("get", "patch", "update")),
    "scale": ("autoscaling", "v1", "Scale", ("get", "patch", "update")),
    "status": ("", "", "{kind}", ("get", "patch", "update")),
    "token": ("authentication.k8s.io", "v1", "TokenRequest", ("create",)),
}
"""Each subresource's (group, version, kind, verbs); an empty group and version are the parent's."""


def version() -> dict[str, str]:
    """version.Info: the Kubernetes version that is spoken, and pkctl's own build; a server also says which versions it stands in for."""
    from pkctl.objects import versions

    major, minor = versions.KUBERNETES
    info = versions.information()
    return {
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": str(int(minor) - 1),
        **info,
    }


def group_versions(kinds: Kinds) -> list[str]:
    """Every group/version served, sorted as `api-versions` prints them."""
    return sorted({row.api_version for row in kinds})


def groups(kinds: Kinds) -> dict[str, Any]:
    """APIGroupList: every group but core, its first version preferred."""
    found: dict[str, list[str]] = {}
    for row in kinds:
        versions = found.setdefault(row.group, [])
        if row.version not in versions:
            versions.append(row.version)
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [_group(name, found[name]) for name in found if name]}


def _group(name: str, versions: list[str]) -> dict[str, Any]:
    served = [{"groupVersion": f"{name}/{each}", "version": each} for each in versions]
    return {"name": name, "versions": served, "preferredVersion": served[0]}


def resources(kinds: Kinds, group: str, version: str) -> dict[str, Any]:
    """APIResourceList of one group/version, subresources behind their kind."""
    rows = sorted((row for row in kinds if row.group == group and row.version == version), key=lambda row: row.plural)
    listed = [entry for row in rows for entry in (_resource(kinds, row), *_subresources(row))]
    joined = f"{group}/{version}" if group else version
    return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": joined, "resources": listed}


def _resource(kinds: Kinds, row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": row.plural,
        "singularName": row.singular,
        "namespaced": row.namespaced,
        "kind": row.kind,
        "verbs": list(row.verbs),
    }
    if row.short:
        found["shortNames"] = list(row.short)
    if row.categories:
        found["categories"] = list(row.categories)
    if {"create", "get"} <= set(row.verbs):
        found["storageVersionHash"] = _storage_hash(kinds.by_id(row.storage) or row)
    return found


def _storage_hash(row: Row) -> str:
    """StorageVersionHash in apiserver/pkg/endpoints/discovery: changes when objects come to be stored in another form."""
    from base64 import b64encode
    from hashlib import sha256

    group, _, version = row.stored_as.rpartition("/")
    return b64encode(sha256(f"{group}/{version}/{row.kind}".encode()).digest()[:8]).decode()


def _subresources(row: Row) -> Iterable[dict[str, Any]]:
    for name in row.subresources:
        group, version, kind, verbs = PARENTS[name]
        found: dict[str, Any] = {"name": f"{row.plural}/{name}", "singularName": "", "namespaced": row.namespaced}
        if version:
            found |= {"group": group, "version": version}
        yield {**found, "kind": kind.format(kind=row.kind), "verbs": list(verbs)}
