"""`api-resources` and `api-versions`: what is served. Upstream: kubectl's cmd/apiresources."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

FORMATS = ("json", "kyaml", "name", "wide", "yaml")


def run(ctx: Context) -> int:
    """One of the two."""
    return _versions(ctx) if ctx.path == "api-versions" else _resources(ctx)


def _versions(ctx: Context) -> int:
    for version in sorted({row.api_version for row in ctx.kinds()}):
        ctx.io.out(f"{version}\n")
    return 0


def _resources(ctx: Context) -> int:
    flags, form = ctx.flags, str(ctx.flags["output"])
    if form and form not in FORMATS:
        raise printing.unknown(form, FORMATS)
    if flags["sort-by"] not in ("", "name", "kind"):
        raise errors.CommandError("--sort-by accepts only name or kind")
    rows = _rows(ctx)
    if form in ("", "wide"):
        ctx.io.out(_table(rows, wide=form == "wide", headers=not flags["no-headers"]))
        return 0
    if form == "name":
        for row in rows:
            ctx.io.out(f"{row.plural}.{row.group}\n" if row.group else f"{row.plural}\n")
        return 0
    listed = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "", "resources": [_resource(row) for row in rows]}
    render = printing.renderer(ctx, form, None, ordered=True)
    assert render is not None
    ctx.io.out(render(listed))
    return 0


def _rows(ctx: Context) -> list[table.Row]:
    flags, kinds = ctx.flags, ctx.kinds()
    rows = []
    for row in kinds:
        if kinds.by_id(row.id) is not row:
            continue
        if flags.given("api-group") and row.group != flags["api-group"]:
            continue
        if flags.given("namespaced") and row.namespaced != flags["namespaced"]:
            continue
        if flags["verbs"] and not set(flags["verbs"]) <= set(row.verbs):
            continue
        if flags["categories"] and not set(flags["categories"]) <= set(row.categories):
            continue
        rows.append(row)
    if flags["sort-by"] == "kind":
        return sorted(rows, key=lambda row: (row.kind, row.plural))
    return sorted(rows, key=lambda row: (row.plural,) if flags["sort-by"] else (row.group, row.plural))


def _table(rows: list[table.Row], *, wide: bool, headers: bool) -> str:
    from pkctl.printers import tabwriter

    names = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", *(["VERBS", "CATEGORIES"] if wide else [])]
    lines = ["\t".join(names)] if headers else []
    for row in rows:
        cells = [row.plural, ",".join(row.short), row.api_version, "true" if row.namespaced else "false", row.kind]
        if wide:
            cells += [",".join(sorted(row.verbs)), ",".join(row.categories)]
        lines.append("\t".join(cells))
    return tabwriter.listing().align("".join(f"{line}\n" for line in lines))


def _resource(row: table.Row) -> dict[str, Any]:
    found: dict[str, Any] = {"name": row.plural, "singularName": row.singular, "namespaced": row.namespaced}
    if row.group:
        found["group"] = row.group
    found.update({"version": row.version, "kind": row.kind, "verbs": sorted(row.verbs)})
    if row.short:
        found["shortNames"] = list(row.short)
    if row.categories:
        found["categories"] = list(row.categories)
    return found
