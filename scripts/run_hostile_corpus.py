"""Read every hostile file as a user's command would, and say what came of each kind.

    python scripts/run_hostile_corpus.py DIR [--page-seconds 5] [--list results.csv]

Ends with code 1 where a file raised anything but an error of the tree, took more than its
seconds, or came out as a document whose parts contradict each other.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gcm_align.errors import ReadingError
from gcm_align.reading import read_apart
from gcm_align.settings import Settings
from gcm_align.types import Document

_START = 10.0  # seconds: room for two processes to start on a busy machine
DOCUMENT, PART = "document", "document in part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of one file; ``fault`` is empty where all is as promised."""

    path: Path
    outcome: str  # document, document in part, or the name of an error
    detail: str
    seconds: float
    fault: str


def run_one(path: Path, settings: Settings) -> Result:
    """Read one file and judge what came of it."""
    start = time.perf_counter()
    fault = ""
    try:
        document = read_apart(path, settings=settings)
    except ReadingError as error:
        outcome, detail = type(error).__name__, str(error)
    except Exception as error:
        outcome = detail = fault = f"{type(error).__name__}: {error}"
    else:
        quality = document.quality
        outcome = PART if quality.stopped_at else DOCUMENT
        detail = f"{quality.pages_read} of {quality.pages} pages; {'; '.join(quality.warnings)}"
        fault = contradiction(document)
    seconds = time.perf_counter() - start
    # Reading may be begun a second time, for the pages before the one that stopped it.
    if seconds > 2 * settings.max_read_seconds + _START:
        fault = fault or f"took {seconds:.0f} s"
    return Result(path=path, outcome=outcome, detail=detail, seconds=seconds, fault=fault)


def contradiction(document: Document) -> str:
    """Say where a document contradicts itself, else return an empty string."""
    quality = document.quality
    pages = quality.pages_read + len(quality.pages_blank) + len(quality.pages_unread)
    if pages != quality.pages:
        return f"{pages} pages are accounted for of {quality.pages}"
    at = 0
    for block in document.blocks:
        if not at <= block.start < block.end <= len(document.text):
            return f"block {block.start}:{block.end} does not follow {at}"
        if any(not 1 <= span.page <= quality.pages for span in block.spans):
            return f"block {block.start}:{block.end} is on no page of the file"
        at = block.end
    try:
        document.text.encode()
        document.title.encode()
    except UnicodeEncodeError as error:
        return f"its text cannot be written: {error}"
    return ""


def main() -> None:
    """Print one row for each kind, then each fault."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--page-seconds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60, help="for one document")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", type=Path, help="write a row for each file to this CSV file")
    options = parser.parse_args()
    settings = Settings(max_page_seconds=options.page_seconds, max_read_seconds=options.seconds)
    paths = sorted(path for path in options.folder.rglob("*") if path.is_file())
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda path: run_one(path, settings), paths))
    print_table(results)
    if options.list:
        with options.list.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("kind", "file", "outcome", "seconds", "detail", "fault"))
            for r in results:
                row = (r.path.parent.name, r.path.name, r.outcome, f"{r.seconds:.1f}")
                writer.writerow((*row, r.detail.replace(str(options.folder), "DIR"), r.fault))
    faults = [result for result in results if result.fault]
    for result in faults:
        print(f"FAULT {result.path}: {result.fault}")
    sys.exit(1 if faults else 0)


def print_table(results: Sequence[Result]) -> None:
    """Print what came of each kind, in Markdown."""
    print("| kind | files | document | in part | errors | slowest s | file | faults |")
    print("| --- | ---: | ---: | ---: | --- | ---: | --- | ---: |")
    for kind in [*sorted({result.path.parent.name for result in results}), "all"]:
        own = [r for r in results if kind in ("all", r.path.parent.name)]
        counted = Counter(r.outcome for r in own)
        whole, part = counted.pop(DOCUMENT, 0), counted.pop(PART, 0)
        errors = ", ".join(
            f"{name.removesuffix('Error')} {n}" for name, n in sorted(counted.items())
        )
        slowest = max(own, key=lambda r: r.seconds)
        faults = sum(bool(r.fault) for r in own)
        print(
            f"| {kind} | {len(own)} | {whole} | {part} | {errors} | {slowest.seconds:.1f} "
            f"| {slowest.path.name} | {faults} |"
        )


if __name__ == "__main__":
    main()
