"""`pivot call` and `pivot load`, as their users run them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import kazoo_callflow as callflow
from kazoo_simulator import Http, Simulator, Webhook
from pivotctl.cli import app
from tests.simulator.conftest import WebServer, http

MENU = json.dumps(
    {
        "module": "tts",
        "data": {"text": "Press 1."},
        "children": {
            "_": {
                "module": "collect_dtmf",
                "data": {},
                "children": {
                    "_": {
                        "module": "pivot",
                        "data": {"voice_url": "http://pivot.example.test/next", "method": "post"},
                        "children": {"_": {"module": "hangup", "data": {}}},
                    }
                },
            }
        },
    }
).encode()
RING = b'{"module":"user","data":{"id":"support"},"children":{"_":{"module":"tts","data":{"text":"Sorry."}}}}'


@pytest.fixture
def menu(server: WebServer) -> WebServer:
    """A server that asks for a digit, then rings support."""
    server.answers = [http(200, MENU), http(200, RING)]
    return server


def pivot(server: WebServer, *arguments: str, keyboard: str = "") -> Result:
    """Run the command against a server."""
    options = ("--url", f"http://127.0.0.1:{server.port}", "--public-url", "http://pivot.example.test")
    return CliRunner().invoke(app, [*arguments, *options], input=keyboard)


def test_a_call_by_hand(menu: WebServer) -> None:
    """Keys and what the callee does are typed where the call waits for them."""
    result = pivot(menu, "call", "+14155550123", "2000", "--path", "/menu", keyboard="1\nb\n")
    assert result.exit_code == 0, result.output
    assert "collected default = '1'" in result.output
    assert "USER_BUSY" in result.output
    assert '"Sorry."' in result.output


def test_the_end_of_the_input_hangs_up(menu: WebServer) -> None:
    """Nobody types any more: the caller hangs up."""
    result = pivot(menu, "call", keyboard="")
    assert "the caller hung up" in result.output


def test_a_call_in_real_time(server: WebServer) -> None:
    """The same call, with prompts as long as they are."""
    result = pivot(server, "call", "--real-time", keyboard="h\n")
    assert result.exit_code == 0, result.output
    assert '"welcome"' in result.output


def test_a_call_as_json_lines(menu: WebServer) -> None:
    """Every event is one line of JSON."""
    result = pivot(menu, "call", "--json", keyboard="1\nb\n")
    kinds = [json.loads(line)["kind"] for line in result.stdout.splitlines()]
    assert kinds[0] == "call_started"
    assert [kind for kind in kinds if kind != "leg_told"][-1] == "call_ended"


def test_the_flows_alone(menu: WebServer, server: WebServer) -> None:
    """Each answered callflow is one line of JSON, for another program; the exit code says the rest."""
    result = pivot(menu, "call", "--flow-only", keyboard="1\nb\n")
    flows = [json.loads(line) for line in result.stdout.splitlines()]
    assert flows
    assert all(callflow.validate(flow, "4.3") == [] for flow in flows)
    server.answers = [http(200, b"no flow")]
    failed = pivot(server, "call", "--flow-only", keyboard="h\n")
    assert (failed.stdout, failed.exit_code) == ("", 1)


def test_a_scripted_call(menu: WebServer, tmp_path: Path) -> None:
    """A script plays by itself, and its failure is the exit code."""
    script = tmp_path / "call.yaml"
    script.write_text(
        "steps:\n- hears: press 1\n- presses: 1\n- rings: support\n- busy\n- hears: sorry\n- ends\n"
    )
    assert pivot(menu, "call", "--script", str(script)).exit_code == 0
    script.write_text("steps:\n- hears: good evening\n")
    menu.requests.clear()
    result = pivot(menu, "call", "--script", str(script))
    assert result.exit_code == 1
    assert "EXPECTED hears 'good evening'" in result.output
    script.write_text("steps:\n- sings: now\n")
    result = pivot(menu, "call", "--script", str(script))
    assert result.exit_code == 2
    assert "call.yaml:2: steps.0.sings" in result.output


def test_a_rejected_answer_is_the_exit_code(server: WebServer) -> None:
    """Dead air is not what a caller wants."""
    server.answers = [http(200, b"[]")]
    result = pivot(server, "call", keyboard="h\n")
    assert result.exit_code == 1
    assert "dead air" in result.output


def test_no_answer_is_the_exit_code(server: WebServer) -> None:
    """A stack that is down is not a success, although the caller gets the fallback."""
    result = CliRunner().invoke(app, ["call", "--url", "http://127.0.0.1:1"])
    assert result.exit_code == 1
    assert "refused" in result.output


def test_options_rule_over_the_script(menu: WebServer, tmp_path: Path) -> None:
    """The same script for both versions and another account."""
    script = tmp_path / "call.yaml"
    script.write_text('kazoo: "4.3"\ncall: {path: /menu}\nsteps: [{hears: Press 1}, hangs_up]\n')
    options = ("--script", str(script), "--kazoo", "5", "--account-id", "f" * 32)
    result = pivot(menu, "call", *options, "--json")
    assert result.exit_code == 0, result.output
    started = json.loads(result.stdout.splitlines()[0])
    assert (started["kazoo"], started["account_id"]) == ("5", "f" * 32)


def test_record_and_replay(menu: WebServer, tmp_path: Path) -> None:
    """A recorded call is played again; another application is told apart."""
    file = str(tmp_path / "call.json")
    assert pivot(menu, "call", "--record", file, keyboard="1\nb\n").exit_code == 0
    menu.requests.clear()
    assert pivot(menu, "call", "--replay", file).exit_code == 0
    menu.requests.clear()
    menu.answers = [http()]
    result = pivot(menu, "call", "--replay", file)
    assert result.exit_code == 1
    assert "+hears speech 'welcome'" in result.output


def test_a_replay_whose_end_is_refused_fails(server: WebServer, tmp_path: Path) -> None:
    """It fails also where the recording's own was refused; without a token it is not placed at all."""
    file = tmp_path / "call.json"
    server.answers = [http(200, b'{"module":"tts","data":{"text":"hi"},"children":{}}'), http(403, b"")]
    target = Http(f"http://127.0.0.1:{server.port}", "t0ken", public_url="http://pivot.example.test")
    hook = Webhook("http://pivot.example.test/call_ended?token=t0ken")
    Simulator(target, path="/menu", webhook=hook).call().ends().session().save(file)
    server.requests.clear()
    result = pivot(server, "call", "--replay", str(file), "--token", "other")
    assert b"token=other" in server.requests[1].partition(b"\r\n")[0]
    assert result.exit_code == 1
    assert "channel_destroy of leg a was not taken (answered 403)" in result.output
    server.requests.clear()
    result = pivot(server, "call", "--replay", str(file))
    assert (result.exit_code, server.requests) == (2, [])
    assert "needs a token" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("call", "--kazoo", "6"), "one of 4.3, 4.3-2023-11, 5"),
        (("load", "--calls", "0"), "greater than or equal to 1"),
    ],
)
def test_wrong_usage(server: WebServer, arguments: tuple[str, ...], expected: str) -> None:
    """What cannot be is said, with exit code 2."""
    result = pivot(server, *arguments)
    assert result.exit_code == 2
    assert expected in result.output


def test_a_file_of_another_kind_is_told_in_a_line(server: WebServer, tmp_path: Path) -> None:
    """Neither a traceback nor a page of someone else's words."""
    file = tmp_path / "file"
    file.write_bytes(b"\xff\xfe")
    script = pivot(server, "call", "--script", str(file))
    assert (script.exit_code, "not UTF-8: byte 0" in " ".join(script.output.split())) == (2, True)
    file.write_text("hello")
    replayed = pivot(server, "call", "--replay", str(file))
    assert replayed.exit_code == 2
    assert "no recorded call" in " ".join(replayed.output.split())
    assert "pydantic" not in replayed.output


def test_load(server: WebServer) -> None:
    """Percentiles and outcomes of many calls."""
    result = pivot(server, "load", "--calls", "20", "--rate", "200", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert summary["requests"] == 20
    assert summary["outcomes"] == {"flow": 20}
    assert set(summary["latency_ms"]) == {"p50", "p90", "p95", "p99", "max"}


def test_load_names_the_answers_kazoo_rejects(server: WebServer) -> None:
    """An invalid flow under load is counted, shown, and the exit code."""
    server.answers = [http(200, b'{"module":"say"}')]
    result = pivot(server, "load", "--calls", "3", "--rate", "200")
    assert result.exit_code == 1
    assert "3 × the flow is invalid" in result.output


def test_load_does_not_leave_this_machine_unasked() -> None:
    """Another machine's address must be repeated."""
    result = CliRunner().invoke(app, ["load", "--url", "https://pivot.example.com"])
    assert result.exit_code == 2
    assert "--confirm-url" in result.output
