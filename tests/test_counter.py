"""Counter-provisions: orders against an action, and what only sounds like one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from gcm_align import opposed
from gcm_align.artifacts import models_path
from gcm_align.catalogue import Framework
from gcm_align.clauses import near_counters
from gcm_align.counter import find_counter_provisions
from gcm_align.counter_rules import load_orders, load_subjects
from gcm_align.errors import ArtifactError
from gcm_align.force import parse, read_clauses
from gcm_align.linguistics import load_pipeline
from gcm_align.opposed import WEIGHED, load_weights, read_cues
from gcm_align.types import BlockKind, Contradiction, CounterProvision, Scores


def find(text: str, lead_in: str = "") -> tuple[CounterProvision, ...]:
    nlp = load_pipeline("en")
    docs = parse([text], nlp)
    kind = BlockKind.LIST_ITEM if lead_in else BlockKind.PARAGRAPH
    clause = read_clauses([text], nlp, kinds=[kind], lead_ins=[lead_in], docs=docs)[0]
    return find_counter_provisions(text, docs[0], clause)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Irregular migrants, including minors, shall be detained pending removal.", "13.c"),
        ("Children shall be held with their families in closed centres.", "13.h"),
        ("Whoever enters the country without a visa is liable to imprisonment.", "11.f"),
        ("A work permit is tied to the employer named in it.", "18.i"),
        ("The employer shall keep the passport of the foreign worker.", "6.h"),
        ("Women under thirty shall not emigrate for domestic work.", "6.k"),
        ("A passport is issued to a married woman only with the consent of her husband.", "4.d"),
        ("Hospitals shall report undocumented patients to the immigration police.", "15.b"),
        ("Foreign workers found to be HIV positive shall be deported.", "15.e"),
        ("Migrants intercepted at sea shall be returned collectively.", "8.a"),
        ("Legal aid shall not be granted to foreigners.", "7.g"),
        ("Migrant workers are excluded from social security.", "22.a"),
        ("A levy of five per cent is imposed on remittances.", "20.a"),
        ("Citizens residing abroad shall lose the right to vote.", "19.g"),
        ("The identity cards of naturalised citizens shall be cancelled on emigration.", "4.d"),
        ("Domestic workers are excluded from the Labour Code and its minimum wage.", "6.i"),
    ],
)
def test_the_opposite_of_an_action_is_flagged(text: str, action: str) -> None:
    """The counter-provisions of METHOD.md name their action."""
    assert action in {a for found in find(text) for a in found.actions}


@pytest.mark.parametrize(
    "text",
    [
        "Children shall not be detained.",
        "No employer shall keep the passport of a worker.",
        "The Government will end the detention of migrant children.",
        "Migrant workers shall not be excluded from social security.",
        "No migrant shall be refused legal aid.",
        "No fee shall be charged to a worker for recruitment.",
        "A married woman may obtain a passport without the consent of her husband.",
        "No person shall operate a recruitment agency without a licence.",
        "Hospitals shall not report patients to the immigration police.",
        "Employers often keep the passports of domestic workers.",
        "The State shall provide legal aid to all migrants.",
        "Open a desk for deportees at which migrant workers lodge complaints and find a lawyer.",
        "The database of fingerprints taken for citizens' identity cards shall be destroyed.",
        "",
    ],
)
def test_help_and_reports_are_not_flagged(text: str) -> None:
    """A denied harm helps, and a report orders nothing."""
    assert not find(text)


def test_a_mere_power_is_a_tension() -> None:
    """A power to detain narrows; an order contradicts."""
    power = find("An officer may detain any alien who entered without a visa.")
    order = find("An officer shall detain any alien who entered without a visa.")
    assert {p.flag for p in power} == {Contradiction.TENSION}
    assert Contradiction.CONTRADICTION in {p.flag for p in order}


def test_last_resort_for_children_is_a_tension() -> None:
    """A protection that leaves detention open is C1 (codebook, example 5)."""
    found = find("Children shall not be detained except as a last resort.")
    assert [p.flag for p in found if "13.h" in p.actions] == [Contradiction.TENSION]


def test_asides_do_not_turn_the_sense() -> None:
    """Who the persons are does not negate what is done to them."""
    text = "Foreigners who do not hold a permit shall be detained until removal."
    assert "13.c" in {a for found in find(text) for a in found.actions}


def test_a_negative_lead_in_turns_its_items() -> None:
    """An item under "shall not" orders the opposite of its words."""
    item = "be detained in police cells with adults, if they are children"
    assert not find(item, "Migrants shall not:")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        (
            (
                "The legal aid desk for migrants at the district court is closed; its lawyers are "
                "dismissed and pending files of migrant clients are returned unopened."
            ),
            "7.g",
        ),
        (
            (
                "Bilateral agreements on social security are denounced, and periods insured that "
                "migrant workers completed abroad shall no longer count towards a pension."
            ),
            "22.b",
        ),
        (
            (
                "Under section 31 of the Sponsorship Act in force a migrant worker who leaves the "
                "sponsor loses the residence permit and is removed without a hearing."
            ),
            "18.i",
        ),
        (
            (
                "Survey of migrant households and remittances / cancelled; interview records to be "
                "destroyed / saving of 2 million"
            ),
            "1.h",
        ),
        (
            (
                "Anyone who gives migrants in transit advice on routes, water or their rights "
                "commits an offence and is liable to two years in prison."
            ),
            "3.c",
        ),
    ],
)
def test_cues_add_up_to_an_order(text: str, action: str) -> None:
    """A service ended, a treaty denounced, a law in force, a row without a verb, help punished."""
    assert action in {a for found in find(text) for a in found.actions}


@pytest.mark.parametrize(
    "text",
    [
        (
            "The bar that kept migrants from the legal aid desk at district courts is lifted; its "
            "lawyers take pending files of migrant clients again."
        ),
        (
            "An employer who withholds the passport of a migrant worker commits an offence and is "
            "liable to two years in prison; the passport is returned at once."
        ),
        (
            "Survey of migrant households and remittances / resumed; interview records are kept / "
            "2 million"
        ),
        (
            "No migrant shall be prosecuted, nor be punished in any other way, for having been "
            "smuggled across the border."
        ),
        (
            "No agency shall recruit workers for employment abroad without a licence issued by the "
            "Ministry of Labour under this Act."
        ),
    ],
)
def test_the_same_words_help_where_a_harm_is_struck(text: str) -> None:
    """A bar lifted, the one who harms punished, a survey resumed, a harm denied."""
    assert not find(text)


def test_an_order_is_quoted_by_the_sentence_that_tells_most() -> None:
    """A finding by weight quotes one sentence, not the whole passage."""
    told = "The Ministry of Justice thanks the district courts for their reports of last year."
    order = "The legal aid desk for migrants is closed and its lawyers are dismissed."
    quotes = {p.words for p in find(f"{told} {order}") if p.rule.startswith("opposed")}
    assert quotes == {order}


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("The help line is closed.", "ended good"),
        ("The ban on departure is lifted.", "ended bad"),
        ("The help line shall not be closed.", "kept good"),
        ("Help line for returnees / closed in May", "row:good"),
        ("An employer who keeps a passport commits an offence.", "punished:business:ill"),
        ("Whoever advises a migrant commits an offence.", "punished:migrant:good"),
        ("The fund is reserved to citizens.", "citizens_only"),
        ("The fund shall not be reserved to citizens.", "no citizens_only"),
        ("A request left without reply is deemed refused.", "silence"),
    ],
)
def test_cues_name_what_is_struck(text: str, cue: str) -> None:
    """What is ended, who is punished and whether it is denied decide the name of a cue."""
    assert cue in read_cues(text, text)


def test_topics_name_the_action_whose_words_a_text_holds() -> None:
    """The words of an action rank it first; a text on other things has none to speak of."""
    weights = load_weights()
    text = "Smuggled migrants and criminal liability for smuggling."
    assert weights.rank_topics(text)[0][0] == "9.d"
    assert weights.rank_topics("xyz") == []


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        "not json",
        json.dumps({"constant": "much", "cues": {}, "topics": {}}),
        json.dumps({"constant": 0, "cues": [], "topics": {}}),
        json.dumps({"constant": 0, "cues": {}, "topics": {"1.a": ["data"]}}),
    ],
)
def test_broken_weights_name_their_script(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be read says what makes it."""
    path = tmp_path / "counter.json"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(opposed, "models_path", lambda _name: path)
    load_weights.cache_clear()
    try:
        with pytest.raises(ArtifactError, match="fit_counter"):
            load_weights()
    finally:
        load_weights.cache_clear()


def test_the_shipped_weights_are_made_by_a_script(catalogue: Framework) -> None:
    """Every fitted number comes from a script of the repository; every action has its words."""
    data = json.loads(models_path(opposed.FILE).read_text(encoding="utf-8"))
    root = Path(__file__).resolve().parents[1]
    assert data["made_by"] == "scripts/fit_counter.py"
    assert (root / data["made_by"]).is_file()
    assert set(data["topics"]) == {str(action.id) for action in catalogue.actions}
    assert list(data["cues"]) == sorted(data["cues"])


def test_offsets_slice_the_text() -> None:
    """The words of a finding are those of the passage."""
    text = "The Fund is open. Legal aid shall not be granted to foreigners; it is reserved."
    found = find(text)
    assert found
    assert all(text[p.start : p.end] == p.words for p in found)
    assert [p.start for p in found] == sorted(p.start for p in found)


def test_rules_name_actions_of_the_compact(catalogue: Framework) -> None:
    """Every rule names actions that exist; all 187 have a subject or an order against them."""
    known = {str(action.id) for action in catalogue.actions}
    named = {a for order in load_orders() for a in order.actions}
    named |= {subject.action for subject in load_subjects()}
    assert named == known
    rules = [order.rule for order in load_orders()]
    assert len(rules) == len(set(rules))


def test_what_only_weighs_counts_where_the_passage_is_in_scope() -> None:
    """A rule's order counts anywhere; what all words together say, where migration is meant."""
    scores = Scores(
        action_ids=("13.h", "20.a"),
        values=np.array([[1.0, 0.0]], dtype=np.float32),
        parts={},
        elements=np.zeros((1, 0), dtype=np.float32),
        element_owner=np.zeros(0, dtype=np.int64),
    )
    by_rule = provision("child-detention", "13.h")
    weighed = provision(f"{WEIGHED}13.h", "13.h")
    far = provision("levy", "20.a")
    row = [(by_rule, weighed, far)]
    assert near_counters(row, scores, 1, [True]) == [(by_rule, weighed)]
    assert near_counters(row, scores, 1, [False]) == [(by_rule,)]
    assert near_counters(row, scores, 1) == [(by_rule, weighed)]


def provision(rule: str, action: str) -> CounterProvision:
    return CounterProvision(
        rule=rule,
        actions=(action,),
        flag=Contradiction.CONTRADICTION,
        start=0,
        end=4,
        words="held",
    )
