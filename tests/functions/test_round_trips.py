"""How many requests to AWS a caller waits for: what an answer costs does not grow unnoticed."""

from __future__ import annotations

from typing import Any

import pytest

from kazoo_pivot import Callback
from tests.functions.test_fault_matrix import every_request, request


def requests_of(handler: Callback, path: str, *, chained: bool) -> list[str]:
    """The operations of one answer, in order."""
    asked: list[str] = []

    def note(event_name: str, **_: Any) -> None:
        asked.append(event_name.removeprefix("before-send."))

    event, _ = request(path, chained=chained)
    with every_request(note):
        handler(event, None)
    return asked


# The caller's row leads to the account's, so these two cannot be asked side by side.
AT_MOST = {
    "account_balance": 2,
    "balance_gate": 1,
    "call_routing": 2,
    "identify_caller": 0,
    "menu": 2,
    "menu_selection": 2,
}


@pytest.fixture(autouse=True)
def without_live_debug(application: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of Live Debug is one request more; it never delays an answer by more than its bound."""
    for handler in application.values():
        monkeypatch.setattr(handler, "debug", False)


@pytest.mark.parametrize("callback", AT_MOST)
def test_a_first_request_waits_for_two_requests_at_most(application: dict[str, Any], callback: str) -> None:
    """With what this instance knows; the gate waits for one, its conditional write."""
    path = f"/{callback}"
    requests_of(application[path], path, chained=False)
    assert len(requests_of(application[path], path, chained=False)) <= AT_MOST[callback]


@pytest.mark.parametrize("callback", [name for name in AT_MOST if name != "identify_caller"])
def test_a_later_step_waits_for_one_more(application: dict[str, Any], callback: str) -> None:
    """The write that takes the step and stores its answer."""
    path = f"/{callback}"
    requests_of(application[path], path, chained=True)
    asked = requests_of(application[path], path, chained=True)
    assert asked.count("dynamodb.UpdateItem") == 1
    assert len(asked) <= AT_MOST[callback] + 1


def test_a_cold_instance_reads_its_keys_once(application: dict[str, Any]) -> None:
    """One request to SSM, whatever the callback does next."""
    for callback in set(AT_MOST) - {"identify_caller"}:
        application[f"/{callback}"].forget()
        asked = requests_of(application[f"/{callback}"], f"/{callback}", chained=True)
        assert asked.count("ssm.GetParameters") <= 1
