"""All checks of one KAZOO account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from pivot_app.crossbar import Crossbar, CrossbarError, CrossbarUnavailableError, read_provisioned
from pivot_app.lazy_dataclass import dataclass

from ._callflows import IsLive, check_callflows
from ._findings import Check, Finding
from ._money import Money, check_money
from ._reach import Exchanges, check_reach
from ._webhooks import check_webhooks


@dataclass(frozen=True, slots=True)
class Doctor:
    """Examines one KAZOO account against one deployment.

    `url` is the address KAZOO is given, `kazoo_version` what the deployment believes the account to run;
    None if it does not know the account.
    """

    crossbar: Crossbar
    deployment: str
    url: str
    kazoo_version: str | None
    is_live: IsLive
    exchanges: Exchanges | None = None
    money: Money | None = None

    def examine(self, now: datetime, *, fix: bool = False) -> Iterator[Finding]:
        """Yield what is found, check by check; `fix` switches our webhooks on again.

        A check that KAZOO does not let finish is a finding itself.
        """
        access = list(self._check_access())
        yield from access
        if any(finding.level == "error" for finding in access):
            return
        try:
            found, _ = read_provisioned(self.crossbar, self.deployment)
        except CrossbarError as error:
            yield _failed("callflow", error)
            return
        ours = list(found.values())
        yield from self._safely(
            "callflow", lambda: check_callflows(self.crossbar, ours, self.url, self.is_live)
        )
        yield from self._safely(
            "webhook",
            lambda: check_webhooks(self.crossbar, ours, self.url, self.is_live, now, fix=fix),
        )
        if (exchanges := self.exchanges) is not None:
            yield from self._safely("reach", lambda: check_reach(self.crossbar, exchanges, self.url))
        if (money := self.money) is not None:
            yield from self._safely("holds", lambda: check_money(self.crossbar, money, now))

    def _check_access(self) -> Iterator[Finding]:
        try:
            account = self.crossbar.account()
            version = self.crossbar.version
        except CrossbarError as error:
            yield _failed("access", error)
            return
        name, url = account.get("name", "?"), self.crossbar.http.url
        yield Finding("access", "ok", f"Crossbar at {url} lets us in: {name}, KAZOO {version}")
        if self.kazoo_version is None:
            yield Finding(
                "token",
                "error",
                "this deployment does not know the KAZOO account: every call is refused",
                "run `pivot provision` with the account's kazoo.yaml",
            )
        elif self.kazoo_version != version:
            yield Finding(
                "access",
                "error",
                f"the account runs KAZOO {version}, this deployment answers for {self.kazoo_version}",
                f"`pivot token set ACCOUNT --kazoo {version}`",
            )

    @staticmethod
    def _safely(check: Check, findings: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
        try:
            yield from findings()
        except CrossbarError as error:
            yield _failed(check, error)


def _failed(check: Check, error: CrossbarError) -> Finding:
    if isinstance(error, CrossbarUnavailableError):
        return Finding(check, "error", str(error), "run it again; ask KAZOO's operator if it stays")
    remedy = "give the right key: KAZOO_API_KEY=... `pivot provision` stores it" if check == "access" else ""
    return Finding(check, "error", str(error), remedy)
