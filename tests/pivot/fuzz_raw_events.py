"""A fuzz target over raw events, and the damage it does.

With hypothesis it runs among the tests. For hours of it, with coverage guidance, install atheris and run

    python -m tests.pivot.fuzz_raw_events
"""

from __future__ import annotations

import copy
import json
import random
import sys
from contextlib import suppress
from typing import Any

from pivot import MalformedRequest, PivotRequest

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


def target(data: bytes) -> None:
    """Read an event made of any bytes; only MalformedRequest may come of it."""
    text = data.decode("utf-8", "surrogateescape")
    method, _, rest = text.partition("\n")
    content_type, _, body = rest.partition("\n")
    events: list[Any] = [
        {
            "requestContext": {"http": {"method": method[:4]}},
            "rawQueryString": body,
            "headers": {"content-type": content_type},
            "body": body,
            "isBase64Encoded": len(data) % 2 == 0,
        }
    ]
    with suppress(ValueError, RecursionError):
        events.append(json.loads(text))
    for event in events:
        with suppress(MalformedRequest):
            json.dumps(PivotRequest.from_event(event).raw).encode()


def main() -> None:
    """Fuzz until something breaks."""
    import atheris  # type: ignore[import-not-found]

    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
