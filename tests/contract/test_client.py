"""What a client promises, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pkctl import errors
from pkctl.api import options
from pkctl.client import base, local
from pkctl.kinds import table
from tests import clusters

Object = dict[str, Any]
Options, Query = options.Options, options.Query
CONFIGMAP, POD = table.BUILTIN.by_id("configmaps"), table.BUILTIN.by_id("pods")
assert CONFIGMAP is not None
assert POD is not None
RUNNING = {"name": "web", "state": {"running": {}}, "containerID": "podman://aa"}


@pytest.fixture
def cluster() -> Iterator[clusters.Cluster]:
    with clusters.cluster() as made:
        yield made


@pytest.fixture
def client(cluster: clusters.Cluster) -> local.Local:
    return cluster.client


def _map(name: str, **data: str) -> Object:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_local_fulfils_the_protocol(client: local.Local) -> None:
    asked = [name for name in vars(base.Client) if not name.startswith("_")]
    assert [name for name in asked if not hasattr(client, name)] == []


def test_a_batch_commits_its_writes_together(cluster: clusters.Cluster, client: local.Local) -> None:
    client.kinds()
    before = cluster.store.rev()
    with client.batch():
        client.create(CONFIGMAP, "default", _map("a"), Options())
        client.create(CONFIGMAP, "default", _map("b"), Options())
        assert cluster.store.rev() == before
    assert cluster.store.rev() == before + 2


def test_a_failed_write_in_a_batch_undoes_only_itself(client: local.Local) -> None:
    with client.batch():
        client.create(CONFIGMAP, "default", _map("a"), Options())
        with pytest.raises(errors.AlreadyExists):
            client.create(CONFIGMAP, "default", _map("a"), Options())
        client.create(CONFIGMAP, "default", _map("b"), Options())
    assert len(client.list(CONFIGMAP, "default")["items"]) == 2


def test_a_read_in_a_batch_sees_its_writes(client: local.Local) -> None:
    with client.batch():
        client.create(CONFIGMAP, "default", _map("a", x="1"), Options())
        assert client.get(CONFIGMAP, "default", "a")["data"] == {"x": "1"}


def test_an_exception_out_of_a_batch_undoes_it_all(client: local.Local) -> None:
    def interrupted() -> None:
        with client.batch():
            client.create(CONFIGMAP, "default", _map("a"), Options())
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert client.list(CONFIGMAP, "default")["items"] == []


def test_a_watched_table_has_one_row_for_each_object(client: local.Local) -> None:
    client.create(CONFIGMAP, "default", _map("a", x="1"), Options())
    first = next(iter(client.watch_table(CONFIGMAP, "default", timeout=0)))
    assert (first["type"], first["object"]["kind"]) == ("ADDED", "Table")
    assert [row["cells"][0] for row in first["object"]["rows"]] == ["a"]


def test_a_bookmark_comes_when_nothing_happens(client: local.Local) -> None:
    events = list(client.watch(CONFIGMAP, "default", timeout=0.05))
    assert [event["type"] for event in events] == ["BOOKMARK"]


class Runtime:
    """A node's logs: lines by attempt."""

    def __init__(self, attempts: dict[int, list[str]]) -> None:
        self.attempts = attempts

    def logs(
        self, pod: Object, container: str, *, attempt: int | None = None, follow: bool = False, since: float = 0, stop: object = None
    ) -> Any:
        lines = self.attempts[max(self.attempts) if attempt is None else attempt]
        for number, text in enumerate(lines):
            if 1767225600 + number >= since:
                yield f"2026-01-01T00:00:{number:02d}.000000000Z", "stdout", f"{text}\n".encode()

    def observe(self) -> list[Object]:
        return []


def _pod(cluster: clusters.Cluster, *statuses: Object, containers: tuple[str, ...] = ("web",), node: str = "one") -> None:
    spec = {"containers": [{"name": name, "image": "web:1"} for name in containers], "nodeName": node}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": spec}
    created = cluster.client.create(POD, "default", pod, Options())
    changed = {**created, "status": {**created["status"], "containerStatuses": list(statuses)}}
    cluster.client.update(POD, "default", "web", changed, Options(subresource="status"))
    cluster.runtimes["one"] = Runtime({0: ["a", "b", "c"]})  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        pytest.param({}, "a\nb\nc\n", id="all"),
        pytest.param({"tail_lines": 2}, "b\nc\n", id="tail"),
        pytest.param({"tail_lines": 0}, "", id="no line"),
        pytest.param({"limit_bytes": 3}, "a\nb", id="limit"),
        pytest.param({"since_time": "2026-01-01T00:00:02Z"}, "c\n", id="since"),
        pytest.param({"tail_lines": 1, "timestamps": True}, "2026-01-01T00:00:02.000000000Z c\n", id="timestamps"),
        pytest.param({"tail_lines": 1, "follow": True}, "c\n", id="follow"),
    ],
)
def test_logs_are_cut_as_asked(cluster: clusters.Cluster, given: Object, wanted: str) -> None:
    _pod(cluster, RUNNING)
    assert b"".join(cluster.client.logs("default", "web", **given)).decode() == wanted


WAITING = 'container "web" in pod "web" is waiting to start: '


@pytest.mark.parametrize(
    ("status", "given", "wanted"),
    [
        pytest.param({"state": {"waiting": {"reason": "ContainerCreating"}}}, {}, WAITING + "ContainerCreating", id="creating"),
        pytest.param({"state": {"waiting": {"reason": "ErrImagePull"}}}, {}, WAITING + "image can't be pulled", id="pull"),
        pytest.param(
            {"state": {"waiting": {"reason": "ImagePullBackOff"}}}, {}, WAITING + "trying and failing to pull image", id="backing off"
        ),
        pytest.param(RUNNING, {"previous": True}, 'previous terminated container "web" in pod "web" not found', id="no previous"),
        pytest.param(RUNNING, {"container": "db"}, "container db is not valid for pod web", id="no such container"),
    ],
)
def test_logs_that_can_not_be_shown_say_why(cluster: clusters.Cluster, status: Object, given: Object, wanted: str) -> None:
    _pod(cluster, {"name": "web", **status})
    with pytest.raises(errors.BadRequest) as refusal:
        list(cluster.client.logs("default", "web", **given))
    assert str(refusal.value) == wanted


def test_logs_of_several_containers_want_a_name(cluster: clusters.Cluster) -> None:
    _pod(cluster, RUNNING, containers=("web", "db"))
    with pytest.raises(errors.BadRequest) as refusal:
        list(cluster.client.logs("default", "web"))
    assert str(refusal.value) == "a container name must be specified for pod web, choose one of: [web db]"
