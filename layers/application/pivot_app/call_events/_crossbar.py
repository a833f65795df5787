"""KAZOO's own word on calls, through Crossbar: whether a channel is up, and the CDRs of its legs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from kazoo_pivot import StoreUnavailableError
from kazoo_pivot.observability import logger
from pivot_app.aws.cache import Cache
from pivot_app.crossbar import (
    Cdr,
    Crossbar,
    CrossbarAccessError,
    CrossbarError,
    Crossbars,
    CrossbarUnavailableError,
)
from pivot_app.ledger import InvalidWebhookError, LegEvent, end_of_cdr

Known = Callable[[str, int], bool]
"""Returns whether the end of a leg, by its Call-ID and time, was reported before."""

MAX_LEGS = 20
WITHOUT_ACCESS_S = 300.0
# A Crossbar that hangs costs seconds for each question: no other call waits for the same one.
AWAY_S = 30.0


class CrossbarCalls:
    """KAZOO's information about the calls of the KAZOO accounts whose Crossbar key is configured.

    A Crossbar that does not answer says nothing: the call stays as it is, and is checked again later.
    """

    def __init__(self, crossbars: Crossbars) -> None:
        self._crossbars = crossbars
        self._without_access: Cache[bool] = Cache(1000, WITHOUT_ACCESS_S)
        self._away: Cache[bool] = Cache(1000, AWAY_S)

    def of(self, kazoo_account_id: str) -> Crossbar | None:
        """Return the Crossbar of a KAZOO account, or None if no key of it is configured."""
        if self._without_access.get(kazoo_account_id):
            return None
        try:
            return self._crossbars.of(kazoo_account_id)
        except CrossbarAccessError:
            self._without_access.put(kazoo_account_id, True)
            return None

    def _to_ask(self, kazoo_account_id: str) -> Crossbar | None:
        """Return the Crossbar to ask about one call; None also while it, or its key, does not answer."""
        if self._away.get(kazoo_account_id):
            return None
        try:
            return self.of(kazoo_account_id)
        except StoreUnavailableError as error:
            self._note(kazoo_account_id, error)
            logger().warning("the key of Crossbar could not be read", extra={"error": str(error)})
            return None

    def _note(self, kazoo_account_id: str, error: Exception) -> None:
        if isinstance(error, CrossbarUnavailableError | StoreUnavailableError):
            self._away.put(kazoo_account_id, True)

    def is_up(self, kazoo_account_id: str, call_id: str) -> bool | None:
        """Return whether a channel is up; None if KAZOO does not say, or has no API key."""
        if (crossbar := self._to_ask(kazoo_account_id)) is None:
            return None
        try:
            state = crossbar.channel_state(call_id)
        except CrossbarError as error:
            self._note(kazoo_account_id, error)
            logger().warning("Crossbar did not say whether a call is up", extra={"error": str(error)})
            return None
        return None if state == "unknown" else state == "up"

    def ends_of(
        self, kazoo_account_id: str, call_ids: Iterable[str], began_at: datetime
    ) -> Iterator[LegEvent]:
        """Yield the ends of legs, and of those connected with them, of KAZOO's CDRs."""
        if (crossbar := self._to_ask(kazoo_account_id)) is None:
            return
        wanted = list(dict.fromkeys(call_ids))
        for call_id in wanted:
            if len(wanted) > MAX_LEGS:
                return
            try:
                found = crossbar.cdr(call_id, began_at)
            except CrossbarError as error:
                self._note(kazoo_account_id, error)
                logger().warning("Crossbar did not give a CDR", extra={"error": str(error)})
                return
            if found is None:
                continue
            if found.other_leg_call_id and found.other_leg_call_id not in wanted:
                wanted.append(found.other_leg_call_id)
            yield from _end(found)

    def ends_between(
        self, kazoo_account_id: str, begin: datetime, end: datetime, is_known: Known
    ) -> Iterator[LegEvent]:
        """Yield the ends of a span of time that were never told; CrossbarError if the list broke off."""
        if (crossbar := self.of(kazoo_account_id)) is None:
            return
        for row in crossbar.cdrs(begin, end):
            if is_known(row.call_id, int(row.ended_at.timestamp())):
                continue
            # A row has no variables: the whole CDR names its hold.
            whole = crossbar.cdr_by_id(row.id)
            if whole is not None:
                yield from _end(whole)


def _end(cdr: Cdr) -> Iterator[LegEvent]:
    try:
        yield end_of_cdr(cdr.fields)
    except InvalidWebhookError as error:
        logger().error("a CDR cannot be read", extra={"call_id": cdr.call_id, "error": str(error)})
