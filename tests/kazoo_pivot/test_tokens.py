"""Tokens and settings of KAZOO accounts in SSM."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from moto import mock_aws
from typer.testing import CliRunner

from kazoo_pivot import MisconfiguredError, NotAuthenticatedError
from pivot_app import aws
from pivot_app.tenants import Tenant
from pivot_app.tenants._directory import AccountDirectory
from pivotctl import tokens
from pivotctl.cli import app
from pivotctl.tokens import AccountParameters, TokenError, pivot_node

ACCOUNT = "c0705d7474ea0160c10a351b2544006b"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def parameters(monkeypatch: pytest.MonkeyPatch) -> Iterator[AccountParameters]:
    """The parameters of an empty, private AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("PIVOT_STAGE", "dev")
    monkeypatch.setenv("PIVOT_PUBLIC_URL", "https://pivot.example.com")
    with mock_aws():
        yield AccountParameters(aws.client("ssm", complete=True), "/pivot-lambda/dev")


def directory(parameters: AccountParameters) -> AccountDirectory:
    """A callback's view of them, with nothing cached."""
    return AccountDirectory(parameters.prefix, lambda: parameters.ssm)


def test_a_created_token_lets_its_account_in(parameters: AccountParameters) -> None:
    """What `create` prints is what the callbacks accept, with the settings given."""
    token = parameters.create(ACCOUNT, {"kazoo_version": "5", "language": "de-de"}, now=NOW)
    account, keys = directory(parameters).authenticate(ACCOUNT, token)
    assert account == Tenant(id=ACCOUNT, kazoo_version="5", language="de-de")
    assert len(keys) == 1


def test_only_the_hash_is_stored(parameters: AccountParameters) -> None:
    """The parameter holds the token's SHA-256 and never the token."""
    token = parameters.create(ACCOUNT, {}, now=NOW)
    stored = parameters.ssm.get_parameter(Name=f"/pivot-lambda/dev/accounts/{ACCOUNT}", WithDecryption=True)
    assert stored["Parameter"]["Type"] == "SecureString"
    assert token not in stored["Parameter"]["Value"]


def test_rotation_keeps_two_tokens_live(parameters: AccountParameters) -> None:
    """The newest two are accepted, the third oldest no more."""
    first = parameters.create(ACCOUNT, {}, now=NOW)
    second = parameters.rotate(ACCOUNT, now=NOW)
    for token in (first, second):
        directory(parameters).authenticate(ACCOUNT, token)
    third = parameters.rotate(ACCOUNT, now=NOW)
    directory(parameters).authenticate(ACCOUNT, third)
    with pytest.raises(NotAuthenticatedError):
        directory(parameters).authenticate(ACCOUNT, first)


def test_a_revoked_token_is_refused(parameters: AccountParameters) -> None:
    """Revoking removes the older token and keeps the newest."""
    first = parameters.create(ACCOUNT, {}, now=NOW)
    second = parameters.rotate(ACCOUNT, now=NOW)
    assert parameters.revoke_older(ACCOUNT) == 1
    directory(parameters).authenticate(ACCOUNT, second)
    with pytest.raises(NotAuthenticatedError):
        directory(parameters).authenticate(ACCOUNT, first)


def test_the_only_token_can_be_revoked(parameters: AccountParameters) -> None:
    """An account whose last token is revoked is shut out until one is made."""
    token = parameters.create(ACCOUNT, {}, now=NOW)
    beginning = parameters.read(ACCOUNT)["tokens"][0]["sha256"][:8]  # type: ignore[index]
    assert parameters.revoke(ACCOUNT, beginning) == 0
    with pytest.raises(NotAuthenticatedError):
        directory(parameters).authenticate(ACCOUNT, token)
    with pytest.raises(TokenError, match="begins with"):
        parameters.revoke(ACCOUNT, beginning)


def test_the_state_keys_rotate_and_two_stay(parameters: AccountParameters) -> None:
    """A rotation puts a key in front; the one before goes on verifying."""
    token = parameters.create(ACCOUNT, {}, now=NOW)
    _, (first,) = directory(parameters).authenticate(ACCOUNT, token)
    parameters.rotate_state_key(now=NOW)
    _, (second, kept) = directory(parameters).authenticate(ACCOUNT, token)
    assert kept == first != second


def test_a_second_create_is_refused(parameters: AccountParameters) -> None:
    """Creating again would throw live tokens away; the error names the command that does not."""
    parameters.create(ACCOUNT, {}, now=NOW)
    with pytest.raises(TokenError, match="rotate"):
        parameters.create(ACCOUNT, {}, now=NOW)


def test_settings_change_one_by_one(parameters: AccountParameters) -> None:
    """A change of one Live Debug setting leaves the others and the tokens."""
    parameters.create(ACCOUNT, {"debug": {"enabled": True}}, now=NOW)
    parameters.change(ACCOUNT, {"debug": {"sample": 0.5}, "language": "es-es"})
    document = parameters.read(ACCOUNT) or {}
    assert document["debug"] == {"enabled": True, "sample": 0.5}
    assert document["language"] == "es-es"
    assert len(document["tokens"]) == 1


def test_wrong_settings_are_not_stored(parameters: AccountParameters) -> None:
    """A setting that callbacks would refuse is refused when it is set."""
    parameters.create(ACCOUNT, {}, now=NOW)
    with pytest.raises(MisconfiguredError, match="kazoo_version"):
        parameters.change(ACCOUNT, {"kazoo_version": "6"})
    assert "kazoo_version" not in (parameters.read(ACCOUNT) or {})


@pytest.mark.parametrize("wrong", [{"region": "USA"}, {"time_zone": "Europe/Nowhere"}, {"time_zone": "../x"}])
def test_a_place_there_is_not_is_refused(parameters: AccountParameters, wrong: dict[str, str]) -> None:
    """A country without numbers or a time zone without hours would only show in calls."""
    with pytest.raises(TokenError):
        parameters.create(ACCOUNT, dict(wrong), now=NOW)
    parameters.create(ACCOUNT, {"region": "gb", "time_zone": "Europe/London"}, now=NOW)
    with pytest.raises(TokenError):
        parameters.change(ACCOUNT, dict(wrong))
    assert (parameters.read(ACCOUNT) or {})["region"] == "gb"


@pytest.mark.parametrize(
    ("version", "where"), [("4.3", "voice_url"), ("5", "custom_request_headers")], ids=["4.3", "5"]
)
def test_the_printed_node_is_valid(version: str, where: str) -> None:
    """The node to paste is one KAZOO accepts, with the token where that KAZOO can carry it."""
    from kazoo_callflow import validate

    node = pivot_node("https://pivot.example.com", "account_balance", "TOKEN", version)
    assert validate(node, "5" if version == "5" else "4.3") == []
    assert "TOKEN" in json.dumps(node["data"][where])
    assert json.dumps(node).count("TOKEN") == 1


def test_the_command_line(parameters: AccountParameters, monkeypatch: pytest.MonkeyPatch) -> None:
    """create, list, rotate, revoke and set, as an operator runs them on a stage that is deployed."""
    monkeypatch.setattr(tokens, "ssm_of", lambda stage: parameters.ssm)
    run = CliRunner().invoke
    created = run(app, ["token", "create", ACCOUNT, "--url", "https://pivot.example.com", "--debug"])
    assert created.exit_code == 0, created.output
    token = created.output.split()[1]
    directory(parameters).authenticate(ACCOUNT, token)
    assert run(app, ["token", "rotate", ACCOUNT]).exit_code == 0
    listed = run(app, ["token", "list"])
    assert ACCOUNT in listed.output
    assert token not in listed.output
    assert run(app, ["token", "revoke", ACCOUNT]).output == "1 older tokens removed\n"
    assert '"language": "fr-fr"' in run(app, ["token", "set", ACCOUNT, "--language", "fr-fr"]).output
    assert run(app, ["token", "rotate-state-key"]).exit_code == 0
    wrong = run(app, ["token", "rotate", "b" * 32])
    assert wrong.exit_code == 1
    assert "pivot token create" in wrong.output
