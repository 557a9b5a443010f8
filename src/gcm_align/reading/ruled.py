"""Ruled tables of a page: which rectangles are cells, and what each cell holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gcm_align.reading.layout import Cell, Line, Table

if TYPE_CHECKING:
    from pdfplumber.page import Page

# Word paints one filled rectangle per text line behind shaded cells; only thin ones rule.
_THIN = 2.5  # points
_SNAP = {"snap_tolerance": 5, "join_tolerance": 5, "intersection_tolerance": 5}
_SAME_EDGE = 4.0  # points: edges closer than this are one edge
_MIN_FILLED = 3  # cells with text; fewer is a box or a letterhead
_PROSE_WORDS = 60  # a cell longer than this in a table of two cells is a text column

Rect = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class TableShape:
    """The rectangles of a table's cells, row by row."""

    bbox: Rect
    cells: tuple[Rect, ...]

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the index of the cell around a point, or None."""
        if not (self.bbox[0] <= x <= self.bbox[2] and self.bbox[1] - 1 <= y <= self.bbox[3] + 1):
            return None
        found = [
            ((rect[2] - rect[0]) * (rect[3] - rect[1]), index)
            for index, rect in enumerate(self.cells)
            if rect[0] <= x <= rect[2] and rect[1] - 1 <= y <= rect[3] + 1
        ]
        return min(found)[1] if found else None


def find_shapes(page: Page) -> list[TableShape]:
    """Return the ruled tables of a page, from thin rules first, then from any edges."""
    shapes: list[TableShape] = []
    for source, settings in ((page.filter(_is_rule), {}), (page, _SNAP)):
        for table in source.find_tables(settings):
            cells = tuple(c for row in table.rows for c in row.cells if c is not None)
            shape = TableShape(bbox=table.bbox, cells=cells)
            if len(cells) > 1 and not any(_overlap(shape.bbox, s.bbox) for s in shapes):
                shapes.append(shape)
    return shapes


def _is_rule(item: dict[str, Any]) -> bool:
    if item.get("object_type") != "rect":
        return True
    return bool(item.get("stroke")) or min(item["width"], item["height"]) <= _THIN


def _overlap(a: Rect, b: Rect) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def make_table(shape: TableShape, lines: dict[int, list[Line]], page: int) -> Table | None:
    """
    Lay cells out in a grid; None where the rectangles are no table but a box or columns.

    Args:
        shape: The rectangles.
        lines: The lines of each cell that has text, by index in ``shape.cells``.
        page: 1-based number of the page.
    """
    filled = {at: own for at, own in lines.items() if own}
    edges = _edges([x for rect in shape.cells for x in (rect[0], rect[2])])
    tops = _edges([y for rect in shape.cells for y in (rect[1], rect[3])])
    if len(filled) < _MIN_FILLED or len(edges) < 3:
        return None
    grid: dict[int, list[Cell]] = {}
    for at, rect in enumerate(shape.cells):
        column, right = _index(edges, rect[0]), _index(edges, rect[2])
        row, below = _index(tops, rect[1]), _index(tops, rect[3])
        cell = Cell(
            column=column,
            row=row,
            columns=max(1, right - column),
            rows=max(1, below - row),
            lines=filled.get(at, []),
        )
        grid.setdefault(row, []).append(cell)
    rows = [sorted(cells, key=lambda c: c.column) for _, cells in sorted(grid.items())]
    if _is_prose(rows):
        return None
    order = min(line.order for own in filled.values() for line in own)
    x0, top, x1, bottom = shape.bbox
    return Table(
        page=page, x0=x0, top=top, x1=x1, bottom=bottom, edges=edges, rows=rows, order=order
    )


def _is_prose(rows: list[list[Cell]]) -> bool:
    """Say whether the "table" is a frame around text: one column of words, or two cells."""
    filled = [cell for row in rows for cell in row if cell.lines]
    if len({cell.column for cell in filled}) < 2:
        return True
    long = [cell for cell in filled if len(cell.text.split()) > _PROSE_WORDS]
    return len(rows) == 1 and len(filled) <= 2 and bool(long)


def _edges(values: list[float]) -> list[float]:
    """Return sorted positions, those closer than the tolerance taken as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SAME_EDGE:
            edges.append(value)
    return edges


def _index(edges: list[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))
