"""Tables to drafts: header rows, groups, body rows; carried over from page to page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gcm_align.reading.headings import take_band_titles
from gcm_align.reading.layout import Cell, Draft, Line, Table, parts_by_page
from gcm_align.reading.numbering import FINITE_VERB, list_marker
from gcm_align.reading.subrows import SubRow, split_row
from gcm_align.types import BlockKind

_SAME_EDGE = 5.0  # points: how far the columns of a table may wander between pages
_HEADER_WORDS = 8  # words on average in a header cell; a clause has more
_SHORT_WORDS = 5  # a label in plain type
_GROUP_WORDS = 12  # "Institutional framework" labels a group, a sentence undertakes something
_REST_WORDS = 3  # in each cell: more may be a row of its own below a merged cell
_GROUP_SHARE = 0.6  # of the columns: a cell that wide heads the rows below
_YEAR = re.compile(r"^(?:19|20)\d\d(?:[/\u2013-]\d{2,4})?$")
_VALUE = re.compile(
    r"^(?:n\s?/\s?a\.?|[\s\d.,%*+<>~\u2013-]*\d[\s\d.,%*+<>~\u2013-]*)$", re.IGNORECASE
)
_OPEN_WORDS = "and of the for to with in or a et de des la le du y del en"
_UNFINISHED = frozenset(_OPEN_WORDS.split())


@dataclass(slots=True)
class TableReader:
    """Turns the tables of a document into drafts, page by page.

    edges, names: columns of the last table and their headings.
    groups: full-width rows that head the rows below them.
    context: last cell of each column at the left, for the rows that leave it blank.
    """

    edges: list[float] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    groups: list[Draft] = field(default_factory=list)
    context: dict[int, Draft] = field(default_factory=dict)
    last_row: Draft | None = None
    last_kind: str = ""
    header_cells: list[Cell] = field(default_factory=list)

    def read(self, table: Table, *, interrupted: bool) -> list[Draft]:
        """
        Return the drafts of a table.

        Args:
            table: The ruled cells.
            interrupted: Body text stands between the last table and this one.
        """
        continues = self._same_columns(table) and not interrupted
        if not self._same_columns(table):
            self.names = [""] * table.n_columns
        if not continues:
            self.groups, self.context, self.last_row, self.last_kind = [], {}, None, ""
        self.edges = table.edges
        drafts: list[Draft] = []
        self.header_cells = []
        at_top = True
        for row in table.rows:
            filled = [cell for cell in row if cell.lines]
            if filled:
                # The header may be printed again above the rest of a row.
                first = continues and at_top
                drafts += self._row(table, row, filled, first, at_top and not continues)
                at_top = at_top and self.last_kind == "repeated"
        return drafts

    def _same_columns(self, table: Table) -> bool:
        return len(table.edges) == len(self.edges) and all(
            abs(a - b) <= _SAME_EDGE for a, b in zip(table.edges, self.edges, strict=True)
        )

    def _row(
        self, table: Table, row: list[Cell], filled: list[Cell], first: bool, opening: bool
    ) -> list[Draft]:
        if self._is_header(table, filled, opening):
            return [self._header(filled)]
        wide = filled[0]
        if len(filled) == 1 and wide.columns >= _GROUP_SHARE * table.n_columns:
            titles = take_band_titles(wide)
            return [*titles, self._group(wide)]
        self.last_kind = "row"
        split = split_row(row)
        if split is not None:
            return self._stack(split[0], split[1], first)
        return self._plain_row(row, filled, first)

    def _is_header(self, table: Table, filled: list[Cell], opening: bool) -> bool:
        if len(filled) < 2 and not self.header_cells:
            return False
        under = [c for c in self.header_cells if c.columns > 1]
        if self.last_kind == "header" and under:
            reach = {i for c in under for i in range(c.column, c.column + c.columns)}
            if all(c.column in reach and len(c.text.split()) <= 4 for c in filled):
                return True
        if len(filled) < max(2, 0.4 * table.n_columns):
            return False
        words = sum(len(c.text.split()) for c in filled) / len(filled)
        if words > _HEADER_WORDS or any(_starts_item(c.text) for c in filled):
            return False
        if self._repeats(filled):
            return True
        bold = all(line.bold for c in filled for line in c.lines)
        if bold:
            if any(_VALUE.match(c.text) and not _YEAR.match(c.text) for c in filled):
                return False
            named = sum(
                bool(_YEAR.match(c.text)) or c.text.strip(" .xX-")[:1].isalpha() for c in filled
            )
            return 2 * named >= len(filled) and (
                opening or self.last_kind in {"", "header", "group"} or len(filled) > 2
            )
        years = sum(bool(_YEAR.match(c.text)) for c in filled)
        return opening and (years > 1 or _reads_like_header(table, filled))

    def _repeats(self, filled: list[Cell]) -> bool:
        names = " ".join(self.names)
        return bool(names.strip()) and all(
            self.names[c.column] and c.text in names for c in filled if c.column < len(self.names)
        )

    def _header(self, filled: list[Cell]) -> Draft:
        repeated = self._repeats(filled)
        if not repeated:
            if self.last_kind != "header":
                self.names = [""] * len(self.names)
                # Only the group right above a new header still heads the rows below it.
                self.groups = self.groups[-1:] if self.last_kind == "group" else []
                self.context, self.last_row = {}, None
            for cell in filled:
                for index in range(cell.column, min(cell.column + cell.columns, len(self.names))):
                    self.names[index] = f"{self.names[index]} {cell.text}".strip()
        self.header_cells = filled
        # A header repeated at the top of a page says nothing about the groups below it.
        self.last_kind = "repeated" if repeated else "header"
        return _draft(BlockKind.TABLE_HEADER, [(c.column, c.lines) for c in filled], [])

    def _group(self, cell: Cell) -> Draft:
        draft = self._context_draft(0, cell.lines, _GROUP_WORDS)
        if self.last_kind in {"group", "header"}:
            self.groups = [*self.groups, draft]
        else:
            self.groups = [*self.groups[:-1], draft]
        self.context, self.last_row, self.last_kind = {}, None, "group"
        return draft

    def _context_draft(self, column: int, lines: list[Line], longest: int) -> Draft:
        draft = _draft(BlockKind.TABLE_ROW, [(column, lines)], self.names)
        draft.kind = _context_kind(draft, longest)
        return draft

    def _plain_row(self, row: list[Cell], filled: list[Cell], first: bool) -> list[Draft]:
        """A ruled row as one draft; merged cells at its left become drafts of their own."""
        drafts: list[Draft] = []
        own: list[tuple[int, list[Line]]] = []
        shortest = min(cell.rows for cell in filled)
        leading = True
        for cell in sorted(filled, key=lambda c: c.column):
            leading = leading and cell.rows > shortest
            if leading:
                drafts += self._new_context(cell.column, cell.lines, first)
            else:
                own.append((cell.column, cell.lines))
        if first and self._continues_last(own):
            assert self.last_row is not None
            _extend(self.last_row, own, self.names)
            return drafts
        body = _draft(BlockKind.TABLE_ROW, own, self.names)
        start = min((column for column, _ in own), default=0)
        body.context = self._lead(start)
        if own and own[0][0] == min(self.context, default=own[0][0]):
            self._forget(own[0][0])
        for column, lines in own[:1]:
            # Not emitted: kept for the rows below that leave this column blank.
            self.context[column] = _draft(BlockKind.TABLE_ROW, [(column, lines)], self.names)
        self.last_row = body
        return [*drafts, body]

    def _stack(self, item_column: int, rows: list[SubRow], first: bool) -> list[Draft]:
        """Sub-rows of a stacked row: goals at the left become drafts of their own."""
        drafts: list[Draft] = []
        for place, row in enumerate(rows):
            own: list[tuple[int, list[Line]]] = []
            for column in sorted(row):
                if column < item_column:
                    drafts += self._new_context(column, row[column], first)
                else:
                    own.append((column, row[column]))
            if not own:
                continue
            if place == 0 and self.last_row is not None and first:
                _extend(self.last_row, own, self.names)
                continue
            body = _draft(BlockKind.TABLE_ROW, own, self.names)
            body.context = self._lead(item_column)
            drafts.append(body)
            self.last_row = body
        return drafts

    def _new_context(self, column: int, lines: list[Line], first: bool) -> list[Draft]:
        """Start a cell that heads rows, or go on with the one of the page before."""
        known = self.context.get(column)
        pages = {part.page for part in known.parts} if known is not None else set()
        fresh = lines[0].page not in pages
        if known is not None and first and fresh and _goes_on(known.text, lines[0].text):
            _extend(known, [(column, lines)], self.names)
            known.kind = _context_kind(known, _GROUP_WORDS if known.bold else _SHORT_WORDS)
            return []
        self._forget(column)
        # At the left of rows, "Train consuls on rights" is an activity and no label.
        bold = all(line.bold for line in lines)
        draft = self._context_draft(column, lines, _GROUP_WORDS if bold else _SHORT_WORDS)
        self.context[column] = draft
        return [draft]

    def _forget(self, column: int) -> None:
        self.context = {c: d for c, d in self.context.items() if c < column}

    def _lead(self, column: int) -> list[Draft]:
        return [*self.groups, *(self.context[c] for c in sorted(self.context) if c < column)]

    def _continues_last(self, own: list[tuple[int, list[Line]]]) -> bool:
        if self.last_row is None:
            return False
        texts = {part.index: part.text for part in self.last_row.parts}
        if any(_starts_item(lines[0].text) for _, lines in own):
            return False
        # A row whose first cell is blank at the top of a page is the rest of one cut there.
        headless = min(texts, default=0) < min((column for column, _ in own), default=0) and all(
            sum(len(line.text.split()) for line in lines) <= _REST_WORDS for _, lines in own
        )
        return any(
            column in texts
            and (_goes_on(texts[column], lines[0].text) or (headless and _is_open(texts[column])))
            for column, lines in own
        )


def _draft(kind: BlockKind, cells: list[tuple[int, list[Line]]], names: list[str]) -> Draft:
    draft = Draft(kind=kind)
    _extend(draft, cells, names)
    return draft


def _extend(draft: Draft, cells: list[tuple[int, list[Line]]], names: list[str]) -> None:
    for column, lines in cells:
        name = names[column] if column < len(names) else ""
        draft.parts += parts_by_page(lines, name, column)
        draft.lines += lines
    draft.parts.sort(key=lambda part: part.index)


def _context_kind(draft: Draft, longest: int) -> BlockKind:
    """Return what a group is: a label names a theme; a goal undertakes something."""
    text = " ".join(draft.text.split())
    label = (
        len(text.split()) <= longest
        and text.rstrip()[-1:] not in {".", ";"}
        and not FINITE_VERB.search(text)
        and not text.lower().startswith(("to ", "ensure "))
    )
    return BlockKind.TABLE_HEADER if label else BlockKind.TABLE_ROW


def _starts_item(text: str) -> bool:
    return list_marker(text)[0] in {"decimal", "number"}


def _is_open(text: str) -> bool:
    return text.rstrip()[-1:] not in {".", ";", ":", ""}


def _goes_on(before: str, after: str) -> bool:
    """Say whether a cell's text is cut by the page and goes on with ``after``."""
    if _starts_item(after) or not _is_open(before):
        return False
    last = before.split()[-1].lower() if before.split() else ""
    return after[:1].islower() or last in _UNFINISHED or last[-1:] in {"-", ",", "/"}


def _reads_like_header(table: Table, filled: list[Cell]) -> bool:
    """Say whether the cells of a first row are much shorter than those below them."""
    below = [len(c.text.split()) for row in table.rows[1:] for c in row if c.lines]
    if not below or len(filled) < table.n_columns - 1:
        return False
    longest = max(len(c.text.split()) for c in filled)
    numeric = any(c.text[:1].isdigit() for c in filled)
    return longest <= _SHORT_WORDS and not numeric and max(below) > 2 * longest
