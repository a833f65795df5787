"""The source of an account's balance: our ledger, or an external system behind HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from pivot_app.errors import ApplicationError
from pivot_app.identity._profile import Profile, ProfileError
from pivot_app.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from pivot_app.ledger import Account

LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Balance:
    """The amount that an account can spend, in micro-units of its currency, and its age.

    reserved_micros: what live calls hold besides; it is part of the balance, and not available.
    """

    available_micros: int
    currency: str
    age_seconds: int = 0
    reserved_micros: int = 0


class BalanceUnavailableError(ApplicationError):
    """The balance source gives no answer, and no recent value is cached."""


class BalanceSource(Protocol):
    """A place balances are kept in."""

    def balance(self, kazoo_account_id: str, account_id: str, now: datetime) -> Balance:
        """Return the balance of one account. BalanceUnavailableError when it is unknown."""


class BalanceSources:
    """The balance of any account: from the ledger, or from the source its profile names.

    `external` gives the source of a name (`profile.balance_source`) for a KAZOO account: the same one again,
    so that what a source remembers of its failures serves the next call too.
    """

    def __init__(self, external: Callable[[str, str], BalanceSource] | None = None) -> None:
        self._external = external

    def balance(self, account: Account, profile: Profile, now: datetime) -> Balance | None:
        """Return the balance, None when its source cannot say it."""
        name = profile.balance_source
        if name == LEDGER:
            available = account.available_micros(now)
            reserved = account.balance_micros - available
            return Balance(available, account.currency, reserved_micros=reserved)
        try:
            return self._source(account.kazoo_account_id, name).balance(
                account.kazoo_account_id, account.account_id, now
            )
        except BalanceUnavailableError:
            return None

    def _source(self, kazoo_account_id: str, name: str) -> BalanceSource:
        if self._external is None:
            raise ProfileError(f"profile.balance_source: {name!r} is not {LEDGER!r}; no other ledger exists")
        return self._external(kazoo_account_id, name)
