"""Fuzz the readers: change sound and hostile files at random and read what comes of them.

    python scripts/fuzz_reading.py --minutes 15 --keep findings

The reader runs in a process beside this one, many files each; one that dies or hangs is
replaced. Whatever is no error of the tree and no sound document is a finding; findings are
told apart by where they were raised, and the smallest file of each is kept.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).parent))

import hostile_containers
import hostile_pdf
import make_hostile_corpus
from run_hostile_corpus import contradiction

from gcm_align.errors import ReadingError
from gcm_align.reading import read_document
from gcm_align.settings import Settings

_LARGEST = 60_000  # bytes: of a file to begin with, so that many are read in a minute
_FEW_KINDS = 4  # of the corpus: fewer leave PDF out
_INSIDE = 0.8  # share of changed containers whose members are changed, not the packing
_PATIENCE = 20.0  # seconds for one file
_PLACE = re.compile(r'File "([^"]+)", line (\d+)')
# Known, and stopped by the limits: pdfminer and PDFium fill these ranges to the end.
_ENDLESS = ("cmap-name", "labels-loop")
_WORDS = (
    *(b"/Kids", b"/Parent", b"/Length", b"/Filter /FlateDecode", b"/Contents", b"/Rotate 90"),
    *(b"<<", b">>", b"[", b"]", b"(", b")", b"endobj", b"stream\n", b"endstream", b"R", b"Tj"),
    *(b"BT", b"ET", b"cm", b"Tm", b"Do", b"re f", b"0", b"-1", b"1e39", b"2147483648", b"null"),
    *(b"<w:p>", b"</w:p>", b"<w:tbl>", b"<table>", b"<td colspan=9>", b"</div>", b"<li>", b"&#0;"),
    *(b"]]>", b"<!--", b"<section>", b"<num>", b"\xff\xfe", b"\xed\xa0\x80", b"\r", b"\f", b"\0"),
    *(
        b"# ",
        b"|",
        b"> ",
        b"- ",
        b"1.1 ",
        b"(a) ",
        b"Article 9\n",
        b"---\n",
        b"```",
        b"\xe2\x80\xa2 ",
    ),
)


def starts(kinds: Sequence[str] = ()) -> list[tuple[str, bytes]]:
    """Return the files to begin with: those of the corpus that are small, of some kinds."""
    kinds = kinds or [
        kind for kind in make_hostile_corpus.KINDS if kind not in {"bombs", "nesting"}
    ]
    found = [
        (name, data)
        for _, name, data in make_hostile_corpus.hostile_files(kinds)
        if 0 < len(data) <= _LARGEST and not name.startswith(_ENDLESS)
    ]
    sound = [("sound.pdf", hostile_pdf.base())] * 40
    if "words" in kinds or "containers" in kinds:
        # A change in packed bytes is found by the ZIP's checksum and reaches no parser.
        found = [(name, _stored(data)) for name, data in found]
        found = [(name, data) for name, data in found if len(data) <= _LARGEST]
    return (
        found
        + (sound if len(kinds) > _FEW_KINDS else [])
        + [item for item in found if item[0].startswith("sound")] * 15
    )


def _stored(data: bytes) -> bytes:
    """Return a container with its members unpacked, other files as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = {m.filename: container.read(m) for m in container.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError):
        return data
    return hostile_containers.archive(members, stored=True)


def mended(data: bytes, draw: random.Random) -> bytes:
    """Return a container of which one member was changed and its checksum with it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            members = {m.filename: container.read(m) for m in container.infolist()}
    except Exception:
        return data
    if not members:
        return data
    name = draw.choice(sorted(members))
    members[name] = changed(members[name], draw.choice(list(members.values())), draw)
    return hostile_containers.archive(members, stored=True)


def changed(data: bytes, other: bytes, draw: random.Random) -> bytes:
    """Return a file with one to eight changes, some taken from another file."""
    out = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 3, 5, 8))):
        at = draw.randrange(len(out) + 1)
        length = draw.choice((1, 2, 4, 16, 64, 256))
        match draw.randrange(7):
            case 0:
                out[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = draw.choice(_WORDS) * draw.choice((1, 1, 1, 2, 40))
            case 3:
                out[at : at + length] = draw.choice(_WORDS)
            case 4:
                start = draw.randrange(len(other) + 1)
                out[at:at] = other[start : start + length]
            case 5:
                start = draw.randrange(len(out) + 1)
                out[at:at] = out[start : start + length]
            case _:
                out[at : at + 1] = b"%d" % draw.choice((0, 7, 255, 65536, 2**31, 2**63))
    return bytes(out)


def serve() -> None:
    """Read one file for each line of input; answer with what is wrong, if anything."""
    # A small room keeps a file that unpacks without end from slowing the others down.
    settings = Settings(max_pages=200, max_unpacked_bytes=50_000_000)
    faulthandler.enable()  # to standard error, which the other side keeps
    for line in sys.stdin:
        fault = trace = ""
        faulthandler.dump_traceback_later(_PATIENCE - 2)
        outcome = "document"
        try:
            fault = contradiction(read_document(Path(line.rstrip("\n")), settings=settings))
        except ReadingError as error:
            outcome = type(error).__name__
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            fault = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
            trace = traceback.format_exc(limit=-8)
        faulthandler.cancel_dump_traceback_later()
        answer = {"outcome": outcome, "fault": fault, "trace": trace}
        sys.__stdout__.write(json.dumps(answer) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


class Reader:
    """The process that reads, replaced when it dies."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.said: IO[str] | None = None

    def ask(self, path: Path) -> dict[str, str]:
        """Return what came of a file; death and silence are faults."""
        process = self.process = self.process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(_PATIENCE, stop)
        clock.start()
        try:
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            answer: dict[str, str] = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            code = process.wait()
            assert self.said is not None
            self.said.seek(0)
            trace = self.said.read()
            self.close()
            found = _PLACE.search(trace)
            fault = "hang" if late.is_set() else f"death ({code})"
            place = f" at {Path(found[1]).name}:{found[2]}" if found else ""
            return {"outcome": "", "fault": fault + place, "trace": trace}
        finally:
            clock.cancel()
        return answer

    def close(self) -> None:
        """End the process and free its pipes."""
        process, self.process = self.process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout, self.said):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _start(self) -> subprocess.Popen[str]:
        self.said = tempfile.TemporaryFile("w+")  # noqa: SIM115 (lives as long as the process)
        return subprocess.Popen(  # noqa: S603 (this script)
            [sys.executable, __file__, "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
        )


def main() -> None:
    """Fuzz for some minutes and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="folder for the file of each finding")
    parser.add_argument(
        "--kind", action="append", default=[], choices=sorted(make_hostile_corpus.KINDS)
    )
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve()
        return
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
    outcomes, findings = fuzz(options.minutes * 60, options.seed, options.keep, options.kind)
    print(f"{outcomes.total()} files: " + ", ".join(f"{k} {n}" for k, n in outcomes.most_common()))
    for fault, n in findings.most_common():
        print(f"{n} x {fault}")
    print(f"{len(findings)} findings")


def fuzz(
    seconds: float, seed: int, keep: Path | None, kinds: Sequence[str] = ()
) -> tuple[Counter[str], Counter[str]]:
    """Read changed files until the time is over; return outcomes and findings."""
    draw = random.Random(seed)
    begin = starts(kinds)
    reader = Reader()
    outcomes: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    smallest: dict[str, int] = {}
    end = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            name, data = draw.choice(begin)
            other = draw.choice(begin)[1]
            inside = data.startswith(b"PK") and draw.random() < _INSIDE
            new = mended(data, draw) if inside else changed(data, other, draw)
            path = Path(folder, "fuzzed" + Path(name).suffix)
            path.write_bytes(new)
            answer = reader.ask(path)
            outcomes[answer["outcome"] or "fault"] += 1
            if fault := answer["fault"]:
                findings[fault] += 1
                if keep and len(new) < smallest.get(fault, _LARGEST * 10):
                    smallest[fault] = len(new)
                    stem = "".join(c if c.isalnum() else "-" for c in fault)[:80]
                    (keep / f"{stem}{path.suffix}").write_bytes(new)
                    (keep / f"{stem}.trace").write_text(answer["trace"], encoding="utf-8")
    reader.close()
    return outcomes, findings


if __name__ == "__main__":
    main()
