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
REPLACEMENT = "\ufffd"


def accepted(obj: Object) -> Object:
    """A request's object with lone surrogates replaced, as Go's decoder does; TooLarge for a body over the limit."""
    import json

    # One text of it all is made in C, and looked at as a whole, faster than its parts one by one.
    text = json.dumps(obj, separators=(",", ":"), ensure_ascii=False, skipkeys=True, default=str)
    sound = text if text.isascii() else whole(text)
    if len(sound if sound.isascii() else sound.encode()) > BODY:
        raise errors.TooLarge(f"Request entity too large: limit is {BODY}")
    return obj if sound == text else _mended(obj)


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
