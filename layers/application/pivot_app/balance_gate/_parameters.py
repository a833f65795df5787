"""The gate's parameters from the query of its voice_url, checked before money is held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from difflib import get_close_matches
from typing import Literal, NoReturn, Self

from kazoo_pivot import MisconfiguredError
from pivot_app.lazy_dataclass import dataclass

CONNECTIONS = ("resources", "user", "device", "callflow")
ANNOUNCEMENTS = ("balance", "minutes")
_KAZOO_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class GateParameters:
    """The parameters of one request; the package's docstring says what each means. Empty text: not given."""

    account: str = ""
    connect: str = "resources"
    id: str = ""
    to: str | None = None
    to_collection: str = ""
    failed: str = ""
    announce: tuple[str, ...] = ANNOUNCEMENTS
    top_up: str = ""
    bill: Literal["a", "b"] = "b"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Self:
        """Return the parameters of a voice_url.

        Raises:
            MisconfiguredError: One is unknown, or says nothing the gate can do; the message names it.

        """
        known = tuple(each.name for each in fields(cls))
        for name in query:
            # KAZOO adds parameters of its own to a GET. They begin with a capital, and newer ones may come.
            if name not in known and not name[:1].isupper():
                near = get_close_matches(name, known, 1)
                remedy = f"did you mean {near[0]}?" if near else f"use {', '.join(known)}"
                _refuse(name, f"unknown; {remedy}")
        connect, bill = query.get("connect", "resources"), query.get("bill", "b")
        if connect not in CONNECTIONS:
            _refuse("connect", f"use one of {', '.join(CONNECTIONS)}")
        if connect != "resources" and not is_kazoo_id(query.get("id", "")):
            _refuse("id", f"connect={connect} needs the id of a {connect}, 32 hexadecimal digits")
        if (failed := query.get("failed", "")) and not is_kazoo_id(failed):
            _refuse("failed", "the id of a callflow, 32 hexadecimal digits")
        if bill not in {"a", "b"}:
            _refuse("bill", "use a or b")
        announce = tuple(query.get("announce", ",".join(ANNOUNCEMENTS)).split(","))
        if announce != ("none",) and not set(announce) <= set(ANNOUNCEMENTS):
            _refuse("announce", f"use {','.join(ANNOUNCEMENTS)}, one of them, or none")
        for name in ("to", "to_collection"):
            if name in query and connect != "resources":
                _refuse(name, "works with connect=resources, the only one that dials a number")
        if "{" in query.get("to", ""):
            _refuse("to", f"{query['to'][:40]!r} holds a placeholder that nobody filled in")
        return cls(
            account=query.get("account", ""),
            connect=connect,
            id=query.get("id", ""),
            to=query.get("to"),
            to_collection=query.get("to_collection", ""),
            failed=failed,
            announce=announce,
            top_up=query.get("top_up", ""),
            bill="a" if bill == "a" else "b",
        )


def typed_number(query: Mapping[str, str], digits: Mapping[str, str]) -> str | None:
    """Return the number to call instead of the one dialled: from the query, else from the digits collected.

    None: the voice_url asks for none, and the number dialled is the one to call. Empty: nothing was typed.
    """
    if "to" in query:
        return query["to"]
    name = query.get("to_collection")
    return digits.get(name, "") if name else None


def is_kazoo_id(text: str) -> bool:
    """Return whether this can be the id of a document in KAZOO."""
    return bool(_KAZOO_ID.fullmatch(text))


def _refuse(parameter: str, remedy: str) -> NoReturn:
    raise MisconfiguredError(f"voice_url parameter {parameter}: {remedy}")
