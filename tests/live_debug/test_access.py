"""Who may see which account's calls."""

from __future__ import annotations

from typing import Any

import pytest

from pivot_app.live_debug import AccessError, parse_grants, viewer

ONE, TWO = "1" * 32, "2" * 32
ROLE = "arn:aws:sts::111122223333:assumed-role/Operators/ada"


def iam(arn: str) -> dict[str, Any]:
    """An event API Gateway authorized with SigV4."""
    return {"requestContext": {"authorizer": {"iam": {"userArn": arn}}}}


def jwt(**claims: Any) -> dict[str, Any]:
    """An event API Gateway authorized with a token of the issuer."""
    return {"requestContext": {"authorizer": {"jwt": {"claims": claims}}}}


@pytest.mark.parametrize(
    "event", [{}, {"requestContext": {}}, {"requestContext": {"authorizer": {}}}, iam(""), jwt(iss="x")]
)
def test_an_event_without_proof_is_refused(event: dict[str, Any]) -> None:
    """A route that lost its authorizer shows nothing, whoever is granted what."""
    with pytest.raises(AccessError, match="who is asking"):
        viewer(event, {"": ["*"], "*": ["*"]})


def test_nobody_sees_anything_until_it_is_granted() -> None:
    """Being let in by IAM is not enough."""
    with pytest.raises(AccessError, match="no KAZOO account"):
        viewer(iam(ROLE), {}).account("")


def test_a_principal_sees_its_accounts_and_no_other() -> None:
    """The account may be left out where there is one, and another's is refused."""
    who = viewer(iam(ROLE), {ROLE: [ONE], "arn:aws:iam::111122223333:user/eve": [TWO]})
    assert who.account("") == ONE
    assert who.account(ONE) == ONE
    with pytest.raises(AccessError, match="not open to you"):
        who.account(TWO)


def test_the_sessions_of_a_role_are_granted_together() -> None:
    """A trailing star covers what begins alike, and only that."""
    grants = {"arn:aws:sts::111122223333:assumed-role/Operators/*": [ONE]}
    assert viewer(iam(ROLE), grants).accounts == (ONE,)
    assert viewer(iam(ROLE.replace("Operators", "OperatorsX")), grants).accounts == ()


def test_several_grants_add_up_and_the_account_must_be_named() -> None:
    """With more than one account the request says which."""
    who = viewer(iam(ROLE), {ROLE: [ONE], ROLE[:-3] + "*": [TWO]})
    assert who.accounts == (ONE, TWO)
    with pytest.raises(AccessError, match="which KAZOO account"):
        who.account("")


@pytest.mark.parametrize("claim", [[ONE, TWO], f"[{ONE} {TWO}]", f"{ONE},{TWO}", f"{ONE} {TWO}"])
def test_a_token_brings_its_accounts(claim: Any) -> None:
    """The claim is a list, or the text that API Gateway makes of one."""
    who = viewer(jwt(sub="ada", iss="https://id.example.com", kazoo_accounts=claim), {})
    assert who.accounts == (ONE, TWO)
    assert who.principal == "https://id.example.com ada"


def test_a_token_without_the_claim_sees_nothing() -> None:
    """A person who may sign in is not yet a person who may look."""
    assert viewer(jwt(sub="ada"), {"ada": ["*"]}).accounts == ()


@pytest.mark.parametrize(
    "claim", ["Acme * Ltd", "x *", ["*", "Acme"], f"{ONE} *", f"{ONE} Acme", "[* x]", "**"]
)
def test_a_claim_with_anything_else_in_it_opens_nothing(claim: Any) -> None:
    """A star counts only as the whole value; what is no Account-ID refuses."""
    assert viewer(jwt(sub="ada", kazoo_accounts=claim), {}).accounts == ()


@pytest.mark.parametrize("claim", ["*", ["*"], "[*]"])
def test_a_star_alone_opens_every_account(claim: Any) -> None:
    """As an operator's role is given it."""
    assert viewer(jwt(sub="ada", kazoo_accounts=claim), {}).account(TWO) == TWO


def test_every_account() -> None:
    """A star grants every account, and each must still be named."""
    who = viewer(iam(ROLE), {ROLE: ["*", ONE]})
    assert who.account(TWO) == TWO
    with pytest.raises(AccessError, match="which KAZOO account"):
        who.account("")
    with pytest.raises(AccessError, match="not a KAZOO Account-ID"):
        who.account("a#b")


@pytest.mark.parametrize("document", ["[]", '{"ada": ["*"]}', '{"arn:x": "*"}', '{"arn:x": ["a#b"]}', "{"])
def test_grants_that_are_not_understood_are_refused_whole(document: str) -> None:
    """A mistake in the document grants nothing by half."""
    with pytest.raises(ValueError, match=r"debug-access|Expecting"):
        parse_grants(document)
