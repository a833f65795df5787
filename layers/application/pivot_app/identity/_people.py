"""The caller behind a call: looked up when something is asked about them, each table once at most."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

if TYPE_CHECKING:
    from kazoo_pivot import Call
    from pivot_app.identity import Balance, BalanceSources, Caller, Profile
    from pivot_app.ledger import Account


class CallerDirectory(Protocol):
    """Phone numbers to callers."""

    def find(self, kazoo_account_id: str, number: str) -> Caller | None:
        """The caller with this E.164 number."""


class Accounts(Protocol):
    """Prepaid accounts."""

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """The account as it is now."""


class PinFailureCounter(Protocol):
    """Counts wrong PINs."""

    def record(self, kazoo_account_id: str, account_id: str, profile: Profile, now: int) -> None:
        """Count one more."""


class Person:
    """Who is calling, and their account. Everything stays within the KAZOO account of the call."""

    def __init__(
        self,
        call: Call,
        callers: CallerDirectory,
        accounts: Accounts,
        failures: PinFailureCounter,
        balances: BalanceSources,
    ) -> None:
        self._call = call
        self._callers = callers
        self._accounts = accounts
        self._failures = failures
        self._balances = balances
        self._carried = str(call.signed.get("account", ""))

    @classmethod
    def of(cls, call: Call) -> Self:
        """The person behind a call, with the deployment's tables."""
        from pivot_app import aws
        from pivot_app.identity import DynamoDBCallers, PinFailures, balance_sources
        from pivot_app.ledger import DynamoDBLedger
        from pivot_app.settings import settings

        dynamodb, tables = aws.client("dynamodb"), settings()
        return cls(
            call,
            DynamoDBCallers(dynamodb, tables.callers_table),
            DynamoDBLedger(dynamodb, tables.accounts_table),
            PinFailures(dynamodb, tables.accounts_table),
            balance_sources(),
        )

    @cached_property
    def caller(self) -> Caller | None:
        """The caller by their number, None for strangers."""
        from pivot_app.identity import e164

        number = e164(self._call.caller_id_number, self._call.account.region)
        return self._callers.find(self._call.account_id, number) if number else None

    @property
    def known_account_id(self) -> str:
        """The account, if it was found out already: carried on, so that the next step need not look again."""
        found = self.__dict__.get("caller")
        return self._carried or (found.account_id if found else "")

    @cached_property
    def account(self) -> Account | None:
        """The caller's account, None when there is none."""
        account_id = self._carried or (self.caller.account_id if self.caller else "")
        return self._accounts.account(self._call.account_id, account_id) if account_id else None

    @cached_property
    def profile(self) -> Profile:
        """What the account says besides money; empty when there is no account."""
        from pivot_app.identity import Profile

        return Profile.from_item(self.account.profile if self.account else {})

    @cached_property
    def balance(self) -> Balance | None:
        """What the account may spend, from wherever its balance is kept; None when nobody knows."""
        if self.account is None:
            return None
        return self._balances.balance(self.account, self.profile, self._call.now)

    @property
    def language(self) -> str | None:
        """The language the caller is known to speak."""
        return self.caller.attributes.get("language") if self.caller else None

    def value(self, owner: str, name: str, language: str) -> str | None:
        """The value of `caller.NAME` or `account.NAME` as text."""
        if owner == "caller":
            if self.caller is None:
                return None
            return self.caller.name if name == "name" else _text(self.caller.attributes.get(name))
        match name:
            case "balance":
                return self._money(language)
            case "id":
                return None if self.account is None else " ".join(self.account.account_id)
            case "name":
                return self.profile.name
            case _:
                return _text(self.profile.attributes.get(name))

    def balance_text(self, language: str) -> str | None:
        """The balance in a sentence; None when unknown."""
        from pivot_app import speech

        money = self._money(language)
        if money is None or self.balance is None:
            return None
        minutes = self.balance.age_seconds // 60
        if minutes < 1:
            return speech.text("balance", language, money=money)
        return speech.text("balance_aged", language, money=money, minutes=speech.number(minutes, language))

    def pin_is(self, digits: str) -> bool:
        """Whether the digits are the account's PIN. Wrong ones count; too many lock the account for a
        while."""
        from pivot_app.identity import pin_matches

        now = int(self._call.now.timestamp())
        if self.profile.locked(now):
            return False
        if pin_matches(digits, self.profile.pin):
            return True
        if self.account is not None:
            self._failures.record(self._call.account_id, self.account.account_id, self.profile, now)
        return False

    def _money(self, language: str) -> str | None:
        from pivot_app import speech

        if self.balance is None:
            return None
        return speech.money(self.balance.available_micros, self.balance.currency, language)


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, bool | dict | list) else str(value)
