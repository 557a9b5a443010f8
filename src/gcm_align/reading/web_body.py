"""The content of a web page to drafts: headings, items with their numbers, tables, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gcm_align.reading.counting import counted
from gcm_align.reading.layout import Cell, Draft
from gcm_align.reading.marked import (
    cell,
    heading_or_clause,
    is_layout,
    note_draft,
    table_drafts,
    text_draft,
)
from gcm_align.reading.numbering import list_marker
from gcm_align.reading.web_page import is_contents
from gcm_align.reading.xmltree import Element, children, local, whole
from gcm_align.types import BlockKind

_INLINE = frozenset(
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em",
        "font", "i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp",
        "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "picture",
    }
)  # fmt: skip
_BOLD = frozenset({"b", "strong", "th"})
_HEADING = re.compile(r"^h([1-6])$")
_DEEPEST = 120  # elements in one another: below, words are taken without structure
_MAX_SPAN = 200  # columns or rows: more is no table that anyone reads
_NOTE_ID = re.compile(r"ft?n|note|cite|endnote", re.IGNORECASE)
_MARKS = {
    "1": "1", "a": "a", "A": "A", "i": "i", "I": "I", "decimal": "1", "lower-alpha": "a",
    "lower-latin": "a", "upper-alpha": "A", "upper-latin": "A", "lower-roman": "i",
    "upper-roman": "I", "decimal-leading-zero": "01",
}  # fmt: skip
_LISTS = frozenset({"ul", "ol", "div", "table", "section"})  # what contents are written in
_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)


@dataclass(slots=True)
class _Run:
    """Words of a paragraph that is not closed yet; a line break is a line feed."""

    text: str = ""
    letters: int = 0
    bold: int = 0
    marks: list[tuple[str, str]] = field(default_factory=list)  # note, words before


class WebReader:
    """Goes through an element and cuts its words where a browser starts a new block."""

    def __init__(self, main: Element) -> None:
        self.drafts: list[Draft] = []
        self._main = main
        self._numbers = item_numbers(main)
        self._marks, self._notes = note_links(main)
        self._before: dict[str, str] = {}  # note -> the words before its mark
        self._run = _Run()
        self._kind = BlockKind.PARAGRAPH
        self._level = 0
        self._indent = -1  # of the open list, 0 the outermost
        self._number = ""  # of the item whose first words come next
        self._bullet = False

    def read(self) -> None:
        """Read the element into ``drafts``."""
        self._inside(self._main, bold=False, depth=0)
        self._close()

    def _inside(self, element: Element, *, bold: bool, depth: int) -> None:
        self._add(element.text or "", bold=bold)
        for own in element:
            if isinstance(own.tag, str):
                self._one(own, bold=bold, depth=depth + 1)
            self._add(own.tail or "", bold=bold)

    def _one(self, own: Element, *, bold: bool, depth: int) -> None:
        name = local(own)
        bold = bold or name in _BOLD
        if own in self._marks:
            self._run.marks.append((self._marks[own], self._run.text))
        elif depth > _DEEPEST:
            self._add(" ".join(map(str, own.itertext())), bold=bold)
        elif name == "br":
            self._run.text += "\n"
        elif name == "pre":
            self._close()
            self._add_lines(own)
        elif name in _INLINE:
            self._inside(own, bold=bold, depth=depth)
        else:
            self._close()
            self._block(own, name, bold=bold, depth=depth)
            self._close()

    def _block(self, own: Element, name: str, *, bold: bool, depth: int) -> None:
        heading = _HEADING.match(name)
        outer = self._kind, self._level, self._indent
        if own in self._notes:
            self._note(own)
            return
        if heading:
            self._kind, self._level = BlockKind.HEADING, int(heading.group(1))
        elif name in {"caption", "figcaption"}:
            self._kind = BlockKind.CAPTION
        elif self._kind is BlockKind.PARAGRAPH and name in _LISTS and is_contents(own):
            self._kind = BlockKind.CONTENTS
        if name in {"ul", "ol"}:
            self._indent += 1
        elif name == "li":
            self._number = self._numbers.get(own, "")
            self._bullet = not self._number
        if name == "table" and self._kind is BlockKind.PARAGRAPH:
            self._table(own, depth)
        else:
            self._inside(own, bold=bold, depth=depth)
            self._close()
        if name == "li":
            self._number, self._bullet = "", False
        self._kind, self._level, self._indent = outer

    def _add(self, text: str, *, bold: bool) -> None:
        # A line feed of the file is a blank; only those of <br> count.
        self._run.text += re.sub(r"[\s\u200b]+", " ", text)
        inked = sum(c.isalpha() for c in text)
        self._run.letters, self._run.bold = self._run.letters + inked, self._run.bold + inked * bold

    def _add_lines(self, own: Element) -> None:
        for paragraph in re.split(r"\n\s*\n", "".join(map(str, own.itertext()))):
            self._run.text = re.sub(r"[^\S\n]+", " ", paragraph)
            self._close()

    def _close(self) -> None:
        """End the open paragraph, and start the next one."""
        run, self._run = self._run, _Run()
        for note, before in run.marks:
            self._before[note] = " ".join(before.split())
        pieces = _pieces(run.text)
        bold = run.letters > 0 and run.bold >= 0.9 * run.letters
        for text in pieces:
            number = self._number if not list_marker(text)[0] else ""
            kind, level = self._kind, self._level
            words = f"{number} {text}".strip()
            if kind is BlockKind.HEADING:
                kind = heading_or_clause(words)
                level = level if kind is BlockKind.HEADING else 0
            draft = text_draft(
                kind, [(1, words)], level=level, indent=max(0, self._indent),
                bullet=self._bullet and not list_marker(text)[0], bold=bold,
            )  # fmt: skip
            if draft is not None:
                self.drafts.append(draft)
                self._number, self._bullet = "", False

    def _note(self, own: Element) -> None:
        text = " ".join(" ".join(map(str, own.itertext())).split())
        draft = note_draft(text, self._before.get(self._notes[own], ""), 1) if text else None
        if draft is not None:
            self.drafts.append(draft)

    # --- tables

    def _table(self, table: Element, depth: int) -> None:
        rows = _rows(table, header=False)
        cells = [[tc for tc in row if local(tc) in {"td", "th"}] for row, _ in rows]
        inner = any(True for _ in table.iterdescendants("table"))
        shape = [[_prose(tc) for tc in row] for row in cells]
        if inner or table.get("role") == "presentation" or is_layout(shape):
            for own in [*children(table, "caption"), *(tc for row in cells for tc in row)]:
                self._inside(own, bold=False, depth=depth)
                self._close()
            return
        for own in children(table, "caption"):
            self._block(own, "caption", bold=False, depth=depth)
        grid: list[list[Cell]] = []
        taken: dict[int, int] = {}  # column -> rows below that a cell above covers
        for at, ((_, header), row) in enumerate(zip(rows, cells, strict=True)):
            header = header or (bool(row) and all(local(tc) == "th" for tc in row))
            grid.append(self._row(row, at, taken, depth, header=header))
        self.drafts += table_drafts(grid)

    def _row(
        self, row: list[Element], at: int, taken: dict[int, int], depth: int, *, header: bool
    ) -> list[Cell]:
        covered = {column for column, below in taken.items() if below > 0}
        for column in covered:
            taken[column] -= 1
        made: list[Cell] = []
        column = 0
        for tc in row:
            while column in covered:
                column += 1
            width = max(1, min(_MAX_SPAN, whole(tc.get("colspan") or "", 1)))
            height = max(1, min(_MAX_SPAN, whole(tc.get("rowspan") or "", 1)))
            text, bold = self._cell_words(tc, depth)
            made.append(cell(text, column, at, columns=width, rows=height, bold=header or bold))
            taken |= dict.fromkeys(range(column, column + width), height - 1)
            column += width
        return made

    def _cell_words(self, tc: Element, depth: int) -> tuple[str, bool]:
        """Return a cell's words with the numbers of its lists, and whether it is bold."""
        outer, self.drafts = self.drafts, []
        self._inside(tc, bold=False, depth=depth)
        self._close()
        inner, self.drafts = self.drafts, outer
        body = [draft for draft in inner if draft.kind is not BlockKind.NOTE]
        self.drafts += [draft for draft in inner if draft.kind is BlockKind.NOTE]
        return " ".join(draft.text for draft in body), bool(body) and all(d.bold for d in body)


def web_table(table: Element) -> list[Draft]:
    """Return the drafts of one table that is written as in HTML."""
    reader = WebReader(table)
    reader._table(table, 0)
    return reader.drafts


def item_numbers(main: Element) -> dict[Element, str]:
    """Return the number that a browser shows before each item of a numbered list."""
    numbers: dict[Element, str] = {}
    for own in main.iter("ol"):
        style = _STYLE.search(own.get("style") or "")
        mark = style.group(1) if style else own.get("type") or "1"
        if mark.lower() == "none":
            continue
        items = children(own, "li")
        step = -1 if "reversed" in own.attrib else 1
        count = whole(own.get("start") or "", 1 if step > 0 else len(items))
        for item in items:
            count = whole(item.get("value") or "", count)
            numbers[item] = counted(count, _MARKS.get(mark, _MARKS.get(mark.lower(), "1"))) + "."
            count += step
    return numbers


def note_links(main: Element) -> tuple[dict[Element, str], dict[Element, str]]:
    """
    Return the marks of notes and the notes themselves, each with the note's name.

    A mark is a raised link to a place further down; the link back in the note is none.
    """
    places: dict[str, tuple[int, Element]] = {}
    links: list[tuple[int, Element, str]] = []
    for at, own in enumerate(main.iter()):
        if not isinstance(own.tag, str):
            continue
        for key in (own.get("id"), own.get("name") if local(own) == "a" else None):
            if key:
                places.setdefault(key, (at, own))
        href = own.get("href") or ""
        if local(own) == "a" and href.startswith("#"):
            links.append((at, own, href[1:]))
    marks: dict[Element, str] = {}
    notes: dict[Element, str] = {}
    for at, link, target in links:
        place = places.get(target)
        if place is None and _is_mark(link, target):
            marks[_raised(link)] = target  # the note was not saved with the page
        if place is None or place[0] <= at or not _is_mark(link, target):
            continue
        block = place[1]
        while local(block) in _INLINE:
            parent = block.getparent()
            if parent is None:
                break
            block = parent
        if block not in (main, link.getparent()):
            marks[_raised(link)] = target
            notes[block] = target
    return marks, notes


def _is_mark(link: Element, target: str) -> bool:
    words = "".join(map(str, link.itertext())).strip()
    short = 0 < len(words) <= 5
    return short and (_raised(link) is not link or bool(_NOTE_ID.search(target)))


def _raised(link: Element) -> Element:
    """Return the raised letters around a link or inside it, else the link."""
    parent = link.getparent()
    if parent is not None and local(parent) == "sup":
        return parent
    return link


def _rows(table: Element, *, header: bool) -> list[tuple[Element, bool]]:
    """Return the rows of a table, and whether each stands in its head."""
    found: list[tuple[Element, bool]] = []
    for own in table:
        if local(own) == "tr":
            found.append((own, header))
        elif local(own) in {"thead", "tbody", "tfoot"}:
            found += _rows(own, header=header or local(own) == "thead")
    return found


def _prose(tc: Element) -> list[int]:
    """Return how many words each paragraph of a cell has; used to tell layout from table."""
    blocks = [own for own in tc if isinstance(own.tag, str) and local(own) not in _INLINE]
    if not blocks:
        return [len(" ".join(map(str, tc.itertext())).split())]
    return [len(" ".join(map(str, own.itertext())).split()) for own in blocks]


def _pieces(text: str) -> list[str]:
    """Part words at an empty line, and at a line that starts with a list marker."""
    pieces: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        for raw in paragraph.split("\n"):
            line = " ".join(raw.split())
            if not line:
                continue
            if pieces and not paragraph.startswith(raw) and not list_marker(line)[0]:
                pieces[-1] += f" {line}"
            else:
                pieces.append(line)
    return pieces
