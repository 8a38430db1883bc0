"""`wait`: until objects exist, are gone, have a condition or a field's value. Upstream: kubectl's cmd/wait."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, waiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Met = Callable[[Object], bool]


def run(ctx: Context) -> int:
    """Wait for every `--for` of every object, one after the other under one time limit."""
    printer = printing.select(ctx, "condition met")
    conditions = [parse(text) for text in _judged(ctx)]
    if ctx.flags["local"] and ctx.args:
        raise errors.CommandError(resources.NO_FILES)
    timeout = float(ctx.flags["timeout"])
    clock = ctx.io.sources
    end = clock.monotonic() + (waiting.FOREVER if timeout < 0 else timeout)
    if any(kind == "create" for kind, _ in conditions):
        _created(ctx, end)
        conditions = [each for each in conditions if each[0] != "create"]
        if not conditions:
            return resources.each(ctx, ctx.args, lambda visit: printer.show(visit.obj or {}, visit.row))
    visits, failed = _visits(ctx, any(kind == "delete" for kind, _ in conditions))
    if not visits and not failed and not any(kind == "delete" for kind, _ in conditions):
        raise errors.CommandError("no matching resources found")
    for kind, met in conditions:
        for visit in visits:
            try:
                _one(ctx, printer, visit, kind, met, end, timeout)
            except errors.PkctlError as error:
                failed.append(error)
    report.raise_all(failed)
    return 0


def _judged(ctx: Context) -> list[str]:
    wanted = list(ctx.flags["for"])
    if not wanted:
        raise errors.CommandError("unrecognized condition: []")
    return wanted


def parse(text: str) -> tuple[str, Met]:
    """A `--for` as its kind ("create", "delete", "condition", "jsonpath") and what an object must be."""
    lower = text.lower()
    if lower in ("create", "delete"):
        return lower, lambda obj: lower == "create" and bool(obj)
    if text.startswith("condition="):
        name, equals, value = text[len("condition=") :].partition("=")
        return "condition", lambda obj: _has_condition(obj, name, value if equals else "true")
    if text.startswith("jsonpath="):
        if text == "jsonpath=":
            raise errors.CommandError("jsonpath expression cannot be empty")
        return "jsonpath", _jsonpath(text[len("jsonpath=") :])
    raise errors.CommandError(f'unrecognized condition: "{text}"')


def _has_condition(obj: Object, name: str, value: str) -> bool:
    status = obj.get("status") or {}
    for each in status.get("conditions") or []:
        if str(each.get("type", "")).lower() != name.lower():
            continue
        seen = each.get("observedGeneration", status.get("observedGeneration"))
        if seen is not None and int(seen) < int(obj["metadata"].get("generation") or 0):
            return False
        return str(each.get("status", "")).lower() == value.lower()
    return False


def _jsonpath(text: str) -> Met:
    from pkctl.objects import jsonpath

    expression, value = split_jsonpath(text)
    try:
        path = jsonpath.parse(expression, relaxed=True)
    except jsonpath.JSONPathError as error:
        raise errors.CommandError(str(error)) from None

    def met(obj: Object) -> bool:
        try:
            found = path.values(obj)
        except jsonpath.JSONPathError:
            return False
        if not found:
            return False
        if value is None:
            return True
        if len(found) > 1:
            raise errors.CommandError("given jsonpath expression matches more than one value")
        if isinstance(found[0], (dict, list)):
            raise errors.CommandError("jsonpath leads to a nested object or list which is not supported")
        return _text(found[0]).strip() == value.strip()

    return met


def _text(value: object) -> str:
    return "true" if value is True else "false" if value is False else "<nil>" if value is None else str(value)


def split_jsonpath(text: str) -> tuple[str, str | None]:
    """`{.a}=b` as its expression and value; `==` inside the braces stays, no `=` is None."""
    head, brace, tail = text.rpartition("}")
    if brace:
        expression, rest = f"{head}}}", tail
    else:
        expression, equals, value = text.partition("=")
        rest = f"={value}" if equals else ""
    if not rest:
        return expression, None
    value = rest[1:].strip("'\"") if rest.startswith("=") else ""
    if not value:
        raise errors.CommandError("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3")
    return expression, value


def _visits(ctx: Context, deleting: bool) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    visits, failed = resources.gather(ctx, ctx.args, fetch=not deleting)
    return visits, failed


def _created(ctx: Context, end: float) -> None:
    def check() -> bool:
        visits, failed = resources.gather(ctx, ctx.args)
        others = [error for error in failed if not isinstance(error, errors.NotFound)]
        report.raise_all(others)
        return bool(visits) and not failed

    if not waiting.until(ctx, check, end - ctx.io.sources.monotonic()):
        raise errors.CommandError("timed out waiting for the condition")


def _one(ctx: Context, printer: printing.Printer, visit: visiting.Visit, kind: str, met: Met, end: float, timeout: float) -> None:
    seen: Object = visit.obj or {}

    def check() -> bool:
        nonlocal seen
        try:
            seen = {"apiVersion": visit.row.api_version, "kind": visit.row.kind, **visit.fetch(ctx)}
        except errors.NotFound:
            if kind == "delete":
                return True
            raise
        return kind != "delete" and met(seen)

    if waiting.until(ctx, check, end - ctx.io.sources.monotonic()):
        if seen:
            printer.show(seen, visit.row)
        return
    place = f"{visit.row.plural}/{visit.name}"
    if timeout == 0:
        raise errors.CommandError(f"condition not met for {place}")
    raise errors.CommandError(f"timed out waiting for the condition on {place}")
