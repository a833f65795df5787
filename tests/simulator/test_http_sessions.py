"""KAZOO's HTTP client has two sessions per host: what waits for one loses that time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kazoo_simulator import Http, TransportError
from kazoo_simulator._request import HttpRequest

from .conftest import WebServer


def target(server: WebServer, sessions: int) -> Http:
    """Return the server behind so many sessions."""
    return Http(f"http://127.0.0.1:{server.port}", sessions=sessions)


def request(server: WebServer) -> HttpRequest:
    """Write a request to the server."""
    return HttpRequest("GET", f"http://127.0.0.1:{server.port}/x", (("host", "x"),), b"")


def test_no_more_requests_at_once_than_there_are_sessions(server: WebServer) -> None:
    """A third request is sent when one of two is answered, and the wait counts as the server's time."""
    server.delay_s = 0.2
    behind_two = target(server, 2)
    with ThreadPoolExecutor(3) as pool:
        sent = [pool.submit(behind_two.send, request(server), 5_000) for _ in range(3)]
        took_ms = sorted(each.result().took_ms for each in sent)
    assert took_ms[0] >= 200
    assert took_ms[2] >= 400
    assert len(server.requests) == 3


def test_a_request_that_finds_no_session_in_time_is_never_sent(server: WebServer) -> None:
    """KAZOO gives up after req_timeout_ms, whatever it waited for; the session is free again afterwards."""
    server.delay_s = 0.5
    behind_one = target(server, 1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(behind_one.send, request(server), 5_000)
        for _ in range(500):
            if server.requests:
                break
            threading.Event().wait(0.01)
        with pytest.raises(TransportError, match="no session to the host within 50 ms") as raised:
            behind_one.send(request(server), 50)
        assert first.result().status == 200
    assert (raised.value.kind, raised.value.took_ms) == ("timeout", 50)
    assert len(server.requests) == 1
    assert behind_one.send(request(server), 5_000).status == 200
