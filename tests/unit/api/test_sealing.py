"""Sealing at rest: what is written can't be read without the key, and the key is never replaced behind anybody's back."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pkctl import errors
from pkctl.api import sealing
from pkctl.store import base, sqlite

KEY = "secrets/default/db"
VALUE = "correct-horse-battery-staple"


@pytest.fixture
def key_path(tmp_path: Path) -> str:
    return str(tmp_path / "config" / "secrets.key")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[base.Store]:
    opened = sqlite.open(str(tmp_path / "data" / "c.db"))
    yield opened
    opened.close()


def keep(store: base.Store, sealer: sealing.Sealer, key: str = KEY, text: str = VALUE) -> None:
    with store.write() as tx:
        tx.put(key, sealer.seal(key, text))


def texts(store: base.Store, sealer: sealing.Sealer) -> list[str]:
    return [sealer.open(entry.key, entry.text) for entry in store.list("secrets/")]


def refusal(sealer: sealing.Sealer, store: base.Store) -> str:
    with pytest.raises(errors.StoreError) as caught:
        texts(store, sealer)
    return str(caught.value)


def key_ids(path: str) -> list[str]:
    return [line.split()[0] for line in Path(path).read_text().splitlines() if not line.startswith("#")]


def test_what_is_sealed_opens_again(key_path: str) -> None:
    sealer = sealing.Sealer(key_path)
    assert sealer.open(KEY, sealer.seal(KEY, "tëxt")) == "tëxt"


def test_a_sealed_text_names_its_form_and_key(key_path: str) -> None:
    sealed = sealing.Sealer(key_path).seal(KEY, VALUE)
    assert sealed.rsplit(":", 1)[0] == f"pkctl:enc:v1:{key_ids(key_path)[0]}"


def test_the_same_text_is_never_sealed_the_same(key_path: str) -> None:
    sealer = sealing.Sealer(key_path)
    assert sealer.seal(KEY, VALUE) != sealer.seal(KEY, VALUE)


def test_the_key_file_is_made_when_first_needed_for_the_owner_alone(key_path: str) -> None:
    before = os.umask(0)
    try:
        sealer = sealing.Sealer(key_path)
        assert not os.path.exists(key_path)
        sealer.seal(KEY, VALUE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(key_path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(key_path)).st_mode) == 0o700
    assert os.listdir(os.path.dirname(key_path)) == ["secrets.key"]


def test_two_sealers_that_start_at_once_share_one_key(key_path: str) -> None:
    code = "import sys; from pkctl.api import sealing; print(sealing.Sealer(sys.argv[1]).seal('k', 'v'))"
    command = [sys.executable, "-c", code, key_path]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": os.getcwd()}) for _ in range(4)]
    sealed = [process.communicate()[0].strip() for process in started]
    assert [sealing.Sealer(key_path).open("k", text) for text in sealed] == ["v"] * 4


def test_what_was_never_sealed_comes_back_as_it_is(key_path: str) -> None:
    assert sealing.Sealer(key_path).open(KEY, '{"kind":"Secret"}') == '{"kind":"Secret"}'
    assert not os.path.exists(key_path)


def test_a_text_moved_to_another_key_does_not_open(key_path: str) -> None:
    sealer = sealing.Sealer(key_path)
    sealed = sealer.seal(KEY, VALUE)
    with pytest.raises(errors.StoreError, match="secrets/default/other: its sealed text does not fit"):
        sealer.open("secrets/default/other", sealed)


@pytest.mark.parametrize("cut", [-1, -20, -60])
def test_a_damaged_text_does_not_open(key_path: str, cut: int) -> None:
    sealer = sealing.Sealer(key_path)
    with pytest.raises(errors.StoreError):
        sealer.open(KEY, sealer.seal(KEY, VALUE)[:cut])


def test_a_newer_form_is_refused(key_path: str) -> None:
    with pytest.raises(errors.StoreError, match="sealed by a newer pkctl"):
        sealing.Sealer(key_path).open(KEY, "pkctl:enc:v2:abc:def")


def test_no_value_is_in_the_file_or_its_log(tmp_path: Path, key_path: str, store: base.Store) -> None:
    sealer = sealing.Sealer(key_path)
    for number in range(50):
        keep(store, sealer, text=f"{VALUE}-{number}")
    with store.write() as tx:
        tx.delete(KEY)
    written = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert len(written) > 10_000
    assert VALUE.encode() not in written


def test_a_missing_key_file_is_told_and_not_replaced(key_path: str, store: base.Store) -> None:
    keep(store, sealing.Sealer(key_path, store))
    before = store.list("secrets/")[0].text
    os.unlink(key_path)
    sealer = sealing.Sealer(key_path, store)
    said = refusal(sealer, store)
    assert said.startswith("secrets are sealed with key ")
    assert said.endswith(f"which {key_path} does not hold; restore that file from a backup, or name the right one with PKCTL_KEY")
    with pytest.raises(errors.StoreError, match=r"secrets are sealed, but the key file .* is missing"):
        keep(store, sealer, "secrets/default/new")
    assert (os.path.exists(key_path), [entry.text for entry in store.list("secrets/")]) == (False, [before])


def test_a_wrong_key_file_is_told_and_destroys_nothing(tmp_path: Path, key_path: str, store: base.Store) -> None:
    keep(store, sealing.Sealer(key_path))
    other = sealing.Sealer(str(tmp_path / "other.key"))
    other.seal("x", "y")
    assert "does not hold" in refusal(other, store)
    assert texts(store, sealing.Sealer(key_path)) == [VALUE]


@pytest.mark.parametrize("content", ["", "# only a comment\n", "abc def\n", "deadbeef AAAA\n", "\x00\xff"])
def test_a_file_that_holds_no_key_is_told(key_path: str, content: str) -> None:
    os.makedirs(os.path.dirname(key_path))
    Path(key_path).write_text(content)
    with pytest.raises(errors.StoreError, match=r"secrets.key.*restore"):
        sealing.Sealer(key_path).seal(KEY, VALUE)
    assert Path(key_path).read_text() == content


def test_an_unwritable_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(errors.StoreError, match=r"key file .*/file/secrets.key"):
        sealing.Sealer(str(tmp_path / "file" / "secrets.key")).seal(KEY, VALUE)


def test_rotation_seals_all_with_a_new_key_and_drops_the_old(key_path: str, store: base.Store) -> None:
    sealer = sealing.Sealer(key_path)
    keep(store, sealer)
    keep(store, sealer, "secrets/default/web", "other")
    old = key_ids(key_path)
    assert sealer.rotate(store) == 2
    assert texts(store, sealing.Sealer(key_path)) == [VALUE, "other"]
    assert (len(key_ids(key_path)), key_ids(key_path) == old) == (1, False)


def test_rotation_seals_what_was_open(key_path: str, store: base.Store) -> None:
    with store.write() as tx:
        tx.put(KEY, VALUE)
    sealing.Sealer(key_path).rotate(store)
    assert store.list("secrets/")[0].text.startswith("pkctl:enc:v1:")


def test_rotation_leaves_no_text_of_the_old_key_to_read(key_path: str, store: base.Store) -> None:
    sealer = sealing.Sealer(key_path)
    keep(store, sealer, text="first")
    keep(store, sealer, text="second")
    sealer.rotate(store)
    assert [sealer.open(entry.key, entry.text) for entry in store.history(KEY)] == ["second"]
    with pytest.raises(base.Compacted):
        store.changes(1, ("secrets/",))


def test_rotation_leaves_other_kinds_alone(key_path: str, store: base.Store) -> None:
    with store.write() as tx:
        tx.put("configmaps/a/b", "plain")
    sealing.Sealer(key_path).rotate(store)
    assert [(change.key, change.text) for change in store.changes(0, ("configmaps/",))] == [("configmaps/a/b", "plain")]


def test_another_process_seals_with_the_new_key_after_a_rotation(key_path: str, store: base.Store) -> None:
    here, elsewhere = sealing.Sealer(key_path), sealing.Sealer(key_path)
    keep(store, elsewhere)
    here.rotate(store)
    keep(store, elsewhere, "secrets/default/new", "later")
    assert texts(store, sealing.Sealer(key_path)) == [VALUE, "later"]


def test_a_failed_rotation_keeps_every_key(key_path: str, store: base.Store) -> None:
    sealer = sealing.Sealer(key_path)
    keep(store, sealer)
    with store.write() as tx:
        tx.put("secrets/default/odd", "pkctl:enc:v1:00000000:AAAA")
    with pytest.raises(errors.StoreError, match="00000000"):
        sealer.rotate(store)
    assert len(key_ids(key_path)) == 2
    assert sealing.Sealer(key_path).open(KEY, store.list(KEY)[0].text) == VALUE


def test_importing_the_room_imports_no_cryptography() -> None:
    code = "import sys; import pkctl.api.sealing; print('cryptography' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": os.getcwd()})
    assert said.stdout == "False\n"
