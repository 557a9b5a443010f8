"""Reports in every form of the command line: one file, or a ZIP of several."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from gcm_align.reading.sniffing import PDF
from gcm_align.reporting.formats import ANNOTATED, FORMATS, render_all

if TYPE_CHECKING:
    from gcm_align.serving.library import Entry, Library
    from gcm_align.types import Report

_NO_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can hold: the same report, the same bytes


def export_forms(entry: Entry) -> tuple[str, ...]:
    """Return the forms that a document's report can have; a PDF can be marked too."""
    return (*FORMATS, *((ANNOTATED,) if entry.media_type == PDF else ()))


def exported(library: Library, entry: Entry, report: Report, form: str) -> tuple[str, bytes] | None:
    """Return the name and the bytes of a report in a form, None for one that is not there."""
    if form not in export_forms(entry):
        return None
    if form == ANNOTATED:
        from gcm_align.reporting.marked_pdf import to_marked_pdf

        data = library.path(entry).read_bytes()
        name = f"{Path(entry.name).stem}-annotated.pdf"
        return ascii_name(name), to_marked_pdf(report, library.framework, data, entry.name)
    files = render_all(report, library.framework, (form,))
    if len(files) == 1:
        ((name, content),) = files.items()
        return name, content
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _NO_DATE), content)
    return f"{form}.zip", packed.getvalue()


def ascii_name(name: str) -> str:
    """Return a file name that a header can hold."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return kept or "file"
