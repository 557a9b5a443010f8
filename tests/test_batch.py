"""Batches: sources, manifests, what is done again and what is not."""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import batch_factory
import pyarrow.parquet as pq
import pytest
from batch_factory import MadeLoad, batch, contents, inline, write_documents
from report_factory import framework
from typer.testing import CliRunner

from gcm_align.batch.cluster import run_dask
from gcm_align.batch.dataset import Dataset, read_documents
from gcm_align.batch.run import Instrument, Request, run_batch
from gcm_align.batch.schema import COLUMNS, arrow_schema, load_pyarrow
from gcm_align.batch.sources import read_sources
from gcm_align.batch.work import Loaded
from gcm_align.cli import app
from gcm_align.cli.batch import progress_words
from gcm_align.corpus.opening import Corpus
from gcm_align.engine import Engine
from gcm_align.errors import UsageError
from gcm_align.pipeline import align

TEXTS = {"a.md": "13.h=3 6.h=NR", "sub/b.txt": "6.h=2", "c.md": "unread", "note.xyz": "none"}


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gcm_align.batch.run.run_local", inline)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "source", TEXTS)


def manifest(folder: Path, *rows: str, head: str = "path,country,title,date,status") -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_two_runs_into_two_folders_give_the_same_bytes(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "one")
    batch(source, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_second_run_does_nothing_and_changes_no_byte(source: Path, tmp_path: Path) -> None:
    first = batch(source, tmp_path / "out")
    before = contents(tmp_path / "out")
    second = batch(source, tmp_path / "out")
    assert (first.assessed, second.assessed, second.unchanged) == (3, 0, 3)
    assert contents(tmp_path / "out") == before


def test_every_table_has_its_documented_columns_and_types(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "out")
    for table in COLUMNS:
        files = list((tmp_path / "out" / table).rglob("*.parquet"))
        assert files
        for path in files:
            assert pq.ParquetFile(path).schema_arrow.equals(arrow_schema(table))


def test_an_unread_document_has_a_row_and_no_verdict(source: Path, tmp_path: Path) -> None:
    """What could not be read is never a gap: there is no row that could say so."""
    summary = batch(source, tmp_path / "out")
    row = next(r for r in read_documents(tmp_path / "out") if r["name"] == "c.md")
    assert (row["assessed"], row["error"]) == (False, "EmptyFileError")
    assert str(tmp_path) not in row["message"], "no path of this machine"
    assert list((tmp_path / "out").rglob(f"{row['document']}.parquet")) == [
        tmp_path / "out/documents/country=__HIVE_DEFAULT_PARTITION__" / f"{row['document']}.parquet"
    ]
    with (tmp_path / "out" / "failures.csv").open(encoding="utf-8") as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["c.md"]
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == summary.contents
    assert summary.contents["documents"] == {"assessed": 2, "read in part": 0, "unread": 1}


def test_pairs_that_need_review_are_no_gaps(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "out")
    tables = [pq.read_table(p) for p in (tmp_path / "out" / "assessments").rglob("*.parquet")]
    rows = [row for table in tables for row in table.to_pylist()]
    assert len(rows) == 2 * 187
    open_ = [row for row in rows if row["level"] is None]
    assert [row["action"] for row in open_] == ["6.h"]
    assert not any(row["gap"] for row in open_)
    assert all(row["gap"] == (row["level"] == 0 and row["counted"]) for row in rows)


def test_only_what_changed_is_assessed_again(source: Path, tmp_path: Path) -> None:
    """A document's earlier state leaves the dataset when the new one is in it."""
    out = tmp_path / "out"
    batch(source, out)
    (source / "a.md").write_text("13.h=4", encoding="utf-8")
    again = batch(source, out)
    assert (again.assessed, again.unchanged) == (1, 2)
    assert [row["name"] for row in read_documents(out)] == ["a.md", "c.md", "sub/b.txt"]
    fresh = tmp_path / "fresh"
    batch(source, fresh)
    assert contents(out) == contents(fresh)


def test_another_instrument_assesses_everything_again(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(source, out)
    again = batch(source, out, digest="two")
    assert (again.assessed, again.mixed) == (3, False)
    assert {row["instrument"] for row in read_documents(out)} == {"two"}


def test_what_no_source_names_stays_until_it_is_pruned(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(source, out)
    (source / "a.md").unlink()
    kept = batch(source, out, digest="two")
    assert (kept.kept, kept.mixed) == (1, True)
    pruned = batch(source, out, digest="two", prune=True)
    assert (pruned.pruned, pruned.assessed, pruned.mixed) == (1, 0, False)
    assert [row["name"] for row in read_documents(out)] == ["c.md", "sub/b.txt"]


def test_failures_are_tried_again_on_request_alone(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(source, out)
    assert batch(source, out).assessed == 0
    again = batch(source, out, retry=True)
    assert (again.assessed, len(again.failures)) == (1, 1)


def test_a_fault_of_ours_fails_one_document(tmp_path: Path) -> None:
    source = write_documents(tmp_path / "source", {"a.md": "broken", "b.md": "13.h=3"})
    summary = batch(source, tmp_path / "out")
    assert [row["error"] for row in summary.failures] == ["InternalError"]
    assert summary.contents["documents"]["assessed"] == 1


def test_a_lost_file_is_made_again(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(source, out)
    before = contents(out)
    next((out / "evidence").rglob("*.parquet")).unlink()
    assert batch(source, out).assessed == 1
    assert contents(out) == before


def test_leftovers_of_a_killed_run_are_swept(source: Path, tmp_path: Path) -> None:
    """Files without their row of documents, and unfinished ones, are no part of a dataset."""
    out = tmp_path / "out"
    batch(source, out)
    before = contents(out)
    folder = out / "evidence" / "country=Norland"
    folder.mkdir()
    (folder / ("0" * 32 + ".parquet")).write_bytes(b"left")
    (folder / ".abc.parquet-1x").write_bytes(b"half")
    batch(source, out)
    assert contents(out) == before


def test_one_run_at_a_time_writes(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(source, out)
    head = json.loads((out / "dataset.json").read_text())["framework"]
    with (
        Dataset(out).claimed(head),
        pytest.raises(UsageError, match="another run is writing"),
    ):
        batch(source, out)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("notes.txt", "mine", "holds other files"),
        ("dataset.json", "{", "no readable dataset.json"),
        ("dataset.json", '{"kind": "x"}', "of another kind"),
        (
            "dataset.json",
            '{"kind": "gcm-align dataset", "schema_version": "2.0"}',
            "schema version 2.0",
        ),
    ],
)
def test_a_folder_of_something_else_is_left_alone(
    source: Path, tmp_path: Path, name: str, text: str, said: str
) -> None:
    out = write_documents(tmp_path / "out", {name: text})
    with pytest.raises(UsageError, match=said):
        batch(source, out)
    assert contents(out) == {name: text.encode()}


def test_a_manifest_states_country_title_date_and_status(tmp_path: Path) -> None:
    """Paths are relative to the manifest; the country is escaped in the folder's name."""
    folder = write_documents(tmp_path / "source", {"a.md": "13.h=3", "x/b.md": "6.h=2"})
    rows = ("a.md,Côte d'Or/../x,The Act,2019-05,In force", "x/b.md,,,,")
    out = tmp_path / "out"
    batch(manifest(folder, *rows), out)
    first, second = read_documents(out)
    assert (first["country"], first["title"], first["year"]) == ("Côte d'Or/../x", "The Act", 2019)
    assert first["status"] == "in force"
    assert (second["country"], second["title"], second["year"]) == (None, "Made", None)
    assert {path.parent.parent.name for path in out.rglob("*.parquet")} == set(COLUMNS)


def test_a_changed_row_of_the_manifest_is_taken_over(tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "source", {"a.md": "13.h=3"})
    out = tmp_path / "out"
    batch(manifest(folder, "a.md,Norland,,,"), out)
    batch(manifest(folder, "a.md,Sudland,,,"), out)
    assert [row["country"] for row in read_documents(out)] == ["Sudland"]


def test_bad_rows_are_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "source", {"a.md": "13.h=3"})
    path = manifest(
        folder,
        *(
            "a.md;N;T;2019;draft;x",
            "b.md;;;2019-13;law;x",
            ";;;;;",
            ";N;;;;",
            "gone.md;;;;;",
        ),
        head="path;country;title;date;status;note",
    )
    summary = batch(path, tmp_path / "out")
    said = {row["name"]: row["message"] for row in summary.failures}
    assert set(said) == {"manifest.csv:3", "manifest.csv:5", "gone.md"}
    assert "column date: '2019-13'" in said["manifest.csv:3"]
    assert "column status: 'law'" in said["manifest.csv:3"]
    assert "column path: is empty" in said["manifest.csv:5"]
    assert summary.warnings == ("manifest.csv: left out: column note",)
    assert summary.contents["documents"]["assessed"] == 1


@pytest.mark.parametrize(("text", "said"), [("file,country\n", "file, country"), ("", "none")])
def test_a_manifest_without_paths_is_refused(tmp_path: Path, text: str, said: str) -> None:
    write_documents(tmp_path, {"m.csv": text})
    with pytest.raises(UsageError, match=f"its columns are {said}"):
        read_sources((tmp_path / "m.csv",))


def test_a_manifest_in_another_encoding_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_bytes("path,country\na.md,Côte\n".encode("cp1252"))
    with pytest.raises(UsageError, match="Save the table as CSV in UTF-8"):
        read_sources((tmp_path / "m.csv",))


def test_names_that_two_folders_share_are_told_apart(tmp_path: Path) -> None:
    one = write_documents(tmp_path / "one", {"a.md": "x", "b.md": "y"})
    two = write_documents(tmp_path / "two", {"a.md": "x"})
    names = [item.name for item in read_sources((one, two, one / "b.md")).items]
    assert names == ["b.md", "one/a.md", "two/a.md"]


def test_an_archive_is_a_source_like_a_folder(tmp_path: Path) -> None:
    """Members are documents under the archive's name; what is none is told, and run twice, once."""
    path = tmp_path / "laws.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("acts/a.md", "13.h=3 6.h=NR")
        archive.writestr("photo.png", b"\x89PNG\r\n\x1a\n")
        archive.writestr("../evil.md", "6.h=2")
    first = batch(path, tmp_path / "out")
    rows = read_documents(tmp_path / "out")
    assert "laws.zip/acts/a.md" in {row["name"] for row in rows}
    assert all(".." not in row["name"] for row in rows)
    assert any("photo.png" in words for words in first.warnings)
    assert batch(path, tmp_path / "out").assessed == 0
    assert not (tmp_path.parent / "evil.md").exists()


def test_a_folder_without_documents_is_a_mistake_of_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is nothing to assess"):
        read_sources((tmp_path,))


def test_a_file_that_changes_while_it_is_assessed_is_no_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write_documents(tmp_path / "source", {"a.md": "13.h=3"})
    made = batch_factory.made_report

    def changing(path: Path) -> object:
        path.write_text("13.h=4", encoding="utf-8")
        return made(path)

    monkeypatch.setattr(batch_factory, "made_report", changing)
    summary = batch(source, tmp_path / "out")
    assert [row["error"] for row in summary.failures] == ["ChangedFile"]


def test_the_command_says_what_was_done_and_what_failed(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Failures give exit code 3; a run with nothing to do says so."""
    (tmp_path / "loads").mkdir()
    made = Instrument(load=MadeLoad(folder=str(tmp_path / "loads")), digest="one")
    monkeypatch.setattr("gcm_align.batch.run._real", lambda request: made)
    words = ["batch", str(source), "-o", str(tmp_path / "out")]
    first = CliRunner().invoke(app, words)
    assert first.exit_code == 3
    assert "Assessed now: 3; unchanged: 0." in first.stdout
    assert "In the dataset: 2 assessed, 0 read in part, 1 unread" in first.stdout
    assert "Failed: c.md: EmptyFileError" in first.stderr
    assert "1 files are of no kind that is read (.xyz)" in first.stderr
    second = CliRunner().invoke(app, words)
    assert second.stdout.startswith("Nothing to do: all 3 documents are in")
    (source / "c.md").unlink()
    third = CliRunner().invoke(app, [*words, "--prune", "--quiet"])
    assert (third.exit_code, third.stdout) == (0, "")


@pytest.mark.parametrize(
    "options", [["--engine", "dask"], ["--address", "tcp://x:1"], ["--engine", "ray"]]
)
def test_options_of_the_engine_must_fit_together(
    source: Path, tmp_path: Path, options: list[str]
) -> None:
    done = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out"), *options])
    assert isinstance(done.exception, UsageError) or done.exit_code == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("library", "extra", "call"),
    [
        ("pyarrow", "corpus", load_pyarrow),
        ("distributed", "cluster", lambda: next(run_dask([], MadeLoad(folder=""), address="x"))),
        ("duckdb", "corpus", lambda: Corpus(folder=Path(), framework=framework()).ask("SELECT 1")),
    ],
)
def test_a_missing_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, library: str, extra: str, call: Callable[[], object]
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(UsageError, match=f"{library}.*pip install 'gcm-align.{extra}.'"):
        call()


def test_progress_tells_rate_and_remaining_time() -> None:
    assert progress_words(0, 9, 0, 0.0) == "0 of 9 documents"
    words = progress_words(120, 1000, 2, 600.0)
    assert words == "120 of 1000 documents, 12.0 a minute, 1 h 13 min left, 2 failed"


def test_the_real_engine_gives_the_verdicts_of_align(tmp_path: Path, engine: Engine) -> None:
    """A document's rows are what align() says of it."""
    text = "# Act\n\nNo employer shall retain the passport of a migrant worker.\n"
    source = write_documents(tmp_path / "source", {"act.md": text})
    report = align([source / "act.md"], engine=engine).report

    def load() -> Loaded:
        return Loaded(
            assess=lambda path: align([path], engine=engine).report, framework=engine.framework
        )

    request = Request(sources=(source,), out=tmp_path / "out")
    run_batch(request, instrument=Instrument(load=load, digest="real"))
    path = next((tmp_path / "out" / "assessments").rglob("*.parquet"))
    rows = {row["action"]: row for row in pq.read_table(path).to_pylist()}
    assert len(rows) == len(report.assessments)
    for item in report.assessments:
        row = rows[item.action]
        assert row["level"] == (None if item.level is None else int(item.level))
        assert row["probability"] == round(item.probability, 4)
    document = read_documents(tmp_path / "out")[0]
    assert document["encoder_sha256"] == report.run.encoder["sha256"]
    assert document["title"] == report.documents[0].title
