"""Scans made on the spot: drawn text, photographed askew and with noise, as a PDF of pictures."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pypdfium2
from factories import HEIGHT, WIDTH, Draw, block, line, make_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DPI = 200  # what an office scanner is set to
TITLE = "2. Placement of migrant workers"
FIRST = (
    "The Ministry shall open twelve service centres for migrant workers before the end of the "
    "second year and shall pay their staff from the general budget. Each centre gives advice "
    "free of charge to workers and to their families, whatever the papers that they hold."
)
SECOND = (
    "Labour inspectors will visit every licensed agency once in twelve months. They write a "
    "report on each visit and send it to the Registrar, who may suspend the licence of an "
    "agency that has charged a worker for placement. The fees are refunded within 30 days."
)
DIGITAL = (
    "The Government will keep a register of recruiting agencies and publish it every quarter, "
    "with the name of each director and the number of workers placed in the year before."
)


def draw_text(canvas: Canvas) -> None:
    """Draw a heading and two paragraphs."""
    line(canvas, TITLE, 72, 90, 18, bold=True)
    below = block(canvas, FIRST, 140, size=12)
    block(canvas, SECOND, below + 10, size=12)


def draw_nothing(_canvas: Canvas) -> None:
    """Leave the page as it is."""


def draw_digital(canvas: Canvas) -> None:
    """Draw a page that needs no recognition."""
    block(canvas, DIGITAL, 140, size=12)


def photographed(
    draw: Draw, folder: Path, *, degrees: float = 0.4, noise: float = 9
) -> Image.Image:
    """Return the picture of a page that was scanned askew; the seed is fixed."""
    path = make_pdf(folder / "drawn.pdf", [draw])
    with pypdfium2.PdfDocument(path) as pdf:
        clean = pdf[0].render(scale=DPI / 72, grayscale=True).to_pil()
    turned = clean.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(turned, dtype=np.float64) * 0.9 + 12
    pixels += np.random.default_rng(7).normal(0, noise, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def scanned(draw: Draw, folder: Path) -> Draw:
    """Return how to draw a page as one picture."""
    buffer = io.BytesIO()
    photographed(draw, folder).save(buffer, "PNG")
    picture = buffer.getvalue()

    def page(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, WIDTH, HEIGHT)

    return page


def stamped(page: Draw, stamp: str) -> Draw:
    """Return how to draw a page with a stamp that is text."""

    def drawn(canvas: Canvas) -> None:
        page(canvas)
        line(canvas, stamp, 400, 30, 8)

    return drawn
