"""The annotated source: highlights with notes, and an outline by objective.

The one importer of pikepdf. Each highlight is an annotation of its own with its own
picture, so that every viewer draws the same; the pages' contents are not touched.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pikepdf

from gcm_align.errors import (
    CorruptFileError,
    EncryptedFileError,
    ReportError,
    UnsupportedFormatError,
)
from gcm_align.reading.locating import PageBox, locate_quotes
from gcm_align.reading.sniffing import PDF
from gcm_align.reporting.docx_text import timestamp
from gcm_align.reporting.highlights import appearance
from gcm_align.reporting.marking import Entry, Mark, Marking, Place, marking_of

if TYPE_CHECKING:
    from gcm_align.catalogue import Framework
    from gcm_align.types import DocumentSummary, Report

PRINT = 4  # the flag of an annotation that is printed too
SMALL = pikepdf.ObjectStreamMode.generate  # or files of many small objects grow
NOTE_SIZE = 16  # points, of the sign of a note that has no place on its page


def to_marked_pdf(report: Report, framework: Framework, data: bytes, name: str) -> bytes:
    """
    Return a source with the evidence of a report marked in it.

    Args:
        report: A report on the document.
        framework: The framework that the report was made with.
        data: The bytes of the PDF that was analysed, and no others.
        name: Its name, for messages.

    Raises:
        ReportError: The report is on no document with these bytes.
        UnsupportedFormatError: It is no PDF.
        EncryptedFileError: It asks for a password, or forbids annotations.
        CorruptFileError: It cannot be opened or written.
    """
    document = document_of(report, data, name)
    if document.media_type != PDF:
        raise UnsupportedFormatError(
            "Only a PDF can be annotated",
            value=f"{name} ({document.media_type})",
            expected="a PDF",
            hint="Read its evidence in report.html or in the workbook.",
        )
    marking = marking_of(report, framework, document.id)
    boxes = locate_quotes(data, name, [(mark.page, mark.quote) for mark in marking.marks])
    return _annotated(data, name, marking, boxes)


def document_of(report: Report, data: bytes, name: str) -> DocumentSummary:
    """
    Return the document of a report that has these bytes.

    Raises:
        ReportError: There is none; the pages of another edition would be marked wrongly.
    """
    digest = hashlib.sha256(data).hexdigest()
    for document in report.documents:
        if document.sha256 == digest:
            return document
    known = ", ".join(f"{d.name} {d.sha256[:12]}" for d in report.documents)
    raise ReportError(
        "The source is not the file that was analysed",
        value=f"{name} (sha256 {digest[:12]})",
        expected=f"one of {known}",
        hint="Give the file that the report was made from, or analyse this one.",
    )


def _annotated(
    data: bytes, name: str, marking: Marking, boxes: Mapping[Place, Sequence[PageBox]]
) -> bytes:
    buffer = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if not pdf.allow.modify_annotation:
                raise EncryptedFileError(
                    "The PDF forbids annotations",
                    value=name,
                    expected="a PDF that may be annotated",
                    hint="Ask its publisher for a copy without restrictions.",
                )
            tops = _add_marks(pdf, marking, boxes)
            _add_outline(pdf, marking, tops)
            pdf.save(buffer, deterministic_id=True, object_stream_mode=SMALL)
    except pikepdf.PasswordError as error:
        raise EncryptedFileError(
            "The PDF asks for a password",
            value=name,
            expected="a PDF that opens without a password",
            hint="Open it in a viewer, save a copy without a password, and analyse the copy.",
        ) from error
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise CorruptFileError(
            "The PDF cannot be annotated",
            value=f"{name} ({str(error).splitlines()[0] if str(error) else type(error).__name__})",
            expected="a complete PDF file",
            hint="Open it in a viewer, save a copy, and analyse the copy.",
        ) from error
    return buffer.getvalue()


def _add_marks(
    pdf: pikepdf.Pdf, marking: Marking, boxes: Mapping[Place, Sequence[PageBox]]
) -> dict[Place, float]:
    """Add each mark to its page; return how high on the page each begins."""
    tops: dict[Place, float] = {}
    for number, mark in enumerate(marking.marks, start=1):
        if not 1 <= mark.page <= len(pdf.pages):
            continue
        page = pdf.pages[mark.page - 1]
        found = boxes.get((mark.page, mark.quote)) or _reader_boxes(page, mark)
        annotation = _highlight(pdf, mark, found) if found else _note(page, mark)
        annotation.NM = pikepdf.String(f"gcm-align-{number}")
        annotation.T = pikepdf.String(marking.author)
        annotation.M = pikepdf.String(f"D:{timestamp(marking.date):%Y%m%d%H%M%S}Z")
        annotation.P = page.obj
        _append(pdf, page, annotation)
        tops[mark.page, mark.quote] = max((box.top for box in found), default=_corner(page)[1])
    return tops


def _append(pdf: pikepdf.Pdf, page: pikepdf.Page, annotation: Any) -> None:
    """Append to the page's annotations, whatever it held there."""
    held = page.obj.get("/Annots")
    if not isinstance(held, pikepdf.Array):
        page.obj.Annots = pikepdf.Array()
    page.obj.Annots.append(pdf.make_indirect(annotation))


def _highlight(pdf: pikepdf.Pdf, mark: Mark, boxes: Sequence[PageBox]) -> Any:
    """Return a highlight over the lines of a passage."""
    corners = [(b.left, b.top, b.right, b.top, b.left, b.bottom, b.right, b.bottom) for b in boxes]
    frame = appearance(pdf, boxes, mark.state)
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Highlight,
        Rect=frame.rectangle,
        QuadPoints=pikepdf.Array([round(value, 2) for quad in corners for value in quad]),
        C=pikepdf.Array(frame.colour),
        F=PRINT,
        Subj=pikepdf.String(mark.title),
        Contents=pikepdf.String(mark.note),
        AP=pikepdf.Dictionary(N=frame.form),
    )


def _note(page: pikepdf.Page, mark: Mark) -> Any:
    """Return a note at the page's corner, for a passage whose place is not known."""
    left, top = _corner(page)
    box = [left + 4, top - 4 - NOTE_SIZE, left + 4 + NOTE_SIZE, top - 4]
    return pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.Text,
        Rect=pikepdf.Array([round(value, 2) for value in box]),
        Name=pikepdf.Name.Note,
        F=PRINT,
        Subj=pikepdf.String(mark.title),
        Contents=pikepdf.String(f"“{mark.quote}”\n{mark.note}"),
    )


def _corner(page: pikepdf.Page) -> tuple[float, float]:
    """Return the left and the top of a page in its own coordinates."""
    box = [float(value) for value in page.cropbox]
    return min(box[0], box[2]), max(box[1], box[3])


def _reader_boxes(page: pikepdf.Page, mark: Mark) -> tuple[PageBox, ...]:
    """Return the first reader's boxes, on a page that is not turned."""
    if int(page.obj.get("/Rotate", 0) or 0) % 360:
        return ()
    left, top = _corner(page)
    return tuple(
        PageBox(left=left + b.x0, bottom=top - b.bottom, right=left + b.x1, top=top - b.top)
        for b in mark.boxes
        if b.x1 > b.x0 and b.bottom > b.top
    )


def _add_outline(pdf: pikepdf.Pdf, marking: Marking, tops: Mapping[Place, float]) -> None:
    """Add one branch before the document's own outline, which stays."""
    if not marking.outline:
        return
    with pdf.open_outline() as outline:
        root = _item(marking.root, marking.outline[0].place, tops)
        root.is_closed = False
        root.children.extend(_branch(entry, tops) for entry in marking.outline)
        outline.root.insert(0, root)


def _branch(entry: Entry, tops: Mapping[Place, float]) -> pikepdf.OutlineItem:
    item = _item(entry.title, entry.place, tops)
    item.is_closed = True
    item.children.extend(_branch(child, tops) for child in entry.children)
    return item


def _item(title: str, place: Place, tops: Mapping[Place, float]) -> pikepdf.OutlineItem:
    top = round(tops.get(place, 0.0) + 12, 2)
    return pikepdf.OutlineItem(title, place[0] - 1, "XYZ", top=top)
