"""How large a request and a stored object may be, and text that no store could keep.

Follows apiserver/pkg/server/config.go (3 MiB of body), etcd's --max-request-bytes (1.5 MiB) and the API server's etcd client (2 MiB).
"""

from __future__ import annotations

from pkctl import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pkctl.objects.meta import Object

BODY, MESSAGE, STORED = 3 << 20, 2 << 20, 3 << 19
BULKY = ("data", "binaryData", "stringData")
REPLACEMENT = "\ufffd"


def accepted(obj: Object) -> Object:
    """A request's object with lone surrogates replaced, as Go's decoder does; TooLarge for a body over the limit.

    The size is that of the parts in which objects carry bulk: counting all of it would cost each request.
    """
    metadata = obj.get("metadata")
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    bulk = [part for part in (annotations, *(obj.get(name) for name in BULKY)) if isinstance(part, dict)]
    if sum(len(value) for part in bulk for value in part.values() if isinstance(value, str)) > BODY:
        raise errors.TooLarge(f"Request entity too large: limit is {BODY}")
    return obj if _is_whole(obj) else _mended(obj)


def _is_whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() or whole(value) == value
    if isinstance(value, dict):
        return all(_is_whole(key) and _is_whole(each) for key, each in value.items())
    return all(map(_is_whole, value)) if isinstance(value, list) else True


def _mended(value: Any) -> Any:
    """JSON data with every text made `whole`."""
    if isinstance(value, dict):
        return {whole(key): _mended(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_mended(each) for each in value]
    return whole(value) if isinstance(value, str) else value


def kept(text: str) -> str:
    """The text as a store can keep it: lone surrogates replaced, as `accepted` does; a StatusError when it is too large."""
    if text.isascii():
        size = len(text)
    else:
        text = whole(text)
        size = len(text.encode())
    if size > STORED:
        raise _too_large(size)
    return text


def whole(text: str) -> str:
    """The text with each lone surrogate replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(REPLACEMENT if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return text


def _too_large(size: int) -> errors.StatusError:
    if size > BODY:
        return errors.TooLarge(f"Request entity too large: limit is {BODY}")
    text = "etcdserver: request is too large"
    if size > MESSAGE:
        text = f"rpc error: code = ResourceExhausted desc = trying to send message larger than max ({size} vs. {MESSAGE})"
    refusal = errors.StatusError(text)
    # The API server passes on what etcd says without a reason of its own.
    refusal.reason = ""
    return refusal
