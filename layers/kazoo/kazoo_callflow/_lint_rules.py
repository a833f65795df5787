"""Warns about data that KAZOO accepts but that fails for the caller, module by module."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ._errors import show

Finding: TypeAlias = tuple[tuple[str | int, ...], str, str]
"""The path below the node, the rule, and the message."""

LONGEST_URL_BYTES = 6_000
"""API Gateway takes 10,240 bytes of request line and headers; a GET carries the call's parameters too."""
SHORTEST_TIMEOUT_MS = 500
_URL_FIELDS = ("voice_url", "cdr_url", "uri", "url")
# Names that KAZOO 4.3 keeps for itself; set_variables drops them without a word.
RESERVED_VARIABLES = frozenset(
    (
        "account-id", "application-name", "application-node", "authorizing-id", "authorizing-type",
        "bridge-id", "call-interaction-id", "channel-authorized", "fetch-id", "global-resource", "inception",
        "owner-id", "realm", "reseller-id", "resource-id", "username",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NodeInPlace:
    """One node and what ran before it."""

    module: str
    data: dict[str, Any]
    children: dict[str, Any]
    kazoo: str
    recording: bool = False
    """Whether a record_call above is still running."""
    variables: frozenset[str] = frozenset()
    """Names that set_variables stored above."""
    answered_by: str = ""
    """The module above that answers the call first, if one does."""


def urls(at: NodeInPlace) -> Iterator[Finding]:
    """Find user names in the module's URLs, which KAZOO splits by a rule of its own."""
    for field in _URL_FIELDS:
        url = at.data.get(field)
        if isinstance(url, str) and "@" in _authority(url):
            yield (
                ("data", field),
                "url-user",
                "has a user name, which KAZOO checks in place of the host; put a token into the path.",
            )
        if isinstance(url, str) and len(url.encode("utf-8", "replace")) > LONGEST_URL_BYTES:
            yield (
                ("data", field),
                "url-length",
                f"has more than {LONGEST_URL_BYTES:,} bytes; servers refuse request lines of about 8,000.",
            )


def _authority(url: str) -> str:
    rest = url.partition("//")[2]
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest


def _pivot(at: NodeInPlace) -> Iterator[Finding]:
    if "_" not in at.children:
        yield (
            ("children",),
            "pivot-fallback",
            "pivot without a wildcard child: any failure of the server hangs up.",
        )
    method = at.data.get("method", "get")
    if "voice_url" in at.data and isinstance(method, str) and method.lower() == "get":
        yield (
            ("data", "method"),
            "get-method",
            (
                "asks by GET, whose brackets newer HTTP clients of KAZOO refuse: with digits or variables "
                "the fallback runs and nothing is sent. Set it to post."
            ),
        )
    if at.data.get("cdr_url"):
        yield ("data", "cdr_url"), "no-effect", "cdr_url does nothing when answers are callflow JSON."
    if at.data.get("debug") is True:
        yield (
            ("data", "debug"),
            "debug",
            "KAZOO stores every request and answer: digits, PINs and tokens too.",
        )
    timeout_ms = at.data.get("req_timeout_ms")
    if isinstance(timeout_ms, int) and timeout_ms < SHORTEST_TIMEOUT_MS:
        yield (
            ("data", "req_timeout_ms"),
            "timeout",
            f"is {timeout_ms} ms: a server that has to start first fails. KAZOO waits 5,000 at most.",
        )
    if at.kazoo == "4.3" and at.variables:
        yield (
            ("data", "voice_url"),
            "state-lost",
            "KAZOO 4.3 does not send what set_variables stored before this node; carry it in voice_url.",
        )
    yield from _request_headers(at)


def _request_headers(at: NodeInPlace) -> Iterator[Finding]:
    headers = at.data.get("custom_request_headers")
    if not isinstance(headers, dict):
        return
    for name in headers:
        where = ("data", "custom_request_headers", name)
        if not name.lower().startswith("x-"):
            yield where, "header-name", "is not an X- name; KAZOO sends it, and its documents allow X- only."
        elif not isinstance(headers[name], str):
            yield where, "not-a-string", f"is {show(headers[name])}; only strings are safe."


def _carrier(at: NodeInPlace) -> Iterator[Finding]:
    if not any(key != "_" for key in at.children):
        yield (
            ("children",),
            "failure-branch",
            (
                "a carrier call that fails runs only a child named after the cause or SIP code; without one "
                "the caller is hung up."
            ),
        )
    if "_" in at.children:
        yield (
            ("children", "_"),
            "unreachable",
            "never runs here: it only silences KAZOO's error announcement.",
        )


def _device(at: NodeInPlace) -> Iterator[Finding]:
    if not at.data.get("timeout"):
        yield ("data", "timeout"), "device-timeout", "a device without timeout rings for about 40 seconds."


def _conference(at: NodeInPlace) -> Iterator[Finding]:
    config = at.data.get("config")
    if not isinstance(config, dict) or "id" in at.data:
        return
    member = config.get("member")
    if not isinstance(member, dict) or member.get("join_muted", True) is not False:
        yield (
            ("data", "config", "member", "join_muted"),
            "muted",
            ("an ad-hoc conference mutes its members unless join_muted is false: KAZOO fills in true."),
        )


def _collect(at: NodeInPlace) -> Iterator[Finding]:
    if at.data.get("terminators") == []:
        yield ("data", "terminators"), "crash", "an empty list crashes collect_dtmf: nothing is collected."


def _send_dtmf(at: NodeInPlace) -> Iterator[Finding]:
    duration = at.data.get("duration_ms")
    if isinstance(duration, str) and not (duration.isascii() and duration.isdigit()):
        yield ("data", "duration_ms"), "crash", f"must be a number of milliseconds, not {show(duration)}."


def _integer_keys(at: NodeInPlace) -> Iterator[Finding]:
    if at.module == "acdc_wait_time":
        yield from _acdc(at)
    for key in at.children:
        if key != "_" and not (key.isascii() and key.removeprefix("-").isdigit()):
            yield (
                ("children", key),
                "crash",
                f"a child key must be an integer; {show(key)} crashes the module.",
            )


def _audio_macro(at: NodeInPlace) -> Iterator[Finding]:
    macros = at.data.get("macros")
    for index, entry in enumerate(macros if isinstance(macros, list) else []):
        if at.kazoo == "4.3" and isinstance(entry, dict) and entry.get("macro") == "tone":
            yield (
                ("data", "macros", index),
                "no-effect",
                "KAZOO 4.3 hands tones to the switch in the wrong form.",
            )


def _callflow(at: NodeInPlace) -> Iterator[Finding]:
    if at.kazoo == "4.3" and "id" not in at.data:
        yield (
            ("data", "id"),
            "no-effect",
            "KAZOO 4.3 knows only stored callflows: without id it goes to the wildcard child.",
        )


def _disa(at: NodeInPlace) -> Iterator[Finding]:
    if not at.data.get("pin"):
        yield ("data", "pin"), "open-line", "disa without a PIN lets anyone call out at the account's cost."


def _set_variables(at: NodeInPlace) -> Iterator[Finding]:
    variables = at.data.get("custom_application_vars")
    for name, value in variables.items() if isinstance(variables, dict) else ():
        if not isinstance(value, str):
            yield (
                ("data", "custom_application_vars", name),
                "not-a-string",
                f"is {show(value)}; only strings are safe.",
            )
        yield from _variable_name(at, name)
    if at.kazoo == "4.3" and "export" in at.data:
        yield ("data", "export"), "no-effect", "KAZOO 4.3 reads export from another place: it has no effect."


def _variable_name(at: NodeInPlace, name: str) -> Iterator[Finding]:
    where = ("data", "custom_application_vars", name)
    if at.kazoo == "4.3" and name.lower() in RESERVED_VARIABLES:
        yield where, "reserved", "is a name KAZOO 4.3 uses itself; set_variables drops it."
    elif not name.isascii():
        yield where, "variable-name", "is not ASCII: it breaks version 2 webhooks: they then report nothing."
    elif any(mark in name for mark in "%+=&[]"):
        yield (
            where,
            "variable-name",
            "contains one of % + = & [ ], and KAZOO sends names as they are: no server reads it back safely.",
        )


def _set_variable(at: NodeInPlace) -> Iterator[Finding]:
    known = ("call_priority",) if at.kazoo == "4.3" else ("call_priority", "group_id")
    if at.data.get("variable") not in known:
        yield (
            ("data", "variable"),
            "no-effect",
            f"set_variable knows only {' and '.join(known)}; set_variables stores variables of your own.",
        )


def _branch_variable(at: NodeInPlace) -> Iterator[Finding]:
    name = at.data.get("variable")
    if at.kazoo == "5" and isinstance(name, str) and name in at.variables and not at.data.get("scope"):
        yield (
            ("data", "variable"),
            "no-effect",
            "KAZOO 5 stores variables of set_variables where branch_variable does not look: _ runs.",
        )


def _voicemail(at: NodeInPlace) -> Iterator[Finding]:
    if at.recording and at.data.get("action", "compose") == "compose":
        yield (
            ("module",),
            "recording",
            "the record_call above is still running, so the message is recorded twice. Stop it first.",
        )


def _record_caller(at: NodeInPlace) -> Iterator[Finding]:
    if at.kazoo == "4.3" and at.data.get("url"):
        yield (
            ("data", "url"),
            "no-upload",
            "record_caller of KAZOO 4.3 drops its upload settings; check that the file arrives.",
        )


def _play(at: NodeInPlace) -> Iterator[Finding]:
    if not at.data.get("id"):
        yield ("data", "id"), "no-effect", "play without id plays nothing and goes on at once."


def _tts(at: NodeInPlace) -> Iterator[Finding]:
    if at.data.get("engine"):
        yield (
            ("data", "engine"),
            "speech-failure",
            (
                "is an engine that the cluster must have set up: where speech fails, KAZOO hangs up and runs "
                "no child. Leave it out to use the cluster's own."
            ),
        )


def _response(at: NodeInPlace) -> Iterator[Finding]:
    if at.answered_by:
        yield (
            ("module",),
            "answered",
            (
                f"refuses a call that {at.answered_by} above has answered: the caller is hung up, and the "
                "code reaches nobody. Use hangup here, or response before anything is heard."
            ),
        )


def _group(at: NodeInPlace) -> Iterator[Finding]:
    if at.data.get("endpoints"):
        yield (
            ("data", "endpoints"),
            "crash",
            "group takes its members from the stored group; endpoints of strings fail. Use ring_group.",
        )


def _lookupcidname(at: NodeInPlace) -> Iterator[Finding]:
    if at.kazoo == "4.3":
        yield (
            ("module",),
            "no-effect",
            "KAZOO 4.3 changes only its own copy of the name: nothing is seen of it.",
        )


def _acdc(at: NodeInPlace) -> Iterator[Finding]:
    if at.kazoo == "5":
        yield (
            ("module",),
            "no-such-module",
            f"{at.module} has a schema in KAZOO 5, but no public code: without it KAZOO skips the node.",
        )


RULES: dict[str, Callable[[NodeInPlace], Iterator[Finding]]] = {
    "pivot": _pivot,
    "resources": _carrier,
    "offnet": _carrier,
    "device": _device,
    "conference": _conference,
    "conference_feature": _conference,
    "collect_dtmf": _collect,
    "send_dtmf": _send_dtmf,
    "acdc_wait_time": _integer_keys,
    "nomorobo": _integer_keys,
    "audio_macro": _audio_macro,
    "callflow": _callflow,
    "disa": _disa,
    "set_variables": _set_variables,
    "set_variable": _set_variable,
    "branch_variable": _branch_variable,
    "voicemail": _voicemail,
    "record_caller": _record_caller,
    "play": _play,
    "tts": _tts,
    "response": _response,
    "group": _group,
    "lookupcidname": _lookupcidname,
    "acdc_agent": _acdc,
    "acdc_member": _acdc,
    "acdc_queue": _acdc,
}
