"""The figures of a report as PNG and SVG: the bytes depend on the report alone.

Levels are drawn in five ordered tints with their number in every part, needs review with
dots, not counted with a hatch, not applicable with a lattice: they can be told apart in
grey and without colours. Each figure carries words that say all it shows.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from gcm_align.figures import MEASURES, Tally
from gcm_align.reporting import narrative_wording as words
from gcm_align.reporting.marks import (
    NOT_APPLICABLE_KEY,
    NOT_COUNTED_KEY,
    REVIEW_KEY,
    STATES,
    bar,
    bar_words,
)
from gcm_align.reporting.numbers import count_range, share_words
from gcm_align.reporting.palette import DARK, LINE, PAPER, RED, SOFT, TINTS
from gcm_align.reporting.story import Picture
from gcm_align.translating import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from gcm_align.reporting.view import DocumentView, View

WIDTH = 7.2  # inches: the text's width on A4
DPI = 160
HATCHES = {REVIEW_KEY: "....", NOT_COUNTED_KEY: "////", NOT_APPLICABLE_KEY: "xxxx"}
# Text as paths, fixed names inside the SVG: any viewer shows it, and the bytes stay.
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "gcm-align",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "hatch.linewidth": 0.5,
    "hatch.color": SOFT,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_LABEL_SHARE = 0.035  # of a bar: a narrower part has no room for its number


def draw_pictures(view: View) -> tuple[Picture, ...]:
    """
    Draw every figure of a report.

    Returns:
        One bar chart of levels for each document; with several documents also the heatmap;
        the round tables where the framework has them; the three measures.
    """
    pictures = [_levels(number, document, view) for number, document in enumerate(view.documents)]
    if len(view.documents) > 1:
        pictures.append(_heatmap(view))
    if len(view.groups) > 1:
        pictures.append(_round_tables(view))
    return (*pictures, _measures(view))


def drawn(
    name: str, caption: str, alt: str, height: float, draw: Callable[[Figure], None]
) -> Picture:
    """Draw one figure in both formats, without dates or versions inside."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        draw(figure)
        figure.draw_without_rendering()  # lay out once for both formats
        figure.set_layout_engine("none")
        png, svg = io.BytesIO(), io.BytesIO()
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None, "Title": caption})
        figure.savefig(
            svg, format="svg", metadata={"Date": None, "Title": caption, "Description": alt}
        )
    return Picture(name=name, caption=caption, alt=alt, png=png.getvalue(), svg=svg.getvalue())


def _levels(number: int, document: DocumentView, view: View) -> Picture:
    rows = [
        (f"{o.number} {o.label}", document.figures.objectives[o.number])
        for group in view.groups
        for o in group.objectives
    ]
    rows.append((_(words.ALL_ACTIONS), document.figures.total))
    caption = _(words.PICTURES["levels"]).format(label=document.figures.label)
    alt = _(words.ALT_LEVELS).format(bars=_said(rows))
    return drawn(f"levels-{number + 1}", caption, alt, 6.6, lambda f: _bars(f, rows, scaled=True))


def _round_tables(view: View) -> Picture:
    rows = [
        (f"{_table_name(group.number, group.theme)}\n{d.figures.label}", d.groups[place])
        for place, group in enumerate(view.groups)
        for d in view.documents
    ]
    alt = _(words.ALT_LEVELS).format(bars=_said(rows))
    height = 0.9 + 0.42 * len(rows)
    return drawn(
        "round-tables",
        _(words.PICTURES["round_tables"]),
        alt,
        height,
        lambda f: _bars(f, rows, scaled=False),
    )


def _table_name(number: str, theme: str) -> str:
    return _(words.ROUND_TABLE).format(number=number, theme=theme)


def _said(rows: Iterable[tuple[str, Tally]]) -> str:
    said = [
        _(words.ALT_BAR).format(name=" ".join(name.split()), words=bar_words(counts))
        for name, counts in rows
    ]
    return "; ".join(said)


def _bars(figure: Figure, rows: list[tuple[str, Tally]], *, scaled: bool) -> None:
    """Draw stacked bars, each as long as the axis where ``scaled``, else by its count."""
    axes = figure.add_subplot()
    longest = max(sum(part.count for part in bar(counts)) for _name, counts in rows) or 1
    for place, (_name, counts) in enumerate(rows):
        total = sum(part.count for part in bar(counts))
        stretch = 100 if scaled else 100 * total / longest
        for part in bar(counts):
            _part(axes, place, part, stretch / 100)
        if counts.contradiction:
            axes.text(
                stretch + 1,
                place,
                f"▲{counts.contradiction}",
                color=RED,
                va="center",
                weight="bold",
            )
    axes.set_yticks(range(len(rows)), [name for name, _ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, 106)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    _legend(figure)


def _part(axes: Axes, place: int, part: Any, stretch: float) -> None:
    fill, ink = TINTS[part.state.key]
    axes.barh(
        place,
        part.width * stretch,
        left=part.x * stretch,
        height=0.78,
        color=fill,
        edgecolor=SOFT,
        linewidth=0.5,
        hatch=HATCHES.get(part.state.key),
    )
    if part.width * stretch / 100 >= _LABEL_SHARE / (3 if part.count < 10 else 1.5):
        box = {"boxstyle": "square,pad=0.1", "facecolor": fill, "edgecolor": "none"}
        axes.text(
            (part.x + part.width / 2) * stretch,
            place,
            str(part.count),
            ha="center",
            va="center",
            color=ink,
            size=7,
            bbox=box if part.state.key in HATCHES else None,
        )


def _legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(
            facecolor=TINTS[state.key][0],
            edgecolor=SOFT,
            hatch=HATCHES.get(state.key),
            label=f"{state.sign} {_(state.name)}",
        )
        for state in STATES
    ]
    handles.append(Patch(facecolor=PAPER, edgecolor=PAPER, label=_(words.FLAG_TITLE["C2"])))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, frameon=False, fontsize=7)


def _heatmap(view: View) -> Picture:
    objectives = [o for group in view.groups for o in group.objectives]
    rows = [
        (f"{o.number} {o.label}", [d.figures.objectives[o.number] for d in view.documents])
        for o in objectives
    ]
    labels = [d.figures.label for d in view.documents]
    said = "; ".join(
        f"{name}: "
        + ", ".join(
            f"{label} {count_range(counts.reached['breadth'])} ({counts.n})"
            for label, counts in zip(labels, cells, strict=True)
        )
        for name, cells in rows
    )
    alt = _(words.ALT_HEATMAP).format(rows=said)
    caption = _(words.PICTURES["heatmap"])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        for place, (_name, cells) in enumerate(rows):
            for column, counts in enumerate(cells):
                _square(axes, column, place, counts)
        axes.set_xlim(0, len(labels))
        axes.set_ylim(len(rows), 0)
        axes.set_yticks([y + 0.5 for y in range(len(rows))], [name for name, _ in rows])
        axes.set_xticks(
            [x + 0.5 for x in range(len(labels))], [_folded(label) for label in labels], size=7
        )
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
        figure.supxlabel(_(words.HEATMAP_NOTE), size=7, color=SOFT)

    return drawn("heatmap", caption, alt, 1.2 + 0.27 * len(rows), draw)


def _folded(label: str) -> str:
    """Break a long file name where it has a hyphen, for a narrow column."""
    lines = [""]
    for piece in label.replace("-", "-\0").replace("_", "_\0").split("\0"):
        if len(lines[-1]) + len(piece) > 20 and lines[-1]:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _square(axes: Axes, column: int, place: int, counts: Tally) -> None:
    """Draw one cell: a tint by the share reached, the count in figures."""
    from matplotlib.patches import Rectangle

    share = counts.shares["breadth"].lower
    # Five steps: none, up to a quarter, half, three quarters, all; as the levels' tints.
    step = 0 if share == 0 else min(4, 1 + int(share * 4 - 1e-9))
    fill, ink = TINTS[str(step)]
    axes.add_patch(Rectangle((column, place), 1, 1, facecolor=fill, edgecolor=PAPER, linewidth=1.5))
    text = f"{counts.reached['breadth'][0]} / {counts.n}"
    text += f"   ●{counts.needs_review}" if counts.needs_review else ""
    axes.text(column + 0.5, place + 0.5, text, ha="center", va="center", color=ink, size=7.5)
    if counts.contradiction:
        axes.text(
            column + 0.97,
            place + 0.5,
            f"▲{counts.contradiction}",
            ha="right",
            va="center",
            color=PAPER,
            size=7,
            weight="bold",
            bbox={"boxstyle": "square,pad=0.15", "facecolor": RED, "edgecolor": "none"},
        )


def _measures(view: View) -> Picture:
    said = "; ".join(
        _(words.ALT_BAR).format(
            name=d.figures.label,
            words=", ".join(
                f"{_(name)} {share_words(d.figures.total.shares[name])}" for name in MEASURES
            ),
        )
        for d in view.documents
    )
    caption = _(words.PICTURES["measures"])

    def draw(figure: Figure) -> None:
        axes = figure.add_subplot()
        rows = [(d, name) for d in view.documents for name in MEASURES]
        for place, (d, name) in enumerate(rows):
            _measure(axes, place, d.figures.total, name)
        names = [
            f"{d.figures.label}  {_(words.MEASURES_SHORT[name])}"
            if name == "breadth"
            else _(words.MEASURES_SHORT[name])
            for d, name in rows
        ]
        axes.set_yticks(range(len(rows)), names)
        axes.invert_yaxis()
        axes.set_xlim(0, 112)
        axes.set_xlabel(_(words.AXIS_SHARE))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
        _measure_legend(figure)

    alt = _(words.ALT_MEASURES).format(rows=said)
    return drawn("measures", caption, alt, 1.1 + 0.75 * len(view.documents), draw)


def _measure(axes: Axes, place: int, counts: Tally, name: str) -> None:
    share = counts.shares[name]
    lower, upper = 100 * share.lower, 100 * share.upper
    axes.barh(place, lower, height=0.7, color=DARK)
    axes.barh(
        place,
        upper - lower,
        left=lower,
        height=0.7,
        color=PAPER,
        edgecolor=SOFT,
        linewidth=0.5,
        hatch=HATCHES[REVIEW_KEY],
    )
    label = f"{share_words(share)}  ({count_range(counts.reached[name])} / {counts.n})"
    axes.text(max(upper, 0) + 1, place, label, va="center", size=7)


def _measure_legend(figure: Figure) -> None:
    from matplotlib.patches import Patch

    handle = Patch(
        facecolor=PAPER, edgecolor=SOFT, hatch=HATCHES[REVIEW_KEY], label=_(words.REVIEW_RANGE)
    )
    figure.legend(handles=[handle], loc="outside lower right", frameon=False, fontsize=7)
