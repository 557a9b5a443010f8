"""How a highlight looks: a tint by level and a line under it that differs without colour.

Mentioned: a tint alone; partial: a thin line; addressed: a thick line; operationalised:
a double line; needs review: a dashed line and no tint; C1: a dashed frame; C2: a red
frame. Tints are multiplied with the page, so that its words stay readable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

from gcm_align.reporting.palette import DARK, INK, RED, RED_PANEL, SOFT, TINTS

if TYPE_CHECKING:
    from gcm_align.reading.locating import PageBox

QUARTER = 90  # degrees: the page's left edge is at the top
MARGIN = 3.0  # points around the lines, for frames and underlines
# Fill and line by state. Level 4's own tint is too dark to read through: its line has it.
DRESS = {
    "0": (TINTS["0"][0], SOFT),
    "1": (TINTS["1"][0], SOFT),
    "2": (TINTS["2"][0], DARK),
    "3": (TINTS["3"][0], DARK),
    "4": (TINTS["3"][0], DARK),
    "C1": ("#FFFFFF", INK),
    "C2": (RED_PANEL, RED),
}
UNSURE = ("#FFFFFF", SOFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The drawn form of a highlight."""

    form: Any
    rectangle: Any
    colour: list[float]


def appearance(pdf: pikepdf.Pdf, boxes: Sequence[PageBox], state: str) -> Frame:
    """Return the drawing of a highlight in the page's own coordinates."""
    fill, line = DRESS.get(state, UNSURE)
    rectangle = pikepdf.Array(
        [
            round(min(box.left for box in boxes) - MARGIN, 2),
            round(min(box.bottom for box in boxes) - MARGIN, 2),
            round(max(box.right for box in boxes) + MARGIN, 2),
            round(max(box.top for box in boxes) + MARGIN, 2),
        ]
    )
    drawing = ["/Multiply gs", _ink(fill, "rg"), _ink(line, "RG")]
    for box in boxes:
        width, height = box.right - box.left, box.top - box.bottom
        drawing.append(f"{box.left:.2f} {box.bottom:.2f} {width:.2f} {height:.2f} re f")
        drawing += _lines(box, state)
    form = pikepdf.Stream(pdf, "\n".join(drawing).encode())
    form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
    form.BBox = rectangle
    mode = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, BM=pikepdf.Name.Multiply)
    form.Resources = pikepdf.Dictionary(ExtGState=pikepdf.Dictionary(Multiply=mode))
    return Frame(form=pdf.make_indirect(form), rectangle=rectangle, colour=_rgb(fill))


def _lines(box: PageBox, state: str) -> list[str]:
    """Return the line under a box, or the frame around it."""
    if state in ("C1", "C2"):
        width, height = box.right - box.left, box.top - box.bottom
        dash = "[] 0 d 1.2 w" if state == "C2" else "[3 2] 0 d 0.9 w"
        return [dash, f"{box.left:.2f} {box.bottom:.2f} {width:.2f} {height:.2f} re S"]
    if state == "4":
        return ["[] 0 d 0.8 w", _under(box, 0), _under(box, 1.6)]
    if state in ("2", "3"):
        return [f"[] 0 d {0.7 if state == '2' else 1.5} w", _under(box, 0)]
    return ["[1.5 1.5] 0 d 0.9 w", _under(box, 0)] if state not in DRESS else []


def _under(box: PageBox, away: float) -> str:
    """Return a line under the words as their reader sees them, however the page is turned."""
    if box.turned % 180:
        x = box.right + away if box.turned == QUARTER else box.left - away
        return f"{x:.2f} {box.bottom:.2f} m {x:.2f} {box.top:.2f} l S"
    y = box.bottom - away if not box.turned else box.top + away
    return f"{box.left:.2f} {y:.2f} m {box.right:.2f} {y:.2f} l S"


def _rgb(colour: str) -> list[float]:
    return [round(int(colour[i : i + 2], 16) / 255, 4) for i in (1, 3, 5)]


def _ink(colour: str, operator: str) -> str:
    return " ".join([*(f"{value:.4f}" for value in _rgb(colour)), operator])
