"""Delivery facts: body, time, resources, indicator, sanction."""

from __future__ import annotations

import pytest

from gcm_align.delivery import find_delivery
from gcm_align.types import BlockKind


def kinds(text: str, kind: BlockKind = BlockKind.PARAGRAPH) -> set[str]:
    return {cue.kind for cue in find_delivery(text, kind)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Ministry of Labour shall inspect farms.", "body"),
        ("A decision is given within thirty days.", "time"),
        ("Shelters will be opened by 2027.", "time"),
        ("The programme has a budget of USD 2 million.", "resources"),
        ("Whoever does so is liable to a fine of 500.", "sanction"),
    ],
)
def test_words_show_a_fact(text: str, kind: str) -> None:
    """Each kind of fact has its words."""
    assert kind in kinds(text)


def test_facts_slice_the_text_in_order() -> None:
    """Cues are the words of the passage, in order of place."""
    text = "By 2027 the Ministry of Health will spend USD 3 million on clinics."
    cues = find_delivery(text, BlockKind.PARAGRAPH)
    assert [cue.start for cue in cues] == sorted(cue.start for cue in cues)
    assert all(text[cue.start : cue.end] == cue.text for cue in cues)


def test_the_amount_of_a_fine_is_no_resource() -> None:
    """Money that a court takes is the sanction, not the means."""
    assert "resources" not in kinds("A breach is punished with a fine of USD 5,000.")


def test_columns_name_the_facts_of_a_row() -> None:
    """A filled cell below a named column is a fact; an empty one is not."""
    text = "Train consuls Legal Team 40,000 -"
    cells = [("Responsible", 14, 24), ("Budget", 25, 31), ("Indicator", 32, 33)]
    cues = find_delivery(text, BlockKind.TABLE_ROW, cells)
    assert {(cue.kind, cue.text) for cue in cues} >= {
        ("body", "Legal Team"),
        ("resources", "40,000"),
    }
    assert "indicator" not in {cue.kind for cue in cues}


def test_an_acronym_is_a_body_only_where_it_acts() -> None:
    """A bare acronym names a body in a row; in a sentence it must act."""
    assert "body" in kinds("Train consuls / MFAIC", BlockKind.TABLE_ROW)
    assert "body" in kinds("The MFAIC shall train consuls.")
    assert "body" not in kinds("Consuls are trained in MFAIC methods.")


def test_a_plain_sentence_has_no_facts() -> None:
    """Nothing is found where nothing is said."""
    assert not kinds("Migrants have the right to join unions.")
