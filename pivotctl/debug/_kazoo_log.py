"""KAZOO's own debug log of a call, and whether it agrees with ours.

KAZOO 4.3: a `pivot` node with `debug` on stores what it sent and got; Crossbar returns it under
`/v2/accounts/ID/pivot/debug/CALL_ID`, where an operator has started `cb_pivot`. It keeps secrets and digits
that we do not, and lower-cases header values, so nothing of it but what is compared reaches the page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import httpx


class CrossbarError(Exception):
    """Crossbar does not answer, or not as hoped; the message says what to do."""


@dataclass(slots=True)
class Crossbar:
    """One KAZOO cluster's API and one API key; the key and the token stay in this process."""

    url: str
    api_key: str = field(repr=False)
    _token: str = field(default="", repr=False)

    async def debug_log(
        self, client: httpx.AsyncClient, account: str, call_id: str
    ) -> Sequence[Mapping[str, Any]]:
        """The debug documents of one call; empty where KAZOO kept none.

        Raises:
            CrossbarError: It refuses, has no `cb_pivot`, or does not answer.
        """
        path = f"/v2/accounts/{quote(account, safe='')}/pivot/debug/{quote(call_id, safe='')}?paginate=false"
        answered = await self._get(client, path)
        if answered.status_code == httpx.codes.UNAUTHORIZED:
            self._token = ""
            answered = await self._get(client, path)
        if answered.status_code == httpx.codes.NOT_FOUND:
            return []
        if answered.status_code != httpx.codes.OK:
            raise CrossbarError(
                f"Crossbar answered {answered.status_code}; "
                f"is `cb_pivot` started, and may this key read {account}?"
            )
        data = _data(answered)
        return [each for each in data if isinstance(each, Mapping)] if isinstance(data, list) else []

    async def _get(self, client: httpx.AsyncClient, path: str) -> httpx.Response:
        if not self._token:
            await self._sign_in(client)
        return await client.get(self.url.rstrip("/") + path, headers={"x-auth-token": self._token})

    async def _sign_in(self, client: httpx.AsyncClient) -> None:
        answered = await client.put(
            f"{self.url.rstrip('/')}/v2/api_auth", json={"data": {"api_key": self.api_key}}
        )
        token = answered.json().get("auth_token") if answered.is_success else None
        if not token:
            raise CrossbarError(
                "Crossbar does not accept this API key; `GET /v2/accounts/ID/api_key` shows it"
            )
        self._token = str(token)


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
    """The modules of a flow's wildcard chain: enough to recognise it by."""
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


def _data(answered: httpx.Response) -> Any:
    try:
        return answered.json().get("data")
    except (ValueError, AttributeError):
        raise CrossbarError("Crossbar's answer is not JSON; is the address that of its API?") from None
