"""The callbacks behind a port, in a process that is replaced whenever a file is saved.

The parent imports what never changes, watches the files and forks; a child serves with the code as it is. The
port is the parent's, so no request is lost while one child takes over from another.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WATCHED = ("functions", "layers/application", "layers/kazoo", "template.yaml")
LOOK_EVERY_S = 0.15
FAILED_HEADER = "x-simulator-exception"


def main(port: int, root: Path = ROOT) -> None:
    """Serve the checkout `root` until the process that started this one ends."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(64)
    _preload()
    before = stamps(root)
    child = _fork(listener, root)
    ending: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    supervisor = os.getppid()
    try:
        while os.getppid() == supervisor:
            time.sleep(LOOK_EVERY_S)
            now = stamps(root)
            if now != before:
                changed = [name for name in now.keys() | before.keys() if now.get(name) != before.get(name)]
                before = now
                print(f"reloaded: {', '.join(sorted(changed)[:3])}", flush=True)
                ending.append(child)
                following = _fork(listener, root)
                # It answers what it was asked before it ends; meanwhile the other one takes what comes.
                os.kill(child, signal.SIGTERM)
                child = following
            ending = [each for each in ending if os.waitpid(each, os.WNOHANG)[0] == 0]
    finally:
        _end(child)


def stamps(root: Path) -> dict[str, int]:
    """Return when each watched file was last written."""
    found = {}
    for path in _files(root):
        with suppress(FileNotFoundError):
            found[str(path.relative_to(root))] = path.stat().st_mtime_ns
    return found


def _files(root: Path) -> Iterator[Path]:
    for name in WATCHED:
        place = root / name
        if place.is_file():
            yield place
        else:
            yield from (path for path in place.rglob("*.py") if "__pycache__" not in path.parts)


def _preload() -> None:
    """Import what a child would otherwise wait for, and what nobody edits here."""
    for name in ("botocore.session", "botocore.httpsession", "aws_lambda_powertools.logging", "phonenumbers"):
        import_module(name)


def _fork(listener: socket.socket, root: Path) -> int:
    child = os.fork()
    if child:
        return child
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout = WithoutMetrics(sys.stdout)
        serve(listener, root)
        os._exit(0)
    except BaseException:  # noqa: BLE001 - a child must never go on as its parent
        traceback.print_exc()
    os._exit(1)


class WithoutMetrics(io.TextIOBase):
    """Standard output without the lines that CloudWatch takes for metrics: a person reads this."""

    def __init__(self, below: Any) -> None:
        self._below = below

    def write(self, text: str) -> int:
        """Write anything but metrics."""
        if not text.startswith('{"_aws"'):
            self._below.write(text)
            self._below.flush()
        return len(text)


def _end(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def serve(listener: socket.socket, root: Path) -> None:
    """Answer requests with the handlers of this checkout, each imported when it is first asked."""
    sys.path[:0] = [str(root), str(root / "layers" / "kazoo"), str(root / "layers" / "application")]
    handlers = Handlers(root)
    if queue := os.environ.get("PIVOT_DEV_QUEUE"):
        threading.Thread(target=handlers.settle, args=(queue,), daemon=True).start()

    class Gateway(BaseHTTPRequestHandler):
        """API Gateway, as far as a callback notices it."""

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            given = dict(self.headers.items())
            status, headers, content = handlers.answer(self.command, self.path, given, body)
            self.send_response_only(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: the callbacks write their own lines."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Gateway, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.daemon_threads = False
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.05)
    server.server_close()


class Handlers:
    """The handlers by their paths; a mistake in one leaves the others alone."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._found: dict[str, Any] = {}
        self._guard = _guard()

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for one request."""
        from kazoo_simulator.gateway import HttpRequest, LambdaContext, answer_of, api_gateway_event

        path = target.partition("?")[0]
        if not (self._root / "functions" / path.strip("/") / "app.py").is_file():
            return 404, {"content-type": "application/json"}, b'{"message":"Not Found"}'
        named = tuple((name.lower(), value) for name, value in headers.items())
        try:
            handler = self._handler(path.strip("/"))
            event = api_gateway_event(HttpRequest(method, target, named, body), target)
            found = answer_of(handler(event, LambdaContext(timeout_ms=5000)), 0)
        except Exception as error:  # noqa: BLE001 - the developer reads it on the ladder and here
            traceback.print_exc()
            told = {"content-type": "application/json", FAILED_HEADER: described(error)}
            return 500, told, json.dumps({"message": "Internal Server Error"}).encode()
        return found.status, dict(found.headers), found.body

    def settle(self, queue: str) -> None:
        """Settle ends of calls as the deployed queue's function does, as long as this process lives."""
        from botocore.session import Session

        # A client of the queue's side, whose requests are not a function's.
        endpoint = os.environ["AWS_ENDPOINT_URL"]
        sqs = Session().create_client("sqs", region_name="us-east-1", endpoint_url=endpoint)
        while True:
            try:
                for message in sqs.receive_message(QueueUrl=queue).get("Messages", []):
                    record = {"messageId": message["MessageId"], "body": message["Body"]}
                    if not self._handler("settle_call")({"Records": [record]}, None)["batchItemFailures"]:
                        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            except Exception:  # noqa: BLE001 - a mistake in settle_call is fixed by the next save
                traceback.print_exc()
            time.sleep(1)

    def _handler(self, name: str) -> Any:
        with self._lock:
            if name not in self._found:
                handler = import_module(f"functions.{name}.app").handler
                self._found[name] = self._guard.of(name, handler) if self._guard else handler
            return self._found[name]


def described(error: BaseException) -> str:
    """Return an exception as one line: type, message, file and line."""
    place = ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({_shown(error.filename)}:{error.lineno})"
    else:
        every = traceback.extract_tb(error.__traceback__)
        frames = [frame for frame in every if "site-packages" not in frame.filename]
        ours = [frame for frame in frames if "/functions/" in frame.filename or "/layers/" in frame.filename]
        if frames:
            last = (ours or frames)[-1]
            place = f" ({_shown(last.filename)}:{last.lineno})"
    text = f"the handler raised {type(error).__name__}: {error}{place}"
    return "".join(c if " " <= c <= "~" else "?" for c in text)[:500]


def _shown(file: str) -> str:
    return "/".join(Path(file).parts[-3:])


def _guard() -> Any:
    """IAM as template.yaml has it, which no emulator enforces; None outside a checkout."""
    try:
        from tests.permissions import Guard
    except ImportError:
        return None
    from pivot_app.aws import clients

    guard: Any = Guard(json.loads(os.environ.get("PIVOT_DEV_TABLES", "{}")))
    create = clients._create  # noqa: SLF001 - where every client is made

    def create_guarded(service: str, region: str, endpoint: str, complete: bool) -> Any:
        client = create(service, region, endpoint, complete)
        guard.watch(client)
        return client

    clients._create = create_guarded  # noqa: SLF001
    return guard


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT)
