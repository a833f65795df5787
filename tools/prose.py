"""Finds sentences that are not plain English: `python -m tools.prose`, a part of `make lint`.

Reads what people read: Markdown, and the docstrings, comments and texts of Python. `prose.toml` lists the
words. Code in Markdown is not searched.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
WORDS = tuple(tomllib.loads((Path(__file__).parent / "prose.toml").read_text())["words"].items())
PATTERN = re.compile("|".join(rf"\b(?P<w{n}>{words})\b" for n, (words, _) in enumerate(WORDS)), re.IGNORECASE)
SKIPPED = (
    "tools/prose.py",
    "tests/docs/test_prose.py",
    "docs/reference/",
    "tests/vectors/",
    "layers/kazoo/kazoo_callflow/_generated/",
)


class Found(NamedTuple):
    """Words to replace, and by what."""

    line: int
    words: str
    instead: str


def main() -> int:
    """Print every finding as `file:line: words → instead`; return 1 if there is one."""
    found = 0
    for file in _files():
        text = (ROOT / file).read_text()
        for finding in markdown(text) if file.endswith(".md") else python(text):
            print(f"{file}:{finding.line}: {finding.words!r} → {finding.instead}")
            found += 1
    return 1 if found else 0


def markdown(text: str) -> Iterator[Found]:
    """Yield what is found in a Markdown text, outside its code."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield from _search(re.sub(r"`[^`]*`", "``", line), number)


def python(text: str) -> Iterator[Found]:
    """Yield what is found in the comments and the texts, docstrings included, of a Python module."""
    kinds = {tokenize.STRING, tokenize.COMMENT, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type in kinds:
            for number, line in enumerate(token.string.splitlines(), token.start[0]):
                yield from _search(line, number)


def _search(line: str, number: int) -> Iterator[Found]:
    for match in PATTERN.finditer(line):
        yield Found(number, match.group(), WORDS[int(str(match.lastgroup)[1:])][1])


def _files() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [file for file in listed if not file.startswith(SKIPPED) and (ROOT / file).exists()]


if __name__ == "__main__":
    sys.exit(main())
