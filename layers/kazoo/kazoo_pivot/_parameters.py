"""The parameters of a request as a plain tree: what KAZOO encoded, as it was before.

KAZOO 4.3 writes names raw (`Custom-Application-Vars[a][b]=v`, `User-ID[]=x`), leaves `&&` where an empty
object was, and encodes values only: a space as `+`, everything unusual as `%XX`. KAZOO 5 is expected to write
the brackets as `%5B` and `%5D`, and a front door may escape what cannot stand raw in a URL.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_plus

from kazoo_pivot._errors import MalformedRequestError

MAX_BYTES = 256 * 1024
MAX_PARAMETERS = 1_000
MAX_DEPTH = 16
MAX_NAME_CHARACTERS = 1_024

Tree = dict[str, Any]

_ENCODED_BRACKET = re.compile("%5[Bb]")
# Escapes of characters that no client can send raw in a URL: those were made on the way, the name was raw.
_ESCAPES_MADE_ON_THE_WAY = re.compile(
    "(?:%(?:[01][0-9A-Fa-f]|2[023]|3[CcEe]|5[CcEe]|60|7[BbCcDdFf]|[89A-Fa-f][0-9A-Fa-f]))+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_ALWAYS_OBJECTS = frozenset({"Custom-Application-Vars", "Custom-SIP-Headers", "Digits"})


def form_pairs(text: str, *, in_url: bool) -> Iterator[tuple[str, str]]:
    """Yield the decoded (name, value) pairs of a form body, or of a query string when `in_url`."""
    if len(text) > MAX_BYTES:
        raise MalformedRequestError("request", f"longer than {MAX_BYTES} bytes")
    if text.count("&") > MAX_PARAMETERS:
        # An empty object or list leaves a separator too, so empty pieces count.
        raise MalformedRequestError("request", f"more than {MAX_PARAMETERS} parameters")
    for name, value in _encoded_pairs(text):
        decoded = _decode_name(name, in_url=in_url) if "%" in name else name
        yield _text(decoded), _text(unquote_plus(value) if "%" in value or "+" in value else value)


def _encoded_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs as they are; a raw name may hold `=` and even `&`, a value never does."""
    broken = ""
    for piece in text.split("&"):
        if broken:
            piece, broken = f"{broken}&{piece}", ""  # noqa: PLW2901
        elif not piece:
            continue
        name, _, value = piece.partition("=")
        if "[" in name and name[-1] != "]":
            until_bracket, end, after = piece.rpartition("]=")
            if end:
                name, value = until_bracket + "]", after
            elif name.partition("[")[0] in _ALWAYS_OBJECTS and len(piece) < MAX_NAME_CHARACTERS:
                broken = piece
                continue
        yield name, value
    if broken:
        yield broken, ""


def _decode_name(name: str, *, in_url: bool) -> str:
    if "[" not in name and _ENCODED_BRACKET.search(name):
        return unquote_plus(name)
    if not in_url:
        return name

    def decode(escapes: re.Match[str]) -> str:
        decoded = unquote(escapes[0])
        return escapes[0] if "\ufffd" in decoded else decoded

    return _ESCAPES_MADE_ON_THE_WAY.sub(decode, name)


def tree_of(pairs: Iterable[tuple[str, str]]) -> Tree:
    """Return the tree of decoded form pairs: objects by `[name]`, lists by `[]`; a later pair wins."""
    tree: Tree = {}
    for name, value in pairs:
        if len(name) > MAX_NAME_CHARACTERS:
            raise MalformedRequestError("request", f"a name longer than {MAX_NAME_CHARACTERS} characters")
        if "[" not in name or name[-1] != "]":
            tree[name] = value
        else:
            _insert(tree, name, value)
    return tree


def _insert(tree: Tree, name: str, value: str) -> None:
    root, _, inside = name.partition("[")
    # Names are written raw, so one may hold a bracket itself: only `][` separates levels.
    path = [root, *inside[:-1].split("][")]
    if len(path) > MAX_DEPTH:
        raise MalformedRequestError(root, f"nested deeper than {MAX_DEPTH} levels")
    is_item = path[-1] == "" and not (len(path) == 2 and root in _ALWAYS_OBJECTS)
    if is_item:
        path.pop()
    node: Any = tree
    for step in path[:-1]:
        child = node.get(step)
        if not isinstance(child, dict):
            child = node[step] = {}
        node = child
    if not is_item:
        node[path[-1]] = value
    elif isinstance(items := node.get(path[-1]), list):
        items.append(_item(value))
    else:
        node[path[-1]] = [_item(value)]


def _item(value: str) -> Any:
    """Return a list's item; newer KAZOO writes an object in a list as its JSON text."""
    if value[:1] == "{" and value[-1:] == "}":
        try:
            return json_tree(value)
        except MalformedRequestError:
            return value
    return value


def json_tree(text: str) -> Tree:
    """Return the tree of a JSON body; null is absent, as on KAZOO's message bus."""
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise MalformedRequestError("body", "not JSON") from None
    if not isinstance(document, dict):
        raise MalformedRequestError("body", "not a JSON object")
    tree: Tree = _clean(document, MAX_DEPTH)
    return tree


def _refuse_constant(_: str) -> None:
    raise ValueError


def _clean(value: Any, levels: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict | list):
        if levels == 0:
            raise MalformedRequestError("body", f"nested deeper than {MAX_DEPTH} levels")
        if len(value) > MAX_PARAMETERS:
            raise MalformedRequestError("body", f"more than {MAX_PARAMETERS} entries in one object or list")
        if isinstance(value, dict):
            return {_text(k): _clean(v, levels - 1) for k, v in value.items() if v is not None}
        return [_clean(item, levels - 1) for item in value if item is not None]
    if isinstance(value, float) and value - value != 0:
        raise MalformedRequestError("body", "a number too large")
    return value


def _text(value: str) -> str:
    """Return the text with what cannot be written as UTF-8 replaced."""
    return value if value.isascii() else _SURROGATES.sub("\ufffd", value)
