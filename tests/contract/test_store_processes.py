"""What every store promises to several processes at once, and when one of them is killed."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from pkctl import errors
from pkctl.store import alchemy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.contract.conftest import Cluster


def finish(*processes: subprocess.Popen[str]) -> list[int]:
    for process in processes:
        process.communicate(timeout=120)
    return [process.returncode for process in processes]


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_revisions_of_several_writers_have_no_gaps(cluster: Cluster) -> None:
    writers = [cluster.process("write", name, 100) for name in "abcd"]
    seen: list[int] = []
    while len(seen) < 400:
        cluster.store.wait(len(seen), 60)
        seen += [change.rev for change in cluster.store.changes(len(seen))]
        assert seen == list(range(1, len(seen) + 1))
    assert finish(*writers) == [0, 0, 0, 0]


def test_eight_processes_lose_no_update(cluster: Cluster) -> None:
    writers = [cluster.process("add", "count/one", 25) for _ in range(8)]
    assert finish(*writers) == [0] * 8
    entry = cluster.store.get("count/one")
    assert entry is not None
    assert (entry.text, entry.rev) == ("200", 200)


def test_processes_that_create_the_same_cluster_agree(cluster: Cluster) -> None:
    assert finish(*[cluster.process("write", name, 1) for name in "abcdef"]) == [0] * 6
    assert cluster.store.count("things/") == 6


def test_a_wait_is_woken_by_another_process(cluster: Cluster) -> None:
    waiter = cluster.process("wait", 0)
    assert line(waiter) == "ready"
    with cluster.store.write() as tx:
        tx.put("a/1", "x")
    assert line(waiter).split()[0] == "1"


def test_a_wait_here_is_woken_by_another_process(cluster: Cluster) -> None:
    writer = cluster.process("write", "a", 1)
    assert cluster.store.wait(0, 60) == 1
    assert finish(writer) == [0]


def test_a_killed_writer_leaves_whole_transactions_and_everything_it_told(cluster: Cluster) -> None:
    for _ in range(3):
        writer = cluster.process("endless")
        told = [line(writer) for _ in range(20)][-1]
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        left, right = cluster.store.get("pair/left"), cluster.store.get("pair/right")
        assert left is not None
        assert right is not None
        assert left.text == right.text
        assert int(left.text.split()[0]) >= int(told)
        with cluster.store.write() as tx:
            assert tx.put("after/it", "x") == left.rev + 2


def test_the_lead_excludes_other_processes(cluster: Cluster) -> None:
    holder = cluster.process("lead")
    assert line(holder) == "True"
    with cluster.store.lead() as held:
        assert not held
    assert cluster.store.lead_holder().split("@")[0] == str(holder.pid)


def test_the_lead_vanishes_with_a_killed_holder(cluster: Cluster) -> None:
    holder = cluster.process("lead")
    assert line(holder) == "True"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with cluster.store.lead(timeout=120) as held:
        assert held


def test_a_let_go_lead_is_taken_by_who_waits_for_it(cluster: Cluster) -> None:
    holder = cluster.process("lead")
    assert line(holder) == "True"
    assert holder.stdin is not None
    holder.stdin.write("go\n")
    holder.stdin.flush()
    with cluster.store.lead(timeout=120) as held:
        assert held


def test_a_cluster_is_the_same_when_opened_again(cluster: Cluster) -> None:
    with cluster.store.write() as tx:
        tx.put("a/1", "x")
    cluster.store.close()
    again = cluster.open()
    assert ([entry.text for entry in again.list("")], again.rev()) == (["x"], 1)


def test_a_leader_that_lost_its_connection_writes_no_more(place_of: Callable[[str], str]) -> None:
    import psycopg

    url = place_of("postgresql")
    with contextlib.closing(alchemy.open(url)) as store, contextlib.closing(alchemy.open(url)) as other:
        with store.lead() as held:
            with psycopg.connect(url, autocommit=True) as killer:
                killer.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
            with pytest.raises(errors.StoreError, match="the lead with it"), store.write() as tx:
                tx.put("a/b", "stale")
            with other.lead(timeout=120) as taken, other.write() as tx:
                tx.put("a/b", "new")
        assert (held, taken, other.get("a/b").text, other.rev()) == (True, True, "new", 1)


def test_who_no_longer_leads_may_write_as_anybody(place_of: Callable[[str], str]) -> None:
    with contextlib.closing(alchemy.open(place_of("postgresql"))) as store:
        with store.lead(), store.write() as tx:
            tx.put("a/b", "1")
        with store.write() as tx:
            tx.put("a/b", "2")
        assert store.rev() == 2
