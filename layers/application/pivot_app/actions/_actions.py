"""What a key press, or a routing rule, can do: a closed set of actions, each with its own fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias, Union

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pivot_app.documents._amounts import micros
from pivot_app.documents._fields import Strict, Text, check_language, check_places

MenuName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
KazooId = Annotated[
    str, Field(pattern=r"^[0-9a-f]{32}$", description="the 32 hexadecimal digits of a KAZOO document")
]
PhoneNumber = Annotated[str, Field(pattern=r"^\+?[0-9]{2,18}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Filled = Annotated[str, AfterValidator(check_places), Field(max_length=500)]
RingSeconds = Annotated[int, Field(ge=5, le=120)]


def _check_money(amount: str) -> str:
    micros(amount)
    return amount


def _as_action(value: Any) -> Any:
    """Accept the name alone of an action that needs no fields: `back`, `repeat`, `hang_up`."""
    return {"do": value} if isinstance(value, str) else value


Money = Annotated[str, AfterValidator(_check_money)]


class _Ring(Strict):
    """Rings someone; `failed` runs when nobody answers."""

    say: Text | None = None
    timeout_seconds: RingSeconds = 20
    failed: Action | None = None


class RingUser(_Ring):
    """Ring all devices of a user."""

    do: Literal["ring_user"]
    id: KazooId


class RingDevice(_Ring):
    """Ring one device."""

    do: Literal["ring_device"]
    id: KazooId


class Member(Strict):
    """One party of a group that is rung."""

    type: Literal["user", "device", "group"]
    id: KazooId
    delay_seconds: int = Field(0, ge=0, le=60)


class RingGroup(_Ring):
    """Ring several users and devices: a stored group by its id, or the members listed."""

    do: Literal["ring_group"]
    id: KazooId | None = None
    members: list[Member] = Field(default_factory=list, max_length=50)
    in_turn: bool = False

    @model_validator(mode="after")
    def _one_of(self) -> RingGroup:
        if (self.id is None) == (not self.members):
            raise ValueError("give either the id of a stored group or a list of members")
        return self


class RingNumber(_Ring):
    """Call a telephone number through the carriers."""

    do: Literal["ring_number"]
    number: PhoneNumber
    timeout_seconds: RingSeconds = 30


class Voicemail(Strict):
    """Take a message."""

    do: Literal["voicemail"]
    id: KazooId
    say: Text | None = None


class GoToMenu(Strict):
    """Present another menu; the present one is what `back` returns to."""

    do: Literal["menu"]
    menu: MenuName


class Balance(Strict):
    """Speak the available balance of the caller's account, then go on."""

    do: Literal["balance"]
    then: Action = Field(default_factory=lambda: Repeat(do="repeat"))


class BalanceGate(Strict):
    """Go one way with enough money and another without; `unknown` when there is no account or no answer."""

    do: Literal["balance_gate"]
    minimum: Money
    enough: Action
    short: Action
    unknown: Action | None = None


class GoToCallflow(Strict):
    """Continue in a callflow stored in KAZOO."""

    do: Literal["callflow"]
    id: KazooId
    say: Text | None = None


class Conference(Strict):
    """Join a stored conference."""

    do: Literal["conference"]
    id: KazooId
    moderator: bool = False
    say: Text | None = None


class CheckPin(Strict):
    """Go on only if the digits just entered are the PIN of the caller's account; otherwise it is a wrong
    answer."""

    do: Literal["check_pin"]
    correct: Action


class Notify(Strict):
    """Tell another system about the call: KAZOO posts the call and these values to it, then goes on at
    once."""

    do: Literal["notify"]
    url: str = Field(pattern=r"^https?://[^\s]+$", max_length=500)
    values: dict[FieldName, Filled] = Field(default_factory=dict, max_length=20)
    then: Action


class Say(Strict):
    """Speak, then go on."""

    do: Literal["say"]
    text: Text
    then: Action = Field(default_factory=lambda: Repeat(do="repeat"))


class SwitchLanguage(Strict):
    """Speak another language from now on."""

    do: Literal["language"]
    language: Annotated[str, AfterValidator(check_language)]
    then: Action = Field(default_factory=lambda: Repeat(do="repeat"))


class Repeat(Strict):
    """Present the same menu again, as on the first try."""

    do: Literal["repeat"]


class Back(Strict):
    """Present the menu the caller came from, or the start menu."""

    do: Literal["back"]


class HangUp(Strict):
    """End the call, with a last word."""

    do: Literal["hang_up"]
    say: Text | None = None


class Callback(Strict):
    """Hand the call to a callback of your own, under this deployment's address."""

    do: Literal["callback"]
    path: str = Field(pattern=r"^[a-z][a-z0-9_/-]{0,79}$")
    query: dict[FieldName, Annotated[str, Field(max_length=128)]] = Field(default_factory=dict, max_length=8)


AnyAction: TypeAlias = Union[  # noqa: UP007 - a forward reference inside needs the old spelling
    RingUser,
    RingDevice,
    RingGroup,
    RingNumber,
    Voicemail,
    GoToMenu,
    Balance,
    BalanceGate,
    GoToCallflow,
    Conference,
    CheckPin,
    Notify,
    Say,
    SwitchLanguage,
    Repeat,
    Back,
    HangUp,
    Callback,
]
Action = Annotated[AnyAction, Field(discriminator="do"), BeforeValidator(_as_action)]
Ring: TypeAlias = RingUser | RingDevice | RingGroup | RingNumber


BRANCHES = ("failed", "then", "enough", "short", "unknown", "correct")
"""The fields that hold a further action."""


def branches(action: AnyAction) -> Iterator[tuple[str, AnyAction]]:
    """Yield (field, action) of every action that may follow directly."""
    for field in BRANCHES:
        following = getattr(action, field, None)
        if following is not None:
            yield field, following


def walk(action: AnyAction) -> Iterator[AnyAction]:
    """Yield the action and every one that may follow it without a further key press."""
    yield action
    for _, following in branches(action):
        yield from walk(following)
