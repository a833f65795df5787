"""The stand-in behaves as KAZOO's Crossbar does, version by version."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from kazoo_simulator.crossbar._calls import keep_cdr
from kazoo_simulator.crossbar._cluster import GREGORIAN_OFFSET_S
from tests.crossbar.conftest import NUMBER, URL, Client, Clock, pivot_flow

Make = Callable[..., Client]


def test_a_right_key_gets_a_token_and_a_wrong_one_its_own_echo(client: Client) -> None:
    """A right key gets a token and a wrong one its own echo."""
    answer = client.login()
    assert (answer.status, bool(answer.json()["auth_token"])) == (201, True)
    wrong = client.login("6f1e")
    assert (wrong.status, wrong.json()["data"]) == (404, ["6f1e"])


def test_an_expired_token_is_refused_first_of_all(client: Client, clock: Clock) -> None:
    """An expired token is refused first of all."""
    client.ask("GET", "callflows")
    clock.seconds += 3601
    assert client.ask("GET", "callflows").status == 401
    assert client.ask("GET", "nothing_of_this_name").status == 401
    assert client.raw("PUT", "/v2/api_auth", {"api_key": "x"}, {"x-auth-token": client.token}).status == 401


def test_a_bearer_token_is_none(client_of: Make) -> None:
    """A bearer token is none."""
    client = client_of("4.3")
    client.ask("GET", "callflows")
    path = f"/v2/accounts/{client.account.id}/callflows"
    assert client.raw("GET", path, headers={"authorization": f"Bearer {client.token}"}).status == 401


def test_a_parent_may_use_its_descendants_and_no_sibling(client: Client) -> None:
    """A parent may use its descendants and no sibling."""
    cluster, parent = client.cluster, client.account
    child = cluster.add_account("Child", parent=parent.id)
    sibling = cluster.add_account("Sibling")
    client.ask("GET", "callflows")
    for account, status in ((child, 200), (sibling, 403)):
        headers = {"x-auth-token": client.token}
        assert client.raw("GET", f"/v2/accounts/{account.id}/users", headers=headers).status == status
    headers = {"x-auth-token": client.token}
    assert client.raw("GET", "/v2/accounts/short/users", headers=headers).status == 404
    assert (
        client.raw("GET", f"/v2/accounts/{'0' * 32}/users", headers=headers).json()["message"]
        == "bad_identifier"
    )


def test_a_burst_is_refused_and_a_steady_rate_never(client: Client, clock: Clock) -> None:
    """A burst is refused and a steady rate never."""
    statuses = [client.ask("GET", "users").status for _ in range(105)]
    assert statuses.count(429) == 5
    for _ in range(200):
        clock.seconds += 0.125
        assert client.ask("GET", "users").status == 200


def test_every_answer_repeats_the_request_id(client: Client) -> None:
    """Every answer repeats the request id."""
    for path in ("users", "nothing"):
        answer = client.ask("GET", path, x_request_id="run-7")
        assert answer.headers["x-request-id"] == answer.json()["request_id"] == "run-7"


def test_envelopes_tell_the_version(client_of: Make) -> None:
    """Envelopes tell the version."""
    for version in ("4.3", "5"):
        client = client_of(version)
        good, bad = client.ask("GET", "users").json(), client.raw("GET", "/v2/about").json()
        assert "error" not in good
        assert bad["error"] == "401"
        assert ("metadata" in good, "tokens" in good) == (version == "5", version == "5")
        assert good["version"].startswith(version)
        assert ("version" in bad) == (version == "4.3")


def test_a_module_that_is_not_loaded_is_not_found_before_anything(client_of: Make) -> None:
    """A module that is not loaded is not found before anything."""
    client = client_of("4.3", not_loaded=frozenset({"pivot"}))
    path = f"/v2/accounts/{client.account.id}"
    assert client.raw("GET", f"{path}/pivot/debug").json()["message"] == "not_found"
    assert client.raw("GET", f"{path}/callflows").status == 401


def test_post_replaces_and_patch_merges(client: Client) -> None:
    """Post replaces and patch merges."""
    made = client.create(
        "users", {"first_name": "Ann", "last_name": "Bell", "a": {"b": {"c": 1, "d": 2}}, "e": [1]}
    )
    patch = {"a": {"b": {"c": None, "x": 3}}, "e": [2], "pvt_x": 1, "_y": 2}
    data = client.ask("PATCH", f"users/{made['id']}", patch).json()["data"]
    assert data == {**made, "a": {"b": {"d": 2, "x": 3}}, "e": [2]}
    assert client.ask("PATCH", f"users/{made['id']}", {"a": {}}).json()["data"]["a"] == {}
    replaced = client.ask("POST", f"users/{made['id']}", {"first_name": "Ann", "last_name": "Bell"})
    assert replaced.json()["data"] == {"first_name": "Ann", "last_name": "Bell", "id": made["id"]}


def test_a_patch_of_a_flow_leaves_pieces_of_the_old_tree(client: Client) -> None:
    """A patch of a flow leaves pieces of the old tree."""
    user = {"module": "user", "data": {"id": "u" * 32, "timeout": "20"}, "children": {}}
    made = client.create("callflows", {"numbers": ["2000"], "flow": user})
    data = {"flow": {"module": "pivot", "data": {"voice_url": URL}, "children": {}}}
    answer = client.ask("PATCH", f"callflows/{made['id']}", data).json()["data"]
    assert answer["flow"]["data"]["id"] == "u" * 32


def test_schema_defaults_are_stored(client: Client) -> None:
    """Schema defaults are stored."""
    made = client.create("callflows", {"numbers": ["4155550199"], "flow": pivot_flow()})
    assert made["numbers"] == [NUMBER]
    assert made["patterns"] == []
    assert made["flow"]["data"]["method"] == "get"
    assert made["flow"]["data"]["req_format"] == "kazoo"
    hook = client.create("webhooks", {"name": "n", "hook": "channel_destroy", "uri": URL})
    assert (hook["enabled"], hook["format"], hook["retries"]) == (True, "form-data", 2)


def test_a_webhook_s_patch_is_shallow_in_one_version(client: Client) -> None:
    """A webhook s patch is shallow in one version."""
    custom = {"a": "1", "b": "2"}
    hook = client.create("webhooks", {"name": "n", "hook": "all", "uri": URL, "custom_data": custom})
    data = client.ask("PATCH", f"webhooks/{hook['id']}", {"custom_data": {"a": "3"}}).json()["data"]
    expected = {"a": "3"} if client.cluster.version == "4.3" else {"a": "3", "b": "2"}
    assert data["custom_data"] == expected


def test_an_id_of_one_s_own_is_kept_in_one_version(client_of: Make) -> None:
    """An id of one s own is kept in one version."""
    older, newer = client_of("4.3"), client_of("5")
    data = {"id": "mine", "name": "Desk"}
    assert older.create("devices", data)["id"] == "mine"
    assert older.ask("PUT", "devices", data).status == 409
    assert newer.create("devices", data)["id"] != "mine"


def test_if_match_is_the_only_lock(client: Client) -> None:
    """If match is the only lock."""
    made = client.create("devices", {"name": "Desk"})
    etag = client.ask("GET", f"devices/{made['id']}").headers["etag"]
    assert client.ask("POST", f"devices/{made['id']}", {"name": "A"}, if_match=etag).status == 200
    stale = client.ask("POST", f"devices/{made['id']}", {"name": "B"}, if_match=etag)
    assert (stale.status, stale.body) == (412, b"")
    assert client.ask("POST", f"devices/{made['id']}", {"name": "B"}, if_match="no-quotes").status == 400
    assert client.ask("GET", f"devices/{made['id']}").json()["data"]["name"] == "A"
    assert client.ask("POST", f"devices/{made['id']}", {"name": "C"}).status == 200
    now = client.ask("GET", f"devices/{made['id']}")
    assert client.ask("GET", f"devices/{made['id']}", if_none_match=now.headers["etag"]).status == 304


def test_lists_come_in_pages_of_fifty(client: Client) -> None:
    """Lists come in pages of fifty."""
    for number in range(60):
        client.cluster.add(client.account.id, "devices", {"name": str(number)})
    first = client.ask("GET", "devices").json()
    assert (len(first["data"]), first["page_size"]) == (50, 50)
    rest = client.ask("GET", f"devices?start_key={first['next_start_key']}").json()
    assert (len(rest["data"]), "next_start_key" in rest) == (10, False)
    names = {row["name"] for row in first["data"] + rest["data"]}
    assert len(names) == 60
    everything = client.ask("GET", "devices?paginate=false").json()
    assert len(everything["data"]) == 60
    assert not {"page_size", "start_key", "next_start_key"} & everything.keys()


def test_a_filter_sees_a_list_as_its_concatenation(client: Client) -> None:
    """A filter sees a list as its concatenation."""
    client.create("callflows", {"numbers": ["2000"], "flow": pivot_flow()})
    client.create("callflows", {"numbers": ["3000", "3001"], "flow": pivot_flow()})

    def count(query: str) -> int:
        return len(client.ask("GET", f"callflows?{query}").json()["data"])

    assert (count("filter_numbers=2000"), count("filter_numbers=3000"), count("filter_numbers=30003001")) == (
        1,
        0,
        1,
    )
    expected = 1 if client.cluster.version == "5" else 0
    assert count('filter_array_intersect_any_numbers=["3001"]') == expected


def test_a_number_is_in_one_callflow_only(client: Client) -> None:
    """A number is in one callflow only."""
    made = client.create("callflows", {"name": "Old", "numbers": [NUMBER], "flow": pivot_flow()})
    answer = client.ask("PUT", "callflows", {"numbers": ["4155550199"], "flow": pivot_flow()})
    fault = answer.json()["data"]["numbers"]["unique"]
    assert (answer.status, fault["cause"]) == (400, NUMBER)
    assert made["id"] in fault["message"]
    assert "(Old)" in fault["message"]


def test_a_foreign_number_is_forbidden_and_an_unknown_one_is_taken(client: Client) -> None:
    """A foreign number is forbidden and an unknown one is taken."""
    client.cluster.add_account("Other", numbers=("+14155550111",))
    answer = client.ask("PUT", "callflows", {"numbers": ["+14155550111"], "flow": pivot_flow()})
    assert (answer.status, answer.json()["data"]) == (403, {"message": "forbidden"})
    client.create("callflows", {"numbers": ["+14155550122"], "flow": pivot_flow()})


@pytest.mark.parametrize(
    ("data", "name", "rule"),
    [
        ({"flow": pivot_flow()}, "numbers", "required"),
        ({"numbers": ["1"], "flow": pivot_flow("http://localhost/x")}, "flow.data.voice_url", "error"),
        ({"numbers": ["1"], "flow": {"module": "pivott", "data": {}}}, "flow.module", "error"),
        ({"numbers": ["1"], "flow": pivot_flow(method="Post")}, "flow.data.method", "enum"),
    ],
)
def test_faults_are_keyed_by_path_and_rule(
    client: Client, data: dict[str, Any], name: str, rule: str
) -> None:
    """Faults are keyed by path and rule."""
    answer = client.ask("PUT", "callflows", data)
    assert answer.status == 400
    assert rule in answer.json()["data"][name]


def test_reading_a_callflow_names_what_it_refers_to(client: Client) -> None:
    """Reading a callflow names what it refers to."""
    box = client.create("vmboxes", {"name": "Ann's box", "mailbox": "1001"})
    flow = pivot_flow()
    flow["children"]["_"]["data"]["id"] = box["id"]
    made = client.create("callflows", {"numbers": ["2000"], "flow": flow})
    assert "metadata" not in made
    read = client.ask("GET", f"callflows/{made['id']}").json()["data"]
    assert read["metadata"][box["id"]]["name"] == "Ann's box"
    client.ask("POST", f"callflows/{made['id']}", read)
    assert "metadata" in client.cluster.documents[made["id"]].data


def test_a_deleted_callflow_is_gone_and_frees_its_number(client: Client) -> None:
    """A deleted callflow is gone and frees its number."""
    made = client.create("callflows", {"numbers": [NUMBER], "flow": pivot_flow()})
    assert client.account.numbers[NUMBER]["used_by"] == "callflow"
    answer = client.ask("DELETE", f"callflows/{made['id']}").json()
    deleted = answer["metadata"] if client.cluster.version == "5" else answer["data"]["_read_only"]
    assert deleted == {"deleted": True}
    assert client.ask("GET", f"callflows/{made['id']}").status == 404
    assert "used_by" not in client.account.numbers[NUMBER]
    again = client.create("callflows", {"numbers": [NUMBER], "flow": pivot_flow()})
    client.ask("POST", f"callflows/{again['id']}", {"numbers": ["2000"], "flow": pivot_flow()})
    assert "used_by" not in client.account.numbers[NUMBER]


def test_an_unknown_number_has_a_not_found_of_its_own(client: Client) -> None:
    """An unknown number has a not found of its own."""
    assert client.ask("GET", "phone_numbers/%2B14155550199").json()["data"]["state"] == "in_service"
    answer = client.ask("GET", "phone_numbers/%2B14155550100")
    assert (answer.status, "not_found" in answer.json()["data"]) == (404, True)


def test_schemas_validate_without_writing(client: Client) -> None:
    """Schemas validate without writing."""
    answer = client.ask("PUT", "schemas/callflows/validation", {"numbers": ["1"], "flow": pivot_flow("x")})
    assert answer.status == 400
    assert client.ask("PUT", "schemas/callflows/validation", {"flow": pivot_flow()}).status == 201
    assert client.ask("GET", "callflows").json()["data"] == []


# --- Calls ----------------------------------------------------------------------------------------


def test_a_call_that_is_gone_is_a_timeout_in_one_version(client: Client, clock: Clock) -> None:
    """A call that is gone is a timeout in one version."""
    answer = client.ask("GET", "channels/gone%40h")
    if client.cluster.version == "4.3":
        assert (answer.status, clock.slept) == (503, [2.0])
    else:
        assert (answer.status, answer.json()["data"]) == (404, ["gone@h"])


def test_an_unknown_debug_log_is_empty(client: Client) -> None:
    """An unknown debug log is empty."""
    assert client.ask("GET", "pivot/debug/202511-x").json()["data"] == []


def test_a_call_over_the_end_of_a_month_is_in_the_month_of_its_start(client: Client, clock: Clock) -> None:
    """A list that begins after midnight of the first does not see it; one that begins a day before does."""
    midnight = int(datetime(2025, 12, 1, tzinfo=UTC).timestamp()) + GREGORIAN_OFFSET_S
    clock.seconds = midnight - GREGORIAN_OFFSET_S + 3600
    end = {"call_id": "c@h", "timestamp": midnight + 60, "duration_seconds": 120, "billing_seconds": 100}
    keep_cdr(client.cluster, client.account, end, f"{midnight - 60}-abc")

    def listed(since: int) -> int:
        return len(client.ask("GET", f"cdrs?created_from={since}&created_to={midnight + 600}").json()["data"])

    assert (listed(midnight), listed(midnight - 86_400)) == (0, 1)
    assert client.ask("GET", "cdrs/202511-c%40h").json()["data"]["timestamp"] == midnight + 60
    assert client.ask("GET", "cdrs/202512-c%40h").status == 404
    row = client.ask("GET", f"cdrs?created_from={midnight - 86_400}&created_to={midnight + 600}").json()
    assert row["data"][0]["timestamp"] == str(midnight - 60)
    assert row["page_size"] == ("1" if client.cluster.version == "4.3" else 1)


def test_a_body_of_another_type_is_refused_without_a_word(client: Client) -> None:
    """KAZOO takes it for a file."""
    answer = client.ask("PUT", "devices", {"name": "x"}, content_type="text/plain")
    assert (answer.status, answer.body) == (415, b"")


def test_a_span_of_more_than_a_month_is_refused(client: Client) -> None:
    """A span of more than a month is refused."""
    answer = client.ask("GET", "cdrs?created_from=63900000000&created_to=63931284000")
    assert (answer.status, "date_range" in answer.json()["data"]["created_from"]) == (400, True)
