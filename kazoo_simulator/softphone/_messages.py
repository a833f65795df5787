"""The messages from the page, with size limits, and the messages to it, without secrets."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kazoo_simulator._events import AnyEvent
from kazoo_simulator._request import KazooBuild
from kazoo_simulator._sequence_diagram import rows

Speed: TypeAlias = Literal["1", "4", "instant"]
Callee: TypeAlias = Literal["ask", "answers", "busy", "rejects", "no_answer"]
News: TypeAlias = Literal["answers", "busy", "rejects", "no_answer", "unreachable", "hangs_up"]

MAX_MESSAGE_BYTES = 4096
_SECRETS = re.compile(r"([?&](?:token|state)=)(?!…)[^&#\s\"'<>\\]+", re.IGNORECASE)
_SECRET_HEADERS = frozenset(("x-pivot-token", "authorization"))


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Message):
    """Place a call; an empty `caller` withholds the number."""

    type: Literal["call"]
    caller: str = Field(max_length=64)
    caller_name: str = Field(default="", max_length=64)
    dialled: str = Field(pattern=r"^[0-9*#+]{1,32}$")
    kazoo: KazooBuild = "4.3"
    language: str = Field(default="en-us", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
    speed: Speed = "1"
    callee: Callee = "ask"


class Press(_Message):
    """Press a key."""

    type: Literal["press"]
    key: str = Field(pattern=r"^[0-9*#]$")


class HangUp(_Message):
    """Hang up."""

    type: Literal["hang_up"]


class Leg(_Message):
    """Let the other side act."""

    type: Literal["leg"]
    news: News


class AudioFinished(_Message):
    """The page has played that audio to its end."""

    type: Literal["audio_finished"]
    audio: int = Field(ge=0)


class SetSpeed(_Message):
    """Change how fast simulated time passes."""

    type: Literal["speed"]
    speed: Speed


class SetCallee(_Message):
    """Change what phones do when they ring from now on."""

    type: Literal["callee"]
    callee: Callee


class Record(_Message):
    """Hand out the last call as a session, to save and to replay."""

    type: Literal["record"]


Action: TypeAlias = Press | HangUp | Leg | AudioFinished | SetSpeed | SetCallee
Message: TypeAlias = Place | Record | Action

_adapter: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def parse(text: str) -> Message:
    """Return the page's message.

    Raises:
        ValueError: It is none, or too long.
    """
    if len(text.encode(errors="replace")) > MAX_MESSAGE_BYTES:
        msg = f"a message of more than {MAX_MESSAGE_BYTES} bytes"
        raise ValueError(msg)
    return _adapter.validate_json(text)


def told(event: AnyEvent) -> dict[str, Any]:
    """Return an event as the page gets it: its fields and the ladder's words for it, secrets hidden."""
    lines = [{"side": row.side, "sign": row.sign, "text": row.text} for row in rows([event])]
    shown: dict[str, Any] = _hidden({"event": event.to_dict(), "lines": lines})
    return {"type": "event", **shown}


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return _SECRETS.sub(r"\1…", value)
    if isinstance(value, dict):
        return {
            name: "…" if str(name).lower() in _SECRET_HEADERS else _hidden(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        if len(value) == 2 and isinstance(value[0], str) and value[0].lower() in _SECRET_HEADERS:
            return [value[0], "…"]
        return [_hidden(inner) for inner in value]
    return value
