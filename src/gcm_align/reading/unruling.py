"""Long level rules taken out of a picture before its words are recognised.

A rule that touches letters, or that a scanner has tilted or broken into dots, is read as part
of the line above it, and the line below it is lost: a page number under the rule of a foot.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gcm_align.reading.tesseract import Picture

Mask = npt.NDArray[np.bool_]

_DARK = 128
_LENGTH = 0.5  # inches: no letter is as long, and a tilted rule is level over as much
_FILLED = 0.85  # of that length is dark; of a line of letters less than half is
_THICKEST = 0.1  # inches: what is thicker is a dark field, which may hold white letters
_BESIDE = 0.2  # inches, above and below apart, that tell paper from a dark field or a photograph
_PAPER = 0.5  # of either is dark at most; a rule and a line of bold letters beside it are less
_RIM = 2  # pixels above and below, where a rule frays


def without_rules(picture: Picture) -> Picture:
    """Return a picture whose long level rules are white, the same one where it has none."""
    tones = np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)
    length = max(1, round(_LENGTH * picture.dpi))
    if length > picture.width:
        return picture
    counts = _window_sums(tones < _DARK, length)
    filled = (counts >= _FILLED * length) & _on_paper(counts, length, round(_BESIDE * picture.dpi))
    rows = np.flatnonzero(filled.any(axis=1))
    if not rows.size:
        return picture
    # The rows about them alone: the rest of the page need not be looked at again.
    first, last = max(0, int(rows[0]) - _RIM), min(picture.height, int(rows[-1]) + _RIM + 1)
    part = np.pad(filled[first:last], ((0, 0), (length - 1, length - 1)))
    rules = _thin(_window_sums(part, length) > 0, max(1, round(_THICKEST * picture.dpi)))
    for _ in range(_RIM):
        rules[1:] |= rules[:-1].copy()
        rules[:-1] |= rules[1:].copy()
    cleaned = tones.copy()
    cleaned[first:last][rules] = 255
    return replace(picture, pixels=cleaned.tobytes())


def _on_paper(counts: npt.NDArray[np.int32], length: int, height: int) -> Mask:
    """Say of each window whether above and below it is paper. Shape: that of the counts."""
    sums = np.cumsum(np.pad(counts, ((height, height - 1), (0, 0))), axis=0, dtype=np.int32)
    # Of the rows from each on, so many; those that end with it stand as many rows before.
    fields = sums[height:] - sums[:-height]
    light = fields <= _PAPER * length * height
    paper: Mask = light[: 1 - height] & light[height - 1 :]
    return paper


def _window_sums(mask: Mask, length: int) -> npt.NDArray[np.int32]:
    """Count in each row, from each column on. Shape: (rows, columns - length + 1)."""
    sums = np.zeros((mask.shape[0], mask.shape[1] + 1), dtype=np.int32)
    np.cumsum(mask, axis=1, out=sums[:, 1:])
    counts: npt.NDArray[np.int32] = sums[:, length:] - sums[:, :-length]
    return counts


def _thin(mask: Mask, most: int) -> Mask:
    """Return what of a mask is at most so many rows thick."""
    kept = mask.T
    if mask.shape[0] > most:
        # Every pixel of a run of more than `most` rows lies in a window that is full.
        full = _window_sums(kept, most + 1) == most + 1
        thick = _window_sums(np.pad(full, ((0, 0), (most, most))), most + 1) > 0
        kept = kept & ~thick
    return np.ascontiguousarray(kept.T)
