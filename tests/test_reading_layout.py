"""Classes of error that the pages of tests/truth showed, each on a small page of its own."""

from __future__ import annotations

from pathlib import Path

import factories
import pytest

from gcm_align.reading import read_document
from gcm_align.reading.order import in_reading_order
from gcm_align.settings import Settings
from gcm_align.types import BlockKind, Document


def read(path: Path, *pages: factories.Draw) -> Document:
    return read_document(factories.make_pdf(path, pages), settings=Settings())


def texts(document: Document, kind: BlockKind) -> list[str]:
    return [document.block_text(b) for b in document.blocks if b.kind is kind]


def test_a_box_drawn_last_is_read_where_it_stands(tmp_path: Path) -> None:
    """A text box that the file draws after the body stands between its two paragraphs."""

    def draw(canvas: object) -> None:
        factories.block(canvas, factories.PROSE, 80)
        factories.block(canvas, factories.MORE, 260)
        factories.line(canvas, "The Registrar shall publish the register.", 90, 180)

    document = read(tmp_path / "box.pdf", draw)
    found = [document.block_text(b)[:13] for b in document.blocks]
    assert found == [factories.PROSE[:13], "The Registrar", factories.MORE[:13]]


def test_a_side_bar_stays_where_the_file_draws_it(tmp_path: Path) -> None:
    """What stands beside the body has no place in it, and cuts no paragraph in two."""

    def draw(canvas: object) -> None:
        factories.block(canvas, factories.PROSE, 80, right=360)
        factories.block(canvas, factories.MORE, 260)
        factories.line(canvas, "Ask at the counter.", 400, 95)

    document = read(tmp_path / "bar.pdf", draw)
    assert [document.block_text(b)[:13] for b in document.blocks] == [
        factories.PROSE[:13], factories.MORE[:13], "Ask at the co",
    ]  # fmt: skip


def test_moving_boxes_loses_and_doubles_nothing() -> None:
    """Whatever the stream's order, each item of a page is read once."""
    from gcm_align.reading.layout import Line

    heights = [10, 30, 50, 300, 320, 90, 110, 100, 200, 5]
    items = [
        Line(page=1, text=str(at), x0=72, x1=300, top=top, bottom=top + 10, order=at)
        for at, top in enumerate(heights)
    ]
    found, _ = in_reading_order(list(items))
    assert sorted(item.order for item in found) == list(range(len(items)))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Article 36: Every citizen shall have the right to work.", BlockKind.PARAGRAPH),
        ("Article 36: Right to work", BlockKind.HEADING),
        ("PREAMBLE.", BlockKind.HEADING),
        ("wORK aND CUlTURE", BlockKind.HEADING),
        ("work and culture", BlockKind.PARAGRAPH),
    ],
)
def test_what_is_a_heading(tmp_path: Path, title: str, kind: BlockKind) -> None:
    """An article with its sentence is none; capitals are one, stop or small capitals aside."""

    def draw(canvas: object) -> None:
        factories.line(canvas, title, factories.LEFT, 80)
        factories.block(canvas, factories.PROSE, 120)

    document = read(tmp_path / "title.pdf", draw)
    assert document.blocks[0].kind is kind


def test_the_label_of_a_chapter_is_no_running_head(tmp_path: Path) -> None:
    """``Chapter 1`` to ``Chapter 3``, each over its title, belong to the titles."""
    titles = ("Work", "Return of workers and of|their families", "Health", "Skills and schools")

    def chapter(number: int) -> factories.Draw:
        def draw(canvas: object) -> None:
            factories.line(canvas, f"Chapter {number}", 250, 60, 15, bold=True)
            for at, line in enumerate(titles[number - 1].split("|")):
                factories.line(canvas, line, 200 + 40 * at, 90 + 18 * at, 15, bold=True)
            factories.block(canvas, factories.PROSE, 140)

        return draw

    document = read(tmp_path / "chapters.pdf", *(chapter(n) for n in range(1, 5)))
    assert texts(document, BlockKind.HEADING) == [
        f"Chapter {n} {title.replace('|', ' ')}" for n, title in enumerate(titles, start=1)
    ]


def test_a_centred_title_is_no_part_of_the_paragraph(tmp_path: Path) -> None:
    """A line in the middle of the column ends there, however close the text below it."""

    def draw(canvas: object) -> None:
        factories.line(canvas, "PREAMBLE.", 265, 80)
        factories.block(canvas, factories.PROSE, 80 + factories.LEADING)

    document = read(tmp_path / "centred.pdf", draw)
    assert texts(document, BlockKind.HEADING) == ["PREAMBLE."]
    assert texts(document, BlockKind.PARAGRAPH) == [factories.PROSE]


def test_numbered_titles_that_open_a_band_are_headings(tmp_path: Path) -> None:
    """The titles of a plan that stand in the first band of its matrix head its rows."""
    edges = (72.0, 300.0, 430.0, 520.0)

    def draw(canvas: object) -> None:
        factories.line(canvas, "4. Return of workers", 75, 82, 9, bold=True)
        factories.line(canvas, "Aim: workers shall come home with their savings.", 75, 96, 9)
        canvas.rect(72, factories.HEIGHT - 112, 448, 32)  # type: ignore[attr-defined]
        factories.grid(canvas, [factories.HEADER, *factories.ROWS], 112, edges)

    document = read(tmp_path / "band.pdf", draw)
    assert texts(document, BlockKind.HEADING) == ["4. Return of workers"]
    rows = [b for b in document.blocks if b.kind is BlockKind.TABLE_ROW]
    assert all(row.section == ("4. Return of workers",) for row in rows)
    assert any("savings" in document.block_text(row) for row in rows)
