"""``gcm-align report`` and the forms that can be asked for."""

from __future__ import annotations

import builtins
import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest
import report_factory as make
from test_marked_pdf import drawn, report_on
from typer.testing import CliRunner

from gcm_align.alignment import Alignment
from gcm_align.cli import app
from gcm_align.errors import GcmAlignError, UsageError
from gcm_align.reporting import DEFAULT_FORMATS, parse_formats, to_json, write_report
from gcm_align.reporting.formats import FORMATS, pdf_sources, render_all
from gcm_align.reporting.parquet import to_parquet
from gcm_align.types import Level, Report


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "saved"
    write_report(report_on(drawn()), make.framework(), folder)
    return folder


def call(*words: object) -> Any:
    return CliRunner().invoke(app, ["report", *map(str, words)])


def test_a_saved_report_prints_the_same_again(saved: Path, tmp_path: Path) -> None:
    """Read from its JSON, every default file has the bytes that the first run wrote."""
    out = tmp_path / "again"
    done = call(saved, "-o", out, "--format", "html,json,csv,xlsx")
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Written: report.html, report.json, matrix.csv")
    assert {p.name for p in out.iterdir()} == {p.name for p in saved.iterdir()}
    for path in saved.iterdir():
        assert (out / path.name).read_bytes() == path.read_bytes(), path.name


def test_annotated_wants_its_source(saved: Path, tmp_path: Path) -> None:
    """The PDF is marked from the saved report; without it, or with another, it is said."""
    source, other = tmp_path / "policy.pdf", tmp_path / "other.pdf"
    source.write_bytes(drawn())
    other.write_bytes(drawn(90))
    out = tmp_path / "out"
    done = call(saved / "report.json", "-o", out, "--format", "annotated", "--source", source)
    assert done.exit_code == 0, done.output
    assert (out / "annotated" / "doc-1.pdf").is_file()
    for words in (["--format", "annotated"], ["--format", "html", "--source", source]):
        done = call(saved, "-o", out, *words)
        assert isinstance(done.exception, UsageError)
    done = call(saved, "-o", out, "--format", "annotated", "--source", other)
    assert done.exit_code == 3
    assert "not the file that was analysed" in done.output


def test_a_report_of_another_framework_is_refused(saved: Path, tmp_path: Path) -> None:
    """Its verdicts would be printed under the wrong actions."""
    path = saved / "report.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    data["run"]["catalogue"]["sha256"] = "0" * 64
    path.write_text(json.dumps(data), encoding="utf-8")
    done = call(saved, "-o", tmp_path / "out")
    assert isinstance(done.exception, GcmAlignError)
    assert "another framework" in str(done.exception)
    assert not (tmp_path / "out").exists()


def test_formats_are_named_once_and_in_the_order_of_the_files() -> None:
    assert parse_formats("xlsx, HTML,xlsx") == ("html", "xlsx")
    assert set(DEFAULT_FORMATS) < set(FORMATS)
    for wrong in ("", ",", "html,wrod"):
        with pytest.raises(UsageError, match="no such format"):
            parse_formats(wrong)


def test_parquet_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pyarrow is an extra."""
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(UsageError, match=r"gcm-align\[parquet\]"):
        to_parquet(pd.DataFrame({"a": [1]}))


def test_parquet_keeps_types_and_holds_no_formula(tmp_path: Path) -> None:
    """Levels are whole numbers that may be missing, text is text, and twice the same bytes."""
    clause = make.evidence(Level.ADDRESSED, quote="=1+1 \ud800")
    made = make.report(
        (make.assessment("1.a", Level.ADDRESSED, evidence=(clause,)), make.assessment("1.b", None))
    )
    files = render_all(made, make.framework(), ("parquet",))
    assert files == render_all(made, make.framework(), ("parquet",))
    path = tmp_path / "matrix.parquet"
    path.write_bytes(files["matrix.parquet"])
    frame = pd.read_parquet(path)
    assert frame["level"].isna().tolist() == [False, True]
    assert frame["quote"].iloc[0] == "=1+1 ?"
    assert frame["counted"].dtype == bool


def test_figures_come_with_their_words() -> None:
    """A PNG, an SVG and the alternative text of each; beside them the narrative as asked for."""
    skipped = make.full_report(("a.pdf",)).skipped
    made = make.report((make.assessment("1.a", None),), skipped=skipped)
    files = render_all(made, make.framework(), ("figures", "docx"))
    names = {name.rsplit(".", 1)[0] for name in files if name.startswith("figures/")}
    assert names == {"figures/levels-1", "figures/round-tables", "figures/measures"}
    assert len(files) == 10
    assert "1 Data: 1 needs review" in files["figures/levels-1.txt"].decode()
    told = docx.Document(io.BytesIO(files["report.docx"])).paragraphs
    assert "Files that were not read: annex.pdf." in [p.text for p in told]


def test_sources_are_known_by_their_bytes(tmp_path: Path) -> None:
    """Neither a skipped file nor a text is taken for a PDF of the report."""
    policy, text = tmp_path / "a.pdf", tmp_path / "b.md"
    policy.write_bytes(drawn())
    text.write_bytes(b"# text")
    digest = hashlib.sha256(b"# text").hexdigest()
    pdf = make.summary(sha256=hashlib.sha256(drawn()).hexdigest())
    both = (pdf, make.summary("doc-2", "b.md", sha256=digest, media_type="text/markdown"))
    made: Report = make.report((), both)
    assert pdf_sources(made, [text, policy, tmp_path / "gone.pdf"]) == (policy,)
    assert to_json(made)


def test_analyse_annotates_the_pdfs_that_it_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a PDF and a text, the PDF; the text is named, and nothing failed."""
    policy, text = tmp_path / "policy.pdf", tmp_path / "b.md"
    policy.write_bytes(drawn())
    text.write_bytes(b"# text")
    made = report_on(drawn())
    other = make.summary("doc-2", "b.md", media_type="text/markdown")
    both = replace(made, documents=(*made.documents, other))
    result = Alignment(report=both, framework=make.framework())
    monkeypatch.setattr("gcm_align.pipeline.align", lambda *_, **__: result)
    out = tmp_path / "out"
    words = ["analyse", policy, text, "-o", out, "--format", "annotated,json", "--quiet"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    assert "Not annotated, for it is no PDF: b.md" in done.output
    assert {p.name for p in out.rglob("*.*")} == {"report.json", "doc-1.pdf"}
