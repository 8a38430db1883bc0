"""`auth can-i` and `auth whoami`. Upstream: kubectl's cmd/auth."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

VERBS = (
    "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "use", "bind", "impersonate", "*", "approve",
    "sign", "escalate", "attest",
)  # fmt: skip
URL_VERBS = ("get", "put", "post", "head", "options", "delete", "patch")
NO_KINDS = ("*", "users", "groups")
"""Words that roles may speak of though no kind is called so."""

NO_REVIEW = "the selfsubjectreviews API is not enabled in the cluster or you do not have permission to call it"
TWO = "you must specify two arguments: verb resource or verb resource/resourceName."


def run(ctx: Context) -> int:
    """One of the two."""
    return _whoami(ctx) if ctx.path == "auth whoami" else _can_i(ctx)


def _review(ctx: Context, kind: str, group: str, spec: Object) -> Object:
    row = ctx.kinds().by_gvk(f"{group}/v1", kind)
    assert row is not None
    body: Object = {"apiVersion": f"{group}/v1", "kind": kind, "metadata": {}}
    if spec:
        body["spec"] = spec
    return ctx.client.create(row, "", body, writes.options(ctx, subresource=""))


def _whoami(ctx: Context) -> int:
    printer = printing.select(ctx)
    if ctx.args:
        raise ctx.usage(f"unexpected arguments: [{' '.join(ctx.args)}]")
    try:
        found = _review(ctx, "SelfSubjectReview", "authentication.k8s.io", {})
    except errors.Forbidden as refused:
        raise errors.CommandError(NO_REVIEW) from refused
    if printer.form:
        printer.show(found)
        return 0
    from pkctl.printers import tabwriter

    user = (found.get("status") or {}).get("userInfo") or {}
    rows = [("ATTRIBUTE", "VALUE"), ("Username", user.get("username", ""))]
    if user.get("uid"):
        rows.append(("UID", user["uid"]))
    if user.get("groups"):
        rows.append(("Groups", f"[{' '.join(user['groups'])}]"))
    for name, values in sorted((user.get("extra") or {}).items()):
        rows.append((f"Extra: {name}", f"[{' '.join(values)}]"))
    ctx.io.out(tabwriter.listing().align("".join(f"{name}\t{value}\n" for name, value in rows)))
    return 0


def _can_i(ctx: Context) -> int:
    flags = ctx.flags
    namespace = "" if flags["all-namespaces"] else ctx.namespace
    if flags["list"]:
        if ctx.args:
            raise errors.CommandError("list option must be specified with no arguments")
        if flags["quiet"] or flags["all-namespaces"] or flags["subresource"]:
            raise errors.CommandError("list option can't be specified with neither quiet, all-namespaces nor subresource options")
        return _list(ctx, namespace)
    if len(ctx.args) != 2:
        raise _two(ctx)
    verb, what = ctx.args
    found = _review(ctx, "SelfSubjectAccessReview", "authorization.k8s.io", _spec(ctx, verb, what, namespace))
    status = found.get("status") or {}
    if not flags["quiet"]:
        reasons = [status[field] for field in ("reason", "evaluationError") if status.get(field)]
        ctx.io.out("yes\n" if status.get("allowed") else f"{' - '.join(['no', *reasons])}\n")
    return 0 if status.get("allowed") else 1


def _two(ctx: Context) -> errors.PkctlError:
    return errors.CommandError(f"{TWO}\nSee '{ctx.io.program} auth can-i -h' for help and examples.")


def _spec(ctx: Context, verb: str, what: str, namespace: str) -> Object:
    is_url = what.startswith("/")
    if is_url and ctx.flags["subresource"]:
        raise errors.CommandError("--subresource can not be used with NonResourceURL")
    found = {"path": what} if is_url else _resource(ctx, what, namespace)
    if verb not in (URL_VERBS if is_url else VERBS):
        ctx.warn(f"verb '{verb}' is not a known verb\n")
    if ctx.flags["no-headers"]:
        raise errors.CommandError("--no-headers cannot be set without --list specified")
    return {"nonResourceAttributes" if is_url else "resourceAttributes": {"verb": verb, **found}}


def _resource(ctx: Context, what: str, namespace: str) -> Object:
    word, _, name = what.partition("/")
    row = None if word == "*" else ctx.kinds().find(word)
    if row is not None and not row.namespaced and not ctx.flags["all-namespaces"]:
        ctx.warn(f"resource '{row.plural}' is not namespace scoped" + (f" in group '{row.group}'" if row.group else "") + "\n")
    resource, group = (row.plural, row.group) if row else word.partition(".")[::2]
    if row is None and word not in NO_KINDS:
        ctx.warn(f"the server doesn't have a resource type '{resource}'" + (f" in group '{group}'" if group else "") + "\n")
    found = {"resource": resource, "namespace": namespace, "group": group, "name": name, "subresource": str(ctx.flags["subresource"] or "")}
    return {field: value for field, value in found.items() if value or field in ("resource", "namespace")}


def _list(ctx: Context, namespace: str) -> int:
    from pkctl.kinds import rbac
    from pkctl.printers import tabwriter

    found = _review(ctx, "SelfSubjectRulesReview", "authorization.k8s.io", {"namespace": namespace or "default"})
    status = found.get("status") or {}
    if status.get("incomplete"):
        ctx.io.err(f"warning: the list may be incomplete: {status.get('evaluationError', '')}\n")
    lines = [] if ctx.flags["no-headers"] else ["Resources\tNon-Resource URLs\tResource Names\tVerbs"]
    for rule in rbac.compact([*(status.get("resourceRules") or ()), *(status.get("nonResourceRules") or ())]):
        lists = [f"[{' '.join(rule.get(part) or ())}]" for part in ("nonResourceURLs", "resourceNames", "verbs")]
        lines.append("\t".join((rbac.resource(rule), *lists)))
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))
    return 0
