"""Tokens in what was provisioned: replaced where they are not live, renewed on request, and by a rotation."""

from __future__ import annotations

from kazoo_simulator.crossbar import httpx_client
from pivotctl.provision.rotation import put_token
from tests.provision.conftest import Office, token_in


def test_a_token_that_is_not_live_is_replaced_everywhere(office: Office) -> None:
    """A token that is not live is replaced everywhere."""
    office.provision()
    old = token_in(office, office.callflows()["main"]["flow"]["data"])
    proposal = office.provision(new_token=True)
    assert {step.role for step in proposal.plan.steps} == {"main", "call_ended"}
    new = token_in(office, office.callflows()["main"]["flow"]["data"])
    assert new != old
    assert new.startswith("v1.pivot.")
    assert token_in(office, office.webhooks()[0]).startswith("v1.webhook.")
    assert office.provision().is_empty


def test_a_token_is_put_into_what_was_made_without_its_document(office: Office) -> None:
    """A rotation reaches the documents of one door, and leaves everything else as it is."""
    office.provision()
    before = token_in(office, office.webhooks()[0])
    client = httpx_client(office.cluster)
    account = office.account.id
    assert put_token(office.deployment, account, "callflows", "new-token", client=client) == ["callflow main"]
    assert token_in(office, office.callflows()["main"]["flow"]["data"]) == "new-token"
    assert token_in(office, office.webhooks()[0]) == before
    client = httpx_client(office.cluster)
    assert put_token(office.deployment, account, "callflows", "new-token", client=client) == []
    proposal = office.provisioning().propose()
    assert {change[0] for step in proposal.plan.steps for change in step.changes} <= {"token"}


def test_a_new_token_survives_an_answer_that_never_came(office: Office) -> None:
    """One token is made, however often the run starts again, and everything carries it."""
    office.provision()
    old = token_in(office, office.callflows()["main"]["flow"]["data"])
    office.cluster.switches.lost_answers = 1
    office.provision(new_token=True)
    new = token_in(office, office.callflows()["main"]["flow"]["data"])
    assert new != old
    provisioning = office.provisioning()
    assert (
        len([each for each in provisioning._tokens._tenants.live(office.account.id) if each.scope == "pivot"])
        == 2
    )
    assert provisioning.propose().is_empty


def test_a_change_of_the_deployment_alone_is_approved_too(office: Office) -> None:
    """Nothing is written before somebody said yes, although KAZOO needs no change."""
    office.provision()
    office.provisioning()._tokens.change({"kazoo_version": "5" if office.cluster.version == "4.3" else "4.3"})
    proposal = office.provision()
    assert (len(office.approved), len(proposal.setup), proposal.plan.steps) == (1, 1, ())
    assert office.provision().is_empty
