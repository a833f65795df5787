"""Settings, metrics and alarms, from the template and the code that emits the metrics."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tools.reference.markdown import table

ROOT = Path(__file__).resolve().parents[2]


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms as text."""


def _short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return f"!{suffix} {node.value}"
    if isinstance(node, yaml.SequenceNode):
        return {f"!{suffix}": loader.construct_sequence(node, deep=True)}
    return {f"!{suffix}": loader.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _short_form)


def read() -> dict[str, Any]:
    """Return the template as plain values."""
    loaded: dict[str, Any] = yaml.load((ROOT / "template.yaml").read_text(), Loader=_Loader)  # noqa: S506
    return loaded


def settings_page() -> str:
    """Return the page of template parameters and outputs."""
    given = read()
    rows = [
        (
            f"`{name}`",
            f"`{spec['Default']}`" if spec.get("Default", "") != "" else "",
            spec.get("Description", ""),
        )
        for name, spec in given["Parameters"].items()
    ]
    outputs = [(f"`{name}`", spec.get("Description", "")) for name, spec in given["Outputs"].items()]
    return "\n".join(
        (
            "# Settings\n",
            "Parameters of `template.yaml`. `pivot deploy STAGE --set NAME=VALUE` changes only that one.\n",
            table(("parameter", "default", "meaning"), rows),
            "## Outputs\n",
            table(("output", "what it is"), outputs),
        )
    )


def alarms_page() -> str:
    """Return the page of metrics and alarms."""
    resources = read()["Resources"]
    alarms = [
        (f"`{name}`", f"`{_metric(spec['Properties'])}`", spec["Properties"].get("AlarmDescription", ""))
        for name, spec in resources.items()
        if spec["Type"] == "AWS::CloudWatch::Alarm"
    ]
    return "\n".join(
        (
            "# Metrics and alarms\n",
            "Alarms go to the SNS topic of the parameter `AlarmTopic`.\n",
            table(("alarm", "metric", "meaning"), alarms),
            "## Metrics\n",
            "The functions write these in the namespace `PivotLambda`.\n",
            table(("metric", "written by"), _emitted()),
        )
    )


def _metric(properties: dict[str, Any]) -> str:
    if "MetricName" in properties:
        return f"{properties.get('Namespace', '')} {properties['MetricName']}".strip()
    names = [
        one["MetricStat"]["Metric"]["MetricName"]
        for one in properties.get("Metrics", ())
        if "MetricStat" in one
    ]
    return ", ".join(names)


_COUNTS = re.compile(r'emit_metrics\(\s*"(\w+)",\s*\{\s*"(\w+)"')


def _emitted() -> list[tuple[str, str]]:
    found: dict[str, set[str]] = {}
    for folder in ("functions", "layers/application", "layers/kazoo/kazoo_pivot"):
        for path in (ROOT / folder).rglob("*.py"):
            for callback, metric in _COUNTS.findall(path.read_text()):
                found.setdefault(metric, set()).add(callback)
    return [
        (f"`{metric}`", ", ".join(f"`{name}`" for name in sorted(by))) for metric, by in sorted(found.items())
    ]
