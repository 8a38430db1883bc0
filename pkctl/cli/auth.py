"""`auth can-i` and `auth whoami`. Upstream: kubectl's cmd/auth."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]

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
    if ctx.args:
        raise ctx.usage(f"unexpected arguments: [{' '.join(ctx.args)}]")
    printer = printing.select(ctx)
    found = _review(ctx, "SelfSubjectReview", "authentication.k8s.io", {})
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
        return _list(ctx, namespace)
    if len(ctx.args) != 2:
        raise _two(ctx)
    verb, what = ctx.args
    found = _review(ctx, "SelfSubjectAccessReview", "authorization.k8s.io", _spec(ctx, verb, what, namespace))
    status = found.get("status") or {}
    if not flags["quiet"]:
        reason = f" - {status['reason']}" if status.get("reason") else ""
        ctx.io.out(f"{'yes' if status.get('allowed') else 'no'}{reason if not status.get('allowed') else ''}\n")
    return 0 if status.get("allowed") else 1


def _two(ctx: Context) -> errors.PkctlError:
    return errors.CommandError(f"{TWO}\nSee '{ctx.io.program} auth can-i -h' for help and examples.")


def _spec(ctx: Context, verb: str, what: str, namespace: str) -> Object:
    if what.startswith("/"):
        return {"nonResourceAttributes": {"path": what, "verb": verb}}
    word, _, name = what.partition("/")
    row = None if word == "*" else ctx.kinds().find(word)
    if row is None and word != "*":
        ctx.warn(f"the server doesn't have a resource type '{word}'\n")
    if row is not None and not row.namespaced:
        if not ctx.flags["quiet"]:
            ctx.warn(f"resource '{row.plural}' is not namespace scoped" + (f" in group '{row.group}'" if row.group else "") + "\n")
        namespace = ""
    found = {"verb": verb, "resource": row.plural if row else word, "namespace": namespace}
    if row is not None and row.group:
        found["group"] = row.group
    if name:
        found["name"] = name
    if ctx.flags["subresource"]:
        found["subresource"] = str(ctx.flags["subresource"])
    return {"resourceAttributes": found}


def _list(ctx: Context, namespace: str) -> int:
    from pkctl.printers import tabwriter

    found = _review(ctx, "SelfSubjectRulesReview", "authorization.k8s.io", {"namespace": namespace or "default"})
    status = found.get("status") or {}
    lines = [] if ctx.flags["no-headers"] else ["Resources\tNon-Resource URLs\tResource Names\tVerbs"]
    for rule in status.get("resourceRules") or []:
        for resource in rule.get("resources") or []:
            for group in rule.get("apiGroups") or [""]:
                name = f"{resource}.{group}" if group else resource
                lines.append(f"{name}\t[]\t[{' '.join(rule.get('resourceNames') or [])}]\t[{' '.join(rule.get('verbs') or [])}]")
    for rule in status.get("nonResourceRules") or []:
        lines.extend(f"\t[{url}]\t[]\t[{' '.join(rule.get('verbs') or [])}]" for url in rule.get("nonResourceURLs") or [])
    ctx.io.out(tabwriter.listing().align("".join(f"{line}\n" for line in lines)))
    return 0
