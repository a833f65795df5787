"""The index and the bundle of the docs that assistants read."""

from __future__ import annotations

import yaml

from tools.llms import ROOT, bundle, index, pages, title_and_summary

NAVIGATION = yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]


def test_every_page_of_the_navigation_is_indexed_with_a_summary() -> None:
    """A page without a first sentence could not be chosen."""
    names = list(pages(NAVIGATION))
    lines = index(names, "about").splitlines()[6:]
    assert len(lines) == len(names)
    without = [line for line in lines if ": " not in line and "/reference/" not in line]
    assert without == []


def test_the_bundle_holds_each_page_in_order() -> None:
    """Under its path."""
    text = bundle(["glossary.md", "index.md"])
    assert text.startswith("<!-- glossary.md -->\n\n# Glossary")
    assert text.index("<!-- index.md -->") > text.index("| callflow |")


def test_the_summary_is_the_first_sentence() -> None:
    """Tables and code are skipped."""
    assert title_and_summary("# A\n\n| t |\n\nOne `x` here. Two.\n") == ("A", "One `x` here.")
    assert title_and_summary("# A\n") == ("A", "")
