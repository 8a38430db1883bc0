"""What the writing verbs share: request options from flags, the last-applied note, a patch that may change nothing."""

from __future__ import annotations

from pkctl import errors
from pkctl.api import options as api_options
from pkctl.cli import flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.cli.visiting import Visit

    Object = dict[str, Any]

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
CAUSE = "kubernetes.io/change-cause"
CLASSIFIED = ("token", "password")
"""Flags whose values no annotation tells."""

VALIDATION = {"strict": "Strict", "warn": "Warn", "ignore": "Ignore"}


def options(ctx: Context, **more: Any) -> api_options.Options:
    """The request options that the flags ask for."""
    return api_options.Options(
        dry_run=ctx.dry_run == "server",
        field_manager=str(ctx.flags.get("field-manager") or f"kubectl-{ctx.path.split()[0]}"),
        validation=validation(ctx),
        **{"subresource": str(ctx.flags.get("subresource") or ""), **more},
    )


def validation(ctx: Context) -> str:
    """`--validate` as the API's fieldValidation."""
    given = str(ctx.flags.get("validate", "warn"))
    if given in flags.BOOLS:
        return "Strict" if flags.BOOLS[given] else "Ignore"
    if given not in VALIDATION:
        raise errors.CommandError(f'invalid - validate option "{given}"; must be one of: strict (or true), warn, ignore (or false)')
    return VALIDATION[given]


def validates(ctx: Context) -> bool:
    """Whether manifests are looked at before they are sent."""
    return validation(ctx) != "Ignore"


def note(obj: Object) -> str:
    """The last-applied annotation's text of an object: compact JSON of it without that annotation, and a newline."""
    import json

    meta = dict(obj.get("metadata") or {})
    if "annotations" in meta:
        meta["annotations"] = {key: value for key, value in (meta["annotations"] or {}).items() if key != LAST_APPLIED}
    text = json.dumps({**obj, "metadata": meta}, separators=(",", ":"), ensure_ascii=False)
    for plain, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(plain, escaped)
    return f"{text}\n"


def noted(obj: Object) -> Object:
    """The object with its own note in it."""
    return with_note(obj, note(obj))


def with_note(obj: Object, text: str) -> Object:
    """The object with a given note."""
    meta = dict(obj.get("metadata") or {})
    meta["annotations"] = {**(meta.get("annotations") or {}), LAST_APPLIED: text}
    return {**obj, "metadata": meta}


def without_note(obj: Object) -> Object:
    """The object without a note; as with kubectl its annotations are a map even when there are none."""
    meta = obj.get("metadata") or {}
    marks = {key: value for key, value in (meta.get("annotations") or {}).items() if key != LAST_APPLIED}
    return {**obj, "metadata": {**meta, "annotations": marks}}


def last_applied(obj: Object) -> str:
    """The note an object carries, "" without one."""
    return str(((obj.get("metadata") or {}).get("annotations") or {}).get(LAST_APPLIED) or "")


def json_sorted(value: Any) -> Any:
    """The same value with every map's keys sorted, as Go encodes maps."""
    if isinstance(value, dict):
        return {key: json_sorted(value[key]) for key in sorted(value)}
    return [json_sorted(each) for each in value] if isinstance(value, list) else value


def sent(obj: Object) -> Object:
    """A manifest as apply sends it: its keys in order, and its own note among its annotations."""
    obj = json_sorted(obj)
    meta = obj.get("metadata") or {}
    marks = {key: value for key, value in (meta.get("annotations") or {}).items() if key != LAST_APPLIED}
    bare = {**obj, "metadata": json_sorted({**meta, "annotations": marks})}
    return json_sorted(with_note(bare, note(bare)))  # type: ignore[no-any-return]


def recorded(ctx: Context, obj: Object) -> Object:
    """The object, or the patch of one, with the command line among its annotations when `--record` asks for that."""
    if not ctx.flags.get("record"):
        return obj
    said = [f"--{name}={'CLASSIFIED' if name in CLASSIFIED else text}" for name, text in ctx.flags.said]
    cause = " ".join([ctx.io.program, ctx.path, *ctx.args, *said])
    meta = obj.get("metadata") or {}
    return {**obj, "metadata": {**meta, "annotations": {**(meta.get("annotations") or {}), CAUSE: cause}}}


def record(ctx: Context, visit: Visit, obj: Object) -> Object:
    """What was changed by a patch of the user's own, with its command line noted by a second one."""
    patch = recorded(ctx, {})
    return ctx.client.patch(visit.row, visit.namespace, visit.name, "merge", patch, options(ctx, subresource="")) if patch else obj


def unversioned(obj: Object) -> Object:
    """A manifest as it is created: what was read from a cluster tells a version, and nothing new has one (resource.Helper)."""
    meta = obj.get("metadata") or {}
    if "resourceVersion" not in meta:
        return obj
    return {**obj, "metadata": {key: value for key, value in meta.items() if key != "resourceVersion"}}


def need_files(ctx: Context) -> None:
    """kubectl's errors when neither -f nor -k was given, or words beside them."""
    no_words(ctx)
    if not ctx.flags["filename"] and not ctx.flags.get("kustomize"):
        raise errors.CommandError("must specify one of -f and -k")


def no_words(ctx: Context) -> None:
    """kubectl's error for words where only flags are taken."""
    if ctx.args:
        raise ctx.usage(f"Unexpected args: {go_list(ctx.args)}")


def go_list(words: list[str]) -> str:
    """Words as Go prints a slice."""
    return f"[{' '.join(words)}]"
