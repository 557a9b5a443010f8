"""The process that assesses: a path a line on standard input, an outcome a line on output.

Run as ``python -m gcm_align.checking.worker``. The engine is loaded once; the parent loads
none of it, so that a run in which nothing changed starts in a moment, and a document that
kills its process takes no other with it.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from gcm_align.engine import Engine


def main() -> None:
    """Serve until standard input ends."""
    # Libraries may print; the channel is for outcomes alone.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    options = json.loads(sys.argv[1])
    engine: Engine | None = None
    for line in sys.stdin:
        task = json.loads(line)
        try:
            engine = engine or _load(options)
            answer = _assess(Path(task["path"]), engine)
        except Exception as error:
            answer = _failure(error)
        _say(channel, answer)


def _load(options: dict[str, Any]) -> Engine:
    from gcm_align.catalogue import load_catalogue
    from gcm_align.engine import load_engine

    folder = options["cache_dir"]
    return load_engine(
        load_catalogue(options["framework"] or None),
        model=options["model"],
        cache_dir=Path(folder) if folder else None,
        use_cache=bool(folder),
        threads=1,  # --jobs says how many documents are worked on at once
    )


def _assess(path: Path, engine: Engine) -> dict[str, Any]:
    from gcm_align.checking.lines import source_lines
    from gcm_align.checking.outcomes import Unread, encode
    from gcm_align.checking.verdicts import condense
    from gcm_align.pipeline import align

    report = align([path], engine=engine).report
    if report.skipped and not report.documents:
        item = report.skipped[0]
        message = item.message.replace(str(path), path.name)
        return encode(Unread(error=item.error, message=message))
    if len(report.documents) != 1:
        message = f"{path.name} holds {len(report.documents)} documents; give each as a file."
        return encode(Unread(error="SeveralDocuments", message=message))
    lines = source_lines(path.read_bytes())
    return encode(condense(report.documents[0], report.assessments, lines))


def _failure(error: Exception) -> dict[str, Any]:
    from gcm_align.errors import GcmAlignError

    if isinstance(error, GcmAlignError):
        return {
            "fault": {
                "what": error.what,
                "value": str(error.value),
                "expected": error.expected,
                "hint": error.hint,
                "exit_code": error.exit_code,
            }
        }
    return {"internal": "".join(traceback.format_exception(error))}


def _say(channel: TextIO, answer: dict[str, Any]) -> None:
    channel.write(json.dumps(answer) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
