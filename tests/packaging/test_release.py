"""What keeps a release from being made, and what an audit of the lock reads."""

from __future__ import annotations

from tools.audit import shipped
from tools.release import notes, problems

PYPROJECT = '[project]\nname = "x"\nversion = "1.2.0"\n'
CHANGELOG = (
    "# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-11-25\n\n- New.\n\n## 1.1.0 - 2026-01-01\n\n- Old.\n"
)


def test_a_complete_release_has_no_problems() -> None:
    """Version, dated section, matching tag, nothing uncommitted."""
    assert problems(PYPROJECT, CHANGELOG, ["v1.2.0"], "") == []


def test_each_gap_is_named_with_its_remedy() -> None:
    """A section without a date, another tag, a change that is not committed."""
    undated = CHANGELOG.replace("## 1.2.0 - 2026-11-25", "## 1.2.0")
    assert [line.partition(":")[0] for line in problems(PYPROJECT, undated, [], "")] == ["CHANGELOG.md"]
    assert "v1.2.0" in problems(PYPROJECT, CHANGELOG, ["v1.1.9"], "")[0]
    assert "uncommitted" in problems(PYPROJECT, CHANGELOG, [], " M x")[0]
    assert "MAJOR.MINOR.PATCH" in problems(PYPROJECT.replace("1.2.0", "1.2"), CHANGELOG, [], "")[0]


def test_the_notes_are_one_section() -> None:
    """Neither its heading nor the section after it."""
    assert notes(CHANGELOG, "1.2.0") == "- New."
    assert notes(CHANGELOG, "1.1.0") == "- Old."
    assert notes(CHANGELOG, "1.3.0") is None


def test_a_lock_is_read_by_name_and_version() -> None:
    """Hashes, comments and markers are not versions."""
    lock = 'a-b==1.0 \\\n    --hash=sha256:0\n# via x==9\nc.d==2.0.1 ; python_version < "3.12"\n'
    assert shipped(lock) == {"a-b": "1.0", "c.d": "2.0.1"}
