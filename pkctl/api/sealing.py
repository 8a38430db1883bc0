"""Seals texts at rest with AES-256-GCM, and keeps the keys: one file of the user's, beside the configuration, not beside the data.

The first key in the file seals, any of them opens, as in Kubernetes' EncryptionConfiguration. A sealed text names its key and is
bound to its store key, so it can't be moved to another object. Not here: which kinds are sealed (`api.session`).
"""

from __future__ import annotations

import binascii
import os

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from pkctl.store import base

FAMILY = "pkctl:enc:"
PREFIX = FAMILY + "v1:"
NONCE = 12
KEY_SIZE = 32
HEADER = """# The keys that seal the secrets of pkctl's clusters: `ID KEY`, the first seals, each opens.
# Keep a copy in a safe place: what is sealed is lost without its key.
"""


class Sealer:
    """Seals and opens texts with the keys of one file, which is created when first needed.

    With a `store`, a missing key file is created only while nothing under `prefixes` is sealed there; what is sealed under `replaceable`
    can be made anew, but is sealed again with the rest when keys are rotated.
    """

    def __init__(
        self,
        key_path: str,
        store: base.Reader | None = None,
        prefixes: Sequence[str] = ("secrets/",),
        replaceable: Sequence[str] = ("keys/",),
    ) -> None:
        self._path, self._store, self._prefixes, self._replaceable = key_path, store, tuple(prefixes), tuple(replaceable)
        self._keys: dict[str, bytes] = {}
        self._stamp: tuple[int, ...] = ()
        self._ciphers: dict[str, Any] = {}

    def seal(self, key: str, text: str) -> str:
        """The sealed form of `text` for the store key `key`; StoreError when there is no key to be had."""
        self._refresh()
        if not self._keys:
            self._create()
        key_id = next(iter(self._keys))
        nonce = os.urandom(NONCE)
        sealed = nonce + self._cipher(key_id).encrypt(nonce, text.encode(), _bound(key_id, key))
        return f"{PREFIX}{key_id}:{binascii.b2a_base64(sealed, newline=False).decode()}"

    def open(self, key: str, text: str) -> str:
        """What `seal` was given; a text that was never sealed comes back as it is. StoreError without its key, or when tampered with."""
        if not text.startswith(FAMILY):
            return text
        if not text.startswith(PREFIX):
            raise errors.StoreError(f"{key}: sealed by a newer pkctl ({text[:20]}…); upgrade pkctl")
        from cryptography import exceptions

        key_id, _, coded = text.removeprefix(PREFIX).partition(":")
        try:
            sealed = binascii.a2b_base64(coded)
            return str(self._cipher(key_id).decrypt(sealed[:NONCE], sealed[NONCE:], _bound(key_id, key)), "utf-8")
        except (exceptions.InvalidTag, ValueError) as error:
            raise errors.StoreError(
                f"{key}: its sealed text does not fit key {key_id}: it was damaged or moved; restore a backup"
            ) from error

    def can_open(self, text: str) -> bool:
        """Whether the key of a sealed text is there."""
        self._refresh()
        return not text.startswith(PREFIX) or text.removeprefix(PREFIX).partition(":")[0] in self._keys

    def rotate(self, store: base.Store) -> int:
        """Seal everything under the prefixes with a new key, forget the old texts, then drop the old keys; returns how many objects.

        Stopped anywhere, every text still has its key, and rotating again completes it.
        """
        self._refresh()
        if not self._keys:
            self._create()
        _write(self._path, {**_new_key(), **self._keys}, replace=True)
        self._refresh()
        count = 0
        with store.write() as tx:
            for prefix in self._prefixes:
                for entry in tx.list(prefix):
                    tx.put(entry.key, self.seal(entry.key, self.open(entry.key, entry.text)), entry.rev)
                    count += 1
            for entry in (entry for prefix in self._replaceable for entry in tx.list(prefix) if self.can_open(entry.text)):
                tx.put(entry.key, self.seal(entry.key, self.open(entry.key, entry.text)), entry.rev)
            rev = tx.rev()
        for prefix in (*self._prefixes, *self._replaceable):
            store.compact(rev, prefix)
        newest = next(iter(self._keys))
        _write(self._path, {newest: self._keys[newest]}, replace=True)
        return count

    def _refresh(self) -> None:
        """Read the key file again if it has changed: another process may have rotated."""
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            self._keys, self._stamp = {}, ()
            return
        except OSError as error:
            raise self._unreadable(error) from error
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if stamp != self._stamp:
            self._keys, self._ciphers = self._read(), {}
            self._stamp = stamp

    def _read(self) -> dict[str, bytes]:
        try:
            with open(self._path, encoding="utf-8", errors="replace") as file:
                lines = file.read().splitlines()
        except OSError as error:
            raise self._unreadable(error) from error
        keys = dict(self._parse(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#"))
        if not keys:
            raise errors.StoreError(f"{self._path}: holds no key; restore it from a backup")
        return keys

    def _parse(self, number: int, line: str) -> tuple[str, bytes]:
        key_id, _, coded = line.strip().partition(" ")
        try:
            key = binascii.a2b_base64(coded)
        except ValueError:
            key = b""
        if len(key) != KEY_SIZE or _id(key) != key_id:
            raise errors.StoreError(f"{self._path}, line {number}: not a key of pkctl's; restore the file from a backup")
        return key_id, key

    def _cipher(self, key_id: str) -> Any:
        if key_id not in self._keys:
            self._refresh()
        if key_id not in self._keys:
            raise errors.StoreError(
                f"secrets are sealed with key {key_id}, which {self._path} does not hold;"
                " restore that file from a backup, or name the right one with PKCTL_KEY"
            )
        if key_id not in self._ciphers:
            from cryptography.hazmat.primitives.ciphers import aead

            self._ciphers[key_id] = aead.AESGCM(self._keys[key_id])
        return self._ciphers[key_id]

    def _create(self) -> None:
        """The first key; another process may have been quicker, then its key counts."""
        if self._has_sealed():
            raise errors.StoreError(
                f"secrets are sealed, but the key file {self._path} is missing;"
                " restore it from a backup, or name the right one with PKCTL_KEY"
            )
        _write(self._path, _new_key(), replace=False)
        self._refresh()

    def _has_sealed(self) -> bool:
        store = self._store
        return store is not None and any(entry.text.startswith(FAMILY) for prefix in self._prefixes for entry in store.list(prefix))

    def _unreadable(self, error: OSError) -> errors.StoreError:
        return errors.StoreError(f"cannot read the key file {self._path}: {error.strerror}; run as its owner, or use PKCTL_KEY")


def _bound(key_id: str, key: str) -> bytes:
    return f"{key_id}\0{key}".encode()


def _id(key: bytes) -> str:
    import hashlib

    return hashlib.sha256(key).hexdigest()[:8]


def _new_key() -> dict[str, bytes]:
    key = os.urandom(KEY_SIZE)
    return {_id(key): key}


def _write(path: str, keys: dict[str, bytes], *, replace: bool) -> None:
    """Write the whole file, on disk before anything is sealed with it; without `replace` an existing one wins."""
    lines = [f"{key_id} {binascii.b2a_base64(key, newline=False).decode()}\n" for key_id, key in keys.items()]
    folder = os.path.dirname(os.path.abspath(path))
    fresh = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _store(fresh, (HEADER + "".join(lines)).encode())
        _publish(fresh, path, replace=replace)
        _sync(folder)
    except OSError as error:
        raise errors.StoreError(f"cannot write the key file {path}: {error.strerror}; make its directory writable") from error


def _store(path: str, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)


def _publish(fresh: str, path: str, *, replace: bool) -> None:
    if replace:
        os.replace(fresh, path)
        return
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        os.unlink(fresh)


def _sync(folder: str) -> None:
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
