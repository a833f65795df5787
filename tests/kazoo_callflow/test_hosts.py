"""The check on the hosts of URLs."""

from __future__ import annotations

import pytest

from kazoo_callflow import BlockedHosts, validate

REFUSED = [
    "http://localhost",
    "https://LOCALHOST:8443/x",
    "http://user:secret@localhost/x",
    "http://127.0.0.1/x",
    "http://0.0.0.0:80",
    "https://localhost?x=1",
    "https://localhost#x",
]
TAKEN = [
    "https://voice.example.com/x",
    "http://127.0.0.2/x",
    "http://10.0.0.1/x",
    "http://localhost.example.com",
    "https://[::1]:8080/x",
    "https://example.com/?next=http://localhost",
]


def pivot(url: object) -> dict[str, object]:
    """Write a pivot node that asks this URL."""
    return {"module": "pivot", "data": {"voice_url": url}}


@pytest.mark.parametrize("url", REFUSED)
def test_black_listed_hosts_are_refused(url: str) -> None:
    """KAZOO's own lists: the name localhost, and two addresses."""
    (problem,) = validate(pivot(url), "4.3")
    assert (problem.rule, problem.path) == ("url", "$.data.voice_url")


@pytest.mark.parametrize("url", TAKEN)
def test_other_hosts_are_taken(url: str) -> None:
    """Names are compared as text and never looked up; private addresses are taken by default."""
    assert validate(pivot(url), "4.3") == []


def test_an_operator_can_block_more_or_nothing() -> None:
    """The lists are the cluster's to set."""
    private = BlockedHosts(names=("internal.example",), networks=("10.0.0.0/8", "fd00::/8"))
    for url in ("http://10.1.2.3/x", "http://[fd00::1]/x", "http://internal.example/x"):
        assert validate(pivot(url), blocked=private)
    assert validate(pivot("http://localhost/x"), blocked=private) == []
    assert validate(pivot("http://localhost/x"), blocked=BlockedHosts.none()) == []


def test_every_url_kazoo_checks_is_checked() -> None:
    """voice_url, a webhook's uri and a recording's url; cdr_url is not checked by KAZOO."""
    for module, field in (("webhook", "uri"), ("record_call", "url"), ("record_caller", "url")):
        document = {"module": module, "data": {field: "http://localhost/x"}}
        assert [problem.rule for problem in validate(document)] == ["url"]
        assert validate(document, urls=False) == []
        assert [p.rule for p in validate({"module": module, "data": {field: "ftp://a.example/x"}})] == ["url"]
    cdr = {"voice_url": "https://x.example", "cdr_url": "http://localhost"}
    assert validate({"module": "pivot", "data": cdr}) == []
