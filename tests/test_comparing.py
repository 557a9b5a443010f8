"""Two drafts: exactly what was planted, and nothing where text only moved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import compare_factory as texts
import pytest
import report_factory as make

from gcm_align.comparing.changes import Cause, Change, DraftComparison, Kind, Role
from gcm_align.comparing.drafts import compare_drafts
from gcm_align.comparing.sources import mismatches, parties_of
from gcm_align.comparing.words import clause_digest, with_signs, word_change
from gcm_align.engine import Engine
from gcm_align.errors import ReportError
from gcm_align.types import Assessment, Contradiction, Level, Quality, Report

PLANTED = {
    Kind.NEW_CONTRADICTION: ["13.c", "13.h"],  # children held in detention
    Kind.LOST: ["20.a"],  # the clause on remittances is gone
    Kind.WEAKENED: ["6.c", "6.h"],  # the licence is gone; passports: shall -> should endeavour
    Kind.GAINED: ["15.f"],  # schools
    Kind.RESOLVED_CONTRADICTION: ["6.k", "16.e"],  # the ban on young women is gone
    # Contracts; information: should endeavour -> shall, of some elements. At the same level.
    Kind.REWORDED: ["6.d", "12.e"],
}


@pytest.fixture(scope="module")
def reports(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("drafts")
    drafts = {"old": texts.OLD, "new": texts.NEW, "moved": texts.MOVED}
    return {name: texts.made(folder / f"{name}.md", engine, text) for name, text in drafts.items()}


def drafts(before: Report, after: Report) -> DraftComparison:
    parties = parties_of({"before": before, "after": after}, make.framework())
    return compare_drafts(parties[0].sources[0], parties[1].sources[0], make.framework())


def made(before: Assessment, after: Assessment, quality: Quality | None = None) -> DraftComparison:
    """Compare two verdicts; the pages of the new draft may not all have been read."""
    whole = Quality(pages=2, pages_read=2)
    old = make.report((before,), (make.summary(quality=whole),))
    return drafts(old, make.report((after,), (make.summary(quality=quality or whole),)))


def kinds(comparison: DraftComparison) -> list[Kind]:
    return [change.kind for change in comparison.changes]


@pytest.fixture(scope="module")
def planted(reports: dict[str, Report]) -> DraftComparison:
    return drafts(reports["old"], reports["new"])


def of(comparison: DraftComparison, kind: Kind) -> list[Change]:
    return [change for change in comparison.changes if change.kind == kind]


def test_the_differences_are_those_planted(planted: DraftComparison) -> None:
    """Every planted difference is found under its name, and no other is claimed."""
    found = {kind: [c.action.id for c in of(planted, kind)] for kind in Kind}
    untold = set(found.pop(Kind.UNTOLD))
    assert {"4.a", "16.i"} <= untold  # birth: the same clause, its probability moves; schools
    assert {kind: ids for kind, ids in found.items() if ids} == PLANTED


def test_both_quotes_stand_with_the_changed_words(planted: DraftComparison) -> None:
    """A softened prohibition shows what was struck and what was put in."""
    passports = next(c for c in of(planted, Kind.WEAKENED) if c.action.id == "6.h")
    before = with_signs(passports.before.pieces, "-")
    assert before.startswith("[-No employer shall-] retain the passport")
    assert before.endswith(
        "[-and the Labour Inspectorate shall impose a fine of 50,000 crowns on whoever does so.-]"
    )
    after = with_signs(passports.after.pieces, "+")
    assert after.startswith("[+Employers should endeavour not to+] retain the passport")
    (contract,) = [c for c in of(planted, Kind.REWORDED) if c.action.id == "6.d"]
    assert "worker [-understands-] before" in with_signs(contract.before.pieces, "-")
    assert "worker [+can read+] before" in with_signs(contract.after.pieces, "+")


def test_another_clause_is_not_marked_as_a_rewording(planted: DraftComparison) -> None:
    """What is lost shows the old clause whole, and says that the new one is only nearest."""
    (lost,) = of(planted, Kind.LOST)
    assert lost.before.pieces == ((texts.REMITTANCES, False),)
    assert lost.before.role == Role.CARRIES
    assert lost.after.role == Role.NEAREST
    assert not lost.same_clause


def test_what_needs_review_is_neither_gained_nor_lost(
    planted: DraftComparison, reports: dict[str, Report]
) -> None:
    """Each pair that is undecided in a draft stands apart, with both suggestions."""
    levels = [{a.action: a for a in reports[name].assessments} for name in ("old", "new")]
    undecided = {
        action
        for action in levels[0]
        if levels[0][action].level is None or levels[1][action].level is None
    }
    assert undecided
    untold = [c for c in of(planted, Kind.UNTOLD) if c.cause is not Cause.SAME_CLAUSES]
    assert {change.action.id for change in untold} == undecided
    for change in untold:
        assert change.before.suggested == levels[0][change.action.id].suggested
        assert change.after.suggested == levels[1][change.action.id].suggested


def test_every_action_is_accounted_for(planted: DraftComparison) -> None:
    """Changed and unchanged actions are all 187, and the counts are those of the rows."""
    changed = {change.action.id for change in planted.changes}
    assert len(changed) + planted.unchanged == len(make.framework().actions) == 187
    for kind in Kind:
        assert planted.counts[kind] == len({c.action.id for c in of(planted, kind)})


def test_text_that_moved_or_was_laid_out_anew_is_no_change(reports: dict[str, Report]) -> None:
    """Parts in another order, other article numbers, other line ends: nothing is claimed."""
    comparison = drafts(reports["old"], reports["moved"])
    assert set(kinds(comparison)) <= {Kind.UNTOLD}
    assert all(change.same_words for change in comparison.changes if change.before.clause)


def test_a_draft_compared_with_itself_has_no_change(reports: dict[str, Report]) -> None:
    """The same text twice: only what cannot be told remains, with the same suggestions."""
    comparison = drafts(reports["new"], reports["new"])
    assert set(kinds(comparison)) <= {Kind.UNTOLD}
    assert not [change for change in comparison.changes if change.verdict_differs]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (Level.PARTIAL, Level.MENTIONED, Kind.LOST),
        (Level.OPERATIONALISED, Level.GAP, Kind.LOST),
        (Level.ADDRESSED, Level.PARTIAL, Kind.WEAKENED),
        (Level.MENTIONED, Level.GAP, Kind.WEAKENED),
        (Level.MENTIONED, Level.PARTIAL, Kind.GAINED),
        (Level.GAP, Level.MENTIONED, Kind.STRENGTHENED),
        (Level.PARTIAL, Level.OPERATIONALISED, Kind.STRENGTHENED),
        (Level.ADDRESSED, None, Kind.UNTOLD),
        (None, Level.ADDRESSED, Kind.UNTOLD),
    ],
)
def test_a_fall_or_rise_has_one_name(before: Level | None, after: Level | None, kind: Kind) -> None:
    """Lost and gained are about partial; needs review is neither."""
    found = made(make.assessment("1.a", before), make.assessment("1.a", after))
    assert kinds(found) == [kind]


def test_the_same_clauses_at_another_level_are_no_change() -> None:
    """Only what stands around them differs; a reviewer's level is a change all the same."""
    partial = make.assessment("1.a", Level.PARTIAL)
    addressed = make.assessment("1.a", Level.ADDRESSED, evidence=partial.evidence)
    (change,) = made(partial, addressed).changes
    assert (change.kind, change.cause) == (Kind.UNTOLD, Cause.SAME_CLAUSES)
    assert kinds(made(partial, replace(addressed, status="reviewed"))) == [Kind.STRENGTHENED]


def test_a_fall_that_an_unread_page_may_explain_is_not_claimed() -> None:
    """The clause may stand on the page that gave no text; a gain is still a gain."""
    unread = Quality(pages=2, pages_read=1, pages_unread=(2,))
    strong = make.assessment("1.a", Level.ADDRESSED)
    weak = make.assessment("1.a", Level.GAP)
    (fall,) = made(strong, weak, unread).changes
    assert (fall.kind, fall.cause) == (Kind.UNTOLD, Cause.UNREAD)
    assert kinds(made(weak, strong, unread)) == [Kind.GAINED]
    counter = make.contradicted("1.a")
    assert kinds(made(counter, weak, unread)) == [Kind.UNTOLD]
    assert kinds(made(weak, counter, unread)) == [Kind.NEW_CONTRADICTION]


def test_flags_rise_and_fall() -> None:
    """Tension to contradiction is new; contradiction to tension resolves the stronger one."""
    plain, strong = make.assessment("1.a", Level.GAP), make.contradicted("1.a")
    mild = replace(strong, contradiction=Contradiction.TENSION)
    assert kinds(made(plain, mild)) == [Kind.NEW_TENSION]
    assert kinds(made(mild, strong)) == [Kind.NEW_CONTRADICTION]
    assert kinds(made(strong, mild)) == [Kind.RESOLVED_CONTRADICTION]
    assert kinds(made(mild, plain)) == [Kind.RESOLVED_TENSION]
    assert kinds(made(strong, strong)) == []


def test_a_clause_that_still_stands_is_never_said_to_be_gone() -> None:
    """Where only the verdict on the same words changed, both drafts show them, and it is said."""
    flagged = make.contradicted("1.a")
    counter = flagged.counter_evidence
    plain = make.assessment("1.a", Level.GAP, nearest=counter[0])
    for before, after in ((flagged, plain), (plain, flagged)):
        (change,) = made(before, after).changes
        assert change.before.clause is not None
        assert change.after.clause is not None
        assert change.same_words
    carried = make.assessment("1.a", Level.ADDRESSED)
    silent = make.assessment("1.a", Level.GAP, nearest=carried.evidence[0])
    (change,) = made(carried, silent).changes
    assert (change.kind, change.same_words) == (Kind.LOST, True)


def test_a_reworded_contradiction_stays_one() -> None:
    """The flag is the same and the clause is not: both wordings are shown."""
    before = make.contradicted("1.a")
    counter = replace(before.counter_evidence[0], quote="Children shall be held.", context="")
    after = replace(before, counter_evidence=(counter,))
    (change,) = made(before, after).changes
    assert change.kind == Kind.REWORDED
    assert {change.before.role, change.after.role} == {Role.COUNTER}


def test_an_action_counts_once_in_a_kind() -> None:
    """Its flag and its level may both be beyond telling: two rows, one action."""
    unread = Quality(pages=2, pages_read=1, pages_unread=(2,))
    found = made(make.contradicted("1.a"), make.assessment("1.a", None), unread)
    assert kinds(found) == [Kind.UNTOLD, Kind.UNTOLD]
    assert found.counts[Kind.UNTOLD] == 1


def test_words_are_compared_without_their_layout() -> None:
    """Capitals, commas and a hyphen at the end of a line are no changed words."""
    change = word_change(
        "The State shall issue certi- ficates,", "the state shall issue certificates"
    )
    assert not [text for text, changed in (*change.before, *change.after) if changed]
    change = word_change("The State shall pay.", "The State may pay.")
    assert with_signs(change.before, "-") == "The State [-shall-] pay."
    assert not word_change("One thing here.", "Wholly other words stand there.").same_clause


def test_a_clause_keeps_its_digest_when_its_number_changes() -> None:
    """An enumerator and spacing are layout; a lead-in is not, for it decides the force."""
    one = make.evidence(quote="(1) No fee is due.", context="(1) No fee is due.")
    two = make.evidence(quote="(12) No fee\nis due.", context="(12) No fee is due.")
    led = make.evidence(quote="No fee is due.", context="Agencies should: No fee is due.")
    assert clause_digest(one) == clause_digest(two)
    assert clause_digest(one) != clause_digest(led)


def test_another_catalogue_is_refused() -> None:
    """The message says which report, both catalogues and what to do."""
    run = replace(make.run(), catalogue={"name": "Other goals", "sha256": "0" * 64})
    other = replace(make.report((make.assessment("1.a", Level.GAP),)), run=run)
    with pytest.raises(ReportError, match="b cannot be compared") as caught:
        parties_of({"b": other}, make.framework())
    message = str(caught.value)
    for words in ("Other goals", "0" * 12, make.framework().sha256[:12], "Expected", "--framework"):
        assert words in message


def test_a_report_without_a_document_is_refused() -> None:
    """Nothing was read, so nothing can be gained or lost."""
    with pytest.raises(ReportError, match="holds no document"):
        parties_of({"a": make.report((), ())}, make.framework())


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("encoder", {"encoder": {"name": "m", "sha256": "1" * 64}}),
        ("calibrator", {"calibrator": {"name": "c", "sha256": "2" * 64}}),
        ("settings", {"settings": {"max_pages": 1}}),
        ("package", {"package": "0.0.9"}),
    ],
)
def test_another_instrument_is_told(what: str, changes: dict[str, object]) -> None:
    """A difference may be the model's; the same instrument gives no warning."""
    report = make.report((make.assessment("1.a", Level.GAP),))
    other = replace(report, run=replace(report.run, **changes))  # type: ignore[arg-type]
    assert [item.what for item in mismatches((report, other))] == [what]
    assert mismatches((report, report)) == ()


def test_only_the_settings_that_differ_are_named() -> None:
    """A manifest has twenty settings; the reader must see the one that matters."""
    report = make.report((make.assessment("1.a", Level.GAP),))
    other = replace(report, run=replace(report.run, settings={**report.run.settings, "x": 1}))
    (found,) = mismatches((report, other))
    assert found.values == ("x=not named", "x=1")


def test_another_minor_version_is_told() -> None:
    """Fields that one report lacks are read as empty, so the reader must know."""
    report = make.report((make.assessment("1.a", Level.GAP),))
    newer = replace(report, schema_version="1.9")
    assert [item.values for item in mismatches((report, newer))] == [("1.0", "1.9")]


def test_a_report_on_disk_is_named_by_its_folder(tmp_path: Path) -> None:
    """Files that are all called report.json get the names of their folders."""
    from gcm_align.cli.compare import named_reports

    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").touch()
    found = named_reports([tmp_path / "first", tmp_path / "second" / "report.json"])
    assert list(found) == ["first", "second"]
    assert [path.name for path in found.values()] == ["report.json", "report.json"]
