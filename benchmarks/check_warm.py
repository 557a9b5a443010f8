"""How long a check takes when nothing changed, in ratio to starting at all.

    python benchmarks/check_warm.py [TEXTS] [RUNS]

Writes texts of their own into a new folder, checks them once cold with one process and once
with one a core, then warm several times beside ``gcm-align --version``. Seconds depend on the
machine; the ratio and the number of seconds beyond the start are to be compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CLAUSES = (
    "No employer in {place} shall retain the passport of a migrant worker.",
    "The detention of migrant children in {place} is prohibited.",
    "The Ministry shall issue residence permits in {place} within {number} days.",
    "Every child in {place} shall be registered at birth, whatever the status of the parents.",
    "The Labour Inspectorate shall visit {number} workplaces in {place} each year.",
)
PLACES = ("Norland", "Holmvik", "Ostermark", "Sund", "Vestby", "Grimsey", "Tarn")


def main(texts: int = 50, runs: int = 7) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        acts = folder / "acts"
        acts.mkdir()
        for number in range(texts):
            place = PLACES[number % len(PLACES)]
            clauses = [c.format(place=place, number=number + 10) for c in CLAUSES]
            body = "\n\n".join(f"## Article {n}\n\n{c}" for n, c in enumerate(clauses * 2, 1))
            (acts / f"act-{number}.md").write_text(f"# Act {number}\n\n{body}\n", encoding="utf-8")
        cores = os.cpu_count() or 1
        for jobs in (1, cores):
            cold = seconds(folder, f"cache-{jobs}", "check", "acts", "--jobs", str(jobs))
            print(f"cold, {texts} texts, --jobs {jobs}: {cold:.1f} s")
        # In turns, so that another process on the machine slows both alike.
        starts, warms = [], []
        for _ in range(runs):
            starts.append(seconds(folder, f"cache-{cores}", "--version"))
            warms.append(seconds(folder, f"cache-{cores}", "check", "acts"))
        start, warm = statistics.median(starts), statistics.median(warms)
        print(f"start (--version): {start:.2f} s; warm check: {warm:.2f} s")
        print(f"beyond the start: {warm - start:.2f} s (wanted: 2); ratio {warm / start:.1f}")


def seconds(folder: Path, cache: str, *words: str) -> float:
    """Return how long a command takes with a cache folder of its own."""
    command = [str(Path(sys.executable).with_name("gcm-align")), *words]
    environment = os.environ | {"GCM_ALIGN_CACHE_DIR": str(folder / cache)}
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    taken = time.perf_counter() - began
    if done.returncode > 1:
        raise SystemExit(done.stderr.decode())
    return taken


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
