"""What `pivot debug` serves on localhost, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import httpx
import pytest
from starlette.applications import Starlette

from pivotctl.debug._server import make_app

WORD = "w0rd"


class Deployed:
    """A deployment that notes what it is asked."""

    url = "https://api.example.com"
    account = "1" * 32

    def __init__(self) -> None:
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.down = False
        self.answer = httpx.Response(200, json={"calls": []})

    async def get(self, _: httpx.AsyncClient, path: str, query: Mapping[str, str]) -> httpx.Response:
        """Answer anything."""
        if self.down:
            raise httpx.ConnectError("no route to api.example.com")
        self.asked.append((path, query))
        return self.answer


@pytest.fixture
def deployed() -> Deployed:
    """The deployment behind the page."""
    return Deployed()


@pytest.fixture
def client(deployed: Deployed, serve: Callable[[Starlette], int]) -> Iterator[httpx.Client]:
    """A browser on this machine."""
    port = serve(make_app(deployed, WORD))  # type: ignore[arg-type]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        yield client


def test_the_page_and_its_files(client: httpx.Client) -> None:
    """The page comes with its strict policy."""
    page = client.get(f"/{WORD}/debug")
    assert page.status_code == 200
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert client.get(f"/{WORD}/debug/page/app.js").headers["content-type"].startswith("text/javascript")
    assert client.get(f"/{WORD}/debug/page/config.json").json() == {
        "sign_in": None,
        "account": Deployed.account,
        "kazoo": False,
    }


def test_views_are_passed_on_whole(client: httpx.Client, deployed: Deployed) -> None:
    """Path and query reach the deployed API unchanged."""
    assert client.get(f"/{WORD}/debug/calls?text=a%20b").json() == {"calls": []}
    client.get(f"/{WORD}/debug/calls/~YQ/session?account=x")
    assert deployed.asked == [
        ("/debug/calls", {"text": "a b"}),
        ("/debug/calls/~YQ/session", {"account": "x"}),
    ]


@pytest.mark.parametrize("path", ["calls/a/b", "../account_balance", "accounts", "calls/a/session/x", ""])
def test_nothing_else_is_signed(client: httpx.Client, deployed: Deployed, path: str) -> None:
    """Credentials sign views of Live Debug and nothing else of the API."""
    assert client.get(f"/{WORD}/debug/{path}").status_code == 404
    assert deployed.asked == []


@pytest.mark.parametrize("path", ["/debug", "/wrong/debug", "/debug/calls", "/wrong/debug/calls", "/"])
def test_without_the_word_there_is_nothing(client: httpx.Client, deployed: Deployed, path: str) -> None:
    """Another program on this machine does not know the address."""
    assert client.get(path).status_code == 404
    assert deployed.asked == []


def test_a_rebound_name_is_refused(client: httpx.Client, deployed: Deployed) -> None:
    """A page elsewhere that lets its own name point to 127.0.0.1 gets nothing."""
    for path in ("", "/calls", "/page/config.json"):
        answered = client.get(f"/{WORD}/debug{path}", headers={"host": "evil.example.com:1234"})
        assert answered.status_code == 403
    assert deployed.asked == []


def test_credentials_that_aws_refuses(client: httpx.Client, deployed: Deployed) -> None:
    """API Gateway's bare Forbidden becomes what is missing; a refusal of ours is passed on."""
    deployed.answer = httpx.Response(403, json={"message": "Forbidden"})
    assert "execute-api:Invoke" in client.get(f"/{WORD}/debug/calls").json()["error"]["message"]
    deployed.answer = httpx.Response(403, json={"error": {"message": "you have no access"}})
    assert client.get(f"/{WORD}/debug/calls").json()["error"]["message"] == "you have no access"


def test_a_deployment_that_is_away(client: httpx.Client, deployed: Deployed) -> None:
    """The page is told, in a sentence without the exception's details."""
    deployed.down = True
    answered = client.get(f"/{WORD}/debug/calls")
    assert answered.status_code == 502
    assert answered.json()["error"]["message"] == "https://api.example.com does not answer (ConnectError)"
