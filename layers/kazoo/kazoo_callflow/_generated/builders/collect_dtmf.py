"""The `collect_dtmf` module. Written by `python -m pivotctl.callflow_models`; do not edit."""

from __future__ import annotations

from typing import Literal, Never, TYPE_CHECKING

from kazoo_callflow._flow import Flow, build

if TYPE_CHECKING:
    from collections.abc import Sequence


def collect_dtmf(
    collection_name: str | None = None,
    *,
    interdigit_timeout: int | None = None,
    max_digits: int | None = None,
    terminator: Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"] | None = None,
    terminators: Sequence[Literal["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "#", "*"]] | None = None,
    timeout: int | None = None,
    skip_module: bool | None = None,
    **unknown: Never,
) -> Flow:
    """Answers and waits in silence for digits, which the next Pivot request carries.

    Fields:
      collection_name: The name the digits are sent under; `default` when left out.
      interdigit_timeout: How many milliseconds to wait for each further digit; KAZOO waits 2,000. (at least
        1)
      max_digits: How many digits end the collection. (at least 1; KAZOO fills in 1)
      terminator: The key that ends the collection; it is not part of it. (KAZOO fills in '#')
      terminators: The keys that end the collection, in place of `terminator`. (unique items)
      timeout: How many milliseconds to wait for the first digit. (at least 1; KAZOO fills in 5000)
      skip_module: Skip this node: go straight to the wildcard child.

    Branches: `_`.

    Trap: The digits never select a child here: branch on them in the next request, or use a stored menu.

    Trap: A timeout looks like an answer: the collection is there and empty.

    Trap: Collections last for the whole call, so use a name of its own for every question.

    Trap: An empty `terminators` list crashes the module: the wildcard child runs and nothing is collected.
    """
    return build(
        "collect_dtmf",
        {
            "collection_name": collection_name,
            "interdigit_timeout": interdigit_timeout,
            "max_digits": max_digits,
            "terminator": terminator,
            "terminators": terminators,
            "timeout": timeout,
            "skip_module": skip_module,
        },
        unknown,
    )
