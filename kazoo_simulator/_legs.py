"""The legs of a call on one media server: their origin, their partner, and the cost of each."""

from __future__ import annotations

import heapq
import math
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Literal, TypeAlias

from ._events import JsonObject, LegHook, LegTold
from ._kazoo import Caller, KazooConfig

GREGORIAN_OFFSET_S = 62_167_219_200
BOWOUT_MS = 2_000
"""Two joined halves of a loopback leave the call about that long after both were answered."""

Direction: TypeAlias = Literal["inbound", "outbound"]

# The SIP status that goes with a hang-up cause; for other causes KAZOO sends no status.
_CODES = {
    "NORMAL_CLEARING": 200,
    "ATTENDED_TRANSFER": 200,
    "BLIND_TRANSFER": 200,
    "USER_BUSY": 486,
    "UNALLOCATED_NUMBER": 404,
    "NO_ROUTE_DESTINATION": 404,
    "NORMAL_TEMPORARY_FAILURE": 503,
    "DESTINATION_OUT_OF_ORDER": 502,
    "CALL_REJECTED": 403,
    "NO_USER_RESPONSE": 408,
    "ORIGINATOR_CANCEL": 487,
    "LOSE_RACE": 487,
}


@dataclass(slots=True, eq=False)
class Leg:
    """One channel of the switch; times are in ms since the first leg of the simulation arrived.

    `partner` is the other leg of its current caller profile, `bridge_id` the first leg that ran a callflow
    for it, `itself` marks a leg that the API originated and that names itself until it is bridged.
    """

    name: str
    call_id: str
    direction: Direction
    request: str
    realm: str
    caller: Caller
    created_ms: int
    made_for: Leg | None = None
    partner: str | None = None
    bridge_id: str | None = None
    itself: bool = False
    half: Literal["", "a", "b"] = ""
    carrier: bool = False
    forwarded: bool = False
    told: bool = True
    variables: JsonObject = field(default_factory=dict)
    progress_ms: int | None = None
    answered_ms: int | None = None
    ended_ms: int | None = None
    cause: str = ""
    sip_code: int | None = None

    @property
    def internal(self) -> bool:
        """Whether it is half of a loopback."""
        return bool(self.half)

    def sip_code_of(self, cause: str) -> int | None:
        """Return KAZOO's SIP status for that end, None if it sends no status."""
        answered = self.answered_ms is not None
        if answered and cause in ("ORIGINATOR_CANCEL", "LOSE_RACE"):
            return 200
        return _CODES.get(cause)


class Switch:
    """One media server: its clock and legs, and what it raises about them.

    `tell` gets every event of every leg. Things that happen by themselves are scheduled with `at`.
    """

    def __init__(self, config: KazooConfig, rng: random.Random, tell: Callable[[LegTold, Leg], None]) -> None:
        self.config = config
        self.random = rng
        self.began_at = config.began_at or datetime.now(UTC)
        self.now_ms = 0
        self.legs: list[Leg] = []
        self.dead = False
        self._interaction = ""
        self._tell = tell
        self._timers: list[tuple[int, int, Callable[[], None]]] = []
        self._numbers = count()

    # --- the clock --------------------------------------------------------------------------------

    def at(self, due_ms: int, action: Callable[[], None]) -> None:
        """Do something at that time."""
        heapq.heappush(self._timers, (due_ms, next(self._numbers), action))

    def after(self, ms: int, action: Callable[[], None]) -> None:
        """Do something after that many ms."""
        self.at(self.now_ms + ms, action)

    @property
    def next_due_ms(self) -> int | None:
        """When the next scheduled thing happens."""
        return self._timers[0][0] if self._timers else None

    def run_next(self) -> None:
        """Do the next scheduled thing."""
        due_ms, _, action = heapq.heappop(self._timers)
        self.now_ms = max(self.now_ms, due_ms)
        action()

    def seconds(self, ms: int) -> int:
        """Return the switch's clock at a time, in whole Gregorian seconds."""
        moment = self.began_at + timedelta(milliseconds=ms, seconds=self.config.switch_clock_s)
        return math.floor(moment.timestamp()) + GREGORIAN_OFFSET_S

    @property
    def interaction(self) -> str:
        """The key of the interaction that all legs of a call share."""
        self._interaction = self._interaction or f"{self.random.getrandbits(32):08x}"
        return self._interaction

    # --- legs -------------------------------------------------------------------------------------

    def call_id(self, *, device: bool = False) -> str:
        """Return a fresh Call-ID: one a phone would choose, or one of the switch."""
        made = uuid.UUID(int=self.random.getrandbits(128), version=4)
        return f"{made}@198.51.100.20" if device else str(made)

    def arrive(
        self,
        caller: Caller,
        request: str,
        *,
        call_id: str | None = None,
        itself: bool = False,
        partner: str | None = None,
        name: str = "",
    ) -> Leg:
        """Let a leg arrive from a phone or a carrier, or originate one to a phone (`itself`).

        `partner` is the leg that an INVITE with Replaces names.
        """
        leg = Leg(
            name=name or self._name("x"),
            call_id=call_id or self.call_id(device=True),
            direction="outbound" if itself else "inbound",
            request=request,
            realm=self.config.realm,
            caller=caller,
            created_ms=self.now_ms,
            partner=partner,
            itself=itself,
            variables=dict(caller.variables),
        )
        leg.bridge_id = leg.call_id
        return self._born(leg)

    def make(
        self,
        made_for: Leg,
        request: str,
        *,
        carrier: bool = False,
        half: Literal["", "a", "b"] = "",
        forwarded: bool = False,
        told: bool = True,
        variables: JsonObject | None = None,
        caller: Caller | None = None,
    ) -> Leg:
        """Make a leg towards somebody, for another leg; it names that leg from its birth on."""
        leg = Leg(
            name=self._name("b"),
            call_id=self.call_id(),
            direction="inbound" if half == "b" else "outbound",
            request=request,
            realm=self.config.carrier_realm if carrier else self.config.realm,
            caller=caller or made_for.caller,
            created_ms=self.now_ms,
            made_for=made_for,
            # Of a loopback's inner half, KAZOO 4.3 finds the caller by its Bridge-ID, and 5 finds nobody.
            partner=None if half == "b" else made_for.call_id,
            bridge_id=made_for.bridge_id,
            half=half,
            carrier=carrier and not half,
            forwarded=forwarded,
            told=told,
            variables=dict(variables or {}),
        )
        return self._born(leg)

    def originate(self, caller: Caller, request: str, *, carrier: bool) -> Leg:
        """Make a leg for nobody, as a conference does: it names itself."""
        leg = Leg(
            name=self._name("b"),
            call_id=self.call_id(),
            direction="outbound",
            request=request,
            realm=self.config.carrier_realm if carrier else self.config.realm,
            caller=caller,
            created_ms=self.now_ms,
            itself=True,
            carrier=carrier,
        )
        return self._born(leg)

    def _name(self, kind: str) -> str:
        return f"{kind}{1 + sum(leg.name.startswith(kind) for leg in self.legs)}"

    def _born(self, leg: Leg) -> Leg:
        self.legs.append(leg)
        self._say("channel_create", leg)
        return leg

    def progress(self, leg: Leg) -> None:
        """Let a leg ring or send early media."""
        if leg.progress_ms is None:
            leg.progress_ms = self.now_ms

    def answer(self, leg: Leg) -> None:
        """Answer a leg; only the first answer counts and is reported."""
        if leg.answered_ms is None and leg.ended_ms is None:
            self.progress(leg)
            leg.answered_ms = self.now_ms
            self._say("channel_answer", leg)

    def bridge(self, leg: Leg, other: Leg, *, told: bool = True) -> None:
        """Join two legs; the originating side reports it, and from then on each names the other."""
        leg.partner, other.partner = other.call_id, leg.call_id
        if told:
            self._say("channel_bridge", leg, other)

    def transfer(self, leg: Leg) -> None:
        """Give a leg a new caller profile, without a partner, as a blind transfer or a park does."""
        leg.partner = None

    def destroy(self, leg: Leg, cause: str = "NORMAL_CLEARING", *, sip_code: int | None = None) -> None:
        """End a leg."""
        if leg.ended_ms is not None:
            return
        leg.ended_ms, leg.cause, leg.sip_code = self.now_ms, cause, sip_code or leg.sip_code_of(cause)
        # KAZOO 5 keeps the end of a leg with this cause to itself.
        if self.config.version == "4.3" or cause != "WRONG_CALL_STATE":
            self._say("channel_destroy", leg)

    def destroy_made_for(self, leg: Leg) -> None:
        """End every leg that was made for this one, directly or through others."""
        for other in self.legs:
            if other.ended_ms is None and other.made_for is not None and _comes_from(other, leg):
                self.destroy(
                    other, "NORMAL_CLEARING" if other.answered_ms is not None else "ORIGINATOR_CANCEL"
                )

    def die(self) -> None:
        """Lose the media server: every leg is gone, and no end is reported."""
        self.dead = True
        self._timers.clear()
        for leg in self.legs:
            if leg.ended_ms is None:
                leg.ended_ms, leg.cause = self.now_ms, "CHANNEL_DISCONNECTED"

    @property
    def alive(self) -> list[Leg]:
        """The legs that are up."""
        return [leg for leg in self.legs if leg.ended_ms is None]

    # --- reports -----------------------------------------------------------------------------

    def _say(self, hook: LegHook, leg: Leg, other: Leg | None = None) -> None:
        self._tell(
            LegTold(
                at_ms=self.now_ms,
                hook=hook,
                leg=leg.name,
                call_id=leg.call_id,
                other_leg_call_id=self.other_leg(leg, other),
                direction=leg.direction,
                request=leg.request,
                cause=leg.cause,
                billing_s=self.billing_s(leg) if hook == "channel_destroy" else None,
            ),
            leg,
        )

    def other_leg(self, leg: Leg, bridged_to: Leg | None = None) -> str | None:
        """Return the leg that KAZOO names as the other one."""
        if leg.partner is not None:
            return leg.partner
        if leg.itself:
            return leg.call_id
        if self.config.version == "5":
            return None
        if bridged_to is not None:
            return bridged_to.call_id
        return leg.bridge_id if leg.bridge_id != leg.call_id else None

    def billing_s(self, leg: Leg) -> int:
        """Return the seconds from the leg's first answer to its end: 4.3 rounds up, 5 compares clocks."""
        if leg.answered_ms is None or leg.ended_ms is None:
            return 0
        if self.config.version == "5":
            return self.seconds(leg.ended_ms) - self.seconds(leg.answered_ms)
        return -(-(leg.ended_ms - leg.answered_ms) // 1000)

    def duration_s(self, leg: Leg) -> int:
        """Return the whole seconds from the leg's creation to its end."""
        ended_ms = self.now_ms if leg.ended_ms is None else leg.ended_ms
        return self.seconds(ended_ms) - self.seconds(leg.created_ms)

    def ringing_s(self, leg: Leg) -> int:
        """Return KAZOO's ringing seconds: 5 counts until the first progress, 4.3 what is left after it."""
        progress_ms = leg.progress_ms if leg.progress_ms is not None else leg.created_ms
        until_progress_s = (progress_ms - leg.created_ms) // 1000
        if self.config.version == "5":
            return until_progress_s
        return self.duration_s(leg) - self.billing_s(leg) - until_progress_s


def _comes_from(leg: Leg, ancestor: Leg) -> bool:
    above = leg.made_for
    while above is not None and above is not ancestor:
        above = above.made_for
    return above is ancestor
