"""`wait`: until objects exist, are gone, have a condition or a field's value. Upstream: kubectl's cmd/wait."""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import printing, report, resources, visiting, waiting
from pkctl.objects import texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context

    Object = dict[str, Any]
    Met = Callable[[Object], bool]

NO_TIME = "client rate limiter Wait returned an error: context deadline exceeded"
"""What kubectl says of an object whose deletion it could not even ask for in time."""
EXAMPLE = "--for=jsonpath='{.status.readyReplicas}'"


def run(ctx: Context) -> int:
    """Wait for every `--for` of each object in turn, all under one time limit."""
    printer = printing.select(ctx, "condition met")
    conditions = [parse(text) for text in _judged(ctx)]
    if ctx.flags["local"] and ctx.args:
        raise errors.CommandError(resources.NO_FILES)
    timeout = float(ctx.flags["timeout"])
    clock = ctx.io.sources
    end = clock.monotonic() + (waiting.FOREVER if timeout < 0 else timeout)
    if any(kind == "create" for kind, _ in conditions):
        _created(ctx, end)
    deleting = any(kind == "delete" for kind, _ in conditions)

    def follow(visit: visiting.Visit) -> None:
        for kind, met in conditions:
            _one(ctx, printer, visit, kind, met, end, timeout)

    nothing, ignored = ("", (errors.NotFound,)) if deleting else ("no matching resources found", ())
    return resources.each(ctx, ctx.args, follow, nothing=nothing, ignored=ignored)


def _judged(ctx: Context) -> list[str]:
    wanted = list(ctx.flags["for"])
    if not wanted:
        raise errors.CommandError("unrecognized condition: []")
    return wanted


def parse(text: str) -> tuple[str, Met]:
    """A `--for` as its kind ("create", "delete", "condition", "jsonpath") and what an object must be."""
    lower = text.lower()
    if lower in ("create", "delete"):
        return lower, bool
    if text.startswith("condition="):
        name, equals, value = text[len("condition=") :].partition("=")
        return "condition", lambda obj: _has_condition(obj, name, value if equals else "true")
    if text.startswith("jsonpath="):
        return "jsonpath", _jsonpath(text[len("jsonpath=") :])
    raise errors.CommandError(f"unrecognized condition: {texts.quoted(text)}")


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
    """`{.a}=b` as its expression and value; a double `==` stays, no `=` is None."""
    import re

    parts = [part.replace("\0", "==") for part in re.sub("==", "\0", text).split("=")]
    if len(parts) > 2:
        raise errors.CommandError(f"jsonpath wait format must be {EXAMPLE}=3 or {EXAMPLE}")
    if not parts[0]:
        raise errors.CommandError("jsonpath expression cannot be empty")
    if len(parts) == 1:
        return parts[0], None
    value = parts[1].strip("'\"")
    if not value:
        raise errors.CommandError(f"jsonpath wait has to have a value after equal sign, like {EXAMPLE}=3")
    return parts[0], value


def _created(ctx: Context, end: float) -> None:
    def check() -> bool:
        visits, failed = resources.gather(ctx, ctx.args)
        is_final = bool(ctx.flags["filename"]) or len(failed) > 1
        others = [error for error in failed if is_final or not isinstance(error, errors.NotFound)]
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

    left = end - ctx.io.sources.monotonic()
    if (left > 0 or timeout == 0) and waiting.until(ctx, check, left):
        printer.show(seen, visit.row)
        return
    if timeout and left <= 0 and kind == "delete":
        raise errors.CommandError(NO_TIME)
    place = f"{visit.row.plural}/{visit.name}"
    if timeout == 0:
        raise errors.CommandError(f"condition not met for {place}")
    raise errors.CommandError(f"timed out waiting for the condition on {place}")
