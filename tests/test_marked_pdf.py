"""The annotated source: marks where the words stand, notes that say what they mean."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import report_factory as make
from reportlab.pdfgen.canvas import Canvas

from gcm_align.errors import (
    CorruptFileError,
    EncryptedFileError,
    ReportError,
    UnsupportedFormatError,
)
from gcm_align.reading.locating import locate_quotes
from gcm_align.reporting import write_annotated
from gcm_align.reporting.marked_pdf import to_marked_pdf
from gcm_align.reporting.writing import file_name
from gcm_align.types import Assessment, Box, Contradiction, Level, Report

LINES = (
    "No person shall operate a recruitment agency with-",
    "out a licence that the Ministry has issued.",
    "Children shall be held until removal.",
)
FIRM = (
    "No person shall operate a recruitment agency with-out a licence that the Ministry has issued."
)
COUNTER = "Children shall be held until removal."


def drawn(turn: int = 0, **encryption: object) -> bytes:
    """Draw a PDF of two pages with an outline of its own; the words are on the second."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 600), invariant=1, **encryption)
    canvas.drawString(50, 500, "Cover")
    canvas.bookmarkPage("cover")
    canvas.addOutlineEntry("Its own chapter", "cover")
    canvas.showPage()
    for place, line in enumerate(LINES):
        if turn:
            canvas.saveState()
            canvas.translate(100 + 20 * place, 50)
            canvas.rotate(90)
            canvas.drawString(0, 0, line)
            canvas.restoreState()
        else:
            canvas.drawString(50, 500 - 20 * place, line)
    canvas.showPage()
    canvas.save()
    if not turn:
        return buffer.getvalue()
    turned = io.BytesIO()
    with pikepdf.open(buffer) as pdf:
        pdf.pages[1].rotate(turn, relative=False)
        pdf.save(turned)
    return turned.getvalue()


def verdicts() -> tuple[Assessment, ...]:
    firm = make.evidence(Level.ADDRESSED, quote=FIRM, page=2)
    lost = make.evidence(
        Level.PARTIAL,
        quote="These words stand nowhere in the file at all.",
        page=1,
        boxes=(Box(page=1, x0=50.0, top=90.0, x1=90.0, bottom=104.0),),
    )
    counter = make.evidence(Level.GAP, quote=COUNTER, page=2)
    return (
        make.assessment("6.c", Level.ADDRESSED, evidence=(firm,)),
        make.assessment("6.h", None, evidence=(firm,), suggested=Level.PARTIAL),
        make.assessment("6.a", Level.PARTIAL, evidence=(lost,)),
        make.assessment(
            "13.h",
            Level.GAP,
            contradiction=Contradiction.CONTRADICTION,
            counter_evidence=(counter,),
        ),
    )


def report_on(data: bytes, **changes: Any) -> Report:
    digest = hashlib.sha256(data).hexdigest()
    return make.report(verdicts(), (make.summary(sha256=digest, **changes),))


def marks(data: bytes) -> list[tuple[int, dict[str, Any]]]:
    """Each annotation: its page and its fields."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            held: Any = page.obj.get("/Annots", [])
            for note in held:
                values = {k.lstrip("/"): note[k] for k in note}
                plain = {
                    k: str(v) for k, v in values.items() if k in ("Contents", "Subj", "Subtype")
                }
                box = [float(v) for v in note["/Rect"]]
                found.append((number, plain | {"Rect": box, "drawn": "AP" in values}))
    return found


def test_a_passage_is_marked_once_with_all_its_actions() -> None:
    """One highlight over both lines; the note names each action, its level, its probability."""
    data = drawn()
    out = to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")
    on_two = [fields for page, fields in marks(out) if page == 2]
    assert len(on_two) == 2
    firm = next(f for f in on_two if "6.c" in str(f["Subj"]))
    assert firm["Subtype"] == "/Highlight"
    assert firm["drawn"]
    note = str(firm["Contents"])
    assert "6.c 3 addressed" in note
    assert "6.h ● needs review, suggested 2 partial" in note
    assert "Probability above gap: 0.91" in note
    assert "Machine suggestions until reviewed" in note
    left, bottom, right, top = firm["Rect"]
    assert 40 < left < 51
    assert 470 < bottom < 480
    assert 505 < top < 520
    assert right > 250


def test_a_contradiction_is_named_as_such() -> None:
    """Never by its colour alone."""
    data = drawn()
    out = to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")
    notes = [str(fields["Contents"]) for _, fields in marks(out)]
    assert any("▲ C2 13.h: this clause stands against “" in note for note in notes)


def test_a_quote_that_is_not_found_is_marked_by_the_readers_boxes() -> None:
    """PDFium does not find the words: the first reader's boxes, from its own origin."""
    data = drawn()
    out = to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")
    fields = next(fields for page, fields in marks(out) if page == 1)
    assert fields["Rect"] == [47.0, 493.0, 93.0, 513.0]


def test_without_any_place_there_is_a_note_on_the_page() -> None:
    """Neither reader knows where the words stand: a note at the corner quotes them."""
    data = drawn()
    lost = [replace(e, boxes=()) for e in verdicts()[2].evidence]
    made = replace(report_on(data), assessments=(replace(verdicts()[2], evidence=tuple(lost)),))
    ((page, fields),) = marks(to_marked_pdf(made, make.framework(), data, "policy.pdf"))
    assert (page, fields["Subtype"]) == (1, "/Text")
    assert "“These words stand nowhere" in str(fields["Contents"])


def test_the_outline_goes_by_objective_and_keeps_the_documents_own() -> None:
    data = drawn()
    out = to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")
    pdf = pypdfium2.PdfDocument(out)
    entries = [
        (item.level, item.get_title(), item.get_dest().get_index()) for item in pdf.get_toc()
    ]
    pdf.close()
    assert [title for level, title, _ in entries if level == 0][1] == "Its own chapter"
    assert (1, "6 Recruitment and decent work", 0) in entries
    assert (2, "6.c 3 addressed", 1) in entries
    assert (2, "▲ C2 13.h", 1) in entries


def test_highlights_are_drawn() -> None:
    """PDFium draws the tint over the words and nothing elsewhere; the words stay dark."""
    data = drawn()
    out = to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")
    before, after = (
        pypdfium2.PdfDocument(d)[1].render(may_draw_forms=True).to_numpy() for d in (data, out)
    )
    changed = (before != after).any(axis=2)
    rows = changed.any(axis=1).nonzero()[0]
    assert 80 < rows.min() < rows.max() < 150
    assert after.min() < 60


@pytest.mark.parametrize("turn", [0, 90])
def test_lines_are_found_on_a_turned_page(turn: int) -> None:
    """A wide table on its side: one box a line, not one a letter."""
    data = drawn(turn)
    boxes = locate_quotes(data, "policy.pdf", [(2, FIRM)])[2, FIRM]
    assert len(boxes) == 2
    assert all(box.turned == turn for box in boxes)
    long = boxes[0].along[1] - boxes[0].along[0]
    assert long > 5 * (boxes[0].across[1] - boxes[0].across[0])


def test_a_quote_in_another_order_is_found_in_pieces() -> None:
    """Lines that a second reader puts elsewhere; too little of a quote is no find."""
    data = drawn()
    quote = f"{COUNTER} out a licence that the Ministry has issued."
    few = "Children shall be returned to their families and receive care, schooling and a guardian."
    found = locate_quotes(data, "policy.pdf", [(2, quote), (2, few), (9, quote)])
    assert len(found[2, quote]) == 2
    assert found[2, few] == found[9, quote] == ()


def test_the_same_bytes_twice() -> None:
    data = drawn()
    made = report_on(data)
    first = to_marked_pdf(made, make.framework(), data, "policy.pdf")
    assert to_marked_pdf(made, make.framework(), data, "policy.pdf") == first


def _encrypted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return drawn(encrypt=StandardEncryption("secret", strength=128))


def _restricted() -> bytes:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return drawn(encrypt=StandardEncryption("", "owner", canAnnotate=0, strength=128))


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (_encrypted, EncryptedFileError),
        (_restricted, EncryptedFileError),
        (lambda: drawn()[:200], CorruptFileError),
        (lambda: b"%PDF-1.7\nnothing more", CorruptFileError),
    ],
)
def test_what_cannot_be_annotated_is_a_clear_error(
    source: Callable[[], bytes], error: type[Exception]
) -> None:
    """A password, a ban on annotations, a broken file: named, never a crash."""
    data = source()
    with pytest.raises(error, match=r"policy\.pdf.* Expected"):
        to_marked_pdf(report_on(data), make.framework(), data, "policy.pdf")


def test_another_file_is_refused() -> None:
    """The pages of another edition would be marked wrongly."""
    with pytest.raises(ReportError, match="not the file that was analysed"):
        to_marked_pdf(report_on(drawn()), make.framework(), drawn(90), "policy.pdf")
    text = b"# A policy"
    made = report_on(text, media_type="text/markdown")
    with pytest.raises(UnsupportedFormatError, match="Only a PDF"):
        to_marked_pdf(made, make.framework(), text, "policy.md")


def test_one_bad_source_stops_no_other(tmp_path: Path) -> None:
    """The good one is written; why the others were not is returned."""
    good, bad = tmp_path / "policy.pdf", tmp_path / "other.pdf"
    good.write_bytes(drawn())
    bad.write_bytes(b"%PDF-1.7")
    sources = (bad, tmp_path / "absent.pdf", good)
    out = tmp_path / "out"
    written, refused = write_annotated(report_on(drawn()), make.framework(), out, sources)
    assert [path.relative_to(out).as_posix() for path in written] == ["annotated/doc-1.pdf"]
    assert len(refused) == 2
    assert file_name("../a b:c.PDF") == "a-b-c.pdf"
