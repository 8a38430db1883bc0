"""Short hashes that end up in names: of pod templates and of controller revisions.

Follows apimachinery/pkg/util/rand (SafeEncodeString) and pkg/controller/controller_utils.go (ComputeHash), save that the hashed
text is canonical JSON, not Go's dump of its structs: the same template gives the same name here, not the same as on a real cluster.
"""

from __future__ import annotations

import json

from pkctl.objects import sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

OFFSET, PRIME, MASK = 2166136261, 16777619, 0xFFFFFFFF


def fnv32a(raw: bytes) -> int:
    """The 32-bit FNV-1a hash."""
    value = OFFSET
    for byte in raw:
        value = (value ^ byte) * PRIME & MASK
    return value


def safe(text: str) -> str:
    """`text` with every character replaced by one that makes no words (rand.SafeEncodeString)."""
    return "".join(sources.ALPHABET[ord(character) % len(sources.ALPHABET)] for character in text)


def template_hash(template: Any, collision_count: int | None = None) -> str:
    """The value of `pod-template-hash` and the like; a collision count makes another hash of the same template."""
    raw = json.dumps(template, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if collision_count is not None:
        raw += collision_count.to_bytes(8, "little")
    return safe(str(fnv32a(raw)))
