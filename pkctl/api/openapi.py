"""OpenAPI documents of what a cluster serves, made when they are asked for: v3 for each group and version, v2 for all of them.

Follows kube-openapi's handler3 and builder. The schemas are kinds/published's, the paths `openapi_paths`'. Not told: defaults, unions.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kinds.published import Definitions
    from pkctl.kinds.table import Kinds, Row

    Object = dict[str, Any]

SECURITY = {"BearerToken": {"description": "Bearer Token authentication", "in": "header", "name": "authorization", "type": "apiKey"}}
ROOT = "/openapi/v3/"


def index(kinds: Kinds) -> Object:
    """Where each v3 document is; its hash changes when the document would."""
    found: dict[str, list[Row]] = {}
    for row in kinds:
        found.setdefault(_base(row), []).append(row)
    return {"paths": {base: {"serverRelativeURL": f"{ROOT}{base}?hash={_hash(rows)}"} for base, rows in sorted(found.items())}}


def document(kinds: Kinds, base: str) -> Object | None:
    """The v3 document of `api/v1` or `apis/GROUP/VERSION`; None for what is not served."""
    rows = [row for row in kinds if _base(row) == base]
    if not rows:
        return None
    definitions, paths = _described("v3", kinds, rows)
    from pkctl.kinds import published

    schemas = definitions.closure([*published.references(paths), *published.EVERYWHERE])
    components = {"schemas": schemas, "securitySchemes": SECURITY}
    return {"openapi": "3.0.0", "info": _info(), "paths": paths, "components": components, "security": [{"BearerToken": []}]}


def swagger(kinds: Kinds) -> Object:
    """The v2 document of everything."""
    from pkctl.kinds import published

    definitions, paths = _described("v2", kinds, list(kinds))
    schemas = definitions.closure([*published.references(paths), *published.EVERYWHERE])
    return {
        "swagger": "2.0",
        "info": _info(),
        "paths": paths,
        "definitions": schemas,
        "securityDefinitions": SECURITY,
        "security": [{"BearerToken": []}],
    }


def _described(form: str, kinds: Kinds, rows: list[Row]) -> tuple[Definitions, Object]:
    from pkctl.api import openapi_paths
    from pkctl.kinds import published

    definitions = published.Definitions(form, kinds)
    found: Object = {}
    for row in rows:
        found |= openapi_paths.paths(definitions, row)
    return definitions, dict(sorted(found.items()))


def _base(row: Row) -> str:
    return f"apis/{row.group}/{row.version}" if row.group else f"api/{row.version}"


def _info() -> Object:
    from pkctl.objects import versions

    return {"title": "Kubernetes", "version": versions.git_version()}


def _hash(rows: list[Row]) -> str:
    """Of what a document is made of: pkctl's version, and the custom schemas."""
    import json
    from hashlib import sha512

    said = [[_info()["version"], row.plural, row.kind, row.subresources, row.schema] for row in rows]
    return sha512(json.dumps(said, sort_keys=True).encode()).hexdigest().upper()
