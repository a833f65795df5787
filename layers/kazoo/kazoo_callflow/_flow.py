"""A callflow as an immutable tree, and how trees are put together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ._branches import Branch, why_never_taken
from ._errors import BuildError, ParseError, Problem, show
from ._json import check_values, dumps
from ._paths import Path, path_text
from ._schemas import VERSIONS, KazooVersion, schemas_of
from ._validate import check_tree, unknown_module
from ._validator import ValidationRun
from ._values import copy_json, freeze, same, thaw

if TYPE_CHECKING:
    from ._hosts import BlockedHosts

WILDCARD = "_"
NOT_MODULES = frozenset({"action", "audio_macro.prompt", "audio_macro.say", "audio_macro.tone"})
"""Names validation takes though no module has them: their nodes are skipped."""

# KAZOO 5 first: it has nearly everything 4.3 has, so its facts are usually all that is loaded.
_versions: ContextVar[tuple[KazooVersion, ...]] = ContextVar("versions", default=("5", "4.3"))
_DATA: Path = (None, "data")
_PLAIN = frozenset({str, int, bool})
_USUAL = ("module", "data", "children")


class Flow:
    """One callflow node with everything below it. Immutable: every method returns a new tree.

    Made by the builder functions (`tts("Hello")`), by `node(...)` or by `parse(document)`.
    """

    __slots__ = ("_children", "_data", "_extra", "_keys", "_module")

    _module: str
    _data: dict[str, Any]
    _children: dict[str, Flow]
    _extra: dict[str, Any] | None
    _keys: tuple[str, ...]

    def __init__(self) -> None:
        raise TypeError("a Flow is made by a builder function, by node() or by parse()")

    # What it is

    @property
    def module(self) -> str:
        """The module this node runs."""
        return self._module

    @property
    def data(self) -> Mapping[str, Any]:
        """The module's data, read-only at every depth."""
        frozen: Mapping[str, Any] = freeze(self._data)
        return frozen

    @property
    def children(self) -> Mapping[str, Flow]:
        """The child of each branch, read-only; `_` is the wildcard child."""
        return MappingProxyType(self._children)

    @property
    def extra(self) -> Mapping[str, Any]:
        """Keys of the node that KAZOO ignores (`name`, `comment`...), read-only."""
        frozen: Mapping[str, Any] = freeze(self._extra or {})
        return frozen

    def walk(self) -> Iterator[tuple[tuple[str, ...], Flow]]:
        """Yield every node from the root down, each with the child keys that lead to it."""
        waiting: list[tuple[tuple[str, ...], Flow]] = [((), self)]
        while waiting:
            keys, flow = waiting.pop()
            yield keys, flow
            waiting.extend(((*keys, key), child) for key, child in reversed(flow._children.items()))

    # Putting trees together

    def then(self, following: Flow) -> Flow:
        """Run `following` after this: put it at the end of the chain of wildcard children."""
        _require_flow("then", following)
        above: list[Flow] = []
        last = self
        while (child := last._children.get(WILDCARD)) is not None:
            above.append(last)
            last = child
        result = last._with_child(WILDCARD, following)
        while above:
            result = above.pop()._holding(WILDCARD, result)
        return result

    __rshift__ = then

    def on(self, key: str, child: Flow) -> Flow:
        """Run `child` when this module ends with `key`: a digit pressed, `match`, `USER_BUSY`...

        A key the module never looks at raises BuildError: its child would never run. `Branch` has the names.
        """
        if not isinstance(key, str):
            raise TypeError(f'Flow.on() takes the branch as text: .on("{key}", ...), not {show(key)}')
        _require_flow("on", child)
        return self._with_child(str.__str__(key), child)

    def otherwise(self, child: Flow) -> Flow:
        """Run `child` when no other branch is taken: the wildcard child `_`."""
        _require_flow("otherwise", child)
        return self._with_child(WILDCARD, child)

    def on_match(self, child: Flow) -> Flow:
        """Run `child` when the caller matches (check_cid, cidlistmatch)."""
        return self.on(Branch.MATCH, child)

    def on_no_match(self, child: Flow) -> Flow:
        """Run `child` when the caller does not match (check_cid, cidlistmatch)."""
        return self.on(Branch.NO_MATCH, child)

    def on_timeout(self, child: Flow) -> Flow:
        """Run `child` when nothing is pressed (menu)."""
        return self.on(Branch.TIMEOUT, child)

    def on_busy(self, child: Flow) -> Flow:
        """Run `child` when the called party is busy."""
        return self.on(Branch.BUSY, child)

    def on_no_answer(self, child: Flow) -> Flow:
        """Run `child` when nobody answers."""
        return self.on(Branch.NO_ANSWER, child)

    def on_rejected(self, child: Flow) -> Flow:
        """Run `child` when the call is rejected."""
        return self.on(Branch.REJECTED, child)

    def _with_child(self, key: str, child: Flow) -> Flow:
        refused = why_never_taken(self._module, key, self._data.get("skip_module") is True)
        if refused:
            raise BuildError(self._module, [Problem(f"$.children.{key}", "unreachable", refused)])
        return self._holding(key, child)

    def _holding(self, key: str, child: Flow) -> Flow:
        made = _new(Flow)
        made._module, made._data, made._extra = self._module, self._data, self._extra
        made._children = {**self._children, key: child}
        made._keys = self._keys if "children" in self._keys else (*self._keys, "children")
        return made

    # Writing it down

    def to_dict(self) -> dict[str, Any]:
        """Return the tree as new plain JSON values, keys in their original order."""
        return self._plain(copy_json)

    def _plain(self, copy: Callable[[Any], Any]) -> dict[str, Any]:
        root: dict[str, Any] = {}
        waiting = [(self, root)]
        while waiting:
            flow, out = waiting.pop()
            for key in flow._keys:
                if key == "module":
                    out[key] = flow._module
                elif key == "data":
                    out[key] = copy(flow._data)
                elif key == "children":
                    children: dict[str, Any] = {}
                    out[key] = children
                    for name, child in flow._children.items():
                        below: dict[str, Any] = {}
                        children[name] = below
                        waiting.append((child, below))
                elif flow._extra is not None:
                    out[key] = copy(flow._extra[key])
        return root

    def to_json(self) -> bytes:
        """Return the exact bytes of the answer: compact UTF-8 without a BOM."""
        return dumps(self._plain(_as_it_is))

    def describe(self, width: int = 100) -> str:
        """Draw the tree as text, one line per node."""
        from ._draw import describe

        return describe(self, width)

    def to_mermaid(self) -> str:
        """Draw the tree as a Mermaid flowchart."""
        from ._draw import mermaid

        return mermaid(self)

    @property
    def versions(self) -> tuple[KazooVersion, ...]:
        """The KAZOO versions that accept this flow."""
        return tuple(version for version in VERSIONS if not self.problems(version))

    def problems(self, kazoo: KazooVersion = "5", *, blocked: BlockedHosts | None = None) -> list[Problem]:
        """Return why KAZOO would reject this flow; see `callflow.validate`."""
        from ._validate import validate

        return validate(self, kazoo, blocked=blocked)

    # What every value needs

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Flow):
            return NotImplemented
        waiting = [(self, other)]
        while waiting:
            a, b = waiting.pop()
            if a is b:
                continue
            if a._module != b._module or not same([a._data, a._extra], [b._data, b._extra]):
                return False
            if a._children.keys() != b._children.keys():
                return False
            waiting.extend((child, b._children[key]) for key, child in a._children.items())
        return True

    def __hash__(self) -> int:
        return hash((self._module, len(self._data), tuple(self._children)))

    def __repr__(self) -> str:
        count = sum(1 for _ in self.walk()) - 1
        below = f" with {count} nodes below" if count else ""
        return f"<Flow {self._module}{below}>"

    def __copy__(self) -> Flow:
        return self

    def __deepcopy__(self, memo: Any) -> Flow:
        return self

    def __reduce__(self) -> Any:
        return parse, (self.to_dict(),)


_new = object.__new__


def _as_it_is(value: Any) -> Any:
    return value


def node(module: str, data: Mapping[str, Any] | None = None) -> Flow:
    """Build a node of any module, as strictly as that module's own builder function.

    Raises BuildError when neither KAZOO 4.3 nor 5 would accept it, or when a key is not one of the module's.
    """
    return _made(module, _thawed(module, data or {}))


def build(module: str, data: dict[str, Any], unknown: Mapping[str, Any] | None = None) -> Flow:
    """Build a node from keyword arguments: `None` stands for a key that was not given."""
    values = {key: value for key, value in data.items() if value is not None}
    if not _PLAIN.issuperset(map(type, values.values())):
        values = _thawed(module, values)
    if unknown:
        values.update(unknown)
    return _made(module, values)


def _made(module: str, values: dict[str, Any]) -> Flow:
    check_data(module, values)
    made = _new(Flow)
    made._module, made._data, made._children, made._extra = module, values, {}, None
    made._keys = ("module", "data")
    return made


@contextmanager
def building_for(kazoo: KazooVersion) -> Iterator[None]:
    """Let builders called inside take only what this KAZOO version accepts, and fail where it does not.

    Without it a builder takes what either version accepts, and `validate` says which of them does.
    """
    schemas_of(kazoo)
    token = _versions.set((kazoo,))
    try:
        yield
    finally:
        _versions.reset(token)


def check_data(module: str, values: dict[str, Any]) -> None:
    """Raise BuildError unless a KAZOO version takes this data for this module, and knows every key of it."""
    versions = _versions.get()
    found: list[Problem] | None = None
    for version in versions:
        known = schemas_of(version)
        if module not in NOT_MODULES and known.quick(module)(values):
            return
        check = known.check(module) if module not in NOT_MODULES else None
        if check is None:
            continue
        run = ValidationRun(strict=True)
        check(values, _DATA, run)
        if run.nodes:
            check_tree(run.nodes, known, run)
        if not run.problems:
            if not _PLAIN.issuperset(map(type, values.values())) or not all(map(_ascii, values.values())):
                check_values(values, run)
            if not run.problems:
                return
        if found is None or len(run.problems) < len(found):
            found = run.problems
    if module in NOT_MODULES:
        found = [Problem("$.module", "module", f"{module} is a part of another module and not a module.")]
    elif found is None:
        found = [Problem("$.module", "module", unknown_module(module, schemas_of(versions[0])))]
    raise BuildError(module, found)


def _ascii(value: Any) -> bool:
    return value.__class__ is not str or value.isascii()


def parse(document: Any) -> Flow:
    """Turn a plain JSON document into a Flow, without loss: unknown keys, their order and all values are
    kept.

    Only the shape is required (an object with a `module`; `data` and every child an object), so what KAZOO
    would reject for its values can still be read and described; `validate` says what is wrong with it. Raises
    ParseError.
    """
    run = ValidationRun()
    check_values(document, run)
    if run.problems:
        raise ParseError(run.problems[0].path, run.problems[0].message)
    holder: dict[str, Flow] = {}
    waiting: list[tuple[Any, Path, dict[str, Flow], str]] = [(document, None, holder, WILDCARD)]
    while waiting:
        value, path, siblings, name = waiting.pop()
        flow = _new(Flow)
        siblings[name] = flow
        data, children = _shape(value, path)
        flow._module = value["module"]
        flow._data = copy_json(data)
        flow._children = dict.fromkeys(children, flow)
        flow._keys = tuple(value)
        flow._extra = {key: copy_json(value[key]) for key in value if key not in _USUAL} or None
        below = (path, "children")
        waiting.extend((child, (below, key), flow._children, key) for key, child in children.items())
    return holder[WILDCARD]


def _shape(value: Any, path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    if not isinstance(value, dict):
        raise ParseError(path_text(path), f"a callflow node is an object, not {show(value)}")
    if not isinstance(value.get("module"), str):
        raise ParseError(path_text((path, "module")), f"must be a string, not {show(value.get('module'))}")
    parts = value.get("data", {}), value.get("children", {})
    for key, part in zip(("data", "children"), parts, strict=True):
        if not isinstance(part, dict):
            raise ParseError(path_text((path, key)), f"must be an object, not {show(part)}")
    return parts


def _require_flow(method: str, value: Any) -> None:
    if isinstance(value, Flow):
        return
    hint = "call the builder: hangup()" if callable(value) else "parse(document) makes one of plain JSON"
    raise TypeError(f"Flow.{method}() takes a Flow, not {show(value)}; {hint}")


def _thawed(module: str, data: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {key: thaw(value) for key, value in data.items()}
    except RecursionError:
        problem = Problem("$.data", "json", "data is nested too deeply for a builder, or contains itself.")
        raise BuildError(module, [problem]) from None
