"""Who may see which account's calls."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivot_app.live_debug import AccessError, Claims, authenticate, parse_grants

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
    """A route that lost its authorizer shows nothing, whatever is granted."""
    with pytest.raises(AccessError, match="who is asking"):
        authenticate(event, {"": ["*"], "*": ["*"]})


def test_nobody_sees_anything_until_it_is_granted() -> None:
    """Being let in by IAM is not enough."""
    with pytest.raises(AccessError, match="no access to any KAZOO account"):
        authenticate(iam(ROLE), {}).account("")


def test_a_principal_sees_its_accounts_and_no_other() -> None:
    """The account may be left out where there is one, and another's is refused."""
    who = authenticate(iam(ROLE), {ROLE: [ONE], "arn:aws:iam::111122223333:user/eve": [TWO]})
    assert who.account("") == ONE
    assert who.account(ONE) == ONE
    with pytest.raises(AccessError, match="you have no access"):
        who.account(TWO)


def test_the_sessions_of_a_role_are_granted_together() -> None:
    """A trailing star covers what begins alike, and only that."""
    grants = {"arn:aws:sts::111122223333:assumed-role/Operators/*": [ONE]}
    assert authenticate(iam(ROLE), grants).accounts == (ONE,)
    assert authenticate(iam(ROLE.replace("Operators", "OperatorsX")), grants).accounts == ()


def test_several_grants_add_up_and_the_account_must_be_named() -> None:
    """With more than one account the request says which."""
    who = authenticate(iam(ROLE), {ROLE: [ONE], ROLE.removesuffix("ada") + "*": [TWO]})
    assert who.accounts == (ONE, TWO)
    with pytest.raises(AccessError, match="which KAZOO account"):
        who.account("")


@pytest.mark.parametrize("claim", [[ONE, TWO], f"[{ONE} {TWO}]", f"{ONE},{TWO}", f"{ONE} {TWO}"])
def test_a_token_brings_its_accounts(claim: Any) -> None:
    """The claim is a list, or the text that API Gateway makes of one."""
    who = authenticate(jwt(sub="ada", iss="https://id.example.com", kazoo_accounts=claim), {})
    assert who.accounts == (ONE, TWO)
    assert who.principal == "https://id.example.com ada"


def with_token(said: dict[str, Any], **token: Any) -> dict[str, Any]:
    """An event of API Gateway, which writes lists as text, with the token it has verified."""
    body = base64.urlsafe_b64encode(json.dumps(token).encode()).decode().rstrip("=")
    return {**jwt(**said), "headers": {"authorization": f"Bearer e30.{body}.c2ln"}}


@pytest.mark.parametrize("claim", ["*", "[*]", ["*"]])
def test_a_star_alone_is_every_account(claim: Any) -> None:
    """The star is the whole value, as text or as the only entry of a list."""
    assert authenticate(jwt(sub="ada", kazoo_accounts=claim), {}).accounts == ("*",)


@pytest.mark.parametrize(
    "claim",
    [
        "Acme * Ltd", "x *", "* x", "*,*", "**", "[* *]", "[Acme * Ltd]", "* " + ONE, ONE + " *", f"{ONE},*",
        ["*", ONE], ["*", "*"], ["*", "Acme"], "[* x]",
        ["Acme * Ltd"], [ONE, "Acme"], [ONE, None], [ONE, 7], [["*"]], "\t*\n", "*\n",
        "[*", "*]", "[[*]]", '["*"]', "Acme", f"{ONE} Acme", ONE.upper() + "A", ONE[:-1], ONE + "1",
        f"{ONE}\n{TWO}", {"*": "*"}, True, 7, "\N{FULLWIDTH ASTERISK}", f"{ONE};{TWO}",
    ],
    ids=repr,
)  # fmt: skip
def test_a_claim_that_is_not_exactly_accounts_opens_nothing(claim: Any) -> None:
    """A word that is not an account refuses the whole claim, and the person reads why."""
    who = authenticate(jwt(sub="ada", kazoo_accounts=claim), {})
    assert who.accounts == ()
    for asked in ("", ONE, TWO):
        with pytest.raises(AccessError, match="kazoo_accounts opens nothing"):
            who.account(asked)


@given(claim=st.text(alphabet="*[], \t\nAab1", max_size=12))
def test_no_text_with_a_star_opens_everything_by_accident(claim: str) -> None:
    """Only a star alone, a list of it alone, and blanks around it, are every account."""
    if claim.replace(" ", "") not in ("*", "[*]"):
        accounts = authenticate(jwt(sub="ada", kazoo_accounts=claim), {}).accounts
        assert "*" not in accounts or claim.strip(" []") == "*"


def test_the_claim_has_the_name_that_the_operator_gave() -> None:
    """Another name is read, and the usual one is not."""
    claims = Claims(accounts="https://example.com/kazoo", roles="")
    said = {"sub": "ada", "https://example.com/kazoo": ONE, "kazoo_accounts": TWO, "roles": ["all"]}
    assert authenticate(jwt(**said), {"role:all": ["*"]}, claims).accounts == (ONE,)


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "n"}, {"at_hash": "h"}, {"c_hash": "h"}, {"token_use": "id"}, {"typ": "ID"},
     {"typ": "JWT", "nonce": "n"}],
)  # fmt: skip
def test_an_id_token_opens_nothing(claims: dict[str, str]) -> None:
    """It says who signed in to the page, where an issuer gives client and API one name."""
    with pytest.raises(AccessError, match="send the access token"):
        authenticate(jwt(sub="ada", kazoo_accounts=ONE, **claims), {})


@pytest.mark.parametrize(
    "claims", [{}, {"typ": "Bearer", "nonce": "n"}, {"token_use": "access"}, {"typ": "at+jwt"}]
)
def test_an_access_token_is_taken(claims: dict[str, str]) -> None:
    """Older Keycloaks repeat the nonce in access tokens, which say what they are."""
    assert authenticate(jwt(sub="ada", kazoo_accounts=ONE, **claims), {}).accounts == (ONE,)


ROLES = {"role:support": [ONE], "role:support staff": [TWO], "role:admins": ["*"]}


@pytest.mark.parametrize(
    ("roles", "accounts"),
    [
        (["support"], (ONE,)),
        (["support staff"], (TWO,)),
        (["support", "support staff"], (ONE, TWO)),
        (["admins", "support"], ("*",)),
        (["Support"], ()),
        (["supporters"], ()),
        (["support "], ()),
        (["the admins group"], ()),
        (["*"], ()),
        (["role:admins"], ()),
        ([], ()),
    ],
)
def test_a_role_is_granted_by_its_exact_name(roles: list[str], accounts: tuple[str, ...]) -> None:
    """Not by a part, another case or a neighbour's words; API Gateway's text of a list is read exactly."""
    assert authenticate(jwt(sub="ada", roles=roles), ROLES).accounts == accounts
    written = {"sub": "ada", "iss": "i", "roles": f"[{' '.join(roles)}]"}
    assert authenticate(with_token(written, sub="ada", iss="i", roles=roles), ROLES).accounts == accounts


def test_a_list_of_roles_is_not_guessed() -> None:
    """Without the token that was verified, where one role ends and the next begins is not known."""
    assert authenticate(jwt(sub="ada", roles="[the admins group]"), ROLES).accounts == ()
    other = with_token({"sub": "ada", "iss": "i", "roles": "[x]"}, sub="eve", iss="i", roles=["admins"])
    assert authenticate(other, ROLES).accounts == ()
    unlike = with_token({"sub": "ada", "iss": "i", "roles": "[x]"}, sub="ada", iss="i", roles=["admins"])
    assert authenticate(unlike, ROLES).accounts == ()
    two = with_token({"sub": "ada", "iss": "i", "roles": "[admins]"}, sub="ada", iss="i", roles=["admins"])
    two["headers"]["authorization"] += ",Bearer a.b.c"
    assert authenticate(two, ROLES).accounts == ()
    assert authenticate(jwt(sub="ada", roles="admins"), ROLES).accounts == ("*",)


def test_roles_of_tokens_and_principals_of_iam_are_apart() -> None:
    """A role's grant names no ARN, and an ARN's no role."""
    assert authenticate(iam("role:admins"), ROLES).accounts == ()
    assert authenticate(jwt(sub="ada", roles=[ROLE, "arn:x"]), {ROLE: ["*"]}).accounts == ()


@pytest.mark.parametrize(
    "grantee",
    [
        "*", "arn:*", "arn:aws:sts::111122223333:assumed-role/Op*", "arn:aws:sts::*:assumed-role/Operators/*",
        "arn:aws:sts::111122223333:assumed-role/*", "arn:aws:sts::111122223333:assumed-role/*/*",
        "arn:aws:iam::111122223333:user/*", "arn:aws:sts::111122223333:assumed-role/Operators/a*",
        "role:", "role: x",
    ],
)  # fmt: skip
def test_a_star_names_the_sessions_of_one_role_only(grantee: str) -> None:
    """A wider pattern is refused when it is written, and covers nobody where it was written before."""
    with pytest.raises(ValueError, match="debug-access"):
        parse_grants(json.dumps({grantee: [ONE]}))
    assert authenticate(iam(ROLE), {grantee: ["*"]}).accounts == ()


def test_a_token_without_the_claim_sees_nothing() -> None:
    """A person who may sign in is not yet a person who may look."""
    assert authenticate(jwt(sub="ada"), {"ada": ["*"]}).accounts == ()


def test_every_account() -> None:
    """A star grants every account, and each must still be named."""
    who = authenticate(iam(ROLE), {ROLE: ["*", ONE]})
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
