"""Clients and items."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kazoo_pivot._envelope import Envelope
from pivot_app import aws
from pivot_app.settings import Settings
from pivot_app.settings.balance_gate import BalanceGateSettings
from pivot_app.settings.checks import DoctorSettings, SyntheticCallSettings
from pivot_app.settings.live_debug import LiveDebugSettings
from pivot_app.settings.queues import CallEndedSettings, SweepSettings

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(min_size=1), plain, max_size=4))
def test_items_come_back(values: dict[str, Any]) -> None:
    """Any plain value survives DynamoDB's form; whole numbers stay int."""
    assert aws.from_item(aws.to_item(values)) == values


def test_numbers_and_sets() -> None:
    """Decimals stay exact; sets of text become string sets."""
    assert aws.from_attribute(aws.to_attribute(Decimal("1.25"))) == Decimal("1.25")
    assert aws.from_attribute({"N": "3"}) == 3
    assert aws.from_attribute(aws.to_attribute({"b", "a"})) == {"a", "b"}
    assert aws.from_attribute({"NS": ["1", "2"]}) == {1, 2}


@pytest.mark.parametrize("value", [1.5, set(), {1}, object()])
def test_what_dynamodb_cannot_hold_is_refused(value: Any) -> None:
    """A float above all, as money is never one."""
    with pytest.raises(TypeError, match="DynamoDB"):
        aws.to_attribute(value)


def test_clients_give_up_while_kazoo_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """All tries together end within the 4 s a function may run; one client a process and endpoint."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    client = aws.client("dynamodb")
    config = client.meta.config
    assert (config.connect_timeout + config.read_timeout) * config.retries["total_max_attempts"] < 4
    assert client.meta.endpoint_url == "http://127.0.0.1:1"
    assert aws.client("dynamodb") is client
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:2")
    assert aws.client("dynamodb") is not client


def test_settings_name_the_variable_and_the_fix() -> None:
    """A wrong variable is an error that can be acted on; a table not given is one only when it is used."""
    from kazoo_pivot import MisconfiguredError

    given_ = Settings.from_environment({"ACCOUNTS_TABLE": "accounts"})
    assert given_.accounts_table == "accounts"
    assert given_.parameter_prefix == "/pivot-lambda/dev"
    with pytest.raises(MisconfiguredError, match=r"CALLERS_TABLE is not set.*template\.yaml"):
        _ = given_.callers_table
    for name, value in (
        ("PIVOT_STAGE", "Prod"),
        ("PIVOT_PUBLIC_URL", "https://pivot.example.com/"),
        ("PIVOT_PUBLIC_URL", "http://localhost:8080"),
        ("PIVOT_PARAMETER_PREFIX", "pivot"),
    ):
        with pytest.raises(MisconfiguredError, match=name):
            Settings.from_environment({name: value})


@pytest.mark.parametrize(
    ("family", "variable", "wrong"),
    [
        (CallEndedSettings, "CALL_ENDED_QUEUE", ""),
        (SweepSettings, "NOTICES_QUEUE", "notices"),
        (BalanceGateSettings, "GATE_STORE_DOWN_CALLS", "-1"),
        (DoctorSettings, "DOCTOR_URL", ""),
        (SyntheticCallSettings, "SYNTHETIC_CALL_URL", "pivot.example.com"),
        (LiveDebugSettings, "PIVOT_OIDC_AUDIENCE", ""),
    ],
)
def test_the_settings_of_each_family_name_the_variable_and_the_fix(
    family: Any, variable: str, wrong: str
) -> None:
    """An empty or malformed variable is an error that can be acted on."""
    from kazoo_pivot import MisconfiguredError

    given = {"PIVOT_OIDC_ISSUER": "https://id.example.com", variable: wrong}
    with pytest.raises(MisconfiguredError, match=f"{variable} .*; set it to"):
        family.from_environment(given)


def test_the_settings_of_each_family_as_the_template_gives_them() -> None:
    """Call control and sign-in are off where the template leaves their variables empty."""
    queue = "https://sqs.us-east-1.amazonaws.com/1/notices"
    sweep = SweepSettings.from_environment({"NOTICES_QUEUE": queue, "CONTROL_QUEUE": ""})
    assert (sweep.notices_queue_url, sweep.control_queue_url) == (queue, "")
    assert BalanceGateSettings.from_environment({}).unbilled_calls == 0
    assert LiveDebugSettings.from_environment({"PIVOT_OIDC_ISSUER": ""}).sign_in is None
    sign_in = LiveDebugSettings.from_environment(
        {"PIVOT_OIDC_ISSUER": "https://id.example.com/", "PIVOT_OIDC_AUDIENCE": "debug"}
    ).sign_in
    assert sign_in is not None
    assert (sign_in.client_id, sign_in.scope) == ("debug", "openid")


def test_repr_of_an_envelope_shows_no_secret() -> None:
    """Neither the token nor what the caller pressed."""
    envelope = Envelope.of(
        {"requestContext": {"http": {"method": "GET"}}, "rawQueryString": "token=secret&Digits[pin]=7391"}
    )
    assert "secret" not in repr(envelope)
    assert "7391" not in repr(envelope)
