"""Text and dates as Word files can hold them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

# What XML 1.0 cannot hold: control characters, halves of surrogate pairs, two non-characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_EPOCH = dt.datetime(2018, 12, 19)  # where a run's date cannot be read; see workbook.FIXED_DATE


def clean(text: str) -> str:
    """Return a text without what XML cannot hold; each such character becomes U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text).replace("\t", " ").replace("\r", " ").replace("\n", " ")


def add_runs(paragraph: Any, text: str, *, bold: bool = False, italic: bool = False) -> None:
    """Append a text in one dress; inherited from the style where nothing is asked for."""
    run = paragraph.add_run(text)
    if bold:
        run.bold = True
    if italic:
        run.italic = True


def timestamp(date: str) -> dt.datetime:
    """Return a run's date in UTC, without fractions, as core properties hold it."""
    try:
        when = dt.datetime.fromisoformat(date)
    except ValueError:
        return _EPOCH
    if when.tzinfo is not None:
        when = when.astimezone(dt.UTC).replace(tzinfo=None)
    return when.replace(microsecond=0)
