"""A batch with the real engine: one process, two processes, a Dask cluster of two workers.

    python benchmarks/batch.py --documents 12

The documents are made from our own example policy, each with a number of its own. Every way
starts from an empty dataset; the digests of the datasets must be the same.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
POLICY = ROOT / "examples" / "policies" / "norland-labour-migration-policy.md"
SCHEDULER = "127.0.0.1:18786"
COUNTRIES = ("Norland", "Sudland", "Westland")


def main() -> None:
    """Print seconds and digest of each way as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=12)
    number = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = make_source(folder, number)
        ways = {
            "local, 1 process": local(source, folder / "one", 1),
            "local, 2 processes": local(source, folder / "two", 2),
            "dask, 2 workers": on_cluster(source, folder / "dask"),
        }
    digests = {str(way["digest"]) for way in ways.values()}
    machine = {"cores": os.cpu_count(), "machine": platform.machine(), "load": os.getloadavg()[0]}
    print(json.dumps({"documents": number, "machine": machine, "ways": ways}, indent=1))
    if len(digests) > 1:
        raise SystemExit("The datasets are not the same.")


def make_source(folder: Path, number: int) -> Path:
    """Write documents and a manifest; return the manifest."""
    text = POLICY.read_text(encoding="utf-8")
    rows = ["path,country,date,status"]
    for index in range(number):
        clause = f"\n\nThe Ministry shall open {index + 2} centres for migrant workers.\n"
        (folder / f"policy-{index:04}.md").write_text(text + clause, encoding="utf-8")
        rows.append(f"policy-{index:04}.md,{COUNTRIES[index % 3]},{2000 + index % 20},in force")
    path = folder / "manifest.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def local(source: Path, out: Path, jobs: int) -> dict[str, object]:
    """Run the command on this machine."""
    return timed(source, out, "--jobs", str(jobs))


def on_cluster(source: Path, out: Path) -> dict[str, object]:
    """Start a scheduler and two workers as an administrator would, and run the command."""
    # Dask looks at the stack of a worker a hundred times a second unless it is told not to.
    plain = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
    host, port = SCHEDULER.split(":")
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", host]
    processes = [subprocess.Popen([*command, "--port", port, "--no-dashboard"])]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", f"tcp://{SCHEDULER}"]
    try:
        processes += [
            subprocess.Popen(
                [*worker, "--nthreads", "1", "--no-dashboard", "--name", f"w{n}"], env=plain
            )
            for n in range(2)
        ]
        return timed(source, out, "--engine", "dask", "--address", f"tcp://{SCHEDULER}")
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()


def timed(source: Path, out: Path, *options: str) -> dict[str, object]:
    """Run the command; return its seconds, documents a minute and the digest of the dataset."""
    command = [sys.executable, "-m", "gcm_align.cli", "batch", str(source), "-o", str(out), "-q"]
    start = time.perf_counter()
    subprocess.run([*command, *options], check=True)
    seconds = time.perf_counter() - start
    documents = len(list(out.glob("documents/*/*.parquet")))
    return {
        "seconds": round(seconds, 1),
        "documents_a_minute": round(60 * documents / seconds, 1),
        "digest": digest_of(out),
    }


def digest_of(out: Path) -> str:
    """Return the digest of every file of a dataset with its name, but for the lock."""
    digest = hashlib.sha256()
    for path in sorted(path for path in out.rglob("*") if path.is_file() and path.name != ".lock"):
        digest.update(path.relative_to(out).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
