"""Every table of a report as a frame, long and wide, for pandas and R.

``data/README.md`` documents the columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gcm_align.coverage import (
    FIGURES_COLUMNS,
    evidence_frame,
    figures_frame,
    gaps_frame,
    matrix_frame,
    principles_frame,
)

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import Report

_ID_COLUMNS = ["document", "scope"]


def all_frames(report: Report, framework: Framework) -> dict[str, pd.DataFrame]:
    """Return each table by the name of its file."""
    return {
        "matrix": matrix_frame(report, framework),
        "levels": levels_frame(report, framework),
        "figures": long_figures(report, framework),
        "gaps": gaps_frame(report, framework),
        "evidence": evidence_frame(report),
        "principles": principles_frame(report, framework),
    }


def levels_frame(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return the wide table of levels: a row an action, three columns a document.

    ``NAME`` is the level, empty where it needs review; ``NAME: suggested`` the level that a
    review starts from; ``NAME: flag`` C1, C2 or empty.

    Returns:
        Shape: (n_actions, 3 + 3 * n_documents).
    """
    matrix = matrix_frame(report, framework)
    wide = matrix[["action", "objective", "action_text"]].drop_duplicates("action")
    wide = wide.set_index("action")
    for document in dict.fromkeys(matrix["document"]):
        own = matrix[matrix["document"] == document].set_index("action")
        wide[document] = own["level"]
        wide[f"{document}: suggested"] = own["suggested_level"]
        wide[f"{document}: flag"] = own["contradiction"]
    return wide.reset_index()


def long_figures(report: Report, framework: Framework) -> pd.DataFrame:
    """
    Return every figure in a row of its own.

    Returns:
        Columns document, scope (headline, all actions, objective N), figure, value. A
        figure that must not be shown has no row.
    """
    wide = figures_frame(report, framework)
    figures = list(FIGURES_COLUMNS[len(_ID_COLUMNS) :])
    long = wide.reset_index(names="row").melt(
        id_vars=["row", *_ID_COLUMNS], value_vars=figures, var_name="figure", value_name="value"
    )
    # The order of the wide table: scope by scope, within it figure by figure.
    long["place"] = long["figure"].map({name: place for place, name in enumerate(figures)})
    long = long.sort_values(["row", "place"], kind="stable").dropna(subset=["value"])
    return (
        long[[*_ID_COLUMNS, "figure", "value"]].astype({"value": "float64"}).reset_index(drop=True)
    )
