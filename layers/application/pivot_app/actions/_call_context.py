"""A real call, as menus, rules and their actions see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from pivot_app.conditions import (
    CallAttributes,
    EvaluationContext,
    KnownCallerRecord,
    why_not,
)
from pivot_app.documents import Values
from pivot_app.lazy_dataclass import dataclass
from pivot_app.schedules import state

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.actions._context import DocumentSettings
    from pivot_app.conditions import Condition
    from pivot_app.identity import CallerContext
    from pivot_app.look_ups import Sources
    from pivot_app.schedules import Schedule
    from pivot_app.speech import Spoken


@dataclass
class CallContext:
    """The facts of a real call for menus and rules; a fact that costs a read is read when needed."""

    call: Call
    caller: CallerContext
    sources: Sources | None = None

    @property
    def now(self) -> datetime:
        """When the call is answered."""
        return self.call.now

    @cached_property
    def attributes(self) -> CallAttributes:
        """The call as conditions see it."""
        call, caller = self.call, self.caller

        def known() -> KnownCallerRecord | None:
            found = caller.caller
            return KnownCallerRecord(found.account_id, found.name, found.attributes) if found else None

        return CallAttributes(
            now=call.now,
            caller_number=call.caller_id_number,
            caller_name=call.caller_id_name,
            dialled=call.request_user,
            region=call.account.region,
            language=call.language,
            variables=call.custom_application_vars,
            sip_headers=call.custom_sip_headers,
            user_ids=call.user_ids,
            from_user=call.from_user,
            from_realm=call.from_realm,
            query=call.query,
            find_caller=known,
            find_available_micros=self.available_micros,
            value=self.value,
        )

    def value(self, name: str, language: str) -> str | None:
        """Return the value of a placeholder."""
        owner, _, key = name.partition(".")
        call = self.call
        match owner:
            case "call":
                return _CALL_VALUES[key](call) if key in _CALL_VALUES else None
            case "query":
                return call.query.get(key)
            case "caller" | "account":
                if name == "caller.number":
                    return call.caller_id_number
                return self.caller.value(owner, key, language)
            case "lookup":
                return self.look_up(key, self.value)
            case _:
                return None

    def look_up(self, key: str, value: Values) -> str | None:
        """Return what an HTTP source answers; a source that is unavailable is nothing.

        `value` fills the source's address. Each answer is asked for once in a step.
        """
        # Imported on first use: few documents look anything up.
        from pivot_app.http_source import SourceUnavailableError

        def plain(name: str) -> str | None:
            return None if name.startswith("lookup.") else value(name, self.call.language)

        source, _, path = key.partition(".")
        if key not in self._looked_up:
            try:
                found = self._sources().value(self.call.account_id, source, path, plain, self.call.now)
                self.explain("look-up", source=source, path=path, found="yes" if found else "no")
            except SourceUnavailableError as error:
                found = None
                self.explain("look-up", source=source, path=path, failed=str(error)[:200])
            self._looked_up[key] = found
        return self._looked_up[key]

    def _sources(self) -> Sources:
        if self.sources is None:
            from pivot_app.look_ups import look_ups

            return look_ups()
        return self.sources

    @cached_property
    def _looked_up(self) -> dict[str, str | None]:
        return {}

    def mismatch(
        self, conditions: Sequence[Condition], settings: DocumentSettings, value: Values
    ) -> str | None:
        """Return why the first condition that does not hold does not; None when all hold."""
        context = EvaluationContext(self.attributes, settings.time_zone, settings.schedules, value)
        return why_not(conditions, context)

    def schedule_state(self, schedule: Schedule) -> str:
        """Return whether a business is open now."""
        return state(schedule, self.call.now)

    def available_micros(self) -> int | None:
        """Return what the caller's account may spend."""
        balance = self.caller.balance
        return None if balance is None else balance.available_micros

    def balance_sentence(self, language: str) -> Spoken:
        """Return the sentence that speaks the balance, with its age when it is not of now."""
        return self.caller.balance_sentence(language)

    def pin_is(self, digits: str) -> bool:
        """Return whether the digits are the PIN of the caller's account."""
        return self.caller.pin_is(digits)

    def go(self, callback: str, *, carry: Mapping[str, str | int], query: Mapping[str, str]) -> Flow:
        """Return a pivot to another callback; who the caller is goes along, once it is known."""
        return self.call.next(f"/{callback}", signed={**carry, **self.caller.signed}, query=query)

    def explain(self, rule: str, **facts: str | int) -> None:
        """Record a decision in Live Debug."""
        self.call.explain(rule, **facts)


_CALL_VALUES: dict[str, Callable[[Call], str | None]] = {
    "dialled": lambda call: call.request_user,
    "number": lambda call: call.caller_id_number,
    "name": lambda call: call.caller_id_name,
    "user": lambda call: call.user_ids[0] if call.user_ids else None,
    "device": lambda call: call.from_user,
    "realm": lambda call: call.from_realm,
    "id": lambda call: call.call_id,
}
CALL_VALUES = frozenset(_CALL_VALUES)
"""Names after `call.` that the request itself answers."""
