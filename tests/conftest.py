"""Fixtures every part of the suite shares: an AWS emulator, and the application deployed on one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

import pytest

from kazoo_pivot import Callback
from kazoo_simulator import BUILDS, KazooBuild
from pivot_app.aws import clients
from pivotctl.chromium import REMEDY
from pivotctl.chromium import find as find_chromium
from pivotctl.local_stack import Emulator, Stack, create_tables
from pivotctl.local_stack.demo_data import seed
from tests.permissions import Guard

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(params=BUILDS)
def kazoo_build(request: pytest.FixtureRequest) -> KazooBuild:
    """Every build of KAZOO, one after the other: a test that asks for it is played on each."""
    build: KazooBuild = request.param
    return build


def unavailable(what: str) -> NoReturn:
    """Skip on a person's machine, fail in CI: there a check that did not run is not a pass."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file on one worker, and all files that use the deployed stack: it starts once in a run."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "stack" if "pytest.mark.stack" in _text(config.rootpath / file) else file

    return Scheduling(config, log)


@cache
def _text(file: Path) -> str:
    return file.read_text()


@dataclass(frozen=True, slots=True)
class Tables:
    """An emulator with the template's tables, for contract and concurrency tests."""

    emulator: Emulator
    names: dict[str, str]

    @property
    def url(self) -> str:
        """The endpoint to set as AWS_ENDPOINT_URL."""
        return self.emulator.url

    def client(self, service: str) -> Any:
        """A new botocore client."""
        return self.emulator.client(service)

    def every_item(self, table: str) -> list[Any]:
        """All items of a table, by its logical id: a single scan ends after 1 MB."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.names[table])
        return [item for page in pages for item in page["Items"]]


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """One emulator a run, with empty tables: tests keep apart by KAZOO account ids of their own."""
    if not (ROOT / ".venv-emulator" / "bin" / "ministack").exists():
        unavailable("the AWS emulator is not installed: run `make setup`")
    started = Emulator.start(tmp_path_factory.mktemp("emulator") / "emulator.log")
    try:
        yield Tables(emulator=started, names=create_tables(started))
    finally:
        started.stop()


@pytest.fixture(scope="session")
def guard(emulator: Tables) -> Guard:
    """IAM for the functions' handlers in this process."""
    return Guard(emulator.names)


@pytest.fixture
def as_deployed(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every function do on AWS what template.yaml's policies allow it, and nothing else."""
    create = clients._create

    def create_guarded(*arguments: Any) -> Any:
        client = create(*arguments)
        guard.watch(client)
        return client

    monkeypatch.setattr(clients, "_create", create_guarded)
    for client in clients._clients.values():
        guard.watch(client)
    for path in sorted(ROOT.glob("functions/*/app.py")):
        module = import_module(f"functions.{path.parent.name}.app")
        if not isinstance(module.handler, Callback):
            monkeypatch.setattr(module, "handler", guard.of(path.parent.name, module.handler))
    call = Callback.__call__

    def called(callback: Callback, event: Any, context: Any = None) -> Any:
        folder = Path(callback.handler.__code__.co_filename).parent.name
        return guard.of(folder, call)(callback, event, context)

    monkeypatch.setattr(Callback, "__call__", called)
    yield
    denied, guard.denied, guard.last = guard.denied, [], ""
    assert not denied


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The application deployed by SAM on an emulator of its own, with the demo's data; once a run."""
    if not (ROOT / ".venv-sam" / "bin" / "sam").exists():
        unavailable("the SAM command line is not installed: run `make setup`")
    started = Emulator.start(tmp_path_factory.mktemp("stack") / "emulator.log")
    try:
        # A balance source of tests/attacks listens on this machine: an operator would have to allow it, too.
        deployed = Stack.deploy(started, progress=lambda _: None, AllowedHosts="127.0.0.1")
        seed(started, deployed.outputs)
        deployed.wake()
        yield deployed
    finally:
        started.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path: Debian's, or PIVOT_CHROMIUM."""
    return find_chromium() or unavailable(REMEDY)
