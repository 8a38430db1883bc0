"""Files, directories, globs, stdin and URLs to objects, with kubectl's errors for those that can't be read as such.

Not here: YAML itself (objects/yamls) and what the API says of an object.
"""

from __future__ import annotations

import os

from pkctl import errors
from pkctl.cli import report, visiting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from pkctl.cli.context import Context
    from pkctl.kinds import table

    Object = dict[str, Any]

SUFFIXES = (".json", ".yaml", ".yml")
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
ATTEMPTS = 3
"""How often a URL is asked that nobody answers for, or whose server is broken."""

NO_TYPE = 'unable to get type info from the object "*unstructured.Unstructured":'
UNKNOWN_ITEM = (
    'unable to get type info from the object "*runtime.Unknown": no kind is registered for the type runtime.Unknown '
    'in scheme "pkg/scheme/scheme.go:28"'
)
NO_OBJECT = "invalid object to validate"
WRONG_TYPE = "isn't string type"
UNTYPED = "couldn't get version/kind; json parse error:"


def visits(
    ctx: Context, files: Sequence[str], *, local: bool = False, validate: bool = False, latest: bool = False
) -> tuple[list[visiting.Visit], list[errors.PkctlError]]:
    """Every object of the files in order, as it is now when the `latest` state is asked for, and the errors of those that are none.

    Of a file with a document that is not valid nothing is read from there on."""
    reading = Reading(ctx, local=local, latest=latest)
    built = str(ctx.flags.get("kustomize") or "")
    sources = [built] if built else [place for name in files for place in expand(name, recursive=bool(ctx.flags.get("recursive")))]
    for source in sources:
        try:
            shown = "STDIN" if source == "-" else source
            for doc in _built(ctx, built) if built else documents(source, read(ctx, source)):
                if validate:
                    _need_valid(doc, shown)
                reading.add(doc, shown)
        except errors.PkctlError as error:
            reading.failed.append(error)
    return reading.found, reading.failed


class Reading:
    """What has been read so far: the visits, and what was wrong."""

    __slots__ = ("_ctx", "_is_typed", "_kinds", "_latest", "_local", "failed", "found")

    def __init__(self, ctx: Context, *, local: bool, latest: bool) -> None:
        self._ctx, self._local, self._latest = ctx, local, latest
        self._is_typed = visiting.is_typed(ctx)
        self._kinds: table.Kinds | None = None
        self.found: list[visiting.Visit] = []
        self.failed: list[errors.PkctlError] = []

    def add(self, doc: Any, source: str, *, is_item: bool = False) -> None:
        """Take a document, or each object of a list, of which a typed one is taken whole or not at all."""
        if self._kinds is None and not self._local:
            self._kinds = self._ctx.kinds()
        try:
            if is_item:
                _check_item(doc)
            else:
                _check(doc, source, is_typed=self._is_typed)
            if (items := _items(doc, source, is_typed=self._is_typed)) is not None:
                for item in items:
                    self.add(item, source, is_item=True)
                return
            _judge_type(doc, source, is_typed=self._is_typed, is_item=is_item)
            made = visit(self._ctx, self._kinds, doc, source, is_item=is_item)
            if self._latest and made.name:
                made.fetch(self._ctx)
            self.found.append(made)
        except errors.PkctlError as error:
            self.failed.append(report.Many([error]) if is_item else error)


def _check_item(doc: Object) -> None:
    """Raise what kubectl has against an object of a list, which it has read without a word."""
    for name, word, place in (("kind", "Kind", "kind field "), ("apiVersion", "apiVersion", "apiVersion field")):
        if not _name(doc, name):
            raise errors.CommandError(f"{NO_TYPE} Object '{word}' is missing in 'object has no {place}'")


def _items(doc: Object, source: str, *, is_typed: bool) -> list[Any] | None:
    """The objects of a list, None for what is none. Any object with `items` is one to whom has no types of its own."""
    if is_typed:
        if not (str(doc["kind"]).endswith("List") and isinstance(doc.get("items"), list)):
            return None
        if wrong := [reason for reason in map(_mistyped, doc["items"]) if reason]:
            raise report.Many([errors.CommandError(reason) for reason in wrong])
        return list(doc["items"])
    if "items" not in doc:
        return None
    try:
        found = _unstructured(doc)
    except ValueError as error:
        raise errors.CommandError(f'unable to decode "{source}": {error}') from None
    _judge_type(doc, source, is_typed=False, is_item=False)
    return found


def _unstructured(doc: Object) -> list[Any]:
    """The items of any list; one that doesn't say what it is takes that from the list. ValueError with Go's text."""
    from pkctl.objects import jsonfaults

    found = [] if doc["items"] is None else doc["items"]
    if not isinstance(found, list):
        raise ValueError(f"json: cannot unmarshal {jsonfaults.word(found)} into Go struct field decodeList.items of type []json.RawMessage")
    named = {"apiVersion": doc.get("apiVersion"), "kind": str(doc["kind"]).removesuffix("List")}
    for item in found:
        if item is not None and not isinstance(item, dict):
            raise ValueError(f"json: cannot unmarshal {jsonfaults.word(item)} into Go value of type map[string]interface {{}}")
    if any(item and "items" in item for item in found):
        raise errors.CommandError("*unstructured.Unstructured is not a list: no Items field in this object")
    return [item if item and (item.get("kind") or item.get("apiVersion")) else {**named, **(item or {}), **named} for item in found]


def _built(ctx: Context, path: str) -> list[Any]:
    """The objects of a kustomization's directory."""
    from pkctl.kustomize import building

    found: list[Any] = building.build(path, env=ctx.io.env, warn=ctx.io.err)
    return found


def is_single(names: Sequence[str]) -> bool:
    """Whether `-f` names one file alone, and neither stdin nor an URL."""
    if len(names) != 1 or names[0] == "-" or names[0].startswith(("http://", "https://")) or os.path.isdir(names[0]):
        return False
    return len(expand(names[0], recursive=False)) == 1


def expand(name: str, *, recursive: bool) -> list[str]:
    """The files that one `-f` names."""
    if name == "-" or name.startswith(("http://", "https://")):
        return [name]
    names = [name]
    if not os.path.exists(name):
        from glob import glob

        names = sorted(glob(name)) if set("*?[") & set(name) else []
        if not names:
            raise errors.CommandError(f'the path "{name}" does not exist')
    places = [place for each in names for place in (_directory(each, recursive) if os.path.isdir(each) else [each])]
    if not places:
        raise errors.CommandError(f"error reading [{name}]: recognized file extensions are [.json .yaml .yml]")
    return places


def _directory(name: str, recursive: bool) -> list[str]:
    places: list[str] = []
    with os.scandir(name) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir():
                places.extend(_directory(entry.path, recursive) if recursive else [])
            elif entry.name.endswith(SUFFIXES):
                places.append(entry.path)
    return places


def read(ctx: Context, source: str) -> str:
    """A source's text."""
    if source == "-":
        return ctx.io.stdin.read()
    if source.startswith(("http://", "https://")):
        return _download(source)
    try:
        with open(source, "rb") as stream:
            raw = stream.read()
    except OSError as error:
        raise errors.CommandError(f"open {source}: {(error.strerror or '').lower()}") from None
    return raw.decode("utf-16" if raw[:2] in UTF_16 else "utf-8-sig", errors="replace")


def _download(url: str) -> str:
    from pkctl.client import downloads

    try:
        return downloads.fetch(url, attempts=ATTEMPTS).decode("utf-8-sig", errors="replace")
    except downloads.Answered as error:
        raise errors.CommandError(f'unable to read URL "{url}", server reported {error}, status code={error.status}') from None


def documents(source: str, text: str) -> Iterator[Any]:
    """A text's documents, empty ones left out."""
    from pkctl.objects import yamls

    try:
        yield from yamls.documents(text)
    except yamls.YamlError as error:
        shown = "STDIN" if source == "-" else source
        raise errors.CommandError(f"error parsing {shown}: {error}") from None


def _need_valid(doc: Any, source: str) -> None:
    """Raise what kubectl's own validation has against a document."""
    if found := _invalid(doc):
        wrong = found[0] if len(found) == 1 else f"[{', '.join(found)}]"
        raise errors.CommandError(
            f'error validating "{source}": error validating data: {wrong}; if you choose to ignore these errors, '
            "turn validation off with --validate=false"
        )


def _check(doc: Any, source: str, *, is_typed: bool) -> None:
    """Raise what kubectl's decoder has against a document."""
    if is_typed:
        wrong = no_typed(doc)
    else:
        wrong = "" if isinstance(doc, dict) and _name(doc, "kind") else _undecodable(doc, is_typed=False)
    if wrong:
        raise errors.CommandError(f'unable to decode "{source}": {wrong}')


def _name(doc: Object, field: str) -> str:
    """A field's text, "" for what is none."""
    return found if isinstance(found := doc.get(field), str) else ""


def _invalid(doc: Any) -> list[str]:
    """What kubectl's own validation has against a document, the items of a List included."""
    found = _faults(doc)
    if found or (doc["apiVersion"], doc["kind"]) != ("v1", "List"):
        return found
    if not isinstance(doc.get("items"), list):
        return [NO_OBJECT]
    return [wrong for item in doc["items"] for wrong in _faults(item)]


def _faults(doc: Any) -> list[str]:
    if not isinstance(doc, dict):
        return [NO_OBJECT]
    given = [(name, doc.get(name)) for name in ("apiVersion", "kind")]
    return [
        f"{name} {'not set' if value in ('', None) else WRONG_TYPE}" for name, value in given if not value or not isinstance(value, str)
    ]


def _undecodable(doc: Any, *, is_typed: bool) -> str:
    import json

    from pkctl.objects import jsonfaults

    if isinstance(doc, dict):
        text = json.dumps(doc, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
        return f"Object '{'apiVersion' if doc.get('kind') and not doc.get('apiVersion') else 'Kind'}' is missing in '{text}'"
    wrong = f"json: cannot unmarshal {jsonfaults.word(doc)} into Go value of type"
    return f"{UNTYPED} {wrong} {jsonfaults.TYPE_META}" if is_typed else f"{wrong} unstructured.detector"


def no_typed(doc: Any) -> str:
    """What kubectl has against a value that it is to read as an object of a kind it knows, "" for nothing."""
    from pkctl.objects import jsonfaults

    for name in ("apiVersion", "kind") if isinstance(doc, dict) else ():
        if not isinstance(found := "" if doc.get(name) is None else doc[name], str):
            return f"{UNTYPED} json: cannot unmarshal {jsonfaults.word(found)} into Go struct field .{name} of type string"
    return "" if isinstance(doc, dict) and doc.get("kind") and doc.get("apiVersion") else _undecodable(doc, is_typed=True)


def no_object(doc: Any) -> str:
    """What kubectl has against a value that it is to read as an object of any kind, "" for nothing."""
    if isinstance(doc, dict) and isinstance(kind := doc.get("kind"), str) and kind and str(doc.get("apiVersion") or "").count("/") < 2:
        return ""
    return _undecodable(doc, is_typed=False)


def visit(ctx: Context, kinds: table.Kinds | None, doc: Object, source: str, *, is_item: bool = False) -> visiting.Visit:
    """One object with its kind found and its namespace filled in; kubectl's errors when either can't be.

    Without kinds (`--local`) nothing is filled in, and any kind is taken."""
    if kinds is None:
        return _local_visit(ctx, doc, source)
    row = _row(kinds, str(doc.get("apiVersion") or ""), str(doc["kind"]))
    meta = doc.get("metadata") if isinstance(doc.get("metadata"), dict) else {}
    assert isinstance(meta, dict)
    name, namespace = _name(meta, "name"), _name(meta, "namespace")
    if row is None:
        told = (
            "unable to recognize" if is_item else f'resource mapping not found for name: "{name}" namespace: "{namespace}" from "{source}":'
        )
        raise errors.CommandError(f"{told} {_no_match(kinds, doc, is_item=is_item)}")
    if not row.namespaced:
        bare = {key: value for key, value in meta.items() if key != "namespace"}
        return visiting.Visit(row, "", name, {**doc, "metadata": bare} if "namespace" in meta else doc, source)
    _same_namespace(ctx, namespace)
    if not namespace and not ctx.flags.get("all-namespaces"):
        namespace = ctx.namespace
        doc = {**doc, "metadata": {**meta, "namespace": namespace}}
    return visiting.Visit(row, namespace, name, doc, source)


def _row(kinds: table.Kinds, api_version: str, kind: str) -> table.Row | None:
    """The kind's row; for an object that names no version a core kind's, in a version that nobody serves."""
    if api_version:
        return kinds.by_gvk(api_version, kind)
    from pkctl.kinds import table

    row = next((row for row in kinds if row.kind == kind and not row.group), None)
    return None if row is None else table.Row("", "", kind, row.plural, namespaced=row.namespaced)


def _judge_type(doc: Object, source: str, *, is_typed: bool, is_item: bool) -> None:
    """Raise what kubectl has against an object that it is to read into its own types, or of which it reads the metadata alone."""
    from pkctl.kinds import decoding, table

    version, kind = str(doc.get("apiVersion") or ""), str(doc["kind"])
    if is_typed and table.BUILTIN.by_gvk(version, kind) is None:
        if is_item:
            raise report.Many([errors.CommandError(UNKNOWN_ITEM)])
        raise errors.CommandError(f'unable to decode "{source}": {visiting.untyped(kind, version)}')
    reason = "" if is_item else _mistyped(doc) if is_typed else _mistyped(doc, decoding.METADATA_ONLY)
    if reason:
        raise errors.CommandError(f'unable to decode "{source}": {reason}')


def _mistyped(doc: Any, kind: str = "") -> str:
    """What is wrong with the types of an object's values, or of its metadata's as the `kind` of them; "" for nothing."""
    from pkctl.kinds import decoding

    if wrong := "" if kind else no_typed(doc):
        return wrong
    version, named = str(doc.get("apiVersion") or ""), kind or str(doc.get("kind"))
    try:
        decoding.decode_as(version, named, doc, "Ignore")
    except errors.StatusError as error:
        return str(error).partition(f" cannot be handled as a {named}: ")[2] or str(error)
    return ""


def _same_namespace(ctx: Context, namespace: str) -> None:
    if namespace and ctx.enforced and namespace != ctx.namespace:
        raise errors.CommandError(
            f'the namespace from the provided object "{namespace}" does not match the namespace "{ctx.namespace}". '
            f"You must pass '--namespace={namespace}' to perform this operation."
        )


def _local_visit(ctx: Context, doc: Object, source: str) -> visiting.Visit:
    from pkctl.kinds import table

    version, kind = str(doc.get("apiVersion") or ""), str(doc["kind"])
    meta = doc.get("metadata") or {}
    if not isinstance(meta, dict):
        raise errors.CommandError(f'unable to decode "{source}": the metadata of a list\'s item is no object')
    _same_namespace(ctx, str(meta.get("namespace") or ""))
    group, _, bare = version.rpartition("/")
    row = table.BUILTIN.by_gvk(version, kind) or table.Row(group, bare, kind, f"{kind.lower()}s")
    return visiting.Visit(row, str(meta.get("namespace") or ""), str(meta.get("name") or ""), doc, source)


def _no_match(kinds: table.Kinds, doc: Object, *, is_item: bool) -> str:
    kind, version = str(doc["kind"]), str(doc.get("apiVersion") or "")
    text = f'no matches for kind "{kind}" in version "{version}"' + ("" if is_item else "\nensure CRDs are installed first")
    right = [row.api_version for row in kinds if row.kind == kind]
    if right:
        return f"{text}\nhint: {kind} is in {right[0]}"
    close = [row for row in kinds if row.kind.lower() == kind.lower() or row.plural == kind.lower()]
    return f"{text}\nhint: the kind is written {close[0].kind}, in {close[0].api_version}" if close else text
