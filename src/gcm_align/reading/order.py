"""The order of lines on a page: the content stream's, or by columns where that jumps about."""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Anything with a place on the page and a place in the content stream."""

    x0: float
    top: float
    x1: float
    bottom: float
    order: int


T = TypeVar("T", bound=Placed)

# Word and InDesign write text in reading order: three columns make two jumps upwards, a
# text box or two some more. Beyond that the stream follows something else.
_MAX_JUMPS = 4
_MAX_JUMP_SHARE = 0.12
_GUTTER = 9.0  # points: a narrow gutter between columns of text
_COLUMN = 110.0  # points: the narrowest column of prose; cells of a table are narrower
_ACROSS_PAIRS = 4  # lines side by side, in the order of the stream
_SAME_SHARE = 0.7  # of the pairs start at the same two edges
_TOUCH = 1.0  # points: boxes of letters that touch are above each other all the same
_BAND = 4.0  # points: blank height that may part two bands of a page


def in_reading_order(items: list[T]) -> tuple[list[T], str]:
    """
    Put lines and tables of one page into reading order.

    Returns:
        The items, and how the order was found: ``flow`` or ``geometric``.
    """
    flow = sorted(items, key=lambda item: item.order)
    if _runs_across(flow):
        return xy_cut(flow), "geometric"
    jumps = sum(b.top < a.top - 2 * (a.bottom - a.top) for a, b in pairwise(flow))
    if jumps <= max(_MAX_JUMPS, _MAX_JUMP_SHARE * len(flow)):
        return _bands_in_place(_titles_first(flow)), "flow"
    return xy_cut(flow), "geometric"


def _runs_across(flow: list[T]) -> bool:
    """Say whether the stream draws two columns of text line by line across the gutter."""
    pairs = [
        (a, b)
        for a, b in pairwise(flow)
        if abs(a.top - b.top) < 0.5 * (a.bottom - a.top) and b.x0 - a.x1 >= _GUTTER
        and min(a.x1 - a.x0, b.x1 - b.x0) > _COLUMN
    ]  # fmt: skip
    if len(pairs) < _ACROSS_PAIRS:
        return False
    left = sum(abs(a.x0 - pairs[0][0].x0) < 2 * _GUTTER for a, _ in pairs)
    right = sum(abs(b.x0 - pairs[0][1].x0) < 2 * _GUTTER for _, b in pairs)
    return min(left, right) >= _SAME_SHARE * len(pairs)


def _titles_first(flow: list[T]) -> list[T]:
    """Move what the stream draws later, but above all else, to the front: a page's title."""
    groups: list[list[T]] = []
    for item in flow:
        if groups and item.top >= groups[-1][-1].top:
            groups[-1].append(item)
        else:
            groups.append([item])
    titles: list[T] = []
    for group in groups[1:]:
        others = [i.top for g in groups if g is not group for i in g if i not in titles]
        if others and max(i.bottom for i in group) <= min(others):
            titles += group
    return [*titles, *(i for i in flow if i not in titles)]


def _bands_in_place(flow: list[T]) -> list[T]:
    """
    Put what the stream draws late, as a text box, where it stands between two paragraphs.

    Only what has its height of the page for itself moves, and only to a place that parts
    the rest into all above and all below: beside a column it stays where it was drawn.
    """
    runs: list[list[T]] = []
    for item in flow:
        if runs and item.top >= runs[-1][-1].top:
            runs[-1].append(item)
        else:
            runs.append([item])
    for run in runs[1:]:
        top, bottom = min(i.top for i in run), max(i.bottom for i in run)
        own = {id(i) for i in run}
        rest = [i for i in flow if id(i) not in own]
        above = [i for i in rest if i.bottom <= top + _TOUCH]
        below = [i for i in rest if i.top >= bottom - _TOUCH]
        parted = len(above) + len(below) == len(rest)
        if above and below and parted and rest[: len(above)] == above:
            flow = [*above, *run, *below]
    return flow


def xy_cut(items: list[T]) -> list[T]:
    """
    Order boxes by cutting the page at gutters first, then at blank bands.

    Source:
        Nagy & Seth (1984), Hierarchical representation of optically scanned documents.
    """
    if len(items) < 2:
        return items
    gutter = _widest_gap([(i.x0, i.x1) for i in items], _GUTTER)
    if gutter is not None:
        left = [i for i in items if i.x1 <= gutter]
        right = [i for i in items if i.x1 > gutter]
        # Two lines or more on each side make columns; one is a word at the margin.
        if len(left) > 1 and len(right) > 1:
            return xy_cut(left) + xy_cut(right)
    band = _widest_gap([(i.top, i.bottom) for i in items], _BAND)
    if band is not None:
        above = [i for i in items if i.bottom <= band]
        below = [i for i in items if i.bottom > band]
        if above and below:
            return xy_cut(above) + xy_cut(below)
    return sorted(items, key=lambda i: (round(i.top / 3), i.x0))


def _widest_gap(intervals: list[tuple[float, float]], least: float) -> float | None:
    """Return the start of the widest stretch that no interval covers, or None."""
    best, at, reach = least, None, None
    for start, end in sorted(intervals):
        if reach is not None and start - reach >= best:
            best, at = start - reach, reach
        reach = end if reach is None else max(reach, end)
    return at
