"""Agreement of two coders."""

from __future__ import annotations

from typing import Any

import numpy as np


def ordinal_alpha(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> float:
    """
    Krippendorff's alpha for two coders and ordered levels, nothing missing.

    Args:
        first: Levels 0 to 4 by one coder. Shape: (n_units,).
        second: By the other. Shape: (n_units,).

    Returns:
        1 for perfect agreement, 0 for chance; nan where nothing varies.

    Source:
        Krippendorff (2011), Computing Krippendorff's Alpha-Reliability.
    """
    size = int(max(first.max(initial=0), second.max(initial=0))) + 1
    coincidences = np.zeros((size, size))
    np.add.at(coincidences, (first, second), 1)
    np.add.at(coincidences, (second, first), 1)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    between = np.cumsum(totals)
    rows, columns = np.indices((size, size))
    low, high = np.minimum(rows, columns), np.maximum(rows, columns)
    spread = between[high] - between[low] + totals[low] - (totals[low] + totals[high]) / 2
    distance = spread**2
    np.fill_diagonal(distance, 0)
    expected = (np.outer(totals, totals) * distance).sum() / (n - 1) if n > 1 else 0.0
    if not expected:
        return float("nan")
    return float(1 - (coincidences * distance).sum() / expected)
