"""Calls written down: a YAML document with who calls, how phones behave, and what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ._events import JsonObject
from ._kazoo import ACCOUNT_ID, Callee, Caller
from ._request import KazooBuild
from ._script_steps import Document, Seconds, Step, Webhooks, play
from ._scripted_call import PATIENCE_S, ScriptedCall
from ._simulator import Simulator
from ._targets import Target
from ._webhooks import Fate


class ScriptError(ValueError):
    """A script that cannot be played; each line of the message names the place, the rule and the value."""

    __module__ = "kazoo_simulator"


class CallFrom(BaseModel):
    """The caller, the dialled number, and the callback that the number asks."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, coerce_numbers_to_str=True)

    number: str = Field(default="+14155550100", alias="from")
    to: str = "2000"
    path: str | None = None
    name: str = ""
    user_id: str | list[str] | None = None
    sip_user: str | None = None
    language: str | None = "en-us"
    call_id: str | None = None
    click_to_call: bool = False
    variables: JsonObject = Field(default_factory=dict)
    sip_headers: JsonObject = Field(default_factory=dict)
    flow: JsonObject | None = None
    fallback: JsonObject | None = Field(default_factory=lambda: {"module": "hangup", "data": {}})


class Script(Document):
    """A whole call: `Script.load(path).play(target)`."""

    kazoo: Annotated[KazooBuild, BeforeValidator(str)] = "4.3"
    title: str = ""
    account_id: str = ACCOUNT_ID
    call: CallFrom = CallFrom()
    callees: dict[str, Callee] = Field(default_factory=dict)
    callflows: dict[str, JsonObject] = Field(default_factory=dict)
    documents: dict[str, JsonObject] = Field(default_factory=dict)
    webhooks: list[Webhooks] = Field(default_factory=list)
    seed: int | None = None
    patience_s: Seconds = PATIENCE_S
    steps: list[Step] = Field(min_length=1, max_length=1000)

    @classmethod
    def load(cls, path: str | Path) -> Script:
        """Read a script from a YAML file; ScriptError says what is wrong, and on which line."""
        try:
            text = Path(path).read_text("utf-8")
        except UnicodeDecodeError as error:
            raise ScriptError(f"{path}: not UTF-8: byte {error.start}") from None
        return cls.parse(text, name=str(path))

    @classmethod
    def parse(cls, text: str, *, name: str = "script") -> Script:
        """Read a script from YAML text."""
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError

        _refuse_big(name, text)
        try:
            document = YAML().load(text)
        except (YAMLError, ValueError) as error:
            # A ValueError is a number of more digits than Python reads.
            msg = f"{name}: not YAML: {error}"
            raise ScriptError(msg) from error
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            lines = [_explain(name, document, problem) for problem in error.errors()]
            raise ScriptError("\n".join(dict.fromkeys(lines))) from error

    def play(self, target: Target, **overrides: Any) -> ScriptedCall:
        """Play the script; CallMismatchError carries the ladder when the call takes another path.

        `overrides` are keywords of `Simulator`, e.g. `kazoo` or `account_id`.
        """
        call = self.place(target, **overrides)
        for _ in self.follow(call):
            pass
        return call

    def place(self, target: Target, **overrides: Any) -> ScriptedCall:
        """Place the call without playing its steps."""
        settings: dict[str, Any] = {
            "kazoo": self.kazoo,
            "account_id": self.account_id,
            "callees": self.callees,
            "callflows": self.callflows,
            "documents": self.documents,
            "seed": self.seed,
        }
        who = self.call
        owners = [who.user_id] if isinstance(who.user_id, str) else who.user_id or []
        path = overrides.pop("path", None)
        simulator = Simulator(target, **settings | overrides)
        for fate in self.webhooks:
            simulator.hooks.fates.append(Fate(fate.hook, fate.leg, lost=fate.loses, later_s=fate.later_s))
        return simulator.call(
            Caller(
                number=who.number,
                name=who.name,
                user_ids=tuple(owners),
                sip_user=who.sip_user,
                language=who.language,
                variables=who.variables,
                sip_headers=who.sip_headers,
            ),
            who.to,
            path=who.path or path,
            flow=who.flow,
            fallback=who.fallback,
            call_id=who.call_id,
            click_to_call=who.click_to_call,
            patience_s=self.patience_s,
        )

    def follow(self, call: ScriptedCall) -> Iterator[Step]:
        """Play the steps one by one, yielding each when it is done."""
        for step in self.steps:
            play(call, step)
            yield step


LARGEST_SCRIPT = 1_000_000
"""Bytes of a call script; a long one has a few thousand."""
DEEPEST_SCRIPT = 100
"""Lists and maps within each other."""


def _refuse_big(name: str, text: str) -> None:
    """Raise ScriptError for a text that is too big or too deep, or whose aliases would multiply it."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent

    depth = 0
    if len(text) > LARGEST_SCRIPT:
        raise ScriptError(f"{name}: more than {LARGEST_SCRIPT:,} characters")
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            if depth > DEEPEST_SCRIPT:
                raise ScriptError(f"{name}:{event.start_mark.line + 1}: nested too deeply to be read")
            if isinstance(event, AliasEvent):
                line = event.start_mark.line + 1
                raise ScriptError(
                    f"{name}:{line}: an alias (*{event.anchor}): scripts allow no aliases; repeat the text"
                )
    except YAMLError as error:
        msg = f"{name}: not YAML: {error}"
        raise ScriptError(msg) from error


def _explain(name: str, document: Any, problem: Any) -> str:
    line: int | None = None
    value: Any = document
    for part in problem["loc"]:
        try:
            position = value.lc.item(part) if isinstance(part, int) else value.lc.value(part)
            line = position[0] + 1
            value = value[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    place = ".".join(str(part) for part in problem["loc"]) or "document"
    where = f"{name}:{line}" if line else name
    message = problem["msg"].removeprefix("Value error, ").replace("Input should", "must")
    if problem["type"] == "extra_forbidden":
        return f"{where}: {place}: {_unknown(problem['loc'])}"
    return f"{where}: {place}: {message} (got {_short(problem['input'])})"


def _unknown(place: tuple[Any, ...]) -> str:
    """Say that there is no such key, and which one may be meant."""
    within: dict[str, type[BaseModel]] = {"steps": Step, "call": CallFrom}
    names = within.get(str(place[0]) if len(place) > 1 else "", Script)
    known = [field.alias or name for name, field in names.model_fields.items() if name != "bare"]
    close = get_close_matches(str(place[-1]), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known)}"
    return f"there is no {str(place[-1])!r} here; {hint}"


def _short(value: Any) -> str:
    text = repr(dict(value) if isinstance(value, Mapping) else value)
    return text if len(text) <= 80 else text[:79] + "…"
