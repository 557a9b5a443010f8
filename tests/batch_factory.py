"""A stand-in for the engine whose verdicts are written in the documents themselves.

A line ``13.h=3`` gives an action its level, ``13.h=NR`` leaves it for review, ``13.h=C2``
contradicts it; all else is a gap. ``unread``, ``broken`` and ``die`` do what they say, and
``slow`` takes its time.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from report_factory import assessment, contradicted, framework, principles, report, summary

from gcm_align.batch.run import Instrument, Request, run_batch
from gcm_align.batch.summary import Summary
from gcm_align.batch.work import Answer, Answering, Load, Loaded, Task
from gcm_align.types import Assessment, Level, Report, Skipped


@dataclass(frozen=True, kw_only=True)
class MadeLoad:
    """Loads the stand-in; each process that does so leaves its number in a folder."""

    folder: str

    def __call__(self) -> Loaded:
        """Return the stand-in."""
        Path(self.folder, str(os.getpid())).touch()
        return Loaded(assess=made_report, framework=framework())


def made_report(path: Path) -> Report:
    """Return the report that a document asks for."""
    words = path.read_text(encoding="utf-8").split()
    if "slow" in words:
        time.sleep(0.3)
    if "die" in words:
        os.kill(os.getpid(), signal.SIGKILL)
    if "broken" in words:
        raise RuntimeError("made to break")
    if "unread" in words:
        message = f"The file is empty: {path}. Expected text. Export it again."
        return report((), (), (Skipped(path=str(path), error="EmptyFileError", message=message),))
    asked = dict(word.split("=", 1) for word in words if "=" in word)
    verdicts = tuple(
        replace(_verdict(action.id, asked.get(action.id, "0")), document_id=path.name)
        for action in framework().actions
    )
    document = summary(
        path.name, path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), title="Made"
    )
    return report(verdicts, (document,), (), principles(path.name))


def _verdict(action: str, asked: str) -> Assessment:
    if asked == "C2":
        return contradicted(action)
    return assessment(action, None if asked == "NR" else Level(int(asked)))


def inline(tasks: Iterable[Task], load: Load, *, jobs: int) -> Generator[tuple[Task, Answer]]:
    """Stand in for run_local() without a process."""
    answering = Answering(load)
    for task in tasks:
        yield task, answering(task)


def write_documents(folder: Path, texts: dict[str, str]) -> Path:
    """Write documents by name and return their folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def batch(sources: Path, out: Path, *, digest: str = "one", **options: object) -> Summary:
    """Run a batch with the stand-in."""
    loads = out.parent / "loads"
    loads.mkdir(exist_ok=True)
    request = Request(sources=(sources,), out=out, **options)  # type: ignore[arg-type]
    instrument = Instrument(load=MadeLoad(folder=str(loads)), digest=digest)
    return run_batch(request, instrument=instrument)


def contents(out: Path) -> dict[str, bytes]:
    """Return every file of a dataset by name, but for the lock."""
    files = sorted(path for path in out.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in files}


def main() -> None:
    """Run a batch as a process that a test can kill: SOURCE OUT."""
    batch(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2)


if __name__ == "__main__":
    main()
