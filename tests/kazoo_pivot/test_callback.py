"""A callback's author writes `handler(call) -> Flow` and cannot get the rest wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from kazoo_callflow import Flow, collect_dtmf, hangup, node, tts, validate
from kazoo_pivot import Call, Callback, InvalidFlowError, MisconfiguredError
from kazoo_pivot._request_context import budget_s
from pivot_app import aws
from pivot_app.bootstrap import adapters, callback
from pivotctl.events import event_v1

from .conftest import ACCOUNT, PUBLIC_URL, Context, Deployment, spoken

SORRY = {"en-us": "Sorry.", "de-de": "Entschuldigung."}


def sorry(language: str) -> Flow:
    """A fallback in two languages."""
    return tts(SORRY[language]) >> hangup()


def made(handler: Any, **options: Any) -> Callback:
    """A callback of a handler."""
    return callback(fallback=sorry, name="first", **options)(handler)


def says(text: str) -> Any:
    """A handler that says something."""
    return lambda call: tts(text)


def test_an_answer_is_what_kazoo_runs(deployment: Deployment) -> None:
    """Exactly 200, application/json, the flow's own bytes."""
    handler = made(lambda call: tts("José") >> hangup())
    answer = handler(deployment.event(), Context())
    assert spoken(answer) == "José"
    assert answer["body"] == (tts("José") >> hangup()).to_json().decode()


def test_the_handler_gets_the_call(deployment: Deployment) -> None:
    """Account settings, the voice_url's own query, the time and KAZOO's parameters are all there."""
    calls: list[Call] = []

    def handler(call: Call) -> Flow:
        calls.append(call)
        return tts("Hello")

    deployment.tenants.change(ACCOUNT, {"time_zone": "Europe/Paris", "language": "fr-fr"})
    spoken(made(handler)(deployment.event(query={"menu": "main"}, Language=None, Digits={"menu": "2"})))
    (call,) = calls
    assert call.account.time_zone == "Europe/Paris"
    assert call.language == "fr-fr"
    assert call.query == {"menu": "main"}
    assert call.digits == {"menu": "2"}
    assert call.step == 0
    assert call.signed == {}
    assert call.now.utcoffset() is not None
    assert deployment.token not in repr(call)


@pytest.mark.parametrize(
    "change",
    [
        {"token": ""},
        {"token": "wrong"},
        {"Account_ID": "f" * 32},
        {"Account_ID": "not/an/account"},
        {"Account_ID": None},
    ],
    ids=["none", "wrong", "of another account", "odd account", "no account"],
)
def test_no_token_no_answer(deployment: Deployment, change: Mapping[str, Any]) -> None:
    """Without a live token of the account it names, a request gets 403 and no word why."""
    deployment.tenants.create("f" * 32, {})
    answer = made(says("Hello"))(deployment.event(**change))
    assert answer["statusCode"] == 403
    assert json.loads(answer["body"]) == {"message": "Forbidden"}


def test_a_header_token_is_accepted(deployment: Deployment) -> None:
    """KAZOO 5 sends it as X-Pivot-Token, and a REST API keeps the header's case."""
    v1 = event_v1(
        "POST", "/first", headers={"X-PIVOT-Token": deployment.token}, body=deployment.event()["body"]
    )
    assert spoken(made(says("Hello"))(v1)) == "Hello"


class Interrupted(BaseException):
    """Not even an Exception."""


def raises(error: BaseException) -> Any:
    """A handler that fails."""

    def handler(call: Call) -> Flow:
        raise error

    return handler


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        (raises(ValueError("+14155550100 pressed 1234")), "exception"),
        (raises(Interrupted()), "exception"),
        (raises(SystemExit(1)), "exception"),
        (raises(RecursionError()), "exception"),
        (lambda call: None, "invalid_flow"),
        (lambda call: {"module": "hangup"}, "invalid_flow"),
        (lambda call: node("noop"), "invalid_flow"),
    ],
    ids=["exception", "base exception", "exit", "recursion", "none", "dict", "only on KAZOO 5"],
)
def test_a_failing_handler_is_never_heard(
    deployment: Deployment, handler: Any, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """The caller gets the fallback; the log says why, without what the caller pressed."""
    assert spoken(made(handler)(deployment.event())) == "Sorry."
    out = capfd.readouterr().out
    assert f'"reason":"{reason}"' in out
    assert "1234" not in out
    assert "+14155550100" not in out


def test_the_fallback_speaks_the_callers_language(deployment: Deployment) -> None:
    """In the request's language where the fallback has it, else in the default one."""
    handler = made(raises(ValueError()))
    assert spoken(handler(deployment.event(Language="de-DE"))) == "Entschuldigung."
    assert spoken(handler(deployment.event(Language="xx-xx"))) == "Sorry."
    assert spoken(handler(deployment.event(Language="../../etc"))) == "Sorry."


def test_an_invalid_fallback_shows_when_the_function_is_loaded() -> None:
    """It must run on every KAZOO, as it may be needed before the account's is known."""
    with pytest.raises(InvalidFlowError, match="module"):
        callback(fallback=node("noop"))


def test_kazoo_5_gets_what_only_it_runs(deployment: Deployment) -> None:
    """Answers are held against the KAZOO version of the account."""
    deployment.tenants.change(ACCOUNT, {"kazoo_version": "5"})
    answer = made(lambda call: node("noop") >> tts("x"))(deployment.event())
    assert json.loads(answer["body"])["module"] == "noop"


def test_running_out_of_time_is_never_heard(deployment: Deployment) -> None:
    """A handler that hangs is left behind, and the caller hears the fallback before the Lambda ends."""
    released = threading.Event()

    def handler(call: Call) -> Flow:
        released.wait(60)
        return tts("late")

    made_handler = made(handler)
    made_handler(deployment.event(token="wrong"), Context())
    answer = made_handler(deployment.event(), Context(remaining_ms=1000))
    assert spoken(answer) == "Sorry."
    assert not released.is_set()
    released.set()


def test_the_time_kazoo_waited_already_counts() -> None:
    """A cold start before the handler shortens what is left; a recorded event's time does not."""
    now_ms = time.time() * 1000
    waited = {"requestContext": {"timeEpoch": now_ms - 2000}}
    assert budget_s(waited, Context(10_000)) == pytest.approx(2.0, abs=0.2)
    assert budget_s({"requestContext": {"timeEpoch": 1}}, Context(10_000)) == 4.0
    assert budget_s({}, Context(2_000)) == pytest.approx(1.6)
    assert budget_s(None, None) == 4.0
    assert budget_s({}, Context(1)) == 0.05


def counting() -> tuple[list[str], Any]:
    """A handler that counts its runs and never answers twice the same."""
    runs: list[str] = []

    def handler(call: Call) -> Flow:
        runs.append(call.call_id)
        return tts(f"run {len(runs)}")

    return runs, handler


def test_a_repeated_request_gets_the_same_answer(deployment: Deployment) -> None:
    """The same call, step and digits: the same answer, and the work is done once."""
    runs, handler = counting()
    callback_ = made(handler)
    event = deployment.event(Digits={"menu": "1"})
    assert callback_(event)["body"] == callback_(event)["body"]
    assert len(runs) == 1
    callback_(deployment.event(Digits={"menu": "2"}))
    callback_(deployment.event(Call_ID="call-2@example.com", Digits={"menu": "1"}))
    assert len(runs) == 3


def test_a_failed_answer_is_not_repeated(deployment: Deployment) -> None:
    """A request whose answer failed may be tried again."""
    outcomes = iter([ValueError(), None])

    def handler(call: Call) -> Flow:
        if error := next(outcomes):
            raise error
        return tts("Hello")

    callback_ = made(handler)
    assert spoken(callback_(deployment.event())) == "Sorry."
    assert spoken(callback_(deployment.event())) == "Hello"


def test_work_that_must_not_repeat_is_done_once_on_any_container(deployment: Deployment) -> None:
    """With `once` the answer is in DynamoDB: another process gives it too."""
    runs, handler = counting()
    first, second = made(handler, once=True), made(handler, once=True)
    event = deployment.event()
    assert first(event)["body"] == second(event)["body"]
    assert len(runs) == 1


def test_work_broken_off_is_not_done_again(deployment: Deployment) -> None:
    """With `once`, a step taken but never answered gets the fallback: doing it again might do it twice."""
    runs: list[int] = []

    def handler(call: Call) -> Flow:
        runs.append(1)
        raise ValueError

    assert spoken(made(handler, once=True)(deployment.event())) == "Sorry."
    assert spoken(made(handler, once=True)(deployment.event())) == "Sorry."
    assert len(runs) == 1


# Chains


def chain(**options: Any) -> Any:
    """A handler that asks itself again, carrying and remembering."""

    def handler(call: Call) -> Flow:
        if call.step == 2:
            return tts(f"end {call.signed['tries']} {call.trusted_cavs.get('name')} {call.query.get('menu')}")
        following = call.next(
            "/first",
            signed={"tries": call.step + 1, "word": "a b"},
            query={"menu": f"menu & {call.step}"},
            **({"name": "Zoë"} if call.step == 0 else {}),
        )
        return tts("Go on") >> collect_dtmf(collection_name="menu") >> following

    return made(handler, **options)


@pytest.mark.parametrize("version", ["4.3", "5"])
@pytest.mark.parametrize("once", [False, True])
def test_state_travels_through_a_chain(deployment: Deployment, version: str, once: bool) -> None:
    """Carried values, query and CAVs arrive on KAZOO 4.3, which forgets, as on 5."""
    deployment.tenants.change(ACCOUNT, {"kazoo_version": version})
    handler = chain(once=once)
    first = handler(deployment.event())
    assert validate(json.loads(first["body"]), "5" if version == "5" else "4.3") == []
    second = handler(deployment.follow(first, Digits={"menu": "1"}))
    third = handler(deployment.follow(second, Digits={"menu": "2"}))
    assert spoken(third) == "end 2 Zoë menu & 1"


def test_the_pivot_node_is_complete(deployment: Deployment) -> None:
    """POST, JSON, KAZOO's longest wait, a wildcard child, and the variables set for KAZOO and the CDR."""
    answer = chain()(deployment.event())
    set_variables = json.loads(answer["body"])["children"]["_"]["children"]["_"]
    assert set_variables["module"] == "set_variables"
    assert set_variables["data"] == {"custom_application_vars": {"name": "Zoë"}}
    pivot = set_variables["children"]["_"]
    assert pivot["data"]["voice_url"].startswith(f"{PUBLIC_URL}/first?menu=menu%20%26%200&state=")
    assert pivot["data"]["method"] == "post"
    assert pivot["data"]["req_format"] == "kazoo"
    assert pivot["data"]["req_timeout_ms"] == 5000
    assert pivot["children"]["_"]["data"]["text"] == "Sorry."


@pytest.mark.parametrize("version", ["4.3", "5"])
def test_no_answer_holds_the_token(deployment: Deployment, version: str) -> None:
    """After the first step the signed state alone admits: an answer is kept by KAZOO, and read by many."""
    deployment.tenants.change(ACCOUNT, {"kazoo_version": version})
    adapters().tenants.forget()
    first = chain()(deployment.event())
    following = deployment.follow(first, Digits={"menu": "1"})
    assert deployment.token not in str(following)
    second = chain()(following)
    assert spoken(second) == "Go on"
    assert deployment.token not in first["body"] + second["body"]
    assert "X-Pivot-Token" not in first["body"] + second["body"]


def test_the_state_admits_while_it_is_known_who_asks(deployment: Deployment) -> None:
    """A revoked token ends no call in progress; a KAZOO account that is gone asks no more."""
    first = chain()(deployment.event())
    (live,) = [token for token in deployment.tenants.live(ACCOUNT) if token.scope == "pivot"]
    deployment.tenants.revoke(ACCOUNT, live.id)
    adapters().tenants.forget()
    assert chain()(deployment.event())["statusCode"] == 403
    assert spoken(chain()(deployment.follow(first))) == "Go on"
    deployment.tenants.remove(ACCOUNT)
    adapters().tenants.forget()
    assert chain()(deployment.follow(first))["statusCode"] == 403


def test_a_repeated_step_gets_the_same_answer_elsewhere(deployment: Deployment) -> None:
    """A chained answer is kept: the same request to another container gives exactly it."""
    first = chain()(deployment.event())
    event = deployment.follow(first, Digits={"menu": "1"})
    answer = chain()(event)
    assert chain()(event)["body"] == answer["body"]
    assert deployment.token not in str(deployment.states())


def test_a_repeat_seen_when_state_is_read_ends_the_work(deployment: Deployment) -> None:
    """A handler that reads the state first does not go on with a step already answered."""
    went_on: list[str] = []

    def handler(call: Call) -> Flow:
        if call.step == 0:
            return call.next("/first")
        known = call.trusted_cavs
        went_on.append("work")
        call.set_cavs(visits=known.get("visits", "") + "x")
        return tts(f"visit {len(went_on)}")

    event = deployment.follow(made(handler)(deployment.event()))
    assert spoken(made(handler)(event)) == spoken(made(handler)(event)) == "visit 1"
    assert len(went_on) == 1
    assert deployment.cavs() == {"visits": "x"}


def refused(answer: Mapping[str, Any], capfd: pytest.CaptureFixture[str], reason: str) -> None:
    """The caller is handled safely, and the refusal is logged and counted."""
    assert spoken(answer) == "Sorry."
    out = capfd.readouterr().out
    assert f'"reason":"{reason}"' in out
    assert '"Refused":1' in out


def forbidden(answer: Mapping[str, Any], capfd: pytest.CaptureFixture[str], reason: str) -> None:
    """Nobody says who asks: no word why, KAZOO runs the `_` child; the refusal is logged with its source."""
    assert answer["statusCode"] == 403
    out = capfd.readouterr().out
    assert f'"reason":"{reason}"' in out
    assert '"source_ip":"198.51.100.20"' in out
    assert '"Refused":1' in out


def test_a_forged_state_is_refused(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """Any change of the token, of the signed query or of the path breaks it.

    With the account's own token beside it, the caller hears the fallback.
    """
    event = deployment.follow(chain()(deployment.event()))
    query = event["rawQueryString"]
    for changed in (
        query.replace("state=", "state=A"),
        query.replace("menu%20%26%200", "other"),
        query.replace("menu=", "dish="),
        query.replace("&state=", "&state=x.y&ignored="),
    ):
        forbidden(chain()(event | {"rawQueryString": changed}), capfd, "state_forged")
        known = f"{changed}&token={deployment.token}"
        refused(chain()(event | {"rawQueryString": known}), capfd, "state_forged")
    forbidden(chain()(event | {"routeKey": "POST /second"}), capfd, "state_forged")


def test_another_calls_state_is_refused(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """The token is bound to the Call-ID and to the account."""
    first = chain()(deployment.event())
    forbidden(chain()(deployment.follow(first, Call_ID="call-2@example.com")), capfd, "state_forged")
    other = deployment.tenants.create("f" * 32, {}).pivot
    event = deployment.follow(first, Account_ID="f" * 32)
    forbidden(chain()(event), capfd, "state_forged")
    event["rawQueryString"] += f"&token={other}"
    refused(chain()(event), capfd, "state_forged")


def test_an_expired_state_is_refused(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """After `within_s` the step can no more be taken."""
    first = made(lambda call: call.next("/first", within_s=1))(deployment.event())
    time.sleep(1.1)
    refused(chain()(deployment.follow(first)), capfd, "state_expired")


def test_an_older_step_is_refused(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """Once a later step was taken, an earlier one is taken no more, and neither is one with other digits."""
    first = chain()(deployment.event())
    second = chain()(deployment.follow(first, Digits={"menu": "1"}))
    refused(chain()(deployment.follow(first, Digits={"menu": "9"})), capfd, "state_replayed")
    spoken(chain()(deployment.follow(second, Digits={"menu": "2"})))
    refused(chain()(deployment.follow(first, Digits={"menu": "7"})), capfd, "state_replayed")


def test_a_new_chain_in_the_same_call_begins_anew(deployment: Deployment) -> None:
    """A caller sent back to the first callback goes through all steps again."""
    for name in ("a", "b"):
        first = chain()(deployment.event(Caller_ID_Name=name))
        second = chain()(deployment.follow(first))
        assert spoken(chain()(deployment.follow(second))).startswith("end 2")
        time.sleep(0.002)


def test_a_callback_can_refuse_calls_that_begin_with_it(
    deployment: Deployment, capfd: pytest.CaptureFixture[str]
) -> None:
    """`entry=False`: a step in the middle is only reached through `next`."""
    refused(made(says("Hello"), entry=False)(deployment.event()), capfd, "state_missing")


def test_kazoos_own_variables_are_beneath_ours(deployment: Deployment) -> None:
    """`cavs` has both, ours on top; `trusted_cavs` has nothing a stranger sent."""
    seen: list[tuple[Mapping[str, str], Mapping[str, str]]] = []

    def handler(call: Call) -> Flow:
        call.set_cavs(tier="gold")
        seen.append((call.cavs, call.trusted_cavs))
        return tts("Hello")

    sent = {"tier": "platinum", "account_id": "1", "nested": {"a": "b"}}
    spoken(made(handler)(deployment.event(Custom_Application_Vars=sent)))
    assert seen == [({"tier": "gold", "account_id": "1"}, {"tier": "gold"})]


def test_state_is_read_only_when_used(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first request of a known account needs no DynamoDB; a chained step one request, with CAVs too."""
    made(says("who asks is known now"))(deployment.event())
    requests: list[str] = []
    events = aws.client("dynamodb").meta.events
    events.register("before-send.dynamodb.*", lambda request, **_: requests.append(request.url))

    def handler(call: Call) -> Flow:
        return call.next("/second") if call.step == 0 else call.next("/third", name="value")

    first = made(handler)(deployment.event())
    assert requests == []
    made(handler)(deployment.follow(first))
    assert len(requests) == 1
    assert deployment.cavs() == {"name": "value"}


def test_wrong_use_of_next_says_what_to_do(deployment: Deployment) -> None:
    """The errors name the argument and the remedy."""
    problems: list[str] = []

    def handler(call: Call) -> Flow:
        for wrong in (
            lambda: call.next("second"),
            lambda: call.next("/second?menu=main"),
            lambda: call.next("/second", signed={"a": 1.5}),  # type: ignore[dict-item]
            lambda: call.next("/second", signed={"a": "x" * 2000}),
            lambda: call.next("/second", query={"token": "x"}),
            lambda: call.next("/second", tries=1),  # type: ignore[arg-type]
            lambda: call.set_cavs(**{"a b": "x"}),
            lambda: call.set_cavs(name="x" * 2000),
        ):
            with pytest.raises((ValueError, TypeError)) as caught:
                wrong()
            problems.append(str(caught.value))
        return tts("Hello")

    assert spoken(made(handler)(deployment.event())) == "Hello"
    assert len(problems) == 8


def test_a_missing_state_key_names_the_command(
    deployment: Deployment, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a key nothing can be signed; the operator is told, the caller hears the fallback."""
    aws.client("ssm", complete=True).delete_parameter(Name="/pivot-lambda/dev/keys/state")
    adapters().tenants.forget()
    assert spoken(chain()(deployment.event())) == "Sorry."
    assert "pivot token create" in capfd.readouterr().out


def test_rotating_the_state_key_keeps_calls_going(deployment: Deployment) -> None:
    """A chain started with the older key ends well."""
    first = chain()(deployment.event())
    deployment.tenants.keys.rotate_state_key()
    adapters().tenants.forget()
    second = chain()(deployment.follow(first))
    assert json.loads(second["body"])["data"]["text"] == "Go on"


def test_wrong_settings_stop_a_function_from_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Lambda the environment is checked when the function is loaded."""
    from pivot_app.settings import settings

    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "first")
    monkeypatch.setenv("PIVOT_PUBLIC_URL", "pivot.example.com/")
    settings.cache_clear()
    try:
        with pytest.raises(MisconfiguredError, match="PIVOT_PUBLIC_URL"):
            made(says("Hello"))
    finally:
        settings.cache_clear()


def test_no_thread_no_silence(deployment: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that cannot even start a thread answers."""

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    handler = made(says("Hello"))
    monkeypatch.setattr("kazoo_pivot._callback.Thread", fails)
    assert spoken(handler(deployment.event())) == "Sorry."


def test_repeats_are_few_and_short_lived() -> None:
    """The memory of answers is bounded in number and in time."""
    from kazoo_pivot._answers import REPEATS_KEPT, REPEATS_KEPT_S, ReplayCache

    now = [0.0]
    repeats = ReplayCache(lambda: now[0])
    for number in range(REPEATS_KEPT + 1):
        repeats.keep(str(number), f"answer {number}")
    assert repeats.get("0") is None
    assert repeats.get("1") == "answer 1"
    now[0] = REPEATS_KEPT_S + 1
    assert repeats.get("1") is None
