"""The body of a Word file to drafts: headings, items, tables, notes, boxes, heads and feet."""

from __future__ import annotations

import re

from gcm_align.reading.layout import Cell, Draft
from gcm_align.reading.marked import (
    BODY_SIZE,
    cell,
    heading_or_clause,
    is_layout,
    note_draft,
    numbered,
    table_drafts,
    text_draft,
)
from gcm_align.reading.marked_body import MarkedBody
from gcm_align.reading.word_styles import Numbering, Style, Styles
from gcm_align.reading.word_text import (
    INSERTED,
    Place,
    Words,
    blocks,
    is_deleted,
    read_words,
)
from gcm_align.reading.xmltree import Element, child, children, descendants, local, value, whole
from gcm_align.types import BlockKind

_CONTENTS = re.compile(r"^(?:toc|table of (?:contents|figures)|contents heading)", re.IGNORECASE)
_MAX_SPAN = 200  # columns: more is no table that anyone reads


class BodyReader(MarkedBody):
    """Goes through the blocks of a Word file in order, and counts as Word does."""

    def __init__(
        self,
        document: Element,
        styles: Styles,
        numbering: Numbering,
        footnotes: Element | None,
        endnotes: Element | None,
    ) -> None:
        self._place = Place()
        super().__init__(self._place)
        self._root = document
        self._styles = styles
        self._numbering = numbering
        self._notes = {
            (kind, value(own, "id")): own
            for kind, root in (("footnote", footnotes), ("endnote", endnotes))
            for own in children(root, kind)
        }
        self._note_count = 0
        self._carried = Words()  # of a paragraph whose end a tracked change deletes
        self._place.paged = any(True for _ in descendants(document, "lastRenderedPageBreak"))

    def read_body(self) -> None:
        """Read the body into ``drafts``."""
        for body in children(self._root, "body"):
            self._blocks(body)

    def _edge_text(self, paragraph: Element) -> str:
        return read_words(paragraph, Place(), bold=False).text

    def _blocks(self, element: Element) -> None:
        for own in blocks(element):
            if local(own) == "tbl":
                self._table(own)
            else:
                self._paragraph(own)

    # --- paragraphs

    def _read(self, paragraph: Element, style: Style) -> Words:
        """Read a paragraph's words, behind those of one whose end was deleted."""
        words = read_words(paragraph, self._place, bold=style.bold)
        properties = child(paragraph, "pPr")
        if child(child(properties, "rPr"), "ins") is not None:
            self._place.changes["inserted"] += 1
        if self._carried.pieces:
            words.pieces[:0] = self._carried.pieces
            words.notes[:0] = self._carried.notes
            self._carried = Words()
        if is_deleted(child(properties, "rPr")):
            self._place.changes["deleted"] += 1
            self._carried = Words(pieces=words.pieces, notes=words.notes)
            words.pieces, words.notes = [], []
        return words

    def _paragraph(self, paragraph: Element) -> None:
        properties = child(paragraph, "pPr")
        style_id = value(child(properties, "pStyle"), "val")
        style = self._styles.get(style_id)
        words = self._read(paragraph, style)
        if words.text:
            number, level, listed = self._numbering.number(properties, style_id)
            self._log += [(self._place.page, number), *words.pieces]
            draft = self._draft(words, style, properties, number, level, listed)
            if draft is not None:
                self.drafts.append(draft)
        self._take_notes(words)
        self._flush_notes()
        for box in words.boxes:
            self._blocks(box)

    def _draft(
        self,
        words: Words,
        style: Style,
        properties: Element | None,
        number: str,
        level: int,
        listed: bool,
    ) -> Draft | None:
        texts = numbered(words.pieces, number)
        name = style.name.lower()
        kind, depth = BlockKind.PARAGRAPH, 0
        own = child(properties, "outlineLvl")
        outline = whole(value(own, "val"), 9) if own is not None else style.outline
        if _CONTENTS.match(name):
            kind = BlockKind.CONTENTS
        elif name == "caption":
            kind = BlockKind.CAPTION
        elif name == "bibliography":
            kind = BlockKind.REFERENCE
        elif name == "title":
            kind, depth = BlockKind.HEADING, 1
            self.title = self.title or words.text
        elif outline is not None and 0 <= outline < 9:
            kind = heading_or_clause(" ".join(text for _, text in texts))
            depth = outline + 1 if kind is BlockKind.HEADING else 0
        return text_draft(
            kind,
            texts,
            level=depth,
            indent=level if listed else 0,
            bullet=listed and not number,
            bold=words.letters > 0 and words.bold >= 0.9 * words.letters,
            size=words.size or style.size or BODY_SIZE,
        )

    # --- notes

    def _take_notes(self, words: Words) -> None:
        """Read the notes that a paragraph refers to; each says which words it belongs to."""
        for kind, key, before in words.notes:
            note = self._notes.get((kind, key))
            if note is None:
                continue
            self._note_count += 1
            mark = str(self._note_count)
            texts = [read_words(own, self._place, bold=False).text for own in blocks(note)]
            text = " ".join(" ".join(texts).split())
            page = words.pieces[0][0] if words.pieces else self._place.page
            draft = note_draft(f"{mark} {text}", before, page) if text else None
            if draft is not None:
                self._log.append((page, f"{mark} {text}"))
                self._noted.append(draft)

    def _flush_notes(self) -> None:
        """Put the notes of a paragraph or a table behind it."""
        self.drafts += self._noted
        self._noted = []

    # --- tables

    def _table(self, table: Element) -> None:
        start = self._place.page
        rows = [own for own in _rows(table) if not self._row_deleted(own)]
        contents = [list(_cells(row)) for row in rows]
        shape = [[_prose(tc) for tc in row] for row in contents]
        if is_layout(shape):
            for row in contents:
                for tc in row:
                    self._blocks(tc)
            return
        self._place.page = start
        grid: list[list[Cell]] = []
        open_cells: dict[int, Cell] = {}  # by column: cells that later rows may go on with
        for at, (own, cells) in enumerate(zip(rows, contents, strict=True)):
            grid.append(self._row(own, cells, at, open_cells))
        self.drafts += table_drafts(grid)
        self._flush_notes()

    def _row_deleted(self, row: Element) -> bool:
        properties = child(row, "trPr")
        self._place.changes["inserted"] += child(properties, "ins") is not None
        deleted = is_deleted(properties)
        self._place.changes["deleted"] += deleted
        return deleted

    def _row(
        self, row: Element, own: list[Element], at: int, open_cells: dict[int, Cell]
    ) -> list[Cell]:
        properties = child(row, "trPr")
        heading = child(properties, "tblHeader") is not None
        column = whole(value(child(properties, "gridBefore"), "val"))
        made: list[Cell] = []
        start = end = self._place.page
        for tc in own:
            settings = child(tc, "tcPr")
            width = min(_MAX_SPAN, max(1, whole(value(child(settings, "gridSpan"), "val"), 1)))
            merge = child(settings, "vMerge")
            self._place.page = start
            texts, bold = self._cell_words(tc)
            end = max(end, self._place.page)
            above = open_cells.get(column)
            if merge is not None and value(merge, "val", "continue") == "continue" and above:
                above.rows += 1
            else:
                made.append(
                    cell(texts, column, at, columns=width, bold=heading or bold, page=start)
                )
                open_cells[column] = made[-1]
            column += width
        self._place.page = end
        return made

    def _cell_words(self, tc: Element) -> tuple[list[tuple[int, str]], bool]:
        """Return a cell's words by page, tables within it included, and whether it is bold."""
        by_page: dict[int, list[str]] = {}
        letters = bold = 0
        for paragraph in _paragraphs(tc):
            properties = child(paragraph, "pPr")
            style_id = value(child(properties, "pStyle"), "val")
            words = self._read(paragraph, self._styles.get(style_id))
            if not words.text:
                continue
            number = self._numbering.number(properties, style_id)[0]
            letters, bold = letters + words.letters, bold + words.bold
            for page, text in numbered(words.pieces, number):
                by_page.setdefault(page, []).append(text)
                self._log.append((page, text))
            self._take_notes(words)
            for box in words.boxes:
                for inner in _paragraphs(box):
                    text = read_words(inner, self._place, bold=False).text
                    by_page.setdefault(self._place.page, []).append(text)
                    self._log.append((self._place.page, text))
        texts = [(page, " ".join(pieces)) for page, pieces in sorted(by_page.items())]
        return texts, letters > 0 and bold >= 0.9 * letters


def _paragraphs(element: Element) -> list[Element]:
    """Return the paragraphs below an element in order, those in inner tables too."""
    found: list[Element] = []
    for own in blocks(element):
        if local(own) == "p":
            found.append(own)
        else:
            for row in _rows(own):
                for tc in _cells(row):
                    found += _paragraphs(tc)
    return found


def _rows(table: Element) -> list[Element]:
    return _inside(table, "tr")


def _cells(row: Element) -> list[Element]:
    return _inside(row, "tc")


def _inside(element: Element, name: str) -> list[Element]:
    """Return children of a name, also those in content controls and tracked insertions."""
    found: list[Element] = []
    for own in element:
        if local(own) == name:
            found.append(own)
        elif local(own) in {"sdt", "sdtContent", "customXml", *INSERTED}:
            found += _inside(own, name)
    return found


def _prose(tc: Element) -> list[int]:
    """Return how many words each paragraph of a cell has; used to tell layout from table."""
    texts = (read_words(own, Place(), bold=False).text for own in _paragraphs(tc))
    return [len(text.split()) for text in texts if text]
