"""The README stays true: its commands exist, its links lead somewhere, its snippets run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import kazoo_callflow as callflow
from pivotctl.cli import COMMANDS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("examples/*/README.md"),
    ]
)


def blocks(language: str) -> list[str]:
    """The README's code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    """Every relative link names a file of the repository."""
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_make_targets_it_names_exist() -> None:
    """`make X` in the README is a target."""
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^\$ |`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test", "up"} <= named <= targets


def test_the_pivot_commands_it_names_exist() -> None:
    """`pivot X` in the README is a command."""
    named = set(re.findall(r"(?:\.venv/bin/|`)pivot ([a-z][a-z-]*)", README))
    assert named
    assert named <= set(COMMANDS)


def test_the_pivot_node_is_one_kazoo_saves() -> None:
    """What a reader pastes into a callflow is valid on both versions."""
    (node,) = [json.loads(block) for block in blocks("json")]
    for version in callflow.VERSIONS:
        assert callflow.validate(node, kazoo=version) == []


def test_the_callback_runs() -> None:
    """The snippet runs as it stands: its names are ones a reader can import, its fallback is valid."""
    (snippet,) = blocks("python")
    names: dict[str, object] = {}
    exec(compile(snippet, "README.md", "exec"), names)
    handler = names["handler"]
    assert callable(handler)
