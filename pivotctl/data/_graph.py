"""Draws documents: menus and rules as boxes, keys and conditions as arrows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from pivot_app.actions import Action, HangUp, branches
from pivot_app.conditions import Condition
from pivot_app.documents import Part
from pivotctl.data._models import encode
from pivotctl.data.documents import MenuDocument, RoutingDocument

LINE_CHARACTERS = 27


@dataclass(frozen=True, slots=True)
class Box:
    """One node of a drawing. kind: menu, action or rule."""

    id: str
    lines: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, with what leads along it."""

    start: str
    end: str
    label: str


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing before it is laid out; the first box is where calls begin."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def graph_of(document: MenuDocument | RoutingDocument) -> Graph:
    """Return the drawing of a document."""
    drawing = _Drawing()
    if isinstance(document, MenuDocument):
        drawing.menus(document)
    else:
        drawing.routes(document)
    return Graph(tuple(drawing.boxes.values()), tuple(drawing.arrows))


def mermaid(graph: Graph) -> str:
    """Return the drawing as a Mermaid flowchart."""
    shapes = {"menu": '(["{}"])', "action": '["{}"]', "rule": '{{"{}"}}'}
    lines = ["flowchart TD"]
    for box in graph.boxes:
        text = "<br/>".join(_plain(line) for line in box.lines)
        lines.append(f"  {box.id}{shapes[box.kind].format(text)}")
    for arrow in graph.arrows:
        label = f'|"{_plain(arrow.label)}"|' if arrow.label else ""
        lines.append(f"  {arrow.start} -->{label} {arrow.end}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text that means nothing to Mermaid, whose entities begin with a hash."""
    for character, entity in (("#", "#35;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("|", "#124;")):
        text = text.replace(character, entity)
    return text


# What every menu does at last is not worth a box in each.
_HANG_UP = HangUp(do="hang_up")


class _Drawing:
    def __init__(self) -> None:
        self.boxes: dict[str, Box] = {}
        self.arrows: list[Arrow] = []
        self._count = 0

    def menus(self, document: MenuDocument) -> None:
        names = [document.start, *(name for name in document.menus if name != document.start)]
        for name in names:
            menu = document.menus.get(name)
            prompt = _words(menu.prompt) or "(media)" if menu else "(missing)"
            self._box(f"menu_{name}", "menu", name, prompt)
        for name, menu in document.menus.items():
            by_action: dict[str, tuple[Action, list[str]]] = {}
            for place, action in menu.actions():
                if place == ("give_up",) and action == _HANG_UP:
                    continue
                label = place[1] if place[0] == "keys" else " ".join(place)
                by_action.setdefault(repr(action), (action, []))[1].append(label)
            for action, labels in by_action.values():
                self._action(f"menu_{name}", ", ".join(labels), action)

    def routes(self, document: RoutingDocument) -> None:
        for name, route in document.routes.items():
            previous, label = self._box(f"route_{len(self.boxes)}", "menu", f"calls to {name}"), ""
            for rule in route.rules:
                self._count += 1
                box = self._box(
                    f"rule_{self._count}", "rule", rule.name, "; ".join(map(_condition, rule.when))
                )
                self.arrows.append(Arrow(previous, box, label))
                self._action(box, "yes", rule.then)
                previous, label = box, "no"
            self._action(previous, label, route.otherwise)

    def _box(self, identifier: str, kind: str, *texts: str) -> str:
        lines = tuple(_short(text) for text in texts if text)
        self.boxes[identifier] = Box(identifier, lines, kind)
        return identifier

    def _action(self, origin: str, label: str, action: Action) -> None:
        if action.do == "menu":
            name = getattr(action, "menu", "")
            target = f"menu_{name}"
            if target not in self.boxes:
                self._box(target, "menu", name)
            self.arrows.append(Arrow(origin, target, label))
            return
        if action.do == "back":
            return
        self._count += 1
        box = self._box(f"action_{self._count}", "action", action.do.replace("_", " "), _detail(action))
        self.arrows.append(Arrow(origin, box, label))
        for field, following in branches(action):
            if following.do == "repeat":
                continue
            self._action(box, " ".join(map(str, field)), following)


def _detail(action: Action) -> str:
    for field in ("number", "to", "path", "url", "minimum", "language", "id", "code", "module", "name"):
        value = getattr(action, field, None)
        if isinstance(value, str | int):
            return str(value)
    return _words(getattr(action, "say", None) or getattr(action, "text", None) or ())


def _words(sentence: Iterable[Part]) -> str:
    """Return what a sentence says, in its first language."""
    return " ".join(next(iter(part.text.values())) for part in sentence if part.text)


def _condition(condition: Condition) -> str:
    """Return a condition as the document writes it, without its braces."""
    fields = encode(condition)
    test = fields.pop("test")
    if test == "holiday":
        del fields["days"]
    if not fields:
        return str(test)
    return f"{test} " + " ".join(_value(value) for value in fields.values())


def _value(value: object) -> str:
    if isinstance(value, list):
        return " or ".join(sorted(_value(each) for each in value))
    if isinstance(value, dict):
        return "(" + " ".join(_value(each) for each in value.values()) + ")"
    return str(value)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LINE_CHARACTERS else text[: LINE_CHARACTERS - 1].rstrip() + "…"


BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 230, 52, 26, 70, 32
MOST_IN_A_ROW = 12
_TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
    'orient="auto"><path d="M0 0L8 4L0 8z" fill="#64748b"/></marker></defs>'
)
_COLOURS = {"menu": "#dbeafe", "action": "#f3f4f6", "rule": "#fef3c7"}


def svg(graph: Graph) -> str:
    """Return the drawing as a picture: boxes in rows by their distance from the start, light and dark alike
    readable."""
    rows = _rows(graph)
    widest = max(len(row) for row in rows)
    width = MARGIN * 2 + widest * BOX_WIDTH + (widest - 1) * GAP_X
    height = MARGIN * 2 + len(rows) * BOX_HEIGHT + (len(rows) - 1) * GAP_Y
    places: dict[str, tuple[float, float]] = {}
    for y, row in enumerate(rows):
        left = (width - len(row) * BOX_WIDTH - (len(row) - 1) * GAP_X) / 2
        for x, identifier in enumerate(row):
            places[identifier] = (left + x * (BOX_WIDTH + GAP_X), MARGIN + y * (BOX_HEIGHT + GAP_Y))
    lines, labels = _arrows(graph, places)
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
        "<style>text{font:13px system-ui,sans-serif}</style>",
        _TIP,
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *lines,
        *(_box(box, *places[box.id]) for box in graph.boxes),
        *labels,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _rows(graph: Graph) -> list[list[str]]:
    following: dict[str, list[str]] = defaultdict(list)
    entered = set()
    for arrow in graph.arrows:
        following[arrow.start].append(arrow.end)
        entered.add(arrow.end)
    depth: dict[str, int] = {}
    roots = [graph.boxes[0].id, *(box.id for box in graph.boxes if box.id not in entered)]
    for root in (*roots, *(box.id for box in graph.boxes)):
        if root in depth:
            continue
        depth[root] = 0
        waiting = [root]
        for identifier in waiting:
            for end in following[identifier]:
                if end not in depth:
                    depth[end] = depth[identifier] + 1
                    waiting.append(end)
    rows: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for identifier, row in depth.items():
        rows[row].append(identifier)
    # A menu with a dozen keys has a dozen boxes below it, ten such menus more than any screen is wide.
    return [row[n : n + MOST_IN_A_ROW] for row in rows for n in range(0, len(row), MOST_IN_A_ROW)]


def _arrows(graph: Graph, places: dict[str, tuple[float, float]]) -> tuple[list[str], list[str]]:
    """Return the lines, and their labels, which are drawn over the boxes."""
    lines, labels = [], []
    leaving: dict[str, int] = defaultdict(int)
    total = Counter(arrow.start for arrow in graph.arrows)
    for arrow in graph.arrows:
        leaving[arrow.start] += 1
        share = leaving[arrow.start] / (total[arrow.start] + 1)
        (left1, top1), (left2, top2) = places[arrow.start], places[arrow.end]
        x1, y1 = left1 + BOX_WIDTH * share, top1 + BOX_HEIGHT
        x2, y2 = left2 + BOX_WIDTH / 2, top2
        if top2 > top1:
            path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + 34:.0f} {x2:.0f} {y2 - 34:.0f} {x2:.0f} {y2:.0f}"
        elif top2 == top1:
            x2, y2 = left2 + BOX_WIDTH / 3, top2 + BOX_HEIGHT
            path = f"M{x1:.0f} {y1:.0f}C{x1:.0f} {y1 + 44:.0f} {x2:.0f} {y2 + 44:.0f} {x2:.0f} {y2:.0f}"
        else:
            # Back up at the side, so that the line does not cross the texts of boxes between.
            x1, y1 = left1 + BOX_WIDTH, top1 + BOX_HEIGHT * (0.3 + share * 0.5)
            x2, y2 = left2 + BOX_WIDTH, top2 + BOX_HEIGHT / 2
            bend = max(x1, x2) + 24
            path = f"M{x1:.0f} {y1:.0f}C{bend:.0f} {y1:.0f} {bend:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
        lines.append(f'<path d="{path}" fill="none" stroke="#64748b" marker-end="url(#tip)"/>')
        if arrow.label:
            up = top2 < top1
            x, y = (x1 + 12, y1 - 6) if up else (x1 + (x2 - x1) * 0.15, y1 + 18)
            halo = ' fill="#1e293b" stroke="#ffffff" stroke-width="3" paint-order="stroke"'
            labels.append(_text(x, y, _short(arrow.label), halo))
    return lines, labels


def _box(box: Box, x: float, y: float) -> str:
    radius = 26 if box.kind == "menu" else 4
    first = y + (BOX_HEIGHT / 2 + 5 if len(box.lines) == 1 else 21)
    texts = [
        _text(
            x + BOX_WIDTH / 2, first + 18 * n, line, ' fill="#0f172a"' + ("" if n else ' font-weight="600"')
        )
        for n, line in enumerate(box.lines[:2])
    ]
    size = f'width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="{radius}"'
    paint = f'fill="{_COLOURS[box.kind]}" stroke="#64748b"'
    return f'<rect x="{x:.0f}" y="{y:.0f}" {size} {paint}/>' + "".join(texts)


def _text(x: float, y: float, text: str, attributes: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle"{attributes}>{escape(text)}</text>'
