"""Where sentences end, by script: full stops of China, Japan, India and Arabia, and of those who write
abbreviations.
"""

from __future__ import annotations

import re

from pivot_app.speech._languages import base, cldr

# These end a sentence wherever they stand: the full stops of Chinese and Japanese, danda, Arabic, Urdu,
# Armenian, Ethiopic, Khmer, Myanmar; and the end of a line.
_ALWAYS = (
    r"[。！？｡．\u0964\u0965\u061f\u06d4\u0589\u1362\u1367\u17d4\u17d5\u104b][」』”’）\"')\]]*\s*|\s*\n\s*"
)
# These only before a space: a full stop also stands in 2.50, example.com and Dr.
_BEFORE_SPACE = r"[.!?…\u037e]+[”’»\"')\]]*\s+"
_END = re.compile(f"{_ALWAYS}|{_BEFORE_SPACE}")
_END_GREEK = re.compile(rf"{_ALWAYS}|[.!?…;\u037e]+[”’»\"')\]]*\s+")
# Thai, Lao and Khmer write no full stop: a space between two letters is where a speaker pauses.
_SPACED = re.compile(
    r"(?<=[\u0e00-\u0eff\u1780-\u17ff0-9}\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])"
    r"\s+(?=[\u0e00-\u0eff\u1780-\u17ff{])"
)
_SPACED_LANGUAGES = frozenset({"th", "lo", "km"})

# Abbreviations, lower case: the first go on whatever follows, the others only before a number.
_TITLES_TEXT = """
mr mrs ms mx dr prof sr sra srta st sta sto ste mme mlle mm hr fr frau dott sig dña dn don ing lic arq abg pr
mgr rev hon gen col capt sgt lt dipl-ing mag bzw vgl evtl ggf inkl zzgl ca approx vs jr sgg pan pani dhr mevr
mw г гг ул им тов гр проф д-р п пр св тел т
"""
_BEFORE_NUMBERS_TEXT = "no nr núm num nº tel ext int art p pp ch abs št č čís tlf ph fig sect apt bd vol §"
_TITLES = frozenset(_TITLES_TEXT.split())
_BEFORE_NUMBERS = frozenset(_BEFORE_NUMBERS_TEXT.split())
_INITIAL = re.compile(r"[^\W\d_]\.")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w.'-]*)$")


def sentences(text: str, tag: str | None) -> list[str]:
    """Return the sentences of a text, each with the space after it: joined they are the text again."""
    code = base(tag)
    found: list[str] = []
    begin = 0
    for end in (_END_GREEK if code == "el" else _END).finditer(text):
        if _goes_on(text, begin, end) or _is_date(text, end, code):
            continue
        found.append(text[begin : end.end()])
        begin = end.end()
    if begin < len(text):
        found.append(text[begin:])
    if code in _SPACED_LANGUAGES:
        found = [piece for each in found for piece in _at_spaces(each)]
    return found


def _goes_on(text: str, begin: int, end: re.Match[str]) -> bool:
    """Return whether a full stop ends an abbreviation, and not its sentence."""
    mark = end[0]
    if mark[0] not in ".!?…" or "\n" in mark:
        return False
    following = text[end.end() : end.end() + 1]
    if following.islower():
        return True
    if mark[0] != "." or mark.startswith(".."):
        return False
    before = _WORD_BEFORE.search(text, begin, end.start())
    if before is None:
        return False
    word = before[1].lower()
    if word in _TITLES:
        return True
    if word in _BEFORE_NUMBERS:
        return following.isdigit() or following in ("{", "+")
    # U.S., z. B., J. R. R.: single letters, at the start, or with another one after them.
    letters = word.split(".")
    is_initial = len(letters) > 1 or before.start() == begin or bool(_INITIAL.match(text, end.end()))
    return all(len(each) <= 1 for each in letters) and is_initial and word != "i"


def _is_date(text: str, end: re.Match[str], code: str) -> bool:
    """Return whether a full stop stands between a day and its month: "1. Mai"."""
    known = cldr(code)
    if known is None or not known.months or end[0].strip() != "." or not text[: end.start()][-1:].isdigit():
        return False
    return text[end.end() :].lower().startswith(known.months)


def _at_spaces(sentence: str) -> list[str]:
    found, begin = [], 0
    for gap in _SPACED.finditer(sentence):
        found.append(sentence[begin : gap.end()])
        begin = gap.end()
    return [*found, sentence[begin:]]
