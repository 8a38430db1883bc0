"""What beats often stays small, on every store, and nobody who lags is told less than the truth."""

from __future__ import annotations

import os

import psycopg
import pytest

from pkctl.store import base, sql, sqlite
from tests.contract.conftest import Cluster

LEASE = '{"kind":"Lease","metadata":{"annotations":{"pad":"' + "x" * 400 + '"}},"spec":{"renewTime":"%s"}}'


def beat(store: base.Store, count: int, *, key: str = "leases/kube-node-lease/node", size: int = 100) -> None:
    """`count` heartbeats spread over five keys, `size` to a transaction."""
    for start in range(0, count, size):
        with store.write(durable=False) as tx:
            for number in range(start, min(start + size, count)):
                tx.put(f"{key}{number % 5}", LEASE % number, keep=False)


def test_a_week_of_heartbeats_stays_small(cluster: Cluster) -> None:
    is_server = cluster.place.startswith("postgresql")
    beat(cluster.store, 6_000 if is_server else 60_000)
    if is_server:
        with psycopg.connect(cluster.place) as connection:
            rows = connection.execute("SELECT count(*) FROM log").fetchall()[0][0]
        assert rows < 2 * sql.KEEP_BEATS + 100
        return
    path = cluster.place.removeprefix("sqlite:///")
    assert sum(os.path.getsize(path + end) for end in ("", "-wal")) < 50_000_000


def test_single_beats_are_trimmed_too(store: base.Store) -> None:
    beat(store, 2 * sql.KEEP_BEATS + 10, size=1)
    with pytest.raises(base.Compacted):
        store.changes(0)
    assert len(store.changes(sql.KEEP_BEATS + 10)) == sql.KEEP_BEATS


def test_the_newest_beats_can_still_be_followed(store: base.Store) -> None:
    beat(store, 3 * sql.KEEP_BEATS)
    rev = store.rev()
    changes = store.changes(rev - sql.KEEP_BEATS + 1)
    assert [change.rev for change in changes] == list(range(rev - sql.KEEP_BEATS + 2, rev + 1))
    assert all(change.text and change.before for change in changes)


def test_beats_leave_other_prefixes_their_past(store: base.Store) -> None:
    with store.write() as tx:
        tx.put("pods/a/one", "first")
        tx.put("pods/a/one", "second")
    beat(store, 3 * sql.KEEP_BEATS)
    assert [change.text for change in store.changes(0, ("pods/",))] == ["first", "second"]
    assert [entry.text for entry in store.list("pods/", at=1)] == ["first"]


def test_a_kept_write_to_a_beating_kind_stays_in_its_history(store: base.Store) -> None:
    with store.write() as tx:
        tx.put("nodes//n", "made")
        tx.put("nodes//n", "labelled")
    beat(store, 3 * sql.KEEP_BEATS, key="nodes//m")
    assert [entry.text for entry in store.history("nodes//n")] == ["made", "labelled"]
    with pytest.raises(base.Compacted):
        store.get("nodes//n", at=1)


def test_what_comes_and_goes_unkept_leaves_nothing(store: base.Store) -> None:
    for number in range(2 * sql.KEEP_BEATS):
        with store.write(durable=False) as tx:
            tx.put(f"events/default/{number}", "x", keep=False)
            if number >= 10:
                tx.delete(f"events/default/{number - 10}")
    assert store.count("events/") == 10
    with pytest.raises(base.Compacted):
        store.changes(0, ("events/",))


def test_compaction_gives_the_space_back(tmp_path: object) -> None:
    path = f"{tmp_path}/cluster.db"
    store = sqlite.open(path)
    for number in range(200):
        with store.write(durable=False) as tx:
            tx.put("configmaps/a/big", f"{number}" + "x" * 50_000)
    store.compact(store.rev())
    store.close()
    assert os.path.getsize(path) < 1_000_000
