"""Small documents made on the spot, one behaviour each; nothing is copied from real ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas

Draw = Callable[[Canvas], None]
WIDTH, HEIGHT = A4  # points
LEFT, RIGHT = 72.0, WIDTH - 72.0
LEADING = 14.0

PROSE = (
    "The Ministry shall open twelve service centres for migrant workers before the end of the "
    "second year and shall pay their staff from the general budget. Each centre gives advice "
    "free of charge to workers and to their families, whatever the papers that they hold."
)
MORE = (
    "Labour inspectors will visit every licensed agency once in twelve months. They write a "
    "report on each visit and send it to the Registrar, who may suspend the licence of an "
    "agency that has charged a worker for placement."
)


def make_pdf(path: Path, pages: Sequence[Draw], encryption: StandardEncryption = None) -> Path:
    """Draw pages and write the file; the same input gives the same bytes."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1, encrypt=encryption)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def line(
    canvas: Canvas, text: str, x: float, top: float, size: float = 11, bold: bool = False
) -> None:
    """Draw a line whose letters start ``top`` points below the upper edge."""
    canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
    canvas.drawString(x, HEIGHT - top - size, text)


def block(
    canvas: Canvas,
    text: str,
    top: float,
    *,
    x: float = LEFT,
    right: float = RIGHT,
    size: float = 11,
) -> float:
    """Draw wrapped text; return where the next paragraph may start."""
    for own in simpleSplit(text, "Helvetica", size, right - x):
        line(canvas, own, x, top, size)
        top += LEADING
    return top + LEADING / 2


def furniture(canvas: Canvas, number: int, title: str = "National Migration Plan 2031") -> None:
    """Draw a running head and a page number."""
    line(canvas, title, LEFT, 30, 9)
    line(canvas, str(number), WIDTH / 2, HEIGHT - 40, 9)


def grid(
    canvas: Canvas, rows: Sequence[Sequence[str]], top: float, edges: Sequence[float], *,
    rules: bool = True, bold_first: bool = True, size: float = 9,
) -> float:  # fmt: skip
    """Draw a table row by row; a row of one text spans all columns. Return its lower edge."""
    for index, row in enumerate(rows):
        spans = [edges[0], edges[-1]] if len(row) == 1 else list(edges)
        cells = [
            simpleSplit(text, "Helvetica", size, right - left - 6)
            for text, left, right in zip(row, spans, spans[1:], strict=False)
        ]
        height = 12 * max(1, *(len(cell) for cell in cells)) + 6
        for cell, left, right in zip(cells, spans, spans[1:], strict=False):
            for at, own in enumerate(cell):
                line(canvas, own, left + 3, top + 2 + 12 * at, size, bold_first and index == 0)
            if rules:
                canvas.rect(left, HEIGHT - top - height, right - left, height)
        top += height
    return top


def policy(path: Path) -> Path:
    """Three pages with headings, running heads, page numbers and a paragraph over a page end."""
    opening, rest = PROSE.split(" of the second year", 1)

    def first(canvas: Canvas) -> None:
        furniture(canvas, 1)
        line(canvas, "1. Protection of workers", LEFT, 80, 16, bold=True)
        top = block(canvas, MORE, 110)
        line(canvas, "1.1 Service centres", LEFT, top, 13, bold=True)
        block(canvas, opening, top + 24)

    def second(canvas: Canvas) -> None:
        furniture(canvas, 2)
        block(canvas, "of the second year" + rest, 70)

    def third(canvas: Canvas) -> None:
        furniture(canvas, 3)
        line(canvas, "2. Return", LEFT, 80, 16, bold=True)
        block(canvas, MORE, 110)

    return make_pdf(path, [first, second, third])


def two_columns(path: Path) -> Path:
    """A page of two columns, drawn line by line across both."""

    def draw(canvas: Canvas) -> None:
        left = simpleSplit(PROSE, "Helvetica", 11, 200)
        right = simpleSplit(MORE, "Helvetica", 11, 200)
        for at in range(max(len(left), len(right))):
            for own, x in ((left, LEFT), (right, 320.0)):
                if at < len(own):
                    line(canvas, own[at], x, 80 + LEADING * at)

    return make_pdf(path, [draw])


HEADER = ("Activity", "Responsible body", "Year")
ROWS = (
    (
        "1.1 Train consuls to assist nationals who are in distress abroad",
        "Foreign Ministry",
        "2031",
    ),
    (
        "1.2 Open a register of licensed recruitment agencies for the public",
        "Labour Office",
        "2032",
    ),
    (
        "1.3 Publish figures on departures and returns by sex and by age",
        "Statistics Office",
        "2033",
    ),
)
EDGES = (72.0, 300.0, 430.0, 520.0)


def table(path: Path, *, rules: bool = True) -> Path:
    """A table with a header and a group row, ruled or not."""

    def draw(canvas: Canvas) -> None:
        top = block(canvas, PROSE, 60)
        grid(canvas, [HEADER, ("Consular protection of nationals abroad",), *ROWS], top, EDGES,
             rules=rules)  # fmt: skip

    return make_pdf(path, [draw])


def table_over_pages(path: Path, *, repeat_header: bool = False) -> Path:
    """A ruled table whose second row is cut by the page end."""
    activity = ROWS[1][0].split(" recruitment")[0]
    rest = ("recruitment" + ROWS[1][0].split(" recruitment")[1], "", "")

    def first(canvas: Canvas) -> None:
        furniture(canvas, 1)
        grid(canvas, [HEADER, ROWS[0], (activity, *ROWS[1][1:])], HEIGHT - 150, EDGES)

    def second(canvas: Canvas) -> None:
        furniture(canvas, 2)
        head = [HEADER] if repeat_header else []
        grid(canvas, [*head, rest, ROWS[2]], 70, EDGES, bold_first=repeat_header)

    def third(canvas: Canvas) -> None:
        furniture(canvas, 3)
        block(canvas, MORE, 70)

    return make_pdf(path, [first, second, third])


ITEMS = ("free legal advice in a language that they know;", "shelter for up to ninety days;",
         "the cost of the journey home.")  # fmt: skip


def listing(path: Path) -> Path:
    """A lead-in and its items."""

    def draw(canvas: Canvas) -> None:
        top = block(canvas, "Victims of trafficking are entitled to:", 80)
        for mark, item in zip("abc", ITEMS, strict=True):
            line(canvas, f"({mark}) {item}", LEFT + 18, top)
            top += LEADING
        block(canvas, MORE, top + LEADING)

    return make_pdf(path, [draw])


def hyphenated(path: Path) -> Path:
    """A word parted at the end of a line, and a compound that keeps its hyphen."""

    def draw(canvas: Canvas) -> None:
        line(canvas, "The Government shall ratify the conventions on the pro-", LEFT, 80)
        line(canvas, "tection of migrant workers and adopt a gender-", LEFT, 80 + LEADING)
        line(canvas, "sensitive law on recruitment in the coming year.", LEFT, 80 + 2 * LEADING)
        line(canvas, "The protection of children comes first.", LEFT, 80 + 4 * LEADING)

    return make_pdf(path, [draw])


NOTES = (
    f"1 Annual report of the Labour Office, volume two. {'Its tables list each centre. ' * 5}",
    f"2 Interviews at the border in the spring. {'They were held on fees and contracts. ' * 4}",
    "3 Ibid.",
)


def with_notes(path: Path) -> Path:
    """Three pages of body text with small notes at the foot."""

    def page(number: int) -> Draw:
        def draw(canvas: Canvas) -> None:
            furniture(canvas, number)
            block(canvas, (PROSE, MORE, PROSE.split(". ")[1])[number - 1], 80)
            block(canvas, NOTES[number - 1], HEIGHT - 110, size=8)

        return draw

    return make_pdf(path, [page(n) for n in (1, 2, 3)])


def with_silent_pages(path: Path) -> Path:
    """Text, a blank page, a scanned page without text, and text again."""
    return make_pdf(path, [prose, lambda _: None, scan, prose])


def prose(canvas: Canvas) -> None:
    """Draw one paragraph."""
    block(canvas, PROSE, 80)


def scan(canvas: Canvas) -> None:
    """Draw a picture over the whole page, as a scanner does."""
    picture = Image.linear_gradient("L").resize((120, 170))
    canvas.drawImage(ImageReader(picture), 0, 0, WIDTH, HEIGHT)


def scanned(path: Path) -> Path:
    """A file of pictures alone."""
    return make_pdf(path, [scan, scan])


def encrypted(path: Path, *, password: str) -> Path:
    """A file with an owner's password, and a reader's one where it is given."""
    lock = StandardEncryption(userPassword=password, ownerPassword="owner", strength=128)
    return make_pdf(path, [prose], lock)


def truncated(path: Path) -> Path:
    """The first part of a PDF, as a broken download leaves it."""
    buffer = io.BytesIO(policy(path).read_bytes())
    path.write_bytes(buffer.read(120))
    return path
