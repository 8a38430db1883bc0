"""Names that follow: where an object names another that was renamed, the new name is put.

Follows kustomize's api/filters/nameref and its nameReference tables (`specs`).
"""

from __future__ import annotations

from pkctl.kustomize import texts, walking

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.kustomize.nodes import Node

    Table = list[dict[str, Any]]


def follow(found: list[Node], table: Table) -> None:
    """Rewrite every name that the table knows of; KustomizeError when one may mean several objects."""
    for referrer in found:
        for target in table:
            for spec in target["fieldSpecs"]:
                if referrer.obj and referrer.first_id.is_selected(spec):
                    search = _Search(found, referrer, target, spec["path"])
                    loose = {**spec, "kind": "", "group": "", "version": ""}
                    walking.visit(referrer, loose, search.renewed)


class _Search:
    """One field of one object, and what it may name."""

    def __init__(self, found: list[Node], referrer: Node, target: dict[str, Any], path: str) -> None:
        self.found, self.referrer, self.target, self.path = found, referrer, target, path

    def renewed(self, value: Any) -> Any:
        """The field's value with new names in it."""
        if isinstance(value, list):
            return [self.renewed(each) for each in value]
        if isinstance(value, dict):
            return self._mapping(value)
        if not isinstance(value, str):
            return value
        node = self._referral(value, self._near(self.found), by_namespace=False)
        return node.name if node else value

    def _mapping(self, value: dict[str, Any]) -> dict[str, Any]:
        if "name" not in value:
            raise texts.KustomizeError(
                f"updating name reference in '{self.path}' field of '{self.referrer.id}': path config error; no 'name' field in node"
            )
        near = self._near(self.found)
        if "namespace" in value:
            wanted = value["namespace"]
            near = [node for node in near if node.first_id.effective == wanted] or [node for node in near if node.id.effective == wanted]
        node = self._referral(str(value["name"]), near, by_namespace=True)
        if node is None:
            return value
        return {**value, "name": node.name, **({"namespace": node.namespace} if node.namespace else {})}

    def _near(self, found: list[Node]) -> list[Node]:
        """What the referrer could mean at all: its own namespace, cluster-wide objects, accounts that it binds."""
        mine = self.referrer.id
        if mine.is_cluster:
            return [node for node in found if node.obj]
        bound = set()
        if mine.kind == "RoleBinding":
            subjects = [each for each in self.referrer.obj.get("subjects") or () if isinstance(each, dict)]
            bound = {each.get("namespace") for each in subjects if each.get("kind") == "ServiceAccount"}
        return [
            node for node in found if node.obj and (node.id.is_cluster or node.id.effective == mine.effective or node.namespace in bound)
        ]  # fmt: skip

    def _referral(self, name: str, candidates: list[Node], *, by_namespace: bool) -> Node | None:
        found = [
            node
            for node in candidates
            if any(id.name == name for id in node.former_ids())
            and any(id.is_selected(self.target) for id in node.former_ids())
            and self._is_role(node)
            and self._is_reachable(node)
        ]
        for is_loose in (True, False):
            if len(found) == 1:
                return found[0]
            found = [node for node in found if self._is_kin(node, is_loose=is_loose)]
        if not found:
            return None
        if len({(node.name, node.namespace if by_namespace else "") for node in found}) == 1:
            return found[0]
        raise texts.KustomizeError(self._ambiguous(found))

    def _is_role(self, node: Node) -> bool:
        role = self.referrer.obj.get("roleRef")
        if not self.path.endswith("roleRef/name") or not isinstance(role, dict) or not role.get("apiGroup") or not role.get("kind"):
            return True
        return any(id.is_selected({"group": role["apiGroup"], "kind": role["kind"]}) for id in node.former_ids())

    def _is_reachable(self, node: Node) -> bool:
        mine = self.referrer.id
        return mine.is_cluster or node.id.is_cluster or node.kind == "ServiceAccount" or node.id.effective == mine.effective

    def _is_kin(self, node: Node, *, is_loose: bool) -> bool:
        """Whether both were renamed by the same kustomizations."""
        pairs = ((node.prefixes, self.referrer.prefixes), (node.suffixes, self.referrer.suffixes))
        return all((is_loose and not (one and other)) or _end_alike(one, other) for one, other in pairs)

    def _ambiguous(self, found: list[Node]) -> str:
        ids = ", ".join(str(node.id) for node in found)
        place = f"updating name reference in '{self.path}' field of '{self.referrer.id}'"
        return f"{place}:  found multiple possible referrals: {ids}"


def _end_alike(one: list[str], other: list[str]) -> bool:
    short, long = sorted((one, other), key=len)
    return long[len(long) - len(short) :] == short if short else not long
