"""The fields of a kuberc file and their types, and a document read into them as Go reads it. Follows kubectl's pkg/config.

Types: `string` or a struct's name, `[` before it for a list, `!` behind one that is shown even when empty. Not here: files
(`preferences`, `kuberc`), nor what the fields do.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Object = dict[str, Any]

OPTION = "name:string! default:string!"
ALIAS = "name:string! command:string! prependArgs:[string appendArgs:[string"
VERSIONS: dict[str, dict[str, str]] = {
    "v1beta1": {
        "Preference": "kind:string apiVersion:string defaults:[CommandDefaults! aliases:[AliasOverride! "
        "credentialPluginPolicy:string credentialPluginAllowlist:[AllowlistEntry",
        "CommandDefaults": "command:string! options:[CommandOptionDefault!",
        "AliasOverride": f"{ALIAS} options:[CommandOptionDefault",
        "CommandOptionDefault": OPTION,
        "AllowlistEntry": "name:string command:string",
    },
    "v1alpha1": {
        "Preference": "kind:string apiVersion:string overrides:[CommandOverride! aliases:[AliasOverride!",
        "CommandOverride": "command:string! flags:[CommandOverrideFlag!",
        "AliasOverride": f"{ALIAS} flags:[CommandOverrideFlag",
        "CommandOverrideFlag": OPTION,
    },
}
EMPTY = {"string!": ""}


class Misfit(ValueError):
    """A value of another type than its field's, in the words of Go's encoding/json."""


class Fields:
    """The fields of one version; `is_lenient` takes numbers and booleans for strings, as sigs.k8s.io/yaml does."""

    def __init__(self, version: str = "v1beta1", *, is_lenient: bool = False) -> None:
        self._structs, self._version, self._is_lenient = VERSIONS[version], version, is_lenient

    def read(self, value: Object, struct: str = "Preference", path: str = "") -> Object:
        """The known fields in Go's order; Misfit for the first that doesn't fit."""
        kinds = self._kinds(struct)
        read = {
            name: self._value(value[name], kinds[name].removesuffix("!"), struct, f"{path}{name}")
            for name in sorted(value)
            if name in kinds
        }
        empty: tuple[Any, ...] = (None, "") if not self._is_lenient else (None, "", [])
        return {name: read.get(name) or EMPTY.get(kind, read.get(name)) for name, kind in kinds.items()
                if kind.endswith("!") or read.get(name) not in empty}  # fmt: skip

    def unknown(self, value: Object, struct: str = "Preference", path: str = "") -> Iterator[str]:
        """The fields that no struct has, in the words of strict decoding."""
        kinds = self._kinds(struct)
        for name, inner in value.items():
            kind = kinds.get(name, "").strip("[!")
            if not kind:
                yield f'unknown field "{path}{name}"'
            elif kind in self._structs:
                for at, item in enumerate(inner or ()):
                    yield from self.unknown(item or {}, kind, f"{path}{name}[{at}].")

    def _kinds(self, struct: str) -> dict[str, str]:
        return dict(field.split(":") for field in self._structs[struct].split())

    def _value(self, value: Any, kind: str, struct: str, path: str) -> Any:
        if kind[0] == "[" and isinstance(value, list):
            return [self._value(each, kind[1:], struct, path) for each in value]
        if kind in self._structs and (value is None or isinstance(value, dict)):
            return self.read(value or {}, kind, f"{path}.")
        if value is None or (kind == "string" and isinstance(value, str)):
            return value
        if kind == "string" and self._is_lenient and not isinstance(value, (dict, list)):
            return json.dumps(value)
        from pkctl.objects import jsonfaults

        raise Misfit(f"json: cannot unmarshal {jsonfaults.word(value)} into Go struct field {struct}.{path} of type {self._type(kind)}")

    def _type(self, kind: str) -> str:
        if kind[0] == "[":
            return f"[]{self._type(kind[1:])}"
        return kind if kind == "string" else f"{self._version}.{kind}"
