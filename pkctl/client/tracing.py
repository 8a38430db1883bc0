"""A client that tells of every call, as kubectl's log tells of the REST request that the call stands for.

Follows client-go's transport/round_trippers.go and rest/request.go, and klog's form for names and values. From level 6 on: the response's
line; 7: the request with its headers; 8: bodies, cut; 9: a curl command in place of the request, bodies cut later; 10: whole bodies.

The client behind it is in this process: the header lines shown are those that carry what the call carries (the form that is asked for and
sent, whose token, as whom), and warnings for the answer; none tells of a program or a connection. An address of a database is no URL
that curl knows, but has the form. What makes no request of the API, such as learning the kinds or settling, is not told of; neither is
a look at what has been found the same twice: where this client looks again and again, kubectl's hears of changes by one watch.
"""

from __future__ import annotations

from pkctl import errors
from pkctl.client import raw, rest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any, TypeVar

    from pkctl.api.options import Options, Query
    from pkctl.client.base import Client
    from pkctl.kinds.table import Row
    from pkctl.objects.meta import Object

    Found = TypeVar("Found")
    Words = list[str]
    Headers = Sequence[tuple[str, str]]

PHRASES = {
    101: "Switching Protocols", 200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 406: "Not Acceptable", 409: "Conflict", 410: "Gone", 413: "Request Entity Too Large",
    415: "Unsupported Media Type", 422: "Unprocessable Entity", 429: "Too Many Requests", 500: "Internal Server Error",
    503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip
CUTS = {8: 1024, 9: 10240}
"""Bytes of a body that a level shows; higher levels show all."""
KNOWN = 2
"""How often the same answer is told of."""


class Log:
    """`tell` takes a source file's place and a text, `clock` seconds; `level` is of a source file, `base` stands before every path."""

    def __init__(
        self, tell: Callable[[str, str], None], clock: Callable[[], float], level: Callable[[str], int], base: str, headers: Headers = ()
    ) -> None:
        self._tell, self.clock, self._of, self._base, self._headers = tell, clock, level, base, headers
        self._level = level("round_trippers")

    def sent(self, request: rest.Request) -> None:
        """Tell of a request that begins."""
        self._body("Request", request, request.body)
        if self._level < 7:
            return
        own = (("Accept", request.accept), ("Content-Type", request.content_type))
        headers = sorted([*self._headers, *((name, value) for name, value in own if value)])
        url = self._base + request.uri
        if self._level >= 9:
            said = "".join(f" -H {_quoted(f'{name}: {value}')}" for name, value in headers)
            fields: dict[str, Any] = {"curlCommand": f"curl -v -X{request.method} {said} '{url}'\n"}
        else:
            fields = {"verb": request.method, "url": url, "headers": _lines(headers)}
        self._tell("round_trippers.go:527", _line("Request", fields))

    def answered(self, request: rest.Request, code: int, seconds: float, body: str, warnings: Sequence[str]) -> None:
        """Tell of what came of it; code 0 for what gave no answer, body "" for one that is not shown."""
        if self._level >= 6:
            self._response(request, code, seconds, warnings)
        if body:
            self._body("Response", request, body)

    def _response(self, request: rest.Request, code: int, seconds: float, warnings: Sequence[str]) -> None:
        fields: dict[str, Any] = {} if self._level in (7, 8) else {"verb": request.method, "url": self._base + request.uri}
        fields["status"] = f"{code} {PHRASES.get(code, '')}".rstrip() if code else ""
        if self._level >= 8:
            fields["headers"] = _lines([("Warning", f"299 - {_quoted(text)}") for text in warnings])
        fields["milliseconds"] = int(seconds * 1000)
        self._tell("round_trippers.go:632", _line("Response", fields))

    def _body(self, what: str, request: rest.Request, body: str) -> None:
        level = min(self._of("request"), self._of(request.place.partition(".")[0]))
        if level >= 8:
            self._tell(request.place, _line(f"{what} Body", {"body": _cut(body, CUTS.get(level))}))


class Traced:
    """A client whose requests are told of in `log`; all else is the client's own."""

    def __init__(self, client: Client, log: Log) -> None:
        self._client, self._log = client, log
        self._warned: list[str] = []
        self._found: dict[str, tuple[int, int]] = {}
        self._show: Callable[[str], None] = client.warn
        client.warn = self._hear

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    @property
    def warn(self) -> Callable[[str], None]:
        """What shows the API's warnings."""
        return self._show

    @warn.setter
    def warn(self, show: Callable[[str], None]) -> None:
        self._show = show

    def _hear(self, text: str) -> None:
        self._warned.append(text)
        self._show(text)

    def get(self, row: Row, namespace: str, name: str, *, subresource: str = "") -> Object:
        """One object."""
        request = rest.get(row, namespace, name, subresource)
        return self._ask(request, lambda: self._client.get(row, namespace, name, subresource=subresource))

    def list(self, row: Row, namespace: str, query: Query | None = None) -> Object:
        """A typed List."""
        request = rest.list_(row, namespace, query)
        return self._ask(request, lambda: self._client.list(row, namespace, query), shown=lambda found: raw.listed(row, found))

    def table(self, row: Row, namespace: str, name: str = "", query: Query | None = None, *, subresource: str = "") -> Object:
        """The Table of a list or of one object."""
        request = rest.get(row, namespace, name, subresource, table=True) if name else rest.list_(row, namespace, query, table=True)
        return self._ask(request, lambda: self._client.table(row, namespace, name, query, subresource=subresource))

    def watch(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """Events."""
        return self._follow(rest.watch(row, namespace, query), self._client.watch(row, namespace, query, timeout=timeout))

    def watch_table(self, row: Row, namespace: str, query: Query | None = None, *, timeout: float | None = None) -> Iterator[Object]:
        """Events with Tables."""
        request = rest.watch(row, namespace, query, table=True)
        return self._follow(request, self._client.watch_table(row, namespace, query, timeout=timeout))

    def create(self, row: Row, namespace: str, obj: Object, options: Options) -> Object:
        """The object as stored."""
        request = rest.create(row, namespace, obj, options)
        return self._ask(request, lambda: self._client.create(row, namespace, obj, options), code=201)

    def update(self, row: Row, namespace: str, name: str, obj: Object, options: Options) -> Object:
        """Replace."""
        request = rest.update(row, namespace, name, obj, options)
        return self._ask(request, lambda: self._client.update(row, namespace, name, obj, options))

    def patch(self, row: Row, namespace: str, name: str, form: str, patch: Any, options: Options) -> Object:
        """Patch in one of four forms."""
        request = rest.patch(row, namespace, name, form, patch, options)
        return self._ask(request, lambda: self._client.patch(row, namespace, name, form, patch, options))

    def delete(self, row: Row, namespace: str, name: str, options: Options) -> Object:
        """The object while it lingers, else a Status."""
        request = rest.delete(row, namespace, name, options)
        return self._ask(request, lambda: self._client.delete(row, namespace, name, options))

    def delete_collection(self, row: Row, namespace: str, query: Query, options: Options) -> Object:
        """Delete what a query lists."""
        request = rest.delete_collection(row, namespace, query, options)
        return self._ask(request, lambda: self._client.delete_collection(row, namespace, query, options))

    def logs(self, namespace: str, pod: str, **options: Any) -> Iterator[bytes]:
        """Log lines."""
        return self._open(rest.logs(namespace, pod, options), lambda: self._client.logs(namespace, pod, **options))

    def exec(self, namespace: str, pod: str, container: str, command: Words, *, stdin: bool, tty: bool) -> Any:
        """Run a command in a container."""
        words = [("command", word) for word in command]
        request = rest.stream(namespace, pod, "exec", [*words, *_joined(container, stdin=stdin, tty=tty)])
        return self._open(request, lambda: self._client.exec(namespace, pod, container, command, stdin=stdin, tty=tty), 101)

    def attach(self, namespace: str, pod: str, container: str, *, stdin: bool, tty: bool) -> Any:
        """Join a container's own process."""
        request = rest.stream(namespace, pod, "attach", _joined(container, stdin=stdin, tty=tty))
        return self._open(request, lambda: self._client.attach(namespace, pod, container, stdin=stdin, tty=tty), 101)

    def dial(self, namespace: str, pod: str, port: int) -> Any:
        """A connected socket to a pod's port."""
        request = rest.stream(namespace, pod, "portforward", [("ports", port)])
        return self._open(request, lambda: self._client.dial(namespace, pod, port), 101)

    def stats(self) -> Any:
        """PodMetrics and NodeMetrics: one call for both."""
        return self._open(rest.Request("GET", "/apis/metrics.k8s.io/v1beta1/pods"), self._client.stats)

    def version(self) -> dict[str, str]:
        """The server's version.Info."""
        return self._ask(rest.Request("GET", "/version"), self._client.version)

    def raw(self, method: str, uri: str, body: str = "", *, timeout: float | None = None) -> Iterator[bytes]:
        """A request of the user's own."""
        return self._follow(rest.Request(method, uri, place="raw.go:84", body=body), self._client.raw(method, uri, body, timeout=timeout))

    def _ask(
        self, request: rest.Request, call: Callable[[], Found], *, code: int = 200, shown: Callable[[Found], Any] = lambda found: found
    ) -> Found:
        """What a call answers, which is the response's body."""
        return self._send(request, call, code, lambda found: raw.encoded(shown(found)).decode())

    def _open(self, request: rest.Request, call: Callable[[], Found], code: int = 200) -> Found:
        """What a call opens: nothing of it is shown."""
        return self._send(request, call, code, lambda _: "")

    def _follow(self, request: rest.Request, pieces: Iterator[Found]) -> Iterator[Found]:
        """What comes piece by piece; with the first of them the request is answered."""
        from itertools import islice

        yield from self._open(request, lambda: list(islice(pieces, 1)))
        yield from pieces

    def _send(self, request: rest.Request, call: Callable[[], Found], code: int, shown: Callable[[Found], str]) -> Found:
        self._warned.clear()
        times, answer = self._found.get(request.uri, (0, 0)) if request.method == "GET" else (0, 0)
        is_known = times >= KNOWN
        if not is_known:
            self._log.sent(request)
        began, body = self._log.clock(), ""
        try:
            found = call()
            body = shown(found)
        except errors.StatusError as error:
            code, body = error.code, raw.encoded(error.status()).decode()
            raise
        except errors.PkctlError:
            code = 0
            raise
        finally:
            new = hash((code, body)) if body else 0
            self._found[request.uri] = (times + 1 if new and new == answer else 1), new
            if is_known and new != answer:
                self._log.sent(request)
            if not is_known or new != answer:
                self._log.answered(request, code, self._log.clock() - began, body, self._warned)
        return found


def _joined(container: str, *, stdin: bool, tty: bool) -> list[tuple[str, Any]]:
    return [("container", container), ("stderr", not tty), ("stdin", stdin), ("stdout", True), ("tty", tty)]


def _lines(headers: Headers) -> str:
    return "".join(f"{name}: {value}\n" for name, value in headers)


def _cut(body: str, most: int | None) -> str:
    sent = body.encode()
    if most is None or len(sent) <= most:
        return body
    return f"{sent[:most].decode(errors='ignore')} [truncated {len(sent) - most} chars]"


def _line(what: str, fields: dict[str, Any]) -> str:
    """A message with its names and values: several lines stand on lines of their own."""
    return " ".join((f'"{what}"', *(f"{name}={_value(value)}" for name, value in fields.items())))


def _value(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    if "\n" not in value:
        return _quoted(value)
    return "".join(("<\n", *(f"\t{line}\n" for line in value.removesuffix("\n").split("\n")), " >"))


def _quoted(text: str) -> str:
    from pkctl.objects import texts

    return texts.quoted(text)
