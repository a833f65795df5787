"""The callers document: customers' accounts, their phone numbers and what is known of them. Read by `pivot
data`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from pivot_app.identity import check_pin, subscriber, user_key
from pivot_app.menus.types import KazooId, PhoneNumber, Strict, check_language

AccountNumber = Annotated[str, Field(pattern=r"^[0-9]{1,20}$")]
Attributes = Annotated[
    dict[
        Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")],
        Annotated[str, Field(max_length=100)] | bool | int,
    ],
    Field(max_length=50),
]
Language = Annotated[str, AfterValidator(check_language)]


def _as_numbers(value: Any) -> Any:
    """Accept a number, or a list of numbers, that nothing else is known of."""
    if isinstance(value, str | int):
        value = [value]
    if not isinstance(value, list):
        return value
    if len(set(map(str, value))) != len(value):
        raise ValueError("a number is listed twice")
    return {str(number): {} for number in value}


def _check_e164(number: str) -> str:
    if not re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        raise ValueError(f"{number!r} is not in E.164; write it like +14155550100")
    return number


class Number(Strict):
    """What is known of who calls from one number, or as one registered user."""

    name: str = Field("", max_length=100)
    attributes: Attributes = Field(default_factory=dict)


class SupportDocument(Strict):
    """Where the account's customer support is reached."""

    kind: Literal["user", "device", "group", "ring_group", "number", "voicemail", "callflow"]
    id: KazooId | PhoneNumber | None = None
    ids: list[KazooId] = Field(default_factory=list, max_length=50)

    @model_validator(mode="after")
    def _complete(self) -> SupportDocument:
        if self.kind == "ring_group":
            if not self.ids:
                raise ValueError("a ring_group needs ids, a list of users")
        elif self.id is None:
            raise ValueError(f"a {self.kind} needs an id")
        return self


class AccountDocument(Strict):
    """One customer's account: everything but its money."""

    name: str = Field("", max_length=100)
    language: Language | None = None
    numbers: Annotated[
        dict[Annotated[str, AfterValidator(_check_e164)], Number],
        BeforeValidator(_as_numbers),
        Field(max_length=1000),
    ] = Field(default_factory=dict)
    users: Annotated[dict[KazooId, Number], BeforeValidator(_as_numbers), Field(max_length=1000)] = Field(
        default_factory=dict, description="KAZOO users whose registered devices call for this account"
    )
    attributes: Attributes = Field(default_factory=dict)
    support: SupportDocument | None = None
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,12}$")] | None = None
    require_pin: bool = Field(False, description="the caller's number alone opens nothing")
    balance_source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")] = "ledger"


class CallersDocument(Strict):
    """Accounts of one KAZOO account, by the number customers know them under."""

    kind: Literal["callers"]
    accounts: dict[AccountNumber, AccountDocument] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_account_a_number(self) -> CallersDocument:
        owner: dict[str, tuple[str, str]] = {}
        for account_id, account in self.accounts.items():
            for listed in (*account.numbers, *account.users):
                key = subscriber(listed)
                if key in owner:
                    other, other_account = owner[key]
                    raise ValueError(
                        f"{listed} is listed under {other_account} and {account_id}; one account owns it"
                        if other == listed
                        else f"{listed} and {other} are one subscriber; list one of them"
                    )
                owner[key] = (listed, account_id)
        return self

    @model_validator(mode="after")
    def _pins_that_are_not_guessed(self) -> CallersDocument:
        for account_id, account in self.accounts.items():
            if account.pin is not None:
                check_pin(account.pin, account_id, *account.numbers)
        return self

    def identities(self) -> Iterator[tuple[str, str, Number]]:
        """Yield (key of the callers' table, account, what is known) of every number and user."""
        for account_id, account in self.accounts.items():
            for number, known in account.numbers.items():
                yield subscriber(number), account_id, known
            for user_id, known in account.users.items():
                yield user_key(user_id), account_id, known
