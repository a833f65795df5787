"""Provisioning against a stand-in Crossbar: what is made, what stays, what survives."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from kazoo_simulator.crossbar import Request, Response
from pivot_app.crossbar import CrossbarForbiddenError, CrossbarUnavailableError
from pivotctl.provision._names import UnresolvedNameError
from pivotctl.provision._plan import RefusedPlanError
from pivotctl.provision._run import NotApprovedError, Proposal
from tests.provision.conftest import NUMBER, Office, token_in

TAKEN = {"main": {"numbers": [NUMBER], "callback": "account_balance", "otherwise": "hangup"}}


def test_an_empty_account_gets_callflow_and_webhook(office: Office) -> None:
    """An empty account gets callflow and webhook."""
    office.provision(office.document(debug=True))
    flow = office.callflows()["main"]
    data = flow["flow"]["data"]
    assert set(flow["numbers"]) == {NUMBER, "2000"}
    assert (data["method"], data["req_format"], data["req_body_format"], data["debug"]) == (
        "POST",
        "kazoo",
        "json",
        True,
    )
    child = flow["flow"]["children"]["_"]
    assert (child["module"], child["data"]["id"]) == ("voicemail", office.ids["vmboxes"])
    (hook,) = office.webhooks()
    assert (hook["hook"], hook["http_verb"], hook["include_internal_legs"]) == (
        "channel_destroy",
        "post",
        False,
    )
    assert hook["uri"].startswith("https://voice.example.com/call_ended")
    assert token_in(office, data)
    assert token_in(office, hook)
    assert json.loads(office.parameter(f"crossbar/{office.account.id}"))["api_key"] == office.account.api_key


def test_the_account_is_let_in_with_its_version(office: Office) -> None:
    """The account is let in with its version."""
    office.provision(office.document(debug=True, region="FR", time_zone="Europe/Paris"))
    settings = office.provisioning()._tokens.settings()
    assert settings is not None
    assert (settings["kazoo_version"], settings["region"]) == (office.cluster.version, "FR")
    assert settings["debug"] == {"enabled": True}


def test_a_second_run_changes_nothing(office: Office) -> None:
    """A second run changes nothing."""
    office.provision()
    before = {each.id: each.revision for each in office.cluster.documents.values()}
    assert office.provision().is_empty
    assert office.approved == []
    assert {each.id: each.revision for each in office.cluster.documents.values()} == before


def test_a_pattern_is_enough(office: Office) -> None:
    """A callflow of patterns alone is made, and stays as it is."""
    lines = {"out": {"patterns": [r"^\+44(\d+)$"], "callback": "call_routing", "otherwise": "hangup"}}
    office.provision(office.document(lines))
    assert office.callflows()["out"]["numbers"] == []
    assert office.provision(office.document(lines)).is_empty


def test_a_dry_run_writes_nothing(office: Office) -> None:
    """A dry run writes nothing."""
    proposal = office.provisioning().propose()
    assert [step.title for step in proposal.plan.steps] == ["webhook call_ended", "callflow main"]
    assert all(
        request.method in ("GET", "PUT")
        and (request.method != "PUT" or "validation" in request.target or "api_auth" in request.target)
        for request in office.cluster.requests
    )
    assert office.parameter(f"crossbar/{office.account.id}") == ""


def test_nothing_is_changed_without_approval(office: Office) -> None:
    """Nothing is changed without approval."""

    def refuse(_: Proposal) -> None:
        raise NotApprovedError

    with pytest.raises(NotApprovedError):
        office.provisioning().run(refuse, lambda _: None)
    assert "main" not in office.callflows()


def test_a_changed_document_changes_what_it_says_and_no_more(office: Office) -> None:
    """A changed document changes what it says and no more."""
    office.provision()
    stored = next(
        e for e in office.cluster.of_kind(office.account.id, "callflows") if e.data["name"] == "main"
    )
    stored.data["ui_metadata"] = {"origin": "callflows"}
    token = token_in(office, stored.data["flow"]["data"])
    lines = {
        "main": {
            "numbers": [NUMBER],
            "menu": "sales",
            "otherwise": [{"user": "Ann Bell"}, {"group": "Sales"}],
        }
    }
    proposal = office.provision(office.document(lines))
    paths = {change[0] for step in proposal.plan.steps for change in step.changes}
    assert {"numbers", "flow.data.voice_url"} <= paths
    data = office.callflows()["main"]
    assert (data["numbers"], data["ui_metadata"]) == ([NUMBER], {"origin": "callflows"})
    assert "menu=sales" in data["flow"]["data"]["voice_url"]
    user = data["flow"]["children"]["_"]
    assert user["data"]["id"] == office.ids["users"]
    assert user["children"]["_"]["module"] == "ring_group"
    assert token_in(office, data["flow"]["data"]) == token


def test_what_the_ui_broke_is_put_right(office: Office) -> None:
    """What the ui broke is put right."""
    office.provision()
    stored = next(
        e for e in office.cluster.of_kind(office.account.id, "callflows") if e.data["name"] == "main"
    )
    stored.data["flow"]["data"] |= {"method": "GET", "req_format": "twiml"}
    stored.data["flow"]["children"] = {}
    proposal = office.provision()
    assert {change[0] for step in proposal.plan.steps for change in step.changes} >= {
        "flow.data.method",
        "flow.data.req_format",
        "flow.children._",
    }
    assert office.callflows()["main"]["flow"]["data"]["method"] == "POST"
    assert office.provision().is_empty


def test_undo_removes_what_was_made_and_nothing_else(office: Office) -> None:
    """Undo removes what was made and nothing else."""
    office.cluster.add(
        office.account.id, "webhooks", {"name": "theirs", "hook": "all", "uri": "https://x.example.com"}
    )
    before = office.callflows()
    office.provision()
    office.provision(undo=True)
    assert office.callflows() == before
    assert [hook["name"] for hook in office.webhooks()] == ["theirs"]
    assert office.provision(undo=True).is_empty


def test_another_deployment_s_documents_are_not_ours(office: Office) -> None:
    """Another deployment s documents are not ours."""
    office.provision()
    stored = next(
        e for e in office.cluster.of_kind(office.account.id, "callflows") if e.data["name"] == "main"
    )
    stored.data["pivot_lambda"]["deployment"] = "prod"
    office.provision(undo=True)
    assert "main" in office.callflows()
    with pytest.raises(RefusedPlanError, match=NUMBER.replace("+", r"\+")):
        office.provision()


def taken(office: Office, *more: str) -> str:
    """Put the number into a callflow of somebody else; return its id."""
    flow = {"module": "user", "data": {"id": office.ids["users"]}, "children": {}}
    data = {"name": "Old line", "numbers": [NUMBER, *more], "patterns": [], "flow": flow}
    return office.cluster.add(office.account.id, "callflows", data).id


def test_a_number_of_another_callflow_is_left_there(office: Office) -> None:
    """A number of another callflow is left there."""
    holder = taken(office)
    with pytest.raises(RefusedPlanError, match="--take-over") as caught:
        office.provision(office.document(TAKEN))
    assert "Old line" in str(caught.value)
    assert holder in str(caught.value)
    assert "main" not in office.callflows()


@pytest.mark.parametrize("more", [(), ("2222",)])
def test_a_number_is_taken_over_and_given_back(office: Office, more: tuple[str, ...]) -> None:
    """A number is taken over and given back."""
    taken(office, *more)
    office.provision(office.document(TAKEN), take_over=True)
    assert office.callflows()["main"]["numbers"] == [NUMBER]
    assert NUMBER not in office.callflows()["Old line"]["numbers"]
    assert office.provision(office.document(TAKEN)).is_empty
    office.provision(office.document(TAKEN), undo=True)
    assert set(office.callflows()["Old line"]["numbers"]) == {NUMBER, *more}
    assert "main" not in office.callflows()


def test_a_number_that_is_no_longer_wanted_goes_back(office: Office) -> None:
    """A number that is no longer wanted goes back."""
    taken(office)
    office.provision(office.document(TAKEN), take_over=True)
    lines = {"main": {"numbers": [2000], "callback": "account_balance", "otherwise": "hangup"}}
    office.provision(office.document(lines))
    assert office.callflows()["Old line"]["numbers"] == [NUMBER]
    assert office.callflows()["main"]["numbers"] == ["2000"]
    assert office.provision(office.document(lines)).is_empty


def test_a_callflow_gets_another_name_and_the_number_it_took_stays_its(office: Office) -> None:
    """The new one takes over what the old one took, and undo still gives it back."""
    taken(office)
    office.provision(office.document(TAKEN), take_over=True)
    renamed = {"first line": TAKEN["main"]}
    office.provision(office.document(renamed))
    assert "main" not in office.callflows()
    assert office.callflows()["first line"]["numbers"] == [NUMBER]
    assert NUMBER not in office.callflows()["Old line"]["numbers"]
    assert office.provision(office.document(renamed)).is_empty
    office.provision(undo=True)
    assert office.callflows()["Old line"]["numbers"] == [NUMBER]


def test_numbers_move_between_our_own_callflows(office: Office) -> None:
    """Numbers move between our own callflows."""

    def lines(first: list[Any], second: list[Any]) -> dict[str, Any]:
        return {
            "one": {"numbers": first, "menu": "start", "otherwise": "hangup"},
            "two": {"numbers": second, "menu": "start", "otherwise": "hangup"},
        }

    office.provision(office.document(lines([NUMBER], [2000])))
    office.provision(office.document(lines([2000], [NUMBER])))
    found = office.callflows()
    assert (found["one"]["numbers"], found["two"]["numbers"]) == (["2000"], [NUMBER])
    assert office.provision(office.document(lines([2000], [NUMBER]))).is_empty
    office.provision(office.document({"one": lines([2000], [])["one"]}))
    assert "two" not in office.callflows()


WRITES = 8


@pytest.mark.parametrize("number", range(WRITES))
@pytest.mark.parametrize("loses_answer", [False, True])
def test_a_run_that_breaks_off_anywhere_is_completed_by_the_next(
    office_of: Callable[..., Office], number: int, *, loses_answer: bool
) -> None:
    """Break each write permanently, once, with and without effect; then run again, and undo."""
    office = office_of("4.3")
    taken(office)
    before = {name: data["numbers"] for name, data in office.callflows().items()}
    lines = {**TAKEN, "second": {"numbers": [2000, 2001], "menu": "start", "otherwise": "hangup"}}
    count = -1

    def fault(request: Request) -> Response | None:
        nonlocal count
        if request.method == "GET" or "api_auth" in request.target or "validation" in request.target:
            return None
        count += 1
        if count < number:
            return None
        if loses_answer and count == number:
            office.cluster.switches.lost_answers = 1
            return None
        return Response(503, b'{"data":{},"error":"503","message":"datastore_fault","status":"error"}')

    office.cluster.faults.append(fault)
    with contextlib.suppress(CrossbarUnavailableError):
        office.provision(office.document(lines), take_over=True)
    office.cluster.faults.clear()
    office.cluster.switches.lost_answers = 0
    office.provision(office.document(lines), take_over=True)
    found = office.callflows()
    assert (found["main"]["numbers"], set(found["second"]["numbers"])) == ([NUMBER], {"2000", "2001"})
    assert len(office.webhooks()) == 1
    assert office.provision(office.document(lines)).is_empty
    office.provision(undo=True)
    assert {name: data["numbers"] for name, data in office.callflows().items()} == before


def test_a_lost_answer_makes_nothing_twice(office: Office) -> None:
    """A lost answer makes nothing twice."""
    office.cluster.switches.lost_answers = 2
    office.provision()
    assert len(office.webhooks()) == 1
    assert len(office.callflows()) == 2


def test_a_change_meanwhile_is_not_overwritten(office: Office) -> None:
    """A change meanwhile is not overwritten."""
    office.provision()
    stored = next(
        e for e in office.cluster.of_kind(office.account.id, "callflows") if e.data["name"] == "main"
    )
    lines = {"main": {"numbers": [2000], "menu": "sales", "otherwise": "hangup"}}
    edited = []

    def meanwhile(request: Request) -> Response | None:
        if request.method == "POST" and stored.id in request.target and not edited:
            edited.append(stored.save({**stored.data, "contact_list": {"exclude": True}}))
        return None

    office.cluster.faults.append(meanwhile)
    office.provision(office.document(lines))
    assert stored.data["contact_list"] == {"exclude": True}
    assert stored.data["numbers"] == ["2000"]
    assert len(office.approved) == 1


def test_a_foreign_number_is_said_to_be_one(office: Office) -> None:
    """A foreign number is said to be one."""
    office.cluster.add_account("Other", numbers=("+14155550111",))
    lines = {"main": {"numbers": ["+14155550111"], "menu": "start", "otherwise": "hangup"}}
    with pytest.raises(CrossbarForbiddenError, match="which number"):
        office.provision(office.document(lines))
    proposal = office.provisioning(office.document(lines)).propose()
    assert any("does not own" in warning for warning in proposal.plan.warnings)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ({"voicemail": "Anns box"}, 'did you mean "Ann\'s box"'),
        ({"user": "Nobody"}, "Ann Bell"),
        ({"device": "4711"}, "Desk"),
    ],
)
def test_a_name_that_fits_nothing_is_said(office: Office, target: dict[str, str], says: str) -> None:
    """A name that fits nothing is said."""
    lines = {"main": {"numbers": [2000], "menu": "start", "otherwise": target}}
    with pytest.raises(UnresolvedNameError, match=says):
        office.provision(office.document(lines))


def test_a_name_that_fits_two_shows_both(office: Office) -> None:
    """A name that fits two shows both."""
    second = office.cluster.add(office.account.id, "devices", {"name": "Desk"}).id
    lines = {"main": {"numbers": [2000], "menu": "start", "otherwise": {"device": "Desk"}}}
    with pytest.raises(UnresolvedNameError, match="fits 2") as caught:
        office.provision(office.document(lines))
    assert second in str(caught.value)


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        ({"user": "1001"}, "users"),
        ({"user": "ann@example.com"}, "users"),
        ({"voicemail": "1001"}, "vmboxes"),
        ({"device": "desk"}, "devices"),
    ],
)
def test_names_and_extensions_are_found(office: Office, target: dict[str, str], kind: str) -> None:
    """Names and extensions are found."""
    lines = {"main": {"numbers": [2000], "menu": "start", "otherwise": target}}
    office.provision(office.document(lines))
    assert office.callflows()["main"]["flow"]["children"]["_"]["data"]["id"] == office.ids[kind]


def test_a_webhook_that_is_off_stays_off_and_is_told(office: Office) -> None:
    """A webhook that is off stays off and is told."""
    office.provision()
    office.webhooks()[0]["enabled"] = False
    proposal = office.provision(office.document(webhooks={"call_ended": {"retries": 1}}))
    assert (office.webhooks()[0]["enabled"], office.webhooks()[0]["retries"]) == (False, 1)
    assert any("--fix" in warning for warning in proposal.plan.warnings)
