"""Errors that a person can fix, as one line on stderr and an exit code.

Exit codes of every command:

0    it went well
1    it could not be done, or a check failed
2    wrong usage: an argument, a file or a name
130  interrupted
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from pivotctl.text import printable

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130

_OURS = frozenset({"kazoo_callflow", "kazoo_pivot", "pivot_app", "kazoo_simulator", "pivotctl"})
_SIGN_IN = "sign in with `aws sso login` or `aws configure`, or name a profile with AWS_PROFILE"
_NOT_SIGNED_IN = frozenset(
    {
        *("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "SSOTokenLoadError"),
        *("UnauthorizedSSOTokenError", "TokenRetrievalError", "LoginRefreshRequired"),
    }
)
_EXPIRED = frozenset(
    {"ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"}
)


class UserError(Exception):
    """An error of the user, not of the program; the message names the cause and the remedy."""

    exit_code = FAILED


class UsageError(UserError):
    """An argument, a file or a name is wrong."""

    exit_code = WRONG_USAGE


@contextmanager
def user_errors() -> Iterator[None]:
    """Turn errors that a person can fix into one line on stderr and an exit code; re-raise others."""
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except Exception as error:
        found = explain(error)
        if found is None:
            raise
        message, code = found
        typer.secho(printable(message), err=True, fg="red")
        raise typer.Exit(code) from None


def explain(error: Exception) -> tuple[str, int] | None:
    """Return the message for an error, and the exit code; None where it is a fault of the program."""
    if isinstance(error, UserError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        return _of_the_system(error)
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 text: {error}", WRONG_USAGE
    module = type(error).__module__
    if module.startswith("botocore"):
        return of_aws(error), FAILED
    if module.startswith(("httpx", "httpcore")):
        return f"no answer: {type(error).__name__}: {error}", FAILED
    if module.partition(".")[0] in _OURS and type(error).__name__.endswith("Error"):
        return str(error), FAILED
    return None


def _of_the_system(error: OSError) -> tuple[str, int] | None:
    """Return a path that is wrong is wrong usage; what else fails, such as a connection, fails."""
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}", WRONG_USAGE
    if isinstance(error, ConnectionError | TimeoutError):
        return f"no connection: {error}", FAILED
    return (f"{error.strerror}", FAILED) if error.strerror else None


def of_aws(error: Exception) -> str:
    """Return one sentence for an error of botocore, with the remedy where there is one."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code", "") if isinstance(response, dict) else ""
    if type(error).__name__ in _NOT_SIGNED_IN or code in _EXPIRED:
        return f"AWS does not accept these credentials ({code or error}): {_SIGN_IN}"
    if type(error).__name__ in ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError"):
        return f"AWS does not answer: {error}"
    return f"AWS: {error}"
