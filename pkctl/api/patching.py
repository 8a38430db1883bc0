"""Patches of the three forms that change what is there: strategic, merge, JSON. Server-side apply is `applying`.

Follows apiserver/pkg/endpoints/handlers/patch.go, its errors included.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.api import conversion, reading, refusals, requests, storing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.api.options import Options
    from pkctl.api.session import Session
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

FORMATS = ("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml")
REJECTED = "the server rejected our request due to an error in our request"
FORMS = ("json", "merge", "strategic")


def request(session: Session, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> requests.Request:
    """The update that a patch amounts to; NotFound, BadRequest or Invalid for a patch that can't be applied."""
    kept = storing.stored(session, row)
    old = storing.read(session, kept, namespace, name)
    if old is None:
        raise refusals.not_found(row, name)
    new = decoded(session, row, patched(row, conversion.to(row, old), form, patch), patch, form, options)
    return requests.Request("update", session, kept, namespace, new, old, options, options.subresource, asked=row)


def patched(row: Row, old: Object, form: str, patch: Any) -> Object:
    """The object with the patch applied, not yet read as its kind."""
    from pkctl.objects import patches

    try:
        if form == "json":
            result = patches.apply_json(old, patch)
        elif form == "merge":
            result = patches.merge(old, patch)
        elif form == "strategic":
            result = patches.strategic(old, patch, _shape(row))
        else:
            raise errors.UnsupportedMediaType(f"pkctl knows no patch of the form {form!r}; there are {', '.join(FORMS)} and apply")
    except patches.PatchError as error:
        if form != "json":
            raise errors.BadRequest(str(error)) from None
        raise errors.Invalid(REJECTED) from error
    if not isinstance(result, dict):
        raise errors.BadRequest(f"the patch leaves no object but {type(result).__name__}")
    return result


def _shape(row: Row) -> Any:
    from pkctl.kinds import schema

    if row.schema is not None:
        accepted = ", ".join(FORMATS)
        text = f"the body of the request was in an unknown format - accepted media types include: {accepted}"
        raise errors.UnsupportedMediaType(text)
    return schema.shape(row)


def decoded(session: Session, row: Row, obj: Object, patch: Any, form: str, options: Options) -> Object:
    """The patched object read as its kind; what is wrong with it is told as the patch's own fault."""
    try:
        return reading.decoded(session, row, obj, options)
    except errors.BadRequest as refusal:
        _, sign, reason = refusal.message.partition(f" cannot be handled as a {row.kind}: ")
        if not sign:
            raise
        raise (unfit(go(patch), _converted(reason)) if form == "strategic" else unfit(obj, reason)) from None


def unfit(shown: str | Object, reason: str) -> errors.Invalid:
    """What is wrong with a patched object, or the patch as it is shown, told as the patch's own fault."""
    shown = shown if isinstance(shown, str) else _json(shown)
    text = f'Invalid value: "{shown}": {reason}'
    cause = {"reason": "FieldValueInvalid", "message": text, "field": "patch"}
    return errors.Invalid(f' "" is invalid: patch: {text}', {"causes": [cause]})


KINDS = {"array": "slice", "object": "map", "number": "int64"}
"""Go's kinds of decoded JSON, where they have other names."""


def _converted(reason: str) -> str:
    """A decoder's complaint of a type in the words of the converter that reads what a strategic patch left (runtime/converter.go)."""
    from pkctl.kinds import decoding

    start, _, rest = reason.partition("json: cannot unmarshal ")
    found, _, place = rest.partition(" into Go struct field ")
    wanted = place.rpartition(" of type ")[2]
    if start or not wanted:
        return reason
    word, _, figure = found.partition(" ")
    kind = "float64" if "." in figure else KINDS.get(word, word)
    for sign, name in (("map[", "map"), ("[]", "slice")):
        if wanted.startswith(sign):
            return f"cannot restore {name} from {kind}"
    is_text = wanted == "string" or wanted in decoding.GO_FIELDS.values()
    if "." in wanted and not is_text:
        return f"cannot restore struct from: {kind}"
    if (is_text and kind == "int64") or (wanted.startswith("int") and kind == "float64"):
        return f"cannot convert {kind} to {wanted}"
    return f"unrecognized type: {'string' if is_text else wanted}"


def _json(obj: Object) -> str:
    import json

    return json.dumps(obj, separators=(",", ":"), ensure_ascii=False, sort_keys=True).replace("\\", "\\\\").replace('"', '\\"')


def go(value: Any) -> str:
    """JSON data as Go's %+v prints it: `map[spec:map[a:1]]`, keys sorted."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go(value[key])}' for key in sorted(value))}]"
    return f"[{' '.join(map(go, value))}]" if isinstance(value, list) else str(value)
