"""What `sam build` makes of the dependency layer, on whatever machine it runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from pivotctl.local_stack import StackError, failure, template
from pivotctl.local_stack import _stack as stack_module

ROOT = Path(__file__).resolve().parents[2]
LAYER = ROOT / "layers" / "dependencies"


def build(target: Path, project: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the layer's installer as `sam build` does: in a copy of its folder, with `path` as PATH."""
    source = target.parent / "source"
    shutil.copytree(LAYER, source, dirs_exist_ok=True)
    return subprocess.run(
        ["/bin/sh", "install.sh", str(target), str(project)],
        cwd=source,
        env={**os.environ, "PATH": path, "PYTHON": "python3"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def python_without_pip(tmp_path: Path) -> Path:
    """The `bin` of an environment whose `python3` has no pip, as Debian's."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "nopip")], check=True)
    return tmp_path / "nopip" / "bin"


def test_what_setup_made_builds_it_where_python_has_no_pip(tmp_path: Path, python_without_pip: Path) -> None:
    """uv of `make setup` installs, and every file runs on every processor."""
    if not (ROOT / ".venv-uv" / "bin" / "uv").exists():
        pytest.skip("run `make setup`")
    target = tmp_path / "layer" / "python"
    done = build(target, ROOT, f"{python_without_pip}:/usr/bin:/bin")
    assert done.returncode == 0, done.stderr
    assert (target / "aws_lambda_powertools").is_dir()
    assert not [path for path in target.rglob("*") if path.suffix in (".so", ".pyd", ".pyc")]


def test_where_nothing_can_install_it_says_what_to_do(tmp_path: Path) -> None:
    """Neither uv nor pip: one line with the remedy."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("dirname", "rm", "find"):
        (tools / name).symlink_to(shutil.which(name) or f"/usr/bin/{name}")
    if (
        subprocess.run(
            ["/usr/bin/python3", "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        pytest.skip("this system's Python has pip")
    done = build(tmp_path / "layer" / "python", tmp_path, str(tools))
    assert done.returncode != 0
    assert "make setup" in done.stderr


def test_a_compiled_file_is_refused(tmp_path: Path) -> None:
    """A layer with something for one processor never reaches a deployment."""
    target = tmp_path / "layer" / "python"
    target.mkdir(parents=True)
    (target / "left_over.so").touch()
    done = build(target, ROOT, os.environ["PATH"])
    assert done.returncode == 1
    assert "left_over.so" in done.stderr


def test_one_lock_fits_every_machine() -> None:
    """No requirement depends on the Python or the system that installs it, and pydantic is not among them."""
    lock = (LAYER / "requirements.txt").read_text()
    names = {
        line.partition("==")[0] for line in lock.splitlines() if "==" in line and not line.startswith(" ")
    }
    assert ";" not in lock
    assert "aws-lambda-powertools" in names
    assert not names & {"pydantic", "pydantic-core", "boto3", "botocore"}


def test_no_layer_is_tied_to_a_processor_or_python() -> None:
    """`Architecture` and `PythonRuntime` concern the functions alone: no value gives a wrong layer."""
    layers = [r for r in template()["Resources"].values() if r["Type"] == "AWS::Serverless::LayerVersion"]
    assert len(layers) == 3
    for layer in layers:
        assert not {"CompatibleArchitectures", "CompatibleRuntimes"} & set(layer["Properties"])
        assert layer["Metadata"] == {"BuildMethod": "makefile"}


def test_the_stage_cannot_get_lost() -> None:
    """Parameters on the command line replace samconfig.toml's: without a stage, nothing deploys."""
    assert "Default" not in template()["Parameters"]["Stage"]
    environments = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for name, environment in environments.items():
        if isinstance(environment, dict) and "deploy" in environment:
            assert environment["global"]["parameters"]["stack_name"] == f"pivot-lambda-{name}"
            assert f"Stage={name}" in environment["deploy"]["parameters"]["parameter_overrides"].split()
            assert "region" not in environment["global"]["parameters"]


def test_a_failed_build_ends_with_its_cause_and_the_log(tmp_path: Path) -> None:
    """What another program printed is text; the last line is what a person needs."""
    log = tmp_path / "sam-build.log"
    log.write_text("Building\nerror: no route to the index [/Makefile:11: build]\nBuild Failed\n")
    assert failure("sam build", log).splitlines()[-1] == (
        f"`sam build` failed: error: no route to the index [/Makefile:11: build] (all of it is in {log})"
    )


def test_up_prints_a_failure_as_text_and_ends_the_emulator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Brackets in another program's output are not markup, and nothing stays behind."""
    import typer

    from pivotctl import local

    stopped = []

    class FakeEmulator:
        def stop(self) -> None:
            stopped.append(True)

    def fail(*_: object, **__: object) -> None:
        raise StackError(
            "make: *** [/x/Makefile:11: build] Error 1\n`sam build` failed: [/y] (all of it is in z)"
        )

    monkeypatch.setattr(local.Emulator, "start", lambda *_, **__: FakeEmulator())
    monkeypatch.setattr(local.Stack, "deploy", fail)
    with pytest.raises(typer.Exit) as ended:
        local.start()
    assert ended.value.exit_code == 1
    assert stopped
    assert "[/x/Makefile:11: build] Error 1" in capsys.readouterr().out


def test_sam_runs_without_a_persons_own_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing local reaches a real account."""
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    environment = stack_module.sam_environment()
    assert "AWS_PROFILE" not in environment
    assert environment["AWS_DEFAULT_REGION"] == "us-east-1"
