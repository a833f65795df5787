"""Recorded calls: what was asked, answered, heard and pressed, in a file that replays exactly."""

from __future__ import annotations

import base64
import difflib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from . import _events as ev
from ._kazoo import Caller, KazooConfig, Webhook
from ._request import HttpRequest
from ._targets import Target
from ._transport import Answer, FailureKind, TransportError
from ._urls import split_url
from ._webhooks import Fate, HookState

if TYPE_CHECKING:
    from ._interpreter import Interpreter
    from ._scripted_call import ScriptedCall

VERSION = 1
REDACTED = "REDACTED"


@dataclass(frozen=True, slots=True)
class Input:
    """Something a person did, `wait_ms` after event number `after` (the marks of scripts do not count)."""

    after: int
    wait_ms: int
    action: Literal["press", "hang_up", "leg", "act", "audio_finished"]
    value: str = ""


@dataclass
class Recorder:
    """A target that remembers everything that went through it."""

    target: Target
    exchanges: list[tuple[HttpRequest, Answer | TransportError]] = field(default_factory=list)

    @property
    def public_url(self) -> str:
        """The address of the recorded target."""
        return self.target.public_url

    @property
    def token(self) -> str | None:
        """The token of the recorded target."""
        return self.target.token

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:
        """Pass the request on."""
        try:
            answer = self.target.send(request, timeout_ms)
        except TransportError as error:
            self.exchanges.append((request, error))
            raise
        self.exchanges.append((request, answer))
        return answer


@dataclass
class Recorded:
    """A target that answers what was recorded, in order."""

    answers: Sequence[Answer | TransportError]
    public_url: str
    token: str | None = None
    _position: int = 0

    def send(self, request: HttpRequest, timeout_ms: int) -> Answer:  # noqa: ARG002 - as Target has it
        """Return the next recorded answer."""
        if self._position == len(self.answers):
            raise TransportError(
                "elsewhere", f"the recording has no answer for {request.method} {request.url}"
            )
        answer = self.answers[self._position]
        self._position += 1
        if isinstance(answer, TransportError):
            raise TransportError(answer.kind, answer.message, answer.took_ms)
        return answer


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RecordedRequest(_Document):
    """The request of an exchange."""

    method: str
    url: str
    headers: list[tuple[str, str]]
    body: str


class RecordedAnswer(_Document):
    """The answer of an exchange; `body` is UTF-8 text, `body_base64` anything else."""

    status: int
    headers: list[tuple[str, str]]
    body: str | None = None
    body_base64: str | None = None
    took_ms: int


class RecordedFailure(_Document):
    """That no answer came."""

    failure: FailureKind
    message: str
    took_ms: int


class Exchange(_Document):
    """One request and what came of it."""

    request: RecordedRequest
    answer: RecordedAnswer | RecordedFailure


class Session(_Document):
    """One recorded call.

    The account's token is replaced by REDACTED wherever it stood; numbers, digits and signed state stay, so
    treat the file as you treat call logs. `load`, `replay` and `differences` bring it back to life.
    """

    format: Literal["pivot-lambda session"] = "pivot-lambda session"
    version: Literal[1] = 1
    recorded_at: datetime
    public_url: str
    seed: int
    world: KazooConfig
    caller: Caller
    dialled: str
    flow: dict[str, Any]
    call_id: str | None = None
    click_to_call: bool = False
    fates: list[Fate] = Field(default_factory=list)
    disabled: list[str] = Field(default_factory=list)
    listener_paces_audio: bool = False
    inputs: list[Input]
    exchanges: list[Exchange]
    events: list[Annotated[ev.AnyEvent, Field(discriminator="kind")]]

    @classmethod
    def load(cls, path: str | Path) -> Session:
        """Read a recorded session; pydantic.ValidationError says what is wrong with the file."""
        return cls.model_validate_json(Path(path).read_bytes())

    def save(self, path: str | Path) -> None:
        """Write the session as JSON."""
        Path(path).write_text(self.model_dump_json(indent=1) + "\n")

    def replay(self, target: Target | None = None) -> ScriptedCall:
        """Play the call again with the same people: against its own recording, or against another target.

        Flow and webhooks go to the other target, with its own token instead of the recorded one.

        Raises:
            ValueError: The recorded webhooks need a token and the target has none, so the ends of the call
                would be refused and its money would stay held.
        """
        from ._interpreter import Interpreter
        from ._scripted_call import ScriptedCall

        flow, config = self.flow, self.world
        if target is None:
            target = Recorded(
                [_answer(exchange.answer) for exchange in self.exchanges], self.public_url, REDACTED
            )
        else:
            flow = json.loads(self._moved(json.dumps(flow), target))
            moved = tuple(self._moved_webhook(each, target) for each in config.webhooks)
            config = replace(config, webhook=moved or None)
        engine = Interpreter(
            target=Recorder(target),
            flow=flow,
            caller=self.caller,
            dialled=self.dialled,
            config=replace(config, began_at=self.recorded_at),
            seed=self.seed,
            call_id=self.call_id,
            click_to_call=self.click_to_call,
            hooks=HookState(fates=list(self.fates), disabled=set(self.disabled)),
            listener_paces_audio=self.listener_paces_audio,
        )
        played = ScriptedCall(engine)
        for step in self.inputs:
            while engine.progress < step.after and engine.step():
                pass
            engine.wait_after_event(step.wait_ms)
            _act(engine, step)
        last_ms = max((event.at_ms for event in self.events), default=0)
        while engine.step(None if self.ended else max(last_ms, engine.now_ms)):
            pass
        return played

    def _moved(self, text: str, target: Target) -> str:
        return text.replace(self.public_url, target.public_url).replace(REDACTED, target.token or "")

    def _moved_webhook(self, webhook: Webhook, target: Target) -> Webhook:
        texts = (webhook.url, *webhook.headers.values())
        if not target.token and any(REDACTED in text for text in texts):
            msg = (
                f"the webhook {webhook.url} needs a token and the target has none: the end of the call would "
                "be refused and its money would stay held; name one with --token or PIVOT_TOKEN"
            )
            raise ValueError(msg)
        headers = {name: self._moved(value, target) for name, value in webhook.headers.items()}
        return replace(webhook, url=self._moved(webhook.url, target), headers=headers)

    @property
    def ended(self) -> bool:
        """Whether the recorded call came to its end."""
        return any(isinstance(event, ev.CallEnded) for event in self.events)

    def differences(self, other: ScriptedCall | Session) -> list[str]:
        """Return how another call differs, as lines of a diff; empty when the caller cannot tell them apart.

        Compared is what the caller notices, which callbacks were asked with which digits, and what became of
        webhooks; not times, not addresses' hosts and queries (signed state differs each time), not the other
        contents of flows.
        """
        before, after = list(_essence(self.events)), list(_essence(other.events))
        return list(difflib.unified_diff(before, after, "recorded", "played", lineterm=""))


def record(call: ScriptedCall) -> Session:
    """Make a session of a played call."""
    engine = call.interpreter
    channel = engine.channel
    recorder = engine.target
    if not isinstance(recorder, Recorder):
        msg = "only calls placed by a Simulator are recorded"
        raise TypeError(msg)
    session = Session(
        recorded_at=engine.switch.began_at,
        public_url=recorder.public_url,
        seed=engine.seed,
        world=engine.config,
        caller=channel.caller,
        dialled=channel.dialled,
        flow=channel.first_flow,
        call_id=engine.given_call_id,
        click_to_call=engine.click_to_call,
        fates=engine.delivery.state.fates,
        disabled=sorted(engine.delivery.state.disabled),
        listener_paces_audio=channel.listener_paces_audio,
        inputs=engine.inputs,
        exchanges=[_exchange(request, answer) for request, answer in recorder.exchanges],
        events=[event for event in engine.events if not isinstance(event, _MARKS)],
    )
    if not recorder.token:
        return session
    text = TypeAdapter(Session).dump_json(session).decode()
    return Session.model_validate_json(text.replace(recorder.token, REDACTED))


_MARKS = (ev.ExpectationMet, ev.ExpectationFailed)


def _exchange(request: HttpRequest, answer: Answer | TransportError) -> Exchange:
    asked = RecordedRequest(
        method=request.method, url=request.url, headers=list(request.headers), body=request.body.decode()
    )
    if isinstance(answer, TransportError):
        failure = RecordedFailure(failure=answer.kind, message=answer.message, took_ms=answer.took_ms)
        return Exchange(request=asked, answer=failure)
    try:
        body: dict[str, str] = {"body": answer.body.decode()}
    except UnicodeDecodeError:
        body = {"body_base64": base64.b64encode(answer.body).decode()}
    got = RecordedAnswer(status=answer.status, headers=list(answer.headers), took_ms=answer.took_ms, **body)
    return Exchange(request=asked, answer=got)


def _answer(recorded: RecordedAnswer | RecordedFailure) -> Answer | TransportError:
    if isinstance(recorded, RecordedFailure):
        return TransportError(recorded.failure, recorded.message, recorded.took_ms)
    body = (
        (recorded.body or "").encode()
        if recorded.body_base64 is None
        else base64.b64decode(recorded.body_base64)
    )
    return Answer(recorded.status, body, tuple(recorded.headers), recorded.took_ms)


def _act(engine: Interpreter, step: Input) -> None:
    if step.action == "act":
        from ._acts import act_from_dict

        engine.act(act_from_dict(json.loads(step.value)))
    elif step.action == "press":
        engine.press(step.value)
    elif step.action == "leg":
        engine.leg(step.value)
    elif step.action == "audio_finished":
        engine.audio_finished(int(step.value))
    else:
        engine.hang_up()


def _essence(events: Iterable[ev.AnyEvent]) -> Iterable[str]:
    for event in events:
        match event:
            case ev.RequestSent():
                digits = event.parameters.get("Digits") or ""
                yield f"asks {event.method} {split_url(event.url).path} {digits}".rstrip()
            case ev.RequestFailed():
                yield f"no answer: {event.failure}"
            case ev.AnswerReceived():
                yield f"answered {event.status}"
            case ev.AnswerJudged():
                yield f"judged {event.outcome}"
            case ev.AudioStarted():
                yield f"hears {event.source} {event.text!r} {event.language}".rstrip()
            case ev.KeyPressed():
                yield f"presses {event.key} ({event.heard_by})"
            case ev.CollectEnded():
                yield f"collected {event.collection} = {event.digits!r}"
            case ev.RingingStarted():
                yield f"rings {', '.join(event.targets)}"
            case ev.RingingEnded():
                yield f"ringing ended: {event.cause}"
            case ev.Bridged():
                yield f"talks to {event.to}"
            case ev.HandedOver():
                yield event.text
            case ev.DeadAir():
                yield "dead air"
            case ev.HookPosted():
                became = f"answered {event.status}" if event.fate == "sent" else event.fate
                yield f"webhook {event.hook} {event.leg}".rstrip() + f": {became}"
            case ev.CallEnded():
                yield f"ends {event.cause} by {event.by}"
            case _:
                pass
