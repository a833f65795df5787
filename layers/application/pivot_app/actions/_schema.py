"""The actions of key presses and routing rules: a closed set, each with its own fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, fields
from typing import Annotated, Any, Literal, TypeAlias, Union, get_args

from pivot_app.conditions import AnyCondition
from pivot_app.documents import (
    Between,
    FieldName,
    Fillable,
    Filled,
    Form,
    FromTable,
    Id,
    Language,
    Length,
    Media,
    Money,
    Name,
    Number,
    Pattern,
    Record,
    Sentence,
    Tagged,
    tags_of,
)
from pivot_app.lazy_dataclass import dataclass

RingSeconds = Annotated[int, Between(5, 120)]
EXTENSION = r"[0-9*#]{1,20}|\+[0-9]{2,18}"
Extension = Annotated[str | FromTable, Fillable(EXTENSION, "an extension, a feature code or a number")]
Digits = Annotated[str, Fillable(r"[0-9A-Da-d*#wW]{1,60}", "keys, and w for a pause")]
SHORT_VALUE = 128
ShortFilled = Annotated[str, Fillable(), Length(0, SHORT_VALUE)]
Url = Annotated[
    str, Pattern(r"https?://[^\s{}]{1,500}", "an http or https address; it cannot contain values")
]


@dataclass(frozen=True, kw_only=True)
class Hours(Record):
    """The action that runs while a schedule is not open."""

    schedule: Name
    closed: AnyAction
    holiday: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Action(Record):
    """The base of every action.

    `say` is spoken first. The action runs only if all conditions of `when` hold, else `otherwise` runs.
    `hours` does something else while a schedule is not open.
    """

    do: str
    when: Annotated[tuple[AnyCondition, ...], Length(0, 20)] = ()
    otherwise: AnyAction | None = None
    hours: Hours | None = None
    say: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class Outcomes(Record):
    """The actions for a phone that does not answer; `failed` is for every other failure."""

    busy: AnyAction | None = None
    no_answer: AnyAction | None = None
    rejected: AnyAction | None = None
    unregistered: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class _Ring(Action, Outcomes):
    """Rings someone. `prepend_cid` goes before the caller's name, `caller_id` is shown instead of theirs."""

    timeout_seconds: RingSeconds = 20
    prepend_cid: Annotated[str, Fillable(), Length(1, 30)] | None = None
    caller_id: Number | None = None
    failed: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class RingUser(_Ring):
    """Ring all devices of a user."""

    do: Literal["ring_user"]
    id: Id


@dataclass(frozen=True, kw_only=True)
class RingDevice(_Ring):
    """Ring one device."""

    do: Literal["ring_device"]
    id: Id


@dataclass(frozen=True, kw_only=True)
class Member(Record):
    """One party of a group that is rung or paged."""

    type: Literal["user", "device", "group"]
    id: Id
    delay_seconds: Annotated[int, Between(0, 60)] = 0


@dataclass(frozen=True, kw_only=True)
class RingGroup(_Ring):
    """Ring several users and devices: a stored group by its id, or the members listed."""

    do: Literal["ring_group"]
    id: Id | None = None
    members: Annotated[tuple[Member, ...], Length(0, 50)] = ()
    in_turn: bool = False


@dataclass(frozen=True, kw_only=True)
class RingNumber(_Ring):
    """Call a telephone number through the carriers.

    `allow` lists the prefixes a number from the caller's keys may begin with.
    """

    do: Literal["ring_number"]
    number: Number
    allow: Annotated[tuple[str, ...], Form("prefix_list"), Length(0, 200)] = ()
    timeout_seconds: RingSeconds = 30


@dataclass(frozen=True, kw_only=True)
class HuntEntry(Outcomes):
    """One party of a hunt list, with its own timeout; give one of user, device, group and number.

    A failure without an action of its own goes on to the next entry.
    """

    user: Id | None = None
    device: Id | None = None
    group: Id | None = None
    number: Number | None = None
    timeout_seconds: RingSeconds = 20
    when: Annotated[tuple[AnyCondition, ...], Length(0, 20)] = ()
    say: Sentence | None = None


@dataclass(frozen=True, kw_only=True)
class Hunt(Action):
    """Ring one party after another, in a list of any length; `failed` runs after the last."""

    do: Literal["hunt"]
    entries: Annotated[tuple[HuntEntry, ...], Length(1, 500)]
    prepend_cid: Annotated[str, Fillable(), Length(1, 30)] | None = None
    caller_id: Number | None = None
    failed: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Queue(Action):
    """Put the caller in a queue (acdc, on clusters that have it); `failed` runs when nobody took the call."""

    do: Literal["queue"]
    id: Id
    priority: Annotated[int, Between(0, 255)] | None = None
    failed: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Directory(Action):
    """Let the caller find someone by spelling the name on the keys."""

    do: Literal["directory"]
    id: Id
    failed: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class PageGroup(Action):
    """Page phones: they pick up by themselves and hear the caller."""

    do: Literal["page_group"]
    members: Annotated[tuple[Member, ...], Length(1, 100)]
    talk_back: bool = False
    then: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Voicemail(Action):
    """Take a message, or with `check` let the owner listen to the mailbox."""

    do: Literal["voicemail"]
    id: Id
    check: bool = False


@dataclass(frozen=True, kw_only=True)
class GoToMenu(Action):
    """Present another menu; the present one is what `back` returns to."""

    do: Literal["menu"]
    menu: Name


@dataclass(frozen=True, kw_only=True)
class Repeat(Action):
    """Present the same menu again, as on the first try."""

    do: Literal["repeat"]


@dataclass(frozen=True, kw_only=True)
class Back(Action):
    """Present the menu the caller came from, or the start menu; only its question is spoken."""

    do: Literal["back"]


def _repeat() -> Repeat:
    return Repeat(do="repeat")


@dataclass(frozen=True, kw_only=True)
class _Continues(Action):
    """Does something, then goes on."""

    then: AnyAction = field(default_factory=_repeat)


@dataclass(frozen=True, kw_only=True)
class Balance(_Continues):
    """Speak the available balance of the caller's account, then go on."""

    do: Literal["balance"]


@dataclass(frozen=True, kw_only=True)
class BalanceGate(Action):
    """Go one way with enough money and another without; `unknown` when there is no account or no answer."""

    do: Literal["balance_gate"]
    minimum: Money
    enough: AnyAction
    short: AnyAction
    unknown: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class GoToCallflow(Action):
    """Continue in a callflow stored in KAZOO: by its id, or by a number of the account."""

    do: Literal["callflow"]
    id: Id | None = None
    number: Extension | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer(Action):
    """Transfer the caller to an extension, or dial a feature code (`*98`) for them."""

    do: Literal["transfer"]
    to: Extension


@dataclass(frozen=True, kw_only=True)
class Conference(Action):
    """Join a conference: a stored one by its id, or one that is made by its name."""

    do: Literal["conference"]
    id: Id | None = None
    name: Annotated[str, Fillable(r"[A-Za-z0-9_.-]{1,60}", "letters, digits, dots and dashes")] | None = None
    moderator: bool = False


@dataclass(frozen=True, kw_only=True)
class CheckPin(Action):
    """Go on only if the digits just entered are the PIN of the caller's account; otherwise it is a wrong
    answer."""

    do: Literal["check_pin"]
    correct: AnyAction


@dataclass(frozen=True, kw_only=True)
class Notify(_Continues):
    """Tell another system about the call: KAZOO posts the call and these values to it, then goes on at
    once."""

    do: Literal["notify"]
    url: Url
    values: Annotated[Mapping[FieldName, Filled], Length(0, 20)] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Say(_Continues):
    """Speak, then go on."""

    do: Literal["say"]
    text: Sentence


@dataclass(frozen=True, kw_only=True)
class Play(Action):
    """Play a recording or music, then go on; `endless` plays it until the caller hangs up."""

    do: Literal["play"]
    play: Media
    endless: bool = False
    then: AnyAction = field(default_factory=_repeat)


@dataclass(frozen=True, kw_only=True)
class Tone(_Continues):
    """Play a tone of one or two frequencies, then go on."""

    do: Literal["tone"]
    frequencies: Annotated[tuple[int, ...], Form("frequencies"), Length(1, 2)] = (440,)
    on_ms: Annotated[int, Between(20, 10_000)] = 500
    off_ms: Annotated[int, Between(0, 10_000)] = 500
    times: Annotated[int, Between(1, 60)] = 1


@dataclass(frozen=True, kw_only=True)
class Wait(_Continues):
    """Wait in silence, then go on."""

    do: Literal["wait"]
    seconds: Annotated[int, Between(1, 300)]


@dataclass(frozen=True, kw_only=True)
class SendDigits(_Continues):
    """Send key tones to the caller, then go on."""

    do: Literal["send_digits"]
    digits: Digits


@dataclass(frozen=True, kw_only=True)
class SwitchLanguage(_Continues):
    """Speak another language from now on."""

    do: Literal["language"]
    language: Language


@dataclass(frozen=True, kw_only=True)
class CallerId(_Continues):
    """Show another number or name, or a prefix before the caller's name, on the phones rung from here on."""

    do: Literal["caller_id"]
    number: Number | None = None
    name: Annotated[str, Fillable(), Length(1, 60)] | None = None
    prefix: Annotated[str, Fillable(), Length(1, 30)] | None = None


@dataclass(frozen=True, kw_only=True)
class SetVariables(_Continues):
    """Set variables of the call, which arrive in its CDR and webhooks, then go on."""

    do: Literal["set_variables"]
    values: Annotated[
        Mapping[Annotated[str, Pattern(r"[A-Za-z][A-Za-z0-9_-]{0,63}", "a variable's name")], ShortFilled],
        Length(1, 20),
    ]


@dataclass(frozen=True, kw_only=True)
class Remember(_Continues):
    """Keep values for the rest of the call; `{state.NAME}` speaks or compares them later."""

    do: Literal["remember"]
    values: Annotated[Mapping[FieldName, ShortFilled], Length(1, 8)]


@dataclass(frozen=True, kw_only=True)
class RecordCall(_Continues):
    """Start or stop recording the call, then go on."""

    do: Literal["record_call"]
    action: Annotated[Literal["start", "stop"], Form("recording")] = "start"
    url: Url | None = None
    format: Literal["mp3", "wav"] | None = None
    limit_seconds: Annotated[int, Between(5, 10_800)] | None = None


@dataclass(frozen=True, kw_only=True)
class Faxbox(Action):
    """Hand the call to a fax box."""

    do: Literal["faxbox"]
    id: Id


@dataclass(frozen=True, kw_only=True)
class Park(Action):
    """Park the caller with music, in a slot where one is named."""

    do: Literal["park"]
    slot: Annotated[str, Fillable(r"[0-9]{1,6}", "the number of a slot")] | None = None
    retrieve: bool = False


@dataclass(frozen=True, kw_only=True)
class Pickup(Action):
    """Take a call that rings at a user, a device or a group; give one of them."""

    do: Literal["pickup"]
    user: Id | None = None
    device: Id | None = None
    group: Id | None = None


@dataclass(frozen=True, kw_only=True)
class Response(Action):
    """Refuse the call with a SIP code (486 busy, 603 declined). A call that heard a prompt is answered
    already and just ends."""

    do: Literal["response"]
    code: Annotated[int, Between(400, 699)] = 486
    message: Annotated[str, Length(1, 60)] | None = None


@dataclass(frozen=True, kw_only=True)
class HangUp(Action):
    """End the call, with a last word."""

    do: Literal["hang_up"]


@dataclass(frozen=True, kw_only=True)
class Callback(Action):
    """Hand the call to a callback under this deployment's address; `query` may hold values."""

    do: Literal["callback"]
    path: Annotated[str, Pattern(r"[a-z][a-z0-9_/-]{0,79}", "the path of a callback, like balance_gate")]
    query: Annotated[Mapping[FieldName, ShortFilled], Length(0, 8)] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Pivot(Action):
    """Hand the call to a Pivot application anywhere; `failed` runs when it does not answer."""

    do: Literal["pivot"]
    url: Url
    method: Literal["post", "get"] = "post"
    failed: AnyAction | None = None


@dataclass(frozen=True, kw_only=True)
class Module(Action):
    """Run any module of KAZOO with its own data, checked as the callflow builder checks it.

    `children` are its branches by name; `then` is the wildcard child.
    """

    do: Literal["module"]
    module: Annotated[str, Form("module_name")]
    data: Mapping[str, Any] = field(default_factory=dict)
    children: Annotated[Mapping[str, AnyAction], Length(0, 50)] = field(default_factory=dict)
    then: AnyAction | None = None


AnyAction: TypeAlias = Annotated[
    Union[  # noqa: UP007 - a forward reference inside needs the old spelling
        RingUser,
        RingDevice,
        RingGroup,
        RingNumber,
        Hunt,
        Queue,
        Directory,
        PageGroup,
        Voicemail,
        GoToMenu,
        Back,
        Repeat,
        Balance,
        BalanceGate,
        CheckPin,
        Say,
        Play,
        Tone,
        Wait,
        SendDigits,
        SwitchLanguage,
        CallerId,
        SetVariables,
        Remember,
        Notify,
        RecordCall,
        GoToCallflow,
        Transfer,
        Conference,
        Faxbox,
        Park,
        Pickup,
        Response,
        HangUp,
        Callback,
        Pivot,
        Module,
    ],
    Tagged("do"),
    Form("action"),
]
ACTIONS: Mapping[str, type[Action]] = {
    tag: record for record in get_args(get_args(AnyAction)[0]) for tag in tags_of(record, "do")
}
"""Every action by its name."""

Path = tuple[str, ...]
"""Fields and positions from a page's top to an action: mappings and lists by position."""


def branches(record: Record) -> Iterator[tuple[tuple[str | int, ...], Action]]:
    """Yield (fields and keys that lead there, action) of every action that may follow directly."""
    for each in fields(record):  # type: ignore[arg-type]
        for place, action in _actions_in(getattr(record, each.name)):
            yield (each.name.removesuffix("_"), *place), action


def _actions_in(value: Any) -> Iterator[tuple[tuple[str | int, ...], Action]]:
    if isinstance(value, Action):
        yield (), value
    elif isinstance(value, Hours | HuntEntry):
        yield from branches(value)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            for place, action in _actions_in(each):
                yield (index, *place), action
    elif isinstance(value, Mapping):
        for key, each in value.items():
            for place, action in _actions_in(each):
                yield (key, *place), action


def walk(action: Action) -> Iterator[Action]:
    """Yield the action and every one that may follow it without a further key press."""
    yield action
    for _, following in branches(action):
        yield from walk(following)
