"""What is kept between runs: whole or not at all, bounded, and never stale."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from report_factory import full_report
from typer.testing import CliRunner

from gcm_align import align
from gcm_align.ahead import ReadAhead
from gcm_align.cli import app
from gcm_align.engine import Engine
from gcm_align.errors import NoTextError, UsageError
from gcm_align.keeping.entries import LIMIT_ENV, EntryStore, most_bytes
from gcm_align.keeping.instrument import instrument
from gcm_align.keeping.readings import read_kept, reading_store
from gcm_align.keeping.results import Result, ResultStore, pack, unpack
from gcm_align.reading import read_apart
from gcm_align.settings import Settings
from gcm_align.types import Document, Quality
from gcm_align.vector_cache import VectorCache

EXAMPLES = Path(__file__).resolve().parents[1] / "examples" / "policies"
POLICY = EXAMPLES / "norland-labour-migration-policy.md"


def store(folder: Path, most: int = 10**9) -> EntryStore:
    return EntryStore(folder=folder, most_bytes=most)


def result(quality: Quality | None = None) -> Result:
    report = full_report()
    document = report.documents[0]
    return Result(
        document=replace(document, quality=quality or document.quality),
        assessments=report.assessments,
        principles=report.principles,
        made_by={"encoder": dict(report.run.encoder), "calibrator": dict(report.run.calibrator)},
    )


def test_an_entry_comes_back_whole_or_not_at_all(tmp_path: Path) -> None:
    """Every shortened entry, and each with one byte changed, is as if it were not there."""
    entries = store(tmp_path)
    entries.put("abcd", b"clause " * 20)
    assert entries.get("abcd") == b"clause " * 20
    assert entries.get("abce") is None
    (path,) = entries.paths()
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at])
        assert entries.get("abcd") is None
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert entries.get("abcd") is None


def test_entries_used_longest_ago_make_room(tmp_path: Path) -> None:
    """The store never takes more than its limit, and what was used last stays."""
    entries = store(tmp_path, most=10_000)
    noise = np.random.default_rng(1)
    for number in range(30):
        entries.put(f"{number:04}", noise.bytes(900))
        for at, path in enumerate(sorted(entries.paths())):
            os.utime(path, (at, at))  # in the order of their names, whatever the clock's grain
        assert entries.get("0000") is not None  # used again and again
        os.utime(next(p for p in entries.paths() if p.stem == "00"), (10**6, 10**6))
    assert sum(path.stat().st_size for path in entries.paths()) <= 10_000
    assert entries.get("0029") is not None
    assert entries.get("0001") is None


def test_vectors_kept_longest_ago_make_room(tmp_path: Path) -> None:
    """The file of vectors stays near its limit, and the newest are there."""
    cache = VectorCache(tmp_path, most_bytes=200_000)
    for number in range(40):
        cache.put({f"{number}-{i}": np.full(384, i, dtype=np.float32) for i in range(10)})
    assert cache.path.stat().st_size < 300_000
    assert len(cache.get(["39-9", "0-0"])) == 1


def test_the_limit_is_a_number_of_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong limit is named with the variable; a right one is taken."""
    monkeypatch.setenv(LIMIT_ENV, "12")
    assert most_bytes() == 12_000_000
    monkeypatch.setenv(LIMIT_ENV, "1 GB")
    with pytest.raises(UsageError, match=r"GCM_ALIGN_CACHE_MB.*1 GB"):
        most_bytes()


def test_a_reading_is_kept_and_used_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading is the first to the last field, and starts no process."""
    path = tmp_path / "act.md"
    path.write_text("# Act\n\nThe Ministry shall license every agency.\n", encoding="utf-8")
    entries = reading_store(tmp_path / "cache")
    first = read_kept(path, entries, settings=Settings())
    assert first == read_apart(path, settings=Settings())
    with monkeypatch.context() as patch:
        patch.setattr("gcm_align.keeping.readings.read_apart", None)
        assert read_kept(path, entries, settings=Settings()) == first
    assert len(entries.paths()) == 1
    read_kept(path, entries, settings=Settings(max_pages=7))
    assert len(entries.paths()) == 2, "other limits may give another reading"
    path.write_text("# Act\n\nThe Ministry may license agencies.\n", encoding="utf-8")
    assert "may license" in read_kept(path, entries, settings=Settings()).text


def test_a_result_comes_back_to_the_last_bit() -> None:
    """Packing rounds nothing and loses no field."""
    kept = unpack(pack(result()))
    assert pack(kept) == pack(result())
    assert kept.assessments[0].probability == result().assessments[0].probability


def test_what_was_not_read_whole_is_not_kept(tmp_path: Path) -> None:
    """Pages that OCR or more memory could read are tried again in the next run."""
    results = ResultStore(entries=store(tmp_path), made_with="x", settings=Settings())
    whole = result(Quality(pages=3, pages_read=3))
    results.put("aa11", result(Quality(pages=3, pages_read=2, pages_unread=(3,))))
    results.put("bb22", result(Quality(pages=3, pages_read=1, pages_unread=(2, 3), stopped_at=2)))
    results.put("cc33", whole)
    assert results.get("aa11") is None
    assert results.get("bb22") is None
    assert results.get("cc33") == unpack(pack(whole))


def test_everything_that_decides_is_in_the_key() -> None:
    """Another catalogue, model or setting is another instrument; the same is the same."""
    made = {
        tuple(sorted(instrument(*given).items()))
        for given in (
            ("a", "default", Settings()),
            ("b", "default", Settings()),
            ("a", "some/model@1", Settings()),
            ("a", "default", Settings(counter_rank=6)),
        )
    }
    assert len({dict(items)["instrument"] for items in made}) == 4
    assert instrument("a", "default", Settings()) == instrument("a", "default", Settings())


def test_a_second_run_gives_the_same_bytes_without_the_model(tmp_path: Path) -> None:
    """Cold and warm reports differ in their time alone; the warm run loads no model."""
    out = {}
    for run in ("cold", "warm"):
        done = subprocess.run(
            [
                *(sys.executable, "-X", "importtime", "-m", "gcm_align.cli", "analyse"),
                *(str(POLICY), "-q", "-o", str(tmp_path / run)),
            ],
            env={**os.environ, "GCM_ALIGN_CACHE_DIR": str(tmp_path / "cache")},
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
        assert ("onnxruntime" in loaded) == (run == "cold")
        assert not loaded & {"torch._C", "sentence_transformers"}
        report = json.loads((tmp_path / run / "report.json").read_text(encoding="utf-8"))
        report["run"]["started"] = ""
        tables = [(tmp_path / run / name).read_bytes() for name in ("matrix.csv", "evidence.csv")]
        out[run] = (json.dumps(report), tables)
    assert out["cold"] == out["warm"]


def test_documents_come_in_order_whatever_fails(engine: Engine, tmp_path: Path) -> None:
    """A file that cannot be read keeps its place in the list and stops none after it."""
    blank = tmp_path / "blank.md"
    blank.write_text("  \n", encoding="utf-8")
    act = EXAMPLES / "norland-foreign-employment-act.md"
    report = align([blank, POLICY, tmp_path / "none.pdf", act], engine=engine).report
    assert [document.name for document in report.documents] == [POLICY.name, act.name]
    assert [item.error for item in report.skipped] == ["NoTextError", "MissingFileError"]


def test_reading_ahead_keeps_order_and_raises_in_place() -> None:
    """What a document's reading raised comes when that document is taken, and only then."""
    read: list[Path] = []

    def fake(path: Path) -> Document:
        read.append(path)
        if path.name == "b":
            raise NoTextError("The file holds no text", value="b", expected="words", hint="Check.")
        return Document(
            id=path.name, name=path.name, sha256="", language="en", text="", blocks=(),
            quality=Quality(pages=1, pages_read=1), media_type="text/plain", title="",
        )  # fmt: skip

    ahead = ReadAhead([Path(name) for name in "abcdefgh"], fake)
    assert ahead.take().id == "a"
    with pytest.raises(NoTextError):
        ahead.take()
    assert ahead.take().id == "c"
    ahead.close()
    assert len(read) <= 6, "at most two wait while one is worked on"


def test_the_cache_can_be_looked_at_and_cleared(tmp_path: Path) -> None:
    """Info counts what is there; clear removes that and nothing else."""
    store(tmp_path / "readings").put("aabb", b"x")
    VectorCache(tmp_path).put({"k": np.zeros(384, dtype=np.float32)})
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    runner = CliRunner()
    shown = runner.invoke(app, ["cache", "info", "--cache-dir", str(tmp_path)]).output
    counts = {line.split()[0]: line.split()[1] for line in shown.splitlines() if "entries" in line}
    assert counts == {"readings": "1", "results": "0", "verdicts": "0", "vectors": "1"}
    assert (
        "Removed 2 entries"
        in runner.invoke(app, ["cache", "clear", "--cache-dir", str(tmp_path)]).output
    )
    left = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"mine.txt", "CACHEDIR.TAG"}
