"""Translates AWS errors to errors of the callback contract."""

from __future__ import annotations

from kazoo_pivot import MisconfiguredError, PivotError, StoreUnavailableError

__all__ = ["StoreUnavailableError", "translate"]

# What waiting does not fix: the template, a policy or a name is wrong.
_MISCONFIGURED = frozenset(
    {
        *(
            "AccessDenied",
            "AccessDeniedException",
            "UnrecognizedClientException",
            "InvalidSignatureException",
        ),
        *("ResourceNotFoundException", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"),
    }
)


def translate(error: BaseException) -> PivotError | None:
    """Return StoreUnavailableError for an error of botocore; None for an error that is not AWS's.

    MisconfiguredError where a permission or a table is missing, which no waiting fixes.
    """
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ParamValidationError

    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        if code == "ValidationException":
            # The request was wrong, not the store.
            return None
        where = f"{error.operation_name}: {code}"
        if code in _MISCONFIGURED:
            return MisconfiguredError(f"AWS refused {where}; compare the function's policies and tables")
        return StoreUnavailableError(f"AWS did not answer {where}")
    if isinstance(error, ParamValidationError):
        return None
    if isinstance(error, NoCredentialsError):
        return MisconfiguredError("there are no AWS credentials")
    if isinstance(error, BotoCoreError):
        return StoreUnavailableError(f"AWS could not be reached: {type(error).__name__}")
    return None
