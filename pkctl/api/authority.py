"""The cluster's own certificate authority and the key of its service account tokens: made when first needed, sealed at rest.

Both private keys are one entry of the store under `keys/`, sealed as Secrets are; the authority's certificate, which is no secret, is a
mark. Not here: what tokens say (`tokens`), who asks for certificates (controllers/certificatesigningrequests).
"""

from __future__ import annotations

import binascii

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

    from pkctl.api.session import Session
    from pkctl.objects.meta import Object

ENTRY = "keys/cluster"
MARK = "cluster/ca"
DAY, HALF = 86400, 32
LIFE = 3650 * DAY
BACKDATED = 300
"""Seconds that a certificate is valid before it was made, for clocks that are behind."""

SIGNED_FOR = 365 * DAY
"""Seconds that a certificate is valid for at most, and when its request does not say: --cluster-signing-duration."""

LOST = "the key that sealed the cluster's own keys is gone: it has new ones now, and older tokens and certificates are void"

DIGITAL, COMMITMENT, KEYS, SECRETS, AGREEMENT, CERTIFICATES, LISTS = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign",
)  # fmt: skip
KEY_USAGES = {"digital signature": DIGITAL, "key encipherment": KEYS}
PURPOSES = {"client auth": "CLIENT_AUTH", "server auth": "SERVER_AUTH"}


def certificate(session: Session) -> str:
    """The authority's certificate, as PEM; the authority is founded when there is none yet."""
    if found := session.tx.mark(MARK):
        return str(found)
    _key(session, "ca")
    return str(session.tx.mark(MARK))


def key_id(session: Session) -> str:
    """What tokens call the key that signs them: a digest of its public part, in base64url; "" when nothing was ever signed here."""
    entry = session.tx.get(ENTRY)
    if entry is None or not session.api.sealer.can_open(entry.text):
        return ""
    return _id(_key(session, "tokens"))


def _id(key: ec.EllipticCurvePrivateKey) -> str:
    import hashlib

    from cryptography.hazmat.primitives import serialization

    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded(hashlib.sha256(key.public_key().public_bytes(*form)).digest())


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return binascii.b2a_base64(raw, newline=False).decode().rstrip("=").replace("+", "-").replace("/", "_")


def sign(session: Session, head: Object, body: bytes) -> str:
    """A JSON Web Token (ES256) of a header, which is told the key, and a body."""
    # A library of tokens would do these lines over the same primitives, and import an HTTP client for them: 60 ms of every pod's start.
    import json

    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    key = _key(session, "tokens")
    parts = [encoded(json.dumps({**head, "kid": _id(key)}, separators=(",", ":")).encode()), encoded(body)]
    pair = utils.decode_dss_signature(key.sign(".".join(parts).encode(), ec.ECDSA(hashes.SHA256())))
    return ".".join((*parts, encoded(b"".join(number.to_bytes(HALF, "big") for number in pair))))


def has_signed(session: Session, signed: bytes, signature: bytes) -> bool:
    """Whether the signature (ES256) of these bytes is ours."""
    from cryptography import exceptions
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    if len(signature) != 2 * HALF:
        return False
    pair = (int.from_bytes(half, "big") for half in (signature[:HALF], signature[HALF:]))
    try:
        key = _key(session, "tokens").public_key()
        key.verify(utils.encode_dss_signature(*pair), signed, ec.ECDSA(hashes.SHA256()))
    except exceptions.InvalidSignature:
        return False
    return True


def _key(session: Session, name: str) -> ec.EllipticCurvePrivateKey:
    """One of the private keys; read once a transaction, since every pod of a batch wants a token."""
    place = f"authority/{name}"
    if place not in session.notes:
        session.notes |= {f"authority/{each}": _private(text) for each, text in _read(session).items()}
    found: ec.EllipticCurvePrivateKey = session.notes[place]
    return found


def _read(session: Session) -> dict[str, str]:
    """Both keys as PEM; new ones when there are none, or when what sealed them is gone."""
    import json

    entry, sealer = session.tx.get(ENTRY), session.api.sealer
    if entry is not None and not sealer.can_open(entry.text):
        session.warn(LOST)
        entry = None
    found: dict[str, str] = json.loads(sealer.open(ENTRY, entry.text) if entry else _found(session))
    return found


def _found(session: Session) -> str:
    """Make both keys and the certificate; the text of the entry."""
    import json

    from cryptography.hazmat.primitives.asymmetric import ec

    own = ec.generate_private_key(ec.SECP256R1())
    made = _pem(_self_signed(own, session.api.sources.now()))
    text = json.dumps({"ca": _private_pem(own), "tokens": _private_pem(ec.generate_private_key(ec.SECP256R1()))})
    session.tx.put(ENTRY, session.api.sealer.seal(ENTRY, text))
    session.tx.set_mark(MARK, made)
    return text


def _self_signed(key: ec.EllipticCurvePrivateKey, now: float) -> x509.Certificate:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "kubernetes")])
    made = _builder(name, name, key.public_key(), now - BACKDATED, now + LIFE)
    made = made.add_extension(_usages({DIGITAL, KEYS, CERTIFICATES}), critical=True)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return _signed(made.add_extension(x509.SubjectAlternativeName([x509.DNSName("kubernetes")]), critical=False), key)


def certify(session: Session, request: Object) -> str:
    """The certificate, as PEM, that a CertificateSigningRequest's spec asks for; the caller has judged whether it may have it.

    Follows pkg/controller/certificates/signer and authority/policies.go. ValueError when the request can't be read or isn't its key's.
    """
    import base64

    from cryptography import x509

    spec, now = request["spec"], session.api.sources.now()
    asked = x509.load_pem_x509_csr(base64.b64decode(spec["request"]))
    if not asked.is_signature_valid:
        raise ValueError("unable to verify certificate request signature")
    own = x509.load_pem_x509_certificate(certificate(session).encode())
    life = min(int(spec.get("expirationSeconds") or SIGNED_FOR), SIGNED_FOR)
    end = min(now + life, own.not_valid_after_utc.timestamp())
    made = _builder(asked.subject, own.subject, asked.public_key(), now - BACKDATED, end)
    usages = spec.get("usages") or ()
    if wanted := {KEY_USAGES[each] for each in usages if each in KEY_USAGES}:
        made = made.add_extension(_usages(wanted), critical=True)
    if purposes := [each for each in usages if each in PURPOSES]:
        made = made.add_extension(_purposes(purposes), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    identifier = own.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    for extension in asked.extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            made = made.add_extension(extension.value, critical=extension.critical)
    return _pem(_signed(made, _key(session, "ca")))


def _builder(subject: x509.Name, issuer: x509.Name, key: Any, start: float, end: float) -> x509.CertificateBuilder:
    import datetime

    from cryptography import x509

    begin, over = (datetime.datetime.fromtimestamp(int(at), datetime.UTC) for at in (start, end))
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return made.serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(over)


def _usages(wanted: set[str]) -> x509.KeyUsage:
    from cryptography import x509

    fields = (DIGITAL, COMMITMENT, KEYS, SECRETS, AGREEMENT, CERTIFICATES, LISTS)
    return x509.KeyUsage(**{field: field in wanted for field in fields}, encipher_only=False, decipher_only=False)


def _purposes(usages: list[str]) -> x509.ExtendedKeyUsage:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    return x509.ExtendedKeyUsage([getattr(ExtendedKeyUsageOID, PURPOSES[each]) for each in usages])


def _signed(builder: x509.CertificateBuilder, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    from cryptography.hazmat.primitives import hashes

    return builder.sign(key, hashes.SHA256())


def _pem(made: x509.Certificate) -> str:
    from cryptography.hazmat.primitives import serialization

    return made.public_bytes(serialization.Encoding.PEM).decode()


def _private_pem(key: ec.EllipticCurvePrivateKey) -> str:
    from cryptography.hazmat.primitives import serialization

    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return key.private_bytes(*form).decode()


def _private(text: str) -> ec.EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = serialization.load_pem_private_key(text.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key
