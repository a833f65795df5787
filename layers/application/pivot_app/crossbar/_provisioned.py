"""The documents of a KAZOO account that a deployment made: how they are marked, and whether they were edited.

A marked document has the public key `pivot_lambda`, which KAZOO and its UI keep:
`deployment` is the stage, `role` the name in kazoo.yaml, `sent` what was written without its token, `took`
the numbers that another callflow had, with that callflow's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pivot_app.lazy_dataclass import dataclass

from ._crossbar import Crossbar
from ._documents import Document
from ._errors import CrossbarNotFoundError

MARKER = "pivot_lambda"
TOKEN = "TOKEN"  # noqa: S105 - the placeholder
TOKEN_HEADER = "X-Pivot-Token"  # noqa: S105 - the header's name


@dataclass(frozen=True, slots=True)
class Provisioned:
    """A document that a deployment made; `collection` is callflows or webhooks."""

    collection: str
    role: str
    document: Document
    took: Mapping[str, str]

    @property
    def title(self) -> str:
        """The name that a person gave it."""
        return f"{self.collection.removesuffix('s')} {self.role}"

    @property
    def carrier(self) -> Mapping[str, Any]:
        """The part that has the address and the token: the pivot node's data, or the webhook."""
        data = self.document.data
        return data if self.collection == "webhooks" else _object(_object(data.get("flow")).get("data"))

    @property
    def token(self) -> str:
        """The token it carries; empty if none."""
        return token_of(self.carrier)

    @property
    def numbers(self) -> list[str]:
        """The numbers of a callflow."""
        return list(map(str, self.document.data.get("numbers") or ()))

    @property
    def edits(self) -> list[tuple[str, Any, Any]]:
        """The changes since it was created: path, present value, earlier value."""
        sent = _object(_object(self.document.data.get(MARKER)).get("sent"))
        return differences(sent, without_token(self.document.data, self.token))


def read_provisioned(
    crossbar: Crossbar, deployment: str
) -> tuple[dict[tuple[str, str], Provisioned], list[Provisioned]]:
    """Return the documents that a deployment made, by collection and role, and second ones of a role."""
    found: dict[tuple[str, str], Provisioned] = {}
    duplicates = []
    marked = crossbar.callflows.rows(has_key=MARKER)
    for collection, rows in (("callflows", marked), ("webhooks", crossbar.webhooks.rows())):
        for document in _documents(crossbar, collection, rows):
            marker = document.data.get(MARKER)
            if not isinstance(marker, Mapping) or marker.get("deployment") != deployment:
                continue
            role = str(marker.get("role"))
            each = Provisioned(collection, role, document, dict(_object(marker.get("took"))))
            if (collection, role) in found:
                duplicates.append(each)
            else:
                found[collection, role] = each
    return found, duplicates


def _documents(crossbar: Crossbar, collection: str, rows: Iterable[Mapping[str, Any]]) -> Iterable[Document]:
    for row in sorted(rows, key=lambda each: str(each["id"])):
        try:
            yield crossbar.collection(collection).get(str(row["id"]))
        except CrossbarNotFoundError:
            continue


def token_of(data: Mapping[str, Any]) -> str:
    """Return the token that a pivot node's data or a webhook carries; empty if none."""
    headers = data.get("custom_request_headers")
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            if name.lower() == TOKEN_HEADER.lower():
                return str(value)
    url = str(data.get("voice_url") or data.get("uri") or "")
    return dict(parse_qsl(urlsplit(url).query)).get("token", "")


def with_token(value: Any, token: str) -> Any:
    """Return a document with the token in the places of the placeholder: URLs and headers."""
    return _replaced(value, TOKEN, token)


def without_token(value: Any, token: str) -> Any:
    """Return a document with the placeholder in the places of the token."""
    return _replaced(value, token, TOKEN) if token else value


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, Mapping):
        return {key: each if key == MARKER else _one(key, each, old, new) for key, each in value.items()}
    return [_replaced(each, old, new) for each in value] if isinstance(value, list) else value


def _one(key: str, value: Any, old: str, new: str) -> Any:
    if key in ("voice_url", "uri") and isinstance(value, str):
        parts = urlsplit(value)
        query = parse_qsl(parts.query)
        if ("token", old) not in query:
            return value
        query = [(name, new if (name, each) == ("token", old) else each) for name, each in query]
        return urlunsplit(parts._replace(query=urlencode(query)))
    if key == "custom_request_headers" and isinstance(value, Mapping):
        return {
            name: new if name.lower() == TOKEN_HEADER.lower() and each == old else each
            for name, each in value.items()
        }
    return _replaced(value, old, new)


def differences(wanted: Any, stored: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Return where a stored document is not as wanted: path, stored, wanted.

    What KAZOO added, its defaults, is left out; children and lists must be the same, numbers in any order.
    """
    if isinstance(wanted, Mapping) and isinstance(stored, Mapping):
        found = []
        for key, value in wanted.items():
            found += differences(value, stored.get(key), f"{path}.{key}" if path else str(key))
        if path.rpartition(".")[2] == "children":
            found += [(f"{path}.{key}", stored[key], None) for key in stored if key not in wanted]
        return found
    if isinstance(wanted, list) and isinstance(stored, list) and len(wanted) == len(stored):
        if path == "numbers":
            return [] if set(wanted) == set(stored) else [(path, stored, wanted)]
        pairs = enumerate(zip(wanted, stored, strict=True))
        return [each for place, pair in pairs for each in differences(*pair, f"{path}.{place}")]
    # A setting that is off or empty by default may be absent.
    is_same = wanted == stored or (stored is None and wanted in (False, [], {}))
    return [] if is_same else [(path, stored, wanted)]


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
