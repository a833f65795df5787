"""Call routing: the action of the first rule that fits the call, from the KAZOO account's routing
document."""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import documents, identity, routing, speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later)
def handler(call: Call) -> Flow:
    """Run the action of the first rule that matches; Live Debug explains the decision."""
    return routing.route_call(call, documents.document_store(), identity.of(call))
