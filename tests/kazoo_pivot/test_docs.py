"""docs/pivot.md tells the truth."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kazoo_pivot import KEEP_S, _envelope, _parameters, _request, _request_context
from pivot_app.aws import clients, parameters
from pivot_app.live_debug import recorder
from pivot_app.tenants import _directory, _old_tokens
from pivotctl.cli import app
from pivotctl.tokens import _keys

from .conftest import Context, Deployment

PAGE = (Path(__file__).parents[2] / "docs" / "pivot.md").read_text()


def test_the_snippets_run(deployment: Deployment) -> None:
    """Every Python block runs after the ones before it."""

    def say(answer: Any) -> str:
        return str(json.loads(answer["body"])["data"]["text"])

    names: dict[str, Any] = {
        "event": deployment.event,
        "follow": deployment.follow,
        "say": say,
        "context": Context(),
    }
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 6
    for number, block in enumerate(blocks, 1):
        exec(compile(block, f"docs/pivot.md block {number}", "exec", dont_inherit=True), names)


def test_the_commands_exist() -> None:
    """Every command of the page is one, with the options shown."""
    for line in re.findall(r"^\$ pivot (.*)$", PAGE, re.MULTILINE):
        words = line.split()
        depth = 2 if words[0] == "token" else 1
        shown = CliRunner().invoke(app, [*words[:depth], "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0, line
        for option in re.findall(r"--[a-z-]+", line):
            assert option in shown.output, option


def test_the_numbers_are_the_codes() -> None:
    """Limits and times on the page are those in force."""
    assert _parameters.MAX_BYTES == 256 * 1024
    assert (_parameters.MAX_PARAMETERS, _parameters.MAX_DEPTH) == (1000, 16)
    assert (_request.MAX_DIGITS, _request.MAX_COLLECTIONS) == (255, 100)
    assert (_request_context.MARGIN_S, _request_context.KAZOO_WAITS_S - _request_context.ON_THE_WAY_S) == (
        0.4,
        4,
    )
    assert (
        clients.CONNECT_TIMEOUT_S + clients.READ_TIMEOUT_S
    ) * clients.TRIES == 3  # and 1 between the tries
    assert KEEP_S == 6 * 3600
    assert (_directory.KNOWN_FOR_S, _directory.STALE_FOR_S, _directory.REFUSED_FOR_S) == (60, 900, 15)
    assert (_directory.CACHED_TENANTS, _directory.CACHED_REFUSALS) == (2_048, 256)
    assert (parameters.FRESH_S, parameters.STALE_FOR_S) == (60, 900)
    assert (_old_tokens.READS_A_SECOND, _old_tokens.READS_AT_ONCE, _old_tokens.REFUSED_FOR_S) == (1, 10, 60)
    assert _keys.PUBLISHED_BEFORE_S == 120
    assert recorder.MAY_TAKE_S == 0.2
    assert f"`{_envelope.TOKEN_HEADER.title()}`" in PAGE
