"""Every row of the kind table through every verb it declares. A kind without a passing row can't exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.kinds import describing, table
from pkctl.objects import meta
from tests import clusters
from tests.contract import samples

Object = dict[str, Any]
Options = options.Options
STORED = [row for row in table.ROWS if "create" in row.verbs and "get" in row.verbs]
ASKED = [row for row in table.ROWS if row.verbs == table.CREATE_ONLY]


def _name(row: table.Row) -> str:
    return f"{row.api_version}/{row.plural}"


def _with(verb: str) -> Any:
    return pytest.mark.parametrize("row", [row for row in STORED if verb in row.verbs], ids=_name)


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


def _place(row: table.Row) -> tuple[str, str]:
    return ("default" if row.namespaced else ""), samples.NAMES.get(row.id, "web")


def _create(cluster: clusters.Cluster, row: table.Row, **more: Any) -> Object:
    return cluster.client.create(row, _place(row)[0], samples.sample(row), Options(**more))


@_with("create")
def test_what_is_created_can_be_got(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    assert cluster.client.get(row, *_place(row)) == created


@_with("create")
def test_a_created_object_has_its_kind_and_system_metadata(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    assert (created["apiVersion"], created["kind"]) == (row.api_version, row.kind)
    assert {"uid", "creationTimestamp", "resourceVersion"} <= set(created["metadata"])


@_with("create")
def test_the_same_name_exists_already(cluster: clusters.Cluster, row: table.Row) -> None:
    _create(cluster, row)
    with pytest.raises(errors.AlreadyExists):
        _create(cluster, row)


@_with("create")
def test_a_dry_run_shows_the_object_and_keeps_nothing(cluster: clusters.Cluster, row: table.Row) -> None:
    cluster.client.kinds()
    before = cluster.store.rev()
    shown = _create(cluster, row, dry_run=True)
    assert meta.name(shown) == _place(row)[1]
    assert cluster.store.rev() == before


@_with("create")
def test_an_unknown_field_is_refused(cluster: clusters.Cluster, row: table.Row) -> None:
    with pytest.raises(errors.BadRequest, match='strict decoding error: unknown field "flavour"'):
        cluster.client.create(row, _place(row)[0], {**samples.sample(row), "flavour": 1}, Options())


@_with("create")
def test_a_bad_label_is_invalid(cluster: clusters.Cluster, row: table.Row) -> None:
    obj = samples.sample(row)
    obj["metadata"]["labels"] = {"a": "b c"}
    with pytest.raises(errors.Invalid, match=r'metadata\.labels: Invalid value: "b c"'):
        cluster.client.create(row, _place(row)[0], obj, Options())


@_with("list")
def test_a_list_holds_the_object(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    found = cluster.client.list(row, "")
    assert found["kind"] == f"{row.kind}List"
    assert created in found["items"]


@_with("update")
def test_an_update_that_changes_nothing_writes_nothing(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    again = cluster.client.update(row, *_place(row), deepcopy(created), Options())
    assert again["metadata"]["resourceVersion"] == created["metadata"]["resourceVersion"]


@_with("update")
def test_an_update_of_an_older_version_conflicts(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    _label(cluster, row, "merge", {"metadata": {"labels": {"tier": "front"}}})
    with pytest.raises(errors.Conflict, match="the object has been modified"):
        cluster.client.update(row, *_place(row), created, Options())


def _label(cluster: clusters.Cluster, row: table.Row, form: str, patch: Any) -> Object:
    return cluster.client.patch(row, *_place(row), form, patch, Options())


PATCHES = {
    "merge": {"metadata": {"annotations": {"tier": "front"}}},
    "strategic": {"metadata": {"annotations": {"tier": "front"}}},
    "json": [{"op": "add", "path": "/metadata/annotations", "value": {"tier": "front"}}],
}


@pytest.mark.parametrize("form", PATCHES)
@_with("patch")
def test_a_patch_changes_what_it_says(cluster: clusters.Cluster, row: table.Row, form: str) -> None:
    created = _create(cluster, row)
    patched = _label(cluster, row, form, PATCHES[form])
    assert meta.annotations(patched)["tier"] == "front"
    assert meta.revision(patched) > meta.revision(created)


@_with("patch")
def test_an_apply_creates_and_the_same_apply_changes_nothing(cluster: clusters.Cluster, row: table.Row) -> None:
    wish = samples.sample(row)
    first = cluster.client.patch(row, *_place(row), "apply", wish, Options(field_manager="me"))
    second = cluster.client.patch(row, *_place(row), "apply", wish, Options(field_manager="me"))
    assert second == first


@_with("patch")
def test_an_apply_without_a_label_takes_it_away(cluster: clusters.Cluster, row: table.Row) -> None:
    wish = samples.sample(row)
    labelled = {**wish, "metadata": {**wish["metadata"], "labels": {"tier": "front"}}}
    cluster.client.patch(row, *_place(row), "apply", labelled, Options(field_manager="me"))
    without = cluster.client.patch(row, *_place(row), "apply", wish, Options(field_manager="me"))
    assert "tier" not in meta.labels(without)


@_with("watch")
def test_a_watch_sees_the_object_come_change_and_go(cluster: clusters.Cluster, row: table.Row) -> None:
    start = str(cluster.client.list(row, "")["metadata"]["resourceVersion"])
    _create(cluster, row)
    _label(cluster, row, "merge", PATCHES["merge"])
    _remove(cluster, row)
    events = [each["type"] for each in cluster.client.watch(row, "", options.Query(revision=start), timeout=0)]
    seen = [kind for kind in dict.fromkeys(events) if kind != "BOOKMARK"]
    assert seen == ["ADDED", "MODIFIED", "DELETED"]


def _remove(cluster: clusters.Cluster, row: table.Row) -> None:
    """Delete the object, and play the part of whoever it waits for."""
    cluster.client.delete(row, *_place(row), Options(grace=0))
    if row.id == "namespaces":
        left = {**cluster.client.get(row, *_place(row)), "spec": {"finalizers": []}}
        cluster.client.update(row, *_place(row), left, Options(subresource="finalize"))
    elif row.id in ("persistentvolumeclaims", "persistentvolumes"):
        _label(cluster, row, "merge", {"metadata": {"finalizers": None}})


@_with("delete")
def test_a_deleted_object_is_gone(cluster: clusters.Cluster, row: table.Row) -> None:
    _create(cluster, row)
    _remove(cluster, row)
    with pytest.raises(errors.NotFound, match=re.escape(f'{row.id} "{_place(row)[1]}" not found')):
        cluster.client.get(row, *_place(row))


@_with("delete")
def test_a_finalizer_holds_a_deleted_object(cluster: clusters.Cluster, row: table.Row) -> None:
    obj = samples.sample(row)
    obj["metadata"]["finalizers"] = ["example.com/wait"]
    cluster.client.create(row, _place(row)[0], obj, Options())
    lingering = cluster.client.delete(row, *_place(row), Options(grace=0))
    assert meta.is_deleting(lingering)


@_with("deletecollection")
def test_a_collection_is_deleted_by_its_labels(cluster: clusters.Cluster, row: table.Row) -> None:
    obj = samples.sample(row)
    obj["metadata"]["labels"] = {"gone": "soon"}
    cluster.client.create(row, _place(row)[0], obj, Options())
    deleted = cluster.client.delete_collection(row, _place(row)[0], options.Query(labels="gone=soon"), Options(grace=0))
    assert [meta.name(each) for each in deleted["items"]] == [_place(row)[1]]


@_with("get")
def test_a_table_has_a_cell_for_each_column(cluster: clusters.Cluster, row: table.Row) -> None:
    _create(cluster, row)
    shown = cluster.client.table(row, *_place(row))
    assert len(shown["rows"][0]["cells"]) == len(shown["columnDefinitions"])
    assert shown["rows"][0]["object"]["metadata"]["name"] == _place(row)[1]


@_with("get")
def test_describe_names_the_object(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    room = table.room(row)
    describe = getattr(room, "describe", describing.generic)
    text: str = describe(created, _Reader(cluster))
    assert _place(row)[1] in text


class _Reader:
    """What a describer may ask, from the cluster."""

    def __init__(self, cluster: clusters.Cluster) -> None:
        self._cluster, self.now = cluster, cluster.sources.now()

    def get(self, kind: str, namespace: str, name: str) -> Object | None:
        with self._cluster.api.reading() as session:
            return session.read(kind, namespace, name)

    def list(self, kind: str, namespace: str | None = None) -> list[Object]:
        with self._cluster.api.reading() as session:
            return session.read_all(kind, namespace or "")

    def events(self, obj: Object) -> list[Object]:
        return []


@pytest.mark.parametrize("row", [row for row in STORED if "status" in row.subresources], ids=_name)
def test_a_status_update_leaves_the_spec_alone(cluster: clusters.Cluster, row: table.Row) -> None:
    created = _create(cluster, row)
    changed = deepcopy(created)
    changed["spec"] = None
    updated = cluster.client.update(row, *_place(row), changed, Options(subresource="status"))
    assert updated.get("spec") == created.get("spec")


@pytest.mark.parametrize("row", [row for row in STORED if "scale" in row.subresources], ids=_name)
def test_what_has_a_scale_can_be_scaled_by_it(cluster: clusters.Cluster, row: table.Row) -> None:
    _create(cluster, row)
    scale = cluster.client.update(row, *_place(row), {"spec": {"replicas": 4}}, Options(subresource="scale"))
    assert scale["spec"] == {"replicas": 4}
    assert cluster.client.get(row, *_place(row))["spec"]["replicas"] == 4


@pytest.mark.parametrize("row", [row for row in STORED if row.id in table.STORED_ONLY], ids=_name)
def test_a_kind_that_is_only_stored_says_so(cluster: clusters.Cluster, row: table.Row) -> None:
    _create(cluster, row)
    assert any(text.startswith(f"pkctl stores {row.kind} but does not act on it: ") for text in cluster.warnings)


@pytest.mark.parametrize("row", ASKED, ids=_name)
def test_a_review_is_answered_or_refused_by_name_and_never_stored(cluster: clusters.Cluster, row: table.Row) -> None:
    cluster.client.kinds()
    before = cluster.store.rev()
    obj = {"apiVersion": row.api_version, "kind": row.kind, "metadata": {"name": "web"}}
    said = _answer_or_refusal(cluster, row, obj)
    assert any(word in said for word in (row.kind, "pods", "namespace"))
    assert cluster.store.rev() == before


def _answer_or_refusal(cluster: clusters.Cluster, row: table.Row, obj: Object) -> str:
    try:
        answer = cluster.client.create(row, "default" if row.namespaced else "", obj, Options())
    except errors.StatusError as refusal:
        return refusal.message
    return str(answer["kind"]) if answer["status"] else ""


def test_every_stored_kind_has_a_sample() -> None:
    assert {row.id for row in STORED} == set(samples.BODIES)
