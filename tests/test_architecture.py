"""Import arrows point one way, also inside functions, and no file outgrows its reader."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ROOT / "layers"
CALLFLOW = LAYERS / "kazoo" / "kazoo_callflow"
PIVOT = LAYERS / "kazoo" / "kazoo_pivot"
APPLICATION = LAYERS / "application" / "pivot_app"
PACKAGES = {path.name: path for path in (CALLFLOW, PIVOT, APPLICATION)}
SIMULATOR = ROOT / "kazoo_simulator"
COMMAND = ROOT / "pivotctl"
NEVER_DEPLOYED = {"boto3", "kazoo_simulator", "pivotctl", "functions", "tests"}

BOTTOM_UP = (
    *("settings", "numbers", "privacy", "aws", "speech", "http_source", "crossbar", "tenants", "call_state"),
    *("ledger", "call_events", "documents", "schedules", "look_ups", "identity", "conditions"),
    *("actions", "menus", "routing", "low_balance", "sweep", "live_debug", "bootstrap"),
    *("balance_gate", "balance_line", "doctor", "call_wiring"),
)
"""The rooms of `pivot_app`: each imports those before it, and none after it."""

MOST_LINES = 400
MOST_STATEMENTS = 10

# What does not hold yet, and is to: nothing may be added here.
TOO_LONG_YET = {
    "kazoo_simulator/_handover.py",
    "kazoo_simulator/_script.py",
    "layers/application/pivot_app/actions/_schema.py",
}
GOES_ROUND_YET = {"kazoo_callflow"}


def yet(names: Iterable[str], not_yet: set[str]) -> list[Any]:
    """Parameters of a test, with those marked that do not hold yet."""
    mark = pytest.mark.xfail(reason="does not hold yet", strict=False)
    return [pytest.param(name, marks=mark) if name in not_yet else name for name in names]


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text())


def imports_in(path: Path, root: Path, *, typing_too: bool = True) -> Iterator[str]:
    """Yield the dotted names a module imports anywhere in it: modules, and what is taken from them."""
    package = path.relative_to(root).with_suffix("").parts
    ignored = set() if typing_too else {id(node) for node in only_for_types(tree_of(path))}
    for node in ast.walk(tree_of(path)):
        if id(node) in ignored:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package[: len(package) - node.level]) if node.level else ""
            module = ".".join(filter(None, (above, node.module)))
            yield from (f"{module}.{alias.name}" for alias in node.names)


def only_for_types(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what stands under `if TYPE_CHECKING`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for statement in node.body:
                yield from ast.walk(statement)


def top_level_imports(folder: Path) -> set[str]:
    """The packages that the modules below a folder import."""
    return {name.split(".")[0] for path in folder.rglob("*.py") for name in imports_in(path, folder.parent)}


def rooms_imported() -> Iterator[tuple[str, str, str]]:
    """Yield (importing room, imported room, file) of `pivot_app`."""
    for path in sorted(APPLICATION.rglob("*.py")):
        room = path.relative_to(APPLICATION).parts[0].removesuffix(".py")
        for name in imports_in(path, APPLICATION.parent):
            parts = name.split(".")
            if parts[0] == "pivot_app" and len(parts) > 1 and parts[1] != room:
                yield room, parts[1], str(path.relative_to(ROOT))


def test_callflow_knows_nothing_of_ours_and_no_aws() -> None:
    """`kazoo_callflow` can be published on its own."""
    assert not top_level_imports(CALLFLOW) & {
        *("kazoo_pivot", "pivot_app", "botocore", "aws_lambda_powertools")
    }


def test_the_contract_knows_neither_application_nor_aws() -> None:
    """`kazoo_pivot` serves every application: it has ports, and no store behind them."""
    assert not top_level_imports(PIVOT) & {"pivot_app", "botocore", "boto3"}


@pytest.mark.parametrize("package", [CALLFLOW, PIVOT, APPLICATION], ids=lambda path: path.name)
def test_a_layer_never_imports_what_is_not_deployed(package: Path) -> None:
    """The simulator, the command and the tests stay on the developer's machine."""
    assert not top_level_imports(package) & NEVER_DEPLOYED


def test_functions_import_only_what_is_deployed() -> None:
    """A handler stands on the layers and the SDK."""
    assert not top_level_imports(ROOT / "functions") & (NEVER_DEPLOYED - {"functions"})


def test_the_simulator_does_not_know_the_command() -> None:
    """It is installed on its own, by people who have no pivot-lambda."""
    assert "pivotctl" not in top_level_imports(SIMULATOR)


def test_every_room_has_its_place() -> None:
    """A new package of `pivot_app` is put where it belongs in `BOTTOM_UP`."""
    rooms = {
        path.name.removesuffix(".py")
        for path in APPLICATION.iterdir()
        if (path.is_dir() and (path / "__init__.py").exists()) or path.suffix == ".py"
    }
    assert rooms - {"__init__"} == set(BOTTOM_UP)


def test_the_arrows_of_the_application_point_down() -> None:
    """No circle between rooms, in type annotations and inside functions neither."""
    order = {room: number for number, room in enumerate(BOTTOM_UP)}
    wrong = {
        f"{path}: {room} imports {other}"
        for room, other, path in rooms_imported()
        if other in order and order[other] > order[room]
    }
    assert not wrong


@pytest.mark.parametrize(
    ("room", "never"),
    [
        ("ledger", {"menus", "routing", "actions", "identity", "http_source", "live_debug", "bootstrap"}),
        ("menus", {"routing", "ledger", "aws"}),
        ("routing", {"menus", "ledger", "aws"}),
        ("speech", set(BOTTOM_UP)),
        ("live_debug", {"menus", "routing", "actions", "ledger", "identity"}),
    ],
)
def test_a_room_does_not_look_into(room: str, never: set[str]) -> None:
    """Money knows neither menus nor HTTP; menus and rules only decide which action; sentences know nobody."""
    assert not {other for here, other, _ in rooms_imported() if here == room} & (never - {room})


@pytest.mark.parametrize("name", yet(PACKAGES, GOES_ROUND_YET))
def test_no_modules_go_round_in_a_circle(name: str) -> None:
    """Neither when they are imported nor in a function: any module can be read before those that use it."""
    package = PACKAGES[name]
    modules = {
        ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in package.rglob("*.py")
        if "_generated" not in path.parts
    }
    arrows = {
        name: {
            found
            for each in imports_in(path, package.parent, typing_too=False)
            if (found := each if each in modules else each.rpartition(".")[0]) in modules and found != name
        }
        for name, path in modules.items()
    }
    assert not circles(arrows)


def circles(arrows: dict[str, set[str]]) -> list[str]:
    """The circles of a graph, each as a line."""
    found, done = [], set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            found.append(" → ".join((*way[way.index(name) :], name)))
        elif name not in done:
            for following in sorted(arrows[name]):
                visit(following, (*way, name))
            done.add(name)

    for name in sorted(arrows):
        visit(name, ())
    return found


def test_no_file_outgrows_its_reader() -> None:
    """A file longer than 400 lines has a reason; it is named here."""
    folders = (LAYERS, ROOT / "functions", SIMULATOR, COMMAND)
    longer = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in folder.rglob("*.py")
        if "_generated" not in path.parts and len(path.read_text().splitlines()) > MOST_LINES
    }
    assert longer <= TOO_LONG_YET


def statements(function: ast.FunctionDef) -> int:
    """How many statements a function has, those inside others counted too, its docstring not."""
    count = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return count - (ast.get_docstring(function) is not None)


FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/app.py"))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_handler_says_which_part_of_the_application_answers(function: str) -> None:
    """Ten statements at most; the logic is in the application."""
    path = ROOT / "functions" / function / "app.py"
    handlers = [
        node for node in tree_of(path).body if isinstance(node, ast.FunctionDef) and node.name == "handler"
    ]
    assert [statements(handler) for handler in handlers if statements(handler) > MOST_STATEMENTS] == []
