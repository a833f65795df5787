"""One request of KAZOO's `pivot` module, as typed values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self

from kazoo_pivot._envelope import KAZOO_NAME_BY_TWIML_NAME, Envelope
from kazoo_pivot._errors import MalformedRequestError

if TYPE_CHECKING:
    from kazoo_pivot._call import CallSession

MAX_TEXT_CHARACTERS = 4_096
MAX_COLLECTIONS = 100
MAX_DIGITS = 255
MAX_USER_IDS = 100

_CALL_ID = re.compile(r"[^\x00-\x1f\x7f]{1,255}")
_TWIML_NAME_BY_KAZOO_NAME = {kazoo: twiml for twiml, kazoo in KAZOO_NAME_BY_TWIML_NAME.items()}


class _WithSession:
    """Room for what a call keeps beside its fields, out of their sight."""

    __slots__ = ("_session",)

    _session: CallSession


@dataclass(frozen=True, slots=True, kw_only=True)
class PivotRequest(_WithSession):
    """The call as KAZOO describes it; every value is untrusted and limited in size.

    account_id: the KAZOO account the request claims to come from, proved by its token
    call_id: the Call-ID of the caller's leg, opaque text
    caller_id_name, caller_id_number: as the switch has them; `anonymous` or `unknown` when withheld
    from_*, to_*: user and realm of the SIP From and To, as dialled, not normalised
    request_*: of the SIP request; KAZOO normalises its user to E.164, so this is the number dialled
    direction: always `inbound` on KAZOO 4.3
    language: lower case, such as `en-us`; None if KAZOO sends no language
    user_ids: owners of the calling device: none for a carrier's call, several when hot-desking
    digits: collection to digits; empty text: nothing pressed in time; no key: never asked
    custom_application_vars, custom_sip_headers: any JSON from a JSON body, texts from a form
    recording_*, call_status: only after TwiML steps
    api_version: `4.x` on KAZOO 4.3
    vocabulary: the names the parameters came under, the node's req_format
    path, query: the route, and the voice_url's own query without KAZOO's parameters and ours
    raw: all parameters as KAZOO sent them, as a tree
    """

    account_id: str
    call_id: str
    caller_id_name: str = ""
    caller_id_number: str = ""
    from_user: str = ""
    from_realm: str = ""
    to_user: str = ""
    to_realm: str = ""
    request_user: str = ""
    request_realm: str = ""
    direction: str = "inbound"
    language: str | None = None
    user_ids: list[str] = field(default_factory=list)
    digits: Mapping[str, str] = field(default_factory=dict)
    custom_application_vars: Mapping[str, Any] = field(default_factory=dict)
    custom_sip_headers: Mapping[str, Any] = field(default_factory=dict)
    recording_url: str | None = None
    recording_id: str | None = None
    recording_duration_s: int | None = None
    call_status: str | None = None
    api_version: str | None = None
    vocabulary: Literal["kazoo", "twiml"] = "kazoo"
    method: Literal["GET", "POST"] = "POST"
    body_format: Literal["form", "json"] = "form"
    path: str = "/"
    query: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> PivotRequest:
        """Read an API Gateway event of payload format 2.0 or 1.0; MalformedRequestError says why not."""
        return PivotRequest.from_envelope(Envelope.of(event))

    @classmethod
    def from_envelope(cls, envelope: Envelope) -> Self:
        """Read the parameters of an envelope already opened."""
        raw = envelope.parameters
        twiml = "Account-ID" not in raw

        def text(name: str) -> str | None:
            if (value := raw.get(name)) is None and (twiml_word := _TWIML_NAME_BY_KAZOO_NAME.get(name)):
                value = raw.get(twiml_word)
            return _text(name, value)

        return cls(
            account_id=envelope.account_id,
            call_id=_call_id(text("Call-ID")),
            caller_id_name=text("Caller-ID-Name") or "",
            caller_id_number=text("Caller-ID-Number") or "",
            from_user=text("From") or "",
            from_realm=text("From-Realm") or "",
            to_user=text("To") or "",
            to_realm=text("To-Realm") or "",
            request_user=text("Request") or "",
            request_realm=text("Request-Realm") or "",
            direction=text("Direction") or "inbound",
            language=(text("Language") or "").lower() or None,
            user_ids=_user_ids(raw.get("User-ID")),
            digits=_digits(raw.get("Digits")),
            custom_application_vars=_object(raw, "Custom-Application-Vars"),
            custom_sip_headers=_object(raw, "Custom-SIP-Headers"),
            recording_url=text("Recording-Url"),
            recording_id=text("Recording-ID"),
            recording_duration_s=_seconds(text("Recording-Duration")),
            call_status=text("Call-Status"),
            api_version=text("Api-Version"),
            vocabulary="twiml" if twiml else "kazoo",
            method=envelope.method,
            body_format=envelope.body_format,
            path=envelope.path,
            query=envelope.query,
            raw=raw,
        )


def _text(name: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        text = value
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, int | float):
        text = str(value)
    else:
        raise MalformedRequestError(name, f"a {_kind(value)} where KAZOO sends text")
    if text is not None and len(text) > MAX_TEXT_CHARACTERS:
        raise MalformedRequestError(name, f"longer than {MAX_TEXT_CHARACTERS} characters")
    return text


def _kind(value: Any) -> str:
    return "JSON object" if isinstance(value, dict) else type(value).__name__


def _call_id(value: str | None) -> str:
    if not value:
        raise MalformedRequestError("Call-ID", "absent")
    if not _CALL_ID.fullmatch(value):
        raise MalformedRequestError("Call-ID", "longer than 255 characters, or with control characters")
    return value


def _user_ids(value: Any) -> list[str]:
    ids = value if isinstance(value, list) else [value]
    if len(ids) > MAX_USER_IDS:
        raise MalformedRequestError("User-ID", f"more than {MAX_USER_IDS} of them")
    return [text for item in ids if (text := _text("User-ID", item))]


def _digits(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    # KAZOO 4.3: a plain text only after a TwiML step, which asked without naming a collection.
    collections = value if isinstance(value, dict) else {"default": value}
    if len(collections) > MAX_COLLECTIONS:
        raise MalformedRequestError("Digits", f"more than {MAX_COLLECTIONS} collections")
    digits = {}
    for name, pressed in collections.items():
        # An emptied collection arrives as an empty object or list: nothing was pressed.
        text = "" if pressed in ({}, []) else _text("Digits", pressed) or ""
        if len(text) > MAX_DIGITS:
            raise MalformedRequestError("Digits", f"more than {MAX_DIGITS} digits in one collection")
        digits[name] = text
    return digits


def _object(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    if value in (None, "", []):
        return {}
    if not isinstance(value, dict):
        raise MalformedRequestError(name, f"a {_kind(value)} where KAZOO sends an object")
    return value


def _seconds(value: str | None) -> int | None:
    try:
        return None if value is None else int(float(value))
    except (ValueError, OverflowError):
        return None
