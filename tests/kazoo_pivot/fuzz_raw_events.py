"""A fuzz target over raw events, and the damage it does.

With hypothesis it runs among the tests. For hours of it, with coverage guidance, install atheris and run

    python -m tests.kazoo_pivot.fuzz_raw_events
"""

from __future__ import annotations

import copy
import json
import random
import sys
from contextlib import suppress
from typing import Any

from kazoo_pivot import MalformedRequestError, PivotRequest

ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, "", " ", "\x00", "\ud800", "%", "%zz", "[]", "{}", "null", "a" * 5_000),
    *([], {}, [None], {"": ""}, [[[[[]]]]], b"\xff", "=&=&[]=[", "Digits[a][]=1", '{"Account-ID":{"a":1}}'),
)


def mutated(event: dict[str, Any], choice: random.Random) -> Any:
    """A copy of an event with up to four things in it changed."""
    event = copy.deepcopy(event)
    for _ in range(choice.randint(1, 4)):
        where = event
        while True:
            if not where:
                break
            name = choice.choice(list(where))
            if isinstance(where[name], dict) and choice.random() < 0.6:
                where = where[name]
                continue
            _damage(where, name, choice)
            break
    return event


def _damage(where: dict[str, Any], name: str, choice: random.Random) -> None:
    value = where[name]
    kind = choice.randrange(4)
    if kind == 0:
        del where[name]
    elif kind == 1 or not isinstance(value, str) or not value:
        where[name] = choice.choice(ODD)
    elif kind == 2:
        cut = choice.randrange(len(value))
        odd = choice.choice([each for each in ODD if isinstance(each, str)])
        where[name] = value[:cut] + odd + value[cut + choice.randrange(3) :]
    else:
        where[name] = value * 2


TYPES = ("application/x-www-form-urlencoded", "application/json", "", "text/plain")


def target(data: bytes) -> None:
    """Read an event made of any bytes; only MalformedRequestError may come of it.

    The first byte chooses method, content type and encoding, so that the rest is read by every parser.
    """
    choice, text = (data[0] if data else 0), data[1:].decode("utf-8", "surrogateescape")
    events: list[Any] = [
        {
            "rawPath": "/fuzzed",
            "requestContext": {"http": {"method": ("GET", "POST")[choice & 1]}},
            "rawQueryString": text,
            "headers": {"content-type": TYPES[choice >> 1 & 3]},
            "body": text,
            "isBase64Encoded": bool(choice & 8),
        }
    ]
    with suppress(ValueError, RecursionError):
        events.append(json.loads(text))
    for event in events:
        with suppress(MalformedRequestError):
            json.dumps(PivotRequest.from_event(event).raw).encode()


def main() -> None:
    """Fuzz until something breaks."""
    import atheris  # type: ignore[import-not-found]

    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
