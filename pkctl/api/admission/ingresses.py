"""DefaultIngressClass: an Ingress that names no class gets the default one. Follows plugin/pkg/admission/network/defaultingressclass."""

from __future__ import annotations

from pkctl.api import refusals
from pkctl.objects import meta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.api.requests import Request

DEFAULT = "ingressclass.kubernetes.io/is-default-class"
OLD_CLASS = "kubernetes.io/ingress.class"


def set_class(request: Request) -> None:
    """The default class, Forbidden when several claim to be it."""
    ingress = request.new
    if meta.at(ingress, "spec", "ingressClassName") is not None or OLD_CLASS in meta.annotations(ingress):
        return
    defaults = [
        meta.name(each)
        for each in request.session.read_all("ingressclasses.networking.k8s.io")
        if meta.annotations(each).get(DEFAULT) == "true"
    ]
    if len(defaults) > 1:
        text = f"{len(defaults)} default IngressClasses were found, only 1 allowed"
        raise refusals.forbidden(request.row, request.name, text)
    if defaults:
        ingress.setdefault("spec", {})["ingressClassName"] = defaults[0]
