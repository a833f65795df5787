"""AWS as this application uses it: clients, items, a cache, and what a failing store is translated to."""

from pivot_app.aws import snapshot
from pivot_app.aws.cache import Cache
from pivot_app.aws.clients import client
from pivot_app.aws.codec import from_attribute, from_item, to_attribute, to_item
from pivot_app.aws.errors import StoreUnavailableError, translate
from pivot_app.aws.invocation import consume, has_time
from pivot_app.aws.parameters import Parameters

__all__ = [
    "Cache",
    "Parameters",
    "StoreUnavailableError",
    "client",
    "consume",
    "from_attribute",
    "from_item",
    "has_time",
    "to_attribute",
    "to_item",
    "translate",
]

snapshot.register()
