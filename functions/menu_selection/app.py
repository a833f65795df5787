"""Menu selection: runs the action of the pressed key, or asks again."""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import documents, identity, menus, speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later, sensitive_collections=menus.SENSITIVE_COLLECTIONS)
def handler(call: Call) -> Flow:
    """Return the action of the key, from the version of the menus the call began with."""
    return menus.handle_selection(call, documents.document_store(), identity.of(call))
