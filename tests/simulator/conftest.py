from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from kazoo_simulator import Http

FLOW = b'{"module":"tts","data":{"text":"welcome"}}'


def http(
    status: int = 200, body: bytes = FLOW, content_type: str | None = "application/json", *more: str
) -> bytes:
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {status} X", *more]
    if content_type is not None:
        lines.append(f"Content-Type: {content_type}")
    if not any(line.startswith("Transfer-Encoding") for line in more):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass
class WebServer:
    """Answers with scripted bytes, in order; the last answer repeats. `delay_s` comes before each."""

    answers: list[bytes] = field(default_factory=lambda: [http()])
    delay_s: float = 0
    requests: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def target(self) -> Http:
        """This server, known to KAZOO under a public name."""
        return Http(f"http://127.0.0.1:{self.port}", public_url="http://pivot.example.test")

    def handle(self, connection: Any) -> None:
        """Read one request, answer it, close."""
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(65536)
            if received[:1] == b"\x16":  # the beginning of TLS, which this server does not speak
                break
        head, _, body = received.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.split(b":")[1])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            ),
            0,
        )
        while len(body) < length:
            body += connection.recv(65536)
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(head + b"\r\n\r\n" + body)
        if self.delay_s:
            time.sleep(self.delay_s)
        connection.sendall(answer)


@pytest.fixture
def server() -> Iterator[WebServer]:
    scripted = WebServer()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                scripted.handle(self.request)
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        scripted.port = running.server_address[1]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield scripted
        running.shutdown()
        thread.join()
