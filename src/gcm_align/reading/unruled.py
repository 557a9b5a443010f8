"""Tables without rules: lines that stand in three columns or more, on shared baselines.

Only what is surely a table is taken for one: columns of prose share baselines too, but
none of them is narrow; a page of contents ends in page numbers.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

from gcm_align.reading.layout import Cell, Line, PageLayout, Table

_LEAST_COLUMNS = 3
_LEAST_ROWS = 3  # baselines on which every column has words
_SAME_EDGE = 4.0  # points: how far the left edges of a column may wander
_SAME_BASELINE = 0.5  # letter heights
_NARROW_WORDS = 3.0  # the median cell of the narrowest column; prose has more
_APART = 3.2  # letter heights: a wider blank ends the table
_NEW_ROW = 1.3  # times the distance of wrapped lines: a wider step starts a row

Baseline = list[Line]  # left to right


def take_unruled(layout: PageLayout) -> None:
    """Move the lines of tables without rules into ``layout.tables``."""
    for run in _runs(_baselines(layout.lines)):
        table = _table(run)
        if table is not None:
            taken = {id(line) for own in run for line in own}
            layout.lines = [line for line in layout.lines if id(line) not in taken]
            layout.tables.append(table)


def _baselines(lines: list[Line]) -> list[Baseline]:
    rows: list[Baseline] = []
    for line in sorted(lines, key=lambda ln: (ln.bottom, ln.x0)):
        if rows and line.bottom - rows[-1][0].bottom < _SAME_BASELINE * max(line.size, 6.0):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda ln: ln.x0) for row in rows]


def _runs(rows: list[Baseline]) -> list[list[Baseline]]:
    """Return stretches of baselines whose lines all start at the edges of one full row."""
    runs: list[list[Baseline]] = []
    at = 0
    while at < len(rows):
        if len(rows[at]) < _LEAST_COLUMNS:
            at += 1
            continue
        edges, end = [line.x0 for line in rows[at]], at + 1
        while end < len(rows) and _fits(rows[end], edges) and _near(rows[end - 1], rows[end]):
            end += 1
        runs.append(rows[at:end])
        at = end
    return runs


def _fits(row: Baseline, edges: list[float]) -> bool:
    """Say whether every line starts at an edge and ends before the next."""
    bounds = [*edges[1:], float("inf")]
    return all(
        any(abs(ln.x0 - left) <= _SAME_EDGE and ln.x1 < right
            for left, right in zip(edges, bounds, strict=True))
        for ln in row
    )  # fmt: skip


def _near(above: Baseline, below: Baseline) -> bool:
    return below[0].top - above[0].bottom < _APART * max(above[0].size, 6.0)


def _table(rows: list[Baseline]) -> Table | None:
    edges = [line.x0 for line in rows[0]]
    full = [row for row in rows if len(row) == len(edges)]
    if len(full) < _LEAST_ROWS:
        return None
    columns = [[row[i].text for row in full[1:]] for i in range(len(edges))]
    if min(median(len(t.split()) for t in texts) for texts in columns) > _NARROW_WORDS:
        return None
    if all(text.isdecimal() and len(text) < 4 for text in columns[-1]):
        return None  # page numbers
    lines = [line for row in rows for line in row]
    groups = _grouped(rows, len(edges))
    return Table(
        page=lines[0].page,
        x0=edges[0],
        top=min(line.top for line in lines),
        x1=max(line.x1 for line in lines),
        bottom=max(line.bottom for line in lines),
        edges=[*edges, max(line.x1 for line in lines)],
        rows=[_cells(group, edges, number) for number, group in enumerate(groups)],
        order=min(line.order for line in lines),
    )


def _grouped(rows: list[Baseline], n_columns: int) -> list[list[Baseline]]:
    """Part baselines into rows: a full baseline starts one, and so does a wide step."""
    steps = [b[0].bottom - a[0].bottom for a, b in pairwise(rows)]
    usual = min(steps, default=0.0)
    groups = [[rows[0]]]
    for step, row in zip(steps, rows[1:], strict=True):
        if len(row) == n_columns or step > _NEW_ROW * usual:
            groups.append([row])
        else:
            groups[-1].append(row)
    return groups


def _cells(group: list[Baseline], edges: list[float], number: int) -> list[Cell]:
    if len(group) == len(group[0]) == 1:  # a line alone heads the rows below it
        return [Cell(column=0, row=number, columns=len(edges), lines=group[0])]
    cells = [Cell(column=i, row=number) for i in range(len(edges))]
    for line in (line for row in group for line in row):
        nearest = min(range(len(edges)), key=lambda i: abs(edges[i] - line.x0))
        cells[nearest].lines.append(line)
    return cells
