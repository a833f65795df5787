"""Editors and mypy know what every builder takes."""

from __future__ import annotations

from pathlib import Path

from mypy import api

ROOT = Path(__file__).parents[2]

RIGHT = """
import kazoo_callflow as callflow
from kazoo_callflow import Flow, collect_dtmf, models, pivot, ring_group, tts, user, validate

flow: Flow = tts("Hello", engine="google") >> collect_dtmf("menu", max_digits=1) >> pivot("https://x.example")
flow = ring_group([{"id": "a", "endpoint_type": "user", "weight": 3}]).on_busy(user("u")).otherwise(flow)
problems: list[str] = [problem.message for problem in validate(flow, kazoo="4.3")]
text: str = models.TtsData(text="x").text
flow = callflow.set_variables({"a": "b"}) >> callflow.sleep(1, "s")
"""

WRONG = """
import kazoo_callflow as callflow
callflow.tts(5)
callflow.tts("x", voise="y")
callflow.tts("x", engine="none")
callflow.pivot("https://x", method="Post")
callflow.ring_group([{"id": "a"}])
callflow.sleep("1")
callflow.tts("x") >> {"module": "hangup"}
callflow.validate({}, kazoo="6")
callflow.nope()
"""


def check(code: str, folder: Path) -> list[str]:
    """Run mypy as the project does; return its errors."""
    path = folder / "snippet.py"
    path.write_text(code)
    options = [
        "--strict",
        "--no-error-summary",
        "--cache-dir",
        str(ROOT / ".mypy_cache"),
        "--follow-imports",
        "silent",
    ]
    out, _, _ = api.run([*options, "--config-file", str(ROOT / "pyproject.toml"), str(path)])
    return [line for line in out.splitlines() if "error:" in line]


def test_what_is_right_passes(tmp_path: Path) -> None:
    """A typical callback has no type error."""
    assert check(RIGHT, tmp_path) == []


def test_what_is_wrong_is_an_error_on_its_line(tmp_path: Path) -> None:
    """Each mistake is found before the code runs."""
    found = {int(line.split(":")[1]) for line in check(WRONG, tmp_path)}
    assert found == set(range(3, 12))
