"""The scheduled doctor, with nothing but the rights that template.yaml gives it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.doctor import app
from kazoo_simulator.crossbar import Account, Cluster, CrossbarServer
from pivot_app import doctor
from pivotctl.local_stack import PUBLIC_URL
from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN
from tests.conftest import Tables

NAME = f"/pivot-lambda/local/crossbar/{KAZOO_ACCOUNT}"


def furnished(cluster: Cluster) -> Account:
    """Add the demo's KAZOO account, with a callflow and a webhook made by hand."""
    account = cluster.add_account(account_id=KAZOO_ACCOUNT)
    data = {
        "voice_url": f"{PUBLIC_URL}/account_balance?token={TOKEN}",
        "method": "POST",
        "req_format": "kazoo",
    }
    child = {"module": "hangup", "data": {}, "children": {}}
    flow = {"module": "pivot", "data": data, "children": {"_": child}}
    cluster.add(account.id, "callflows", {"name": "main", "numbers": ["2000"], "flow": flow})
    hook = {"name": "ends", "hook": "channel_destroy", "enabled": True, "http_verb": "post"}
    cluster.add(account.id, "webhooks", {**hook, "uri": f"{PUBLIC_URL}/call_ended?token={TOKEN}"})
    return account


def test_the_schedule_finds_what_a_person_would(
    seeded: Tables,
    application: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A well account counts nothing; a webhook that is off is an error with its remedy in the log."""
    cluster = Cluster(sleep=lambda _: None)
    account = furnished(cluster)
    ssm = seeded.client("ssm")
    monkeypatch.setenv("DOCTOR_URL", PUBLIC_URL)
    with CrossbarServer(cluster) as server:
        access = json.dumps({"url": server.url, "api_key": account.api_key})
        ssm.put_parameter(Name=NAME, Value=access, Type="SecureString", Overwrite=True)
        assert KAZOO_ACCOUNT in set(doctor.accounts_with_access())
        monkeypatch.setattr("pivot_app.doctor._deployed.accounts_with_access", lambda: [KAZOO_ACCOUNT])
        before = app.handler({})
        (hook,) = cluster.of_kind(account.id, "webhooks")
        hook.data["enabled"] = False
        after = app.handler({})
    assert before["AccountsExamined"] == 1
    assert after["DoctorErrors"] == before["DoctorErrors"] + 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"finding"' in line]
    told = next(line for line in lines if line["check"] == "webhook" and "is off" in line["finding"])
    assert "--fix" in told["remedy"]
    assert account.api_key not in json.dumps(lines)
    ssm.delete_parameter(Name=NAME)


def test_an_account_without_time_is_left_to_the_next_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The function ends before Lambda ends it."""
    monkeypatch.setenv("DOCTOR_URL", PUBLIC_URL)

    class Context:
        @staticmethod
        def get_remaining_time_in_millis() -> int:
            return 1

    monkeypatch.setattr("pivot_app.doctor._deployed.accounts_with_access", lambda: ["a", "b"])
    assert app.handler({}, Context())["AccountsLeft"] == 2
