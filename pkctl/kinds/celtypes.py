"""A schema's types for the CEL checker: each object a message of protobuf, so that a wrong field is found as a rule is written.

Follows apiextensions-apiserver's pkg/apiserver/schema/cel/model. The messages only serve the checker; values are plain (`celvalues`).
What protobuf can't say (a list of lists, a map of lists) is dynamic.
"""

from __future__ import annotations

from pkctl.kinds import celvalues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pkctl.kinds.customnodes import Node

PACKAGE = "selfType"
DYNAMIC = ".google.protobuf.Value"
OPTIONAL, REPEATED = 1, 3
DOUBLE, INT64, BOOL, STRING, MESSAGE, BYTES = 1, 3, 8, 9, 11, 12
SCALARS = {"integer": INT64, "number": DOUBLE, "boolean": BOOL, "string": STRING}
SIGNATURES = {"integer": "int", "number": "double", "boolean": "bool", "string": "string"}
MOMENTS = {"timestamp": ".google.protobuf.Timestamp", "duration": ".google.protobuf.Duration"}
OPAQUE = {
    "kubernetes": ("Quantity", "URL", "Semver", "NamedFormat"),
    "net": ("IP", "CIDR"),
    "kubernetes.authorization": ("PathCheck", "GroupCheck", "Decision", "ResourceCheck"),
}
"""Types of the functions' own, by package."""


class Types:
    """The messages of one schema, made as they are asked for; `pool` is what the library's environments, kept here, are made of."""

    def __init__(self) -> None:
        from google.protobuf import descriptor_pb2, descriptor_pool, duration_pb2, struct_pb2, timestamp_pb2

        self.pool = descriptor_pool.DescriptorPool()
        self.environments: dict[Any, Any] = {}
        self._made = descriptor_pb2.FileDescriptorProto
        for module in (struct_pb2, timestamp_pb2, duration_pb2):
            self.pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
        self._known: dict[int, tuple[Node, str]] = {}
        self._files: list[str] = []
        for package, names in OPAQUE.items():
            self.add(package, {name: {} for name in names})
        asked = (MESSAGE, OPTIONAL, ".kubernetes.authorization.ResourceCheck")
        self.add("kubernetes.authorization", {"Authorizer": {"requestResource": asked}})

    def signature(self, node: Node, *, is_root: bool = False) -> str:
        """The type of a place of the schema in the library's notation; "" for one that rules can't see."""
        if node.is_int_or_string:
            return "dyn"
        if node.type == "array":
            below = self.signature(node.items) if node.items is not None else ""
            return f"list<{below}>" if below else ""
        if node.type == "object" and node.extra is not None:
            below = self.signature(node.extra)
            return f"map<string, {below}>" if below else ""
        if node.type == "object":
            return self._message(node, is_root)
        form = str(node.schema.get("format")) if node.type == "string" else ""
        return "bytes" if form == "byte" else celvalues.TIMES.get(form) or SIGNATURES.get(node.type, "")

    def add(self, package: str, messages: Mapping[str, Mapping[str, tuple[int, int, str]]]) -> None:
        """Declare messages by their fields: (protobuf's type, its label, the name of a message)."""
        made = self._file(package)
        for name, fields in messages.items():
            message = made.message_type.add(name=name)
            for number, (field, (kind, label, told)) in enumerate(fields.items(), 1):
                message.field.add(name=field, number=number, type=kind, label=label, type_name=told or None)
        self._store(made)

    def _file(self, package: str) -> Any:
        made = self._made(name=f"{package}{len(self._files)}.proto", package=package, syntax="proto2")
        made.dependency.extend(["google/protobuf/struct.proto", "google/protobuf/timestamp.proto", "google/protobuf/duration.proto"])
        made.dependency.extend(self._files)
        return made

    def _store(self, made: Any) -> None:
        self._files.append(made.name)
        self.pool.AddSerializedFile(made.SerializeToString())

    def _message(self, node: Node, is_root: bool) -> str:
        if id(node) not in self._known:
            made = self._file(PACKAGE)
            self._declare(made, node, f"_{len(self._known)}", is_root)
            self._store(made)
        return f"{PACKAGE}.{self._known[id(node)][1]}"

    def _declare(self, made: Any, node: Node, name: str, is_root: bool) -> None:
        self._known[id(node)] = (node, name)
        message = made.message_type.add(name=name)
        message.options.deprecated_legacy_json_field_conflicts = True
        parts = {each: node.field(each) for each in node.schema.get("properties") or ()}
        if is_root or node.is_embedded:
            parts = {each: part for each, part in parts.items() if each not in ("apiVersion", "kind", "metadata")}
            self._declare_meta(made, message)
        for each, part in parts.items():
            field = celvalues.escaped(each)
            if field and part is not None:
                self._field(made, message, field, part, parts)

    def _declare_meta(self, made: Any, message: Any) -> None:
        """What rules see of every whole object, whatever its schema says."""
        below = made.message_type.add(name=f"{message.name}__dot_metadata")
        for number, name in enumerate(celvalues.SEEN_METADATA, 1):
            below.field.add(name=name, number=number, type=STRING, label=OPTIONAL)
        for number, name in enumerate(("apiVersion", "kind"), 1):
            message.field.add(name=name, number=number, type=STRING, label=OPTIONAL)
        message.field.add(name="metadata", number=3, type=MESSAGE, label=OPTIONAL, type_name=f".{PACKAGE}.{below.name}")

    def _field(self, made: Any, message: Any, name: str, part: Node, beside: Mapping[str, Any]) -> None:
        number = len(message.field) + 1
        if part.type == "object" and part.extra is not None and not part.is_int_or_string:
            self._map(made, message, name, part.extra, beside)
            return
        is_list = part.type == "array" and not part.is_int_or_string
        inner = part.items if is_list else part
        kind, told = self._kind(made, inner, f"{message.name}__dot_{name}", is_list) if inner is not None else (0, "")
        if kind:
            label = REPEATED if is_list else OPTIONAL
            message.field.add(name=name, number=number, type=kind, label=label, type_name=told or None, json_name=f"_{number}")

    def _map(self, made: Any, message: Any, name: str, inner: Node, beside: Mapping[str, Any]) -> None:
        entry_name = f"{''.join(each[:1].upper() + each[1:] for each in name.split('_'))}Entry"
        number = len(message.field) + 1
        if entry_name in beside or any(each.name == entry_name for each in message.nested_type):
            # Protobuf has no room for two of a name, so this map stays dynamic.
            message.field.add(name=name, number=number, type=MESSAGE, label=OPTIONAL, type_name=DYNAMIC, json_name=f"_{number}")
            return
        kind, told = self._kind(made, inner, f"{message.name}__dot_{name}", True)
        if not kind:
            return
        entry = message.nested_type.add(name=entry_name)
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=STRING, label=OPTIONAL)
        entry.field.add(name="value", number=2, type=kind, label=OPTIONAL, type_name=told or None)
        place = f".{PACKAGE}.{message.name}.{entry.name}"
        message.field.add(name=name, number=number, type=MESSAGE, label=REPEATED, type_name=place, json_name=f"_{number}")

    def _kind(self, made: Any, part: Node, name: str, is_inner: bool) -> tuple[int, str]:
        """Protobuf's type of a place, and its message's name; (0, "") for what rules can't see."""
        if part.is_int_or_string or (is_inner and (part.type == "array" or part.extra is not None)):
            return MESSAGE, DYNAMIC
        if part.type == "object":
            self._declare(made, part, name, part.is_embedded)
            return MESSAGE, f".{PACKAGE}.{name}"
        form = str(part.schema.get("format")) if part.type == "string" else ""
        if form in celvalues.TIMES:
            return MESSAGE, MOMENTS[celvalues.TIMES[form]]
        return (BYTES if form == "byte" else SCALARS.get(part.type, 0)), ""
