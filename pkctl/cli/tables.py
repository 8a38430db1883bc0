"""`get`'s tables: one per kind, in the order asked, with kubectl's blank lines, prefixes and "No resources found"."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options
from pkctl.cli import paging, report, resources, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]


TABLELESS = ("ephemeralcontainers", "resize")
"""Subresources that the API server has no table for, so that kubectl makes one of names and ages."""


def show(ctx: Context, *, wide: bool) -> int:
    """Print the tables of everything asked for."""
    groups, failed, mixed = gather(ctx)
    if ctx.flags["sort-by"]:
        from pkctl.cli import sorting

        groups = sorting.told(ctx, lambda: sorting.tables(groups, str(ctx.flags["sort-by"])))
    full, spaced = [(row, found) for row, found in groups if found.get("rows")], False
    for number, (row, found) in enumerate(full):
        # kubectl's printer keeps the column once a kind has had it.
        spaced = spaced or row.namespaced
        ctx.io.out("\n" if number and row is not full[number - 1][0] and not ctx.flags["no-headers"] else "")
        ctx.io.out(_coloured(ctx, text(ctx, row, found, wide=wide, mixed=mixed, spaced=spaced)))
    report.raise_several(failed)
    if not full and not ctx.flags["ignore-not-found"]:
        namespaced = all(row.namespaced for row, _ in groups)
        ctx.io.err(nothing(ctx, namespaced=namespaced))
    return 0


def _coloured(ctx: Context, shown: str) -> str:
    """On a terminal, with colour; it needs the headers to find its way."""
    if ctx.flags["no-headers"] or not ctx.io.is_terminal("stdout"):
        return shown
    from pkctl.cli import colours

    return colours.paint(shown) if colours.wanted(ctx.io) else shown


def nothing(ctx: Context, *, namespaced: bool) -> str:
    """kubectl's line for an empty answer."""
    if namespaced and not ctx.flags.get("all-namespaces"):
        return f"No resources found in {ctx.namespace} namespace.\n"
    return "No resources found\n"


def text(ctx: Context, row: table.Row, found: Object, *, wide: bool, mixed: bool, spaced: bool = False) -> str:
    """One table as text."""
    from pkctl.printers import tables

    flags = ctx.flags
    if not flags.get("server-print", True) or flags.get("subresource") in TABLELESS:
        found = plain(found)
    return tables.render(
        found,
        wide=wide,
        no_headers=bool(flags["no-headers"]),
        show_labels=bool(flags["show-labels"]),
        label_columns=list(flags["label-columns"]),
        show_namespace=bool(flags["all-namespaces"]) and (spaced or row.namespaced),
        show_kind=visiting.shown_kind(row) if mixed or flags["show-kind"] else "",
    )


def plain(found: Object) -> Object:
    """The table of `--server-print=false`: names and ages alone."""
    columns = found["columnDefinitions"]
    keep = [place for place, column in enumerate(columns) if column["name"] in ("Name", "Age", "Created At")]
    rows = [{**row, "cells": [row["cells"][place] for place in keep]} for row in found.get("rows") or []]
    return {**found, "columnDefinitions": [columns[place] for place in keep], "rows": rows}


def gather(ctx: Context) -> tuple[list[tuple[table.Row, Object]], list[errors.PkctlError], bool]:
    """A table per kind asked for, the errors met, and whether several kinds share the output."""
    visits, failed = _asked(ctx)
    groups: list[tuple[table.Row, Object]] = []
    for visit in visits:
        try:
            _add(groups, visit.row, _table(ctx, visit))
        except errors.NotFound as error:
            if not ctx.flags["ignore-not-found"]:
                failed.append(error)
        except errors.StatusError as error:
            flags = ctx.flags
            failed.append(
                error if visit.name else resources.unlisted(error, visit.row, str(flags["selector"]), str(flags["field-selector"]))
            )
    return groups, failed, len({(row.id, row.version) for row, _ in groups}) > 1


def _table(ctx: Context, visit: visiting.Visit) -> Object:
    if visit.name:
        part = str(ctx.flags["subresource"]) if ctx.args else ""
        return visit.asked(ctx, lambda: ctx.client.table(visit.row, visit.namespace, visit.name, query(ctx), subresource=part), part)
    if visit.source:
        return _nameless(ctx, visit.obj or {})
    return paging.whole(lambda portion: ctx.client.table(visit.row, visit.namespace, "", portion), query(ctx), paging.size(ctx), "rows")


def _nameless(ctx: Context, obj: Object) -> Object:
    """The table of a file's object that no server can be asked for: kubectl shows it as it stands."""
    from pkctl.kinds import cells

    columns = [{"name": name, "type": "string", "format": "", "priority": 0} for name in ("Name", "Age")]
    return {"columnDefinitions": columns, "rows": [{"cells": ["", cells.age(obj, ctx.io.sources.now())], "object": obj}]}


def _asked(ctx: Context) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    """What is asked for, nothing fetched, kinds without names included; and the errors met."""
    flags = ctx.flags
    if flags["filename"] or flags["kustomize"]:
        visits, failed = resources.gather(ctx, ctx.args)
        if flags["selector"]:
            from pkctl.objects import selectors

            # What kubectl has fetched by now are tables, which have no labels.
            visits = visits if selectors.parse(str(flags["selector"])).matches({}) else []
        return visits, [error for error in failed if not (flags["ignore-not-found"] and isinstance(error, errors.NotFound))]
    resources.judge(ctx, ctx.args, selected=bool(flags["selector"] or flags["field-selector"]))
    ask = resources.read(ctx, ctx.args)
    resources.check(ctx, ask)
    namespace = "" if flags["all-namespaces"] else ctx.namespace
    return [visiting.Visit(row, namespace, name) for row, names in ask.groups for name in names or [""]], []


def query(ctx: Context) -> options.Query:
    """What the flags ask the server for."""
    flags = ctx.flags
    return options.Query(
        labels=str(flags["selector"]),
        fields=str(flags["field-selector"]),
        include_object="Object" if flags["sort-by"] else "Metadata",
    )


def _add(groups: list[tuple[table.Row, Object]], row: table.Row, found: Object) -> None:
    """Tables of one kind asked for by several names are one table."""
    if groups and groups[-1][0] is row and groups[-1][1]["columnDefinitions"] == found["columnDefinitions"]:
        last = groups[-1][1]
        groups[-1] = (row, {**last, "rows": [*(last.get("rows") or []), *(found.get("rows") or [])]})
    else:
        groups.append((row, found))
