"""`pivot token`, as an operator runs it on a stage that is deployed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from moto import mock_aws
from typer.testing import CliRunner

from kazoo_callflow import validate
from kazoo_pivot import MisconfiguredError, NotAuthenticatedError
from pivot_app.aws import Parameters
from pivot_app.tenants import KeyRing, OldTokens, TenantDirectory
from pivotctl.cli import app
from pivotctl.deployment import Deployment, NotDeployedError
from pivotctl.tokens import TenantAdmin, TokenError, migrate, pivot_node

from .conftest import ACCOUNT, OTHER

PREFIX = "/pivot-lambda/dev"
CALLBACKS = ("account_balance", "menu", "balance_gate")


class Routes:
    """API Gateway, as far as routes are asked for: one a page."""

    def get_routes(self, ApiId: str, NextToken: str = "0") -> dict[str, Any]:  # noqa: N803
        """As botocore's."""
        assert ApiId == "api"
        keys = [f"{method} /{name}" for name in CALLBACKS for method in ("GET", "POST")]
        keys += ["POST /call_ended", "GET /debug/calls/{call_id}"]
        here = int(NextToken)
        following = {"NextToken": str(here + 1)} if here + 1 < len(keys) else {}
        return {"Items": [{"RouteKey": keys[here]}], **following}


class Stage:
    """A deployed stage on a private AWS."""

    def __init__(self) -> None:
        self.clients: dict[str, Any] = {}
        self.client("dynamodb").create_table(
            TableName="tenants",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        self.clients["apigatewayv2"] = Routes()
        outputs = {"TenantsTable": "tenants", "ApiId": "api"}
        self.deployment = Deployment(
            "dev", outputs, self.client, "https://pivot.example.com", "eu-west-1, AWS account 1"
        )
        self.admin = TenantAdmin.of(self.deployment)

    def client(self, service: str) -> Any:
        """A client of the private AWS."""
        import botocore.session

        if service not in self.clients:
            self.clients[service] = botocore.session.Session().create_client(service, "eu-west-1")
        return self.clients[service]

    def directory(self) -> TenantDirectory:
        """What a function that starts now knows."""

        def parameters() -> Parameters:
            return Parameters(lambda: self.client("ssm"), PREFIX)

        old = OldTokens(lambda: self.admin.store, parameters())
        return TenantDirectory(lambda: self.admin.store, KeyRing(parameters()), old)

    def opens(self, token: str, account_id: str = ACCOUNT, scope: Any = "pivot") -> bool:
        """Whether a function that starts now lets this token in."""
        try:
            self.directory().authenticate(account_id, token, scope=scope)
        except NotAuthenticatedError:
            return False
        return True

    def put(self, name: str, document: Any) -> None:
        """Write a parameter as before the change-over."""
        value = json.dumps(document)
        self.client("ssm").put_parameter(Name=f"{PREFIX}/{name}", Value=value, Type="SecureString")

    def names(self) -> set[str]:
        """The parameters there are."""
        return {name.removeprefix(f"{PREFIX}/") for name in self.admin.parameters("")}


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A stage called dev; no other is deployed."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        deployed = Stage()

        def find(name: str, *_: Any) -> Deployment:
            if name != "dev":
                raise NotDeployedError(f"there is no stack pivot-lambda-{name} in eu-west-1")
            return deployed.deployment

        monkeypatch.setattr(Deployment, "find", find)
        yield deployed


@pytest.fixture
def run(stage: Stage) -> Callable[..., Result]:
    """The command, on that stage."""

    def command(*words: str, stage: str = "dev") -> Result:
        return CliRunner().invoke(app, ["token", *words, "--stage", stage])

    return command


def token_in(output: str, name: str = "token") -> str:
    """The token that was shown."""
    found = re.search(rf"^{name}: (\S+)$", output, re.MULTILINE)
    assert found, output
    return found[1]


def node_in(output: str) -> dict[str, Any]:
    """The node that was printed."""
    node: dict[str, Any] = json.loads(re.search(r"^\{.*?^\}", output, re.MULTILINE | re.DOTALL)[0])  # type: ignore[index]
    return node


def test_create_says_where_and_shows_both_tokens(stage: Stage, run: Callable[..., Result]) -> None:
    """One for each door; nothing that opens one is stored."""
    created = run("create", ACCOUNT, "--kazoo", "5", "--language", "de-de")
    assert created.exit_code == 0, created.output
    assert "eu-west-1, AWS account 1" in created.output
    pivot, webhook = token_in(created.output), token_in(created.output, "webhook token")
    assert stage.opens(pivot)
    assert stage.opens(webhook, scope="webhook")
    assert not stage.opens(webhook)
    assert not stage.opens(pivot, scope="webhook")
    assert node_in(created.output)["data"]["custom_request_headers"] == {"X-Pivot-Token": pivot}
    assert f"/call_ended?token={webhook}" in created.output
    everything = f"{stage.client('dynamodb').scan(TableName='tenants')} {stage.admin.parameters('')}"
    assert pivot.rpartition(".")[2] not in everything
    assert stage.directory().account(ACCOUNT).language == "de-de"
    again = run("create", ACCOUNT)
    assert again.exit_code == 1
    assert "pivot token rotate" in again.output


def test_nothing_is_written_where_nothing_is_deployed(stage: Stage, run: Callable[..., Result]) -> None:
    """A wrong stage, a callback that is not there: an error, and no token."""
    wrong = run("create", ACCOUNT, stage="prod")
    assert wrong.exit_code == 1
    assert "no stack" in wrong.output
    wrong = run("create", ACCOUNT, "--callback", "nothing_here")
    assert wrong.exit_code == 2
    assert "account_balance, balance_gate, menu" in wrong.output
    wrong = run("create", "XYZ")
    assert "32 hex characters" in wrong.output
    assert stage.admin.tenants() == []
    assert stage.names() == set()


def test_rotate_drops_nothing(stage: Stage, run: Callable[..., Result]) -> None:
    """Every token stays live, and all are listed by their ids."""
    tokens = [token_in(run("create", ACCOUNT).output)]
    for _ in range(4):
        rotated = run("rotate", ACCOUNT)
        tokens.append(token_in(rotated.output))
        assert "None of the others falls out" in rotated.output
    assert all(map(stage.opens, tokens))
    for token in tokens:
        assert token.split(".")[4] in rotated.output
    hook = token_in(run("rotate", ACCOUNT, "--scope", "webhook").output)
    assert stage.opens(hook, scope="webhook")
    assert run("rotate", ACCOUNT, "--scope", "both").exit_code == 2
    assert "pivot token create" in run("rotate", OTHER).output


def test_revoke_asks_and_says_what_is_left(stage: Stage, run: Callable[..., Result]) -> None:
    """Nothing ends without a yes; the last token of a door is named as such."""
    first = token_in(run("create", ACCOUNT).output)
    second = token_in(run("rotate", ACCOUNT).output)
    name = first.split(".")[4]
    refused = run("revoke", ACCOUNT, name)
    assert refused.exit_code == 2
    assert "nothing was revoked" in refused.output
    assert stage.opens(first)
    done = run("revoke", ACCOUNT, name, "--yes")
    assert done.exit_code == 0
    assert not stage.opens(first)
    assert stage.opens(second)
    assert second.split(".")[4] in done.output
    last = run("revoke", ACCOUNT, second.split(".")[4], "--yes")
    assert "this is the last token of its scope" in last.output
    assert not stage.opens(second)
    assert run("revoke", ACCOUNT, "nobody").exit_code == 1


@pytest.mark.parametrize(("version", "where"), [("4.3", "voice_url"), ("5", "custom_request_headers")])
def test_node_prints_any_callback_and_makes_nothing(
    stage: Stage, run: Callable[..., Result], version: str, where: str
) -> None:
    """With a token that is live, for the KAZOO its tenant has; valid there, and with a query of its own."""
    token = token_in(run("create", ACCOUNT, "--kazoo", version).output)
    before = stage.admin.tenants()
    printed = run("node", "menu", "--token", token, "--query", "menu=main & more")
    assert printed.exit_code == 0, printed.output
    node = node_in(printed.output)
    assert validate(node, "5" if version == "5" else "4.3") == []
    assert token in json.dumps(node["data"][where])
    assert node["data"]["voice_url"].startswith("https://pivot.example.com/menu?")
    assert "menu=main+%26+more" in node["data"]["voice_url"]
    assert stage.admin.tenants() == before


def test_node_refuses_what_would_not_work(stage: Stage, run: Callable[..., Result]) -> None:
    """A callback that is not there, a token that opens nothing, a name of our own in the query."""
    created = run("create", ACCOUNT).output
    token, webhook = token_in(created), token_in(created, "webhook token")
    run("rotate", ACCOUNT)
    run("revoke", ACCOUNT, token.split(".")[4], "--yes")
    for words, code, message in (
        (("nothing_here",), 2, "it has account_balance, balance_gate, menu"),
        (("call_ended",), 2, "it has account_balance"),
        (("menu", "--token", token), 1, "was revoked"),
        (("menu", "--token", webhook), 1, "tells ends of calls"),
        (("menu", "--token", token[:-3] + "abc"), 1, "not authenticated"),
        (("menu", "--query", "token=x"), 2, "a name of our own"),
        (("menu", "--query", "x"), 2, "NAME=VALUE"),
    ):
        refused = run("node", *words)
        assert refused.exit_code == code, words
        assert message in refused.output, refused.output
    assert "TOKEN" in json.dumps(node_in(run("node", "/menu").output))


def test_settings_change_one_by_one(stage: Stage, run: Callable[..., Result]) -> None:
    """The others stay; of Live Debug too; wrong ones are refused and nothing is stored."""
    run("create", ACCOUNT, "--debug", "--region", "gb", "--time-zone", "Europe/London")
    run("set", ACCOUNT, "--language", "fr-fr", "--debug-sample", "0.5", "--source", "203.0.113.0/24")
    tenant = stage.directory().account(ACCOUNT)
    assert (tenant.language, tenant.region) == ("fr-fr", "GB")
    assert (tenant.debug.enabled, tenant.debug.sample) == (True, 0.5)
    assert not tenant.lets_in("198.51.100.1")
    for wrong in (("--region", "XX"), ("--time-zone", "Mars/Base"), ("--kazoo", "6"), ("--source", "here")):
        assert run("set", ACCOUNT, *wrong).exit_code in (1, 2), wrong
    assert stage.directory().account(ACCOUNT) == tenant
    for wrong_settings in ({"language": "english"}, {"debug": {"sample": 3}}):
        with pytest.raises((MisconfiguredError, TokenError)):
            stage.admin.change(ACCOUNT, wrong_settings)


def test_two_operators_do_not_overwrite_each_other(stage: Stage) -> None:
    """Who read before the other wrote is told so, and nothing of his counts."""
    from pivot_app.tenants import TenantChangedError

    stage.admin.create(ACCOUNT, {})
    read = stage.admin.store.get(ACCOUNT)
    assert read is not None
    stage.admin.change(ACCOUNT, {"language": "fr-fr"})
    with pytest.raises(TenantChangedError):
        stage.admin.store.put(read)
    assert stage.directory().account(ACCOUNT).language == "fr-fr"


# The change-over


def old(*tokens: str, **settings: Any) -> dict[str, Any]:
    """A parameter as it was."""
    hashes = [{"sha256": hashlib.sha256(each.encode()).hexdigest(), "created": "2025"} for each in tokens]
    return {"tokens": hashes, **settings}


@pytest.fixture
def before(stage: Stage) -> Stage:
    """A stage of an earlier version: two tenants, three tokens, keys and secrets in SSM."""
    stage.put(f"accounts/{ACCOUNT}", old("old-token-1", "old-token-2", language="fr-fr"))
    stage.put(f"accounts/{OTHER}", old("old-token-3", debug={"enabled": True, "sample": 0.25}))
    stage.put("state-keys", [{"key": "s" * 43, "created": "2025"}, "t" * 43])
    stage.put(f"webhooks/{ACCOUNT}", {"sha256_keys": ["x"]})
    stage.put(f"balance-sources/{ACCOUNT}/billing", {"url": "https://billing.example.com"})
    return stage


def test_everything_is_moved_and_stays_live(before: Stage, run: Callable[..., Result]) -> None:
    """Tokens, settings, keys, secrets; a second run changes nothing; then the old places can go."""
    stage = before
    assert all(map(stage.opens, ("old-token-1", "old-token-2")))
    moved = run("migrate")
    assert moved.exit_code == 0, moved.output
    assert "moved 2 KAZOO accounts with 3 tokens, all still live" in moved.output
    assert all(map(stage.opens, ("old-token-1", "old-token-2")))
    assert stage.opens("old-token-3", OTHER)
    assert stage.opens("old-token-3", OTHER, "webhook")
    assert stage.directory().account(ACCOUNT).language == "fr-fr"
    assert stage.directory().account(OTHER).debug.sample == 0.25
    assert stage.directory().state_keys().signing == b"s" * 43
    assert stage.directory().state_keys().verifying == (b"s" * 43, b"t" * 43)
    assert {f"webhook/{ACCOUNT}", f"balance/{ACCOUNT}/billing", "keys/state", "keys/tokens"} <= stage.names()
    run("revoke", ACCOUNT, hashlib.sha256(b"old-token-1").hexdigest()[:8], "--yes")
    assert not stage.opens("old-token-1")
    assert "moved before" in run("migrate").output
    assert not stage.opens("old-token-1"), "a revoked token does not come back"
    assert run("migrate", "--delete").exit_code == 2
    assert run("migrate", "--delete", "--yes").exit_code == 0
    assert stage.names() == {
        f"webhook/{ACCOUNT}",
        f"balance/{ACCOUNT}/billing",
        "keys/state",
        "keys/tokens",
    }
    assert stage.opens("old-token-2")
    assert stage.opens("old-token-3", OTHER)


def test_the_old_places_are_not_deleted_at_once(before: Stage, run: Callable[..., Result]) -> None:
    """Functions need a minute to see that the tokens were moved."""
    refused = run("migrate", "--delete", "--yes")
    assert refused.exit_code == 1
    assert f"accounts/{ACCOUNT}" in before.names()


def test_what_is_still_in_ssm_is_not_changed_by_half(before: Stage, run: Callable[..., Result]) -> None:
    """Every command that would, says which one comes first."""
    for words in (("create", ACCOUNT), ("rotate", ACCOUNT), ("set", ACCOUNT, "--region", "FR")):
        refused = run(*words)
        assert refused.exit_code == 1
        assert "pivot token migrate" in refused.output
    assert "2 KAZOO accounts are still in SSM" in run("list").output
    new = token_in(run("create", "e" * 32).output)
    assert before.opens(new, "e" * 32)
    assert before.opens("old-token-1"), "a new tenant does not end the change-over"


def test_a_migration_cut_off_in_the_middle_goes_on(before: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is lost, nothing comes twice, and every token is live all the while."""
    stage, put = before, before.admin.store.put
    calls = iter(range(10))

    def cut_off(item: Any) -> Any:
        if next(calls) == 1:
            raise ConnectionError
        return put(item)

    monkeypatch.setattr(type(stage.admin.store), "put", lambda _, item: cut_off(item))
    with pytest.raises(ConnectionError):
        migrate(stage.admin)
    assert stage.opens("old-token-1")
    assert stage.opens("old-token-3", OTHER)
    monkeypatch.undo()
    assert migrate(stage.admin).tokens == 3
    assert [len(item.old_tokens) for item in stage.admin.tenants()] == [2, 1]
    assert stage.opens("old-token-3", OTHER)


@pytest.mark.parametrize(("version", "where"), [("4.3", "voice_url"), ("5", "custom_request_headers")])
def test_the_printed_node_is_valid(version: str, where: str) -> None:
    """The node to paste is one KAZOO accepts, with the token where that KAZOO can carry it."""
    node = pivot_node("https://pivot.example.com", "account_balance", "TOKEN", version)
    assert validate(node, "5" if version == "5" else "4.3") == []
    assert "TOKEN" in json.dumps(node["data"][where])
    assert json.dumps(node).count("TOKEN") == 1


def test_the_key_of_tokens_is_rotated_and_no_token_falls_out(
    stage: Stage, run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Published first, used when every function has read it; a key ends with the last of its tokens."""
    first = token_in(run("create", ACCOUNT).output)
    rotated = run("rotate-key")
    assert rotated.exit_code == 0, rotated.output
    assert "Key k2 is published" in rotated.output
    assert "2 live tokens were made with k1" in rotated.output
    assert all(entry["key"] not in rotated.output for entry in stage.admin.keys.read("keys/tokens"))
    # Until then the earlier key makes tokens, which functions know.
    assert token_in(run("rotate", ACCOUNT).output).split(".")[3] == "k1"
    assert stage.opens(first)

    entries = stage.admin.keys.read("keys/tokens")
    stage.admin.keys._put("keys/tokens", [{**entry, "from": 0} for entry in entries])
    second = token_in(run("rotate", ACCOUNT).output)
    assert second.split(".")[3] == "k2"
    assert stage.opens(first)
    assert stage.opens(second)

    again = run("rotate-key").output
    assert "gone" not in again
    assert stage.opens(first)
    stage.admin.keys._put(
        "keys/tokens", [{**entry, "from": 0} for entry in stage.admin.keys.read("keys/tokens")]
    )
    for token in stage.admin.live(ACCOUNT):
        if token.id != second.split(".")[4]:
            stage.admin.revoke(ACCOUNT, token.id)
    last = run("rotate-key").output
    assert "Key k1 is gone: no live token was made with it." in last
    assert "1 live tokens were made with k2" in last
    assert set(stage.admin.keys.token_keys()) == {"k2", "k3", "k4"}
    assert stage.opens(second)
    assert not stage.opens(first)
