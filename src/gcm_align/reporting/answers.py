"""Answers of a corpus as a table on the terminal, as CSV or as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

from gcm_align.coverage import NEEDS_REVIEW
from gcm_align.figures import Share
from gcm_align.reporting.numbers import share_words, terminal_style
from gcm_align.reporting.tables import inert

QUOTE_CHARS = 160  # of a quote on the screen; CSV and JSON hold all of it


def to_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV in which no text cell is a formula; what is missing is empty."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([inert(row[name]) for name in columns] for row in rows)
    return sink.getvalue()


def to_json(rows: Sequence[Mapping[str, Any]], warnings: Sequence[str]) -> str:
    """Return rows as JSON with what must be said of them."""
    data = {"warnings": list(warnings), "rows": [dict(row) for row in rows]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def to_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> Table:
    """
    Return rows for a terminal; text from documents is never markup.

    A pair of columns ``X_lower`` and ``X_upper`` becomes one range in percent.
    """
    table = Table(box=SIMPLE)
    for name in columns:
        if not name.endswith("_upper"):
            number = any(isinstance(row[name], (int, float)) for row in rows)
            heading = name.removesuffix("_lower").replace("_", " ")
            table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for row in rows:
        cells = [_cell(row, name) for name in columns if not name.endswith("_upper")]
        table.add_row(*(Text(cell) for cell in cells))
    return table


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if name.endswith("_lower"):
        upper = row[name.removesuffix("_lower") + "_upper"]
        return (
            "none"
            if value is None
            else share_words(Share(lower=value, upper=upper), terminal_style())
        )
    if value is None:
        return NEEDS_REVIEW if name == "verdict" else ""
    if isinstance(value, float):
        return f"{value:.2f}"
    words = " ".join(str(value).split())
    return words if len(words) <= QUOTE_CHARS else f"{words[: QUOTE_CHARS - 1]}…"
