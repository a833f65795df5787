"""The `kazoo` fixture: place calls from a test, against handlers, a running stack, or any address.

Where calls go is the `kazoo_target` fixture. Redefine it to test handlers in this process:

    @pytest.fixture
    def kazoo_target():
        return InProcess({"/account_balance": app.handler}, token=TOKEN)

Without that, calls go to `--kazoo-url` (or ini `kazoo_url`, or environment KAZOO_SIMULATOR_URL), else to what
an installed project offers under the entry points `kazoo_simulator.targets`. A Pivot application may be
written in anything: its address is enough. The ladders of a failed test's calls are shown in its report, and
a call that heard a fallback which the test does not expect fails it (ini `kazoo_fallbacks = allow` turns
that off).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from ._request import KazooBuild
    from ._simulator import Simulator
    from ._targets import Target

_OPTIONS = {
    "url": "where calls go: the address of a deployed stack",
    "token": "the KAZOO account's token there",
    "public_url": "the address the stack gives itself in voice_urls, when it is not that one",
    "account_id": "the KAZOO account calls belong to",
    "version": "the KAZOO that is played: 4.3, 4.3-2023-11 or 5",
    "fallbacks": "fail (the default) or allow: what a fallback that no test expects does to the test",
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
        "markers", 'kazoo(version="4.3", **config): the KAZOO of this test, e.g. version="5" or callees={...}'
    )


def _setting(config: pytest.Config, name: str) -> str | None:
    given = config.getoption(f"--kazoo-{name.replace('_', '-')}")
    return (
        given or config.getini(f"kazoo_{name}") or os.environ.get(f"KAZOO_SIMULATOR_{name.upper()}") or None
    )


NO_TARGET = """\
nothing to call. Say where the Pivot application is, in one of these ways:
  pytest --kazoo-url https://HOST/STAGE [--kazoo-token TOKEN]   or KAZOO_SIMULATOR_URL, or ini kazoo_url
  a fixture of your own:

      @pytest.fixture
      def kazoo_target():
          return Http("http://localhost:8080")            # an application written in anything
          return InProcess({"/menu": app.handler})        # Lambda handlers in this process
"""


@pytest.fixture
def kazoo_target(pytestconfig: pytest.Config) -> Target:
    """Return the target of calls; override this fixture to choose another."""
    from ._targets import Http

    url, token = _setting(pytestconfig, "url"), _setting(pytestconfig, "token")
    if url:
        return Http(url, token, public_url=_setting(pytestconfig, "public_url"))
    for target in _offered():
        return target
    pytest.fail(NO_TARGET, pytrace=False)


def _offered() -> Iterator[Target]:
    """Yield the targets that installed projects offer, such as a stack that runs on this machine."""
    from importlib.metadata import entry_points

    for entry in entry_points(group="kazoo_simulator.targets"):
        target = entry.load()()
        if target is not None:
            yield target


@pytest.fixture
def kazoo(request: pytest.FixtureRequest, kazoo_target: Target) -> Simulator:
    """Give a KAZOO to place calls with: `kazoo.call("+14155550100", "2000").hears("Your balance").ends()`."""
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
    return Simulator(kazoo_target, cast("KazooBuild", version), placed=calls.append, **settings)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Fail a test whose callers heard an unexpected fallback; show the ladders of a failed test's calls."""
    report = yield
    calls: list[Any] = item.stash.get(_CALLS, [])
    if report.passed and call.when == "call" and _setting(item.config, "fallbacks") != "allow":
        reasons = [fallback.reason for played in calls for fallback in played.unexpected_fallbacks]
        if reasons:
            report.outcome = "failed"
            report.longrepr = (
                "the caller heard a fallback that the test does not expect: "
                f"{'; '.join(reasons)}\nwhere it is right, say so: call.heard_fallback()"
            )
    if report.failed:
        for number, played in enumerate(calls, start=1):
            report.sections.append((f"KAZOO call {number}", played.ladder()))
    return report
