"""Import arrows point one way, also inside functions, and no file outgrows its reader."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

from pivot_app import errors

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
    *(
        "errors",
        "lazy_dataclass",
        "settings",
        "numbers",
        "privacy",
        "aws",
        "speech",
        "http_source",
        "crossbar",
        "tenants",
        "call_state",
    ),
    *("ledger", "call_events", "documents", "schedules", "look_ups", "identity", "conditions"),
    *("actions", "menus", "routing", "low_balance", "sweep", "live_debug", "bootstrap"),
    *("balance_gate", "balance_line", "doctor", "synthetic_call", "call_wiring"),
)
"""The rooms of `pivot_app`: each imports those before it, and none after it."""

MOST_LINES = 400
MOST_STATEMENTS = 10

LONG_FOR_A_REASON = {
    # The closed list of what a key or a rule can do: a record of a few lines each, for looking up.
    # Its records name one another, so that each half would need the other.
    "layers/application/pivot_app/actions/_schema.py",
}


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


def modules_below(package: Path) -> Iterator[tuple[str, Path]]:
    """Yield (dotted name, path) of each module of a package."""
    for path in sorted(package.rglob("*.py")):
        yield ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"), path


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


@pytest.mark.parametrize("folder", [COMMAND, SIMULATOR, ROOT / "functions"], ids=lambda path: path.name)
def test_a_package_offers_what_others_use(folder: Path) -> None:
    """A module that begins with an underscore is its own package's."""
    private = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in folder.rglob("*.py")
        for name in imports_in(path, ROOT)
        if name.split(".")[0] in {*PACKAGES, "kazoo_simulator", "pivotctl"} - {folder.name}
        and any(part.startswith("_") and not part.startswith("__") for part in name.split(".")[:-1])
    }
    assert not private


def packages() -> list[str]:
    """Every package of the layers and of the simulator."""
    found = [path for package in PACKAGES.values() for path in package.rglob("__init__.py")]
    names = [".".join(path.parent.relative_to(LAYERS).parts[1:]) for path in found]
    return [
        name for name in [*names, "kazoo_simulator", "kazoo_simulator.crossbar"] if "_generated" not in name
    ]


@pytest.mark.parametrize("name", packages())
def test_dir_of_a_package_shows_what_it_offers(name: str) -> None:
    """What a person finds by tab: its names and its public modules, nothing that it only uses."""
    package = import_module(name)
    offered = {each for each in dir(package) if not each.startswith("_")}
    modules = {module.name for module in iter_modules(package.__path__)}
    said = set(getattr(package, "__all__", offered))
    assert said <= set(dir(package))
    assert offered - said - modules <= {"set"}  # a builder, which no star import brings


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
        ("speech", set(BOTTOM_UP) - {"lazy_dataclass"}),
        ("live_debug", {"menus", "routing", "actions", "ledger", "identity"}),
    ],
)
def test_a_room_does_not_look_into(room: str, never: set[str]) -> None:
    """Money knows neither menus nor HTTP; menus and rules only decide which action; sentences know nobody."""
    assert not {other for here, other, _ in rooms_imported() if here == room} & (never - {room})


@pytest.mark.parametrize("name", PACKAGES)
def test_no_modules_go_round_in_a_circle(name: str) -> None:
    """Neither when they are imported nor in a function: any module can be read before those that use it."""
    modules = {name: path for name, path in modules_below(PACKAGES[name]) if "_generated" not in path.parts}
    root = PACKAGES[name].parent
    arrows = {
        name: {
            found
            for each in imports_in(path, root, typing_too=False)
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


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layers of ours, as `sam build` makes them, without compiled files."""
    target = tmp_path_factory.mktemp("layers")
    for folder, layer in (("kazoo", "KazooLayer"), ("application", "ApplicationLayer")):
        command = ["make", f"build-{layer}", f"ARTIFACTS_DIR={target}", "LAMBDA_PYTHON=none"]
        subprocess.run(command, cwd=LAYERS / folder, check=True, capture_output=True)
    return target / "python"


def test_nothing_is_deployed_that_no_function_reaches(deployed: Path) -> None:
    """Builders, and what the authors of callbacks may import, are deployed even if no function uses them."""
    modules = {name: path for package in PACKAGES for name, path in modules_below(deployed / package)}
    for_authors = [
        *exports(modules["kazoo_callflow"]).items(),
        *exports(modules["kazoo_pivot"]).items(),
    ]
    reached = reach(
        modules,
        [
            *(name for path in ROOT.glob("functions/*/app.py") for name in names_used(path, ROOT, modules)),
            *(f"{home}.{name}" for name, home in for_authors),
        ],
    )
    builders = {name for name in modules if name.startswith("kazoo_callflow._generated.builders.")}
    assert sorted(set(modules) - reached - builders) == []


def test_what_is_used_on_the_developers_machine_only_is_not_deployed(deployed: Path) -> None:
    """Neither the pydantic models nor the fakes of unit tests."""
    assert not list(deployed.rglob("*models*"))
    assert not list(deployed.rglob("testing.py"))


def names_used(path: Path, root: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    """Yield the dotted names that a module imports, and those it takes from a package of ours: `pkg.name`."""
    bound = {}
    for name in imports_in(path, root, typing_too=False):
        yield name
        bound[name.rpartition(".")[2]] = name
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            package = bound.get(node.value.id, "")
            if package in modules:
                yield f"{package}.{node.attr}"


def exports(path: Path) -> dict[str, str]:
    """The names a package takes from its modules, also those it imports when they are first used."""
    homes = {}
    for name in imports_in(path, path.parents[1]):
        homes[name.rpartition(".")[2]] = name.rpartition(".")[0]
    return homes


def reach(modules: Mapping[str, Path], names: Iterable[str]) -> set[str]:
    """The modules that are imported, directly or through others, by whom uses these names."""
    waiting, seen, found = list(names), set[str](), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        parts = name.split(".")
        for module in (".".join(parts[:depth]) for depth in range(1, len(parts) + 1)):
            if module in modules and module not in found:
                found.add(module)
                root = modules[module].parents[module.count(".") + modules[module].name.count("__init__")]
                waiting += names_used(modules[module], root, modules)
        home, _, taken = name.rpartition(".")
        if name in modules or home not in modules or modules[home].name != "__init__.py":
            continue
        if origin := exports(modules[home]).get(taken):
            waiting.append(f"{origin}.{taken}")
    return found


def test_the_errors_of_the_application_are_the_tree_that_is_drawn() -> None:
    """All of them have one base, and stand in the docstring of its module."""
    for name, _ in modules_below(APPLICATION):
        import_module(name)
    drawn = (errors.__doc__ or "").partition("ApplicationError\n")[2].splitlines()
    assert [line for line in drawn if line] == list(tree_below(errors.ApplicationError))
    bare = {"Exception", "ValueError", "LookupError", "PermissionError"}
    alone = {
        node.name
        for path in APPLICATION.rglob("*.py")
        for node in tree_of(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
        if (bases := {base.id for base in node.bases if isinstance(base, ast.Name)}) and bases <= bare
    }
    assert alone == {"ApplicationError"}


def tree_below(error: type[Exception], before: str = "") -> Iterator[str]:
    """Draw the classes that inherit from one."""
    below = sorted(
        (each for each in error.__subclasses__() if each.__module__.startswith("pivot_app")),
        key=lambda each: each.__name__,
    )
    for each in below:
        is_last = each is below[-1]
        yield f"{before}{'└── ' if is_last else '├── '}{each.__name__}"
        yield from tree_below(each, before + ("    " if is_last else "│   "))


def test_no_file_outgrows_its_reader() -> None:
    """A file longer than 400 lines has a reason; it is named here."""
    folders = (LAYERS, ROOT / "functions", SIMULATOR, COMMAND)
    longer = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in folder.rglob("*.py")
        if "_generated" not in path.parts and len(path.read_text().splitlines()) > MOST_LINES
    }
    assert longer == LONG_FOR_A_REASON


@pytest.mark.parametrize(
    ("what", "places"),
    [
        ("environ", {"settings", "aws", "bootstrap", "http_source"}),
        ("get_parameters", {"aws"}),
        ("OrderedDict", {"aws"}),
    ],
)
def test_one_place_for_each_thing(what: str, places: set[str]) -> None:
    """The environment, SSM and what is remembered are read in one place each: others ask it."""
    using = {
        path.relative_to(APPLICATION).parts[0].removesuffix(".py")
        for path in APPLICATION.rglob("*.py")
        if names(tree_of(path), what)
    }
    functions = {path.parent.name for path in ROOT.glob("functions/*/app.py") if names(tree_of(path), what)}
    assert (using - places, functions) == (set(), set())


def names(tree: ast.Module, what: str) -> bool:
    """Whether a module uses a name, or an attribute of that name."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr == what)
        or (isinstance(node, ast.Name) and node.id == what)
        for node in ast.walk(tree)
    )


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
