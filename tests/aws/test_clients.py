"""Which root certificates a client reads."""

from __future__ import annotations

import ssl

import pytest

from pivot_app.aws import clients
from tools import amazon_roots


@pytest.fixture(autouse=True)
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function on AWS, without an endpoint of its own."""
    monkeypatch.setattr(clients, "_clients", {})
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "menu")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_CA_BUNDLE", "PIVOT_AWS_ROOTS"):
        monkeypatch.delenv(name, raising=False)


def verify() -> object:
    """Return what the connections of a new client are verified with."""
    return clients.client("dynamodb")._endpoint.http_session._verify


def test_a_function_reads_amazons_roots_only() -> None:
    """The file that ships, and OpenSSL can read all of it."""
    assert verify() == clients.AMAZON_ROOTS
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(clients.AMAZON_ROOTS)
    assert len(context.get_ca_certs()) == len(amazon_roots.NAMES)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PIVOT_AWS_ROOTS", "all"),
        ("AWS_CA_BUNDLE", "/etc/ssl/certs/ca-certificates.crt"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
    ],
)
def test_another_choice_wins(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The template's switch, a bundle of the operator's, an endpoint that is not AWS."""
    monkeypatch.setenv(name, value)
    assert verify() != clients.AMAZON_ROOTS


def test_the_file_is_current() -> None:
    """As the tool would write it now."""
    with open(clients.AMAZON_ROOTS) as file:  # noqa: PTH123
        assert file.read() == amazon_roots.roots()
