"""Words parted at line ends: "pro-" above "tection" becomes "protection" where that is sure.

Sure means that the whole word stands elsewhere in the document, unhyphenated; otherwise the
hyphen stays, since "gender-" above "sensitive" must not become one word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from gcm_align.reading.layout import SOFT_HYPHEN, Line, PageLayout

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_LAST = re.compile(r"([^\W\d_]+)[-\u2010]$")
_FIRST = re.compile(r"[^\W\d_]+")


def close_hyphens(layouts: list[PageLayout]) -> None:
    """Put a soft hyphen, which joining drops, for each hyphen that only parts a word."""
    known: Counter[str] = Counter()
    for run in _runs(layouts):
        for line in run:
            known.update(word.lower() for word in _WORD.findall(line.text))
    for run in _runs(layouts):
        for line, after in pairwise(run):
            left, right = _LAST.search(line.text), _FIRST.match(after.text)
            if left is None or right is None or not right.group().islower():
                continue
            whole = f"{left.group(1)}{right.group()}".lower()
            compound = f"{left.group(1)}-{right.group()}".lower()
            if known[whole] > known[compound]:
                line.text = line.text[:-1] + SOFT_HYPHEN


def _runs(layouts: list[PageLayout]) -> Iterator[list[Line]]:
    """Yield the lines of each page, then those of each table cell, in order."""
    for layout in layouts:
        yield sorted(layout.lines, key=lambda line: line.order)
        for table in layout.tables:
            for row in table.rows:
                yield from (cell.lines for cell in row)
