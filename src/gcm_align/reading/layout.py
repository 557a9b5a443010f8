"""Mutable working records of the reader: lines, tables and drafts of blocks.

Nothing here leaves ``gcm_align.reading``; the frozen records are in ``gcm_align.types``.
Lengths are PDF points, the origin is the top left of the page as displayed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gcm_align.types import BlockKind, Box


@dataclass(slots=True, kw_only=True)
class Line:
    """A run of words on one baseline."""

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float = 0.0  # of most of its characters
    bold: bool = False
    bullet: bool = False  # a bullet stood before the text and was left out of it
    order: int = 0  # where the page's content stream draws it
    first_width: float = 0.0  # of the first word
    confidence: float | None = None  # mean of its words in [0, 1], None where none was recognised

    @property
    def box(self) -> Box:
        """Return the rectangle of the line."""
        return Box(page=self.page, x0=self.x0, top=self.top, x1=self.x1, bottom=self.bottom)


@dataclass(slots=True, kw_only=True)
class Cell:
    """A cell of a ruled table; ``column`` and ``row`` are of its top left corner."""

    column: int
    row: int
    columns: int = 1  # how many columns it spans
    rows: int = 1  # how many rows it spans
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the cell's text on one line."""
        return join_lines(self.lines)


@dataclass(slots=True, kw_only=True)
class Table:
    """A ruled table on one page."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    edges: list[float]  # left edge of each column, then the right edge of the last
    rows: list[list[Cell]]
    order: int = 0

    @property
    def n_columns(self) -> int:
        """Return the number of columns."""
        return len(self.edges) - 1


@dataclass(slots=True, kw_only=True)
class PageLayout:
    """What was found on one page."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    unmapped: float = 0.0  # share of characters that no one knows the meaning of

    @property
    def has_text(self) -> bool:
        """Say whether anything on the page came out as text."""
        return bool(self.lines or self.tables)


@dataclass(slots=True, kw_only=True)
class Part:
    """Text of a draft that is contiguous on one page."""

    page: int
    text: str
    box: Box | None = None
    column: str = ""  # its heading, in a table row
    index: int = 0  # which column of the table
    confidence: float | None = None  # of its recognised words, None where there is none


@dataclass(slots=True, kw_only=True)
class Draft:
    """A block in the making."""

    kind: BlockKind
    parts: list[Part] = field(default_factory=list)
    level: int = 0
    section: tuple[str, ...] = ()
    lead_in: str = ""
    context: list[Draft] = field(default_factory=list)  # cells at the left of a row
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text of all parts: cells on lines of their own, pages joined."""
        text, previous = "", None
        for part in self.parts:
            if previous is not None:
                text += joint(text, part.text) if self.runs_on(previous, part) else "\n"
            text += part.text
            previous = part
        return text

    def runs_on(self, previous: Part, part: Part) -> bool:
        """Say whether a part goes on with the one before: no new cell starts."""
        in_table = self.kind in {BlockKind.TABLE_ROW, BlockKind.TABLE_HEADER}
        return not in_table or (previous.index == part.index and previous.page != part.page)

    @property
    def bullet(self) -> bool:
        """Say whether the draft began with a bullet."""
        return bool(self.lines) and self.lines[0].bullet

    @property
    def size(self) -> float:
        """Return the font size of the first line in points, 0 where there is none."""
        return self.lines[0].size if self.lines else 0.0

    @property
    def bold(self) -> bool:
        """Say whether every line is bold."""
        return bool(self.lines) and all(line.bold for line in self.lines)


SOFT_HYPHEN = "\u00ad"  # at a line's end: it parts a word and is dropped in joining
_HYPHENS = f"-\u2010{SOFT_HYPHEN}"


def joint(left: str, right: str) -> str:
    """Return what stands between two pieces of running text: a blank, or nothing."""
    hyphenated = left[-1:] in _HYPHENS and left[-2:-1].isalpha() and right[:1].isalpha()
    return "" if hyphenated else " "


def join_lines(lines: list[Line]) -> str:
    """Join lines into running text; only white space and soft hyphens are lost."""
    text = ""
    for line in lines:
        if text.endswith(SOFT_HYPHEN):
            text = text[:-1] + line.text
        else:
            text += (joint(text, line.text) if text else "") + line.text
    return text.replace(SOFT_HYPHEN, "-")  # the rest of the word stands elsewhere


def bounding_box(lines: list[Line]) -> Box:
    """Return the smallest rectangle around lines of one page."""
    return Box(
        page=lines[0].page,
        x0=min(line.x0 for line in lines),
        top=min(line.top for line in lines),
        x1=max(line.x1 for line in lines),
        bottom=max(line.bottom for line in lines),
    )


def parts_by_page(lines: list[Line], column: str = "", index: int = 0) -> list[Part]:
    """Cut lines in reading order into one part for each run of lines on a page."""
    parts: list[Part] = []
    run: list[Line] = []
    for line in lines:
        if run and run[-1].page != line.page:
            parts.append(_part(run, column, index))
            run = []
        run.append(line)
    if run:
        parts.append(_part(run, column, index))
    return parts


def _part(lines: list[Line], column: str, index: int) -> Part:
    return Part(
        page=lines[0].page,
        text=join_lines(lines),
        box=bounding_box(lines),
        column=column,
        index=index,
        confidence=mean_confidence([(line.confidence, line.text) for line in lines]),
    )


def mean_confidence(pieces: list[tuple[float | None, str]]) -> float | None:
    """Return the mean confidence over the words of recognised pieces, None where none is."""
    known = [(value, len(text.split())) for value, text in pieces if value is not None]
    words = sum(n for _, n in known)
    return round(sum(value * n for value, n in known) / words, 4) if words else None
