"""`create rolebinding` and `create clusterrolebinding`."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli.generators import common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

GROUP = "rbac.authorization.k8s.io"


def run(ctx: Context) -> int:
    """A binding of users, groups and service accounts to a role."""
    cluster = ctx.path == "create clusterrolebinding"
    name = common.name(ctx, may_be_empty=cluster)
    kind = "ClusterRoleBinding" if cluster else "RoleBinding"
    role, cluster_role = str(ctx.flags.get("role", "")), str(ctx.flags["clusterrole"])
    if not cluster and bool(role) == bool(cluster_role):
        raise errors.CommandError("exactly one of clusterrole or role must be specified")
    obj: dict[str, Any] = {"kind": kind, "apiVersion": f"{GROUP}/v1", "metadata": common.meta(ctx, name, namespaced=not cluster)}
    found = subjects(ctx)
    if found:
        obj["subjects"] = found
    obj["roleRef"] = {"apiGroup": GROUP, "kind": "ClusterRole" if cluster or cluster_role else "Role", "name": cluster_role or role}
    return common.finish(ctx, obj, failed=f"failed to create {kind.lower()}: ")


def subjects(ctx: Context, namespace: str = "") -> list[dict[str, str]]:
    """`--user`, `--group` and `--serviceaccount` as subjects; `namespace` is that of an account that names none."""
    found = [{"kind": "User", "apiGroup": GROUP, "name": name} for name in ctx.flags["user"]]
    found += [{"kind": "Group", "apiGroup": GROUP, "name": name} for name in ctx.flags["group"]]
    for text in ctx.flags["serviceaccount"]:
        place, _, name = text.partition(":")
        if not ((place or namespace) and name) or ":" in name:
            raise errors.CommandError("serviceaccount must be <namespace>:<name>")
        found.append({"kind": "ServiceAccount", "name": name, "namespace": place or namespace})
    return found
