"""Behind CloudFront: requests that bypass it are refused, and the address CloudFront saw counts."""

from __future__ import annotations

from typing import Any

import pytest

from kazoo_pivot import NotAuthenticatedError
from kazoo_pivot._envelope import Envelope
from pivotctl.local_stack import template

SECRET = "6f2d0c1e-1111-2222-3333-444455556666"


def event(**headers: str) -> dict[str, Any]:
    """A request as API Gateway hands it on."""
    http = {"method": "GET", "path": "/menu", "sourceIp": "198.51.100.7"}
    return {"version": "2.0", "rawPath": "/menu", "headers": headers, "requestContext": {"http": http}}


def test_a_request_around_the_edge_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without CloudFront's header, or with another one, nothing is looked at."""
    monkeypatch.setenv("PIVOT_ORIGIN_CHECK", SECRET)
    for headers in ({}, {"x-origin-check": ""}, {"x-origin-check": SECRET[:-1]}, {"x-origin-check": "é"}):
        with pytest.raises(NotAuthenticatedError, match="around_the_edge"):
            Envelope.of(event(**headers))


def test_behind_the_edge_the_caller_keeps_his_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a stranger writes into x-forwarded-for is before what CloudFront and API Gateway add."""
    forwarded = {"x-origin-check": SECRET, "x-forwarded-for": "10.0.0.1, 192.0.2.9, 198.51.100.7"}
    monkeypatch.setenv("PIVOT_ORIGIN_CHECK", SECRET)
    assert Envelope.of(event(**forwarded)).source_ip == "192.0.2.9"
    monkeypatch.delenv("PIVOT_ORIGIN_CHECK")
    assert Envelope.of(event(**forwarded)).source_ip == "198.51.100.7"


def test_the_secret_is_in_no_envelope(monkeypatch: pytest.MonkeyPatch) -> None:
    """Live Debug shows headers, and not this one."""
    monkeypatch.setenv("PIVOT_ORIGIN_CHECK", SECRET)
    envelope = Envelope.of(event(**{"x-origin-check": SECRET, "user-agent": "KAZOO"}))
    assert SECRET not in repr(envelope)
    assert SECRET not in str(envelope.headers)


def test_the_template_sends_what_the_functions_check() -> None:
    """One value, and no answer is compressed or cached on the way."""
    document = template()
    variable = document["Globals"]["Function"]["Environment"]["Variables"]["PIVOT_ORIGIN_CHECK"]["Fn::If"]
    distribution = document["Resources"]["Edge"]["Properties"]["DistributionConfig"]
    (header,) = distribution["Origins"][0]["OriginCustomHeaders"]
    assert header == {"HeaderName": "x-origin-check", "HeaderValue": variable[1]}
    assert distribution["DefaultCacheBehavior"]["Compress"] is False
