"""Serves the softphone on 127.0.0.1."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

import uvicorn

from ._app import LAST_ANSWER_S, create_app
from ._messages import MAX_MESSAGE_BYTES
from ._settings import Settings


class Softphone:
    """A softphone's web server, bound when made. `port` 0, or a port that is taken, means any free one.

    Run it in the foreground with `run()`, or in a thread as a context manager.
    """

    def __init__(self, settings: Settings, port: int = 0) -> None:
        self._socket = _bound(port)
        self.port: int = self._socket.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings),
                ws="websockets-sansio",
                ws_max_size=4 * MAX_MESSAGE_BYTES,
                log_level="warning",
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=LAST_ANSWER_S + 1,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    def run(self) -> None:
        """Serve until interrupted."""
        self._server.run(sockets=[self._socket])

    def __enter__(self) -> Softphone:
        self._thread = threading.Thread(target=self.run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(10)


def _bound(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        if not port:
            raise
        listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener
