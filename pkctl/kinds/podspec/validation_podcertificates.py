"""Rules of a projected volume's certificate for the pod. Follows validateProjectionSources in pkg/apis/core/validation of Kubernetes.

pkctl's nodes ask no signer for such certificates, so a pod that wants one does not start; the object is judged all the same.
"""

from __future__ import annotations

from pkctl.kinds import certificatesigningrequests
from pkctl.kinds.podspec import paths
from pkctl.objects import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pkctl.objects.fields import Problem
    from pkctl.objects.meta import Object

KEY_TYPES = ("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519")
PATHS = ("credentialBundlePath", "keyPath", "certificateChainPath")
SHORTEST, LONGEST, LONGEST_OF_OWN = 3600, 91 * 86400, 86400
CLASH = "conflicting duplicate paths"


def projection(source: Object, path: str) -> list[Problem]:
    """Its signer, kind of key, time and files."""
    signer, key, seconds = source.get("signerName") or "", source.get("keyType") or "", source.get("maxExpirationSeconds")
    found = certificatesigningrequests.signer(signer, f"{path}.signerName")
    if key not in KEY_TYPES:
        found.append(fields.unsupported(f"{path}.keyType", key, KEY_TYPES))
    most = LONGEST_OF_OWN if signer.startswith("kubernetes.io/") else LONGEST
    if seconds is not None and seconds < SHORTEST:
        found.append(fields.invalid(f"{path}.maxExpirationSeconds", seconds, f"if provided, maxExpirationSeconds must be >= {SHORTEST}"))
    elif seconds is not None and seconds > most:
        found.append(fields.invalid(f"{path}.maxExpirationSeconds", seconds, f"if provided, maxExpirationSeconds must be <= {most}"))
    given = [name for name in PATHS if source.get(name)]
    if not given:
        found.append(fields.required(path, f"specify at least one of {PATHS[0]}, {PATHS[1]}, and {PATHS[2]}"))
    return found + [problem for name in given for problem in paths.not_reserved(source[name], f"{path}.{name}")]


def clashes(source: Object, taken: set[str], path: str) -> list[Problem]:
    """Its files whose places are taken by others of the volume; they take theirs."""
    found = []
    for name in PATHS:
        target = source.get(name)
        if target and target in taken:
            found.append(fields.invalid(f"{path}.{name}", target, CLASH))
        taken.add(target or "")
    return found
