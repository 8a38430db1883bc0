"""ServiceAccount. Tokens are the API's `token` subresource. Follows pkg/registry/core/serviceaccount/strategy.go of Kubernetes."""

from __future__ import annotations

from pkctl.kinds import cells as shared
from pkctl.kinds import describing
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

COLUMNS = (shared.NAME, shared.AGE)


def prepare(new: meta.Object, old: meta.Object | None) -> None:
    """Of the Secrets it refers to only the names are kept."""
    if new.get("secrets"):
        new["secrets"] = [{"name": each["name"]} if each.get("name") else {} for each in new["secrets"]]


def cells(obj: meta.Object, now: float) -> list[Any]:
    """One cell for each of COLUMNS."""
    return [meta.name(obj), shared.age(obj, now)]


def describe(obj: meta.Object, reader: describing.Reader) -> str:
    """With the secrets that its pods pull images with."""
    page = describing.begin(obj)
    describing.column(page, "Image pull secrets", [each.get("name", "") for each in obj.get("imagePullSecrets") or ()])
    return describing.end(page, obj, reader)
