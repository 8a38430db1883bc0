"""What several controllers look up beside keys and owners, kept current with every change: unowned objects, objects by label."""

from __future__ import annotations

from pkctl.objects import meta, owners

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkctl.controllers import plan
    from pkctl.objects.meta import Object

    ByKey = dict[tuple[str, str], Object]


def orphans(view: plan.View, kind: str, namespace: str) -> list[Object]:
    """The objects of a namespace that no controller owns, by key."""

    def build() -> dict[str, ByKey]:
        value: dict[str, ByKey] = {}
        for obj in view.list(kind):
            _follow_orphan(value, None, obj)
        return value

    found: dict[str, ByKey] = view.memo(f"orphans/{kind}", (kind,), build, _follow_orphan)
    return [obj for _, obj in sorted(found.get(namespace, {}).items())]


def _follow_orphan(value: dict[str, ByKey], old: Object | None, new: Object | None) -> None:
    if old is not None:
        value.get(meta.namespace(old), {}).pop(meta.key(old), None)
    if new is not None and not owners.controller(new):
        value.setdefault(meta.namespace(new), {})[meta.key(new)] = new


def labelled(view: plan.View, kind: str, namespace: str, wanted: Mapping[str, str]) -> list[Object]:
    """The objects of a namespace that bear all the wanted labels (one at least), by key."""

    def build() -> dict[tuple[str, str, str], ByKey]:
        value: dict[tuple[str, str, str], ByKey] = {}
        for obj in view.list(kind):
            _follow_label(value, None, obj)
        return value

    found = view.memo(f"labelled/{kind}", (kind,), build, _follow_label)
    rows = [found.get((namespace, label, value), {}) for label, value in wanted.items()]
    smallest: ByKey = min(rows, key=len, default={})
    return [obj for key, obj in sorted(smallest.items()) if all(key in row for row in rows)]


def _follow_label(value: dict[tuple[str, str, str], ByKey], old: Object | None, new: Object | None) -> None:
    for obj in (old, new):
        if obj is None:
            continue
        namespace, key = meta.namespace(obj), meta.key(obj)
        for label, text in meta.labels(obj).items():
            place = (namespace, label, text)
            if obj is new:
                value.setdefault(place, {})[key] = obj
            else:
                row = value.get(place, {})
                row.pop(key, None)
                if not row:
                    value.pop(place, None)
