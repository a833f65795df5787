"""`pivot validate` as it is used: files, standard input, thousands of lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

VECTORS = Path(__file__).parents[1] / "vectors"


def pivot(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command."""
    code = "import sys; sys.argv[0] = 'pivot'; from pivotctl.cli import main; main()"
    command = [sys.executable, "-c", code, "validate", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def lines(result: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    """Read the JSON lines it printed."""
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("kazoo", ["4.3", "5"])
def test_thousands_of_flows_in_one_run(kazoo: str) -> None:
    """One object per line, in order, with KAZOO's verdict; exit 1 because some are rejected."""
    path = VECTORS / f"flows-{kazoo}.jsonl"
    result = pivot("--kazoo", kazoo, "--jsonl", "--json", str(path))
    assert result.returncode == 1
    wanted = [json.loads(line)["verdict"] for line in path.read_text("utf-8").splitlines()]
    found = lines(result)
    assert [one["verdict"] for one in found] == wanted
    for one in found:
        assert bool(one["problems"]) == (one["verdict"] == "rejected")
        assert all(set(problem) == {"path", "rule", "message"} for problem in one["problems"])


def test_whole_documents_and_standard_input(tmp_path: Path) -> None:
    """A file is one document; `-` is standard input; all accepted is exit 0."""
    good = tmp_path / "good.json"
    good.write_text('{"module": "play"}')
    result = pivot(str(good), "-", stdin=b'{"module":"hangup"}')
    assert result.returncode == 0
    assert result.stdout.decode().splitlines() == [
        f"{good}: accepted",
        "-: accepted",
        "KAZOO 5: 2 checked, 2 accepted, 0 rejected",
    ]


def test_a_rejected_document_is_explained() -> None:
    """The place, the sentence and the rule are printed; exit 1."""
    result = pivot("--kazoo", "4.3", "-", stdin=b'{"module":"tts","children":{"_":{}}}')
    assert result.returncode == 1
    text = result.stdout.decode()
    assert "$.data.text  text is missing, and KAZOO requires it. [required]" in text
    assert "$.children._.module" in text


def test_lines_that_are_not_json_are_rejected_and_the_rest_goes_on() -> None:
    """Each line is judged by itself, hostile ones included; blank lines are none."""
    deep = b'{"module":"play","children":{"_":' * 10_000 + b'{"module":"hangup"}' + b"}}" * 10_000
    raw = [
        b"{",
        b"",
        b'{"module":"play"}',
        b"\xff",
        b'{"flow":{"module":"play"}}',
        b'{"flow":[]}',
        b"null",
        deep,
    ]
    result = pivot("--jsonl", "--json", "-", stdin=b"\n".join(raw))
    assert result.stderr == b""
    assert [one["verdict"] for one in lines(result)] == [
        "rejected",
        "accepted",
        "rejected",
        "accepted",
        "rejected",
        "rejected",
        "accepted",
    ]
    assert lines(result)[0]["problems"][0]["rule"] == "json"


def test_advice_never_changes_the_verdict() -> None:
    """--lint adds what callers regret, beside the problems."""
    result = pivot("--lint", "--json", "-", stdin=b'{"module":"device","data":{"id":"x"}}')
    assert result.returncode == 0
    (found,) = lines(result)
    assert found["verdict"] == "accepted"
    assert [problem["rule"] for problem in found["lint"]] == ["device-timeout"]


def test_hosts_are_checked_unless_told_otherwise() -> None:
    """KAZOO's black lists apply; --any-host leaves them out, for a cluster that emptied them."""
    flow = b'{"module":"pivot","data":{"voice_url":"http://localhost/x"}}'
    assert pivot("-", stdin=flow).returncode == 1
    assert pivot("--any-host", "-", stdin=flow).returncode == 0


def test_mistakes_in_the_command_are_exit_2(tmp_path: Path) -> None:
    """A missing file and an unknown version are said in a line, without a traceback."""
    for arguments in ((str(tmp_path / "missing.json"),), ("--kazoo", "6", "-")):
        result = pivot(*arguments)
        assert result.returncode == 2
        assert b"Traceback" not in result.stderr


@pytest.mark.parametrize("text", [r'{"module":"tts","data":{"text":"\ud800"}}', '"a\nb"', "[1,]", "{", "x"])
def test_what_is_no_json_is_told_in_one_sentence(text: str) -> None:
    """With one full stop, and no word twice."""
    (found,) = lines(pivot("--json", "-", stdin=text.encode()))
    message = found["problems"][0]["message"]
    assert message.endswith(".")
    assert ".." not in message
    assert "at at" not in message
