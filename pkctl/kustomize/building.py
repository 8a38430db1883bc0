"""A kustomization built: resources read, directories built in turn, generators and components run, everything transformed, names followed.

Follows kustomize's api/krusty and api/internal/target. `build` is the way in.
"""

from __future__ import annotations

from pkctl.kustomize import (
    files,
    generating,
    kustomizations,
    nodes,
    ordering,
    patching,
    reading,
    references,
    replacing,
    repositories,
    specs,
    texts,
    transforming,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from pkctl.kustomize.files import Loader
    from pkctl.kustomize.nodes import Node

LOCAL = "config.kubernetes.io/local-config"
ORIGIN, CHANGES = "config.kubernetes.io/origin", "alpha.config.kubernetes.io/transformations"
MANAGED = ("app.kubernetes.io/managed-by", "kustomize-v5.8.1")
"""The label that `buildMetadata: [managedByLabel]` adds, naming the version whose rules these are."""


def build(
    path: str, *, restricted: bool = True, env: Mapping[str, str] | None = None, warn: Callable[[str], None] = lambda _: None
) -> list[dict[str, Any]]:
    """The objects of the kustomization of a directory, or of a repository's, in their printed order; KustomizeError in kustomize's words.

    `restricted` keeps files to below each kustomization; `env` fills in env files' bare names; `warn` is told of old fields."""
    with repositories.Copies(warn) as copies:
        target = Target(files.opened(path, copies, restricted=restricted), env or {}, warn)
        found = target.accumulated([])
    for node in found:
        if node.obj and node.is_hashed:
            node.remember()
            node.metadata()["name"] = f"{node.name}-{generating.content_hash(node.obj)}"
    references.follow(found, target.tables["nameReference"])
    found = [node for node in found if node.obj and not _is_local(node)]
    _note(found, target.metadata)
    return [node.obj for node in ordering.ordered(found, target.kustomization["sortOptions"])]


def render(objects: list[dict[str, Any]]) -> str:
    """The objects as one YAML text."""
    from pkctl.printers import yamls

    return "---\n".join(map(yamls.dump, objects))


def _is_local(node: Node) -> bool:
    return str((node.metadata().get("annotations") or {}).get(LOCAL, "false")) != "false"


def _note(found: list[Node], wanted: list[str]) -> None:
    from pkctl.printers import yamls

    for node in found:
        notes = {}
        if "originAnnotations" in wanted and node.origin:
            notes[ORIGIN] = yamls.dump(node.origin, sort=False)
        if "transformerAnnotations" in wanted and node.transformations:
            notes[CHANGES] = yamls.dump(node.transformations, sort=False)
        if notes:
            node.metadata()["annotations"] = {**(node.metadata().get("annotations") or {}), **notes}
        if "managedByLabel" in wanted:
            node.metadata()["labels"] = {**(node.metadata().get("labels") or {}), MANAGED[0]: MANAGED[1]}


class Target:
    """One directory on its way to objects."""

    def __init__(
        self,
        loader: Loader,
        env: Mapping[str, str],
        warn: Callable[[str], None],
        metadata: list[str] | None = None,
        origin: dict[str, str] | None = None,
    ) -> None:
        self.loader, self.env, self.warn, self.origin = loader, env, warn, origin or {}
        self.kustomization = kustomizations.load(loader, warn)
        self.metadata: list[str] = self.kustomization["buildMetadata"] or [] if metadata is None else metadata
        self.tables = specs.defaults()

    def accumulated(self, found: list[Node]) -> list[Node]:
        """`found` (a component's parent's objects) with this kustomization carried out; KustomizeError."""
        given = self.kustomization
        try:
            for path in given["resources"] or ():
                found = self._resource(found, path)
        except texts.KustomizeError as error:
            raise error.under("accumulating resources") from None
        self.tables = specs.configured(self.tables, self.loader, given["configurations"] or [])
        self._generate(found)
        try:
            for path in given["components"] or ():
                found = self._component(found, path)
        except texts.KustomizeError as error:
            raise error.under("accumulating components") from None
        self._transform(found)
        return [node for node in found if node.obj]

    def _resource(self, found: list[Node], path: str) -> list[Node]:
        try:
            return self._file(found, path)
        except texts.Undelivered:
            raise
        except texts.KustomizeError as error:
            failed, prefix = error, f"accumulation err='{error}'"
        try:
            loader = self.loader.sub(path)
            made = self._directory(loader, path, [], is_component=False)
        except texts.KustomizeError as error:
            raise failed if isinstance(failed, texts.Malformed) else error.under(prefix) from None
        try:
            return _added(found, made)
        except texts.KustomizeError as error:
            raise error.under(f"{prefix}: recursed merging from path '{loader.root}'") from None

    def _file(self, found: list[Node], path: str) -> list[Node]:
        try:
            text = self.loader.read(path).decode(errors="replace")
            read = _added([], reading.objects(text))
        except texts.Malformed as error:
            raise texts.Malformed(f"accumulating resources from '{path}': MalformedYAMLError: {error} in File: {path}") from None
        except texts.KustomizeError as error:
            raise error.under(f"accumulating resources from '{path}'") from None
        for node in read:
            node.origin = self._from(path)
        try:
            return _added(found, read)
        except texts.KustomizeError as error:
            raise error.under(f"merging resources from '{path}'") from None

    def _from(self, path: str) -> dict[str, str]:
        """Where a file or directory of this one comes from."""
        import os

        repository = repositories.parse(path)
        if repository is not None:
            return repository.origin()
        return {"path": os.path.normpath(os.path.join(self.origin.get("path", ""), path)), **_source(self.origin)}

    def _directory(self, loader: Loader, path: str, found: list[Node], *, is_component: bool) -> list[Node]:
        try:
            target = Target(loader, self.env, self.warn, self.metadata, self._from(path))
        except texts.KustomizeError as error:
            raise error.under(f"couldn't make target for path '{loader.root}'") from None
        kind = target.kustomization.kind
        if is_component and kind != "Component":
            raise texts.KustomizeError(f"expected kind 'Component' for path '{loader.root}' but got '{kind}'")
        if not is_component and kind == "Component":
            raise texts.KustomizeError(f"expected kind != 'Component' for path '{loader.root}'")
        if is_component:
            target.tables = self.tables
        try:
            made = target.accumulated(found)
        except texts.KustomizeError as error:
            raise error.under(f"recursed accumulation of path '{loader.root}'") from None
        _join(self.tables, target.tables)
        return made

    def _component(self, found: list[Node], path: str) -> list[Node]:
        try:
            loader = self.loader.sub(path)
        except texts.KustomizeError as error:
            raise texts.KustomizeError(f"loader.New {texts.quoted(str(error))}") from None
        try:
            return self._directory(loader, path, found, is_component=True)
        except texts.KustomizeError as error:
            raise texts.KustomizeError(f"accumulateDirectory: {texts.quoted(str(error))}") from None

    def _generate(self, found: list[Node]) -> None:
        given = self.kustomization
        options = given["generatorOptions"] or {}
        for field, maker, word in (
            ("configMapGenerator", generating.configmap, "ConfigMapGenerator"),
            ("secretGenerator", generating.secret, "SecretGenerator"),
        ):
            for each in given[field] or ():
                node = maker(self.loader, each, options, self.env)
                node.origin = self._by(word)
                _absorb(found, node)

    def _by(self, word: str) -> dict[str, Any]:
        place = self._from(self.kustomization.name)
        return {**_source(place), "configuredIn": place["path"], "configuredBy": {"apiVersion": "builtin", "kind": word}}

    def _transform(self, found: list[Node]) -> None:
        for word, step in self._steps(found):
            if "transformerAnnotations" not in self.metadata:
                step()
                continue
            before = [node.copy() for node in found]
            step()
            for node, old in zip(found, before, strict=True):
                if node.obj != old.obj:
                    node.transformations.append(self._by(word))

    def _steps(self, found: list[Node]) -> list[tuple[str, Callable[[], None]]]:
        """What the kustomization asks for, in kustomize's order."""
        given, tables, loader = self.kustomization, self.tables, self.loader
        from functools import partial

        made: list[tuple[str, Callable[[], None]]] = []
        if given["patchesStrategicMerge"]:
            paths = given["patchesStrategicMerge"]
            made.append(("PatchStrategicMergeTransformer", lambda: patching.strategic_merges(found, loader, paths)))
        made += [("PatchTransformer", partial(patching.apply, found, loader, each)) for each in given["patches"] or ()]
        if given["namespace"]:
            made.append(("NamespaceTransformer", lambda: transforming.namespace(found, given["namespace"], tables["namespace"])))
        if given["namePrefix"]:
            made.append(("PrefixTransformer", lambda: transforming.rename(found, given["namePrefix"], "", tables["namePrefix"])))
        if given["nameSuffix"]:
            made.append(("SuffixTransformer", lambda: transforming.rename(found, "", given["nameSuffix"], tables["nameSuffix"])))
        made += [("LabelTransformer", partial(self._label, found, each)) for each in given["labels"] or ()]
        if given["commonLabels"]:
            made.append(("LabelTransformer", lambda: transforming.mark(found, given["commonLabels"], tables["commonLabels"])))
        if given["commonAnnotations"]:
            words = given["commonAnnotations"]
            made.append(("AnnotationsTransformer", lambda: transforming.mark(found, words, tables["commonAnnotations"])))
        made += [("PatchJson6902Transformer", partial(patching.json6902, found, loader, each))
                 for each in given["patchesJson6902"] or ()]  # fmt: skip
        made += [("ReplicaCountTransformer", partial(transforming.replicas, found, each, tables["replicas"]))
                 for each in given["replicas"] or ()]  # fmt: skip
        made += [("ImageTagTransformer", partial(transforming.images, found, each, tables["images"]))
                 for each in given["images"] or ()]  # fmt: skip
        if given["replacements"]:
            made.append(("ReplacementTransformer", lambda: replacing.replace(found, loader, given["replacements"])))
        return made

    def _label(self, found: list[Node], label: dict[str, Any]) -> None:
        base = [specs.spec("", "metadata/labels", create=True)]
        if label.get("includeSelectors"):
            base = self.tables["commonLabels"]
        elif label.get("includeTemplates"):
            base = self.tables["templateLabels"]
        transforming.mark(found, label.get("pairs") or {}, [*(label.get("fields") or ()), *base])


def _source(origin: dict[str, str]) -> dict[str, str]:
    """The repository that something comes from; nothing for none."""
    return {key: origin[key] for key in ("repo", "ref") if key in origin}


def _join(tables: dict[str, list[Any]], others: dict[str, list[Any]]) -> None:
    """What a directory's `configurations` said holds for those that build on it too."""
    for name, rows in others.items():
        tables[name] = [*tables.get(name, ()), *(row for row in rows if row not in tables.get(name, ()))]


def _added(found: list[Node], new: list[Node]) -> list[Node]:
    made = list(found)
    for node in new:
        if any(each.obj and each.id.equals(node.id) for each in made):
            raise texts.KustomizeError(f"may not add resource with an already registered id: {node.id}")
        made.append(node)
    return made


def _absorb(found: list[Node], node: Node) -> None:
    """Add a generated object, or merge it into, or put it in place of, the one of its name."""
    same = nodes.named(found, node.id)
    id = node.id
    shown = (
        f'resid.ResId{{Gvk:resid.Gvk{{Group:"{id.group}", Version:"{id.version}", Kind:"{id.kind}", isClusterScoped:false}}, '
        f'Name:"{id.name}", Namespace:"{id.namespace}"}}'
    )
    if len(same) > 1:
        raise texts.KustomizeError(f"merging from generator: found multiple objects that could accept merge of {id}")
    if not same:
        if node.behavior in ("merge", "replace"):
            raise texts.KustomizeError(f"merging from generator: id {shown} does not exist; cannot merge or replace")
        found.append(node)
        return
    if node.behavior not in ("merge", "replace"):
        raise texts.KustomizeError(
            f"merging from generator: id {shown} exists; can not use behavior: '{node.behavior}', behavior must be merge or replace"
        )
    _take_over(same[0], node)
    found[found.index(same[0])] = node


def _take_over(old: Node, node: Node) -> None:
    """Let a generated object stand for an older one: its name, marks and past, and with `merge` its contents."""
    was, now = old.metadata(), node.metadata()
    for key in ("labels", "annotations"):
        words = {**(was.get(key) or {}), **(now.get(key) or {})}
        if words:
            now[key] = words
    now["name"] = old.name
    now.pop("namespace", None)
    if old.namespace:
        now["namespace"] = old.namespace
    if node.behavior == "merge":
        node.origin = old.origin
        for key in ("data", "binaryData"):
            both = {**(old.obj.get(key) or {}), **(node.obj.get(key) or {})}
            if both:
                node.obj[key] = both
    node.is_hashed = node.is_hashed and old.is_hashed
    node.former, node.prefixes, node.suffixes = list(old.former), list(old.prefixes), list(old.suffixes)
    node.transformations = list(old.transformations)
