"""The profile of a customer's account: name, language, support target, PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any

from pivot_app.errors import ApplicationError
from pivot_app.lazy_dataclass import dataclass

if TYPE_CHECKING:
    from kazoo_callflow import Flow

RING_SECONDS = 30


class ProfileError(ApplicationError, ValueError):
    """An account's profile cannot be used; the message names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Support:
    """The target of an account's customer support.

    kind: user, device, group (a stored KAZOO group), ring_group (`ids` of users), number (E.164), voicemail
    or callflow. `id` is the KAZOO id, or the number.
    """

    kind: str
    id: str = ""
    ids: tuple[str, ...] = ()

    def connect(self, otherwise: Flow) -> Flow:
        """Return the callflow that rings support, and runs `otherwise` when nobody answers."""
        return _CONNECT[self.kind](self, otherwise)

    @classmethod
    def from_item(cls, item: Any) -> Support:
        """Read `{"kind": …, "id": …}` or `{"kind": "ring_group", "ids": […]}`."""
        if not isinstance(item, Mapping) or item.get("kind") not in _CONNECT:
            raise ProfileError(f"profile.support.kind: must be one of {', '.join(sorted(_CONNECT))}")
        support = cls(
            kind=item["kind"],
            id=str(item.get("id") or ""),
            ids=tuple(str(each) for each in item.get("ids") or ()),
        )
        if not (support.ids if support.kind == "ring_group" else support.id):
            needed = "ids" if support.kind == "ring_group" else "id"
            raise ProfileError(f"profile.support.{needed}: is missing; a {support.kind} needs it")
        return support


@dataclass(frozen=True, slots=True)
class Profile:
    """The part of an account's item that is not money.

    balance_source names where the money is kept: `ledger`, or a system of someone else's. require_pin: the
    number a caller calls from opens nothing without the PIN.
    """

    name: str = ""
    language: str | None = None
    support: Support | None = None
    pin: str | None = field(default=None, repr=False)
    require_pin: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)
    balance_source: str = "ledger"

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> Profile:
        """Read the `profile` map of an account item; unknown keys are left alone.

        Raises:
            ProfileError: A field has the wrong form.
        """
        support = item.get("support")
        return cls(
            name=str(item.get("name") or ""),
            language=item.get("language") or None,
            support=Support.from_item(support) if support else None,
            pin=item.get("pin") or None,
            require_pin=item.get("require_pin") is True,
            attributes=item.get("attributes") or {},
            balance_source=str(item.get("balance_source") or "ledger"),
        )


def _user(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import user

    return user(id=support.id, timeout=RING_SECONDS).otherwise(otherwise)


def _device(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import device

    return device(id=support.id, timeout=RING_SECONDS).otherwise(otherwise)


def _group(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import group

    return group(id=support.id, timeout=RING_SECONDS).otherwise(otherwise)


def _ring_group(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import ring_group

    return ring_group(
        endpoints=[{"id": each, "endpoint_type": "user"} for each in support.ids], timeout=RING_SECONDS
    ).otherwise(otherwise)


def _number(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import resources

    flow = resources(to_did=support.id, timeout=RING_SECONDS)
    # KAZOO 4.3: a failed `resources` never takes the wildcard child, only one named after the cause.
    for cause in ("USER_BUSY", "NO_ANSWER", "NO_USER_RESPONSE", "CALL_REJECTED", "NORMAL_TEMPORARY_FAILURE"):
        flow = flow.on(cause, otherwise)
    return flow.on("UNALLOCATED_NUMBER", otherwise)


def _voicemail(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import voicemail

    return voicemail(id=support.id).otherwise(otherwise)


def _callflow(support: Support, otherwise: Flow) -> Flow:
    from kazoo_callflow import callflow

    return callflow(id=support.id).otherwise(otherwise)


_CONNECT: dict[str, Callable[[Support, Flow], Flow]] = {
    "user": _user,
    "device": _device,
    "group": _group,
    "ring_group": _ring_group,
    "number": _number,
    "voicemail": _voicemail,
    "callflow": _callflow,
}
