"""The documentation for assistants: `python -m tools.llms`, a part of `make docs`.

Writes `site/llms.txt`, an index with one line for each page, and `site/llms-full.txt`, the text of all pages
in the order of the navigation. Source: mkdocs.yml and docs/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SITE = ROOT / "site"


def pages(navigation: Any) -> Iterator[str]:
    """Yield the pages of a navigation as mkdocs.yml has it, in order."""
    if isinstance(navigation, str):
        yield navigation
    else:
        for entry in navigation.values() if isinstance(navigation, dict) else navigation:
            yield from pages(entry)


def title_and_summary(text: str) -> tuple[str, str]:
    """Return a page's first heading, and the first sentence of its first paragraph; "" where it has none."""
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    paragraphs = [block for block in text.split("\n\n") if block[:1].isalnum() or block[:1] in '`*"']
    words = " ".join(paragraphs[0].split()) if paragraphs else ""
    sentence = re.match(r".*?[.:](?= |$)", words)
    return heading[1] if heading else "", (sentence[0] if sentence else words).rstrip(":")


def index(names: list[str], about: str) -> str:
    """Return llms.txt: the project, then each page with its summary."""
    lines = ["# pivot-lambda", "", f"> {about}", "", "## Pages", ""]
    for name in names:
        title, summary = title_and_summary((DOCS / name).read_text())
        address = name.removesuffix("index.md").removesuffix(".md")
        lines.append(f"- [{title}]({address}/): {summary}".rstrip(": "))
    return "\n".join(lines) + "\n"


def bundle(names: list[str]) -> str:
    """Return all pages as one text, each under its path."""
    return "\n".join(f"<!-- {name} -->\n\n{(DOCS / name).read_text()}" for name in names)


def main() -> None:
    """Write both files beside the built site."""
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    names = list(pages(settings["nav"]))
    SITE.mkdir(exist_ok=True)
    (SITE / "llms.txt").write_text(index(names, settings["site_description"]))
    (SITE / "llms-full.txt").write_text(bundle(names))


if __name__ == "__main__":
    main()
