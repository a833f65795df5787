"""One log line and one line of metrics a request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from kazoo_callflow import Flow, tts
from kazoo_pivot import Call, StoreUnavailableError
from pivot_app.bootstrap import callback

from .conftest import Context, Deployment


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What the function wrote, each line a JSON object."""
    return [json.loads(line) for line in capfd.readouterr().out.splitlines()]


def test_a_request_writes_two_lines(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """The log has call, account, callback and outcome; the metrics count it; a cold start is marked once."""
    ask = callback(fallback=tts("Sorry."), name="first")(lambda call: tts("Hello"))
    ask(deployment.event(), Context())
    log, metrics = lines(capfd)
    assert log["level"] == "INFO"
    assert log["correlation_id"] == "call-1@example.com"
    assert log["callback"] == "first"
    assert log["outcome"] == "answered"
    assert log["cold_start"] is True
    assert log["caller"] == "+********100"
    assert metrics["Requests"] == 1
    assert metrics["ColdStarts"] == 1
    assert metrics["HandlerMs"] >= 0
    for directive in metrics["_aws"]["CloudWatchMetrics"]:
        assert directive["Namespace"] == "PivotLambda"
        assert directive["Dimensions"][0] == ["service"]
        assert all(metric["Name"] in metrics for metric in directive["Metrics"])
    ask(deployment.event(Call_ID="call-2@example.com"), Context())
    log, metrics = lines(capfd)
    assert log["cold_start"] is False
    assert metrics["ColdStarts"] == 0


def test_fallbacks_are_counted_by_reason(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """The log says where in the code, and no payload; a reason costs no further metric."""

    def handler(call: Call) -> Flow:
        raise KeyError(call.caller_id_name)

    callback(fallback=tts("Sorry."), name="first")(handler)(deployment.event())
    log, metrics = lines(capfd)
    assert log["level"] == "ERROR"
    assert log["error"] == "KeyError"
    assert log["where"][-1].endswith(" handler")
    assert "Alice" not in json.dumps(log)
    assert metrics["Fallbacks"] == 1
    assert metrics["reason"] == "exception"
    dimensions = [each for one in metrics["_aws"]["CloudWatchMetrics"] for each in one["Dimensions"]]
    assert dimensions == [["service"], ["service", "callback"], ["service"]]


def test_a_denial_is_logged_with_what_was_denied(
    deployment: Deployment, capfd: pytest.CaptureFixture[str]
) -> None:
    """The error names the missing permission."""

    def handler(call: Call) -> Flow:
        message = "User: arn:aws:sts::1:r is not authorized to perform: dynamodb:GetItem on resource: t"
        error = ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, "GetItem")
        raise StoreUnavailableError("the table") from error

    callback(fallback=tts("Sorry."), name="first")(handler)(deployment.event())
    log, metrics = lines(capfd)
    assert log["cause"].startswith("ClientError: GetItem: AccessDeniedException: User:")
    assert metrics["StoreUnavailable"] == 1


@pytest.mark.parametrize("event", [{}, None, {"requestContext": {"http": {"method": "POST"}}, "body": "x"}])
def test_what_is_no_request_is_logged_too(
    deployment: Deployment, event: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Refusals are counted, and say which parameter."""
    callback(fallback=tts("Sorry."), name="first")(lambda call: tts("x"))(event)
    log, metrics = lines(capfd)
    assert (log["outcome"], log["reason"]) == ("refused", "malformed")
    assert metrics["Refused"] == 1


def test_the_token_is_in_no_output(deployment: Deployment, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither of a request let in, nor of one refused."""
    ask = callback(fallback=tts("Sorry."), name="first")(lambda call: call.next("/first"))
    ask(deployment.event())
    ask(deployment.event(Account_ID="f" * 32))
    captured = capfd.readouterr()
    assert deployment.token not in captured.out + captured.err


def test_powertools_is_not_needed(
    deployment: Deployment, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kazoo_pivot` can be installed alone: the standard library writes the same line."""
    import sys

    from kazoo_pivot import observability

    monkeypatch.setitem(sys.modules, "aws_lambda_powertools.logging", None)
    observability.logger.cache_clear()
    try:
        callback(fallback=tts("Sorry."), name="plain")(lambda call: tts("Hello"))(deployment.event())
        log, _ = lines(capfd)
        assert (log["level"], log["message"], log["callback"]) == ("INFO", "exchange", "plain")
        assert log["correlation_id"] == "call-1@example.com"
    finally:
        observability.logger.cache_clear()
