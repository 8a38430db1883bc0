"""An object on its way through a build: what it was called before, what was put around its name, where it came from.

Follows kustomize's api/resource and kyaml/resid, which keep the same facts in annotations.
"""

from __future__ import annotations

from pkctl.kinds import table
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Object = dict[str, Any]

CLUSTER = "_non_namespaceable_"


class Id:
    """What tells an object from others in one build."""

    __slots__ = ("group", "kind", "name", "namespace", "version")

    def __init__(self, group: str, version: str, kind: str, name: str, namespace: str) -> None:
        self.group, self.version, self.kind, self.name, self.namespace = group, version, kind, name, namespace

    def __str__(self) -> str:
        return f"{gvk_text(self.group, self.version, self.kind)}/{self.name or '[noName]'}.{self.namespace or '[noNs]'}"

    @property
    def is_cluster(self) -> bool:
        """Whether it is of a kind that has no namespaces."""
        row = table.BUILTIN.by_gvk(f"{self.group}/{self.version}" if self.group else self.version, self.kind)
        return row is not None and not row.namespaced

    @property
    def effective(self) -> str:
        """The namespace that counts: `default` for none."""
        return CLUSTER if self.is_cluster else self.namespace or "default"

    def equals(self, other: Id) -> bool:
        """Whether both name the same object."""
        mine, others = (self.group, self.version, self.kind, self.name), (other.group, other.version, other.kind, other.name)
        return mine == others and self.effective == other.effective

    def is_selected(self, gvk: Any) -> bool:
        """Whether the kind is the one that `gvk` (group, version, kind; empty ones match all) asks for."""
        return all(not gvk.get(key) or gvk[key] == getattr(self, key) for key in ("group", "version", "kind"))


def gvk_text(group: str, version: str, kind: str) -> str:
    """`Kind.version.group` with words for what is missing."""
    return f"{kind or '[noKind]'}.{version or '[noVer]'}.{group or '[noGrp]'}"


class Node:
    """One object of a build. `obj` may be changed in place; {} once it is deleted."""

    def __init__(self, obj: Object) -> None:
        self.obj = obj
        self.former: list[tuple[str, str, str]] = []
        self.prefixes: list[str] = []
        self.suffixes: list[str] = []
        self.is_hashed = False
        self.behavior = ""
        self.origin: Object | None = None
        self.transformations: list[Object] = []

    @property
    def name(self) -> str:
        return str((self.obj.get("metadata") or {}).get("name") or "")

    @property
    def namespace(self) -> str:
        return str((self.obj.get("metadata") or {}).get("namespace") or "")

    @property
    def kind(self) -> str:
        return str(self.obj.get("kind") or "")

    @property
    def id(self) -> Id:
        """What it is called now."""
        return self._named(self.namespace, self.name, self.kind)

    def _named(self, namespace: str, name: str, kind: str) -> Id:
        group, _, version = str(self.obj.get("apiVersion") or "").rpartition("/")
        return Id(group, version, kind, name, namespace)

    def former_ids(self) -> list[Id]:
        """What it was called, oldest first."""
        return [self._named(*each) for each in self.former]

    def ids(self) -> Iterator[Id]:
        """What it was and is called."""
        yield from self.former_ids()
        yield self.id

    @property
    def first_id(self) -> Id:
        """What it was called when it was read."""
        return self._named(*self.former[0]) if self.former else self.id

    def remember(self) -> None:
        """Note the present name as a former one."""
        self.former.append((self.id.effective, self.name, self.kind))

    def metadata(self) -> Object:
        """Its metadata, to be changed."""
        if not isinstance(self.obj.get("metadata"), dict):
            self.obj["metadata"] = {}
        found: Object = self.obj["metadata"]
        return found

    def copy(self) -> Node:
        """One that can be changed without changing this."""
        made = Node(meta.clone(self.obj))
        made.former, made.prefixes, made.suffixes = list(self.former), list(self.prefixes), list(self.suffixes)
        made.is_hashed, made.behavior, made.origin = self.is_hashed, self.behavior, self.origin
        made.transformations = list(self.transformations)
        return made


def named(found: list[Node], id: Id) -> list[Node]:
    """Those that are or were called so."""
    return [node for node in found if node.obj and any(each.equals(id) for each in node.ids())]


def shown(node: Node) -> str:
    """An object as Go's %v shows it, with the annotations in which kustomize keeps its notes."""
    import json

    notes = {"Kinds": 2, "Names": 1, "Namespaces": 0}
    kept = {f"internal.config.kubernetes.io/previous{word}": ",".join(each[at] for each in node.former) for word, at in notes.items()}
    metadata = node.metadata()
    annotated = {**(metadata.get("annotations") or {}), **(kept if node.former else {})}
    obj = {**node.obj, "metadata": {**metadata, "annotations": annotated}}
    return json.dumps(obj, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
