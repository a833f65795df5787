"""One KAZOO account, as its REST API shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, Self

from ._cdr import Cdr, CdrSummary, cdr_of, summary_of
from ._documents import Collection
from ._errors import (
    CrossbarError,
    CrossbarForbiddenError,
    CrossbarNotFoundError,
    CrossbarUnavailableError,
    CrossbarValidationError,
    Fault,
)
from ._http import CrossbarHttp, Version
from ._times import to_gregorian

ChannelState = Literal["up", "gone", "unknown"]

LONGEST_SPAN = timedelta(days=28)
"""Crossbar lists at most 31 days less an hour."""
MARGIN = timedelta(days=1)
SHOWN_ODD = 5


class Crossbar:
    """KAZOO's REST API for one account, KAZOO 4.3 and 5.

    Every method raises a CrossbarError: CrossbarUnavailableError if a later try may succeed. The keywords are
    those of `CrossbarHttp`.
    """

    def __init__(self, url: str, api_key: str, kazoo_account_id: str, **settings: Any) -> None:
        self.kazoo_account_id = kazoo_account_id
        self.http = CrossbarHttp(url, api_key, **settings)
        self._path = f"/v2/accounts/{kazoo_account_id}"
        self.callflows = self.collection("callflows")
        self.webhooks = self.collection("webhooks")
        self.users = self.collection("users")
        self.devices = self.collection("devices")
        self.groups = self.collection("groups")
        self.vmboxes = self.collection("vmboxes")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def version(self) -> Version:
        """The KAZOO version."""
        return self.http.version

    def collection(self, name: str) -> Collection:
        """Return a collection by its name, such as `menus`, `media` or `conferences`."""
        return Collection(self.http, self._path, name)

    def account(self) -> Mapping[str, Any]:
        """Return the account's own document: proof that the key may use the account."""
        return _object(self.http.send("GET", self._path).data)

    # --- Calls that are up -----------------------------------------------------------------------

    def channels(self) -> list[Mapping[str, Any]]:
        """Return the channels that are up; `uuid` is the Call-ID.

        A short list is not proof: call managers that do not answer in time are left out.
        """
        data = self.http.send("GET", f"{self._path}/channels").data
        return [row for row in data if isinstance(row, Mapping)] if isinstance(data, list) else []

    def channel_state(self, call_id: str) -> ChannelState:
        """Return whether a call is up. `gone` is likely, not proven: only a CDR proves the end."""
        path = f"{self._path}/channels/{self.http.segment(call_id)}"
        try:
            found = _object(self.http.send("GET", path, tries=1).data)
            return "up" if found.get("call_id") == call_id else "unknown"
        except CrossbarNotFoundError:
            # KAZOO 4.3 says so only of calls of other accounts.
            return "gone" if self.version == "5" else "unknown"
        except CrossbarUnavailableError as error:
            if error.status != 503 or self.version == "5":
                raise
        # KAZOO 4.3 answers 503 for a call that is gone, and if its call managers are silent.
        ids = {str(row.get("uuid")) for row in self.channels()}
        return "up" if call_id in ids else "gone" if ids else "unknown"

    def hang_up(self, call_id: str) -> bool:
        """Ask for the end of a call; return whether KAZOO received the request, False if the call is gone.

        KAZOO needs its metaflows application to act on it.
        """
        path = f"{self._path}/channels/{self.http.segment(call_id)}"
        try:
            self.http.send("POST", path, {"action": "hangup"})
        except CrossbarNotFoundError:
            return False
        except CrossbarUnavailableError as error:
            if error.status != 503 or self.channel_state(call_id) != "gone":
                raise
            return False
        return True

    # --- CDRs ------------------------------------------------------------------------------------

    def cdr(self, call_id: str, began_at: datetime) -> Cdr | None:
        """Return the CDR of a leg, None if there is none (yet).

        `began_at` is when the call began; the interaction may have started in the month before.
        """
        moment = began_at.astimezone(UTC)
        months = dict.fromkeys(f"{each:%Y%m}" for each in (moment, moment - MARGIN))
        for month in months:
            if (found := self.cdr_by_id(f"{month}-{call_id}")) is not None:
                return found
        return None

    def cdr_by_id(self, cdr_id: str) -> Cdr | None:
        """Return a CDR by its id `YYYYMM-CALLID`, None if there is none (yet)."""
        path = f"{self._path}/cdrs/{self.http.segment(cdr_id)}"
        try:
            return cdr_of(_object(self.http.send("GET", path).data))
        except CrossbarNotFoundError:
            return None

    def cdrs(self, begin: datetime, end: datetime) -> Iterator[CdrSummary]:
        """Yield the CDRs of the legs that ended in a span of time, newest of each part first.

        Rows have no variables: `cdr_by_id` reads them. A page that broke off raises CrossbarUnavailableError;
        a database that lost rows silently cannot be noticed. A row that makes no sense keeps no other from
        being read: CrossbarError reports it at the end.
        """
        seen: set[str] = set()
        odd: list[str] = []
        # KAZOO keeps a call in the month of its start: ask from a day before, and choose by time here.
        since = begin - MARGIN
        while since < end:
            until = min(since + LONGEST_SPAN, end)
            span = {"created_from": to_gregorian(since), "created_to": to_gregorian(until)}
            for row in self.http.pages(f"{self._path}/cdrs", span):
                try:
                    summary = summary_of(_object(row))
                except CrossbarError as error:
                    odd.append(str(error))
                    continue
                if begin <= summary.ended_at <= end and summary.id not in seen:
                    seen.add(summary.id)
                    yield summary
            since = until
        if odd:
            raise CrossbarError(f"{len(odd)} CDRs cannot be read: {'; '.join(odd[:SHOWN_ODD])}")

    # --- Numbers, webhooks, debug log --------------------------------------------------------------

    def phone_numbers(self) -> dict[str, Mapping[str, Any]]:
        """Return the account's phone numbers: E.164 to state, used_by and so on."""
        reply = self.http.send("GET", f"{self._path}/phone_numbers", query={"paginate": "false"})
        numbers = reply.data.get("numbers") if isinstance(reply.data, Mapping) else reply.data
        if isinstance(numbers, list):
            return {str(_object(each).get("id")): _object(each) for each in numbers}
        return {str(number): _object(each) for number, each in _object(numbers).items()}

    def stored_number(self, number: str) -> str:
        """Return a number in the form in which this account's rules store it, usually E.164."""
        path = f"{self._path}/phone_numbers/classifiers/{self.http.segment(number)}"
        try:
            return str(_object(self.http.send("GET", path).data).get("e164") or number)
        except CrossbarNotFoundError:
            return number

    def reenable_webhooks(self) -> None:
        """Switch on every webhook of the account that failures switched off; not those a person did."""
        self.http.send("PATCH", f"{self._path}/webhooks", {"re-enable": True})

    def webhook_attempts(self, webhook_id: str, begin: datetime, end: datetime) -> list[Mapping[str, Any]]:
        """Return the attempts to deliver, newest first. KAZOO usually keeps only those that failed."""
        path = f"{self._path}/webhooks/{self.http.segment(webhook_id)}/attempts"
        span = {"created_from": to_gregorian(begin), "created_to": to_gregorian(end)}
        attempts = [_object(row) for row in self.http.pages(path, span)]
        return sorted(attempts, key=lambda each: _number(each.get("timestamp")), reverse=True)

    def pivot_debug(self) -> list[Mapping[str, Any]]:
        """Return the calls in KAZOO's own debug log of pivot nodes, newest first, a month at most."""
        rows = self.http.send("GET", f"{self._path}/pivot/debug", query={"page_size": 50}).data
        found = [_object(row) for row in rows] if isinstance(rows, list) else []
        return sorted(found, key=lambda each: _number(each.get("created")), reverse=True)

    def pivot_debug_of(self, debug_id: str) -> list[Mapping[str, Any]]:
        """Return the documents of one call in that log, oldest first; `debug_id` is a row's, or a Call-ID."""
        path = f"{self._path}/pivot/debug/{self.http.segment(debug_id)}"
        rows = self.http.send("GET", path, query={"paginate": "false"}).data
        found = [_object(row) for row in rows] if isinstance(rows, list) else []
        return sorted(found, key=lambda each: (_number(each.get("created")), "resp_status_code" in each))

    # --- What KAZOO accepts ------------------------------------------------------------------------

    def schema(self, name: str) -> Mapping[str, Any]:
        """Return one of KAZOO's JSON schemas, such as `webhooks`."""
        return _object(self.http.send("GET", f"/v2/schemas/{self.http.segment(name)}").data)

    def faults_of_callflow(self, data: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Return what KAZOO's schemas say against a callflow; nothing is written.

        Whether its numbers are free is not checked. A KAZOO that does not validate has nothing to say.
        """
        path = "/v2" if self.version == "4.3" else self._path
        try:
            self.http.send("PUT", f"{path}/schemas/callflows/validation", data, is_safe=True)
        except CrossbarValidationError as error:
            return error.faults
        except (CrossbarNotFoundError, CrossbarForbiddenError):
            return ()
        return ()


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 0.0
