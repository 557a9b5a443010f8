"""Several numbered activities stacked in one ruled row, dealt out into rows of their own.

A policy matrix often rules only its goals: activities 4.8 to 4.11 stand below one another
in one cell, and the bodies and dates of each beside it. Each activity starts a row here;
the lines of the other cells go to the activity that they stand beside.
"""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from gcm_align.reading.layout import Cell, Line
from gcm_align.reading.numbering import list_marker

SubRow = dict[int, list[Line]]  # lines by column

_OPEN_END = re.compile(r"(?:[,&/(\u2013-]|\b(?:and|of|the|for|to|with|et|de|des|la|y|del))$")
_BREAK_INSIDE_LIST = 3.0  # cost, in lines, of parting "MOLVT," from "MOI"
_SKIPPED = 0.5  # cost of an activity without a line in a cell
_LIFT = 0.6  # lines: how far above its activity a body may start
_NEAR = 1.6  # lines: a wider step leaves a blank between two bodies
_ACROSS = 0.8  # cost of going on with an activity over such a blank


def split_row(cells: list[Cell]) -> tuple[int, list[SubRow]] | None:
    """
    Split a ruled row at the numbered items of one of its columns.

    Returns:
        The column of the items, and the lines of each sub-row by column. The first sub-row
        holds what stands before the first item (empty where nothing does). None where the
        row holds no stack of items, or other cells do not stand beside them.
    """
    chosen = _item_cell(cells)
    if chosen is None:
        return None
    starts = _starts(chosen)
    tops = [min(line.top for line in chosen.lines), *(chosen.lines[i].top for i in starts)]
    if starts[0] > 0:
        tops[0] = tops[0] - 1  # a fragment of the page before stands above the first item
    else:
        tops[0] = -1e6
    rows: list[SubRow] = [{} for _ in tops]
    aligned = 0
    for cell in cells:
        if not cell.lines:
            continue
        if cell is chosen:
            places = [sum(start <= i for start in starts) for i in range(len(cell.lines))]
        elif cell.column < chosen.column:
            places = _place_goals(cell.lines, tops, ["", *(_number(chosen, i) for i in starts)])
        else:
            places = _align(cell.lines, tops)
            aligned += len(set(places)) > 1
        for line, place in zip(cell.lines, places, strict=True):
            rows[place].setdefault(cell.column, []).append(line)
    decimal = list_marker(chosen.lines[starts[0]].text)[0] == "decimal"
    return (chosen.column, rows) if decimal or aligned else None


def _item_cell(cells: list[Cell]) -> Cell | None:
    """Return the cell with the longest stack of numbered items, decimals before integers."""
    best: tuple[int, int, int] | None = None
    chosen = None
    for cell in cells:
        starts = _starts(cell)
        if len(starts) < 2 and not (starts and starts[0] > 0):
            continue
        decimal = list_marker(cell.lines[starts[0]].text)[0] == "decimal"
        rank = (int(decimal), len(starts), -cell.column)
        if best is None or rank > best:
            best, chosen = rank, cell
    return chosen


def _starts(cell: Cell) -> list[int]:
    """Return the lines of a cell at which numbered items start, in rising order."""
    starts: list[int] = []
    last: tuple[int, ...] = ()
    for index, line in enumerate(cell.lines):
        kind, marker = list_marker(line.text)
        if kind not in {"decimal", "number"}:
            continue
        numbers = tuple(int(n) for n in re.findall(r"\d+", marker))
        if len(line.text) > len(marker) and (not last or _follows(last, numbers)):
            starts.append(index)
            last = numbers
    return starts


def _follows(last: tuple[int, ...], numbers: tuple[int, ...]) -> bool:
    """Say whether a number can come next: 4.9 after 4.8, 5.1 after 4.9; never a date."""
    if len(last) != len(numbers):
        return False
    step = next(((b - a) for a, b in zip(last, numbers, strict=True) if a != b), 0)
    return 1 <= step <= 3


def _number(cell: Cell, index: int) -> str:
    return list_marker(cell.lines[index].text)[1].rstrip(".)")


def _place_goals(lines: list[Line], tops: list[float], numbers: list[str]) -> list[int]:
    """
    Give each line of a cell left of the items the item that its goal stands beside.

    A goal is as tall as it likes: only the place of its first line counts. It ends where the
    next number starts, or where a sentence is closed above a blank.

    Args:
        lines: Lines of one cell, downwards. Length: n_lines.
        tops: Where each item starts, in points. Length: n_items.
        numbers: Of the items: goal 3 stands beside item 3.1. Length: n_items.

    Returns:
        Index of an item for each line, not decreasing. Length: n_lines.
    """
    height = _line_height(lines)
    places: list[int] = []
    for index, line in enumerate(lines):
        if index and not _starts_goal(lines[index - 1], line, height):
            places.append(places[-1])
            continue
        beside = sum(top - _LIFT * height <= line.top for top in tops) - 1
        own = list_marker(line.text)[1].rstrip(".)")
        beside = next((i for i, n in enumerate(numbers) if own and n.startswith(own + ".")), beside)
        places.append(max(beside, 0, *places[-1:]))
    if places and len(set(places)) == 1 and tops[0] < 0:
        return [1] * len(lines)  # one goal heads all of its row, wherever it is centred
    return places


def _starts_goal(before: Line, line: Line, height: float) -> bool:
    if list_marker(line.text)[0] in {"decimal", "number"}:
        return True
    gap = line.top - before.top > _NEAR * height
    return gap and not _OPEN_END.search(before.text) and line.text[:1].isupper()


def _align(lines: list[Line], tops: list[float]) -> list[int]:
    """
    Give each line of a cell the item that it stands beside; never going back up.

    Args:
        lines: Lines of one cell, downwards. Length: n_lines.
        tops: Where each item starts, in points. Length: n_items.

    Returns:
        Index of an item for each line, not decreasing. Length: n_lines.
    """
    height = _line_height(lines)
    ends = [*tops[1:], float("inf")]
    costs: list[list[float]] = []
    came_from: list[list[int]] = []
    for i, line in enumerate(lines):
        here, origins = [], []
        for k, (top, end) in enumerate(zip(tops, ends, strict=True)):
            # The first line of a body may stand a little above the number of its activity.
            lift = _LIFT * height
            away = max(0.0, top - lift - line.top, line.top - end + lift) / height
            if i == 0:
                here.append(away)
                origins.append(k)
                continue
            gap = line.top - lines[i - 1].top > _NEAR * height
            toll = 0.0 if gap else _toll(lines[i - 1], line)
            stay = _ACROSS if gap else 0.0
            choices = [
                costs[-1][j] + (stay if j == k else toll + _SKIPPED * (k - j - 1))
                for j in range(k + 1)
            ]
            best = min(range(k + 1), key=lambda j: (choices[j], -j))
            here.append(choices[best] + 0.5 * away)
            origins.append(best)
        costs.append(here)
        came_from.append(origins)
    place = min(range(len(tops)), key=lambda k: costs[-1][k])
    places = [place]
    for i in range(len(lines) - 1, 0, -1):
        place = came_from[i][place]
        places.append(place)
    return places[::-1]


def _toll(before: Line, line: Line) -> float:
    """Return what it costs to part a line from the one right above it."""
    inside = bool(_OPEN_END.search(before.text)) + (line.text[:1].islower())
    return _BREAK_INSIDE_LIST * inside


def _line_height(lines: list[Line]) -> float:
    steps = [b.top - a.top for a, b in pairwise(lines) if b.top > a.top]
    # A column of crosses has one line to an activity.
    usual = min(median(steps), 1.5 * lines[0].size) if steps else 0.0
    return max(usual, lines[0].size, 6.0)
