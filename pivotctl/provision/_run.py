"""One run of provisioning: read, plan, approve, write; again from what is there if something came between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pivot_app.crossbar import (
    MARKER,
    Crossbar,
    CrossbarAccess,
    CrossbarConflictError,
    CrossbarUnavailableError,
    with_token,
)
from pivotctl.deployment import Deployment, parameter_prefix
from pivotctl.errors import UsageError, UserError
from pivotctl.provision._access import find_access, store_access
from pivotctl.provision._apply import Apply
from pivotctl.provision._plan import Plan, RefusedPlanError, Step, make_plan, make_undo
from pivotctl.provision._state import State, number_warnings, read_state, stored_form
from pivotctl.provision._tokens import COLLECTIONS, Tokens
from pivotctl.provision._wanted import Wanted, wanted_callflow, wanted_webhook
from pivotctl.provision.document import KazooDocument
from pivotctl.tokens import TenantAdmin
from pivotctl.tokens._nodes import callbacks_of

TRIES = 3
SAMPLE_TOKEN = "x" * 43


class NotApprovedError(UserError):
    """The person said no."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The changes of a run: to the deployment's own parameters, and to KAZOO."""

    setup: tuple[str, ...]
    plan: Plan

    @property
    def is_empty(self) -> bool:
        """Whether everything is as wanted."""
        return not self.setup and not self.plan.steps


Approve = Callable[[Proposal], None]


class Provisioning:
    """Brings one KAZOO account in line with one document, on one deployment."""

    def __init__(
        self, document: KazooDocument, deployment: Deployment, url: str, *, request_id: str = "", **http: Any
    ) -> None:
        self.document = document
        self.stage = deployment.stage
        self.url = (document.url or url).rstrip("/")
        self._ssm = deployment.client("ssm")
        self._prefix = parameter_prefix(deployment.stage)
        account = document.kazoo_account
        self._access, self._is_access_new = find_access(self._ssm, self._prefix, account, document.crossbar)
        self._crossbar = _crossbar(self._access, account, request_id=request_id, **http)
        self._callbacks = callbacks_of(deployment) if "ApiId" in deployment.outputs else []
        self._made: dict[str, str] | None = None
        self._tokens = Tokens(TenantAdmin.of(deployment), account)

    def close(self) -> None:
        """Close the connections to Crossbar."""
        self._crossbar.http.close()

    def run(self, approve: Approve, progress: Callable[[Step], None], **how: bool) -> Proposal:
        """Propose, have it approved, carry it out; return what was proposed first.

        A change from elsewhere, or an answer that never came, starts the run again from the current state.
        Changes that were not approved are proposed again.
        """
        first: Proposal | None = None
        approved: set[str] | None = None
        for tries_left in range(TRIES - 1, -1, -1):
            state = read_state(self._crossbar, self.stage)
            proposal, tokens = self._propose(state, **how)
            first = first or proposal
            if proposal.is_empty:
                return first
            changes = {repr(each) for each in proposal.plan.summary}
            if approved is None or not changes <= approved:
                approve(proposal)
                approved = (approved or set()) | changes
            if not how.get("undo"):
                tokens = self._made = self._set_up(tokens)
            try:
                Apply(self._crossbar, state, tokens).run(proposal.plan, progress)
            except (CrossbarConflictError, CrossbarUnavailableError):
                if not tries_left:
                    raise
                continue
            return first
        raise AssertionError("TRIES is at least 1")

    def propose(self, **how: bool) -> Proposal:
        """Return what a run would do; nothing is written."""
        return self._propose(read_state(self._crossbar, self.stage), **how)[0]

    def _propose(
        self, state: State, *, undo: bool = False, take_over: bool = False, new_token: bool = False
    ) -> tuple[Proposal, dict[str, str]]:
        if undo:
            return Proposal((), make_undo(state, self.stage)), {}
        if self._made is not None:
            tokens = self._made
        else:
            tokens = dict.fromkeys(COLLECTIONS, "") if new_token else self._tokens.live(state.tokens)
        wanted = self._wanted(state)
        plan = make_plan(state, wanted, self.stage, tokens, take_over=take_over)
        self._validate(plan)
        warnings = self._warnings(wanted)
        return Proposal(tuple(self._setup(tokens)), Plan(plan.steps, (*plan.warnings, *warnings))), tokens

    def _wanted(self, state: State) -> list[Wanted]:
        document, version = self.document, self._crossbar.version
        wanted = []
        if document.webhooks.call_ended is not None:
            wanted.append(wanted_webhook(document.webhooks.call_ended, self.url, version))
        for name, line in document.callflows.items():
            self._check_callback(name, line.path)
            numbers = [stored_form(self._crossbar, number) for number in line.numbers]
            wanted.append(wanted_callflow(document, name, state.names, self.url, version, numbers))
        return wanted

    def _check_callback(self, name: str, callback: str) -> None:
        if not self._callbacks or callback in self._callbacks:
            return
        close = get_close_matches(callback, self._callbacks, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(self._callbacks)}"
        raise UsageError(f"callflow {name!r}: the deployment has no callback {callback!r}; {hint}")

    def _validate(self, plan: Plan) -> None:
        """Ask KAZOO's own schemas before anything is written."""
        for step in plan.steps:
            if step.collection != "callflows" or step.action not in ("create", "update") or not step.title:
                continue
            data = {key: value for key, value in step.data.items() if key != MARKER}
            faults = self._crossbar.faults_of_callflow(with_token(data, SAMPLE_TOKEN))
            if faults:
                raise RefusedPlanError("\n".join(f"{step.title}: KAZOO rejects {fault}" for fault in faults))

    def _warnings(self, wanted: list[Wanted]) -> list[str]:
        numbers = [number for each in wanted for number in each.numbers]
        return number_warnings(numbers, self._crossbar.phone_numbers())

    def _setup(self, tokens: dict[str, str]) -> list[str]:
        """Return what the deployment itself lacks, a line each."""
        account, lines = self.document.kazoo_account, []
        if self._is_access_new:
            lines.append(f"parameter {self._prefix}/crossbar/{account}: the access to {self._access.url}")
        settings = self._tokens.settings()
        if settings is None:
            lines.append(f"KAZOO account {account}: let in, KAZOO {self._crossbar.version}")
        else:
            lines += [
                f"KAZOO account {account}: {name} {settings.get(name)} → {value}"
                for name, value in self._changed_settings(settings).items()
            ]
        if not all(tokens.values()):
            lines.append("a new token; it is never shown")
        return lines

    def _changed_settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        wanted: dict[str, Any] = {"kazoo_version": self._crossbar.version}
        changed = {name: value for name, value in wanted.items() if settings.get(name, "4.3") != value}
        if self.document.debug and not (settings.get("debug") or {}).get("enabled"):
            changed["debug"] = {"enabled": True}
        return changed

    def _set_up(self, tokens: dict[str, str]) -> dict[str, str]:
        document = self.document
        if self._is_access_new:
            store_access(self._ssm, self._prefix, document.kazoo_account, self._access)
            self._is_access_new = False
        settings = self._tokens.settings()
        if settings is not None and (changed := self._changed_settings(settings)):
            self._tokens.change(changed)
        if all(tokens.values()):
            return tokens
        first: dict[str, Any] = {
            "kazoo_version": self._crossbar.version,
            "language": document.language,
            "region": document.region,
            "time_zone": document.time_zone,
        }
        if document.debug:
            first["debug"] = {"enabled": True}
        return self._tokens.make(first)


def _crossbar(access: CrossbarAccess, kazoo_account_id: str, **http: Any) -> Crossbar:
    return Crossbar(access.url, access.api_key, kazoo_account_id, **http)
