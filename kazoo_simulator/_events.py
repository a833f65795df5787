"""Everything that happens in a call, as typed events: ladder, softphone and scripts read only these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Annotated, Any, Literal, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
Headers: TypeAlias = tuple[tuple[str, str], ...]
EndedBy: TypeAlias = Literal["kazoo", "caller", "callee", "simulator"]
LegHook: TypeAlias = Literal["channel_create", "channel_answer", "channel_bridge", "channel_destroy"]
HookFate: TypeAlias = Literal["sent", "lost", "hook_disabled"]
Outcome: TypeAlias = Literal["flow", "fallback", "hangup", "dead_air", "wait_then_fallback", "twiml"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened, `at_ms` after the call arrived at KAZOO."""

    at_ms: int

    def to_dict(self) -> JsonObject:
        """Return the event as plain JSON values, `kind` first."""
        names = [f.name for f in fields(self)]
        names.sort(key=lambda name: name != "kind")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(Event):
    """A call arrived at KAZOO and its callflow begins."""

    call_id: str
    caller: str
    caller_name: str
    dialled: str
    kazoo: str
    account_id: str
    kind: Literal["call_started"] = "call_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSent(Event):
    """KAZOO asks the web server; `parameters` are those of the body or query, in wire order."""

    exchange: int
    method: str
    url: str
    headers: Headers
    body: str
    parameters: JsonObject
    kind: Literal["request_sent"] = "request_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReceived(Event):
    """The web server answered after `took_ms`; `body` is decoded for reading, undecodable bytes replaced."""

    exchange: int
    status: int
    headers: Headers
    body: str
    took_ms: int
    kind: Literal["answer_received"] = "answer_received"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFailed(Event):
    """No answer came: refused, timeout, reset, dns, tls, protocol..."""

    exchange: int
    failure: str
    message: str
    took_ms: int
    kind: Literal["request_failed"] = "request_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerJudged(Event):
    """KAZOO's handling of the answer, the reason, and the errors and warnings in it."""

    exchange: int
    outcome: Outcome
    rule: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    flow: JsonObject | None = None
    kind: Literal["answer_judged"] = "answer_judged"


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackTaken(Event):
    """The pivot failed, so its wildcard child runs (or, without one, the caller is hung up).

    `by` server: the web server itself says that it answered its fallback because it failed.
    """

    reason: str
    has_child: bool
    by: Literal["kazoo", "server"] = "kazoo"
    kind: Literal["fallback_taken"] = "fallback_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeStarted(Event):
    """A module begins; `path` is the chain of child keys from the root of the running flow."""

    path: str
    module: str
    data: JsonObject
    kind: Literal["node_started"] = "node_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildTaken(Event):
    """The flow continues: `wanted` is the key asked for, `taken` the child found (None: the flow ends)."""

    wanted: str
    taken: str | None
    kind: Literal["child_taken"] = "child_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Event):
    """Something worth knowing that the caller does not notice."""

    text: str
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """KAZOO answered the caller (until then he hears ring-back or early media)."""

    kind: Literal["answered"] = "answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStarted(Event):
    """The caller begins to hear something.

    `source` is speech (text to speech), media (a recording, `text` names it), prompt (a system prompt), tone,
    hold_music or ringback. `duration_ms` is None for endless audio. `interruptible`: the keys that stop it.
    """

    audio: int
    source: Literal["speech", "media", "prompt", "tone", "hold_music", "ringback"]
    text: str
    language: str = ""
    voice: str = ""
    duration_ms: int | None = None
    interruptible: tuple[str, ...] = ()
    kind: Literal["audio_started"] = "audio_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStopped(Event):
    """That audio stopped: it finished, a key stopped it, it was cut by something else, or the call ended."""

    audio: int
    reason: Literal["finished", "key", "cut", "ended"]
    kind: Literal["audio_stopped"] = "audio_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed(Event):
    """The caller pressed a key; `heard_by` says who took it: collection, prompt, module or nobody."""

    key: str
    heard_by: str
    kind: Literal["key_pressed"] = "key_pressed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectStarted(Event):
    """KAZOO waits in silence for digits."""

    collection: str
    max_digits: int
    timeout_ms: int
    interdigit_timeout_ms: int
    terminators: tuple[str, ...]
    kind: Literal["collect_started"] = "collect_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectEnded(Event):
    """The collection is stored (empty when nothing was pressed)."""

    collection: str
    digits: str
    reason: Literal["max_digits", "terminator", "timeout", "interdigit_timeout"]
    kind: Literal["collect_ended"] = "collect_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingStarted(Event):
    """Phones ring; `targets` are endpoints as `type:id`, e.g. `user:...` or `number:+1415...`."""

    targets: tuple[str, ...]
    timeout_ms: int
    kind: Literal["ringing_started"] = "ringing_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RingingEnded(Event):
    """The ringing ended; `cause` and `sip_code` are those of KAZOO, e.g. USER_BUSY and 486."""

    outcome: Literal["answered", "failed", "cancelled"]
    cause: str
    sip_code: int | None
    by: str = ""
    kind: Literal["ringing_ended"] = "ringing_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridged(Event):
    """The caller talks to somebody: an endpoint, a conference, a parked call, another leg."""

    to: str
    kind: Literal["bridged"] = "bridged"


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesSet(Event):
    """Call variables changed; `visible` says whether later requests carry them (KAZOO 5: yes, 4.3: no)."""

    variables: JsonObject
    visible: bool
    kind: Literal["variables_set"] = "variables_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet(Event):
    """Prompts and the Language parameter change."""

    language: str
    kind: Literal["language_set"] = "language_set"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadAir(Event):
    """The call is up, and nothing more happens until the caller hangs up."""

    reason: str
    kind: Literal["dead_air"] = "dead_air"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(Event):
    """The caller's leg is gone. Seconds as KAZOO bills them: from arrival and from the answer."""

    cause: str
    by: EndedBy
    reason: str
    duration_s: int
    billing_s: int
    sip_code: int | None = None
    kind: Literal["call_ended"] = "call_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegTold(Event):
    """The switch raised an event of a leg; account webhooks are made of it.

    `leg` is a short name: a is the caller's, b1, b2... are those KAZOO made, x1... those other phones made.
    """

    hook: LegHook
    leg: str
    call_id: str
    other_leg_call_id: str | None
    direction: Literal["inbound", "outbound"]
    request: str
    cause: str = ""
    billing_s: int | None = None
    kind: Literal["leg_told"] = "leg_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Event):
    """The call changed hands: a transfer, a pickup, a park, a move to another phone."""

    text: str
    kind: Literal["handed_over"] = "handed_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class HookPosted(Event):
    """KAZOO told somebody: an account webhook about a leg, or a CDR to `cdr_url`.

    `payload` is the body before it was encoded; `status` None means that no answer came. `fate` says whether
    it was sent at all.
    """

    hook: LegHook | Literal["cdr"]
    url: str
    payload: JsonObject
    status: int | None
    leg: str = ""
    fate: HookFate = "sent"
    kind: Literal["hook_posted"] = "hook_posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationMet(Event):
    """A script's expectation came true."""

    expectation: str
    kind: Literal["expectation_met"] = "expectation_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationFailed(Event):
    """A script's expectation did not come true; `instead` says what happened."""

    expectation: str
    instead: str
    kind: Literal["expectation_failed"] = "expectation_failed"


AnyEvent: TypeAlias = (
    CallStarted
    | RequestSent
    | AnswerReceived
    | RequestFailed
    | AnswerJudged
    | FallbackTaken
    | NodeStarted
    | ChildTaken
    | Noted
    | Answered
    | AudioStarted
    | AudioStopped
    | KeyPressed
    | CollectStarted
    | CollectEnded
    | RingingStarted
    | RingingEnded
    | Bridged
    | VariablesSet
    | LanguageSet
    | DeadAir
    | CallEnded
    | LegTold
    | HandedOver
    | HookPosted
    | ExpectationMet
    | ExpectationFailed
)


@cache
def _adapter() -> Any:
    from pydantic import Field, TypeAdapter

    return TypeAdapter(Annotated[AnyEvent, Field(discriminator="kind")])


def event_from_dict(values: Mapping[str, Any]) -> AnyEvent:
    """Rebuild an event from `to_dict()`, for instance one out of a recorded session."""
    event: AnyEvent = _adapter().validate_python(values)
    return event
