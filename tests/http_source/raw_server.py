"""A server that sends exactly the bytes it is given, at the pace it is given."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable


class RawServer:
    """Answers each request with `pieces`; a float among them is a pause in seconds."""

    def __init__(self, *pieces: bytes | float, keep_open: bool = False) -> None:
        self.pieces: Iterable[bytes | float] = pieces
        self.keep_open = keep_open
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}/balances/1001"

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        try:
            with connection:
                while True:
                    request = b""
                    while b"\r\n\r\n" not in request:
                        piece = connection.recv(65536)
                        if not piece:
                            return
                        request += piece
                    self.requests.append(request)
                    for each in self.pieces:
                        if isinstance(each, float):
                            time.sleep(each)
                        else:
                            connection.sendall(each)
                    if not self.keep_open:
                        return
        except OSError:
            return

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
