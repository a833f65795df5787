"""Every example of the gallery: its data passes lint, goes live, and its calls go as written."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from kazoo_pivot import Call
from kazoo_simulator import Http, InProcess, Simulator
from pivot_app.documents import parse_amount
from pivot_app.ledger import Account, DynamoDBLedger, Rate
from pivot_app.look_ups._look_ups import look_ups
from pivot_app.settings import settings
from pivotctl.cli import app
from pivotctl.data import Deployment, lint, push, read
from pivotctl.local_stack import PUBLIC_URL, Stack, function_environment
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, write_secrets
from pivotctl.tokens import TenantAdmin
from tests.conftest import Tables
from tests.examples.https_system import HOST, serving
from tools.example_pictures import documents, drawn, picture_of

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in ROOT.glob("examples/*/played.py"))
PREFIX = "/pivot-lambda/local"
NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
KAZOOS = ("4.3", "5")
MOMENTS = (
    "2026-01-05T12:00-05:00",
    "2026-01-05T18:30-05:00",
    "2026-01-06T03:00-05:00",
    "2026-01-10T11:00-05:00",
    "2026-12-25T12:00-05:00",
    "2026-03-08T06:59:59+00:00",
    "2026-03-08T07:00+00:00",
    "2026-11-01T05:30+00:00",
    "2026-11-01T06:30+00:00",
)
"""In New York: office hours, an evening, a night, a weekend, a holiday, and both changes of the clocks."""


def played(folder: Path) -> ModuleType:
    """The calls of an example."""
    spec = spec_from_file_location(f"example_{folder.name}", folder / "played.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def calls() -> Iterator[Any]:
    """(folder, name of a call) of all examples."""
    for folder in FOLDERS:
        for name, thing in vars(played(folder)).items():
            if callable(thing) and getattr(thing, "__module__", "") == f"example_{folder.name}":
                yield pytest.param(folder, name, id=f"{folder.name}-{name}")


CALLS = list(calls())
OVER_HTTP = [each for each in CALLS if not hasattr(played(each.values[0]), "CRM")]
"""What the deployed functions can be asked: they do not reach a system of this process."""


@pytest.fixture(scope="session")
def put_live() -> Callable[..., tuple[str, str]]:
    """Puts an example live under a KAZOO account of its own; returns its id and token."""
    done: dict[tuple[str, str, str], tuple[str, str]] = {}

    def put(emulator: Any, tables: dict[str, str], folder: Path, version: str) -> tuple[str, str]:
        key = (emulator.url, folder.name, version)
        if key not in done:
            kazoo_account = hashlib.sha256("".join(key).encode()).hexdigest()[:32]
            dynamodb = emulator.client("dynamodb")
            ledger = DynamoDBLedger(dynamodb, tables["AccountsTable"])
            for account_id, amount in played(folder).MONEY.items():
                ledger.create(
                    Account(
                        kazoo_account_id=kazoo_account,
                        account_id=account_id,
                        currency="USD",
                        rates=(Rate(prefix="1", per_minute_micros=50_000),),
                    )
                )
                if parse_amount(amount):
                    ledger.top_up(kazoo_account, account_id, parse_amount(amount), reference="first", now=NOW)
            deployment = Deployment(
                dynamodb, tables["DocumentsTable"], tables["CallersTable"], tables["AccountsTable"]
            )
            for path in sorted(folder.glob("*.yaml")):
                push(deployment, kazoo_account, read(path), author="tests", now=NOW)
            tenants = TenantAdmin.at(emulator.client, tables["TenantsTable"], PREFIX)
            token = tenants.create(
                kazoo_account,
                {"kazoo_version": version, "language": "en-us", "region": "US", "time_zone": "UTC"},
            ).pivot
            done[key] = kazoo_account, token
        return done[key]

    return put


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("examples/*/*.yaml")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
@pytest.mark.parametrize("version", KAZOOS)
def test_the_data_is_fit_to_go_live(path: Path, version: str) -> None:
    """No finding at all, not even a warning; but KAZOO 5 has no queues of its own."""
    found = list(lint(read(path).document, version, lambda _done, _all: None))
    if path.parent.name == "support_queue" and version == "5":
        found = [each for each in found if "acdc_member" not in each.message]
    assert found == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_readme_followed_to_the_letter(
    emulator: Tables, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Every command succeeds, one after the other, on a KAZOO account that has nothing yet."""
    kazoo_account = uuid.uuid4().hex
    for variable, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("PIVOT_KAZOO_ACCOUNT", kazoo_account)
    monkeypatch.chdir(ROOT)
    for block in re.findall(r"```console\n(.*?)```", (folder / "README.md").read_text("utf-8"), re.DOTALL):
        for line in block.replace(KAZOO_ACCOUNT, kazoo_account).splitlines():
            done = CliRunner().invoke(app, shlex.split(line)[1:])
            assert done.exit_code == 0, f"{line}\n{done.output}"


@pytest.mark.parametrize("version", KAZOOS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_caller_after_hours_gets_somewhere_whenever_it_is(
    emulator: Tables,
    as_deployed: None,
    put_live: Callable[..., tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
    version: Any,
) -> None:
    """Office hours, evenings, nights, weekends, holidays, and the hours the clocks are changed in."""
    after_hours = next(folder for folder in FOLDERS if folder.name == "after_hours")
    original, then = Call.of.__func__, datetime.fromisoformat(moment)  # type: ignore[attr-defined]
    monkeypatch.setattr(
        Call, "of", classmethod(lambda *given, **named: original(*given, **{**named, "now": then}))
    )
    for case in (each.values for each in CALLS if each.values[0] == after_hours):
        test_a_call(emulator, as_deployed, put_live, monkeypatch, *case, version)


@pytest.mark.parametrize("version", KAZOOS)
@pytest.mark.parametrize(("folder", "name"), CALLS)
def test_a_call(
    emulator: Tables,
    as_deployed: None,
    put_live: Callable[..., tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    name: str,
    version: Any,
) -> None:
    """The call goes as the example says, with the functions in this process and the data in the emulator."""
    for variable, value in function_environment(emulator.emulator, emulator.names).items():
        monkeypatch.setenv(variable, value)
    settings.cache_clear()
    write_secrets(emulator.emulator, emulator.names, PREFIX)
    kazoo_account, token = put_live(emulator.emulator, emulator.names, folder, version)
    handlers = {}
    for function in ("menu", "menu_selection", "call_routing", "balance_gate"):
        handlers[f"/{function}"] = import_module(f"functions.{function}.app").handler
        handlers[f"/{function}"].forget()
    simulator = Simulator(InProcess(handlers, token=token), kazoo=version, account_id=kazoo_account)
    with crm(emulator, folder, kazoo_account, monkeypatch):
        getattr(played(folder), name)(simulator)


@contextmanager
def crm(
    emulator: Tables, folder: Path, kazoo_account: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The CRM of an example that has one, over HTTPS; the look-up finds it by its parameter."""
    answers = getattr(played(folder), "CRM", None)
    if answers is None:
        yield
        return
    with TemporaryDirectory() as temporary, serving(answers, Path(temporary)) as (port, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        monkeypatch.setenv("PIVOT_ALLOWED_HOSTS", f"{HOST}:{port}")
        source = {"url": f"https://{HOST}:{port}/v1/callers/{{call.number}}"}
        emulator.client("ssm").put_parameter(
            Name=f"{PREFIX}/look-ups/{kazoo_account}/crm",
            Value=json.dumps(source),
            Type="SecureString",
            Overwrite=True,
        )
        look_ups.cache_clear()
        yield
        look_ups.cache_clear()


@pytest.mark.parametrize("path", documents(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_picture_is_of_the_document(path: Path) -> None:
    """`python -m tools.example_pictures` draws it again."""
    assert picture_of(path).read_text("utf-8") == drawn(path)


@pytest.mark.stack
@pytest.mark.parametrize(("folder", "name"), OVER_HTTP)
def test_a_call_over_http(
    stack: Stack, put_live: Callable[..., tuple[str, str]], folder: Path, name: str
) -> None:
    """The same call, on the deployed stack."""
    kazoo_account, token = put_live(stack.emulator, stack.outputs, folder, "4.3")
    target = Http(stack.url, token=token, public_url=PUBLIC_URL)
    getattr(played(folder), name)(Simulator(target, account_id=kazoo_account))
