"""The requests KAZOO makes, byte for byte."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from kazoo_simulator import Answer, Caller, Scripted, Simulator, TransportError
from kazoo_simulator._request import build_request, encode_form, encode_json, in_wire_order
from tests.simulator.conftest import WebServer

VECTORS = Path(__file__).parents[1] / "vectors"
HANGUP = Answer(200, b'{"module":"hangup"}', (("content-type", "application/json"),))


def vectors(kind: str) -> list[Any]:
    """Every vector of a kind, for both versions."""
    return [
        pytest.param(version, vector, id=f"{version}-{vector['name']}")
        for version in ("4.3", "5")
        for vector in json.loads((VECTORS / f"{kind}-{version}.json").read_text())
    ]


@pytest.mark.parametrize(("version", "vector"), vectors("requests"))
def test_encodes_parameters_as_kazoo(version: Any, vector: dict[str, Any]) -> None:
    """Forms and JSON equal what KAZOO's own encoder wrote, in both orders."""
    parameters = vector["params"]
    # What TwiML steps stored stands behind the fields of the call, and goes out first.
    names = list(parameters)
    last = names.index("To-Realm") if "To-Realm" in names else len(names)
    ordered = in_wire_order(parameters, names[:last:-1])
    assert encode_form(parameters, version) == vector["query_string"]
    assert encode_form(ordered, version) == vector["wire_query_string"]
    assert encode_json(parameters).decode() == vector["json_body"]
    assert encode_json(ordered).decode() == vector["wire_json_body"]


@pytest.mark.parametrize(("version", "vector"), vectors("wire"))
def test_sends_what_kazoo_sends(version: Any, vector: dict[str, Any]) -> None:
    """From the state of a call to the bytes on the wire: method, path, content type and body."""
    state = vector["call"]
    target = Scripted([HANGUP], public_url="http://web.example.com")
    kazoo = Simulator(target, version, account_id=state["Account-ID"], realm="r.example.com", brackets="raw")
    user, _, realm = state["From"].partition("@")
    call = kazoo.call(
        state.get("Caller-ID-Number", ""),
        state["To"].partition("@")[0],
        flow=kazoo.pivot(
            vector["url_path"],
            method=vector["method"],
            req_format=vector["req_format"],
            req_body_format=vector["req_body_format"],
        ),
        name=state.get("Caller-ID-Name", ""),
        sip_user=user,
        sip_realm=realm,
        user_ids=tuple(vector["owners"]),
        variables=state.get("Custom-Application-Vars", {}),
    )
    call.interpreter.channel.call_id = state["Call-ID"]
    call.interpreter.channel.twiml_digits = state.get("Key-Value-Store", {}).get("digits_collected")
    call.ends()
    sent = [
        {
            "method": request.method,
            "path": request.url.removeprefix("http://web.example.com"),
            "content_type": dict(request.headers).get("content-type"),
            "body": request.body.decode(),
        }
        for request in target.requests
    ]
    assert sent == vector["requests"]


REQUESTS = sorted(path for path in (VECTORS / "requests").glob("*.json") if path.stem != "post_cdr")


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_sends_the_headers_kazoo_sends(path: Path) -> None:
    """Names in lower case and in KAZOO's order, nothing added; target and body equal the captured request."""
    example = json.loads(path.read_text())
    version = "5" if example["kazoo_version"].startswith("5") else "4.3"
    headers = [(header["name"], header["value"]) for header in example["headers"]]
    url = "https://pivot.example.com" + example["path"]
    own_query = example["query_string"].partition("&To-Realm=")[0] if "existing" in path.stem else ""
    as_json = ("content-type", "application/json") in headers
    data = {
        "voice_url": f"{url}?{own_query}" if own_query else url,
        "method": example["method"].lower(),
        "req_body_format": "json" if as_json else "form",
        "custom_request_headers": {
            name.title(): value for name, value in reversed(headers) if name.startswith("x-")
        },
    }
    own = {"tenant", "v"}
    parameters = {name: value for name, value in example["parsed_parameters"].items() if name not in own}
    request = build_request(data, parameters, version, "raw")
    assert list(request.headers) == headers
    assert request.url == f"https://pivot.example.com{example['request_target']}"
    assert request.body.decode() == example["body"]


@pytest.mark.parametrize(
    ("version", "brackets", "expected"),
    [("4.3", None, "Digits[menu]=1"), ("5", None, "Digits%5Bmenu%5D=1"), ("5", "raw", "Digits[menu]=1")],
)
def test_brackets_of_a_get(version: Any, brackets: Any, expected: str) -> None:
    """KAZOO 4.3 sends raw brackets in a query, 5 encodes them."""
    data = {"voice_url": "http://web.example.com/p", "method": "get"}
    request = build_request(data, {"Digits": {"menu": "1"}}, version, brackets)
    assert expected in request.url


def test_a_client_that_refuses_brackets_falls_back() -> None:
    """A 4.3 on a recent Erlang never sends a GET with digits: the caller gets the fallback."""
    kazoo = Simulator(Scripted([HANGUP]), brackets="refused", path="/p")
    call = kazoo.call(flow=kazoo.pivot(method="get"), variables={"a": "1"}).ends()
    assert "refuses a URL with raw brackets" in call.ladder()


@pytest.mark.parametrize(
    ("version", "method", "expected"),
    [
        ("4.3", "post", "Basic dXNlcjpwYXNz"),  # user:pass
        ("4.3", "get", "Basic dXNlcnBhc3M6"),  # userpass:
        ("5", "get", "Basic dXNlcjpwYXNz"),
    ],
)
def test_credentials_in_the_address(version: Any, method: str, expected: str) -> None:
    """`user:pass@` becomes a Basic header; a GET of 4.3 mangles it."""
    data = {"voice_url": "https://user:pass@web.example.com/p", "method": method}
    request = build_request(data, {"To": "1"}, version)
    assert dict(request.headers)["authorization"] == expected
    assert dict(request.headers)["host"] == "web.example.com"


def test_an_answer_from_elsewhere_is_not_asked_for() -> None:
    """The in-process target answers only for its own address."""
    from kazoo_simulator import InProcess
    from kazoo_simulator._request import HttpRequest

    with pytest.raises(TransportError, match="asks only"):
        InProcess({}).send(HttpRequest("GET", "http://other.example.com/", ()), 5000)


def test_only_headers_that_kazoo_passes_on_are_sent() -> None:
    """Of the caller's SIP headers those that begin with P- or X-."""
    headers = {"X-Tier": "1", "p-asserted-identity": "<sip:a@b>", "Subject": "hello", "User-Agent": "phone"}
    call = Simulator(Scripted([HANGUP]), path="/menu").call(Caller(sip_headers=headers)).ends()
    sent = call.requests[0].parameters["Custom-SIP-Headers"]
    assert set(sent) == {"X-Tier", "p-asserted-identity"}


def test_collected_digits_stand_in_their_place() -> None:
    """Digits of callflow modules go out behind Direction, in the order the collections were made."""
    target = Scripted([Answer(200, FLOW_WITH_TWO_QUESTIONS, JSON), HANGUP])
    kazoo = Simulator(target, path="/p", account_id="a" * 32, realm="r.example.com")
    kazoo.call("+14155550100", "2000", call_id="c").presses("5").presses("7").ends()
    assert target.requests[1].body.decode() == (
        "To-Realm=r.example.com&To=2000&Request-Realm=r.example.com&Request=2000&Language=en-us"
        "&From-Realm=r.example.com&From=%2B14155550100&Direction=inbound&Digits[z]=5&Digits[a]=7&&"
        "&Caller-ID-Number=%2B14155550100&Caller-ID-Name=unknown&Call-ID=c&Api-Version=4.x"
        f"&Account-ID={'a' * 32}"
    )


JSON = (("content-type", "application/json"),)
FLOW_WITH_TWO_QUESTIONS = json.dumps(
    {
        "module": "collect_dtmf",
        "data": {"collection_name": "z"},
        "children": {
            "_": {
                "module": "collect_dtmf",
                "data": {"collection_name": "a"},
                "children": {
                    "_": {
                        "module": "pivot",
                        "data": {"voice_url": "http://pivot.example.test/p", "method": "post"},
                    }
                },
            }
        },
    }
).encode()


@pytest.mark.parametrize(
    ("url", "sent", "host"),
    [
        ("http://Pivot.Example.com:80/", "http://pivot.example.com/", "pivot.example.com"),
        ("https://Pivot.Example.com:443/X?Y", "https://pivot.example.com/X?Y", "pivot.example.com"),
        ("http://h:8080/p#frag", "http://h:8080/p", "h:8080"),
        ("https://[127.0.0.1]/", "https://[127.0.0.1]/", "[127.0.0.1]"),
    ],
)
def test_host_and_port(url: str, sent: str, host: str) -> None:
    """KAZOO's client lower-cases the host and leaves out a default port and the fragment."""
    request = build_request({"voice_url": url, "method": "post"}, {}, "4.3")
    assert (request.url, dict(request.headers)["host"]) == (sent, host)


@pytest.mark.parametrize(
    ("url", "sent", "authorization"),
    [
        ("https://user:12ab@h/", "https://h/?To=1", "user:12ab"),
        ("https://h:/x", "https://h/x?To=1", None),
        ("https://user@pass:h/", "https://h/?To=1", "user:pass"),
    ],
)
def test_a_get_of_kazoo_43_cuts_the_url_by_its_own_rule(
    url: str, sent: str, authorization: str | None
) -> None:
    """What its splitter loses is lost."""
    request = build_request({"voice_url": url, "method": "get"}, {"To": "1"}, "4.3")
    expected = None if authorization is None else "Basic " + base64.b64encode(authorization.encode()).decode()
    assert (request.url, dict(request.headers).get("authorization")) == (sent, expected)


def test_a_get_with_a_user_and_no_colon_is_never_sent() -> None:
    """The process crashes: nothing is sent, and after ten seconds the fallback runs."""
    target = Scripted([HANGUP])
    kazoo = Simulator(target, path="/p")
    flow = {"module": "pivot", "data": {"voice_url": "https://bob@example.com/x", "method": "get"}}
    call = kazoo.call(flow=flow).ends()
    assert target.requests == []
    assert [(event.at_ms, event.by) for event in call.fallbacks] == [(10_000, "kazoo")]


def test_custom_headers_and_sip_headers_are_reversed() -> None:
    """KAZOO 5 sends the headers of a node backwards, and names inside SIP headers descend."""
    target = Scripted([HANGUP])
    kazoo = Simulator(target, "5", path="/p")
    flow = kazoo.pivot(custom_request_headers={f"X-{name}": "1" for name in "ABCDE"})
    kazoo.call(flow=flow, sip_headers={"X-a": "1", "X-c": "2", "X-b": "3"}).ends()
    sent = [name for name, _ in target.requests[0].headers if name.startswith("x-")]
    assert sent == ["x-e", "x-d", "x-c", "x-b", "x-a"]
    body = target.requests[0].body.decode()
    assert "Custom-SIP-Headers[X-c]=2&Custom-SIP-Headers[X-b]=3&Custom-SIP-Headers[X-a]=1" in body


def test_names_that_are_not_ascii_go_out_as_they_are(server: WebServer) -> None:
    """On a GET KAZOO sends the name of a variable raw, whatever the server makes of it."""
    kazoo = Simulator(server.target, path="/p")
    kazoo.call(flow=kazoo.pivot(method="get"), variables={"größe": "1"}).hears("welcome").ends()
    assert "Custom-Application-Vars[größe]=1".encode() in server.requests[0]


@pytest.mark.parametrize(
    ("build", "digits"), [("4.3", "Digits"), ("4.3-2023-11", "Digits[default]=5"), ("5", "Digits")]
)
def test_an_old_build_forgets_no_digits(build: Any, digits: str) -> None:
    """flush_dtmf of 4.3 before December 2023: digits come again, early keys survive."""
    flush = {
        "module": "tts",
        "data": {"text": "a long prompt", "terminators": []},
        "children": {
            "_": {
                "module": "flush_dtmf",
                "children": {
                    "_": {
                        "module": "pivot",
                        "data": {"voice_url": "http://pivot.example.test/p", "method": "post"},
                    }
                },
            }
        },
    }
    target = Scripted([HANGUP])
    Simulator(target, build).call(flow=flush).presses("5", during=True).ends()
    sent = parse_qsl(target.requests[0].body.decode())
    assert [f"{name}={value}" for name, value in sent if name.startswith("Digits")] == (
        [digits] if "=" in digits else []
    )
