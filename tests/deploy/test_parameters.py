"""What a deployment's parameters are: nothing that is deployed is lost, and what changes is shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pivotctl.deploy._parameters import configured_values, given_values, merge
from pivotctl.errors import UsageError

NAMES = ("LogLevel", "LogRetentionDays", "AlarmTopic")
TEMPLATE = {"Parameters": {"Stage": {"Type": "String"}, **{name: {"Default": "default"} for name in NAMES}}}
VALUES = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["default", "a", "b", ""]))


@given(set_=VALUES, configured=VALUES, deployed=st.none() | VALUES)
def test_nothing_deployed_is_lost(
    set_: dict[str, str], configured: dict[str, str], deployed: dict[str, str] | None
) -> None:
    """Set comes first, then deployed, then configured, then the default; every difference is told."""
    if deployed is not None:
        deployed = {"Stage": "prod", **deployed}
    merged = merge(TEMPLATE, stage="prod", given=set_, configured=configured, deployed=deployed)
    for name in NAMES:
        expected = next(
            values[name] for values in (set_, deployed or {}, configured, {name: "default"}) if name in values
        )
        assert merged.values.get(name, "default") == expected
        told = {changed: new for changed, _, new in merged.changes}
        if deployed is not None and name in deployed:
            assert (name in told) == (expected != deployed[name])
    assert merged.values["Stage"] == "prod"


def test_what_samconfig_says_otherwise_is_told() -> None:
    """The deployed value stays, and a person sees both."""
    merged = merge(
        TEMPLATE,
        stage="dev",
        given={},
        configured={"LogLevel": "DEBUG"},
        deployed={"Stage": "dev", "LogLevel": "INFO"},
    )
    assert merged.values["LogLevel"] == "INFO"
    assert merged.kept == (("LogLevel", "DEBUG", "INFO"),)


def test_a_stage_that_is_another_is_refused() -> None:
    """A stack that calls itself dev is never updated as prod."""
    with pytest.raises(UsageError, match="Stage=dev"):
        merge(TEMPLATE, stage="prod", given={}, configured={}, deployed={"Stage": "dev"})
    with pytest.raises(UsageError, match="stage is prod"):
        merge(TEMPLATE, stage="prod", given={"Stage": "dev"}, configured={}, deployed=None)


@pytest.mark.parametrize("word", ["LogLevel", "=x", ""])
def test_a_word_that_sets_nothing_is_refused(word: str) -> None:
    """Name=Value is the form."""
    with pytest.raises(UsageError, match="Name=Value"):
        given_values([word])


def test_values_may_hold_equals_signs_and_be_empty() -> None:
    """Only the first one parts name and value."""
    assert given_values(["A=b=c", "B="]) == {"A": "b=c", "B": ""}


def test_samconfig_is_read_as_sam_reads_it(tmp_path: Path) -> None:
    """Words or a list, quoted values; an environment that is not there has none."""
    file = tmp_path / "samconfig.toml"
    file.write_text('[dev.deploy.parameters]\nparameter_overrides = "A=1 B=\\"x y\\""\n')
    assert configured_values(file, "dev") == {"A": "1", "B": "x y"}
    file.write_text('[dev.deploy.parameters]\nparameter_overrides = ["A=1"]\n')
    assert configured_values(file, "dev") == {"A": "1"}
    assert configured_values(file, "prod") == {}
    assert configured_values(tmp_path / "none", "dev") == {}
