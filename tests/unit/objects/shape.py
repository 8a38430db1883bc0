"""A literal Shape with the merge rules of a Deployment, as far as the tests of patches need them."""

from __future__ import annotations

from typing import Any


class Shape:
    """See pkctl.objects.shapes.Shape; `fields` of an object, `of` for a map's values or a list's items."""

    list_type, map_type = "", ""
    list_keys: tuple[str, ...] = ()

    def __init__(self, type: str, *strategy: str, key: str = "", of: Shape | None = None, **fields: Shape) -> None:
        self.type, self.patch_strategy, self.merge_key, self._of, self._fields = type, strategy, key, of, fields

    def field(self, name: str) -> Shape | None:
        return self._of if self.type == "map" else self._fields.get(name)

    def items(self) -> Shape | None:
        return self._of

    def default(self, name: str) -> Any:
        return None


TEXT, TEXTS = Shape("string"), Shape("array", of=Shape("string"))
MAP = Shape("map", of=TEXT)


def merged(key: str, *more: str, **fields: Shape) -> Shape:
    """A list of objects that merges by a key."""
    return Shape("array", "merge", *more, key=key, of=Shape("object", **fields))


CONTAINER = {"env": merged("name"), "ports": merged("containerPort"), "args": TEXTS, "resources": Shape("object", limits=MAP)}
VOLUME = {"emptyDir": Shape("object"), "configMap": Shape("object"), "hostPath": Shape("object")}
POD = Shape(
    "object",
    containers=merged("name", **CONTAINER),
    volumes=merged("name", "retainKeys", **VOLUME),
    tolerations=Shape("array", of=Shape("object")),
)
METADATA = Shape("object", labels=MAP, annotations=MAP, finalizers=Shape("array", "merge", of=TEXT))
TEMPLATE = Shape("object", metadata=METADATA, spec=POD)
SPEC = Shape("object", template=TEMPLATE, strategy=Shape("object", "retainKeys", rollingUpdate=Shape("object")), replicas=Shape("integer"))
DEPLOYMENT = Shape("object", metadata=METADATA, spec=SPEC)
