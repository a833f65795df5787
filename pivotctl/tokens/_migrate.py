"""`pivot token migrate`: moves what was in SSM into the table of tenants and the present paths.

Nothing is lost on the way: the functions read both places until the last step, which tells them that there is
nothing left to look for. It may be run again; what was moved before stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pivot_app.tenants import DIGEST_SHOWN, TenantItem, parameter_document
from pivotctl.tokens._admin import TenantAdmin

# Where secrets were, and where they are.
_PATHS = {"webhooks": "webhook", "balance-sources": "balance"}


@dataclass(slots=True)
class Migration:
    """The moved items: KAZOO accounts, live old tokens, and other parameters by their new names."""

    accounts: list[str] = field(default_factory=list)
    tokens: int = 0
    parameters: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    was_done: bool = False
    left_in_ssm: list[str] = field(default_factory=list)


def migrate(admin: TenantAdmin) -> Migration:
    """Move everything; return what was moved."""
    done = Migration(was_done=admin.store.old_tokens() is not None)
    admin.keys.ensure()
    for old, new in _PATHS.items():
        _copy(admin, old, new, done)
    accounts = admin.parameters("accounts")
    if not done.was_done:
        digests: dict[str, str] = {}
        for name, value in sorted(accounts.items()):
            digests |= _move_account(admin, name.rpartition("/")[2], value, done)
        # Last: from now on no function looks for a token in SSM.
        admin.store.put_old_tokens(digests)
        done.tokens = len(digests)
    done.left_in_ssm = sorted(
        [*accounts, *(name for old in _PATHS for name in admin.parameters(old)), *_old_state_keys(admin)]
    )
    return done


def delete_old(admin: TenantAdmin, names: list[str]) -> None:
    """Delete parameters that were moved."""
    for first in range(0, len(names), 10):
        admin.keys.ssm.delete_parameters(Names=names[first : first + 10])


def _move_account(admin: TenantAdmin, account_id: str, value: str, done: Migration) -> dict[str, str]:
    document = parameter_document(value)
    if document is None:
        done.unreadable.append(account_id)
        return {}
    given = document.pop("tokens", [])
    tokens = [token for token in given if isinstance(token, dict) and isinstance(token.get("sha256"), str)]
    item = admin.store.get(account_id, consistent=True) or TenantItem(
        account_id=account_id, settings=document
    )
    known = {token["sha256"] for token in item.old_tokens}
    added = tuple(
        {"sha256": token["sha256"], "created": str(token.get("created", "?"))}
        for token in tokens
        if token["sha256"] not in known
    )
    moved = TenantItem(
        account_id=account_id,
        settings=item.settings,
        tokens=item.tokens,
        old_tokens=(*item.old_tokens, *added),
        version=item.version,
    )
    admin.store.put(moved)
    done.accounts.append(account_id)
    return {token["sha256"][:DIGEST_SHOWN]: account_id for token in moved.old_tokens}


def _copy(admin: TenantAdmin, old: str, new: str, done: Migration) -> None:
    present = admin.parameters(new)
    for name, value in sorted(admin.parameters(old).items()):
        target = name.replace(f"{admin.keys.prefix}/{old}/", f"{admin.keys.prefix}/{new}/", 1)
        if target not in present:
            admin.keys.ssm.put_parameter(Name=target, Value=value, Type="SecureString")
            done.parameters.append(target)


def _old_state_keys(admin: TenantAdmin) -> list[str]:
    return [f"{admin.keys.prefix}/state-keys"] if admin.keys.read("state-keys") else []
