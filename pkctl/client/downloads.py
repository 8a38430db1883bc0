"""What a URL holds, for `-f URL` and for kustomizations; kubectl's words, and Go's own, for why there is nothing.

Not here: what is done with the bytes; requests to a cluster.
"""

from __future__ import annotations

from pkctl import errors

TIMEOUT = 30
RESOLVERS = "/etc/resolv.conf"


class Unreachable(errors.PkctlError):
    """Nobody answered. `told` is how Go says it, `str()` how kubectl does."""

    bare = True

    def __init__(self, url: str, reason: str) -> None:
        from urllib import parse

        host = parse.urlsplit(url).netloc
        is_refused = "connection refused" in reason
        super().__init__(
            f"The connection to the server {host} was refused - did you specify the right host or port?"
            if is_refused
            else f"Unable to connect to the server: {reason}"
        )
        self.told = f'Get "{url}": {reason}'


class Answered(errors.PkctlError):
    """The server's answer was no success: its `status`, and the `phrase` that goes with that. `str()` is what the server said."""

    def __init__(self, status: int, said: str) -> None:
        from http import client

        super().__init__(f"{status} {said}".rstrip())
        self.status, self.phrase = status, client.responses.get(status, "")


def is_url(place: str) -> bool:
    """Whether a place is to be downloaded."""
    return place.lower().startswith(("http://", "https://"))


def fetch(url: str, *, attempts: int = 1, pause: float = 1) -> bytes:
    """What the URL holds; Unreachable or Answered, when trying again after a pause didn't help either."""
    import time

    for _ in range(attempts - 1):
        try:
            return _once(url)
        except Unreachable:
            pass
        except Answered as error:
            if error.status < 500:
                raise
        time.sleep(pause)
    return _once(url)


def _once(url: str) -> bytes:
    from http import client
    from urllib import error as failures
    from urllib import request

    try:
        with request.urlopen(url, timeout=TIMEOUT) as answer:
            found: bytes = answer.read()
            return found
    except failures.HTTPError as error:
        with error:
            raise Answered(error.code, str(error.reason)) from None
    except failures.URLError as error:
        raise Unreachable(url, _reason(url, error.reason)) from None
    except (OSError, client.HTTPException) as error:
        raise Unreachable(url, _reason(url, error)) from None


def _reason(url: str, error: object) -> str:
    """Why nobody could be asked, as Go's dialer has it."""
    import socket
    from urllib import parse

    where = parse.urlsplit(url)
    if isinstance(error, socket.gaierror):
        return f"dial tcp: lookup {where.hostname}{_resolver()}: no such host"
    if isinstance(error, ConnectionRefusedError):
        return f"dial tcp {where.hostname}:{where.port or {'http': 80}.get(where.scheme, 443)}: connect: connection refused"
    return str(getattr(error, "strerror", None) or error).lower()


def _resolver() -> str:
    try:
        with open(RESOLVERS, encoding="utf-8") as lines:
            words = [line.split() for line in lines]
    except OSError:
        return ""
    return next((f" on {found[1]}:53" for found in words if found[:1] == ["nameserver"] and len(found) > 1), "")
