"""Real documents and the development clauses: floors that a change must not fall below."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pypdfium2
import pytest

from gcm_align import align
from gcm_align.alignment import Alignment
from gcm_align.engine import Engine
from gcm_align.evaluation.running import evaluate_file

POLICY = "kh-labour-migration-policy-2015.pdf"


@pytest.fixture(scope="module")
def policy(shared: Path, engine: Engine) -> Alignment:
    return align([shared / "documents" / POLICY], engine=engine)


def squeezed(text: str) -> str:
    """Return a text without white space and the marks of a hyphen at a line's end."""
    return "".join(text.replace("\ufffe", "").replace("\x02", "").replace("-", "").split())


def test_every_quote_of_the_policy_stands_on_its_page(policy: Alignment, shared: Path) -> None:
    """An independent reader finds every quote, white space aside, on the page that it names."""
    with pypdfium2.PdfDocument(shared / "documents" / POLICY) as pdf:
        pages = [squeezed(page.get_textpage().get_text_bounded()) for page in pdf]
    rows = policy.evidence
    assert len(rows) > 300
    absent = [
        (row.action, row.page)
        for row in rows.itertuples()
        if squeezed(str(row.quote)) not in pages[int(str(row.page)) - 1]
    ]
    assert absent == []
    covered = policy.matrix[policy.matrix["level"].fillna(0) > 0]
    assert set(covered["action"]) <= set(rows["action"])


def test_the_policy_has_187_rows_and_no_invented_contradiction(policy: Alignment) -> None:
    """Its coder, who read every page, found nothing against the Compact."""
    assert len(policy.matrix) == 187
    assert (policy.matrix["contradiction"] == "").all()


def test_clauses_find_their_action(shared: Path, engine: Engine) -> None:
    """The development floor, and what was reached less a margin for other machines."""
    figures = evaluate_file(shared / "evaluation" / "paraphrases-dev.json", engine)
    own, bm25 = figures.rankings[:2]
    assert own.recall[1] >= 0.89
    assert own.recall[5] >= 0.97
    assert own.recall[1] > bm25.recall[1] + 0.4
    assert figures.near_misses_partial is not None
    assert figures.near_misses_partial <= 0.06
    assert figures.contradictions_flagged is not None
    assert figures.contradictions_flagged >= 0.85
    assert figures.positives_flagged <= 0.01


@pytest.mark.parametrize(
    "name", ["pg-women-gender-policy-2011-scanned.pdf", "uy-ley-migracion-18250-es.md"]
)
def test_what_could_not_be_read_is_no_gap(
    name: str, shared: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scan where no Tesseract is, and a law in Spanish, give 187 rows for review."""
    monkeypatch.setenv("PATH", "")
    matrix = align([shared / "documents" / name], engine=engine).matrix
    assert len(matrix) == 187
    assert set(matrix["level_name"]) == {"needs review"}


def test_a_law_on_something_else_is_almost_all_gap(shared: Path, engine: Engine) -> None:
    """The organic law on local government says next to nothing about migration."""
    matrix = align([shared / "documents" / "pg-organic-law-1998.pdf"], engine=engine).matrix
    assert (matrix["level_name"] == "gap").sum() >= 160
    assert set(matrix["level_name"]) == {"gap", "needs review"}
    assert (matrix["contradiction"] == "").all()


def test_the_documents_are_not_in_the_repository(shared: Path) -> None:
    """No national document lies under the project's folders."""
    root = Path(__file__).resolve().parents[1]
    theirs = {
        hashlib.sha256(p.read_bytes()).hexdigest()
        for p in (shared / "documents").iterdir()
        if p.name != "README.md"
    }
    ours = {
        hashlib.sha256(p.read_bytes()).hexdigest()
        for folder in ("data", "examples", "tests")
        for p in (root / folder).rglob("*")
        if p.is_file()
    }
    assert not theirs & ours
