"""Measure or mention: what the wording leaves open, the place in the document decides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gcm_align import programmed
from gcm_align.clauses import read_wording
from gcm_align.errors import ArtifactError
from gcm_align.linguistics import load_pipeline
from gcm_align.programmed import SIGNS, is_open, settle, signs_of
from gcm_align.types import BlockKind, Clause, Force, Passage

GOAL = "Goal 2. Workers abroad are protected."
STATEMENT = "The labour attaches visit every camp twice a year with an interpreter."


def passage(
    text: str,
    *,
    section: tuple[str, ...] = (),
    lead_in: str = "",
    kind: BlockKind = BlockKind.PARAGRAPH,
) -> Passage:
    return Passage(
        document_id="d",
        index=0,
        start=0,
        end=len(text),
        text=text,
        kind=kind,
        pages=(1,),
        spans=(),
        section=section,
        lead_in=lead_in,
    )


def padded(middle: Passage, before: int, after: int) -> list[Passage]:
    """A document in which a passage has a place."""
    other = passage("The budget was 4.2 million in 2019.", section=("Situation analysis",))
    return [*[other] * before, middle, *[other] * after]


def force_of(middle: Passage, before: int, after: int) -> Force:
    passages = padded(middle, before, after)
    clauses, _ = read_wording([p.text for p in passages], load_pipeline("en"), passages)
    return clauses[before].force


def test_the_same_words_programme_under_a_goal_and_tell_in_an_analysis() -> None:
    programmed_ = passage(
        f"2.3 {STATEMENT}", section=("Goal 2",), lead_in=GOAL, kind=BlockKind.LIST_ITEM
    )
    told = passage(STATEMENT, section=("Situation analysis", "Workers abroad"))
    assert force_of(programmed_, 30, 10) is Force.MEASURE
    assert force_of(told, 3, 40) is Force.MENTION


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("The Registrar shall keep a list of licensed agencies.", Force.DUTY),
        ("Every foreign worker is entitled to a weekly day of rest.", Force.RIGHT),
        ("The Government will open ten information centres.", Force.UNDERTAKING),
        ("The Minister may conclude agreements with other States.", Force.POWER),
    ],
)
def test_a_modal_decides_wherever_it_stands(text: str, force: Force) -> None:
    assert force_of(passage(text, section=("Background",)), 0, 40) is force


def test_definitions_recitals_and_what_others_do_are_not_open() -> None:
    mention = Clause(force=Force.MENTION)
    assert is_open(mention, STATEMENT)
    assert not is_open(mention, '"Agency" means any person who recruits workers.')
    assert not is_open(mention, "Recognising that fees are high,")
    assert not is_open(Clause(force=Force.MEASURE, state_acts=False), "NGOs run three shelters.")
    assert not is_open(Clause(force=Force.DUTY), STATEMENT)


def test_signs_are_read_off_the_page() -> None:
    own = passage(
        "4.1 Since 2019 about 4,100 workers were trained, or 12 per cent.",
        section=("3. Situation analysis", "Training"),
        lead_in="The following challenges remain:",
        kind=BlockKind.LIST_ITEM,
    )
    signs = signs_of(Clause(force=Force.MEASURE), own, 0.1)
    assert tuple(signs) == SIGNS
    assert signs["measure"] == signs["list_item"] == signs["governed"] == signs["numbered"] == 1
    assert signs["governed_tells"] == signs["heading_tells"] == signs["opening"] == 1
    assert not any(signs[n] for n in ("last_heading_tells", "governed_acts", "table_row"))
    assert signs["past"] == 1
    assert signs["statistics"] >= 2
    assert signs["place"] == 0.1


def test_a_clause_that_changes_keeps_its_delivery_and_loses_its_words() -> None:
    told = passage(STATEMENT, section=("Background",))
    before = Clause(force=Force.MEASURE, negated=True, general=True)
    after = settle([before], [told])[0]
    assert after.force is Force.MENTION
    assert (after.cues, after.negated, after.general) == ((), False, False)
    assert settle([], []) == ()


def test_texts_that_stand_alone_are_judged_by_their_words() -> None:
    clauses, _ = read_wording(["Training of sixty consuls."], load_pipeline("en"))
    assert clauses[0].force is Force.MEASURE


def test_broken_weights_say_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "programmed.json"
    path.write_text(json.dumps({"slopes": {}}), encoding="utf-8")
    monkeypatch.setattr(programmed, "models_path", lambda _name: path)
    programmed.load_weights.cache_clear()
    try:
        with pytest.raises(ArtifactError, match="fit_programmed"):
            programmed.load_weights()
    finally:
        programmed.load_weights.cache_clear()
