"""Look-ups: what an HTTP system answers about a call, in values and conditions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from pivot_app.aws import Parameters
from pivot_app.http_source import Answer, HttpSourceError, SourceUnavailableError
from pivot_app.look_ups import LookUps, LookUpSettings, StaticLookUps

NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
NAME = "/p/look-ups/acme/crm"
URL = "https://crm.example.com/v1/callers/{call.number}?account={account.id}"
KNOWN = {"call.number": "+14155550123", "account.id": "1001"}


class Crm:
    """A client of an HTTP system that is asked nothing over the network."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: bytes | None = b'{"customer": {"tier": "gold", "open": true, "orders": [7]}}'

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout_ms: int,
        body: bytes | None = None,
    ) -> Answer:
        """Answer what was set, or fail."""
        self.asked.append(url)
        if self.answer is None:
            raise HttpSourceError("it does not answer")
        return Answer(200, "application/json", self.answer)


class Ssm:
    """The parameters of a deployment, and whether SSM answers."""

    def __init__(self, parameters: dict[str, str]) -> None:
        self.parameters = parameters
        self.answers = True

    def get_parameters(self, *, Names: list[str], WithDecryption: bool) -> dict[str, Any]:  # noqa: N803
        """Return those that exist."""
        assert WithDecryption
        if not self.answers:
            raise EndpointConnectionError(endpoint_url="https://ssm")
        found = [{"Name": name, "Value": self.parameters[name]} for name in Names if name in self.parameters]
        return {"Parameters": found}


def look_ups(crm: Crm, ssm: Ssm | None = None, **settings: object) -> LookUps:
    """The look-ups of one KAZOO account with the source `crm`."""
    ssm = ssm or Ssm({NAME: json.dumps({"url": URL, **settings})})
    return LookUps(Parameters(lambda: ssm, "/p", sleep=lambda _: None), client=crm)


def test_values_come_from_the_answer_by_their_path() -> None:
    """Numbers as digits, truth as yes; what is not a text is nothing. The address takes values, encoded."""
    crm = Crm()
    found = look_ups(crm)
    for path, value in (
        ("customer.tier", "gold"),
        ("customer.open", "yes"),
        ("customer.orders.0", "7"),
        ("customer", None),
        ("customer.nothing", None),
    ):
        assert found.value("acme", "crm", path, KNOWN.get, NOW) == value
    assert crm.asked == ["https://crm.example.com/v1/callers/%2B14155550123?account=1001"]


def test_a_value_that_is_missing_in_the_address_is_not_asked_for() -> None:
    """A stranger has no account."""
    crm = Crm()
    assert look_ups(crm).value("acme", "crm", "customer.tier", {"call.number": "1"}.get, NOW) is None
    assert crm.asked == []


def test_an_answer_is_used_again_while_it_is_fresh_and_after_that_while_the_system_is_away() -> None:
    """Then there is none, and after five failures the system is left alone."""
    crm = Crm()
    found = look_ups(crm, fresh_seconds=30, max_age_seconds=900)

    def tier(seconds: int) -> str | None:
        return found.value("acme", "crm", "customer.tier", KNOWN.get, NOW + timedelta(seconds=seconds))

    assert [tier(0), tier(30), tier(31)] == ["gold"] * 3
    assert len(crm.asked) == 2
    crm.answer = None
    assert tier(900) == "gold"
    for second in range(4):
        with pytest.raises(SourceUnavailableError, match="does not answer"):
            tier(2000 + second)
    asked = len(crm.asked)
    with pytest.raises(SourceUnavailableError, match="left alone"):
        tier(2010)
    assert len(crm.asked) == asked


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://crm.example.com/{call.number}"},
        {"url": "https://{call.number}.example.com/"},
        {"url": "https://user:secret@crm.example.com/"},
        {"url": 5},
        {"fresh_seconds": 99_999},
        {"timeout_ms": 60_000},
        {"colour": "red"},
    ],
)
def test_settings_that_cannot_be_used_are_named(settings: dict[str, object]) -> None:
    """Never with the address's secret."""
    with pytest.raises(SourceUnavailableError) as caught:
        LookUpSettings.from_json(json.dumps({"url": URL, **settings}))
    assert "secret" not in str(caught.value)


def test_a_source_of_another_kazoo_account_answers_nobody_else() -> None:
    """The parameter's name begins with the KAZOO account's id."""
    with pytest.raises(SourceUnavailableError, match="there is no parameter /p/look-ups/other/crm"):
        look_ups(Crm()).value("other", "crm", "customer.tier", KNOWN.get, NOW)


def test_settings_that_cannot_be_read_are_a_source_that_is_away() -> None:
    """The caller goes the other way, as when the system itself does not answer."""
    ssm = Ssm({})
    ssm.answers = False
    with pytest.raises(SourceUnavailableError, match="its settings cannot be read"):
        look_ups(Crm(), ssm).value("acme", "crm", "customer.tier", KNOWN.get, NOW)


def test_a_source_whose_parameter_changed_is_made_anew() -> None:
    """A credential that was renewed counts as soon as the parameter is read again."""
    ssm, crm = Ssm({NAME: json.dumps({"url": URL})}), Crm()
    parameters = Parameters(lambda: ssm, "/p")
    found = LookUps(parameters, client=crm)
    found.value("acme", "crm", "customer.tier", KNOWN.get, NOW)
    ssm.parameters[NAME] = json.dumps({"url": "https://new.example.com/{call.number}"})
    parameters.forget()
    found.value("acme", "crm", "customer.tier", KNOWN.get, NOW)
    assert crm.asked[1] == "https://new.example.com/%2B14155550123"


def test_data_stands_in_for_http() -> None:
    """For previews and tests."""
    static = StaticLookUps({"crm": {"tier": "gold"}})
    assert static.value("acme", "crm", "tier", KNOWN.get, NOW) == "gold"
    with pytest.raises(SourceUnavailableError):
        static.value("acme", "erp", "tier", KNOWN.get, NOW)
