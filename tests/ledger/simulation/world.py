"""Two operators, their customers, a lossy network and processes that die, on a virtual clock.

Everything follows from the seed: the same seed and number of calls is the same run, request by request.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from pivot_app.ledger import (
    Account,
    Authorized,
    CallRequest,
    Controls,
    Destination,
    DynamoDBLedger,
    Hold,
    LegEvent,
    Rate,
    Settlement,
    StoreUnavailableError,
    _account,
    _table,
)
from pivot_app.ledger._items import account_key
from tests.ledger.simulation.calls import Switch, Truth, event_of, play
from tests.ledger.simulation.memory_table import MemoryTable, refused

BEGINS_AT = 1_772_366_400
MINUTE, HOUR, DAY = 60, 3_600, 86_400
A_SECOND = 1_000
RATES = tuple(Rate(prefix, 60 * A_SECOND, 0, 1, 1) for prefix in ("44", "33"))
NUMBERS = ("+442071838750", "+442071838751", "+442071838752")
RETRIES = 40
REDELIVERED_AFTER_S = 180
RECHECKED_AFTER_S = 120
ROUNDING = 3
"""Seconds by which an estimate of one leg may differ from the truth."""


class KilledError(BaseException):
    """The process ended between two requests."""


class Unreliable:
    """A client whose process may die at any request, and whose requests are throttled now and then."""

    def __init__(self, table: Any, chance: random.Random, dies: float, throttled: float) -> None:
        self.table, self.chance, self.dies, self.throttled = table, chance, dies, throttled

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        do = getattr(self.table, operation)

        def run(**request: Any) -> Any:
            drawn = self.chance.random()
            if drawn < self.dies:
                raise KilledError
            if drawn < self.dies + self.throttled:
                code = "TransactionConflictException" if drawn < self.dies + self.throttled / 4 else ""
                raise refused(code or "ProvisionedThroughputExceededException", "throttled")
            answer = do(**request)
            if drawn > 1 - self.dies:
                raise KilledError
            return answer

        return run


@dataclass(frozen=True, slots=True)
class Setting:
    """How bad the world is.

    Args:
        lost: The share of webhooks that never arrive.
        doubled: The share that arrive twice.
        late: The share that arrive minutes or hours late.
        dies: The share of requests at which a process dies, before or after it.
        throttled: The share of requests that are throttled.
        hostile: The share of callers who use one Call-ID again and again.

    """

    lost: float = 0.01
    doubled: float = 0.05
    late: float = 0.03
    dies: float = 0.001
    throttled: float = 0.005
    hostile: float = 0.2


@dataclass(slots=True)
class Operator:
    """A KAZOO account: its switch, whether a Crossbar key is configured, and its customers."""

    tenant: str
    switch: Switch
    has_crossbar: bool
    numbers: list[str]
    call_ids: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Call:
    """An admitted call, and what is still on its way."""

    operator: Operator
    number: str
    hold: Hold
    truth: Truth
    lost: list[LegEvent] = field(default_factory=list)
    under_way: int = 0


class BrokenError(AssertionError):
    """An invariant does not hold."""


class World:
    """The simulation.

    Args:
        seed: What everything follows from.
        calls: How many calls are tried.
        accounts: The customers of each operator.
        setting: How bad the world is.
        client: A client of the accounts table; by default one in memory.
        table_name: The accounts table.

    """

    def __init__(
        self,
        seed: int,
        calls: int,
        *,
        accounts: int = 20,
        setting: Setting | None = None,
        client: Any = None,
        table_name: str = "accounts",
    ) -> None:
        self.seed, self.wanted = seed, calls
        self.chance = random.Random(seed)
        self.setting = setting or Setting()
        self.now: float = BEGINS_AT
        self.table = MemoryTable()
        self.table_name = table_name
        self.is_in_memory = client is None
        there = self.table if client is None else client
        self.client = Unreliable(there, self.chance, self.setting.dies, self.setting.throttled)
        self.steady = self._ledger(there)
        self.gates = [self._ledger(self.client) for _ in range(3)]
        self.queue: list[tuple[float, int, Callable[[], None]]] = []
        self.order = count()
        self.counts: Counter[str] = Counter()
        self.calls: dict[str, Call] = {}
        self.credited: Counter[tuple[str, str]] = Counter()
        self.archived: Counter[tuple[str, str]] = Counter()
        self.pending: dict[tuple[str, str], list[str]] = {}
        names = ("a" * 32, "b" * 32)
        self.operators = [
            Operator(
                name,
                Switch(version, skew, self._fresh),
                has_crossbar,
                [str(1_000 + n) for n in range(accounts)],
            )
            for name, version, skew, has_crossbar in zip(
                names, ("4.3", "5"), (-300, 300), (True, False), strict=True
            )
        ]
        for operator in self.operators:
            for number in operator.numbers:
                self._open(operator.tenant, number)

    def _ledger(self, client: Any) -> DynamoDBLedger:
        def sleep(seconds: float) -> None:
            self.slept += seconds

        self.slept = 0.0
        return DynamoDBLedger(
            client, self.table_name, budget_seconds=3, sleep=sleep, monotonic=lambda: self.now + self.slept
        )

    def _fresh(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"

    def _open(self, tenant: str, number: str) -> None:
        chance = self.chance
        controls = Controls(
            max_live_calls=chance.choice([2, 5, 10]),
            max_call_seconds=chance.choice([300, 900]),
            max_hour_micros=chance.choice([None, 2_000 * A_SECOND]),
            max_day_micros=chance.choice([None, 20_000 * A_SECOND]),
        )
        account = Account(
            tenant,
            number,
            "USD",
            credit_limit_micros=chance.choice([0, 100 * A_SECOND]),
            rates=RATES,
            controls=controls,
        )
        credit = chance.choice([500, 5_000, 50_000]) * A_SECOND
        self.steady.create(account, opening_micros=credit, at=int(self.now))
        self.credited[tenant, number] += credit

    # --- Time ------------------------------------------------------------------------------------

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Do something at a time."""
        heapq.heappush(self.queue, (when, next(self.order), do))

    @property
    def busy(self) -> int:
        """How much is under way, apart from what runs by the clock."""
        return len(self.queue) - 1 - self.is_in_memory

    def run(self) -> Counter[str]:
        """Run until every call has ended and all that was told is dealt with; return the counts."""
        # What is random in the code under test follows from the seed too: ids, and the jitter of pauses.
        drawn = random.Random(self.seed)
        secrets = SimpleNamespace(
            token_bytes=drawn.randbytes, token_hex=lambda length: drawn.randbytes(length).hex()
        )
        with patch.object(_account, "secrets", secrets), patch.object(_table, "random", drawn):
            return self._run()

    def _run(self) -> Counter[str]:
        self.at(self.now, self.next_call)
        self.at(self.now + MINUTE, self.sweep)
        if self.is_in_memory:
            self.at(self.now + DAY, self.archive)
        while self.queue:
            when, _, do = heapq.heappop(self.queue)
            self.now, self.slept = max(self.now, when), 0.0
            do()
        self.finish()
        return self.counts

    @property
    def moment(self) -> datetime:
        """The time, as the ledger is given it."""
        return datetime.fromtimestamp(self.now, UTC)

    # --- Calls -----------------------------------------------------------------------------------

    def next_call(self) -> None:
        self.counts["calls"] += 1
        if self.counts["calls"] < self.wanted:
            self.at(self.now + self.chance.expovariate(len(self.operators[0].numbers) / 60), self.next_call)
        operator = self.chance.choice(self.operators)
        number = self.chance.choice(operator.numbers)
        call_id = self._fresh()
        if self.chance.random() < self.setting.hostile:
            # One Call-ID for every call of an account, or one that was seen on another.
            known = operator.call_ids
            call_id = (
                f"same-{number}" if self.chance.random() < 0.5 or not known else self.chance.choice(known)
            )
            self.counts["hostile"] += 1
        operator.call_ids.append(call_id)
        del operator.call_ids[:-20]
        self.authorize(operator, number, call_id)

    def authorize(self, operator: Operator, number: str, call_id: str) -> None:
        destination = Destination(self.chance.choice(NUMBERS), "GB")
        request = CallRequest(call_id, destination, request_key=self._fresh())
        gate = self.chance.choice(self.gates)
        try:
            decision = gate.authorize(operator.tenant, number, request, self.moment)
        except KilledError:
            # The gate died: KAZOO goes on without it, and the call is not made.
            self.counts["gate_killed"] += 1
            self.not_made(operator, call_id)
            return
        except StoreUnavailableError:
            self.counts["gate_unavailable"] += 1
            self.not_made(operator, call_id)
            return
        if not isinstance(decision, Authorized):
            self.counts[f"refused_{decision.reason}"] += 1
            if decision.reason == "insufficient_funds" and self.chance.random() < 0.3:
                self.top_up(operator.tenant, number)
            return
        self.counts["admitted"] += 1
        self.check_admission(decision)
        hold = decision.hold
        longest = hold.held_seconds - 60 if self.chance.random() < 0.97 else 4 * hold.held_seconds
        talk = self.chance.randint(0, max(min(longest, 1_200), 1))
        truth = play(self.chance, operator.switch, call_id, destination.number, self.now, talk, hold.hold_id)
        call = self.calls[hold.hold_id] = Call(operator, number, hold, truth)
        self.pending.setdefault((operator.tenant, number), []).append(hold.hold_id)
        for raised_at, told in truth.events:
            self.send(call, raised_at, told)

    def not_made(self, operator: Operator, call_id: str) -> None:
        """A call that the gate did not answer for: the caller's leg ends, and nobody was called."""
        told = {
            "kind": "destroy",
            "call_id": call_id,
            "seconds": 2,
            "duration": 4,
            "cause": "NORMAL_CLEARING",
        }
        ended = self.now + 3
        event = event_of(told, ended, ended + 1, operator.switch.skew_s)
        self.at(ended + 1, lambda: self.deliver(operator, event))

    def check_admission(self, decision: Authorized) -> None:
        """Nothing is admitted beyond what is available, and no limit is passed."""
        account, hold, controls = decision.account, decision.hold, decision.account.controls
        if account.available_micros(self.moment) < -account.credit_limit_micros:
            raise BrokenError(f"{hold.hold_id} was admitted on {account.available_micros(self.moment)}")
        if len(account.holds) > controls.max_live_calls:
            raise BrokenError(f"{account.account_id} has {len(account.holds)} calls")
        for limit, window in (
            (controls.max_hour_micros, account.hour),
            (controls.max_day_micros, account.day),
        ):
            if limit is not None and window.micros > limit:
                raise BrokenError(f"{account.account_id} spends {window.micros} on a limit of {limit}")

    def top_up(self, tenant: str, number: str) -> None:
        micros = self.chance.choice([100, 1_000]) * A_SECOND
        self.steady.top_up(tenant, number, micros, reference=self._fresh(), now=self.moment)
        self.credited[tenant, number] += micros

    # --- Webhooks --------------------------------------------------------------------------------

    def send(self, call: Call, raised_at: float, told: dict[str, Any]) -> None:
        """Send a webhook: lost, doubled, late, or as it should be."""
        setting, chance, skew = self.setting, self.chance, call.operator.switch.skew_s
        if chance.random() < setting.lost:
            self.counts["lost"] += 1
            if told["kind"] == "destroy":
                call.lost.append(event_of(told, raised_at, raised_at + 300, skew))
            return
        delay = chance.uniform(0.1, 2)
        if chance.random() < setting.late:
            delay = chance.choice([20, 100, 600, 4_000, 20_000]) * chance.uniform(0.5, 1.5)
        times = 2 if chance.random() < setting.doubled else 1
        for _ in range(times):
            event = event_of(told, raised_at, raised_at + delay, skew)
            call.under_way += 1
            self.at(raised_at + delay, lambda event=event: self.deliver(call.operator, event, call))  # type: ignore[misc]
            delay += chance.uniform(1, 30)

    def deliver(self, operator: Operator, event: LegEvent, call: Call | None = None, tries: int = 0) -> None:
        """Deal with a webhook as the queue's consumer does; one that failed comes again."""
        settlement = Settlement(self._consumer)
        try:
            results = settlement.told(operator.tenant, event, self.moment)
        except (KilledError, StoreUnavailableError) as error:
            self.counts["killed" if isinstance(error, KilledError) else "unavailable"] += 1
            if tries >= RETRIES:
                raise BrokenError("a webhook was never dealt with") from None
            self.at(self.now + REDELIVERED_AFTER_S, lambda: self.deliver(operator, event, call, tries + 1))
            return
        for one in results:
            self.counts[one.outcome] += 1
        if tries == 0 and any(one.outcome == "waiting" for one in results):
            self.at(self.now + RECHECKED_AFTER_S, lambda: self.deliver(operator, event, call, 1))
            return
        if call is not None:
            call.under_way -= 1

    @property
    def _consumer(self) -> DynamoDBLedger:
        return self._ledger(self.client)

    # --- What runs by the clock --------------------------------------------------------------------

    def sweep(self) -> None:
        """The sweeper's minute."""
        if self.is_alive:
            # Once nothing is under way an hour at a time is enough: holds that are due are left.
            self.at(self.now + (MINUTE if self.busy else HOUR), self.sweep)
        ledger = self._consumer
        settlement = Settlement(ledger)
        for tenant, number in list(self.steady.with_holds()):
            try:
                account = ledger.account(tenant, number)
                if account is None:
                    continue
                for one in settlement.sweep(account, self.moment):
                    self.counts[f"swept_{one.outcome}"] += 1
                    if one.outcome == "unresolved":
                        self.resolve(one.hold_id)
                settlement.close_if_quiet(account)
            except (KilledError, StoreUnavailableError):
                self.counts["sweeper_killed"] += 1

    @property
    def is_alive(self) -> bool:
        """Whether calls are made, or their ends may still be told."""
        return self.busy > 0 or any(self.now < call.truth.ended_at + 2 * DAY for call in self.calls.values())

    def resolve(self, hold_id: str) -> None:
        """A call nobody told the end of: KAZOO's CDRs, or an operator, once it has ended."""
        call = self.calls.get(hold_id)
        if call is None or self.now < call.truth.ended_at + 30 * MINUTE:
            return
        settlement = Settlement(self.steady)
        if call.operator.has_crossbar:
            for raised_at, told in call.truth.events:
                if told["kind"] == "destroy":
                    end = event_of(told, raised_at, raised_at + 300, call.operator.switch.skew_s)
                    settlement.told(call.operator.tenant, end, self.moment)
            self.counts["settled_by_cdr"] += 1
            return
        seconds = sum(call.truth.paid.values())
        settlement.resolve(call.operator.tenant, hold_id, self.moment, seconds=seconds)
        self.counts["resolved"] += 1

    def archive(self) -> None:
        """Check the calls that are over for two days, and take them out of memory."""
        if self.is_alive:
            self.at(self.now + DAY, self.archive)
        for hold_id, call in list(self.calls.items()):
            if self.now > call.truth.ended_at + 2 * DAY and call.under_way == 0:
                self.check(call)
                del self.calls[hold_id]
                self._forget(call)
        self.table.purge(int(self.now))

    def _forget(self, call: Call) -> None:
        key = (call.operator.tenant, call.number)
        pk = f"{key[0]}#{key[1]}"
        self.table._remove((pk, f"hold#{call.hold.hold_id}"))
        for sk in [
            sk
            for sk, item in self.table.items.get(pk, {}).items()
            if sk.startswith("entry#") and item["reference"]["S"] == call.hold.hold_id
        ]:
            self.archived[key] += int(self.table.items[pk][sk]["amount_micros"]["N"])
            self.table._remove((pk, sk))

    # --- What must be so ---------------------------------------------------------------------------

    def check(self, call: Call) -> None:
        """Every paid second of a call is billed or listed, and none is billed twice."""
        tenant, hold_id = call.operator.tenant, call.hold.hold_id
        record = self.steady.record(tenant, call.number, hold_id)
        if record is None:
            account = self.steady.account(tenant, call.number)
            if account is None or account.hold(hold_id) is None:
                raise BrokenError(f"{hold_id} is neither settled nor held")
            self.counts["still_unresolved"] += 1
            return
        paid, moved = call.truth.paid, call.truth.transfers
        charged = sum(leg.seconds for leg in record.legs if leg.why != "transfer")
        sent_on = sum(leg.seconds for leg in record.legs if leg.why == "transfer")
        slack = ROUNDING * (len(paid) + 1) if record.is_estimate or call.lost else 1
        if charged < sum(paid.values()) - slack and call.lost and self.is_listed(call):
            self.counts["listed"] += 1
            return
        if abs(charged - sum(paid.values())) > slack:
            raise BrokenError(
                f"seed {self.seed}: {hold_id} of {tenant[0]} was charged {charged} s "
                f"for {sum(paid.values())} s: {record.legs}, {call}"
            )
        if sent_on > sum(moved.values()) + slack:
            raise BrokenError(f"seed {self.seed}: {hold_id} was charged {sent_on} s after a transfer")
        if sent_on < sum(moved.values()) - slack and not call.lost:
            raise BrokenError(f"seed {self.seed}: a transfer of {hold_id} was not charged: {record.legs}")
        self.counts["checked"] += 1

    def is_listed(self, call: Call) -> bool:
        """Whether the operator is told that the call is not billed in full."""
        problems = Settlement(self.steady).legs.problems(call.operator.tenant)
        return any(one.hold_id == call.hold.hold_id for one in problems)

    def finish(self) -> None:
        """Check what is left, and that money was neither made nor lost."""
        for call in list(self.calls.values()):
            self.check(call)
        for operator in self.operators:
            for number in operator.numbers:
                self.reconcile(operator.tenant, number)

    def reconcile(self, tenant: str, number: str) -> None:
        account = self.steady.account(tenant, number)
        assert account is not None
        key = (tenant, number)
        if account.credited_micros != self.credited[key]:
            raise BrokenError(f"{number} was credited {account.credited_micros}, not {self.credited[key]}")
        entries = sum(entry.amount_micros for entry in self.steady.entries(tenant, number))
        if account.balance_micros != entries + self.archived[key]:
            raise BrokenError(f"the entries of {number} do not come to its balance")
        item = self.steady.table.get(account_key(tenant, number))
        assert item is not None
        available, held = (int(item[name]["N"]) for name in ("available_micros", "held_micros"))
        if available + held + account.spent_micros != account.credited_micros or held != account.held_micros:
            raise BrokenError(f"{number}: available {available}, held {held}, spent {account.spent_micros}")


def shown(counts: Mapping[str, int]) -> str:
    """The counts of a run, a line each."""
    return "\n".join(f"{name:>32} {number:>12,}" for name, number in sorted(counts.items()))


def worse(setting: Setting, factor: float) -> Setting:
    """The same world, so many times as bad."""
    names = ("lost", "doubled", "late", "dies", "throttled")
    return replace(setting, **{name: getattr(setting, name) * factor for name in names})
