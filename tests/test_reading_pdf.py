from __future__ import annotations

from pathlib import Path

import factories
import pytest

from gcm_align.reading import read_document
from gcm_align.reading.verify import page_texts
from gcm_align.settings import Settings
from gcm_align.types import Block, BlockKind, Document


def read(path: Path) -> Document:
    return read_document(path, settings=Settings())


def blocks(document: Document, kind: BlockKind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.block_text(block) for block in blocks(document, kind)]


@pytest.fixture
def policy(tmp_path: Path) -> Document:
    return read(factories.policy(tmp_path / "policy.pdf"))


def test_headings_are_no_policy(policy: Document) -> None:
    """Headings are told from paragraphs and make the section path of what follows."""
    assert texts(policy, BlockKind.HEADING) == [
        "1. Protection of workers", "1.1 Service centres", "2. Return",
    ]  # fmt: skip
    paragraphs = blocks(policy, BlockKind.PARAGRAPH)
    assert paragraphs[1].section == ("1. Protection of workers", "1.1 Service centres")
    assert paragraphs[-1].section == ("2. Return",)


def test_running_heads_and_page_numbers_are_no_policy(policy: Document) -> None:
    """What repeats at the edge of every page is set aside."""
    running = texts(policy, BlockKind.RUNNING)
    assert running.count("National Migration Plan 2031") == 3
    assert {"1", "2", "3"} <= set(running)


def test_a_paragraph_cut_by_the_page_is_one_block(policy: Document) -> None:
    """The text goes on over the page end; its two spans name their pages."""
    cut = next(b for b in blocks(policy, BlockKind.PARAGRAPH) if len(b.spans) == 2)
    assert policy.block_text(cut) == factories.PROSE
    assert [span.page for span in cut.spans] == [1, 2]
    assert [box.page for box in cut.boxes] == [1, 2]


def test_boxes_lie_on_the_page(policy: Document) -> None:
    """Boxes are in points from the top left, inside the page, and pages are 1-based."""
    for box in (box for block in policy.blocks for box in block.boxes):
        assert 1 <= box.page <= 3
        assert 0 <= box.x0 < box.x1 <= factories.WIDTH
        assert 0 <= box.top < box.bottom <= factories.HEIGHT


def test_a_capital_after_the_page_end_does_not_part_a_sentence(tmp_path: Path) -> None:
    """A full last line without a stop goes on, though a capital follows."""
    before, after = factories.MORE.split(" Registrar,")

    def first(canvas: object) -> None:
        factories.block(canvas, f"{factories.PROSE} {before}", 80, right=497)

    def second(canvas: object) -> None:
        factories.block(canvas, f"Registrar,{after}", 80)

    document = read(factories.make_pdf(tmp_path / "cut.pdf", [first, second]))
    assert texts(document, BlockKind.PARAGRAPH) == [f"{factories.PROSE} {factories.MORE}"]


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Columns drawn line by line across the gutter are not interleaved."""
    document = read(factories.two_columns(tmp_path / "columns.pdf"))
    assert texts(document, BlockKind.PARAGRAPH) == [factories.PROSE, factories.MORE]


@pytest.mark.parametrize("rules", [True, False])
def test_tables_are_read_by_row(tmp_path: Path, rules: bool) -> None:
    """Each row is one block with its cells on lines and its columns named, ruled or not."""
    document = read(factories.table(tmp_path / "table.pdf", rules=rules))
    rows = blocks(document, BlockKind.TABLE_ROW)
    assert [document.block_text(row).split("\n") for row in rows] == [
        list(row) for row in factories.ROWS
    ]
    assert {row.columns for row in rows} == {factories.HEADER}


def test_a_row_with_a_theme_alone_is_a_group(tmp_path: Path) -> None:
    """A full-width row that names a theme is no evidence; it heads the rows below it."""
    document = read(factories.table(tmp_path / "table.pdf"))
    label = "Consular protection of nationals abroad"
    assert label in texts(document, BlockKind.TABLE_HEADER)
    assert all(row.section == (label,) for row in blocks(document, BlockKind.TABLE_ROW))


def test_a_full_width_row_that_undertakes_something_is_a_row(tmp_path: Path) -> None:
    """A sentence over all columns stays evidence."""
    goal = "The State shall assist every national who is in distress abroad."

    def draw(canvas: object) -> None:
        factories.grid(canvas, [factories.HEADER, (goal,), *factories.ROWS], 80, factories.EDGES)

    document = read(factories.make_pdf(tmp_path / "goal.pdf", [draw]))
    assert goal in texts(document, BlockKind.TABLE_ROW)


@pytest.mark.parametrize("repeat_header", [False, True])
def test_a_row_cut_by_the_page_is_one_row(tmp_path: Path, repeat_header: bool) -> None:
    """The rest of a row joins it, whether or not the header is printed again."""
    path = factories.table_over_pages(tmp_path / "over.pdf", repeat_header=repeat_header)
    document = read(path)
    rows = blocks(document, BlockKind.TABLE_ROW)
    wanted = ["\n".join(row) for row in factories.ROWS]
    assert [document.block_text(row) for row in rows] == wanted
    assert {span.page for span in rows[1].spans} == {1, 2}


def test_bold_rows_of_figures_are_no_headers(tmp_path: Path) -> None:
    """A bold total does not rename the columns; years in the first row do name them."""
    table = [("Country", "2029", "2030"), ("Total", "120", "133"), ("North", "70", "80")]

    def draw(canvas: object) -> None:
        top = factories.grid(canvas, table[:1], 80, factories.EDGES)
        top = factories.grid(canvas, table[1:2], top, factories.EDGES)
        factories.grid(canvas, table[2:], top, factories.EDGES, bold_first=False)

    document = read(factories.make_pdf(tmp_path / "figures.pdf", [draw]))
    assert texts(document, BlockKind.TABLE_HEADER) == ["Country\n2029\n2030"]
    assert {b.columns for b in blocks(document, BlockKind.TABLE_ROW)} == {table[0]}


def test_stacked_activities_stand_beside_their_goal_and_body(tmp_path: Path) -> None:
    """Activities in one ruled cell become rows; a goal before them heads each of them."""
    activities = ["3.1 Open shelters in three", "cities of destination", "3.2 Train the staff of",
                  "the shelters each year"]  # fmt: skip
    goal = [
        "3. Nationals abroad",
        "find shelter and are",
        "assisted to return by",
        "the consulates.",
    ]

    def draw(canvas: object) -> None:
        factories.grid(canvas, [("Policy goals", "Activities", "Bodies")], 80, (60, 200, 380, 520))
        for at, (own, beside) in enumerate(zip(goal, activities, strict=True)):
            factories.line(canvas, own, 64, 104 + 12 * at, 9)
            factories.line(canvas, beside, 204, 104 + 12 * at, 9)
        factories.line(canvas, "Foreign Ministry", 384, 104, 9)
        factories.line(canvas, "Labour Office", 384, 128, 9)
        for x, right in ((60, 200), (200, 380), (380, 520)):
            canvas.rect(x, factories.HEIGHT - 155, right - x, 55)  # type: ignore[attr-defined]

    document = read(factories.make_pdf(tmp_path / "stack.pdf", [draw]))
    rows = blocks(document, BlockKind.TABLE_ROW)
    assert [document.block_text(row) for row in rows] == [
        " ".join(goal),
        "3.1 Open shelters in three cities of destination\nForeign Ministry",
        "3.2 Train the staff of the shelters each year\nLabour Office",
    ]
    assert all(" ".join(goal) in row.lead_in for row in rows[1:])


def test_items_carry_their_lead_in(tmp_path: Path) -> None:
    """A list item knows the words that it completes."""
    document = read(factories.listing(tmp_path / "list.pdf"))
    items = blocks(document, BlockKind.LIST_ITEM)
    assert [document.block_text(b).split(") ")[1] for b in items] == list(factories.ITEMS)
    assert {b.lead_in for b in items} == {"Victims of trafficking are entitled to:"}


def test_hyphens_at_line_ends(tmp_path: Path) -> None:
    """A word known elsewhere is closed up; a compound keeps its hyphen."""
    document = read(factories.hyphenated(tmp_path / "hyphens.pdf"))
    assert "on the protection of migrant workers and adopt a gender-sensitive law" in document.text


def test_notes_at_the_foot_are_set_aside(tmp_path: Path) -> None:
    """Footnotes are blocks of their own and do not break the paragraph above."""
    document = read(factories.with_notes(tmp_path / "notes.pdf"))
    assert [text[:7] for text in texts(document, BlockKind.NOTE)] == [
        "1 Annua",
        "2 Inter",
        "3 Ibid.",
    ]
    assert texts(document, BlockKind.PARAGRAPH)[:2] == [factories.PROSE, factories.MORE]


def test_pages_without_text_are_counted_and_named(tmp_path: Path) -> None:
    """A blank page is no loss; a scanned page is unread and named."""
    document = read(factories.with_silent_pages(tmp_path / "silent.pdf"))
    quality = document.quality
    assert (quality.pages, quality.pages_read) == (4, 2)
    assert quality.pages_blank == (2,)
    assert quality.pages_unread == (3,)
    assert quality.share_read == pytest.approx(2 / 3)


def test_a_scan_is_a_document_without_text(tmp_path: Path) -> None:
    """Pictures alone raise nothing: every page is named as unread."""
    document = read(factories.scanned(tmp_path / "scan.pdf"))
    assert document.text == ""
    assert document.quality.pages_unread == (1, 2)
    assert document.quality.share_read == 0.0


def test_the_cover_is_no_evidence(tmp_path: Path) -> None:
    """Names and dates of a cover are headings that head nothing."""

    def cover(canvas: object) -> None:
        factories.line(canvas, "National Migration Plan", 150, 200, 22, bold=True)
        factories.line(canvas, "Programme to Protect the Rights of Migrant Workers", 150, 600)

    def body(canvas: object) -> None:
        factories.block(canvas, factories.PROSE, 80)

    document = read(factories.make_pdf(tmp_path / "cover.pdf", [cover, body, body]))
    assert not [b for b in document.blocks if b.page == 1 and b.kind is not BlockKind.HEADING]
    assert all(b.section == () for b in blocks(document, BlockKind.PARAGRAPH))


def test_contents_are_no_policy(tmp_path: Path) -> None:
    """Lines with leaders to page numbers are contents, and what stands over them is a title."""
    entries = ["1. Protection of workers", "1.1 Service centres", "2. Return", "3. Data"]

    def draw(canvas: object) -> None:
        factories.line(canvas, "Contents", 72, 80, 14, bold=True)
        for at, entry in enumerate(entries):
            factories.line(canvas, f"{entry} {'.' * 60} {at + 2}", 72, 110 + 16 * at)

    document = read(factories.make_pdf(tmp_path / "contents.pdf", [draw]))
    assert len(blocks(document, BlockKind.CONTENTS)) == 4
    assert texts(document, BlockKind.HEADING) == ["Contents"]
    assert not blocks(document, BlockKind.PARAGRAPH)


def test_every_span_is_found_by_the_second_reader(tmp_path: Path) -> None:
    """PDFium, asked independently, finds each span on the page that it names."""
    for make in (factories.policy, factories.table, factories.hyphenated, factories.listing):
        path = make(tmp_path / f"{make.__name__}.pdf")
        document = read(path)
        with page_texts(path, document, Settings()) as pages:
            assert pages.unverified(document) == ()


def test_reading_twice_gives_the_same_document(tmp_path: Path) -> None:
    """Same bytes, same record."""
    path = factories.policy(tmp_path / "policy.pdf")
    assert read(path) == read(path)


def test_large_initials_belong_to_their_word(tmp_path: Path) -> None:
    """A heading in small capitals is read as words, so that a foreword is known as one."""

    def draw(canvas: object) -> None:
        factories.line(canvas, "F", 72, 78, 28, bold=True)
        factories.line(canvas, "OREWORD", 72 + 17.1, 84, 22, bold=True)
        factories.block(canvas, factories.PROSE, 130)

    document = read(factories.make_pdf(tmp_path / "caps.pdf", [draw]))
    assert texts(document, BlockKind.HEADING) == ["FOREWORD"]
    assert texts(document, BlockKind.FOREWORD) == [factories.PROSE]


def test_a_list_of_acronyms_is_no_policy(tmp_path: Path) -> None:
    """Acronyms are known by their letters, without a heading."""
    entries = ["MoL Ministry of Labour", "NRO National Register Office", "LO Labour Office",
               "CSO Central Statistics Office", "FM Foreign Ministry"]  # fmt: skip

    def draw(canvas: object) -> None:
        for at, entry in enumerate(entries):
            factories.line(canvas, entry, 72, 80 + 22 * at)
        factories.block(canvas, factories.PROSE, 240)

    document = read(factories.make_pdf(tmp_path / "acronyms.pdf", [draw]))
    assert texts(document, BlockKind.REFERENCE) == entries
    assert texts(document, BlockKind.PARAGRAPH) == [factories.PROSE]
