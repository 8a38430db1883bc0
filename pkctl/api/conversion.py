"""Objects between the versions of one kind: stored in the first version listed, shown in the one asked for.

The rooms of kinds with differing versions define `convert(obj, api_version)`; other versions differ by name alone (as CRDs do with the
conversion `None`).
"""

from __future__ import annotations

from pkctl.api import rooms

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object


def to(row: Row, obj: Object) -> Object:
    """An object in the version of `row`, with the metadata it has; the object itself when it is."""
    if obj.get("apiVersion") == row.api_version:
        return obj
    convert = rooms.part(row, "convert")
    if convert is not None:
        converted: Object = convert(obj, row.api_version)
        return converted
    return {**obj, "apiVersion": row.api_version, "kind": row.kind}
