"""A reliability diagram and a risk-coverage curve, as pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.evaluation.coding import CodingEvaluation

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (5.0, 5.0)  # inches
DOTS = 120  # an inch
MOST_RISK = 0.10  # the method's bound on accepted verdicts


def draw_pictures(result: CodingEvaluation, folder: Path) -> tuple[Path, ...]:
    """
    Write ``reliability.png`` and ``risk-coverage.png`` into a folder; return their paths.

    The same figures give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return (
        _picture(folder / "reliability.png", lambda axes: _reliability(axes, result)),
        _picture(folder / "risk-coverage.png", lambda axes: _risk_coverage(axes, result)),
    )


def _picture(path: Path, draw: Callable[[Axes], None]) -> Path:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, dpi=DOTS, layout="constrained")
    FigureCanvasAgg(figure)
    draw(figure.add_subplot())
    figure.savefig(path, metadata={"Software": None})
    return path


def _reliability(axes: Axes, result: CodingEvaluation) -> None:
    bins = result.chances.bins
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="keeps its word")
    axes.scatter(
        [b.said for b in bins], [b.was for b in bins], s=[12 + 4 * b.n for b in bins],
        color="#1f5f8b", label="pairs of one bin",
    )  # fmt: skip
    for item in bins:
        axes.annotate(
            str(item.n), (item.said, item.was), textcoords="offset points", xytext=(9, -3)
        )
    axes.set(
        xlim=(0, 1), ylim=(-0.03, 1.03),
        xlabel="probability above gap, as published",
        ylabel="share that the coder found above gap",
        title=f"{result.n} pairs; calibration error {result.chances.calibration_error:.3f}",
    )  # fmt: skip
    axes.legend(loc="upper left")


def _risk_coverage(axes: Axes, result: CodingEvaluation) -> None:
    axes.plot(result.coverage, result.risk, color="#1f5f8b", label="surest verdicts first")
    axes.axhline(MOST_RISK, color="0.6", linestyle="--", label="one in ten wrong")
    axes.axvline(1 - result.review_share, color="#8b4a1f", linestyle=":", label="accepted here")
    axes.set(
        xlim=(0, 1), ylim=(0, max(0.5, *result.risk) if result.risk else 0.5),
        xlabel="share of the verdicts accepted",
        ylabel="share of them that is wrong",
        title=f"{100 * (1 - result.review_share):.0f} % of {result.n} accepted",
    )  # fmt: skip
    axes.legend(loc="upper left")
