"""KAZOO's own debug log of a call, and whether it agrees with ours.

A `pivot` node with `debug` on stores what it sent and got; Crossbar returns it where the module `cb_pivot` is
started. It keeps secrets and digits that we do not, and lower-cases header values, so nothing of it but what
is compared reaches the page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from pivot_app.aws import Parameters
from pivot_app.crossbar import (
    Crossbar,
    CrossbarError,
    CrossbarNotFoundError,
    CrossbarNotLoadedError,
    Crossbars,
)


class KazooLog:
    """The debug log of KAZOO accounts; `crossbar_of` gives the Crossbar of an account, or raises."""

    def __init__(self, crossbar_of: Callable[[str], Crossbar]) -> None:
        self._crossbar_of = crossbar_of
        self._found: dict[str, Crossbar] = {}

    @classmethod
    def at(cls, url: str, api_key: str, **http: Any) -> KazooLog:
        """Return the log of every account that one API key may use."""
        return cls(lambda account: Crossbar(url, api_key, account, **http))

    @classmethod
    def stored(cls, ssm: Any, prefix: str) -> KazooLog:
        """Return the log of the accounts whose access `pivot provision` stored."""
        return cls(Crossbars(Parameters(lambda: ssm, prefix)).of)

    def close(self) -> None:
        """Close the connections that are kept open."""
        for crossbar in self._found.values():
            crossbar.http.close()

    def _of(self, account: str) -> Crossbar:
        if account not in self._found:
            self._found[account] = self._crossbar_of(account)
        return self._found[account]

    async def of_call(self, account: str, call_id: str) -> Sequence[Mapping[str, Any]]:
        """Return the debug documents of one call, oldest first; none where KAZOO kept none.

        Raises:
            CrossbarError: It refuses, has no `cb_pivot`, or does not answer.
        """
        try:
            return await asyncio.to_thread(lambda: self._of(account).pivot_debug_of(call_id))
        except CrossbarNotLoadedError as error:
            raise CrossbarError(f"{error}; start `cb_pivot` on the cluster", status=error.status) from None
        except CrossbarNotFoundError:
            return []


def compare(exchanges: Sequence[Mapping[str, Any]], log: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Line up what KAZOO stored with our exchanges, request by request.

    Returns a note, and rows of `what`, `kazoo`, `ours` and whether they are the `same`.
    """
    documents = sorted(log, key=lambda each: each.get("created", 0))
    requests = [each for each in documents if "uri" in each and "resp_status_code" not in each]
    answers = [each for each in documents if "resp_status_code" in each]
    errors = [each for each in documents if "schema_errors" in each or "json_errors" in each]
    rows = [_row("requests", str(len(requests)), str(len(exchanges)))]
    for number, exchange in enumerate(exchanges):
        asked = requests[number] if number < len(requests) else {}
        got = answers[number] if number < len(answers) else {}
        place = f"request {number + 1}"
        rows.append(_row(f"{place}: method", _upper(asked.get("method")), exchange["method"]))
        # Without the query: KAZOO's copy of it has the token.
        rows.append(_row(f"{place}: path", _path(asked.get("uri")), exchange["path"], suffix=True))
        rows.append(_row(f"{place}: status", _text(got.get("resp_status_code")), str(exchange["status"])))
        rows.append(_answer_row(f"{place}: answer", got.get("resp_body"), exchange["flow"]))
    rows += [
        {"what": "KAZOO rejected the answer", "kazoo": _errors(each), "ours": None, "same": False}
        for each in errors
    ]
    note = (
        "Both saw the same."
        if all(row["same"] for row in rows)
        else "KAZOO has no log of this call: it keeps one only for pivot nodes with debug on."
        if not documents
        else "They differ where marked."
    )
    return {"note": note, "rows": rows}


def _row(what: str, kazoo: str | None, ours: str, *, suffix: bool = False) -> dict[str, Any]:
    """`suffix`: an address in front may have a path of its own, such as a stage."""
    same = kazoo == ours or (suffix and kazoo is not None and kazoo.endswith(ours))
    return {"what": what, "kazoo": kazoo, "ours": ours, "same": same}


def _answer_row(what: str, body: object, flow: object) -> dict[str, Any]:
    theirs = _parsed(body)
    kazoo = None if body is None else _modules(theirs) if isinstance(theirs, Mapping) else "not JSON"
    return {"what": what, "kazoo": kazoo, "ours": _modules(flow), "same": body is not None and theirs == flow}


def _modules(flow: object) -> str:
    """Return the modules of a flow's wildcard chain: enough to recognise it by."""
    return " › ".join(_chain(flow)) or "nothing"


def _chain(flow: object) -> Iterable[str]:
    while isinstance(flow, Mapping):
        yield str(flow.get("module", "?"))
        children = flow.get("children")
        flow = children.get("_") if isinstance(children, Mapping) else None


def _parsed(body: object) -> object:
    if not isinstance(body, str | bytes):
        return body
    try:
        return json.loads(body)
    except ValueError:
        return None


def _errors(document: Mapping[str, Any]) -> str:
    return json.dumps(document.get("schema_errors") or document.get("json_errors"))[:500]


def _path(uri: object) -> str | None:
    return urlsplit(uri).path if isinstance(uri, str) else None


def _upper(value: object) -> str | None:
    return value.upper() if isinstance(value, str) else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
