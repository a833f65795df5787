"""The errors of Crossbar, one class for each reaction of the calling code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass


class CrossbarError(ApplicationError):
    """Crossbar did not do what was asked.

    `status` is the HTTP status, 0 if no answer came; `request` names method and path; `request_id` finds the
    request in KAZOO's logs.
    """

    def __init__(self, message: str, *, status: int = 0, request: str = "", request_id: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.request = request
        self.request_id = request_id


class CrossbarAccessError(CrossbarError):
    """No usable access to the KAZOO account is configured."""


class CrossbarUnavailableError(CrossbarError):
    """No answer, or an answer that says nothing: the request may or may not have taken effect.

    Read back before a write is repeated.
    """


class CrossbarCredentialsError(CrossbarError):
    """Crossbar does not accept the API key, or the account is locked."""


class CrossbarForbiddenError(CrossbarError):
    """The account may not be used with this API key, or a number belongs to another account."""


class CrossbarNotFoundError(CrossbarError):
    """There is no such document, channel or account."""


class CrossbarNotLoadedError(CrossbarNotFoundError):
    """This Crossbar has no such endpoint: its module is not started."""


class CrossbarConflictError(CrossbarError):
    """The document changed since it was read, or exists already: nothing was written."""


class CrossbarChargesError(CrossbarError):
    """The change costs money and was not confirmed: nothing was written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a rejected document: the dotted path of the field, the rule, and KAZOO's sentence."""

    field: str
    rule: str
    message: str
    cause: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.message} ({self.rule})"


class CrossbarValidationError(CrossbarError):
    """KAZOO rejected the document; `faults` says why, field by field."""

    def __init__(self, message: str, faults: tuple[Fault, ...], **where: Any) -> None:
        super().__init__(message, **where)
        self.faults = faults


def error_of(status: int, envelope: Mapping[str, Any], request: str, request_id: str) -> CrossbarError:
    """Return the error of an answer that is not a success."""
    where: dict[str, Any] = {"status": status, "request": request, "request_id": request_id}
    message, data = str(envelope.get("message") or ""), envelope.get("data")
    said = f"{request}: Crossbar answered {status}{f' {message}' if message else ''}"
    match status:
        case 400:
            faults = tuple(_faults(data))
            detail = "; ".join(map(str, faults)) or said
            return CrossbarValidationError(f"{request}: KAZOO rejects it: {detail}", faults, **where)
        case 401:
            return CrossbarCredentialsError(f"{said}; the token is not accepted", **where)
        case 402:
            return CrossbarChargesError(f"{said}; the change is billable, make it in KAZOO's own UI", **where)
        case 403:
            return CrossbarForbiddenError(
                f"{said}; the API key's account is not this account or its parent, or a number belongs to "
                "another account",
                **where,
            )
        case 404 if message == "not_found":
            return CrossbarNotLoadedError(f"{said}; this Crossbar has not started the endpoint", **where)
        case 404:
            return CrossbarNotFoundError(f"{said}{_cause(data)}", **where)
        case 409 | 412:
            return CrossbarConflictError(f"{said}; it changed meanwhile or exists already", **where)
        case 423:
            return CrossbarCredentialsError(f"{said}; the KAZOO account is expired or disabled", **where)
        case 429:
            return CrossbarUnavailableError(f"{said}; too many requests from this address", **where)
    if status >= 500:
        return CrossbarUnavailableError(f"{said}; KAZOO's database or applications do not answer", **where)
    return CrossbarError(said, **where)


def _faults(data: object) -> Iterator[Fault]:
    if not isinstance(data, Mapping):
        return
    for field, rules in data.items():
        if not isinstance(rules, Mapping):
            continue
        for rule, detail in rules.items():
            about = detail if isinstance(detail, Mapping) else {"message": detail}
            yield Fault(str(field), str(rule), str(about.get("message", "")), str(about.get("cause", "")))


def _cause(data: object) -> str:
    """Return what Crossbar could not find, if it says so. A list may hold the API key: it is left out."""
    if not isinstance(data, Mapping):
        return ""
    cause = data.get("cause") or data.get("not_found")
    return f" ({cause})" if cause else ""
