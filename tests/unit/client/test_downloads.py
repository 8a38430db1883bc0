"""What a URL holds, and the words for why it holds nothing."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from pkctl.client import downloads


class Answering(http.server.BaseHTTPRequestHandler):
    """Answers 200 or the number its path ends with; /flaky is broken once."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        status = (
            503
            if self.path == "/flaky" and self.asked.count("/flaky") == 1
            else int(self.path.rpartition("-")[2] or 0)
            if "-" in self.path
            else 200
        )
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"hi")

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Answering.asked = []
    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as served:
        thread = threading.Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port that is taken but not listened at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


def test_what_a_url_holds_is_fetched(server: str) -> None:
    assert downloads.fetch(f"{server}/x") == b"hi"


def test_an_answer_that_is_no_success_is_told_with_its_phrase(server: str) -> None:
    with pytest.raises(downloads.Answered, match="404 Not Found"):
        downloads.fetch(f"{server}/x-404")


def test_a_server_that_is_broken_for_a_moment_is_asked_again(server: str) -> None:
    assert downloads.fetch(f"{server}/flaky", attempts=2, pause=0) == b"hi"


def test_a_server_that_has_nothing_is_not_asked_again(server: str) -> None:
    with pytest.raises(downloads.Answered):
        downloads.fetch(f"{server}/x-404", attempts=3, pause=0)
    assert len(Answering.asked) == 1


def test_a_refused_connection_is_told_as_kubectl_tells_it(nobody: str) -> None:
    with pytest.raises(downloads.Unreachable, match=f"^The connection to the server {nobody} was refused - did you specify"):
        downloads.fetch(f"http://{nobody}/x")


def test_a_refused_connection_is_also_told_as_go_tells_it(nobody: str) -> None:
    with pytest.raises(downloads.Unreachable) as found:
        downloads.fetch(f"http://{nobody}/x")
    assert found.value.told == f'Get "http://{nobody}/x": dial tcp {nobody}: connect: connection refused'
