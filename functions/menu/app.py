"""Menu: puts a menu's question to the caller.

The first request of a call gets the menu named in voice_url (`?menu=NAME`), or the one the menus document
starts with; later requests get the menu that the caller chose. The answer comes to `menu_selection`.
"""

from __future__ import annotations

from kazoo_callflow import Flow
from kazoo_pivot import Call
from pivot_app import documents, identity, menus, speech
from pivot_app.bootstrap import callback


@callback(fallback=speech.try_again_later, sensitive_collections=menus.SENSITIVE_COLLECTIONS)
def handler(call: Call) -> Flow:
    """Return the menu, in the caller's language."""
    return menus.handle_menu(call, documents.document_store(), identity.of(call))
