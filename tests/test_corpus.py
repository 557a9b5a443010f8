"""Questions to a dataset of made documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_factory import batch, inline, write_documents
from report_factory import framework
from typer.testing import CliRunner

from gcm_align.cli import app
from gcm_align.corpus.clauses import best_clauses, search
from gcm_align.corpus.coverage import coverage
from gcm_align.corpus.gaps import country_gaps
from gcm_align.corpus.opening import Corpus, check_statuses, open_corpus
from gcm_align.errors import UsageError
from gcm_align.reporting.corpus_picture import check_plot

TEXTS = {
    "n1.md": "13.h=3 6.h=NR 4.d=1",
    "n2.md": "13.h=4 9.d=C2",
    "n3.md": "13.h=2 2.a=4",  # a draft
    "s1.md": "13.h=1 1.a=2",
    "s2.md": "unread",
    "w1.md": "5.d=NR",
    "x1.md": "6.h=2",  # no country, no date
}
ROWS = (
    "n1.md,Norland,First act,2019-05-01,in force",
    "n2.md,Norland,Second act,2020,",
    "n3.md,Norland,Bill,2021,draft",
    "s1.md,Sudland,Code,2020,",
    "s2.md,Sudland,Decree,2020,",
    "w1.md,Westland,Law,1999,in force",
    "x1.md,,,,",
)
COUNTED = 182  # five of the 187 are for the international community


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_documents(tmp_path_factory.mktemp("corpus"), TEXTS)
    manifest = folder / "manifest.csv"
    manifest.write_text("path,country,title,date,status\n" + "\n".join(ROWS), encoding="utf-8")
    out = folder / "out [1]*"  # signs that mean a pattern to others
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gcm_align.batch.run.run_local", inline)
        batch(manifest, out)
    return out


@pytest.fixture(scope="module")
def corpus(dataset: Path) -> Corpus:
    return open_corpus(dataset, framework())


def by_country(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {row["country"]: row for row in rows}


def test_countries_stand_in_the_order_of_their_names(corpus: Corpus) -> None:
    """Never by a figure."""
    names = [row["country"] for row in coverage(corpus)]
    assert names == ["Norland", "Sudland", "Westland", "not stated"]


def test_a_country_has_its_best_level_over_what_is_in_force(corpus: Corpus) -> None:
    """13.h is operationalised by the second act; the draft's 2.a counts for nothing."""
    row = by_country(coverage(corpus))["Norland"]
    assert (row["documents"], row["unread"], row["n"]) == (2, 0, COUNTED)
    assert (row["operationalised"], row["mentioned"], row["addressed"]) == (1, 1, 0)
    assert (row["needs_review"], row["C2"]) == (1, 1)
    assert row["gap"] == COUNTED - 3
    assert row["delivery_lower"] == round(1 / COUNTED, 4)
    assert row["breadth_upper"] == round(2 / COUNTED, 4), "6.h may come to partial"


def test_no_gap_is_claimed_beside_an_unread_document(corpus: Corpus) -> None:
    """It may carry anything, and so the range is open to the top."""
    row = by_country(coverage(corpus))["Sudland"]
    assert (row["documents"], row["unread"], row["gap"]) == (2, 1, 0)
    assert (row["mentioned"], row["partial"]) == (1, 1)
    assert (row["breadth_lower"], row["breadth_upper"]) == (round(1 / COUNTED, 4), 1.0)
    assert row["headline_breadth_lower"] is None
    assert "Sudland" not in {gap["country"] for gap in country_gaps(corpus)}


def test_what_needs_review_is_no_gap(corpus: Corpus) -> None:
    row = by_country(coverage(corpus))["Westland"]
    assert (row["gap"], row["needs_review"]) == (COUNTED - 1, 1)
    gaps = {gap["action"] for gap in country_gaps(corpus, country="Westland")}
    assert "5.d" not in gaps
    assert len(gaps) == COUNTED - 1


def test_coverage_by_year_and_by_both(corpus: Corpus) -> None:
    years = [row["year"] for row in coverage(corpus, ("year",))]
    assert years == ["1999", "2019", "2020", "not stated"]
    both = [(row["country"], row["year"]) for row in coverage(corpus, ("country", "year"))]
    assert both == sorted(both)
    assert len(coverage(corpus, ())) == 1
    with pytest.raises(UsageError, match="cannot be grouped"):
        coverage(corpus, ("country; DROP TABLE documents",))


def test_drafts_count_when_they_are_asked_for(corpus: Corpus) -> None:
    rows = coverage(corpus, statuses=check_statuses(("draft",)))
    assert [(row["country"], row["documents"]) for row in rows] == [("Norland", 1)]
    with pytest.raises(UsageError, match="There is no such status: 'law'"):
        check_statuses(("law",))


def test_the_best_clauses_of_an_action_anywhere(corpus: Corpus) -> None:
    """By the level that the clause carries, one of each document, with their place."""
    rows = best_clauses(corpus, "13.h")
    assert [(row["level"], row["document"]) for row in rows] == [
        (4, "n2.md"), (3, "n1.md"), (2, "n3.md"), (1, "s1.md"),
    ]  # fmt: skip
    assert (rows[0]["page"], rows[0]["title"]) == (31, "Second act")
    assert rows[0]["quote"].startswith("Train 60 consular officers")
    assert len(best_clauses(corpus, "13.h", limit=2)) == 2
    assert [row["verdict"] for row in best_clauses(corpus, "6.h", country="Norland")] == [None]


def test_an_unknown_action_is_refused(corpus: Corpus) -> None:
    with pytest.raises(UsageError, match="There is no such action: '13"):
        best_clauses(corpus, "13.z")


def test_gaps_name_the_nearest_clause_and_who_carries_the_action(corpus: Corpus) -> None:
    rows = country_gaps(corpus, country="Westland")
    row = next(row for row in rows if row["action"] == "13.h")
    assert row["carried_by"] == "Norland"
    assert (row["nearest_document"], row["nearest_page"]) == ("w1.md", 12)
    assert row["nearest_quote"].startswith("Labour migration has grown")
    assert country_gaps(corpus)[0]["country"] == "Norland"


def test_a_search_finds_all_words_from_their_beginning(corpus: Corpus) -> None:
    """Case and accents do not matter; a passage stands once with all its actions."""
    found = search(corpus, "RECRÚIT licen")
    assert {row["document"] for row in found} == {"n1.md"}
    assert search(corpus, '"recruitment agency"') == search(corpus, "recruitment AGENCY")
    assert search(corpus, '"agency recruitment"') == []
    assert search(corpus, "ecruitment") == [], "only from the beginning of a word"
    assert search(corpus, "detained minors", country="Norland") == []


def test_actions_of_a_passage_stand_in_the_order_of_the_catalogue(tmp_path: Path) -> None:
    source = write_documents(tmp_path / "source", {"a.md": "13.h=3 2.a=3 6.h=3"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gcm_align.batch.run.run_local", inline)
        batch(source, tmp_path / "out")
    rows = search(open_corpus(tmp_path / "out", framework()), "licence")
    assert [row["actions"] for row in rows] == ["2.a, 6.h, 13.h"]


@pytest.mark.parametrize("words", ["' OR 1=1 --", '"; DROP TABLE evidence; --', "$words"])
def test_words_are_never_sql(corpus: Corpus, words: str) -> None:
    """They find nothing, and the tables stand."""
    before = len(search(corpus, "licence"))
    assert search(corpus, words) == []
    assert len(search(corpus, "licence")) == before > 0


@pytest.mark.parametrize("words", ["%", "*", '""', "_"])
def test_signs_alone_are_no_words(corpus: Corpus, words: str) -> None:
    with pytest.raises(UsageError, match="no word to search for"):
        search(corpus, words)


def test_a_question_cannot_reach_other_files(corpus: Corpus, dataset: Path) -> None:
    path = dataset.parent / "manifest.csv"
    with pytest.raises(UsageError, match="Permission Error"):
        corpus.ask("SELECT * FROM read_text($path)", {"path": str(path)})


def test_unread_and_mixed_are_told(corpus: Corpus, tmp_path: Path) -> None:
    assert [words.split(":")[0] for words in corpus.warnings()] == [
        "1 of 7 documents could not be read"
    ]
    source = write_documents(tmp_path / "source", {"a.md": "13.h=3", "b.md": "6.h=2"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gcm_align.batch.run.run_local", inline)
        batch(source, tmp_path / "out")
        (source / "a.md").unlink()
        batch(source, tmp_path / "out", digest="two")
    assert "by 2 versions" in open_corpus(tmp_path / "out", framework()).warnings()[0]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (None, "no readable dataset.json"),
        ({"kind": "gcm-align dataset", "schema_version": "9.0"}, "schema version 9.0"),
        (
            {
                "kind": "gcm-align dataset",
                "schema_version": "1.0",
                "framework": {"name": "Goals", "sha256": "ab"},
            },
            "another set of actions",
        ),
        (
            {
                "kind": "gcm-align dataset",
                "schema_version": "1.0",
                "framework": {"name": "GCM", "sha256": framework().sha256},
            },
            "is empty",
        ),
    ],
)
def test_a_folder_that_cannot_be_asked_says_why(
    tmp_path: Path, head: dict[str, object] | None, said: str
) -> None:
    if head is not None:
        (tmp_path / "dataset.json").write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        open_corpus(tmp_path, framework())


def test_countries_are_texts_whatever_they_look_like(tmp_path: Path) -> None:
    """A code of digits keeps its zeros; signs of SQL and of folders are letters."""
    source = write_documents(tmp_path / "it's", {"a.md": "unread", "b.md": "unread"})
    rows = "path,country\na.md,004\nb.md,007\n"
    (source / "m.csv").write_text(rows, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gcm_align.batch.run.run_local", inline)
        batch(source / "m.csv", source / "out")
    opened = open_corpus(source / "out", framework())
    assert [row["country"] for row in coverage(opened)] == ["004", "007"]
    assert country_gaps(opened) == [], "nothing was read"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    source = write_documents(tmp_path / "source", {"a.md": "13.h=3"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("gcm_align.batch.run.run_local", inline)
        batch(source, tmp_path / "out")
    path = next((tmp_path / "out" / "evidence").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UsageError, match=path.name):
        search(open_corpus(tmp_path / "out", framework()), "licence")


def test_the_commands_print_tables_csv_and_json(dataset: Path) -> None:
    run = CliRunner().invoke
    shown = run(app, ["corpus", "coverage", str(dataset)], env={"COLUMNS": "180"})
    assert shown.exit_code == 0
    assert "0-100 %" in shown.stdout or "1-100 %" in shown.stdout
    assert "1 of 7 documents could not be read" in shown.stderr
    best = run(app, ["corpus", "best", str(dataset), "13.h", "-n", "1", "--format", "csv"])
    head, row = best.stdout.splitlines()
    assert head.startswith("level,probability,verdict")
    assert row.startswith("4,")
    found = run(app, ["corpus", "search", str(dataset), "recruitment agency", "--format", "json"])
    assert [r["document"] for r in json.loads(found.stdout)["rows"]] == ["n1.md"]
    gaps = run(app, ["corpus", "gaps", str(dataset), "--country", "Westland", "--format", "csv"])
    assert len(gaps.stdout.splitlines()) == COUNTED
    nothing = run(app, ["corpus", "search", str(dataset), "xylophone"])
    assert nothing.stdout == "Nothing in the dataset answers this.\n"


def test_coverage_is_drawn_with_the_same_bytes(dataset: Path, tmp_path: Path) -> None:
    """A plot by country and year names every group, comes out the same twice, and opens."""
    paths = [tmp_path / "a.svg", tmp_path / "b.svg", tmp_path / "c.png"]
    for path in paths:
        asked = ["corpus", "coverage", str(dataset), "--by", "country,year", "--plot", str(path)]
        found = CliRunner().invoke(app, asked)
        assert found.exit_code == 0, found.output
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert "needs review" in paths[0].read_text(encoding="utf-8")
    assert paths[2].read_bytes().startswith(b"\x89PNG")


def test_a_plot_in_another_format_is_refused(tmp_path: Path) -> None:
    """The ending of the plot is checked before the dataset is opened."""
    with pytest.raises(UsageError, match=r"\.png or \.svg"):
        check_plot(tmp_path / "coverage.xlsx")
