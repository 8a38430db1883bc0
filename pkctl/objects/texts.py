"""JSON text to values and back. Reading needs only the C scanner: a command that reads shouldn't pay for importing `json` and `re`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

try:
    import _json
except ImportError:  # an interpreter without the C accelerator
    _json = None  # type: ignore[assignment]


class _Settings:
    """What the scanner asks of the decoder it works for."""

    strict = False
    object_hook = object_pairs_hook = None
    parse_float, parse_int = float, int
    memo: dict[str, str] = {}

    @staticmethod
    def parse_constant(name: str) -> float:
        return float(name.replace("Infinity", "inf"))


_scan: Any = _json.make_scanner(_Settings()) if _json is not None else None  # type: ignore[arg-type]


def loads(text: str) -> Any:
    """The value of a JSON text as `dumps` writes it; ValueError for anything else."""
    if _scan is None or text[:1] not in ("{", "["):
        import json

        return json.loads(text)
    try:
        value, end = _scan(text, 0)
    except StopIteration as error:
        raise ValueError(f"no JSON value at {error.value}") from None
    if end != len(text):
        raise ValueError(f"something follows the JSON value at {end}")
    return value


def dumps(value: Any, *, sort: bool = False) -> str:
    """Compact JSON."""
    import json

    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=sort)
