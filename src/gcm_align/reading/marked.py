"""What the readers of marked-up formats share: drafts of texts, and tables from cells.

A Word file, a web page and an OpenDocument text say what is a heading, an item or a cell;
none says where it stands. Lines here have an indent and no place on a page.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from gcm_align.reading.contents import set_contents
from gcm_align.reading.headings import set_headings
from gcm_align.reading.layout import Cell, Draft, Line, Table, parts_by_page
from gcm_align.reading.numbering import FINITE_VERB, is_bullet, legal_rank, list_marker
from gcm_align.reading.rows import TableReader
from gcm_align.reading.structure import last_sentence, set_acronyms, set_lead_ins, set_sections
from gcm_align.types import BlockKind

BODY_SIZE = 10.0  # points, where a format says nothing of letter sizes
_INDENT = 12.0  # points: one level of a list
_COLUMN = 100.0  # points: a made width, so that columns have edges
_HEADING_WORDS = 14
_LONGEST_HEADING = 40  # words
_PROSE_WORDS = 60  # a cell of more, in several paragraphs, is a column of text
_DEEPEST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the reader of a marked-up format found."""

    drafts: list[Draft]
    title: str = ""
    language: str = ""  # as the file declares it, ISO 639-1
    pages: int = 1
    paged: bool = False  # the file says where its pages end
    method: str = "text"
    warnings: tuple[str, ...] = ()


def text_draft(
    kind: BlockKind,
    texts: list[tuple[int, str]],
    *,
    level: int = 0,
    indent: int = 0,
    bullet: bool = False,
    bold: bool = False,
    size: float = BODY_SIZE,
) -> Draft | None:
    """
    Return a draft of running text, None where there are no words.

    Args:
        kind: A paragraph that starts with a list marker becomes a list item.
        texts: Page (1-based) and words on it, in order.
        level: Depth of a heading.
        indent: Depth of a list, 0 the outermost.
        bullet: The item has a bullet, which is no part of its words.
        bold: All of it is bold.
        size: Of its letters, in points.
    """
    lines = [
        Line(
            page=page, text=words, x0=_INDENT * indent, top=0, x1=0, bottom=0,
            size=size, bold=bold, bullet=bullet and not at,
        )
        for at, (page, raw) in enumerate(texts)
        if (words := " ".join(raw.split()))
    ]  # fmt: skip
    if not lines:
        return None
    first = lines[0].text.split(maxsplit=1)
    if kind is BlockKind.PARAGRAPH and len(first) == 2 and is_bullet(first[0]):
        lines[0].text, lines[0].bullet = first[1], True
    if kind is BlockKind.PARAGRAPH and (lines[0].bullet or list_marker(lines[0].text)[0]):
        kind = BlockKind.LIST_ITEM
    return Draft(kind=kind, level=level, lines=lines, parts=parts_by_page(lines))


def numbered(pieces: list[tuple[int, str]], number: str) -> list[tuple[int, str]]:
    """Put the number that Word counts before the first words."""
    pieces = [(page, text) for page, text in pieces if text.strip()]
    if number and pieces:
        page, text = pieces[0]
        pieces[0] = (page, f"{number} {text.lstrip()}")
    return pieces


def note_draft(text: str, before: str, page: int) -> Draft | None:
    """
    Return a note, apart from the body and linked to it.

    Args:
        text: Of the note, its number first.
        before: The words before its mark; the last sentence of them is its lead-in.
        page: 1-based.
    """
    draft = text_draft(BlockKind.NOTE, [(page, text)])
    if draft is not None:
        draft.lead_in = last_sentence(before)
    return draft


def tracked_warnings(seen: dict[str, int], *, paged: bool) -> tuple[str, ...]:
    """
    Say what a reader of the report should know of a word processor's file.

    Args:
        seen: How many insertions, deletions, hidden runs and comments were met.
        paged: The file says where its pages end.
    """
    found: list[str] = []
    if seen["inserted"] or seen["deleted"]:
        found.append(
            f"The file holds tracked changes: {seen['inserted']} insertions were read as "
            f"text and {seen['deleted']} deletions left out; accept or reject them to be sure"
        )
    if seen["hidden"]:
        found.append(f"{seen['hidden']} runs of hidden text were left out")
    if seen["comments"]:
        found.append(f"{seen['comments']} comments were left out")
    found.append(
        "Pages are those of the word processor's last layout"
        if paged
        else "The file stores no pages: a place in it is its section"
    )
    return tuple(found)


def heading_or_clause(text: str) -> BlockKind:
    """Tell a heading from a clause that wears its style, as numbered clauses of laws do."""
    words = text.split()
    sentence = bool(FINITE_VERB.search(text)) and text.rstrip()[-1:] in {".", ";", ":"}
    clause = (sentence and len(words) > _HEADING_WORDS) or len(words) > _LONGEST_HEADING
    return BlockKind.PARAGRAPH if clause else BlockKind.HEADING


def is_layout(rows: list[list[list[int]]]) -> bool:
    """
    Say whether a table places text on the page and relates nothing.

    Args:
        rows: By row and cell: how many words each paragraph has.
    """
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    filled = [cell for row in rows for cell in row if cell]
    long = [cell for cell in filled if sum(cell) > _PROSE_WORDS and len(cell) > 2]
    return len(rows) == 1 and bool(long)


def cell(
    text: str | list[tuple[int, str]],
    column: int,
    row: int,
    *,
    columns: int = 1,
    rows: int = 1,
    bold: bool = False,
    page: int = 1,
) -> Cell:
    """Return a cell of a table; ``bold`` also stands for a cell marked as a heading."""
    # One line for each page: nothing here says which lines of two cells stand side by side.
    texts = [(page, text)] if isinstance(text, str) else text
    lines = [
        Line(page=number, text=words, x0=_COLUMN * column, top=0, x1=0, bottom=0, bold=bold)
        for number, raw in texts
        if (words := " ".join(raw.split()))
    ]
    return Cell(column=column, row=row, columns=columns, rows=rows, lines=lines)


def table_drafts(rows: list[list[Cell]]) -> list[Draft]:
    """Return the drafts of a table: its header, its groups, and one for each body row."""
    width = max((c.column + c.columns for row in rows for c in row), default=0)
    if not width:
        return []
    edges = [_COLUMN * index for index in range(width + 1)]
    pages = [line.page for row in rows for c in row for line in c.lines]
    table = Table(
        page=min(pages, default=1), x0=0, top=0, x1=edges[-1], bottom=0, edges=edges, rows=rows
    )
    return TableReader().read(table, interrupted=True)


def finish(drafts: list[Draft]) -> list[Draft]:
    """Find headings that no mark names, contents, sections and lead-ins; return the drafts."""
    if any(d.kind is BlockKind.HEADING for d in drafts):
        _promote_law(drafts)
        set_contents(drafts)
    else:
        known = set_contents(drafts)
        set_headings(drafts, _body_size(drafts), known)
    set_acronyms(drafts)
    set_sections(drafts)
    set_lead_ins(drafts)
    return drafts


def _promote_law(drafts: list[Draft]) -> None:
    """Make headings of "Article 5. Renewal" where only the title was marked as one."""
    above = 0  # level of the last marked heading that names no rank of a law
    for draft in drafts:
        rank = legal_rank(draft.text)
        if draft.kind is BlockKind.HEADING:
            above = draft.level
        elif draft.kind in {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM} and rank:
            words = draft.text.split()
            sentence = FINITE_VERB.search(draft.text) and draft.text[-1] == "."
            if len(words) <= _HEADING_WORDS and draft.text[-1] not in ",;" and not sentence:
                draft.kind, draft.level = BlockKind.HEADING, min(_DEEPEST, above + rank)


def _body_size(drafts: list[Draft]) -> float:
    sizes: Counter[float] = Counter()
    for draft in drafts:
        sizes[draft.size] += len(draft.text)
    return max(sizes, key=lambda size: (sizes[size], -size), default=BODY_SIZE)
