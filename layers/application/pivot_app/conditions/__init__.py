"""Conditions: what rules and actions ask of a call, whether it holds, and why it does not."""

from pivot_app.conditions._attributes import NUMBER_TYPES, CallAttributes, KnownCallerRecord
from pivot_app.conditions._evaluate import (
    EvaluationContext,
    explain_mismatch,
    first_mismatch,
    matches,
    why_not,
)
from pivot_app.conditions._schema import AnyCondition, Condition
from pivot_app.conditions._withheld import is_withheld

__all__ = [
    "NUMBER_TYPES",
    "AnyCondition",
    "CallAttributes",
    "Condition",
    "EvaluationContext",
    "KnownCallerRecord",
    "explain_mismatch",
    "first_mismatch",
    "is_withheld",
    "matches",
    "why_not",
]
