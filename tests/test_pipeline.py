"""The main job from file to frames, on policies written for this project."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gcm_align import align, load_engine, match
from gcm_align.alignment import Alignment
from gcm_align.catalogue import Framework, load_catalogue
from gcm_align.engine import Engine
from gcm_align.pipeline import document_names
from gcm_align.reporting import write_report
from gcm_align.types import Level

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
POLICY = EXAMPLES / "policies" / "norland-labour-migration-policy.md"
ACT = EXAMPLES / "policies" / "norland-foreign-employment-act.md"
GOALS = EXAMPLES / "frameworks" / "municipal-climate-goals.json"


@pytest.fixture(scope="module")
def result(engine: Engine) -> Alignment:
    return align([POLICY, ACT], engine=engine)


def test_every_action_has_a_verdict_in_the_order_of_the_catalogue(
    result: Alignment, catalogue: Framework
) -> None:
    """The matrix has 187 rows for each document, in the catalogue's order."""
    ids = [action.id for action in catalogue.actions]
    by_document = result.matrix.groupby("document")["action"].agg(list)
    assert by_document.to_dict() == {POLICY.name: ids, ACT.name: ids}


def test_a_row_above_gap_quotes_its_clause_with_its_page(result: Alignment) -> None:
    """No level without a clause: quote, page and evidence count are there."""
    covered = result.matrix[result.matrix["level"].fillna(0) > 0]
    assert len(covered) > 10
    assert (covered["quote"] != "").all()
    assert covered["page"].notna().all()
    assert (covered["evidence_count"] > 0).all()


def test_a_gap_quotes_nothing_and_names_its_nearest_clause(result: Alignment) -> None:
    gaps = result.matrix[result.matrix["level_name"] == Level.GAP.label]
    assert len(gaps) > 50
    assert (gaps["quote"] == "").all()
    assert (gaps["nearest_quote"] != "").all()


def test_quotes_stand_in_the_source(result: Alignment) -> None:
    """Every quote of every row is found in its file, white space aside."""
    for path in (POLICY, ACT):
        source = "".join(path.read_text(encoding="utf-8").replace("*", "").split())
        quotes = result.evidence.query("document == @path.name")["quote"]
        assert len(quotes) > 10
        assert [q for q in quotes if "".join(q.split()) not in source] == []


@pytest.mark.parametrize(
    ("name", "action", "words"),
    [
        (POLICY.name, "6.h", "keep the passport"),
        (POLICY.name, "20.f", "comparison of the prices"),
        (POLICY.name, "2.a", None),
    ],
)
def test_known_clauses_are_found(
    result: Alignment, name: str, action: str, words: str | None
) -> None:
    """What the invented policy plainly says is quoted; what it never names is a gap."""
    row = result.matrix.query("document == @name and action == @action").iloc[0]
    if words is None:
        assert row["level_name"] == Level.GAP.label
    else:
        assert row["level"] >= Level.PARTIAL
        shown = result.evidence.query("document == @name and action == @action")["quote"]
        assert any(words in quote for quote in shown)


@pytest.mark.parametrize(
    ("name", "action", "words"),
    [(POLICY.name, "13.h", "famil"), (ACT.name, "6.k", "twenty-five")],
)
def test_contradictions_are_flagged_with_their_words(
    result: Alignment, name: str, action: str, words: str
) -> None:
    """An order against an action raises the flag, whatever its level."""
    row = result.matrix.query("document == @name and action == @action").iloc[0]
    assert row["contradiction"] in {"C1", "C2"}
    assert words in row["counter_quote"]


def test_two_runs_write_the_same_bytes(engine: Engine, tmp_path: Path) -> None:
    """The start time aside, nothing differs between two runs."""
    contents = []
    for run in ("one", "two"):
        alignment = align([POLICY], engine=engine)
        folder = tmp_path / run
        write_report(alignment.report, alignment.framework, folder)
        started = alignment.report.run.started
        contents.append(
            {
                path.name: path.read_text(encoding="utf-8").replace(started, "")
                for path in sorted(folder.iterdir())
                if path.suffix in {".json", ".csv", ".html"}
            }
        )
    assert len(contents[0]) >= 5
    assert contents[0] == contents[1]


def test_a_second_run_encodes_nothing(tmp_path: Path) -> None:
    """Vectors of actions and passages come from the cache, and are the same."""
    first = align([ACT], cache_dir=tmp_path)
    second = align([ACT], cache_dir=tmp_path)
    assert first.texts_encoded > 0
    assert second.texts_encoded == 0
    assert first.report.assessments == second.report.assessments


def test_what_comes_afterwards_is_loaded_while_a_document_is_read(tmp_path: Path) -> None:
    """The caller's own preparation runs once, and not where nothing has to be read."""
    calls: list[str] = []
    for _ in range(2):
        align([POLICY], cache_dir=tmp_path, meanwhile=lambda: calls.append("loaded"))
    assert calls == ["loaded"]


def test_one_bad_file_stops_nothing(engine: Engine, tmp_path: Path) -> None:
    """Each unreadable file is named with its error; the good one is assessed."""
    empty, fake = tmp_path / "empty.pdf", tmp_path / "fake.pdf"
    empty.write_bytes(b"")
    fake.write_bytes(b"%PDF-1.7\nnot really")
    paths = [empty, tmp_path / "missing.pdf", POLICY, tmp_path, fake]
    report = align(paths, engine=engine).report
    assert [d.name for d in report.documents] == [POLICY.name]
    assert [s.path for s in report.skipped] == [str(p) for p in paths if p != POLICY]
    assert all(s.message and s.error.endswith("Error") for s in report.skipped)


def test_a_text_in_another_language_is_for_review_never_a_gap(
    engine: Engine, tmp_path: Path
) -> None:
    """What the model does not read cannot be claimed to be silent."""
    path = tmp_path / "loi.md"
    line = "Le ministre chargé du travail délivre le permis dans un délai de trente jours. "
    path.write_text("# Loi sur les étrangers\n\n" + (line + "\n\n") * 12, encoding="utf-8")
    matrix = align([path], engine=engine).matrix
    assert matrix["level"].isna().all()
    assert (matrix["level_name"] == "needs review").all()


def test_another_framework_runs_through_the_same_engine(tmp_path: Path) -> None:
    """A set of goals of one's own gives one row for each of its actions."""
    framework = load_catalogue(GOALS)
    path = tmp_path / "town.md"
    path.write_text(
        "# Plan\n\nThe council shall plant two thousand street trees by 2030.\n", encoding="utf-8"
    )
    result = align([path], framework=framework, use_cache=False)
    assert result.matrix["action"].tolist() == [a.id for a in framework.actions]


def test_match_scores_are_a_frame_of_texts_by_actions(engine: Engine) -> None:
    """One row for each text, one column for each action, higher is nearer."""
    clauses = [
        "No employer shall keep the passport of a migrant worker.",
        "The central bank shall set the interest rate every quarter.",
    ]
    scores = match(clauses, engine=engine)
    assert isinstance(scores, pd.DataFrame)
    assert scores.shape == (2, 187)
    assert scores.columns.tolist() == list(engine.index.action_ids)
    assert scores.iloc[0].idxmax() == "6.h"
    assert scores.iloc[0].max() > scores.iloc[1].max()


def test_match_does_not_depend_on_its_neighbours(engine: Engine) -> None:
    """A clause has the same scores alone and in company, to the last bits of a float."""
    clauses = ["Recruiters must hold a licence.", "x", "Consulates issue identity documents. " * 9]
    together = match(clauses, engine=engine).to_numpy()
    alone = np.vstack([match([c], engine=engine).to_numpy() for c in clauses])
    assert np.allclose(together, alone, atol=1e-4)


def test_match_of_nothing_is_an_empty_frame(engine: Engine) -> None:
    assert match([], engine=engine).shape == (0, 187)


def test_names_tell_documents_apart() -> None:
    """Two files of one name are named with their folders; a path given twice is one file."""
    paths = [Path("a/law.pdf"), Path("b/law.pdf"), Path("plan.pdf"), Path("plan.pdf")]
    assert [name for _, name in document_names(paths)] == ["a/law.pdf", "b/law.pdf", "plan.pdf"]


def test_the_manifest_names_what_made_the_verdicts(result: Alignment) -> None:
    """Package, catalogue, encoder and weights stand in the report with their digests."""
    run = json.loads(json.dumps(result.report.run.settings))
    assert run["gap_min_share_read"] == 0.98
    for record in (result.report.run.catalogue, result.report.run.encoder):
        assert len(record["sha256"]) == 64
    assert result.report.run.calibrator["status"] == "fitted"


def test_another_model_is_told_to_be_unfitted(engine: Engine) -> None:
    """With an encoder that the weights were not fitted for, the report says so."""
    weights = replace(engine.index.weights, encoder_sha256="0" * 64)
    other = replace(engine, index=replace(engine.index, weights=weights))
    calibrator = align([ACT], engine=other).report.run.calibrator
    assert calibrator["status"] == "not fitted"
    assert "default model" in calibrator["note"]


def test_a_damaged_cache_is_no_reason_to_stop(tmp_path: Path) -> None:
    """A cache file that is not one is set aside, and the run goes on."""
    align([ACT], cache_dir=tmp_path)
    for path in tmp_path.iterdir():
        if path.is_file():
            path.write_bytes(b"no database")
        else:
            shutil.rmtree(path)
    engine = load_engine(cache_dir=tmp_path)
    assert len(align([ACT], engine=engine).report.assessments) == 187
