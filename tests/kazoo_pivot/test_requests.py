"""Every request KAZOO can send is understood."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kazoo_pivot import MalformedRequestError, PivotRequest
from kazoo_pivot._envelope import Envelope
from pivotctl.events import FORM, event_of_request, event_v1, event_v2

VECTORS = Path(__file__).parents[1] / "vectors"
ROWS = [
    pytest.param(row, version, id=f"{version}-{row['name']}")
    for version in ("4.3", "5")
    for row in json.loads((VECTORS / f"requests-{version}.json").read_text())
]
WIRE = [
    pytest.param(row, request, id=f"{version}-{row['name']}")
    for version in ("4.3", "5")
    for row in json.loads((VECTORS / f"wire-{version}.json").read_text())
    for request in row["requests"]
]
EXAMPLES = [
    pytest.param(json.loads(file.read_text()), id=file.stem)
    for file in sorted((VECTORS / "requests").glob("*.json"))
    if file.stem != "post_cdr"
]


def post(body: str, content_type: str, *, query_string: str = "", **options: Any) -> dict[str, Any]:
    """A POST to a callback."""
    return event_v2(
        "POST", "/p", query_string=query_string, headers={"Content-Type": content_type}, body=body, **options
    )


def get(query_string: str) -> dict[str, Any]:
    """A GET of a callback."""
    return event_v2("GET", "/p", query_string=query_string)


def tree(event: dict[str, Any]) -> dict[str, Any]:
    """The parameters of an event."""
    return Envelope.of(event).parameters


def as_form(value: Any) -> Any:
    """A value as a form can carry it: text only, and nothing of what is empty."""
    if isinstance(value, dict):
        kept = {name: as_form(each) for name, each in value.items()}
        return {name: each for name, each in kept.items() if each not in ({}, [])}
    if isinstance(value, list):
        return [as_form(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def has_float(value: Any) -> bool:
    """Whether there is a float, which KAZOO 4.3 mangles."""
    if isinstance(value, dict | list):
        return any(map(has_float, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


@pytest.mark.parametrize(("row", "version"), ROWS)
@pytest.mark.parametrize("key", ["query_string", "wire_query_string"])
def test_form_vectors(row: dict[str, Any], version: str, key: str) -> None:
    """KAZOO's own encoding gives back the parameters it was made of, in a query and in a body."""
    expected = as_form(row["params"])
    for event in (get(row[key]), post(row[key], FORM), post(row[key], FORM, base64_body=False)):
        parameters = tree(event)
        if has_float(row["params"]) and version == "4.3":
            parameters["Custom-Application-Vars"] = expected["Custom-Application-Vars"] = "mangled"
        assert parameters == expected


@pytest.mark.parametrize(("row", "version"), ROWS)
@pytest.mark.parametrize("key", ["json_body", "wire_json_body"])
def test_json_vectors(row: dict[str, Any], version: str, key: str) -> None:
    """A JSON body gives back the parameters exactly, empty objects included."""
    for encoded in (False, True):
        event = post(row[key], "application/json", base64_body=encoded)
        assert tree(event) == row["params"]


@pytest.mark.parametrize(("row", "version"), [row for row in ROWS if row.values[0]["params"]])  # type: ignore[index]
def test_all_encodings_agree(row: dict[str, Any], version: str) -> None:
    """GET, form and JSON of one call make the same typed request."""
    requests = [
        PivotRequest.from_event(event)
        for event in (
            get(row["wire_query_string"]),
            post(row["wire_query_string"], FORM),
            post(row["wire_json_body"], "application/json"),
            event_v1("POST", "/p", headers={"CONTENT-TYPE": "application/json"}, body=row["wire_json_body"]),
        )
    ]
    seen = [
        {
            name: getattr(request, name)
            for name in PivotRequest.__dataclass_fields__
            if name not in ("raw", "method", "body_format", "custom_application_vars", "custom_sip_headers")
        }
        for request in requests
    ]
    assert all(each == seen[0] for each in seen)


@pytest.mark.parametrize(("row", "request_"), WIRE)
def test_wire_vectors(row: dict[str, Any], request_: dict[str, Any]) -> None:
    """What KAZOO put on the wire of a call is what the typed request holds."""
    url = urlsplit(request_["path"])
    event = event_v2(
        request_["method"],
        url.path,
        query_string=url.query,
        headers={"content-type": request_["content_type"]} if request_["content_type"] else {},
        body=request_["body"],
    )
    request, call = PivotRequest.from_event(event), row["call"]
    assert request.account_id == call["Account-ID"]
    assert request.call_id == call["Call-ID"]
    assert request.caller_id_name == call.get("Caller-ID-Name", "unknown")
    assert request.caller_id_number == call.get("Caller-ID-Number", "anonymous")
    assert f"{request.from_user}@{request.from_realm}" == call["From"]
    assert f"{request.to_user}@{request.to_realm}" == call["To"]
    assert request.digits == call.get("Key-Value-Store", {}).get("digits_collected", {})
    assert request.query == (
        {"x": "1"} | ({"y": "2"} if "y=2" in url.query else {}) if url.query[:2] == "x=" else {}
    )
    if row["req_format"] == "kazoo":
        assert f"{request.request_user}@{request.request_realm}" == call["Request"]
        assert request.user_ids == row["owners"]
        if row["req_body_format"] == "form":
            assert list_items(request.custom_application_vars) == list_items(
                as_form(call.get("Custom-Application-Vars", {}))
            )
    else:
        assert request.vocabulary == "twiml"
        assert request.api_version == "2010-04-01"


def list_items(value: Any) -> Any:
    """Objects in lists come as JSON text, which keeps numbers; everything else is text."""
    return json.loads(json.dumps(value).replace('"1"', "1"))


@pytest.mark.parametrize("example", EXAMPLES)
def test_example_requests(example: dict[str, Any]) -> None:
    """The examples parse to their parameters, also with percent-encoded brackets and through a REST API."""
    expected = example["parsed_parameters"]
    if example["body"][:1] != "{":
        expected = as_form(expected)
    event = event_of_request(example, "/voice", token="T")
    assert tree(event) == expected
    assert Envelope.of(event).token == "T"
    escaped = example | {
        name: example[name].replace("[", "%5B").replace("]", "%5D")
        for name in ("query_string", *(["body"] if example["body"][:1] != "{" else []))
    }
    assert tree(event_of_request(escaped, "/voice")) == expected
    if example["method"] == "GET":
        assert tree(event_v1("GET", "/voice", query_string=example["query_string"])) == expected


# KAZOO's encoder, in a few lines, for values nobody thought of.


def kazoo_value(text: str) -> str:
    """A value: space as +, all but letters, digits and `.-_~` as upper-case %XX."""
    return quote(text, safe="~").replace("%20", "+")


def kazoo_pairs(name: str, value: Any) -> list[str]:
    """The pairs of one parameter; an empty object or list leaves an empty piece."""
    if isinstance(value, dict):
        return [pair for key, each in value.items() for pair in kazoo_pairs(f"{name}[{key}]", each)] or [""]
    if isinstance(value, list):
        return [f"{name}[]={kazoo_value(item)}" for item in value] or [""]
    return [f"{name}={kazoo_value(value)}"]


def kazoo_form(parameters: dict[str, Any]) -> str:
    """A whole form."""
    return "&".join(pair for name, value in parameters.items() for pair in kazoo_pairs(name, value))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
# Not even KAZOO's own encoding tells a name of these from two names, or from an escape.
unclear = "[]%"
names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=unclear), min_size=1, max_size=12
)
values = st.recursive(
    texts | st.lists(texts.filter(lambda text: text[:1] != "{"), min_size=1, max_size=3),
    lambda inner: st.dictionaries(names, inner, min_size=1, max_size=3),
    max_leaves=6,
)
cavs = st.dictionaries(names, values, max_size=4)


@given(cavs)
def test_any_variables_survive_a_form_body(variables: dict[str, Any]) -> None:
    """Variables of any name and shape come back from a form as they were."""
    parameters = {"Account-ID": "a" * 32, "Custom-Application-Vars": variables, "Call-ID": "c"}
    expected = parameters if variables else {"Account-ID": "a" * 32, "Call-ID": "c"}
    assert tree(post(kazoo_form(parameters), FORM)) == expected


@given(cavs)
def test_any_variables_survive_a_query(variables: dict[str, Any]) -> None:
    """So they do from a query string, raw or escaped on the way."""
    parameters = {"Custom-Application-Vars": variables, "Call-ID": "c"}
    expected = parameters if variables else {"Call-ID": "c"}
    form = kazoo_form(parameters)
    assert tree(get(form)) == expected
    assert tree(get(quote(form, safe="!$&'()*+,/:;=?@[]~%-._"))) == expected


@given(cavs)
def test_any_variables_survive_json(variables: dict[str, Any]) -> None:
    """So they do from a JSON body."""
    parameters = {"Custom-Application-Vars": variables}
    assert tree(post(json.dumps(parameters), "application/json")) == parameters


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        ("Custom-Application-Vars[a=b]=c", {"Custom-Application-Vars": {"a=b": "c"}}),
        ("Custom-Application-Vars[a&b]=c&d=e", {"Custom-Application-Vars": {"a&b": "c"}, "d": "e"}),
        ("Custom-Application-Vars[a&&b=][c]=d", {"Custom-Application-Vars": {"a&&b=": {"c": "d"}}}),
        ("Custom-Application-Vars[a&b=c", {"Custom-Application-Vars[a&b=c": ""}),
        ("x[a&b]=c", {"x[a": "", "b]": "c"}),
        ("Custom-Application-Vars[x[y]=v", {"Custom-Application-Vars": {"x[y": "v"}}),
        ("Custom-Application-Vars[x[y]]=v", {"Custom-Application-Vars": {"x[y]": "v"}}),
        ("Custom-Application-Vars[100%]=v", {"Custom-Application-Vars": {"100%": "v"}}),
        ("Custom-Application-Vars[a%41]=v", {"Custom-Application-Vars": {"a%41": "v"}}),
        ("Custom-Application-Vars[a+b]=v", {"Custom-Application-Vars": {"a+b": "v"}}),
        ("Custom-Application-Vars[]=v", {"Custom-Application-Vars": {"": "v"}}),
        ("Custom-SIP-Headers[Diversions][]=a&Custom-SIP-Headers[Diversions][]=b",
         {"Custom-SIP-Headers": {"Diversions": ["a", "b"]}}),
        ("a[b]=1&a=2", {"a": "2"}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("a=1=2", {"a": "1=2"}),
        ("a", {"a": ""}),
        ("a[b", {"a[b": ""}),
        ("&&&a=1&&", {"a": "1"}),
        ("a=%FF%FE", {"a": "\ufffd\ufffd"}),
        ("a=%zz%4", {"a": "%zz%4"}),
        ("a=[b]=c", {"a": "[b]=c"}),
        ('l[]={"a":1}&l[]={b', {"l": ['{"a":1}', "{b"]}),
    ],
)  # fmt: skip
def test_odd_forms(piece: str, expected: dict[str, Any]) -> None:
    """Names are raw, so they may hold anything; values hold anything at all."""
    if "l[]" in piece:
        expected = {"l": [{"a": 1}, "{b"]}
    assert tree(post(piece, FORM)) == expected


def test_digits_are_collections() -> None:
    """Nothing pressed in time is an empty text; never asked is not a key; a plain text is `default`."""
    base = "Account-ID=a&Call-ID=c&"
    assert PivotRequest.from_event(post(base, FORM)).digits == {}
    assert PivotRequest.from_event(post(base + "Digits[menu]=", FORM)).digits == {"menu": ""}
    assert PivotRequest.from_event(post(base + "Digits=2%23", FORM)).digits == {"default": "2#"}
    flushed = {"Account-ID": "a", "Call-ID": "c", "Digits": {"menu": {}, "n": 12}}
    assert PivotRequest.from_event(post(json.dumps(flushed), "application/json")).digits == {
        "menu": "",
        "n": "12",
    }


def test_the_query_of_the_voice_url_is_the_callbacks_own() -> None:
    """Its parameters are apart from KAZOO's and from the token, for GET and POST."""
    own = "menu=main&token=secret&state=signed&note=a+b%20c"
    for event in (
        get(f"{own}&Account-ID=a&Call-ID=c"),
        post("Account-ID=a&Call-ID=c", FORM, query_string=own),
    ):
        envelope = Envelope.of(event)
        assert envelope.query == {"menu": "main", "note": "a b c"}
        assert (envelope.token, envelope.state_token) == ("secret", "signed")
        assert "secret" not in repr(envelope)
        assert "secret" not in repr(PivotRequest.from_event(event).raw)


def test_what_kazoo_adds_never_replaces_the_voice_urls_own_query() -> None:
    """Names are sent raw, so a variable's name can hold a parameter: whose account it is stays ours."""
    event = get("account=1001&Account-ID=a&Call-ID=c&Custom-Application-Vars[x]=1&account=1002&y=2")
    assert PivotRequest.from_event(event).query == {"account": "1001", "y": "2"}


def test_a_body_cannot_name_the_token() -> None:
    """Only the URL and the header do: a caller's digits and names end up in the body."""
    envelope = Envelope.of(post("Account-ID=a&Call-ID=c&token=forged&state=forged", FORM))
    assert envelope.token is None
    assert envelope.state_token is None


def test_the_header_token_wins() -> None:
    """KAZOO 5 sends the token in a header, in whatever case it arrives."""
    for name in ("X-Pivot-Token", "x-pivot-token", "X-PIVOT-TOKEN"):
        event = event_v1(
            "POST", "/p", headers={name: "header"}, query_string="token=query", body="Account-ID=a"
        )
        assert Envelope.of(event).token == "header"


def test_the_stage_is_no_part_of_the_path() -> None:
    """The route's path is the same under every stage and payload format."""
    event = event_v2("POST", "/voice") | {"rawPath": "/prod/voice"}
    assert Envelope.of(event).path == "/voice"
    assert Envelope.of(event_v1("POST", "/voice")).path == "/voice"
    event["routeKey"] = "$default"
    event["requestContext"]["stage"] = "prod"
    assert Envelope.of(event).path == "/voice"
    assert Envelope.of(event).public_url.endswith(".amazonaws.com/prod")


def test_the_public_address_is_the_one_asked() -> None:
    """A stage, or the mapping of a custom domain, stands before the route in the next voice_url too."""
    for asked, before in (("/voice", ""), ("/prod/voice", "/prod"), ("/calls/v1/voice", "/calls/v1")):
        event = event_v2("POST", "/voice") | {"rawPath": asked}
        assert Envelope.of(event).public_url == f"https://{event['requestContext']['domainName']}{before}"
    assert Envelope.of(event_v1("POST", "/voice", stage="prod")).public_url.endswith("/prod")
    assert Envelope.of({"requestContext": {"http": {"method": "GET"}}}).public_url == ""


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/octet-stream"])
def test_a_missing_content_type_is_guessed(content_type: str) -> None:
    """Without a content type the body itself says whether it is JSON."""
    for body in ('{"Account-ID":"a"}', "Account-ID=a"):
        assert tree(post(body, content_type)) == {"Account-ID": "a"}


def test_content_type_case_and_parameters_do_not_matter() -> None:
    """`Application/JSON; charset=UTF-8` is JSON, a byte order mark is none of it."""
    assert tree(post('\ufeff{"a":"b"}', "Application/JSON; charset=UTF-8")) == {"a": "b"}


MALFORMED = {
    "nothing": ({}, "method"),
    "no mapping": (None, "event"),
    "method": (event_v2("PUT", "/p"), "method"),
    "no account": (post("Call-ID=c", FORM), "Account-ID"),
    "account of odd characters": (post("Account-ID=../state-keys&Call-ID=c", FORM), "Account-ID"),
    "account too long": (post(f"Account-ID={'a' * 65}&Call-ID=c", FORM), "Account-ID"),
    "account not text": (post('{"Account-ID":["a"],"Call-ID":"c"}', "application/json"), "Account-ID"),
    "no call": (post("Account-ID=a", FORM), "Call-ID"),
    "call too long": (post(f"Account-ID=a&Call-ID={'c' * 256}", FORM), "Call-ID"),
    "call with a line feed": (post("Account-ID=a&Call-ID=c%0Ad", FORM), "Call-ID"),
    "not JSON": (post("{", "application/json"), "body"),
    "JSON but no object": (post("[]", "application/json"), "body"),
    "NaN": (post('{"a":NaN}', "application/json"), "body"),
    "number too large": (post('{"a":1e999}', "application/json"), "body"),
    "integer too long": (post('{"a":%s}' % ("9" * 5000), "application/json"), "body"),
    "JSON too deep": (post('{"a":' * 20 + "1" + "}" * 20, "application/json"), "body"),
    "JSON far too deep": (post("[" * 100_000, "application/json"), "body"),
    "JSON too wide": (post(json.dumps({"a": [1] * 1001}), "application/json"), "body"),
    "form too deep": (post("a" + "[b]" * 20 + "=1", FORM), "a"),
    "name too long": (post("a" * 1025 + "=1", FORM), "request"),
    "too many parameters": (post("a=1&" * 1001, FORM), "request"),
    "body too long": (post("a=" + "1" * 300_000, FORM), "body"),
    "query too long": (get("a=" + "1" * 300_000), "request"),
    "not base64": (event_v2("POST", "/p") | {"body": "%%%", "isBase64Encoded": True}, "body"),
    "body not text": (event_v2("POST", "/p") | {"body": {"a": 1}}, "body"),
    "token too long": (get("token=" + "t" * 257), "token"),
    "state too long": (get("state=" + "s" * 4097), "state"),
    "an object for a text": (post("Account-ID=a&Call-ID=c&From[x]=1", FORM), "From"),
    "a text for an object": (post("Account-ID=a&Call-ID=c&Custom-SIP-Headers=1", FORM), "Custom-SIP-Headers"),
    "a list of digits": (post("Account-ID=a&Call-ID=c&Digits[a][]=1", FORM), "Digits"),
    "too many digits": (post(f"Account-ID=a&Call-ID=c&Digits[a]={'1' * 256}", FORM), "Digits"),
    "a text too long": (post(f"Account-ID=a&Call-ID=c&From={'1' * 4097}", FORM), "From"),
    "too many owners": (post("Account-ID=a&Call-ID=c" + "&User-ID[]=u" * 101, FORM), "User-ID"),
}  # fmt: skip


@pytest.mark.parametrize(("event", "parameter"), MALFORMED.values(), ids=MALFORMED.keys())
def test_malformed_requests_are_a_typed_error(event: Any, parameter: str) -> None:
    """The error names the parameter and never repeats what it held."""
    with pytest.raises(MalformedRequestError) as caught:
        PivotRequest.from_event(event)
    assert caught.value.parameter == parameter
    assert len(str(caught.value)) < 120


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
field_names = st.sampled_from([*event_v2("POST", "/p", body="x"), *event_v1("GET", "/p"), "http"]) | st.text(
    max_size=8
)


@given(st.dictionaries(field_names, json_values | st.binary(max_size=9), max_size=8))
def test_any_event_is_read_or_refused(event: dict[str, Any]) -> None:
    """Whatever a function is invoked with, parsing raises MalformedRequestError and nothing else."""
    with suppress(MalformedRequestError):
        PivotRequest.from_event(event)


@given(
    st.sampled_from(["GET", "POST"]),
    st.sampled_from([FORM, "application/json", ""]),
    st.text(st.sampled_from('aA-[]=&%+{}":,0 ') | st.characters(), max_size=200),
    st.booleans(),
)
def test_any_body_is_read_or_refused(method: str, content_type: str, text: str, encoded: bool) -> None:
    """So with any body or query that looks a little like KAZOO's."""
    event = event_v2(method, "/p", headers={"content-type": content_type}) | {
        "rawQueryString": f"Account-ID=a&{text}",
        "body": text,
        "isBase64Encoded": encoded,
    }
    try:
        request = PivotRequest.from_event(event)
    except MalformedRequestError:
        return
    json.dumps(request.raw).encode()
    assert len(request.call_id) <= 255


def test_text_that_no_utf8_can_hold_is_replaced() -> None:
    """A lone surrogate in JSON cannot reach a log, a key or an answer."""
    event = post('{"Account-ID":"a","Call-ID":"c","From":"\\ud800x"}', "application/json")
    assert PivotRequest.from_event(event).from_user == "\ufffdx"
