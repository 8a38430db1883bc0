"""What `matchLabelKeys` and `mismatchLabelKeys` mean for one pod: requirements on other pods, taken from its own labels.

Follows applyMatchLabelKeysAndMismatchLabelKeys in pkg/registry/core/pod/strategy.go: they join the selectors of a new Pod, and are never
looked at again.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkctl.objects.meta import Object

KEYS = (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))


def apply(spec: Object, labels: dict[str, str]) -> None:
    """Fill the selectors of affinity terms and spread constraints in place; a term without a selector stays without."""
    for term in _terms(spec):
        selector = term.get("labelSelector")
        added = [
            {"key": key, "operator": operator, "values": [labels[key]]}
            for name, operator in KEYS
            for key in term.get(name) or ()
            if key in labels
        ]
        if selector is not None and added:
            selector["matchExpressions"] = [*(selector.get("matchExpressions") or ()), *added]


def _terms(spec: Object) -> Iterator[Object]:
    yield from spec.get("topologySpreadConstraints") or ()
    for kind in ("podAffinity", "podAntiAffinity"):
        found = (spec.get("affinity") or {}).get(kind) or {}
        yield from found.get("requiredDuringSchedulingIgnoredDuringExecution") or ()
        for weighted in found.get("preferredDuringSchedulingIgnoredDuringExecution") or ():
            yield weighted.get("podAffinityTerm") or {}
