"""KAZOO's facts about every module, read from `_generated` when a version is first used and compiled per
module.
"""

from __future__ import annotations

import json
from functools import cache
from os.path import dirname, join
from typing import Any, Literal, TypeAlias

from ._paths import Path
from ._quick import Quick, never, quick_data
from ._validator import Rule, ValidationRun, Validator, compile_rule

KazooVersion: TypeAlias = Literal["4.3", "5"]
"""The KAZOO versions whose rules are known."""

VERSIONS: tuple[KazooVersion, ...] = ("4.3", "5")


class VersionSchemas:
    """The modules of one KAZOO version, and the check of each one's data."""

    def __init__(self, version: KazooVersion) -> None:
        table = read_table(f"schemas_{version.replace('.', '_')}.json")
        self.version = version
        self.modules: dict[str, Rule] = table["modules"]
        self.shapes: dict[str, Rule] = table["shapes"]
        self._checks: dict[str, Validator] = {"action": _later}
        self._shape_checks: dict[str, Validator] = {"action": _later}
        self._quick: dict[str, Quick] = {}

    def check(self, module: str) -> Validator | None:
        """Return the check of a module's data, or None when this version has no such module."""
        check = self._checks.get(module)
        if check is None and module in self.modules:
            check = self._checks[module] = compile_rule(self.modules[module], self)
        return check

    def quick(self, module: str) -> Quick:
        """Return the test that says whether a module's data is certainly accepted."""
        test = self._quick.get(module)
        if test is None:
            rule = self.modules.get(module)
            if rule is None:
                return never
            test = self._quick[module] = quick_data(rule)
        return test

    def shape_check(self, name: str) -> Validator:
        """Return the check of a named shape; a module's data is a shape too."""
        check = self._shape_checks.get(name)
        if check is None:
            check = self._shape_checks[name] = compile_rule(self.shape(name), self)
        return check

    def field_check(self, module: str, key: str) -> Validator:
        """Return the check of one field of a module."""
        return compile_rule(self.modules[module]["fields"][key], self)

    def shape(self, name: str) -> Rule:
        """Return the rule of a named shape."""
        return self.shapes[name] if name in self.shapes else self.modules[name]


def _later(value: Any, path: Path, run: ValidationRun) -> None:
    # A callflow node inside a module's data: looked at by the caller's loop, so that depth costs no stack.
    run.nodes.append((value, path))


@cache
def schemas_of(version: KazooVersion) -> VersionSchemas:
    """Return one version's facts; a ValueError names the versions there are."""
    if version not in VERSIONS:
        raise ValueError(f"kazoo must be one of {', '.join(VERSIONS)}, not {version!r}")
    return VersionSchemas(version)


def read_table(name: str) -> Any:
    """Return a generated table. (importlib.resources would cost more than all else an answer needs.)"""
    with open(join(dirname(__file__), "_generated", name), encoding="utf-8") as file:  # noqa: PTH118, PTH120, PTH123
        return json.load(file)
