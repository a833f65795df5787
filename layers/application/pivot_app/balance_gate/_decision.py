"""The gate's decision: the call continues with money held, or the caller hears the reason."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from kazoo_pivot import MisconfiguredError
from pivot_app import speech
from pivot_app.balance_gate import _flows as flows
from pivot_app.balance_gate._parameters import GateParameters, typed_number
from pivot_app.balance_gate._store_down import UnbilledCalls
from pivot_app.identity import Caller, CallerDirectory, Identified, ask_for_credentials, identify
from pivot_app.lazy_dataclass import dataclass
from pivot_app.ledger import (
    AccountNotFoundError,
    Cache,
    CallRequest,
    Destination,
    Refusal,
    StoreUnavailableError,
    free_call,
)

if TYPE_CHECKING:
    from kazoo_callflow import Flow
    from kazoo_pivot import Call
    from pivot_app.ledger import Authorized, Booked


class Ledger(Protocol):
    """The store that authorizes calls."""

    def authorize(
        self, kazoo_account_id: str, account_id: str, request: CallRequest, now: datetime
    ) -> Authorized | Refusal:
        """Hold money for a call, or say why not."""

    def void(self, kazoo_account_id: str, account_id: str, hold_id: str, now: datetime) -> Booked | None:
        """Give back the money of a call that is not made."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The dependencies of the gate."""

    ledger: Ledger
    callers: CallerDirectory
    unbilled: UnbilledCalls = field(default_factory=UnbilledCalls)
    known_callers: Cache[Caller] = field(default_factory=lambda: Cache(1000, 60.0))


def decide(call: Call, gate: Gate) -> Flow:
    """Return the call with its money held, or why it cannot be made.

    Raises:
        MisconfiguredError: The voice_url asks for what the gate cannot do; no money is held.

    """
    typed = typed_number(call.query, call.digits)
    dialled = call.request_user if typed is None else typed
    # Before anything that can be wrong: a call for help depends on no parameter, account or table.
    for number in (dialled, call.request_user):
        if free := free_call(number, call.account.region):
            return flows.free_call(call, free, number)
    try:
        parameters = GateParameters.read(call.query)
    except MisconfiguredError as error:
        flows.count(call, "GateMisconfigured", admitted=False, reason="misconfigured", problem=str(error))
        raise
    destination = Destination.parse(dialled, call.account.region, typed=typed is not None)
    try:
        identified = resolve_account(call, parameters, gate)
        if identified.needs_pin:
            return ask_for_credentials(call, then="/balance_gate", query=call.query)
        account_id = identified.account_id
        if not account_id:
            return flows.refuse(call, parameters, "unknown_account")
        request = CallRequest(
            call_id=call.call_id,
            destination=destination,
            billed_leg=parameters.bill,
            request_key=fingerprint(call),
            caller=call.caller_id_number,
        )
        decision = gate.ledger.authorize(call.account_id, account_id, request, call.now)
    except AccountNotFoundError:
        return flows.refuse(call, parameters, "unknown_account")
    except (StoreUnavailableError, BotoCoreError, ClientError):
        return without_store(call, parameters, destination, gate)
    if isinstance(decision, Refusal):
        return flows.refuse(call, parameters, decision.reason, decision.account)
    try:
        return flows.admit(call, parameters, decision)
    except Exception:
        # A call that is not made must not keep the money until it expires.
        gate.ledger.void(call.account_id, account_id, decision.hold.hold_id, call.now)
        raise


def fingerprint(call: Call) -> str:
    """Return what tells this request from every other; the same request asked again has the same.

    Everything that KAZOO sent, and in a chain the call as we admitted it. Digits are left out: the number is
    known apart, and a hash of a PIN would tell it.
    """
    chain = [call.key.started_ms, call.key.nonce, call.step] if call.step else []
    sent = {name: value for name, value in call.raw.items() if not name.startswith("Digits")}
    text = json.dumps([chain, dict(call.query), sent], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def decide_without_tenants(call: Call, gate: Gate) -> Flow:
    """Return what a call gets whose KAZOO account is known by its token alone, as the store is unavailable.

    Calls for help go on. Others as in `without_store`, if their number is international: the account's region
    is not known.
    """
    typed = typed_number(call.query, call.digits)
    dialled = call.request_user if typed is None else typed
    for number in (dialled, call.request_user):
        if free := free_call(number, call.account.region):
            return flows.free_call(call, free, number)
    parameters = GateParameters.read(call.query)
    destination = Destination.parse(dialled, call.account.region, typed=typed is not None)
    if not dialled.startswith("+"):
        flows.count(call, "StoreDownRefused", admitted=False, reason="store_down")
        return speech.try_again_later(call.language)
    return without_store(call, parameters, destination, gate)


def resolve_account(call: Call, parameters: GateParameters, gate: Gate) -> Identified:
    """Return the account that pays: the one in the URL, otherwise the one that `identity` finds."""
    if parameters.account:
        return Identified(parameters.account)

    def find(keys: tuple[str, ...]) -> Caller | None:
        key = (call.account_id, keys)
        if (caller := gate.known_callers.get(key)) is None and keys:
            caller = gate.callers.find(call.account_id, *keys)
            if caller is not None:
                gate.known_callers.put(key, caller)
        return caller

    return identify(call, find)[0]


def without_store(
    call: Call, parameters: GateParameters, destination: Destination | None, gate: Gate
) -> Flow:
    """Return what is done while the balance is not known: refuse, or let some calls through unbilled."""
    if destination is None:
        return flows.refuse(call, parameters, "invalid_number")
    if gate.unbilled.allow(time.monotonic()):
        return flows.unbilled(call, parameters, destination)
    flows.count(call, "StoreDownRefused", admitted=False, reason="store_down")
    return speech.try_again_later(call.language)
