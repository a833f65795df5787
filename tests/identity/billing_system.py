"""A stand-in for someone else's billing system."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class BillingSystem:
    """Stands in for someone's billing system: `answer` is what it says, `asked` what it heard."""

    def __init__(self) -> None:
        self.status = 200
        self.body: bytes | Callable[[], Iterator[bytes]] = b"{}"
        self.asked: list[tuple[str, str | None]] = []
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                system.asked.append((self.path, self.headers["authorization"]))
                self.send_response(system.status)
                if system.status == 302:
                    self.send_header("location", "/elsewhere")
                self.end_headers()
                try:
                    for piece in [system.body] if isinstance(system.body, bytes) else system.body():
                        self.wfile.write(piece)
                        self.wfile.flush()
                except OSError:
                    pass

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def settings(self) -> dict[str, Any]:
        """How to ask it."""
        return {
            "url": f"http://127.0.0.1:{self._server.server_port}/balances/{{account_id}}",
            "headers": {"authorization": "Bearer secret"},
            "available": "data.balance",
            "currency": "data.currency",
            "timeout_ms": 800,
        }

    def says(self, balance: Any, currency: Any = "USD") -> None:
        """Answer with a balance."""
        self.body = json.dumps({"data": {"balance": balance, "currency": currency}}).encode()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
