"""Whether a certificate and a private key, as a TLS Secret holds them, belong together; told in the words of Go's crypto/tls.

Follows tls.X509KeyPair. `cryptography` is imported only for texts that are PEM at all.
"""

from __future__ import annotations

import binascii
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLOCK = re.compile(rb"-----BEGIN ([^\n-]+)-----\r?\n(.*?)-----END \1-----", re.DOTALL)
SWITCHED = "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched"
SKIPPED = "tls: failed to find {} in {} input after skipping PEM blocks of the following types: [{}]"


def problem(certificate: str, key: str) -> str:
    """What is wrong with a pair of base64 texts of PEM, "" for nothing."""
    found, skipped = _block(certificate, "CERTIFICATE")
    if found is None:
        if not skipped:
            return "tls: failed to find any PEM data in certificate input"
        if len(skipped) == 1 and skipped[0].endswith("PRIVATE KEY"):
            return SWITCHED
        return SKIPPED.format('"CERTIFICATE" PEM block', "certificate", " ".join(skipped))
    own, skipped = _block(key, "PRIVATE KEY")
    if own is None:
        if not skipped:
            return "tls: failed to find any PEM data in key input"
        if skipped == ["CERTIFICATE"]:
            return "tls: found a certificate rather than a key in the PEM for the private key"
        return SKIPPED.format('PEM block with type ending in "PRIVATE KEY"', "key", " ".join(skipped))
    return _mismatch(found, own)


def _block(text: str, kind: str) -> tuple[bytes | None, list[str]]:
    """The contents of the first PEM block whose type ends so, and the types of the blocks before it."""
    skipped: list[str] = []
    try:
        blocks = BLOCK.findall(binascii.a2b_base64(text))
    except binascii.Error:
        return None, []
    for name, body in blocks:
        shown = name.decode(errors="replace")
        if shown == kind or (kind == "PRIVATE KEY" and shown.endswith(f" {kind}")):
            return binascii.a2b_base64(body), skipped
        skipped.append(shown)
    return None, skipped


def _mismatch(certificate: bytes, key: bytes) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    try:
        public: Any = x509.load_der_x509_certificate(certificate).public_key()
    except ValueError:
        return "x509: malformed certificate"
    try:
        own: Any = serialization.load_der_private_key(key, None).public_key()
    except (ValueError, TypeError):
        return "tls: failed to parse private key"
    if type(own) is not type(public):
        return "tls: private key type does not match public key type"
    return "" if own == public else "tls: private key does not match public key"
