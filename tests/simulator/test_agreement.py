"""The deployed application and its handlers in this process give their callers the same."""

from __future__ import annotations

import contextlib
from importlib import import_module
from pathlib import Path

import pytest

from kazoo_simulator import Http, InProcess, Session, TransportError
from kazoo_simulator._request import HttpRequest
from kazoo_simulator._transport import send_bytes
from pivot_app.settings import settings
from pivotctl.demo import SCENES, Scene
from pivotctl.local_stack import PUBLIC_URL, Stack

pytestmark = pytest.mark.stack
FUNCTIONS = sorted((Path(__file__).resolve().parents[2] / "functions").glob("*/app.py"))


@pytest.fixture(scope="module", autouse=True)
def awake(stack: Stack) -> None:
    """Start every function: on a busy machine a cold start can take longer than KAZOO waits."""
    for path in FUNCTIONS:
        request = HttpRequest("GET", f"{stack.url}/{path.parent.name}", (("host", "localhost"),))
        with contextlib.suppress(TransportError):
            send_bytes(request, 30_000)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.play.__name__)
def test_a_recorded_call_replays_elsewhere(
    stack: Stack, scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Recorded from the deployed stack, the call replays exactly, in this process, and there once more."""
    scene.played_on(stack).session().save(tmp_path / "call.json")
    session = Session.load(tmp_path / "call.json")
    assert session.replay().events == session.events

    for name, value in stack.environment().items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    handlers = {}
    for path in FUNCTIONS:
        handler = import_module(f"functions.{path.parent.name}.app").handler
        if hasattr(handler, "forget"):
            handler.forget()
            handlers[f"/{path.parent.name}"] = handler
    assert session.differences(session.replay(InProcess(handlers, token=scene.token))) == []
    again = session.replay(Http(stack.url, scene.token, public_url=PUBLIC_URL))
    assert session.differences(again) == []
