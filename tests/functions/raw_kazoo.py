"""Requests of a KAZOO that sends what a test says, such as a Call-ID again or digits that were cleared."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from pivotctl.local_stack.demo_data import KAZOO_ACCOUNT, TOKEN

Answer = dict[str, Any]


class RawKazoo:
    """Asks handlers in this process, one request at a time."""

    def __init__(self, application: dict[str, Any], account: str = KAZOO_ACCOUNT, token: str = TOKEN) -> None:
        self._application = application
        self._account = account
        self._token = token

    def ask(
        self,
        path: str,
        call_id: str,
        caller: str,
        *,
        query: str = "",
        digits: dict[str, str] | None = None,
        language: str = "en-us",
        **more: str,
    ) -> Answer:
        """The callflow of a callback."""
        body = {
            "Account-ID": self._account,
            "Call-ID": call_id,
            "Caller-ID-Number": caller,
            "Caller-ID-Name": "caller",
            "Request": "2000",
            "To": "2000",
            "From": caller,
            "Language": language,
            "Direction": "inbound",
            "Api-Version": "4.x",
            **({"Digits": digits} if digits else {}),
            **more,
        }
        event = {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": query or f"token={self._token}",
            "headers": {"content-type": "application/json", "host": "pivot.example.test"},
            "requestContext": {"http": {"method": "POST", "path": path}},
            "body": json.dumps(body),
            "isBase64Encoded": False,
        }
        answer = self._application[path](event)
        assert answer["statusCode"] == 200, answer
        flow: Answer = json.loads(answer["body"])
        return flow


def said(flow: Answer) -> str:
    """What a flow says before it asks again."""
    return " ".join(
        re.findall(r'"text": "([^"]*)"', json.dumps(flow, ensure_ascii=False).split('"voice_url"')[0])
    )


def following(flow: Answer) -> tuple[str, str, list[str]]:
    """Path and query of the flow's first pivot, and the collections asked for before it."""
    text = json.dumps(flow)
    url = re.search(r'"voice_url": "([^"]*)"', text)
    parts = urlsplit(url[1] if url else "")
    return parts.path, parts.query, re.findall(r'"collect_dtmf".*?"collection_name": "([^"]*)"', text)
