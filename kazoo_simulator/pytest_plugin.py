"""The `kazoo` fixture: place calls from a test, against handlers, a running stack, or any address.

Where calls go is the `kazoo_target` fixture. Redefine it to test handlers in this process:

    @pytest.fixture
    def kazoo_target():
        return InProcess({"/account_balance": app.handler}, token=TOKEN)

Without that, calls go to `--kazoo-url` (or ini `kazoo_url`, or environment KAZOO_SIMULATOR_URL), else to what
`make up` left running. The ladders of a failed test's calls are shown in its report.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from ._request import KazooVersion
    from ._simulator import Simulator
    from ._targets import Target

_OPTIONS = {
    "url": "where calls go: the address of a deployed stack",
    "token": "the KAZOO account's token there",
    "public_url": "the address the stack gives itself in voice_urls, when it is not that one",
    "account_id": "the KAZOO account calls belong to",
    "version": "the KAZOO that is played: 4.3 or 5",
}
_CALLS = pytest.StashKey[list[Any]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --kazoo-url and its companions."""
    group = parser.getgroup("kazoo", "KAZOO simulator")
    for name, description in _OPTIONS.items():
        group.addoption(f"--kazoo-{name.replace('_', '-')}", default=None, help=description)
        parser.addini(f"kazoo_{name}", description)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", 'kazoo(version="4.3", **world): the KAZOO of this test, e.g. version="5" or callees={...}'
    )


def _setting(config: pytest.Config, name: str) -> str | None:
    given = config.getoption(f"--kazoo-{name.replace('_', '-')}")
    return (
        given or config.getini(f"kazoo_{name}") or os.environ.get(f"KAZOO_SIMULATOR_{name.upper()}") or None
    )


@pytest.fixture
def kazoo_target(pytestconfig: pytest.Config) -> Target:
    """Where calls go; redefine it to choose."""
    from ._local import local_stack
    from ._targets import Http

    url, token = _setting(pytestconfig, "url"), _setting(pytestconfig, "token")
    if url:
        return Http(url, token, public_url=_setting(pytestconfig, "public_url"))
    running = local_stack()
    if running is None:
        pytest.fail(
            "nothing to call: redefine the kazoo_target fixture, pass --kazoo-url, or run `make up`",
            pytrace=False,
        )
    return running


@pytest.fixture
def kazoo(request: pytest.FixtureRequest, kazoo_target: Target) -> Simulator:
    """A KAZOO to place calls with: `kazoo.call("+14155550100", "2000").hears("Your balance").ends()`."""
    from ._simulator import Simulator

    settings: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("kazoo"))):
        settings |= marker.kwargs
    version = settings.pop("version", None) or _setting(request.config, "version") or "4.3"
    account_id = _setting(request.config, "account_id")
    if account_id:
        settings.setdefault("account_id", account_id)
    calls: list[Any] = []
    request.node.stash[_CALLS] = calls
    return Simulator(kazoo_target, cast("KazooVersion", version), placed=calls.append, **settings)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Show the ladders of a failed test's calls."""
    report = yield
    if report.failed:
        calls: list[Any] = item.stash.get(_CALLS, [])
        for number, call in enumerate(calls, start=1):
            report.sections.append((f"KAZOO call {number}", call.ladder()))
    return report
