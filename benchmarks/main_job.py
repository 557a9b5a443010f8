"""Wall time, peak memory and pages a second of the main job on real documents.

    python benchmarks/main_job.py ../shared/documents/*.pdf

Each document is analysed in a process of its own, first with an empty cache, then again
with the vectors kept. Beside it stands plain ``pdfplumber`` reading the same file, in the
same run: on another machine compare the ratios, not the seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

PLAIN = (
    "import sys, pdfplumber\n"
    "with pdfplumber.open(sys.argv[1]) as pdf:\n"
    "    for page in pdf.pages:\n"
    "        page.extract_text(); page.close()\n"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: seconds from start to end, and the most memory it held, in MB."""

    seconds: float
    peak_mb: float


def measure(
    command: list[str], environment: dict[str, str], most_seconds: float = 86_400
) -> Measured:
    """
    Run a process to its end and return its time and its own peak memory.

    Raises:
        TimeoutError: It took longer than it may, and was ended.
    """
    with Path(os.devnull).open("wb") as sink:
        start = time.perf_counter()
        actions = [(os.POSIX_SPAWN_DUP2, sink.fileno(), 1)]
        child = os.posix_spawn(command[0], command, environment, file_actions=actions, setpgroup=0)
        # Its workers end when it does: each sees its end of a pipe close.
        clock = threading.Timer(most_seconds, os.killpg, (child, signal.SIGKILL))
        clock.daemon = True
        clock.start()
        try:
            _, status, usage = os.wait4(child, 0)
        except KeyboardInterrupt:  # sent to this process alone
            os.killpg(child, signal.SIGKILL)
            raise
        finally:
            clock.cancel()
        seconds = time.perf_counter() - start
    if seconds >= most_seconds:
        raise TimeoutError(f"{' '.join(command)[:80]} took more than {most_seconds:.0f} s")
    code = os.waitstatus_to_exitcode(status)
    if code:
        raise SystemExit(f"{' '.join(command)} ended with {code}")
    return Measured(seconds, usage.ru_maxrss / 1024)


def main() -> None:
    """Print one row for each document."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", type=Path)
    files = parser.parse_args().files
    columns = (
        *("document", "pages", "passages", "cold s", "pages/s", "again s", "peak MB"),
        *("plain pdfplumber s", "cold / plain"),
    )
    print("| " + " | ".join(columns) + " |")
    print("| --- |" + " ---: |" * (len(columns) - 1))
    for path in files:
        print("| " + " | ".join(row(path)) + " |", flush=True)


def row(path: Path) -> list[str]:
    """Measure one document."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GCM_ALIGN_CACHE_DIR": f"{folder}/cache"}
        analyse = [sys.executable, "-m", "gcm_align.cli", "analyse", str(path), "-q"]
        analyse += ["-o", f"{folder}/out"]
        cold = measure(analyse, environment)
        again = measure(analyse, environment)
        plain = measure([sys.executable, "-c", PLAIN, str(path)], environment)
        report = json.loads(Path(folder, "out", "report.json").read_text(encoding="utf-8"))
    document = report["documents"][0]
    pages = document["quality"]["pages"]
    return [
        path.name,
        str(pages),
        str(document["passages"]),
        f"{cold.seconds:.1f}",
        f"{pages / cold.seconds:.1f}",
        f"{again.seconds:.1f}",
        f"{max(cold.peak_mb, again.peak_mb):.0f}",
        f"{plain.seconds:.1f}",
        f"{cold.seconds / plain.seconds:.1f}",
    ]


if __name__ == "__main__":
    main()
