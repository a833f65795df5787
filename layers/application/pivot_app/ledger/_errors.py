"""The package's errors.

LedgerError
├── InvalidAmountError       a value outside its limits; names the field
├── AccountNotFoundError
├── AccountExistsError
├── ReferenceConflictError   a reference that was used before, for something else
├── HeldMoneyError           an adjustment that would take money that live calls hold
├── InvalidWebhookError      an end of a call that cannot be read; names the field
├── PlanChangedError         a plan published by somebody else meanwhile
├── PlanNotFoundError
├── CurrencyChangedError     a plan that would go over to another currency unasked
└── ItemTooLargeError        an item over DynamoDB's 400 KB; no outage, and no retry helps

An unreachable table, or one too busy within the time budget, raises `pivot_app.aws.StoreUnavailableError`.
"""

from __future__ import annotations

from pivot_app.errors import ApplicationError


class LedgerError(ApplicationError):
    """Anything the ledger refuses or cannot do."""


class InvalidAmountError(LedgerError, ValueError):
    """A value outside its limits."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        self.field = field
        super().__init__(f"{field} is {value!r} ({type(value).__name__}); give {allowed}")


class AccountNotFoundError(LedgerError, LookupError):
    """No such account in this KAZOO account."""

    def __init__(self, kazoo_account_id: str, account_id: str) -> None:
        self.account_id = account_id
        super().__init__(f"account {account_id} is not in KAZOO account {kazoo_account_id}; create it first")


class AccountExistsError(LedgerError):
    """An account with this number exists already."""

    def __init__(self, kazoo_account_id: str, account_id: str) -> None:
        self.account_id = account_id
        super().__init__(f"account {account_id} is already in KAZOO account {kazoo_account_id}")


class ReferenceConflictError(LedgerError):
    """A reference that was used before, with another kind or amount: nothing was posted."""

    def __init__(self, reference: str, posted: str, asked: str) -> None:
        self.reference = reference
        super().__init__(f"reference {reference!r} was posted as {posted}, now {asked}; use a new reference")


class HeldMoneyError(LedgerError):
    """An adjustment that would take money that live calls hold: nothing was posted."""

    def __init__(self, account_id: str, micros: int, held_micros: int) -> None:
        self.account_id = account_id
        super().__init__(
            f"an adjustment of {micros} micro-units takes money that calls of account {account_id} hold "
            f"({held_micros}); adjust less, wait until they have ended, or force it"
        )


class InvalidWebhookError(LedgerError, ValueError):
    """A webhook about a leg in which a field that the bill needs is missing or impossible."""

    def __init__(self, field: str, allowed: str, value: object) -> None:
        self.field = field
        shown = "absent" if value is None else f"{str(value)[:40]!r} ({type(value).__name__})"
        super().__init__(f"webhook field {field} is {shown}; KAZOO sends {allowed}")


class PlanChangedError(LedgerError):
    """Somebody else published a version of the plan meanwhile; this one is not published."""


class PlanNotFoundError(LedgerError, LookupError):
    """There is no such plan, or not that version of it."""

    def __init__(self, name: str, version: int | None = None) -> None:
        what = f"version {version} of plan {name} is not kept" if version else f"plan {name} is not there"
        remedy = (
            "`pivot accounts plan` lists the versions"
            if version
            else "`pivot accounts import-rates` makes it"
        )
        super().__init__(f"{what}: {remedy}")


class CurrencyChangedError(LedgerError, ValueError):
    """The plan would change its currency, so that its accounts would have no rate."""

    def __init__(self, name: str, before: str, asked: str) -> None:
        super().__init__(
            f"plan {name} is in {before}, these rates are in {asked}; every account of it would be refused. "
            f"Give the plan another name, or confirm with --change-currency"
        )


class ItemTooLargeError(LedgerError):
    """An item over DynamoDB's limit of 400 KB: its writer must store less."""
