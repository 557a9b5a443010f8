"""The body of an OpenDocument text to drafts: headings, items, tables, notes, frames."""

from __future__ import annotations

import re

from gcm_align.reading.layout import Cell, Draft
from gcm_align.reading.marked import (
    cell,
    heading_or_clause,
    is_layout,
    note_draft,
    numbered,
    table_drafts,
    text_draft,
)
from gcm_align.reading.marked_body import MarkedBody
from gcm_align.reading.opendocument_lists import LEVELS, OUTLINE, Counts, Lists
from gcm_align.reading.opendocument_styles import OpenStyle, OpenStyles
from gcm_align.reading.opendocument_text import OpenPlace, OpenWords, read_open_words
from gcm_align.reading.xmltree import Element, descendants, local, value, whole
from gcm_align.types import BlockKind

_MAX_SPAN = 200  # columns or rows: more is no table that anyone reads
_CONTENTS = re.compile(r"^contents\b|^table of contents|index heading$|^user index")
_INDEXES = frozenset(
    {
        "table-of-content", "illustration-index", "table-index", "object-index", "user-index",
        "alphabetical-index",
    }
)  # fmt: skip
_CAPTIONS = frozenset({"caption", "illustration", "table", "figure", "drawing"})


class OpenBodyReader(MarkedBody):
    """Goes through the blocks of a text in order, and counts as a viewer does."""

    def __init__(self, text: Element, styles: OpenStyles, lists: Lists) -> None:
        self._place = OpenPlace()
        super().__init__(self._place)
        self._root = text
        self._styles = styles
        self._lists = lists
        self._contents = False
        self._place.paged = any(True for _ in descendants(text, "soft-page-break"))
        for region in descendants(text, "changed-region"):
            kinds = [local(own) for own in region]
            for key in (value(region, "id"), value(region, "change-id")):
                self._place.regions[key] = kinds[0] if kinds else ""

    def read_body(self) -> None:
        """Read the body into ``drafts``."""
        self._blocks(self._root)

    def _edge_text(self, paragraph: Element) -> str:
        return self._plain(paragraph).text

    def _plain(self, paragraph: Element) -> OpenWords:
        """Return the words of a paragraph that stands on no page of the body."""
        return read_open_words(paragraph, OpenPlace(), self._styles, OpenStyle())

    def _blocks(self, element: Element) -> None:
        for own in element:
            self._block(own)

    def _block(self, own: Element) -> None:
        name = local(own)
        if name in {"p", "h"}:
            self._paragraph(own)
        elif name == "list":
            self._list(own)
        elif name == "table":
            self._table(own)
        elif name == "soft-page-break":
            self._place.page += 1
        elif name in _INDEXES:
            outer, self._contents = self._contents, True
            self._blocks(own)
            self._contents = outer
        elif name == "section" and value(own, "display") == "none":
            self._place.changes["hidden"] += 1
        elif name != "tracked-changes" and not name.endswith("-source"):
            self._blocks(own)

    # --- lists

    def _list(
        self, element: Element, at: int = 0, style: str = "", counts: Counts | None = None
    ) -> None:
        style = value(element, "style-name", style)
        counts = self._lists.begin(element, style) if counts is None else counts
        at = min(at, LEVELS - 1)
        for item in element:
            fresh = local(item) == "list-item"  # its first paragraph has the number
            start = whole(value(item, "start-value"), -1)
            for own in item:
                if local(own) == "list":
                    self._list(own, at + 1, style, counts)
                elif local(own) in {"p", "h"} and fresh:
                    number = self._lists.number(counts, style, at, start if start >= 0 else None)
                    self._paragraph(own, number, at, bullet=self._lists.is_bullet(style, at))
                    fresh = False
                elif local(own) in {"p", "h"}:
                    self._paragraph(own, "", at)
                else:
                    self._block(own)

    # --- paragraphs

    def _paragraph(
        self, paragraph: Element, number: str | None = None, at: int = 0, *, bullet: bool = False
    ) -> None:
        """Read a paragraph; ``number`` is that of its list, None where it is in none."""
        style = self._styles.get(value(paragraph, "style-name"))
        self._place.page += self._breaks(style.breaks_before)
        words = read_open_words(paragraph, self._place, self._styles, style)
        if words.text:
            shown = words.number or number or ""
            if number is None and not shown:
                shown = self._outline_number(paragraph)
            self._log += [(self._place.page, shown), *words.pieces]
            draft = self._draft(words, style, paragraph, shown, at, bullet)
            if draft is not None:
                self.drafts.append(draft)
        self._take_notes(words)
        self.drafts += self._noted
        self._noted = []
        for box in words.boxes:
            self._blocks(box)
        self._place.page += self._breaks(style.breaks_after)

    def _breaks(self, wanted: bool) -> bool:
        """Say whether a page ends here: not before the first words."""
        return wanted and self._place.paged and bool(self._log)

    def _outline_number(self, paragraph: Element) -> str:
        level = _outline(paragraph)
        if not level or value(paragraph, "is-list-header") == "true":
            return ""
        return self._lists.number(self._lists.outline(), OUTLINE, level - 1)

    def _draft(
        self,
        words: OpenWords,
        style: OpenStyle,
        paragraph: Element,
        number: str,
        at: int,
        bullet: bool,
    ) -> Draft | None:
        texts = numbered(words.pieces, number)
        kind, depth = BlockKind.PARAGRAPH, 0
        outline = _outline(paragraph) or style.outline
        if self._contents or any(_CONTENTS.match(name) for name in style.names):
            kind = BlockKind.CONTENTS
        elif _CAPTIONS.intersection(style.names):
            kind = BlockKind.CAPTION
        elif "title" in style.names:
            kind, depth = BlockKind.HEADING, 1
            self.title = self.title or words.text
        elif outline:
            kind = heading_or_clause(" ".join(text for _, text in texts))
            depth = outline if kind is BlockKind.HEADING else 0
        return text_draft(
            kind,
            texts,
            level=depth,
            indent=at,
            bullet=bullet and not number,
            bold=words.letters > 0 and words.bold >= 0.9 * words.letters,
            size=style.size,
        )

    def _take_notes(self, words: OpenWords) -> None:
        """Read the notes of a paragraph; each says which words it belongs to."""
        page = words.pieces[0][0] if words.pieces else self._place.page
        for body, mark, before in words.notes:
            text = " ".join(self._plain(own).text for own in descendants(body, "p", "h"))
            draft = note_draft(f"{mark} {text}", before, page) if text.strip() else None
            if draft is not None:
                self._log.append((page, f"{mark} {text}"))
                self._noted.append(draft)

    # --- tables

    def _table(self, table: Element) -> None:
        rows = _rows(table, header=False)
        shape = [[self._prose(tc) for tc in _cells(row)] for row, _ in rows]
        if is_layout(shape):
            for row, _ in rows:
                for tc in _cells(row):
                    self._blocks(tc)
            return
        grid: list[list[Cell]] = []
        for row, header in rows:
            if local(row) == "soft-page-break":
                self._place.page += 1
            else:
                grid.append(self._row(row, len(grid), header))
        self.drafts += table_drafts(grid)
        self.drafts += self._noted
        self._noted = []

    def _prose(self, tc: Element) -> list[int]:
        """Return how many words each paragraph of a cell has."""
        texts = (self._plain(own).text for own in descendants(tc, "p", "h"))
        return [len(text.split()) for text in texts if text]

    def _row(self, row: Element, at: int, header: bool) -> list[Cell]:
        made: list[Cell] = []
        column = 0
        start = end = self._place.page
        for own in row:
            repeat = min(_MAX_SPAN, max(1, whole(value(own, "number-columns-repeated"), 1)))
            if local(own) == "table-cell":
                self._place.page = start
                texts, bold = self._cell_words(own)
                end = max(end, self._place.page)
                width = min(_MAX_SPAN, max(1, whole(value(own, "number-columns-spanned"), 1)))
                height = min(_MAX_SPAN, max(1, whole(value(own, "number-rows-spanned"), 1)))
                if texts or column < _MAX_SPAN:
                    made.append(
                        cell(
                            texts, column, at, columns=width, rows=height,
                            bold=header or bold, page=start,
                        )
                    )  # fmt: skip
            column += repeat if local(own) in {"table-cell", "covered-table-cell"} else 0
        self._place.page = end
        return made

    def _cell_words(self, tc: Element) -> tuple[list[tuple[int, str]], bool]:
        """Return a cell's words by page, and whether it is bold."""
        outer, self.drafts = self.drafts, []
        self._blocks(tc)  # counts its lists
        inner, self.drafts = self.drafts, outer
        notes = [draft for draft in inner if draft.kind is BlockKind.NOTE]
        self._noted += notes
        body = [draft for draft in inner if draft.kind is not BlockKind.NOTE]
        by_page: dict[int, list[str]] = {}
        for draft in body:
            for part in draft.parts:
                by_page.setdefault(part.page, []).append(part.text)
        texts = [(page, " ".join(pieces)) for page, pieces in sorted(by_page.items())]
        return texts, bool(body) and all(draft.bold for draft in body)


def _outline(paragraph: Element) -> int:
    """Return the level of a heading, 0 for a paragraph."""
    if local(paragraph) != "h":
        return 0
    return max(1, min(LEVELS, whole(value(paragraph, "outline-level"), 1)))


def _rows(table: Element, *, header: bool) -> list[tuple[Element, bool]]:
    """Return the rows of a table and the page breaks between them, and what heads it."""
    found: list[tuple[Element, bool]] = []
    for own in table:
        name = local(own)
        if name in {"table-row", "soft-page-break"}:
            found.append((own, header))
        elif name in {"table-rows", "table-row-group", "table-header-rows"}:
            found += _rows(own, header=header or name == "table-header-rows")
    return found


def _cells(row: Element) -> list[Element]:
    return [own for own in row if local(own) == "table-cell"]
