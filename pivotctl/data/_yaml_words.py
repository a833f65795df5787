"""The errors of the YAML parser in the words of a person who edits menus."""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError


def yaml_mistake(error: MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """Return (line, column, what is wrong and how it is written) of a parser's error."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    # As the parser counts lines: Python also ends them at U+2028 and others.
    lines = re.split(r"\r\n|\r|\n", text)
    problem, context = error.problem or "", error.context or ""
    tab = next((n for n, each in enumerate(lines[:line], 1) if re.match(r" *\t", each)), None)
    if tab is not None and ("\\t" in problem or "tab" in problem or tab == line):
        return (
            tab,
            1,
            f"line {tab} is indented with a tab; YAML takes spaces only: put two for each tab",
        )
    if "quoted scalar" in context:
        begins = error.context_mark.line + 1 if error.context_mark else line
        quote = lines[begins - 1][error.context_mark.column :][:1] if error.context_mark else '"'
        where = error.context_mark.column + 1 if error.context_mark else column
        if "end of stream" in problem or "document separator" in problem:
            return (
                begins,
                where,
                f"the text that begins on line {begins} with {quote} has no {quote} at its end; add it there",
            )
        return begins, where, f"{problem}; in double quotes write a backslash as \\\\, or use single quotes"
    if problem == "mapping values are not allowed here":
        return (
            line,
            column,
            f"{problem}; put a text with a colon in quotes, and look whether the line is indented too far",
        )
    if "block mapping" in context or "block collection" in context or "block end" in problem:
        here = lines[line - 1] if line <= len(lines) else ""
        if column - 1 > _depth(here) and here[:column].rstrip()[-1:] != ":":
            message = (
                "the text before this is over already; write a quote inside of quotes twice (''), or put the "
                "whole text in the other kind of quotes"
            )
            return line, column, message
        return line, column, _indentation(lines, line)
    if "flow" in context:
        begins = error.context_mark.line + 1 if error.context_mark else line
        # YAML counts lines that splitlines() does not, so the mark may be past the end.
        opened = lines[begins - 1 : begins] or [""]
        bracket = opened[0][error.context_mark.column :][:1] if error.context_mark else "{"
        closing = {"{": "}", "[": "]"}.get(bracket, "}")
        what = f"the {bracket or 'bracket'} of line {begins} is not closed with {closing} before this"
        return line, column, f"{what}, or a comma is missing"
    if "could not find expected ':'" in problem:
        begins = error.context_mark.line + 1 if error.context_mark else line
        return begins, 1, "a key has no colon after it; write `key: value`, with a space after the colon"
    if "undefined alias" in problem or "anchor" in problem:
        return line, column, f"{problem}; put a text that begins with * or & in quotes"
    words = " ".join(part for part in (context, problem) if part)
    return line, column, f"{words}; put a text with special characters (: # * & @ % {{ [) in quotes"


def _indentation(lines: list[str], line: int) -> str:
    """Return what a line's indentation does not agree with."""
    here = lines[line - 1] if line <= len(lines) else ""
    depth = _depth(here)
    above = [each for each in lines[: line - 1] if each.strip() and not each.lstrip().startswith("#")]
    depths = sorted({_depth(each) for each in above})
    if depth in depths:
        return f"line {line} does not fit here: {here.strip()[:40]!r}; a list item needs `- `, a key a colon"
    nearest = sorted(depths, key=lambda each: (abs(each - depth), each))[:2]
    wanted = " or ".join(str(each) for each in sorted(nearest)) or "0"
    return (
        f"line {line} is indented by {depth} spaces, as no line above it is; use {wanted}, as the lines "
        "it belongs to"
    )


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
