"""The parameters of a deployment: deployed values stay unless new ones are given."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pivotctl.errors import UsageError

Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a stage, and their changes.

    values: every parameter that differs from the template's default, or is set or deployed
    changes: name, deployed value (None: none), new value; in the template's order
    kept: name, value of samconfig.toml, deployed value that stays; `--set` changes it
    """

    values: Values
    changes: tuple[tuple[str, str | None, str], ...]
    kept: tuple[tuple[str, str, str], ...]

    @classmethod
    def between(cls, now: Mapping[str, str], then: Mapping[str, str]) -> Parameters:
        """Return the parameters of another deployment, and what of them changes."""
        changes = [(name, now.get(name), value) for name, value in then.items() if now.get(name) != value]
        return cls(dict(then), tuple(changes), ())


def merge(
    template: Mapping[str, Any],
    *,
    stage: str,
    given: Mapping[str, str],
    configured: Mapping[str, str],
    deployed: Mapping[str, str] | None,
) -> Parameters:
    """Return the parameters of a deployment.

    What is given comes first, then what is deployed, then samconfig.toml, then the template's default:
    nothing that is deployed changes unless it is named.

    Raises:
        UsageError: The template has no such parameter, or one that needs a value has none.
    """
    known: Mapping[str, Any] = template["Parameters"]
    for name in given:
        if name not in known:
            raise UsageError(f"--set {name}: no such parameter; template.yaml has {', '.join(sorted(known))}")
    if given.get("Stage", stage) != stage:
        raise UsageError(f"--set Stage={given['Stage']}: the stage is {stage}, as the command says")
    if deployed and deployed.get("Stage", stage) != stage:
        raise UsageError(
            f"pivot-lambda-{stage} was deployed with Stage={deployed['Stage']}: its functions read that "
            f"stage's tokens; `sam deploy --config-env {stage} --parameter-overrides Stage={stage}` fixes it"
        )
    values: Values = {}
    changes, kept = [], []
    for name, definition in known.items():
        default = str(definition["Default"]) if "Default" in definition else None
        was = (deployed or {}).get(name)
        wanted = stage if name == "Stage" else given.get(name)
        if wanted is None:
            wanted = was if was is not None else configured.get(name, default)
        if wanted is None:
            raise UsageError(f"parameter {name} needs a value: --set {name}=…")
        if wanted != default or name in given or was is not None:
            values[name] = wanted
        if wanted != (default if was is None and deployed is None else was):
            changes.append((name, was, wanted))
        configured_value = configured.get(name)
        if was is not None and name not in given and configured_value not in (None, was):
            kept.append((name, str(configured_value), was))
    return Parameters(values, tuple(changes), tuple(kept))


def given_values(assignments: Sequence[str]) -> Values:
    """Return `Name=Value` words as a mapping.

    Raises:
        UsageError: One is none.
    """
    values = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"--set {assignment!r}: write Name=Value, such as LogLevel=DEBUG")
        values[name.strip()] = value
    return values


def configured_values(samconfig: Path, stage: str) -> Values:
    """Return a stage's parameters in samconfig.toml; none where it is not there."""
    try:
        environments = tomllib.loads(samconfig.read_text())
    except FileNotFoundError:
        return {}
    overrides = (
        environments.get(stage, {}).get("deploy", {}).get("parameters", {}).get("parameter_overrides", "")
    )
    words = shlex.split(overrides) if isinstance(overrides, str) else [str(each) for each in overrides]
    return dict(word.split("=", 1) for word in words if "=" in word)


def deployed_values(stack: Mapping[str, Any] | None) -> Values | None:
    """Return the parameters of a deployed stack; None where there is none."""
    if stack is None:
        return None
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])}
