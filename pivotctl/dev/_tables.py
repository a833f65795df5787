"""The tables `pivot dev` works on: those of `pivot up`, or tables alone, kept between runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pivotctl.local_stack import Emulator, Stack, create_tables, function_environment
from pivotctl.local_stack._stack import FOLDER
from pivotctl.local_stack.demo_data import seed


@dataclass(frozen=True, slots=True)
class DevTables:
    """The tables, the parameters, and the queue of ended calls.

    names: the tables by their logical ids in template.yaml
    settles: whether nobody else takes the ends of calls off the queue
    """

    emulator: Emulator
    names: dict[str, str]
    queue: str
    settles: bool

    @classmethod
    def find(cls) -> DevTables:
        """Return those that are there, made and filled with the demo's data where there are none."""
        if stack := Stack.running():
            queue = stack.outputs.get("CallEndedQueue", "")
            return cls(stack.emulator, stack.outputs, queue, settles=False)
        return cls.kept() or cls._make()

    @classmethod
    def kept(cls) -> DevTables | None:
        """Return what an earlier `pivot dev` made, if it still answers."""
        try:
            document = json.loads(_file().read_text())
        except (OSError, ValueError):
            return None
        emulator = Emulator(document["pid"], document["port"], temporary=Path(document["temporary"]))
        if not emulator.alive() or not emulator.answers():
            return None
        return cls(emulator, document["names"], document["queue"], settles=True)

    @classmethod
    def _make(cls) -> DevTables:
        emulator = Emulator.start(FOLDER / "dev.log")
        try:
            names = create_tables(emulator)
            seed(emulator, names)
            queue = emulator.client("sqs").create_queue(QueueName="call-ended")["QueueUrl"]
        except BaseException:
            emulator.stop()
            raise
        document = {
            "pid": emulator.pid,
            "port": emulator.port,
            "temporary": str(emulator.temporary),
            "names": names,
            "queue": queue,
        }
        _file().write_text(json.dumps(document, indent=2))
        return cls(emulator, names, queue, settles=True)

    def stop(self) -> None:
        """End the emulator of an earlier `pivot dev`; what was in its tables is gone."""
        self.emulator.stop()
        _file().unlink(missing_ok=True)

    def environment(self) -> dict[str, str]:
        """Return the environment of the functions, with errors shown."""
        return {
            **function_environment(self.emulator, self.names),
            "CALL_ENDED_QUEUE": self.queue,
            "PIVOT_DEV_QUEUE": self.queue if self.settles else "",
            "PIVOT_DEV_TABLES": json.dumps(self.names),
            "PIVOT_SHOW_ERRORS": "1",
            "POWERTOOLS_SERVICE_NAME": "pivot-lambda-dev-here",
        }


def _file() -> Path:
    return FOLDER / "dev.json"
