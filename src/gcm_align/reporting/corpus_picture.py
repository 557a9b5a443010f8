"""Coverage of a corpus as one picture: a bar for each country, year or both, never ranked.

Levels stand from weak to strong in the five ordered tints of :mod:`palette`, each part with
its number, needs review with dots: the bars can be read in grey and without colours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gcm_align.errors import UsageError
from gcm_align.reporting.marks import REVIEW_KEY
from gcm_align.reporting.palette import LINE, TINTS
from gcm_align.reporting.pictures import HATCHES, drawn
from gcm_align.types import Level

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BAR = 0.34  # inches of height for each bar
_ROOM = 1.1  # inches for the axis and the key
_LABEL_SHARE = 0.03  # of a bar: a narrower part has no room for its number
_FORMATS = (".png", ".svg")
CAPTION = "Actions by the best level of the texts; texts, not practice, and never a ranking"

# Column of a row of the answer, and the key of its tint.
_PARTS = (*((level.label, str(int(level))) for level in Level), ("needs_review", REVIEW_KEY))


def check_plot(path: Path) -> Path:
    """
    Return the path of a picture that can be drawn.

    Raises:
        UsageError: Its ending names another format.
    """
    if path.suffix.lower() in _FORMATS:
        return path
    raise UsageError(
        "The plot cannot be drawn in this format",
        value=path.name,
        expected="a name that ends in " + " or ".join(_FORMATS),
        hint="Give --plot coverage.png.",
    )


def draw_coverage(rows: Sequence[Mapping[str, Any]], by: Sequence[str], path: Path) -> bytes:
    """
    Draw what ``corpus coverage`` answered, one bar for each row in its order.

    Args:
        rows: With the count of each level, ``needs_review``, ``n``, ``documents``, ``unread``.
        by: The columns that name a row.
        path: Its ending says the format; see check_plot().

    Returns:
        The picture; the same rows give the same bytes.
    """
    names = [_name(row, by) for row in rows]
    alt = "; ".join(f"{name}: {_words(row)}" for name, row in zip(names, rows, strict=True))

    def draw(figure: Figure) -> None:
        _draw(figure, rows, names)

    picture = drawn("coverage", CAPTION, alt, _ROOM + _BAR * max(1, len(rows)), draw)
    return picture.svg if path.suffix.lower() == ".svg" else picture.png


def _name(row: Mapping[str, Any], by: Sequence[str]) -> str:
    """Return the label of a bar: its group, its documents, and what of them was not read."""
    unread = f", {row['unread']} unread" if row["unread"] else ""
    group = ", ".join(str(row[column]) for column in by) or "all"
    return f"{group} ({row['documents']}{unread})"


def _words(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{row[column]} {column.replace('_', ' ')}" for column, _ in _PARTS)


def _draw(figure: Figure, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    axes = figure.subplots()
    left = [0] * len(rows)
    most = max((row["n"] for row in rows), default=1) or 1
    for column, key in _PARTS:
        paper, ink = TINTS[key]
        widths = [row[column] for row in rows]
        axes.barh(
            range(len(rows)), widths, left=left, height=0.72, color=paper, edgecolor=LINE,
            linewidth=0.6, hatch=HATCHES.get(key), label=column.replace("_", " "),
        )  # fmt: skip
        for at, width in enumerate(widths):
            if width >= _LABEL_SHARE * most:
                axes.text(
                    left[at] + width / 2,
                    at,
                    str(width),
                    color=ink,
                    ha="center",
                    va="center",
                    bbox={"color": paper, "pad": 0.8},
                )
        left = [start + width for start, width in zip(left, widths, strict=True)]
    axes.set_yticks(range(len(rows)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, most)
    axes.set_xlabel("actions")
    axes.tick_params(axis="y", length=0)
    figure.legend(loc="outside upper center", ncols=len(_PARTS), frameon=False, handlelength=1.2)
