"""What a caller of a prepaid account hears at the gate, and where the call goes on.

The gate's voice_url says what the operator wants:

    account=1001             whose balance; else the account this call was identified for, else the caller's
    connect=resources        where the call goes on: resources, user, device or callflow
    id=32HEX                 of the user, device or callflow
    failed=32HEX             a callflow for a call that does not get through; else the caller is told why
    announce=balance,minutes what is spoken first; `none` for nothing
    top_up=MENU              a menu offered to a caller without enough money
    bill=b                   the leg to bill: `b`, the conversation, or `a`, the caller's whole call
"""

from pivot_app.balance_gate._flows import admit, check, connect, emergency, refuse

__all__ = ["admit", "check", "connect", "emergency", "refuse"]
