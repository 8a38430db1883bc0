"""`-o`: which printer a command uses, and the objects in the shape it prints them in.

`select` judges the flag before any cluster is asked. Not here: the formats themselves (printers/), or tables (`get`).
"""

from __future__ import annotations

from pkctl import errors
from pkctl.cli import visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]

FORMATS = (
    "go-template", "go-template-file", "json", "jsonpath", "jsonpath-as-json", "jsonpath-file", "kyaml", "name", "template",
    "templatefile", "yaml",
)  # fmt: skip
GET_FORMATS = ("custom-columns", "custom-columns-file", *FORMATS, "wide")
TEMPLATES = ("go-template", "go-template-file", "template", "templatefile", "jsonpath", "jsonpath-as-json", "jsonpath-file")
TEXTED = (*TEMPLATES, "custom-columns", "custom-columns-file")
"""Formats that say more after a `=`."""

STRUCTURED = ("json", "yaml", "kyaml")
CASELESS = (*STRUCTURED, "name")


class Printer:
    """What shows one object after another; `form` is "" for the sentence `pod/x created`, or for a table with `get`."""

    __slots__ = ("_count", "_ctx", "_render", "form", "operation")

    def __init__(self, ctx: Context, form: str, render: Callable[[Object], str] | None, operation: str) -> None:
        self._ctx, self.form, self._render, self.operation = ctx, form, render, operation
        self._count = 0

    def restart(self) -> None:
        """Print the next object as if it were the first: no `---` before it."""
        self._count = 0

    def show(self, obj: Object, row: table.Row | None = None, operation: str | None = None) -> None:
        """Print one object as the command was asked to."""
        if self._render is None:
            said = (self.operation if operation is None else operation) if not self.form else ""
            self._ctx.io.out(f"{shown(obj, row)}{' ' if said else ''}{said}\n")
            return
        if self.form == "yaml" and self._count:
            self._ctx.io.out("---\n")
        self._count += 1
        if self.form in STRUCTURED and not self._ctx.flags.get("show-managed-fields"):
            obj = without_managed_fields(obj)
        self._ctx.io.out(self._render(obj))


def shown(obj: Object, row: table.Row | None) -> str:
    """`deployment.apps/web`, from the object itself when no row is known."""
    meta = obj.get("metadata")
    name = str((meta.get("name") if isinstance(meta, dict) else "") or "<unknown>")
    if row is not None:
        return f"{visiting.shown_kind(row)}/{name}"
    group = str(obj.get("apiVersion", "")).rpartition("/")[0]
    kind = str(obj.get("kind", "")).lower() or "<unknown>"
    return f"{kind}.{group}/{name}" if group else f"{kind}/{name}"


def split(output: str) -> tuple[str, str | None]:
    """`jsonpath={.a}` as ("jsonpath", "{.a}"); no `=`: None, and `YAML` is `yaml`."""
    form, equals, text = output.partition("=")
    if equals:
        return form, text
    return form.lower() if form.lower() in CASELESS else form, None


def asked(ctx: Context) -> tuple[str, str | None]:
    """The format that `-o` names and what stands behind its `=`; a `--template` alone is a Go template."""
    output = str(ctx.flags.get("output") or "")
    return split("go-template" if ctx.flags.get("template") and not ctx.flags.given("output") else output)


def select(ctx: Context, operation: str = "", *, formats: tuple[str, ...] = FORMATS, ordered: bool = False) -> Printer:
    """The printer of `-o` and `--template`; an unknown format is kubectl's error. `ordered` keeps the keys of JSON as they are."""
    output, template = str(ctx.flags.get("output") or ""), str(ctx.flags.get("template") or "")
    form, text = asked(ctx)
    if (output and form not in formats) or (text is not None and (form not in TEXTED or (template and form in TEMPLATES))):
        raise unknown(output, formats)
    if form in TEMPLATES:
        text = text or template
    said = operation + DRY_SAID[ctx.dry_run] if operation else ""
    return Printer(ctx, form, renderer(ctx, form, text, ordered=ordered), said)


DRY_SAID = {"none": "", "client": " (dry run)", "server": " (server dry run)"}


def said(ctx: Context, operation: str) -> str:
    """What was done, with kubectl's mark of a dry run."""
    return operation + DRY_SAID[ctx.dry_run]


def unknown(output: str, formats: tuple[str, ...]) -> errors.CommandError:
    """kubectl's text for a format that it has no printer for."""
    from pkctl.objects import texts

    return errors.CommandError(
        f"unable to match a printer suitable for the output format {texts.quoted(output)}, allowed formats are: {','.join(sorted(formats))}"
    )


def renderer(ctx: Context, form: str, text: str | None, *, ordered: bool = False) -> Callable[[Object], str] | None:
    """The function of a format; None for the formats that print names or tables."""
    if form == "json":
        from pkctl.printers import jsons

        return lambda obj: jsons.dump(obj, sort_keys=not ordered)
    if form == "yaml":
        from pkctl.printers import yamls

        return yamls.dump
    if form == "kyaml":
        from pkctl.printers import kyamls

        return lambda obj: kyamls.dump(obj, sort=not ordered)
    if form in TEMPLATES:
        return _template(ctx, form, text, ordered=ordered)
    return None


def _template(ctx: Context, form: str, text: str | None, *, ordered: bool) -> Callable[[Object], str]:
    if not text:
        raise errors.CommandError("template format specified but no template given")
    if form in ("go-template-file", "templatefile", "jsonpath-file"):
        text = file_text(text, "--template ")
    if form.startswith("jsonpath"):
        return _jsonpath(ctx, form, text)
    from pkctl.printers import gotemplates

    try:
        parsed = gotemplates.parse(text)
    except gotemplates.TemplateError as error:
        raise errors.CommandError(f"error parsing template {text}, {error}") from None
    allow = bool(ctx.flags["allow-missing-template-keys"])
    return lambda obj: _run_template(ctx, (parsed, text or "", ordered), obj, allow)


def file_text(name: str, what: str = "template ") -> str:
    """The text of a file of templates or columns."""
    try:
        with open(name, encoding="utf-8") as stream:
            return stream.read()
    except OSError as error:
        raise errors.CommandError(f"error reading {what}{name}, open {name}: {(error.strerror or '').lower()}") from None


def _run_template(ctx: Context, template: tuple[Any, str, bool], obj: Object, allow: bool) -> str:
    from pkctl.printers import gotemplates

    parsed, text, ordered = template

    try:
        return str(parsed.render(obj, allow_missing=allow))
    except gotemplates.TemplateError as error:
        from pkctl.objects import texts
        from pkctl.printers import jsons, values

        raw = jsons.compact(obj, sort_keys=not ordered)
        ctx.io.out(
            f"{getattr(error, 'written', '')}Error executing template: {error}. Printing more information for debugging the template:\n"
            f"\ttemplate was:\n\t\t{text}\n\traw data was:\n\t\t{raw}\n\tobject given to template engine was:\n\t\t{values.sprint(obj)}\n\n"
        )
        raise errors.CommandError(f"error executing template {texts.quoted(text)}: {error}") from None


def _jsonpath(ctx: Context, form: str, text: str) -> Callable[[Object], str]:
    from pkctl.objects import jsonpath

    allow = bool(ctx.flags["allow-missing-template-keys"])
    try:
        parsed = jsonpath.parse(text)
    except jsonpath.JSONPathError as error:
        raise errors.CommandError(str(error)) from None

    join = None
    if form == "jsonpath-as-json":
        from pkctl.printers import jsons

        join = jsons.dump

    def render(obj: Object) -> str:
        try:
            return parsed.render(obj, allow_missing=allow, join=join)
        except jsonpath.JSONPathError as error:
            raise errors.CommandError(str(error)) from None

    return render


def without_managed_fields(obj: Object) -> Object:
    """The object, or each item of a List, without its managedFields."""
    if "items" in obj and str(obj.get("kind", "")).endswith("List"):
        return {**obj, "items": [without_managed_fields(item) for item in obj["items"] or []]}
    meta = obj.get("metadata")
    if isinstance(meta, dict) and "managedFields" in meta:
        return {**obj, "metadata": {name: value for name, value in meta.items() if name != "managedFields"}}
    return obj


def as_list(items: list[Object]) -> Object:
    """kubectl's own List around several objects."""
    return {"apiVersion": "v1", "items": items, "kind": "List", "metadata": {"resourceVersion": ""}}
