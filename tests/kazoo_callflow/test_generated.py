"""What is generated is what the generator writes today from KAZOO's schemas and our words."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from pivotctl.callflow_models import ROOT, at_hand, drift
from pivotctl.callflow_models.docs import read_docs
from pivotctl.callflow_models.fetch import SOURCES, needed

GENERATED = ROOT / "layers" / "kazoo" / "kazoo_callflow" / "_generated"


def schemas_at_hand() -> Path:
    """Return where KAZOO's schemas are, or skip."""
    found = at_hand()
    if found is None:
        pytest.skip(
            "KAZOO's schemas are not available: `python -m pivotctl.callflow_models --fetch` brings them"
        )
    return found


def test_generated_files_have_not_drifted() -> None:
    """Each file under `_generated` is, byte for byte, what `python -m pivotctl.callflow_models` writes."""
    assert drift(schemas_at_hand(), GENERATED) == []


def test_a_changed_schema_is_a_drift(tmp_path: Path) -> None:
    """A new bound in a schema shows as a difference of the rules, the builder and the model."""
    shutil.copytree(schemas_at_hand(), tmp_path / "schemas")
    path = tmp_path / "schemas" / "5" / "callflows.tts.json"
    path.chmod(0o644)
    schema = json.loads(path.read_text("utf-8"))
    schema["properties"]["text"]["maxLength"] = 2000
    path.write_text(json.dumps(schema), "utf-8")
    assert set(drift(tmp_path / "schemas", GENERATED)) >= {"schemas_5.json", "builders/tts.py"}


def test_what_is_fetched_is_what_is_needed() -> None:
    """The commits are pinned, and of a folder only the callflow schemas and what they refer to are taken."""
    assert all(re.fullmatch("[0-9a-f]{40}", source.commit) for source in SOURCES.values())
    for version in SOURCES:
        names = needed(schemas_at_hand() / version)
        assert {"callflows.tts", "callflows.action", "custom_sip_headers"} <= set(names)
        assert "accounts" not in names


def test_no_sentence_of_the_schemas_is_copied() -> None:
    """Our words are ours: no description of the schemas is in them."""
    theirs = {
        text.lower().rstrip(".")
        for path in schemas_at_hand().rglob("*.json")
        for text in re.findall(r'"description": ("(?:[^"\\]|\\.)*")', path.read_text("utf-8"))
        for text in [json.loads(text)]
        if len(text.split()) > 4
    }
    ours = {
        text.lower().rstrip(".")
        for words in read_docs().values()
        for text in (words.says, *words.fields.values())
    }
    assert sorted(theirs & ours) == []


def test_every_module_has_words() -> None:
    """Each module says what it does in one sentence."""
    for name, words in read_docs().items():
        assert words.says.endswith("."), name
        assert all(text.endswith(".") for text in (*words.traps, *words.fields.values())), name
