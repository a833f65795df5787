"""The charges of a call's legs, and whether they are final."""

from __future__ import annotations

from typing import Literal

from pivot_app.lazy_dataclass import dataclass

Why = Literal["call", "diverted", "picked_up", "on_net", "caller", "transfer"]


@dataclass(frozen=True, slots=True)
class Charge:
    """One leg to bill.

    Args:
        call_id: The leg.
        seconds: From its answer to its end.
        why: `call` the number authorized, `diverted` another one that the call was sent on to, `picked_up` a
            colleague's own leg, `on_net` a call to another KAZOO account, `caller` the caller's leg,
            `transfer` a leg made after the call was transferred.
        number: The number it was sent to, in E.164 with +; "" if that is not known, or an extension.
        is_estimate: Its seconds follow from the times of other events.
        is_cut: Its end reported more seconds than passed since the hold was made: those were cut off.
        started_at: When it was answered, by the switch's clock; 0 if that is not known.
        ended_at: When it ended, by the switch's clock.

    """

    call_id: str
    seconds: int
    why: Why
    number: str = ""
    is_estimate: bool = False
    is_cut: bool = False
    started_at: int = 0
    ended_at: int = 0


State = Literal["ended", "waiting", "unresolved"]


@dataclass(frozen=True, slots=True)
class Bill:
    """The known facts of a call.

    Args:
        state: `ended`: it can be settled; `waiting`: more is expected; `unresolved`: it should have ended,
            and nothing tells how.
        charges: The legs to bill, as far as they are known.
        reason: What is waited for, or missing; "" for a call that ended.

    """

    state: State
    charges: tuple[Charge, ...] = ()
    reason: str = ""

    @property
    def is_estimate(self) -> bool:
        """Whether any of it follows from the times of other events."""
        return any(charge.is_estimate for charge in self.charges)
