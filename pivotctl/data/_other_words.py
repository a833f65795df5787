"""Names of actions, conditions and fields in other products, for hints."""

from __future__ import annotations

OTHER_WORDS: dict[str, dict[str, str]] = {
    "do": {
        "http": "to ask an HTTP system use {test: look_up} in `when`, or the value {lookup.SOURCE.PATH}; "
        "to tell one about the call use notify",
        "look_up": "a look-up is a condition ({test: look_up} in `when`) or a value ({lookup.SOURCE.PATH})",
        "user": "use ring_user",
        "device": "use ring_device",
        "group": "use ring_group",
        "resources": "use ring_number",
        "offnet": "use ring_number",
        "dial": "use ring_number for a telephone number, transfer for an extension or a feature code",
        "feature_code": "use transfer, with the code in `to`",
        "extension": "use transfer, or callflow with a number",
        "acdc_member": "use queue",
        "fax": "use faxbox",
        "receive_fax": "use faxbox, or module",
        "page": "use page_group",
        "record": "use record_call",
        "tts": "use say",
        "sleep": "use wait",
        "pause": "use wait",
        "tones": "use tone",
        "send_dtmf": "use send_digits",
        "reject": "use response with code 603",
        "busy": "use response with code 486",
        "set_cid": "use caller_id",
        "prepend_cid": "use caller_id with a prefix, or prepend_cid beside a ring action",
        "disa": "collect the number in a menu and send the call to the balance gate",
        "webhook": "use notify",
        "if": "give any action `when` and `otherwise`",
    },
    "test": {
        "queue": "KAZOO does not tell a callback about queues; ask your statistics with look_up",
        "anonymous": "use withheld",
        "hours": "use schedule",
        "user": "use user_id",
        "realm": "use from_realm",
        "diversion": "use forwarded_by",
        "date": "use dates",
        "and": "use all; the conditions of a list must all hold anyway",
        "or": "use any",
        "caller_id": "use caller_number",
        "header": "use sip_header",
        "digits": "use value with {call.digits}",
        "state": "use value with {state.NAME}",
        "http": "use look_up",
    },
}
"""Names of actions and conditions in other products."""

OTHER_FIELDS = {
    "timeout": "timeout_seconds",
    "to_did": "number",
    "fallback": "failed",
}
