"""Pages a second and peak memory of reading alone, beside plain pdfplumber, in one run.

    python benchmarks/reading.py ../shared/documents/*.pdf --made 500

Each file is read by a process of its own: ours as the commands read it (a child with limits,
layout, structure, language), and ``pdfplumber`` with ``extract_text`` and each page closed.
``--made`` adds a document of that many pages, written here: text, headings, a ruled table and
running heads on each page. On another machine compare the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from main_job import PLAIN, measure
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

OURS = (
    "import sys\n"
    "from pathlib import Path\n"
    "from gcm_align.reading import read_apart\n"
    "from gcm_align.settings import Settings\n"
    "read_apart(Path(sys.argv[1]), settings=Settings())\n"
)
SENTENCE = (
    "The Ministry of Labour shall open service centre {} for migrant workers and their families"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file: pages, then seconds and MB of each reader."""

    name: str
    pages: int
    ours: float
    ours_mb: float
    plain: float
    plain_mb: float

    def cells(self) -> list[str]:
        """Return the row as printed."""
        return [
            self.name,
            str(self.pages),
            f"{self.ours:.1f}",
            f"{self.pages / self.ours:.1f}",
            f"{self.ours_mb:.0f}",
            f"{self.plain:.1f}",
            f"{self.pages / self.plain:.1f}",
            f"{self.plain_mb:.0f}",
            f"{self.ours / self.plain:.2f}",
        ]


def made(path: Path, pages: int) -> Path:
    """Write a document of many pages; the same number gives the same bytes."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    width, height = A4
    for number in range(1, pages + 1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, height - 36, "National Migration Plan 2031")
        canvas.drawString(width / 2, 36, str(number))
        canvas.setFont("Helvetica-Bold", 14)
        canvas.drawString(72, height - 80, f"{number}. Services of district {number}")
        canvas.setFont("Helvetica", 10)
        for line in range(28):
            end = ". " if line % 3 == 2 else ""
            canvas.drawString(
                72, height - 110 - 14 * line, SENTENCE.format(100 * number + line) + end
            )
        for row in range(8):
            top = height - 540 - 22 * row
            for column, text in enumerate((f"{number}.{row} Train staff", "Ministry", "2031")):
                canvas.rect(72 + 150 * column, top, 150, 22)
                canvas.drawString(76 + 150 * column, top + 7, text)
        canvas.showPage()
    canvas.save()
    return path


def compare(path: Path) -> Row:
    """Read one file with both."""
    environment = dict(os.environ)
    ours = measure([sys.executable, "-c", OURS, str(path)], environment)
    plain = measure([sys.executable, "-c", PLAIN, str(path)], environment)
    with pypdfium2.PdfDocument(path) as pdf:
        pages = len(pdf)
    return Row(
        name=path.name, pages=pages, ours=ours.seconds, ours_mb=ours.peak_mb,
        plain=plain.seconds, plain_mb=plain.peak_mb,
    )  # fmt: skip


def total(rows: Sequence[Row]) -> Row:
    """Return the sum of rows, and the greatest memory."""
    return Row(
        name="all",
        pages=sum(row.pages for row in rows),
        ours=sum(row.ours for row in rows),
        ours_mb=max(row.ours_mb for row in rows),
        plain=sum(row.plain for row in rows),
        plain_mb=max(row.plain_mb for row in rows),
    )


def main() -> None:
    """Print one row for each file and one for all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--made", type=int, default=0, help="pages of a made document")
    options = parser.parse_args()
    columns = (
        *("document", "pages", "ours s", "pages/s", "peak MB"),
        *("plain s", "pages/s", "peak MB", "ours / plain"),
    )
    print("| " + " | ".join(columns) + " |")
    print("| --- |" + " ---: |" * (len(columns) - 1))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        files = list(options.files)
        if options.made:
            files.append(made(Path(folder, f"made-{options.made}.pdf"), options.made))
        for path in files:
            rows.append(compare(path))
            print("| " + " | ".join(rows[-1].cells()) + " |", flush=True)
    print("| " + " | ".join(total(rows).cells()) + " |")


if __name__ == "__main__":
    main()
