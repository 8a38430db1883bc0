"""Whether a certificate and a key belong together, in Go's words."""

from __future__ import annotations

import base64
import datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from pkctl.kinds import keypairs


def _pem(key: Any) -> str:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _certificate(key: Any) -> str:
    name, day = x509.Name([]), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    signed = built.not_valid_before(day).not_valid_after(day).sign(key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


KEY, OTHER = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
CERTIFICATE, PRIVATE = _certificate(KEY), _pem(KEY)
JUNK = "-----BEGIN {0}-----\neA==\n-----END {0}-----\n"
CASES = {
    "a pair": (CERTIFICATE, PRIVATE, ""),
    "a chain": (CERTIFICATE + CERTIFICATE, PRIVATE, ""),
    "parameters before the key": (CERTIFICATE, JUNK.format("EC PARAMETERS") + PRIVATE, ""),
    "no certificate": ("x", PRIVATE, "tls: failed to find any PEM data in certificate input"),
    "no key": (CERTIFICATE, "x", "tls: failed to find any PEM data in key input"),
    "both switched": (
        PRIVATE,
        CERTIFICATE,
        "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
    ),
    "a certificate for a key": (
        CERTIFICATE,
        CERTIFICATE,
        "tls: found a certificate rather than a key in the PEM for the private key",
    ),
    "another kind of block": (
        JUNK.format("A") + JUNK.format("B"),
        PRIVATE,
        'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B]',
    ),
    "another kind of block for a key": (
        CERTIFICATE,
        JUNK.format("A"),
        'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: '
        "[A]",
    ),
    "a certificate that is none": (JUNK.format("CERTIFICATE"), PRIVATE, "x509: malformed certificate"),
    "a key that is none": (CERTIFICATE, JUNK.format("PRIVATE KEY"), "tls: failed to parse private key"),
    "a key of another sort": (
        CERTIFICATE,
        _pem(ed25519.Ed25519PrivateKey.generate()),
        "tls: private key type does not match public key type",
    ),
    "another's key": (CERTIFICATE, _pem(OTHER), "tls: private key does not match public key"),
}


@pytest.mark.parametrize(("certificate", "key", "said"), CASES.values(), ids=CASES)
def test_a_pair_is_judged(certificate: str, key: str, said: str) -> None:
    assert keypairs.problem(*(base64.b64encode(text.encode()).decode() for text in (certificate, key))) == said
