"""`kazoo.yaml`: which numbers of a KAZOO account ask which callback, and what runs if that fails."""

from __future__ import annotations

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from pivotctl.data._files import FileError, Mistake, UnreadableFileError, _Builder, _compose, position

TARGETS = ("user", "device", "group", "voicemail", "callflow", "say", "hangup")
Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]
Many = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda value: tuple(map(str, value)) if isinstance(value, list) else (str(value),)),
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Model):
    """The callflow or user that replaces our answer, found by name or extension."""

    kind: Literal["user", "device", "group", "voicemail", "callflow", "say", "hangup"]
    name: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one_key(cls, value: Any) -> Any:
        if value == "hangup":
            return {"kind": "hangup"}
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError(
                "give one of user, device, group, voicemail, callflow or say with a name, or hangup"
            )
        ((kind, name),) = value.items()
        if kind not in TARGETS:
            hint = get_close_matches(str(kind), TARGETS, n=1)
            raise ValueError(
                f"{kind!r} is not a target; "
                + (f"did you mean {hint[0]!r}?" if hint else f"use {', '.join(TARGETS)}")
            )
        if kind != "hangup" and not str(name or "").strip():
            raise ValueError(f"{kind} needs a name or an extension")
        return {"kind": kind, "name": str(name or "").strip()}


class Gate(_Model):
    """The balance gate's settings; docs/balance_gate.md explains them."""

    account: Text = ""
    connect: Literal["resources", "user", "device", "callflow"] = "resources"
    id: Text = ""
    to: Text = ""
    to_collection: Text = ""
    failed: Text = ""
    announce: Many = ()
    top_up: Text = ""
    bill: Literal["", "a", "b"] = ""

    def query(self) -> dict[str, str]:
        """Return the query of the gate's voice_url."""
        found = self.model_dump() | {"announce": ",".join(self.announce)}
        return {name: value for name, value in found.items() if value}


class Line(_Model):
    """One callflow: its numbers, its target, and the node that runs if no answer comes."""

    numbers: tuple[Text, ...] = ()
    patterns: tuple[str, ...] = ()
    callback: str = ""
    menu: Text = ""
    gate: Gate | None = None
    query: dict[str, Text] = Field(default_factory=dict)
    otherwise: tuple[Target, ...]
    debug: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_target_is_a_list(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("otherwise"), dict | str):
            return value | {"otherwise": [value["otherwise"]]}
        return value

    @model_validator(mode="after")
    def _asks_one(self) -> Line:
        asked = [name for name in ("callback", "menu", "gate") if getattr(self, name)]
        if len(asked) != 1:
            raise ValueError(f"name one target: callback, menu or gate, not {' and '.join(asked) or 'none'}")
        if not self.numbers and not self.patterns:
            raise ValueError("a callflow needs at least one of numbers or patterns")
        if not self.otherwise:
            raise ValueError(
                "otherwise is empty: say what the caller hears if no answer comes, such as hangup"
            )
        if self.callback and not re.fullmatch("[a-z][a-z0-9_]*", self.callback):
            raise ValueError(
                f"callback {self.callback!r}: give the name of a function, such as account_balance"
            )
        return self

    @property
    def path(self) -> str:
        """The callback that is asked."""
        return "menu" if self.menu else "balance_gate" if self.gate else self.callback

    @property
    def parameters(self) -> dict[str, str]:
        """The query of the voice_url, without a token."""
        if self.menu:
            # `start` is the menu that the document itself begins with.
            return ({} if self.menu == "start" else {"menu": self.menu}) | self.query
        return (self.gate.query() if self.gate else {}) | self.query


class EndOfCalls(_Model):
    """The webhook on the ends of calls."""

    retries: int = Field(4, ge=0, le=4)
    include_subaccounts: bool = False


class Webhooks(_Model):
    """The webhooks to create."""

    call_ended: EndOfCalls | None = None

    @model_validator(mode="before")
    @classmethod
    def _true_is_the_default(cls, value: Any) -> Any:
        if isinstance(value, list):
            value = dict.fromkeys(value, True)
        if isinstance(value, dict):
            return {
                name: {} if each is True else None if each is False else each for name, each in value.items()
            }
        return value


class KazooDocument(_Model):
    """The whole document."""

    kind: Literal["kazoo"] = "kazoo"
    kazoo_account: str = Field(pattern="^[0-9a-f]{32}$")
    crossbar: str = Field(pattern="^https?://[^?#\\s/]+(/[^?#\\s]*)?$")
    url: str = Field("", pattern="^(https?://[^?#\\s]+)?$")
    language: str = "en-us"
    region: str = "US"
    time_zone: str = "UTC"
    debug: bool = False
    callflows: dict[str, Line]
    webhooks: Webhooks = Webhooks()

    @model_validator(mode="after")
    def _whole(self) -> KazooDocument:
        if not self.callflows:
            raise ValueError("callflows is empty: name at least one, with its numbers")
        seen: dict[str, str] = {}
        for name, line in self.callflows.items():
            if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}", name):
                raise ValueError(
                    f"callflows: the name {name!r} needs 1 to 40 letters, digits, spaces, . _ or -"
                )
            for number in line.numbers:
                if number in seen:
                    raise ValueError(f"number {number} is in {seen[number]!r} and in {name!r}: keep one")
                seen[number] = name
        if self.webhooks.call_ended is None and any(line.gate for line in self.callflows.values()):
            raise ValueError(
                "webhooks.call_ended is missing: without it no prepaid call is ever billed; "
                "add `webhooks: [call_ended]`"
            )
        return self


PLAIN = {
    "kazoo_account": "give KAZOO's Account ID: 32 characters, 0-9 and a-f, as its Account Settings show it",
    "crossbar": "give the address of KAZOO's API without /v2, such as https://crossbar.example.com:8443",
    "url": "give the address KAZOO reaches this deployment at, such as https://voice.example.com",
}


def read_document(path: Path) -> KazooDocument:
    """Read and check a document; FileError lists every mistake with its line and the remedy."""
    name = str(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileError([Mistake(name, 1, 1, "the file is not UTF-8; save it as such")]) from None
    except OSError as error:
        mistake = Mistake(name, 1, 1, f"the file cannot be read: {error.strerror}")
        raise UnreadableFileError([mistake]) from None
    root = _compose(text, name)
    value = _Builder(name).value(root)
    try:
        return KazooDocument.model_validate(value)
    except ValidationError as error:
        raise FileError([_mistake(each, root, name) for each in error.errors(include_url=False)]) from None


def _mistake(error: Any, root: Any, file: str) -> Mistake:
    place = tuple(part for part in error["loc"] if part != "[key]")
    line, column = position(root, place)
    field = str(place[-1]) if place else ""
    match error["type"]:
        case "missing":
            message = f"the field {field!r} is missing"
            if field == "otherwise":
                message += (
                    ": say what the caller hears if no answer comes, such as `otherwise: {voicemail: 1001}`"
                )
        case "extra_forbidden":
            close = get_close_matches(field, _fields(), n=1, cutoff=0.7)
            message = f"there is no field {field!r} here" + (f"; did you mean {close[0]!r}?" if close else "")
        case "value_error":
            message = str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            message = f"{str(error['input'])[:60]!r}: {PLAIN.get(field, error['msg'])}"
        case _:
            message = error["msg"][:1].lower() + error["msg"][1:].replace("Input should", "must")
            message = message.replace("input should", "must").replace("dictionary", "mapping")
    path = ".".join(map(str, place))
    return Mistake(file, line, column, f"{path}: {message}" if path else message)


def _fields() -> list[str]:
    models = (KazooDocument, Line, Gate, Webhooks, EndOfCalls)
    return sorted({name for model in models for name in model.model_fields})
