"""Documents of one country and countries: best levels, their documents, and disagreement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import compare_factory as texts
import report_factory as make

from gcm_align.comparing.countries import compare_countries
from gcm_align.comparing.documents import Coherence, Together, compare_documents, together
from gcm_align.comparing.sources import Source, parties_of
from gcm_align.engine import Engine
from gcm_align.types import Assessment, Contradiction, Level

ACTION = make.framework().action("13.h")
PROTECTION = "The detention of migrant children is prohibited. The Ministry of Social Affairs "
PROTECTION += "shall provide community-based alternatives to detention for children and families."


def sources(*verdicts: Assessment) -> list[Source]:
    """Return one document for each verdict on the same action."""
    reports = {f"d{n}": make.report((verdict,)) for n, verdict in enumerate(verdicts)}
    return [party.sources[0] for party in parties_of(reports, make.framework())]


def read(*verdicts: Assessment) -> Together:
    return together(ACTION, sources(*verdicts))


def at(level: Level | None, suggested: Level | None = None) -> Assessment:
    made = make.assessment("13.h", level)
    return made if suggested is None else replace(made, suggested=suggested)


def test_the_best_level_names_its_document() -> None:
    """The highest decided level counts, with the clause and the first document that has it."""
    row = read(at(Level.PARTIAL), at(Level.ADDRESSED), at(Level.ADDRESSED))
    assert row.level == Level.ADDRESSED
    assert row.best is not None
    assert row.best.label.startswith("d1")
    assert row.clause is not None
    assert row.clause.level == Level.ADDRESSED


def test_a_document_that_needs_review_may_lift_a_level() -> None:
    """It is named with its suggestion where that is higher, and never taken as decided."""
    row = read(at(Level.PARTIAL), at(None, Level.OPERATIONALISED), at(None, Level.GAP))
    assert row.level == Level.PARTIAL
    assert [(s.label[:2], level) for s, level in row.open] == [("d1", Level.OPERATIONALISED)]


def test_no_gap_is_claimed_while_a_document_needs_review() -> None:
    """Silent in one text and undecided in another is undecided in both together."""
    row = read(at(Level.GAP), at(None, Level.GAP))
    assert row.level is None
    assert row.best is None
    assert read(at(Level.GAP), at(Level.GAP)).level == Level.GAP


def test_one_carries_what_another_contradicts() -> None:
    """Partial or more against C1 or C2 in another document is incoherent, with both clauses."""
    opposing = make.contradicted("13.h")
    row = read(at(Level.PARTIAL), opposing)
    assert row.coherence == Coherence.INCOHERENT
    (conflict,) = row.conflicts
    assert (conflict.carries.label[:2], conflict.against.label[:2]) == ("d0", "d1")
    assert conflict.flag == Contradiction.CONTRADICTION
    assert conflict.counter is not None
    assert conflict.counter.quote == make.COUNTER_QUOTE
    assert read(at(Level.MENTIONED), opposing).coherence == Coherence.NONE
    assert read(at(None, Level.PARTIAL), opposing).coherence == Coherence.POSSIBLE
    assert read(at(None, Level.GAP), opposing).coherence == Coherence.NONE


def test_a_document_is_not_incoherent_with_itself() -> None:
    """A clause for and a clause against in one text is that text's own contradiction."""
    both = replace(make.contradicted("13.h"), level=Level.ADDRESSED, suggested=Level.ADDRESSED)
    assert read(both, at(Level.GAP)).coherence == Coherence.NONE


def test_counts_add_up() -> None:
    """Each action stands at one best level or needs review."""
    reports = {"a": make.full_report(("a.pdf", "b.pdf"))}
    (party,) = parties_of(reports, make.framework())
    found = compare_documents(party.sources, make.framework())
    names = [*(level.label for level in Level), "needs review"]
    assert sum(found.counts[name] for name in names) == len(make.framework().actions)
    assert found.counts["incoherent"] > 0


def test_a_country_is_its_documents_read_together() -> None:
    """Countries keep the order given, and each cell is what its documents say together."""
    reports = {"b": make.full_report(("x.pdf", "y.pdf")), "a": make.full_report(("z.pdf",), 9)}
    parties = parties_of(reports, make.framework())
    found = compare_countries(parties, make.framework())
    assert [party.label for party in found.parties] == ["b", "a"]
    for party, counts, cells in zip(
        parties, found.counts, zip(*(row.cells for row in found.rows), strict=True), strict=True
    ):
        alone = compare_documents(party.sources, make.framework())
        assert cells == alone.rows
        assert counts == alone.counts


def test_two_acts_disagree_on_the_detention_of_children(engine: Engine, tmp_path: Path) -> None:
    """Read by the real engine: one act forbids it, another orders it, and both are quoted."""
    first = texts.act(("Children", (PROTECTION, texts.SCHOOL, texts.BIRTH)))
    second = texts.act(("Removal", (texts.DETENTION, texts.PASSPORT, texts.FEES)))
    reports = {
        name: texts.made(tmp_path / f"{name}.md", engine, text)
        for name, text in (("children-act", first), ("removal-act", second))
    }
    parties = parties_of(reports, make.framework())
    found = compare_documents([p.sources[0] for p in parties], make.framework())
    row = next(row for row in found.rows if row.action.id == "13.h")
    assert row.coherence in (Coherence.INCOHERENT, Coherence.POSSIBLE)
    (conflict,) = row.conflicts
    assert conflict.carries.label == "children-act: children-act.md"
    assert conflict.clause is not None
    assert "prohibited" in conflict.clause.quote
    assert conflict.counter is not None
    assert conflict.counter.quote == texts.DETENTION
