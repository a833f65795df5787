"""Compares KAZOO's CDRs of the last hours with the books, and settles calls that no webhook reported.

KAZOO never repeats a webhook that was answered with an error, or that a full network lost. A CDR is the same
end as its webhook, so comparing again settles nothing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from kazoo_pivot.observability import emit_metrics, logger
from pivot_app.call_events._crossbar import CrossbarCalls
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import Settlement

SPAN: Final = timedelta(hours=4)
"""How far back each comparison goes: an hour that was missed is compared again."""

NOT_YET: Final = timedelta(minutes=15)
"""Ends that are younger may still be on their way: the webhook, and the queue behind it."""

SPARE_MS: Final = 60_000
"""The time that one end can take if KAZOO or the table is slow."""

METRICS: Final = {
    "EndsNeverTold": "never_told",
    "CallsSettledByCdr": "repaired",
    "ComparisonsFailed": "failed",
    "ComparisonsLeftOver": "left_over",
}
REPAIRED: Final = frozenset({"settled", "released", "overrun", "corrected"})


@dataclass(frozen=True, slots=True)
class MissingEnds:
    """Finds the ends that were never told.

    Args:
        settlement: Settles them.
        kazoo: Where the CDRs are.

    """

    settlement: Settlement
    kazoo: CrossbarCalls

    def compare(
        self, kazoo_account_ids: Sequence[str], now: datetime, has_time: Callable[[], bool]
    ) -> dict[str, int]:
        """Return what was found and repaired, counted; what there was no time for is left to the next run."""
        counts: Counter[str] = Counter()
        for kazoo_account_id in _in_turn(sorted(kazoo_account_ids), now):
            if not has_time():
                counts["left_over"] += 1
                continue
            try:
                self._compare_account(kazoo_account_id, now, has_time, counts)
            except Exception:  # noqa: BLE001 - whatever is wrong with this one, the others are compared
                extra = {"kazoo_account_id": kazoo_account_id}
                logger().exception("CDRs were not compared with the books", extra=extra)
                counts["failed"] += 1
            counts["accounts"] += 1
        emit_metrics("compare_cdrs", {metric: counts[name] for metric, name in METRICS.items()}, {})
        return {name: counts[name] for name in ("accounts", *METRICS.values())}

    def _compare_account(
        self, kazoo_account_id: str, now: datetime, has_time: Callable[[], bool], counts: Counter[str]
    ) -> None:
        def is_known(call_id: str, at: int) -> bool:
            return self.settlement.legs.has_end(kazoo_account_id, call_id, at)

        repaired = 0
        for end in self.kazoo.ends_between(kazoo_account_id, now - SPAN, now - NOT_YET, is_known):
            results = self.settlement.told(kazoo_account_id, end, now)
            counts["never_told"] += 1
            repaired += sum(one.outcome in REPAIRED for one in results)
            if not has_time():
                counts["left_over"] += 1
                break
        counts["repaired"] += repaired
        if repaired:
            extra = {"kazoo_account_id": kazoo_account_id, "calls": repaired}
            logger().error("calls were settled from KAZOO's CDRs: their webhooks never arrived", extra=extra)


def _in_turn(names: Sequence[str], now: datetime) -> list[str]:
    """Begin with another one each hour, so that none is always the last, for which no time is left."""
    first = int(now.timestamp()) // 3600 % len(names) if names else 0
    return [*names[first:], *names[:first]]
