"""The prose linter finds mannered words in what people read, and leaves code alone."""

from tools.prose import markdown, python


def test_words_are_found_in_text_and_not_in_code() -> None:
    """Fenced blocks and inline code are code."""
    text = "You can not.\n`can not`\n```\ncan not\n```\nWhoever calls, cannot.\n"
    assert [(found.line, found.words) for found in markdown(text)] == [(1, "can not"), (6, "Whoever")]


def test_docstrings_comments_and_messages_are_read() -> None:
    """Names of variables are not."""
    module = '"""Made anew."""\n\nanew = 1  # for want of\nprint("begun at hand")\n'
    found = [(finding.line, finding.words) for finding in python(module)]
    assert found == [(1, "anew"), (3, "for want of"), (4, "begun"), (4, "at hand")]


def test_each_finding_says_what_to_write_instead() -> None:
    """The word list names the rewrite."""
    (finding,) = markdown("It was told of the end.")
    assert finding.instead == "report, notify, or name what is said"
