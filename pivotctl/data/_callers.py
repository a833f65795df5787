"""The callers document: customers' accounts, their phone numbers and what is known about them. Read by `pivot
data`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pivot_app.documents import FieldName, Form, KazooId, Language, Length, Pattern, Record
from pivot_app.identity import subscriber, user_key

AccountNumber = Annotated[str, Pattern(r"[0-9]{1,20}", "an account number of at most 20 digits")]
Attributes = Annotated[Mapping[FieldName, Annotated[str, Length(0, 100)] | bool | int], Length(0, 50)]
ShortName = Annotated[str, Length(0, 100)]
SupportId = Annotated[
    str, Pattern(r"[0-9a-f]{32}|\+?[0-9]{2,18}", "the 32 hexadecimal digits of a KAZOO id, or a phone number")
]


@dataclass(frozen=True, kw_only=True)
class Number(Record):
    """The data of a caller, by one number or one registered user."""

    name: ShortName = ""
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SupportDocument(Record):
    """The target of the account's customer support."""

    kind: Literal["user", "device", "group", "ring_group", "number", "voicemail", "callflow"]
    id: SupportId | None = None
    ids: Annotated[
        tuple[KazooId, ...],
        Length(0, 50),
    ] = ()


@dataclass(frozen=True, kw_only=True)
class AccountDocument(Record):
    """One customer's account: everything but its money.

    `users` are KAZOO users whose registered devices call for it. With `require_pin` the caller's number alone
    opens nothing.
    """

    name: ShortName = ""
    language: Language | None = None
    numbers: Annotated[
        Mapping[Annotated[str, Form("e164")], Number], Form("caller_numbers"), Length(0, 1000)
    ] = field(default_factory=dict)
    users: Annotated[Mapping[KazooId, Number], Form("caller_numbers"), Length(0, 1000)] = field(
        default_factory=dict
    )
    attributes: Attributes = field(default_factory=dict)
    support: SupportDocument | None = None
    pin: Annotated[str, Form("pin")] | None = None
    require_pin: bool = False
    balance_source: Annotated[str, Pattern(r"[a-z][a-z0-9_-]{0,31}", "the name of a balance source")] = (
        "ledger"
    )


@dataclass(frozen=True, kw_only=True)
class CallersDocument(Record):
    """Accounts of one KAZOO account, by the number customers know them under."""

    kind: Literal["callers"]
    accounts: Annotated[Mapping[AccountNumber, AccountDocument], Length(1, 10_000_000)]

    def identities(self) -> Iterator[tuple[str, str, Number]]:
        """Yield (key of the callers' table, account, what is known) of every number and user."""
        for account_id, account in self.accounts.items():
            for number, known in account.numbers.items():
                yield subscriber(number), account_id, known
            for user_id, known in account.users.items():
                yield user_key(user_id), account_id, known
