"""A local AWS with the application deployed on it, for the demo, the tests and a developer's afternoon.

Nothing here leaves this machine: the emulator listens on 127.0.0.1 and the credentials are placeholders.
"""

from pivotctl.local_stack._emulator import REGION, Emulator, EmulatorError
from pivotctl.local_stack._stack import (
    BUILD,
    PUBLIC_URL,
    Stack,
    StackError,
    failure,
    function_environment,
    sam_environment,
)
from pivotctl.local_stack._tables import create_tables, template

__all__ = [
    "BUILD",
    "PUBLIC_URL",
    "REGION",
    "Emulator",
    "EmulatorError",
    "Stack",
    "StackError",
    "create_tables",
    "failure",
    "function_environment",
    "sam_environment",
    "template",
]
