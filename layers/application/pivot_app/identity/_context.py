"""The caller behind a call: the one answer to who is calling, whose account it is, and whether a PIN is
right.

Everything is looked up when something is asked about it, each table once at most.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from kazoo_pivot.observability import emit_metrics
from pivot_app import speech
from pivot_app.identity._attempts import FAILURES_AN_HOUR, PinAttempts
from pivot_app.identity._directory import user_key
from pivot_app.identity._pin import pin_matches
from pivot_app.identity._profile import Profile
from pivot_app.lazy_dataclass import dataclass
from pivot_app.numbers import e164
from pivot_app.tenants import Tenant

if TYPE_CHECKING:
    from kazoo_pivot import Call
    from pivot_app.identity._balance import Balance, BalanceSources
    from pivot_app.identity._directory import Caller
    from pivot_app.ledger import Account

Proof = Literal["", "number", "user", "pin"]
"""What an identity rests on: nothing, the Caller-ID (which a caller can choose), a device that is registered
at KAZOO, or a PIN keyed in this call.
"""

_STRENGTH: dict[str, Proof] = {"number": "number", "user": "user", "pin": "pin"}


class CallerDirectory(Protocol):
    """Phone numbers and registered users to callers."""

    def find(self, kazoo_account_id: str, *keys: str) -> Caller | None:
        """Return the caller of the first of these keys that is known."""


class Accounts(Protocol):
    """Prepaid accounts."""

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """Return the account as it is now."""


@dataclass(frozen=True, slots=True)
class IdentityPorts:
    """The stores of callers, accounts, PIN attempts and balances.

    balances: makes the sources of balances, when a balance is asked for.
    """

    callers: CallerDirectory
    accounts: Accounts
    attempts: PinAttempts
    balances: Callable[[], BalanceSources]


@dataclass(frozen=True, slots=True)
class Identified:
    """Whose account a call is about, and what says so.

    needs_pin: the account is known, but what says so is not enough for this account or KAZOO account.
    """

    account_id: str = ""
    proof: Proof = ""
    needs_pin: bool = False


def caller_keys(call: Call) -> tuple[str, ...]:
    """Return what a caller may be known by, the strongest first: registered users, then the number."""
    number = e164(call.caller_id_number, call.account.region)
    users = tuple(user_key(user_id) for user_id in call.user_ids[:10] if len(user_id) <= 64)
    return (*users, *((number,) if number else ()))


def carried(call: Call) -> Identified:
    """Return the caller that an earlier step of this call identified.

    The signed state belongs to this call alone. A CAV `account_id` is one that our callbacks set in this
    call; it is not believed of another caller's number.
    """
    if not call.step:
        return Identified()
    if account_id := call.signed.get("account"):
        return Identified(str(account_id), _STRENGTH.get(str(call.signed.get("proof", "")), "number"))
    cavs = call.trusted_cavs
    if (
        not cavs.get("account_id")
        or cavs.get("account_caller", call.caller_id_number) != call.caller_id_number
    ):
        return Identified()
    return Identified(cavs["account_id"], "pin")


def demands_pin(call: Call) -> bool:
    """Return whether the KAZOO account never identifies a caller by Caller-ID alone."""
    return isinstance(call.account, Tenant) and call.account.require_pin


def identify(
    call: Call, find: Callable[[tuple[str, ...]], Caller | None]
) -> tuple[Identified, Caller | None]:
    """Return whose account a call is about, and the caller's row if it was read.

    `find` is asked for the row of `caller_keys` only where no earlier step of the call knows the account.
    """
    known = carried(call)
    if known.account_id:
        return Identified(known.account_id, known.proof, known.proof == "number" and demands_pin(call)), None
    caller = find(caller_keys(call))
    if caller is None:
        return Identified(), None
    proof: Proof = "user" if caller.is_user else "number"
    needs_pin = proof == "number" and (caller.require_pin or demands_pin(call))
    return Identified(caller.account_id, proof, needs_pin), caller


class CallerContext:
    """The caller and their account. Everything stays within the KAZOO account of the call.

    An account that needs a PIN stays closed until `log_in` or `pin_is` heard the right one: then its values,
    balance and name are those of nobody.
    """

    def __init__(self, call: Call, ports: IdentityPorts) -> None:
        self._call = call
        self._ports = ports
        self._logged_in: Identified | None = None
        self._read: dict[str, Account | None] = {}

    @cached_property
    def caller(self) -> Caller | None:
        """The caller's row by registered user or number, None for strangers."""
        keys = caller_keys(self._call)
        return self._ports.callers.find(self._call.account_id, *keys) if keys else None

    @cached_property
    def _found(self) -> Identified:
        return identify(self._call, lambda _: self.caller)[0]

    @property
    def identified(self) -> Identified:
        """Whose account this call is about."""
        return self._logged_in or self._found

    @property
    def known_account_id(self) -> str:
        """The account, if it is known already, so that the next step does not look it up again."""
        if self._logged_in is None and "_found" not in self.__dict__ and "caller" not in self.__dict__:
            return str(self._call.signed.get("account", "")) if self._call.step else ""
        return self.identified.account_id

    @property
    def signed(self) -> dict[str, str]:
        """The identity to sign into the next step, once the account is known: the caller, and the reason."""
        if not self.known_account_id:
            return {}
        found = self.identified
        return {"account": found.account_id, **({"proof": found.proof} if found.proof else {})}

    @property
    def account(self) -> Account | None:
        """The caller's account; None when there is none, or when it needs a PIN first."""
        found = self.identified
        if not found.account_id or found.needs_pin:
            return None
        account = self._account(found.account_id)
        if account is None or found.proof != "number":
            return account
        return None if Profile.from_item(account.profile).require_pin else account

    @property
    def profile(self) -> Profile:
        """The account's profile; empty when there is no account."""
        account = self.account
        return Profile.from_item(account.profile if account else {})

    @cached_property
    def balance(self) -> Balance | None:
        """The amount that the account can spend, from its balance source; None when unknown."""
        account = self.account
        if account is None:
            return None
        return self._ports.balances().balance(account, self.profile, self._call.now)

    @property
    def language(self) -> str | None:
        """The language the caller is known to speak."""
        return self.caller.attributes.get("language") if self.caller else None

    def value(self, owner: str, name: str, language: str) -> str | None:
        """Return the value of `caller.NAME` or `account.NAME` as text."""
        if owner == "caller":
            if self.caller is None or self.identified.needs_pin:
                return None
            return self.caller.name if name == "name" else _text(self.caller.attributes.get(name))
        match name:
            case "balance":
                amount = self._amount()
                return None if amount is None else amount.spoken(language)
            case "id":
                return None if self.account is None else self.account.account_id
            case "name":
                return self.profile.name
            case _:
                return _text(self.profile.attributes.get(name))

    def balance_sentence(self, language: str | None, *, greet: bool = False) -> speech.Spoken:
        """Return the sentence that speaks the balance, with its age; or that nobody knows it."""
        age = self.balance.age_seconds if self.balance else 0
        name = self.profile.name if greet else ""
        reserved = None
        if self.balance and self.balance.reserved_micros:
            reserved = speech.Amount(self.balance.reserved_micros, self.balance.currency)
        return speech.balance(language, self._amount(), reserved=reserved, age_seconds=age, name=name)

    def log_in(self, account_id: str, pin: str) -> bool:
        """Return whether this is the account's PIN, and if so take the caller for its owner.

        A try is counted before the PIN is looked at, for an account that does not exist too.
        """
        if not (account_id.isascii() and account_id.isdigit() and len(account_id) <= 20):
            pin_matches(pin, None)
            return False
        now, kazoo_account_id = int(self._call.now.timestamp()), self._call.account_id
        tenant = self._call.account
        cap = tenant.pin_failures_per_hour if isinstance(tenant, Tenant) else FAILURES_AN_HOUR
        if not self._ports.attempts.reserve(kazoo_account_id, account_id, now, cap=cap):
            # The caller hears what a wrong PIN hears; an operator sees why, and how often.
            self._call.explain("PIN", looked_at=False, why="too many tries")
            emit_metrics("identity", {"PinTriesRefused": 1}, {})
            return False
        account = self._account(account_id)
        # An account that does not exist costs the same time: it cannot be told from one with another PIN.
        if not pin_matches(pin, Profile.from_item(account.profile).pin if account else None):
            return False
        self._ports.attempts.succeeded(kazoo_account_id, account_id, now)
        self._logged_in = Identified(account_id, "pin")
        self.__dict__.pop("balance", None)
        self._call.set_cavs(account_id=account_id, account_caller=self._call.caller_id_number[:255])
        return True

    def pin_is(self, digits: str) -> bool:
        """Return whether the digits are the PIN of the account this call is about."""
        account_id = self.identified.account_id
        return bool(account_id) and self.log_in(account_id, digits)

    def _account(self, account_id: str) -> Account | None:
        if account_id not in self._read:
            self._read[account_id] = self._ports.accounts.account(self._call.account_id, account_id)
        return self._read[account_id]

    def _amount(self) -> speech.Amount | None:
        if self.balance is None:
            return None
        # All that is there: "zero" because another call holds it would be untrue.
        whole = self.balance.available_micros + self.balance.reserved_micros
        return speech.Amount(whole, self.balance.currency)


def _text(value: Any) -> str | None:
    return None if value is None or isinstance(value, bool | dict | list) else str(value)
