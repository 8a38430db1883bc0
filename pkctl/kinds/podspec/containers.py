"""A pod's containers of all three lists, in the order that Kubernetes visits them (pkg/api/v1/pod's VisitContainers)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.objects.meta import Object

LISTS = ("initContainers", "containers", "ephemeralContainers")


def every(spec: Object) -> Iterator[Object]:
    """Each container."""
    for field in LISTS:
        yield from spec.get(field) or ()


def placed(spec: Object, path: str) -> Iterator[tuple[Object, str]]:
    """Each container and its own path, where the spec's is `path`."""
    for field in LISTS:
        for number, container in enumerate(spec.get(field) or ()):
            yield container, f"{path}.{field}[{number}]"
