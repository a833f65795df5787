"""The application's ports in memory, each with one that fails: documents, callers, accounts, PIN tries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kazoo_pivot import Call, StoreUnavailableError
from pivot_app.documents import Head
from pivot_app.identity import BalanceSources, Caller, CallerContext, CallerDirectory, IdentityPorts, Tries
from pivot_app.identity._context import Accounts
from pivot_app.ledger import Account
from pivot_app.menus import KIND as MENUS
from pivot_app.routing import KIND as ROUTING
from pivotctl.data import MenuDocument, RoutingDocument, pages_of, parse


@dataclass
class MemoryDocuments:
    """Documents of KAZOO accounts, all their versions; `read` is what was read of them, in order."""

    read: list[str] = field(default_factory=list)
    _pages: dict[tuple[str, str, int], Mapping[str, bytes]] = field(default_factory=dict)
    _live: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)

    def push(self, kazoo_account_id: str, text: str) -> int:
        """Put the text of a document live; return its version."""
        document = parse(text, "test.yaml").document
        assert isinstance(document, MenuDocument | RoutingDocument)
        kind = MENUS if isinstance(document, MenuDocument) else ROUTING
        version = self._live.get((kazoo_account_id, kind), (0, ""))[0] + 1
        self._live[kazoo_account_id, kind] = (version, document.start)
        self._pages[kazoo_account_id, kind, version] = pages_of(document)
        return version

    def head(self, kazoo_account_id: str, kind: str) -> Head | None:
        """As the port."""
        self.read.append("head")
        version, start = self._live.get((kazoo_account_id, kind), (0, ""))
        return Head(version, start, self._pages[kazoo_account_id, kind, version][start]) if version else None

    def page(self, kazoo_account_id: str, kind: str, version: int, name: str) -> bytes | None:
        """As the port."""
        self.read.append(name)
        return self._pages[kazoo_account_id, kind, version].get(name)


class FailingDocuments(MemoryDocuments):
    """The table of documents is unavailable."""

    def head(self, kazoo_account_id: str, kind: str) -> Head | None:
        """Fail."""
        raise StoreUnavailableError("the store of documents is unavailable")

    def page(self, kazoo_account_id: str, kind: str, version: int, name: str) -> bytes | None:
        """Fail."""
        raise StoreUnavailableError("the store of documents is unavailable")


class MemoryCallers:
    """Callers by KAZOO account and key; `asked` counts the look-ups."""

    def __init__(self, by_account: Mapping[str, Mapping[str, Caller]] | None = None) -> None:
        self.by_account = by_account or {}
        self.asked = 0

    def find(self, kazoo_account_id: str, *keys: str) -> Caller | None:
        """As the port."""
        self.asked += 1
        known = self.by_account.get(kazoo_account_id, {})
        return next((known[key] for key in keys if key in known), None)


class FailingCallers(MemoryCallers):
    """The table of callers is unavailable."""

    def find(self, kazoo_account_id: str, *keys: str) -> Caller | None:
        """Fail."""
        raise StoreUnavailableError("the store of callers is unavailable")


class MemoryAccounts:
    """Prepaid accounts of one ledger."""

    def __init__(self, *accounts: Account) -> None:
        self.accounts = {(account.kazoo_account_id, account.account_id): account for account in accounts}

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """As the port."""
        return self.accounts.get((kazoo_account_id, account_id))


class FailingAccounts(MemoryAccounts):
    """The ledger is unavailable."""

    def account(self, kazoo_account_id: str, account_id: str) -> Account | None:
        """Fail."""
        raise StoreUnavailableError("the ledger is unavailable")


class MemoryAttempts:
    """Tries of PINs, counted as the table counts them."""

    def __init__(self) -> None:
        self.tries: dict[tuple[str, str], Tries] = {}
        self.failures = 0

    def reserve(self, kazoo_account_id: str, account_id: str, now: int, *, cap: int) -> bool:
        """As the port."""
        allowed = self.tries.get((kazoo_account_id, account_id), Tries()).after_a_try(now)
        if allowed is None or self.failures >= cap:
            return False
        self.tries[kazoo_account_id, account_id] = allowed
        self.failures += 1
        return True

    def succeeded(self, kazoo_account_id: str, account_id: str, now: int) -> None:
        """As the port."""
        self.unlock(kazoo_account_id, account_id)
        self.failures -= 1

    def unlock(self, kazoo_account_id: str, account_id: str) -> None:
        """As the port."""
        self.tries.pop((kazoo_account_id, account_id), None)


def person(
    call: Call,
    *,
    callers: CallerDirectory | None = None,
    accounts: Accounts | None = None,
    attempts: MemoryAttempts | None = None,
) -> CallerContext:
    """Return the caller behind a call, with stores in memory; nobody is known unless `callers` knows them."""
    ports = IdentityPorts(
        callers=callers or MemoryCallers(),
        accounts=accounts or MemoryAccounts(),
        attempts=attempts or MemoryAttempts(),
        balances=BalanceSources,
    )
    return CallerContext(call, ports)
