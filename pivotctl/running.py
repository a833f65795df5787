"""Finds the stack that `make up` left running on this machine."""

from __future__ import annotations

from kazoo_simulator import Http


def local_stack() -> Http | None:
    """Return the running local stack with its demo token, or None.

    The simulator's pytest plugin finds this function by its entry point.
    """
    from pivotctl.local_stack import PUBLIC_URL, Stack
    from pivotctl.local_stack.demo_data import TOKEN

    stack = Stack.running()
    return None if stack is None else Http(stack.url, TOKEN, public_url=PUBLIC_URL)
