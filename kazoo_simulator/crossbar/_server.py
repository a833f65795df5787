"""Serves a simulated Crossbar on 127.0.0.1, or answers an httpx client in this process."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ._app import CrossbarApp
from ._cluster import Cluster
from ._messages import Request, Response

if TYPE_CHECKING:
    import httpx

LARGEST_BODY = 8_000_000


class CrossbarServer:
    """A cluster's Crossbar on a port; 0, or a port that is taken, means any free one.

    It serves in a thread of its own while it is a context manager.
    """

    def __init__(self, cluster: Cluster, port: int = 0) -> None:
        self.cluster = cluster
        handler = type("Handler", (_Handler,), {"app": CrossbarApp(cluster)})
        try:
            self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError:
            if not port:
                raise
            self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="crossbar", daemon=True)

    @property
    def url(self) -> str:
        """The address before `/v2`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    app: CrossbarApp

    def _serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            self._send(Response(413))
            return
        request = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            self.client_address[0],
        )
        self._send(self.app.respond(request))

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - http.server's names

    def _send(self, response: Response) -> None:
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        if response.is_chunked:
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            for begin in range(0, len(response.body), 1024):
                piece = response.body[begin : begin + 1024]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")
            return
        if response.status != 304:
            self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        self.wfile.write(response.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's signature
        """Log nothing: paths hold numbers, and tests want silence."""


def httpx_client(cluster: Cluster) -> httpx.Client:
    """Return an httpx client whose every request this cluster's Crossbar answers, without a socket."""
    import httpx

    app = CrossbarApp(cluster)

    def respond(request: httpx.Request) -> httpx.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode()
        answer = app.respond(Request(request.method, target, headers, request.read()))
        return httpx.Response(answer.status, content=answer.body, headers=dict(answer.headers))

    return httpx.Client(transport=httpx.MockTransport(respond), timeout=5)
