"""Page layouts to a document's drafts: order, running heads, notes, tables, joins."""

from __future__ import annotations

from gcm_align.reading.contents import heading_key, set_contents
from gcm_align.reading.headings import join_labels, set_headings
from gcm_align.reading.hyphens import close_hyphens
from gcm_align.reading.layout import Draft, Line, PageLayout, Table, parts_by_page
from gcm_align.reading.order import in_reading_order
from gcm_align.reading.paragraphs import continues_text, line_pitches, page_drafts, runs_over
from gcm_align.reading.rows import TableReader
from gcm_align.reading.running import (
    body_size,
    free_page_numbers,
    is_note_start,
    note_lines,
    running_lines,
)
from gcm_align.reading.structure import set_acronyms, set_lead_ins, set_sections
from gcm_align.reading.unruled import take_unruled
from gcm_align.types import BlockKind

_ASIDE = frozenset({BlockKind.RUNNING, BlockKind.NOTE})


def compose(layouts: list[PageLayout], bookmarks: tuple[str, ...] = ()) -> list[Draft]:
    """
    Turn page layouts into drafts in reading order.

    Args:
        layouts: One for each page, in order.
        bookmarks: Titles of the file's outline; they are headings where they occur.
    """
    size = body_size(layouts)
    free_page_numbers(layouts)
    running = running_lines(layouts)
    for layout in layouts:
        layout.lines, edge = _parted(layout.lines, running)
        take_unruled(layout)
        layout.lines += edge
    close_hyphens(layouts)
    tables = TableReader()
    pages: list[list[Line | Table]] = []
    for layout in layouts:
        items: list[Line | Table] = [*_parted(layout.lines, running)[0]]
        items += layout.tables
        pages.append(in_reading_order(items)[0])
    pitches = line_pitches([[i for i in page if isinstance(i, Line)] for page in pages])
    drafts: list[Draft] = []
    interrupted = False
    for layout, page in zip(layouts, pages, strict=True):
        own, interrupted = _page(layout, page, size, pitches, tables, interrupted)
        _join_over_page(drafts, own)
        drafts += own
        drafts += _running(layout, running)
    listed = set_contents(drafts)
    known = listed | {key for title in bookmarks if len(key := heading_key(title)) >= 4}
    set_headings(drafts, size, frozenset(known))
    join_labels(drafts)
    set_acronyms(drafts)
    set_sections(drafts, frozenset(known))
    set_lead_ins(drafts)
    return drafts


def _parted(lines: list[Line], running: set[int]) -> tuple[list[Line], list[Line]]:
    """Return the lines of the body, and those that run from page to page."""
    body = [line for line in lines if id(line) not in running]
    return body, [line for line in lines if id(line) in running]


def _page(
    layout: PageLayout,
    items: list[Line | Table],
    size: float,
    pitches: dict[float, float],
    tables: TableReader,
    interrupted: bool,
) -> tuple[list[Draft], bool]:
    """Return the drafts of a page, and whether text stands below its last table."""
    lines = [item for item in items if isinstance(item, Line)]
    notes = note_lines(lines, layout.height, size)
    aside = {id(line) for line in notes}
    drafts: list[Draft] = []
    run: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            if id(item) not in aside:
                run.append(item)
            continue
        drafts += page_drafts(run, pitches)
        interrupted = interrupted or bool(run)
        run = []
        drafts += tables.read(item, interrupted=interrupted)
        interrupted = False
    drafts += page_drafts(run, pitches)
    return [*drafts, *_notes(notes)], interrupted or bool(run)


def _notes(lines: list[Line]) -> list[Draft]:
    drafts: list[Draft] = []
    for line in lines:
        if drafts and not is_note_start(line.text):
            drafts[-1].lines.append(line)
        else:
            drafts.append(Draft(kind=BlockKind.NOTE, lines=[line]))
    for draft in drafts:
        draft.parts = parts_by_page(draft.lines)
    return drafts


def _running(layout: PageLayout, running: set[int]) -> list[Draft]:
    return [
        Draft(kind=BlockKind.RUNNING, lines=[line], parts=parts_by_page([line]))
        for line in layout.lines
        if id(line) in running
    ]


def _join_over_page(drafts: list[Draft], own: list[Draft]) -> None:
    """Join a paragraph that the page cuts: its rest moves from ``own`` to the draft."""
    before = next((d for d in reversed(drafts) if d.kind not in _ASIDE), None)
    after = own[0] if own else None
    if before is None or after is None or after.bullet:
        return
    text_kinds = {BlockKind.PARAGRAPH, BlockKind.LIST_ITEM}
    if before.kind not in text_kinds or after.kind is not BlockKind.PARAGRAPH:
        return
    if abs(before.lines[-1].size - after.size) > 0.6:
        return
    if before.bold != after.bold and not after.text[:1].islower():
        return
    if continues_text(before.text, after.text) or runs_over(before.lines, after.lines):
        before.lines += after.lines
        before.parts += after.parts
        own.pop(0)
