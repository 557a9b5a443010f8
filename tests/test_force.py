"""Force of wording: duty, right, measure, undertaking, weak, power, mention."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from gcm_align.force import parse, read_clauses
from gcm_align.linguistics import load_pipeline
from gcm_align.types import BlockKind, Clause, Force

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

import measure_force


def read(text: str, kind: BlockKind = BlockKind.PARAGRAPH, lead_in: str = "") -> Clause:
    return read_clauses([text], load_pipeline("en"), kinds=[kind], lead_ins=[lead_in])[0]


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("The Registrar shall keep a list of licensed agencies.", Force.DUTY),
        ("Employers must give each worker a written contract.", Force.DUTY),
        ("It is prohibited to withhold the passport of a worker.", Force.DUTY),
        ("Every foreign worker is entitled to a weekly day of rest.", Force.RIGHT),
        ("A migrant worker may join a trade union of his or her choice.", Force.RIGHT),
        ("The Government will open ten information centres by 2027.", Force.UNDERTAKING),
        ("The Ministry should encourage employers to train workers.", Force.WEAK),
        ("The Minister may conclude agreements with other States.", Force.POWER),
        ("Train sixty consular officers in assisting nationals abroad.", Force.MEASURE),
        ("Remittances amount to eight per cent of national income.", Force.MENTION),
        ("Recruitment costs remain a challenge for many workers.", Force.MENTION),
    ],
)
def test_wording_decides_force(text: str, force: Force) -> None:
    """Each force of METHOD.md has its wording."""
    assert read(text).force is force


@pytest.mark.parametrize(
    "text",
    [
        "In 2022 the Ministry of Labour published a manual for inspectors.",
        "Since 2020 the consulates have issued identity cards to nationals abroad.",
        "The two registers are now linked by a secure network.",
        "Free orientation courses are provided in all regional centres.",
        "A national referral mechanism has been in place since 2018.",
    ],
)
def test_a_measure_that_was_taken_or_stands_is_a_measure(text: str) -> None:
    """A report of what the State has done is firm."""
    assert read(text).force is Force.MEASURE


@pytest.mark.parametrize(
    "text",
    [
        "In 2022 the number of emigrants rose by a tenth.",
        "Many workers borrow money to pay the agent.",
        "Non-governmental organisations offer legal advice to domestic workers.",
        "Hate speech against foreigners has increased on social networks.",
        "A survey found that few migrants know their rights.",
        "The objective of this policy is to protect migrants.",
    ],
)
def test_what_others_do_and_what_happens_is_a_mention(text: str) -> None:
    """Statistics, problems, aims and the acts of others undertake nothing."""
    assert read(text).force is Force.MENTION


@pytest.mark.parametrize(
    ("text", "force"),
    [
        ("The programme was reviewed in May 2024 by the Board.", Force.MEASURE),
        ("Workers must often sell land to pay the broker.", Force.MENTION),
        ("Costs may rise further in the coming years.", Force.MENTION),
    ],
)
def test_the_sense_of_a_modal_decides(text: str, force: Force) -> None:
    """May is a month, a guess, a power or a right; must may tell of a burden."""
    assert read(text).force is force


def test_the_firmest_sentence_decides() -> None:
    """A power that follows a duty does not weaken it."""
    clause = read("No person shall recruit without a licence. The Registrar may cancel it.")
    assert clause.force is Force.DUTY
    assert clause.negated


def test_a_condition_on_resources_weakens() -> None:
    """A duty where resources permit is weak."""
    assert read("Where resources permit, the Ministry shall open shelters.").force is Force.WEAK


@pytest.mark.parametrize(
    "text",
    [
        "Training of consuls / Ministry of Foreign Affairs / 2026 / USD 40,000",
        "Mobile registration of births | Civil Registry | Q2 2026",
    ],
)
def test_a_row_without_a_verb_is_a_programmed_measure(text: str) -> None:
    """Verbless rows are measures, also where the layout was lost."""
    assert read(text, BlockKind.TABLE_ROW).force is Force.MEASURE
    assert read(text).force is Force.MEASURE


@pytest.mark.parametrize(
    ("lead_in", "item", "force"),
    [
        ("The Agency shall:", "inspect each recruiter once a year;", Force.DUTY),
        ("The Minister may:", "exempt students from the fee;", Force.POWER),
        ("The following challenges remain:", "lack of shelters;", Force.MENTION),
    ],
)
def test_an_item_takes_the_force_of_its_lead_in(lead_in: str, item: str, force: Force) -> None:
    """A list item without a verb of its own completes its lead-in."""
    assert read(item, BlockKind.LIST_ITEM, lead_in).force is force


def test_an_order_against_migrants_is_restrictive() -> None:
    """What foreigners may not do is marked."""
    assert read("Foreign workers shall not join a trade union.").restrictive


def test_a_vague_verb_is_general_unless_it_names_a_means() -> None:
    """Promote alone is general; promote by a named means is not."""
    assert read("The Ministry will promote fair recruitment.").general
    assert not read("The Ministry will promote fair recruitment by licensing agencies.").general


def test_cues_slice_the_text() -> None:
    """Offsets of cues are characters of the passage."""
    text = "The Ministry shall, in 2026, train inspectors. It will publish the results."
    clause = read(text)
    assert clause.cues
    for cue in (*clause.cues, *clause.delivery):
        assert text[cue.start : cue.end] == cue.text


def test_a_parse_may_be_shared() -> None:
    """Documents parsed once give the same clauses."""
    texts = ["The State shall protect migrants.", "Migrants work."]
    nlp = load_pipeline("en")
    assert read_clauses(texts, nlp) == read_clauses(texts, nlp, docs=parse(texts, nlp))


def test_reading_force_is_quick() -> None:
    """463 passages take under three seconds after the parse; ten allows for a busy machine."""
    rows = measure_force.read_rows(measure_force.DEFAULT)
    texts = [row["text"] for row in rows][:400]
    nlp = load_pipeline("en")
    docs = parse(texts, nlp)
    started = time.perf_counter()
    read_clauses(texts, nlp, docs=docs)
    assert time.perf_counter() - started < 10


def test_force_on_the_test_clauses() -> None:
    """The own test clauses are read as measured, less a small margin."""
    rows = [r for r in measure_force.read_rows(measure_force.DEFAULT) if r["part"] == "test"]
    result = measure_force.figures(rows)
    assert result["force_accuracy"] >= 0.93
    assert result["mention_recall"] >= 0.93
    assert result["measure_recall"] >= 0.86
    assert result["weak_recall"] >= 0.80
    assert result["contradictions_flagged"] >= 0.88
    assert result["supportive_negations_flagged"] <= 0.06
