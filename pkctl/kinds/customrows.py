"""Rows of the kind table made at run time from a CustomResourceDefinition: one for each version it serves.

What a row's schema does to objects is `custom`'s matter; which definitions are served, the API's.
"""

from __future__ import annotations

from pkctl.kinds import customnodes, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

FREE: dict[str, Any] = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
"""The schema of a version that has none: anything goes."""


class CustomRow(table.Row):
    """A row with what its definition says of this version.

    `form` is the version as the definition has it, `stored_as` the apiVersion that objects are stored in, `is_ending` whether the
    definition is being deleted, so that nothing can be created any more, `has_hook` whether only a webhook could convert objects.
    """

    __slots__ = ("_nodes", "_schemas", "form", "has_hook", "is_ending", "stored_as")
    stored_as: str

    def __init__(self, definition: Object, form: Object) -> None:
        spec = definition["spec"]
        names, subresources = accepted_names(definition), form.get("subresources") or {}
        super().__init__(
            spec["group"],
            form["name"],
            names["kind"],
            names["plural"],
            namespaced=spec.get("scope") != "Cluster",
            short=names.get("shortNames") or (),
            categories=names.get("categories") or (),
            singular=names.get("singular") or names["kind"].lower(),
            subresources=[name for name in ("scale", "status") if subresources.get(name) is not None],
            schema=_schema(form),
        )
        self.form, self.is_ending = form, bool(definition["metadata"].get("deletionTimestamp"))
        self.has_hook = has_hook(definition)
        self.stored_as = f"{self.group}/{storage_version(definition)}"
        self._schemas = {f"{self.group}/{each['name']}": _schema(each) for each in spec["versions"]}
        self._nodes: dict[str, customnodes.Node] = {}

    @property
    def node(self) -> customnodes.Node:
        """The schema, made ready for walking when first asked for."""
        return self.node_of(self.api_version)

    def node_of(self, api_version: str) -> customnodes.Node:
        """The schema of another version of the definition; anything goes in one that it doesn't have."""
        if api_version not in self._nodes:
            self._nodes[api_version] = customnodes.Node(self._schemas.get(api_version, FREE))
        return self._nodes[api_version]


def _schema(form: Object) -> dict[str, Any]:
    found: dict[str, Any] | None = (form.get("schema") or {}).get("openAPIV3Schema")
    return found or FREE


def accepted_names(definition: Object) -> Object:
    """The names a definition serves its kind under: those accepted, else those it asks for."""
    accepted: Object = (definition.get("status") or {}).get("acceptedNames") or {}
    return accepted if accepted.get("plural") and accepted.get("kind") else definition["spec"]["names"]


def storage_version(definition: Object) -> str:
    """The version that objects are stored in."""
    versions = definition["spec"].get("versions") or ()
    return next((str(form["name"]) for form in versions if form.get("storage")), "")


def has_hook(definition: Object) -> bool:
    """Whether objects are converted by a webhook."""
    return ((definition["spec"].get("conversion") or {}).get("strategy") or "None") == "Webhook"


def rows(definition: Object) -> list[CustomRow]:
    """A row for each served version, the preferred one first; where nothing is converted, that is the version objects are stored in."""
    hooked = has_hook(definition)
    forms = [form for form in definition["spec"].get("versions") or () if form.get("served")]
    forms.sort(key=lambda form: (hooked and not form.get("storage"), priority(form["name"])))
    return [CustomRow(definition, form) for form in forms]


def priority(version: str) -> tuple[Any, ...]:
    """Kubernetes' version order: v2, v1, v1beta2, v1beta1, v1alpha1, then others by name."""
    import re

    match = re.fullmatch(r"v(\d+)(?:(alpha|beta)(\d+))?", version)
    if match is None:
        return (3, 0, 0, version)
    rank = {None: 0, "beta": 1, "alpha": 2}[match[2]]
    return (rank, -int(match[1]), -int(match[3] or 0), version)
