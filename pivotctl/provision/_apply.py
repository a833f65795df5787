"""Carries out a plan, each write locked against changes since the account was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pivot_app.crossbar import MARKER, Crossbar, CrossbarError, CrossbarForbiddenError, Document, with_token
from pivotctl.provision._plan import Plan, Step, placeholder
from pivotctl.provision._state import State


class Apply:
    """One run of a plan. `tokens` maps a collection to the token that its documents carry."""

    def __init__(self, crossbar: Crossbar, state: State, tokens: Mapping[str, str]) -> None:
        self._crossbar = crossbar
        self._tokens = tokens
        self._documents = {
            each.document.id: each.document for each in (*state.ours.values(), *state.duplicates)
        }
        self._made: dict[tuple[str, str], Document] = {}
        self._taken: dict[str, str] = {}

    def run(self, plan: Plan, progress: Callable[[Step], None]) -> None:
        """Carry out the steps. A number that was taken and not put into ours goes back if a step fails."""
        try:
            for step in plan.steps:
                self._step(step)
                progress(step)
        except CrossbarError as error:
            for number, holder in self._taken.items():
                self._give_back(holder, number)
            if isinstance(error, CrossbarForbiddenError):
                raise type(error)(
                    f"{error}; KAZOO does not say which number it is",
                    status=error.status,
                    request=error.request,
                    request_id=error.request_id,
                ) from error
            raise

    def _step(self, step: Step) -> None:
        collection = self._crossbar.collection(step.collection)
        match step.action:
            case "create":
                made = collection.create(self._sent(step))
                self._made[step.collection, step.role] = made
            case "update":
                document = self._documents.get(step.document_id) or self._made[step.collection, step.role]
                fresh = collection.replace(document, self._sent(step))
                self._documents[fresh.id] = self._made[step.collection, step.role] = fresh
                for number in step.data.get("numbers") or ():
                    self._taken.pop(number, None)
            case "delete":
                collection.delete(self._documents[step.document_id])
            case "take":
                self._take(step.document_id, step.number)
            case "give_back":
                self._give_back(step.document_id, step.number)

    def _sent(self, step: Step) -> dict[str, Any]:
        token = self._tokens.get(step.collection, "")
        data = dict(step.data)
        # The marker keeps the placeholder: it is compared, and no secret stands twice.
        sent: dict[str, Any] = with_token(data, token) if token else data
        return sent

    def _take(self, holder: str, number: str) -> None:
        document = self._documents.get(holder) or self._crossbar.callflows.get(holder)
        numbers = [each for each in document.data.get("numbers") or () if each != number]
        if not numbers and not document.data.get("patterns"):
            # Ours by its role: two placeholders of one number would be in each other's way.
            ours = document.data.get(MARKER)
            numbers = [placeholder(ours["role"] if ours else number)]
        fresh = self._crossbar.callflows.replace(document, {**document.data, "numbers": numbers})
        if holder in self._documents:
            self._documents[holder] = fresh
        self._taken[number] = holder

    def _give_back(self, holder: str, number: str) -> None:
        document = self._crossbar.callflows.get(holder)
        numbers = [each for each in document.data.get("numbers") or () if each != placeholder(number)]
        if number not in numbers:
            self._crossbar.callflows.replace(document, {**document.data, "numbers": [*numbers, number]})
