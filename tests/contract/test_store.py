"""What every store promises, in one process."""

from __future__ import annotations

import threading
import time

import pytest

from pkctl.store import base


def put(store: base.Store, **texts: str) -> None:
    """One transaction for each key, `_` standing for `/`."""
    for key, text in texts.items():
        with store.write() as tx:
            tx.put(key.replace("_", "/"), text)


def drop(store: base.Store, key: str) -> None:
    with store.write() as tx:
        tx.delete(key)


def keys(store: base.Reader, prefix: str, at: int | None = None) -> list[str]:
    return [entry.key for entry in store.list(prefix, at=at)]


def told(changes: list[base.Change]) -> list[tuple[str, int, str | None, str | None]]:
    return [(change.key, change.rev, change.text, change.before) for change in changes]


def test_an_empty_store_is_at_revision_zero(store: base.Store) -> None:
    assert (store.rev(), store.get("a/b"), store.list(""), store.changes(0)) == (0, None, [], [])


def test_a_put_gives_the_next_revision(store: base.Store) -> None:
    with store.write() as tx:
        assert [tx.put("a/1", "x"), tx.put("a/2", "y"), tx.rev()] == [1, 2, 2]
    assert store.rev() == 2


def test_a_text_comes_back_as_it_was_with_its_revision(store: base.Store) -> None:
    text = '{"a":"ünï \U0001f600 \\u0000 \'\\"","b":[]}' * 1000
    put(store, a_1="first", a_2=text)
    entry = store.get("a/2")
    assert entry is not None
    assert (entry.key, entry.text, entry.rev) == ("a/2", text, 2)


def test_a_raised_block_leaves_nothing_behind(store: base.Store) -> None:
    put(store, a_1="x")
    with pytest.raises(ZeroDivisionError), store.write() as tx:  # noqa: PT012
        tx.put("a/2", "y")
        tx.set_mark("m", str(1 / 0))
    assert (store.rev(), keys(store, ""), store.marks("")) == (1, ["a/1"], {})


def test_a_transaction_reads_what_it_wrote_and_others_do_not(store: base.Store) -> None:
    with store.write() as tx:
        tx.put("a/1", "x")
        assert keys(tx, "a/") == ["a/1"]
        assert keys(store, "a/") == []


def test_a_transaction_is_of_no_use_after_its_end(store: base.Store) -> None:
    with store.write() as tx:
        pass
    with pytest.raises(RuntimeError, match="after its end"):
        tx.put("a/1", "x")


def test_a_write_inside_a_write_is_told_instead_of_hanging(store: base.Store) -> None:
    with store.write(), pytest.raises(RuntimeError, match="inside a write"), store.write():
        pass


@pytest.mark.parametrize("durable", [True, False])
def test_both_kinds_of_transaction_commit(store: base.Store, durable: bool) -> None:
    with store.write(durable=durable) as tx:
        tx.put("a/1", "x")
    assert keys(store, "") == ["a/1"]


@pytest.mark.parametrize(("expect", "found"), [(base.ABSENT, 2), (1, 2), (3, 2)])
def test_an_unmet_expectation_names_what_was_found(store: base.Store, expect: int, found: int) -> None:
    put(store, a_1="x")
    put(store, a_1="y")
    with pytest.raises(base.Mismatch) as caught, store.write() as tx:
        tx.put("a/1", "z", expect)
    assert (caught.value.key, caught.value.expect, caught.value.found) == ("a/1", expect, found)


@pytest.mark.parametrize("expect", [base.ANY, 1])
def test_a_met_expectation_writes(store: base.Store, expect: int) -> None:
    put(store, a_1="x")
    with store.write() as tx:
        assert tx.put("a/1", "y", expect) == 2


def test_absent_is_met_by_a_deleted_key(store: base.Store) -> None:
    put(store, a_1="x")
    drop(store, "a/1")
    with store.write() as tx:
        assert tx.put("a/1", "y", base.ABSENT) == 3


def test_a_revision_expected_of_a_missing_key_is_a_mismatch(store: base.Store) -> None:
    with pytest.raises(base.Mismatch) as caught, store.write() as tx:
        tx.put("a/1", "y", 7)
    assert caught.value.found == 0


@pytest.mark.parametrize("expect", [base.ANY, 1])
def test_a_deletion_has_a_revision_of_its_own(store: base.Store, expect: int) -> None:
    put(store, a_1="x")
    with store.write() as tx:
        assert tx.delete("a/1", expect) == 2
    assert store.get("a/1") is None


@pytest.mark.parametrize("expect", [base.ANY, 1])
def test_deleting_what_is_not_there_is_a_mismatch(store: base.Store, expect: int) -> None:
    with pytest.raises(base.Mismatch), store.write() as tx:
        tx.delete("a/1", expect)


def test_keys_are_listed_in_byte_order(store: base.Store) -> None:
    put(store, **{"a_Z": "", "a_é": "", "a_a": "", "a_-": "", "a_\U0001f600": "", "a_a-b": "", "a_a.b": "", "b_a": ""})
    assert keys(store, "a/") == ["a/-", "a/Z", "a/a", "a/a-b", "a/a.b", "a/é", "a/\U0001f600"]


def test_a_prefix_is_text_and_not_a_pattern(store: base.Store) -> None:
    put(store, **{"a%_1": "", "ab_1": "", "a_1": ""})
    assert keys(store, "a%/") == ["a%/1"]


def test_pages_continue_after_a_key(store: base.Store) -> None:
    put(store, a_1="", a_2="", a_3="", b_1="")
    pages = [[entry.key for entry in store.list("a/", limit=2, after=after)] for after in ("", "a/2", "a/3")]
    assert pages == [["a/1", "a/2"], ["a/3"], []]


def test_count_is_the_length_of_the_list(store: base.Store) -> None:
    put(store, a_1="", a_2="", a_3="", b_1="")
    drop(store, "a/1")
    assert [store.count("a/"), store.count("a/", after="a/2"), store.count("a/", at=4), store.count("a/", at=1)] == [2, 1, 3, 1]


def test_reads_at_a_revision_see_the_past(store: base.Store) -> None:
    put(store, a_1="one", a_2="two")
    put(store, a_1="uno")
    drop(store, "a/2")
    put(store, a_2="dos")
    past = [{entry.key[2:]: (entry.text, entry.rev) for entry in store.list("a/", at=rev)} for rev in range(6)]
    assert past == [
        {},
        {"1": ("one", 1)},
        {"1": ("one", 1), "2": ("two", 2)},
        {"1": ("uno", 3), "2": ("two", 2)},
        {"1": ("uno", 3)},
        {"1": ("uno", 3), "2": ("dos", 5)},
    ]


def test_get_at_a_revision_agrees_with_list(store: base.Store) -> None:
    put(store, a_1="one", a_2="two")
    put(store, a_1="uno")
    drop(store, "a/1")
    put(store, a_1="eins")
    got = [entry.text if (entry := store.get("a/1", at=rev)) else None for rev in range(6)]
    assert got == [None, "one", "one", "uno", None, "eins"]


def test_pages_of_the_past_continue_as_pages_of_now(store: base.Store) -> None:
    put(store, a_1="", a_2="", a_3="")
    drop(store, "a/2")
    put(store, a_4="")
    pages = [[entry.key for entry in store.list("a/", at=3, limit=2, after=after)] for after in ("", "a/2")]
    assert pages == [["a/1", "a/2"], ["a/3"]]


def test_changes_carry_the_text_before(store: base.Store) -> None:
    put(store, a_1="one", b_1="b")
    put(store, a_1="uno")
    drop(store, "a/1")
    put(store, a_1="eins")
    assert told(store.changes(0)) == [
        ("a/1", 1, "one", None),
        ("b/1", 2, "b", None),
        ("a/1", 3, "uno", "one"),
        ("a/1", 4, None, "uno"),
        ("a/1", 5, "eins", None),
    ]


def test_changes_can_be_narrowed_and_paged(store: base.Store) -> None:
    put(store, a_1="1", b_1="2", c_1="3", d_1="4")
    assert [change.key for change in store.changes(1, ("a/", "b/", "d/"))] == ["b/1", "d/1"]
    assert [change.rev for change in store.changes(1, limit=2)] == [2, 3]


def test_replaying_changes_gives_the_list(store: base.Store) -> None:
    for number in range(200):
        with store.write() as tx:
            key = f"a/{number * 7 % 20}"
            if number % 3 == 2 and tx.get(key):
                tx.delete(key)
            else:
                tx.put(key, str(number))
    replayed: dict[str, str] = {}
    for change in store.changes(0):
        assert change.before == replayed.get(change.key)
        replayed.pop(change.key, None)
        if change.text is not None:
            replayed[change.key] = change.text
    assert replayed == {entry.key: entry.text for entry in store.list("")}


def test_history_lists_kept_texts_oldest_first(store: base.Store) -> None:
    put(store, a_1="one")
    put(store, a_1="two")
    drop(store, "a/1")
    put(store, a_1="three")
    assert [(entry.text, entry.rev) for entry in store.history("a/1")] == [("one", 1), ("two", 2), ("three", 4)]


def test_a_savepoint_undoes_its_block_and_its_revisions(store: base.Store) -> None:
    with store.write() as tx:
        tx.put("a/1", "x")
        with pytest.raises(ZeroDivisionError), tx.savepoint():  # noqa: PT012
            tx.put("a/1", "y")
            tx.put("a/2", "y")
            tx.set_mark("m", "1")
            tx.put("a/3", str(1 / 0))
        assert tx.put("a/3", "z") == 2
    assert ([(entry.key, entry.text) for entry in store.list("")], store.marks("")) == ([("a/1", "x"), ("a/3", "z")], {})


def test_savepoints_nest(store: base.Store) -> None:
    with store.write() as tx, tx.savepoint():
        tx.put("a/1", "x")
        with pytest.raises(base.Mismatch), tx.savepoint():  # noqa: PT012
            tx.put("a/2", "y")
            tx.put("a/1", "y", base.ABSENT)
    assert keys(store, "") == ["a/1"]


def test_marks_take_no_revision(store: base.Store) -> None:
    with store.write() as tx:
        tx.set_mark("cursor/a", "1")
        tx.set_mark("cursor/b", "2")
        tx.set_mark("timer", "3")
        tx.set_mark("cursor/a", "4")
    assert (store.rev(), store.mark("cursor/a"), store.mark("none"), store.marks("cursor/")) == (
        0, "4", None, {"cursor/a": "4", "cursor/b": "2"},
    )  # fmt: skip


def test_a_mark_is_removed_with_none(store: base.Store) -> None:
    with store.write() as tx:
        tx.set_mark("a", "1")
        tx.set_mark("a", None)
    assert store.marks("") == {}


def test_a_snapshot_stays_at_one_revision(store: base.Store) -> None:
    put(store, a_1="x")
    with store.snapshot() as reader:
        assert reader.rev() == 1
        put(store, a_2="y")
        assert (reader.rev(), keys(reader, ""), keys(store, "")) == (1, ["a/1"], ["a/1", "a/2"])


def test_compaction_keeps_what_is_current_and_refuses_the_past(store: base.Store) -> None:
    put(store, a_1="one", b_1="b")
    put(store, a_1="two")
    put(store, a_1="three")
    store.compact(3)
    assert [entry.text for entry in store.list("", at=3)] == ["two", "b"]
    assert told(store.changes(3)) == [("a/1", 4, "three", "two")]
    for ask in (lambda: store.changes(2), lambda: store.list("", at=2), lambda: store.get("a/1", at=2), lambda: store.count("", at=2)):
        with pytest.raises(base.Compacted) as caught:
            ask()
        assert (caught.value.rev, caught.value.floor) == (2, 3)


def test_compaction_of_a_prefix_leaves_others_their_past(store: base.Store) -> None:
    put(store, a_1="one", b_1="b")
    put(store, a_1="two", b_1="c")
    store.compact(4, "a/")
    assert told(store.changes(0, ("b/",))) == [("b/1", 2, "b", None), ("b/1", 4, "c", "b")]
    for prefix in ("a/", "a/1", ""):
        with pytest.raises(base.Compacted):
            store.changes(3, (prefix,))


def test_compaction_beyond_now_reaches_now(store: base.Store) -> None:
    put(store, a_1="one")
    store.compact(99)
    assert store.changes(1) == []
    put(store, a_1="two")
    assert told(store.changes(1)) == [("a/1", 2, "two", "one")]


def test_a_later_floor_covers_an_earlier_one(store: base.Store) -> None:
    put(store, a_1="1", b_1="2", c_1="3")
    store.compact(2, "a/")
    store.compact(1)
    with pytest.raises(base.Compacted) as caught:
        store.changes(0, ("a/",))
    assert caught.value.floor in (1, 2)
    with pytest.raises(base.Compacted):
        store.changes(1, ("a/",))
    assert [change.key for change in store.changes(1, ("b/",))] == ["b/1"]


def test_wait_returns_at_once_when_there_is_something(store: base.Store) -> None:
    put(store, a_1="x")
    assert store.wait(0, 60) == 1


def test_wait_gives_up_after_its_time(store: base.Store) -> None:
    started = time.monotonic()
    assert store.wait(0, 0.1) == 0
    assert time.monotonic() - started >= 0.1


def test_several_waiters_are_woken_by_one_commit(store: base.Store) -> None:
    seen: list[int] = []
    waiters = [threading.Thread(target=lambda: seen.append(store.wait(0, 60))) for _ in range(4)]
    for waiter in waiters:
        waiter.start()
    put(store, a_1="x")
    for waiter in waiters:
        waiter.join(60)
    assert seen == [1, 1, 1, 1]


def test_threads_take_turns_writing(store: base.Store) -> None:
    def work(name: str) -> None:
        for number in range(20):
            put(store, **{f"{name}_{number}": name})

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [change.rev for change in store.changes(0)] == list(range(1, 81))


def test_the_lead_is_held_by_one(store: base.Store) -> None:
    with store.lead() as first, store.lead() as second:
        assert (first, second) == (True, False)
    with store.lead() as again:
        assert again


def test_the_lead_names_its_holder(store: base.Store) -> None:
    import os

    assert store.lead_holder() == ""
    with store.lead():
        assert store.lead_holder() == f"{os.getpid()}@{os.uname().nodename}"
    assert store.lead_holder() == ""
