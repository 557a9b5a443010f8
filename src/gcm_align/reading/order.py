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
_BAND = 4.0  # points: blank height that may part two bands of a page


def in_reading_order(items: list[T]) -> tuple[list[T], str]:
    """
    Put lines and tables of one page into reading order.

    Returns:
        The items, and how the order was found: ``flow`` or ``geometric``.
    """
    flow = sorted(items, key=lambda item: item.order)
    jumps = sum(b.top < a.top - 2 * (a.bottom - a.top) for a, b in pairwise(flow))
    if jumps <= max(_MAX_JUMPS, _MAX_JUMP_SHARE * len(flow)):
        return _titles_first(flow), "flow"
    return xy_cut(flow), "geometric"


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
