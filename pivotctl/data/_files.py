"""Reads documents from YAML or JSON files; every error has file, line and column."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, ReusedAnchorWarning, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from pivotctl.data._models import json_schema
from pivotctl.data._other_words import OTHER_FIELDS, OTHER_WORDS
from pivotctl.data._walk import Place
from pivotctl.data._yaml_words import yaml_mistake
from pivotctl.data.documents import KINDS, AnyDocument, MenuDocument, RoutingDocument, load
from pivotctl.data.lint import Diagnostic
from pivotctl.errors import WRONG_USAGE, UserError

MAX_FILE_BYTES = 50_000_000
MAX_VALUES = 5_000_000
"""Of a document with its aliases followed: a small file must not grow without end."""

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_FRACTION = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something wrong at a place of a file."""

    file: str
    line: int
    column: int
    message: str
    level: str = "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {self.message}"


class FileError(UserError):
    """A file is not a usable document."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = sorted(dict.fromkeys(mistakes), key=lambda mistake: (mistake.line, mistake.column))
        super().__init__("\n".join(map(str, self.mistakes)))


class UnreadableFileError(FileError):
    """There is no such file, or it may not be read."""

    exit_code = WRONG_USAGE


@dataclass(frozen=True, slots=True)
class Source:
    """A document with the file it was read from."""

    file: str
    text: str
    document: AnyDocument
    root: Node

    @property
    def kind(self) -> str:
        """`menus`, `routing` or `callers`."""
        return self.document.kind

    @property
    def size(self) -> str:
        """How much is in it, in a few words."""
        document = self.document
        match document:
            case MenuDocument():
                return f"{len(document.menus)} menus"
            case RoutingDocument():
                rules = sum(len(route.rules) for route in document.routes.values())
                return f"{rules} rules in {len(document.routes)} routes"
            case _:
                numbers = sum(len(account.numbers) for account in document.accounts.values())
                users = sum(len(account.users) for account in document.accounts.values())
                counted = f"{len(document.accounts)} accounts with {numbers} numbers"
                return counted + (f" and {users} users" if users else "")

    def mistake(self, finding: Diagnostic) -> Mistake:
        """Return a finding with its place in the file."""
        line, column = position(self.root, finding.place)
        return Mistake(self.file, line, column, f"{finding.path}: {finding.message}", finding.level)


def read(path: Path) -> Source:
    """Read and check one file. FileError lists every mistake that can be found at once."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise FileError(
                [Mistake(name, 1, 1, f"the file has {size:,} bytes, over {MAX_FILE_BYTES:,}; split it")]
            )
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(
            [Mistake(name, 1, 1, f"the file is not UTF-8 (byte {error.start}); save it as such")]
        ) from None
    except OSError as error:
        mistake = Mistake(name, 1, 1, f"the file cannot be read: {error.strerror}")
        raise UnreadableFileError([mistake]) from None
    return parse(text, name)


def parse(text: str, file: str) -> Source:
    """Read and check a document's text; `file` names it in mistakes."""
    root = _compose(text, file)
    value = _Builder(file).value(root)
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        line, column = position(root, ("kind",))
        message = f"kind: must be one of {', '.join(KINDS)}, not {kind!r}"
        if kind is None:
            message = (
                f"kind is missing; a document begins with `kind: menus` (or {', '.join(list(KINDS)[1:])})"
            )
        raise FileError([Mistake(file, line, column, message)])
    try:
        document = load(value)
    except ValidationError as error:
        raise FileError(mistakes_of(error, root, file, kind)) from None
    return Source(file, text, document, root)


def mistakes_of(error: ValidationError, root: Node, file: str, kind: str) -> list[Mistake]:
    """Return every error of pydantic, in our words, at its place."""
    mistakes = []
    for each in error.errors(include_url=False):
        place, message = _in_our_words(each, root, kind)
        line, column = position(root, place)
        path = ".".join(str(part) for part in place)
        mistakes.append(Mistake(file, line, column, f"{path}: {message}" if path else message))
    return mistakes


def _in_our_words(error: Mapping[str, Any], root: Node, document_kind: str) -> tuple[Place, str]:
    where: tuple[Any, ...] = error["loc"]
    place = _existing(root, where)
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            name = str(where[-1])
            return place, f"there is no field {name!r} here{_did_you_mean(name, document_kind)}"
        case "missing":
            return place, f"the field {where[-1]!r} is missing"
        case "union_tag_not_found":
            return place, f"say which one it is: {context['discriminator']} is missing"
        case "union_tag_invalid":
            known = re.findall(r"'([^']+)'", context["expected_tags"])
            tag, field = str(context["tag"]), context["discriminator"].strip(chr(39))
            return place, f"{field} {tag!r} is unknown{_instead(field, tag, known)}"
        case "value_error":
            return place, str(context["error"])
        case "string_type":
            kind = {
                "int": "a number",
                "float": "a number",
                "bool": "true or false",
                "NoneType": "nothing",
            }.get(type(error["input"]).__name__, f"a {_kind(error['input'])}")
            return (
                place,
                f"must be a text, not {kind}; put it in quotes"
                if "number" in kind
                else f"must be a text, not {kind}",
            )
        case "string_pattern_mismatch":
            return (
                place,
                f"{str(error['input'])[:60]!r} has the wrong form; it must match {context['pattern']}",
            )
        case "frozen_set_type" | "list_type":
            return place, f"must be a list, not a {_kind(error['input'])}"
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:]
            return place, message.replace("input should", "must").replace("dictionary", "mapping")


def _instead(field: str, tag: str, known: list[str]) -> str:
    """Return what the author may have meant: a synonym, a similar name, or all names."""
    hint = OTHER_WORDS[field].get(tag)
    if hint is not None:
        return f"; {hint}"
    close = get_close_matches(tag, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


def _did_you_mean(name: str, kind: str) -> str:
    if name in OTHER_FIELDS:
        return f"; it is called {OTHER_FIELDS[name]!r}"
    fields = _field_names(kind)
    close = [field for field in get_close_matches(name, fields, n=1, cutoff=0.75) if field != name]
    return f"; did you mean {close[0]!r}?" if close else ""


@cache
def _field_names(kind: str) -> list[str]:
    """Return every field a document of this kind can have, wherever."""
    schema = json_schema(KINDS[kind])
    models = [schema, *schema.get("$defs", {}).values()]
    return sorted({name for model in models for name in model.get("properties", {})})


def _kind(value: Any) -> str:
    return {"dict": "mapping", "list": "list"}.get(type(value).__name__, type(value).__name__)


def _compose(text: str, file: str) -> Node:
    try:
        with warnings.catch_warnings():
            # YAML lets a name be given twice; the later one counts from there on.
            warnings.simplefilter("ignore", ReusedAnchorWarning)
            root: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        line, column, message = yaml_mistake(error, text)
        raise FileError([Mistake(file, line, column, f"not YAML: {message}")]) from None
    except RecursionError:
        raise FileError([Mistake(file, 1, 1, "the document is nested too deeply to be read")]) from None
    except YAMLError as error:
        raise FileError([Mistake(file, 1, 1, f"not YAML: {str(error).splitlines()[0]}")]) from None
    if root is None:
        raise FileError([Mistake(file, 1, 1, "the file is empty")])
    return root


class _Builder:
    """Turns nodes into values: keys are always text, and only plain JSON numbers are numbers.

    So a phone number keeps its plus and an account number its leading zeros, quoted or not.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._values = 0
        self._open: set[int] = set()

    def value(self, node: Node) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            raise self._error(node, f"the document has more than {MAX_VALUES:,} values")
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        if id(node) in self._open:
            raise self._error(node, "an alias refers to its own parent")
        self._open.add(id(node))
        try:
            if isinstance(node, SequenceNode):
                return [self.value(item) for item in node.value]
            return self._mapping(node)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: Node) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or str(key.tag).endswith(":merge"):
                raise self._error(key, "only plain keys can be used here")
            if key.value in made:
                raise self._error(key, f"the key {key.value!r} is given twice")
            made[key.value] = self.value(value)
        return made

    @staticmethod
    def _scalar(node: ScalarNode) -> Any:
        text = node.value
        if node.style is not None:
            return text
        if text.lower() in _WORDS and (text.islower() or text in ("", "~", "True", "False", "Null")):
            return _WORDS[text.lower()]
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _FRACTION.fullmatch(text) else text

    def _error(self, node: Node, message: str) -> FileError:
        mark = node.start_mark
        return FileError([Mistake(self._file, mark.line + 1, mark.column + 1, message)])


def _existing(root: Node, where: tuple[Any, ...]) -> Place:
    """Return the part of pydantic's location that is in the file, without its union members."""
    place: list[str | int] = []
    node: Node | None = root
    tag = _tag(root)
    for position_in, part in enumerate(where):
        if part == tag:
            # A union's member, which may be called as one of its fields is: `do: menu, menu: main`.
            tag = None
            continue
        child = _child(node, part)
        if child is None:
            # The last part may be a key that is missing; a part before may be a union's tag.
            if position_in == len(where) - 1:
                break
            continue
        node = child[1]
        tag = _tag(node)
        place.append(part)
    return tuple(place)


def _tag(node: Node) -> str | None:
    """Return what a condition or an action says it is, as pydantic names it in locations."""
    for name in ("test", "do"):
        child = _child(node, name)
        if child is not None and isinstance(child[1], ScalarNode):
            return str(child[1].value)
    return None


def _child(node: Node | None, part: Any) -> tuple[Node, Node] | None:
    """Return the (key, value) nodes under a mapping, or an item of a list twice."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key, value
    elif isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def position(root: Node, place: Place) -> tuple[int, int]:
    """Line and column, from 1, of the last part of a place that the file has."""
    mark = root.start_mark
    node = root
    for part in place:
        child = _child(node, part)
        if child is None:
            break
        mark, node = child[0].start_mark, child[1]
    return mark.line + 1, mark.column + 1
