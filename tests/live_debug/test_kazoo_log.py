"""KAZOO's own debug log beside ours, from a stand-in Crossbar."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from pivot_app.crossbar import CrossbarError
from pivotctl.debug._kazoo_log import KazooLog, compare

ACCOUNT = "1" * 32
FLOW = {"module": "tts", "data": {"text": "Hello"}, "children": {"_": {"module": "hangup", "data": {}}}}
OURS = [{"method": "POST", "path": "/menu", "status": 200, "flow": FLOW}]
SENT = {
    "call_id": "c", "created": 63_000_000_000, "iteration": 1, "method": "post",
    "uri": "https://api.example.com/prod/menu?token=the-secret", "req_headers": {},
    "req_body": "Digits[pin]=2468",
}  # fmt: skip
GOT = {
    "call_id": "c", "created": 63_000_000_001, "iteration": 1, "resp_status_code": "200",
    "resp_headers": {}, "resp_body": json.dumps(FLOW),
}  # fmt: skip


class StandIn:
    """A Crossbar with one API key; its tokens expire after as many requests as it is told."""

    def __init__(
        self, documents: Any, *, status: int = 200, message: str = "", token_lives: int = 99
    ) -> None:
        self.documents, self.status, self.token_lives = documents, status, token_lives
        self.message = message
        self.asked: list[str] = []
        self.tokens = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url.raw_path.decode()}")
        if request.url.path == "/v2/api_auth":
            if json.loads(request.content) != {"data": {"api_key": "k" * 64}}:
                return httpx.Response(401, json={"status": "error", "message": "invalid_credentials"})
            self.tokens += 1
            return httpx.Response(201, json={"auth_token": f"token-{self.tokens}", "status": "success"})
        if request.headers["x-auth-token"] != f"token-{self.tokens}" or self.token_lives <= 0:
            self.token_lives = 99
            return httpx.Response(401, json={"status": "error"})
        self.token_lives -= 1
        return httpx.Response(self.status, json={"data": self.documents, "message": self.message})


def log_of(stand_in: StandIn, call_id: str = "c", key: str = "k" * 64) -> Any:
    """Ask the stand-in for one call's log."""
    client = httpx.Client(transport=httpx.MockTransport(stand_in))
    log = KazooLog.at("https://kazoo.example.com:8443/", key, client=client, tries=1)
    return asyncio.run(log.of_call(ACCOUNT, call_id))


def test_the_log_is_read_with_an_api_key() -> None:
    """Signs in with the account's API key, then asks for the call, its id encoded."""
    stand_in = StandIn([SENT, GOT])
    assert log_of(stand_in, "a/b@10.0.0.1") == [SENT, GOT]
    assert stand_in.asked == [
        "PUT /v2/api_auth",
        f"GET /v2/accounts/{ACCOUNT}/pivot/debug/a%2Fb%4010.0.0.1?paginate=false",
    ]


def test_an_expired_token_is_renewed() -> None:
    """KAZOO's tokens live an hour; the next one is fetched without a word."""
    stand_in = StandIn([SENT], token_lives=0)
    assert log_of(stand_in) == [SENT]
    assert stand_in.tokens == 2


def test_a_wrong_key_is_said() -> None:
    """The message names the key, and does not contain it."""
    with pytest.raises(CrossbarError, match="API key") as refused:
        log_of(StandIn([]), key="wrong")
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (404, "bad_identifier", ""),
        (404, "not_found", "cb_pivot"),
        (405, "invalid_method", "405"),
        (503, "datastore_fault", "503"),
    ],
)
def test_a_cluster_without_the_log(status: int, message: str, says: str) -> None:
    """No log of this call is an empty one; no `cb_pivot` at all, and every other refusal, is said."""
    stand_in = StandIn([], status=status, message=message)
    if not says:
        assert log_of(stand_in) == []
        return
    with pytest.raises(CrossbarError, match=says):
        log_of(stand_in)


def test_both_saw_the_same() -> None:
    """Method, path, status and flow agree, whatever stage stands before the path."""
    compared = compare(OURS, [GOT, SENT])
    assert compared["note"] == "Both saw the same."
    assert all(row["same"] for row in compared["rows"])


def test_differences_are_marked() -> None:
    """What KAZOO got is not what we say we answered."""
    other = {**GOT, "resp_status_code": "502", "resp_body": "<html>"}
    rows = {row["what"]: row for row in compare(OURS, [SENT, other])["rows"]}
    assert rows["request 1: status"] == {
        "what": "request 1: status",
        "kazoo": "502",
        "ours": "200",
        "same": False,
    }
    assert rows["request 1: answer"]["kazoo"] == "not JSON"
    assert rows["request 1: path"]["same"]


def test_a_request_we_never_saw() -> None:
    """KAZOO sent two, we have one: the numbers differ."""
    rows = compare(OURS, [SENT, GOT, {**SENT, "created": 63_000_000_009}])["rows"]
    assert rows[0] == {"what": "requests", "kazoo": "2", "ours": "1", "same": False}


def test_what_kazoo_rejected_is_shown() -> None:
    """Schema and JSON errors are KAZOO's to tell."""
    rejected = {
        "call_id": "c",
        "created": 63_000_000_002,
        "schema_errors": {"data": "required"},
        "resp_body": "{}",
    }
    rows = compare(OURS, [SENT, GOT, rejected])["rows"]
    assert rows[-1]["what"] == "KAZOO rejected the answer"
    assert "required" in rows[-1]["kazoo"]


def test_no_secret_of_kazoos_log_reaches_the_page() -> None:
    """KAZOO's log holds the token and the PIN; the comparison does not."""
    text = json.dumps(compare(OURS, [SENT, GOT]))
    assert "the-secret" not in text
    assert "2468" not in text


def test_without_a_log_it_says_so() -> None:
    """Debug was off on that node: no disagreement, only nothing to compare."""
    assert "keeps one only for pivot nodes with debug on" in compare(OURS, [])["note"]
