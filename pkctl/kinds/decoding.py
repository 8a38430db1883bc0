"""Reading a user's JSON as the API server's typed decoder does: unknown fields, wrong types, canonical values, nulls dropped.

Follows sigs.k8s.io/json (a strict encoding/json) and the UnmarshalJSON of Quantity, IntOrString, Time and MicroTime. Keys are
walked in sorted order, since that is how kubectl writes the JSON it sends; the first type error is the one reported.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.kinds import schema
from pkctl.objects import base64s

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Path = tuple[Any, str, str]
    """(parent, step, struct): step is `.name`, `[2]` or `{key}`; struct is the Go type that holds a `.name`."""

GO_NAMES = {
    "s": "string",
    "b": "bool",
    "i": "int32",
    "l": "int64",
    "n": "float64",
    "t": "string",
    "u": "string",
    "y": "[]uint8",
    "x": "int32",
}
GO_FIELDS = {
    ("Container", "imagePullPolicy"): "v1.PullPolicy",
    ("Container", "terminationMessagePolicy"): "v1.TerminationMessagePolicy",
    ("Container", "restartPolicy"): "v1.ContainerRestartPolicy",
    ("ContainerPort", "protocol"): "v1.Protocol",
    ("CronJobSpec", "concurrencyPolicy"): "v1.ConcurrencyPolicy",
    ("DaemonSetUpdateStrategy", "type"): "v1.DaemonSetUpdateStrategyType",
    ("DeploymentStrategy", "type"): "v1.DeploymentStrategyType",
    ("HTTPGetAction", "scheme"): "v1.URIScheme",
    ("JobSpec", "completionMode"): "v1.CompletionMode",
    ("ObjectMeta", "uid"): "types.UID",
    ("OwnerReference", "uid"): "types.UID",
    ("PersistentVolumeClaimSpec", "volumeMode"): "v1.PersistentVolumeMode",
    ("PodSpec", "dnsPolicy"): "v1.DNSPolicy",
    ("PodSpec", "preemptionPolicy"): "v1.PreemptionPolicy",
    ("PodSpec", "restartPolicy"): "v1.RestartPolicy",
    ("ResourceRequirements", "limits"): "v1.ResourceList",
    ("ResourceRequirements", "requests"): "v1.ResourceList",
    ("Secret", "type"): "v1.SecretType",
    ("ServicePort", "protocol"): "v1.Protocol",
    ("ServiceSpec", "sessionAffinity"): "v1.ServiceAffinity",
    ("ServiceSpec", "type"): "v1.ServiceType",
    ("StatefulSetSpec", "podManagementPolicy"): "v1.PodManagementPolicyType",
    ("StatefulSetUpdateStrategy", "type"): "v1.StatefulSetUpdateStrategyType",
    ("Taint", "effect"): "v1.TaintEffect",
    ("Toleration", "effect"): "v1.TaintEffect",
    ("Toleration", "operator"): "v1.TolerationOperator",
    ("VolumeMount", "mountPropagation"): "v1.MountPropagationMode",
}
"""Named string and map types, which the published schemas don't tell apart from their base types."""

LIMITS = {"i": (-(2**31), 2**31 - 1), "l": (-(2**63), 2**63 - 1), "x": (-(2**31), 2**31 - 1)}
ZEROS: dict[str, Any] = {"s": "", "b": False, "i": 0, "l": 0, "n": 0, "q": "0", "x": 0, "y": ""}
JSON_SCHEMA = "apiextensions.v1.JSONSchemaProps"
"""What a CRD's schema is made of; in two places it holds itself or something else."""


class _Broken(Exception):
    """A value whose own decoder failed, which ends decoding at once."""


class _Walk:
    """What one decoding has found so far: the first type error, and every strict error once."""

    __slots__ = ("mistake", "unknown")

    def __init__(self) -> None:
        self.mistake = ""
        self.unknown: list[str] = []

    def mismatch(self, path: Path | None, found: str, wanted: str) -> None:
        """Note a value of the wrong type unless an earlier one was noted."""
        self.mistake = self.mistake or _mismatch_text(path, found, wanted)


class _Quiet(_Walk):
    """A walk whose unknown fields nobody hears of; type errors are the outer walk's."""

    __slots__ = ("_outer",)

    def __init__(self, outer: _Walk) -> None:
        super().__init__()
        self._outer = outer

    def mismatch(self, path: Path | None, found: str, wanted: str) -> None:
        self._outer.mismatch(path, found, wanted)


def decode(row: Row, obj: Object, validation: str = "Strict") -> tuple[Object, list[str]]:
    """A user's object as its kind's types read it, as a new object, and the texts to warn with.

    `validation` is Strict, Warn or Ignore. Raises `errors.BadRequest` with the server's text. Of custom kinds the
    metadata is read like any other, and what their schema doesn't name is dropped; types are judged with their other rules.
    """
    if row.schema is not None:
        return _decode(None, row.api_version, row.kind, obj, validation, row)
    return _decode(schema.built_in(row.api_version, row.kind), row.api_version, row.kind, obj, validation)


def decode_as(api_version: str, kind: str, obj: Object, validation: str = "Strict") -> tuple[Object, list[str]]:
    """As `decode`, for what has no row of its own: Scale, Eviction, TokenRequest; of an unknown kind only the metadata is read."""
    return _decode(schema.built_in(api_version, kind), api_version, kind, obj, validation)


def _decode(
    node: schema.Node | None, api_version: str, kind: str, obj: Object, validation: str, row: Row | None = None
) -> tuple[Object, list[str]]:
    walk = _Walk()
    try:
        result = _object(walk, node, obj, None) if node else _custom(walk, obj, row)
    except _Broken as broken:
        raise _refused(api_version, kind, str(broken)) from None
    if walk.mistake:
        raise _refused(api_version, kind, walk.mistake)
    if walk.unknown and validation == "Strict":
        raise _refused(api_version, kind, "strict decoding error: " + ", ".join(walk.unknown))
    return result, walk.unknown if validation == "Warn" else []


METADATA_ONLY = "metadataOnlyObject"
"""The kind of which kubectl reads objects whose kind it has no type of."""
EMPTY: dict[str, Any] = {"[": [], "{": {}}
"""What Go leaves out of an object, by the code of its type."""
GIVEN = frozenset({"policies"})
"""Lists that get no default when they are given, were they empty: those of an HPA's behavior."""


def _refused(api_version: str, kind: str, text: str) -> errors.BadRequest:
    version = api_version.rpartition("/")[2]
    return errors.BadRequest(f'{kind} in version "{version}" cannot be handled as a {kind}: {text}')


def reason(error: errors.BadRequest) -> str:
    """What `decode` has against an object, without the server's words around it."""
    return str(error).partition(" cannot be handled as a ")[2].partition(": ")[2]


def _custom(walk: _Walk, obj: Object, row: Row | None) -> Object:
    from copy import deepcopy

    result = deepcopy(obj)
    if result.get("metadata") is not None:
        result["metadata"] = _value(walk, schema.metadata(), result["metadata"], (None, ".metadata", METADATA_ONLY))
    if row is not None:
        from pkctl.kinds import custom

        walk.unknown += [f'unknown field "{path}"' for path in custom.prune(row, result)]  # type: ignore[arg-type]
    return result


def _object(walk: _Walk, node: schema.Node, value: dict[str, Any], path: Path | None) -> dict[str, Any]:
    fields, result, struct = node.fields, {}, node.name
    for name in sorted(value) if len(value) > 1 else value:
        field = fields.get(name)
        if field is None:
            _unknown(walk, (path, f".{name}", struct))
            continue
        item = value[name]
        if item is None or (not item and field.code in EMPTY and not field.required and item == EMPTY[field.code] and name not in GIVEN):
            continue  # Go leaves out what is empty.
        if field.code == "s" and type(item) is str:
            result[name] = item  # Most of an object is texts.
        else:
            result[name] = _DECODERS[field.code](walk, field, item, (path, f".{name}", struct))
    return result


def _struct(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is dict:
        return _object(walk, node, value, path)
    walk.mismatch(path, _found(value), _go_type(node, path))
    return {}


def _list(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not list:
        walk.mismatch(path, _found(value), _go_type(node, path))
        return []
    item = node.item
    assert item is not None
    read = _DECODERS[item.code]
    return [_zero(item) if each is None else read(walk, item, each, (path, f"[{index}]", "")) for index, each in enumerate(value)]


def _map(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not dict:
        walk.mismatch(path, _found(value), _go_type(node, path))
        return {}
    item = node.item
    assert item is not None
    if item.code == "s" and set(map(type, value.values())) == {str}:
        return dict(value)
    read = _DECODERS[item.code]
    return {key: _zero(item) if each is None else read(walk, item, each, (path, f"{{{key}}}", "")) for key, each in value.items()}


def _string(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not str:
        walk.mismatch(path, _found(value), _go_type(node, path))
    return value


def _boolean(walk: _Walk, _node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not bool:
        walk.mismatch(path, _found(value), "bool")
    return value


def _integer(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is float and value.is_integer():
        value = int(value)
    if type(value) is int and LIMITS[node.code][0] <= value <= LIMITS[node.code][1]:
        return value
    is_number = type(value) in (int, float)
    walk.mismatch(path, f"number {value}" if is_number else _found(value), GO_NAMES[node.code])
    return 0


def _number(walk: _Walk, _node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) not in (int, float):
        walk.mismatch(path, _found(value), "float64")
    return value


def _int_or_string(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    return value if type(value) is str else _integer(walk, node, value, path)


def _quantity(_walk: _Walk, _node: schema.Node, value: Any, _path: Path) -> Any:
    if type(value) is str and value.isdecimal() and value.isascii() and (value[0] != "0" or value == "0") and len(value) < 4:
        return value  # Canonical already, and most quantities are this small or have a suffix.
    from pkctl.objects import quantities

    try:
        return quantities.canonical(value if type(value) is str else _json(value))
    except quantities.QuantityError as error:
        raise _Broken(str(error)) from None


def _json(value: Any) -> str:
    import json

    return json.dumps(value, separators=(",", ":"))


def _time(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not str:
        walk.mismatch(path, _found(value), "string")
        return None
    from pkctl.objects import times

    is_micro = node.code == "u"
    layout = "2006-01-02T15:04:05.000000Z07:00" if is_micro else "2006-01-02T15:04:05Z07:00"
    try:
        epoch = times.parse(value)
    except ValueError:
        raise _Broken(f'parsing time "{value}" as "{layout}": cannot parse "{value}" as "2006"') from None
    return times.micro(epoch) if is_micro else times.stamp(epoch)


def _bytes(walk: _Walk, _node: schema.Node, value: Any, path: Path) -> Any:
    if type(value) is not str:
        walk.mismatch(path, _found(value), "[]uint8")
        return ""
    offset = base64s.fault(value)
    if offset >= 0:
        walk.mistake = walk.mistake or f"illegal base64 data at input byte {offset}"
        return ""
    return "".join(value.split()) if "\n" in value or "\r" in value else value


def _anything(walk: _Walk, _node: schema.Node, value: Any, path: Path) -> Any:
    from copy import deepcopy

    if path[2] == JSON_SCHEMA and path[1] in (".items", ".additionalProperties"):
        if type(value) is dict:
            # Go reads these with decoders of their own, which drop what they don't know without a word.
            return _object(_Quiet(walk), schema.node(JSON_SCHEMA), value, path)
        if path[1] == ".additionalProperties" and type(value) is not bool:
            raise _Broken("boolean or JSON schema expected")
    return deepcopy(value)


def _value(walk: _Walk, node: schema.Node, value: Any, path: Path) -> Any:
    return _DECODERS[node.code](walk, node, value, path)


_DECODERS: dict[str, Callable[[_Walk, schema.Node, Any, Path], Any]] = {
    "s": _string, "b": _boolean, "i": _integer, "l": _integer, "n": _number, "t": _time, "u": _time, "y": _bytes,
    "q": _quantity, "x": _int_or_string, "*": _anything, "@": _struct, "[": _list, "{": _map,
}  # fmt: skip


def _zero(node: schema.Node) -> Any:
    """What Go holds where a list or a map has null."""
    if node.code in "@{":
        return {}
    return [] if node.code == "[" else ZEROS.get(node.code)


def _found(value: Any) -> str:
    from pkctl.objects import jsonfaults

    return jsonfaults.word(value)


def _steps(path: Path | None) -> list[tuple[str, str]]:
    steps = []
    while path is not None:
        steps.append((path[1], path[2]))
        path = path[0]
    return steps[::-1]


def _unknown(walk: _Walk, path: Path) -> None:
    steps = "".join(f".{step[1:-1]}" if step[0] == "{" else step for step, _ in _steps(path))
    text = f'unknown field "{steps[1:]}"'
    if text not in walk.unknown:
        walk.unknown.append(text)


def _mismatch_text(path: Path | None, found: str, wanted: str) -> str:
    named = [(step[1:], struct) for step, struct in _steps(path) if step[0] == "."]
    struct = named[-1][1].rpartition(".")[2]
    place = ".".join(name for name, _ in named)
    return f"json: cannot unmarshal {found} into Go struct field {struct}.{place} of type {wanted}"


def _go_type(node: schema.Node, path: Path) -> str:
    """The Go spelling of a type (`[]v1.Container`), with the field's own named type where we know it."""
    _, step, struct = path
    return GO_FIELDS.get((struct.rpartition(".")[2], step[1:])) or _go_name(node)


def _go_name(node: schema.Node) -> str:
    if node.code == "@":
        return ".".join(node.name.split(".")[-2:])
    if node.item is not None:
        return ("[]" if node.code == "[" else "map[string]") + _go_name(node.item)
    return {"q": "resource.Quantity", "x": "intstr.IntOrString", "t": "v1.Time", "*": "runtime.RawExtension"}.get(node.code) or GO_NAMES[
        node.code
    ]
