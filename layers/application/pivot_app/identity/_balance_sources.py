"""The balance sources of a deployment: what makes the one that an account's profile names."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from pivot_app.aws.cache import Cache
from pivot_app.identity._balance import BalanceSource, BalanceSources, BalanceUnavailableError

MAX_SOURCES = 1_000


def http_source_from_parameter(
    get_parameter: Callable[[str], str | None], prefix: str
) -> Callable[[str, str], BalanceSource]:
    """Return what gives the HTTP source that `{prefix}/balance/{kazoo_account_id}/{name}` describes.

    The parameter is a SecureString, as it holds the credentials; its JSON is `HttpBalanceSettings`. A source
    is kept until its parameter says something else: a credential that was renewed counts with the next call.
    """
    kept: Cache[tuple[str, BalanceSource]] = Cache(MAX_SOURCES, float("inf"))

    def give(kazoo_account_id: str, name: str) -> BalanceSource:
        from pivot_app.identity._http_balance import HttpBalance, HttpBalanceSettings

        path = f"{prefix}/balance/{kazoo_account_id}/{name}"
        text = get_parameter(f"balance/{kazoo_account_id}/{name}")
        if text is None:
            raise BalanceUnavailableError(
                f"there is no parameter {path}; create it, or correct profile.balance_source"
            )
        found = kept.get((kazoo_account_id, name))
        if found is None or found[0] != text:
            found = (text, HttpBalance(HttpBalanceSettings.from_json(text)))
            kept.put((kazoo_account_id, name), found)
        return found[1]

    return give


@cache
def balance_sources() -> BalanceSources:
    """Return the sources of this process, kept for its life: they remember failures and last values."""
    from pivot_app import aws
    from pivot_app.settings import settings

    parameters = aws.Parameters(lambda: aws.client("ssm"), settings().parameter_prefix)

    def get_parameter(name: str) -> str | None:
        # Before `pivot token migrate` it has its old name.
        return parameters.first(name, name.replace("balance/", "balance-sources/", 1))

    return BalanceSources(http_source_from_parameter(get_parameter, settings().parameter_prefix))
