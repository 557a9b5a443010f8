from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
import scan_factory as made
from factories import Draw, block, line, make_pdf
from reportlab.pdfgen.canvas import Canvas

from gcm_align.reading.tesseract import Picture, recognise
from gcm_align.reading.unruling import without_rules

DPI = 300
FOOT = "Placement of Workers 2031"


def picture_of(draw: Draw, folder: Path, degrees: float = 0) -> Picture:
    path = make_pdf(folder / "drawn.pdf", [draw])
    with pypdfium2.PdfDocument(path) as pdf:
        page = pdf[0].render(scale=DPI / 72, grayscale=True).to_pil()
    page = page.rotate(degrees, fillcolor=255)
    return Picture(width=page.width, height=page.height, pixels=page.tobytes(), dpi=DPI)


def dark(picture: Picture, top: float, bottom: float) -> int:
    """Count dark pixels between two heights in points."""
    tones = np.frombuffer(picture.pixels, dtype=np.uint8).reshape(picture.height, picture.width)
    return int((tones[int(top * DPI / 72) : int(bottom * DPI / 72)] < 128).sum())


def ruled_foot(canvas: Canvas) -> None:
    """Draw text, and a foot whose rule touches the letters above it."""
    below = block(canvas, made.FIRST, 140, size=12)
    line(canvas, FOOT, 72, below + 40, 11)
    canvas.setLineWidth(2)
    height = canvas._pagesize[1] - below - 52.5
    canvas.line(60, height, 530, height)
    line(canvas, "Page 7", 480, below + 56, 11)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not here")
@pytest.mark.parametrize("degrees", [0, 0.3])
def test_words_about_a_rule_are_read(tmp_path: Path, degrees: float) -> None:
    """A foot that stands on a rule, and the page number below it, are recognised word by word."""
    words = recognise(without_rules(picture_of(ruled_foot, tmp_path, degrees)), "eng", 60)
    text = " ".join(w.text for w in words)
    assert text.endswith(f"{FOOT} Page 7")
    assert made.FIRST[:40] in text


def test_rules_go_and_letters_stay(tmp_path: Path) -> None:
    """A level rule is white, also one that is tilted; the letters above and below it stay."""

    def text_alone(canvas: Canvas) -> None:
        block(canvas, made.FIRST, 140, size=12)

    def with_rules(canvas: Canvas) -> None:
        text_alone(canvas)
        canvas.line(60, 300, 530, 300)
        canvas.line(60, 200, 530, 203)

    ruled = picture_of(with_rules, tmp_path)
    cleaned = without_rules(ruled)
    assert dark(ruled, 500, 842) > 3000
    assert dark(cleaned, 500, 842) <= 0.05 * dark(ruled, 500, 842)
    assert dark(cleaned, 0, 500) == dark(picture_of(text_alone, tmp_path), 0, 500)


def test_a_page_without_rules_is_not_touched(tmp_path: Path) -> None:
    """Where nothing is taken out the very picture comes back; a picture may be narrow."""
    picture = picture_of(made.draw_text, tmp_path)
    assert without_rules(picture) is picture
    narrow = Picture(width=20, height=3, pixels=bytes(60), dpi=DPI)
    assert without_rules(narrow) is narrow


def test_white_letters_on_a_dark_field_stay(tmp_path: Path) -> None:
    """The head of a table, white on a dark field, is no rule, and keeps every letter."""

    def banded(canvas: Canvas) -> None:
        canvas.setFillGray(0.1)
        canvas.rect(60, 600, 480, 24, stroke=0, fill=1)
        canvas.setFillGray(1)
        line(canvas, "Objective   Indicator   Responsible agency", 72, 222, 12, bold=True)

    picture = picture_of(banded, tmp_path)
    assert dark(without_rules(picture), 215, 245) == dark(picture, 215, 245)
