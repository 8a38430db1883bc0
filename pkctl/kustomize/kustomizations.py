"""A directory's kustomization file: found, read, judged, with old fields brought into their new places.

Follows kustomize's api/types/kustomization.go and api/internal/target/kusttarget.go (Load). Not here: what its fields do.
"""

from __future__ import annotations

from pkctl.kustomize import structs, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from pkctl.kustomize.files import Loader

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
VERSIONS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}
REFUSED = (
    "openapi", "vars", "crds", "helmGlobals", "helmCharts", "helmChartInflationGenerator", "generators", "transformers", "validators",
    "inventory",
)  # fmt: skip
"""Fields of a kustomization that are not honoured: using one is an error that names it."""

OLD = {
    "bases": "resources", "imageTags": "images", "commonLabels": "labels", "patchesJson6902": "patches",
    "patchesStrategicMerge": "patches",
}  # fmt: skip


class Kustomization:
    """A kustomization's fields, and the name of its file."""

    def __init__(self, fields: dict[str, Any], name: str) -> None:
        self.fields, self.name = fields, name

    def __getitem__(self, key: str) -> Any:
        return self.fields.get(key)

    @property
    def kind(self) -> str:
        """Kustomization or Component."""
        return str(self["kind"] or "Kustomization")


def load(loader: Loader, warn: Callable[[str], None]) -> Kustomization:
    """The kustomization of the loader's directory; KustomizeError."""
    text, name = _find(loader)
    fields = _read(text)
    for old, new in OLD.items():
        if fields.get(old) is not None:
            warn(
                f"# Warning: '{old}' is deprecated. Please use '{new}' instead. "
                "Run 'kustomize edit fix' to update your Kustomization automatically.\n"
            )
    if not set(fields) - {"kind", "apiVersion"}:
        raise texts.KustomizeError("kustomization.yaml is empty")
    _judge(fields, loader.root)
    _modern(fields)
    return Kustomization(fields, name)


def _find(loader: Loader) -> tuple[str, str]:
    found = []
    for name in NAMES:
        try:
            found.append((loader.read(name), name))
        except texts.KustomizeError:
            continue
    if not found:
        raise texts.KustomizeError(
            f"unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{loader.root}'"
        )
    if len(found) > 1:
        raise texts.KustomizeError(f"Found multiple kustomization files under: {loader.root}\n")
    return found[0][0].decode(errors="replace"), found[0][1]


def _read(text: str) -> dict[str, Any]:
    from pkctl.objects import yamls

    try:
        value = yamls.load(text)
    except yamls.YamlError as error:
        raise texts.KustomizeError(f"invalid Kustomization: {str(error).removeprefix(yamls.CONVERTING)}") from None
    try:
        return structs.read("Kustomization", {} if value is None else value)
    except structs.Misread as error:
        raise texts.KustomizeError(f"invalid Kustomization: json: {error}") from None


def _judge(fields: dict[str, Any], root: str) -> None:
    kind = str(fields.get("kind") or "Kustomization")
    wrong = []
    if kind not in VERSIONS:
        wrong.append("kind should be Kustomization or Component")
    version = VERSIONS.get(kind, VERSIONS["Kustomization"])
    if fields.get("apiVersion") not in (None, "", version):
        wrong.append(f"apiVersion for {kind} should be {version}")
    if wrong:
        raise texts.KustomizeError("\n".join((f"Failed to read kustomization file under {root}:", *wrong)))
    refused = [name for name in REFUSED if fields.get(name)]
    if refused:
        raise texts.KustomizeError(f"{root}: pkctl does not build kustomizations with {', '.join(refused)}")


def _modern(fields: dict[str, Any]) -> None:
    fields["resources"] = [*(fields.get("resources") or ()), *(fields.pop("bases", None) or ())]
    fields["images"] = [*(fields.get("images") or ()), *(fields.pop("imageTags", None) or ())]
    for key in ("configMapGenerator", "secretGenerator"):
        for each in fields.get(key) or ():
            each["envs"] = [*(each.get("envs") or ()), *([each["env"]] if each.get("env") else ())]
