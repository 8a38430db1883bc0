"""`create secret tls`: what a certificate and its key may come from."""

from __future__ import annotations

import base64
import datetime
import json
import os
import pathlib
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.unit.cli import lines


def _pair() -> tuple[bytes, bytes]:
    """A certificate for itself, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    day = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, day, day.replace(year=2027)).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    return made.public_bytes(pem), key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _pipe(place: pathlib.Path, text: bytes) -> str:
    """A pipe that gives the text to the one who reads it first."""
    os.mkfifo(place)
    threading.Thread(target=place.write_bytes, args=(text,), daemon=True).start()
    return str(place)


def test_a_certificate_and_its_key_may_come_through_pipes(sh: lines.Shell, tmp_path: pathlib.Path) -> None:
    cert, key = _pair()
    pipes = [f"--cert={_pipe(tmp_path / 'cert', cert)}", f"--key={_pipe(tmp_path / 'key', key)}"]
    said = sh("create", "secret", "tls", "s", *pipes, "--dry-run=client", "-o", "json")
    kept = json.loads(said.out)["data"]
    assert [base64.b64decode(kept[name]) for name in ("tls.crt", "tls.key")] == [cert, key]


@pytest.mark.parametrize(
    ("swapped", "wanted"),
    [
        (("key", "cert"), "did find a private key; PEM inputs may have been switched"),
        (("cert", "cert"), "tls: found a certificate rather than a key in the PEM for the private key"),
        (("other", "key"), "tls: private key does not match public key"),
        (("none", "key"), "tls: failed to find any PEM data in certificate input"),
        (("cert", "none"), "tls: failed to find any PEM data in key input"),
    ],
    ids=["switched", "no key", "another's", "no certificate", "nothing for a key"],
)
def test_what_is_no_pair_is_refused(sh: lines.Shell, tmp_path: pathlib.Path, swapped: tuple[str, str], wanted: str) -> None:
    cert, key = _pair()
    for name, text in {"cert": cert, "key": key, "other": _pair()[0], "none": b"none\n"}.items():
        (tmp_path / name).write_bytes(text)
    cert_place, key_place = (str(tmp_path / name) for name in swapped)
    said = sh("create", "secret", "tls", "s", "--cert", cert_place, "--key", key_place, "--dry-run=client")
    assert (said.code, said.err.endswith(f"{wanted}\n")) == (1, True)
