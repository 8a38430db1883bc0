"""`certificate approve` and `certificate deny`. Upstream: kubectl's cmd/certificates."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, resources, visiting, writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.cli.context import Context


CSRS = "certificatesigningrequests.certificates.k8s.io"


def run(ctx: Context) -> int:
    """Decide the requests named."""
    approves = ctx.path == "certificate approve"
    printer = printing.select(ctx, "approved" if approves else "denied")
    if not ctx.args and not ctx.flags["filename"] and not ctx.flags["kustomize"]:
        raise errors.CommandError("one or more CSRs must be specified as <name> or -f <filename>")
    for word in ctx.args:
        if "/" in word:
            resources.judge(ctx, [word])
    words = [word if "/" in word else f"{CSRS}/{word}" for word in ctx.args]
    return resources.each(ctx, words, lambda visit: _decide(ctx, printer, visit, approves), nothing="No resources found")


def _decide(ctx: Context, printer: printing.Printer, visit: visiting.Visit, approves: bool) -> None:
    from pkctl.objects import times

    if visit.row.namespaced:
        raise errors.CommandError("namespace may not be empty when retrieving a resource by name")
    if visit.row.id != CSRS:
        got = f"{visit.row.kind}.{visit.row.group}" if visit.row.group else visit.row.kind
        raise errors.CommandError(f"can only handle CertificateSigningRequest.certificates.k8s.io objects, got {got}")
    obj = visit.obj or {}
    kind, other = ("Approved", "Denied") if approves else ("Denied", "Approved")
    found = list((obj.get("status") or {}).get("conditions") or [])
    if any(each["type"] == other for each in found):
        raise errors.CommandError(f'certificate signing request "{visit.name}" is already {other}')
    has_it = any(each["type"] == kind for each in found)
    if not has_it or ctx.flags["force"]:
        now = times.stamp(ctx.io.sources.now())
        reason, verb = ("KubectlApprove", "approve") if approves else ("KubectlDeny", "deny")
        message = f"This CSR was {kind.lower()} by kubectl certificate {verb}."
        made = {"type": kind, "status": "True", "reason": reason, "message": message, "lastUpdateTime": now}
        new = {**obj, "status": {**(obj.get("status") or {}), "conditions": found if has_it else [*found, made]}}
        obj = ctx.client.update(visit.row, "", visit.name, new, writes.options(ctx, subresource="approval"))
    printer.show(obj, visit.row)
