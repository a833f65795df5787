"""AWS as a function of this machine sees it: DynamoDB, SSM and SQS over TLS, with a certificate of the own.

The emulator answers. Its answers are kept, so that the same requests can be played again beside a function's.
"""

from __future__ import annotations

import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

SERVICES = ("dynamodb", "ssm", "sqs")


class Exchange(NamedTuple):
    """One request of a function, and the emulator's answer to it."""

    target: str
    sent: bytes
    status: int
    headers: dict[str, str]
    answer: bytes


class StandIn:
    """A TLS server in front of an emulator. `certificate` is what a function has to trust."""

    def __init__(self, emulator_url: str, region: str, folder: Path) -> None:
        self.certificate = folder / "stand-in.pem"
        key = folder / "stand-in.key"
        names = ",".join(f"DNS:{service}.{region}.amazonaws.com" for service in SERVICES)
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", "/CN=stand-in", "-addext", f"subjectAltName={names}"),
                *("-keyout", str(key), "-out", str(self.certificate)),
            ],
            check=True,
            capture_output=True,
        )
        self.exchanges: list[Exchange] = []
        """What the emulator was asked since `record`."""
        self.connections = 0
        self._emulator_url = emulator_url
        self._replayed: list[Exchange] | None = None
        self._lock = threading.Lock()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self._server = _Server(("127.0.0.1", 0), _handler_of(self), context)
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def record(self) -> None:
        """Let the emulator answer from now on, and keep its answers."""
        with self._lock:
            self.exchanges, self._replayed, self.connections = [], None, 0

    def replay(self, exchanges: list[Exchange]) -> None:
        """Answer these exchanges' requests as they were answered, in their order."""
        with self._lock:
            self._replayed, self.connections = list(exchanges), 0

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, headers: dict[str, str], sent: bytes) -> Exchange:
        """Return the answer to a request: the next one kept for its target, or the emulator's."""
        target = headers.get("X-Amz-Target", "")
        with self._lock:
            if self._replayed is not None:
                kept = next(each for each in self._replayed if each.target == target)
                self._replayed.remove(kept)
                return kept
        request = urllib.request.Request(self._emulator_url, sent, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=20) as answered:
                made = Exchange(target, sent, answered.status, dict(answered.headers), answered.read())
        except urllib.error.HTTPError as error:
            made = Exchange(target, sent, error.code, dict(error.headers), error.read())
        with self._lock:
            self.exchanges.append(made)
        return made


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: Any, handler: Any, context: ssl.SSLContext) -> None:
        super().__init__(address, handler)
        self._context = context

    def finish_request(self, request: Any, client_address: Any) -> None:
        with self._context.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore connections that a finished instance closes."""


def _handler_of(stand_in: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def setup(self) -> None:
            super().setup()
            stand_in.connections += 1

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            hop = ("connection", "host", "accept-encoding", "content-length", "expect")
            passed = {name.title(): text for name, text in self.headers.items() if name.lower() not in hop}
            made = stand_in.answer(passed, sent)
            self.send_response_only(made.status)
            for name, text in made.headers.items():
                if name.lower() in ("content-type", "x-amzn-requestid", "x-amz-crc32"):
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(made.answer)))
            self.end_headers()
            self.wfile.write(made.answer)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
